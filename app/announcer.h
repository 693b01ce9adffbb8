#pragma once

#include "admin/gateway/gatewayaddress.h"
#include "admin/statistics/statistics.h"
#include "notification.h"
#include "widgets/services.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace gatehouse::ui {
class UiState;
} // namespace gatehouse::ui

namespace gatehouse::app {

class Notifier;

// Tells the Notifier what a person who looks elsewhere should know: channels that fail and come back,
// models that nothing serves, keys that are refused, budgets, other addresses. What is so already when
// the program starts is no news. Which kinds are told is read from the state of the window, where the
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
    void lookAtChannels();
    void lookAtModels();
    void askForAttention();
    void noteAttention(const std::vector<admin::AttentionItem> &items);
    void noteAddresses();
    void tell(NotificationKind kind,
              const QString &title,
              const QString &text,
              const QString &subject = {},
              const QList<Notification::Action> &actions = {});

    const ui::Services m_services;
    Notifier &m_notifier;
    QHash<qint64, domain::Health> m_health{}; // as it was last seen, by channel
    QSet<QString> m_down{};                   // models that no channel serves
    QHash<qint64, int> m_budgets{};           // 100: told as spent; by token, or below 0 by user
    admin::AddressWatch m_addresses{};
    bool m_knowsModels = false;
    bool m_knowsBudgets = false;
    QTimer m_attention;
};

// The button of NotificationKind::AddressChanged, whose subject is the address.
inline const QString copyAction = QStringLiteral("copy");

// Under which key the state of the window keeps whether a kind is told.
QString notificationKey(NotificationKind kind);

} // namespace gatehouse::app
