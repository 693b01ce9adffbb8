#include "admin/traffic/jsonoutline.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

using Kind = JsonOutline::Kind;
using Node = JsonOutline::Node;

// Goes through a text without calling itself, so that no depth is too much.
class OutlineReader
{
public:
    OutlineReader(const QByteArray &text, std::vector<Node> &nodes)
        : m_text(text)
        , m_nodes(nodes)
    {}

    // Where it cannot go on; absent: the text is whole.
    std::optional<qint64> read();

private:
    bool readValue();
    bool readMember();
    bool readText(qint64 &begin, qint64 &end);
    void readScalar(Kind kind);
    bool close();
    void skipSpace();
    int add(Kind kind);
    char current() const { return m_at < m_text.size() ? m_text.at(m_at) : '\0'; }

    const QByteArray &m_text;
    std::vector<Node> &m_nodes;
    qint64 m_at = 0;
    int m_open = -1; // the innermost container
    qint64 m_keyBegin = -1;
    qint64 m_keyEnd = -1;
};

void OutlineReader::skipSpace()
{
    while (m_at < m_text.size()) {
        const char c = m_text.at(m_at);
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return;
        ++m_at;
    }
}

int OutlineReader::add(Kind kind)
{
    Node node{.begin = m_at,
              .end = m_at,
              .keyBegin = std::exchange(m_keyBegin, -1),
              .keyEnd = std::exchange(m_keyEnd, -1),
              .parent = m_open,
              .kind = kind};
    if (m_open >= 0)
        node.place = m_nodes[static_cast<size_t>(m_open)].childCount++;
    m_nodes.push_back(node);
    return static_cast<int>(m_nodes.size()) - 1;
}

// Leaves `m_at` behind the closing quotation mark.
bool OutlineReader::readText(qint64 &begin, qint64 &end)
{
    begin = ++m_at;
    while (m_at < m_text.size()) {
        const char c = m_text.at(m_at);
        if (c == '"') {
            end = m_at++;
            return true;
        }
        m_at += c == '\\' ? 2 : 1;
    }
    m_at = m_text.size();
    end = m_at;
    return false;
}

void OutlineReader::readScalar(Kind kind)
{
    const int index = add(kind);
    while (m_at < m_text.size() && !QByteArrayView(",]}: \t\n\r\"[{").contains(m_text.at(m_at)))
        ++m_at;
    m_nodes[static_cast<size_t>(index)].end = m_at;
}

// False: there is no value, or it does not end.
bool OutlineReader::readValue()
{
    const char c = current();
    if (c == '{' || c == '[') {
        m_open = add(c == '{' ? Kind::Object : Kind::Array);
        ++m_at;
        return true;
    }
    if (c == '"') {
        const int index = add(Kind::Text);
        qint64 begin = 0;
        qint64 end = 0;
        const bool isWhole = readText(begin, end);
        m_nodes[static_cast<size_t>(index)].begin = begin;
        m_nodes[static_cast<size_t>(index)].end = end;
        return isWhole;
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        readScalar(Kind::Number);
        return true;
    }
    if (c >= 'a' && c <= 'z') {
        const qint64 begin = m_at;
        readScalar(Kind::Word);
        const QByteArrayView word = QByteArrayView(m_text).sliced(begin, m_at - begin);
        const bool isKnown = word == "true" || word == "false" || word == "null";
        if (!isKnown && m_at < m_text.size())
            m_at = begin;
        return isKnown;
    }
    return false;
}

// The name of a member and its colon.
bool OutlineReader::readMember()
{
    if (current() != '"')
        return false;
    qint64 begin = 0;
    qint64 end = 0;
    if (!readText(begin, end))
        return false;
    m_keyBegin = begin;
    m_keyEnd = end;
    skipSpace();
    if (current() != ':')
        return false;
    ++m_at;
    skipSpace();
    return true;
}

// The bracket of the innermost container.
bool OutlineReader::close()
{
    Node &node = m_nodes[static_cast<size_t>(m_open)];
    if (current() != (node.kind == Kind::Object ? '}' : ']'))
        return false;
    node.end = ++m_at;
    m_open = node.parent;
    return true;
}

