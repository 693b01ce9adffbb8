#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::protocol {

// What a model has said: texts, reasoning and tool arguments, one behind the other, so that tokens
// can be counted where the provider tells no figures.
struct Delivered
{
    static constexpr qint64 mostText = 1024 * 1024;

    QByteArray text{}; // no more than mostText
    qint64 bytes = 0;  // of all
    qint64 pictures = 0;
    bool hasContent = false;

    void add(QByteArrayView piece)
    {
        if (piece.isEmpty())
            return;
        hasContent = true;
        bytes += piece.size();
        const qint64 room = mostText - text.size();
        text.append(piece.first(std::min<qsizetype>(piece.size(), room)));
    }
};

} // namespace gatehouse::protocol
