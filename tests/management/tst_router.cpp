#include "gateway/addresslimit.h"
#include "management/guard.h"
#include "management/router.h"
#include "support/manualclock.h"

#include <QtTest>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

namespace {

Response nothing(const Call &)
{
    return responded(succeeded());
}

Route route(const QByteArray &method, const QByteArray &pattern, Policy policy = Policy::open())
{
    return {.method = method, .pattern = pattern, .policy = policy, .handler = nothing};
}

} // namespace

class TestRouter : public QObject
{
    Q_OBJECT

private slots:
    void matches_data();
    void matches();
    void refusesTables_data();
    void refusesTables();
    void allowsHosts_data();
    void allowsHosts();
    void knowsForeignOrigins_data();
    void knowsForeignOrigins();
    void limitsAddresses();
    void readsQueries();
};

void TestRouter::matches_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("pattern"); // empty: none
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("without a slash")
        << QByteArray("GET") << QByteArray("/api/user") << QByteArray("/api/user") << QByteArray();
    QTest::newRow("with a slash") << QByteArray("GET") << QByteArray("/api/user/")
                                  << QByteArray("/api/user") << QByteArray();
    QTest::newRow("HEAD is GET") << QByteArray("HEAD") << QByteArray("/api/user/")
                                 << QByteArray("/api/user") << QByteArray();
    QTest::newRow("a place") << QByteArray("GET") << QByteArray("/api/user/12")
                             << QByteArray("/api/user/:id") << QByteArray("12");
    QTest::newRow("a word before a place") << QByteArray("GET") << QByteArray("/api/user/self")
                                           << QByteArray("/api/user/self") << QByteArray();
    QTest::newRow("two slashes") << QByteArray("GET") << QByteArray("/api//user") << QByteArray()
                                 << QByteArray();
    QTest::newRow("two slashes at the end")
        << QByteArray("GET") << QByteArray("/api/user//") << QByteArray() << QByteArray();
    QTest::newRow("too long") << QByteArray("GET") << QByteArray("/api/user/1/2") << QByteArray()
                              << QByteArray();
    QTest::newRow("another case") << QByteArray("GET") << QByteArray("/API/user") << QByteArray()
                                  << QByteArray();
    QTest::newRow("a dot segment")
        << QByteArray("GET") << QByteArray("/api/x/../user") << QByteArray() << QByteArray();
    QTest::newRow("an encoded word is a place")
        << QByteArray("GET") << QByteArray("/api/user/sel%66") << QByteArray("/api/user/:id")
        << QByteArray("sel%66");
    QTest::newRow("another method")
        << QByteArray("DELETE") << QByteArray("/api/user") << QByteArray() << QByteArray();
}

void TestRouter::matches()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, id);
    Router router;
    router.add(route("GET", "/api/user/:id"));
    router.add(route("GET", "/api/user"));
    router.add(route("GET", "/api/user/self"));

    const Match match = router.match(method, path);

    QCOMPARE(match.route ? match.route->pattern : QByteArray(), pattern);
    QCOMPARE(match.places.value("id"), id);
    if (method == "DELETE")
        QCOMPARE(match.allowed, QByteArray("GET"));
}

void TestRouter::refusesTables_data()
{
    QTest::addColumn<bool>("withPolicy");
    QTest::addColumn<bool>("twice");
    QTest::addColumn<bool>("sound");
    QTest::newRow("in order") << true << false << true;
    QTest::newRow("a route without a policy") << false << false << false;
    QTest::newRow("a route that is there twice") << true << true << false;
}

void TestRouter::refusesTables()
{
    QFETCH(bool, withPolicy);
    QFETCH(bool, twice);
    QFETCH(bool, sound);
    Router router;
    router.add(route("GET", "/api/a", withPolicy ? Policy::open() : Policy{}));
    router.add(route("POST", "/api/a"));
    if (twice)
        router.add(route("GET", "/api/a"));

    QCOMPARE(router.check().has_value(), sound);
}

