#pragma once

#include <QByteArrayList>
#include <QHostAddress>
#include <QTcpSocket>

#include <memory>
#include <vector>

namespace gatehouse::support {

// One answer, taken apart.
struct Reply
{
    int status = 0;
    QByteArray head{};
    QByteArray body{};    // without its framing
    bool isWhole = false; // its end was marked

    // The first field of that name, in any case; empty: none.
    QByteArray header(const QByteArray &name) const;
};

// A client on a raw socket, which reads on unless it is told not to. Lives in the test's thread.
class TestClient
{
public:
    explicit TestClient(quint16 port,
                        const QHostAddress &host = QHostAddress(QHostAddress::LocalHost));
    // Over TLS; `authority` (PEM) is all that it trusts.
    TestClient(quint16 port, const QByteArray &authority);
    ~TestClient();
    TestClient(const TestClient &) = delete;
    TestClient &operator=(const TestClient &) = delete;

    void send(const QByteArray &bytes);
    // From now on nothing is taken from the system.
    void stopReading();
    void readOn();
    // Leaves with a reset, or in order.
    void reset();
    void close();

    bool isOpen() const { return m_socket->state() == QAbstractSocket::ConnectedState; }
    bool isEncrypted() const;
    bool isClosed() const { return m_wasConnected && !isOpen(); }
    qint64 unsent() const { return m_socket->bytesToWrite(); }
    const QByteArray &received() const { return m_received; }
    // All answers so far; the last one may not be whole.
    std::vector<Reply> replies() const;
    // The first one.
    Reply reply() const;
    bool isAnswered() const { return reply().isWhole; }

private:
    void connectSocket();

    std::unique_ptr<QTcpSocket> m_socket;
    QByteArray m_received;
    bool m_reads = true;
    bool m_wasConnected = false;
};

// A request with a key and a body.
QByteArray post(const QByteArray &path,
                const QByteArray &body,
                const QByteArray &key,
                const QByteArrayList &headerLines = {});

} // namespace gatehouse::support
