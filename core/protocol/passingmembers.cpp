#include "protocol/passingmembers.h"

#include "protocol/jsontext.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gatehouse::protocol {

PassingMembers::PassingMembers(std::vector<QByteArrayView> names)
{
    m_found.reserve(names.size());
    for (const QByteArrayView name : names)
        m_found.push_back({.name = name});
}

void PassingMembers::feed(QByteArrayView bytes)
{
    qsizetype at = 0;
    while (at < bytes.size() && m_place != Place::Behind) {
        if (m_isInString) {
            at = readString(bytes, at);
            continue;
        }
        if (m_depth > 1)
            at = skipPlain(bytes, at);
        if (at < bytes.size())
            readStructure(bytes[at++]);
    }
}

// Numbers and the like within a value; vectors consist of them.
qsizetype PassingMembers::skipPlain(QByteArrayView bytes, qsizetype at)
{
    // Brackets differ from braces by this bit.
    constexpr int caseBit = 0x20;
    const qsizetype begin = at;
    while (at < bytes.size() && bytes[at] != '"' && (bytes[at] | caseBit) != '{'
           && (bytes[at] | caseBit) != '}')
        ++at;
    if (at > begin)
        keep(bytes.sliced(begin, at - begin));
    return at;
}

// Returns where the string ends, or the end of the bytes.
qsizetype PassingMembers::readString(QByteArrayView bytes, qsizetype at)
{
    const qsizetype begin = at;
    while (at < bytes.size()) {
        const void *quote =
            std::memchr(bytes.data() + at, '"', static_cast<size_t>(bytes.size() - at));
        const qsizetype end =
            quote ? static_cast<const char *>(quote) - bytes.data() : bytes.size();
        // A quote belongs to the text if an odd number of backslashes stands before it.
        qsizetype before = end;
        while (before > at && bytes[before - 1] == '\\')
            --before;
        const bool isOdd = (end - before) % 2 != 0;
        const bool isEscaped = before == at ? isOdd != m_isEscaped : isOdd;
        at = end;
        m_isEscaped = isEscaped;
        if (!quote)
            break;
        ++at;
        m_isEscaped = false;
        if (!isEscaped) {
            m_isInString = false;
            break;
        }
    }
    const QByteArrayView text = bytes.sliced(begin, at - begin);
    if (m_place == Place::Key) {
        // Longer ones are none of those looked for.
        m_key.append(text.first(std::min(text.size(), longestName + 2 - m_key.size())));
        if (!m_isInString)
            m_place = Place::Colon;
        return at;
    }
    keep(text);
    if (!m_isInString && m_depth == 1)
        endValue();
    return at;
}

void PassingMembers::readStructure(char byte)
{
    switch (m_place) {
    case Place::Before:
        if (byte == '{') {
            m_depth = 1;
            m_place = Place::Key;
        } else if (!isJsonSpace(byte)) {
            m_place = Place::Behind; // it is no object
        }
        return;
    case Place::Key:
        if (byte == '"') {
            m_key.resize(0);
            m_isInString = true;
        } else if (!isJsonSpace(byte)) {
            m_place = Place::Behind;
        }
        return;
    case Place::Colon:
        if (byte == ':')
            m_place = Place::Value;
        else if (!isJsonSpace(byte))
            m_place = Place::Behind;
        return;
    case Place::Value:
        if (m_depth == 1 && !m_open && isJsonSpace(byte))
            return;
        beginValue(byte);
        return;
    case Place::Comma:
        if (byte == ',')
            m_place = Place::Key;
        else if (!isJsonSpace(byte))
            m_place = Place::Behind;
        return;
    case Place::Behind:
        return;
    }
}

// Also what follows its first byte, but for strings.
void PassingMembers::beginValue(char byte)
{
    const bool isFirst = !m_key.isEmpty();
    if (isFirst) {
        const QByteArrayView name = QByteArrayView(m_key).chopped(1); // without its quote
        const auto match = std::find_if(m_found.begin(), m_found.end(), [name](const Found &one) {
            return one.name == name && one.progress == Progress::Absent;
        });
        if (match != m_found.end()) {
            m_open = &*match;
            m_open->progress = Progress::Open;
        }
        m_key.resize(0);
    }
    if (m_depth == 1 && !isFirst && (byte == ',' || byte == '}' || isJsonSpace(byte))) {
        // The end of a number or a word.
        endValue();
        readStructure(byte);
        return;
    }
    keep({&byte, 1});
    switch (byte) {
    case '"':
        m_isInString = true;
        break;
    case '{':
    case '[':
        ++m_depth;
        break;
    case '}':
    case ']':
        --m_depth;
        if (m_depth == 1)
            endValue();
        else if (m_depth < 1)
            m_place = Place::Behind;
        break;
    default:
        break;
    }
}

void PassingMembers::endValue()
{
    m_place = Place::Comma;
    Found *const ended = std::exchange(m_open, nullptr);
    if (!ended || ended->progress != Progress::Open)
        return;
    const bool isNull = ended->value == "null";
    ended->progress = isNull ? Progress::Absent : Progress::Whole;
    if (isNull)
        ended->value.clear();
}

void PassingMembers::keep(QByteArrayView bytes)
{
    if (!m_open || m_open->progress != Progress::Open)
        return;
    const qsizetype room = mostBytes - m_open->value.size();
    m_open->value.append(bytes.first(std::min(bytes.size(), room)));
    if (bytes.size() > room)
        m_open->progress = Progress::Cut;
}

QByteArray PassingMembers::found() const
{
    QByteArray document = "{";
    for (const Found &one : m_found) {
        if (one.progress != Progress::Whole)
            continue;
        if (document.size() > 1)
            document += ',';
        document += '"';
        document += one.name;
        document += "\":";
        document += one.value;
    }
    document.append('}');
    return document;
}

void PassingMembers::forget(QByteArrayView name)
{
    for (Found &one : m_found) {
        if (one.name == name) {
            one.progress = Progress::Cut;
            one.value.clear();
        }
    }
}

QByteArrayView PassingMembers::partOf(QByteArrayView name) const
{
    for (const Found &one : m_found) {
        if (one.name == name && (one.progress == Progress::Open || one.progress == Progress::Cut))
            return one.value;
    }
    return {};
}

} // namespace gatehouse::protocol
