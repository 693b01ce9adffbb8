#include "admin/channels/modelroutingservice.h"

#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;
using support::AdministrationFixture;

// How models are routed that have a choice of their own, and what a person is told of it.
class ModelRoutingServiceTest : public QObject
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
    static RouteExplanation explain(AdministrationFixture &house)
    {
        const auto answer = house.wait(house.administration->routes.explain({.model = "gpt-4o"}));
        if (!answer)
            qFatal("%s", qPrintable(answer.error().message.english()));
        return *answer;
    }
    static const RouteCandidate *named(const std::vector<RouteCandidate> &all, const QString &name)
    {
        const auto found = std::find_if(
            all.begin(), all.end(), [&](const RouteCandidate &one) { return one.name == name; });
        return found == all.end() ? nullptr : &*found;
    }

private slots:
    void strategiesAndAffinity();
    void theRoutingOfModels();
};

void ModelRoutingServiceTest::strategiesAndAffinity()
{
    AdministrationFixture house;
    house.start();
    Channel cheap = channel(u"cheap"_s, 0, 1);
    cheap.priceRatioMillionths = 500'000;
    create(house, {channel(u"large"_s, 0, 3), cheap, channel(u"first"_s, 5)});
    QVERIFY(house.wait(house.administration->prices.save(
        {.model = "gpt-4o", .tokens = {.input = domain::UnitPrice::fromDollarsPerMillion(2)}})));
    const auto shares = [&](std::optional<domain::RoutingStrategy> strategy) {
        const bool saved = house
                               .wait(house.administration->modelRoutings.save(
                                   {{.model = "gpt-4o", .strategy = strategy}}))
                               .has_value();
        const RouteExplanation answer = explain(house);
        return QList<double>{saved ? named(answer.candidates, u"first"_s)->sharePercent : -1,
                             named(answer.candidates, u"large"_s)->sharePercent,
                             named(answer.candidates, u"cheap"_s)->sharePercent};
    };
    using domain::RoutingStrategy;

    QCOMPARE(shares({}), (QList<double>{100, 75, 25}));
    QCOMPARE(shares(RoutingStrategy::RoundRobin), (QList<double>{100, 50, 50}));
    QCOMPARE(shares(RoutingStrategy::LowestCost), (QList<double>{100, 0, 100}));
    house.load->pace().note(
        {.channel = named(explain(house).candidates, u"cheap"_s)->channel, .model = "gpt-4o"},
        200ms);
    QCOMPARE(shares(RoutingStrategy::LowestLatency), (QList<double>{100, 100, 0}));
    const RouteExplanation answer = explain(house);
    QCOMPARE(answer.routing.strategy, RoutingStrategy::LowestLatency);
    QVERIFY(answer.strategy.english().contains("soonest"_L1));
    QVERIFY(answer.affinity.english().contains("for 5 minutes"_L1));
    QVERIFY(house.wait(
        house.administration->modelRoutings.save({{.model = "gpt-4o", .affinity = false}})));
    QVERIFY(explain(house).affinity.english().contains("keep to no channel"_L1));
}

void ModelRoutingServiceTest::theRoutingOfModels()
{
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"one"_s), channel(u"two"_s)});
    ModelRoutingService &routings = house.administration->modelRoutings;
    const auto model = [&house] {
        return house.wait(house.administration->routes.servedModels())->front();
    };
    QCOMPARE(model().ownRouting, (domain::ModelRouting{.model = "gpt-4o"}));
    const domain::ModelRouting own{.model = "gpt-4o",
                                   .strategy = domain::RoutingStrategy::RoundRobin};

    // All or none.
    QVERIFY(!house.wait(routings.save({own, {.model = "", .affinity = true}})));
    QVERIFY(model().ownRouting.isDefault());
    QVERIFY(house.wait(routings.save({own})));

    QCOMPARE(model().ownRouting, own);
    QCOMPARE(model().routing.strategy, domain::RoutingStrategy::RoundRobin);
    QVERIFY(model().routing.affinity);
    QCOMPARE(house.wait(routings.list()).value(), std::vector{own});
    QVERIFY(house.wait(routings.save({{.model = "gpt-4o"}})));
    QVERIFY(model().ownRouting.isDefault());
    QVERIFY(house.wait(routings.list())->empty());
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ModelRoutingServiceTest)
#include "tst_modelroutingservice.moc"
