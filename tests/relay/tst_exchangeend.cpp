#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::EndReason;
using domain::RecordKind;
using protocol::Operation;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;
using support::sseStream;

// No ledger row, no last byte; and every way in which a request can end.
class ExchangeEndTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void theEndOfAStreamIsHeld_data();
    void theEndOfAStreamIsHeld();
    void aShortDocumentIsHeld();
    void theEndOfALongDocumentIsHeld();
    void withoutAReceiptTheAnswerIsCut();
    void aFailureWaitsForItsLine();
    void anUnhealthyLedgerServesNothing();
    void aProviderThatDoesNotClose();
    void nothingBehindTheEndDelaysIt_data();
    void nothingBehindTheEndDelaysIt();
    void theEndOfAPartHoldsNothingBack();
    void figuresBehindTheEndAreBounded();
    void aConnectionThatBreaksBehindTheEnd();
    void aClientThatLeavesWhileItWaits();
    void shuttingDown_data();
    void shuttingDown();
    void aRestartIsToldAsOne();
    void shuttingDownBehindTheEnd();
    void aReservationNeverOutlivesItsRequest();
    void aRefusalBeforeTheCallHasALine_data();
    void aRefusalBeforeTheCallHasALine();
    void exchangesAreUsedAgain();

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeEndTest::theEndOfAStreamIsHeld_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArrayList>("before");
    QTest::addColumn<QByteArrayList>("held");

    const int openAi = domain::provider::openAi;
    const QByteArray stop("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    QTest::newRow("[DONE]") << openAi << Operation::ChatCompletions
                            << chatRequest(
                                   R"(,"stream":true,"stream_options":{"include_usage":true})")
                            << QByteArrayList{chunkOf("a"), finishChunk(), usageChunk()}
                            << QByteArrayList{doneEvent};
    QTest::newRow("message_stop")
        << int(domain::provider::anthropic) << Operation::Messages
        << QByteArray(R"({"model":"small","max_tokens":5,"messages":[],"stream":true})")
        << QByteArrayList{"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
                          "{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}}\n\n"}
        << QByteArrayList{stop};
    QTest::newRow("response.completed")
        << openAi << Operation::Responses
        << QByteArray(R"({"model":"small","input":"a","stream":true})")
        << QByteArrayList{"data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n"}
        << QByteArrayList{"data: {\"type\":\"response.completed\",\"response\":{\"status\":"
                          "\"completed\"}}\n\n"};
    QTest::newRow("the first event with finishReason, and what follows")
        << int(domain::provider::gemini) << Operation::StreamGenerateContent
        << QByteArray(R"({"contents":[]})")
        << QByteArrayList{"data: "
                          "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"H\"}]}}]}\n\n"}
        << QByteArrayList{"data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n",
                          "data: {\"usageMetadata\":{\"promptTokenCount\":10}}\n\n"};
}

void ExchangeEndTest::theEndOfAStreamIsHeld()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, request);
    QFETCH(QByteArrayList, before);
    QFETCH(QByteArrayList, held);
    FakeUpstream provider(
        [before, held](const ReceivedRequest &) { return sseStream(before + held); });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, type);
    m_fixture->sendsReceipts = false;

    const auto asked = m_fixture->ask(request, operation, "small");
    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));

    QCOMPARE(asked->client.body, before.join());
    QVERIFY(!asked->client.hasEnded());
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    m_fixture->deliverReceipts();
    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.body, (before + held).join());
}

void ExchangeEndTest::aShortDocumentIsHeld()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->sendsReceipts = false;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));

    QCOMPARE(asked->client.body, QByteArray());
    m_fixture->deliverReceipts();
    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.body, chatAnswer());
}

void ExchangeEndTest::theEndOfALongDocumentIsHeld()
{
    const QByteArray answer = "{\"data\":[\"" + QByteArray(2'000'000, 'v') + "\"]}";
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->sendsReceipts = false;

    const auto asked = m_fixture->ask(R"({"model":"small","input":"a"})", Operation::Embeddings);
    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));

    // The most of it is on its way, but never the last byte.
    QVERIFY(asked->client.body.size() > 1'000'000);
    QVERIFY(asked->client.body.size() < answer.size());
    m_fixture->deliverReceipts();
    QVERIFY(asked->client.finished);
    QVERIFY(asked->client.body == answer);
}

