#include "relay/exchange/settlement.h"

#include "support/testcatalog.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::PriceSource;
using domain::UnpricedPolicy;
using protocol::Operation;
using protocol::Peek;
using support::TestCatalog;

class SettlementTest : public QObject
{
    Q_OBJECT

private slots:
    void whichPriceApplies();
    void modelsWithoutAPrice_data();
    void modelsWithoutAPrice();
    void estimates_data();
    void estimates();
    void mediaThatHavePricesOfTheirOwn();
    void tokensThatHavePricesOfTheirOwn_data();
    void tokensThatHavePricesOfTheirOwn();
    void theDearestChannelCounts();
    void theGroupsRatioCounts();
    void hugeLimitsDoNotOverflow();
    void theHourCounts();
    void aShorterInputMayBeDearer();
    void otherCurrencies();
};

void SettlementTest::whichPriceApplies()
{
    TestCatalog content;
    content.addChannel(1).modelMapping = {{u"small"_s, u"tiny-v2"_s}};
    content.addChannel(2);
    content.setPrice("small", 1, 1);
    content.setPrice("tiny-v2", 2, 2);
    content.content.prices.push_back(
        {.model = "small", .channel = domain::ChannelId{2}, .perCall = {77}});
    const auto catalog = content.build();

    // By the provider's name of the model, since that is what is paid for.
    QCOMPARE(priceFor(*catalog, *catalog->channel({1}), "small", 0).price.model,
             QByteArray("tiny-v2"));
    QCOMPARE(priceFor(*catalog, *catalog->channel({2}), "small", 0).price.perCall.picoDollars, 77);
    content.content.prices.erase(content.content.prices.begin() + 1);
    const auto other = content.build();
    QCOMPARE(priceFor(*other, *other->channel({1}), "small", 0).price.model, QByteArray("small"));
    QVERIFY(!priceFor(*other, *other->channel({1}), "small", 0).unpriced);
    // What it went out under counts, not what it would go out under now.
    QCOMPARE(priceFor(*catalog, *catalog->channel({1}), "small", "small", 0).price.model,
             QByteArray("small"));
    // A pattern ends no price that was made for a name.
    content.setPrice("*", 9, 9);
    const auto patterned = content.build();
    QCOMPARE(priceFor(*patterned, *patterned->channel({1}), "small", 0).price.model,
             QByteArray("small"));
    QCOMPARE(priceFor(*patterned, *patterned->channel({1}), "other", 0).price.model,
             QByteArray("*"));
    // A channel's own goes before one of all channels, be it by pattern or by the name asked for.
    content.content.prices.push_back({.model = "tiny-*",
                                      .channel = domain::ChannelId{1},
                                      .perCall = {55},
                                      .source = PriceSource::Edited});
    const auto own = content.build();
    QCOMPARE(priceFor(*own, *own->channel({1}), "small", 0).price.perCall.picoDollars, 55);
    content.content.prices.back() = {.model = "small",
                                     .channel = domain::ChannelId{1},
                                     .perCall = {44},
                                     .source = PriceSource::Edited};
    // Built-in prices are found for each channel.
    content.content.prices.push_back(
        {.model = "tiny-v2", .channel = domain::ChannelId{1}, .perCall = {33}});
    const auto named = content.build();
    QCOMPARE(priceFor(*named, *named->channel({1}), "small", 0).price.perCall.picoDollars, 44);
}

void SettlementTest::modelsWithoutAPrice_data()
{
    QTest::addColumn<int>("policy");
    QTest::addColumn<int>("type");
    QTest::addColumn<bool>("unpriced");
    QTest::addColumn<bool>("refused");
    QTest::addColumn<qint64>("input"); // picodollars a token

    const int openAi = domain::provider::openAi;
    const int ollama = domain::provider::ollama;
    QTest::newRow("served for nothing")
        << int(UnpricedPolicy::ServeFree) << openAi << true << false << qint64(0);
    QTest::newRow("refused") << int(UnpricedPolicy::Refuse) << openAi << true << true << qint64(0);
    QTest::newRow("charged") << int(UnpricedPolicy::ChargeDefault) << openAi << true << false
                             << qint64(2'500'000);
    QTest::newRow("local: for nothing")
        << int(UnpricedPolicy::ServeFree) << ollama << false << false << qint64(0);
    QTest::newRow("local: not refused")
        << int(UnpricedPolicy::Refuse) << ollama << false << false << qint64(0);
    QTest::newRow("local: not charged")
        << int(UnpricedPolicy::ChargeDefault) << ollama << false << false << qint64(0);
}

