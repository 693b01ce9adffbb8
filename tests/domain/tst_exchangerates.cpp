#include "domain/exchangerates.h"

#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::domain {

// Prices in other currencies as dollars.
class ExchangeRatesTest : public QObject
{
    Q_OBJECT

private slots:
    void texts_data();
    void texts();
    void amounts_data();
    void amounts();
    void allPartsAreConverted();
    void dollarsNeedNoRate();
    void balances();
    void currencies();
};

void ExchangeRatesTest::texts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("sound");

    QTest::newRow("nothing") << QString() << true;
    QTest::newRow("one") << u"CNY 7.1"_s << true;
    QTest::newRow("two") << u"CNY 7.1 EUR 0.92"_s << true;
    QTest::newRow("lines and commas") << u"CNY 7.1,\n EUR 0.92;"_s << true;
    QTest::newRow("a whole number") << u"JPY 157"_s << true;
    QTest::newRow("the longest") << u"AAA 999999.999999 BBB 0.000001"_s << true;
    QTest::newRow("without a number") << u"CNY"_s << false;
    QTest::newRow("a number alone") << u"7.1"_s << false;
    QTest::newRow("the other way round") << u"7.1 CNY"_s << false;
    QTest::newRow("nothing for a dollar") << u"CNY 0.000"_s << false;
    QTest::newRow("negative") << u"CNY -7"_s << false;
    QTest::newRow("a decimal comma") << u"CNY 7,1"_s << false;
    QTest::newRow("too many decimals") << u"CNY 7.1234567"_s << false;
    QTest::newRow("too many digits") << u"CNY 1000000"_s << false;
    QTest::newRow("with an exponent") << u"CNY 7e0"_s << false;
    QTest::newRow("small letters") << u"cny 7"_s << false;
    QTest::newRow("no code") << u"YUAN 7"_s << false;
    QTest::newRow("twice") << u"CNY 7 CNY 8"_s << false;
    QTest::newRow("dollars") << u"USD 1"_s << false;
}

void ExchangeRatesTest::texts()
{
    QFETCH(QString, text);

    QTEST(ExchangeRates::from(text).has_value(), "sound");
}

void ExchangeRatesTest::amounts_data()
{
    QTest::addColumn<QString>("rate");
    QTest::addColumn<qint64>("amount");
    QTest::addColumn<qint64>("dollars");

    constexpr qint64 largest = std::numeric_limits<qint64>::max();
    QTest::newRow("nothing") << u"7.1"_s << qint64(0) << qint64(0);
    QTest::newRow("even") << u"8"_s << qint64(16) << qint64(2);
    QTest::newRow("rounded up") << u"7.1"_s << qint64(1) << qint64(1);
    QTest::newRow("exactly") << u"7.1"_s << qint64(7'100'000) << qint64(1'000'000);
    QTest::newRow("one more") << u"7.1"_s << qint64(7'100'001) << qint64(1'000'001);
    QTest::newRow("worth more than a dollar") << u"0.92"_s << qint64(92) << qint64(100);
    QTest::newRow("a third") << u"3"_s << qint64(1'000'000) << qint64(333'334);
    // 2^53 + 1 and more, which a double cannot tell from its neighbour.
    QTest::newRow("large") << u"1"_s << qint64(9'007'199'254'740'993)
                           << qint64(9'007'199'254'740'993);
    QTest::newRow("the dearest currency")
        << u"0.000001"_s << qint64(9'000'000'000'000) << qint64(9'000'000'000'000'000'000);
    QTest::newRow("too dear") << u"0.000001"_s << largest << largest;
    QTest::newRow("the cheapest currency")
        << u"999999.999999"_s << qint64(999'999'999'999) << qint64(1'000'000);
    QTest::newRow("the largest of it")
        << u"999999.999999"_s << largest << qint64(9'223'372'036'864);
}

void ExchangeRatesTest::amounts()
{
    QFETCH(QString, rate);
    QFETCH(qint64, amount);

    const auto rates = ExchangeRates::from(u"XXX "_s + rate);
    QVERIFY(rates);
    const auto dollars = rates->inDollars(UnitPrice{amount}, "XXX");

    QVERIFY(dollars);
    QTEST(dollars->picoDollars, "dollars");
}

void ExchangeRatesTest::allPartsAreConverted()
{
    const auto price = [](qint64 factor) {
        const TokenPrices tokens{.input = {1 * factor},
                                 .output = {2 * factor},
                                 .cacheRead = UnitPrice{3 * factor},
                                 .cacheWrite = UnitPrice{4 * factor},
                                 .cacheWriteLong = UnitPrice{5 * factor},
                                 .reasoning = UnitPrice{6 * factor},
                                 .inputAudio = UnitPrice{7 * factor},
                                 .outputAudio = UnitPrice{8 * factor}};
        const std::vector<PriceTier> tiers{{.aboveInputTokens = 5, .tokens = tokens}};
        return ModelPrice{.model = "m",
                          .tokens = tokens,
                          .tiers = tiers,
                          .windows = {{.from = 1h, .until = 2h, .tokens = tokens, .tiers = tiers}},
                          .perCall = {9 * factor},
                          .perCharacter = {10 * factor},
                          .perImage = {{"", {11 * factor}}},
                          .asOf = 12,
                          .effectiveFrom = 13};
    };
    ModelPrice foreign = price(7);
    foreign.currency = "CNY";
    const auto rates = ExchangeRates::from(u"CNY 7"_s);

    QVERIFY(rates->inDollars(foreign) == price(1));
    foreign.currency = "EUR";
    QVERIFY(!rates->inDollars(foreign));
    // What costs as much as the plain tokens does so in dollars, too.
    const auto plain = rates->inDollars(ModelPrice{.tokens = {.input = {7}}, .currency = "CNY"});
    QVERIFY(plain && !plain->tokens.cacheRead);
}

void ExchangeRatesTest::dollarsNeedNoRate()
{
    const ExchangeRates none;

    QVERIFY(none.knows({}));
    QVERIFY(!none.knows("CNY"));
    QCOMPARE(none.inDollars(UnitPrice{3}, {})->picoDollars, 3);
    QVERIFY(none.inDollars(ModelPrice{.perCall = {3}}) == ModelPrice{.perCall = {3}});
}

void ExchangeRatesTest::balances()
{
    const auto rates = ExchangeRates::from(u"CNY 8"_s);

    QCOMPARE(rates->inDollars(AccountBalance{12.5, "USD"}), std::optional(12.5));
    QCOMPARE(rates->inDollars(AccountBalance{41.2, "CNY"}), std::optional(5.15));
    QVERIFY(!rates->inDollars(AccountBalance{1, "EUR"}));
    QVERIFY(!rates->inDollars(AccountBalance{1, {}})); // points
}

void ExchangeRatesTest::currencies()
{
    QVERIFY(isCurrency("CNY"));
    for (const char *other : {"", "CN", "CNYX", "cny", "C1Y", "CN "})
        QVERIFY2(!isCurrency(other), other);
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::ExchangeRatesTest)
#include "tst_exchangerates.moc"
