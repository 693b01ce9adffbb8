#include "support/managementfixture.h"

#include "secrets/tokenkey.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::hasAll;
using support::ManagementFixture;

// One API's routes for users and tokens.
class TestAccountRoutes : public QObject
{
    Q_OBJECT

private slots:
    void users();
    void refusesUsers_data();
    void refusesUsers();
    void balances();
    void tokens();
    void tokenStatus();
    void budgets();
    void masksKeys();
};

void TestAccountRoutes::users()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    for (int i = 0; i < 12; ++i) {
        const ApiAnswer made = gateway.ask("POST",
                                           "/api/user/",
                                           root,
                                           {{u"username"_s, u"user%1"_s.arg(i)},
                                            {u"password"_s, u"long enough"_s},
                                            {u"quota"_s, i}});
        QVERIFY2(made.success(), qPrintable(made.message()));
        QVERIFY(made.object().value(u"id").toInt() > 1);
    }

    QCOMPARE(gateway.ask("GET", "/api/user/?p=0", root).array().size(), 10);
    const QJsonArray rest = gateway.ask("GET", "/api/user/?p=1", root).array();
    QCOMPARE(rest.size(), 3);
    QCOMPARE(rest.last().toObject().value(u"username").toString(), u"root"_s);
    QCOMPARE(gateway.ask("GET", "/api/user/?p=-4", root).array().size(), 10);
    QCOMPARE(gateway.ask("GET", "/api/user/?p=9223372036854775807", root).array().size(), 0);
    for (const QByteArray &bad : {QByteArray("p=abc"),
                                  QByteArray("p=1e5"),
                                  QByteArray("p=99999999999999999999"),
                                  QByteArray("p=0&page_size=ten")}) {
        for (const QByteArray &path :
             {"/api/user/"_ba, "/api/token/"_ba, "/api/channel/"_ba, "/api/log/"_ba}) {
            const QByteArray target = path + '?' + bad;
            const ApiAnswer refused = gateway.ask("GET", target, root);
            QVERIFY2(!refused.success() && !refused.message().isEmpty(), target.constData());
        }
    }
    QCOMPARE(gateway.ask("GET", "/api/user/?p=", root).array().size(), 10);
    const QJsonArray richest = gateway.ask("GET", "/api/user/?order=quota", root).array();
    QCOMPARE(richest.at(0).toObject().value(u"username").toString(), u"root"_s);
    QCOMPARE(richest.at(1).toObject().value(u"username").toString(), u"user11"_s);
    QCOMPARE(gateway.ask("GET", "/api/user/search?keyword=user1", root).array().size(), 3);
    QCOMPARE(gateway.ask("GET", "/api/user/search?keyword=%25", root).array().size(), 0);
    QCOMPARE(gateway.ask("GET", "/api/user/search?keyword=", root).array().size(), 13);

    QVERIFY(gateway
                .ask("PUT",
                     "/api/user/",
                     root,
                     {{u"id"_s, 2},
                      {u"display_name"_s, u"Second"_s},
                      {u"group"_s, u"vip"_s},
                      {u"email"_s, u"b@example.com"_s},
                      {u"username"_s, u""_s}})
                .success());
    const QJsonObject user = gateway.ask("GET", "/api/user/2", root).object();
    QCOMPARE(user.value(u"username").toString(), u"user0"_s);
    QCOMPARE(user.value(u"group").toString(), u"vip"_s);
    QVERIFY(!gateway.signIn(u"b@example.com"_s, u"long enough"_s).session.isEmpty());

    QVERIFY(gateway.ask("DELETE", "/api/user/2", root).success());
    QVERIFY(!gateway.ask("GET", "/api/user/2", root).success());
    QVERIFY(!gateway.ask("DELETE", "/api/user/2", root).success());
    QCOMPARE(gateway.ask("GET", "/api/user/search?keyword=deleted", root).array().size(), 0);
    // The name is free again.
    QVERIFY(gateway
                .ask("POST",
                     "/api/user/",
                     root,
                     {{u"username"_s, u"user0"_s}, {u"password"_s, u"long enough"_s}})
                .success());
}

