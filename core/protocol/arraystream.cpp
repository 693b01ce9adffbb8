#include "protocol/arraystream.h"

#include "protocol/jsontext.h"

namespace gatehouse::protocol {

ArrayStreamParser::ArrayStreamParser(qint64 maxEventBytes)
    : m_maxEventBytes(maxEventBytes)
{}

void ArrayStreamParser::reset()
{
    m_buffer.reset();
    m_place = Place::Start;
    m_fault = Fault::None;
    m_scanned = m_dataBegin = 0;
    m_depth = 0;
    m_isInString = m_isEscaped = false;
}

void ArrayStreamParser::feed(QByteArrayView bytes)
{
    if (m_place != Place::Closed)
        m_buffer.append(bytes);
}

bool ArrayStreamParser::next(http::Event &event)
{
    const QByteArrayView text = m_buffer.pending();
    while (m_fault == Fault::None && m_place != Place::Closed && m_scanned < text.size()) {
        if (m_scanned >= m_maxEventBytes) {
            m_fault = Fault::TooLong;
            break;
        }
        if (!endsEvent(text[m_scanned++]))
            continue;
        event = {.raw = text.first(m_scanned),
                 .data = text.first(m_scanned).sliced(m_dataBegin),
                 .hasData = true};
        m_buffer.drop(m_scanned);
        m_scanned = 0;
        return true;
    }
    return false;
}

bool ArrayStreamParser::endsEvent(char byte)
{
    if (m_place == Place::Object)
        return endsObject(byte);
    if (isJsonSpace(byte))
        return false;
    if (byte == '[' && m_place == Place::Start)
        m_place = Place::FirstObject;
    else if (byte == ',' && m_place == Place::BehindObject)
        m_place = Place::NextObject;
    else
        return open(byte);
    return false;
}

// Begins an object, or ends the array, which is an event of its own.
bool ArrayStreamParser::open(char byte)
{
    m_dataBegin = m_scanned - 1;
    const bool isFirst = m_place == Place::FirstObject;
    if (byte == '{' && (isFirst || m_place == Place::NextObject)) {
        m_place = Place::Object;
        m_depth = 1;
        return false;
    }
    if (byte == ']' && (isFirst || m_place == Place::BehindObject)) {
        m_place = Place::Closed;
        return true;
    }
    m_fault = Fault::NotArray;
    return false;
}

bool ArrayStreamParser::endsObject(char byte)
{
    if (m_isInString) {
        if (m_isEscaped)
            m_isEscaped = false;
        else if (byte == '\\')
            m_isEscaped = true;
        else if (byte == '"')
            m_isInString = false;
        return false;
    }
    switch (byte) {
    case '"':
        m_isInString = true;
        return false;
    case '{':
    case '[':
        ++m_depth;
        return false;
    case '}':
    case ']':
        if (--m_depth > 0)
            return false;
        m_place = Place::BehindObject;
        return true;
    default:
        return false;
    }
}

} // namespace gatehouse::protocol
