#include "gateway/echo/echoconnection.h"

#include "http/response.h"

#include <QTcpSocket>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

// So much may wait in the socket; the rest follows when the client has read.
constexpr qint64 mostUnsent = 256 * 1024;

QByteArray chunk(const QByteArray &piece)
{
    return QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
}

} // namespace

bool EchoConnection::Body::take(QByteArrayView given)
{
    bytes.append(given);
    return true;
}

EchoConnection::EchoConnection(QTcpSocket *socket, base::Secret secret, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_secret(std::move(secret))
    , m_parser(m_limits)
{
    m_socket->setParent(this);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(m_socket, &QTcpSocket::readyRead, this, &EchoConnection::read);
    connect(m_socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    connect(m_socket, &QTcpSocket::bytesWritten, this, [this] {
        if (m_answering && !m_timer.isActive() && m_played > 0)
            play();
    });
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_played == 0)
            begin();
        else
            play();
    });
}

EchoConnection::~EchoConnection()
{
    // The socket reports its end while it is destroyed, when this object can no longer listen.
    m_socket->disconnect(this);
}

void EchoConnection::read()
{
    m_input.append(m_socket->readAll());
    while (!m_answering && !m_input.isEmpty()) {
        const http::RequestParser::State before = m_parser.state();
        const qsizetype done = m_parser.parse(m_input, &m_body);
        m_input.remove(0, done);
        if (m_parser.state() == http::RequestParser::State::Refused) {
            refuse();
            return;
        }
        if (before == http::RequestParser::State::Head
            && m_parser.state() == http::RequestParser::State::Body
            && m_parser.head().expectsContinue)
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
        if (m_parser.state() == http::RequestParser::State::Complete)
            answer();
        else if (done == 0 && m_parser.state() == before)
            return;
    }
}

// A key in any of the three dialects' own fields.
bool EchoConnection::hasKey() const
{
    const http::Headers &headers = m_parser.head().headers;
    QByteArrayView key;
    if (const auto bearer = headers.value("authorization");
        bearer && bearer->first(std::min<qsizetype>(7, bearer->size())) == "Bearer ")
        key = bearer->sliced(7);
    else if (const auto plain = headers.value("x-api-key"))
        key = *plain;
    else if (const auto google = headers.value("x-goog-api-key"))
        key = *google;
    return base::equalInConstantTime(key, m_secret.reveal());
}

void EchoConnection::answer()
{
    const http::RequestHead &head = m_parser.head();
    EchoRequest request;
    request.method = head.method;
    request.path = head.path().toByteArray();
    request.query = head.query().toByteArray();
    request.isAnthropic = head.headers.count("anthropic-version") > 0;
    request.isGoogle = head.headers.count("x-goog-api-key") > 0;
    request.body = std::move(m_body.bytes);
    m_body.bytes.clear();

    m_answer = hasKey() ? echoAnswer(request)
                        : echoError(request, 401, u"The key is not that of the Echo provider."_s);
    m_answering = true;
    m_played = 0;
    if (m_answer.behaviour.hang)
        return;
    if (m_answer.behaviour.delay.count() > 0)
        m_timer.start(m_answer.behaviour.delay);
    else
        begin();
}

QByteArray EchoConnection::responseHead() const
{
    const http::RequestHead &request = m_parser.head();
    QByteArray head = "HTTP/1.1 " + QByteArray::number(m_answer.status) + ' '
                      + http::reasonPhrase(m_answer.status).toByteArray()
                      + "\r\nContent-Type: " + m_answer.contentType + "\r\n";
    if (m_answer.status == 429)
        head += "Retry-After: 1\r\n";
    if (m_answer.stream) {
        head += "Cache-Control: no-cache\r\n";
        if (request.minorVersion >= 1)
            head += "Transfer-Encoding: chunked\r\n";
    } else {
        const qsizetype length = m_answer.pieces.isEmpty() ? 0 : m_answer.pieces.first().size();
        head += "Content-Length: " + QByteArray::number(length) + "\r\n";
    }
    if (!request.keepAlive || (m_answer.stream && request.minorVersion == 0))
        head += "Connection: close\r\n";
    return head + "\r\n";
}

// Sends the head, and a body that is no stream.
void EchoConnection::begin()
{
    QByteArray bytes = responseHead();
    if (!m_answer.stream) {
        QByteArray body = m_answer.pieces.isEmpty() ? QByteArray() : m_answer.pieces.first();
        if (m_answer.behaviour.cut)
            body.truncate(body.size() / 2);
        m_socket->write(bytes + body);
        finish();
        return;
    }
    m_socket->write(bytes);
    m_played = 0;
    play();
}

// Sends the next pieces of a stream, one if there is a gap between them.
void EchoConnection::play()
{
    const bool chunked = m_parser.head().minorVersion >= 1;
    const qsizetype end =
        m_answer.behaviour.cut ? (m_answer.pieces.size() + 1) / 2 : m_answer.pieces.size();
    while (m_played < end && m_socket->bytesToWrite() < mostUnsent) {
        const QByteArray &piece = m_answer.pieces[m_played++];
        m_socket->write(chunked ? chunk(piece) : piece);
        if (m_answer.behaviour.gap.count() > 0 && m_played < end) {
            m_timer.start(m_answer.behaviour.gap); // first: flush() may report bytes as written
            m_socket->flush();
            return;
        }
    }
    if (m_played < end)
        return;
    if (chunked && !m_answer.behaviour.cut)
        m_socket->write("0\r\n\r\n");
    finish();
}

// The answer has been written; the next request may come, or the connection closes.
void EchoConnection::finish()
{
    m_answering = false; // first: flush() may report bytes as written
    m_socket->flush();
    const bool closes = !m_parser.head().keepAlive || m_answer.behaviour.cut
                        || (m_answer.stream && m_parser.head().minorVersion == 0);
    m_answer = {};
    if (closes) {
        m_input.clear();
        m_socket->disconnectFromHost();
        return;
    }
    m_parser.reset();
    if (!m_input.isEmpty())
        QMetaObject::invokeMethod(this, &EchoConnection::read, Qt::QueuedConnection);
}

void EchoConnection::refuse()
{
    const int status = m_parser.refusal().status;
    m_input.clear();
    m_answering = true; // nothing more is read
    m_socket->write("HTTP/1.1 " + QByteArray::number(status) + ' '
                    + http::reasonPhrase(status).toByteArray()
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    m_socket->disconnectFromHost();
}

} // namespace gatehouse::gateway
