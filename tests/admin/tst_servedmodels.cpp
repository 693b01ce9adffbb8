#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using domain::Capability;
using domain::Channel;
using domain::ChannelKey;
using support::AdministrationFixture;

// What the list of models tells beside names and groups: other names, what models can do, and whether
// they are served at the moment, of which it says the same as an explained route.
class ServedModelsTest : public QObject
{
    Q_OBJECT

private slots:
    void namesOfOneTargetAreAliases();
    void namesOfOtherTargetsAreNone();
    void theDefaultModelHasAnAlias();
    void capabilitiesAreThoseOfTheProvidersModel();
    void localModelsLackWhatProvidersAdd();
    void contextWindowsAreThoseOfTheFirstChannel();
    void aRestingChannelIsNotTriedFirst();
    void sharesOfTurnsAreThoseOfTheExplainedRoute();
    void allChannelsAtRest();
    void aChannelAtItsLimitRests();
    void refusedKeys();
    void withoutAnyKey();
    void unpricedModelsThatAreRefused();

private:
    static Channel channel(const QString &name, const QStringList &models, qint64 priority = 0)
    {
        return {.name = name,
                .keys = {ChannelKey{.secret = base::Secret(u"key-"_s + name)}},
                .models = models,
                .priority = priority};
    }
    static void create(AdministrationFixture &house, const std::vector<Channel> &channels)
    {
        const auto made = house.wait(house.administration->channels.create(channels));
        QVERIFY2(made, made ? "" : qPrintable(made.error().message.english()));
    }
    static Channel named(AdministrationFixture &house, const QString &name)
    {
        const auto catalog = house.administration->publisher.catalog();
        for (const auto &each : catalog->channels()) {
            if (each->channel.name == name)
                return each->channel;
        }
        qFatal("there is no channel %s", qPrintable(name));
    }
    static void report(AdministrationFixture &house,
                       const QString &name,
                       relay::HealthEvent event,
                       std::chrono::milliseconds rest)
    {
        const Channel one = named(house, name);
        domain::Settings::Relay relay = house.administration->publisher.catalog()->settings().relay;
        relay.breakerRest = std::chrono::duration_cast<std::chrono::seconds>(rest);
        house.health->report(one.id, one.keys.front().id, event, relay, rest);
    }
    static ServedModel served(AdministrationFixture &house, const QByteArray &model)
    {
        const auto models = house.wait(house.administration->routes.servedModels());
        if (!models)
            qFatal("%s", qPrintable(models.error().message.english()));
        for (const ServedModel &each : *models) {
            if (each.model == model)
                return each;
        }
        qFatal("%s is not listed", model.constData());
    }
    static RouteExplanation explained(AdministrationFixture &house, const QByteArray &model)
    {
        const auto answer = house.wait(house.administration->routes.explain({.model = model}));
        if (!answer)
            qFatal("%s", qPrintable(answer.error().message.english()));
        return *answer;
    }
    // Every channel of the model is judged alike by both, and in the same order.
    static void compareWithExplained(AdministrationFixture &house, const QByteArray &model)
    {
        const RouteExplanation route = explained(house, model);
        std::vector<RouteCandidate> expected = route.candidates;
        expected.insert(expected.end(), route.excluded.begin(), route.excluded.end());
        const std::vector<RouteCandidate> channels = served(house, model).channels;

        QCOMPARE(channels.size(), expected.size());
        for (size_t i = 0; i < channels.size(); ++i) {
            QCOMPARE(channels[i].name, expected[i].name);
            QCOMPARE(channels[i].exclusion, expected[i].exclusion);
            QCOMPARE(channels[i].reason.english(), expected[i].reason.english());
            QCOMPARE(channels[i].retryAfter, expected[i].retryAfter);
            QCOMPARE(channels[i].tier, expected[i].tier);
            QCOMPARE(channels[i].sharePercent, expected[i].sharePercent);
            QCOMPARE(channels[i].usableKeys, expected[i].usableKeys);
        }
    }
};

void ServedModelsTest::namesOfOneTargetAreAliases()
{
    AdministrationFixture house;
    house.start();
    Channel one = channel(u"one"_s, {u"fast"_s, u"gpt-4o-mini"_s, u"small"_s});
    one.modelMapping = {{u"fast"_s, u"gpt-4o-mini"_s}, {u"small"_s, u"gpt-4o-mini"_s}};
    Channel two = channel(u"two"_s, {u"fast"_s, u"gpt-4o-mini"_s, u"small"_s});
    two.modelMapping = {
        {u"fast"_s, u"mini"_s}, {u"gpt-4o-mini"_s, u"mini"_s}, {u"small"_s, u"mini"_s}};
    create(house, {one, two});

    const std::vector<QByteArray> expected{"gpt-4o-mini", "small"};
    QCOMPARE(served(house, "fast").aliases, expected);
    const std::vector<QByteArray> others{"fast", "small"};
    QCOMPARE(served(house, "gpt-4o-mini").aliases, others);
}

