#include "admin/traffic/trafficmatch.h"
#include "domain/attemptnote.h"
#include "storage/traffic/rollup.h"
#include "support/servedrequests.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::ChannelId;
using domain::Health;
using domain::UsageRecord;
using support::AdministrationFixture;

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;

} // namespace

// Figures of channels whose requests others make good, and of models side by side.
class AttemptFiguresTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_fixture.reset(); }
    void whoFailsFirstIsNotHealthy();
    void detailsTellOfWhatWentOn();
    void whoServedNothingIsInNoRanking();
    void runningRequestsAreFoundByTheirAttempts();
    void modelsOfASeries_data();
    void modelsOfASeries();
    void noModelsUnlessAskedFor();
    void stripsFollowTheRange();
    void codesOfARange();
    void requestsThatRunAreTold();

private:
    StatisticsService &statistics() { return m_fixture->administration->statistics; }
    qint64 now() const { return m_fixture->clock.wallMilliseconds(); }
    UsageRecord request(qint64 age);
    // One that the first channel did not serve.
    UsageRecord passedOn(qint64 age);
    void submit(std::vector<UsageRecord> records);
    ChannelOverview overviewOf(ChannelId channel);
    ChannelId addChannel(const QString &name);

    template<typename T>
    T valueOf(Answer<T> answer)
    {
        const base::Result<T> result = AdministrationFixture::wait(std::move(answer));
        if (!result)
            qFatal("%s", qPrintable(result.error().detail));
        return *result;
    }

    std::unique_ptr<AdministrationFixture> m_fixture;
    qint64 m_number = 0;
    ChannelId m_first{};
    ChannelId m_second{};
};

void AttemptFiguresTest::init()
{
    m_fixture = std::make_unique<AdministrationFixture>();
    m_fixture->start();
    m_number = 0;
    m_first = addChannel(u"first"_s);
    m_second = addChannel(u"second"_s);
}

ChannelId AttemptFiguresTest::addChannel(const QString &name)
{
    const domain::Channel channel{
        .name = name,
        .baseUrl = u"http://127.0.0.1:9"_s,
        .keys = {{.secret = base::Secret("sk-0123456789abcdef-" + name.toUtf8())}},
        .models = {u"small"_s}};
    return valueOf(m_fixture->administration->channels.create({channel})).front().id;
}

UsageRecord AttemptFiguresTest::request(qint64 age)
{
    UsageRecord record = support::servedRequest(*m_fixture, "r-" + QByteArray::number(++m_number));
    record.createdAt = now() - age;
    record.channelId = m_second;
    record.stream = true;
    record.usage = {.input = 100, .output = 80};
    record.elapsedMilliseconds = 2'000;
    record.firstByteMilliseconds = 0;
    record.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{{.channel = m_second}});
    return record;
}

UsageRecord AttemptFiguresTest::passedOn(qint64 age)
{
    UsageRecord record = request(age);
    record.attempts = 2;
    record.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{
        {.channel = m_first, .status = 503, .errorCode = "provider_overloaded"},
        {.channel = m_second, .status = 200}});
    return record;
}

