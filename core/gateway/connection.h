#pragma once

#include "base/timingwheel.h"
#include "gateway/addresscount.h"
#include "gateway/endpoints.h"
#include "gateway/newcomers.h"
#include "http/bodysource.h"
#include "http/requestparser.h"
#include "http/responsewriter.h"
#include "http/socket.h"
#include "relay/exchange/exchangepool.h"

#include <QHostAddress>

class QSslSocket;

namespace gatehouse::gateway {

struct ApiRequest;
struct ApiResponse;
class Worker;

// One client's connection: it reads requests one after another, refuses what is not to be read, and
// writes their answers. Lives in its gateway thread; its Worker owns it. Nothing outside this class
// and its socket knows that there is one.
class Connection final : public relay::Downstream, private http::SocketObserver
{
public:
    // `tls`: the same socket, where the client is to use TLS; null: it cannot. Programs of this computer
    // need not: what they send never leaves it.
    Connection(Worker &worker,
               quint64 id,
               std::unique_ptr<http::Socket> socket,
               const QHostAddress &peer,
               QSslSocket *tls,
               AddressCount::Seat seat = {});
    ~Connection() override;

    quint64 id() const { return m_id; }
    bool isIdle() const { return m_state == State::Head && !m_parser.hasBegun(); }
    base::SteadyTime lastUse() const { return m_lastUse; }
    // Serve no further request after the present one; an idle connection ends at once, but for a
    // newcomer that is to be served.
    void drain(Newcomers newcomers);
    // The program ends: what was written may still be sent, for a moment.
    void hurry();
    // TLS: from here on the client may ask.
    void handshakeDone();
    void apiAnswered(const ApiResponse &response);
    // A body that was read in the pool is known now.
    void peeked(base::Result<protocol::Peek> peek);

    void begin(int status, const http::Headers &fields, qint64 contentLength) override;
    void write(QByteArrayView bytes) override;
    void flush() override;
    void discard() override { m_out.resize(0); }
    void finish() override;
    void cut() override;
    qint64 unsent() const override;

private:
    enum class State {
        Head, // reading, or waiting for, a request
        Body,
        Answering,  // nothing is read
        Discarding, // it was refused; what it still sends is thrown away
        Closed,
    };

    void socketReadable() override;
    void socketWritten() override;
    void socketEnded() override;
    bool isKnownKind();
    domain::Dialect peekedDialect(QSslSocket &socket) const;
    void process();
    qsizetype parse(QByteArrayView input);
    bool headComplete(qint64 arrived);
    void bodyComplete();
    void serveRelay();
    void startExchange(const protocol::Peek &peek);
    void serveModels();
    void serveApi();
    ApiRequest apiRequest() const;
    std::optional<ApiResponse> refusalOfApi();
    void answerOptions();
    void answerProbe();
    void answerAtOnce();
    void refuse(const relay::Refusal &refusal);
    // `dialect`: of a client that is told before its head was read.
    void refuseMessage(const http::Refusal &refusal,
                       domain::Dialect dialect = domain::Dialect::OpenAi);
    relay::Refusal refusalOfEndpoint() const;
    std::optional<relay::Refusal> refusalOfTooMany() const;
    void answerJson(int status, const QByteArray &body);
    void answerEnded();
    void startDiscarding();
    void throwAway(qint64 count);
    bool isBehind() const;                      // it does not take its answers
    std::chrono::milliseconds patience() const; // with a client that has not begun to ask
    void deadlineExpired();
    void bodyDeadlineExpired();
    void close();
    QHostAddress clientAddress() const;
    QByteArray clientText() const;

    Worker &m_worker;
    const quint64 m_id;
    const std::unique_ptr<http::Socket> m_socket;
    QSslSocket *m_undecided; // until the first byte tells whether it is to speak TLS
    bool m_isSecure = false;
    bool m_isShakingHands; // or it is not known yet whether it is going to
    base::Deadline m_deadline;
    http::RequestParser m_parser;
    std::shared_ptr<http::BodySource> m_body;
    QByteArray m_pending; // read and not yet parsed
    QByteArray m_out;     // to be written at the next flush
    State m_state = State::Head;
    Endpoint m_endpoint{};
    relay::Caller m_caller{};
    relay::KnownKey m_knownKey{};
    std::optional<relay::Refusal> m_refused{};        // answered once the body was read
    std::shared_ptr<const domain::Catalog> m_catalog; // of the present request
    relay::Exchange *m_exchange = nullptr;
    base::SteadyTime m_lastUse{};
    base::SteadyTime m_bodyBegan{}; // by the time of the wheel
    QByteArray m_requestId;
    const QHostAddress m_peer;
    const QByteArray m_peerText;
    const AddressCount::Seat m_seat;
    http::BodyEnd m_bodyEnd = http::BodyEnd::Length;
    qint64 m_bodyLeft = 0; // bytes of an answer whose length was told
    qint64 m_discarded = 0;
    bool m_isApiJudged = false; // the management has let the present request through by its head
    bool m_headOnly = false;
    bool m_hasAsked = false; // at least once
    bool m_draining = false;
    bool m_hurried = false;
    bool m_closeAfter = false;
    bool m_writing = false; // the socket is being written to; what it signals waits
    bool m_gone = false;
};

} // namespace gatehouse::gateway
