#include "support/managementfixture.h"

#include "management/router.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using domain::Role;
using management::Policy;
using management::Route;
using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

namespace {

// A path that the pattern fits.
QByteArray pathOf(const Route &route)
{
    QByteArray path = route.pattern;
    path.replace(":id", "1");
    return path;
}

} // namespace

// Who may do what, and what nobody is told.
class TestAccess : public QObject
{
    Q_OBJECT

private slots:
    void everyRouteRefusesStrangers();
    void everyRouteKeepsItsRole();
    void everyRouteAnswersRoot();
    void refusesForeignHosts();
    void refusesForeignPages_data();
    void refusesForeignPages();
    void limitsAddresses();
    void keepsUsersApart();
    void ignoresWhatIsNotTheUsersToSay();
    void keepsAdministratorsFromSuperiors();
    void keepsSecrets();
    void refusesBadBodies_data();
    void refusesBadBodies();
    void answersOnceAfterTheEnd();
};

void TestAccess::everyRouteRefusesStrangers()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway.api->routes().size() > 50);

    for (const Route &route : gateway.api->routes()) {
        const QByteArray name = route.method + ' ' + route.pattern;
        QVERIFY2(route.policy.kind != Policy::Kind::Undeclared, name.constData());
        if (route.policy.kind == Policy::Kind::Public)
            continue;
        const QByteArray body = route.hasBody ? QByteArray("{}") : QByteArray();
        const ApiAnswer answer = gateway.ask(gateway.request(route.method, pathOf(route), body));
        QVERIFY2(answer.status == 401, name.constData());
        QVERIFY2(!answer.success() && answer.data().isUndefined(), name.constData());
    }
    QCOMPARE(gateway.ask("GET", "/api/user/", {.local = true}).array().size(), 1);
}

void TestAccess::everyRouteKeepsItsRole()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials user = gateway.newUser(u"alice"_s);
    const Credentials administrator = gateway.newUser(u"boss"_s, Role::Administrator);
    QVERIFY(gateway
                .ask("PUT",
                     "/api/option/",
                     {.local = true},
                     {{u"key"_s, u"http.api_rate_limit"_s}, {u"value"_s, u"0"_s}})
                .success());

    for (const Route &route : gateway.api->routes()) {
        if (route.policy.kind != Policy::Kind::SignedIn)
            continue;
        const QByteArray name = route.method + ' ' + route.pattern;
        const QByteArray body = route.hasBody ? QByteArray("{}") : QByteArray();
        for (const auto &[credentials, role] :
             {std::pair(user, Role::User), std::pair(administrator, Role::Administrator)}) {
            if (route.policy.least <= role)
                continue;
            const ApiAnswer answer =
                gateway.ask(gateway.request(route.method, pathOf(route), body, credentials));
            QVERIFY2(!answer.success(), name.constData());
            QCOMPARE(answer.message(), u"You do not have the right to do this."_s);
        }
    }
}

// Nothing of what is asked for makes sense, but each answer is one, and comes once.
void TestAccess::everyRouteAnswersRoot()
{
    ManagementFixture gateway;
    gateway.startApi();
    for (const Route &route : gateway.api->routes()) {
        if (route.policy.kind == Policy::Kind::RelayToken || route.pattern == "/api/user/self")
            continue;
        if (route.pattern == "/metrics")
            continue; // no JSON; see tst_metricsroute
        const QByteArray name = route.method + ' ' + route.pattern;
        const QByteArray body = route.hasBody ? QByteArray("{}") : QByteArray();
        for (const QByteArray &slash : {QByteArray(), QByteArray("/")}) {
            const ApiAnswer answer = gateway.ask(
                gateway.request(route.method, pathOf(route) + slash, body, {.local = true}));
            const bool isAnswer =
                answer.status == 200 || (answer.status == 400 && route.badBodyStatus == 400);
            QVERIFY2(isAnswer, QByteArray(name + ' ' + answer.body).constData());
            QVERIFY2(!answer.json.isEmpty(), name.constData());
        }
    }
    QCOMPARE(gateway.ask("GET", "/api/nowhere", {}).status, 404);
    QVERIFY(gateway.ask("GET", "/api/nowhere", {}).json.contains(u"error"));
    const ApiAnswer wrong = gateway.ask("PATCH", "/api/user/", {});
    QCOMPARE(wrong.status, 405);
    QVERIFY(wrong.header("Allow").contains("POST"));
}

