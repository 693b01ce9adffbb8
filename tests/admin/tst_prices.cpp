#include "admin/prices/pricesinforce.h"
#include "admin/prices/ratios.h"
#include "support/administrationfixture.h"

#include <QtTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::ModelPrice;
using domain::PriceSource;
using domain::UnitPrice;

namespace {

ModelPrice priced(const QByteArray &model, double input, double output)
{
    ModelPrice price;
    price.model = model;
    price.tokens.input = UnitPrice::fromDollarsPerMillion(input);
    price.tokens.output = UnitPrice::fromDollarsPerMillion(output);
    return price;
}

ModelPrice edited(ModelPrice price, std::optional<domain::ChannelId> channel = {})
{
    price.source = PriceSource::Edited;
    price.channel = channel;
    return price;
}

domain::Channel channel(qint64 id, int type, const QStringList &models)
{
    return {.id = {id}, .type = type, .name = u"c"_s, .models = models};
}

} // namespace

class TestPrices : public QObject
{
    Q_OBJECT

private slots:
    void prefersWhatIsEdited();
    void leavesWhatAPatternNames();
    void asksByProviderAndMappedName();
    void looksUpOnce();
    void namesOtherTypes();
    void refusesRatios_data();
    void refusesRatios();
    void scalesTiers();
    void beginsWithoutAPrice();
    void namesOnlyWhatHasNoPriceNow();
    void listPricesHoldUntilAnotherBegins();
    void pricesOfSeveralDates();
    void ratiosCountFromNowOn();
    void otherCurrenciesNeedARate();
    void whatWasThereNeedsNoRate();
    void listPricesOfSeveralDates();
};

void TestPrices::prefersWhatIsEdited()
{
    PricesInForce prices([](QByteArrayView, QByteArrayView model) {
        return std::vector{priced(model.toByteArray(), 1, 1)};
    });
    domain::CatalogContent content;
    content.channels = {channel(1, 1, {u"a"_s, u"b"_s, u"c"_s}),
                        channel(2, 1, {u"a"_s, u"b"_s}),
                        channel(3, domain::provider::ollama, {u"c"_s})};
    content.prices = {edited(priced("a", 5, 5)), edited(priced("b", 7, 7), domain::ChannelId{1})};

    prices.complete(content);

    const auto catalog = domain::Catalog::build(std::move(content));
    const auto input = [&](qint64 id, const QByteArray &model) {
        const ModelPrice *price = catalog->price({id}, model, 0);
        return price ? price->tokens.input.dollarsPerMillion() : -1;
    };
    QCOMPARE(input(1, "a"), 5.0);
    QCOMPARE(input(2, "a"), 5.0);
    QCOMPARE(input(1, "b"), 7.0);
    QCOMPARE(input(2, "b"), 1.0);
    QCOMPARE(input(1, "c"), 1.0);
    // What runs on the own machine has no list price.
    QCOMPARE(input(3, "c"), -1.0);
}

void TestPrices::leavesWhatAPatternNames()
{
    PricesInForce prices([](QByteArrayView, QByteArrayView model) {
        return std::vector{priced(model.toByteArray(), 1, 1)};
    });
    domain::CatalogContent content;
    content.channels = {channel(1, 1, {u"big-1"_s, u"small-1"_s}),
                        channel(2, 1, {u"big-1"_s, u"small-1"_s})};
    content.prices = {edited(priced("big-*", 5, 5)),
                      edited(priced("small-*", 7, 7), domain::ChannelId{2})};

    prices.complete(content);

    const auto catalog = domain::Catalog::build(std::move(content));
    QCOMPARE(catalog->price({1}, "big-1", 0)->tokens.input.dollarsPerMillion(), 5.0);
    QCOMPARE(catalog->price({1}, "small-1", 0)->tokens.input.dollarsPerMillion(), 1.0);
    QCOMPARE(catalog->price({2}, "small-1", 0)->tokens.input.dollarsPerMillion(), 7.0);
}

