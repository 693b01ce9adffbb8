#include "gateway/connection.h"

#include "base/logging.h"
#include "gateway/platform.h"
#include "gateway/worker.h"
#include "protocol/errorbody.h"
#include "protocol/modelslist.h"

#include <QSslSocket>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::gateway {

using base::lcGateway;
using protocol::Operation;
using relay::Refusal;
using Kind = Endpoint::Kind;
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
// The management reads a body as a whole, and before it knows who asks.
constexpr qint64 mostApiBody = 4 * 1024 * 1024;
constexpr qint64 readBufferBytes = 64 * 1024;

Refusal refusal(int status, QByteArray code, QString message)
{
    return {.status = status, .code = std::move(code), .message = std::move(message)};
}

Refusal tooLongForApi()
{
    constexpr int contentTooLarge = 413;
    return refusal(contentTooLarge,
                   "body_too_large",
                   u"The management API takes at most %1 bytes in one request."_s.arg(mostApiBody));
}

// An address as IPv4 where it is one, also on a listener for both kinds.
QHostAddress plainAddress(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    return isV4 ? QHostAddress(v4) : address;
}

void shrink(QByteArray &buffer)
{
    if (buffer.capacity() > keptCapacity)
        buffer = QByteArray();
    else
        buffer.resize(0);
}

} // namespace

Connection::Connection(Worker &worker, quint64 id, std::unique_ptr<QTcpSocket> socket)
    : m_worker(worker)
    , m_id(id)
    , m_socket(std::move(socket))
    , m_secure(qobject_cast<QSslSocket *>(m_socket.get()))
    , m_deadline(worker.wheel(), [this] { deadlineExpired(); })
    , m_parser(worker.requestLimits())
    , m_lastUse(worker.shared().clock.steadyNow())
    , m_peer(plainAddress(m_socket->peerAddress()))
{
    connectSocket();
    const domain::Settings::Http &http = m_worker.catalog()->settings().http;
    m_deadline.start(m_secure ? http.tlsTimeout : http.idleTimeout);
}

Connection::~Connection()
{
    // Destroying the socket makes it signal.
    QObject::disconnect(m_socket.get(), nullptr, m_socket.get(), nullptr);
    if (m_exchange)
        m_exchange->clientGone();
}

void Connection::connectSocket()
{
    m_socket->setReadBufferSize(readBufferBytes);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    QTcpSocket *socket = m_socket.get();
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [this] { readyRead(); });
    QObject::connect(socket, &QTcpSocket::disconnected, socket, [this] { socketGone(); });
    QObject::connect(socket, &QTcpSocket::errorOccurred, socket, [this] { socketGone(); });
    QObject::connect(socket, &QTcpSocket::bytesWritten, socket, [this] { bytesLeft(); });
    // Under TLS bytesWritten() tells what was encrypted, this one what was sent.
    if (m_secure) {
        QObject::connect(
            m_secure, &QSslSocket::encryptedBytesWritten, socket, [this] { bytesLeft(); });
        QObject::connect(m_secure, &QSslSocket::encrypted, socket, [this] {
            m_deadline.start(m_worker.catalog()->settings().http.idleTimeout);
        });
    }
}

