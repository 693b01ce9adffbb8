#include "admin/integrations/happeningwatch.h"

#include "admin/catalogpublisher.h"
#include "admin/statistics/statisticsservice.h"
#include "admin/upkeep/backupservice.h"

namespace gatehouse::admin {

using domain::Health;

namespace {

constexpr int spentStep = 2; // the last step of a budget

// Of HappeningWatch::m_budgets.
qint64 budgetKey(domain::TokenId token, domain::UserId user)
{
    return token.isNull() ? -user.value : token.value;
}

// Nothing goes through the channel until it changes, or a person does something.
bool isOutOfUse(Health health)
{
    return health == Health::Open || health == Health::AuthenticationFailed
           || health == Health::NoCredit;
}

// What is new with a channel; absent: nothing to tell.
std::optional<Happening::Kind> newsOf(Health former, Health present)
{
    switch (present) {
    case Health::Open:
        return Happening::Kind::ChannelOpened;
    case Health::AuthenticationFailed:
        return Happening::Kind::KeyRefused;
    case Health::NoCredit:
        return Happening::Kind::AccountEmpty;
    case Health::Healthy:
        return isOutOfUse(former) ? std::optional(Happening::Kind::ChannelRecovered) : std::nullopt;
    default:
        return std::nullopt;
    }
}

} // namespace

HappeningWatch::HappeningWatch(CatalogPublisher &publisher,
                               StatisticsService &statistics,
                               BackupService &backups,
                               QObject *parent)
    : QObject(parent)
    , m_publisher(publisher)
    , m_statistics(statistics)
{
    constexpr std::chrono::seconds interval(30);
    m_attention.setInterval(interval);
    connect(&m_attention, &QTimer::timeout, this, &HappeningWatch::askForAttention);
    connect(&backups, &BackupService::scheduleFailed, this, [this](const base::Error &error) {
        emit happened({.kind = Happening::Kind::BackupFailed, .reason = error.message});
    });
}

void HappeningWatch::start()
{
    if (m_attention.isActive())
        return;
    connect(&m_statistics, &StatisticsService::changed, this, &HappeningWatch::look);
    connect(&m_publisher, &CatalogPublisher::catalogChanged, this, &HappeningWatch::look);
    // One of those may have been raised.
    connect(&m_publisher, &CatalogPublisher::catalogChanged, this, [this] {
        if (!m_budgets.isEmpty())
            askForAttention();
    });
    m_attention.start();
    look();
    askForAttention();
}

void HappeningWatch::look()
{
    const auto catalog = m_publisher.catalog();
    if (!catalog)
        return;
    lookAtChannels(*catalog);
    lookAtModels(*catalog);
}

void HappeningWatch::lookAtChannels(const domain::Catalog &catalog)
{
    QHash<qint64, Health> present;
    std::vector<Happening> news;
    for (const ChannelOverview &state : m_statistics.states()) {
        const domain::CatalogChannel *channel = catalog.channel(state.channel);
        if (!channel)
            continue;
        const qint64 id = state.channel.value;
        present.insert(id, state.health);
        const auto former = m_health.constFind(id);
        if (former == m_health.cend() || *former == state.health)
            continue;
        if (const auto kind = newsOf(*former, state.health)) {
            news.push_back(
                {.kind = *kind, .name = channel->channel.name, .channel = state.channel});
        } else if (isOutOfUse(*former)
                   && (state.health == Health::Testing || state.health == Health::Degraded)) {
            present.insert(id, *former); // whether it is back is not known yet
        }
    }
    m_health = present;
    for (const Happening &each : news)
        emit happened(each);
}

// A model is down when all channels that are switched on for it are.
void HappeningWatch::lookAtModels(const domain::Catalog &catalog)
{
    QSet<QString> served;
    QSet<QString> wanted;
    for (const auto &each : catalog.channels()) {
        const domain::Channel &channel = each->channel;
        if (!channel.isEnabled())
            continue;
        const bool serves = !isOutOfUse(m_health.value(channel.id.value, Health::Healthy));
        for (const QString &model : channel.models) {
            wanted.insert(model);
            if (serves)
                served.insert(model);
        }
    }
    const QSet<QString> down = wanted - served;
    const QSet<QString> news = m_knowsModels ? down - m_down : QSet<QString>();
    m_knowsModels = true;
    m_down = down;
    for (const QString &model : news)
        emit happened({.kind = Happening::Kind::ModelDown, .name = model});
}

void HappeningWatch::askForAttention()
{
    whenDone(m_statistics.attention(),
             this,
             [this](const base::Result<std::vector<AttentionItem>> &items) {
                 if (items)
                     noteAttention(*items);
             });
}

void HappeningWatch::noteAttention(const std::vector<AttentionItem> &items)
{
    constexpr double all = 1;
    constexpr int low = 1;
    QHash<qint64, int> present;
    std::vector<Happening> news;
    for (const AttentionItem &item : items) {
        if (item.kind != AttentionItem::Kind::BudgetLow)
            continue;
        const int step = item.share >= all ? spentStep : low;
        const qint64 key = budgetKey(item.token, item.user);
        present.insert(key, step);
        if (m_knowsBudgets && m_budgets.value(key) < step) {
            news.push_back({.kind = step == spentStep ? Happening::Kind::BudgetSpent
                                                      : Happening::Kind::BudgetLow,
                            .name = item.name,
                            .token = item.token,
                            .user = item.user,
                            .share = item.share});
        }
    }
    m_knowsBudgets = true;
    m_budgets = present;
    for (const Happening &each : news)
        emit happened(each);
    emit budgetsLookedAt();
}

bool HappeningWatch::isSpent(domain::TokenId token, domain::UserId user) const
{
    return m_budgets.value(budgetKey(token, user)) == spentStep;
}

} // namespace gatehouse::admin