void TestAccess::refusesForeignHosts()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    auto request = gateway.request("GET", "/api/user/self", {}, root);
    request.headers.front().second = "evil.example:3000";

    for (const QByteArray &path : {QByteArray("/api/user/self"), QByteArray("/api/status")}) {
        request.path = path;
        QCOMPARE(gateway.ask(request).status, 403);
    }
    QVERIFY(gateway.ask(request).message().contains(u"server.allowed_hosts"));

    QVERIFY(gateway
                .ask("PUT",
                     "/api/option/",
                     root,
                     {{u"key"_s, u"server.allowed_hosts"_s},
                      {u"value"_s, u"gate.example, evil.example"_s}})
                .success());
    QCOMPARE(gateway.ask(request).status, 200);
    gateway.api->setListeners({u"http://tower.lan:3000"_s});
    request.headers.front().second = "tower.lan:3000";
    QCOMPARE(gateway.ask(request).status, 200);
}

void TestAccess::refusesForeignPages_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("status");
    const QByteArray name(R"({"display_name":"Mallory"})");
    QTest::newRow("text/plain") << QByteArray("PUT") << QByteArray("/api/user/self") << name
                                << QByteArray("Content-Type") << QByteArray("text/plain") << 415;
    QTest::newRow("a form") << QByteArray("PUT") << QByteArray("/api/user/self") << name
                            << QByteArray("Content-Type")
                            << QByteArray("application/x-www-form-urlencoded") << 415;
    QTest::newRow("multipart") << QByteArray("PUT") << QByteArray("/api/user/self") << name
                               << QByteArray("Content-Type")
                               << QByteArray("multipart/form-data; boundary=x") << 415;
    QTest::newRow("another origin")
        << QByteArray("PUT") << QByteArray("/api/user/self") << name << QByteArray("Origin")
        << QByteArray("http://evil.example") << 403;
    QTest::newRow("another port of this machine")
        << QByteArray("PUT") << QByteArray("/api/user/self") << name << QByteArray("Origin")
        << QByteArray("http://127.0.0.1:8080") << 403;
    QTest::newRow("a GET with an effect")
        << QByteArray("GET") << QByteArray("/api/user/token") << QByteArray()
        << QByteArray("Sec-Fetch-Site") << QByteArray("same-site") << 403;
    QTest::newRow("signing out") << QByteArray("GET") << QByteArray("/api/user/logout")
                                 << QByteArray() << QByteArray("Sec-Fetch-Site")
                                 << QByteArray("cross-site") << 403;
    QTest::newRow("signing in") << QByteArray("POST") << QByteArray("/api/user/login") << name
                                << QByteArray("Origin") << QByteArray("null") << 403;
    QTest::newRow("reading") << QByteArray("GET") << QByteArray("/api/user/self") << QByteArray()
                             << QByteArray("Origin") << QByteArray("http://evil.example") << 403;
    QTest::newRow("the same origin")
        << QByteArray("PUT") << QByteArray("/api/user/self") << name << QByteArray("Origin")
        << QByteArray("http://127.0.0.1:3000") << 200;
    QTest::newRow("JSON with a charset")
        << QByteArray("PUT") << QByteArray("/api/user/self") << name << QByteArray("Content-Type")
        << QByteArray("application/json; charset=utf-8") << 200;
}

void TestAccess::refusesForeignPages()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    QFETCH(int, status);
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials session = gateway.newUser(u"alice"_s);
    auto request = gateway.request(method, target, body, session);
    std::erase_if(request.headers, [&](const auto &field) { return field.first == header; });
    request.headers.emplace_back(header, value);

    const ApiAnswer answer = gateway.ask(request);

    QCOMPARE(answer.status, status);
    QVERIFY(answer.header("Access-Control-Allow-Origin").isEmpty());
    const QString name =
        gateway.ask("GET", "/api/user/self", session).object().value(u"display_name").toString();
    QCOMPARE(name, status == 200 ? u"Mallory"_s : u"alice"_s);
}

