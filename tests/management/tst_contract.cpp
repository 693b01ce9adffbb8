#include "support/managementfixture.h"

#include "storage/traffic/usagerepository.h"

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::hasAll;
using support::ManagementFixture;

namespace {

// A record as the ledger writes it.
domain::UsageRecord consumption(qint64 user, const QByteArray &model, qint64 charge, qint64 at)
{
    domain::UsageRecord record;
    record.requestId = "req-" + QByteArray::number(at);
    record.createdAt = at;
    record.userId = {user};
    record.username = "someone";
    record.tokenName = "tok";
    record.channelId = {3};
    record.model = model;
    record.providerModel = model + "-2024";
    record.usage.input = 10;
    record.usage.output = 20;
    record.charge = {charge};
    record.elapsedMilliseconds = 1234;
    record.stream = true;
    return record;
}

QStringList keysOf(const QJsonObject &object)
{
    return object.keys();
}

} // namespace

// One API's contract: routes, envelope and members.
class TestContract : public QObject
{
    Q_OBJECT

private slots:
    void status();
    void statusInAnyThread();
    void self();
    void logs();
    void clearsLogs();
    void billing();
    void models();
};

void TestContract::status()
{
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer = gateway.ask("GET", "/api/status", {});

    QVERIFY(answer.body.contains("\"success\":true"));
    QVERIFY(hasAll(answer.object(),
                   {u"version"_s,
                    u"start_time"_s,
                    u"email_verification"_s,
                    u"github_oauth"_s,
                    u"github_client_id"_s,
                    u"lark_client_id"_s,
                    u"system_name"_s,
                    u"logo"_s,
                    u"footer_html"_s,
                    u"wechat_qrcode"_s,
                    u"wechat_login"_s,
                    u"server_address"_s,
                    u"turnstile_check"_s,
                    u"turnstile_site_key"_s,
                    u"top_up_link"_s,
                    u"chat_link"_s,
                    u"quota_per_unit"_s,
                    u"display_in_currency"_s,
                    u"oidc"_s,
                    u"oidc_client_id"_s,
                    u"oidc_well_known"_s,
                    u"oidc_authorization_endpoint"_s,
                    u"oidc_token_endpoint"_s,
                    u"oidc_userinfo_endpoint"_s}));
    QCOMPARE(answer.object().value(u"version").toString(), u"1.2.3"_s);
    QCOMPARE(answer.object().value(u"quota_per_unit").toInt(), 500000);
    for (const QString &key : {u"Notice"_s, u"About"_s, u"HomePageContent"_s}) {
        QVERIFY(gateway
                    .ask("PUT",
                         "/api/option/",
                         {.local = true},
                         {{u"key"_s, key}, {u"value"_s, QString(u"text of "_s + key)}})
                    .success());
    }
    QCOMPARE(gateway.ask("GET", "/api/notice", {}).data().toString(), u"text of Notice"_s);
    QCOMPARE(gateway.ask("GET", "/api/about", {}).data().toString(), u"text of About"_s);
    QCOMPARE(gateway.ask("GET", "/api/home_page_content", {}).data().toString(),
             u"text of HomePageContent"_s);
}

void TestContract::statusInAnyThread()
{
    ManagementFixture gateway;
    gateway.startApi();
    std::atomic<int> answered = 0;

    // The main thread does nothing meanwhile.
    std::thread asker([&] {
        for (int i = 0; i < 100; ++i) {
            gateway.api->handle(gateway.request("GET", "/api/status"),
                                [&](const gateway::ApiResponse &response) {
                                    answered += response.status == 200 ? 1 : 0;
                                });
        }
    });
    asker.join();

    QCOMPARE(answered.load(), 100);
}

void TestContract::self()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials alice = gateway.newUser(u"alice"_s);

    QVERIFY(gateway
                .ask("PUT",
                     "/api/user/self",
                     alice,
                     {{u"username"_s, u"alicia"_s}, {u"display_name"_s, u"Alicia <b>"_s}})
                .success());

    const QJsonObject user = gateway.ask("GET", "/api/user/self", alice).object();
    QVERIFY(hasAll(user,
                   {u"id"_s,
                    u"username"_s,
                    u"password"_s,
                    u"display_name"_s,
                    u"role"_s,
                    u"status"_s,
                    u"email"_s,
                    u"github_id"_s,
                    u"wechat_id"_s,
                    u"lark_id"_s,
                    u"oidc_id"_s,
                    u"verification_code"_s,
                    u"access_token"_s,
                    u"quota"_s,
                    u"used_quota"_s,
                    u"request_count"_s,
                    u"group"_s,
                    u"aff_code"_s,
                    u"inviter_id"_s}));
    QCOMPARE(user.value(u"username").toString(), u"alicia"_s);
    QCOMPARE(user.value(u"display_name").toString(), u"Alicia <b>"_s);
    QCOMPARE(user.value(u"password").toString(), QString());
    QVERIFY(!gateway.ask("PUT", "/api/user/self", alice, {{u"username"_s, u"root"_s}}).success());
    QVERIFY(!gateway.ask("PUT", "/api/user/self", alice, {{u"password"_s, u"short"_s}}).success());
    const QString code = gateway.ask("GET", "/api/user/aff", alice).data().toString();
    QCOMPARE(code.size(), 4);
    QCOMPARE(gateway.ask("GET", "/api/user/aff", alice).data().toString(), code);

    QVERIFY(gateway.ask("DELETE", "/api/user/self", alice).success());
    QCOMPARE(gateway.ask("GET", "/api/user/self", alice).status, 401);
    QVERIFY(gateway.signIn(u"alicia"_s, u"password-of-alice"_s).session.isEmpty());
}

