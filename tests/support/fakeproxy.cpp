#include "support/fakeproxy.h"

#include <QHostAddress>
#include <QTcpSocket>

namespace gatehouse::support {

// One client of the proxy and its connection onwards.
class FakeProxy::Tunnel final : public QObject
{
public:
    Tunnel(FakeProxy &proxy, qintptr descriptor)
        : QObject(&proxy)
        , m_proxy(proxy)
        , m_client(new QTcpSocket(this))
        , m_target(new QTcpSocket(this))
    {
        m_client->setSocketDescriptor(descriptor);
        connect(m_client, &QTcpSocket::readyRead, this, [this] { read(); });
        connect(m_client, &QTcpSocket::disconnected, this, [this] { deleteLater(); });
        connect(m_target, &QTcpSocket::connected, this, [this] { opened(); });
        connect(m_target, &QTcpSocket::readyRead, this, [this] {
            m_client->write(m_target->readAll());
        });
        connect(
            m_target, &QTcpSocket::disconnected, this, [this] { m_client->disconnectFromHost(); });
    }

    ~Tunnel() override
    {
        m_client->disconnect(this);
        m_target->disconnect(this);
    }

private:
    enum class State { Greeting, Password, Request, Connecting, Open };

    void read()
    {
        if (m_state == State::Open) {
            m_target->write(m_client->readAll());
            return;
        }
        m_input += m_client->readAll();
        if (m_proxy.m_kind == Kind::Http)
            readHttp();
        else
            readSocks();
    }

    void readHttp()
    {
        const qsizetype end = m_input.indexOf("\r\n\r\n");
        if (end < 0 || m_state == State::Connecting)
            return;
        const QByteArray head = m_input.first(end);
        m_input.remove(0, end + 4);
        const QByteArray credentials =
            "Basic " + QByteArray(m_proxy.m_user + ":" + m_proxy.m_password).toBase64();
        if (!m_proxy.m_user.isEmpty() && !head.contains(credentials)) {
            m_client->write("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                            "Content-Length: 0\r\nProxy-Connection: keep-alive\r\n\r\n");
            return;
        }
        const QByteArray target = head.split(' ').value(1);
        const qsizetype colon = target.lastIndexOf(':');
        m_proxy.m_targets.append("name:" + target);
        open(target.mid(colon + 1).toUShort());
    }

    void readSocks()
    {
        while (true) {
            const auto byte = [this](qsizetype index) {
                return index < m_input.size() ? static_cast<uchar>(m_input[index]) : 0;
            };
            if (m_state == State::Greeting && m_input.size() >= 2
                && m_input.size() >= 2 + byte(1)) {
                const bool asks = !m_proxy.m_user.isEmpty();
                m_input.remove(0, 2 + byte(1));
                m_client->write(asks ? QByteArray("\x05\x02", 2) : QByteArray("\x05\x00", 2));
                m_state = asks ? State::Password : State::Request;
            } else if (m_state == State::Password && m_input.size() >= 2
                       && m_input.size() >= 3 + byte(1) + byte(2 + byte(1))) {
                const QByteArray user = m_input.mid(2, byte(1));
                const QByteArray password = m_input.mid(3 + byte(1), byte(2 + byte(1)));
                m_input.remove(0, 3 + user.size() + password.size());
                const bool isRight = user == m_proxy.m_user && password == m_proxy.m_password;
                m_client->write(isRight ? QByteArray("\x01\x00", 2) : QByteArray("\x01\x01", 2));
                if (!isRight)
                    m_client->disconnectFromHost();
                m_state = State::Request;
            } else if (m_state == State::Request && m_input.size() >= 5) {
                if (!readSocksRequest())
                    return;
            } else {
                return;
            }
        }
    }

    // False: it is not whole yet.
    bool readSocksRequest()
    {
        const auto kind = static_cast<uchar>(m_input[3]);
        const qsizetype begin = kind == 3 ? 5 : 4;
        const qsizetype length = kind == 3 ? static_cast<uchar>(m_input[4]) : kind == 1 ? 4 : 16;
        if (m_input.size() < begin + length + 2)
            return false;
        const QByteArray host = m_input.mid(begin, length);
        const auto port = static_cast<quint16>((static_cast<uchar>(m_input[begin + length]) << 8)
                                               | static_cast<uchar>(m_input[begin + length + 1]));
        m_input.remove(0, begin + length + 2);
        const QByteArray target =
            kind == 3 ? QByteArray("name:" + host) : QByteArray("address:" + host.toHex());
        m_proxy.m_targets.append(target + ":" + QByteArray::number(port));
        open(port);
        return true;
    }

    void open(quint16 port)
    {
        m_state = State::Connecting;
        m_target->connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    }

    void opened()
    {
        m_state = State::Open;
        m_client->write(m_proxy.m_kind == Kind::Http
                            ? QByteArray("HTTP/1.1 200 Connected\r\n\r\n")
                            : QByteArray("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01", 10));
        m_target->write(m_input);
    }

    FakeProxy &m_proxy;
    QTcpSocket *m_client;
    QTcpSocket *m_target;
    QByteArray m_input;
    State m_state = State::Greeting;
};

FakeProxy::FakeProxy(Kind kind, const QByteArray &user, const QByteArray &password)
    : m_kind(kind)
    , m_user(user)
    , m_password(password)
{
    listen(QHostAddress(QHostAddress::LocalHost));
}

void FakeProxy::incomingConnection(qintptr descriptor)
{
    new Tunnel(*this, descriptor);
}

} // namespace gatehouse::support
