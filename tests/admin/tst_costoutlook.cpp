#include "admin/statistics/costoutlook.h"

#include "support/testcatalog.h"

#include <QtTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::BudgetPeriod;
using domain::Quota;
using support::TestCatalog;

namespace {

constexpr qint64 hour = 3'600'000;
constexpr qint64 day = 24 * hour;
// 2026-09-21 00:00 UTC, a Monday.
constexpr qint64 monday = 1'789'948'800'000;
constexpr Quota dollar{Quota::perDollar};

domain::Budget budgetOf(BudgetPeriod period, qint64 dollars)
{
    return {.period = period, .limit = {dollars * dollar.units}};
}

// Up to `until`, each bucket with the same cost.
Series seriesUntil(qint64 until, qint64 length, qint64 bucket, qint64 nanoDollars = 1'000)
{
    Series series{.range = {.since = until - length, .until = until},
                  .bucket = std::chrono::milliseconds(bucket)};
    for (qint64 start = until - length; start < until; start += bucket)
        series.buckets.push_back({.start = start, .sums = {.cost = {nanoDollars}}});
    return series;
}

CostOutlook
outlookOf(const Series &series, const TestCatalog &catalog, qint64 now = monday + 12 * hour)
{
    return costOutlook(series, *catalog.build(), now, QTimeZone::utc());
}

} // namespace

class CostOutlookTest : public QObject
{
    Q_OBJECT

private slots:
    void budgetsOfAPeriodAddUp();
    void tokensCountWhereTheirUserHasNoBudget();
    void thePeriodFitsTheSeries_data();
    void thePeriodFitsTheSeries();
    void aMonthMustHaveBegunWithin();
    void budgetsOfOtherPeriodsAreLeftOut();
    void goesOnAtTheMeanRate();
    void goesOnToTheEndOfTheBudget();
    void needsADayOfData();
    void thePastHasNoForecast();
    void nothingIsKnownOfNothing();
};

void CostOutlookTest::budgetsOfAPeriodAddUp()
{
    TestCatalog catalog;
    catalog.user().budget = budgetOf(BudgetPeriod::Day, 5);
    catalog.content.users.push_back(
        {.id = {2}, .username = u"bob"_s, .budget = budgetOf(BudgetPeriod::Day, 2)});
    catalog.content.users.push_back({.id = {3},
                                     .username = u"gone"_s,
                                     .status = domain::UserStatus::Disabled,
                                     .budget = budgetOf(BudgetPeriod::Day, 90)});
    catalog.content.users.push_back(
        {.id = {4}, .username = u"dora"_s, .budget = budgetOf(BudgetPeriod::Month, 70)});

    const CostOutlook outlook = outlookOf(seriesUntil(monday + 12 * hour, day, hour), catalog);

    QVERIFY(outlook.budget);
    QCOMPARE(outlook.budget->period, BudgetPeriod::Day);
    QCOMPARE(outlook.budget->limit.units, 7 * dollar.units);
    QCOMPARE(outlook.budget->budgets, 2);
    QCOMPARE(outlook.budget->beginnings, std::vector<qint64>{monday});
}

void CostOutlookTest::tokensCountWhereTheirUserHasNoBudget()
{
    TestCatalog catalog;
    catalog.token().budget = budgetOf(BudgetPeriod::Day, 3);
    domain::Token second = catalog.token();
    second.id = {2};
    second.keyHash = support::hashOf("second");
    second.status = domain::TokenStatus::Exhausted; // until tomorrow
    domain::Token disabled = second;
    disabled.id = {3};
    disabled.keyHash = support::hashOf("third");
    disabled.status = domain::TokenStatus::Disabled;
    catalog.content.tokens.push_back(second);
    catalog.content.tokens.push_back(disabled);
    const Series series = seriesUntil(monday + 12 * hour, day, hour);
    const CostOutlook byTokens = outlookOf(series, catalog);
    QVERIFY(byTokens.budget);
    QCOMPARE(byTokens.budget->limit.units, 6 * dollar.units);
    QCOMPARE(byTokens.budget->budgets, 2);

    catalog.user().budget = budgetOf(BudgetPeriod::Day, 4);

    const CostOutlook byUser = outlookOf(series, catalog);
    QVERIFY(byUser.budget);
    QCOMPARE(byUser.budget->limit.units, 4 * dollar.units);
    QCOMPARE(byUser.budget->budgets, 1);
}

void CostOutlookTest::thePeriodFitsTheSeries_data()
{
    QTest::addColumn<BudgetPeriod>("period");
    QTest::addColumn<qint64>("length");
    QTest::addColumn<qint64>("begins");
    QTest::newRow("a day") << BudgetPeriod::Day << day << monday + 2 * day;
    QTest::newRow("hours after midnight") << BudgetPeriod::Day << 13 * hour << monday + 2 * day;
    QTest::newRow("a week") << BudgetPeriod::Week << 7 * day << monday;
    QTest::newRow("a month") << BudgetPeriod::Month << 30 * day << monday - 20 * day;
}

void CostOutlookTest::thePeriodFitsTheSeries()
{
    QFETCH(BudgetPeriod, period);
    QFETCH(qint64, length);
    QFETCH(qint64, begins);
    const qint64 now = monday + 2 * day + 12 * hour;
    TestCatalog catalog;
    catalog.user().budget = budgetOf(period, 5);

    const CostOutlook outlook = outlookOf(seriesUntil(now, length, hour), catalog, now);

    QVERIFY(outlook.budget);
    QCOMPARE(outlook.budget->period, period);
    QCOMPARE(outlook.budget->beginnings, std::vector<qint64>{begins});
}

// Else its cost would not be known whole.
void CostOutlookTest::aMonthMustHaveBegunWithin()
{
    TestCatalog catalog;
    catalog.user().budget = budgetOf(BudgetPeriod::Month, 5);
    const qint64 now = monday + 40 * day + 12 * hour; // the last of October

    QVERIFY(!outlookOf(seriesUntil(now, 30 * day, 6 * hour), catalog, now).budget);
    QVERIFY(outlookOf(seriesUntil(now, 31 * day, 6 * hour), catalog, now).budget);
}

void CostOutlookTest::budgetsOfOtherPeriodsAreLeftOut()
{
    TestCatalog catalog;
    catalog.user().budget = budgetOf(BudgetPeriod::Month, 5);

    QVERIFY(!outlookOf(seriesUntil(monday + 12 * hour, day, hour), catalog).budget);
    catalog.user().budget = budgetOf(BudgetPeriod::Day, 5);
    QVERIFY(!outlookOf(seriesUntil(monday + 12 * hour, hour, hour), catalog).budget);
    QVERIFY(!outlookOf(seriesUntil(monday + 12 * hour, 90 * day, day), catalog).budget);
}

void CostOutlookTest::goesOnAtTheMeanRate()
{
    const qint64 now = monday + 12 * hour;

    const CostOutlook outlook = outlookOf(seriesUntil(now, day, hour, 3'600'000), TestCatalog());

    QVERIFY(outlook.forecast);
    QCOMPARE(outlook.forecast->since, now);
    QCOMPARE(outlook.forecast->until, monday + day);
    QCOMPARE(outlook.forecast->nanoDollarsPerMillisecond, 1.0);
}

void CostOutlookTest::goesOnToTheEndOfTheBudget()
{
    TestCatalog catalog;
    catalog.user().budget = budgetOf(BudgetPeriod::Week, 5);
    const qint64 now = monday + 12 * hour;

    const CostOutlook outlook = outlookOf(seriesUntil(now, 7 * day, hour, 3'600'000), catalog);

    QVERIFY(outlook.budget && outlook.forecast);
    QCOMPARE(outlook.forecast->until, monday + 7 * day);
}

void CostOutlookTest::needsADayOfData()
{
    Series series = seriesUntil(monday + 12 * hour, 7 * day, hour);
    for (SeriesBucket &bucket : series.buckets) {
        if (bucket.start < monday - 11 * hour)
            bucket.running = false;
    }
    QVERIFY(!outlookOf(series, TestCatalog()).forecast); // 23 hours

    series.buckets[series.buckets.size() - 24].running = true;

    QVERIFY(outlookOf(series, TestCatalog()).forecast);
    series.complete = false; // the ledger is summed up still
    QVERIFY(!outlookOf(series, TestCatalog()).forecast);
}

void CostOutlookTest::thePastHasNoForecast()
{
    TestCatalog catalog;
    catalog.user().budget = budgetOf(BudgetPeriod::Week, 5);

    const CostOutlook outlook =
        outlookOf(seriesUntil(monday + 12 * hour, 7 * day, hour), catalog, monday + 3 * day);

    QVERIFY(outlook.budget);
    QVERIFY(!outlook.forecast);
}

void CostOutlookTest::nothingIsKnownOfNothing()
{
    QCOMPARE(outlookOf(Series(), TestCatalog()), CostOutlook());
    const Series free = seriesUntil(monday + 12 * hour, day, hour, 0);
    QVERIFY(!outlookOf(free, TestCatalog()).forecast);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::CostOutlookTest)
#include "tst_costoutlook.moc"
