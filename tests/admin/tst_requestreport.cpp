#include "admin/traffic/requestreport.h"
#include "support/testcatalog.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::UnitPrice;
using domain::UsageRecord;

// What is told of a request, by the prices of its time.
class RequestReportTest : public QObject
{
    Q_OBJECT

private:
    // Of a thousand tokens of input, which began in that second.
    static UsageRecord requestOf(qint64 second, qint64 nanoDollars)
    {
        return {.createdAt = second * 1'000 + 500,
                .channelId = {1},
                .model = "small",
                .providerModel = "small",
                .group = "default",
                .operation = "chat",
                .usage = {.input = 1'000},
                .cost = {nanoDollars},
                .elapsedMilliseconds = 500};
    }
    static domain::ModelPrice price(const QByteArray &model, double dollars, qint64 from)
    {
        return {.model = model,
                .tokens = {.input = UnitPrice::fromDollarsPerMillion(dollars)},
                .effectiveFrom = from};
    }
    static CostReport costOf(const support::TestCatalog &content, const UsageRecord &record)
    {
        return requestReport({.record = record}, content.build().get(), now).cost;
    }

    static constexpr qint64 now = 1'000'000;

private slots:
    void theUnitPriceIsThatOfItsTime();
    void theUnitPriceIsThatOfItsHour();
    void theUnitPriceIsThatOfTheModelItWentOutAs();
    void whatWasPricedAfterwardsHasItsPrice();
    void whatHasNoPriceStaysWithout();
    void correctedPricesLeaveADifference();
};

void RequestReportTest::theUnitPriceIsThatOfItsTime()
{
    support::TestCatalog content;
    content.addChannel(1);
    content.content.prices = {price("small", 1, 0), price("small", 2, 100)};

    const CostReport before = costOf(content, requestOf(50, 1'000'000));
    const CostReport after = costOf(content, requestOf(150, 2'000'000));

    QCOMPARE(before.lines.front().price, UnitPrice::fromDollarsPerMillion(1));
    QCOMPARE(before.difference, domain::Cost{});
    QCOMPARE(after.lines.front().price, UnitPrice::fromDollarsPerMillion(2));
    QCOMPARE(after.difference, domain::Cost{});
}

void RequestReportTest::theUnitPriceIsThatOfItsHour()
{
    support::TestCatalog content;
    content.addChannel(1);
    domain::ModelPrice hourly = price("small", 1, 0);
    hourly.windows = {{.from = std::chrono::minutes(60),
                       .until = std::chrono::minutes(120),
                       .tokens = {.input = UnitPrice::fromDollarsPerMillion(3)}}};
    content.content.prices = {hourly};
    constexpr qint64 halfPastOne = 90 * 60;

    const CostReport cost = costOf(content, requestOf(halfPastOne, 3'000'000));

    QCOMPARE(cost.lines.front().price, UnitPrice::fromDollarsPerMillion(3));
    QCOMPARE(cost.difference, domain::Cost{});
}

void RequestReportTest::theUnitPriceIsThatOfTheModelItWentOutAs()
{
    support::TestCatalog content;
    content.addChannel(1).modelMapping.insert(u"small"_s, u"other"_s);
    content.content.prices = {price("tiny", 1, 0), price("other", 9, 0)};
    UsageRecord record = requestOf(50, 1'000'000);
    record.providerModel = "tiny";

    const CostReport cost = costOf(content, record);

    QCOMPARE(cost.lines.front().price, UnitPrice::fromDollarsPerMillion(1));
    QCOMPARE(cost.difference, domain::Cost{});
}

void RequestReportTest::whatWasPricedAfterwardsHasItsPrice()
{
    support::TestCatalog content;
    content.addChannel(1);
    content.content.prices = {price("small", 2, 100)};

    const CostReport cost = costOf(content, requestOf(50, 2'000'000));

    QVERIFY(cost.isPriced);
    QCOMPARE(cost.lines.front().price, UnitPrice::fromDollarsPerMillion(2));
    QCOMPARE(cost.difference, domain::Cost{});
}

void RequestReportTest::whatHasNoPriceStaysWithout()
{
    support::TestCatalog content;
    content.addChannel(1);
    content.content.prices = {price("small", 2, 100)};
    UsageRecord record = requestOf(50, 0);
    record.unpriced = true;

    const CostReport cost = costOf(content, record);

    QVERIFY(!cost.isPriced);
    QCOMPARE(cost.difference, domain::Cost{});
}

void RequestReportTest::correctedPricesLeaveADifference()
{
    support::TestCatalog content;
    content.addChannel(1);
    content.content.prices = {price("small", 3, 0)};

    const CostReport cost = costOf(content, requestOf(50, 1'000'000));

    QCOMPARE(cost.lines.front().price, UnitPrice::fromDollarsPerMillion(3));
    QCOMPARE(cost.difference, domain::Cost{-2'000'000});
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::RequestReportTest)
#include "tst_requestreport.moc"
