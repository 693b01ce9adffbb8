#include "gateway/connection.h"

#include "gateway/crossorigin.h"
#include "gateway/forwardedaddress.h"
#include "gateway/worker.h"
#include "relay/exchange/hops.h"
#include "relay/requestid.h"

#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

using relay::Refusal;
using Kind = Endpoint::Kind;

namespace {

// The management reads a body as a whole, and before it knows who asks.
constexpr qint64 mostApiBody = 2 * 1024 * 1024;

Refusal tooLongForApi()
{
    constexpr int contentTooLarge = 413;
    return {.status = contentTooLarge,
            .code = "body_too_large",
            .message = base::Message::verbatim(
                u"The management API takes at most %1 bytes in one request."_s.arg(mostApiBody))};
}

Refusal pausedRefusal()
{
    constexpr int unavailable = 503;
    return {.status = unavailable,
            .code = "gateway_paused",
            .message = base::Message::verbatim(
                u"This gateway takes no new requests for the moment. Try again soon."_s),
            .retryAfter = std::chrono::seconds(5)};
}

Refusal loopRefusal()
{
    constexpr int loopDetected = 508;
    return {.status = loopDetected,
            .code = "loop_detected",
            .message = base::Message::verbatim(
                u"This request has passed this gateway before: the address of one of its channels "
                "leads back to it. An administrator must change that address."_s)};
}

Refusal networkRefusal()
{
    constexpr int forbidden = 403;
    return {.status = forbidden,
            .code = "network_not_allowed",
            .message = base::Message::verbatim(
                u"This gateway does not serve clients of your network. An administrator can allow "
                "it in the settings (Security, Allowed networks)."_s)};
}

// Said without TLS, which is all that the client understands.
constexpr http::Refusal plainRefusal{
    .status = 400,
    .code = "https_required",
    .message = "This address is served over HTTPS alone. Write https:// in place of http://."};

} // namespace

Connection::Connection(Worker &worker,
                       quint64 id,
                       std::unique_ptr<http::Socket> socket,
                       const QHostAddress &peer,
                       QSslSocket *tls,
                       AddressCount::Seat seat)
    : m_worker(worker)
    , m_id(id)
    , m_socket(std::move(socket))
    , m_undecided(tls)
    , m_isShakingHands(tls != nullptr)
    , m_deadline(worker.wheel(), [this] { deadlineExpired(); })
    , m_parser(worker.requestLimits())
    , m_lastUse(worker.clock().steadyNow())
    , m_peer(plainAddress(peer))
    , m_peerText(m_peer.toString().toLatin1())
    , m_seat(std::move(seat))
{
    m_socket->setObserver(this);
    const domain::Settings::Http &http = m_worker.catalog()->settings().http;
    m_deadline.start(tls ? http.tlsTimeout : http.idleTimeout);
}

Connection::~Connection()
{
    m_socket->setObserver(nullptr);
    if (m_exchange)
        m_exchange->clientGone();
}

void Connection::handshakeDone()
{
    m_isShakingHands = false;
    m_deadline.start(patience());
}

void Connection::socketReadable()
{
    // A TLS socket reads while it is written to; process() comes back to it.
    if (m_writing)
        return;
    m_worker.collect();
    if (isKnownKind())
        process();
}

// The first byte of a connection tells whether a TLS handshake begins. False: there is nothing to be
// read of it yet, or any more.
bool Connection::isKnownKind()
{
    constexpr char handshakeRecord = 0x16;
    char first = 0;
    if (!m_undecided)
        return !m_isShakingHands;
    if (m_undecided->peek(&first, 1) != 1)
        return false;
    QSslSocket *socket = std::exchange(m_undecided, nullptr);
    if (first == handshakeRecord) {
        m_isSecure = true;
        socket->startServerEncryption();
        return false;
    }
    handshakeDone();
    if (m_peer.isLoopback())
        return true;
    refuseMessage(plainRefusal, peekedDialect(*socket));
    return false;
}

// Of a request that is not read: that of its path if its head is here as a whole.
domain::Dialect Connection::peekedDialect(QSslSocket &socket) const
{
    constexpr qint64 most = 16 * 1024;
    http::RequestParser parser(m_worker.requestLimits());
    const QByteArray begin = socket.peek(most);
    parser.parse(begin, nullptr);
    const bool hasHead = parser.state() == http::RequestParser::State::Body
                         || parser.state() == http::RequestParser::State::Complete;
    return hasHead ? endpointOf(parser.head(), false).dialect : Endpoint{}.dialect;
}

