#pragma once

#include <QMap>
#include <QObject>
#include <QString>

class QDBusPendingCallWatcher;

namespace gatehouse::secrets {

// What is known of the Secret Service on the session's bus (the freedesktop.org Secret Service API).
enum class SecretServiceState {
    Unknown,      // it has not answered yet, or not understandably
    NoService,    // no bus, or nobody on it offers the service
    NoCollection, // a service without a default collection to store items in
    Locked,       // the item or the default collection is locked
    Open,
};

// Asks the Secret Service whether an item, or the collection where it would be, is locked, without
// causing any prompt. QtKeychain cannot tell that: an unlocking that was dismissed looks to it like an
// item that does not exist. It lives in the main thread.
class SecretServiceProbe final : public QObject
{
    Q_OBJECT

public:
    // The item is that which QtKeychain keeps under `service` and `key`.
    SecretServiceProbe(const QString &service, const QString &key, QObject *parent = nullptr);

    void start();
    SecretServiceState state() const { return m_state; }
    bool isFinished() const { return m_finished; }

signals:
    // Once, and never from within start().
    void finished();

private:
    void itemsFound(QDBusPendingCallWatcher *watcher);
    void defaultFound(QDBusPendingCallWatcher *watcher);
    void lockFound(QDBusPendingCallWatcher *watcher);
    void finish(SecretServiceState state);

    const QMap<QString, QString> m_attributes;
    SecretServiceState m_state = SecretServiceState::Unknown;
    bool m_finished = false;
};

} // namespace gatehouse::secrets
