#include "scenarios/gatewayharness.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Reply;

// Requests that come back to the gateway that sent them, and those that name themselves.
class LoopsScenario : public QObject
{
    Q_OBJECT

private slots:
    void aChannelThatLeadsBack();
    void overAnotherGateway();
    void aChainIsNoLoop();
    void theIdOfTheClientIsKept();
    void anIdThatIsNoneIsReplaced_data();
    void anIdThatIsNoneIsReplaced();
    void sameIdsAreTwoRequests();
};

static const QByteArray path("/v1/chat/completions");
// As a key of a channel, so that a gateway lets another one in.
static const QByteArray gatewayKey("sk-" + support::testKey);

static QByteArray urlOf(quint16 port)
{
    return "http://127.0.0.1:" + QByteArray::number(port);
}

static void addGateway(GatewayHarness &gate, qint64 id, quint16 port)
{
    gate.content.addChannel(id, urlOf(port)).keys.front().secret = base::Secret(gatewayKey);
}

static Reply chatted(const GatewayHarness &gate, const QByteArrayList &fields = {})
{
    const auto client = gate.connect();
    client->send(support::post(path, support::chatBody(), support::testKey, fields));
    if (!QTest::qWaitFor([&client] { return client->isAnswered(); }, 20'000))
        return {};
    return client->reply();
}

void LoopsScenario::aChannelThatLeadsBack()
{
    GatewayHarness gate;
    gate.start();
    addGateway(gate, 1, gate.port());
    gate.publish();

    const Reply reply = chatted(gate);

    QCOMPARE(reply.status, 508);
    QVERIFY2(reply.body.contains("has passed this gateway before"), reply.body.constData());
    QCOMPARE(reply.header("X-Should-Retry"), QByteArray("false"));
    // It went out once, and was known when it came back.
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().front().kind, domain::RecordKind::Failure);
}

void LoopsScenario::overAnotherGateway()
{
    GatewayHarness first;
    GatewayHarness second;
    first.start();
    second.start();
    addGateway(first, 1, second.port());
    addGateway(second, 1, first.port());
    first.publish();
    second.publish();

    const Reply reply = chatted(first);

    QCOMPARE(reply.status, 508);
    QTRY_COMPARE(first.rows().size(), size_t(1));
    QTRY_COMPARE(second.rows().size(), size_t(1));
}

void LoopsScenario::aChainIsNoLoop()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness first;
    GatewayHarness second;
    second.content.addChannel(1, provider.baseUrl());
    second.start();
    addGateway(first, 1, second.port());
    first.start();

    const Reply reply = chatted(first);

    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.body, chatDocument());
    // Each has named itself.
    const QByteArray head = provider.lastRequest().head.toLower();
    QCOMPARE(head.count("x-gatehouse-hops:"), 2);
    QCOMPARE(reply.header("x-provider-request-id").size(), 26);
}

void LoopsScenario::theIdOfTheClientIsKept()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();

    const Reply reply = chatted(gate, {"X-Request-Id: checkout-7.a_B"});

    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("X-Request-Id"), QByteArray("checkout-7.a_B"));
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    const QByteArray stored = gate.rows().front().requestId;
    QVERIFY(stored.endsWith(".checkout-7.a_B"));
    QCOMPARE(reply.header("X-Oneapi-Request-Id"), stored);
    // It is the client's; the provider has no use for it.
    QVERIFY(!provider.lastRequest().head.contains("checkout-7"));
}

void LoopsScenario::anIdThatIsNoneIsReplaced_data()
{
    QTest::addColumn<QByteArrayList>("fields");

    QTest::newRow("a path") << QByteArrayList{"X-Request-Id: ../../etc/passwd"};
    QTest::newRow("too long") << QByteArrayList{"X-Request-Id: " + QByteArray(129, 'x')};
    QTest::newRow("nothing") << QByteArrayList{"X-Request-Id:"};
    QTest::newRow("two") << QByteArrayList{"X-Request-Id: one", "X-Request-Id: two"};
}

void LoopsScenario::anIdThatIsNoneIsReplaced()
{
    QFETCH(QByteArrayList, fields);
    GatewayHarness gate;
    gate.start();

    const Reply reply = chatted(gate, fields);

    QVERIFY(reply.status >= 400);
    QCOMPARE(reply.header("X-Request-Id").size(), 26);
    QVERIFY(reply.body.contains(QByteArray("(request id: " + reply.header("X-Request-Id") + ")")));
}

// Else whoever repeats an id would be served for nothing: the ledger stores each request once.
void LoopsScenario::sameIdsAreTwoRequests()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPricePerCall("small", {10});
    gate.start();
    const qint64 before = gate.balance();

    for (int i = 0; i < 2; ++i)
        QCOMPARE(chatted(gate, {"X-Request-Id: same"}).status, 200);

    QTRY_COMPARE(gate.rows().size(), size_t(2));
    QCOMPARE(gate.balance(), before - 20);
    QCOMPARE(gate.storedBalance(), before - 20);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::LoopsScenario)
#include "tst_loops.moc"
