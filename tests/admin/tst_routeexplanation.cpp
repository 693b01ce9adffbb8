#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;
using domain::ChannelStatus;
using support::AdministrationFixture;

// What a person is told of routing is what routing does.
class RouteExplanationTest : public QObject
{
    Q_OBJECT

private:
    static Channel channel(const QString &name, qint64 priority = 0, int weight = 1)
    {
        return {.name = name,
                .keys = {ChannelKey{.secret = base::Secret(u"key-"_s + name)}},
                .models = {u"gpt-4o"_s},
                .priority = priority,
                .weight = weight};
    }
    static void create(AdministrationFixture &house, const std::vector<Channel> &channels)
    {
        const auto made = house.wait(house.administration->channels.create(channels));
        QVERIFY2(made, made ? "" : qPrintable(made.error().message.english()));
    }
    static RouteExplanation explain(AdministrationFixture &house, RouteQuestion question)
    {
        if (question.model.isEmpty())
            question.model = "gpt-4o";
        const auto answer = house.wait(house.administration->routes.explain(question));
        if (!answer)
            qFatal("%s", qPrintable(answer.error().message.english()));
        return *answer;
    }
    static const RouteCandidate *named(const std::vector<RouteCandidate> &all, const QString &name)
    {
        for (const RouteCandidate &candidate : all) {
            if (candidate.name == name)
                return &candidate;
        }
        return nullptr;
    }

private slots:
    void tiersAndShares();
    void eachExclusionHasItsReason();
    void breakersAndRests();
    void limitsOfChannels();
    void whatTheTokenMayNot();
    void unknownModels();
    void theDefaultModel();
    void servedModels();
    void servedModelsOfSeveralGroups();
};

void RouteExplanationTest::tiersAndShares()
{
    AdministrationFixture house;
    house.start();
    Channel mapped = channel(u"backup"_s);
    mapped.modelMapping.insert(u"gpt-4o"_s, u"my-deployment"_s);
    create(house, {mapped, channel(u"small"_s, 5, 1), channel(u"large"_s, 5, 3)});

    const RouteExplanation answer = explain(house, {});

    QCOMPARE(answer.refusal, RouteRefusal::None);
    QCOMPARE(answer.candidates.size(), size_t(3));
    QCOMPARE(answer.candidates[0].name, u"large"_s);
    QCOMPARE(answer.candidates[0].tier, 1);
    QCOMPARE(answer.candidates[0].sharePercent, 75.0);
    QCOMPARE(answer.candidates[1].sharePercent, 25.0);
    QCOMPARE(answer.candidates[2].tier, 2);
    QCOMPARE(answer.candidates[2].sharePercent, 100.0);
    QCOMPARE(answer.candidates[2].providerModel, "my-deployment");
    QCOMPARE(answer.candidates[2].usableKeys, 1);
}

void RouteExplanationTest::eachExclusionHasItsReason()
{
    AdministrationFixture house;
    house.start();
    Channel off = channel(u"off"_s);
    off.status = ChannelStatus::DisabledByHand;
    Channel automatic = channel(u"automatic"_s);
    automatic.status = ChannelStatus::DisabledAutomatically;
    automatic.statusReason = u"out of credit"_s;
    Channel vip = channel(u"vip"_s);
    vip.groups = {u"vip"_s};
    Channel other = channel(u"other"_s);
    other.models = {u"llama"_s};
    Channel keyless = channel(u"keyless"_s);
    keyless.keys[0].enabled = false;
    Channel anthropic = channel(u"anthropic"_s);
    anthropic.type = domain::provider::anthropic;
    create(house, {off, automatic, vip, other, keyless, anthropic, channel(u"good"_s)});

    const RouteExplanation answer = explain(house, {.dialect = domain::Dialect::OpenAi});

    QCOMPARE(answer.candidates.size(), size_t(1));
    QCOMPARE(answer.candidates[0].name, u"good"_s);
    const auto exclusion = [&](const QString &name) {
        return named(answer.excluded, name)->exclusion;
    };
    QCOMPARE(exclusion(u"off"_s), RouteExclusion::DisabledByPerson);
    QCOMPARE(exclusion(u"automatic"_s), RouteExclusion::DisabledAutomatically);
    QVERIFY(named(answer.excluded, u"automatic"_s)->reason.english().contains("out of credit"_L1));
    QCOMPARE(exclusion(u"vip"_s), RouteExclusion::OtherGroup);
    QCOMPARE(exclusion(u"other"_s), RouteExclusion::NoSuchModel);
    QCOMPARE(exclusion(u"keyless"_s), RouteExclusion::NoUsableKey);
    QCOMPARE(exclusion(u"anthropic"_s), RouteExclusion::NotSupported);
    const RouteExplanation any = explain(house, {});
    QVERIFY(named(any.candidates, u"anthropic"_s));
}

