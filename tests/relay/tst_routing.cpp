#include "relay/routing/routing.h"

#include "support/manualclock.h"
#include "support/testcatalog.h"

#include <QTest>

#include <map>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::Channel;
using domain::ChannelStatus;
using support::TestCatalog;

static Channel
channel(qint64 id, qint64 priority, int weight, ChannelStatus status = ChannelStatus::Enabled)
{
    return {.id = {id},
            .name = u"c%1"_s.arg(id),
            .status = status,
            .keys = {{.id = id * 10, .secret = base::Secret(QByteArray("key"))}},
            .models = {u"small"_s},
            .priority = priority,
            .weight = weight};
}

static base::Message suitsAlways(const domain::CatalogChannel &)
{
    return {};
}

// A catalog with these channels, what is known of their health, and a caller.
class Switchyard
{
public:
    explicit Switchyard(const QList<Channel> &channels)
    {
        TestCatalog content;
        content.content.channels = {channels.begin(), channels.end()};
        catalog = content.build();
        caller.token = catalog->tokens().front().get();
    }

    Admitted<Route> choose(double draw,
                           const std::vector<Router::Failed> &failed = {},
                           const Suitability &suits = suitsAlways,
                           const QByteArray &model = "small")
    {
        return Router(*catalog, health, load).choose(caller, model, suits, failed, {.draw = draw});
    }
    // 0: none.
    qint64 chosen(double draw, const std::vector<Router::Failed> &failed = {})
    {
        const auto route = choose(draw, failed);
        return route ? route->channel->channel.id.value : 0;
    }
    void rest(qint64 id, std::chrono::milliseconds time)
    {
        health.report({id}, id * 10, HealthEvent::RateLimited, settings, time);
    }

    support::ManualClock clock;
    ChannelHealth health{clock};
    ChannelLoad load{clock};
    domain::Settings::Relay settings{};
    std::shared_ptr<const domain::Catalog> catalog;
    Caller caller{};
};

class RoutingTest : public QObject
{
    Q_OBJECT

private slots:
    void chooseChannel_data();
    void chooseChannel();
    void sharesFollowTheWeights();
    void failedOnesAreNotDrawnAgain();
    void anotherKeyOfTheSameChannel();
    void keysShareTheRequests();
    void restingOnesAreLeftAlone();
    void oneRequestTriesAHalfOpenOne();
    void whenToAskAgain_data();
    void whenToAskAgain();
    void whyThereIsNone_data();
    void whyThereIsNone();
    void unknownModel();
    void onlyUnsuitableOnes();
    void localOnesNeedNoKey();
    void passesOverAChannelAtItsLimit();
    void allAtTheirLimits_data();
    void allAtTheirLimits();
    void aBusyKeyGivesItsPlaceBack();
    void pinnedChannels_data();
    void pinnedChannels();
};

void RoutingTest::chooseChannel_data()
{
    QTest::addColumn<QList<Channel>>("channels");
    QTest::addColumn<double>("draw");
    QTest::addColumn<qint64>("chosen"); // 0: none

    const auto byHand = ChannelStatus::DisabledByHand;
    const auto byMachine = ChannelStatus::DisabledAutomatically;
    QTest::newRow("only a disabled one") << QList{channel(1, 0, 1, byHand)} << 0.0 << qint64(0);
    QTest::newRow("only one disabled by a machine")
        << QList{channel(1, 0, 1, byMachine)} << 0.0 << qint64(0);
    QTest::newRow("priority before weight")
        << QList{channel(1, 0, 9), channel(2, 5, 1)} << 0.0 << qint64(2);
    QTest::newRow("a disabled one of high priority")
        << QList{channel(1, 0, 9), channel(2, 5, 1, byHand)} << 0.0 << qint64(1);
    QTest::newRow("negative priorities")
        << QList{channel(1, -2, 1), channel(2, -1, 1)} << 0.9 << qint64(2);
    QTest::newRow("first share") << QList{channel(1, 0, 3), channel(2, 0, 1)} << 0.74 << qint64(1);
    QTest::newRow("second share") << QList{channel(1, 0, 3), channel(2, 0, 1)} << 0.75 << qint64(2);
    QTest::newRow("the last of the draw")
        << QList{channel(1, 0, 3), channel(2, 0, 1)} << 0.999999 << qint64(2);
    QTest::newRow("one without weight gets nothing")
        << QList{channel(1, 0, 0), channel(2, 0, 1)} << 0.0 << qint64(2);
    QTest::newRow("all without weight: the first half")
        << QList{channel(1, 0, 0), channel(2, 0, 0)} << 0.49 << qint64(1);
    QTest::newRow("all without weight: the second half")
        << QList{channel(1, 0, 0), channel(2, 0, 0)} << 0.5 << qint64(2);
}