void Connection::process()
{
    QByteArray &buffer = m_worker.readBuffer();
    while (m_state == State::Head || m_state == State::Body || m_state == State::Discarding) {
        // Who does not take its answers is asked for no further request.
        if (m_state == State::Head && isBehind())
            return;
        const qint64 count = m_socket->read(buffer.data(), buffer.size());
        if (count <= 0 && (m_pending.isEmpty() || m_state == State::Discarding))
            return;
        if (m_state == State::Discarding) {
            throwAway(count);
            continue;
        }
        QByteArrayView input(buffer.constData(), std::max<qint64>(0, count));
        const qsizetype before = m_pending.size();
        if (before > 0) {
            m_pending.append(input);
            input = m_pending;
        }
        const qsizetype used = parse(input);
        if (m_state == State::Closed)
            return;
        // A copy first: the input may lie in the buffer that is to hold the rest.
        const QByteArray rest = input.sliced(used).toByteArray();
        m_pending.resize(0);
        if (!rest.isEmpty())
            m_pending = rest;
        if (count <= 0 && used == 0)
            return;
    }
}

// Serves at most one message: the next one waits until control was back in the event loop.
qsizetype Connection::parse(QByteArrayView input)
{
    const bool hadBegun = m_parser.hasBegun();
    qsizetype used = 0;
    while (true) {
        const qsizetype step = m_parser.parse(input.sliced(used), m_body.get());
        used += step;
        if (m_parser.state() == http::RequestParser::State::Refused) {
            refuseMessage(m_parser.refusal());
            return input.size();
        }
        if (m_parser.state() == http::RequestParser::State::Head) {
            if (!hadBegun && m_parser.hasBegun())
                m_deadline.start(m_worker.catalog()->settings().http.headTimeout);
            return used;
        }
        const bool isLongForApi =
            m_endpoint.kind == Kind::Api && m_parser.bodyBytes() > mostApiBody;
        if (m_state == State::Body && isLongForApi) {
            m_closeAfter = true;
            refuse(tooLongForApi());
            return input.size();
        }
        if (m_state == State::Head) {
            m_state = State::Body;
            if (!headComplete(input.size() - used))
                return m_state == State::Head ? used : input.size();
        }
        if (m_parser.state() == http::RequestParser::State::Complete) {
            bodyComplete();
            return used;
        }
        if (step == 0 || used == input.size())
            return used;
    }
}

// Judges the request before a byte of its body is taken. `arrived` bytes of what follows are there
// already. False: it was answered.
bool Connection::headComplete(qint64 arrived)
{
    const http::RequestHead &head = m_parser.head();
    ApiHandler *api = m_worker.shared().api;
    m_catalog = m_worker.catalog();
    m_hasAsked = true;
    m_requestId = m_worker.ids().next();
    // Which of two is meant is nobody's guess.
    const auto idOfClient = head.headers.value("x-request-id");
    if (idOfClient && head.headers.count("x-request-id") == 1)
        m_requestId = relay::requestIdFrom(m_requestId, *idOfClient);
    m_headOnly = head.method == "HEAD";
    m_closeAfter = m_draining;
    m_endpoint = endpointOf(head, api && api->serves(head.path()));
    m_isApiJudged = false;
    m_lastUse = m_worker.clock().steadyNow();

    std::optional<Refusal> refused;
    if (m_worker.hasAllowedNetworks() && !m_worker.allows(clientAddress())) {
        refused = networkRefusal();
    } else if (m_endpoint.kind == Kind::Relay || m_endpoint.kind == Kind::Models) {
        const qint64 now = m_worker.clock().wallMilliseconds() / 1000;
        auto caller = relay::identify(
            *m_catalog, credentialOf(head, m_endpoint), clientAddress(), now, &m_knownKey);
        if (!caller)
            refused = caller.error();
        else
            m_caller = *caller;
        if (caller && caller->byFormerKey) {
            m_worker.noteFormerKey(caller->token->token.id,
                                   head.headers.value("user-agent").value_or(QByteArrayView()),
                                   clientAddress());
        }
        if (!refused && m_endpoint.kind == Kind::Relay && m_worker.shared().paused.load())
            refused = pausedRefusal();
        if (!refused && relay::hasPassed(head.headers, m_worker.shared().hop))
            refused = loopRefusal();
    } else if (m_endpoint.kind != Kind::Api && m_endpoint.kind != Kind::Options
               && m_endpoint.kind != Kind::Probe) {
        refused = refusalOfEndpoint();
    }
    if (!refused && head.headers.value("content-encoding")) {
        refused = Refusal{.status = 415,
                          .code = "content_encoding_not_supported",
                          .message = base::Message::verbatim(
                              u"Send the body uncompressed: Content-Encoding is not supported."_s)};
    }
    if (!refused && m_endpoint.kind == Kind::Api && head.contentLength > mostApiBody)
        refused = tooLongForApi();
    m_refused = refused;
    const bool isWhole = !head.chunked && head.contentLength <= arrived;
    if (refused && (!head.hasBody() || !isWhole)) {
        m_closeAfter = m_closeAfter || head.hasBody();
        refuse(*refused);
        return false;
    }
    // Who has shown no key makes nobody keep a body: what is known of the head is said at once.
    if (head.hasBody() && !isWhole
        && (m_endpoint.kind == Kind::Options || m_endpoint.kind == Kind::Probe)) {
        m_closeAfter = true;
        m_state = State::Answering;
        answerAtOnce();
        return false;
    }
    if (head.hasBody() && !isWhole && m_endpoint.kind == Kind::Api) {
        if (const auto answer = refusalOfApi()) {
            m_closeAfter = true;
            m_state = State::Answering;
            apiAnswered(*answer);
            return false;
        }
    }
    if (head.hasBody()) {
        m_body = m_endpoint.kind == Kind::Api ? m_worker.makeApiBody() : m_worker.takeBody();
        // Whoever is refused once the whole message is there is nobody.
        if (m_caller.token)
            m_body->setOwner(m_caller.token->token.id.value);
        m_bodyBegan = m_worker.wheel().now();
        m_deadline.start(m_catalog->settings().http.bodyTimeout);
        if (head.expectsContinue) {
            m_out.append(http::continueAnswer());
            flush();
        }
    }
    return true;
}

