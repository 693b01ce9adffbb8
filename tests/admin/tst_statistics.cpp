#include "admin/channels/channelstates.h"
#include "admin/gateway/livecounters.h"
#include "admin/statistics/attention.h"
#include "admin/statistics/seriesplan.h"
#include "admin/traffic/refusalreason.h"
#include "storage/traffic/rollup.h"
#include "support/manualclock.h"
#include "support/testcatalog.h"

#include <QtTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelStatus;
using domain::Health;
using protocol::ErrorClass;
using relay::HealthEvent;
using relay::HealthState;
using relay::KeyHealth;
using Reason = HealthReason::Kind;

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;
// 2026-09-21 00:00 UTC, a Monday.
constexpr qint64 monday = 1'789'948'800'000;

const QString refused = u"The provider refuses the key (status 401, invalid_api_key)."_s;
const QString empty =
    u"The provider reports that the account is out of credit (status 402, no_money)."_s;

Channel channelWith(QList<domain::ChannelKey> keys)
{
    return {.id = {7}, .name = u"seven"_s, .keys = std::move(keys)};
}

domain::ChannelKey key(qint64 id, bool enabled = true, const QString &reason = {})
{
    return {.id = id,
            .secret = base::Secret("sk-0123456789abcdef-" + QByteArray::number(id)),
            .enabled = enabled,
            .disabledReason = reason};
}

KeyHealth health(qint64 key, HealthState state, HealthEvent cause, int failures = 5)
{
    return {.channel = {7},
            .key = key,
            .state = state,
            .cause = cause,
            .restsFor = state == HealthState::Open ? 30s : 0s,
            .failuresInARow = failures};
}

} // namespace

class StatisticsTest : public QObject
{
    Q_OBJECT

private slots:
    void statesOfChannels_data();
    void statesOfChannels();
    void keysAreToldApart();
    void reasonsKeepTheirType();
    void aChangeOfHealthIsRemembered();
    void liveFigures();
    void seriesPlans_data();
    void seriesPlans();
    void daysBeginAtMidnightAlsoWhenClocksChange();
    void tokensInNeedAreFound();
    void upkeepInNeedIsNamed();
    void channelsInNeedAreSorted();
};