void RoutingTest::chooseChannel()
{
    QFETCH(QList<Channel>, channels);
    QFETCH(double, draw);
    QFETCH(qint64, chosen);
    Switchyard yard(channels);

    const auto route = yard.choose(draw);

    QCOMPARE(route ? route->channel->channel.id.value : 0, chosen);
    if (!route) {
        QCOMPARE(route.error().status, 503);
        QCOMPARE(route.error().code, QByteArray("no_channel"));
        QVERIFY(route.error().worthRetrying);
    }
}

void RoutingTest::sharesFollowTheWeights()
{
    Switchyard yard({channel(1, 0, 1), channel(2, 0, 2), channel(3, 0, 7), channel(4, -1, 100)});
    std::map<qint64, int> times;

    for (int i = 0; i < 1'000; ++i)
        ++times[yard.chosen(i / 1'000.0)];

    QCOMPARE(times, (std::map<qint64, int>{{1, 100}, {2, 200}, {3, 700}}));
}

void RoutingTest::failedOnesAreNotDrawnAgain()
{
    Switchyard yard({channel(1, 5, 1), channel(2, 5, 1), channel(3, 0, 1)});
    std::vector<Router::Failed> failed{{.channel = {1}, .key = 10}};

    QCOMPARE(yard.chosen(0.0, failed), 2);
    failed.push_back({.channel = {2}, .key = 20});
    QCOMPARE(yard.chosen(0.0, failed), 3);
    failed.push_back({.channel = {3}, .key = 30});
    const auto none = yard.choose(0.0, failed);
    QVERIFY(!none);
    QCOMPARE(none.error().message.english().count(u"failed just now"_s), 3);
}

void RoutingTest::anotherKeyOfTheSameChannel()
{
    Channel several = channel(1, 0, 1);
    several.keys.append({.id = 11, .secret = base::Secret(QByteArray("key"))});
    several.keys.append({.id = 12, .secret = base::Secret(QByteArray("key")), .enabled = false});
    Switchyard yard({several});
    std::vector<Router::Failed> failed{{.channel = {1}, .key = 10, .wholeChannel = false}};

    const auto route = yard.choose(0.0, failed);

    QCOMPARE(route->key->id, 11);
    failed.push_back({.channel = {1}, .key = 11, .wholeChannel = false});
    const auto none = yard.choose(0.0, failed);
    QVERIFY(!none);
    QVERIFY(none.error().message.english().contains(u"no further key is usable"_s));
}

void RoutingTest::keysShareTheRequests()
{
    Channel several = channel(1, 0, 1);
    several.keys.append({.id = 11, .secret = base::Secret(QByteArray("key"))});
    several.keys.append({.id = 12, .secret = base::Secret(QByteArray("key"))});
    Switchyard yard({several, channel(2, 0, 1)});
    std::map<qint64, int> times;

    for (int i = 0; i < 3'000; ++i)
        ++times[yard.choose(i / 3'000.0)->key->id];

    QCOMPARE(times[20], 1'500);
    for (const qint64 key : {10, 11, 12})
        QVERIFY2(std::abs(times[key] - 500) < 50, QByteArray::number(times[key]).constData());
}

void RoutingTest::restingOnesAreLeftAlone()
{
    Switchyard yard({channel(1, 5, 1), channel(2, 0, 1)});
    yard.rest(1, 10s);

    QCOMPARE(yard.chosen(0.0), 2);
    yard.rest(2, 20s);
    const auto none = yard.choose(0.0);
    QVERIFY(!none);
    QVERIFY2(none.error().message.english().contains(u"\"c1\" (1): rests for 10 more seconds"_s),
             qPrintable(none.error().message.english()));
    yard.clock.advance(10s);
    QCOMPARE(yard.chosen(0.0), 1);
}

void RoutingTest::oneRequestTriesAHalfOpenOne()
{
    Switchyard yard({channel(1, 5, 1), channel(2, 0, 1)});
    yard.rest(1, 10s);
    yard.clock.advance(10s);

    QCOMPARE(yard.chosen(0.0), 1);
    QCOMPARE(yard.chosen(0.0), 2);
    yard.caller.pinnedChannel = domain::ChannelId{1};
    const auto pinned = yard.choose(0.0);
    QVERIFY(!pinned);
    QVERIFY(pinned.error().message.english().contains(u"is being tried"_s));
    QCOMPARE(pinned.error().retryAfter, 1s);
    yard.caller.pinnedChannel.reset();
    yard.health.report({1}, 10, HealthEvent::Success, yard.settings);
    QCOMPARE(yard.chosen(0.0), 1);
}

void RoutingTest::whenToAskAgain_data()
{
    // What the channels 1 to 3 have last said, and the seconds that they rest by it.
    QTest::addColumn<QList<HealthEvent>>("events");
    QTest::addColumn<QList<int>>("rests");
    QTest::addColumn<bool>("isLastDisabled");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("wait");

    constexpr auto limited = HealthEvent::RateLimited;
    constexpr auto failed = HealthEvent::Failure;
    QTest::newRow("all are limited: the first that ends")
        << QList{limited, limited, limited} << QList{20, 7, 30} << false << 429 << 7;
    QTest::newRow("one has failed")
        << QList{limited, failed, limited} << QList{20, 25, 30} << false << 503 << 20;
    QTest::newRow("the one that has failed is disabled")
        << QList{limited, limited, failed} << QList{20, 25, 5} << true << 429 << 20;
    QTest::newRow("all have failed")
        << QList{failed, failed, failed} << QList{20, 25, 15} << false << 503 << 15;
}

void RoutingTest::whenToAskAgain()
{
    QFETCH(QList<HealthEvent>, events);
    QFETCH(QList<int>, rests);
    QFETCH(bool, isLastDisabled);
    Switchyard yard(
        {channel(1, 5, 1),
         channel(2, 0, 1),
         channel(
             3, 0, 1, isLastDisabled ? ChannelStatus::DisabledByHand : ChannelStatus::Enabled)});
    for (int i = 0; i < 3; ++i)
        yard.health.report(
            {i + 1}, (i + 1) * 10, events[i], yard.settings, std::chrono::seconds(rests[i]));

    const auto route = yard.choose(0.0);

    QVERIFY(!route);
    QTEST(route.error().status, "status");
    QVERIFY(route.error().retryAfter);
    QTEST(int(route.error().retryAfter->count()), "wait");
    QVERIFY(route.error().worthRetrying);
    // The same holds for a caller that has chosen one of them.
    yard.caller.pinnedChannel = domain::ChannelId{1};
    const auto pinned = yard.choose(0.0);
    QVERIFY(!pinned);
    QCOMPARE(pinned.error().status, events[0] == HealthEvent::RateLimited ? 429 : 503);
    QCOMPARE(int(pinned.error().retryAfter->count()), rests[0]);
}

void RoutingTest::whyThereIsNone_data()
{
    QTest::addColumn<Channel>("channel");
    QTest::addColumn<QString>("reason");

    Channel disabled = channel(1, 0, 1, ChannelStatus::DisabledByHand);
    QTest::newRow("disabled by a person") << disabled << u"\"c1\" (1): disabled."_s;
    Channel automatically = channel(1, 0, 1, ChannelStatus::DisabledAutomatically);
    QTest::newRow("disabled by a machine")
        << automatically << u"\"c1\" (1): disabled automatically."_s;
    automatically.statusReason = u"the key was refused"_s;
    QTest::newRow("disabled by a machine, with a reason")
        << automatically << u"disabled automatically: the key was refused"_s;
    Channel keyless = channel(1, 0, 1);
    keyless.keys.clear();
    QTest::newRow("without a key") << keyless << u"has no key"_s;
    Channel refused = channel(1, 0, 1);
    refused.keys.first().enabled = false;
    QTest::newRow("without an enabled key") << refused << u"all its keys are disabled"_s;
}

void RoutingTest::whyThereIsNone()
{
    QFETCH(Channel, channel);
    QFETCH(QString, reason);
    Switchyard yard({channel});

    const auto route = yard.choose(0.0);

    QVERIFY(!route);
    QVERIFY2(route.error().message.english().contains(reason),
             qPrintable(route.error().message.english()));
    QVERIFY(route.error().message.english().contains(u"\"small\""_s));
    QVERIFY(route.error().message.english().contains(u"\"default\""_s));
}

void RoutingTest::unknownModel()
{
    Switchyard yard({channel(1, 0, 1)});

    const auto route = yard.choose(0.0, {}, suitsAlways, "large");

    QVERIFY(!route);
    QCOMPARE(route.error().status, 404);
    QCOMPARE(route.error().code, QByteArray("model_not_found"));
    QVERIFY(!route.error().worthRetrying);
}

void RoutingTest::onlyUnsuitableOnes()
{
    Switchyard yard({channel(1, 5, 1), channel(2, 0, 1)});
    const auto second = [](const domain::CatalogChannel &candidate) {
        return candidate.channel.id.value == 2
                   ? base::Message()
                   : base::Message::verbatim(u"speaks another dialect"_s);
    };
    const auto none = [](const domain::CatalogChannel &) {
        return base::Message::verbatim(u"speaks another dialect"_s);
    };

    QCOMPARE(yard.choose(0.0, {}, second)->channel->channel.id.value, 2);
    const auto refused = yard.choose(0.0, {}, none);
    QVERIFY(!refused);
    QCOMPARE(refused.error().status, 400);
    QCOMPARE(refused.error().code, QByteArray("unsupported_operation"));
    QCOMPARE(refused.error().message.english().count(u"speaks another dialect"_s), 2);
}

void RoutingTest::localOnesNeedNoKey()
{
    Channel local = channel(1, 0, 1);
    local.type = domain::provider::ollama;
    local.keys.clear();
    Switchyard yard({local});

    const auto route = yard.choose(0.0);

    QVERIFY(route.has_value());
    QVERIFY(!route->key);
    yard.health.report({1}, 0, HealthEvent::RateLimited, yard.settings, 10s);
    QVERIFY(yard.choose(0.0).error().message.english().contains(u"rests for 10 more seconds"_s));
}

void RoutingTest::passesOverAChannelAtItsLimit()
{
    Channel narrow = channel(1, 5, 1);
    narrow.limits.concurrentRequests = 1;
    Switchyard yard({narrow, channel(2, 0, 1)});

    const auto first = yard.choose(0.0);
    QCOMPARE(first->channel->channel.id.value, 1);
    QVERIFY(first->isCounted);
    const auto second = yard.choose(0.0);
    QCOMPARE(second->channel->channel.id.value, 2);
    QVERIFY(!second->isCounted);
    yard.load.end({1}, 0);

    QCOMPARE(yard.chosen(0.0), 1);
}

void RoutingTest::allAtTheirLimits_data()
{
    QTest::addColumn<bool>("otherRests"); // as its provider asked
    QTest::addColumn<bool>("otherFailed");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("wait");

    QTest::newRow("by their own limits")
        << false << false << 429 << QByteArray("channel_limit_reached") << 1;
    QTest::newRow("one by its provider's")
        << true << false << 429 << QByteArray("provider_rate_limited") << 1;
    QTest::newRow("one rests after failures")
        << false << true << 503 << QByteArray("no_channel") << 1;
}

void RoutingTest::allAtTheirLimits()
{
    QFETCH(bool, otherRests);
    QFETCH(bool, otherFailed);
    Channel narrow = channel(1, 5, 1);
    narrow.limits.concurrentRequests = 1;
    Channel other = channel(2, 0, 1);
    other.limits.requestsPerMinute = 1;
    Switchyard yard({narrow, other});
    QCOMPARE(yard.chosen(0.0), 1);
    if (otherRests || otherFailed) {
        yard.health.report({2},
                           20,
                           otherRests ? HealthEvent::RateLimited : HealthEvent::KeyRefused,
                           yard.settings,
                           30s);
    } else {
        QCOMPARE(yard.chosen(0.0), 2);
    }

    const auto route = yard.choose(0.0);

    QVERIFY(!route);
    QTEST(route.error().status, "status");
    QTEST(route.error().code, "code");
    QVERIFY(route.error().retryAfter);
    QTEST(int(route.error().retryAfter->count()), "wait");
    QVERIFY(route.error().worthRetrying);
    const QString text = route.error().message.english();
    QVERIFY2(text.contains(u"\"c1\" (1): has as many requests at a time as its limit allows: 1"_s),
             qPrintable(text));
    if (!otherRests && !otherFailed)
        QVERIFY2(text.contains(u"\"c2\" (2): has had its 1 requests a minute"_s), qPrintable(text));
}

// A channel whose key another request tries right now takes no place by being asked.
void RoutingTest::aBusyKeyGivesItsPlaceBack()
{
    Channel narrow = channel(1, 0, 1);
    narrow.limits = {.concurrentRequests = 1, .requestsPerMinute = 100};
    Switchyard yard({narrow});
    yard.rest(1, 10s);
    yard.clock.advance(11s);
    const auto trial = yard.choose(0.0);
    QVERIFY(trial && trial->isTrial);

    QVERIFY(!yard.choose(0.0));
    yard.load.end({1}, 0);
    yard.health.report({1}, 10, HealthEvent::Success, yard.settings);

    QCOMPARE(yard.chosen(0.0), 1);
}

void RoutingTest::pinnedChannels_data()
{
    QTest::addColumn<qint64>("pinned");
    QTest::addColumn<qint64>("chosen");
    QTest::addColumn<QByteArray>("code");

    QTest::newRow("of low priority") << qint64(2) << qint64(2) << QByteArray();
    QTest::newRow("one that does not list the model") << qint64(3) << qint64(3) << QByteArray();
    QTest::newRow("a disabled one") << qint64(4) << qint64(0) << QByteArray("no_channel");
    QTest::newRow("none at all") << qint64(9) << qint64(0) << QByteArray("channel_not_found");
}

void RoutingTest::pinnedChannels()
{
    QFETCH(qint64, pinned);
    QFETCH(QByteArray, code);
    Channel other = channel(3, 0, 1);
    other.models = {u"large"_s};
    Switchyard yard({channel(1, 5, 1),
                     channel(2, 0, 1),
                     other,
                     channel(4, 9, 1, ChannelStatus::DisabledByHand)});
    yard.caller.pinnedChannel = domain::ChannelId{pinned};

    const auto route = yard.choose(0.0);

    QTEST(route ? route->channel->channel.id.value : 0, "chosen");
    if (!route)
        QCOMPARE(route.error().code, code);
    else
        QVERIFY(!yard.choose(0.0, {{.channel = {pinned}}}));
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::RoutingTest)
#include "tst_routing.moc"
