#include "frame/traywatcher.h"

#include <utility>

#ifdef GATEHOUSE_PORTAL
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusVariant>
#include <QGuiApplication>
#endif

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

TrayWatcher::TrayWatcher(QObject *parent)
    : QObject(parent)
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] { answer(true); });
    follow();
}

void TrayWatcher::answer(bool hasTray)
{
    if (!hasTray || std::exchange(m_isReady, true))
        return;
    m_patience.stop();
    emit ready();
}

#ifdef GATEHOUSE_PORTAL

namespace {

const QString trayService = u"org.kde.StatusNotifierWatcher"_s;
const QString trayPath = u"/StatusNotifierWatcher"_s;

// What Qt asks, too: there may be a watcher before there is a panel that shows icons.
QDBusMessage trayQuestion()
{
    QDBusMessage question = QDBusMessage::createMethodCall(
        trayService, trayPath, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << trayService << u"IsStatusNotifierHostRegistered"_s;
    question.setAutoStartService(false);
    return question;
}

bool hasTrayIn(const QDBusPendingReply<QDBusVariant> &reply)
{
    return !reply.isError() && reply.value().variant().toBool();
}

} // namespace

void TrayWatcher::follow()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return answer(true);
    auto *services =
        new QDBusServiceWatcher(trayService, bus, QDBusServiceWatcher::WatchForRegistration, this);
    connect(services, &QDBusServiceWatcher::serviceRegistered, this, &TrayWatcher::ask);
    bus.connect(
        trayService, trayPath, trayService, u"StatusNotifierHostRegistered"_s, this, SLOT(ask()));
    // Waited for, so that a start without a window knows at once whether there is a tray.
    constexpr int longest = 200;
    answer(hasTrayIn(bus.call(trayQuestion(), QDBus::Block, longest)));
    if (m_isReady)
        return;
    ask();
    // X11 has trays of an older kind, which are not on the bus: Qt finds them once it is asked.
    constexpr int untilOlderKind = 20'000;
    if (QGuiApplication::platformName() == u"xcb"_s)
        m_patience.start(untilOlderKind);
}

void TrayWatcher::ask()
{
    if (m_isReady)
        return;
    auto *reply =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(trayQuestion()), this);
    connect(reply, &QDBusPendingCallWatcher::finished, this, [this, reply] {
        reply->deleteLater();
        answer(hasTrayIn(*reply));
    });
}

#else

void TrayWatcher::follow()
{
    answer(true);
}

void TrayWatcher::ask() {}

#endif

} // namespace gatehouse::ui
