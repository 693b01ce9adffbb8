#pragma once

#include "http/socket.h"

#include <memory>

class QSslSocket;
class QTcpSocket;

namespace gatehouse::http {

class SocketCopy;

// A Socket on Qt's: for TLS, for proxies, and for systems without a PlainSocket.
class QtSocket final : public Socket
{
public:
    // Of a socket that is connected. Of what nobody reads it holds `readAhead` bytes.
    QtSocket(std::unique_ptr<QTcpSocket> socket, qint64 readAhead);
    ~QtSocket() override;

    void setObserver(SocketObserver *observer) override { m_observer = observer; }
    qint64 read(char *to, qint64 most) override;
    bool hasInput() const override;
    bool isSilent() const override;
    bool write(QByteArrayView bytes) override;
    qint64 unsent() const override;
    bool isOpen() const override;
    bool endedInOrder() const override;
    void watchEnd(bool on) override;
    bool closeWhenSent() override;
    void closeNow() override;
    qintptr descriptor() const override;

private:
    std::unique_ptr<QTcpSocket> m_socket;
    QSslSocket *const m_secure; // the same one; null: no TLS
    const qintptr m_descriptor; // as the system knows it
    SocketObserver *m_observer = nullptr;
    std::unique_ptr<SocketCopy> m_copy;
    bool m_isClosed = false;
    bool m_hasFailed = false; // not ended in order
};

} // namespace gatehouse::http