void ExchangeEndTest::withoutAReceiptTheAnswerIsCut()
{
    FakeUpstream provider([](const ReceivedRequest &) { return sseStream(chatEvents()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->sendsReceipts = false;

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));
    m_fixture->advance(4'900ms);
    QVERIFY(!asked->client.hasEnded());
    m_fixture->advance(200ms);

    QVERIFY(asked->client.wasCut);
    QVERIFY(!asked->client.body.contains("[DONE]"));
    QVERIFY2(asked->client.body.contains("\"error\""), asked->client.body.constData());
    // The row stays where it is, and is booked.
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->spent(), 10);
    // Nothing waits any more, so that a program that ends does not wait either.
    QCOMPARE(m_fixture->pool.running(), 0);
    m_fixture->deliverReceipts();
    QVERIFY(!asked->client.finished);
}

void ExchangeEndTest::aFailureWaitsForItsLine()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return jsonAnswer(400, R"({"error":{"message":"no"}})"); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->sendsReceipts = false;

    const auto asked = m_fixture->ask(chatRequest());

    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));
    QVERIFY(!asked->client.finished);
    QVERIFY(asked->client.body.isEmpty());
    m_fixture->deliverReceipts();
    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 400);
    QVERIFY(asked->client.body.contains("no"));
    QCOMPARE(m_fixture->record().kind, RecordKind::Failure);
}

void ExchangeEndTest::anUnhealthyLedgerServesNothing()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->ledger.healthy = false;

    const auto asked = m_fixture->ask(chatRequest());

    QCOMPARE(asked->exchange, nullptr);
    QCOMPARE(asked->client.status, 503);
    QVERIFY(asked->client.body.contains("ledger_unavailable"));
    QCOMPARE(asked->client.field("Retry-After"), QByteArray("5"));
    QCOMPARE(provider.requestCount(), 0);
    QVERIFY(m_fixture->ledger.records.empty());
    m_fixture->ledger.healthy = true;
    const auto again = m_fixture->ask(chatRequest());
    QTRY_VERIFY(again->client.finished);
    QCOMPARE(again->client.status, 200);
}

void ExchangeEndTest::aProviderThatDoesNotClose()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        Script script;
        script.send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        for (const QByteArray &event : chatEvents())
            script.send(support::chunk(event));
        return script.stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.body.contains("\"stop\""));
    QTRY_VERIFY(!asked->client.pending.isEmpty());
    m_fixture->advance(2s);
    QTRY_VERIFY(asked->client.finished);

    QVERIFY(asked->client.body.endsWith(doneEvent));
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeEndTest::nothingBehindTheEndDelaysIt_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArrayList>("events");
    QTest::addColumn<QByteArray>("more");

    const QByteArray chat =
        chatRequest(R"(,"stream":true,"stream_options":{"include_usage":true})");
    const int openAi = domain::provider::openAi;
    const auto chatRow = [&](const char *name, const QByteArray &more) {
        QTest::newRow(name) << openAi << Operation::ChatCompletions << chat << chatEvents() << more;
    };
    chatRow("comments behind [DONE]", ": ping\n\n");
    chatRow("text behind [DONE]", chunkOf("more"));
    chatRow("[DONE] again", doneEvent);
    chatRow("an error behind [DONE]", "data: {\"error\":{\"message\":\"late\"}}\n\n");
    QTest::newRow("pings behind message_stop")
        << int(domain::provider::anthropic) << Operation::Messages
        << QByteArray(R"({"model":"small","max_tokens":5,"messages":[],"stream":true})")
        << QByteArrayList{"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
                          "{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}}\n\n",
                          "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"}
        << QByteArray("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    QTest::newRow("comments behind finishReason")
        << int(domain::provider::gemini) << Operation::StreamGenerateContent
        << QByteArray(R"({"contents":[]})")
        << QByteArrayList{"data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n"}
        << QByteArray(": ping\n\n");
}

