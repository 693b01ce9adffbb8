#include "http/streambuffer.h"

#include <algorithm>

namespace gatehouse::http {

void StreamBuffer::append(QByteArrayView bytes)
{
    if (m_begin == m_bytes.size()) {
        if (m_bytes.capacity() > keptBetweenParts)
            m_bytes = QByteArray();
        else
            m_bytes.resize(0);
        m_begin = 0;
    } else if (m_begin > m_bytes.size() / 2) {
        // What is left is moved only if less than half is, so that no byte is moved often.
        m_bytes.remove(0, m_begin);
        m_begin = 0;
    }
    const qsizetype needed = m_bytes.size() + bytes.size();
    if (needed > m_bytes.capacity())
        m_bytes.reserve(std::max<qsizetype>(needed, 2 * m_bytes.capacity()));
    m_bytes.append(bytes);
}

void StreamBuffer::reset()
{
    if (m_bytes.capacity() > keptBytes)
        m_bytes = QByteArray();
    else
        m_bytes.resize(0);
    m_begin = 0;
}

} // namespace gatehouse::http
