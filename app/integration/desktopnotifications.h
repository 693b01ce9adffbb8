#pragma once

#include "integration/notification.h"

#include <QHash>
#include <QObject>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

class QDBusMessage;

namespace gatehouse::app {

// Shows notifications by the D-Bus service org.freedesktop.Notifications, without waiting for it.
// Lives in the main thread.
class DesktopNotifications final : public QObject
{
    Q_OBJECT

public:
    explicit DesktopNotifications(QObject *parent = nullptr);

    // False where there is no session bus: then nothing can be shown.
    bool isOffered() const;
    // What the desktop does not take comes back with refused().
    void show(const Notification &notification);

signals:
    void activated(gatehouse::app::NotificationKind kind,
                   const QString &action,
                   const QString &subject,
                   const QByteArray &activationToken);
    void refused(const gatehouse::app::Notification &notification);

private:
    using Answer = std::function<void(const QDBusMessage &)>;

    void call(const QString &method, const QVariantList &arguments, Answer answer);
    void askCapabilities();
    void send(const Notification &notification);

    std::optional<QStringList> m_capabilities; // of the service; nothing until it has told
    std::vector<Notification> m_waiting;       // for the capabilities
    QHash<quint32, Notification> m_shown;
    QHash<quint32, QByteArray> m_tokens;

private slots:
    void noteAction(quint32 id, const QString &action);
    void noteToken(quint32 id, const QString &token);
    void noteClosed(quint32 id, quint32 reason);
};

} // namespace gatehouse::app
