// Platform-specific: uses the socket calls of the operating system (POSIX; nothing elsewhere).
#include "http/nativesocket.h"

#include <QTcpSocket>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <linux/tcp.h>
#endif

namespace gatehouse::http {

qintptr systemDescriptor(const QTcpSocket &socket)
{
    // TLS and proxies have the socket that does the work among their children.
    const QTcpSocket *innermost = &socket;
    while (const auto *inner = innermost->findChild<QTcpSocket *>())
        innermost = inner;
    return innermost->socketDescriptor();
}

#ifdef Q_OS_LINUX

namespace {

constexpr int probeSeconds = 5;
// Half a minute more than the usual stall timeout.
constexpr int probesBeforeTheEnd = 42;
// Two probes may be lost on their way.
constexpr quint32 freshMilliseconds = 12'000;
constexpr int established = 1; // TCP_ESTABLISHED of the kernel

void setTcpOption(int descriptor, int option, int value)
{
    setsockopt(descriptor, IPPROTO_TCP, option, &value, sizeof value);
}

} // namespace

void probeWhileSilent(qintptr descriptor)
{
    const int socket = static_cast<int>(descriptor);
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setTcpOption(socket, TCP_KEEPIDLE, probeSeconds);
    setTcpOption(socket, TCP_KEEPINTVL, probeSeconds);
    setTcpOption(socket, TCP_KEEPCNT, probesBeforeTheEnd);
}

bool hasProvenAlive(qintptr descriptor)
{
    tcp_info info{};
    socklen_t length = sizeof info;
    if (getsockopt(static_cast<int>(descriptor), IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return false;
    return info.tcpi_state == established && info.tcpi_retransmits == 0
           && info.tcpi_notsent_bytes == 0
           && std::min(info.tcpi_last_ack_recv, info.tcpi_last_data_recv) <= freshMilliseconds;
}

#else

void probeWhileSilent(qintptr) {}

bool hasProvenAlive(qintptr)
{
    return true;
}

#endif

#ifdef Q_OS_UNIX

bool hasUnread(qintptr descriptor)
{
    char byte = 0;
    return ::recv(static_cast<int>(descriptor), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

SocketCopy::SocketCopy(qintptr descriptor)
    : m_descriptor(descriptor < 0 ? -1 : fcntl(static_cast<int>(descriptor), F_DUPFD_CLOEXEC, 0))
{}

SocketCopy::~SocketCopy()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool SocketCopy::wasReset() const
{
    if (m_descriptor < 0)
        return false;
    // A socket whose peer has sent FIN still has a peer; one that was reset has none.
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    return getpeername(m_descriptor, reinterpret_cast<sockaddr *>(&peer), &length) != 0;
}

qint64 SocketCopy::takeRest(char *to, qint64 most)
{
    if (m_descriptor < 0)
        return 0;
    return std::max<qint64>(0, ::recv(m_descriptor, to, static_cast<size_t>(most), MSG_DONTWAIT));
}

#else

bool hasUnread(qintptr)
{
    return false;
}

SocketCopy::SocketCopy(qintptr) {}

SocketCopy::~SocketCopy() = default;

bool SocketCopy::wasReset() const
{
    return false;
}

qint64 SocketCopy::takeRest(char *, qint64)
{
    return 0;
}

#endif

} // namespace gatehouse::http
