#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::http {

// What has arrived of a stream and was not given out yet. It takes time in proportion to the bytes,
// and its memory follows what it holds.
class StreamBuffer
{
public:
    void append(QByteArrayView bytes);
    // The view lives until the next append() or reset().
    QByteArrayView pending() const { return QByteArrayView(m_bytes).sliced(m_begin); }
    // So many bytes of pending() were given out.
    void drop(qsizetype count) { m_begin += count; }
    void reset();

private:
    // What reset() keeps of the memory, and what is kept of it while nothing is pending.
    static constexpr qsizetype keptBytes = 64 * 1024;
    static constexpr qsizetype keptBetweenParts = 1024 * 1024;

    QByteArray m_bytes;
    qsizetype m_begin = 0; // of what is pending
};

} // namespace gatehouse::http