void TestContract::logs()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const qint64 now = gateway.clock.wallMilliseconds();
    const auto stored = gateway.wait(gateway.storage->write([&](storage::Database &database) {
        storage::UsageRepository usage(database);
        for (int i = 0; i < 12; ++i) {
            const auto inserted = usage.insert(
                consumption(i < 3 ? 2 : 1, i < 6 ? "gpt-4o" : "o3", 5, now - i * 1000));
            if (!inserted)
                return base::Result<>(base::fail(inserted.error()));
        }
        return base::Result<>();
    }));
    QVERIFY(stored);

    const QJsonArray all = gateway.ask("GET", "/api/log/", root).array();
    QCOMPARE(all.size(), 10);
    const QJsonObject entry = all.at(0).toObject();
    QVERIFY(hasAll(entry,
                   {u"id"_s,
                    u"user_id"_s,
                    u"created_at"_s,
                    u"type"_s,
                    u"content"_s,
                    u"username"_s,
                    u"token_name"_s,
                    u"model_name"_s,
                    u"quota"_s,
                    u"prompt_tokens"_s,
                    u"completion_tokens"_s,
                    u"channel"_s,
                    u"request_id"_s,
                    u"elapsed_time"_s,
                    u"is_stream"_s,
                    u"system_prompt_reset"_s}));
    QCOMPARE(entry.value(u"type").toInt(), 2);
    QCOMPARE(entry.value(u"created_at").toInteger(), now / 1000);
    QCOMPARE(gateway.ask("GET", "/api/log/?p=1", root).array().size(), 2);
    QCOMPARE(gateway.ask("GET", "/api/log/?model_name=gpt-4o&channel=3", root).array().size(), 6);
    QCOMPARE(gateway.ask("GET", "/api/log/?channel=4", root).array().size(), 0);
    const QByteArray second = QByteArray::number(now / 1000 - 2);
    QCOMPARE(gateway.ask("GET", "/api/log/?start_timestamp=" + second, root).array().size(), 3);
    QCOMPARE(
        gateway.ask("GET", "/api/log/?start_timestamp=" + second + "&end_timestamp=" + second, root)
            .array()
            .size(),
        1);
    QVERIFY(!gateway.ask("GET", "/api/log/?start_timestamp=x", root).success());
    QCOMPARE(gateway.ask("GET", "/api/log/stat?type=1", root).object().value(u"quota").toInt(), 60);

    const QJsonArray own = gateway.ask("GET", "/api/log/self", alice).array();
    QCOMPARE(own.size(), 3);
    QCOMPARE(own.at(0).toObject().value(u"id").toInt(), 0);
    QVERIFY(!keysOf(own.at(0).toObject()).contains(u"client_address"_s));
    QCOMPARE(gateway.ask("GET", "/api/log/self?username=root", alice).array().size(), 3);
    QCOMPARE(gateway.ask("GET", "/api/log/self/stat", alice).object().value(u"quota").toInt(), 15);
    QCOMPARE(gateway.ask("GET", "/api/log/self/search?keyword=gpt", alice).array().size(), 3);
    QCOMPARE(gateway.ask("GET", "/api/log/search?keyword=o3", root).array().size(), 6);
    QCOMPARE(gateway.ask("GET", "/api/log/search?keyword=%25", root).array().size(), 0);

    const QJsonArray days = gateway.ask("GET", "/api/user/dashboard", alice).array();
    QVERIFY(!days.isEmpty());
    QVERIFY(hasAll(days.at(0).toObject(),
                   {u"Day"_s,
                    u"ModelName"_s,
                    u"RequestCount"_s,
                    u"Quota"_s,
                    u"PromptTokens"_s,
                    u"CompletionTokens"_s}));
}

