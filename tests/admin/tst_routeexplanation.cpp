#include "admin/routehouse.h"

#include <QScopeGuard>
#include <QSemaphore>

#include <atomic>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelStatus;
using support::AdministrationFixture;

// What a person is told of routing is what routing does.
class RouteExplanationTest : public QObject
{
    Q_OBJECT

private slots:
    void tiersAndShares();
    void eachExclusionHasItsReason();
    void breakersAndRests();
    void refusedKeysAreNotUsable();
    void refusedKeysBesideOthers();
    void limitsOfChannels();
    void whatTheTokenMayNot();
    void unknownModels();
    void theDefaultModel();
    void aLaterQuestionEndsTheOneBefore();
    void waitingGivesUpWhatIsAsked();
    void servedModels();
    void localModelsAreFreeUnlessTheyHaveAPrice();
    void servedModelsDoNotWaitForABody();
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

void RouteExplanationTest::refusedKeysAreNotUsable()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"refused"_s)});
    const auto catalog = house.administration->publisher.catalog();
    const Channel &one = catalog->channels().front()->channel;
    const qint64 key = one.keys.front().id;
    domain::Settings::Relay relay = catalog->settings().relay;
    relay.breakerRest = 20s;
    house.health->report(one.id, key, relay::HealthEvent::KeyRefused, relay);

    const RouteExplanation atRest = explain(house, {});

    QCOMPARE(atRest.refusal, RouteRefusal::NoChannel);
    const RouteCandidate *excluded = named(atRest.excluded, u"refused"_s);
    QVERIFY(excluded);
    QCOMPARE(excluded->exclusion, RouteExclusion::NoUsableKey);
    QCOMPARE(excluded->usableKeys, 0);
    QCOMPARE(excluded->reason.english(), u"no usable key: 1 refused; tried again in 20 seconds"_s);

    // Its rest is over, which does not make it a good one.
    relay.breakerRest = 0s;
    house.health->report(one.id, key, relay::HealthEvent::KeyRefused, relay);
    const RouteExplanation later = explain(house, {});

    QCOMPARE(later.candidates.size(), size_t(1));
    QCOMPARE(later.candidates[0].usableKeys, 0);
    QCOMPARE(later.candidates[0].refusedKeys, 1);
    QCOMPARE(later.candidates[0].reason.english(),
             u"no usable key: 1 refused; the next request tries one again"_s);
    const ChannelOverview shown = house.administration->statistics.healthOf(one.id);
    QCOMPARE(shown.usableKeys, 0);
    QCOMPARE(shown.health, domain::Health::AuthenticationFailed);
}

void RouteExplanationTest::refusedKeysBesideOthers()
{
    AdministrationFixture house;
    house.start();
    Channel several = channel(u"several"_s);
    several.keys.append({.secret = base::Secret(u"second"_s)});
    Channel off = channel(u"off"_s);
    off.keys[0].enabled = false;
    off.keys[0].disabledReason = u"The provider refuses the key (status 401)."_s;
    off.keys.append({.secret = base::Secret(u"third"_s), .enabled = false});
    create(house, {several, off});
    const auto catalog = house.administration->publisher.catalog();
    for (const auto &known : catalog->channels()) {
        if (known->channel.name == u"several"_s) {
            house.health->report(known->channel.id,
                                 known->channel.keys.front().id,
                                 relay::HealthEvent::KeyRefused,
                                 catalog->settings().relay);
        }
    }

    const RouteExplanation answer = explain(house, {});

    QCOMPARE(answer.candidates.size(), size_t(1));
    QCOMPARE(answer.candidates[0].usableKeys, 1);
    QCOMPARE(answer.candidates[0].refusedKeys, 1);
    QVERIFY(answer.candidates[0].reason.isEmpty());
    const RouteCandidate *excluded = named(answer.excluded, u"off"_s);
    QVERIFY(excluded);
    QCOMPARE(excluded->exclusion, RouteExclusion::NoUsableKey);
    QCOMPARE(excluded->reason.english(), u"no usable key: 1 refused, 1 disabled"_s);
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

void RouteExplanationTest::aLaterQuestionEndsTheOneBefore()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"good"_s)});
    QSemaphore begun;
    QSemaphore mayEnd;
    RouteService routes(
        house.administration->foundation, {}, [&](QByteArrayView, QByteArrayView) -> qint64 {
            begun.release();
            mayEnd.acquire();
            return 7;
        });
    const auto leave = qScopeGuard([&mayEnd] { mayEnd.release(9); });
    const RouteQuestion question{.body = chatBody};

    const auto running = routes.explain(question);
    QVERIFY(begun.tryAcquire(1, 30'000));
    const auto waiting = routes.explain(question);
    const auto last = routes.explain(question);
    mayEnd.release(2);

    const auto answer = house.wait(last);
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message.english()));
    QCOMPARE(answer->request->promptTokens, 7);
    QCOMPARE(answer->candidates.size(), size_t(1));
    QCOMPARE(house.wait(running).error().code, base::ErrorCode::Cancelled);
    QCOMPARE(house.wait(waiting).error().code, base::ErrorCode::Cancelled);
    QCOMPARE(begun.available(), 1); // nothing was counted for the one that waited

    // One that needs no thread ends it, too.
    const auto another = routes.explain(question);
    QVERIFY(begun.tryAcquire(2, 30'000));
    QVERIFY(house.wait(routes.explain({.model = "gpt-4o"})));
    mayEnd.release(9);
    QCOMPARE(house.wait(another).error().code, base::ErrorCode::Cancelled);
}

void RouteExplanationTest::waitingGivesUpWhatIsAsked()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"good"_s)});
    std::atomic<int> counted = 0;
    RouteService routes(house.administration->foundation,
                        {},
                        [&](QByteArrayView, QByteArrayView) -> qint64 { return ++counted; });
    QByteArray body = R"({"model":"gpt-4o","messages":[)";
    for (int i = 0; i < 400'000; ++i)
        body += R"({"role":"user","content":"Hello"},)";
    body += R"({"role":"user","content":"Hello"}]})";

    const auto answer = routes.explain({.body = body});
    routes.waitForWork();

    const auto result = house.wait(answer);
    QVERIFY(!result);
    QCOMPARE(result.error().code, base::ErrorCode::Cancelled);
    QCOMPARE(counted.load(), 0);
    QVERIFY(house.wait(routes.explain({.body = chatBody})));
}

