#include "domain/pricing.h"

#include <QTest>

namespace gatehouse::domain {

// In dollars a million tokens.
static UnitPrice dollars(double perMillion)
{
    return UnitPrice::fromDollarsPerMillion(perMillion);
}

static ModelPrice plain(double input, double output)
{
    return {.model = "m", .tokens = {.input = dollars(input), .output = dollars(output)}};
}

static ModelPrice detailed()
{
    return {.model = "m",
            .tokens = {.input = dollars(10),
                       .output = dollars(20),
                       .cacheRead = dollars(1),
                       .cacheWrite = dollars(12),
                       .cacheWriteLong = dollars(16),
                       .reasoning = dollars(30),
                       .inputAudio = dollars(40),
                       .outputAudio = dollars(80)}};
}

static qint64 sumOf(const std::vector<CostLine> &lines)
{
    qint64 sum = 0;
    for (const CostLine &line : lines)
        sum += line.cost.nanoDollars;
    return sum;
}

static ModelPrice tiered()
{
    ModelPrice price = plain(1, 2);
    price.tiers = {
        {.aboveInputTokens = 1'000, .tokens = {.input = dollars(3), .output = dollars(4)}},
        {.aboveInputTokens = 2'000, .tokens = {.input = dollars(5), .output = dollars(6)}}};
    return price;
}

class PricingTest : public QObject
{
    Q_OBJECT

private slots:
    void costs_data();
    void costs();
    void twoFactors_data();
    void twoFactors();
    void groupRatios_data();
    void groupRatios();
    void pictures_data();
    void pictures();
    void hugeFiguresSaturate();
    void linesNameTheirParts();
    void countsFromOutside_data();
    void countsFromOutside();
};

void PricingTest::costs_data()
{
    QTest::addColumn<Usage>("usage");
    QTest::addColumn<ModelPrice>("price");
    QTest::addColumn<qint64>("nanoDollars");

    QTest::newRow("nothing used") << Usage{} << plain(10, 20) << qint64(0);
    QTest::newRow("no price") << Usage{.input = 1000, .output = 1000} << ModelPrice{} << qint64(0);
    QTest::newRow("input and output")
        << Usage{.input = 1000, .output = 100} << plain(10, 20) << qint64(12'000'000);
    QTest::newRow("a cost below a nanodollar is one")
        << Usage{.input = 1} << plain(0.0001, 0) << qint64(1);
    QTest::newRow("rounded once, up")
        << Usage{.input = 1, .output = 1} << plain(0.0006, 0.0006) << qint64(2);
    QTest::newRow("read from a cache")
        << Usage{.input = 1000, .cacheRead = 400} << detailed() << qint64(6'400'000);
    QTest::newRow("written to caches")
        << Usage{.input = 1000, .cacheWrite = 100, .cacheWriteLong = 200} << detailed()
        << qint64(7'000'000 + 1'200'000 + 3'200'000);
    QTest::newRow("cache without a price of its own: as input")
        << Usage{.input = 1000, .cacheRead = 400, .cacheWrite = 100, .cacheWriteLong = 50}
        << plain(10, 20) << qint64(10'000'000);
    QTest::newRow("reasoning") << Usage{.output = 100, .reasoning = 40} << detailed()
                               << qint64(60 * 20'000 + 40 * 30'000);
    QTest::newRow("audio both ways")
        << Usage{.input = 100, .inputAudio = 100, .output = 50, .outputAudio = 50} << detailed()
        << qint64(100 * 40'000 + 50 * 80'000);
    QTest::newRow("more in the parts than in the whole")
        << Usage{.input = 10, .cacheRead = 100} << detailed() << qint64(100 * 1'000);
    QTest::newRow("up to the first tier")
        << Usage{.input = 1'000, .output = 10} << tiered() << qint64(1'000'000 + 20'000);
    QTest::newRow("in the first tier, as a whole")
        << Usage{.input = 1'001, .output = 10} << tiered() << qint64(3'003'000 + 40'000);
    QTest::newRow("in the last tier")
        << Usage{.input = 9'000, .output = 10} << tiered() << qint64(45'000'000 + 60'000);
    ModelPrice call;
    call.perCall = UnitPrice::fromDollars(0.02);
    QTest::newRow("by the call") << Usage{} << call << qint64(20'000'000);
    ModelPrice speech;
    speech.perCharacter = UnitPrice::fromDollars(0.000015);
    QTest::newRow("by the character") << Usage{.characters = 11} << speech << qint64(165'000);
}

void PricingTest::costs()
{
    QFETCH(Usage, usage);
    QFETCH(ModelPrice, price);

    QTEST(costOf(usage, price).nanoDollars, "nanoDollars");
    QTEST(sumOf(costLines(usage, price)), "nanoDollars");
}

void PricingTest::twoFactors_data()
{
    QTest::addColumn<qint64>("picoDollars");
    QTest::addColumn<qint64>("group");
    QTest::addColumn<qint64>("channel");
    QTest::addColumn<qint64>("nanoDollars");

    constexpr qint64 one = 1'000'000;
    QTest::newRow("neither") << qint64(7'000) << one << one << qint64(7);
    QTest::newRow("that of the channel alone")
        << qint64(7'000) << one << qint64(500'000) << qint64(4);
    // 0.500001 of a trillionth, ten thousand times; rounded up in between it would be 10.
    QTest::newRow("both, rounded once")
        << qint64(1) << qint64(500'001) << qint64(10'000'000'000) << qint64(6);
    QTest::newRow("what is left of both meets")
        << qint64(1'000) << qint64(1'500'000) << qint64(2'000'000) << qint64(3);
    QTest::newRow("the least there can be above a whole one")
        << qint64(1'000) << qint64(1'000'001) << qint64(1'000'001) << qint64(2);
    // x 0.999999 x 1.000001 = 999,999,999,998,000.000000001
    QTest::newRow("exact where a double is not") << qint64(999'999'999'999'000) << qint64(999'999)
                                                 << qint64(1'000'001) << qint64(999'999'999'999);
    QTest::newRow("for nothing") << qint64(7'000) << qint64(2'000'000) << qint64(0) << qint64(0);
}

void PricingTest::twoFactors()
{
    QFETCH(qint64, picoDollars);
    QFETCH(qint64, group);
    QFETCH(qint64, channel);
    const ModelPrice price{.perCall = {picoDollars}};
    const PriceFactors factors{.groupMillionths = group, .channelMillionths = channel};

    QTEST(costOf({}, price, factors).nanoDollars, "nanoDollars");
    QTEST(sumOf(costLines({}, price, factors)), "nanoDollars");
}

void PricingTest::groupRatios_data()
{
    QTest::addColumn<qint64>("ratio");
    QTest::addColumn<qint64>("nanoDollars");

    QTest::newRow("the list price") << qint64(1'000'000) << qint64(10'000'001);
    QTest::newRow("half of it, rounded up") << qint64(500'000) << qint64(5'000'001);
    QTest::newRow("for nothing") << qint64(0) << qint64(0);
    QTest::newRow("threefold") << qint64(3'000'000) << qint64(30'000'003);
    QTest::newRow("the least ratio") << qint64(1) << qint64(11);
}

void PricingTest::groupRatios()
{
    QFETCH(qint64, ratio);
    const Usage usage{.input = 10'000'001};

    QTEST(costOf(usage, plain(0.001, 0), {.groupMillionths = ratio}).nanoDollars, "nanoDollars");
    QTEST(sumOf(costLines(usage, plain(0.001, 0), {.groupMillionths = ratio})), "nanoDollars");
}

void PricingTest::pictures_data()
{
    QTest::addColumn<QByteArray>("size");
    QTest::addColumn<QByteArray>("quality");
    QTest::addColumn<qint64>("nanoDollars");

    QTest::newRow("size and quality")
        << QByteArray("1024x1024") << QByteArray("hd") << qint64(2 * 80'000'000);
    QTest::newRow("the size alone is known")
        << QByteArray("1024x1024") << QByteArray("low") << qint64(2 * 40'000'000);
    QTest::newRow("neither is known")
        << QByteArray("1x1") << QByteArray("hd") << qint64(2 * 20'000'000);
    QTest::newRow("nothing was said") << QByteArray() << QByteArray() << qint64(2 * 20'000'000);
}

void PricingTest::pictures()
{
    QFETCH(QByteArray, size);
    QFETCH(QByteArray, quality);
    ModelPrice price;
    price.perImage = {{"1024x1024/hd", UnitPrice::fromDollars(0.08)},
                      {"1024x1024", UnitPrice::fromDollars(0.04)},
                      {"", UnitPrice::fromDollars(0.02)}};

    const Cost cost = costOf({.images = 2}, price, {}, {.size = size, .quality = quality});

    QTEST(cost.nanoDollars, "nanoDollars");
}

void PricingTest::hugeFiguresSaturate()
{
    const Usage usage{.input = Usage::largest, .output = Usage::largest};
    constexpr qint64 mostPico = std::numeric_limits<qint64>::max();
    ModelPrice price;
    price.tokens.input.picoDollars = mostPico;
    price.tokens.output.picoDollars = mostPico;
    price.perCall.picoDollars = mostPico;

    const PriceFactors factors{.groupMillionths = mostPico, .channelMillionths = mostPico};

    const Cost cost = costOf(usage, price, factors);

    QCOMPARE(cost.nanoDollars, mostPico / 1'000 + 1);
    QCOMPARE(sumOf(costLines(usage, price, factors)), cost.nanoDollars);
    QVERIFY(cost.charge().units > 0);
}

void PricingTest::linesNameTheirParts()
{
    const Usage usage{.input = 1'000,
                      .cacheRead = 300,
                      .cacheWrite = 200,
                      .cacheWriteLong = 100,
                      .output = 50,
                      .reasoning = 20};

    const std::vector<CostLine> lines = costLines(usage, detailed());

    const std::vector<CostLine> expected{
        {CostItem::Input, 400, dollars(10), {4'000'000}},
        {CostItem::CacheRead, 300, dollars(1), {300'000}},
        {CostItem::CacheWrite, 200, dollars(12), {2'400'000}},
        {CostItem::CacheWriteLong, 100, dollars(16), {1'600'000}},
        {CostItem::Output, 30, dollars(20), {600'000}},
        {CostItem::Reasoning, 20, dollars(30), {600'000}},
    };
    QVERIFY(lines == expected);
    QCOMPARE(sumOf(lines), costOf(usage, detailed()).nanoDollars);
    QVERIFY(costLines({}, detailed()).empty());
}

void PricingTest::countsFromOutside_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<qint64>("count");
    QTest::addColumn<bool>("anomalous");

    QTest::newRow("nothing") << 0.0 << qint64(0) << false;
    QTest::newRow("usual") << 1234.0 << qint64(1234) << false;
    QTest::newRow("negative") << -1e6 << qint64(0) << true;
    QTest::newRow("a fraction") << 1.9 << qint64(1) << true;
    QTest::newRow("the largest") << 1e9 << Usage::largest << false;
    QTest::newRow("larger") << 1e18 << Usage::largest << true;
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << qint64(0) << true;
    QTest::newRow("no number") << std::numeric_limits<double>::quiet_NaN() << qint64(0) << true;
}

void PricingTest::countsFromOutside()
{
    QFETCH(double, value);
    bool anomalous = false;

    const qint64 count = clampedCount(value, anomalous);

    QTEST(count, "count");
    QTEST(anomalous, "anomalous");
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::PricingTest)
#include "tst_pricing.moc"