void TestAccountRoutes::refusesUsers_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no name") << QByteArray(R"({"password":"long enough"})");
    QTest::newRow("no password") << QByteArray(R"({"username":"bob"})");
    QTest::newRow("a short password") << QByteArray(R"({"username":"bob","password":"1234567"})");
    QTest::newRow("a name that is taken")
        << QByteArray(R"({"username":"root","password":"long enough"})");
    QTest::newRow("a name that is taken in another case")
        << QByteArray(R"({"username":"Root","password":"long enough"})");
    QTest::newRow("a space of no width in a name")
        << QByteArray(R"({"username":"ro\u200bot","password":"long enough"})");
    QTest::newRow("a tag that is not shown in a name")
        << QByteArray(R"({"username":"bob\udb40\udc41","password":"long enough"})");
    QTest::newRow("a group that there is not")
        << QByteArray(R"({"username":"bob","password":"long enough","group":"vipp"})");
    QTest::newRow("a long name") << QByteArray(R"({"username":")" + QByteArray(51, 'x')
                                               + R"(","password":"long enough"})");
    QTest::newRow("a control character")
        << QByteArray(R"({"username":"a\nb","password":"long enough"})");
    QTest::newRow("the role of root")
        << QByteArray(R"({"username":"bob","password":"long enough","role":100})");
    QTest::newRow("an unknown role")
        << QByteArray(R"({"username":"bob","password":"long enough","role":7})");
    QTest::newRow("a negative quota")
        << QByteArray(R"({"username":"bob","password":"long enough","quota":-5})");
    QTest::newRow("a huge quota") << QByteArray(
        R"({"username":"bob","password":"long enough","quota":9223372036854775807})");
    QTest::newRow("a number as name") << QByteArray(R"({"username":12,"password":"long enough"})");
}

void TestAccountRoutes::refusesUsers()
{
    QFETCH(QByteArray, body);
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer =
        gateway.ask(gateway.request("POST", "/api/user/", body, {.local = true}));

    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.success() && !answer.message().isEmpty());
    QCOMPARE(gateway.ask("GET", "/api/user/", {.local = true}).array().size(), 1);
}

void TestAccountRoutes::balances()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const auto held = [&] { return gateway.admission->userBalance({2})->units; };
    QCOMPARE(held(), 0);

    QVERIFY(gateway
                .ask("POST",
                     "/api/topup",
                     root,
                     {{u"user_id"_s, 2}, {u"quota"_s, 500}, {u"remark"_s, u"paid"_s}})
                .success());
    QCOMPARE(held(), 500);
    QVERIFY(gateway.ask("PUT", "/api/user/", root, {{u"id"_s, 2}, {u"quota"_s, 70}}).success());
    QCOMPARE(held(), 70);
    for (const QJsonValue &bad :
         {QJsonValue(-5), QJsonValue(1.5), QJsonValue(9.3e18), QJsonValue(u"7"_s)}) {
        QVERIFY(!gateway.ask("POST", "/api/topup", root, {{u"user_id"_s, 2}, {u"quota"_s, bad}})
                     .success());
        QVERIFY(
            !gateway.ask("PUT", "/api/user/", root, {{u"id"_s, 2}, {u"quota"_s, bad}}).success());
    }
    QCOMPARE(held(), 70);
    QCOMPARE(gateway.ask("GET", "/api/user/self", alice).object().value(u"quota").toInt(), 70);

    const QJsonArray logs = gateway.ask("GET", "/api/log/self", alice).array();
    QCOMPARE(logs.size(), 2);
    QCOMPARE(logs.at(0).toObject().value(u"type").toInt(), 3);
    QVERIFY(logs.at(0).toObject().value(u"content").toString().contains(u"from 500 to 70"));
    QCOMPARE(logs.at(1).toObject().value(u"type").toInt(), 1);
    QCOMPARE(logs.at(1).toObject().value(u"content").toString(), u"paid"_s);
    QCOMPARE(logs.at(1).toObject().value(u"quota").toInt(), 500);
    // What is spent meanwhile is not lost: the change is told as a difference.
    QVERIFY(gateway.ask("PUT", "/api/user/", root, {{u"id"_s, 2}, {u"quota"_s, 0}}).success());
    QCOMPARE(held(), 0);
}

