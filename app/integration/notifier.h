#pragma once

#include "base/clock.h"
#include "integration/notification.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::app {

class DesktopNotifications;

// Shows notifications: by D-Bus where the desktop offers that, else by a function (the tray icon's).
// At most one a minute of each kind is shown; those between are gathered into the next. Lives in the
// main thread, and blocks it for nothing.
class Notifier final : public QObject
{
    Q_OBJECT

public:
    using Show = std::function<void(const QString &title, const QString &text)>;

    // `fallback` shows one where there is no D-Bus service for it; call fallbackClicked() when that
    // is clicked.
    Notifier(const base::Clock &clock, Show fallback, QObject *parent = nullptr);
    ~Notifier() override;

    // All kinds are on at first. One that is switched off drops what it still held back.
    void setEnabled(NotificationKind kind, bool enabled);
    bool isEnabled(NotificationKind kind) const;

    void notify(const Notification &notification);
    // What the fallback showed was clicked. False: it was none of these notifications.
    bool fallbackClicked();
    // The fallback was used for something else since.
    void forgetShown();
    // Shows what was held back for long enough; called by a timer of its own.
    void showDue();

signals:
    // A person clicked a notification (`action` is "default") or one of its buttons.
    // With `activationToken` the desktop lets a window come to the foreground; often empty.
    void activated(gatehouse::app::NotificationKind kind,
                   const QString &action,
                   const QString &subject,
                   const QByteArray &activationToken);

private:
    // What is known of the notifications of one kind.
    struct Lane
    {
        bool enabled = true;
        std::optional<base::SteadyTime> shownAt{};
        std::vector<Notification> held{};
        qsizetype dropped = 0; // beyond those in `held`
    };

    Lane &lane(NotificationKind kind) { return m_lanes.at(static_cast<std::size_t>(kind)); }
    bool isDue(const Lane &lane) const;
    void showHeld(Lane &lane);
    void show(const Notification &notification);
    void showElsewhere(const Notification &notification);
    void waitForNext();

    const base::Clock &m_clock;
    const Show m_fallback;
    std::array<Lane, notificationKinds> m_lanes{};
    std::optional<Notification> m_shownElsewhere;
    QTimer m_timer;
    std::unique_ptr<DesktopNotifications> m_desktop; // null where there is no D-Bus
};

} // namespace gatehouse::app
