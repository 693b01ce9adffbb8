#pragma once

#include "http/headscan.h"
#include "http/refusal.h"
#include "http/request.h"

#include <memory>

namespace gatehouse::http {

struct RequestLimits
{
    qint64 headBytes = 64 * 1024;
    qint64 fields = 100;
    qint64 targetBytes = 8 * 1024;
    qint64 bodyBytes = 32 * 1024 * 1024;
    qint64 chunkLineBytes = 256;
    qint64 trailerBytes = 8 * 1024;
};

// Takes the decoded bytes of a body as they arrive.
class BodySink
{
public:
    BodySink() = default;
    BodySink(const BodySink &) = delete;
    BodySink &operator=(const BodySink &) = delete;
    virtual ~BodySink() = default;

    // False: it cannot take more (disk full, budget spent); the request is then refused.
    virtual bool take(QByteArrayView bytes) = 0;
};

// Reads requests from bytes that arrive in any pieces: Beast's grammar with a strict policy on top,
// which refuses whatever two programs could understand differently (RFC 9112, sections 2-7 and
// 11.2). One parser serves a connection for its whole life.
class RequestParser
{
public:
    enum class State { Head, Body, Complete, Refused };

    // `limits` may change between messages; they are read at the start of each.
    explicit RequestParser(const RequestLimits &limits);
    ~RequestParser();
    RequestParser(const RequestParser &) = delete;
    RequestParser &operator=(const RequestParser &) = delete;

    // Begins the next message and forgets the head of the last.
    void reset();

    // Reads on from `input`, which must begin with what the last call left, and returns how many
    // bytes it is done with. Within the head it may leave an unfinished line (or all) unread until
    // more has arrived. It stops behind the head, so that the caller can judge it before a byte of
    // the body is taken, and behind the end of the message. Body bytes go to `body`.
    qsizetype parse(QByteArrayView input, BodySink *body);

    State state() const { return m_state; }
    // True once any byte of a message was seen: an idle connection is then a slow one. The empty
    // line that may precede a request (RFC 9112, section 2.2) does not count.
    bool hasBegun() const { return m_begun; }
    // Valid from State::Body on, and after a refusal for the size or the storing of the body.
    const RequestHead &head() const { return m_head; }
    qint64 bodyBytes() const { return m_bodyBytes; }
    // Valid in State::Refused.
    const Refusal &refusal() const { return m_refusal; }

private:
    class Grammar;

    void begin();
    qsizetype parseHead(QByteArrayView input);
    qsizetype skipEmptyLine(QByteArrayView input);
    void readHead(QByteArrayView head);
    qsizetype parseBody(QByteArrayView input, BodySink *body);
    void refuse(const Refusal &refusal);

    const RequestLimits &m_limits;
    State m_state = State::Head;
    bool m_begun = false;
    bool m_emptyLine = false; // one was skipped
    RequestHead m_head{};
    qint64 m_bodyBytes = 0;
    Refusal m_refusal{};
    HeadScan m_scan{};
    std::unique_ptr<Grammar> m_grammar;
};

} // namespace gatehouse::http
