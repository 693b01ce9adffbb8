#include "admin/traffic/refusalreason.h"
#include "storage/statement.h"
#include "storage/traffic/uptimerepository.h"
#include "support/administrationfixture.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Health;
using domain::UsageRecord;
using support::AdministrationFixture;

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;

} // namespace

class StatisticsServiceTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void figuresOfTwoPeriods();
    void severalFiltersAreAnsweredFromTheLedger();
    void seriesHaveNoGaps();
    void seriesComeToWhatTheFiguresSay();
    void timesOfStandstillAreTold();
    void secondsComeFromTheLedger();
    void rankingsEndWithTheOthers();
    void savingsGoByThePrice();
    void channelsAreOverviewed();
    void findingsAreToldWithoutAnotherCatalog();
    void refusedKeysAreToldAtOnce();
    void detailsOfAChannel();
    void attentionNamesModelsWithoutAPrice();
    void liveFiguresNeedNoDatabase();
    void anOldLedgerIsSummedUpAtTheStart();
    void costsOfUsersOutlastTheirRequests();

private:
    StatisticsService &statistics() { return m_fixture->administration->statistics; }
    qint64 now() const { return m_fixture->clock.wallMilliseconds(); }
    TimeRange last(qint64 length) const { return {now() - length, now()}; }
    UsageRecord request(qint64 age, qint64 cost = 1'000'000);
    void submit(std::vector<UsageRecord> records);
    // Until the roll-ups contain all that was submitted.
    void waitForRollUps();
    domain::ChannelId addChannel(const QString &name);

    template<typename T>
    T valueOf(Answer<T> answer)
    {
        const base::Result<T> result = AdministrationFixture::wait(std::move(answer));
        if (!result)
            qFatal("%s %s",
                   qPrintable(result.error().message.english()),
                   qPrintable(result.error().detail));
        return *result;
    }

    std::unique_ptr<AdministrationFixture> m_fixture;
    qint64 m_number = 0;
};

void StatisticsServiceTest::init()
{
    m_fixture = std::make_unique<AdministrationFixture>();
    m_fixture->start();
    m_number = 0;
}

void StatisticsServiceTest::cleanup()
{
    m_fixture.reset();
}

UsageRecord StatisticsServiceTest::request(qint64 age, qint64 cost)
{
    UsageRecord record{.requestId = "r-" + QByteArray::number(++m_number),
                       .createdAt = now() - age,
                       .userId = {1},
                       .username = "root",
                       .tokenId = {1},
                       .channelId = {1},
                       .model = "small",
                       .stream = true,
                       .httpStatus = 200,
                       .elapsedMilliseconds = 1'000,
                       .firstByteMilliseconds = 200};
    record.usage = {.input = 100, .cacheRead = 40, .output = 80};
    record.cost = {cost};
    return record;
}

void StatisticsServiceTest::submit(std::vector<UsageRecord> records)
{
    for (UsageRecord &record : records)
        m_fixture->ledger->submit(std::move(record), {});
    QVERIFY(m_fixture->ledger->flush(10s));
}

