#pragma once

#include <QCoreApplication>
#include <QString>

namespace gatehouse::ui {

// A picture, a sound or a document that stands in a text in base64, as it does in JSON strings.
struct EmbeddedData
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::EmbeddedData)

public:
    qsizetype end = 0; // behind its last character
    QString type{};    // "image/png"
    qint64 bytes = 0;  // of what it stands for

    // "image/png, 34 KB"
    QString text() const;

    // Whether it begins at that place of `text`, and is long enough to be worth folding. Its type is told
    // by what stands before it, as in a data URL, or by its first bytes.
    static EmbeddedData at(QStringView text, qsizetype begin);
    // The same of a text of that length that is nothing else, by its beginning.
    static EmbeddedData whole(QStringView beginning, qsizetype length);
    bool isPresent() const { return !type.isEmpty(); }
    // How far base64 goes on from there.
    static qsizetype endOf(QStringView text, qsizetype begin);
    // So many bytes stand in so many characters.
    static qint64 bytesIn(qsizetype characters) { return characters / 4 * 3; }
};

} // namespace gatehouse::ui
