#include "domain/pricing.h"

#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse::domain {

namespace {

constexpr std::chrono::milliseconds someDay = 20'000 * 24h;

PriceWindow window(std::chrono::minutes from, std::chrono::minutes until, qint64 input = 0)
{
    return {.from = from, .until = until, .tokens = {.input = {input}}};
}

} // namespace

// What a model costs at which time.
class ModelPriceTest : public QObject
{
    Q_OBJECT

private slots:
    void windows_data();
    void windows();
    void minutesOfTheDay_data();
    void minutesOfTheDay();
    void overlaps_data();
    void overlaps();
    void soundWindows();
    void tiersOfAWindow();
    void whatIsNotPaidByTokensStays();
    void states();
};

void ModelPriceTest::windows_data()
{
    QTest::addColumn<qint64>("ofDay"); // milliseconds
    QTest::addColumn<qint64>("input");

    const auto row = [](const char *name, std::chrono::milliseconds ofDay, qint64 input) {
        QTest::newRow(name) << qint64(ofDay.count()) << input;
    };
    // Of 9:00 to 12:30 and of 22:00 to 1:15.
    row("midnight, of the window before", 0h, 3);
    row("the last millisecond of it", 1h + 15min - 1ms, 3);
    row("its end", 1h + 15min, 1);
    row("before a window", 9h - 1ms, 1);
    row("its beginning", 9h, 2);
    row("within", 10h, 2);
    row("the last millisecond of the other", 12h + 30min - 1ms, 2);
    row("the end of the other", 12h + 30min, 1);
    row("before the window over midnight", 22h - 1ms, 1);
    row("its beginning in the evening", 22h, 3);
    row("the last millisecond of the day", 24h - 1ms, 3);
}

void ModelPriceTest::windows()
{
    QFETCH(qint64, ofDay);
    const ModelPrice price{.model = "m",
                           .tokens = {.input = {1}},
                           .windows = {window(9h, 12h + 30min, 2), window(22h, 1h + 15min, 3)}};

    const ModelPrice now = price.at(someDay.count() + ofDay);

    QTEST(now.tokens.input.picoDollars, "input");
    QVERIFY(now.windows.empty());
    QCOMPARE(now.model, price.model);
    QTEST(costOf({.input = 1'000}, now).nanoDollars, "input");
}

void ModelPriceTest::minutesOfTheDay_data()
{
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<int>("minute");

    QTest::newRow("the epoch") << qint64(0) << 0;
    QTest::newRow("its first minute") << qint64(59'999) << 0;
    QTest::newRow("its second") << qint64(60'000) << 1;
    QTest::newRow("the end of a day") << qint64(86'399'999) << 1'439;
    QTest::newRow("the next day") << qint64(86'400'000) << 0;
    QTest::newRow("before the epoch") << qint64(-1) << 1'439;
}

void ModelPriceTest::minutesOfTheDay()
{
    QFETCH(qint64, milliseconds);

    QTEST(static_cast<int>(minuteOfDay(milliseconds).count()), "minute");
}

void ModelPriceTest::overlaps_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("until");
    QTest::addColumn<bool>("overlap");

    // With 60 to 120.
    QTest::newRow("before") << 30 << 60 << false;
    QTest::newRow("behind") << 120 << 130 << false;
    QTest::newRow("one minute") << 119 << 130 << true;
    QTest::newRow("the same") << 60 << 120 << true;
    QTest::newRow("within") << 70 << 80 << true;
    QTest::newRow("around") << 0 << 1'000 << true;
    QTest::newRow("over midnight, beside") << 120 << 60 << false;
    QTest::newRow("over midnight, into it") << 120 << 61 << true;
    QTest::newRow("over midnight, all of it") << 1'000 << 500 << true;
}

void ModelPriceTest::overlaps()
{
    QFETCH(int, from);
    QFETCH(int, until);
    QFETCH(bool, overlap);
    const PriceWindow left = window(60min, 120min);
    const PriceWindow right = window(std::chrono::minutes(from), std::chrono::minutes(until));

    QCOMPARE(left.overlaps(right), overlap);
    QCOMPARE(right.overlaps(left), overlap);
}

void ModelPriceTest::soundWindows()
{
    QVERIFY(window(0min, 1'439min).isSound());
    QVERIFY(window(1'439min, 0min).isSound());
    QVERIFY(!window(60min, 60min).isSound());
    QVERIFY(!window(-1min, 60min).isSound());
    QVERIFY(!window(60min, 1'440min).isSound());
}

void ModelPriceTest::tiersOfAWindow()
{
    ModelPrice price{.tokens = {.input = {1}},
                     .tiers = {{.aboveInputTokens = 100, .tokens = {.input = {10}}}},
                     .windows = {window(1h, 2h, 2), window(2h, 3h, 4)}};
    price.windows.back().tiers = {{.aboveInputTokens = 50, .tokens = {.input = {40}}}};
    const auto inputAt = [&price](std::chrono::milliseconds ofDay, qint64 tokens) {
        return price.at(ofDay.count()).tokensFor(tokens).input.picoDollars;
    };

    QCOMPARE(inputAt(0h, 100), 1);
    QCOMPARE(inputAt(0h, 101), 10);
    // Those of the rest of the day do not count within a window.
    QCOMPARE(inputAt(1h, 101), 2);
    QCOMPARE(inputAt(2h, 50), 4);
    QCOMPARE(inputAt(2h, 51), 40);
    QCOMPARE(inputAt(3h, 51), 1);
}

void ModelPriceTest::whatIsNotPaidByTokensStays()
{
    const ModelPrice price{.tokens = {.input = {1}},
                           .windows = {window(0h, 1h, 2)},
                           .perCall = {5'000},
                           .perCharacter = {7},
                           .perImage = {{"", {9}}}};

    const ModelPrice now = price.at(0);

    QCOMPARE(now.perCall, price.perCall);
    QCOMPARE(now.perCharacter, price.perCharacter);
    QCOMPARE(now.perImage, price.perImage);
    QCOMPARE(now.tokens.input.picoDollars, 2);
}

void ModelPriceTest::states()
{
    const std::vector<ModelPrice> all{{.model = "m", .effectiveFrom = 30},
                                      {.model = "m", .effectiveFrom = 20},
                                      {.model = "m", .effectiveFrom = 0},
                                      {.model = "m", .channel = ChannelId{1}, .effectiveFrom = 10},
                                      {.model = "n", .effectiveFrom = 5}};

    QCOMPARE(stateOf(all[0], all, 29'999), PriceState::Future);
    QCOMPARE(stateOf(all[0], all, 30'000), PriceState::InForce);
    QCOMPARE(stateOf(all[1], all, 19'999), PriceState::Future);
    QCOMPARE(stateOf(all[1], all, 29'999), PriceState::InForce);
    QCOMPARE(stateOf(all[1], all, 30'000), PriceState::Former);
    QCOMPARE(stateOf(all[2], all, 19'999), PriceState::InForce);
    QCOMPARE(stateOf(all[2], all, 20'000), PriceState::Former);
    QCOMPARE(pricesInForce(all, 25'000), (std::vector{all[1], all[3], all[4]}));
    QVERIFY(pricesInForce(all, 0) == std::vector{all[2]});
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::ModelPriceTest)
#include "tst_modelprice.moc"
