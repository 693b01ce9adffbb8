#include "http/qtsocket.h"

#include "http/nativesocket.h"

#include <QSslSocket>

namespace gatehouse::http {

QtSocket::QtSocket(std::unique_ptr<QTcpSocket> socket, qint64 readAhead)
    : m_socket(std::move(socket))
    , m_secure(qobject_cast<QSslSocket *>(m_socket.get()))
    , m_descriptor(systemDescriptor(*m_socket))
{
    QTcpSocket *own = m_socket.get();
    own->setReadBufferSize(readAhead);
    own->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    const auto written = [this] {
        if (m_observer)
            m_observer->socketWritten();
    };
    const auto ended = [this] {
        m_isClosed = true;
        if (m_observer)
            m_observer->socketEnded();
    };
    QObject::connect(own, &QTcpSocket::readyRead, own, [this] {
        if (m_observer)
            m_observer->socketReadable();
    });
    QObject::connect(own, &QTcpSocket::bytesWritten, own, written);
    // `disconnected` does not always follow: where TLS was ended but not TCP, Qt waits.
    QObject::connect(own, &QTcpSocket::errorOccurred, own, [this, ended] {
        m_hasFailed = m_hasFailed || m_socket->error() != QAbstractSocket::RemoteHostClosedError;
        ended();
    });
    QObject::connect(own, &QTcpSocket::disconnected, own, ended);
    // Under TLS bytesWritten() tells what was encrypted, this one what was sent.
    if (m_secure)
        QObject::connect(m_secure, &QSslSocket::encryptedBytesWritten, own, written);
}

QtSocket::~QtSocket()
{
    // Destroying the socket makes it signal.
    QObject::disconnect(m_socket.get(), nullptr, m_socket.get(), nullptr);
}

qint64 QtSocket::read(char *to, qint64 most)
{
    const qint64 length = m_socket->bytesAvailable() > 0 ? m_socket->read(to, most) : 0;
    if (length > 0)
        return length;
    // When a write fails Qt closes the socket without having read what had arrived.
    return m_isClosed && m_copy && !m_secure ? m_copy->takeRest(to, most) : 0;
}

bool QtSocket::hasInput() const
{
    return m_socket->bytesAvailable() > 0;
}

bool QtSocket::isSilent() const
{
    return !hasInput() && (!m_secure || m_secure->encryptedBytesAvailable() == 0);
}

bool QtSocket::write(QByteArrayView bytes)
{
    if (m_socket->state() != QAbstractSocket::ConnectedState
        || m_socket->write(bytes.data(), bytes.size()) != bytes.size())
        return false;
    m_socket->flush();
    return true;
}

qint64 QtSocket::unsent() const
{
    return m_socket->bytesToWrite() + (m_secure ? m_secure->encryptedBytesToWrite() : 0);
}

bool QtSocket::isOpen() const
{
    return !m_isClosed && m_socket->state() == QAbstractSocket::ConnectedState;
}

bool QtSocket::endedInOrder() const
{
    return !m_hasFailed && !(m_copy && m_copy->wasReset());
}

void QtSocket::watchEnd(bool on)
{
    if (!on)
        m_copy.reset();
    else if (!m_copy)
        m_copy = std::make_unique<SocketCopy>(descriptor());
}

bool QtSocket::closeWhenSent()
{
    m_socket->disconnectFromHost();
    return m_socket->state() == QAbstractSocket::UnconnectedState;
}

void QtSocket::closeNow()
{
    m_copy.reset();
    m_socket->abort();
}

qintptr QtSocket::descriptor() const
{
    return m_socket->socketDescriptor() < 0 ? -1 : m_descriptor;
}

} // namespace gatehouse::http