void RouteExplanationTest::servedModelsDoNotWaitForABody()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"good"_s)});
    QSemaphore begun;
    QSemaphore mayEnd;
    RouteService routes(
        house.administration->foundation, {}, [&](QByteArrayView, QByteArrayView) -> qint64 {
            begun.release();
            mayEnd.acquire();
            return 7;
        });
    const auto leave = qScopeGuard([&mayEnd] { mayEnd.release(9); });
    const auto asked = routes.explain({.body = chatBody});
    QVERIFY(begun.tryAcquire(1, 30'000));

    const auto models = house.wait(routes.servedModels());

    QVERIFY(models);
    QCOMPARE(models->size(), size_t(1));
    QVERIFY(!asked.isFinished());
    mayEnd.release(9);
    QVERIFY(house.wait(asked)); // which they do not end
}

void RouteExplanationTest::servedModels()
{
    AdministrationFixture house;
    house.builtInPrice = [](QByteArrayView, QByteArrayView model) {
        using Prices = std::vector<domain::ModelPrice>;
        return model == "gpt-4o" ? Prices{{.model = "gpt-4o", .tokens = {.input = {2'500'000}}}}
                                 : Prices();
    };
    house.start();
    Channel off = channel(u"off"_s, 9);
    off.status = ChannelStatus::DisabledByHand;
    Channel local{.type = domain::provider::ollama, .name = u"local"_s, .models = {u"llama"_s}};
    Channel unknown = channel(u"unknown"_s);
    unknown.models = {u"secret-model"_s};
    Channel keyless = channel(u"keyless"_s);
    keyless.models = {u"unserved"_s};
    keyless.keys[0].enabled = false;
    create(house, {off, channel(u"good"_s, 1), channel(u"better"_s, 2), local, unknown, keyless});

    const auto models = house.wait(house.administration->routes.servedModels());

    QVERIFY(models);
    QCOMPARE(models->size(), size_t(4));
    QVERIFY(!models->at(3).isServed);
    QCOMPARE(models->at(3).channels[0].exclusion, RouteExclusion::NoUsableKey);
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

void RouteExplanationTest::localModelsAreFreeUnlessTheyHaveAPrice()
{
    AdministrationFixture house;
    house.start();
    create(house,
           {{.type = domain::provider::ollama,
             .name = u"local"_s,
             .models = {u"llama"_s, u"qwen"_s}}});
    QVERIFY(house.wait(house.administration->prices.save(
        {.model = "llama", .tokens = {.input = domain::UnitPrice::fromDollarsPerMillion(2)}})));

    const auto models = house.wait(house.administration->routes.servedModels());

    QVERIFY(models);
    QCOMPARE(models->size(), size_t(2));
    const RouteCandidate &llama = models->at(0).channels[0];
    const RouteCandidate &qwen = models->at(1).channels[0];
    QVERIFY(!llama.isFree && llama.price);
    QCOMPARE(llama.price->tokens.input, domain::UnitPrice::fromDollarsPerMillion(2));
    QVERIFY(qwen.isFree && !qwen.price);
    QVERIFY(models->at(1).isPriced);
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