void TestAccountRoutes::tokens()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials alice = gateway.newUser(u"alice"_s);
    // Every new user has one to begin with.
    const QJsonArray first = gateway.ask("GET", "/api/token/", alice).array();
    QCOMPARE(first.size(), 1);
    QCOMPARE(first.at(0).toObject().value(u"name").toString(), u"default"_s);
    QVERIFY(first.at(0).toObject().value(u"unlimited_quota").toBool());

    const ApiAnswer made = gateway.ask("POST",
                                       "/api/token/",
                                       alice,
                                       {{u"name"_s, u"laptop"_s},
                                        {u"remain_quota"_s, 1000},
                                        {u"models"_s, u"gpt-4o, o3"_s},
                                        {u"subnet"_s, u"192.0.2.0/24,::1"_s},
                                        {u"requests_per_minute"_s, 7}});
    QVERIFY2(made.success(), qPrintable(made.message()));
    const QJsonObject token = made.object();
    QVERIFY(hasAll(token,
                   {u"id"_s,
                    u"user_id"_s,
                    u"key"_s,
                    u"status"_s,
                    u"name"_s,
                    u"created_time"_s,
                    u"accessed_time"_s,
                    u"expired_time"_s,
                    u"remain_quota"_s,
                    u"unlimited_quota"_s,
                    u"used_quota"_s,
                    u"models"_s,
                    u"subnet"_s}));
    QCOMPARE(token.value(u"expired_time").toInt(), -1);
    QCOMPARE(token.value(u"models").toString(), u"gpt-4o,o3"_s);
    QCOMPARE(token.value(u"subnet").toString(), u"192.0.2.0/24,::1/128"_s);
    QCOMPARE(token.value(u"requests_per_minute").toInt(), 7);
    const QByteArray key = token.value(u"key").toString().toLatin1();
    QCOMPARE(key.size(), 48);
    // It is in force when the answer comes.
    const auto &catalog = gateway.administration->publisher.catalog();
    const auto hash = secrets::tokenKeyHash(key);
    const domain::CatalogToken *known = catalog->tokenByHash(secrets::viewOf(hash));
    QVERIFY(known && known->user->username == u"alice"_s);
    const domain::TokenId id = known->token.id;
    QCOMPARE(gateway.admission->tokenBalance({2}, id)->units, 1000);

    const QByteArray path = "/api/token/" + QByteArray::number(id.value);
    QCOMPARE(gateway.ask("GET", path, alice).object().value(u"key").toString().toLatin1(), key);
    QCOMPARE(gateway.ask("GET", "/api/token/?order=remain_quota", alice).array().size(), 2);
    QCOMPARE(gateway.ask("GET", "/api/token/search?keyword=lap", alice).array().size(), 1);
    QCOMPARE(gateway.ask("GET", "/api/token/search?keyword=top", alice).array().size(), 0);

    QVERIFY(gateway
                .ask("PUT",
                     "/api/token/",
                     alice,
                     {{u"id"_s, id.value},
                      {u"name"_s, u"desk"_s},
                      {u"remain_quota"_s, 1500},
                      {u"expired_time"_s, 1900000000},
                      {u"unlimited_quota"_s, false},
                      {u"models"_s, u""_s},
                      {u"subnet"_s, u""_s}})
                .success());
    const QJsonObject changed = gateway.ask("GET", path, alice).object();
    QCOMPARE(changed.value(u"name").toString(), u"desk"_s);
    QCOMPARE(changed.value(u"models").toString(), QString());
    QCOMPARE(changed.value(u"expired_time").toInt(), 1900000000);
    QCOMPARE(changed.value(u"key").toString().toLatin1(), key);
    QCOMPARE(gateway.admission->tokenBalance({2}, id)->units, 1500);

    QVERIFY(gateway.ask("DELETE", path, alice).success());
    QVERIFY(!gateway.administration->publisher.catalog()->tokenByHash(secrets::viewOf(hash)));
    QVERIFY(!gateway.ask("DELETE", path, alice).success());
    QVERIFY(!gateway.ask("GET", "/api/token/abc", alice).success());
}

void TestAccountRoutes::tokenStatus()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const qint64 now = gateway.clock.wallMilliseconds() / 1000;
    gateway.ask("POST",
                "/api/token/",
                root,
                {{u"name"_s, u"t"_s}, {u"remain_quota"_s, 5}, {u"expired_time"_s, now + 60}});
    const auto setStatus = [&](int status) {
        return gateway.ask("PUT",
                           "/api/token/?status_only=true",
                           root,
                           {{u"id"_s, 1}, {u"status"_s, status}, {u"name"_s, u"ignored"_s}});
    };

    QCOMPARE(setStatus(2).object().value(u"status").toInt(), 2);
    QCOMPARE(gateway.ask("GET", "/api/token/1", root).object().value(u"name").toString(), u"t"_s);
    QVERIFY(!setStatus(3).success());
    QVERIFY(!setStatus(0).success());
    QVERIFY(setStatus(1).success());

    gateway.clock.advance(std::chrono::seconds(61));
    QCOMPARE(gateway.ask("GET", "/api/token/1", root).object().value(u"status").toInt(), 3);
    QVERIFY(setStatus(1).message().contains(u"expired"));
    gateway.ask("PUT",
                "/api/token/",
                root,
                {{u"id"_s, 1}, {u"expired_time"_s, -1}, {u"remain_quota"_s, 0}});
    QCOMPARE(gateway.ask("GET", "/api/token/1", root).object().value(u"status").toInt(), 4);
    QVERIFY(setStatus(1).message().contains(u"used up"));
}