void ExchangeEndTest::nothingBehindTheEndDelaysIt()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, request);
    QFETCH(QByteArrayList, events);
    QFETCH(QByteArray, more);
    FakeUpstream provider([&](const ReceivedRequest &) {
        Script script;
        script.send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        script.send(support::chunk(events.join()));
        for (int i = 0; i < 1'000; ++i)
            script.pause(20ms).send(support::chunk(more));
        return script.stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, type);

    const auto asked = m_fixture->ask(request, operation, "small");
    QTRY_VERIFY(!asked->client.pending.isEmpty() || asked->client.finished);
    // What comes behind the end comes often, as seen by the clock of the gateway.
    QTRY_VERIFY((m_fixture->advance(100ms), asked->client.finished));

    QCOMPARE(asked->client.body, events.join());
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    QTRY_COMPARE(provider.openConnections(), 0);
}

// Each of Gemini's candidates ends with a marker of its own.
void ExchangeEndTest::theEndOfAPartHoldsNothingBack()
{
    const auto event =
        [](int candidate, const QByteArray &text, const QByteArray &more) -> QByteArray {
        return "data: {\"candidates\":[{\"index\":" + QByteArray::number(candidate)
               + ",\"content\":{\"parts\":[{\"text\":\"" + text + "\"}]}" + more + "}]}\n\n";
    };
    const QByteArray stop(R"(,"finishReason":"STOP")");
    const QByteArrayList first{event(0, "a", {}), event(0, "b", stop), event(1, "c", {})};
    const QByteArray last = event(1, "d", stop);
    FakeUpstream provider([&](const ReceivedRequest &) {
        Script script;
        script.send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        return script.send(support::chunk(first.join()))
            .pause(300ms)
            .send(support::chunk(last))
            .stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, domain::provider::gemini);

    const auto asked = m_fixture->ask(R"({"contents":[],"generationConfig":{"candidateCount":2}})",
                                      Operation::StreamGenerateContent,
                                      "small");
    // However long the second candidate takes, the end of the first one is not that of the answer.
    QTRY_COMPARE(asked->client.body, first.join());
    m_fixture->advance(2s);
    QTRY_COMPARE(asked->client.pending, last);

    QCOMPARE(asked->client.body, first.join());
    m_fixture->advance(2s);
    QTRY_VERIFY(asked->client.finished);
    QCOMPARE(asked->client.body, first.join() + last);
}

void ExchangeEndTest::figuresBehindTheEndAreBounded()
{
    const QByteArray stop("data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n");
    const QByteArray figures = "data: {\"usageMetadata\":{\"promptTokenCount\":10},\"x\":\""
                               + QByteArray(1'000, 'x') + "\"}\n\n";
    FakeUpstream provider([&](const ReceivedRequest &) {
        return sseStream(QByteArrayList{stop} + QByteArrayList(1'000, figures));
    });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, domain::provider::gemini);

    const auto asked =
        m_fixture->ask(R"({"contents":[]})", Operation::StreamGenerateContent, "small");
    QTRY_VERIFY(asked->client.finished);

    QVERIFY(asked->client.body.startsWith(QByteArray(stop + figures)));
    QVERIFY(asked->client.body.size() <= stop.size() + 64 * 1024);
    QCOMPARE(m_fixture->record().usage.input, 10);
}

void ExchangeEndTest::aConnectionThatBreaksBehindTheEnd()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        Script script;
        script.send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        for (const QByteArray &event : chatEvents())
            script.send(support::chunk(event));
        return script.close();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.finished);

    QVERIFY(asked->client.body.endsWith(doneEvent));
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
}

void ExchangeEndTest::aClientThatLeavesWhileItWaits()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->sendsReceipts = false;
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));

    asked->exchange->clientGone();
    m_fixture->deliverReceipts();

    QVERIFY(!asked->client.hasEnded());
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->spent(), 10);
    QCOMPARE(m_fixture->pool.running(), 0);
}

void ExchangeEndTest::shuttingDown_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("passed");
    QTest::addColumn<bool>("cut");

    const QByteArray head =
        support::answerHead(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"});
    const QByteArray longPart = "{\"data\":\"" + QByteArray(400'000, 'x');
    QTest::newRow("before a stream's first byte")
        << Script().stall() << true << QByteArray() << false;
    QTest::newRow("within a stream") << Script().send(head + support::chunk(chunkOf("Hel"))).stall()
                                     << true << chunkOf("Hel") << true;
    QTest::newRow("before a document") << Script().stall() << false << QByteArray() << false;
    QTest::newRow("within a long document")
        << Script()
               .send(support::answerHead(
                   200, {"Content-Type: application/json", "Content-Length: 500000"}))
               .send(longPart)
               .stall()
        << false << longPart << true;
}

void ExchangeEndTest::shuttingDown()
{
    QFETCH(Script, script);
    QFETCH(bool, stream);
    QFETCH(QByteArray, passed);
    QFETCH(bool, cut);
    FakeUpstream provider([script](const ReceivedRequest &) { return script; });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest(stream ? R"(,"stream":true)" : ""));
    QTRY_COMPARE(provider.requestCount(), 1);
    QTRY_COMPARE(asked->client.body.size(), passed.size());

    m_fixture->pool.shutDownAll();

    QCOMPARE(asked->client.wasCut, cut);
    QCOMPARE(asked->client.finished, !cut);
    QVERIFY(asked->client.body.startsWith(passed));
    QCOMPARE(asked->client.body.contains("shutting_down"), stream || !cut);
    QCOMPARE(asked->client.status, passed.isEmpty() ? 503 : 200);
    QCOMPARE(m_fixture->pool.running(), 0);
    QCOMPARE(m_fixture->record().end, EndReason::ShutDown);
    // A provider has worked for it.
    QCOMPARE(m_fixture->record().kind, RecordKind::Consumption);
    QCOMPARE(m_fixture->record().usage.input, 1'000);
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeEndTest::aRestartIsToldAsOne()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(provider.requestCount(), 1);

    m_fixture->pool.shutDownAll(Shutdown::Restart);

    QCOMPARE(asked->client.status, 503);
    QVERIFY(asked->client.body.contains("gateway_restarted"));
    QVERIFY(!asked->client.body.contains("stopped"));
    QCOMPARE(m_fixture->record().end, EndReason::ShutDown);
    QCOMPARE(m_fixture->record().errorCode, "gateway_restarted");
}

void ExchangeEndTest::shuttingDownBehindTheEnd()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        Script script;
        script.send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        for (const QByteArray &event : chatEvents())
            script.send(support::chunk(event));
        return script.stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(!asked->client.pending.isEmpty());

    m_fixture->pool.shutDownAll();
    QTRY_VERIFY(asked->client.hasEnded());

    // All had been said: it is whole once its row is stored.
    QVERIFY(asked->client.finished);
    QVERIFY(asked->client.body.endsWith(doneEvent));
    QVERIFY(!asked->client.body.contains("\"error\""));
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
}