void TestAccess::limitsAddresses()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway
                .ask("PUT",
                     "/api/option/",
                     {.local = true},
                     {{u"key"_s, u"http.api_rate_limit"_s}, {u"value"_s, u"3"_s}})
                .success());

    for (int i = 0; i < 3; ++i)
        QCOMPARE(gateway.ask("GET", "/api/notice", {}).status, 200);
    const ApiAnswer refused = gateway.ask("GET", "/api/notice", {});
    QCOMPARE(refused.status, 429);
    QVERIFY(refused.header("Retry-After").toInt() > 0 && !refused.message().isEmpty());
    // Neither the status nor local programs are counted, and no other address.
    QCOMPARE(gateway.ask("GET", "/api/status", {}).status, 200);
    QCOMPARE(gateway.ask("GET", "/api/notice", {.local = true}).status, 200);
    gateway.client = QHostAddress(u"192.0.2.8"_s);
    QCOMPARE(gateway.ask("GET", "/api/notice", {}).status, 200);
}

void TestAccess::keepsUsersApart()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const Credentials bob = gateway.newUser(u"bob"_s);
    const ApiAnswer made = gateway.ask(
        "POST", "/api/token/", alice, {{u"name"_s, u"hers"_s}, {u"unlimited_quota"_s, true}});
    const qint64 id = made.object().value(u"id").toInteger();
    const QByteArray path = "/api/token/" + QByteArray::number(id);

    QVERIFY(!gateway.ask("GET", path, bob).success());
    QVERIFY(!gateway.ask("DELETE", path, bob).success());
    QVERIFY(
        !gateway.ask("PUT", "/api/token/", bob, {{u"id"_s, id}, {u"name"_s, u"his"_s}}).success());
    QVERIFY(!gateway.ask("PUT", "/api/token/?status_only=1", bob, {{u"id"_s, id}, {u"status"_s, 2}})
                 .success());
    // Not even root finds it among its own.
    QVERIFY(!gateway.ask("GET", path, {.local = true}).success());

    QCOMPARE(gateway.ask("GET", path, alice).object().value(u"name").toString(), u"hers"_s);
    QCOMPARE(gateway.ask("GET", path, alice).object().value(u"status").toInt(), 1);
    const QByteArray key = made.object().value(u"key").toString().toLatin1();
    QVERIFY(!gateway.ask("GET", "/api/token/", bob).body.contains(key));
    QVERIFY(!gateway.ask("GET", "/api/token/search?keyword=hers", bob).body.contains(key));
}

void TestAccess::ignoresWhatIsNotTheUsersToSay()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const QJsonObject before = gateway.ask("GET", "/api/user/self", alice).object();

    gateway.ask("PUT",
                "/api/user/self",
                alice,
                {{u"id"_s, 1},
                 {u"role"_s, 100},
                 {u"status"_s, 1},
                 {u"group"_s, u"vip"_s},
                 {u"quota"_s, 1000000},
                 {u"display_name"_s, u"alice"_s}});
    const ApiAnswer token = gateway.ask("POST",
                                        "/api/token/",
                                        alice,
                                        {{u"name"_s, u"x"_s},
                                         {u"id"_s, 77},
                                         {u"user_id"_s, 1},
                                         {u"key"_s, u"chosen-by-the-client-0123456789"_s},
                                         {u"used_quota"_s, -5},
                                         {u"status"_s, 3}});

    QCOMPARE(gateway.ask("GET", "/api/user/self", alice).object(), before);
    QVERIFY(token.success());
    QCOMPARE(token.object().value(u"user_id").toInteger(), before.value(u"id").toInteger());
    QVERIFY(token.object().value(u"id").toInt() != 77);
    QCOMPARE(token.object().value(u"key").toString().size(), 48);
    QCOMPARE(token.object().value(u"used_quota").toInt(), 0);
}

