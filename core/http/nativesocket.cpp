// Platform-specific: uses the socket calls of the operating system (POSIX; nothing elsewhere).
#include "http/nativesocket.h"

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace gatehouse::http {

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

qint64 SocketCopy::takeRest(char *to, qint64 most)
{
    if (m_descriptor < 0)
        return 0;
    return std::max<qint64>(0, ::recv(m_descriptor, to, static_cast<size_t>(most), MSG_DONTWAIT));
}

#else

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