void ExchangeEndTest::aReservationNeverOutlivesItsRequest()
{
    int number = 0;
    FakeUpstream provider([&number](const ReceivedRequest &) {
        switch (number++ % 4) {
        case 0:
            return jsonAnswer(200, chatAnswer());
        case 1:
            return jsonAnswer(500, "{}");
        case 2:
            return jsonAnswer(400, "{}");
        default:
            return Script().reset();
        }
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->content.settings().relay.breakerFailures = 1'000;
    // What is held by one request cannot be had by the next.
    m_fixture->content.token().balance = {50};

    for (int i = 0; i < 12; ++i) {
        const auto asked = m_fixture->ask(chatRequest());
        QTRY_VERIFY(asked->client.finished);
        QVERIFY(asked->client.status != 429);
    }
    provider.setHandler([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    while (m_fixture->spent() < 50) {
        const auto asked = m_fixture->ask(chatRequest());
        QTRY_VERIFY(asked->client.finished);
        QCOMPARE(asked->client.status, 200);
    }

    QCOMPARE(m_fixture->spent(), 50);
    const auto refused = m_fixture->ask(chatRequest());
    QCOMPARE(refused->client.status, 429);
    QVERIFY(refused->client.body.contains("insufficient_quota"));
}

void ExchangeEndTest::aRefusalBeforeTheCallHasALine_data()
{
    QTest::addColumn<QString>("models");
    QTest::addColumn<qint64>("balance");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");

    QTest::newRow("the model is not allowed")
        << u"large"_s << qint64(1'000) << 403 << QByteArray("model_not_allowed");
    QTest::newRow("the quota is used up")
        << QString() << qint64(9) << 429 << QByteArray("insufficient_quota");
}

void ExchangeEndTest::aRefusalBeforeTheCallHasALine()
{
    QFETCH(QString, models);
    QFETCH(qint64, balance);
    m_fixture->content.addChannel(1);
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->content.token().balance = {balance};
    if (!models.isEmpty())
        m_fixture->content.token().models = {models};

    const auto asked = m_fixture->ask(chatRequest());

    QCOMPARE(asked->exchange, nullptr);
    QVERIFY(asked->client.finished);
    QTEST(asked->client.status, "status");
    QCOMPARE(asked->client.field("X-Should-Retry"), QByteArray("false"));
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    const domain::UsageRecord &line = m_fixture->record();
    QCOMPARE(line.kind, domain::RecordKind::Failure);
    QCOMPARE(line.httpStatus, asked->client.status);
    QTEST(line.errorCode, "code");
    QCOMPARE(line.requestId, asked->requestId);
    QCOMPARE(line.model, QByteArray("small"));
    QCOMPARE(line.channelId, domain::ChannelId{});
    QCOMPARE(line.attempts, 0);
    QCOMPARE(line.charge, domain::Quota{});
    QCOMPARE(m_fixture->pool.running(), 0);
}

void ExchangeEndTest::exchangesAreUsedAgain()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        return request.body.contains("stream") ? sseStream(chatEvents())
                                               : jsonAnswer(200, chatAnswer());
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    Exchange *used = nullptr;
    for (int i = 0; i < 6; ++i) {
        const bool stream = i % 2 == 0;
        const auto asked = m_fixture->ask(chatRequest(stream ? R"(,"stream":true)" : ""));
        QVERIFY(!used || used == asked->exchange);
        used = asked->exchange;
        QTRY_VERIFY(asked->client.finished);
        QVERIFY(stream ? asked->client.body.endsWith(doneEvent)
                       : asked->client.body == chatAnswer());
    }

    QCOMPARE(m_fixture->ledger.records.size(), size_t(6));
    QCOMPARE(provider.connectionCount(), 1);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeEndTest)
#include "tst_exchangeend.moc"
