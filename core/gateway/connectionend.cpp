// How long a client may take, and how its connection ends.
#include "gateway/connection.h"

#include "base/logging.h"
#include "gateway/platform.h"
#include "gateway/worker.h"

using namespace std::chrono_literals;

namespace gatehouse::gateway {

using base::lcGateway;
using std::chrono::milliseconds;

namespace {

// What a refused client may still send, and for how long, before the connection is closed: enough
// for it to notice the answer.
constexpr qint64 mostDiscarded = 64LL * 1024 * 1024;
constexpr milliseconds longestDiscarding = 2s;
// A paused provider goes on when the client has taken all but this.
constexpr qint64 littleUnsent = 64 * 1024;
// Buffers that grew beyond this are given back when the connection is idle.
constexpr qsizetype keptCapacity = 4 * 1024;

void shrink(QByteArray &buffer)
{
    if (buffer.capacity() > keptCapacity)
        buffer = QByteArray();
    else
        buffer.resize(0);
}

} // namespace

// The client has taken something of what was written to it.
void Connection::socketWritten()
{
    if (m_writing)
        return;
    const domain::Settings::Http &http = m_worker.catalog()->settings().http;
    const qint64 left = unsent();
    switch (m_state) {
    case State::Head:
        if (m_parser.hasBegun())
            return;
        m_deadline.start(patience());
        // The next request may have waited for this.
        if (!isBehind() && (!m_pending.isEmpty() || m_socket->hasInput()))
            m_worker.later(m_id, [](Connection &connection) { connection.process(); });
        return;
    case State::Body:
        return;
    case State::Answering:
        if (left > 0)
            m_deadline.start(http.writeTimeout);
        else
            m_deadline.stop();
        if (m_exchange && !isBehind())
            m_exchange->drained();
        return;
    case State::Discarding:
        if (left == 0)
            startDiscarding();
        return;
    case State::Closed:
        if (!m_hurried)
            m_deadline.start(left > 0 ? http.writeTimeout : longestDiscarding);
        return;
    }
}

void Connection::flush()
{
    if (m_out.isEmpty() || m_state == State::Closed)
        return;
    if (m_gone) {
        m_out.resize(0);
        return;
    }
    const qint64 before = unsent();
    m_writing = true;
    const bool isWritten = m_socket->write(m_out);
    m_writing = false;
    m_gone = m_gone || !isWritten;
    m_out.resize(0);
    const qint64 left = unsent();
    if (m_state == State::Answering && left == 0)
        m_deadline.stop();
    else if (m_state == State::Answering && (left < before || !m_deadline.isRunning()))
        m_deadline.start(m_worker.catalog()->settings().http.writeTimeout);
    if (m_gone)
        m_worker.later(m_id, [](Connection &connection) { connection.socketEnded(); });
}

void Connection::answerEnded()
{
    const bool wasWhole = m_parser.state() == http::RequestParser::State::Complete;
    m_exchange = nullptr;
    m_catalog.reset();
    m_caller = {};
    m_requestId.clear();
    // Those of the management have a budget of their own and are not kept.
    if (m_body && m_endpoint.kind != Endpoint::Kind::Api)
        m_worker.giveBody(std::move(m_body));
    m_body.reset();
    m_lastUse = m_worker.clock().steadyNow();
    if (m_gone) {
        m_worker.later(m_id, [](Connection &connection) { connection.socketEnded(); });
        return;
    }
    if (!wasWhole) {
        m_state = State::Discarding;
        m_discarded = 0;
        m_deadline.start(longestDiscarding);
        startDiscarding();
        return;
    }
    if (m_closeAfter || m_draining) {
        close();
        return;
    }
    shrink(m_out);
    m_parser.reset();
    m_state = State::Head;
    m_deadline.start(m_worker.catalog()->settings().http.idleTimeout);
    if (!m_pending.isEmpty() || m_socket->hasInput())
        m_worker.later(m_id, [](Connection &connection) { connection.process(); });
}

// Our side ends, so that the client reads the answer to its end while it still sends.
void Connection::startDiscarding()
{
    m_pending = QByteArray();
    if (unsent() == 0 && !m_isSecure)
        endSending(m_socket->descriptor());
    m_worker.later(m_id, [](Connection &connection) { connection.process(); });
}

void Connection::throwAway(qint64 count)
{
    m_discarded += count;
    if (m_discarded > mostDiscarded)
        close();
}

void Connection::cut()
{
    if (m_state == State::Closed)
        return;
    m_exchange = nullptr;
    m_out.resize(0);
    // What was flushed before still goes out; a body without its end shows that it was cut. Where
    // the end of the connection is the end of the body, only a reset shows it.
    if (m_bodyEnd == http::BodyEnd::Connection)
        m_socket->reset();
    close();
}

qint64 Connection::unsent() const
{
    return m_socket->unsent() + m_out.size();
}

bool Connection::isBehind() const
{
    return unsent() > littleUnsent;
}

void Connection::drain(Newcomers newcomers)
{
    m_draining = true;
    if (!isIdle())
        return;
    if (newcomers == Newcomers::AreServed && !m_hasAsked)
        m_deadline.start(patience());
    else
        close();
}

std::chrono::milliseconds Connection::patience() const
{
    constexpr milliseconds aboutToAsk = 1s;
    return m_draining ? aboutToAsk : m_worker.catalog()->settings().http.idleTimeout;
}

void Connection::hurry()
{
    m_hurried = m_draining = true;
    if (m_state == State::Closed)
        m_deadline.start(longestDiscarding);
    else if (!m_exchange)
        close(); // an exchange that still waits for its receipt ends by itself
}

void Connection::deadlineExpired()
{
    switch (m_state) {
    case State::Head:
        if (m_isShakingHands) {
            m_socket->closeNow(); // in the handshake nothing can be said in order
            socketEnded();
        } else if (m_parser.hasBegun()) {
            refuseMessage({.status = 408,
                           .code = "request_timeout",
                           .message = "The head of the request did not arrive in time."});
        } else {
            close();
        }
        break;
    case State::Body:
        bodyDeadlineExpired();
        break;
    case State::Answering:
        qCInfo(lcGateway) << "A client took nothing of its answer and was cut off.";
        m_gone = true;
        m_socket->closeNow();
        socketEnded();
        break;
    case State::Discarding:
        close();
        break;
    case State::Closed:
        // The client does not take the end of its answer.
        m_socket->closeNow();
        m_worker.release(*this);
        break;
    }
}

// The time for a body grows with what has arrived, so that only one that is slower than the least
// rate is given up; but not beyond a quarter of the time that the longest one would take at that rate,
// since what has arrived is held for it all the while.
void Connection::bodyDeadlineExpired()
{
    const domain::Settings::Http &http = m_worker.catalog()->settings().http;
    const auto elapsed =
        std::chrono::duration_cast<milliseconds>(m_worker.wheel().now() - m_bodyBegan);
    const auto atLeastRate = [&http](qint64 bytes) {
        return milliseconds(bytes * 1000 / http.minBytesPerSecond);
    };
    const milliseconds allowed =
        http.bodyTimeout
        + std::min(atLeastRate(m_parser.bodyBytes()), atLeastRate(http.maxBodyBytes) / 4);
    if (elapsed < allowed) {
        m_deadline.start(allowed - elapsed);
        return;
    }
    refuseMessage({.status = 408,
                   .code = "request_timeout",
                   .message = "The body of the request did not arrive in time."});
}

void Connection::socketEnded()
{
    m_gone = true;
    if (m_writing)
        return;
    if (relay::Exchange *exchange = std::exchange(m_exchange, nullptr))
        exchange->clientGone();
    m_state = State::Closed;
    m_worker.release(*this);
}

// Closes after everything that was written has been sent.
void Connection::close()
{
    if (m_state == State::Closed)
        return;
    m_state = State::Closed;
    m_deadline.start(unsent() > 0 && !m_hurried ? m_worker.catalog()->settings().http.writeTimeout
                                                : longestDiscarding);
    if (m_socket->closeWhenSent())
        m_worker.release(*this);
}

} // namespace gatehouse::gateway
