#include "admin/channels/channeltests.h"
#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

namespace {

// Answers at once what it is told to.
class CannedTests final : public admin::ChannelTests
{
public:
    admin::ChannelTestOutcome outcome{};
    admin::ChannelTestRun run{.id = 7, .startedAt = 1, .total = 3};
    int started = 0;

    admin::Answer<domain::AccountBalance> queryBalance(domain::ChannelId channel) override
    {
        if (channel.value != 1) {
            return admin::refused<domain::AccountBalance>(
                base::ErrorCode::NotFound, base::Message::tr("There is no such channel."));
        }
        return admin::answered<domain::AccountBalance>(domain::AccountBalance{12.5, "CNY"});
    }
    admin::Answer<admin::ChannelTestOutcome> test(domain::ChannelId channel,
                                                  const QString &model) override
    {
        outcome.channel = channel;
        outcome.model = model.isEmpty() ? u"gpt-4o"_s : model;
        return admin::answered<admin::ChannelTestOutcome>(outcome);
    }
    admin::Answer<admin::ChannelTestStart> startRun(admin::TestScope scope) override
    {
        run.scope = scope;
        return admin::answered<admin::ChannelTestStart>(
            admin::ChannelTestStart{.started = started++ == 0, .run = run});
    }
    std::optional<admin::ChannelTestRun> latestRun() const override { return run; }
    bool cancelRun(qint64 id) override { return id == run.id; }
};

QJsonObject openAi(const QString &key = u"sk-one"_s)
{
    return {{u"type"_s, 1},
            {u"name"_s, u"OpenAI"_s},
            {u"key"_s, key},
            {u"models"_s, u"gpt-4o,o3"_s},
            {u"group"_s, u"default"_s}};
}

const Credentials local{.local = true};

} // namespace

class TestChannelRoutes : public QObject
{
    Q_OBJECT

private slots:
    void makesOne();
    void noKeyIsInItsConfig();
    void makesOneForEachLine();
    void keepsSeveralKeys();
    void changesParts();
    void keepsMaskedSecrets();
    void enablesAndDisables();
    void bindsKeysToTheirHost_data();
    void bindsKeysToTheirHost();
    void bindsSecretOverridesToTheirHost_data();
    void bindsSecretOverridesToTheirHost();
    void namesTheHeaderThatIsBound();
    void refuses_data();
    void refuses();
    void removes();
    void pages();
    void tests();
    void forgetsHealth();
};

