#include "models/pricecolumns.h"
#include "widgets/format.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using namespace gatehouse;
using namespace gatehouse::ui;

using domain::UnitPrice;

// What the columns of the table of prices say, without a page.
class PriceColumnsTest : public QObject
{
    Q_OBJECT

private slots:
    void marksWhatIsAnotherAtCertainHours();
    void sortsByDollars();
    void saysWhatAnEditDoes();

private:
    static domain::TokenPrices tokens(double input, double output)
    {
        return {.input = UnitPrice::fromDollarsPerMillion(input),
                .output = UnitPrice::fromDollarsPerMillion(output)};
    }
    static Column<PriceRow> column(const QString &key)
    {
        for (Column<PriceRow> &each : ModelColumns::prices([](auto) { return QString(); })) {
            if (each.traits.key == key)
                return each;
        }
        qFatal("there is no column %s", qPrintable(key));
    }
};

void PriceColumnsTest::marksWhatIsAnotherAtCertainHours()
{
    const PriceRow row{
        .price = {.model = "m",
                  .tokens = tokens(2, 8),
                  .windows = {{.from = 60min, .until = 120min, .tokens = tokens(1, 8)}}}};

    const Cell input = column(u"input"_s).cell(row);
    const Cell output = column(u"output"_s).cell(row);

    QCOMPARE(input.text, Format::price(UnitPrice::fromDollarsPerMillion(2)));
    QCOMPARE(input.icon, u"clock"_s);
    QVERIFY(input.accessible.contains(u"at certain hours"_s));
    QVERIFY(input.toolTip.contains(u"01:00 to 02:00"_s));
    QVERIFY(input.toolTip.contains(Format::price(UnitPrice::fromDollarsPerMillion(1))));
    // It is the same all day.
    QVERIFY(output.icon.isEmpty() && output.toolTip.isEmpty());
}

void PriceColumnsTest::sortsByDollars()
{
    const Column<PriceRow> input = column(u"input"_s);
    const PriceRow dollars{.price = {.model = "a", .tokens = tokens(3, 3)}};
    const PriceRow yuan{.price = {.model = "b", .tokens = tokens(8, 8), .currency = "CNY"},
                        .dollars = tokens(1, 1)};
    const PriceRow unknown{.price = {.model = "c", .tokens = tokens(1, 1), .currency = "XXX"}};

    QVERIFY(input.sort(yuan).toDouble() < input.sort(dollars).toDouble());
    QVERIFY(!input.sort(unknown).isValid()); // such go last
}

void PriceColumnsTest::saysWhatAnEditDoes()
{
    QVERIFY(column(u"input"_s).traits.explanation().contains(u"requests of before"_s));
}

QTEST_MAIN(PriceColumnsTest)
#include "tst_pricecolumns.moc"