void StatisticsTest::statesOfChannels_data()
{
    QTest::addColumn<Channel>("channel");
    QTest::addColumn<std::vector<KeyHealth>>("keys");
    QTest::addColumn<int>("failed"); // of 100 requests
    QTest::addColumn<bool>("testing");
    QTest::addColumn<int>("health");
    QTest::addColumn<int>("reason");
    QTest::addColumn<int>("usable");
    QTest::addColumn<qint64>("until");

    const auto row = [](const char *name,
                        const Channel &channel,
                        const std::vector<KeyHealth> &keys,
                        Health health,
                        Reason reason,
                        int usable,
                        qint64 until = 0,
                        int failed = 0,
                        bool testing = false) {
        QTest::newRow(name) << channel << keys << failed << testing << static_cast<int>(health)
                            << static_cast<int>(reason) << usable << until;
    };
    const Channel two = channelWith({key(1), key(2)});
    const Channel none = channelWith({});
    Channel byHand = two;
    byHand.status = ChannelStatus::DisabledByHand;
    Channel noMoney = two;
    noMoney.status = ChannelStatus::DisabledAutomatically;
    noMoney.statusReason = empty;
    Channel noKey = noMoney;
    noKey.statusReason = refused;
    Channel failedTest = noMoney;
    failedTest.statusReason = u"The test said no."_s;
    const auto open = HealthState::Open;
    const auto closed = HealthState::Closed;
    const auto halfOpen = HealthState::HalfOpen;

    row("nothing went wrong", two, {}, Health::Healthy, Reason::None, 2);
    row("a single failure is nothing",
        two,
        {health(1, closed, HealthEvent::Failure, 1)},
        Health::Healthy,
        Reason::None,
        2);
    row("failures in a row",
        two,
        {health(1, closed, HealthEvent::Failure, 3)},
        Health::Degraded,
        Reason::FailuresInARow,
        2);
    row("a share of failures", two, {}, Health::Degraded, Reason::FailureShare, 2, 0, 3);
    row("a small share", two, {}, Health::Healthy, Reason::None, 2, 0, 2);
    row("one key rests",
        two,
        {health(1, open, HealthEvent::RateLimited)},
        Health::Healthy,
        Reason::None,
        1);
    row("one key was refused",
        two,
        {health(1, open, HealthEvent::KeyRefused)},
        Health::Degraded,
        Reason::KeysRefused,
        1);
    row("all keys rest",
        two,
        {health(1, open, HealthEvent::RateLimited), health(2, open, HealthEvent::RateLimited)},
        Health::Limited,
        Reason::RateLimited,
        0,
        30'000);
    row("the breaker is open",
        two,
        {health(1, open, HealthEvent::Failure), health(2, open, HealthEvent::Failure)},
        Health::Open,
        Reason::Breaker,
        0,
        30'000);
    row("a probe is due",
        two,
        {health(1, halfOpen, HealthEvent::Failure), health(2, open, HealthEvent::Failure)},
        Health::Testing,
        Reason::Probe,
        0);
    row("all keys were refused",
        two,
        {health(1, open, HealthEvent::KeyRefused), health(2, open, HealthEvent::KeyRefused)},
        Health::AuthenticationFailed,
        Reason::KeysRefused,
        0);
    row("a machine disabled all keys",
        channelWith({key(1, false, empty), key(2, false, empty)}),
        {},
        Health::NoCredit,
        Reason::OutOfCredit,
        0);
    row("a person disabled all keys",
        channelWith({key(1, false), key(2, false)}),
        {},
        Health::Disabled,
        Reason::NoUsableKey,
        0);
    row("one refused, one rests",
        channelWith({key(1, false, refused), key(2)}),
        {health(2, open, HealthEvent::Failure)},
        Health::Open,
        Reason::Breaker,
        0,
        30'000);
    row("no key at all", none, {}, Health::Healthy, Reason::None, 0);
    row("no key at all, and the breaker is open",
        none,
        {health(0, open, HealthEvent::Failure)},
        Health::Open,
        Reason::Breaker,
        0,
        30'000);
    row("a person disabled it",
        byHand,
        {health(1, open, HealthEvent::Failure)},
        Health::Disabled,
        Reason::DisabledByHand,
        1);
    row("a machine disabled it for want of credit",
        noMoney,
        {},
        Health::NoCredit,
        Reason::OutOfCredit,
        2);
    row("a machine disabled it for its key",
        noKey,
        {},
        Health::AuthenticationFailed,
        Reason::KeysRefused,
        2);
    row("a machine disabled it for a test",
        failedTest,
        {},
        Health::AuthenticationFailed,
        Reason::DisabledByMachine,
        2);
    row("a test is under way", byHand, {}, Health::Testing, Reason::TestRunning, 2, 0, 0, true);
}

void StatisticsTest::statesOfChannels()
{
    QFETCH(Channel, channel);
    QFETCH(std::vector<KeyHealth>, keys);
    QFETCH(int, failed);
    QFETCH(bool, testing);
    QFETCH(qint64, until);

    const ChannelState state = stateOf({.channel = channel,
                                        .keys = keys,
                                        .testing = testing,
                                        .requests = 100,
                                        .failed = failed,
                                        .now = monday});

    QTEST(static_cast<int>(state.health), "health");
    QTEST(static_cast<int>(state.reason.kind), "reason");
    QTEST(state.usableKeys, "usable");
    QCOMPARE(state.until, until == 0 ? 0 : monday + until);
}

void StatisticsTest::keysAreToldApart()
{
    const Channel channel = channelWith({key(1),
                                         key(2),
                                         key(3),
                                         key(4, false),
                                         key(5, false, refused),
                                         {.id = 6, .secret = base::Secret(QByteArray("short"))}});
    const std::vector<KeyHealth> keys{health(2, HealthState::Open, HealthEvent::RateLimited),
                                      health(3, HealthState::Open, HealthEvent::KeyRefused)};

    const auto overviews = keysOf({.channel = channel,
                                   .keys = keys,
                                   .refusals = {{3, ErrorClass::OutOfCredit}},
                                   .now = monday});

    using State = KeyOverview::State;
    const std::vector<State> expected{State::Usable,
                                      State::Resting,
                                      State::NoCredit,
                                      State::Disabled,
                                      State::Refused,
                                      State::Usable};
    QCOMPARE(overviews.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(overviews[i].state, expected[i]);
    QCOMPARE(overviews[1].until, monday + 30'000);
    QCOMPARE(overviews[0].suffix, u"ef-1"_s);
    QCOMPARE(overviews[5].suffix, QString());
}

void StatisticsTest::reasonsKeepTheirType()
{
    const QString credit =
        reasonOf({.status = 402, .code = "no_money", .kind = ErrorClass::OutOfCredit});
    const QString authentication = reasonOf({.status = 401, .kind = ErrorClass::Authentication});

    QVERIFY(meansOutOfCredit(credit) && !meansKeyRefused(credit));
    QVERIFY(meansKeyRefused(authentication) && !meansOutOfCredit(authentication));
    QCOMPARE(credit, empty);
}

void StatisticsTest::aChangeOfHealthIsRemembered()
{
    BreakerHistory history;

    QVERIFY(!history.note({1}, Health::Healthy, monday));
    QCOMPARE(history.since({1}), 0);
    QVERIFY(history.note({1}, Health::Open, monday + 2 * minute + 1));
    QVERIFY(!history.note({1}, Health::Open, monday + 3 * minute));
    QVERIFY(history.note({1}, Health::Healthy, monday + 4 * minute));

    QCOMPARE(history.since({1}), monday + 4 * minute);
    const auto openOf = [&history](qint64 channel, qint64 since, qint64 until) {
        return history.openMinutes({channel}, monday + since * minute, monday + until * minute);
    };
    QCOMPARE(openOf(1, 0, 2), 0);
    QCOMPARE(openOf(1, 2, 3), 1);
    QCOMPARE(openOf(1, 3, 4), 1);
    QCOMPARE(openOf(1, 4, 60), 0);
    QCOMPARE(openOf(1, 0, 60), 2);
    QCOMPARE(openOf(2, 0, 60), 0);
    history.note({1}, Health::Open, monday + 90 * minute);
    QCOMPARE(openOf(1, 0, 24 * 60), 3);
    history.note({1}, Health::Healthy, monday + 31 * 24 * hour);
    QCOMPARE(openOf(1, 0, 24 * 60), 0);
}

void StatisticsTest::liveFigures()
{
    LiveCounters counters;
    std::vector<storage::LedgerEntry> entries;
    const auto add = [&](qint64 secondsAgo, int status) {
        storage::LedgerEntry entry;
        entry.record.createdAt = monday - secondsAgo * 1000;
        entry.record.httpStatus = status;
        entries.push_back(entry);
    };
    add(0, 200);
    add(59, 502);
    add(60, 200);
    add(100'000, 200); // long ago
    entries.push_back(entries.front());
    entries.back().record.kind = domain::RecordKind::Test;

    counters.count(entries);
    const LiveFigures figures = counters.figures(monday);

    QCOMPARE(counters.requests(), 4u);
    QCOMPARE(figures.requestsInLastMinute, 2);
    QCOMPARE(figures.failuresInLastMinute, 1);
    QCOMPARE(figures.sparkline.size(), 44u);
    QCOMPARE(figures.sparkline.back(), 1);
    QCOMPARE(std::accumulate(figures.sparkline.begin(), figures.sparkline.end(), 0), 3);
    QCOMPARE(counters.figures(monday + 61'000).requestsInLastMinute, 0);
}

void StatisticsTest::seriesPlans_data()
{
    QTest::addColumn<qint64>("length");
    QTest::addColumn<int>("buckets");
    QTest::addColumn<qint64>("bucket");
    QTest::addColumn<int>("source");
    QTest::addColumn<int>("count");

    const auto row = [](const char *name,
                        qint64 length,
                        int buckets,
                        qint64 bucket,
                        SeriesPlan::Source source,
                        int count) {
        QTest::newRow(name) << length << buckets << bucket << static_cast<int>(source) << count;
    };
    using Source = SeriesPlan::Source;
    row("a quarter of an hour", 15 * minute, 120, 15'000, Source::Ledger, 60);
    row("an hour", hour, 120, 30'000, Source::Ledger, 120);
    row("a day", 24 * hour, 120, 15 * minute, Source::Minutes, 96);
    row("a week", 7 * 24 * hour, 120, 2 * hour, Source::Hours, 84);
    row("a month", 30 * 24 * hour, 120, 6 * hour, Source::Hours, 120);
    row("a year", 365 * 24 * hour, 120, 7 * 24 * hour, Source::Hours, 53);
    row("nothing", 0, 120, 0, Source::Minutes, -1);
}

void StatisticsTest::seriesPlans()
{
    QFETCH(qint64, length);
    QFETCH(int, buckets);
    QFETCH(int, count);

    const SeriesPlan plan = seriesPlan(
        {monday - length, monday}, buckets, QTimeZone::utc(), monday - 50 * hour, length <= hour);

    QTEST(static_cast<qint64>(plan.bucket.count()), "bucket");
    QTEST(static_cast<int>(plan.source), "source");
    QCOMPARE(static_cast<int>(plan.bounds.size()) - 1, count);
    QVERIFY(std::is_sorted(plan.bounds.begin(), plan.bounds.end()));
    if (count > 0) {
        QVERIFY(plan.bounds.front() <= monday - length);
        QVERIFY(plan.bounds.back() >= monday);
    }
}

void StatisticsTest::daysBeginAtMidnightAlsoWhenClocksChange()
{
    const QTimeZone berlin("Europe/Berlin");
    QVERIFY(berlin.isValid());
    // The clocks go back on the 25th of October 2026.
    const qint64 since = QDateTime(QDate(2026, 10, 24), QTime(), berlin).toMSecsSinceEpoch();
    const qint64 until = QDateTime(QDate(2026, 10, 27), QTime(), berlin).toMSecsSinceEpoch();

    const SeriesPlan days = seriesPlan({since, until}, 4, berlin, until, false);
    const SeriesPlan quarters = seriesPlan({since, until}, 13, berlin, until, false);

    QCOMPARE(days.bounds.size(), 4u);
    QCOMPARE(days.bounds[2] - days.bounds[1], 25 * hour);
    for (const qint64 bound : days.bounds)
        QVERIFY(std::find(quarters.bounds.begin(), quarters.bounds.end(), bound)
                != quarters.bounds.end());
    QCOMPARE(quarters.bounds.front(), since);
    QVERIFY(
        std::adjacent_find(quarters.bounds.begin(), quarters.bounds.end(), std::greater_equal<>())
        == quarters.bounds.end());
}

void StatisticsTest::tokensInNeedAreFound()
{
    support::ManualClock clock;
    const qint64 now = clock.wallMilliseconds() / 1000;
    support::TestCatalog catalog;
    const auto add = [&](qint64 id, qint64 balance, qint64 used, qint64 expiresAt) {
        domain::Token token = catalog.content.tokens.front();
        token.id = {id};
        token.name = u"token-%1"_s.arg(id);
        token.keyHash = support::hashOf(QByteArray::number(id));
        token.balance = {balance};
        token.used = {used};
        token.expiresAt = expiresAt;
        catalog.content.tokens.push_back(token);
    };
    add(2, 10, 90, -1);
    add(3, 50, 50, -1);
    add(4, 100, 0, now + 3 * 86'400);
    add(5, 100, 0, now + 30 * 86'400);
    add(6, 0, 100, now - 1); // is over already
    add(7, 5, 95, -1);
    catalog.content.tokens.back().status = domain::TokenStatus::Disabled;
    add(8, 15, 9'000, -1);
    catalog.content.tokens.back().budget = {
        .period = domain::BudgetPeriod::Day, .limit = {100}, .resetsAt = now + 60, .warning = 90};
    domain::User user = catalog.content.users.front();
    user.id = {2};
    user.username = u"ann"_s;
    user.balance = {4};
    user.budget = {.period = domain::BudgetPeriod::Month, .limit = {100}, .resetsAt = now + 60};
    catalog.content.users.push_back(user);
    const auto built = domain::Catalog::build(catalog.content);
    relay::Admission admission(clock);
    admission.publish(*built);

    const auto items = accountsInNeed(*built, admission, clock.wallMilliseconds());

    QCOMPARE(items.size(), 3u);
    QCOMPARE(items[0].kind, AttentionItem::Kind::BudgetLow);
    QCOMPARE(items[0].user, domain::UserId{2});
    QVERIFY(items[0].token.isNull());
    QCOMPARE(items[0].share, 0.96);
    QCOMPARE(items[1].kind, AttentionItem::Kind::BudgetLow);
    QCOMPARE(items[1].token, domain::TokenId{2});
    QCOMPARE(items[1].share, 0.9);
    QCOMPARE(items[2].kind, AttentionItem::Kind::TokenExpires);
    QCOMPARE(items[2].token, domain::TokenId{4});
    QCOMPARE(items[2].time, (now + 3 * 86'400) * 1000);
}

void StatisticsTest::upkeepInNeedIsNamed()
{
    QVERIFY(upkeepInNeed(std::nullopt, {}).empty());
    const base::Message reason = base::Message::verbatim(u"The disk is full."_s);

    const auto items = upkeepInNeed(
        BackupFailure{.at = QDateTime::fromMSecsSinceEpoch(monday), .reason = reason},
        {.channels = {{3}, {4}}, .tokens = 9, .authority = true, .webhookSecret = true},
        {{.setting = u"integrations.otlp_endpoint"_s,
          .error = {.message = base::Message::verbatim(u"Nobody answers."_s)},
          .since = monday}});

    QCOMPARE(items.size(), 4u);
    QCOMPARE(items[3].kind, AttentionItem::Kind::ExportFails);
    QCOMPARE(items[3].name, u"integrations.otlp_endpoint"_s);
    QCOMPARE(items[3].reason.english(), u"Nobody answers."_s);
    QCOMPARE(items[3].time, monday);
    QCOMPARE(items[0].kind, AttentionItem::Kind::BackupFailed);
    QCOMPARE(items[0].reason, reason);
    QCOMPARE(items[0].time, monday);
    QCOMPARE(items[1].kind, AttentionItem::Kind::KeysLost);
    QCOMPARE(items[1].count, 2);
    QCOMPARE(items[2].kind, AttentionItem::Kind::SecretLost);
    QCOMPARE(items[2].name, u"integrations.webhook_url"_s);
}

void StatisticsTest::channelsInNeedAreSorted()
{
    support::TestCatalog catalog;
    for (qint64 id = 1; id <= 4; ++id)
        catalog.addChannel(id);
    const auto built = domain::Catalog::build(catalog.content);

    const auto items = channelsInNeed(
        *built,
        {{.channel = {1}, .reason = {.kind = Reason::Breaker, .failed = 5}, .until = monday},
         {.channel = {2}, .reason = {.kind = Reason::FailureShare, .failed = 5, .requests = 9}},
         {.channel = {3}, .reason = {.kind = Reason::KeysRefused, .failed = 2, .requests = 2}},
         {.channel = {9}, .reason = {.kind = Reason::Breaker}}});

    QCOMPARE(items.size(), 2u);
    QCOMPARE(items[0].kind, AttentionItem::Kind::KeysRefused);
    QCOMPARE(items[0].name, u"channel-3"_s);
    QCOMPARE(items[0].total, 2);
    QCOMPARE(items[1].kind, AttentionItem::Kind::BreakerOpen);
    QCOMPARE(items[1].time, monday);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::StatisticsTest)
#include "tst_statistics.moc"
