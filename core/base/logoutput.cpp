// This file calls the system's own functions: poll(2), write(2) where they are.
#include "base/logoutput.h"

#include <QtGlobal>

#ifdef Q_OS_WIN
#include <cstdio>
#else
#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <unistd.h>
#endif

namespace gatehouse::base {

#ifdef Q_OS_WIN

bool LogOutput::writeAll(QByteArrayView text)
{
    const auto size = static_cast<size_t>(text.size());
    const bool isWritten = std::fwrite(text.data(), 1, size, stderr) == size;
    const bool isFlushed = std::fflush(stderr) == 0;
    std::clearerr(stderr);
    return isWritten && isFlushed;
}

#else

namespace {

// A terminal that is slow is waited for; one that stands still, or a reader that is stopped, only once.
constexpr int patience = 100; // milliseconds

// What a pipe takes without waiting when it takes anything.
constexpr qsizetype mostAtOnce = PIPE_BUF;

bool hasRoom(int milliseconds)
{
    pollfd target{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    int ready = 0;
    do {
        ready = ::poll(&target, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready > 0; // be it for an error, which the writing then meets
}

} // namespace

bool LogOutput::writeAll(QByteArrayView text)
{
    while (!text.isEmpty()) {
        const bool wasStuck = m_isStuck;
        m_isStuck = !hasRoom(wasStuck ? 0 : patience);
        if (m_isStuck)
            return false;
        const auto most = static_cast<size_t>(std::min(text.size(), mostAtOnce));
        const ssize_t written = ::write(STDERR_FILENO, text.data(), most);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text = text.sliced(written);
        m_isTorn = !text.isEmpty();
    }
    return true;
}

#endif

bool LogOutput::write(QByteArrayView line)
{
    // The rest of a line that broke off is not mistaken for the beginning of this one.
    if (m_isTorn && !writeAll("\n"))
        return false;
    return writeAll(line);
}

} // namespace gatehouse::base
