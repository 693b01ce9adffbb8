// This file calls the system's own functions where Qt has none.
#include "integration/networkwatch.h"

#include <array>

#ifdef GATEHOUSE_DBUS
#include <QDBusConnection>
#endif
#ifdef Q_OS_LINUX
#include <QSocketNotifier>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>
#else
#include <QNetworkInformation>
#endif
#ifdef Q_OS_WIN
#include <QAbstractNativeEventFilter>
#include <QCoreApplication>
#include <windows.h>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::app {

#if defined(Q_OS_LINUX)

// The kernel's own word on addresses that come and go.
class NetworkWatch::Source
{
public:
    explicit Source(NetworkWatch &watch)
        : m_socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE))
    {
        if (m_socket < 0)
            return;
        sockaddr_nl address = {};
        address.nl_family = AF_NETLINK;
        address.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
        if (::bind(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            return;
        m_notifier = std::make_unique<QSocketNotifier>(m_socket, QSocketNotifier::Read);
        QObject::connect(m_notifier.get(), &QSocketNotifier::activated, &watch, [this, &watch] {
            // What has changed is asked anew by those who are told.
            std::array<char, 8192> ignored;
            while (::recv(m_socket, ignored.data(), ignored.size(), 0) > 0) {
            }
            watch.noteChange();
        });
    }
    Source(const Source &) = delete;
    Source &operator=(const Source &) = delete;
    ~Source()
    {
        m_notifier.reset();
        if (m_socket >= 0)
            ::close(m_socket);
    }

private:
    const int m_socket;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

#elif defined(Q_OS_WIN)

class NetworkWatch::Source final : public QAbstractNativeEventFilter
{
public:
    explicit Source(NetworkWatch &watch)
        : m_watch(watch)
    {
        QCoreApplication::instance()->installNativeEventFilter(this);
        if (QNetworkInformation::loadDefaultBackend()) {
            QObject::connect(QNetworkInformation::instance(),
                             &QNetworkInformation::reachabilityChanged,
                             &watch,
                             [&watch] { watch.noteChange(); });
        }
    }

    // Sent to every window of the process.
    bool nativeEventFilter(const QByteArray &, void *message, qintptr *) override
    {
        const MSG *event = static_cast<const MSG *>(message);
        if (event->message != WM_POWERBROADCAST)
            return false;
        if (event->wParam == PBT_APMSUSPEND)
            m_watch.noteSleep(true);
        else if (event->wParam == PBT_APMRESUMEAUTOMATIC)
            m_watch.noteSleep(false);
        return false;
    }

private:
    NetworkWatch &m_watch;
};

#else

class NetworkWatch::Source
{
public:
    explicit Source(NetworkWatch &watch)
    {
        if (QNetworkInformation::loadDefaultBackend()) {
            QObject::connect(QNetworkInformation::instance(),
                             &QNetworkInformation::reachabilityChanged,
                             &watch,
                             [&watch] { watch.noteChange(); });
        }
    }
};

#endif

NetworkWatch::NetworkWatch(QObject *parent)
    : QObject(parent)
{
    constexpr std::chrono::milliseconds burst(500);
    m_settle.setSingleShot(true);
    m_settle.setInterval(burst);
    connect(&m_settle, &QTimer::timeout, this, &NetworkWatch::addressesChanged);
    m_source = std::make_unique<Source>(*this);
#ifdef GATEHOUSE_DBUS
    QDBusConnection::systemBus().connect({},
                                         u"/org/freedesktop/login1"_s,
                                         u"org.freedesktop.login1.Manager"_s,
                                         u"PrepareForSleep"_s,
                                         this,
                                         SLOT(noteSleep(bool)));
#endif
}

NetworkWatch::~NetworkWatch() = default;

void NetworkWatch::noteSleep(bool begins)
{
    if (m_sleeps == begins)
        return; // said before, to another window
    m_sleeps = begins;
    if (begins)
        emit goingToSleep();
    else
        emit wokenUp();
}

} // namespace gatehouse::app
