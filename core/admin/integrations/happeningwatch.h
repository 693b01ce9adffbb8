#pragma once

#include "admin/integrations/happening.h"
#include "admin/statistics/statistics.h"
#include "domain/catalog.h"
#include "domain/health.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace gatehouse::admin {

class BackupService;
class CatalogPublisher;
class StatisticsService;

// Notices what people and other programs should know: channels that fail and come back, models that
// nothing serves, keys that are refused, budgets, backups that fail. What is so already when it starts
// is no news. Lives in the main thread.
class HappeningWatch : public QObject
{
    Q_OBJECT

public:
    HappeningWatch(CatalogPublisher &publisher,
                   StatisticsService &statistics,
                   BackupService &backups,
                   QObject *parent = nullptr);

    // Begins to look; once the catalog is in force. Further calls do nothing.
    void start();

    // Whether the budget that it told of is still spent, as far as it has looked.
    bool isSpent(domain::TokenId token, domain::UserId user) const;

signals:
    void happened(const gatehouse::admin::Happening &happening);
    // It has looked at budgets again.
    void budgetsLookedAt();

private:
    void look();
    void lookAtChannels(const domain::Catalog &catalog);
    void lookAtModels(const domain::Catalog &catalog);
    void askForAttention();
    void noteAttention(const std::vector<AttentionItem> &items);

    CatalogPublisher &m_publisher;
    StatisticsService &m_statistics;
    QHash<qint64, domain::Health> m_health{}; // as it was last seen, by channel
    QSet<QString> m_down{};                   // models that no channel serves
    QHash<qint64, int> m_budgets{}; // the last step that was told; by token, or below 0 by user
    bool m_knowsModels = false;
    bool m_knowsBudgets = false;
    QTimer m_attention;
};

} // namespace gatehouse::admin
