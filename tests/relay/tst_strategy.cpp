#include "relay/routing/strategy.h"

#include "support/manualclock.h"
#include "support/testcatalog.h"

#include <QTest>

#include <array>
#include <map>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::AffinityOutcome;
using domain::Channel;
using domain::RoutingStrategy;
using support::TestCatalog;

// Which channel of the highest priority gets a request, and when a session keeps to one.
class StrategyTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void prioritiesComeFirst_data();
    void prioritiesComeFirst();
    void failedOnesAreNotAskedAgain_data() { prioritiesComeFirst_data(); }
    void failedOnesAreNotAskedAgain();
    void roundRobin();
    void theReserve_data();
    void theReserve();
    void lowestLatency();
    void oneRequestMeasuresAtATime();
    void lowestCost();
    void withoutAPrice();
    void leastBusy();
    void runningOnesAreCountedWhereItMatters();
    void aModelsOwnStrategy();
    void sessionsKeepToTheirKey();
    void aSessionSpillsOver();
    void aSessionGoesBackToThePriority();
    void oneTargetAsksForNoSession();
    void withoutAffinity_data();
    void withoutAffinity();
    void pinnedChannelsAskForNoSession();

private:
    Channel &addChannel(qint64 id, int weight = 1, qint64 priority = 0)
    {
        Channel &channel = m_content.addChannel(id);
        channel.weight = weight;
        channel.priority = priority;
        return channel;
    }
    void use(RoutingStrategy strategy) { m_content.settings().relay.strategy = strategy; }
    void build()
    {
        m_catalog = m_content.build();
        m_caller.token = m_catalog->tokens().front().get();
    }
    Admitted<Route> choose(const std::vector<Router::Failed> &failed = {}, double draw = 0.0)
    {
        if (!m_catalog)
            build();
        RouteWish wish{.draw = draw};
        if (!m_session.isEmpty()) {
            wish.session = [this] {
                ++m_asked;
                return std::optional(
                    m_load->affinity().hash({1}, "small", std::array{QByteArrayView(m_session)}));
            };
        }
        const auto suits = [](const domain::CatalogChannel &) { return base::Message(); };
        return Router(*m_catalog, *m_health, *m_load)
            .choose(m_caller, "small", suits, failed, wish);
    }
    qint64 chosen(double draw = 0.0)
    {
        const auto route = choose({}, draw);
        return route ? route->channel->channel.id.value : 0;
    }
    void measured(qint64 id, std::chrono::milliseconds latency)
    {
        m_load->pace().note({.channel = {id}, .model = "small"}, latency);
    }
    void rest(qint64 id, qint64 key)
    {
        m_health->report({id}, key, HealthEvent::RateLimited, {}, 30s);
    }

    support::ManualClock m_clock;
    TestCatalog m_content{};
    std::unique_ptr<ChannelHealth> m_health{};
    std::unique_ptr<ChannelLoad> m_load{};
    std::shared_ptr<const domain::Catalog> m_catalog{};
    Caller m_caller{};
    QByteArray m_session{}; // empty: of none
    int m_asked = 0;        // how often the session was asked for
};

void StrategyTest::init()
{
    m_content = {};
    m_health = std::make_unique<ChannelHealth>(m_clock);
    m_load = std::make_unique<ChannelLoad>(m_clock);
    m_catalog.reset();
    m_caller = {};
    m_session.clear();
    m_asked = 0;
}

void StrategyTest::prioritiesComeFirst_data()
{
    QTest::addColumn<RoutingStrategy>("strategy");

    QTest::newRow("weight") << RoutingStrategy::PriorityWeight;
    QTest::newRow("round-robin") << RoutingStrategy::RoundRobin;
    QTest::newRow("latency") << RoutingStrategy::LowestLatency;
    QTest::newRow("cost") << RoutingStrategy::LowestCost;
    QTest::newRow("load") << RoutingStrategy::LeastBusy;
}

void StrategyTest::prioritiesComeFirst()
{
    QFETCH(RoutingStrategy, strategy);
    use(strategy);
    m_content.setPrice("small", 1, 1);
    addChannel(1, 1, 0).priceRatioMillionths = 1;
    addChannel(2, 1, 5);
    measured(1, 1ms);
    measured(2, 900ms);

    for (int i = 0; i < 4; ++i)
        QCOMPARE(chosen(), 2);
}

void StrategyTest::failedOnesAreNotAskedAgain()
{
    QFETCH(RoutingStrategy, strategy);
    use(strategy);
    m_content.setPrice("small", 1, 1);
    for (const qint64 id : {1, 2, 3})
        addChannel(id);
    std::vector<Router::Failed> failed;

    QSet<qint64> asked;
    for (int i = 0; i < 3; ++i) {
        const auto route = choose(failed);
        QVERIFY(route);
        asked.insert(route->channel->channel.id.value);
        failed.push_back({.channel = route->channel->channel.id, .key = route->key->id});
    }
    QCOMPARE(asked, (QSet<qint64>{1, 2, 3}));
    QVERIFY(!choose(failed));
}

