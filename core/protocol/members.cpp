#include "protocol/members.h"

#include <cstring>

namespace gatehouse::protocol {

bool MemberPlaces::next(Range &key, Range &text)
{
    skipSpace();
    if (isAt(',')) {
        ++m_at;
        skipSpace();
    }
    if (!isAt('"'))
        return false;
    const qsizetype keyBegin = m_at;
    m_at = behindString(keyBegin);
    skipSpace();
    if (!isAt(':'))
        return false;
    ++m_at;
    skipSpace();
    const qsizetype begin = m_at;
    m_at = behindValue(begin);
    key = {keyBegin, begin - keyBegin};
    text = {begin, m_at - begin};
    return m_at > begin;
}

bool MemberPlaces::nextElement(Range &text)
{
    skipSpace();
    if (isAt(',')) {
        ++m_at;
        skipSpace();
    }
    const qsizetype begin = m_at;
    m_at = behindValue(begin);
    text = {begin, m_at - begin};
    return m_at > begin;
}

void MemberPlaces::skipSpace()
{
    while (m_at < m_body.size() && isJsonSpace(m_body[m_at]))
        ++m_at;
}

qsizetype MemberPlaces::behindString(qsizetype at) const
{
    const char *const data = m_body.data();
    const qsizetype end = m_body.size();
    for (++at; at < end; ++at) {
        const void *quote = std::memchr(data + at, '"', static_cast<size_t>(end - at));
        if (!quote)
            return end;
        at = static_cast<const char *>(quote) - data;
        // A quote belongs to the text if an odd number of backslashes stands before it.
        qsizetype before = at;
        while (data[before - 1] == '\\')
            --before;
        if ((at - before) % 2 == 0)
            return at + 1;
    }
    return end;
}

// Of an object or an array.
qsizetype MemberPlaces::behindNested(qsizetype at) const
{
    int depth = 0;
    while (at < m_body.size()) {
        const char byte = m_body[at];
        if (byte == '"') {
            at = behindString(at);
            continue;
        }
        ++at;
        if (byte == '{' || byte == '[')
            ++depth;
        else if ((byte == '}' || byte == ']') && --depth == 0)
            break;
    }
    return at;
}

qsizetype MemberPlaces::behindValue(qsizetype at) const
{
    if (isAt('"'))
        return behindString(at);
    if (isAt('{') || isAt('['))
        return behindNested(at);
    while (at < m_body.size() && !isJsonSpace(m_body[at]) && m_body[at] != ',' && m_body[at] != '}'
           && m_body[at] != ']')
        ++at;
    return at;
}

} // namespace gatehouse::protocol
