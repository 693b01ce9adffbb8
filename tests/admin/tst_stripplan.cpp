#include "admin/statistics/stripplan.h"

#include <QtTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using storage::RollUpLevel;

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;
constexpr qint64 monday = 1'789'948'800'000; // midnight, UTC

} // namespace

class StripPlanTest : public QObject
{
    Q_OBJECT

private slots:
    void cellsOfARange_data();
    void cellsOfARange();
    void theLastCellHoldsTheEnd();
    void cellsBeginOnTheClock();
    void nothingIsCutFromNothing();
};

void StripPlanTest::cellsOfARange_data()
{
    QTest::addColumn<qint64>("length");
    QTest::addColumn<qint64>("cell");
    QTest::addColumn<int>("cells");
    QTest::addColumn<RollUpLevel>("level");

    QTest::newRow("an hour") << hour << minute << 60 << RollUpLevel::Minute;
    QTest::newRow("a quarter of an hour") << hour / 4 << minute << 15 << RollUpLevel::Minute;
    QTest::newRow("a day") << day << 24 * minute << 60 << RollUpLevel::Minute;
    QTest::newRow("a week") << 7 * day << 3 * hour << 56 << RollUpLevel::Hour;
    QTest::newRow("30 days") << 30 * day << 12 * hour << 60 << RollUpLevel::Hour;
}

void StripPlanTest::cellsOfARange()
{
    QFETCH(qint64, length);
    QFETCH(qint64, cell);
    QFETCH(int, cells);
    QFETCH(RollUpLevel, level);

    const StripPlan plan =
        stripPlan({monday - length, monday}, QTimeZone::utc(), monday - 49 * hour);

    QCOMPARE(plan.cell, cell);
    QCOMPARE(plan.cells, cells);
    QCOMPARE(plan.level, level);
    QCOMPARE(plan.since, monday - cells * cell);
    QCOMPARE(plan.until(), monday);
    QCOMPARE(plan.bounds().size(), static_cast<size_t>(cells + 1));
    QCOMPARE(plan.bounds().back(), monday);
}

// It grows until the next one begins, and the cells before it stay where they are.
void StripPlanTest::theLastCellHoldsTheEnd()
{
    const auto planAt = [](qint64 now) {
        return stripPlan({now - day, now}, QTimeZone::utc(), monday - 49 * hour);
    };

    QCOMPARE(planAt(monday + 1).until(), monday + 24 * minute);
    QCOMPARE(planAt(monday + 24 * minute).until(), monday + 24 * minute);
    QCOMPARE(planAt(monday + 24 * minute + 1).until(), monday + 48 * minute);
    QCOMPARE(planAt(monday + 24 * minute + 1).cells, 60);
}

void StripPlanTest::cellsBeginOnTheClock()
{
    const QTimeZone tokyo(9 * 3'600);
    const QTimeZone delhi(5 * 3'600 + 1'800);
    const qint64 now = monday + 20 * minute;

    const StripPlan halfDays = stripPlan({now - 30 * day, now}, tokyo, now - 49 * hour);
    const StripPlan beside = stripPlan({now - 30 * day, now}, delhi, now - 49 * hour);

    const QDateTime begin = QDateTime::fromMSecsSinceEpoch(halfDays.since, tokyo);
    QCOMPARE(begin.time().hour() % 12, 0);
    QVERIFY(halfDays.until() >= now && halfDays.until() < now + 12 * hour);
    // Rows of hours are those of UTC.
    QCOMPARE(beside.since % hour, 0);
    QVERIFY(beside.until() >= now);
}

void StripPlanTest::nothingIsCutFromNothing()
{
    const StripPlan plan = stripPlan({monday, monday}, QTimeZone::utc(), 0);

    QCOMPARE(plan.cells, 0);
    QCOMPARE(plan.bounds().size(), 1u);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::StripPlanTest)
#include "tst_stripplan.moc"