void StrategyTest::roundRobin()
{
    use(RoutingStrategy::RoundRobin);
    addChannel(1, 9);
    addChannel(2, 1);
    addChannel(3, 1);
    QList<qint64> order;

    for (int i = 0; i < 6; ++i)
        order.append(chosen(0.9));

    QCOMPARE(order, (QList<qint64>{1, 2, 3, 1, 2, 3}));
    rest(2, 20);
    QCOMPARE(chosen(), 1);
    QCOMPARE(chosen(), 3);
}

void StrategyTest::theReserve_data()
{
    QTest::addColumn<RoutingStrategy>("strategy");

    QTest::newRow("round-robin") << RoutingStrategy::RoundRobin;
    QTest::newRow("latency") << RoutingStrategy::LowestLatency;
    QTest::newRow("cost") << RoutingStrategy::LowestCost;
    QTest::newRow("load") << RoutingStrategy::LeastBusy;
}

void StrategyTest::theReserve()
{
    QFETCH(RoutingStrategy, strategy);
    use(strategy);
    m_content.setPrice("small", 1, 1);
    addChannel(1, 0).priceRatioMillionths = 1;
    addChannel(2, 1);
    measured(1, 1ms);
    measured(2, 900ms);

    for (int i = 0; i < 3; ++i)
        QCOMPARE(chosen(), 2);
    rest(2, 20);
    QCOMPARE(chosen(), 1);
}

void StrategyTest::lowestLatency()
{
    use(RoutingStrategy::LowestLatency);
    addChannel(1);
    addChannel(2);
    addChannel(3);
    measured(1, 300ms);
    measured(2, 200ms);

    QCOMPARE(chosen(), 3); // which was not measured
    measured(3, 400ms);
    QCOMPARE(chosen(), 2);
    for (int i = 0; i < 10; ++i)
        measured(2, 900ms);
    QCOMPARE(chosen(), 1);
    rest(1, 10);
    QCOMPARE(chosen(), 3);
}

void StrategyTest::oneRequestMeasuresAtATime()
{
    use(RoutingStrategy::LowestLatency);
    addChannel(1);
    addChannel(2);
    measured(1, 300ms);

    QCOMPARE(chosen(), 2);
    QCOMPARE(chosen(), 1);
    QCOMPARE(chosen(), 1);
    m_clock.advance(10s); // nothing came of it
    QCOMPARE(chosen(), 2);
}

void StrategyTest::lowestCost()
{
    use(RoutingStrategy::LowestCost);
    m_content.setPrice("small", 1, 5);
    addChannel(1, 100);
    addChannel(2, 1).priceRatioMillionths = 900'000;
    addChannel(3, 100);
    // Cheap to read and dear to write.
    m_content.content.prices.push_back(
        {.model = "small",
         .channel = domain::ChannelId{3},
         .tokens = {.input = domain::UnitPrice::fromDollarsPerMillion(0.1),
                    .output = domain::UnitPrice::fromDollarsPerMillion(9)}});

    for (const double draw : {0.0, 0.5, 0.99})
        QCOMPARE(chosen(draw), 2);
    rest(2, 20);
    QCOMPARE(chosen(), 1);
    rest(1, 10);
    QCOMPARE(chosen(), 3);
}

void StrategyTest::withoutAPrice()
{
    use(RoutingStrategy::LowestCost);
    addChannel(1, 100);
    addChannel(2);
    m_content.content.prices.push_back(
        {.model = "small",
         .channel = domain::ChannelId{2},
         .tokens = {.input = domain::UnitPrice::fromDollarsPerMillion(90)}});

    QCOMPARE(chosen(), 2);
    m_content.addChannel(3, "http://127.0.0.1:9", {u"small"_s}, domain::provider::ollama);
    build();
    QCOMPARE(chosen(), 3);
    // Which has one, though nobody knows how much it is.
    m_content.content.prices.push_back(
        {.model = "small", .channel = domain::ChannelId{3}, .currency = "CNY"});
    build();
    QCOMPARE(chosen(), 2);
}

void StrategyTest::leastBusy()
{
    use(RoutingStrategy::LeastBusy);
    addChannel(1, 1);
    addChannel(2, 2);
    std::map<qint64, int> times;

    for (int i = 0; i < 9; ++i)
        ++times[chosen(0.0)];
    QCOMPARE(times, (std::map<qint64, int>{{1, 3}, {2, 6}}));
    for (int i = 0; i < 6; ++i)
        m_load->end({2}, 0);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(chosen(), 2);
}

void StrategyTest::runningOnesAreCountedWhereItMatters()
{
    addChannel(1);
    QVERIFY(!choose()->isCounted);
    QCOMPARE(m_load->running({1}), 0);

    m_content.content.routings = {{.model = "another", .strategy = RoutingStrategy::LeastBusy}};
    build();
    QVERIFY(choose()->isCounted);
    QCOMPARE(m_load->running({1}), 1);
}

