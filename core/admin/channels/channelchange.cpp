#include "admin/channels/channelchange.h"

#include "admin/channels/channelservice.h"

#include <tuple>

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;

namespace {

ChannelKey *keyOf(QList<ChannelKey> &keys, qint64 id)
{
    const auto found = std::find_if(
        keys.begin(), keys.end(), [id](const ChannelKey &key) { return key.id == id; });
    return found == keys.end() ? nullptr : &*found;
}

void takeBackKeys(QList<ChannelKey> &keys, ChangedChannel change)
{
    keys.removeIf([&change](const ChannelKey &key) {
        return keyOf(change.after.keys, key.id) && !keyOf(change.before.keys, key.id);
    });
    for (qsizetype i = 0; i < change.before.keys.size(); ++i) {
        const ChannelKey &former = change.before.keys.at(i);
        const ChannelKey *changed = keyOf(change.after.keys, former.id);
        ChannelKey *present = keyOf(keys, former.id);
        if (!changed && !present)
            keys.insert(std::min(i, keys.size()), former); // where it was
        else if (changed && present && *changed != former)
            *present = former;
    }
}

// With all of it switched on.
Channel switchedOn(Channel channel)
{
    channel.status = domain::ChannelStatus::Enabled;
    for (ChannelKey &key : channel.keys) {
        key.enabled = true;
        key.disabledReason.clear();
    }
    return channel;
}

} // namespace

void takeBack(Channel &channel, const ChangedChannel &change)
{
    const auto each = [&](auto... members) {
        const auto one = [&](auto member) {
            if (change.before.*member != change.after.*member)
                channel.*member = change.before.*member;
        };
        (one(members), ...);
    };
    each(&Channel::type,
         &Channel::name,
         &Channel::status,
         &Channel::statusReason,
         &Channel::baseUrl,
         &Channel::models,
         &Channel::groups,
         &Channel::priority,
         &Channel::weight,
         &Channel::modelMapping,
         &Channel::headerOverrides,
         &Channel::bodyOverrides,
         &Channel::systemPrompt,
         &Channel::proxy,
         &Channel::timeouts,
         &Channel::limits,
         &Channel::priceRatioMillionths,
         &Channel::organization,
         &Channel::apiVersion,
         &Channel::certificateAuthority,
         &Channel::verifyCertificate,
         &Channel::allowPrivateAddress,
         &Channel::testModel,
         &Channel::tags,
         &Channel::note,
         &Channel::config);
    takeBackKeys(channel.keys, change);
}

bool canBeTakenBack(const ChangedChannel &change)
{
    return change.before.keys.isEmpty()
           || keyDestination(change.before) == keyDestination(change.after);
}

bool changesReach(const ChangedChannel &change)
{
    const auto reach = [](const domain::Channel &channel) {
        return std::tie(channel.type,
                        channel.status,
                        channel.baseUrl,
                        channel.keys,
                        channel.proxy,
                        channel.certificateAuthority,
                        channel.verifyCertificate,
                        channel.allowPrivateAddress,
                        channel.timeouts,
                        channel.headerOverrides,
                        channel.organization,
                        channel.apiVersion,
                        channel.config);
    };
    return reach(change.before) != reach(change.after);
}

bool changesSwitchesAlone(const ChangedChannel &change)
{
    return !changesReach({.before = switchedOn(change.before), .after = switchedOn(change.after)});
}

bool switchesOffAlone(const ChangedChannel &change)
{
    const auto isSwitchedOn = [&change](const ChannelKey &key) {
        const auto before =
            std::find_if(change.before.keys.begin(),
                         change.before.keys.end(),
                         [&key](const ChannelKey &each) { return each.id == key.id; });
        return key.enabled && before != change.before.keys.end() && !before->enabled;
    };
    return changesSwitchesAlone(change) && (change.before.isEnabled() || !change.after.isEnabled())
           && std::none_of(change.after.keys.begin(), change.after.keys.end(), isSwitchedOn);
}

} // namespace gatehouse::admin