void RouteExplanationTest::breakersAndRests()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"failing"_s), channel(u"limited"_s)});
    const auto catalog = house.administration->publisher.catalog();
    const domain::Settings::Relay &relay = catalog->settings().relay;
    for (const auto &known : catalog->channels()) {
        const Channel &one = known->channel;
        const qint64 key = one.keys.front().id;
        if (one.name == u"limited"_s) {
            house.health->report(one.id, key, relay::HealthEvent::RateLimited, relay, 20s);
            continue;
        }
        for (qint64 i = 0; i < relay.breakerFailures; ++i)
            house.health->report(one.id, key, relay::HealthEvent::Failure, relay);
    }

    const RouteExplanation answer = explain(house, {});

    QCOMPARE(answer.refusal, RouteRefusal::NoChannel);
    QCOMPARE(named(answer.excluded, u"failing"_s)->exclusion, RouteExclusion::BreakerOpen);
    QCOMPARE(named(answer.excluded, u"limited"_s)->exclusion, RouteExclusion::Resting);
    QCOMPARE(named(answer.excluded, u"limited"_s)->retryAfter, std::chrono::milliseconds(20s));
    house.administration->channels.resetBreaker(named(answer.excluded, u"failing"_s)->channel);
    QCOMPARE(explain(house, {}).candidates.size(), size_t(1));
}

void RouteExplanationTest::limitsOfChannels()
{
    AdministrationFixture house;
    house.start();
    Channel narrow = channel(u"narrow"_s);
    narrow.limits = {.concurrentRequests = 1};
    create(house, {narrow, channel(u"wide"_s)});
    const auto catalog = house.administration->publisher.catalog();
    for (const auto &known : catalog->channels()) {
        if (known->channel.name == u"narrow"_s)
            QVERIFY(house.load->tryBegin(known->channel).isCounted);
    }

    const RouteExplanation answer = explain(house, {});

    QCOMPARE(answer.candidates.size(), size_t(1));
    const RouteCandidate *excluded = named(answer.excluded, u"narrow"_s);
    QVERIFY(excluded);
    QCOMPARE(excluded->exclusion, RouteExclusion::AtLimit);
    QVERIFY(excluded->reason.english().contains(u"limit"_s));
    QCOMPARE(excluded->retryAfter, std::chrono::milliseconds(1s));
}

void RouteExplanationTest::whatTheTokenMayNot()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"good"_s)});
    TokenManager &tokens = house.administration->tokenManager;
    const auto make = [&](domain::Token token) {
        token.name = u"t"_s;
        return house.wait(tokens.create(house.root(), house.root().id, token))->id;
    };
    const auto ask = [&](domain::TokenId id) { return explain(house, {.token = id}); };

    QCOMPARE(ask(make({.unlimited = true, .models = {u"llama"_s}})).refusal,
             RouteRefusal::ModelNotAllowed);
    QCOMPARE(ask(make({.expiresAt = 1, .unlimited = true})).refusal, RouteRefusal::TokenExpired);
    QCOMPARE(ask(make({.balance = {0}})).refusal, RouteRefusal::TokenExhausted);
    const domain::TokenId disabled = make({.unlimited = true});
    QVERIFY(house.wait(tokens.setStatus(house.root(), {disabled}, domain::TokenStatus::Disabled)));
    QCOMPARE(ask(disabled).refusal, RouteRefusal::TokenDisabled);
    QCOMPARE(ask({999}).refusal, RouteRefusal::UnknownToken);
    const domain::TokenId good = make({.unlimited = true});
    QVERIFY(house.wait(house.administration->users.change(
        house.root(), house.root().id, {.balance = domain::Quota{1'000'000}})));
    const RouteExplanation answer = ask(good);
    QCOMPARE(answer.refusal, RouteRefusal::None);
    QCOMPARE(answer.candidates.size(), size_t(1));
}

