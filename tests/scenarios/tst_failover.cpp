#include "scenarios/gatewayharness.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// Channels that fail, as clients see it.
class FailoverScenario : public QObject
{
    Q_OBJECT

private slots:
    void oneOfThreeWorks();
    void aStreamThatBreaksIsSeen();
    void staleConnectionsAreReplaced();
    void aBrokenChannelIsLeftAlone();
    void everyChannelFails();
};

void FailoverScenario::oneOfThreeWorks()
{
    FakeUpstream resets([](const ReceivedRequest &) { return Script().reset(); });
    FakeUpstream fails([](const ReceivedRequest &) { return jsonAnswer(500, "{}"); });
    FakeUpstream works([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, resets.baseUrl()).priority = 2;
    gate.content.addChannel(2, fails.baseUrl()).priority = 1;
    gate.content.addChannel(3, works.baseUrl());
    gate.content.setPricePerCall("small", {10});
    gate.start();
    const qint64 before = gate.balance();

    for (int i = 0; i < 20; ++i) {
        const auto client = gate.chat();
        QTRY_VERIFY(client->isAnswered());
        QCOMPARE(client->reply().status, 200);
    }

    // One charge each, and the failing ones were soon left alone.
    QCOMPARE(works.requestCount(), 20);
    QVERIFY(resets.requestCount() <= 5 && fails.requestCount() <= 5);
    QCOMPARE(gate.rows().size(), size_t(20));
    QCOMPARE(gate.balance(), before - 200);
    QCOMPARE(gate.storedBalance(), before - 200);
}

void FailoverScenario::aStreamThatBreaksIsSeen()
{
    FakeUpstream breaks([](const ReceivedRequest &) {
        Script script;
        script.send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        for (int i = 0; i < 10; ++i)
            script.send(support::chunk(support::chatChunk("x")));
        return script.pause(10ms).reset();
    });
    FakeUpstream other([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, breaks.baseUrl()).priority = 1;
    gate.content.addChannel(2, other.baseUrl());
    gate.content.setPrice("small", 2, 2);
    gate.start();

    const auto client = gate.chat(R"(,"stream":true)");
    QTRY_VERIFY(client->isClosed());

    QCOMPARE(client->reply().body.count("\"x\""), 10);
    QVERIFY(client->reply().body.contains("\"error\""));
    QVERIFY(!client->reply().body.contains("[DONE]"));
    QVERIFY(!client->reply().isWhole);
    QCOMPARE(other.requestCount(), 0);
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().front().usage.output, 10);
    QCOMPARE(gate.rows().front().end, domain::EndReason::Failed);
}

void FailoverScenario::staleConnectionsAreReplaced()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();

    for (int i = 0; i < 50; ++i) {
        const auto client = gate.chat();
        // At the very moment in which it may be used again.
        provider.closeConnections();
        QTRY_VERIFY(client->isAnswered());
        QCOMPARE(client->reply().status, 200);
        provider.closeConnections();
    }
}

void FailoverScenario::aBrokenChannelIsLeftAlone()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(500, "{}"); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.settings().relay.breakerFailures = 3;
    gate.start();

    for (int i = 0; i < 10; ++i) {
        const auto client = gate.chat();
        QTRY_VERIFY(client->isAnswered());
        QCOMPARE(client->reply().status, i < 3 ? 502 : 503);
    }
    QCOMPARE(provider.requestCount(), 3);
    provider.setHandler([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    QTRY_VERIFY(gate.allIsStored());
    gate.clock.advance(31s);

    const auto client = gate.chat();
    QTRY_VERIFY(client->isAnswered());
    QCOMPARE(client->reply().status, 200);
}

void FailoverScenario::everyChannelFails()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(429, R"({"error":{"message":"slow down"}})", {"Retry-After: 7"});
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.addChannel(2, provider.baseUrl());
    gate.content.setPricePerCall("small", {10});
    gate.start();
    const qint64 before = gate.balance();

    const auto client = gate.chat();
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 429);
    QCOMPARE(client->reply().header("Retry-After"), QByteArray("7"));
    QVERIFY(client->reply().body.contains("slow down"));
    QCOMPARE(provider.requestCount(), 2);
    QCOMPARE(gate.balance(), before);
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().front().kind, domain::RecordKind::Failure);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::FailoverScenario)
#include "tst_failover.moc"