void TestRouter::allowsHosts_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("none") << QByteArray() << true;
    QTest::newRow("localhost") << QByteArray("localhost:3000") << true;
    QTest::newRow("in capitals") << QByteArray("LOCALHOST") << true;
    QTest::newRow("below localhost") << QByteArray("gate.localhost:3000") << true;
    QTest::newRow("IPv4") << QByteArray("192.168.1.5:3000") << true;
    QTest::newRow("IPv6") << QByteArray("[fd00::1]:3000") << true;
    QTest::newRow("a configured name") << QByteArray("gate.example.com") << true;
    QTest::newRow("a configured name with a port") << QByteArray("gate.example.com:8443") << true;
    QTest::newRow("a foreign name") << QByteArray("evil.example") << false;
    QTest::newRow("a foreign name with the port") << QByteArray("evil.example:3000") << false;
    QTest::newRow("an address as a label") << QByteArray("127.0.0.1.evil.example") << false;
    QTest::newRow("localhost as a label") << QByteArray("localhost.evil.example") << false;
    QTest::newRow("ends like a configured one") << QByteArray("xgate.example.com") << false;
}

void TestRouter::allowsHosts()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, allowed);

    QCOMPARE(isAllowedHost(host, {"gate.example.com"}), allowed);
}

void TestRouter::knowsForeignOrigins_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QByteArray>("site");
    QTest::addColumn<bool>("foreign");
    const QByteArray none;
    const QByteArray host("gate.example:3000");
    QTest::newRow("no browser") << host << none << none << false;
    QTest::newRow("the same") << host << QByteArray("http://gate.example:3000") << none << false;
    QTest::newRow("the same by its words") << host << none << QByteArray("same-origin") << false;
    QTest::newRow("typed by a person") << host << none << QByteArray("none") << false;
    QTest::newRow("usual port") << QByteArray("gate.example") << QByteArray("https://gate.example")
                                << none << false;
    QTest::newRow("another port") << host << QByteArray("http://gate.example:8080") << none << true;
    QTest::newRow("another port by its words") << host << none << QByteArray("same-site") << true;
    QTest::newRow("another site") << host << none << QByteArray("cross-site") << true;
    QTest::newRow("another host") << host << QByteArray("http://evil.example:3000") << none << true;
    QTest::newRow("a file") << host << QByteArray("null") << none << true;
    QTest::newRow("another scheme")
        << host << QByteArray("ftp://gate.example:3000") << none << true;
    QTest::newRow("a longer name")
        << host << QByteArray("http://gate.example.evil:3000") << none << true;
}

void TestRouter::knowsForeignOrigins()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, origin);
    QFETCH(QByteArray, site);
    QFETCH(bool, foreign);
    gateway::ApiRequest request{.method = "GET", .headers = {{"Host", host}}};
    if (!origin.isEmpty())
        request.headers.emplace_back("Origin", origin);
    if (!site.isEmpty())
        request.headers.emplace_back("Sec-Fetch-Site", site);

    const auto refused = foreignOrigin(request, route("GET", "/api/x", Policy::signedIn()));

    QCOMPARE(refused.has_value(), foreign);
    if (refused)
        QCOMPARE(refused->status, 403);
}

void TestRouter::limitsAddresses()
{
    support::ManualClock clock;
    clock.advance(std::chrono::seconds(180 - 1000 % 180));
    gateway::AddressLimit limit(clock);
    const QHostAddress one(u"192.0.2.1"_s);
    const QHostAddress mapped(u"::ffff:192.0.2.1"_s);
    const QHostAddress other(u"192.0.2.2"_s);

    for (int i = 0; i < 10; ++i)
        QCOMPARE(limit.take(i % 2 ? one : mapped, 10).count(), 0);
    const auto wait = limit.take(one, 10);
    QVERIFY(wait.count() > 0);
    QCOMPARE(limit.take(other, 10).count(), 0);
    QCOMPARE(limit.take(one, 0).count(), 0);

    clock.advance(2 * gateway::AddressLimit::window);
    QCOMPARE(limit.take(one, 10).count(), 0);
}

void TestRouter::readsQueries()
{
    const auto query = parsedQuery("keyword=a%20b+c&p=2&empty=&p=3&%3Dx=1&flag");

    QCOMPARE(query.value(u"keyword"_s), u"a b c"_s);
    QCOMPARE(query.value(u"p"_s), u"2"_s);
    QCOMPARE(query.value(u"=x"_s), u"1"_s);
    QVERIFY(query.contains(u"flag"_s) && query.contains(u"empty"_s));
}

} // namespace gatehouse::management

QTEST_GUILESS_MAIN(gatehouse::management::TestRouter)
#include "tst_router.moc"
