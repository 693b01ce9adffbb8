#pragma once

#include "http/streambuffer.h"

namespace gatehouse::http {

// One server-sent event. The views live until the next call of the parser that gave it.
struct Event
{
    QByteArrayView raw{};  // as it was sent, with the empty line that ends it
    QByteArrayView type{}; // the last `event:`; empty: none
    QByteArrayView data{}; // all `data:` lines, joined by LF
    bool hasData = false;
    bool isComment = false; // nothing but comment lines, or but the empty line
};

// Splits a stream of server-sent events (WHATWG HTML, section 9.2.6): CR, LF and CR LF, cut
// anywhere, a byte order mark, comments, several data lines, `data:` with and without a space. It
// takes time in proportion to the bytes. An event whose last byte so far is a lone CR is given once
// the next byte has come, since an LF would belong to it.
class EventStreamParser
{
public:
    // A longer line fails, and an event that is longer by more than three lines of at most a mebibyte.
    explicit EventStreamParser(qint64 maxLineBytes = 1024 * 1024);

    void reset();
    // Appends what has arrived. next() then gives the events that are whole.
    void feed(QByteArrayView bytes) { m_buffer.append(bytes); }
    // False: there is no further whole event, or the parser failed. The raw texts of all events, one
    // behind the other, followed by rest(), are exactly the bytes that were fed.
    bool next(Event &event);
    bool hasFailed() const { return m_failed; }
    // What was fed and is no whole event yet. At the end of a stream without a last empty line it
    // is the last event, which takeRest() gives.
    QByteArrayView rest() const { return m_buffer.pending(); }
    bool takeRest(Event &event);

private:
    qsizetype findEnd();
    void give(qsizetype end, Event &event);
    void read(QByteArrayView raw, Event &event);

    qint64 m_maxLineBytes;
    qint64 m_maxEventBytes;
    StreamBuffer m_buffer;
    QByteArray m_joined;
    qsizetype m_scanned = 0;   // up to here there is no end of an event
    qsizetype m_lineBegin = 0; // of the line in which m_scanned lies
    bool m_atStart = true;     // no event was given yet: a byte order mark may come
    bool m_failed = false;
};

} // namespace gatehouse::http
