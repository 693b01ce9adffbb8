#include "admin/statistics/attention.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using Kind = AttentionItem::Kind;

namespace {

constexpr qint64 secondsToMention = 7 * 86'400;

// What is in force may be newer than the catalog.
struct Account
{
    domain::Budget budget{};
    domain::Quota balance{};
    domain::Quota used{};

    double share() const { return domain::usedShare(budget, used, balance); }
    bool isNearlyUsed() const { return domain::isNearlyUsed(budget, used, balance); }
};

Account accountOf(const domain::Token &token, const relay::Admission &admission)
{
    const domain::Quota balance =
        admission.tokenBalance(token.userId, token.id).value_or(token.balance);
    return {token.budget, balance, token.used + (token.balance - balance)};
}

Account accountOf(const domain::User &user, const relay::Admission &admission)
{
    const domain::Quota balance = admission.userBalance(user.id).value_or(user.balance);
    return {user.budget, balance, user.used + (user.balance - balance)};
}

} // namespace

std::vector<AttentionItem> upkeepInNeed(const std::optional<BackupFailure> &backup,
                                        const domain::LostSecrets &missing,
                                        const std::vector<FailingExport> &exports)
{
    std::vector<AttentionItem> items;
    if (backup) {
        items.push_back({.kind = Kind::BackupFailed,
                         .reason = backup->reason,
                         .time = backup->at.toMSecsSinceEpoch()});
    }
    if (!missing.channels.isEmpty())
        items.push_back(
            {.kind = Kind::KeysLost, .count = static_cast<int>(missing.channels.size())});
    const std::pair<bool, QString> settings[] = {
        {missing.metricsToken, u"integrations.metrics"_s},
        {missing.otlpHeaders, u"integrations.otlp_endpoint"_s},
        {missing.webhookSecret, u"integrations.webhook_url"_s}};
    for (const auto &[isMissing, key] : settings) {
        if (isMissing)
            items.push_back({.kind = Kind::SecretLost, .name = key});
    }
    for (const FailingExport &each : exports) {
        items.push_back({.kind = Kind::ExportFails,
                         .name = each.setting,
                         .reason = each.error.message,
                         .time = each.since});
    }
    return items;
}

std::vector<AttentionItem> channelsInNeed(const domain::Catalog &catalog,
                                          const std::vector<ChannelOverview> &channels)
{
    std::vector<AttentionItem> items;
    for (const ChannelOverview &overview : channels) {
        const domain::CatalogChannel *channel = catalog.channel(overview.channel);
        if (!channel)
            continue;
        AttentionItem item{.channel = overview.channel, .name = channel->channel.name};
        item.count = overview.reason.failed;
        item.total = overview.reason.requests;
        item.time = overview.until;
        switch (overview.reason.kind) {
        case HealthReason::Kind::KeysRefused:
        case HealthReason::Kind::DisabledByMachine:
            item.kind = Kind::KeysRefused;
            break;
        case HealthReason::Kind::OutOfCredit:
            item.kind = Kind::OutOfCredit;
            break;
        case HealthReason::Kind::Breaker:
            item.kind = Kind::BreakerOpen;
            break;
        default:
            continue;
        }
        items.push_back(std::move(item));
    }
    std::stable_sort(
        items.begin(), items.end(), [](const AttentionItem &left, const AttentionItem &right) {
            return left.kind < right.kind;
        });
    return items;
}

std::vector<AttentionItem>
accountsInNeed(const domain::Catalog &catalog, const relay::Admission &admission, qint64 now)
{
    const qint64 seconds = now / 1000;
    std::vector<AttentionItem> budgets;
    std::vector<AttentionItem> ends;
    for (const domain::User &user : catalog.users()) {
        const Account account = accountOf(user, admission);
        // Who is topped up now and then has always used most of it.
        const bool isSpent = account.balance.units <= 0 && account.used.units > 0;
        const bool mention = account.budget.isPeriodic() ? account.isNearlyUsed()
                                                         : isSpent && account.budget.warning > 0;
        if (!user.isEnabled() || !mention)
            continue;
        budgets.push_back({.kind = Kind::BudgetLow,
                           .user = user.id,
                           .name = user.displayName.isEmpty() ? user.username : user.displayName,
                           .share = account.share()});
    }
    for (const auto &owned : catalog.tokens()) {
        const domain::Token &token = owned->token;
        if (token.status == domain::TokenStatus::Disabled
            || (token.expiresAt >= 0 && token.expiresAt < seconds))
            continue;
        AttentionItem item{.token = token.id, .user = token.userId, .name = token.name};
        const Account account = accountOf(token, admission);
        if (!token.unlimited && account.isNearlyUsed()) {
            item.kind = Kind::BudgetLow;
            item.share = account.share();
            budgets.push_back(item);
        }
        if (token.expiresAt >= 0 && token.expiresAt - seconds <= secondsToMention) {
            item.kind = Kind::TokenExpires;
            item.time = token.expiresAt * 1000;
            ends.push_back(item);
        }
    }
    std::stable_sort(
        budgets.begin(), budgets.end(), [](const AttentionItem &left, const AttentionItem &right) {
            return left.share > right.share;
        });
    std::stable_sort(
        ends.begin(), ends.end(), [](const AttentionItem &left, const AttentionItem &right) {
            return left.time < right.time;
        });
    budgets.insert(budgets.end(), ends.begin(), ends.end());
    return budgets;
}

} // namespace gatehouse::admin
