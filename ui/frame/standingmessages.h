#pragma once

#include "admin/integrations/happening.h"
#include "widgets/page.h"
#include "widgets/services.h"

#include <QHash>
#include <QMap>
#include <QObject>

namespace gatehouse::ui {

class MessageBar;

// What stands over all pages until it is over or the person closes it: budgets that are spent and exports
// that fail. What was closed comes back for a new cause alone.
class StandingMessages : public QObject
{
    Q_OBJECT

public:
    StandingMessages(const Services &services, MessageBar &bar, QObject *parent);

signals:
    // The person wants to see what it is about: an item of a page, or a setting.
    void itemRequested(gatehouse::ui::PageId page, qint64 item);
    void settingRequested(const QString &key);

private:
    void noteHappening(const admin::Happening &happening);
    void lookAtBudgets();
    void showExports();
    void noteDismissed(const QString &id);

    const Services m_services;
    MessageBar &m_bar;
    QHash<QString, admin::Happening> m_budgets{}; // that are told as spent, by the message's id
    QMap<QString, QString> m_exports{};           // why those fail that are told, likewise
    QMap<QString, QString> m_dismissed{};         // the same of those that were closed
};

} // namespace gatehouse::ui