void RouteExplanationTest::unknownModels()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"good"_s)});

    const RouteExplanation answer = explain(house, {.group = "nobody", .model = "nothing"});

    QCOMPARE(answer.refusal, RouteRefusal::NoModel);
    QCOMPARE(answer.excluded.size(), size_t(1));
    QVERIFY(!answer.text.isEmpty());
}

void RouteExplanationTest::theDefaultModel()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"good"_s)});
    const RouteQuestion question{.model = "default"};
    const auto before = house.wait(house.administration->routes.explain(question));
    QCOMPARE(before->refusal, RouteRefusal::NoModel);

    QVERIFY(house.wait(house.administration->settings.set(u"relay.default_model"_s, u"gpt-4o"_s)));
    const auto answer = house.wait(house.administration->routes.explain(question));

    QCOMPARE(answer->refusal, RouteRefusal::None);
    QCOMPARE(answer->candidates.size(), size_t(1));
    QCOMPARE(answer->candidates[0].providerModel, "gpt-4o");
}

void RouteExplanationTest::servedModels()
{
    AdministrationFixture house;
    house.builtInPrice = [](QByteArrayView, QByteArrayView model) {
        return model == "gpt-4o" ? std::optional(
                   domain::ModelPrice{.model = "gpt-4o", .tokens = {.input = {2'500'000}}})
                                 : std::nullopt;
    };
    house.start();
    Channel off = channel(u"off"_s, 9);
    off.status = ChannelStatus::DisabledByHand;
    Channel local{.type = domain::provider::ollama, .name = u"local"_s, .models = {u"llama"_s}};
    Channel unknown = channel(u"unknown"_s);
    unknown.models = {u"secret-model"_s};
    create(house, {off, channel(u"good"_s, 1), channel(u"better"_s, 2), local, unknown});

    const auto models = house.wait(house.administration->routes.servedModels());

    QVERIFY(models);
    QCOMPARE(models->size(), size_t(3));
    const ServedModel &gpt = models->at(0);
    QCOMPARE(gpt.model, "gpt-4o");
    QCOMPARE(gpt.channels.size(), size_t(3));
    QCOMPARE(gpt.channels[0].name, u"better"_s);
    QCOMPARE(gpt.channels[2].exclusion, RouteExclusion::DisabledByPerson);
    QCOMPARE(gpt.channels[2].reason.english(), u"disabled"_s);
    QCOMPARE(gpt.channels[2].tier, 0);
    QCOMPARE(gpt.channels[0].tier, 1);
    QCOMPARE(gpt.channels[0].sharePercent, 100.0);
    QCOMPARE(gpt.channels[1].tier, 2);
    QCOMPARE(gpt.channels[0].price->source, domain::PriceSource::BuiltIn);
    QVERIFY(gpt.isServed && gpt.isPriced);
    QVERIFY(models->at(1).isPriced && models->at(1).channels[0].isFree);
    QVERIFY(!models->at(2).isPriced);
}

void RouteExplanationTest::servedModelsOfSeveralGroups()
{
    AdministrationFixture house;
    house.start();
    Channel broken = channel(u"broken"_s);
    broken.status = ChannelStatus::DisabledAutomatically;
    Channel vip = channel(u"vip"_s);
    vip.groups = {u"vip"_s};
    create(house, {channel(u"all"_s), vip, broken});

    const auto models = house.wait(house.administration->routes.servedModels());

    // Nothing is said of shares, since each group has its own.
    const std::vector<RouteCandidate> &channels = models->at(0).channels;
    QCOMPARE(channels.size(), size_t(3));
    QCOMPARE(channels[0].tier, 0);
    QCOMPARE(channels[1].tier, 0);
    QVERIFY(channels[0].reason.isEmpty());
    QCOMPARE(channels[2].name, u"broken"_s);
    QCOMPARE(channels[2].reason.english(), u"disabled automatically"_s);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::RouteExplanationTest)
#include "tst_routeexplanation.moc"
