// Platform-specific: on Linux the sockets without TLS and proxy are PlainSockets, elsewhere all are
// Qt's.
#include "http/sockets.h"

#include "http/qtsocket.h"

#include <QNetworkProxy>
#include <QSslSocket>

#ifdef Q_OS_LINUX
#include "http/plainsocket.h"

#include <QNetworkInterface>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace gatehouse::http {

#ifdef Q_OS_LINUX

namespace {

QHostAddress peerOf(int descriptor)
{
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    if (getpeername(descriptor, reinterpret_cast<sockaddr *>(&peer), &length) != 0)
        return {};
    QHostAddress address(reinterpret_cast<const sockaddr *>(&peer));
    if (peer.ss_family == AF_INET6) {
        const quint32 scope = reinterpret_cast<const sockaddr_in6 *>(&peer)->sin6_scope_id;
        if (scope != 0)
            address.setScopeId(QNetworkInterface::interfaceNameFromIndex(static_cast<int>(scope)));
    }
    return address;
}

} // namespace

Accepted acceptedSocket(qintptr descriptor, qint64 readAhead)
{
    const auto own = static_cast<int>(descriptor);
    return {.socket = std::make_unique<PlainSocket>(own, readAhead), .peer = peerOf(own)};
}

std::unique_ptr<Socket> connectedSocket(std::unique_ptr<QTcpSocket> socket, qint64 readAhead)
{
    const auto original = static_cast<int>(socket->socketDescriptor());
    const bool isPlain = !qobject_cast<QSslSocket *>(socket.get())
                         && socket->proxy().type() == QNetworkProxy::NoProxy
                         && socket->bytesAvailable() == 0;
    const int own = isPlain && original >= 0 ? fcntl(original, F_DUPFD_CLOEXEC, 0) : -1;
    if (own < 0)
        return std::make_unique<QtSocket>(std::move(socket), readAhead);
    // The connection lives on in the second descriptor.
    socket->disconnect();
    socket->abort();
    socket.release()->deleteLater();
    return std::make_unique<PlainSocket>(own, readAhead);
}

#else

Accepted acceptedSocket(qintptr descriptor, qint64 readAhead)
{
    auto socket = std::make_unique<QTcpSocket>();
    if (!socket->setSocketDescriptor(descriptor))
        return {};
    const QHostAddress peer = socket->peerAddress();
    return {.socket = std::make_unique<QtSocket>(std::move(socket), readAhead), .peer = peer};
}

std::unique_ptr<Socket> connectedSocket(std::unique_ptr<QTcpSocket> socket, qint64 readAhead)
{
    return std::make_unique<QtSocket>(std::move(socket), readAhead);
}

#endif

} // namespace gatehouse::http
