#include "secrets/secretservice.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

constexpr auto busName = "org.freedesktop.secrets"_L1;
constexpr auto serviceInterface = "org.freedesktop.Secret.Service"_L1;
constexpr auto collectionInterface = "org.freedesktop.Secret.Collection"_L1;

QDBusMessage
callOf(const QString &path, const QString &interface, const QString &method, QVariantList arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(busName, path, interface, method);
    message.setArguments(arguments);
    return message;
}

bool meansNoService(const QDBusError &error)
{
    switch (error.type()) {
    case QDBusError::ServiceUnknown:
    case QDBusError::NoServer:
    case QDBusError::Disconnected:
        return true;
    default:
        return error.name().startsWith("org.freedesktop.DBus.Error.Spawn"_L1)
               || error.name() == "org.freedesktop.DBus.Error.NameHasNoOwner"_L1;
    }
}

} // namespace

// These are the attributes by which QtKeychain finds its items.
SecretServiceProbe::SecretServiceProbe(const QString &service, const QString &key, QObject *parent)
    : QObject(parent)
    , m_attributes{{u"server"_s, service}, {u"user"_s, key}}
{}

void SecretServiceProbe::start()
{
    qDBusRegisterMetaType<QMap<QString, QString>>();
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        QMetaObject::invokeMethod(
            this, [this] { finish(SecretServiceState::NoService); }, Qt::QueuedConnection);
        return;
    }
    const QDBusMessage message = callOf(u"/org/freedesktop/secrets"_s,
                                        serviceInterface,
                                        u"SearchItems"_s,
                                        {QVariant::fromValue(m_attributes)});
    const auto watcher = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, &SecretServiceProbe::itemsFound);
}

void SecretServiceProbe::itemsFound(QDBusPendingCallWatcher *watcher)
{
    watcher->deleteLater();
    const QDBusPendingReply<QList<QDBusObjectPath>, QList<QDBusObjectPath>> reply = *watcher;
    if (reply.isError()) {
        finish(meansNoService(reply.error()) ? SecretServiceState::NoService
                                             : SecretServiceState::Unknown);
        return;
    }
    const bool isUnlocked = !reply.argumentAt<0>().isEmpty();
    const bool isLocked = !reply.argumentAt<1>().isEmpty();
    if (isUnlocked || isLocked) {
        finish(isUnlocked ? SecretServiceState::Open : SecretServiceState::Locked);
        return;
    }
    const QDBusMessage message =
        callOf(u"/org/freedesktop/secrets"_s, serviceInterface, u"ReadAlias"_s, {u"default"_s});
    const auto next =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), this);
    connect(next, &QDBusPendingCallWatcher::finished, this, &SecretServiceProbe::defaultFound);
}

void SecretServiceProbe::defaultFound(QDBusPendingCallWatcher *watcher)
{
    watcher->deleteLater();
    const QDBusPendingReply<QDBusObjectPath> reply = *watcher;
    if (reply.isError()) {
        finish(SecretServiceState::Unknown);
        return;
    }
    const QString path = reply.value().path();
    if (path.isEmpty() || path == u"/") {
        finish(SecretServiceState::NoCollection);
        return;
    }
    const QDBusMessage message = callOf(path,
                                        u"org.freedesktop.DBus.Properties"_s,
                                        u"Get"_s,
                                        {QString(collectionInterface), u"Locked"_s});
    const auto next =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), this);
    connect(next, &QDBusPendingCallWatcher::finished, this, &SecretServiceProbe::lockFound);
}

void SecretServiceProbe::lockFound(QDBusPendingCallWatcher *watcher)
{
    watcher->deleteLater();
    const QDBusPendingReply<QDBusVariant> reply = *watcher;
    if (reply.isError())
        finish(SecretServiceState::Unknown);
    else
        finish(reply.value().variant().toBool() ? SecretServiceState::Locked
                                                : SecretServiceState::Open);
}

void SecretServiceProbe::finish(SecretServiceState state)
{
    m_state = state;
    m_finished = true;
    emit finished();
}

} // namespace gatehouse::secrets
