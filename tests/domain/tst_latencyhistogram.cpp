#include "domain/latencyhistogram.h"

#include "domain/trafficsums.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

namespace gatehouse::domain {

class LatencyHistogramTest : public QObject
{
    Q_OBJECT

private slots:
    void aPercentileIsCloseToTheTruth_data();
    void aPercentileIsCloseToTheTruth();
    void smallValuesAreExact();
    void hugeAndNegativeValues();
    void anEmptyOneHasNoPercentile();
    void mergedIsTheSameAsCountedTogether();
    void bytesBringItBack();
    void damagedBytesChangeNothing_data();
    void damagedBytesChangeNothing();
    void aQuietMinuteIsSmall();
    void outcomes_data();
    void outcomes();
    void requestsAreSummedUp();
    void attemptsBeforeTheLastCountForTheirChannel();
};

static std::vector<qint64> drawn(double median, double spread, size_t count)
{
    std::mt19937 generator(7);
    std::lognormal_distribution<double> distribution(std::log(median), spread);
    std::vector<qint64> values(count);
    for (qint64 &value : values)
        value = static_cast<qint64>(distribution(generator));
    return values;
}

static LatencyHistogram histogramOf(const std::vector<qint64> &values)
{
    LatencyHistogram histogram;
    for (const qint64 value : values)
        histogram.add(value);
    return histogram;
}

void LatencyHistogramTest::aPercentileIsCloseToTheTruth_data()
{
    QTest::addColumn<double>("median");
    QTest::addColumn<double>("spread");
    QTest::addColumn<double>("share");

    for (const double median : {40.0, 700.0, 90'000.0}) {
        for (const double spread : {0.1, 0.8, 2.0}) {
            for (const double share : {0.0, 0.5, 0.95, 0.99, 1.0})
                QTest::addRow("median %g, spread %g, p%g", median, spread, share * 100)
                    << median << spread << share;
        }
    }
}

void LatencyHistogramTest::aPercentileIsCloseToTheTruth()
{
    QFETCH(double, median);
    QFETCH(double, spread);
    QFETCH(double, share);
    std::vector<qint64> values = drawn(median, spread, 5'000);

    const std::optional<qint64> found = histogramOf(values).percentile(share);

    std::sort(values.begin(), values.end());
    const auto rank =
        static_cast<size_t>(std::max(1.0, std::ceil(share * static_cast<double>(values.size()))));
    const auto truth = static_cast<double>(values[rank - 1]);
    QVERIFY(found);
    QVERIFY2(
        std::abs(static_cast<double>(*found) - truth) <= truth * 0.03,
        qPrintable(QString::number(*found) + QStringLiteral(" for ") + QString::number(truth)));
}

void LatencyHistogramTest::smallValuesAreExact()
{
    LatencyHistogram histogram;

    histogram.add(3, 98);
    histogram.add(31);
    histogram.add(0);

    QCOMPARE(histogram.percentile(0.0), 0);
    QCOMPARE(histogram.percentile(0.5), 3);
    QCOMPARE(histogram.percentile(1.0), 31);
    QCOMPARE(histogram.count(), 100);
}

void LatencyHistogramTest::hugeAndNegativeValues()
{
    LatencyHistogram histogram;

    histogram.add(-1);
    histogram.add(std::numeric_limits<qint64>::max());

    QCOMPARE(histogram.count(), 1);
    LatencyHistogram read;
    QVERIFY(read.mergeBytes(histogram.toBytes()));
    QCOMPARE(read, histogram);
    const double found = static_cast<double>(*histogram.percentile(0.5));
    QVERIFY(std::abs(found / static_cast<double>(LatencyHistogram::largest) - 1) < 0.03);
}

void LatencyHistogramTest::anEmptyOneHasNoPercentile()
{
    QVERIFY(!LatencyHistogram().percentile(0.5));
    QVERIFY(LatencyHistogram().toBytes().isEmpty());
    LatencyHistogram histogram;
    QVERIFY(histogram.mergeBytes({}));
    QVERIFY(histogram.isEmpty());
}

void LatencyHistogramTest::mergedIsTheSameAsCountedTogether()
{
    const std::vector<qint64> fast = drawn(50, 0.5, 3'000);
    const std::vector<qint64> slow = drawn(5'000, 1.0, 2'000);
    std::vector<qint64> all = fast;
    all.insert(all.end(), slow.begin(), slow.end());

    LatencyHistogram merged = histogramOf(fast);
    merged.merge(histogramOf(slow));

    QCOMPARE(merged, histogramOf(all));
    QCOMPARE(merged.count(), 5'000);
}

void LatencyHistogramTest::bytesBringItBack()
{
    const LatencyHistogram histogram = histogramOf(drawn(800, 1.5, 10'000));

    LatencyHistogram read;
    QVERIFY(read.mergeBytes(histogram.toBytes()));

    QCOMPARE(read, histogram);
}

void LatencyHistogramTest::damagedBytesChangeNothing_data()
{
    QTest::addColumn<QByteArray>("bytes");

    QTest::newRow("a step without a count") << QByteArray::fromHex("05");
    QTest::newRow("a count of nothing") << QByteArray::fromHex("0500");
    QTest::newRow("a step beyond the last bucket") << QByteArray::fromHex("ffffff7f01");
    QTest::newRow("a number without an end") << QByteArray(12, '\xff');
    QTest::newRow("an absurd count") << QByteArray::fromHex("01ffffffffffffffff7f");
}

void LatencyHistogramTest::damagedBytesChangeNothing()
{
    QFETCH(QByteArray, bytes);
    LatencyHistogram histogram = histogramOf({1, 2, 3});
    const LatencyHistogram before = histogram;

    QVERIFY(!histogram.mergeBytes(bytes));

    QCOMPARE(histogram, before);
}

void LatencyHistogramTest::aQuietMinuteIsSmall()
{
    const LatencyHistogram histogram = histogramOf(drawn(700, 0.8, 12));

    QVERIFY2(histogram.toBytes().size() <= 12 * 3, "A bucket takes more than it should.");
}

void LatencyHistogramTest::outcomes_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("end");
    QTest::addColumn<int>("outcome");

    const auto row = [](const char *name, int status, EndReason end, Outcome outcome) {
        QTest::newRow(name) << status << static_cast<int>(end) << static_cast<int>(outcome);
    };
    row("answered", 200, EndReason::Completed, Outcome::Ok);
    row("the client's mistake", 400, EndReason::Failed, Outcome::ClientError);
    row("the provider fails", 502, EndReason::Failed, Outcome::ServerError);
    row("a stream breaks off", 200, EndReason::Failed, Outcome::ServerError);
    row("a stream takes too long", 200, EndReason::TimedOut, Outcome::ServerError);
    row("the client leaves", 499, EndReason::ClientGone, Outcome::Cancelled);
    row("the gateway is stopped", 503, EndReason::ShutDown, Outcome::Cancelled);
}

void LatencyHistogramTest::outcomes()
{
    QFETCH(int, status);
    QFETCH(int, end);
    QFETCH(int, outcome);

    QCOMPARE(static_cast<int>(outcomeOf(status, static_cast<EndReason>(end))), outcome);
}

void LatencyHistogramTest::requestsAreSummedUp()
{
    UsageRecord answered{.channelId = {1}, .stream = true, .attempts = 2, .httpStatus = 200};
    answered.usage = {
        .input = 1'000, .cacheRead = 600, .cacheWrite = 100, .cacheWriteLong = 50, .output = 100};
    answered.cost = {5'000};
    answered.firstByteMilliseconds = 500;
    answered.elapsedMilliseconds = 2'500;
    UsageRecord limited{.channelId = {1},
                        .httpStatus = 429,
                        .end = EndReason::Failed,
                        .elapsedMilliseconds = 9,
                        .errorCode = "provider_rate_limited"};
    UsageRecord mistaken{.channelId = {1}, .httpStatus = 400, .end = EndReason::Failed};

    TrafficFigures figures;
    figures.add(answered, {700});
    figures.add(limited);
    figures.add(mistaken);

    const TrafficSums expected{.ok = 1,
                               .clientErrors = 2,
                               .attempts = 4,
                               .inputTokens = 250,
                               .cacheReadTokens = 600,
                               .cacheWriteTokens = 150,
                               .outputTokens = 100,
                               .cost = {5'000},
                               .saved = {700},
                               .channelFaults = 1};
    QCOMPARE(figures.sums, expected);
    QCOMPARE(figures.sums.requests(), 3);
    QCOMPARE(figures.sums.cacheShare(), 0.6);
    QCOMPARE(figures.sums.channelShare(), 2.0 / 3.0);
    QCOMPARE(figures.elapsed.count(), 1);
    QCOMPARE(figures.firstByte.count(), 1);
    // 100 tokens within two seconds.
    QVERIFY(std::abs(*figures.speed.percentile(0.5) - 500) <= 10);
}

void LatencyHistogramTest::attemptsBeforeTheLastCountForTheirChannel()
{
    TrafficSums sums{.ok = 3, .serverErrors = 1, .cancelled = 2, .channelFaults = 1};
    QCOMPARE(sums.channelShare(), 3.0 / 4.0);

    sums += {.passedOn = 4, .passedOnFaults = 3};

    QCOMPARE(sums.requests(), 6);
    QCOMPARE(sums.tries(), 10);
    QCOMPARE(sums.channelShare(), 4.0 / 8.0);
    QCOMPARE(sums.successShare(), 3.0 / 4.0); // that of the requests
    QVERIFY(isFaultOfChannel({.channel = {1}, .errorCode = "provider_timeout"}));
    QVERIFY(!isFaultOfChannel({.channel = {1}, .errorCode = "provider_denied_access"}));
    QVERIFY(!isFaultOfChannel({.channel = {1}, .errorCode = "invalid_request"}));
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::LatencyHistogramTest)
#include "tst_latencyhistogram.moc"