void TestPrices::asksByProviderAndMappedName()
{
    QByteArrayList asked;
    PricesInForce prices([&](QByteArrayView provider, QByteArrayView model) {
        asked.append(provider.toByteArray() + '/' + model.toByteArray());
        return std::vector<ModelPrice>();
    });
    domain::CatalogContent content;
    content.channels = {channel(1, domain::provider::anthropic, {u"fast"_s})};
    content.channels[0].modelMapping = {{u"fast"_s, u"claude-haiku"_s}};

    prices.complete(content);

    QCOMPARE(asked, QByteArrayList{"anthropic/claude-haiku"});
    QVERIFY(content.prices.empty());
}

void TestPrices::looksUpOnce()
{
    int asked = 0;
    PricesInForce prices([&](QByteArrayView, QByteArrayView) {
        ++asked;
        return std::vector<ModelPrice>();
    });
    domain::CatalogContent content;
    content.channels = {channel(1, 1, {u"a"_s}), channel(2, 1, {u"a"_s})};

    prices.complete(content);
    prices.complete(content);
    QCOMPARE(asked, 1);
}

void TestPrices::namesOtherTypes()
{
    domain::CatalogContent content;
    content.channels = {
        channel(1, 1, {u"m"_s}), channel(2, 29, {u"m"_s}), channel(3, 29, {u"m"_s})};
    content.prices = {edited(priced("m", 2, 4), domain::ChannelId{1}),
                      edited(priced("m", 6, 6), domain::ChannelId{2}),
                      edited(priced("m", 6, 6), domain::ChannelId{3})};
    const auto catalog = domain::Catalog::build(std::move(content));

    const std::vector<NamedPrice> named = namedPrices(*catalog, {}, 0);

    QCOMPARE(ratiosOf(named, RatioKind::Model), (Ratios{{u"m"_s, 1}, {u"m(29)"_s, 3}}));
    QCOMPARE(ratiosOf(named, RatioKind::Completion), (Ratios{{u"m"_s, 2}, {u"m(29)"_s, 1}}));
}

void TestPrices::refusesRatios_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<bool>("sound");
    QTest::newRow("numbers") << u"{\"a\":1.5,\"b\":0}"_s << true;
    QTest::newRow("nothing") << u"{}"_s << true;
    QTest::newRow("negative") << u"{\"a\":-0.1}"_s << false;
    QTest::newRow("absurd") << u"{\"a\":1e7}"_s << false;
    QTest::newRow("infinite") << u"{\"a\":1e999}"_s << false;
    QTest::newRow("no number") << u"{\"a\":null}"_s << false;
    QTest::newRow("no name") << u"{\"\":1}"_s << false;
    QTest::newRow("an array") << u"[1]"_s << false;
}

void TestPrices::refusesRatios()
{
    QFETCH(QString, json);
    QFETCH(bool, sound);

    const auto ratios = ratiosFrom(json);

    QCOMPARE(ratios.has_value(), sound);
    if (sound)
        QCOMPARE(*ratiosFrom(jsonOf(*ratios)), *ratios);
}

