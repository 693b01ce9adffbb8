#include "admin/integrations/requestcounters.h"

#include "domain/attemptnote.h"

#include <QTest>

namespace gatehouse::admin {

using domain::EndReason;
using domain::Outcome;
using domain::RecordKind;
using domain::UsageRecord;

class RequestCountersTest : public QObject
{
    Q_OBJECT

private slots:
    void sumsByChannelAndModel();
    void onlyRequestsCount();
    void tokensCountOnce();
    void timesOfSuccessesFallIntoBuckets();
    void failedAttemptsAreNamed();
    void placesAreBounded();
    void madeUpModelsTakeNoPlaces();
    void nothingEverFalls();
};

static UsageRecord recordOf(qint64 channel, const QByteArray &model, int status = 200)
{
    return {.kind = status == 200 ? RecordKind::Consumption : RecordKind::Failure,
            .channelId = {channel},
            .model = model,
            .httpStatus = status,
            .end = status == 200 ? EndReason::Completed : EndReason::Failed};
}

static void countOne(RequestCounters &counters, const UsageRecord &record)
{
    const std::vector<storage::LedgerEntry> stored{{.record = record}};
    counters.count(stored);
}

static quint64 requestsOf(const RequestTotal &total, Outcome outcome)
{
    return total.requests.at(static_cast<size_t>(outcome));
}

void RequestCountersTest::sumsByChannelAndModel()
{
    RequestCounters counters;
    countOne(counters, recordOf(1, "small"));
    countOne(counters, recordOf(1, "small", 503));
    countOne(counters, recordOf(1, "small", 400));
    countOne(counters, recordOf(1, "large"));
    UsageRecord gone = recordOf(2, "small");
    gone.end = EndReason::ClientGone;
    gone.cost = {7};
    countOne(counters, gone);

    const std::vector<RequestTotal> totals = counters.totals().requests;

    QCOMPARE(totals.size(), size_t(3));
    QCOMPARE(totals.at(0).model, QByteArray("large"));
    const RequestTotal &small = totals.at(1);
    QCOMPARE(small.channel.value, 1);
    QCOMPARE(requestsOf(small, Outcome::Ok), 1u);
    QCOMPARE(requestsOf(small, Outcome::ServerError), 1u);
    QCOMPARE(requestsOf(small, Outcome::ClientError), 1u);
    QCOMPARE(totals.at(2).channel.value, 2);
    QCOMPARE(requestsOf(totals.at(2), Outcome::Cancelled), 1u);
    QCOMPARE(totals.at(2).costNanoDollars, 7u);
}

void RequestCountersTest::onlyRequestsCount()
{
    RequestCounters counters;
    for (const RecordKind kind :
         {RecordKind::TopUp, RecordKind::Management, RecordKind::System, RecordKind::Test}) {
        UsageRecord record = recordOf(1, "small");
        record.kind = kind;
        countOne(counters, record);
    }

    QVERIFY(counters.totals().requests.empty());
}

void RequestCountersTest::tokensCountOnce()
{
    RequestCounters counters;
    UsageRecord record = recordOf(1, "small");
    record.usage = {.input = 100,
                    .cacheRead = 30,
                    .cacheWrite = 20,
                    .cacheWriteLong = 5,
                    .output = 50,
                    .reasoning = 40};
    countOne(counters, record);
    // What a provider tells need not add up.
    record.usage = {.input = 1, .cacheRead = 3};
    countOne(counters, record);

    const std::array<quint64, 5> expected{45, 33, 25, 10, 40};
    QVERIFY(counters.totals().requests.front().tokens == expected);
}

void RequestCountersTest::timesOfSuccessesFallIntoBuckets()
{
    RequestCounters counters;
    UsageRecord record = recordOf(1, "small");
    record.firstByteMilliseconds = -1;
    for (const qint64 time : {0, 100, 101, 400'000}) {
        record.elapsedMilliseconds = time;
        countOne(counters, record);
    }
    UsageRecord failed = recordOf(1, "small", 500);
    failed.elapsedMilliseconds = 1;
    countOne(counters, failed);

    const RequestTotal total = counters.totals().requests.front();

    QCOMPARE(total.elapsed.counts.front(), 2u);
    QCOMPARE(total.elapsed.counts.at(1), 1u);
    QCOMPARE(total.elapsed.counts.back(), 1u);
    QCOMPARE(total.elapsed.milliseconds, 400'201u);
    QVERIFY(total.firstByte.counts == DurationCounts().counts);
}

void RequestCountersTest::failedAttemptsAreNamed()
{
    RequestCounters counters;
    UsageRecord record = recordOf(2, "small");
    record.attempts = 3;
    const std::vector<domain::AttemptNote> attempts{
        {.channel = {1}, .key = 10, .status = 503, .errorCode = "provider_error"},
        {.channel = {1}, .key = 11, .errorCode = "connection_failed"},
        {.channel = {2}, .key = 20, .status = 200}};
    record.attemptLog = domain::attemptLog(attempts);
    countOne(counters, record);
    countOne(counters, record);

    const std::vector<FailedAttempts> failures = counters.totals().failures;

    QCOMPARE(failures.size(), size_t(2));
    QCOMPARE(failures.at(0).channel.value, 1);
    QCOMPARE(failures.at(0).reason, QByteArray("503"));
    QCOMPARE(failures.at(0).count, 2u);
    QCOMPARE(failures.at(1).reason, QByteArray("connection_failed"));
}

void RequestCountersTest::placesAreBounded()
{
    RequestCounters counters;
    const int models = int(RequestCounters::mostPlaces) + 50;
    for (int i = 0; i < models; ++i)
        countOne(counters, recordOf(1, "model-" + QByteArray::number(i)));

    const std::vector<RequestTotal> totals = counters.totals().requests;

    QCOMPARE(totals.size(), RequestCounters::mostPlaces + 1);
    QVERIFY(totals.front().channel.isNull());
    QCOMPARE(totals.front().model, QByteArray("__other__"));
    QCOMPARE(requestsOf(totals.front(), Outcome::Ok), 50u);
}

void RequestCountersTest::madeUpModelsTakeNoPlaces()
{
    RequestCounters counters;
    const int madeUp = int(RequestCounters::mostPlaces) + 50;
    for (int i = 0; i < madeUp; ++i)
        countOne(counters, recordOf(0, "model-" + QByteArray::number(i), 404));

    countOne(counters, recordOf(1, "small"));

    const std::vector<RequestTotal> totals = counters.totals().requests;
    QCOMPARE(totals.size(), RequestCounters::mostUnserved + 2);
    QCOMPARE(totals.front().model, QByteArray("__other__"));
    QCOMPARE(requestsOf(totals.front(), Outcome::ClientError),
             quint64(madeUp) - RequestCounters::mostUnserved);
    QCOMPARE(totals.back().channel.value, 1);
    QCOMPARE(totals.back().model, QByteArray("small"));
}

void RequestCountersTest::nothingEverFalls()
{
    RequestCounters counters;
    UsageRecord record = recordOf(1, "small");
    record.cost = {5};
    countOne(counters, record);
    record.cost = {-3};
    record.usage = {.input = 0, .cacheRead = 10};
    countOne(counters, record);

    const RequestTotal total = counters.totals().requests.front();

    QCOMPARE(total.costNanoDollars, 5u);
    QCOMPARE(total.tokens.front(), 0u);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::RequestCountersTest)
#include "tst_requestcounters.moc"
