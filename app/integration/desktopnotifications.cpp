#include "integration/desktopnotifications.h"

#include "base/logging.h"
#include "integration/applicationid.h"

#ifdef GATEHOUSE_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::app {

#ifdef GATEHOUSE_DBUS

namespace {

const QString service = u"org.freedesktop.Notifications"_s;
const QString path = u"/org/freedesktop/Notifications"_s;
constexpr int longestWait = 5000; // milliseconds; the bus may have to start the service
constexpr qsizetype mostShown = 64;

} // namespace

DesktopNotifications::DesktopNotifications(QObject *parent)
    : QObject(parent)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    // Without the name of the service, so that nothing has to be asked of the bus now.
    bus.connect({}, path, service, u"ActionInvoked"_s, this, SLOT(noteAction(quint32, QString)));
    bus.connect({}, path, service, u"ActivationToken"_s, this, SLOT(noteToken(quint32, QString)));
    bus.connect(
        {}, path, service, u"NotificationClosed"_s, this, SLOT(noteClosed(quint32, quint32)));
}

bool DesktopNotifications::isOffered() const
{
    return QDBusConnection::sessionBus().isConnected();
}

void DesktopNotifications::call(const QString &method, const QVariantList &arguments, Answer answer)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, service, method);
    message.setArguments(arguments);
    auto *watcher = new QDBusPendingCallWatcher(
        QDBusConnection::sessionBus().asyncCall(message, longestWait), this);
    connect(watcher,
            &QDBusPendingCallWatcher::finished,
            this,
            [answer = std::move(answer)](QDBusPendingCallWatcher *call) {
                call->deleteLater();
                answer(call->reply());
            });
}

void DesktopNotifications::show(const Notification &notification)
{
    if (m_capabilities)
        return send(notification);
    m_waiting.push_back(notification);
    if (m_waiting.size() == 1)
        askCapabilities();
}

void DesktopNotifications::askCapabilities()
{
    call(u"GetCapabilities"_s, {}, [this](const QDBusMessage &reply) {
        const bool isAnswered = reply.type() == QDBusMessage::ReplyMessage;
        if (isAnswered)
            m_capabilities = reply.arguments().value(0).toStringList();
        else
            qCInfo(base::lcApp).noquote() << "No desktop notifications:" << reply.errorMessage();
        for (const Notification &each : std::exchange(m_waiting, {})) {
            if (isAnswered)
                send(each);
            else
                emit refused(each);
        }
    });
}

void DesktopNotifications::send(const Notification &notification)
{
    const bool hasMarkup = m_capabilities->contains(u"body-markup"_s);
    QStringList actions;
    if (m_capabilities->contains(u"actions"_s)) {
        actions = {u"default"_s, notification.title};
        for (const Notification::Action &action : notification.actions)
            actions += {action.id, action.text};
    }
    const QVariantMap hints{{u"desktop-entry"_s, QString(applicationId)}};
    constexpr int desktopsOwnTime = -1;
    const QVariantList arguments{u"Gatehouse"_s,
                                 quint32(0), // replaces no other
                                 QString(applicationId),
                                 notification.title,
                                 hasMarkup ? notification.text.toHtmlEscaped() : notification.text,
                                 actions,
                                 hints,
                                 desktopsOwnTime};
    call(u"Notify"_s, arguments, [this, notification](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage) {
            m_capabilities.reset(); // the service may be another one next time
            emit refused(notification);
            return;
        }
        if (m_shown.size() >= mostShown)
            m_shown.clear(); // of a service that does not tell of their end
        m_shown.insert(reply.arguments().value(0).toUInt(), notification);
    });
}

#else

DesktopNotifications::DesktopNotifications(QObject *parent)
    : QObject(parent)
{}

bool DesktopNotifications::isOffered() const
{
    return false;
}

void DesktopNotifications::show(const Notification &notification)
{
    emit refused(notification);
}

#endif

void DesktopNotifications::noteAction(quint32 id, const QString &action)
{
    const auto found = m_shown.constFind(id);
    if (found == m_shown.cend())
        return; // another program's
    // A copy: what the signal leads to may forget it.
    const Notification notification(*found); // NOLINT(performance-unnecessary-copy-initialization)
    emit activated(notification.kind, action, notification.subject, m_tokens.take(id));
}

void DesktopNotifications::noteToken(quint32 id, const QString &token)
{
    if (m_shown.contains(id))
        m_tokens.insert(id, token.toUtf8());
}

void DesktopNotifications::noteClosed(quint32 id, quint32 reason)
{
    Q_UNUSED(reason)
    m_shown.remove(id);
    m_tokens.remove(id);
}

} // namespace gatehouse::app