void TestPrices::scalesTiers()
{
    ModelPrice price = priced("m", 2, 8);
    price.tiers.push_back({200'000, priced("m", 4, 12).tokens});

    price.windows.push_back({.from = std::chrono::hours(1),
                             .until = std::chrono::hours(2),
                             .tokens = priced("m", 1, 5).tokens,
                             .tiers = {{200'000, priced("m", 3, 6).tokens}}});

    price = withRatio(price, RatioKind::Model, 2);

    QCOMPARE(price.tokens.input.dollarsPerMillion(), 4.0);
    QCOMPARE(price.tokens.output.dollarsPerMillion(), 16.0);
    QCOMPARE(price.tiers.front().tokens.input.dollarsPerMillion(), 8.0);
    QCOMPARE(price.tiers.front().tokens.output.dollarsPerMillion(), 24.0);
    QCOMPARE(price.windows.front().tokens.output.dollarsPerMillion(), 10.0);
    QCOMPARE(price.windows.front().tiers.front().tokens.input.dollarsPerMillion(), 6.0);
}

void TestPrices::beginsWithoutAPrice()
{
    const ModelPrice fresh = withRatio({}, RatioKind::Model, 0.075);
    QCOMPARE(fresh.tokens.input.dollarsPerMillion(), 0.15);
    QCOMPARE(fresh.tokens.output.dollarsPerMillion(), 0.15);

    // A price for each call gives way to one of tokens, and the other way round.
    ModelPrice call = withRatio(fresh, RatioKind::Call, 0.02);
    QCOMPARE(call.perCall.dollars(), 0.02);
    QCOMPARE(call.tokens, domain::TokenPrices());
    call = withRatio(call, RatioKind::Model, 1);
    QCOMPARE(call.perCall.picoDollars, 0);
    QCOMPARE(call.tokens.input.dollarsPerMillion(), 2.0);
}

void TestPrices::namesOnlyWhatHasNoPriceNow()
{
    support::AdministrationFixture house;
    house.start();
    domain::Channel offering{.name = u"c"_s,
                             .keys = {{.secret = base::Secret(u"k"_s)}},
                             .models = {u"alias"_s, u"plain"_s}};
    offering.modelMapping.insert(u"alias"_s, u"real"_s);
    QVERIFY(house.wait(house.administration->channels.create({offering})));
    const auto use = [&](const QByteArray &model, const QByteArray &providerModel) {
        domain::UsageRecord record{.requestId = model,
                                   .createdAt = house.clock.wallMilliseconds() - 1'000,
                                   .userId = {1},
                                   .channelId = {1},
                                   .model = model,
                                   .providerModel = providerModel,
                                   .httpStatus = 200};
        record.unpriced = true;
        house.ledger->submit(std::move(record), {});
    };
    use("alias", "real");
    use("plain", "plain");
    use("gone", "gone");
    QVERIFY(house.ledger->flush(std::chrono::seconds(10)));
    PriceService &prices = house.administration->prices;
    const auto names = [&] {
        QByteArrayList found;
        const auto unpriced = house.wait(prices.unpriced());
        for (const UnpricedModel &one : unpriced.value_or(std::vector<UnpricedModel>()))
            found.append(one.model);
        return found.join(' ');
    };
    QCOMPARE(names(), "gone plain real");

    // By the name that clients use, by the provider's, and for what nothing offers any more.
    QVERIFY(house.wait(prices.save(priced("alias", 1, 2))));
    QCOMPARE(names(), "gone plain");
    ModelPrice own = priced("plain", 1, 2);
    own.channel = domain::ChannelId{1};
    QVERIFY(house.wait(prices.save(own)));
    QCOMPARE(names(), "gone");
    QVERIFY(house.wait(prices.save(priced("gone", 1, 2))));
    QCOMPARE(names(), "");
    QVERIFY(house.wait(prices.remove("plain", domain::ChannelId{1})));
    QCOMPARE(names(), "plain");
}

void TestPrices::listPricesHoldUntilAnotherBegins()
{
    PricesInForce prices([](QByteArrayView, QByteArrayView model) {
        return std::vector{priced(model.toByteArray(), 1, 1)};
    });
    const auto from = [](ModelPrice price, qint64 second) {
        price.effectiveFrom = second;
        return price;
    };
    domain::CatalogContent content;
    content.channels = {channel(1, 1, {u"a"_s, u"b-1"_s, u"c"_s})};
    content.prices = {from(edited(priced("a", 5, 5)), 100),
                      from(edited(priced("b-*", 7, 7)), 200),
                      from(edited(priced("c", 9, 9)), 300),
                      edited(priced("c", 8, 8))};

    prices.complete(content);

    const auto catalog = domain::Catalog::build(std::move(content));
    const auto input = [&](const QByteArray &model, qint64 at) {
        const ModelPrice *price = catalog->price({1}, model, at);
        return price ? price->tokens.input.dollarsPerMillion() : -1;
    };
    QCOMPARE(input("a", 99'999), 1.0);
    QCOMPARE(input("a", 100'000), 5.0);
    QCOMPARE(input("b-1", 199'999), 1.0);
    QCOMPARE(input("b-1", 200'000), 7.0);
    QCOMPARE(input("c", 0), 8.0);
    QCOMPARE(input("c", 300'000), 9.0);
}

void TestPrices::pricesOfSeveralDates()
{
    support::AdministrationFixture house;
    house.start();
    domain::Channel offering{
        .name = u"c"_s, .keys = {{.secret = base::Secret(u"k"_s)}}, .models = {u"m"_s}};
    QVERIFY(house.wait(house.administration->channels.create({offering})));
    PriceService &prices = house.administration->prices;
    const qint64 now = house.administration->foundation.now();
    const auto save = [&](double dollars, qint64 from) {
        ModelPrice price = priced("m", dollars, dollars);
        price.effectiveFrom = from;
        return house.wait(prices.save(price)).has_value();
    };
    QVERIFY(save(1, 0) && save(2, now - 60) && save(3, now + 3'600));
    QVERIFY(!save(4, -1));
    const auto told = [&](const Answer<std::vector<PriceListing>> &asked) {
        QStringList texts;
        const auto listed = house.wait(asked);
        for (const PriceListing &each : listed.value_or(std::vector<PriceListing>())) {
            texts.append(u"%1 %2 %3"_s.arg(each.price.tokens.input.dollarsPerMillion())
                             .arg(static_cast<int>(each.state))
                             .arg(each.channels.join(u' ')));
        }
        return texts;
    };

    QCOMPARE(told(prices.inForce()), QStringList{u"2 0 c"_s});
    QCOMPARE(told(prices.all()), (QStringList{u"2 0 c"_s, u"3 1 "_s, u"1 2 "_s}));
    // Without anybody's doing.
    const auto catalog = house.administration->publisher.catalog();
    house.clock.advance(std::chrono::hours(1));
    QCOMPARE(told(prices.inForce()), QStringList{u"3 0 c"_s});
    QCOMPARE(house.administration->publisher.catalog(), catalog);

    QVERIFY(house.wait(prices.remove("m", {}, now + 3'600)));
    QCOMPARE(told(prices.inForce()), QStringList{u"2 0 c"_s});
    QVERIFY(!house.wait(prices.remove("m", {}, now + 3'600)));
    QVERIFY(house.wait(prices.remove("m", {})));
    QVERIFY(told(prices.all()).isEmpty());
}

void TestPrices::ratiosCountFromNowOn()
{
    support::AdministrationFixture house;
    house.start();
    PriceService &prices = house.administration->prices;
    QVERIFY(house.wait(prices.save(priced("m", 2, 4))));
    ModelPrice former = priced("m", 1, 1);
    former.effectiveFrom = 1;
    QVERIFY(house.wait(prices.save(former)));

    QVERIFY(house.wait(prices.setRatios(RatioKind::Model, {{u"m"_s, 5}})));

    const auto now = house.wait(prices.named());
    QCOMPARE(now->size(), size_t(1));
    QCOMPARE(now->front().price.tokens.input.dollarsPerMillion(), 10.0);
    QCOMPARE(now->front().price.effectiveFrom, house.administration->foundation.now());
    QCOMPARE(house.wait(prices.edited())->size(), size_t(3));
    // A whole map that lacks it ends all of its prices.
    QVERIFY(house.wait(prices.setRatios(RatioKind::Model, {})));
    QVERIFY(house.wait(prices.edited())->empty());
}

void TestPrices::otherCurrenciesNeedARate()
{
    support::AdministrationFixture house;
    house.start();
    domain::Channel offering{
        .name = u"c"_s, .keys = {{.secret = base::Secret(u"k"_s)}}, .models = {u"m"_s}};
    QVERIFY(house.wait(house.administration->channels.create({offering})));
    PriceService &prices = house.administration->prices;
    const auto setRates = [&house](const QString &rates) {
        return house.wait(house.administration->settings.set(u"accounting.exchange_rates"_s, rates))
            .has_value();
    };
    ModelPrice price = priced("m", 14.2, 28.4);
    price.currency = "CNY";
    const auto refused = house.wait(prices.save(price));
    QVERIFY(!refused);
    QVERIFY(refused.error().message.english().contains(u"accounting.exchange_rates"_s));
    QVERIFY(!house.wait(prices.edit({{.model = "m", .price = price}})));
    price.currency = "yuan";
    QVERIFY(setRates(u"CNY 7.1"_s));
    QVERIFY(!house.wait(prices.save(price)));
    price.currency = "CNY";
    QVERIFY(house.wait(prices.save(price)));

    // As it was given, and charged in dollars.
    auto listed = house.wait(prices.inForce());
    QCOMPARE(listed->size(), size_t(1));
    QCOMPARE(listed->front().price.currency, "CNY");
    QCOMPARE(listed->front().price.tokens.input.dollarsPerMillion(), 14.2);
    QCOMPARE(listed->front().channels, QStringList{u"c"_s});
    QVERIFY(!listed->front().lacksRate);
    const auto charged = [&house] {
        return house.administration->publisher.catalog()->price({1}, "m", 0)->tokens.input;
    };
    QCOMPARE(charged().dollarsPerMillion(), 2.0);
    QCOMPARE(ratiosOf(*house.wait(prices.named()), RatioKind::Model), (Ratios{{u"m"_s, 1}}));
    QVERIFY(house.wait(prices.unpriced())->empty());
    QVERIFY(setRates(u"CNY 14.2"_s));
    QCOMPARE(charged().dollarsPerMillion(), 1.0);

    QVERIFY(setRates({}));
    listed = house.wait(prices.inForce());
    QCOMPARE(listed->size(), size_t(1));
    QVERIFY(listed->front().lacksRate);
    QCOMPARE(house.wait(prices.unpriced())->size(), size_t(1));
    QVERIFY(house.wait(prices.named())->empty());
}

// The rate may be gone since.
void TestPrices::whatWasThereNeedsNoRate()
{
    support::AdministrationFixture house;
    house.start();
    PriceService &prices = house.administration->prices;
    ModelPrice price = priced("m", 14.2, 28.4);
    price.currency = "CNY";
    price.asOf = 5;

    QVERIFY(!house.wait(prices.edit({{.model = "m", .price = price}})));
    QVERIFY(house.wait(prices.edit({{.model = "m", .price = price, .restored = true}})));
    QCOMPARE(house.wait(prices.edited())->size(), size_t(1));
    QVERIFY(house.wait(prices.remove("m", {})));
    QVERIFY(!house.wait(prices.save(price)));
    QVERIFY(house.wait(prices.restore(price)));
    QCOMPARE(house.wait(prices.edited())->front().asOf, 5);
    price.currency = "yuan";
    QVERIFY(!house.wait(prices.restore(price)));
}

// Until the next one begins, also behind a person's price of a later date.
void TestPrices::listPricesOfSeveralDates()
{
    PricesInForce prices([](QByteArrayView, QByteArrayView model) {
        std::vector both{priced(model.toByteArray(), 1, 1), priced(model.toByteArray(), 2, 2)};
        both.back().effectiveFrom = 100;
        return both;
    });
    ModelPrice own = edited(priced("b", 5, 5));
    own.effectiveFrom = 200;
    domain::CatalogContent content;
    content.channels = {channel(1, 1, {u"a"_s, u"b"_s})};
    content.prices = {own};

    prices.complete(content);

    const auto catalog = domain::Catalog::build(std::move(content));
    const auto input = [&](const QByteArray &model, qint64 at) {
        return catalog->price({1}, model, at)->tokens.input.dollarsPerMillion();
    };
    QCOMPARE(input("a", 99'999), 1.0);
    QCOMPARE(input("a", 100'000), 2.0);
    QCOMPARE(input("b", 99'999), 1.0);
    QCOMPARE(input("b", 199'999), 2.0);
    QCOMPARE(input("b", 200'000), 5.0);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TestPrices)
#include "tst_prices.moc"