void TestAccess::keepsAdministratorsFromSuperiors()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials boss = gateway.newUser(u"boss"_s, Role::Administrator);
    gateway.newUser(u"peer"_s, Role::Administrator);
    gateway.newUser(u"alice"_s);
    const auto peer = gateway.ask("GET", "/api/user/search?keyword=peer", boss).array();
    const qint64 peerId = peer.at(0).toObject().value(u"id").toInteger();

    for (const qint64 id : {qint64(1), peerId}) {
        const QByteArray path = "/api/user/" + QByteArray::number(id);
        QVERIFY(!gateway.ask("GET", path, boss).success());
        QVERIFY(!gateway.ask("DELETE", path, boss).success());
        for (const QJsonObject &change :
             {QJsonObject{{u"id"_s, id}, {u"password"_s, u"taken over!"_s}},
              QJsonObject{{u"id"_s, id}, {u"quota"_s, 5}},
              QJsonObject{{u"id"_s, id}, {u"role"_s, 1}}})
            QVERIFY(!gateway.ask("PUT", "/api/user/", boss, change).success());
        QVERIFY(!gateway.ask("POST", "/api/topup", boss, {{u"user_id"_s, id}, {u"quota"_s, 5}})
                     .success());
    }
    for (const QString &action : {u"disable"_s, u"delete"_s, u"demote"_s, u"promote"_s}) {
        for (const QString &name : {u"root"_s, u"peer"_s}) {
            QVERIFY(!gateway
                         .ask("POST",
                              "/api/user/manage",
                              boss,
                              {{u"username"_s, name}, {u"action"_s, action}})
                         .success());
        }
    }
    // Nor can an administrator make another one, by whatever way.
    QVERIFY(!gateway
                 .ask("POST",
                      "/api/user/",
                      boss,
                      {{u"username"_s, u"eve"_s},
                       {u"password"_s, u"a long password"_s},
                       {u"role"_s, 10}})
                 .success());
    QVERIFY(!gateway
                 .ask("POST",
                      "/api/user/manage",
                      boss,
                      {{u"username"_s, u"alice"_s}, {u"action"_s, u"promote"_s}})
                 .success());
    // Root itself is safe from root.
    for (const QString &action : {u"disable"_s, u"delete"_s, u"demote"_s}) {
        QVERIFY(!gateway
                     .ask("POST",
                          "/api/user/manage",
                          {.local = true},
                          {{u"username"_s, u"root"_s}, {u"action"_s, action}})
                     .success());
    }
    QVERIFY(!gateway.ask("DELETE", "/api/user/self", gateway.rootSession()).success());
}

void TestAccess::keepsSecrets()
{
    ManagementFixture gateway;
    gateway.first.initialAccessToken = base::Secret(QByteArray("cafe0123cafe0123cafe0123cafe0123"));
    gateway.first.initialToken = base::Secret(QByteArray("sk-rootCanaryTokenKey0123456789"));
    gateway.startApi();
    const Credentials boss = gateway.newUser(u"boss"_s, Role::Administrator);
    const QByteArray bossToken =
        gateway.ask("GET", "/api/user/token", boss).data().toString().toLatin1();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const ApiAnswer channel = gateway.ask(
        "POST",
        "/api/channel/",
        boss,
        {{u"type"_s, 1},
         {u"name"_s, u"OpenAI"_s},
         {u"key"_s, u"sk-channelCanary1\nsk-channelCanary2"_s},
         {u"key_mode"_s, u"multi"_s},
         {u"models"_s, u"gpt-4o"_s},
         {u"proxy"_s, u"http://user:proxyCanary@proxy.example:8080"_s},
         {u"header_overrides"_s, QJsonObject{{u"Authorization"_s, u"Bearer headerCanary"_s}}},
         {u"body_overrides"_s, QJsonObject{{u"api_key"_s, u"bodyCanary"_s}}}});
    QVERIFY2(channel.success(), qPrintable(channel.message()));
    const ApiAnswer changed =
        gateway.ask("PUT",
                    "/api/channel/",
                    boss,
                    {{u"id"_s, channel.object().value(u"id")}, {u"key"_s, u"sk-channelCanary3"_s}});
    QVERIFY(changed.success());

    const QByteArrayList canaries{"channelCanary",
                                  "proxyCanary",
                                  "headerCanary",
                                  "bodyCanary",
                                  "rootCanaryTokenKey",
                                  "cafe0123",
                                  bossToken,
                                  "correct horse battery"};
    QByteArrayList texts{channel.body, changed.body};
    for (const Route &route : gateway.api->routes()) {
        if (route.method != "GET" || route.pattern == "/api/user/token")
            continue;
        for (const Credentials &credentials : {Credentials{}, alice, boss})
            texts.append(gateway.ask("GET", pathOf(route), credentials).body);
    }
    for (const QByteArray &path : {QByteArray("/api/user/"),
                                   QByteArray("/api/user/search?keyword=root"),
                                   QByteArray("/api/channel/"),
                                   QByteArray("/api/channel/search?keyword="),
                                   QByteArray("/api/option/"),
                                   QByteArray("/api/log/"),
                                   QByteArray("/api/channel/1")})
        texts.append(gateway.ask("GET", path, {.local = true}).body);

    for (const QByteArray &text : std::as_const(texts)) {
        for (const QByteArray &canary : canaries)
            QVERIFY2(!text.contains(canary), QByteArray(canary + " in " + text).constData());
    }
    // What only its owner sees.
    QVERIFY(gateway.ask("GET", "/api/token/", {.local = true}).body.contains("rootCanaryTokenKey"));

    gateway.stopApi();
    for (const QString &suffix : {QString(), u"-wal"_s}) {
        QFile file(gateway.databasePath() + suffix);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        for (const QByteArray &canary : {QByteArray("sk-channelCanary"),
                                         QByteArray("rootCanaryTokenKey"),
                                         bossToken,
                                         QByteArray("correct horse battery")})
            QVERIFY2(!bytes.contains(canary), canary.constData());
    }
}

