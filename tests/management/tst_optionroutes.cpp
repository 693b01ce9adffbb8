#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

namespace {

const Credentials local{.local = true};

QMap<QString, QString> options(const ManagementFixture &gateway)
{
    QMap<QString, QString> map;
    for (const QJsonValue &option : gateway.ask("GET", "/api/option/", local).array())
        map.insert(option.toObject().value(u"key").toString(),
                   option.toObject().value(u"value").toString());
    return map;
}

ApiAnswer set(const ManagementFixture &gateway, const QString &key, const QString &value)
{
    return gateway.ask("PUT", "/api/option/", local, {{u"key"_s, key}, {u"value"_s, value}});
}

QJsonObject map(const ManagementFixture &gateway, const QString &key)
{
    return QJsonDocument::fromJson(options(gateway).value(key).toUtf8()).object();
}

// gpt-4o: 2.5 and 10 dollars a million tokens, 1.25 for what is cached.
std::vector<domain::ModelPrice> listPrice(QByteArrayView, QByteArrayView model)
{
    if (model != "gpt-4o")
        return {};
    domain::ModelPrice price;
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(2.5);
    price.tokens.output = domain::UnitPrice::fromDollarsPerMillion(10);
    price.tokens.cacheRead = domain::UnitPrice::fromDollarsPerMillion(1.25);
    return {price};
}

void addChannel(const ManagementFixture &gateway)
{
    QVERIFY(gateway
                .ask("POST",
                     "/api/channel/",
                     local,
                     {{u"type"_s, 1},
                      {u"name"_s, u"a"_s},
                      {u"key"_s, u"k1"_s},
                      {u"models"_s, u"gpt-4o,mine"_s}})
                .success());
}

const domain::ModelPrice *inForce(const ManagementFixture &gateway, const QByteArray &model)
{
    return gateway.administration->publisher.catalog()->price(
        {1}, model, gateway.clock.wallMilliseconds());
}

} // namespace

class TestOptionRoutes : public QObject
{
    Q_OBJECT

private slots:
    void speaksOneApi_data();
    void speaksOneApi();
    void refuses_data();
    void refuses();
    void environmentStandsAbove();
    void keepsForeignOptions();
    void derivesRatios();
    void writesModelRatios();
    void writesPricesOfCalls();
    void writesGroups();
    void keepsGroupsInUse();
};

void TestOptionRoutes::speaksOneApi_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("own");
    QTest::addColumn<QString>("value");
    QTest::newRow("a number") << u"RetryTimes"_s << u"relay.retries"_s << u"7"_s;
    QTest::newRow("a switch") << u"AutomaticDisableChannelEnabled"_s
                              << u"relay.disable_automatically"_s << u"true"_s;
    QTest::newRow("a text") << u"SystemName"_s << u"texts.system_name"_s << u"Our <gate> \"1\""_s;
    QTest::newRow("an amount") << u"QuotaForNewUser"_s << u"accounting.new_user_quota"_s
                               << u"5000"_s;
}

void TestOptionRoutes::speaksOneApi()
{
    QFETCH(QString, key);
    QFETCH(QString, own);
    QFETCH(QString, value);
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(options(gateway).contains(key));

    QVERIFY(set(gateway, key, value).success());

    QCOMPARE(options(gateway).value(key), value);
    QCOMPARE(options(gateway).value(own), value);
    gateway.restart();
    QCOMPARE(options(gateway).value(own), value);
}

void TestOptionRoutes::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &body, int status = 200) {
        QTest::newRow(name) << body << status;
    };
    row("a number as value", R"({"key":"RetryTimes","value":3})", 400);
    row("no JSON", "x", 400);
    row("no value", R"({"key":"RetryTimes"})", 400);
    row("no number", R"({"key":"RetryTimes","value":"many"})");
    row("a number out of range", R"({"key":"RetryTimes","value":"-1"})");
    row("no switch", R"({"key":"AutomaticDisableChannelEnabled","value":"maybe"})");
    row("a negative ratio", R"({"key":"ModelRatio","value":"{\"gpt-4o\":-1}"})");
    row("a ratio that is a text", R"({"key":"ModelRatio","value":"{\"gpt-4o\":\"1\"}"})");
    row("a huge ratio", R"({"key":"ModelRatio","value":"{\"gpt-4o\":1e300}"})");
    row("ratios that are no JSON", R"({"key":"CompletionRatio","value":"1"})");
    row("a negative price", R"({"key":"ModelPrice","value":"{\"gpt-4o\":-0.1}"})");
    row("a negative group", R"({"key":"GroupRatio","value":"{\"vip\":-1}"})");
    row("what is not offered", R"({"key":"RegisterEnabled","value":"true"})");
    row("another unit", R"({"key":"QuotaPerUnit","value":"1000"})");
    row("a secret of others", R"({"key":"SMTPToken","value":"x"})");
    row("a name with a space", R"({"key":"a b","value":"x"})");
}

