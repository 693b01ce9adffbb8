#include "scenarios/gatewayharness.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::FakeUpstream;
using support::GatewayHarness;
using support::ReceivedRequest;
using support::Reply;
using support::Script;
using support::TestClient;

// What balancers and supervisors ask, without a key.
class ProbesScenario : public QObject
{
    Q_OBJECT

private slots:
    void whileItServes_data();
    void whileItServes();
    void versionOfTheProgram();
    void otherMethods_data();
    void otherMethods();
    void inEveryManner_data();
    void inEveryManner();
    void aBodyIsNotWaitedFor();
    void areNotLimited();
    void whileItIsPaused();
    void whileItStops();
    void whileTheDatabaseFails();
};

static QByteArray get(const QByteArray &path, const QByteArray &method = "GET")
{
    return method + ' ' + path + " HTTP/1.1\r\nHost: gate\r\n\r\n";
}

// The answer to the next request of the client.
static Reply asked(TestClient &client, const QByteArray &request)
{
    const size_t before = client.replies().size();
    client.send(request);
    const bool isThere = QTest::qWaitFor(
        [&] { return client.replies().size() > before && client.replies().back().isWhole; });
    return isThere ? client.replies().back() : Reply();
}

static QJsonObject bodyOf(const Reply &reply)
{
    return QJsonDocument::fromJson(reply.body).object();
}

void ProbesScenario::whileItServes_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("status");

    QTest::newRow("the process") << QByteArray("/healthz") << u"ok"_s;
    QTest::newRow("the process, by its other name") << QByteArray("/livez") << u"ok"_s;
    QTest::newRow("whether it serves") << QByteArray("/readyz") << u"ready"_s;
    QTest::newRow("with a query") << QByteArray("/readyz?verbose") << u"ready"_s;
}

void ProbesScenario::whileItServes()
{
    QFETCH(QByteArray, path);
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    const Reply reply = asked(*client, get(path));

    QCOMPARE(reply.status, 200);
    QTEST(bodyOf(reply).value(u"status").toString(), "status");
    QCOMPARE(reply.header("Content-Type"), QByteArray("application/json"));
    QCOMPARE(reply.header("Cache-Control"), QByteArray("no-store"));
    QVERIFY(!reply.header("X-Request-Id").isEmpty());
    QVERIFY(client->isOpen());
}

void ProbesScenario::versionOfTheProgram()
{
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    const Reply reply = asked(*client, get("/version"));

    QCOMPARE(reply.status, 200);
    QCOMPARE(bodyOf(reply), (QJsonObject{{u"name"_s, u"Gatehouse"_s}, {u"version"_s, u"1.2.3"_s}}));
}

void ProbesScenario::otherMethods_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");

    QTest::newRow("HEAD") << get("/readyz", "HEAD") << 200;
    QTest::newRow("OPTIONS") << get("/readyz", "OPTIONS") << 204;
    QTest::newRow("DELETE") << get("/readyz", "DELETE") << 405;
    QTest::newRow("below it") << get("/readyz/x") << 404;
    QTest::newRow("a slash behind it") << get("/readyz/") << 404;
}

void ProbesScenario::otherMethods()
{
    QFETCH(QByteArray, request);
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    client->send(request);
    QTRY_VERIFY(client->received().contains("\r\n\r\n"));

    QTEST(client->reply().status, "status");
    if (request.startsWith("HEAD")) {
        QVERIFY(client->received().endsWith("\r\n\r\n"));
        QVERIFY(client->reply().header("Content-Length").toInt() > 0);
    }
    if (request.startsWith("DELETE"))
        QCOMPARE(client->reply().header("Allow"), QByteArray("GET, HEAD, OPTIONS"));
}

void ProbesScenario::inEveryManner_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<bool>("staysOpen");

    QTest::newRow("HTTP/1.0, as simple balancers ask")
        << QByteArray("GET /readyz HTTP/1.0\r\n\r\n") << false;
    QTest::newRow("HTTP/1.0, kept")
        << QByteArray("GET /readyz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") << true;
    QTest::newRow("by another name of the host")
        << QByteArray("GET /readyz HTTP/1.1\r\nHost: 10.0.0.9:99\r\n\r\n") << true;
    QTest::newRow("with a key of nobody")
        << QByteArray("GET /readyz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer no\r\n\r\n")
        << true;
}

