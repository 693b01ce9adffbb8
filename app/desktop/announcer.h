#pragma once

#include "admin/gateway/gatewayaddress.h"
#include "admin/integrations/happening.h"
#include "integration/notification.h"
#include "widgets/services.h"

#include <QObject>

namespace gatehouse::ui {
class UiState;
} // namespace gatehouse::ui

namespace gatehouse::app {

class Notifier;

// Tells the Notifier what a person who looks elsewhere should know: what admin::HappeningWatch notices,
// and other addresses. What is so already when the program starts is no news. Which kinds are told is read from the state of the window, where the
// settings page stores it. Lives in the main thread.
class Announcer final : public QObject
{
    Q_OBJECT

public:
    Announcer(const ui::Services &services, Notifier &notifier, QObject *parent = nullptr);

    // The window was closed and the gateway goes on.
    void stillRunning();

private:
    void applySettings();
    void announce(const admin::Happening &happening);
    void noteAddresses();
    void tell(NotificationKind kind,
              const QString &title,
              const QString &text,
              const QString &subject = {},
              const QList<Notification::Action> &actions = {});

    const ui::Services m_services;
    Notifier &m_notifier;
    admin::AddressWatch m_addresses{};
};

// The button of NotificationKind::AddressChanged, whose subject is the address.
inline const QString copyAction = QStringLiteral("copy");

// Under which key the state of the window keeps whether a kind is told.
QString notificationKey(NotificationKind kind);

} // namespace gatehouse::app
