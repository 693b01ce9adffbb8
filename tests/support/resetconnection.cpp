// Platform-specific: uses the socket calls of the operating system (POSIX; elsewhere the connection
// is only aborted).
#include "support/resetconnection.h"

#include <QAbstractSocket>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace gatehouse::support {

void resetConnection(QAbstractSocket &socket)
{
#ifdef Q_OS_UNIX
    const linger atOnce{1, 0};
    ::setsockopt(
        static_cast<int>(socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
#endif
    socket.abort();
}

} // namespace gatehouse::support
