#include "admin/channels/channeljudge.h"

#include "admin/channels/channelstate.h"
#include "admin/channels/routecandidates.h"
#include "relay/routing/suitability.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Catalog;
using domain::CatalogChannel;
using protocol::Operation;
using relay::Exclusion;

namespace {

relay::Suitability suitabilityFor(const Catalog &catalog,
                                  const QByteArray &model,
                                  const std::vector<Operation> &operations,
                                  qint64 now)
{
    return [&catalog, model, operations, now](const CatalogChannel &channel) {
        Message reason;
        for (const Operation operation : operations) {
            Message why = relay::unsuitability(catalog, channel, operation, model, now);
            if (why.isEmpty())
                return Message();
            if (reason.isEmpty())
                reason = std::move(why);
        }
        return reason;
    };
}

RouteExclusion kindOf(const Exclusion &exclusion, int failuresInARow, qint64 breakerFailures)
{
    switch (exclusion.kind) {
    case Exclusion::Kind::None:
        return RouteExclusion::None;
    case Exclusion::Kind::DisabledByPerson:
        return RouteExclusion::DisabledByPerson;
    case Exclusion::Kind::DisabledAutomatically:
        return RouteExclusion::DisabledAutomatically;
    case Exclusion::Kind::Unsuitable:
        return RouteExclusion::NotSupported;
    case Exclusion::Kind::NoKey:
        return RouteExclusion::NoUsableKey;
    case Exclusion::Kind::AtLimit:
        return RouteExclusion::AtLimit;
    case Exclusion::Kind::FailedJustNow:
    case Exclusion::Kind::Resting:
        break;
    }
    return failuresInARow >= breakerFailures ? RouteExclusion::BreakerOpen
                                             : RouteExclusion::Resting;
}

// How many keys of a channel are in each state; the same that Channels shows.
struct KeyCounts
{
    int usable = 0;
    int resting = 0;
    int refused = 0;
    int withoutCredit = 0;
    int disabled = 0;
    qint64 restUntil = 0; // of the first that rests

    int allRefused() const { return refused + withoutCredit; }
};

KeyCounts
keyCountsOf(const domain::Channel &channel, std::span<const relay::KeyHealth> health, qint64 now)
{
    using State = KeyOverview::State;
    KeyCounts counts;
    for (const KeyOverview &key : keysOf({.channel = channel, .keys = health, .now = now})) {
        switch (key.state) {
        case State::Usable:
            ++counts.usable;
            break;
        case State::Resting:
            ++counts.resting;
            if (key.until > 0 && (counts.restUntil == 0 || key.until < counts.restUntil))
                counts.restUntil = key.until;
            break;
        case State::Refused:
            ++counts.refused;
            break;
        case State::NoCredit:
            ++counts.withoutCredit;
            break;
        case State::Disabled:
            ++counts.disabled;
            break;
        }
    }
    return counts;
}

// "no usable key: 1 refused, 2 disabled"
Message noUsableKey(const KeyCounts &counts)
{
    Message list;
    const auto add = [&list](int count, const Message &form) {
        if (count == 0)
            return;
        const Message part = form.arg(count);
        list = list.isEmpty() ? part : Message::tr("%1, %2").arg(list, part);
    };
    add(counts.refused, Message::tr("%1 refused"));
    add(counts.withoutCredit, Message::tr("%1 out of credit"));
    add(counts.resting, Message::tr("%1 at rest"));
    add(counts.disabled, Message::tr("%1 disabled"));
    return Message::tr("no usable key: %1").arg(list);
}

Message reasonOf(const relay::RouteOption &option)
{
    return option.exclusion.kind == Exclusion::Kind::DisabledAutomatically
               ? automaticReason(option.channel->channel)
               : option.exclusion.text;
}

// A key that was refused is no usable one, though a request tries it when its rest is over.
void countKeys(const relay::RouteOption &option,
               std::span<const relay::KeyHealth> health,
               qint64 now,
               RouteCandidate &candidate)
{
    const domain::Channel &channel = option.channel->channel;
    const KeyCounts counts = keyCountsOf(channel, health, now);
    candidate.keys = static_cast<int>(channel.keys.size());
    candidate.usableKeys = counts.usable;
    candidate.refusedKeys = counts.allRefused();
    candidate.restingKeys = counts.resting;
    candidate.restUntil = counts.restUntil;
    if (channel.keys.isEmpty() || counts.usable > 0)
        return;
    switch (option.exclusion.kind) {
    case Exclusion::Kind::None:
        candidate.reason =
            Message::tr("%1; the next request tries one again").arg(noUsableKey(counts));
        break;
    case Exclusion::Kind::NoKey:
        if (counts.allRefused() > 0)
            candidate.reason = noUsableKey(counts);
        break;
    case Exclusion::Kind::Resting:
        if (counts.allRefused() == 0 || counts.resting > 0)
            break;
        candidate.exclusion = RouteExclusion::NoUsableKey;
        candidate.reason =
            Message::tr("%1; tried again in %2 seconds")
                .arg(noUsableKey(counts),
                     std::chrono::ceil<std::chrono::seconds>(option.exclusion.rest).count());
        break;
    default:
        break;
    }
}

} // namespace

std::vector<Operation> operationsOf(std::optional<domain::Dialect> dialect)
{
    static const std::vector<Operation> all{Operation::ChatCompletions,
                                            Operation::Embeddings,
                                            Operation::Responses,
                                            Operation::ImageGenerations,
                                            Operation::Messages,
                                            Operation::GenerateContent,
                                            Operation::EmbedContent};
    std::vector<Operation> chosen;
    for (const Operation operation : all) {
        if (!dialect || protocol::dialectOf(operation) == *dialect)
            chosen.push_back(operation);
    }
    return chosen;
}

ChannelJudge::ChannelJudge(const Catalog &catalog, const Foundation &base)
    : m_catalog(catalog)
    , m_health(base.health)
    , m_load(base.load)
    , m_now(base.clock.wallMilliseconds())
{
    for (const relay::KeyHealth &key : m_health.snapshot()) {
        int &failures = m_failures[key.channel];
        failures = std::max(failures, key.failuresInARow);
        m_keys[key.channel].push_back(key);
    }
}

std::vector<JudgedChannel> ChannelJudge::judge(const domain::CatalogGroup &group,
                                               const QByteArray &model,
                                               const std::vector<Operation> &operations) const
{
    std::vector<JudgedChannel> judged;
    const relay::Router router(m_catalog, m_health, m_load);
    auto options =
        router.options(group, model, suitabilityFor(m_catalog, model, operations, m_now));
    for (relay::RouteOption &option : options) {
        RouteCandidate candidate = candidateOf(m_catalog, *option.channel, model, m_now);
        candidate.exclusion = kindOf(option.exclusion,
                                     m_failures.value(candidate.channel),
                                     m_catalog.settings().relay.breakerFailures);
        candidate.reason = reasonOf(option);
        candidate.retryAfter = option.exclusion.rest;
        countKeys(option, m_keys.value(candidate.channel), m_now, candidate);
        judged.push_back({.candidate = std::move(candidate), .option = std::move(option)});
    }
    return judged;
}

} // namespace gatehouse::admin