void StrategyTest::aModelsOwnStrategy()
{
    m_content.content.routings = {{.model = "small", .strategy = RoutingStrategy::RoundRobin}};
    addChannel(1);
    addChannel(2);

    QCOMPARE(chosen(), 1);
    QCOMPARE(chosen(), 2);
    QCOMPARE(chosen(), 1);
}

void StrategyTest::sessionsKeepToTheirKey()
{
    addChannel(1).keys.append({.id = 11, .secret = base::Secret(QByteArray("key"))});
    addChannel(2).keys.append({.id = 21, .secret = base::Secret(QByteArray("key"))});
    std::map<QByteArray, qint64> keys;

    for (const QByteArray session : {"a", "b", "c", "d"}) {
        m_session = session;
        const auto route = choose({}, 0.25 * double(keys.size()));
        QCOMPARE(route->affinity, AffinityOutcome::Miss);
        keys[session] = route->key->id;
    }
    QVERIFY(keys["a"] / 10 != keys["d"] / 10);
    for (const auto &[session, key] : keys) {
        m_session = session;
        for (const double draw : {0.0, 0.3, 0.6, 0.9}) {
            const auto route = choose({}, draw);
            QCOMPARE(route->key->id, key);
            QCOMPARE(route->affinity, AffinityOutcome::Hit);
        }
    }
    m_clock.advance(m_content.settings().relay.affinityTtl + 1ms);
    QCOMPARE(choose()->affinity, AffinityOutcome::Miss);
}

void StrategyTest::aSessionSpillsOver()
{
    addChannel(1).limits.concurrentRequests = 1;
    addChannel(2);
    addChannel(3);
    m_session = "spills";
    QCOMPARE(choose()->channel->channel.id.value, 1);

    // The channel is at its limit, the next one's key rests, the last one has failed this request.
    const auto second = choose();
    QCOMPARE(second->affinity, AffinityOutcome::Spill);
    QCOMPARE(second->channel->channel.id.value, 2);
    m_load->end({1}, 0);
    QCOMPARE(choose()->channel->channel.id.value, 2); // which is where the prompt is now
    rest(2, 20);
    const auto third = choose({}, 0.99);
    QCOMPARE(third->affinity, AffinityOutcome::Spill);
    QCOMPARE(third->channel->channel.id.value, 3);
    const auto fourth = choose({{.channel = {3}, .key = 30}});
    QCOMPARE(fourth->affinity, AffinityOutcome::Spill);
    QCOMPARE(fourth->channel->channel.id.value, 1);
}

void StrategyTest::aSessionGoesBackToThePriority()
{
    addChannel(1, 1, 5);
    addChannel(2, 1, 5);
    addChannel(3);
    addChannel(4);
    rest(1, 10);
    rest(2, 20);
    m_session = "waits";
    QVERIFY(chosen() > 2);

    m_clock.advance(31s);

    QVERIFY(chosen() <= 2);
}

void StrategyTest::oneTargetAsksForNoSession()
{
    addChannel(1, 1, 5);
    addChannel(2);
    m_session = "alone";

    QCOMPARE(choose()->affinity, AffinityOutcome::None);
    QCOMPARE(m_asked, 0);
    QCOMPARE(m_load->affinity().sessions(), 0);
}

void StrategyTest::withoutAffinity_data()
{
    QTest::addColumn<bool>("general");
    QTest::addColumn<std::optional<bool>>("ofModel");
    QTest::addColumn<bool>("kept");

    using Own = std::optional<bool>;
    QTest::newRow("on") << true << Own() << true;
    QTest::newRow("off") << false << Own() << false;
    QTest::newRow("off for the model") << true << Own(false) << false;
    QTest::newRow("on for the model") << false << Own(true) << true;
}

void StrategyTest::withoutAffinity()
{
    QFETCH(bool, general);
    QFETCH(std::optional<bool>, ofModel);
    QFETCH(bool, kept);
    m_content.settings().relay.affinity = general;
    m_content.content.routings = {{.model = "small", .affinity = ofModel}};
    addChannel(1);
    addChannel(2);
    m_session = "maybe";

    QCOMPARE(chosen(0.0), 1);
    QCOMPARE(chosen(0.9), kept ? 1 : 2);
    QCOMPARE(m_asked, kept ? 2 : 0);
}

void StrategyTest::pinnedChannelsAskForNoSession()
{
    addChannel(1).keys.append({.id = 11, .secret = base::Secret(QByteArray("key"))});
    addChannel(2);
    build();
    m_caller.pinnedChannel = domain::ChannelId{1};
    m_session = "pinned";

    QCOMPARE(chosen(), 1);
    QCOMPARE(m_asked, 0);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::StrategyTest)
#include "tst_strategy.moc"