void TestAccountRoutes::budgets()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const auto token = gateway
                           .ask("POST",
                                "/api/token/",
                                root,
                                {{u"name"_s, u"daily"_s},
                                 {u"budget_period"_s, u"day"_s},
                                 {u"budget_limit"_s, 1000}})
                           .object();
    QCOMPARE(token.value(u"remain_quota").toInt(), 1000);
    QCOMPARE(token.value(u"budget_period").toString(), u"day"_s);
    QCOMPARE(token.value(u"budget_warning").toInt(), 80);
    QVERIFY(token.value(u"budget_reset_time").toInteger()
            > gateway.clock.wallMilliseconds() / 1000);
    const QJsonValue id = token.value(u"id");

    const auto raised =
        gateway.ask("PUT", "/api/token/", root, {{u"id"_s, id}, {u"budget_limit"_s, 1500}})
            .object();
    QCOMPARE(raised.value(u"remain_quota").toInt(), 1500);
    QCOMPARE(raised.value(u"budget_reset_time"), token.value(u"budget_reset_time"));
    QVERIFY(
        gateway.ask("PUT", "/api/token/", root, {{u"id"_s, id}, {u"budget_period"_s, u"hourly"_s}})
            .message()
            .contains(u"once, day, week or month"));
    QVERIFY(!gateway.ask("PUT", "/api/token/", root, {{u"id"_s, id}, {u"budget_limit"_s, 0}})
                 .success());
    QVERIFY(!gateway.ask("PUT", "/api/token/", root, {{u"id"_s, id}, {u"budget_warning"_s, 101}})
                 .success());

    // A whole object that is put back changes what was changed in it.
    QJsonObject whole = raised;
    whole.insert(u"remain_quota"_s, 40);
    const auto put = gateway.ask("PUT", "/api/token/", root, whole).object();
    QCOMPARE(put.value(u"remain_quota").toInt(), 40);
    QCOMPARE(put.value(u"budget_limit").toInt(), 1500);
    // One of another period does not bring its balance along.
    whole.insert(u"remain_quota"_s, 3);
    whole.insert(u"budget_reset_time"_s, 5);
    QCOMPARE(gateway.ask("PUT", "/api/token/", root, whole).object().value(u"remain_quota").toInt(),
             40);

    const auto user = gateway
                          .ask("POST",
                               "/api/user/",
                               root,
                               {{u"username"_s, u"ann"_s},
                                {u"password"_s, u"long enough"_s},
                                {u"budget_period"_s, u"month"_s},
                                {u"budget_limit"_s, 900}})
                          .object();
    QCOMPARE(user.value(u"quota").toInt(), 900);
    QVERIFY(gateway
                .ask("PUT",
                     "/api/user/",
                     root,
                     {{u"id"_s, user.value(u"id")}, {u"budget_warning"_s, 60}})
                .success());
    const auto changed =
        gateway.ask("GET", "/api/user/" + QByteArray::number(user.value(u"id").toInt()), root)
            .object();
    QCOMPARE(changed.value(u"budget_period").toString(), u"month"_s);
    QCOMPARE(changed.value(u"budget_warning").toInt(), 60);
    QCOMPARE(changed.value(u"quota").toInt(), 900);
    QJsonObject wholeUser = changed;
    wholeUser.insert(u"quota"_s, 70);
    QVERIFY(gateway.ask("PUT", "/api/user/", root, wholeUser).success());
    const auto after =
        gateway.ask("GET", "/api/user/" + QByteArray::number(user.value(u"id").toInt()), root)
            .object();
    QCOMPARE(after.value(u"quota").toInt(), 70);
    QVERIFY(
        !gateway
             .ask("POST", "/api/token/", root, {{u"name"_s, u"odd"_s}, {u"budget_limit"_s, 1000}})
             .success());
}

void TestAccountRoutes::masksKeys()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    const QByteArray key = gateway.ask("POST", "/api/token/", root, {{u"unlimited_quota"_s, true}})
                               .object()
                               .value(u"key")
                               .toString()
                               .toLatin1();
    QVERIFY(gateway.ask("GET", "/api/token/", root).body.contains(key));

    QVERIFY(gateway
                .ask("PUT",
                     "/api/option/",
                     root,
                     {{u"key"_s, u"accounting.mask_keys"_s}, {u"value"_s, u"true"_s}})
                .success());

    QVERIFY(!gateway.ask("GET", "/api/token/", root).body.contains(key));
    QVERIFY(gateway.ask("GET", "/api/token/", root).body.contains(key.first(4)));
}
} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestAccountRoutes)
#include "tst_accountroutes.moc"
