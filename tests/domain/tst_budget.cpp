#include "domain/budget.h"

#include <QDateTime>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse {

using domain::Budget;
using domain::BudgetPeriod;
using domain::Quota;

class BudgetTest : public QObject
{
    Q_OBJECT

private slots:
    void periodsEndByTheClock_data();
    void periodsEndByTheClock();
    void periodsLastWithoutAZone();
    void farPeriodsAreAstray();
    void anotherPeriodBeginsNow();
    void whatIsSpentStaysSpent();
    void withoutPeriodTheBalanceStays();
    void sharesAreUsed_data();
    void sharesAreUsed();
    void warnsFromItsShareOn();
    void changesKeepWhatTheyDoNotName();
};

void BudgetTest::periodsEndByTheClock_data()
{
    QTest::addColumn<BudgetPeriod>("period");
    QTest::addColumn<QString>("now");
    QTest::addColumn<QString>("next");
    QTest::newRow("a day") << BudgetPeriod::Day << u"2026-11-29T10:44"_s << u"2026-11-30T00:00"_s;
    QTest::newRow("midnight is the next day's")
        << BudgetPeriod::Day << u"2026-11-30T00:00"_s << u"2026-12-01T00:00"_s;
    QTest::newRow("a day of 25 hours")
        << BudgetPeriod::Day << u"2026-10-25T00:30"_s << u"2026-10-26T00:00"_s;
    QTest::newRow("a week, on Sunday")
        << BudgetPeriod::Week << u"2026-11-29T23:59"_s << u"2026-11-30T00:00"_s;
    QTest::newRow("a week, on Monday")
        << BudgetPeriod::Week << u"2026-11-30T00:00"_s << u"2026-12-07T00:00"_s;
    QTest::newRow("a month") << BudgetPeriod::Month << u"2026-11-29T10:44"_s
                             << u"2026-12-01T00:00"_s;
    QTest::newRow("a month, on its first day")
        << BudgetPeriod::Month << u"2026-12-01T00:00"_s << u"2027-01-01T00:00"_s;
    QTest::newRow("the month that ends short")
        << BudgetPeriod::Month << u"2027-01-31T12:00"_s << u"2027-02-01T00:00"_s;
}

void BudgetTest::periodsEndByTheClock()
{
    QFETCH(BudgetPeriod, period);
    QFETCH(QString, now);
    QFETCH(QString, next);
    const QTimeZone berlin("Europe/Berlin");
    const auto seconds = [&](const QString &text) {
        const QDateTime local = QDateTime::fromString(text, Qt::ISODate);
        return QDateTime(local.date(), local.time(), berlin).toSecsSinceEpoch();
    };

    QCOMPARE(domain::nextPeriod(period, seconds(now), berlin), seconds(next));
}

