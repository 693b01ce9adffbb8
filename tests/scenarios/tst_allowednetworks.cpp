#include "scenarios/gatewayharness.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::TestClient;

// From where the gateway may be used. A trusted proxy on the loopback says where clients are.
class AllowedNetworksScenario : public QObject
{
    Q_OBJECT

private slots:
    void clientsOfNetworks_data();
    void clientsOfNetworks();
    void aRefusalComesInTheDialect_data();
    void aRefusalComesInTheDialect();
    void whateverIsAskedFor_data();
    void whateverIsAskedFor();
    void aLargeBodyIsNotTaken();
    void aChangeCountsForOpenConnections();
};

static const QByteArray path("/v1/chat/completions");

static QByteArrayList from(const QByteArray &address)
{
    return address.isEmpty() ? QByteArrayList{} : QByteArrayList{"X-Forwarded-For: " + address};
}

static void allow(GatewayHarness &gate, const QString &networks)
{
    gate.content.settings().server.trustedProxies = u"127.0.0.0/8"_s;
    gate.content.settings().server.allowedNetworks = networks;
}

void AllowedNetworksScenario::clientsOfNetworks_data()
{
    QTest::addColumn<QString>("networks");
    QTest::addColumn<QByteArray>("address"); // empty: the loopback itself
    QTest::addColumn<int>("status");

    const QByteArray lan("192.168.1.7");
    const QByteArray internet("203.0.113.9");
    QTest::newRow("everywhere") << QString() << internet << 200;
    QTest::newRow("this computer, from the LAN") << u"local"_s << lan << 403;
    QTest::newRow("this computer, from itself") << u"local"_s << QByteArray() << 200;
    QTest::newRow("the LAN, from it") << u"lan"_s << lan << 200;
    QTest::newRow("the LAN, from the internet") << u"lan"_s << internet << 403;
    QTest::newRow("a range, from it") << u"203.0.113.0/24"_s << internet << 200;
    QTest::newRow("a range, from the LAN") << u"203.0.113.0/24"_s << lan << 403;
    QTest::newRow("a range, from this computer") << u"203.0.113.0/24"_s << QByteArray() << 200;
    QTest::newRow("a range, from IPv6 loopback") << u"203.0.113.0/24"_s << QByteArray("::1") << 200;
    QTest::newRow("nobody's address") << u"0.0.0.0/0 ::/0"_s << QByteArray("unknown") << 403;
}

void AllowedNetworksScenario::clientsOfNetworks()
{
    QFETCH(QString, networks);
    QFETCH(QByteArray, address);
    QFETCH(int, status);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    allow(gate, networks);
    gate.start();
    const auto client = gate.connect();

    client->send(support::post(path, support::chatBody(), support::testKey, from(address)));
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, status);
    QCOMPARE(provider.requestCount(), status == 200 ? 1 : 0);
}

void AllowedNetworksScenario::aRefusalComesInTheDialect_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("member"); // of the error, that the dialect has

    QTest::newRow("OpenAI") << path << u"code"_s;
    QTest::newRow("Anthropic") << QByteArray("/v1/messages") << u"type"_s;
    QTest::newRow("Gemini") << QByteArray("/v1beta/models/small:generateContent") << u"status"_s;
}

void AllowedNetworksScenario::aRefusalComesInTheDialect()
{
    QFETCH(QByteArray, target);
    QFETCH(QString, member);
    GatewayHarness gate;
    allow(gate, u"lan"_s);
    gate.start();
    const auto client = gate.connect();

    client->send(support::post(target, "{}", support::testKey, from("203.0.113.9")));
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 403);
    const QJsonObject error =
        QJsonDocument::fromJson(client->reply().body).object().value(u"error"_s).toObject();
    QVERIFY2(error.contains(member), client->reply().body.constData());
    QVERIFY(error.value(u"message"_s).toString().contains(u"network"_s));
}

void AllowedNetworksScenario::whateverIsAskedFor_data()
{
    QTest::addColumn<QByteArray>("request");

    QTest::newRow("the list of models") << QByteArray("GET /v1/models");
    QTest::newRow("a probe") << QByteArray("GET /healthz");
    QTest::newRow("nothing that there is") << QByteArray("GET /nothing");
    QTest::newRow("options") << QByteArray("OPTIONS /v1/models");
}

void AllowedNetworksScenario::whateverIsAskedFor()
{
    QFETCH(QByteArray, request);
    GatewayHarness gate;
    allow(gate, u"lan"_s);
    gate.start();
    const auto outside = gate.connect();
    const auto inside = gate.connect();

    outside->send(request + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
    inside->send(request + " HTTP/1.1\r\nHost: x\r\n\r\n");
    QTRY_VERIFY(outside->isAnswered());
    QTRY_VERIFY(inside->isAnswered());

    QCOMPARE(outside->reply().status, 403);
    QVERIFY(inside->reply().status != 403);
}

void AllowedNetworksScenario::aLargeBodyIsNotTaken()
{
    GatewayHarness gate;
    allow(gate, u"lan"_s);
    gate.start();
    const auto client = gate.connect();

    client->send("POST " + path
                 + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
                   "X-Forwarded-For: 203.0.113.9\r\n\r\n{");
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 403);
}

void AllowedNetworksScenario::aChangeCountsForOpenConnections()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    allow(gate, {});
    gate.start();
    const auto client = gate.connect();
    const QByteArray request =
        support::post(path, support::chatBody(), support::testKey, from("203.0.113.9"));
    client->send(request);
    QTRY_COMPARE(client->replies().size(), size_t(1));
    QTRY_VERIFY(client->isAnswered());

    allow(gate, u"lan"_s);
    gate.publish();
    client->send(request);
    QTRY_COMPARE(client->replies().size(), size_t(2));

    QCOMPARE(client->replies().front().status, 200);
    QCOMPARE(client->replies().back().status, 403);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::AllowedNetworksScenario)
#include "tst_allowednetworks.moc"