void TestAccess::refusesBadBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("an array") << QByteArray("[1,2]");
    QTest::newRow("broken off") << QByteArray(R"({"name":"x")");
    QTest::newRow("something behind") << QByteArray(R"({"name":"x"}{})");
    QTest::newRow("wrong type") << QByteArray(R"({"name":5})");
    QTest::newRow("a text for a number") << QByteArray(R"({"name":"x","remain_quota":"5"})");
    QTest::newRow("a fraction") << QByteArray(R"({"name":"x","remain_quota":1.5})");
    QTest::newRow("negative") << QByteArray(R"({"name":"x","remain_quota":-5})");
    QTest::newRow("2^63") << QByteArray(R"({"name":"x","remain_quota":9223372036854775808})");
    QTest::newRow("10^400") << QByteArray(R"({"name":"x","remain_quota":1e400})");
    QTest::newRow("more than JSON holds exactly")
        << QByteArray(R"({"name":"x","remain_quota":9007199254740993000})");
    QTest::newRow("a negative limit") << QByteArray(R"({"name":"x","requests_per_minute":-1})");
    QTest::newRow("a negative expiry") << QByteArray(R"({"name":"x","expired_time":-77})");
    QTest::newRow("no subnet") << QByteArray(R"({"name":"x","subnet":"10.0.0.0/99"})");
    QTest::newRow("deep") << QByteArray("{\"name\":" + QByteArray(5000, '[') + QByteArray(5000, ']')
                                        + "}");
    QTest::newRow("long") << QByteArray("{\"name\":\"" + QByteArray(3'000'000, 'x') + "\"}");
    QTest::newRow("a long name") << QByteArray("{\"name\":\"" + QByteArray(101, 'x') + "\"}");
    QTest::newRow("a control character") << QByteArray(R"({"name":"a\u0007b"})");
}

void TestAccess::refusesBadBodies()
{
    QFETCH(QByteArray, body);
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();

    const ApiAnswer answer = gateway.ask(gateway.request("POST", "/api/token/", body, root));

    QVERIFY(!answer.success());
    QVERIFY(answer.status < 500 && !answer.message().isEmpty());
    QCOMPARE(gateway.ask("GET", "/api/token/", root).array().size(), 0);
}

// What is asked while the database is gone is answered, too.
void TestAccess::answersOnceAfterTheEnd()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials root = gateway.rootSession();
    gateway.storage->stop();

    const ApiAnswer list = gateway.ask("GET", "/api/token/", root);
    QVERIFY(!list.success());
    QVERIFY(list.status >= 500);
    // No trouble of the database signs anyone out.
    QVERIFY(gateway.ask("GET", "/api/models", root).success());
    QVERIFY(gateway.ask("GET", "/api/status", {}).success());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestAccess)
#include "tst_access.moc"