void Connection::bodyComplete()
{
    m_deadline.stop();
    m_state = State::Answering;
    if (m_refused) {
        refuse(*m_refused);
        return;
    }
    switch (m_endpoint.kind) {
    case Kind::Relay:
        serveRelay();
        break;
    case Kind::Models:
        serveModels();
        break;
    case Kind::Api:
        serveApi();
        break;
    default:
        answerAtOnce();
        break;
    }
}

void Connection::begin(int status, const http::Headers &fields, qint64 contentLength)
{
    if (m_state != State::Answering)
        return;
    http::HeadWriter head(m_out, status);
    head.field("Date", m_worker.date());
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const http::Field field = fields.at(i);
        head.field(field.name, field.value);
    }
    // The management answers to sessions; pages of others have no business there.
    if (!m_worker.origins().isEmpty() && m_endpoint.kind != Kind::Api)
        addCrossOriginFields(head, m_worker.origins(), m_parser.head().headers);
    m_bodyLeft = std::max<qint64>(0, contentLength);
    constexpr int noContent = 204;
    if (status == noContent)
        m_bodyEnd = http::BodyEnd::None;
    else
        m_bodyEnd = contentLength >= 0 ? http::BodyEnd::Length : http::endOfStream(m_parser.head());
    head.end(m_parser.head(), !m_closeAfter, m_bodyEnd, m_bodyLeft);
    m_closeAfter = !http::staysOpen(m_parser.head(), !m_closeAfter, m_bodyEnd);
}

void Connection::write(QByteArrayView bytes)
{
    if (m_state != State::Answering || m_headOnly || bytes.isEmpty())
        return;
    if (m_bodyEnd == http::BodyEnd::Chunked) {
        http::appendChunk(m_out, bytes);
        return;
    }
    if (m_bodyEnd == http::BodyEnd::Length) {
        // Whatever is more than was told would be taken for the next answer.
        bytes = bytes.first(std::min<qint64>(bytes.size(), m_bodyLeft));
        m_bodyLeft -= bytes.size();
    }
    m_out.append(bytes);
}

void Connection::finish()
{
    if (m_state != State::Answering)
        return;
    if (m_bodyEnd == http::BodyEnd::Chunked && !m_headOnly)
        http::appendLastChunk(m_out);
    flush();
    if (m_bodyEnd == http::BodyEnd::Length && m_bodyLeft > 0 && !m_headOnly) {
        cut(); // what comes next would be taken for the rest
        return;
    }
    answerEnded();
}

QByteArray Connection::clientText() const
{
    const QHostAddress client = clientAddress();
    return client.isNull() || client == m_peer ? m_peerText : client.toString().toLatin1();
}

// Null where a trusted proxy names nobody that can be understood: that is nobody's address, least of
// all the proxy's, for which ranges may open.
QHostAddress Connection::clientAddress() const
{
    const auto trusts = [this](const QHostAddress &address) { return m_worker.trusts(address); };
    return trusts(m_peer) ? forwardedAddress(m_parser.head().headers, m_peer, trusts) : m_peer;
}

} // namespace gatehouse::gateway