void TestOptionRoutes::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    ManagementFixture gateway;
    gateway.startApi();
    const QMap<QString, QString> before = options(gateway);

    const ApiAnswer answer = gateway.ask(gateway.request("PUT", "/api/option/", body, local));

    QCOMPARE(answer.status, status);
    QVERIFY(!answer.success() && !answer.message().isEmpty());
    QCOMPARE(options(gateway), before);
}

void TestOptionRoutes::environmentStandsAbove()
{
    ManagementFixture gateway({{u"GATEHOUSE_RELAY_RETRIES"_s, u"9"_s}});
    gateway.startApi();

    const ApiAnswer refused = set(gateway, u"RetryTimes"_s, u"2"_s);

    QVERIFY(!refused.success());
    QVERIFY(refused.message().contains(u"GATEHOUSE_RELAY_RETRIES"_s));
    // Who sends back what was read has changed nothing.
    QVERIFY(set(gateway, u"RetryTimes"_s, u"9"_s).success());
    QCOMPARE(options(gateway).value(u"RetryTimes"_s), u"9"_s);
}

void TestOptionRoutes::keepsForeignOptions()
{
    ManagementFixture gateway;
    gateway.startApi();

    QVERIFY(set(gateway, u"Chats"_s, u"[]"_s).success());
    QVERIFY(set(gateway, u"QuotaPerUnit"_s, u"500000"_s).success());

    QCOMPARE(options(gateway).value(u"Chats"_s), u"[]"_s);
}

void TestOptionRoutes::derivesRatios()
{
    ManagementFixture gateway;
    gateway.builtInPrice = listPrice;
    gateway.startApi();
    addChannel(gateway);

    QCOMPARE(map(gateway, u"ModelRatio"_s), (QJsonObject{{u"gpt-4o"_s, 1.25}}));
    QCOMPARE(map(gateway, u"CompletionRatio"_s), (QJsonObject{{u"gpt-4o"_s, 4}}));
    QCOMPARE(map(gateway, u"CacheRatio"_s), (QJsonObject{{u"gpt-4o"_s, 0.5}}));
    QCOMPARE(map(gateway, u"ModelPrice"_s), QJsonObject());
    QCOMPARE(map(gateway, u"GroupRatio"_s),
             (QJsonObject{{u"default"_s, 1}, {u"svip"_s, 1}, {u"vip"_s, 1}}));
}

void TestOptionRoutes::writesModelRatios()
{
    ManagementFixture gateway;
    gateway.builtInPrice = listPrice;
    gateway.startApi();
    addChannel(gateway);

    // What is sent back unchanged stays the list price.
    QVERIFY(set(gateway, u"ModelRatio"_s, u"{\"gpt-4o\":1.25,\"mine\":3}"_s).success());
    QCOMPARE(inForce(gateway, "gpt-4o")->source, domain::PriceSource::BuiltIn);
    QCOMPARE(inForce(gateway, "mine")->tokens.input.dollarsPerMillion(), 6.0);
    QCOMPARE(inForce(gateway, "mine")->tokens.output.dollarsPerMillion(), 6.0);

    // A new ratio keeps the relations.
    QVERIFY(set(gateway, u"ModelRatio"_s, u"{\"gpt-4o\":2.5,\"mine\":3}"_s).success());
    const domain::TokenPrices doubled = inForce(gateway, "gpt-4o")->tokens;
    QCOMPARE(doubled.input.dollarsPerMillion(), 5.0);
    QCOMPARE(doubled.output.dollarsPerMillion(), 20.0);
    QCOMPARE(doubled.cacheRead->dollarsPerMillion(), 2.5);

    QVERIFY(set(gateway, u"CompletionRatio"_s, u"{\"mine\":2.5}"_s).success());
    QCOMPARE(inForce(gateway, "mine")->tokens.output.dollarsPerMillion(), 15.0);
    QVERIFY(set(gateway, u"CacheRatio"_s, u"{\"mine\":0.1}"_s).success());
    QCOMPARE(inForce(gateway, "mine")->tokens.cacheRead->dollarsPerMillion(), 0.6);
    QCOMPARE(map(gateway, u"CompletionRatio"_s).value(u"mine").toDouble(), 2.5);
    gateway.restart();
    QCOMPARE(map(gateway, u"ModelRatio"_s), (QJsonObject{{u"gpt-4o"_s, 2.5}, {u"mine"_s, 3}}));

    // What is missing gets back the list price, or none.
    QVERIFY(set(gateway, u"ModelRatio"_s, u"{}"_s).success());
    QCOMPARE(inForce(gateway, "gpt-4o")->source, domain::PriceSource::BuiltIn);
    QVERIFY(!inForce(gateway, "mine"));
    // A free model.
    QVERIFY(set(gateway, u"ModelRatio"_s, u"{\"gpt-4o\":0}"_s).success());
    QCOMPARE(inForce(gateway, "gpt-4o")->tokens.output.picoDollars, 0);
}

