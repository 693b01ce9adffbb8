#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using domain::EndReason;
using domain::RecordKind;
using protocol::Operation;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// Clients that leave, and answers that break off: what was delivered is paid.
class ExchangeBreakOffTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void clientsThatLeave_data();
    void clientsThatLeave();
    void aClientThatLeavesBetweenAttempts();
    void aClientThatLeavesWhileItConnects_data();
    void aClientThatLeavesWhileItConnects();
    void aLongDocumentThatBreaksOff_data();
    void aLongDocumentThatBreaksOff();
    void picturesThatBreakOff_data();
    void picturesThatBreakOff();
    void speechPaidByTokens_data();
    void speechPaidByTokens();
    void textBeyondWhatIsKept();
    void anthropicTellsItsInputFirst();

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeBreakOffTest::clientsThatLeave_data()
{
    QTest::addColumn<int>("chunks");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("usageCame");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("output");

    // Ten bytes each; the meter counts a token for each byte and 1,000 for the prompt.
    QTest::newRow("before the first chunk") << 0 << true << false << qint64(1'000) << qint64(0);
    QTest::newRow("after one") << 1 << true << false << qint64(1'000) << qint64(10);
    QTest::newRow("after fifty") << 50 << true << false << qint64(1'000) << qint64(500);
    QTest::newRow("after the provider's figures") << 3 << true << true << qint64(10) << qint64(5);
    QTest::newRow("before a document") << 0 << false << false << qint64(1'000) << qint64(0);
}

void ExchangeBreakOffTest::clientsThatLeave()
{
    QFETCH(int, chunks);
    QFETCH(bool, stream);
    QFETCH(bool, usageCame);
    Script script;
    if (stream && chunks > 0)
        script.send(streamHead);
    for (int i = 0; i < chunks; ++i)
        script.send(support::chunk(chunkOf("ten bytes!")));
    if (usageCame)
        script.send(support::chunk(usageChunk()));
    script.stall();
    FakeUpstream provider([script](const ReceivedRequest &) { return script; });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.setPrice("small", 2, 2);
    const auto asked = m_fixture->ask(
        chatRequest(stream ? R"(,"stream":true,"stream_options":{"include_usage":true})" : ""));
    QTRY_COMPARE(provider.requestCount(), 1);
    QTRY_COMPARE(asked->client.body.count("ten bytes!"), chunks);
    QTRY_COMPARE(asked->client.body.count("prompt_tokens"), usageCame ? 1 : 0);

    asked->exchange->clientGone();
    QTRY_COMPARE(provider.openConnections(), 0);

    QVERIFY(!asked->client.hasEnded());
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    const domain::UsageRecord &record = m_fixture->record();
    QCOMPARE(record.end, EndReason::ClientGone);
    QCOMPARE(record.kind, RecordKind::Consumption);
    QCOMPARE(record.httpStatus, 499);
    QTEST(record.usage.input, "input");
    QTEST(record.usage.output, "output");
    QCOMPARE(record.usage.source,
             usageCame ? domain::UsageSource::Provider : domain::UsageSource::Counted);
    QCOMPARE(record.charge.units, record.usage.input + record.usage.output);
    QCOMPARE(m_fixture->spent(), record.charge.units);
    QCOMPARE(m_fixture->pool.running(), 0);
    // Nothing was the channel's fault.
    QVERIFY(m_fixture->health.snapshot().empty());
}

void ExchangeBreakOffTest::aClientThatLeavesBetweenAttempts()
{
    FakeUpstream bad([](const ReceivedRequest &) { return jsonAnswer(500, "{}"); });
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, bad.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, silent.baseUrl());
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(silent.requestCount(), 1);

    asked->exchange->clientGone();

    QCOMPARE(m_fixture->record().attempts, 2);
    QCOMPARE(m_fixture->record().channelId.value, 2);
    QTRY_COMPARE(silent.openConnections(), 0);
}

void ExchangeBreakOffTest::aClientThatLeavesWhileItConnects_data()
{
    QTest::addColumn<bool>("shutsDown");

    QTest::newRow("the client leaves") << false;
    QTest::newRow("the gateway stops") << true;
}

// A provider that has not got the request does not work on it.
void ExchangeBreakOffTest::aClientThatLeavesWhileItConnects()
{
    QFETCH(bool, shutsDown);
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); },
                          {.answerAt = FakeUpstream::AnswerAt::Connection});
    // Connected, but the handshake has no end.
    m_fixture->content.addChannel(1, provider.baseUrl().replace("http:", "https:"));
    m_fixture->content.setPricePerCall("small", {10});
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(provider.connectionCount(), 1);

    if (shutsDown)
        m_fixture->pool.shutDownAll();
    else
        asked->exchange->clientGone();

    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().kind, RecordKind::Failure);
    QCOMPARE(m_fixture->record().end, shutsDown ? EndReason::ShutDown : EndReason::ClientGone);
    QCOMPARE(m_fixture->spent(), 0);
}

