// This file calls the system's own functions where Qt has none.
#include "integration/wakelock.h"

#ifdef GATEHOUSE_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusUnixFileDescriptor>
#endif
#ifdef Q_OS_WIN
#include <windows.h>
#endif
#ifdef Q_OS_MACOS
#include <IOKit/pwr_mgt/IOPMLib.h>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::app {

#if defined(GATEHOUSE_DBUS)

// logind lets the computer sleep again once all copies of the descriptor are closed.
class WakeLock::Grip
{
public:
    Grip()
    {
        QDBusMessage question = QDBusMessage::createMethodCall(u"org.freedesktop.login1"_s,
                                                               u"/org/freedesktop/login1"_s,
                                                               u"org.freedesktop.login1.Manager"_s,
                                                               u"Inhibit"_s);
        question << u"sleep:idle"_s << u"Gatehouse"_s << u"Answers are being streamed"_s
                 << u"block"_s;
        m_answer = std::make_unique<QDBusPendingCallWatcher>(
            QDBusConnection::systemBus().asyncCall(question));
        QObject::connect(m_answer.get(),
                         &QDBusPendingCallWatcher::finished,
                         m_answer.get(),
                         [this](QDBusPendingCallWatcher *answer) {
                             const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *answer;
                             if (!reply.isError())
                                 m_descriptor = reply.value();
                         });
    }

private:
    QDBusUnixFileDescriptor m_descriptor{};
    std::unique_ptr<QDBusPendingCallWatcher> m_answer; // an answer that comes later is dropped
};

bool WakeLock::isOffered()
{
    return QDBusConnection::systemBus().isConnected();
}

#elif defined(Q_OS_WIN)

class WakeLock::Grip
{
public:
    Grip() { SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED); }
    ~Grip() { SetThreadExecutionState(ES_CONTINUOUS); }
    Grip(const Grip &) = delete;
    Grip &operator=(const Grip &) = delete;
};

bool WakeLock::isOffered()
{
    return true;
}

#elif defined(Q_OS_MACOS)

class WakeLock::Grip
{
public:
    Grip()
    {
        m_isMade = IOPMAssertionCreateWithName(kIOPMAssertionTypePreventUserIdleSystemSleep,
                                               kIOPMAssertionLevelOn,
                                               CFSTR("Gatehouse streams answers"),
                                               &m_assertion)
                   == kIOReturnSuccess;
    }
    ~Grip()
    {
        if (m_isMade)
            IOPMAssertionRelease(m_assertion);
    }
    Grip(const Grip &) = delete;
    Grip &operator=(const Grip &) = delete;

private:
    IOPMAssertionID m_assertion = 0;
    bool m_isMade = false;
};

bool WakeLock::isOffered()
{
    return true;
}

#else

class WakeLock::Grip
{};

bool WakeLock::isOffered()
{
    return false;
}

#endif

WakeLock::WakeLock(QObject *parent)
    : QObject(parent)
{}

WakeLock::~WakeLock() = default;

void WakeLock::setHeld(bool held)
{
    if (m_isHeld == held || !isOffered())
        return;
    m_isHeld = held;
    m_grip = held ? std::make_unique<Grip>() : nullptr;
}

} // namespace gatehouse::app
