#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>
#include <vector>

namespace gatehouse::admin {

// The structure of a JSON text as it was written: members in their order and twice where they stand
// twice, numbers digit by digit. What broke off or is wrong is read up to that place. Nesting is
// limited by memory alone. Immutable once made, so that threads may share it.
class JsonOutline
{
public:
    enum class Kind : quint8 { Object, Array, Text, Number, Word, Missing };

    struct Node
    {
        qint64 begin = 0; // of the value in the text
        qint64 end = 0;
        qint64 keyBegin = -1; // of the member's name, between its quotation marks; -1: of an array
        qint64 keyEnd = -1;
        int parent = -1;
        int place = 0;      // among its siblings
        int firstChild = 0; // where its children begin, see children()
        int childCount = 0;
        Kind kind = Kind::Missing;
    };

    // More values than that are not taken in; the text then counts as broken off there.
    static constexpr int mostNodes = 500'000;

    explicit JsonOutline(QByteArray text);

    const QByteArray &text() const { return m_text; }
    // The root is 0; none: the text holds no value.
    const std::vector<Node> &nodes() const { return m_nodes; }
    const Node &node(int index) const { return m_nodes.at(static_cast<size_t>(index)); }
    std::span<const int> children(int index) const;

    // Where it cannot be read on; absent: it is whole.
    std::optional<qint64> brokenAt() const { return m_brokenAt; }
    // It ends too early, and is right up to its end.
    bool isCutOff() const { return m_brokenAt && *m_brokenAt >= m_text.size(); }

    // Of a member, without escapes, cut to `most` characters.
    QString key(int index, qsizetype most = 200) const;
    // Of a value that is no container: texts without quotation marks and escapes.
    QString value(int index, qsizetype most = 2'000) const;
    // "messages[0].content"; of a deep node its last parts.
    QString path(int index) const;

private:
    void read();
    void arrangeChildren();

    QByteArray m_text;
    std::vector<Node> m_nodes;
    std::vector<int> m_children; // of all nodes, grouped by parent
    std::optional<qint64> m_brokenAt{};
};

// Takes the escapes out of what stands between the quotation marks of a JSON text.
QString unescapedJson(QByteArrayView text);

} // namespace gatehouse::admin