void StatisticsServiceTest::waitForRollUps()
{
    statistics().start();
    const auto contained = [this] {
        const auto state = AdministrationFixture::wait(m_fixture->storage->read(
            [](storage::Database &database) { return storage::rollUpState(database); }));
        return state && state->last == state->newest && state->newest >= m_number;
    };
    QTRY_VERIFY_WITH_TIMEOUT(contained(), 60'000);
}

domain::ChannelId StatisticsServiceTest::addChannel(const QString &name)
{
    domain::Channel channel{
        .name = name,
        .baseUrl = u"http://127.0.0.1:9"_s,
        .keys = {{.secret = base::Secret("sk-0123456789abcdef-" + name.toUtf8())}},
        .models = {u"small"_s}};
    return valueOf(m_fixture->administration->channels.create({channel})).front().id;
}

void StatisticsServiceTest::figuresOfTwoPeriods()
{
    UsageRecord failed = request(10 * minute);
    failed.kind = domain::RecordKind::Failure;
    failed.httpStatus = 502;
    failed.end = domain::EndReason::Failed;
    failed.cost = {};
    failed.usage = {};
    UsageRecord test = request(5 * minute);
    test.kind = domain::RecordKind::Test;
    submit({request(26 * hour, 500), request(hour, 7'000), request(2 * minute), failed, test});
    waitForRollUps();

    const Figures figures = valueOf(statistics().figures(last(24 * hour)));

    QCOMPARE(figures.now.sums.requests(), 3);
    QCOMPARE(figures.now.sums.serverErrors, 1);
    QCOMPARE(figures.now.sums.cost.nanoDollars, 1'007'000);
    QCOMPARE(figures.now.sums.cacheShare(), 0.4);
    QCOMPARE(figures.now.sums.successShare(), 2.0 / 3.0);
    QVERIFY(std::abs(*figures.now.firstByte.p50 - 200) <= 6);
    QVERIFY(std::abs(*figures.now.elapsed.p99 - 1'000) <= 30);
    QCOMPARE(figures.before.sums.requests(), 1);
    QCOMPARE(figures.before.sums.cost.nanoDollars, 500);
    QVERIFY(figures.complete);
    QVERIFY(figures.sparkline.buckets.size() > 20 && figures.sparkline.buckets.size() <= 60);
    qint64 inSparkline = 0;
    for (const SeriesBucket &bucket : figures.sparkline.buckets)
        inSparkline += bucket.sums.requests();
    QCOMPARE(inSparkline, 3);
}

void StatisticsServiceTest::severalFiltersAreAnsweredFromTheLedger()
{
    UsageRecord other = request(minute);
    other.channelId = {2};
    UsageRecord large = request(minute);
    large.model = "large";
    submit({request(3 * minute), request(2 * minute), other, large});
    waitForRollUps();

    const auto count = [this](const StatisticsFilter &filter) {
        return valueOf(statistics().figures(last(hour), filter)).now.sums.requests();
    };

    QCOMPARE(count({}), 4);
    QCOMPARE(count({.channel = domain::ChannelId{1}}), 3);
    QCOMPARE(count({.model = u"small"_s}), 3);
    QCOMPARE(count({.channel = domain::ChannelId{1}, .model = u"small"_s}), 2);
    QCOMPARE(count({.channel = domain::ChannelId{2}, .model = u"large"_s}), 0);
    QCOMPARE(count({.model = u"small"_s, .token = domain::TokenId{1}, .user = domain::UserId{1}}),
             3);
    const Ranking ranking =
        valueOf(statistics().ranking(last(hour), RankingKind::Channel, 8, {.model = u"small"_s}));
    QCOMPARE(ranking.entries.size(), 2u);
    QCOMPARE(ranking.entries.front().sums.requests(), 2);
    QCOMPARE(ranking.entries.front().filter.model, u"small"_s);
    QCOMPARE(ranking.entries.front().filter.channel, domain::ChannelId{1});
}

void StatisticsServiceTest::seriesHaveNoGaps()
{
    submit({request(20 * hour), request(20 * hour), request(hour)});
    waitForRollUps();

    const Series series = valueOf(statistics().series(last(24 * hour), 120, {}, QTimeZone::utc()));

    QCOMPARE(series.bucket, std::chrono::milliseconds(15min));
    QVERIFY(series.buckets.size() >= 96);
    qint64 requests = 0;
    for (size_t i = 0; i < series.buckets.size(); ++i) {
        QCOMPARE(series.buckets[i].start,
                 series.range.since + static_cast<qint64>(i) * 15 * minute);
        requests += series.buckets[i].sums.requests();
        if (series.buckets[i].sums.requests() == 0)
            continue;
        QVERIFY(std::abs(*series.buckets[i].elapsed.p95 - 1'000) <= 30);
        // 80 tokens within 0.8 seconds.
        QVERIFY(std::abs(*series.buckets[i].tokensPerSecond - 100) <= 3);
        QVERIFY(series.buckets[i].running);
    }
    QCOMPARE(requests, 3);
}

// A range begins and ends in the middle of a bucket.
void StatisticsServiceTest::seriesComeToWhatTheFiguresSay()
{
    const qint64 halfHour = 30 * minute;
    const qint64 since = now() - 23 * hour - now() % halfHour + 20 * minute;
    const qint64 until = now() - hour - now() % halfHour + 10 * minute;
    const auto at = [this](qint64 moment) { return request(now() - moment); };
    submit({at(since - 2 * minute),
            at(since + 2 * minute),
            at(since + 3 * hour),
            at(until - 2 * minute),
            at(until + 2 * minute)});
    waitForRollUps();
    const TimeRange range{since, until};
    const auto requestsOf = [](const Series &series) {
        qint64 requests = 0;
        for (const SeriesBucket &bucket : series.buckets)
            requests += bucket.sums.requests();
        return requests;
    };

    const StatisticsFilter narrow{.channel = domain::ChannelId{1}, .model = u"small"_s};
    for (const StatisticsFilter &filter : {StatisticsFilter{}, narrow}) {
        const Figures figures = valueOf(statistics().figures(range, filter));
        const Series series = valueOf(statistics().series(range, 96, filter, QTimeZone::utc()));

        QCOMPARE(figures.now.sums.requests(), 3);
        QCOMPARE(requestsOf(series), 3);
        QCOMPARE(requestsOf(figures.sparkline), 3);
        QVERIFY(series.buckets.front().start < since);
        QVERIFY(figures.sparkline.buckets.front().start < since);
    }
}

void StatisticsServiceTest::timesOfStandstillAreTold()
{
    const auto notedUntil = [this] {
        const auto times = valueOf(m_fixture->storage->read([](storage::Database &database) {
            return storage::UptimeRepository(database).within(0,
                                                              std::numeric_limits<qint64>::max());
        }));
        return times.empty() ? 0 : times.front().until;
    };
    statistics().setServing(true);
    m_fixture->clock.advance(2h);
    statistics().setServing(false);
    QTRY_COMPARE(notedUntil(), now());
    m_fixture->clock.advance(2h);
    statistics().setServing(true);
    m_fixture->clock.advance(1h);

    const Series series = valueOf(statistics().series(last(6 * hour), 24, {}, QTimeZone::utc()));

    QStringList running;
    for (const SeriesBucket &bucket : series.buckets) {
        const qint64 middle = bucket.start + series.bucket.count() / 2;
        const qint64 hoursAgo = (now() - middle) / hour;
        if (now() < middle)
            continue;
        // Five hours ago it began, three to one hours ago it stood still.
        const bool expected = hoursAgo < 1 || hoursAgo == 3 || hoursAgo == 4;
        if (bucket.running != expected)
            running.append(QString::number(hoursAgo));
    }
    // Buckets in which the state changes count as running, so that one at each change may differ.
    QVERIFY2(running.size() <= 3, qPrintable(running.join(u' ')));
    QVERIFY(std::any_of(series.buckets.begin(), series.buckets.end(), [](const SeriesBucket &one) {
        return !one.running;
    }));
}

void StatisticsServiceTest::secondsComeFromTheLedger()
{
    submit({request(20'000), request(100'000), request(14 * minute)});
    waitForRollUps();

    const Series series = valueOf(statistics().series(last(15 * minute)));

    QCOMPARE(series.bucket, std::chrono::milliseconds(15s));
    qint64 requests = 0;
    qint64 most = 0;
    for (const SeriesBucket &bucket : series.buckets) {
        requests += bucket.sums.requests();
        most = std::max(most, bucket.sums.requests());
    }
    QCOMPARE(requests, 3);
    QCOMPARE(most, 1);
}

void StatisticsServiceTest::rankingsEndWithTheOthers()
{
    const domain::ChannelId known = addChannel(u"<b>Bold</b>"_s);
    std::vector<UsageRecord> records;
    for (qint64 i = 1; i <= 12; ++i) {
        UsageRecord record = request(minute, i * 1'000);
        record.model = "model-" + QByteArray::number(i);
        record.channelId = i == 12 ? known : domain::ChannelId{99};
        records.push_back(record);
    }
    submit(records);
    waitForRollUps();

    const Ranking models = valueOf(statistics().ranking(last(hour), RankingKind::Model));
    const Ranking channels = valueOf(statistics().ranking(last(hour), RankingKind::Channel));
    const Ranking users = valueOf(statistics().ranking(last(hour), RankingKind::User));

    QCOMPARE(models.entries.size(), 8u);
    QCOMPARE(models.entries.front().name, u"model-12"_s);
    QCOMPARE(models.entries.back().name, u"model-5"_s);
    QCOMPARE(models.others, 4);
    QCOMPARE(models.other.cost.nanoDollars, 10'000);
    QCOMPARE(models.total.requests(), 12);
    QCOMPARE(channels.entries.size(), 2u);
    QCOMPARE(channels.entries[0].name, QString()); // there is none of that number
    QCOMPARE(channels.entries[0].filter.channel, domain::ChannelId{99});
    QCOMPARE(channels.entries[1].name, u"<b>Bold</b>"_s);
    QCOMPARE(users.entries.front().name, u"root"_s);
    QCOMPARE(users.others, 0);
}

void StatisticsServiceTest::savingsGoByThePrice()
{
    const domain::ChannelId channel = addChannel(u"one"_s);
    domain::ModelPrice price{.model = "small"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(10);
    price.tokens.cacheRead = domain::UnitPrice::fromDollarsPerMillion(1);
    price.source = domain::PriceSource::Edited;
    QVERIFY(AdministrationFixture::wait(m_fixture->administration->prices.save(price)));
    UsageRecord record = request(minute);
    record.channelId = channel;
    record.providerModel = "small";
    record.group = "default";
    submit({record});
    waitForRollUps();

    const Figures figures = valueOf(statistics().figures(last(hour)));

    // 40 tokens at 9 dollars a million less.
    QCOMPARE(figures.now.sums.saved.nanoDollars, 360'000);
}

void StatisticsServiceTest::channelsAreOverviewed()
{
    const domain::ChannelId one = addChannel(u"one"_s);
    const domain::ChannelId two = addChannel(u"two"_s);
    UsageRecord failed = request(2 * minute);
    failed.kind = domain::RecordKind::Failure;
    failed.httpStatus = 502;
    failed.end = domain::EndReason::Failed;
    failed.cost = {};
    UsageRecord mistaken = failed;
    mistaken.requestId = "mistaken";
    mistaken.httpStatus = 400;
    ++m_number;
    std::vector<UsageRecord> records{
        failed, mistaken, request(2 * minute), request(20 * 24 * hour, 5'000)};
    for (UsageRecord &record : records)
        record.channelId = one;
    submit(records);
    waitForRollUps();
    const domain::Settings::Relay settings;
    const qint64 keyOfTwo =
        m_fixture->administration->publisher.catalog()->channel(two)->channel.keys.front().id;
    for (int i = 0; i < settings.breakerFailures; ++i)
        m_fixture->health->report(two, keyOfTwo, relay::HealthEvent::Failure, settings);
    QSignalSpy changed(&statistics(), &StatisticsService::changed);
    QTRY_COMPARE(statistics().healthOf(two).since, now());

    const auto overviews = valueOf(statistics().channels());

    const auto of = [&](domain::ChannelId id) {
        return *std::find_if(overviews.begin(), overviews.end(), [id](const ChannelOverview &each) {
            return each.channel == id;
        });
    };
    QCOMPARE(overviews.size(), 2u);
    QCOMPARE(of(one).health, Health::Healthy);
    QCOMPARE(of(one).attempts(), 3);
    QCOMPARE(of(one).successShare(), 2.0 / 3.0); // the client's mistake is none of the channel
    QCOMPARE(of(one).day.cost.nanoDollars, 1'000'000);
    QCOMPARE(of(one).monthCost.nanoDollars, 1'005'000);
    QVERIFY(std::abs(*of(one).firstByteMedian - 200) <= 6);
    QCOMPARE(of(one).strip.size(), 60u);
    const HeatCell cell = of(one).strip[57];
    QCOMPARE(cell.attempts, 3);
    QCOMPARE(cell.ok, 2);
    QVERIFY(cell.running);
    QVERIFY(!of(one).strip[10].running);
    QCOMPARE(of(two).health, Health::Open);
    QCOMPARE(of(two).reason.kind, HealthReason::Kind::Breaker);
    QCOMPARE(of(two).reason.failed, static_cast<int>(settings.breakerFailures));
    QCOMPARE(of(two).until, now() + settings.breakerRest.count());
    QVERIFY(of(two).strip.back().breakerOpen);
    QVERIFY(!of(two).strip.front().breakerOpen);
    QCOMPARE(of(two).keys, 1);
    QCOMPARE(of(two).usableKeys, 0);
    QTRY_VERIFY(changed.count() > 0);
}

void StatisticsServiceTest::findingsAreToldWithoutAnotherCatalog()
{
    const domain::ChannelId one = addChannel(u"one"_s);
    const domain::ChannelId other = addChannel(u"other"_s);
    ChannelService &channels = m_fixture->administration->channels;
    UsageRecord used = request(minute, 7'000'000);
    used.channelId = one;
    used.charge = {3'500};
    const auto &publisher = m_fixture->administration->publisher;
    const QSignalSpy published(&publisher, &CatalogPublisher::catalogChanged);
    QSignalSpy changed(&statistics(), &StatisticsService::changed);

    QVERIFY(AdministrationFixture::wait(channels.recordTest(one, 1'000, 250)));
    QTRY_VERIFY(changed.count() > 0);
    changed.clear();
    QVERIFY(AdministrationFixture::wait(channels.recordBalance(one, {12.5, "CNY"})));
    QTRY_VERIFY(changed.count() > 0);
    submit({used});

    const auto overviews = valueOf(statistics().channels());
    const auto of = [&](domain::ChannelId id) {
        return std::find_if(overviews.begin(),
                            overviews.end(),
                            [id](const ChannelOverview &each) { return each.channel == id; })
            ->findings;
    };
    QCOMPARE(of(one)->testedAt, 1'000);
    QCOMPARE(of(one)->responseMilliseconds, 250);
    QCOMPARE(of(one)->balance, (domain::AccountBalance{12.5, "CNY"}));
    QCOMPARE(of(one)->balanceAt, m_fixture->administration->foundation.now());
    QVERIFY(of(one)->used.units > 0);
    QCOMPARE(*of(other), domain::ChannelFindings());
    QCOMPARE(published.count(), 0);
}

void StatisticsServiceTest::refusedKeysAreToldAtOnce()
{
    const domain::ChannelId one = addChannel(u"one"_s);
    const qint64 key =
        m_fixture->administration->publisher.catalog()->channel(one)->channel.keys.front().id;
    m_fixture->health->report(one, key, relay::HealthEvent::KeyRefused, {});
    statistics().keyRefused({.channel = one,
                             .key = key,
                             .error = {.status = 402, .kind = protocol::ErrorClass::OutOfCredit}});

    QCOMPARE(statistics().healthOf(one).health, Health::NoCredit);
    statistics().setTesting(one, true);
    QCOMPARE(statistics().healthOf(one).health, Health::Testing);
    statistics().setTesting(one, false);
    const auto items = valueOf(statistics().attention());
    QCOMPARE(items.size(), 1u);
    QCOMPARE(items.front().kind, AttentionItem::Kind::OutOfCredit);
    QCOMPARE(items.front().name, u"one"_s);

    m_fixture->health->report(one, key, relay::HealthEvent::Success, {});
    QCOMPARE(statistics().healthOf(one).health, Health::Healthy);
    QVERIFY(valueOf(statistics().attention()).empty());
}

void StatisticsServiceTest::detailsOfAChannel()
{
    const domain::ChannelId one = addChannel(u"one"_s);
    const qint64 key =
        m_fixture->administration->publisher.catalog()->channel(one)->channel.keys.front().id;
    std::vector<UsageRecord> records;
    for (qint64 age : {3 * minute, 2 * minute, 30 * hour}) {
        UsageRecord record = request(age);
        record.kind = domain::RecordKind::Failure;
        record.channelId = one;
        record.channelKeyId = key;
        record.httpStatus = 429;
        record.end = domain::EndReason::Failed;
        record.errorCode = "provider_rate_limited";
        records.push_back(record);
    }
    submit(records);

    const ChannelDetail detail = valueOf(statistics().channelDetail(one));

    QCOMPARE(detail.failures.size(), 1u);
    QCOMPARE(detail.failures.front().count, 2);
    QCOMPARE(detail.failures.front().httpStatus, 429);
    QCOMPARE(detail.failures.front().latest, now() - 2 * minute);
    QCOMPARE(detail.failures.front().keySuffix, u"-one"_s);
    QCOMPARE(detail.keys.size(), 1u);
    QCOMPARE(detail.keys.front().suffix, u"-one"_s);
    QVERIFY(!AdministrationFixture::wait(statistics().channelDetail({77})));
}

void StatisticsServiceTest::attentionNamesModelsWithoutAPrice()
{
    UsageRecord free = request(minute, 0);
    free.model = "unheard-of";
    free.unpriced = true;
    UsageRecord old = request(30 * hour, 0);
    old.model = "forgotten";
    old.unpriced = true;
    submit({free, old, request(minute)});
    waitForRollUps();

    const auto items = valueOf(statistics().attention());

    QCOMPARE(items.size(), 1u);
    QCOMPARE(items.front().kind, AttentionItem::Kind::UnpricedModel);
    QCOMPARE(items.front().name, u"unheard-of"_s);
    QCOMPARE(items.front().count, 1);

    auto &prices = m_fixture->administration->prices;
    QVERIFY(AdministrationFixture::wait(
        prices.save({.model = "unheard-of", .tokens = {.input = {1'000'000}}})));
    QVERIFY(valueOf(statistics().attention()).empty());
    // The cost of what was used before stays as it was, until it is priced anew.
    QVERIFY(AdministrationFixture::wait(prices.remove("unheard-of", std::nullopt)));
    QCOMPARE(valueOf(statistics().attention()).size(), 1u);
}

void StatisticsServiceTest::liveFiguresNeedNoDatabase()
{
    submit({request(1'000, 2'000), request(30'000, 3'000), request(5 * minute, 4'000)});
    waitForRollUps();

    const LiveFigures figures = statistics().live();

    QCOMPARE(figures.requestsInLastMinute, 2);
    QCOMPARE(std::accumulate(figures.sparkline.begin(), figures.sparkline.end(), 0), 3);
    QCOMPARE(figures.inFlight, 0);
    QTRY_COMPARE(statistics().live().costToday.nanoDollars, 9'000);
}

void StatisticsServiceTest::anOldLedgerIsSummedUpAtTheStart()
{
    std::vector<UsageRecord> records;
    for (qint64 i = 0; i < 12'000; ++i)
        records.push_back(request(10 * 24 * hour - i * minute));
    submit(std::move(records));
    QSignalSpy changed(&statistics(), &StatisticsService::changed);
    waitForRollUps();

    QTRY_VERIFY(changed.count() > 0);
    QVERIFY(statistics().progress().isComplete());
    const Series series = valueOf(statistics().series(last(30 * 24 * hour)));
    qint64 requests = 0;
    for (const SeriesBucket &bucket : series.buckets)
        requests += bucket.sums.requests();
    QCOMPARE(requests, 12'000);
    QCOMPARE(series.bucket, std::chrono::milliseconds(6h));
}

// Requests are removed for want of space; what was spent in a month is still known.
void StatisticsServiceTest::costsOfUsersOutlastTheirRequests()
{
    const auto charged = [this] {
        return valueOf(m_fixture->administration->users.listings(m_fixture->root()))
            .front()
            .charged30Days;
    };
    submit({request(2 * hour), request(hour)});
    const domain::Quota both = domain::Cost{2'000'000}.charge();
    QCOMPARE(charged(), both); // by the lines
    waitForRollUps();
    QCOMPARE(charged(), both); // each counts once

    QVERIFY(AdministrationFixture::wait(m_fixture->storage->write([](storage::Database &database) {
        return storage::done(storage::execute(database, u"DELETE FROM usage_records"_s));
    })));

    QCOMPARE(charged(), both);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::StatisticsServiceTest)
#include "tst_statisticsservice.moc"
