#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

// Signing in, staying signed in, and being signed out.
class TestSessions : public QObject
{
    Q_OBJECT

private slots:
    void signsIn();
    void saysNothingOfNames_data();
    void saysNothingOfNames();
    void slowsGuessing();
    void outlivesRestart();
    void refusesForgedCookies_data();
    void refusesForgedCookies();
    void changeOfPasswordVoidsOtherSessions();
    void disablingVoidsSessions();
    void signsOutEverywhere();
    void expires();
    void takesAccessTokens();
    void setsPasswordsLocally();
    void rolesCountAtOnce();
};

void TestSessions::signsIn()
{
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer =
        gateway.ask("POST",
                    "/api/user/login",
                    {},
                    {{u"username"_s, u"root"_s},
                     {u"password"_s, QString::fromLatin1(ManagementFixture::rootPassword)}});

    QVERIFY(answer.success());
    QCOMPARE(answer.object().value(u"username").toString(), u"root"_s);
    QCOMPARE(answer.object().value(u"role").toInt(), 100);
    const QByteArray cookie = answer.header("Set-Cookie");
    for (const QByteArray &part : {QByteArray("; HttpOnly"),
                                   QByteArray("; SameSite=Strict"),
                                   QByteArray("; Path=/"),
                                   QByteArray("; Max-Age=2592000")})
        QVERIFY2(cookie.contains(part), cookie.constData());
    QVERIFY(!cookie.contains("Secure"));
    const Credentials session{.session = answer.cookie()};
    QCOMPARE(gateway.ask("GET", "/api/user/self", session).object().value(u"id").toInt(), 1);

    const ApiAnswer left = gateway.ask("GET", "/api/user/logout", session);
    QVERIFY(left.header("Set-Cookie").contains("Max-Age=0"));
    // Over TLS the cookie stays on TLS.
    auto request = gateway.request(
        "POST", "/api/user/login", R"({"username":"root","password":"correct horse battery"})");
    request.tls = true;
    QVERIFY(gateway.ask(request).header("Set-Cookie").contains("; Secure"));
}

void TestSessions::saysNothingOfNames_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("wrong password") << QByteArray(R"({"username":"root","password":"123456"})");
    QTest::newRow("unknown name") << QByteArray(R"({"username":"nobody","password":"123456"})");
    QTest::newRow("disabled user")
        << QByteArray(R"({"username":"carol","password":"password-of-carol"})");
    QTest::newRow("empty") << QByteArray("{}");
}

void TestSessions::saysNothingOfNames()
{
    QFETCH(QByteArray, body);
    ManagementFixture gateway;
    gateway.startApi();
    gateway.newUser(u"carol"_s);
    QVERIFY(gateway
                .ask("POST",
                     "/api/user/manage",
                     {.local = true},
                     {{u"username"_s, u"carol"_s}, {u"action"_s, u"disable"_s}})
                .success());

    const ApiAnswer answer = gateway.ask(gateway.request("POST", "/api/user/login", body));

    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.success());
    QCOMPARE(answer.message(),
             u"The user name or the password is wrong, or the user is disabled."_s);
    QVERIFY(answer.header("Set-Cookie").isEmpty());
}

void TestSessions::slowsGuessing()
{
    ManagementFixture gateway;
    gateway.startApi();
    for (const QString &name : {u"root"_s, u"nobody"_s}) {
        int refusedAt = 0;
        for (int i = 1; i <= 10 && refusedAt == 0; ++i) {
            const ApiAnswer answer =
                gateway.ask("POST",
                            "/api/user/login",
                            {},
                            {{u"username"_s, name}, {u"password"_s, u"wrong password"_s}});
            if (answer.status == 429) {
                refusedAt = i;
                QVERIFY(answer.header("Retry-After").toInt() > 0);
            }
        }
        QVERIFY2(refusedAt >= 6 && refusedAt <= 10, QByteArray::number(refusedAt).constData());
    }
    // The right password is slowed as well, and works after the pause.
    QVERIFY(gateway.rootSession().session.isEmpty());
    gateway.clock.advance(std::chrono::minutes(20));
    QVERIFY(!gateway.rootSession().session.isEmpty());
}