void ProbesScenario::inEveryManner()
{
    QFETCH(QByteArray, request);
    QFETCH(bool, staysOpen);
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    const Reply reply = asked(*client, request);

    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.body, QByteArray(R"({"status":"ready"})"));
    if (!staysOpen)
        QTRY_VERIFY(client->isClosed());
    else
        QVERIFY(client->isOpen());
}

void ProbesScenario::aBodyIsNotWaitedFor()
{
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    const Reply reply =
        asked(*client, "GET /healthz HTTP/1.1\r\nHost: gate\r\nContent-Length: 30000000\r\n\r\n{");

    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("Connection"), QByteArray("close"));
    const auto other = gate.connect();
    QCOMPARE(
        asked(*other, "GET /healthz HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n{}").status,
        200);
    QCOMPARE(asked(*other, get("/healthz")).status, 200);
}

void ProbesScenario::areNotLimited()
{
    GatewayHarness gate;
    gate.content.settings().http.webRequestsPerThreeMinutes = 1;
    gate.start();
    const auto client = gate.connect();

    for (int i = 0; i < 5; ++i)
        QCOMPARE(asked(*client, get("/readyz")).status, 200);
    QCOMPARE(asked(*client, get("/nothing")).status, 404);
    QCOMPARE(asked(*client, get("/nothing")).status, 429);
    QCOMPARE(asked(*client, get("/livez")).status, 200);
}

void ProbesScenario::whileItIsPaused()
{
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    gate.pause(true);
    const Reply paused = asked(*client, get("/readyz"));
    const Reply alive = asked(*client, get("/healthz"));
    gate.pause(false);
    const Reply ready = asked(*client, get("/readyz"));

    QCOMPARE(paused.status, 503);
    QCOMPARE(bodyOf(paused).value(u"reason").toString(), u"paused"_s);
    QVERIFY(paused.header("Retry-After").toInt() >= 1);
    QCOMPARE(alive.status, 200);
    QCOMPARE(ready.status, 200);
}

// Whoever comes on a connection from before is told; new ones are not accepted.
void ProbesScenario::whileItStops()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start({.threads = 1});
    const auto running = gate.chat();
    QTRY_COMPARE(provider.requestCount(), 1);
    const auto client = gate.connect();
    // It has begun to ask, so that it is heard to the end.
    QCOMPARE(asked(*client, get("/readyz")).status, 200);
    client->send("GET /readyz HTTP/1.1\r\nHost: gate\r\n");
    const auto other = gate.connect();
    QCOMPARE(asked(*other, get("/readyz")).status, 200);

    gate.stop(60s);
    QTRY_VERIFY(other->isClosed());
    client->send("\r\n");
    QTRY_COMPARE(client->replies().size(), size_t(2));

    QCOMPARE(client->replies().back().status, 503);
    QCOMPARE(bodyOf(client->replies().back()).value(u"reason").toString(), u"stopping"_s);
    QTRY_VERIFY(client->isClosed());
    running->close();
    QTRY_VERIFY(gate.hasStopped() && gate.allIsStored());
}

void ProbesScenario::whileTheDatabaseFails()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::jsonAnswer(200, support::chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();
    QSqlDatabase other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"holds"_s);
    other.setDatabaseName(gate.databasePath());
    QVERIFY(other.open());
    QVERIFY(QSqlQuery(other).exec(u"BEGIN IMMEDIATE"_s));
    const auto waiting = gate.chat();
    QTRY_COMPARE(provider.requestCount(), 1);
    QTRY_VERIFY(!gate.allIsStored());

    gate.clock.advance(6s);
    const Reply failing = asked(*client, get("/readyz"));
    const Reply alive = asked(*client, get("/livez"));
    QVERIFY(QSqlQuery(other).exec(u"ROLLBACK"_s));
    QTRY_VERIFY(gate.allIsStored());

    QCOMPARE(failing.status, 503);
    QCOMPARE(bodyOf(failing).value(u"reason").toString(), u"database"_s);
    QCOMPARE(alive.status, 200);
    QTRY_COMPARE(asked(*client, get("/readyz")).status, 200);
    other.close();
    other = QSqlDatabase();
    QSqlDatabase::removeDatabase(u"holds"_s);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::ProbesScenario)
#include "tst_probes.moc"