std::optional<qint64> OutlineReader::read()
{
    if (m_text.startsWith("\xEF\xBB\xBF"))
        m_at = 3;
    skipSpace();
    bool wantsValue = true; // else a comma or a bracket
    bool isFirst = true;    // nothing stands in the container yet
    while (true) {
        skipSpace();
        if (!wantsValue && m_open < 0)
            break;
        if (static_cast<int>(m_nodes.size()) >= JsonOutline::mostNodes)
            return m_at;
        if (m_open >= 0 && (!wantsValue || isFirst) && close()) {
            wantsValue = isFirst = false;
            continue;
        }
        if (!wantsValue) {
            if (current() != ',')
                return m_at;
            ++m_at;
            wantsValue = true;
            isFirst = false;
            continue;
        }
        if (m_open >= 0 && m_nodes[static_cast<size_t>(m_open)].kind == Kind::Object
            && !readMember())
            return m_at;
        const int before = m_open;
        if (!readValue())
            return m_at;
        isFirst = wantsValue = m_open != before;
    }
    return m_at < m_text.size() ? std::optional(m_at) : std::nullopt;
}

QChar unescaped(char c)
{
    switch (c) {
    case 'b':
        return u'\b';
    case 'f':
        return u'\f';
    case 'n':
        return u'\n';
    case 'r':
        return u'\r';
    case 't':
        return u'\t';
    default:
        return QLatin1Char(c);
    }
}

} // namespace

QString unescapedJson(QByteArrayView text)
{
    QString plain;
    plain.reserve(text.size());
    qsizetype begin = 0;
    while (begin < text.size()) {
        qsizetype at = begin;
        while (at < text.size() && text.at(at) != '\\')
            ++at;
        plain += QString::fromUtf8(text.sliced(begin, at - begin));
        if (at + 1 >= text.size())
            break;
        begin = at + 2;
        if (text.at(at + 1) != 'u') {
            plain += unescaped(text.at(at + 1));
            continue;
        }
        bool isNumber = false;
        constexpr qsizetype digits = 4;
        const ushort unit = begin + digits <= text.size()
                                ? text.sliced(begin, digits).toByteArray().toUShort(&isNumber, 16)
                                : ushort(0);
        if (isNumber) {
            plain += QChar(unit);
            begin += digits;
        } else {
            plain += QChar::ReplacementCharacter;
        }
    }
    return plain;
}

JsonOutline::JsonOutline(QByteArray text)
    : m_text(std::move(text))
{
    read();
    arrangeChildren();
}

void JsonOutline::read()
{
    OutlineReader reader(m_text, m_nodes);
    m_brokenAt = reader.read();
    // Containers that were not closed reach up to where the text breaks off.
    for (Node &node : m_nodes) {
        const bool isContainer = node.kind == Kind::Object || node.kind == Kind::Array;
        if (isContainer && node.end == node.begin)
            node.end = *m_brokenAt;
    }
}

void JsonOutline::arrangeChildren()
{
    int next = 0;
    for (Node &node : m_nodes) {
        node.firstChild = next;
        next += node.childCount;
    }
    m_children.resize(static_cast<size_t>(next));
    for (int index = 1; index < static_cast<int>(m_nodes.size()); ++index) {
        const Node &child = node(index);
        if (child.parent >= 0)
            m_children[static_cast<size_t>(node(child.parent).firstChild)
                       + static_cast<size_t>(child.place)] = index;
    }
}

std::span<const int> JsonOutline::children(int index) const
{
    const Node &parent = node(index);
    return std::span(m_children)
        .subspan(static_cast<size_t>(parent.firstChild), static_cast<size_t>(parent.childCount));
}

QString JsonOutline::key(int index, qsizetype most) const
{
    const Node &of = node(index);
    if (of.keyBegin < 0)
        return {};
    const qint64 length = std::min<qint64>(of.keyEnd - of.keyBegin, most * 6);
    return unescapedJson(QByteArrayView(m_text).sliced(of.keyBegin, length)).left(most);
}

QString JsonOutline::value(int index, qsizetype most) const
{
    const Node &of = node(index);
    // No character takes more bytes than six, as an escape.
    const QByteArrayView text =
        QByteArrayView(m_text).sliced(of.begin, std::min<qint64>(of.end - of.begin, most * 6));
    return (of.kind == Kind::Text ? unescapedJson(text) : QString::fromUtf8(text)).left(most);
}

QString JsonOutline::path(int index) const
{
    QString path;
    constexpr int mostParts = 64;
    int parts = 0;
    while (node(index).parent >= 0) {
        if (++parts > mostParts)
            return u"…"_s + path;
        const Node &of = node(index);
        QString part = of.keyBegin < 0 ? u"[%1]"_s.arg(of.place) : key(index);
        if (!path.isEmpty() && !path.startsWith(u'['))
            part += u'.';
        path.prepend(part);
        index = of.parent;
    }
    return path;
}

} // namespace gatehouse::admin