void BudgetTest::periodsLastWithoutAZone()
{
    const QTimeZone unknown;
    QVERIFY(!unknown.isValid());
    for (const BudgetPeriod period : {BudgetPeriod::Day, BudgetPeriod::Week, BudgetPeriod::Month})
        QVERIFY(domain::nextPeriod(period, 1'790'000'000, unknown) > 1'790'000'000);
}

void BudgetTest::farPeriodsAreAstray()
{
    constexpr qint64 day = 86'400;
    const auto astray = [](BudgetPeriod period, qint64 resetsAt) {
        return Budget{.period = period, .limit = {1}, .resetsAt = resetsAt}.isAstray(0);
    };
    QVERIFY(!astray(BudgetPeriod::Day, day));
    QVERIFY(astray(BudgetPeriod::Day, 3 * day));
    QVERIFY(!astray(BudgetPeriod::Month, 31 * day));
    QVERIFY(astray(BudgetPeriod::Month, 400 * day));
    QVERIFY(!astray(BudgetPeriod::Once, 400 * day));
}

void BudgetTest::anotherPeriodBeginsNow()
{
    Budget budget;
    Quota balance{-3};

    domain::applyBudget(
        budget, balance, {.period = BudgetPeriod::Day, .limit = {100}}, 1'000, QTimeZone::utc());

    QCOMPARE(balance, Quota{100});
    QCOMPARE(budget.resetsAt, 86'400);
    QVERIFY(!budget.isDue(86'399));
    QVERIFY(budget.isDue(86'400));
}

void BudgetTest::whatIsSpentStaysSpent()
{
    const Budget former{.period = BudgetPeriod::Week, .limit = {100}, .resetsAt = 5'000};
    const auto balanceAt = [&](Quota balance, Quota limit) {
        Budget budget = former;
        domain::applyBudget(budget,
                            balance,
                            {.period = BudgetPeriod::Week, .limit = limit},
                            1'000,
                            QTimeZone::utc());
        return std::pair(balance.units, budget.resetsAt);
    };

    QCOMPARE(balanceAt({40}, {150}), std::pair(90LL, 5'000LL));
    QCOMPARE(balanceAt({40}, {70}), std::pair(10LL, 5'000LL));
    // More was spent than is allowed now: nothing is left, but nothing is owed.
    QCOMPARE(balanceAt({40}, {20}), std::pair(0LL, 5'000LL));
    QCOMPARE(balanceAt({-4}, {110}), std::pair(6LL, 5'000LL));
    QCOMPARE(balanceAt({-4}, {90}), std::pair(-4LL, 5'000LL));
}

void BudgetTest::withoutPeriodTheBalanceStays()
{
    Budget budget{.period = BudgetPeriod::Day, .limit = {100}, .resetsAt = 5'000};
    Quota balance{40};

    domain::applyBudget(budget, balance, {.limit = {70}, .warning = 90}, 1'000, QTimeZone::utc());

    QCOMPARE(balance, Quota{40});
    QCOMPARE(budget, (Budget{.warning = 90}));
    QCOMPARE(domain::nextPeriod(BudgetPeriod::Once, 1'000, QTimeZone::utc()), 0);
}

void BudgetTest::sharesAreUsed_data()
{
    QTest::addColumn<qint64>("limit"); // of a period; 0: without one
    QTest::addColumn<qint64>("used");
    QTest::addColumn<qint64>("balance");
    QTest::addColumn<double>("share");
    QTest::newRow("of what was given") << qint64(0) << qint64(90) << qint64(10) << 0.9;
    QTest::newRow("overrun") << qint64(0) << qint64(110) << qint64(-10) << 1.0;
    QTest::newRow("nothing was given") << qint64(0) << qint64(0) << qint64(0) << 0.0;
    QTest::newRow("nothing is known") << qint64(0) << qint64(-5) << qint64(10) << 0.0;
    QTest::newRow("of the period") << qint64(100) << qint64(7'000) << qint64(25) << 0.75;
    QTest::newRow("topped up") << qint64(100) << qint64(7'000) << qint64(120) << 0.0;
    QTest::newRow("of the period, overrun") << qint64(100) << qint64(0) << qint64(-1) << 1.0;
}

void BudgetTest::sharesAreUsed()
{
    QFETCH(qint64, limit);
    QFETCH(qint64, used);
    QFETCH(qint64, balance);
    QFETCH(double, share);
    const Budget budget{.period = limit > 0 ? BudgetPeriod::Month : BudgetPeriod::Once,
                        .limit = {limit}};

    QCOMPARE(domain::usedShare(budget, {used}, {balance}), share);
}

void BudgetTest::warnsFromItsShareOn()
{
    QVERIFY(!domain::isNearlyUsed({}, {79}, {21}));
    QVERIFY(domain::isNearlyUsed({}, {81}, {19}));
    QVERIFY(!domain::isNearlyUsed({.warning = 90}, {81}, {19}));
    QVERIFY(!domain::isNearlyUsed({.warning = 100}, {99}, {1}));
    QVERIFY(domain::isNearlyUsed({.warning = 100}, {100}, {0}));
    QVERIFY(!domain::isNearlyUsed({.warning = 0}, {100}, {0}));
}

void BudgetTest::changesKeepWhatTheyDoNotName()
{
    const Budget budget{.period = BudgetPeriod::Day, .limit = {100}, .resetsAt = 7, .warning = 50};

    QCOMPARE(domain::BudgetChange{}.appliedTo(budget), budget);
    QCOMPARE(domain::BudgetChange{.limit = Quota{5}}.appliedTo(budget).limit, Quota{5});
    QCOMPARE(domain::BudgetChange{.limit = Quota{5}}.appliedTo(budget).period, BudgetPeriod::Day);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::BudgetTest)
#include "tst_budget.moc"
