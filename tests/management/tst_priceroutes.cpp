#include "support/managementfixture.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

namespace {

const Credentials local{.local = true};

const QJsonObject wholePrice{
    {u"model"_s, u"mine"_s},
    {u"tokens"_s,
     QJsonObject{{u"input"_s, 2.5}, {u"output"_s, 10.0}, {u"cache_write_long"_s, 4.0}}},
    {u"tiers"_s,
     QJsonArray{QJsonObject{{u"above_input_tokens"_s, 200'000},
                            {u"tokens"_s, QJsonObject{{u"input"_s, 5.0}, {u"output"_s, 20.0}}}}}},
    {u"windows"_s,
     QJsonArray{
         QJsonObject{{u"from"_s, u"16:30"_s},
                     {u"until"_s, u"00:30"_s},
                     {u"tokens"_s, QJsonObject{{u"input"_s, 1.25}, {u"output"_s, 5.0}}},
                     {u"tiers"_s,
                      QJsonArray{QJsonObject{
                          {u"above_input_tokens"_s, 200'000},
                          {u"tokens"_s, QJsonObject{{u"input"_s, 2.5}, {u"output"_s, 10.0}}}}}}}}},
    {u"per_call"_s, 0.01},
    {u"per_million_characters"_s, 15.0},
    {u"per_image"_s, QJsonObject{{u"1024x1024/hd"_s, 0.08}}}};

void addChannel(const ManagementFixture &gateway)
{
    QVERIFY(gateway
                .ask("POST",
                     "/api/channel/",
                     local,
                     {{u"type"_s, 1},
                      {u"name"_s, u"a"_s},
                      {u"key"_s, u"k1"_s},
                      {u"models"_s, u"mine,other"_s}})
                .success());
}

QJsonObject listed(const ManagementFixture &gateway, const QString &model)
{
    for (const QJsonValue &price : gateway.ask("GET", "/api/price", local).array()) {
        if (price.toObject().value(u"model").toString() == model)
            return price.toObject();
    }
    return {};
}

} // namespace

class TestPriceRoutes : public QObject
{
    Q_OBJECT

private slots:
    void aPriceWithAllItsParts();
    void ofOneChannelAlone();
    void whatIsNoPriceIsRefused_data();
    void whatIsNoPriceIsRefused();
    void severalDates();
    void anotherCurrency();
    void isForRoot();
};

void TestPriceRoutes::aPriceWithAllItsParts()
{
    ManagementFixture gateway;
    gateway.startApi();
    addChannel(gateway);

    const ApiAnswer stored = gateway.ask("PUT", "/api/price", local, wholePrice);

    QVERIFY2(stored.success(), qPrintable(stored.message()));
    const auto *price = gateway.administration->publisher.catalog()->price(
        {1}, "mine", gateway.clock.wallMilliseconds());
    QVERIFY(price);
    QCOMPARE(price->tokens.input.picoDollars, 2'500'000);
    QCOMPARE(price->tokens.cacheWriteLong->picoDollars, 4'000'000);
    QVERIFY(!price->tokens.cacheRead);
    QCOMPARE(price->tokensFor(200'001).output.picoDollars, 20'000'000);
    QCOMPARE(price->imagePrice("1024x1024", "hd").dollars(), 0.08);
    QCOMPARE(price->at(0).tokens.output.picoDollars, 5'000'000);
    QCOMPARE(price->at(0).tokensFor(200'001).output.picoDollars, 10'000'000);
    // What is told can be sent back as it is.
    const QJsonObject told = listed(gateway, u"mine"_s);
    for (const QString &name : wholePrice.keys())
        QCOMPARE(told.value(name), wholePrice.value(name));
    QCOMPARE(told.value(u"source").toString(), u"edited"_s);
    QCOMPARE(told.value(u"channels").toArray(), QJsonArray{u"a"_s});
    QVERIFY(gateway.ask("PUT", "/api/price", local, told).success());

    QVERIFY(gateway.ask("DELETE", "/api/price?model=mine", local).success());
    QVERIFY(!gateway.administration->publisher.catalog()->price(
        {1}, "mine", gateway.clock.wallMilliseconds()));
    QVERIFY(!gateway.ask("DELETE", "/api/price?model=mine", local).success());
}

void TestPriceRoutes::ofOneChannelAlone()
{
    ManagementFixture gateway;
    gateway.startApi();
    addChannel(gateway);
    QJsonObject price = wholePrice;
    price.insert(u"channel_id"_s, 1);

    QVERIFY(gateway.ask("PUT", "/api/price", local, price).success());

    const auto &catalog = gateway.administration->publisher.catalog();
    QVERIFY(catalog->price({1}, "mine", gateway.clock.wallMilliseconds()));
    QVERIFY(!catalog->price({2}, "mine", gateway.clock.wallMilliseconds()));
    QCOMPARE(listed(gateway, u"mine"_s).value(u"channel_id").toInt(), 1);
    price.insert(u"channel_id"_s, 99);
    QVERIFY(!gateway.ask("PUT", "/api/price", local, price).success());
    QVERIFY(gateway.ask("DELETE", "/api/price?model=mine&channel_id=1", local).success());
    QVERIFY(!gateway.administration->publisher.catalog()->price(
        {1}, "mine", gateway.clock.wallMilliseconds()));
}

void TestPriceRoutes::whatIsNoPriceIsRefused_data()
{
    QTest::addColumn<QJsonObject>("change");

    QTest::newRow("no model") << QJsonObject{{u"model"_s, u" "_s}};
    QTest::newRow("a text") << QJsonObject{{u"per_call"_s, u"1"_s}};
    QTest::newRow("no currency") << QJsonObject{{u"currency"_s, u"dollars"_s}};
    QTest::newRow("a currency without a rate") << QJsonObject{{u"currency"_s, u"EUR"_s}};
    QTest::newRow("negative") << QJsonObject{{u"per_call"_s, -1}};
    QTest::newRow("too large") << QJsonObject{{u"per_call"_s, 1e9}};
    QTest::newRow("misspelt") << QJsonObject{{u"percall"_s, 1}};
    QTest::newRow("tokens misspelt") << QJsonObject{{u"tokens"_s, QJsonObject{{u"inputs"_s, 1}}}};
    QTest::newRow("tokens negative") << QJsonObject{{u"tokens"_s, QJsonObject{{u"input"_s, -1}}}};
    QTest::newRow("tokens no object") << QJsonObject{{u"tokens"_s, 3}};
    QTest::newRow("a tier without length")
        << QJsonObject{{u"tiers"_s, QJsonArray{QJsonObject{{u"tokens"_s, QJsonObject()}}}}};
    QTest::newRow("tiers out of order")
        << QJsonObject{{u"tiers"_s,
                        QJsonArray{QJsonObject{{u"above_input_tokens"_s, 2}},
                                   QJsonObject{{u"above_input_tokens"_s, 1}}}}};
    QTest::newRow("a tier without prices")
        << QJsonObject{{u"tiers"_s, QJsonArray{QJsonObject{{u"above_input_tokens"_s, 1}}}}};
    QTest::newRow("a tier with misspelt prices") << QJsonObject{
        {u"tiers"_s,
         QJsonArray{QJsonObject{{u"above_input_tokens"_s, 1}, {u"token"_s, QJsonObject()}}}}};
    QTest::newRow("a tier whose prices are a number") << QJsonObject{
        {u"tiers"_s, QJsonArray{QJsonObject{{u"above_input_tokens"_s, 1}, {u"tokens"_s, 5}}}}};
    const auto hours = [](const QString &from, const QString &until) {
        return QJsonObject{{u"from"_s, from}, {u"until"_s, until}, {u"tokens"_s, QJsonObject()}};
    };
    const auto windows = [](const QJsonArray &all) { return QJsonObject{{u"windows"_s, all}}; };
    QTest::newRow("no hours") << windows({hours(u"01:00"_s, u"01:00"_s)});
    QTest::newRow("hours that overlap")
        << windows({hours(u"01:00"_s, u"03:00"_s), hours(u"02:59"_s, u"04:00"_s)});
    QTest::newRow("hours that overlap over midnight")
        << windows({hours(u"23:00"_s, u"03:00"_s), hours(u"02:00"_s, u"04:00"_s)});
    QTest::newRow("hours of no day") << windows({hours(u"25:00"_s, u"03:00"_s)});
    QTest::newRow("hours without an end")
        << windows({QJsonObject{{u"from"_s, u"01:00"_s}, {u"tokens"_s, QJsonObject()}}});
    QTest::newRow("hours without prices")
        << windows({QJsonObject{{u"from"_s, u"01:00"_s}, {u"until"_s, u"02:00"_s}}});
    QTest::newRow("hours with misspelt prices")
        << windows({QJsonObject{{u"from"_s, u"01:00"_s},
                                {u"until"_s, u"02:00"_s},
                                {u"tokens"_s, QJsonObject{{u"inputs"_s, 1}}}}});
    QTest::newRow("a picture without a price") << QJsonObject{
        {u"per_image"_s, QJsonObject{{u"1024x1024"_s, QJsonValue(QJsonValue::Null)}}}};
    QTest::newRow("a picture for a text")
        << QJsonObject{{u"per_image"_s, QJsonObject{{u""_s, u"x"_s}}}};
}

void TestPriceRoutes::whatIsNoPriceIsRefused()
{
    QFETCH(QJsonObject, change);
    ManagementFixture gateway;
    gateway.startApi();
    addChannel(gateway);
    QJsonObject price = wholePrice;
    for (const QString &name : change.keys())
        price.insert(name, change.value(name));

    const ApiAnswer answer = gateway.ask("PUT", "/api/price", local, price);

    QVERIFY(!answer.success());
    QVERIFY(!answer.message().isEmpty());
    QVERIFY(!gateway.administration->publisher.catalog()->price(
        {1}, "mine", gateway.clock.wallMilliseconds()));
}

void TestPriceRoutes::severalDates()
{
    ManagementFixture gateway;
    gateway.startApi();
    addChannel(gateway);
    const qint64 now = gateway.administration->foundation.now();
    const auto put = [&](double perCall, std::optional<qint64> from) {
        QJsonObject price{{u"model"_s, u"mine"_s}, {u"per_call"_s, perCall}};
        if (from)
            price.insert(u"effective_from"_s, *from);
        return gateway.ask("PUT", "/api/price", local, price).success();
    };

    QVERIFY(put(0.25, 0) && put(0.5, std::nullopt) && put(0.75, now + 60));
    QVERIFY(!put(1, -5));

    const QJsonObject present = listed(gateway, u"mine"_s);
    QCOMPARE(present.value(u"per_call").toDouble(), 0.5);
    QCOMPARE(present.value(u"effective_from").toInteger(), now);
    QCOMPARE(present.value(u"state").toString(), u"in force"_s);
    QStringList states;
    for (const QJsonValue &price : gateway.ask("GET", "/api/price?all=true", local).array())
        states.append(price.toObject().value(u"state").toString());
    QCOMPARE(states, (QStringList{u"in force"_s, u"future"_s, u"former"_s}));
    gateway.clock.advance(std::chrono::minutes(1));
    QCOMPARE(listed(gateway, u"mine"_s).value(u"per_call").toDouble(), 0.75);

    const QByteArray one = "/api/price?model=mine&effective_from=";
    QVERIFY(gateway.ask("DELETE", one + QByteArray::number(now + 60), local).success());
    QVERIFY(!gateway.ask("DELETE", one + "soon", local).success());
    QCOMPARE(listed(gateway, u"mine"_s).value(u"per_call").toDouble(), 0.5);
    QVERIFY(gateway.ask("DELETE", "/api/price?model=mine", local).success());
    QVERIFY(gateway.ask("GET", "/api/price?all=true", local).array().isEmpty());
}

void TestPriceRoutes::anotherCurrency()
{
    ManagementFixture gateway;
    gateway.startApi();
    addChannel(gateway);
    QJsonObject price = wholePrice;
    price.insert(u"currency"_s, u"CNY"_s);
    const ApiAnswer refused = gateway.ask("PUT", "/api/price", local, price);
    QVERIFY(!refused.success());
    QVERIFY(refused.message().contains(u"accounting.exchange_rates"_s));
    QVERIFY(gateway.wait(
        gateway.administration->settings.set(u"accounting.exchange_rates"_s, u"CNY 2.5"_s)));

    QVERIFY(gateway.ask("PUT", "/api/price", local, price).success());

    const QJsonObject told = listed(gateway, u"mine"_s);
    for (const QString &name : price.keys())
        QCOMPARE(told.value(name), price.value(name));
    QVERIFY(gateway.ask("PUT", "/api/price", local, told).success());
    const auto *charged = gateway.administration->publisher.catalog()->price(
        {1}, "mine", gateway.clock.wallMilliseconds());
    QCOMPARE(charged->tokens.input.picoDollars, 1'000'000);
    QVERIFY(gateway.wait(
        gateway.administration->settings.set(u"accounting.exchange_rates"_s, QString())));
    QVERIFY(listed(gateway, u"mine"_s).value(u"lacks_rate").toBool());
}

void TestPriceRoutes::isForRoot()
{
    ManagementFixture gateway;
    gateway.startApi();

    QVERIFY(!gateway.ask("GET", "/api/price", {}).success());
    QVERIFY(!gateway.ask("PUT", "/api/price", {}, wholePrice).success());
    QVERIFY(!gateway.ask("DELETE", "/api/price?model=mine", {}).success());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestPriceRoutes)
#include "tst_priceroutes.moc"
