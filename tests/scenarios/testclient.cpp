#include "scenarios/testclient.h"

#include "support/resetconnection.h"

#include <QHostAddress>
#include <QSslConfiguration>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace gatehouse::support {

namespace {

// Takes the chunks apart. False: the last one is not there.
bool readChunks(const QByteArray &bytes, qsizetype &at, QByteArray &body)
{
    while (true) {
        const qsizetype lineEnd = bytes.indexOf("\r\n", at);
        if (lineEnd < 0)
            return false;
        const qsizetype size = bytes.sliced(at, lineEnd - at).toLongLong(nullptr, 16);
        const qsizetype from = lineEnd + 2;
        body += bytes.mid(from, size);
        if (bytes.size() < from + size + 2)
            return false;
        at = from + size + 2;
        if (size == 0)
            return true;
    }
}

// Reads one answer from `at` on. False: not even its head is whole.
bool readReply(const QByteArray &bytes, qsizetype &at, Reply &reply)
{
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n", at);
    if (headEnd < 0)
        return false;
    reply.head = bytes.sliced(at, headEnd + 4 - at);
    reply.status = reply.head.split(' ').value(1).toInt();
    at = headEnd + 4;
    if (reply.header("Transfer-Encoding") == "chunked") {
        reply.isWhole = readChunks(bytes, at, reply.body);
        return true;
    }
    const qsizetype length = reply.header("Content-Length").toLongLong();
    reply.body = bytes.mid(at, length);
    reply.isWhole = reply.body.size() == length && reply.status != 100;
    at += reply.body.size();
    return true;
}

} // namespace

QByteArray Reply::header(const QByteArray &name) const
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

TestClient::TestClient(quint16 port, const QHostAddress &host)
    : m_socket(std::make_unique<QTcpSocket>())
{
    connectSocket();
    m_socket->connectToHost(host, port);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
}

TestClient::TestClient(quint16 port, const QByteArray &authority)
    : m_socket(std::make_unique<QSslSocket>())
{
    connectSocket();
    auto *secure = static_cast<QSslSocket *>(m_socket.get());
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(QSslCertificate::fromData(authority));
    secure->setSslConfiguration(configuration);
    secure->connectToHostEncrypted(u"127.0.0.1"_s, port);
}

void TestClient::connectSocket()
{
    QObject::connect(
        m_socket.get(), &QTcpSocket::connected, m_socket.get(), [this] { m_wasConnected = true; });
    QObject::connect(m_socket.get(), &QTcpSocket::readyRead, m_socket.get(), [this] {
        if (m_reads)
            m_received += m_socket->readAll();
    });
}

bool TestClient::isEncrypted() const
{
    const auto *secure = qobject_cast<const QSslSocket *>(m_socket.get());
    return secure && secure->isEncrypted();
}

TestClient::~TestClient()
{
    m_socket->disconnect();
}

void TestClient::send(const QByteArray &bytes)
{
    m_socket->write(bytes);
}

void TestClient::stopReading()
{
    m_reads = false;
    m_socket->setReadBufferSize(1);
}

void TestClient::readOn()
{
    m_reads = true;
    m_socket->setReadBufferSize(0);
    m_received += m_socket->readAll();
}

void TestClient::reset()
{
    resetConnection(*m_socket);
}

void TestClient::close()
{
    m_socket->disconnectFromHost();
}

std::vector<Reply> TestClient::replies() const
{
    std::vector<Reply> all;
    qsizetype at = 0;
    Reply reply;
    while (readReply(m_received, at, reply)) {
        all.push_back(reply);
        reply = {};
        if (!all.back().isWhole && all.back().status != 100)
            break;
    }
    return all;
}

Reply TestClient::reply() const
{
    const std::vector<Reply> all = replies();
    return all.empty() ? Reply() : all.front();
}

QByteArray post(const QByteArray &path,
                const QByteArray &body,
                const QByteArray &key,
                const QByteArrayList &headerLines)
{
    QByteArray request = "POST " + path
                         + " HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json"
                         + "\r\nAuthorization: Bearer sk-" + key
                         + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n";
    for (const QByteArray &line : headerLines)
        request += line + "\r\n";
    return request + "\r\n" + body;
}

} // namespace gatehouse::support
