// This file calls the system's own functions, for POSIX and for Windows.
#include "gateway/platform.h"

#ifdef Q_OS_WIN
#include <winsock2.h>
#else
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include <algorithm>

namespace gatehouse::gateway {

void endSending(qintptr socket)
{
#ifdef Q_OS_WIN
    ::shutdown(static_cast<SOCKET>(socket), SD_SEND);
#else
    ::shutdown(static_cast<int>(socket), SHUT_WR);
#endif
}

void closeSocket(qintptr socket)
{
#ifdef Q_OS_WIN
    ::closesocket(static_cast<SOCKET>(socket));
#else
    ::close(static_cast<int>(socket));
#endif
}

bool isOwnProcess(qintptr localSocket)
{
#if defined(Q_OS_LINUX)
    ucred peer{};
    socklen_t length = sizeof peer;
    if (getsockopt(static_cast<int>(localSocket), SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
        return false;
    return peer.uid == geteuid();
#elif defined(Q_OS_UNIX)
    uid_t user = 0;
    gid_t group = 0;
    return getpeereid(static_cast<int>(localSocket), &user, &group) == 0 && user == geteuid();
#else
    Q_UNUSED(localSocket)
    return true;
#endif
}

qint64 raiseOpenFilesLimit()
{
    constexpr qint64 enough = 1'048'576;
#ifdef Q_OS_WIN
    return enough;
#else
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;
    const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, static_cast<rlim_t>(enough));
    if (limit.rlim_cur < wanted) {
        const rlim_t before = limit.rlim_cur;
        limit.rlim_cur = wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            limit.rlim_cur = before;
    }
    return static_cast<qint64>(std::min<rlim_t>(limit.rlim_cur, static_cast<rlim_t>(enough)));
#endif
}

} // namespace gatehouse::gateway
