#include "admin/statistics/attention.h"

namespace gatehouse::admin {

using Kind = AttentionItem::Kind;

namespace {

constexpr double usedShareToMention = 0.8;
constexpr qint64 secondsToMention = 7 * 86'400;

// The balance and what was used of it, as they are now.
std::optional<double> usedShare(const domain::Token &token, const relay::Admission &admission)
{
    if (token.unlimited)
        return std::nullopt;
    const domain::Quota balance =
        admission.tokenBalance(token.userId, token.id).value_or(token.balance);
    const domain::Quota used = token.used + (token.balance - balance);
    const double whole = static_cast<double>(used.units) + static_cast<double>(balance.units);
    if (whole <= 0 || used.units < 0)
        return balance.units <= 0 ? std::optional(1.0) : std::nullopt;
    return std::clamp(static_cast<double>(used.units) / whole, 0.0, 1.0);
}

} // namespace

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
tokensInNeed(const domain::Catalog &catalog, const relay::Admission &admission, qint64 now)
{
    const qint64 seconds = now / 1000;
    std::vector<AttentionItem> budgets;
    std::vector<AttentionItem> ends;
    for (const auto &owned : catalog.tokens()) {
        const domain::Token &token = owned->token;
        if (token.status == domain::TokenStatus::Disabled
            || (token.expiresAt >= 0 && token.expiresAt < seconds))
            continue;
        AttentionItem item{.token = token.id, .user = token.userId, .name = token.name};
        const std::optional<double> share = usedShare(token, admission);
        if (share && *share > usedShareToMention) {
            item.kind = Kind::BudgetLow;
            item.share = *share;
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
