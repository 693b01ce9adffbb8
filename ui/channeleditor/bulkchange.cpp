#include "channeleditor/bulkchange.h"

namespace gatehouse::ui {

namespace {

void change(QStringList &list, const QStringList &added, const QStringList &removed)
{
    list.removeIf([&removed](const QString &each) { return removed.contains(each); });
    for (const QString &each : added) {
        if (!list.contains(each))
            list.append(each);
    }
}

} // namespace

void BulkChange::applyTo(domain::Channel &channel) const
{
    using domain::ChannelStatus;
    if (enabled && channel.isEnabled() != *enabled) {
        channel.status = *enabled ? ChannelStatus::Enabled : ChannelStatus::DisabledByHand;
        channel.statusReason.clear();
    }
    channel.priority = priority.value_or(channel.priority);
    channel.weight = weight.value_or(channel.weight);
    channel.groups = groups.value_or(channel.groups);
    channel.proxy = proxy.value_or(channel.proxy);
    channel.timeouts.total = wholeTime.value_or(channel.timeouts.total);
    domain::ChannelLimits &limits = channel.limits;
    limits.concurrentRequests = concurrentRequests.value_or(limits.concurrentRequests);
    limits.requestsPerMinute = requestsPerMinute.value_or(limits.requestsPerMinute);
    limits.tokensPerMinute = tokensPerMinute.value_or(limits.tokensPerMinute);
    channel.priceRatioMillionths = priceRatioMillionths.value_or(channel.priceRatioMillionths);
    change(channel.models, addedModels, removedModels);
    change(channel.tags, addedTags, removedTags);
}

} // namespace gatehouse::ui