void ServedModelsTest::namesOfOtherTargetsAreNone()
{
    AdministrationFixture house;
    house.start();
    Channel one = channel(u"one"_s, {u"fast"_s, u"gpt-4o-mini"_s, u"large"_s});
    one.modelMapping = {{u"fast"_s, u"gpt-4o-mini"_s}};
    // Asks for the same model, but has one name of it alone.
    create(house, {one, channel(u"two"_s, {u"gpt-4o-mini"_s})});

    QVERIFY(served(house, "fast").aliases.empty());
    QVERIFY(served(house, "gpt-4o-mini").aliases.empty());
    QVERIFY(served(house, "large").aliases.empty());
}

void ServedModelsTest::theDefaultModelHasAnAlias()
{
    AdministrationFixture house;
    house.start();
    Channel one = channel(u"one"_s, {u"fast"_s, u"gpt-4o-mini"_s, u"large"_s});
    one.modelMapping = {{u"fast"_s, u"gpt-4o-mini"_s}};
    create(house, {one});

    QVERIFY(house.wait(house.administration->settings.set(u"relay.default_model"_s, u"fast"_s)));

    const std::vector<QByteArray> ofFast{"gpt-4o-mini", "default"};
    QCOMPARE(served(house, "fast").aliases, ofFast);
    const std::vector<QByteArray> ofTheOther{"fast", "default"};
    QCOMPARE(served(house, "gpt-4o-mini").aliases, ofTheOther);
    QVERIFY(served(house, "large").aliases.empty());
}

void ServedModelsTest::capabilitiesAreThoseOfTheProvidersModel()
{
    AdministrationFixture house;
    house.capabilities = [](QByteArrayView provider,
                            QByteArrayView model) -> std::optional<domain::ModelCapabilities> {
        if (provider == "openai" && model == "gpt-4o")
            return domain::ModelCapabilities{.abilities = Capability::Tools | Capability::Vision};
        return std::nullopt;
    };
    house.start();
    Channel mapped = channel(u"mapped"_s, {u"smart"_s}, 2);
    mapped.modelMapping = {{u"smart"_s, u"gpt-4o"_s}};
    Channel elsewhere = channel(u"elsewhere"_s, {u"smart"_s}, 1);
    elsewhere.type = domain::provider::openRouter;
    elsewhere.modelMapping = {{u"smart"_s, u"gpt-4o"_s}};
    create(house, {elsewhere, mapped});

    const ServedModel smart = served(house, "smart");

    QCOMPARE(smart.channels[0].name, u"mapped"_s);
    QVERIFY(smart.channels[0].capabilities);
    QCOMPARE(smart.channels[0].capabilities->abilities, Capability::Tools | Capability::Vision);
    QVERIFY(!smart.channels[1].capabilities);
}