void TestOptionRoutes::writesPricesOfCalls()
{
    ManagementFixture gateway;
    gateway.builtInPrice = listPrice;
    gateway.startApi();
    addChannel(gateway);

    QVERIFY(set(gateway, u"ModelPrice"_s, u"{\"gpt-4o\":0.05}"_s).success());

    QCOMPARE(inForce(gateway, "gpt-4o")->perCall.dollars(), 0.05);
    QCOMPARE(inForce(gateway, "gpt-4o")->tokens, domain::TokenPrices());
    QCOMPARE(map(gateway, u"ModelPrice"_s), (QJsonObject{{u"gpt-4o"_s, 0.05}}));
    QCOMPARE(map(gateway, u"ModelRatio"_s), QJsonObject());
    QVERIFY(set(gateway, u"ModelPrice"_s, u"{}"_s).success());
    QCOMPARE(inForce(gateway, "gpt-4o")->source, domain::PriceSource::BuiltIn);
}

void TestOptionRoutes::writesGroups()
{
    ManagementFixture gateway;
    gateway.startApi();

    QVERIFY(set(gateway, u"GroupRatio"_s, u"{\"team\":0.5}"_s).success());

    QCOMPARE(map(gateway, u"GroupRatio"_s), (QJsonObject{{u"default"_s, 1}, {u"team"_s, 0.5}}));
    QCOMPARE(gateway.administration->publisher.catalog()->group("team")->ratioMillionths, 500'000);
    QCOMPARE(gateway.ask("GET", "/api/group/", local).array(),
             (QJsonArray{u"default"_s, u"team"_s}));
}

void TestOptionRoutes::keepsGroupsInUse()
{
    ManagementFixture gateway;
    gateway.startApi();
    const auto add = [&gateway](const QString &name, const QString &group) {
        return gateway.ask(
            "POST",
            "/api/user/",
            local,
            {{u"username"_s, name}, {u"password"_s, u"long enough"_s}, {u"group"_s, group}});
    };
    QVERIFY(set(gateway, u"GroupRatio"_s, u"{\"vip\":2,\"team\":0.5}"_s).success());
    const ApiAnswer mistyped = add(u"bob"_s, u"vipp"_s);
    QVERIFY(!mistyped.success() && mistyped.message().contains(u"vipp"_s));
    QVERIFY(add(u"alice"_s, u"vip"_s).success());
    QVERIFY(gateway
                .ask("POST",
                     "/api/channel/",
                     local,
                     {{u"type"_s, 1},
                      {u"name"_s, u"for the team"_s},
                      {u"key"_s, u"k1"_s},
                      {u"models"_s, u"m"_s},
                      {u"group"_s, u"default,team"_s}})
                .success());

    const ApiAnswer withoutVip = set(gateway, u"GroupRatio"_s, u"{\"team\":0.5}"_s);
    const ApiAnswer withoutTeam = set(gateway, u"GroupRatio"_s, u"{\"vip\":2}"_s);

    QVERIFY(!withoutVip.success() && withoutVip.message().contains(u"alice"_s));
    QVERIFY(!withoutTeam.success() && withoutTeam.message().contains(u"for the team"_s));
    QCOMPARE(map(gateway, u"GroupRatio"_s),
             (QJsonObject{{u"default"_s, 1}, {u"team"_s, 0.5}, {u"vip"_s, 2}}));
    const auto id = gateway.ask("GET", "/api/user/search?keyword=alice", local).array().at(0);
    const auto moved = [&gateway, &id](const QString &group) {
        return gateway.ask(
            "PUT", "/api/user/", local, {{u"id"_s, id[u"id"_s]}, {u"group"_s, group}});
    };
    QVERIFY(!moved(u"nowhere"_s).success());
    QVERIFY(moved(u"default"_s).success());
    QVERIFY(set(gateway, u"GroupRatio"_s, u"{\"team\":0.5}"_s).success());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestOptionRoutes)
#include "tst_optionroutes.moc"
