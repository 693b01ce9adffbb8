#pragma once

#include "base/clock.h"
#include "domain/capturesink.h"
#include "domain/channel.h"
#include "http/headers.h"

namespace gatehouse::http {
class BodySource;
struct ResponseHead;
} // namespace gatehouse::http

namespace gatehouse::upstream {
struct Call;
} // namespace gatehouse::upstream

namespace gatehouse::relay {

struct Route;

// Looks on while one request is served, and writes down heads, bodies and times on both sides. There
// is none unless bodies are to be kept. What it holds counts against the sink's memory. Lives in the
// thread of its exchange.
class Tap
{
public:
    // Of each body at most so many bytes are kept. `startedAt` is when the request began.
    Tap(domain::CaptureSink &sink,
        const base::Clock &clock,
        base::SteadyTime startedAt,
        qint64 mostBodyBytes);
    ~Tap();
    Tap(const Tap &) = delete;
    Tap &operator=(const Tap &) = delete;

    // The client's side.
    void requestCame(const QByteArray &line, const http::Headers &fields);
    void requestBody(http::BodySource &body);
    void answerBegan(int status, const http::Headers &fields);
    void answerBytes(QByteArrayView bytes);
    void answerFlushed();
    // What was written since answerFlushed() does not go out.
    void answerDiscarded();

    // The provider's side.
    // `secretOverrides`: what else of the call nobody may see, wherever it is repeated.
    void attemptSent(const Route &route,
                     const upstream::Call &call,
                     const std::vector<base::Secret> &secretOverrides);
    // An answer that was kept is given out, in which the provider may have repeated what it was sent.
    void keptAnswerBegan(const domain::Channel &channel,
                         const std::vector<base::Secret> &secretOverrides);
    void providerAnswered(const http::ResponseHead &head);
    void providerBytes(QByteArrayView bytes);

    // Hands all of it to the sink. Nothing is to be called afterwards.
    void submit(const QByteArray &requestId, domain::TokenId token, qint64 createdAt);

private:
    // How far the client's answer was when it was last flushed.
    struct Flushed
    {
        qsizetype body = 0;
        qint64 size = 0;
        size_t marks = 0;
    };

    void append(domain::CapturedMessage &message, QByteArrayView bytes);
    void noteCredentials(const http::Headers &fields);
    domain::CapturedMessage &providerAnswer() { return m_capture.attempts.back().answer; }
    qint64 microseconds() const;

    domain::CaptureSink &m_sink;
    const base::Clock &m_clock;
    const base::SteadyTime m_startedAt;
    const qint64 m_mostBodyBytes;
    domain::Capture m_capture{};
    std::vector<base::Secret> m_secrets;
    qint64 m_memory = 0; // taken from the sink
    Flushed m_flushed{};
};

} // namespace gatehouse::relay