void ServedModelsTest::localModelsLackWhatProvidersAdd()
{
    AdministrationFixture house;
    house.contextWindow = [](QByteArrayView, QByteArrayView) {
        return std::optional(qint64(4'096));
    };
    house.capabilities = [](QByteArrayView, QByteArrayView) {
        return std::optional(domain::ModelCapabilities{
            .abilities = Capability::Tools | Capability::PromptCache | Capability::WebSearch,
            .contextTokens = 4'096,
            .outputTokens = 1'024});
    };
    house.start();
    create(house,
           {{.type = domain::provider::ollama, .name = u"local"_s, .models = {u"llama"_s}},
            channel(u"far"_s, {u"gpt"_s})});

    const ServedModel local = served(house, "llama");
    const ServedModel far = served(house, "gpt");

    QCOMPARE(local.contextTokens, qint64(0));
    const domain::ModelCapabilities expected{.abilities = Capability::Tools};
    QCOMPARE(local.channels[0].capabilities, expected);
    QCOMPARE(far.contextTokens, qint64(4'096));
    QVERIFY(far.channels[0].capabilities->abilities.testFlag(Capability::PromptCache));
}

void ServedModelsTest::contextWindowsAreThoseOfTheFirstChannel()
{
    AdministrationFixture house;
    house.contextWindow = [](QByteArrayView, QByteArrayView model) {
        return model == "long" ? std::optional(qint64(1'000'000)) : std::optional(qint64(8'192));
    };
    house.start();
    Channel last = channel(u"last"_s, {u"m"_s}, 1);
    last.modelMapping = {{u"m"_s, u"short"_s}};
    Channel first = channel(u"first"_s, {u"m"_s}, 2);
    first.modelMapping = {{u"m"_s, u"long"_s}};
    create(house, {last, first});

    QCOMPARE(served(house, "m").contextTokens, qint64(1'000'000));
}

void ServedModelsTest::aRestingChannelIsNotTriedFirst()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"first"_s, {u"m"_s}, 2), channel(u"second"_s, {u"m"_s}, 1)});
    report(house, u"first"_s, relay::HealthEvent::RateLimited, 20s);

    const ServedModel model = served(house, "m");

    QVERIFY(model.isServed);
    QVERIFY(!model.isResting);
    QCOMPARE(model.channels[0].name, u"second"_s);
    QCOMPARE(model.channels[0].tier, 1);
    QCOMPARE(model.channels[1].exclusion, RouteExclusion::Resting);
    QCOMPARE(model.channels[1].tier, 0);
    compareWithExplained(house, "m");
}

void ServedModelsTest::sharesOfTurnsAreThoseOfTheExplainedRoute()
{
    AdministrationFixture house;
    house.start();
    Channel reserve = channel(u"reserve"_s, {u"m"_s});
    reserve.weight = 0;
    create(house, {reserve, channel(u"one"_s, {u"m"_s}), channel(u"two"_s, {u"m"_s})});
    QVERIFY(house.wait(house.administration->modelRoutings.save(
        {{.model = "m", .strategy = domain::RoutingStrategy::RoundRobin}})));

    const ServedModel model = served(house, "m");

    QCOMPARE(model.channels[0].sharePercent, 50.0);
    QCOMPARE(model.channels[2].name, u"reserve"_s);
    QCOMPARE(model.channels[2].sharePercent, 0.0);
    compareWithExplained(house, "m");
}

void ServedModelsTest::allChannelsAtRest()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"only"_s, {u"m"_s})});
    report(house, u"only"_s, relay::HealthEvent::RateLimited, 20s);

    const ServedModel model = served(house, "m");

    QVERIFY(model.isServed); // once that is over
    QVERIFY(model.isResting);
    QCOMPARE(explained(house, "m").refusal, RouteRefusal::NoChannel);
    compareWithExplained(house, "m");

    house.clock.advance(21s);
    QVERIFY(!served(house, "m").isResting);
    compareWithExplained(house, "m");
}

void ServedModelsTest::aChannelAtItsLimitRests()
{
    AdministrationFixture house;
    house.start();
    Channel narrow = channel(u"narrow"_s, {u"m"_s});
    narrow.limits = {.concurrentRequests = 1};
    create(house, {narrow});
    QVERIFY(house.load->tryBegin(named(house, u"narrow"_s)).isCounted);

    const ServedModel model = served(house, "m");

    QVERIFY(model.isServed && model.isResting);
    QCOMPARE(model.channels[0].exclusion, RouteExclusion::AtLimit);
    compareWithExplained(house, "m");
}

void ServedModelsTest::refusedKeys()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"refused"_s, {u"m"_s})});

    report(house, u"refused"_s, relay::HealthEvent::KeyRefused, 20s);

    const ServedModel atRest = served(house, "m");
    QVERIFY(atRest.isServed && atRest.isResting);
    QCOMPARE(atRest.channels[0].exclusion, RouteExclusion::NoUsableKey);
    compareWithExplained(house, "m");

    house.clock.advance(21s);
    const ServedModel later = served(house, "m");
    QVERIFY(later.isServed && !later.isResting);
    QVERIFY(!later.channels[0].reason.isEmpty());
    compareWithExplained(house, "m");
}

void ServedModelsTest::withoutAnyKey()
{
    AdministrationFixture house;
    house.start();
    Channel off = channel(u"off"_s, {u"m"_s});
    off.keys[0].enabled = false;
    create(house, {off});

    const ServedModel model = served(house, "m");

    QVERIFY(!model.isServed && !model.isResting);
    QCOMPARE(model.channels[0].exclusion, RouteExclusion::NoUsableKey);
    compareWithExplained(house, "m");
}

void ServedModelsTest::unpricedModelsThatAreRefused()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"one"_s, {u"m"_s})});
    QVERIFY(served(house, "m").isServed);

    QVERIFY(house.wait(house.administration->settings.set(u"accounting.unpriced"_s, u"refuse"_s)));

    const ServedModel model = served(house, "m");
    QVERIFY(!model.isServed && !model.isPriced);
    QCOMPARE(model.channels[0].exclusion, RouteExclusion::NotSupported);
    compareWithExplained(house, "m");
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ServedModelsTest)
#include "tst_servedmodels.moc"