void TestChannelRoutes::makesOne()
{
    ManagementFixture gateway;
    gateway.startApi();
    QJsonObject body = openAi();
    body.insert(u"base_url"_s, u"https://API.example.com/v1/"_s);
    body.insert(u"model_mapping"_s, u"{\"gpt-4o\":\"gpt-4o-2024\"}"_s);
    body.insert(u"priority"_s, 5);
    body.insert(u"weight"_s, 3);
    body.insert(u"config"_s, u"{\"region\":\"eu\",\"api_version\":\"2024-06\"}"_s);
    body.insert(u"timeouts"_s, QJsonObject{{u"connect_ms"_s, 1500}, {u"total_ms"_s, 60'000}});
    body.insert(u"limits"_s,
                QJsonObject{{u"concurrent_requests"_s, 2}, {u"tokens_per_minute"_s, 90'000}});
    body.insert(u"price_ratio"_s, 0.85);
    body.insert(u"verify_certificate"_s, false);

    const ApiAnswer made = gateway.ask("POST", "/api/channel/", local, body);

    QVERIFY2(made.success(), qPrintable(made.message()));
    const QJsonObject channel = gateway.ask("GET", "/api/channel/1", local).object();
    QCOMPARE(channel, made.object());
    for (const QString &name : {u"id"_s,
                                u"type"_s,
                                u"key"_s,
                                u"status"_s,
                                u"name"_s,
                                u"weight"_s,
                                u"created_time"_s,
                                u"test_time"_s,
                                u"response_time"_s,
                                u"base_url"_s,
                                u"other"_s,
                                u"balance"_s,
                                u"balance_updated_time"_s,
                                u"models"_s,
                                u"group"_s,
                                u"used_quota"_s,
                                u"model_mapping"_s,
                                u"priority"_s,
                                u"config"_s,
                                u"system_prompt"_s})
        QVERIFY2(channel.contains(name), qPrintable(name));
    QCOMPARE(channel.value(u"key").toString(), QString());
    QCOMPARE(channel.value(u"base_url").toString(), u"https://api.example.com"_s);
    QCOMPARE(channel.value(u"models").toString(), u"gpt-4o,o3"_s);
    QCOMPARE(channel.value(u"priority").toInt(), 5);
    QCOMPARE(channel.value(u"api_version").toString(), u"2024-06"_s);
    QVERIFY(channel.value(u"config").toString().contains(u"\"region\":\"eu\""));
    QVERIFY(channel.value(u"url").toString().startsWith(u"https://api.example.com/v1/"));
    QCOMPARE(channel.value(u"timeouts").toObject().value(u"connect_ms").toInt(), 1500);
    QCOMPARE(channel.value(u"timeouts").toObject().value(u"total_ms").toInt(), 60'000);
    QCOMPARE(channel.value(u"limits").toObject(),
             (QJsonObject{{u"concurrent_requests"_s, 2},
                          {u"requests_per_minute"_s, 0},
                          {u"tokens_per_minute"_s, 90'000}}));
    QCOMPARE(channel.value(u"price_ratio").toDouble(), 0.85);
    QCOMPARE(channel.value(u"verify_certificate").toBool(true), false);
    // It is in force, with its key, when the answer comes.
    const auto *known = gateway.administration->publisher.catalog()->channel({1});
    QVERIFY(known);
    QCOMPARE(known->channel.keys.at(0).secret.reveal(), QByteArray("sk-one"));
    QCOMPARE(known->providerModel("gpt-4o"), QByteArray("gpt-4o-2024"));
}

// Consoles of One API send the keys of clouds within "config".
void TestChannelRoutes::noKeyIsInItsConfig()
{
    ManagementFixture gateway;
    gateway.startApi();
    const auto keyOf = [&gateway](qint64 id) {
        const auto *known = gateway.administration->publisher.catalog()->channel({id});
        return known && !known->channel.keys.isEmpty() ? known->channel.keys.at(0).secret.reveal()
                                                       : QByteArray();
    };
    QJsonObject body = openAi(QString());
    body.insert(u"type"_s, 33);
    body.insert(u"base_url"_s, u"https://bedrock.example.com"_s);
    body.insert(u"config"_s,
                u"{\"region\":\"eu\",\"ak\":\"AKIA1\",\"sk\":\"hush\",\"api_token\":\"quiet\"}"_s);
    const ApiAnswer cloud = gateway.ask("POST", "/api/channel/", local, body);
    QVERIFY2(cloud.success(), qPrintable(cloud.message()));
    QCOMPARE(keyOf(1), QByteArray("AKIA1|hush|eu"));
    const QString shown = cloud.object().value(u"config").toString();
    QVERIFY2(!shown.contains(u"hush") && !shown.contains(u"quiet"), qPrintable(shown));
    QVERIFY(shown.contains(u"\"region\":\"eu\""));
    // What is shown comes back as it was shown, and stays.
    QVERIFY(
        gateway.ask("PUT", "/api/channel/", local, {{u"id"_s, 1}, {u"config"_s, shown}}).success());
    const auto *known = gateway.administration->publisher.catalog()->channel({1});
    QCOMPARE(known->channel.config.value(u"api_token").toString(), u"quiet"_s);
    QCOMPARE(keyOf(1), QByteArray("AKIA1|hush|eu"));
    // What is new takes its place.
    QVERIFY(gateway
                .ask("PUT",
                     "/api/channel/",
                     local,
                     {{u"id"_s, 1}, {u"config"_s, u"{\"ak\":\"AKIA2\",\"sk\":\"new\"}"_s}})
                .success());
    QCOMPARE(keyOf(1), QByteArray("AKIA2|new|"));

    body.insert(u"type"_s, 42);
    body.insert(u"config"_s, u"{\"vertex_ai_adc\":\"{\\\"private_key\\\": \\\"a b\\\"}\"}"_s);
    const ApiAnswer account = gateway.ask("POST", "/api/channel/", local, body);
    QVERIFY2(account.success(), qPrintable(account.message()));
    QCOMPARE(keyOf(2), QByteArray("{\"private_key\":\"a\\u0020b\"}"));
    QVERIFY(account.object().value(u"config").toString().isEmpty());
    // What a channel has left of a former type goes to no other provider.
    QJsonObject former = openAi(u"sk-one"_s);
    former.insert(u"config"_s, u"{\"ak\":\"AKIA1\",\"sk\":\"hush\"}"_s);
    QVERIFY(gateway.ask("POST", "/api/channel/", local, former).success());
    const auto *plain = gateway.administration->publisher.catalog()->channel({3});
    QCOMPARE(plain->channel.keys.size(), 1);
    QVERIFY(plain->channel.config.isEmpty());
}

void TestChannelRoutes::makesOneForEachLine()
{
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer made =
        gateway.ask("POST", "/api/channel/", local, openAi(u"sk-one\n\n sk-two \r\nsk-three\n"_s));

    QCOMPARE(made.array().size(), 3);
    QCOMPARE(gateway.ask("GET", "/api/channel/", local).array().size(), 3);
    const auto *last = gateway.administration->publisher.catalog()->channel({3});
    QCOMPARE(last->channel.keys.size(), 1);
    QCOMPARE(last->channel.keys.at(0).secret.reveal(), QByteArray("sk-three"));
    // None of them is made if one cannot be.
    QVERIFY(!gateway.ask("POST", "/api/channel/", local, openAi(u"sk-a\nsk b c"_s)).success());
    QCOMPARE(gateway.ask("GET", "/api/channel/", local).array().size(), 3);
}

void TestChannelRoutes::keepsSeveralKeys()
{
    ManagementFixture gateway;
    gateway.startApi();
    QJsonObject body = openAi(u"sk-one\nsk-two"_s);
    body.insert(u"key_mode"_s, u"multi"_s);
    const QJsonArray keys =
        gateway.ask("POST", "/api/channel/", local, body).object().value(u"keys").toArray();
    QCOMPARE(keys.size(), 2);
    const qint64 first = keys.at(0).toObject().value(u"id").toInteger();

    // The first is switched off, the second given up, a third added.
    const ApiAnswer changed =
        gateway.ask("PUT",
                    "/api/channel/",
                    local,
                    {{u"id"_s, 1},
                     {u"keys"_s,
                      QJsonArray{QJsonObject{{u"id"_s, first}, {u"enabled"_s, false}},
                                 QJsonObject{{u"key"_s, u"sk-three"_s}}}}});

    QVERIFY2(changed.success(), qPrintable(changed.message()));
    const auto *known = gateway.administration->publisher.catalog()->channel({1});
    QCOMPARE(known->channel.keys.size(), 2);
    QCOMPARE(known->channel.keys.at(0).id, first);
    QCOMPARE(known->channel.keys.at(0).secret.reveal(), QByteArray("sk-one"));
    QVERIFY(!known->channel.keys.at(0).enabled);
    QCOMPARE(known->channel.keys.at(1).secret.reveal(), QByteArray("sk-three"));
    // A key of another channel cannot be named.
    QVERIFY(!gateway
                 .ask("PUT",
                      "/api/channel/",
                      local,
                      {{u"id"_s, 1}, {u"keys"_s, QJsonArray{QJsonObject{{u"id"_s, 99}}}}})
                 .success());
}

void TestChannelRoutes::changesParts()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway.ask("POST", "/api/channel/", local, openAi()).success());
    const QJsonObject before = gateway.ask("GET", "/api/channel/1", local).object();

    const ApiAnswer changed = gateway.ask("PUT",
                                          "/api/channel/",
                                          local,
                                          {{u"id"_s, 1},
                                           {u"name"_s, u"Renamed"_s},
                                           {u"priority"_s, 0},
                                           {u"weight"_s, QJsonValue(QJsonValue::Null)},
                                           {u"key"_s, u""_s},
                                           {u"unknown"_s, u"x"_s}});

    QJsonObject expected = before;
    expected.insert(u"name"_s, u"Renamed"_s);
    QCOMPARE(changed.object(), expected);
    // All that was read can be sent back.
    QCOMPARE(gateway.ask("PUT", "/api/channel/", local, expected).object(), expected);
    const auto *known = gateway.administration->publisher.catalog()->channel({1});
    QCOMPARE(known->channel.keys.at(0).secret.reveal(), QByteArray("sk-one"));
    QVERIFY(
        !gateway.ask("PUT", "/api/channel/", local, {{u"id"_s, 2}, {u"name"_s, u"x"_s}}).success());
}

void TestChannelRoutes::keepsMaskedSecrets()
{
    ManagementFixture gateway;
    gateway.startApi();
    QJsonObject body = openAi();
    body.insert(u"proxy"_s, u"http://me:secret@proxy.example:8080"_s);
    body.insert(u"header_overrides"_s,
                QJsonObject{{u"X-Api-Key"_s, u"hidden"_s}, {u"X-Trace"_s, u"on"_s}});
    body.insert(u"body_overrides"_s,
                QJsonObject{{u"temperature"_s, 0.5},
                            {u"account"_s, QJsonObject{{u"api_key"_s, u"hidden"_s}}}});
    QJsonObject shown = gateway.ask("POST", "/api/channel/", local, body).object();
    QCOMPARE(shown.value(u"header_overrides").toObject().value(u"X-Api-Key").toString(), u"***"_s);
    QCOMPARE(shown.value(u"header_overrides").toObject().value(u"X-Trace").toString(), u"on"_s);

    QCOMPARE(shown.value(u"body_overrides").toObject(),
             (QJsonObject{{u"temperature"_s, 0.5},
                          {u"account"_s, QJsonObject{{u"api_key"_s, u"***"_s}}}}));

    shown.insert(u"note"_s, u"changed"_s);
    QVERIFY(gateway.ask("PUT", "/api/channel/", local, shown).success());

    const auto *known = gateway.administration->publisher.catalog()->channel({1});
    QCOMPARE(known->channel.proxy, u"http://me:secret@proxy.example:8080"_s);
    QCOMPARE(known->channel.headerOverrides.value(u"X-Api-Key"_s), u"hidden"_s);
    QCOMPARE(known->channel.bodyOverrides.value(u"account"_s).toObject(),
             (QJsonObject{{u"api_key"_s, u"hidden"_s}}));
    QCOMPARE(known->channel.note, u"changed"_s);
}

void TestChannelRoutes::enablesAndDisables()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway.ask("POST", "/api/channel/", local, openAi()).success());
    const auto setStatus = [&](int status) {
        return gateway.ask("PUT", "/api/channel/", local, {{u"id"_s, 1}, {u"status"_s, status}});
    };

    QCOMPARE(setStatus(2).object().value(u"status").toInt(), 2);
    // No machine enables what a person disabled.
    const auto enabled =
        gateway.wait(gateway.administration->channels.setEnabledAutomatically({1}, true));
    QVERIFY(enabled && !*enabled);
    QVERIFY(!setStatus(3).success());
    QCOMPARE(setStatus(1).object().value(u"status").toInt(), 1);
}

// A key that was entered again does not hide that a header was not.
void TestChannelRoutes::namesTheHeaderThatIsBound()
{
    ManagementFixture gateway;
    gateway.startApi();
    QJsonObject body = openAi();
    body.insert(u"header_overrides"_s, QJsonObject{{u"X-Api-Key"_s, u"hidden"_s}});
    QVERIFY(gateway.ask("POST", "/api/channel/", local, body).success());
    const auto move = [&gateway](const QJsonObject &headers) {
        return gateway.ask("PUT",
                           "/api/channel/",
                           local,
                           {{u"id"_s, 1},
                            {u"base_url"_s, u"https://other.example"_s},
                            {u"key"_s, u"sk-two"_s},
                            {u"header_overrides"_s, headers}});
    };

    const ApiAnswer kept = move({{u"X-Api-Key"_s, u"***"_s}});

    QVERIFY(!kept.success());
    QVERIFY2(kept.message().contains(u"\"X-Api-Key\""_s), qPrintable(kept.message()));
    QVERIFY(move({{u"X-Api-Key"_s, u"another"_s}}).success());
}

void TestChannelRoutes::bindsKeysToTheirHost_data()
{
    QTest::addColumn<QByteArray>("change");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("another host") << QByteArray(R"({"base_url":"https://evil.example"})") << false;
    QTest::newRow("another port") << QByteArray(R"({"base_url":"https://api.openai.com:8443"})")
                                  << false;
    QTest::newRow("no TLS") << QByteArray(R"({"base_url":"http://api.openai.com"})") << false;
    QTest::newRow("another type") << QByteArray(R"({"type":36})") << false;
    QTest::newRow("another host with a new key")
        << QByteArray(R"({"base_url":"https://other.example","key":"sk-two"})") << true;
    QTest::newRow("another path") << QByteArray(R"({"base_url":"https://api.openai.com/gateway"})")
                                  << true;
    QTest::newRow("the same written otherwise")
        << QByteArray(R"({"base_url":"https://API.openai.com:443/v1"})") << true;
    QTest::newRow("another host with the old key by its id")
        << QByteArray(R"({"base_url":"https://evil.example","keys":[{"id":1},{"key":"sk-x"}]})")
        << false;
}

void TestChannelRoutes::bindsKeysToTheirHost()
{
    QFETCH(QByteArray, change);
    QFETCH(bool, accepted);
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway.ask("POST", "/api/channel/", local, openAi()).success());
    QJsonObject body = QJsonDocument::fromJson(change).object();
    body.insert(u"id"_s, 1);

    const ApiAnswer answer = gateway.ask("PUT", "/api/channel/", local, body);

    QVERIFY2(answer.success() == accepted, qPrintable(answer.message()));
    const auto *known = gateway.administration->publisher.catalog()->channel({1});
    if (accepted)
        return;
    QCOMPARE(known->baseUrl, QByteArray("https://api.openai.com"));
    QVERIFY(answer.message().contains(u"again"));
}

void TestChannelRoutes::bindsSecretOverridesToTheirHost_data()
{
    QTest::addColumn<QByteArray>("change");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("all of them stay") << QByteArray("{}") << false;
    QTest::newRow("the header stays") << QByteArray(R"({"body_overrides":{}})") << false;
    QTest::newRow("the body stays") << QByteArray(R"({"header_overrides":{}})") << false;
    QTest::newRow("the body stays masked")
        << QByteArray(R"({"header_overrides":{},"body_overrides":{"api_key":"***"}})") << false;
    QTest::newRow("others") << QByteArray(
        R"({"header_overrides":{"X-Auth":"new"},"body_overrides":{"api_key":"new"}})")
                            << true;
    QTest::newRow("none") << QByteArray(R"({"header_overrides":{},"body_overrides":{}})") << true;
}

void TestChannelRoutes::bindsSecretOverridesToTheirHost()
{
    QFETCH(QByteArray, change);
    QFETCH(bool, accepted);
    ManagementFixture gateway;
    gateway.startApi();
    QJsonObject channel = openAi();
    channel.insert(u"header_overrides"_s, QJsonObject{{u"X-Auth"_s, u"header-canary"_s}});
    channel.insert(u"body_overrides"_s, QJsonObject{{u"api_key"_s, u"body-canary"_s}});
    QVERIFY(gateway.ask("POST", "/api/channel/", local, channel).success());
    QJsonObject body = QJsonDocument::fromJson(change).object();
    body.insert(u"id"_s, 1);
    body.insert(u"base_url"_s, u"https://evil.example"_s);
    body.insert(u"key"_s, u"sk-x"_s);

    const ApiAnswer answer = gateway.ask("PUT", "/api/channel/", local, body);

    QVERIFY2(answer.success() == accepted, qPrintable(answer.message()));
    QVERIFY(!answer.body.contains("canary"));
    const auto *known = gateway.administration->publisher.catalog()->channel({1});
    QCOMPARE(known->baseUrl,
             accepted ? QByteArray("https://evil.example") : QByteArray("https://api.openai.com"));
}

void TestChannelRoutes::refuses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char *what, const QString &name, const QJsonValue &value) {
        QTest::newRow(what) << name << value;
    };
    row("no name", u"name"_s, u""_s);
    row("an unknown type", u"type"_s, 9999);
    row("a text as type", u"type"_s, u"1"_s);
    row("no URL", u"base_url"_s, u"ftp://x"_s);
    row("a URL with a user", u"base_url"_s, u"https://u:p@x.example"_s);
    row("the gateway itself", u"base_url"_s, u"http://127.0.0.1:3000/v1"_s);
    row("an organization that splits", u"organization"_s, u"a\r\nX: 1"_s);
    row("a negative weight", u"weight"_s, -1);
    row("a fractional priority", u"priority"_s, 1.5);
    row("a mapping that is no object", u"model_mapping"_s, u"[1]"_s);
    row("a mapping to a number", u"model_mapping"_s, QJsonObject{{u"a"_s, 5}});
    row("a header with a line break",
        u"header_overrides"_s,
        QJsonObject{{u"X-A"_s, u"a\r\nHost: evil"_s}});
    row("a header of the gateway's own", u"header_overrides"_s, QJsonObject{{u"Host"_s, u"x"_s}});
    row("an unknown proxy", u"proxy"_s, u"ftp://x:1"_s);
    row("a negative timeout", u"timeouts"_s, QJsonObject{{u"idle_ms"_s, -1}});
    row("a negative limit", u"limits"_s, QJsonObject{{u"requests_per_minute"_s, -1}});
    row("a price multiplier below nothing", u"price_ratio"_s, -0.5);
    row("a text as price multiplier", u"price_ratio"_s, u"2"_s);
    row("models that are numbers", u"models"_s, QJsonArray{1, 2});
    row("a model with a line break", u"models"_s, u"a\nb"_s);
    row("an empty key", u"keys"_s, QJsonArray{u""_s});
    row("a status of a machine", u"status"_s, 3);
}

void TestChannelRoutes::refuses()
{
    QFETCH(QString, name);
    QFETCH(QJsonValue, value);
    ManagementFixture gateway;
    gateway.isOwnAddress = [](const QString &host, quint16 port) {
        return host == u"127.0.0.1"_s && port == 3000;
    };
    gateway.startApi();
    QJsonObject body = openAi();
    body.insert(name, value);

    const ApiAnswer answer = gateway.ask("POST", "/api/channel/", local, body);

    QCOMPARE(answer.status, 200);
    QVERIFY2(!answer.success(), answer.body.constData());
    QVERIFY(!answer.message().isEmpty());
    QCOMPARE(gateway.ask("GET", "/api/channel/", local).array().size(), 0);
}

void TestChannelRoutes::removes()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway.ask("POST", "/api/channel/", local, openAi(u"a1\nb2\nc3"_s)).success());
    QVERIFY(gateway.ask("PUT", "/api/channel/", local, {{u"id"_s, 2}, {u"status"_s, 2}}).success());

    QCOMPARE(gateway.ask("DELETE", "/api/channel/disabled", local).data().toInt(), 1);
    QVERIFY(gateway.ask("DELETE", "/api/channel/1", local).success());
    QVERIFY(!gateway.ask("DELETE", "/api/channel/1", local).success());

    QCOMPARE(gateway.ask("GET", "/api/channel/", local).array().size(), 1);
    QCOMPARE(gateway.administration->publisher.catalog()->channels().size(), size_t(1));
}

void TestChannelRoutes::pages()
{
    ManagementFixture gateway;
    gateway.startApi();
    QStringList keys;
    for (int i = 0; i < 12; ++i)
        keys.append(u"key%1"_s.arg(i));
    QVERIFY(gateway.ask("POST", "/api/channel/", local, openAi(keys.join(u'\n'))).success());

    QCOMPARE(gateway.ask("GET", "/api/channel/", local).array().size(), 10);
    QCOMPARE(gateway.ask("GET", "/api/channel/?p=1", local).array().size(), 2);
    QCOMPARE(gateway.ask("GET", "/api/channel/?page_size=100", local).array().size(), 12);
    const QJsonArray found = gateway.ask("GET", "/api/channel/search?keyword=7", local).array();
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.at(0).toObject().value(u"id").toInt(), 7);
    QCOMPARE(gateway.ask("GET", "/api/channel/search?keyword=open", local).array().size(), 12);
    QCOMPARE(gateway.ask("GET", "/api/channel/search?keyword=_pen", local).array().size(), 0);
}

void TestChannelRoutes::tests()
{
    CannedTests canned;
    ManagementFixture gateway;
    gateway.tests = &canned;
    gateway.startApi();
    canned.outcome = {.state = admin::ChannelTestOutcome::State::Answered,
                      .text = base::Message::verbatim(u"I am a model."_s),
                      .elapsed = std::chrono::milliseconds(1234)};

    const ApiAnswer sound = gateway.ask("GET", "/api/channel/test/5?model=o3", local);
    QVERIFY(sound.success());
    QCOMPARE(sound.message(), u"I am a model."_s);
    QCOMPARE(sound.json.value(u"time").toDouble(), 1.234);
    QCOMPARE(sound.json.value(u"modelName").toString(), u"o3"_s);
    canned.outcome = {.state = admin::ChannelTestOutcome::State::Refused,
                      .text = base::Message::verbatim(u"No credit."_s),
                      .httpStatus = 402,
                      .errorCode = "insufficient_quota"};
    const ApiAnswer refused = gateway.ask("GET", "/api/channel/test/5", local);
    QCOMPARE(refused.status, 200);
    QVERIFY(!refused.success());
    QCOMPARE(refused.object().value(u"http_status").toInt(), 402);

    QVERIFY(gateway.ask("GET", "/api/channel/test?scope=disabled", local).success());
    const ApiAnswer second = gateway.ask("GET", "/api/channel/test", local);
    QVERIFY(!second.success());
    QVERIFY(second.message().contains(u"run 7") && second.message().contains(u"0 of 3"));
    QCOMPARE(second.object().value(u"id").toInt(), 7);
    QVERIFY(!gateway.ask("GET", "/api/channel/test?scope=x", local).success());
    QCOMPARE(gateway.ask("GET", "/api/channel/test_run", local).object().value(u"total").toInt(),
             3);
    QVERIFY(!gateway.ask("DELETE", "/api/channel/test_run/8", local).success());
    QVERIFY(gateway.ask("DELETE", "/api/channel/test_run/7", local).success());
    QVERIFY(!gateway.ask("GET", "/api/channel/update_balance", local).success());
    QVERIFY(!gateway.ask("GET", "/api/channel/update_balance/2", local).success());
    const auto balance = gateway.ask("GET", "/api/channel/update_balance/1", local);
    QVERIFY(balance.success());
    QCOMPARE(balance.json.value(u"balance").toDouble(), 12.5);
    QCOMPARE(balance.json.value(u"balance_currency").toString(), u"CNY"_s);
}

void TestChannelRoutes::forgetsHealth()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway.ask("POST", "/api/channel/", local, openAi()).success());
    for (int i = 0; i < 10; ++i)
        gateway.health->report({1}, 1, relay::HealthEvent::Failure, {});
    const QJsonArray shown = gateway.ask("GET", "/api/channel/health", local).array();
    QCOMPARE(shown.at(0).toObject().value(u"state").toString(), u"open"_s);
    const QJsonObject channel = gateway.ask("GET", "/api/channel/1", local).object();
    QCOMPARE(channel.value(u"keys").toArray().at(0).toObject().value(u"health").toString(),
             u"open"_s);

    QVERIFY(gateway
                .ask("PUT",
                     "/api/channel/",
                     local,
                     {{u"id"_s, 1},
                      {u"base_url"_s, u"https://other.example"_s},
                      {u"key"_s, u"sk-other"_s}})
                .success());

    QCOMPARE(gateway.ask("GET", "/api/channel/health", local).array().size(), 0);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestChannelRoutes)
#include "tst_channelroutes.moc"