void SettlementTest::modelsWithoutAPrice()
{
    QFETCH(int, policy);
    QFETCH(int, type);
    TestCatalog content;
    content.addChannel(1).type = type;
    content.settings().accounting.unpriced = static_cast<UnpricedPolicy>(policy);
    content.settings().accounting.defaultInputPrice = 2.5;
    const auto catalog = content.build();

    const AppliedPrice applied = priceFor(*catalog, *catalog->channel({1}), "small", 0);

    QTEST(applied.unpriced, "unpriced");
    QTEST(applied.refused, "refused");
    QTEST(applied.price.tokens.input.picoDollars, "input");
    if (applied.price.tokens.input.picoDollars > 0)
        QCOMPARE(applied.price.source, PriceSource::Default);
}

static Estimate estimate(const TestCatalog &content, const Peek &peek, qint64 at = 0)
{
    const auto catalog = content.build();
    const domain::CatalogGroup &group = *catalog->tokens().front()->group;
    return estimateFor(*catalog, group, *group.candidates("small"), peek, at);
}

void SettlementTest::estimates_data()
{
    QTest::addColumn<Peek>("peek");
    QTest::addColumn<qint64>("least");
    QTest::addColumn<qint64>("most");

    // Input costs 20 units a thousand tokens, output 40.
    const Peek chat{.model = "small", .maxOutputTokens = 1'000, .promptBytes = 6'000};
    QTest::newRow("a chat") << chat << qint64(20) << qint64(3'001 * 20 / 1'000 + 1 + 40);
    Peek choices = chat;
    choices.choices = 3;
    QTest::newRow("three answers") << choices << qint64(20) << qint64(3'001 * 20 / 1'000 + 1 + 120);
    Peek open = chat;
    open.maxOutputTokens.reset();
    QTest::newRow("without a limit of its own")
        << open << qint64(20) << qint64((3'001 * 20 + 16'384 * 40) / 1'000 + 1);
    Peek embeddings = chat;
    embeddings.operation = Operation::Embeddings;
    QTest::newRow("vectors have no output")
        << embeddings << qint64(20) << qint64(3'001 * 20 / 1'000 + 1);
    Peek address = chat;
    address.hasReferences = true;
    QTest::newRow("an address, of which a whole context may be read")
        << address << qint64(20) << qint64(203'001 * 20 / 1'000 + 1 + 40);
    Peek picture = chat;
    picture.dataBytes = 300'000;
    QTest::newRow("a picture, at most what a text of its length costs")
        << picture << qint64(20) << qint64(153'001 * 20 / 1'000 + 1 + 40);
    Peek film = chat;
    film.dataBytes = 30'000'000;
    QTest::newRow("a film, no more than a context holds")
        << film << qint64(20) << qint64(1'003'001 * 20 / 1'000 + 1 + 40);
    Peek pictures = chat;
    pictures.operation = Operation::ImageGenerations;
    pictures.choices = 2;
    QTest::newRow("pictures") << pictures << qint64(20)
                              << qint64((3'001 * 20 + 2 * 8'000 * 40) / 1'000 + 1);
    pictures.imageQuality = "low";
    QTest::newRow("plain pictures")
        << pictures << qint64(20) << qint64((3'001 * 20 + 2 * 1'000 * 40) / 1'000 + 1);
    Peek speech = chat;
    speech.operation = Operation::Speech;
    speech.speechCharacters = 1'000;
    speech.speechBytes = 1'000;
    QTest::newRow("speech") << speech << qint64(20)
                            << qint64((3'001 * 20 + 2 * 1'501 * 40) / 1'000 + 1);
    Peek counting = chat;
    counting.operation = Operation::CountTokens;
    QTest::newRow("counting is for nothing") << counting << qint64(0) << qint64(0);
    QTest::newRow("nothing is asked")
        << Peek{.model = "small", .maxOutputTokens = 0} << qint64(0) << qint64(1);
}

void SettlementTest::estimates()
{
    QFETCH(Peek, peek);
    TestCatalog content;
    content.addChannel(1);
    content.setPrice("small", 0.04, 0.08);

    const Estimate result = estimate(content, peek);

    QTEST(result.least.units, "least");
    QTEST(result.most.units, "most");
}

void SettlementTest::mediaThatHavePricesOfTheirOwn()
{
    constexpr qint64 picoDollarsPerUnit = 2'000'000;
    TestCatalog content;
    content.addChannel(1);
    content.content.prices = {{.model = "small",
                               .tokens = {.output = {1'000 * picoDollarsPerUnit}},
                               .perCharacter = {picoDollarsPerUnit},
                               .perImage = {{QByteArray(), {50 * picoDollarsPerUnit}}}}};

    const Estimate pictures =
        estimate(content, {.operation = Operation::ImageGenerations, .model = "small"});
    const Estimate speech = estimate(content,
                                     {.operation = Operation::Speech,
                                      .model = "small",
                                      .speechCharacters = 30,
                                      .speechBytes = 30});

    QCOMPARE(pictures.most.units, 50);
    QCOMPARE(speech.most.units, 30);
}

void SettlementTest::tokensThatHavePricesOfTheirOwn_data()
{
    QTest::addColumn<Peek>("peek");
    QTest::addColumn<qint64>("ofInput");
    QTest::addColumn<qint64>("ofOutput");

    // 501 tokens are read at most and 1,000 written.
    const Peek plain{.model = "small", .maxOutputTokens = 1'000, .promptBytes = 1'000};
    QTest::newRow("plain, though it may think") << plain << qint64(10) << qint64(12);
    Peek kept = plain;
    kept.hints.writesCache = true;
    QTest::newRow("kept") << kept << qint64(13) << qint64(12);
    kept.hints.writesLongCache = true;
    QTest::newRow("kept for long") << kept << qint64(20) << qint64(12);
    Peek heard = plain;
    heard.hints.hasSound = true;
    QTest::newRow("with a sound") << heard << qint64(40) << qint64(12);
    heard.hints.writesLongCache = heard.hints.writesCache = true;
    QTest::newRow("with a sound, kept for long") << heard << qint64(40) << qint64(12);
    Peek spoken = plain;
    spoken.hints.wantsSound = true;
    QTest::newRow("a spoken answer") << spoken << qint64(10) << qint64(80);
}

void SettlementTest::tokensThatHavePricesOfTheirOwn()
{
    QFETCH(Peek, peek);
    QFETCH(qint64, ofInput);
    QFETCH(qint64, ofOutput);
    const auto units = [](qint64 count) { return domain::UnitPrice{count * 2'000'000}; };
    TestCatalog content;
    content.addChannel(1);
    content.content.prices = {{.model = "small",
                               .tokens = {.input = units(10),
                                          .output = units(10),
                                          .cacheRead = units(1),
                                          .cacheWrite = units(13),
                                          .cacheWriteLong = units(20),
                                          .reasoning = units(12),
                                          .inputAudio = units(40),
                                          .outputAudio = units(80)}}};

    const Estimate dear = estimate(content, peek);
    content.content.prices.front().tokens = {.input = units(10), .output = units(10)};
    const Estimate alike = estimate(content, peek);
    content.content.prices.front().tokens.cacheWriteLong = units(5);
    content.content.prices.front().tokens.outputAudio = units(5);
    const Estimate cheaper = estimate(content, peek);

    QCOMPARE(dear.most.units, 501 * ofInput + 1'000 * ofOutput);
    QCOMPARE(dear.least.units, 1'000 / 6 * 10);
    // What has no price of its own, or a lower one, is held as plain tokens are.
    QCOMPARE(alike.most.units, 1'501 * 10);
    QCOMPARE(cheaper.most.units, 1'501 * 10);
}

void SettlementTest::theDearestChannelCounts()
{
    TestCatalog content;
    content.addChannel(1);
    content.addChannel(2);
    content.addChannel(3).status = domain::ChannelStatus::DisabledByHand;
    content.setPricePerCall("small", {10});
    content.content.prices.push_back(
        {.model = "small", .channel = domain::ChannelId{2}, .perCall = {70 * 2'000'000LL}});
    content.content.prices.push_back(
        {.model = "small", .channel = domain::ChannelId{3}, .perCall = {900 * 2'000'000LL}});

    const Estimate result = estimate(content, {.model = "small"});

    QCOMPARE(result.least.units, 70);
    QCOMPARE(result.most.units, 70);
}

void SettlementTest::theGroupsRatioCounts()
{
    TestCatalog content;
    content.addChannel(1);
    content.setPricePerCall("small", {10});
    content.content.groups = {{.name = "default", .ratioMillionths = 2'500'000}};

    QCOMPARE(estimate(content, {.model = "small"}).least.units, 25);
}

void SettlementTest::hugeLimitsDoNotOverflow()
{
    TestCatalog content;
    content.addChannel(1);
    content.setPrice("small", 1'000, 1'000);

    const Estimate result = estimate(content,
                                     {.model = "small",
                                      .maxOutputTokens = protocol::largestRequestedCount,
                                      .choices = protocol::largestRequestedCount,
                                      .promptBytes = 4LL << 30});

    QVERIFY(result.least.units > 0);
    QVERIFY(result.most >= result.least);
}

// A reservation holds what the request is settled at, since both are of the moment it began.
void SettlementTest::theHourCounts()
{
    const auto units = [](qint64 count) { return domain::UnitPrice{count * 2'000'000}; };
    TestCatalog content;
    content.addChannel(1);
    content.content.prices = {
        {.model = "small",
         .tokens = {.input = units(1), .output = units(1)},
         .windows = {{.from = 23h,
                      .until = 1h,
                      .tokens = {.input = units(2), .output = units(3)},
                      .tiers = {{.aboveInputTokens = 1'000, .tokens = {.output = units(500)}}}}}}};
    const Peek peek{.model = "small", .maxOutputTokens = 10, .promptBytes = 60};
    Peek longer = peek;
    longer.promptBytes = 6'000;

    const auto at = [](std::chrono::milliseconds ofDay) {
        constexpr qint64 someDay = 20'000LL * 24 * 60 * 60 * 1000;
        return someDay + ofDay.count();
    };
    QCOMPARE(estimate(content, peek, at(23h - 1ms)).most.units, 31 + 10);
    QCOMPARE(estimate(content, peek, at(23h)).most.units, 31 * 2 + 10 * 3);
    QCOMPARE(estimate(content, peek, at(23h)).least.units, 10 * 2);
    QCOMPARE(estimate(content, peek, at(0h)).most.units, 31 * 2 + 10 * 3);
    QCOMPARE(estimate(content, longer, at(1h - 1ms)).most.units, 10 * 500);
    QCOMPARE(estimate(content, longer, at(1h)).most.units, 3'001 + 10);
    const auto catalog = content.build();
    const AppliedPrice applied = priceFor(*catalog, *catalog->channel({1}), "small", at(30min));
    QCOMPARE(applied.price.tokens.output, units(3));
    QVERIFY(applied.price.windows.empty());
}

// How long the input is turns out only afterwards.
void SettlementTest::aShorterInputMayBeDearer()
{
    const auto units = [](qint64 count) { return domain::UnitPrice{count * 2'000'000}; };
    TestCatalog content;
    content.addChannel(1);
    content.content.prices = {
        {.model = "small",
         .tokens = {.input = units(9), .output = units(2)},
         .tiers = {{.aboveInputTokens = 2'000, .tokens = {.input = units(1), .output = units(1)}},
                   {.aboveInputTokens = 9'000, .tokens = {.input = units(99)}}}}};

    const Estimate result =
        estimate(content, {.model = "small", .maxOutputTokens = 10, .promptBytes = 6'000});

    QCOMPARE(result.most.units, 2'000 * 9 + 10 * 2);
}

void SettlementTest::otherCurrencies()
{
    TestCatalog content;
    content.addChannel(1);
    content.addChannel(2).type = domain::provider::ollama;
    content.content.prices = {{.model = "small",
                               .tokens = {.input = {14'200'000}},
                               .perCall = {7'100'000},
                               .currency = "CNY"}};
    content.settings().accounting.exchangeRates = u"EUR 0.92 CNY 7.1"_s;
    const auto catalog = content.build();
    content.settings().accounting.exchangeRates = u"EUR 0.92"_s;
    const auto without = content.build();
    content.settings().accounting.unpriced = UnpricedPolicy::Refuse;
    const auto refusing = content.build();

    const AppliedPrice applied = priceFor(*catalog, *catalog->channel({1}), "small", 0);
    QVERIFY(!applied.unpriced);
    QVERIFY(applied.price.isInDollars());
    QCOMPARE(applied.price.tokens.input.picoDollars, 2'000'000);
    QCOMPARE(applied.price.perCall.picoDollars, 1'000'000);
    // Without a rate it is a model without a price, be it on the own machine.
    for (const qint64 channel : {1, 2}) {
        const AppliedPrice none = priceFor(*without, *without->channel({channel}), "small", 0);
        QVERIFY(none.unpriced && !none.refused);
        QCOMPARE(none.price, domain::ModelPrice());
        QVERIFY(priceFor(*refusing, *refusing->channel({channel}), "small", 0).refused);
    }
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::SettlementTest)
#include "tst_settlement.moc"
