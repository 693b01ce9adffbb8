// Platform-specific: uses the socket calls of the operating system (POSIX; nothing elsewhere).
#include "upstream/nativesocket.h"

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace gatehouse::upstream {

#ifdef Q_OS_UNIX

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

QByteArray SocketCopy::takeRest()
{
    if (m_descriptor < 0)
        return {};
    constexpr qsizetype mostBytes = 64 * 1024;
    QByteArray bytes(mostBytes, Qt::Uninitialized);
    const ssize_t length =
        ::recv(m_descriptor, bytes.data(), static_cast<size_t>(mostBytes), MSG_DONTWAIT);
    bytes.truncate(std::max<qsizetype>(0, length));
    return bytes;
}

#else

SocketCopy::SocketCopy(qintptr) {}

SocketCopy::~SocketCopy() = default;

bool SocketCopy::wasReset() const
{
    return false;
}

QByteArray SocketCopy::takeRest()
{
    return {};
}

#endif

} // namespace gatehouse::upstream
