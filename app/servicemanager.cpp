#include "servicemanager.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <optional>

#ifdef Q_OS_LINUX
#include <cstddef>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

// How often the watchdog wants to hear of this process; nothing if it does not watch it.
std::optional<std::chrono::milliseconds> watchdogInterval(const QMap<QString, QString> &environment)
{
    const qint64 microseconds = environment.value(u"WATCHDOG_USEC"_s).toLongLong();
    const QString process = environment.value(u"WATCHDOG_PID"_s);
    const bool isOurs =
        process.isEmpty() || process.toLongLong() == QCoreApplication::applicationPid();
    if (microseconds <= 0 || !isOurs)
        return {};
    // Half of what it allows, so that one late round does no harm.
    const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds(microseconds) / 2);
    return std::max(half, std::chrono::milliseconds(1));
}

} // namespace

ServiceManager::ServiceManager(const QMap<QString, QString> &environment, QObject *parent)
    : QObject(parent)
    , m_socket(environment.value(u"NOTIFY_SOCKET"_s).toLocal8Bit())
{
    const auto interval = watchdogInterval(environment);
    if (m_socket.isEmpty() || !interval)
        return;
    m_watchdog.setInterval(*interval);
    connect(&m_watchdog, &QTimer::timeout, this, [this] { send("WATCHDOG=1"); });
    m_watchdog.start();
}

void ServiceManager::ready(const QString &status)
{
    send("READY=1\nSTATUS=" + status.toUtf8());
}

void ServiceManager::stopping(const QString &status)
{
    send("STOPPING=1\nSTATUS=" + status.toUtf8());
}

void ServiceManager::send(const QByteArray &state) const
{
#ifdef Q_OS_LINUX
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const auto length = static_cast<std::size_t>(m_socket.size());
    if (length == 0 || length >= sizeof(address.sun_path))
        return;
    std::memcpy(address.sun_path, m_socket.constData(), length);
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0'; // the abstract namespace
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    // What the manager does not take is told again, or is of no use any more.
    [[maybe_unused]] const ssize_t sent = ::sendto(descriptor,
                                                   state.constData(),
                                                   static_cast<std::size_t>(state.size()),
                                                   MSG_NOSIGNAL,
                                                   reinterpret_cast<const sockaddr *>(&address),
                                                   size);
    ::close(descriptor);
#else
    Q_UNUSED(state)
#endif
}

} // namespace gatehouse::app
