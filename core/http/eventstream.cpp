#include "http/eventstream.h"

#include <algorithm>

namespace gatehouse::http {

namespace {

constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");

// An event has one line that is long, if any; the others count as far as this.
constexpr qint64 otherLines = 3;
constexpr qint64 longestOther = 1024 * 1024;

// Takes the first line off `text`, with whichever of the three ends it has, or none.
QByteArrayView takeLine(QByteArrayView &text)
{
    qsizetype length = 0;
    while (length < text.size() && text[length] != '\n' && text[length] != '\r')
        ++length;
    const QByteArrayView line = text.first(length);
    qsizetype next = length;
    if (next < text.size() && text[next] == '\r')
        ++next;
    if (next < text.size() && text[next] == '\n')
        ++next;
    text = text.sliced(next);
    return line;
}

} // namespace

EventStreamParser::EventStreamParser(qint64 maxLineBytes)
    : m_maxLineBytes(maxLineBytes)
    , m_maxEventBytes(maxLineBytes + otherLines * std::min(maxLineBytes, longestOther))
{}

void EventStreamParser::reset()
{
    m_buffer.reset();
    m_joined = QByteArray();
    m_scanned = 0;
    m_lineBegin = 0;
    m_atStart = true;
    m_failed = false;
}

bool EventStreamParser::next(Event &event)
{
    const qsizetype end = findEnd();
    if (end < 0)
        return false;
    give(end, event);
    return true;
}

void EventStreamParser::give(qsizetype end, Event &event)
{
    read(rest().first(end), event);
    m_buffer.drop(end);
    m_scanned = m_lineBegin = 0;
}

// Where the next event ends in what is pending, or -1. It is the end of an empty line. If that line
// ends with a CR which is the last byte, the next byte decides: LF belongs to it.
qsizetype EventStreamParser::findEnd()
{
    const QByteArrayView text = rest();
    const char *const data = text.data();
    const qsizetype size = text.size();
    while (!m_failed) {
        while (m_scanned < size && data[m_scanned] != '\n' && data[m_scanned] != '\r')
            ++m_scanned;
        if (m_scanned - m_lineBegin > m_maxLineBytes)
            m_failed = true;
        const bool needsMore =
            m_scanned == size || (data[m_scanned] == '\r' && m_scanned + 1 == size);
        if (m_failed || needsMore)
            break;
        const qsizetype mark = m_atStart && m_lineBegin == 0 && text.startsWith(byteOrderMark)
                                   ? byteOrderMark.size()
                                   : 0;
        const bool isEmpty = m_scanned == m_lineBegin + mark;
        m_scanned += data[m_scanned] == '\r' && data[m_scanned + 1] == '\n' ? 2 : 1;
        m_lineBegin = m_scanned;
        if (m_scanned > m_maxEventBytes)
            m_failed = true;
        else if (isEmpty)
            return m_scanned;
    }
    if (size > m_maxEventBytes)
        m_failed = true;
    return -1;
}

void EventStreamParser::read(QByteArrayView raw, Event &event)
{
    event = {.raw = raw, .isComment = true};
    QByteArrayView text = raw;
    if (m_atStart && text.startsWith(byteOrderMark))
        text = text.sliced(byteOrderMark.size());
    m_atStart = false;

    bool joined = false;
    while (!text.isEmpty()) {
        const QByteArrayView line = takeLine(text);
        if (line.isEmpty() || line.front() == ':')
            continue;
        event.isComment = false;
        const qsizetype colon = line.indexOf(':');
        const QByteArrayView name = colon < 0 ? line : line.first(colon);
        QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
        if (value.startsWith(' '))
            value = value.sliced(1);
        if (name == "event") {
            event.type = value;
        } else if (name == "data" && !event.hasData) {
            event.data = value;
            event.hasData = true;
        } else if (name == "data") {
            if (!joined) {
                m_joined.resize(0);
                m_joined.append(event.data);
            }
            joined = true;
            m_joined.append('\n').append(value);
        }
    }
    if (joined)
        event.data = m_joined;
}

bool EventStreamParser::takeRest(Event &event)
{
    if (m_failed || rest().isEmpty())
        return false;
    give(rest().size(), event);
    return true;
}

} // namespace gatehouse::http