// Until the roll-ups contain all of it.
void AttemptFiguresTest::submit(std::vector<UsageRecord> records)
{
    for (UsageRecord &record : records)
        m_fixture->ledger->submit(std::move(record), {});
    QVERIFY(m_fixture->ledger->flush(10s));
    statistics().start();
    const auto contained = [this] {
        const auto state = AdministrationFixture::wait(m_fixture->storage->read(
            [](storage::Database &database) { return storage::rollUpState(database); }));
        return state && state->last == state->newest && state->newest >= m_number;
    };
    QTRY_VERIFY_WITH_TIMEOUT(contained(), 60'000);
}

ChannelOverview AttemptFiguresTest::overviewOf(ChannelId channel)
{
    for (const ChannelOverview &each : valueOf(statistics().channels())) {
        if (each.channel == channel)
            return each;
    }
    return {};
}

void AttemptFiguresTest::whoFailsFirstIsNotHealthy()
{
    std::vector<UsageRecord> records;
    for (int i = 0; i < 12; ++i)
        records.push_back(passedOn(2 * minute));
    submit(records);

    const ChannelOverview first = overviewOf(m_first);
    const ChannelOverview second = overviewOf(m_second);

    QCOMPARE(first.attempts(), 12);
    QCOMPARE(first.successShare(), 0.0);
    QCOMPARE(first.day.requests(), 0);
    QCOMPARE(first.strip.at(57).attempts, 12);
    QCOMPARE(first.strip.at(57).ok, 0);
    QCOMPARE(second.attempts(), 12);
    QCOMPARE(second.successShare(), 1.0);
    QCOMPARE(second.strip.at(57).ok, 12);
    QTRY_COMPARE(statistics().healthOf(m_first).health, Health::Degraded);
    const HealthReason reason = statistics().healthOf(m_first).reason;
    QCOMPARE(reason.kind, HealthReason::Kind::FailureShare);
    QCOMPARE(reason.failed, 12);
    QCOMPARE(reason.requests, 12);
    QCOMPARE(statistics().healthOf(m_second).health, Health::Healthy);
}

// What is older than two days comes from the hours.
void AttemptFiguresTest::stripsFollowTheRange()
{
    submit({request(minute), request(5 * hour), request(5 * hour), request(6 * 24 * hour)});
    const auto attemptsOf = [this](qint64 length, size_t expectedCells, qint64 cell) {
        const auto overviews =
            valueOf(statistics().channels({now() - length, now()}, QTimeZone::utc()));
        std::vector<int> attempts;
        for (const ChannelOverview &each : overviews) {
            if (each.channel != m_second)
                continue;
            for (const HeatCell &of : each.strip) {
                if (of.length == cell && of.attempts > 0 && of.ok == of.attempts)
                    attempts.push_back(of.attempts);
            }
            // One more where the range begins within a cell.
            const bool fits =
                each.strip.size() == expectedCells || each.strip.size() == expectedCells + 1;
            if (!fits || each.strip.back().end() < now())
                attempts.push_back(-1);
        }
        return attempts;
    };

    QCOMPARE(attemptsOf(hour, 60, minute), (std::vector{1}));
    QCOMPARE(attemptsOf(24 * hour, 60, 24 * minute), (std::vector{2, 1}));
    QCOMPARE(attemptsOf(7 * 24 * hour, 56, 3 * hour), (std::vector{1, 2, 1}));
    QCOMPARE(attemptsOf(30 * 24 * hour, 60, 12 * hour).front(), 1);
}

void AttemptFiguresTest::codesOfARange()
{
    std::vector<UsageRecord> records;
    const auto add = [&](qint64 age, int status, const QByteArray &code) {
        UsageRecord record = request(age);
        record.kind = domain::RecordKind::Failure;
        record.end = domain::EndReason::Failed;
        record.httpStatus = status;
        record.errorCode = code;
        records.push_back(record);
    };
    add(minute, 503, "overloaded");
    add(2 * minute, 429, "rate_limited");
    add(3 * minute, 429, "rate_limited");
    add(3 * hour, 500, "too_old");
    records.push_back(request(minute));
    submit(records);

    const TimeRange range{now() - hour, now()};
    const auto both = valueOf(statistics().failureCodes(range, 3));
    const auto first = valueOf(statistics().failureCodes(range, 1));

    QCOMPARE(both.size(), 2u);
    QCOMPARE(both[0].errorCode, QByteArray("rate_limited"));
    QCOMPARE(both[0].httpStatus, 429);
    QCOMPARE(both[0].count, 2);
    QCOMPARE(both[1].errorCode, QByteArray("overloaded"));
    QCOMPARE(first.size(), 1u);
}

void AttemptFiguresTest::requestsThatRunAreTold()
{
    const domain::Channel channel{.id = m_first, .limits = {.concurrentRequests = 4}};
    relay::ChannelLoad &load = m_fixture->administration->foundation.load;
    QVERIFY(load.tryBegin(channel));
    QVERIFY(load.tryBegin(channel));

    QCOMPARE(statistics().healthOf(m_first).running, 2);
    QCOMPARE(overviewOf(m_first).running, 2);
    QCOMPARE(overviewOf(m_second).running, 0);
    load.end(m_first, 0);
    QCOMPARE(statistics().states().front().running + statistics().states().back().running, 1);
    load.end(m_first, 0);
}

void AttemptFiguresTest::detailsTellOfWhatWentOn()
{
    submit({passedOn(25 * hour), passedOn(hour), passedOn(minute), request(minute)});

    const ChannelDetail first = valueOf(statistics().channelDetail(m_first));
    const ChannelDetail second = valueOf(statistics().channelDetail(m_second));

    QCOMPARE(first.passedOn, 2);
    QCOMPARE(first.latestPassedOn, now() - minute);
    QVERIFY(first.failures.empty());
    QCOMPARE(second.passedOn, 0);
    // The door of that number leads to as many.
    const auto count = valueOf(m_fixture->administration->traffic.count(domain::filterQueryFrom(
        u"tried:#%1 -channel:#%1 since:24h"_s.arg(m_first.value), TrafficService::filterKeys())));
    QCOMPARE(count.requests, 2);
}

void AttemptFiguresTest::whoServedNothingIsInNoRanking()
{
    submit({passedOn(minute), passedOn(minute)});

    const Ranking ranking =
        valueOf(statistics().ranking({now() - hour, now() + hour}, RankingKind::Channel, 1));

    QCOMPARE(ranking.entries.size(), 1u);
    QCOMPARE(ranking.entries.front().name, u"second"_s);
    QCOMPARE(ranking.others, 0);
}

void AttemptFiguresTest::runningRequestsAreFoundByTheirAttempts()
{
    const TrafficLine line{.record = passedOn(0), .channelName = u"second"_s};
    const auto isFound = [&line](const QString &filter) {
        return matches(line, domain::filterQueryFrom(filter, TrafficService::filterKeys()));
    };

    QVERIFY(isFound(u"tried:#%1"_s.arg(m_first.value)));
    QVERIFY(isFound(u"tried:#%1"_s.arg(m_second.value)));
    QVERIFY(isFound(u"tried:second"_s));
    QVERIFY(!isFound(u"tried:#99"_s));
    QVERIFY(!isFound(u"-tried:#%1"_s.arg(m_first.value)));
}

void AttemptFiguresTest::modelsOfASeries_data()
{
    QTest::addColumn<qint64>("length");
    QTest::addColumn<bool>("ofOneUser");

    QTest::newRow("from the ledger, in seconds") << 15 * minute << false;
    QTest::newRow("from minutes") << 24 * hour << false;
    QTest::newRow("from hours") << 30 * 24 * hour << false;
    QTest::newRow("of one user") << 24 * hour << true;
}

void AttemptFiguresTest::modelsOfASeries()
{
    QFETCH(qint64, length);
    QFETCH(bool, ofOneUser);
    std::vector<UsageRecord> records;
    for (int i = 0; i < 6; ++i) {
        UsageRecord record = request(2 * minute);
        record.model = "model-" + QByteArray::number(i);
        record.usage.output = 100 * (i + 1);
        records.push_back(record);
    }
    UsageRecord few = request(2 * minute); // too few to be measured
    few.model = "model-5";
    few.usage.output = 10;
    few.elapsedMilliseconds = 10;
    records.push_back(few);
    submit(records);
    StatisticsFilter filter;
    if (ofOneUser)
        filter.user = domain::UserId{1};

    const Series series =
        valueOf(statistics().series({now() - length, now()}, 96, filter, QTimeZone::utc(), 3));

    QCOMPARE(series.models.size(), 4u);
    QCOMPARE(series.models.at(0).model, u"model-5"_s);
    QCOMPARE(series.models.at(2).model, u"model-3"_s);
    QVERIFY(series.models.at(3).model.isEmpty());
    qint64 tokens = 0;
    for (const ModelSeries &model : series.models) {
        QCOMPARE(model.buckets.size(), series.buckets.size());
        for (const ModelSeries::Bucket &bucket : model.buckets)
            tokens += bucket.tokens;
    }
    QCOMPARE(tokens, 7 * 100 + 2'100 + 10);
    const auto speedOf = [](const ModelSeries &model) {
        std::optional<double> speed;
        for (const ModelSeries::Bucket &bucket : model.buckets) {
            if (bucket.tokensPerSecond)
                speed = bucket.tokensPerSecond;
        }
        return speed.value_or(0);
    };
    // 600 tokens in two seconds; the others made 100 to 300.
    QVERIFY(std::abs(speedOf(series.models.at(0)) - 300) <= 6);
    QVERIFY(std::abs(speedOf(series.models.at(3)) - 100) <= 2);
}

void AttemptFiguresTest::noModelsUnlessAskedFor()
{
    submit({request(minute)});

    QVERIFY(valueOf(statistics().series({now() - hour, now()})).models.empty());
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::AttemptFiguresTest)
#include "tst_attemptfigures.moc"
