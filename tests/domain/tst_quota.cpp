#include "domain/quota.h"

#include <QTest>

namespace gatehouse::domain {

constexpr qint64 largest = std::numeric_limits<qint64>::max();
constexpr qint64 smallest = std::numeric_limits<qint64>::min();

class QuotaTest : public QObject
{
    Q_OBJECT

private slots:
    void sums_data();
    void sums();
    void products_data();
    void products();
    void differencesEndAtTheLimits();
    void charges_data();
    void charges();
    void prices_data();
    void prices();
};

void QuotaTest::sums_data()
{
    QTest::addColumn<qint64>("left");
    QTest::addColumn<qint64>("right");
    QTest::addColumn<qint64>("sum");

    QTest::newRow("small") << qint64(2) << qint64(-5) << qint64(-3);
    QTest::newRow("up to the largest") << largest - 1 << qint64(1) << largest;
    QTest::newRow("beyond the largest") << largest << qint64(1) << largest;
    QTest::newRow("twice the largest") << largest << largest << largest;
    QTest::newRow("beyond the smallest") << smallest << qint64(-1) << smallest;
    QTest::newRow("twice the smallest") << smallest << smallest << smallest;
    QTest::newRow("both limits") << largest << smallest << qint64(-1);
}

void QuotaTest::sums()
{
    QFETCH(qint64, left);
    QFETCH(qint64, right);

    QTEST(saturatedSum(left, right), "sum");
    QTEST(saturatedSum(right, left), "sum");
    QTEST((Quota{left} + Quota{right}).units, "sum");
}

void QuotaTest::products_data()
{
    QTest::addColumn<qint64>("left");
    QTest::addColumn<qint64>("right");
    QTest::addColumn<qint64>("product");

    QTest::newRow("nothing") << largest << qint64(0) << qint64(0);
    QTest::newRow("signs") << qint64(-3) << qint64(4) << qint64(-12);
    QTest::newRow("two negative ones") << qint64(-3) << qint64(-4) << qint64(12);
    QTest::newRow("just fits") << largest / 2 << qint64(2) << largest - 1;
    QTest::newRow("just does not") << largest / 2 + 1 << qint64(2) << largest;
    QTest::newRow("2^31 x 2^31") << (1LL << 31) << (1LL << 31) << (1LL << 62);
    QTest::newRow("2^32 x 2^32") << (1LL << 32) << (1LL << 32) << largest;
    QTest::newRow("the smallest x -1") << smallest << qint64(-1) << largest;
    QTest::newRow("the smallest x 1") << smallest << qint64(1) << smallest;
    QTest::newRow("too far down") << largest << qint64(-2) << smallest;
}

void QuotaTest::products()
{
    QFETCH(qint64, left);
    QFETCH(qint64, right);

    QTEST(saturatedProduct(left, right), "product");
    QTEST(saturatedProduct(right, left), "product");
}

void QuotaTest::differencesEndAtTheLimits()
{
    QCOMPARE((Quota{5} - Quota{7}).units, -2);
    QCOMPARE((Quota{0} - Quota{smallest}).units, largest);
    QCOMPARE((-Quota{smallest}).units, largest);
    QCOMPARE((Quota{smallest} - Quota{1}).units, smallest);
    Quota balance{10};
    balance += {5};
    balance -= {20};
    QCOMPARE(balance.units, -5);
    QVERIFY(Quota{-1} < Quota{0});
}

void QuotaTest::charges_data()
{
    QTest::addColumn<qint64>("nanoDollars");
    QTest::addColumn<qint64>("units");

    QTest::newRow("nothing") << qint64(0) << qint64(0);
    QTest::newRow("never negative") << qint64(-1) << qint64(0);
    QTest::newRow("the least cost is a unit") << qint64(1) << qint64(1);
    QTest::newRow("just below a unit") << qint64(1'999) << qint64(1);
    QTest::newRow("a unit") << qint64(2'000) << qint64(1);
    QTest::newRow("just above it") << qint64(2'001) << qint64(2);
    QTest::newRow("a dollar") << qint64(1'000'000'000) << Quota::perDollar;
    QTest::newRow("the largest") << largest << largest / 2'000 + 1;
}

void QuotaTest::charges()
{
    QFETCH(qint64, nanoDollars);

    QTEST(Cost{nanoDollars}.charge().units, "units");
}

void QuotaTest::prices_data()
{
    QTest::addColumn<double>("dollarsPerMillion");
    QTest::addColumn<qint64>("picoDollars");

    QTest::newRow("nothing") << 0.0 << qint64(0);
    QTest::newRow("cheap") << 0.05 << qint64(50'000);
    QTest::newRow("a fraction that no double holds") << 0.1 << qint64(100'000);
    QTest::newRow("usual") << 2.5 << qint64(2'500'000);
    QTest::newRow("dear") << 600.0 << qint64(600'000'000);
    QTest::newRow("no number") << std::numeric_limits<double>::quiet_NaN() << qint64(0);
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << qint64(0);
    QTest::newRow("beyond all limits") << 1e300 << qint64(9'200'000'000'000'000'000);
}

void QuotaTest::prices()
{
    QFETCH(double, dollarsPerMillion);
    QFETCH(qint64, picoDollars);

    const UnitPrice price = UnitPrice::fromDollarsPerMillion(dollarsPerMillion);

    QCOMPARE(price.picoDollars, picoDollars);
    QCOMPARE(UnitPrice::fromDollarsPerMillion(price.dollarsPerMillion()), price);
    QCOMPARE(UnitPrice::fromDollars(0.04).picoDollars, 40'000'000'000);
    QCOMPARE(UnitPrice::fromDollars(0.04).dollars(), 0.04);
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::QuotaTest)
#include "tst_quota.moc"