void TestSessions::outlivesRestart()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials session = gateway.rootSession();

    gateway.restart();

    QVERIFY(!gateway.report.created);
    QVERIFY(gateway.ask("GET", "/api/user/self", session).success());
}

void TestSessions::refusesForgedCookies_data()
{
    QTest::addColumn<QByteArray>("secret"); // empty: the cookie below
    QTest::addColumn<QByteArray>("cookie");
    for (const QByteArray &secret :
         {QByteArray("123456"), QByteArray("random_string"), QByteArray(32, 'x')})
        QTest::newRow(secret.constData()) << secret << QByteArray();
    QTest::newRow("nonsense") << QByteArray() << QByteArray("abc");
    QTest::newRow("empty") << QByteArray() << QByteArray("\"\"");
}

void TestSessions::refusesForgedCookies()
{
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, cookie);
    ManagementFixture gateway;
    gateway.startApi();
    if (!secret.isEmpty()) {
        const secrets::SessionSignature signature{base::Secret(secret)};
        cookie = *signature.sign({1}, 0, gateway.clock.wallMilliseconds() / 1000, 3600);
    }

    const ApiAnswer answer = gateway.ask("GET", "/api/user/self", {.session = cookie});

    QCOMPARE(answer.status, 401);
    QVERIFY(!answer.success());
}

void TestSessions::changeOfPasswordVoidsOtherSessions()
{
    ManagementFixture gateway;
    gateway.startApi();
    gateway.newUser(u"alice"_s);
    const Credentials first = gateway.signIn(u"alice"_s, u"password-of-alice"_s);
    const Credentials second = gateway.signIn(u"alice"_s, u"password-of-alice"_s);
    const QByteArray token =
        gateway.ask("GET", "/api/user/token", second).data().toString().toLatin1();

    const ApiAnswer changed =
        gateway.ask("PUT", "/api/user/self", first, {{u"password"_s, u"a new password"_s}});

    QVERIFY(changed.success());
    QCOMPARE(gateway.ask("GET", "/api/user/self", second).status, 401);
    QVERIFY(!gateway.ask("GET", "/api/user/self", {.accessToken = token}).success());
    QCOMPARE(gateway.ask("GET", "/api/user/self", first).status, 401);
    // Who changed it goes on under a new cookie.
    QVERIFY(gateway.ask("GET", "/api/user/self", {.session = changed.cookie()}).success());
    QVERIFY(gateway.signIn(u"alice"_s, u"password-of-alice"_s).session.isEmpty());
    QVERIFY(!gateway.signIn(u"alice"_s, u"a new password"_s).session.isEmpty());
}

void TestSessions::disablingVoidsSessions()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const QByteArray token =
        gateway.ask("GET", "/api/user/token", alice).data().toString().toLatin1();
    const auto manage = [&](const QString &action) {
        return gateway.ask("POST",
                           "/api/user/manage",
                           {.local = true},
                           {{u"username"_s, u"alice"_s}, {u"action"_s, action}});
    };

    QCOMPARE(manage(u"disable"_s).object().value(u"status").toInt(), 2);
    for (const Credentials &credentials : {alice, Credentials{.accessToken = token}}) {
        const ApiAnswer answer = gateway.ask("GET", "/api/user/self", credentials);
        QCOMPARE(answer.status, 200);
        QVERIFY(!answer.success());
    }

    QCOMPARE(manage(u"enable"_s).object().value(u"status").toInt(), 1);
    QCOMPARE(gateway.ask("GET", "/api/user/self", alice).status, 401);
    QVERIFY(gateway.ask("GET", "/api/user/self", {.accessToken = token}).success());

    QVERIFY(manage(u"delete"_s).success());
    QVERIFY(!gateway.ask("GET", "/api/user/self", {.accessToken = token}).success());
}