void TestContract::clearsLogs()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const qint64 now = gateway.clock.wallMilliseconds();
    QVERIFY(gateway.wait(gateway.storage->write([&](storage::Database &database) {
        storage::UsageRepository usage(database);
        return usage.insert(consumption(1, "old", 5, now - 100'000)).and_then([&](qint64) {
            return usage.insert(consumption(1, "new", 5, now));
        });
    })));

    QVERIFY(!gateway.ask("DELETE", "/api/log/", root).success());
    const ApiAnswer removed = gateway.ask(
        "DELETE", "/api/log/?target_timestamp=" + QByteArray::number(now / 1000 - 10), root);

    QCOMPARE(removed.data().toInt(), 1);
    QCOMPARE(gateway.ask("GET", "/api/log/", root).array().size(), 1);
}

void TestContract::billing()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const auto makeToken = [&](const QJsonObject &body) -> QByteArray {
        return "sk-"
               + gateway.ask("POST", "/api/token/", root, body)
                     .object()
                     .value(u"key")
                     .toString()
                     .toLatin1();
    };
    const Credentials limited{
        .accessToken = makeToken({{u"remain_quota"_s, 1000000}, {u"expired_time"_s, 1900000000}})};
    const Credentials unlimited{.accessToken = makeToken({{u"unlimited_quota"_s, true}})};

    for (const QByteArray &prefix : {QByteArray(), QByteArray("/v1")}) {
        const QJsonObject subscription =
            gateway.ask("GET", prefix + "/dashboard/billing/subscription", limited).json;
        QCOMPARE(subscription.value(u"object").toString(), u"billing_subscription"_s);
        QCOMPARE(subscription.value(u"hard_limit_usd").toDouble(), 2.0);
        QCOMPARE(subscription.value(u"access_until").toInt(), 1900000000);
        const QJsonObject usage =
            gateway.ask("GET", prefix + "/dashboard/billing/usage?start_date=2020-01-01", limited)
                .json;
        QCOMPARE(usage.value(u"total_usage").toDouble(-1), 0.0);
    }
    QCOMPARE(gateway.ask("GET", "/dashboard/billing/subscription", unlimited)
                 .json.value(u"hard_limit_usd")
                 .toDouble(),
             100000000.0);
    const ApiAnswer wrong = gateway.ask(
        "GET", "/dashboard/billing/usage", {.accessToken = "sk-" + QByteArray(48, 'x')});
    QCOMPARE(wrong.status, 401);
    QVERIFY(wrong.json.value(u"error").isObject());
    // Neither a session nor the name of the host counts here.
    auto request = gateway.request("GET", "/v1/dashboard/billing/usage", {}, root);
    QCOMPARE(gateway.ask(request).status, 401);
    request.headers = {{"Host", "gate.example"}, {"Authorization", limited.accessToken}};
    QCOMPARE(gateway.ask(request).status, 200);
    // The fields of the other dialects do as they do at the relay.
    for (const QByteArray &name : {QByteArray("x-api-key"), QByteArray("X-Goog-Api-Key")}) {
        request.headers = {{"Host", "gate.example"}, {name, limited.accessToken}};
        QCOMPARE(gateway.ask(request).status, 200);
    }
}

void TestContract::models()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const Credentials alice = gateway.newUser(u"alice"_s);
    QVERIFY(gateway
                .ask("POST",
                     "/api/channel/",
                     root,
                     {{u"type"_s, 1},
                      {u"name"_s, u"a"_s},
                      {u"key"_s, u"k1"_s},
                      {u"models"_s, u"gpt-4o,o3"_s},
                      {u"group"_s, u"default,vip"_s}})
                .success());

    const QJsonArray available = gateway.ask("GET", "/api/user/available_models", alice).array();
    QCOMPARE(available, (QJsonArray{u"gpt-4o"_s, u"o3"_s}));
    const QJsonObject types = gateway.ask("GET", "/api/models", alice).object();
    QCOMPARE(types.value(u"1").toArray().size(), 2);
    QVERIFY(types.value(u"14").isArray());
    const ApiAnswer list = gateway.ask("GET", "/api/channel/models", root);
    QCOMPARE(list.json.value(u"object").toString(), u"list"_s);
    QCOMPARE(list.data().toArray().size(), 2);
    QCOMPARE(gateway.ask("GET", "/api/group/", root).array(),
             (QJsonArray{u"default"_s, u"svip"_s, u"vip"_s}));
    gateway.api->setListeners({u"http://127.0.0.1:3000"_s});
    QCOMPARE(gateway.ask("GET", "/api/gateway", root).object().value(u"listeners").toArray(),
             (QJsonArray{u"http://127.0.0.1:3000"_s}));
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestContract)
#include "tst_contract.moc"
