#include "admin/channels/testplan.h"

#include "admin/channels/channelprobe.h"
#include "admin/channels/channelstore.h"
#include "domain/pricing.h"
#include "domain/providertype.h"

namespace gatehouse::admin {

namespace {

bool isWanted(const domain::Channel &channel, const TestPlan &plan)
{
    if (!plan.channels.empty()) {
        return std::find(plan.channels.begin(), plan.channels.end(), channel.id)
               != plan.channels.end();
    }
    switch (plan.scope) {
    case TestScope::All:
        return true;
    case TestScope::Enabled:
        return channel.isEnabled();
    case TestScope::Disabled:
        return !channel.isEnabled();
    }
    return true;
}

// Those that are tried: the enabled ones, or where there is none the first, so that it can be seen
// whether it works again.
std::vector<const domain::ChannelKey *> keysToTry(const domain::Channel &channel, bool each)
{
    std::vector<const domain::ChannelKey *> keys;
    for (const domain::ChannelKey &key : channel.keys) {
        if (key.enabled && (each || keys.empty()))
            keys.push_back(&key);
    }
    if (keys.empty())
        keys.push_back(channel.keys.isEmpty() ? nullptr : &channel.keys.front());
    return keys;
}

QStringList modelsToTry(const domain::Channel &channel, TestSubject subject)
{
    if (subject == TestSubject::AllModels && !channel.models.isEmpty())
        return channel.models;
    return {subject == TestSubject::Listing ? QString() : testModelOf(channel)};
}

void appendSteps(std::vector<TestStep> &steps, const domain::Channel &channel, const TestPlan &plan)
{
    const QStringList models = modelsToTry(channel, plan.subject);
    // The key of Echo is the program's own, which nobody would know again.
    const bool hasOwnKeys = channel.type != domain::provider::echo;
    for (const domain::ChannelKey *key : keysToTry(channel, plan.eachKey)) {
        for (const QString &model : models) {
            steps.push_back({.number = static_cast<int>(steps.size()),
                             .channel = channel.id,
                             .channelName = channel.name,
                             .channelType = channel.type,
                             .key = key ? key->id : 0,
                             .keyEnding = key && hasOwnKeys ? keyEnding(key->secret) : QString(),
                             .model = model});
        }
    }
}

} // namespace

std::vector<TestStep> stepsOf(const domain::Catalog &catalog, const TestPlan &plan)
{
    std::vector<const domain::Channel *> channels;
    for (const auto &each : catalog.channels()) {
        if (isWanted(each->channel, plan))
            channels.push_back(&each->channel);
    }
    std::stable_sort(channels.begin(), channels.end(), [](const auto *one, const auto *other) {
        return one->priority > other->priority;
    });
    std::vector<TestStep> steps;
    for (const domain::Channel *channel : channels)
        appendSteps(steps, *channel, plan);
    return steps;
}

TestForecast forecastOf(const domain::Catalog &catalog, const TestPlan &plan, qint64 now)
{
    // A test says "hi" and allows an answer of at most 16 tokens.
    static const domain::Usage usage{.input = 16, .output = 16};
    TestForecast forecast;
    QSet<domain::ChannelId> channels;
    QSet<qint64> keys;
    for (const TestStep &step : stepsOf(catalog, plan)) {
        ++forecast.tests;
        channels.insert(step.channel);
        if (step.key != 0)
            keys.insert(step.key);
        const domain::CatalogChannel *channel = catalog.channel(step.channel);
        if (plan.subject == TestSubject::Listing || channel->type->local || step.model.isEmpty())
            continue;
        const QByteArray model = channel->providerModel(step.model.toUtf8());
        const domain::PriceFactors factors{.channelMillionths =
                                               channel->channel.priceRatioMillionths};
        const domain::ModelPrice *price = catalog.price(step.channel, model, now);
        if (price && price->isInDollars())
            forecast.cost.nanoDollars += domain::costOf(usage, price->at(now), factors).nanoDollars;
        else
            ++forecast.unpriced;
    }
    forecast.channels = static_cast<int>(channels.size());
    forecast.keys = static_cast<int>(keys.size());
    return forecast;
}

QHash<domain::ChannelId, QSet<qint64>> failedKeys(const std::vector<TestStep> &steps)
{
    using Place = std::pair<qint64, qint64>; // channel and key
    QSet<Place> sound;
    for (const TestStep &step : steps) {
        if (step.outcome.succeeded())
            sound.insert({step.channel.value, step.key});
    }
    QHash<domain::ChannelId, QSet<qint64>> failed;
    for (const TestStep &step : steps) {
        const bool refused = step.outcome.verdict == TestVerdict::KeyRefused
                             || step.outcome.verdict == TestVerdict::NoCredit;
        if (refused
            || (step.outcome.hasFailed() && !sound.contains({step.channel.value, step.key})))
            failed[step.channel].insert(step.key);
    }
    return failed;
}

} // namespace gatehouse::admin