void ExchangeBreakOffTest::aLongDocumentThatBreaksOff_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("part");
    QTest::addColumn<qint64>("output");

    const int openAi = domain::provider::openAi;
    const QByteArray text = "{\"a\":\"" + QByteArray("word ").repeated(80'000);
    const QByteArray data = "{\"a\":\"" + QByteArray(400'000, 'x');
    QTest::newRow("a text, a token for four bytes")
        << openAi << Operation::ChatCompletions << chatRequest(R"(,"max_tokens":900000)") << text
        << qint64(text.size() / 4);
    QTest::newRow("a text, no more than was asked for")
        << openAi << Operation::ChatCompletions << chatRequest(R"(,"max_tokens":300,"n":2)") << text
        << qint64(600);
    QTest::newRow("a text without a limit")
        << openAi << Operation::ChatCompletions << chatRequest() << text << qint64(text.size() / 4);
    QTest::newRow("a picture within a chat")
        << int(domain::provider::gemini) << Operation::GenerateContent
        << QByteArray(R"({"contents":[]})") << data << qint64(2'600);
    QTest::newRow("pictures") << openAi << Operation::ImageGenerations
                              << QByteArray(R"({"model":"small","prompt":"a","n":2})") << data
                              << qint64(16'000);
    QTest::newRow("vectors") << openAi << Operation::Embeddings
                             << QByteArray(R"({"model":"small","input":"a"})") << data << qint64(0);
}

void ExchangeBreakOffTest::aLongDocumentThatBreaksOff()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, part);
    FakeUpstream provider([part](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(200,
                                      {"Content-Type: application/json", "Content-Length: 900000"}))
            .send(part)
            .stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, type);
    m_fixture->content.setPrice("small", 2, 2);
    const auto asked = m_fixture->ask(request, operation, "small");
    QTRY_COMPARE(asked->client.body.size(), part.size());

    asked->exchange->clientGone();

    QTEST(m_fixture->record().usage.output, "output");
    QCOMPARE(m_fixture->record().usage.input, 1'000);
    QCOMPARE(m_fixture->record().usage.source, domain::UsageSource::Counted);
    QCOMPARE(m_fixture->spent(), 1'000 + m_fixture->record().usage.output);
}

void ExchangeBreakOffTest::picturesThatBreakOff_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("event");

    QTest::newRow("of the path for pictures")
        << Operation::ImageGenerations
        << QByteArray(R"({"model":"small","prompt":"a","stream":true,"partial_images":2})")
        << QByteArray(R"({"type":"image_generation.partial_image","b64_json":"AAAA"})");
    QTest::newRow("of a response")
        << Operation::Responses << QByteArray(R"({"model":"small","input":"a","stream":true})")
        << QByteArray(
               R"({"type":"response.image_generation_call.partial_image","partial_image_b64":"AA"})");
}

void ExchangeBreakOffTest::picturesThatBreakOff()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, event);
    const QByteArray whole = "data: " + event + "\n\n";
    FakeUpstream provider([whole](const ReceivedRequest &) {
        return Script().send(streamHead + support::chunk(whole)).stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.setPrice("small", 2, 2);
    const auto asked = m_fixture->ask(request, operation);
    QTRY_COMPARE(asked->client.body, whole);

    asked->exchange->clientGone();

    QCOMPARE(m_fixture->record().usage.output, 8'000);
    QCOMPARE(m_fixture->spent(), 9'000);
}

void ExchangeBreakOffTest::speechPaidByTokens_data()
{
    QTest::addColumn<qint64>("perCharacter");
    QTest::addColumn<qint64>("charge");
    QTest::addColumn<domain::UsageSource>("source");

    // Five bytes have eight tokens or so, and the meter counts a thousand for the prompt.
    QTest::newRow("by tokens") << qint64(0) << qint64(1'008) << domain::UsageSource::Counted;
    QTest::newRow("by characters") << qint64(3) << qint64(15) << domain::UsageSource::None;
}

void ExchangeBreakOffTest::speechPaidByTokens()
{
    QFETCH(qint64, perCharacter);
    QFETCH(qint64, charge);
    constexpr qint64 picoDollarsPerUnit = 2'000'000;
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(200, "sound", {"Content-Type: audio/mpeg"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    if (perCharacter > 0)
        m_fixture->content.content.prices = {
            {.model = "small", .perCharacter = {perCharacter * picoDollarsPerUnit}}};
    else
        m_fixture->content.setPrice("small", 2, 2);

    const auto asked =
        m_fixture->ask(R"({"model":"small","voice":"a","input":"Hello"})", Operation::Speech);
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.body, QByteArray("sound"));
    QCOMPARE(m_fixture->record().usage.characters, 5);
    QTEST(m_fixture->record().usage.source, "source");
    QCOMPARE(m_fixture->spent(), charge);
}

void ExchangeBreakOffTest::textBeyondWhatIsKept()
{
    const QByteArray piece = chunkOf(QByteArray(400'000, 'x'));
    FakeUpstream provider([piece](const ReceivedRequest &) {
        Script script;
        script.send(streamHead);
        for (int i = 0; i < 4; ++i)
            script.send(support::chunk(piece));
        return script.close();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.wasCut);
    QCOMPARE(m_fixture->record().usage.output, 1'600'000);
}

void ExchangeBreakOffTest::anthropicTellsItsInputFirst()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script()
            .send(streamHead)
            .send(support::chunk(
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":"
                "{\"input_tokens\":70,\"cache_read_input_tokens\":30,\"output_tokens\":1}}}\n\n"))
            .send(support::chunk(
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":"
                "{\"type\":\"text_delta\",\"text\":\"twenty bytes of text\"}}\n\n"))
            .stall();
    });
    m_fixture->content.addChannel(
        1, provider.baseUrl(), {u"small"_s}, int(domain::provider::anthropic));
    const auto asked = m_fixture->ask(
        R"({"model":"small","max_tokens":50,"messages":[],"stream":true})", Operation::Messages);
    QTRY_VERIFY(asked->client.body.contains("twenty bytes"));

    asked->exchange->clientGone();

    // The provider's own figure for what it read, and what was delivered, counted.
    QCOMPARE(m_fixture->record().usage.input, 100);
    QCOMPARE(m_fixture->record().usage.cacheRead, 30);
    QCOMPARE(m_fixture->record().usage.output, 20);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeBreakOffTest)
#include "tst_exchangebreakoff.moc"