void TestSessions::signsOutEverywhere()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials first = gateway.newUser(u"alice"_s);
    const Credentials second = gateway.signIn(u"alice"_s, u"password-of-alice"_s);
    const Credentials root = gateway.rootSession();
    const QByteArray token =
        gateway.ask("GET", "/api/user/token", first).data().toString().toLatin1();

    // Not somebody else.
    QVERIFY(!gateway.ask("POST", "/api/user/sign_out_everywhere", first, {{u"user_id"_s, 1}})
                 .success());
    QVERIFY(gateway.ask(gateway.request("POST", "/api/user/sign_out_everywhere", "{}", first))
                .success());

    QCOMPARE(gateway.ask("GET", "/api/user/self", first).status, 401);
    QCOMPARE(gateway.ask("GET", "/api/user/self", second).status, 401);
    QVERIFY(!gateway.ask("GET", "/api/user/self", {.accessToken = token}).success());
    QVERIFY(gateway.ask("GET", "/api/user/self", root).success());
}

void TestSessions::expires()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway
                .ask("PUT",
                     "/api/option/",
                     {.local = true},
                     {{u"key"_s, u"sessions.lifetime"_s}, {u"value"_s, u"2"_s}})
                .success());
    const Credentials session = gateway.rootSession();

    gateway.clock.advance(std::chrono::minutes(119));
    QVERIFY(gateway.ask("GET", "/api/user/self", session).success());
    gateway.clock.advance(std::chrono::minutes(2));
    QCOMPARE(gateway.ask("GET", "/api/user/self", session).status, 401);
}

void TestSessions::takesAccessTokens()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const QByteArray token =
        gateway.ask("GET", "/api/user/token", alice).data().toString().toLatin1();
    QCOMPARE(token.size(), 32);

    QVERIFY(gateway.ask("GET", "/api/user/self", {.accessToken = token}).success());
    auto plain = gateway.request("GET", "/api/user/self");
    plain.headers.emplace_back("Authorization", token);
    plain.headers.emplace_back("New-Api-User", "2");
    QVERIFY(gateway.ask(plain).success());
    // It needs no JSON content type, as no browser sends it by itself.
    auto form = gateway.request("PUT", "/api/user/self", R"({"display_name":"A"})");
    form.headers = {{"Authorization", token}, {"Content-Type", "text/plain"}};
    QVERIFY(gateway.ask(form).success());

    const ApiAnswer wrong =
        gateway.ask("GET", "/api/user/self", {.accessToken = QByteArray(32, 'a')});
    QCOMPARE(wrong.status, 200);
    QVERIFY(!wrong.success());
    // A new one voids the former.
    QVERIFY(gateway.ask("GET", "/api/user/token", alice).success());
    QVERIFY(!gateway.ask("GET", "/api/user/self", {.accessToken = token}).success());
}

void TestSessions::setsPasswordsLocally()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials alice = gateway.newUser(u"alice"_s);
    const QJsonObject body{{u"username"_s, u"alice"_s}, {u"password"_s, u"another one"_s}};

    QVERIFY(!gateway.ask("POST", "/api/user/set_password", alice, body).success());
    QVERIFY(gateway.ask("POST", "/api/user/set_password", {.local = true}, body).success());

    QVERIFY(!gateway.signIn(u"alice"_s, u"another one"_s).session.isEmpty());
    const ApiAnswer unknown = gateway.ask("POST",
                                          "/api/user/set_password",
                                          {.local = true},
                                          {{u"username"_s, u"bob"_s}, {u"password"_s, u"x"_s}});
    QVERIFY(!unknown.success());
}

void TestSessions::rolesCountAtOnce()
{
    ManagementFixture gateway;
    gateway.startApi();
    const Credentials boss = gateway.newUser(u"boss"_s, domain::Role::Administrator);
    QVERIFY(gateway.ask("GET", "/api/channel/", boss).success());

    QVERIFY(gateway
                .ask("POST",
                     "/api/user/manage",
                     {.local = true},
                     {{u"username"_s, u"boss"_s}, {u"action"_s, u"demote"_s}})
                .success());

    QVERIFY(!gateway.ask("GET", "/api/channel/", boss).success());
    QVERIFY(gateway.ask("GET", "/api/user/self", boss).success());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestSessions)
#include "tst_sessions.moc"