// The client has taken something of what was written to it.
void Connection::bytesLeft()
{
    if (m_writing)
        return;
    const domain::Settings::Http &http = m_worker.catalog()->settings().http;
    const qint64 left = unsent();
    switch (m_state) {
    case State::Head:
        if (m_parser.hasBegun())
            return;
        m_deadline.start(http.idleTimeout);
        // The next request may have waited for this.
        if (left <= littleUnsent && (!m_pending.isEmpty() || m_socket->bytesAvailable() > 0))
            m_worker.later(m_id, [](Connection &connection) { connection.process(); });
        return;
    case State::Body:
        return;
    case State::Answering:
        if (left > 0)
            m_deadline.start(http.writeTimeout);
        else
            m_deadline.stop();
        if (m_exchange && left <= littleUnsent)
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

void Connection::readyRead()
{
    // A TLS socket reads while it is written to; process() comes back to it.
    if (m_writing)
        return;
    m_worker.collect();
    process();
}

void Connection::process()
{
    QByteArray &buffer = m_worker.readBuffer();
    while (m_state == State::Head || m_state == State::Body || m_state == State::Discarding) {
        // Who does not take its answers is asked for no further request.
        if (m_state == State::Head && unsent() > littleUnsent)
            return;
        const qint64 count = m_socket->read(buffer.data(), buffer.size());
        if (count <= 0 && (m_pending.isEmpty() || m_state == State::Discarding))
            return;
        if (m_state == State::Discarding) {
            m_discarded += count;
            if (m_discarded > mostDiscarded)
                close();
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
    m_requestId = m_worker.ids().next();
    m_headOnly = head.method == "HEAD";
    m_closeAfter = m_draining;
    m_endpoint = endpointOf(head, api && api->serves(head.path()));
    m_lastUse = m_worker.shared().clock.steadyNow();

    std::optional<Refusal> refused;
    if (m_endpoint.kind == Kind::Relay || m_endpoint.kind == Kind::Models) {
        const qint64 now = m_worker.shared().clock.wallMilliseconds() / 1000;
        auto caller =
            relay::identify(*m_catalog, credentialOf(head, m_endpoint), clientAddress(), now);
        if (!caller)
            refused = caller.error();
        else
            m_caller = *caller;
    } else if (m_endpoint.kind != Kind::Api && m_endpoint.kind != Kind::Options) {
        refused = refusalOfEndpoint();
    }
    if (!refused && head.headers.value("content-encoding")) {
        refused = refusal(415,
                          "content_encoding_not_supported",
                          u"Send the body uncompressed: Content-Encoding is not supported."_s);
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
    if (head.hasBody()) {
        m_body = m_worker.takeBody();
        m_bodyBegan = m_lastUse;
        m_deadline.start(m_catalog->settings().http.bodyTimeout);
        if (head.expectsContinue) {
            m_out.append(http::continueAnswer());
            flush();
        }
    }
    return true;
}

Refusal Connection::refusalOfEndpoint() const
{
    const http::RequestHead &head = m_parser.head();
    const QString request =
        QString::fromLatin1(head.method) + u' ' + QString::fromUtf8(head.path().toByteArray());
    switch (m_endpoint.kind) {
    case Kind::WrongMethod:
        return refusal(405,
                       "method_not_allowed",
                       u"%1 is not possible here. Use: %2."_s.arg(
                           request, QString::fromLatin1(m_endpoint.allow)));
    case Kind::Unimplemented:
        return refusal(
            501, "api_not_implemented", u"%1 is not offered by this gateway."_s.arg(request));
    case Kind::Invalid:
        return refusal(400, "invalid_path", u"%1: %2"_s.arg(request, m_endpoint.problem));
    default:
        if (auto limited = refusalOfTooMany())
            return std::move(*limited);
        return refusal(
            404,
            "invalid_url",
            u"Invalid URL (%1). The relay answers below /v1 and /v1beta."_s.arg(request));
    }
}

std::optional<Refusal> Connection::refusalOfTooMany() const
{
    constexpr int tooManyRequests = 429;
    const std::chrono::seconds wait = m_worker.shared().otherPaths.take(
        clientAddress(), m_catalog->settings().http.webRequestsPerThreeMinutes);
    if (wait.count() <= 0)
        return std::nullopt;
    return Refusal{.status = tooManyRequests,
                   .code = "too_many_requests",
                   .message = u"There were too many requests from your address for paths at which "
                              "nothing is served. Ask again in %1 seconds."_s.arg(wait.count()),
                   .retryAfter = wait,
                   .worthRetrying = true};
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
        answerOptions();
        break;
    }
}

void Connection::serveRelay()
{
    if (m_endpoint.operation == Operation::StreamGenerateContent
        && !m_parser.head().query().contains("alt=sse")) {
        refuse(refusal(400,
                       "alt_sse_required",
                       u"Ask for a stream with \"?alt=sse\", as Google's client libraries do."_s));
        return;
    }
    if (!m_body)
        m_body = m_worker.takeBody();
    if (m_body->isInMemory()) {
        peeked(protocol::peek(m_body->whole(), m_endpoint.operation, m_endpoint.model));
        return;
    }
    m_worker.peekInPool(m_id, m_body, m_endpoint.operation, m_endpoint.model);
}

void Connection::peeked(base::Result<protocol::Peek> peek)
{
    if (m_state != State::Answering)
        return;
    if (!peek) {
        refuse(refusal(400, "invalid_request", peek.error().message));
        return;
    }
    startExchange(*peek);
}

void Connection::startExchange(const protocol::Peek &peek)
{
    relay::Exchange *exchange =
        m_worker.exchanges().start({.catalog = m_catalog,
                                    .caller = m_caller,
                                    .peek = peek,
                                    .headers = &m_parser.head().headers,
                                    .body = m_body.get(),
                                    .requestId = m_requestId,
                                    .clientAddress = clientAddress().toString().toLatin1()},
                                   *this);
    // It may have ended already, and the connection with it.
    if (exchange && m_state == State::Answering)
        m_exchange = exchange;
}

void Connection::serveModels()
{
    const std::vector<QByteArray> served = m_caller.token->group->enabledModels();
    std::vector<QByteArray> allowed;
    for (const QByteArray &model : served) {
        if (relay::mayUse(m_caller, model))
            allowed.push_back(model);
    }
    if (m_endpoint.operation == Operation::ListModels) {
        const auto page = protocol::modelsPage(m_endpoint.dialect, m_parser.head().query());
        answerJson(200, protocol::modelsList(m_endpoint.dialect, allowed, page));
        return;
    }
    if (std::find(allowed.begin(), allowed.end(), m_endpoint.model) == allowed.end()) {
        refuse(refusal(404,
                       "model_not_found",
                       u"The model \"%1\" is not offered to this token."_s.arg(
                           QString::fromUtf8(m_endpoint.model))));
        return;
    }
    answerJson(200, protocol::modelAnswer(m_endpoint.dialect, m_endpoint.model));
}

void Connection::serveApi()
{
    const http::RequestHead &head = m_parser.head();
    ApiRequest request{.method = head.method,
                       .path = head.path().toByteArray(),
                       .query = head.query().toByteArray(),
                       .client = clientAddress(),
                       .tls = m_secure != nullptr,
                       .requestId = m_requestId};
    for (qsizetype i = 0; i < head.headers.size(); ++i) {
        const http::Field field = head.headers.at(i);
        request.headers.emplace_back(field.name.toByteArray(), field.value.toByteArray());
    }
    if (m_body)
        request.body = m_body->whole().toByteArray();
    m_worker.callApi(m_id, std::move(request));
}

void Connection::apiAnswered(const ApiResponse &response)
{
    if (m_state != State::Answering)
        return;
    http::Headers fields;
    fields.add("X-Request-Id", m_requestId);
    fields.add("X-Oneapi-Request-Id", m_requestId);
    for (const auto &[name, value] : response.headers)
        fields.add(name, value);
    begin(response.status, fields, response.body.size());
    write(response.body);
    finish();
}

void Connection::answerOptions()
{
    http::Headers fields;
    fields.add("Allow", m_endpoint.allow);
    constexpr int noContent = 204;
    begin(noContent, fields, 0);
    finish();
}

void Connection::answerJson(int status, const QByteArray &body)
{
    http::Headers fields;
    fields.add("Content-Type", "application/json");
    fields.add("X-Request-Id", m_requestId);
    fields.add("X-Oneapi-Request-Id", m_requestId);
    begin(status, fields, body.size());
    write(body);
    finish();
}

void Connection::refuse(const Refusal &refused)
{
    m_state = State::Answering;
    const QByteArray body = protocol::errorBody(m_endpoint.dialect,
                                                {.status = refused.status,
                                                 .code = refused.code,
                                                 .message = refused.message,
                                                 .requestId = m_requestId});
    http::Headers fields;
    fields.add("Content-Type", "application/json");
    fields.add("X-Request-Id", m_requestId);
    fields.add("X-Oneapi-Request-Id", m_requestId);
    if (m_endpoint.kind == Kind::WrongMethod)
        fields.add("Allow", m_endpoint.allow);
    if (refused.retryAfter)
        fields.add("Retry-After", QByteArray::number(qint64(refused.retryAfter->count())));
    constexpr int unauthorized = 401;
    if (refused.status == unauthorized)
        fields.add("WWW-Authenticate", "Bearer");
    begin(refused.status, fields, body.size());
    write(body);
    finish();
}

// A message that is not understood ends the connection: where it ends is in doubt.
void Connection::refuseMessage(const http::Refusal &refused)
{
    m_catalog = m_worker.catalog();
    m_endpoint = {};
    m_headOnly = false;
    m_closeAfter = true;
    if (m_requestId.isEmpty())
        m_requestId = m_worker.ids().next();
    refuse(refusal(refused.status, refused.code, QString::fromUtf8(refused.message)));
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
    constexpr int noContent = 204;
    if (status == noContent)
        m_bodyEnd = http::BodyEnd::None;
    else
        m_bodyEnd = contentLength >= 0 ? http::BodyEnd::Length : http::endOfStream(m_parser.head());
    head.end(m_parser.head(), !m_closeAfter, m_bodyEnd, std::max<qint64>(0, contentLength));
    m_closeAfter = !http::staysOpen(m_parser.head(), !m_closeAfter, m_bodyEnd);
}

void Connection::write(QByteArrayView bytes)
{
    if (m_state != State::Answering || m_headOnly || bytes.isEmpty())
        return;
    if (m_bodyEnd == http::BodyEnd::Chunked)
        http::appendChunk(m_out, bytes);
    else
        m_out.append(bytes);
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
    m_socket->write(m_out);
    m_socket->flush();
    m_writing = false;
    m_out.resize(0);
    const qint64 left = unsent();
    if (m_state == State::Answering && left == 0)
        m_deadline.stop();
    else if (m_state == State::Answering && (left < before || !m_deadline.isRunning()))
        m_deadline.start(m_worker.catalog()->settings().http.writeTimeout);
    if (m_gone)
        m_worker.later(m_id, [](Connection &connection) { connection.socketGone(); });
}

void Connection::finish()
{
    if (m_state != State::Answering)
        return;
    if (m_bodyEnd == http::BodyEnd::Chunked && !m_headOnly)
        http::appendLastChunk(m_out);
    flush();
    answerEnded();
}

void Connection::answerEnded()
{
    const bool wasWhole = m_parser.state() == http::RequestParser::State::Complete;
    m_exchange = nullptr;
    m_catalog.reset();
    m_caller = {};
    m_requestId.clear();
    if (m_body)
        m_worker.giveBody(std::move(m_body));
    m_lastUse = m_worker.shared().clock.steadyNow();
    if (m_gone) {
        m_worker.later(m_id, [](Connection &connection) { connection.socketGone(); });
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
    if (!m_pending.isEmpty() || m_socket->bytesAvailable() > 0)
        m_worker.later(m_id, [](Connection &connection) { connection.process(); });
}

// Our side ends, so that the client reads the answer to its end while it still sends.
void Connection::startDiscarding()
{
    m_pending = QByteArray();
    if (unsent() == 0 && !m_secure)
        endSending(m_socket->socketDescriptor());
    m_worker.later(m_id, [](Connection &connection) { connection.process(); });
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
        m_socket->abort();
    close();
}

qint64 Connection::unsent() const
{
    return m_socket->bytesToWrite() + (m_secure ? m_secure->encryptedBytesToWrite() : 0)
           + m_out.size();
}

void Connection::drain()
{
    m_draining = true;
    if (isIdle())
        close();
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
        if (m_secure && !m_secure->isEncrypted()) {
            m_socket->abort(); // in the handshake nothing can be said in order
            socketGone();
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
        m_socket->abort();
        socketGone();
        break;
    case State::Discarding:
        close();
        break;
    case State::Closed:
        // The client does not take the end of its answer.
        m_socket->abort();
        m_worker.release(*this);
        break;
    }
}

// The time for a body grows with what has arrived, so that only one that is slower than the least
// rate is given up.
void Connection::bodyDeadlineExpired()
{
    const domain::Settings::Http &http = m_worker.catalog()->settings().http;
    const auto elapsed =
        std::chrono::duration_cast<milliseconds>(m_worker.shared().clock.steadyNow() - m_bodyBegan);
    const milliseconds allowed =
        http.bodyTimeout + milliseconds(m_parser.bodyBytes() * 1000 / http.minBytesPerSecond);
    if (elapsed < allowed) {
        m_deadline.start(allowed - elapsed);
        return;
    }
    refuseMessage({.status = 408,
                   .code = "request_timeout",
                   .message = "The body of the request did not arrive in time."});
}

void Connection::socketGone()
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
    m_socket->disconnectFromHost();
    if (m_socket->state() == QAbstractSocket::UnconnectedState)
        m_worker.release(*this);
}

QHostAddress Connection::clientAddress() const
{
    if (!m_worker.trusts(m_peer))
        return m_peer;
    // The last one was added by the proxy that is trusted, be it in a field of its own.
    QByteArrayView last;
    const http::Headers &fields = m_parser.head().headers;
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const http::Field field = fields.at(i);
        if (http::equalNames(field.name, "x-forwarded-for"))
            last = field.value.sliced(field.value.lastIndexOf(',') + 1).trimmed();
    }
    const QHostAddress address(QString::fromLatin1(last));
    return address.isNull() ? m_peer : plainAddress(address);
}

} // namespace gatehouse::gateway
