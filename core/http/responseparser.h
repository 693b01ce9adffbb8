#pragma once

#include "http/requestparser.h"
#include "http/response.h"

namespace gatehouse::http {

struct ResponseLimits
{
    qint64 headBytes = 128 * 1024;
    qint64 fields = 200;
    qint64 bodyBytes = 256LL * 1024 * 1024;
    qint64 chunkLineBytes = 256;
    qint64 trailerBytes = 8 * 1024;
    int interimAnswers = 5; // 1xx
};

// Reads answers from bytes that arrive in any pieces. As strict as RequestParser: an answer whose
// end is in doubt is refused, so that the next one on the connection cannot be mistaken.
class ResponseParser
{
public:
    enum class State { Head, Body, Complete, Refused };

    explicit ResponseParser(const ResponseLimits &limits);
    ~ResponseParser();
    ResponseParser(const ResponseParser &) = delete;
    ResponseParser &operator=(const ResponseParser &) = delete;

    // Begins the next answer and forgets the head of the last. `toHead`: it answers a HEAD request and has no body.
    void reset(bool toHead = false);
    // As RequestParser::parse. It stops behind the head and behind the end of the answer.
    qsizetype parse(QByteArrayView input, BodySink *body);
    // The connection ended. An answer without a length is complete by that; any other is refused.
    void end();

    State state() const { return m_state; }
    bool hasBegun() const { return m_begun; }
    const ResponseHead &head() const { return m_head; }
    // Valid in State::Refused. Its status is always 502.
    const Refusal &refusal() const { return m_refusal; }

private:
    class Grammar;

    void beginHead();
    qsizetype parseHead(QByteArrayView input);
    const Refusal *readHead(QByteArrayView head);
    const Refusal *checkHead() const;
    qsizetype parseBody(QByteArrayView input, BodySink *body);
    void refuse(const Refusal &refusal);

    const ResponseLimits &m_limits;
    State m_state = State::Head;
    bool m_begun = false;
    bool m_toHead = false;
    int m_interim = 0; // 1xx answers so far
    ResponseHead m_head{};
    Refusal m_refusal{};
    HeadScan m_scan{};
    std::unique_ptr<Grammar> m_grammar;
};

} // namespace gatehouse::http
