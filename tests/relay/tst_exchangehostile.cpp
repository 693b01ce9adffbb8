#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::EndReason;
using domain::UsageSource;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;
using support::sseStream;

// Answers that no provider should give, and some that look wrong and are not.
class ExchangeHostileTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void soundDocuments_data();
    void soundDocuments();
    void unsoundAnswers_data();
    void unsoundAnswers();
    void soundStreams_data();
    void soundStreams();
    void figuresFromOutside_data();
    void figuresFromOutside();
    void figuresOfAStream_data();
    void figuresOfAStream();
    void aLineWithoutAnEnd();
    void aPictureInOneLine();
    void anEventThatIsTooLong();
    void anEndlessDocument();
    void anEndlessErrorText();
    void compressedUnasked();
    void theKeyIsNeverEchoed_data();
    void theKeyIsNeverEchoed();

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeHostileTest::soundDocuments_data()
{
    QTest::addColumn<QByteArray>("answer");

    const auto row = [](const char *name, const QByteArray &answer) {
        QTest::newRow(name) << answer;
    };
    row("error: null, as OpenRouter sends it",
        R"({"id":"gen-1","provider":"X","error":null,"choices":[{"message":{"content":"a"}}]})");
    row("blanks before it, as DeepSeek sends them", "\n\n\n" + chatAnswer());
    row("a text that is not all UTF-8", QByteArray(chatAnswer()).replace("Hello", "Hel\xff\xfeo"));
    row("no content", R"({"choices":[{"message":{"content":null}}]})");
    row("missing content", R"({"choices":[{"message":{}}]})");
    row("no message", R"({"choices":[{}]})");
    row("no choices", R"({"choices":[]})");
    row("a tool call in place of a text",
        R"({"choices":[{"message":{"content":null,"tool_calls":[{"id":"1","type":"function",)"
        R"("function":{"name":"f","arguments":"{}"}}]}}]})");
    row("wrong types everywhere",
        R"({"id":7,"choices":{"a":1},"usage":"much","model":[],"error":false})");
    row("usage that is null", R"({"choices":[],"usage":null})");
    row("numbers as they were written", R"({"choices":[],"n":1.0E+2,"m":-0,"k":1e-7,"e":1E400})");
}

void ExchangeHostileTest::soundDocuments()
{
    QFETCH(QByteArray, answer);
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 200);
    QCOMPARE(asked->client.body, answer);
    QVERIFY(m_fixture->record().usage.input >= 0);
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
}

void ExchangeHostileTest::unsoundAnswers_data()
{
    QTest::addColumn<Script>("script");

    const auto raw = [](const char *name, const QByteArray &bytes) {
        QTest::newRow(name) << Script().send(bytes).close();
    };
    const QByteArray json("Content-Type: application/json\r\n");
    raw("nothing", {});
    raw("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n");
    raw("status 999", "HTTP/1.1 999 No\r\nContent-Length: 2\r\n\r\n{}");
    raw("Content-Length and chunked",
        "HTTP/1.1 200 OK\r\n" + json
            + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    raw("two lengths",
        "HTTP/1.1 200 OK\r\n" + json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}");
    raw("a negative length", "HTTP/1.1 200 OK\r\n" + json + "Content-Length: -2\r\n\r\n{}");
    raw("a length beyond 64 bits",
        "HTTP/1.1 200 OK\r\n" + json + "Content-Length: 99999999999999999999\r\n\r\n{}");
    raw("a length too long", "HTTP/1.1 200 OK\r\n" + json + "Content-Length: 20\r\n\r\n{}");
    raw("a chunk too long",
        "HTTP/1.1 200 OK\r\n" + json + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n");
    raw("no last chunk",
        "HTTP/1.1 200 OK\r\n" + json + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n");
    raw("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}");
    raw("a hundred heads of status 100", QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(100));
    raw("ten thousand fields",
        "HTTP/1.1 200 OK\r\n" + QByteArray("X-A: b\r\n").repeated(10'000) + "\r\n{}");
    raw("a head of a mebibyte",
        "HTTP/1.1 200 OK\r\nX-A: " + QByteArray(1024 * 1024, 'a') + "\r\n\r\n{}");
    raw("a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
    QTest::newRow("HTML") << jsonAnswer(200, "<!DOCTYPE html><html></html>");
    QTest::newRow("HTML with a stream's type")
        << jsonAnswer(200, "<html></html>", {"Content-Type: text/event-stream"});
    QTest::newRow("an empty body") << jsonAnswer(200, {});
    QTest::newRow("null") << jsonAnswer(200, "null");
    QTest::newRow("a number") << jsonAnswer(200, "42");
    QTest::newRow("a text") << jsonAnswer(200, "\"all is well\"");
    QTest::newRow("truncated JSON") << jsonAnswer(200, R"({"choices":[{"message":{"con)");
    QTest::newRow("two documents") << jsonAnswer(200, R"({"choices":[]}{"choices":[]})");
    QTest::newRow("no UTF-8") << jsonAnswer(200, "{\"choices\":\xff\xfe}");
    QTest::newRow("very deep") << jsonAnswer(
        200, R"({"a":)" + QByteArray(50'000, '[') + QByteArray(50'000, ']') + "}");
    QTest::newRow("a long web page")
        << jsonAnswer(200, "<!doctype html><html>" + QByteArray("<p>x y</p>").repeated(40'000));
    QTest::newRow("a long text") << jsonAnswer(200, QByteArray("all is well ").repeated(40'000));
    QTest::newRow("a long error") << jsonAnswer(200,
                                                R"({"error":{"message":"no luck","details":")"
                                                    + QByteArray("x y ").repeated(100'000)
                                                    + "\"}}");
    QTest::newRow("an error whose words are long")
        << jsonAnswer(200, R"({"error":")" + QByteArray("x y ").repeated(100'000) + "\"}");
    QTest::newRow("an error, and much more")
        << jsonAnswer(200,
                      R"({"error":{"message":"no luck"},"details":")"
                          + QByteArray("x y ").repeated(100'000) + "\"}");
    QTest::newRow("an error as a text") << jsonAnswer(200, R"({"error":"no luck"})");
    QTest::newRow("an error that is empty of words")
        << jsonAnswer(200, R"({"error":{"code":500}})");
    QTest::newRow("an invalid compression")
        << jsonAnswer(200, "not gzip at all", {"Content-Encoding: gzip"});
    QTest::newRow("a compression nobody asked for")
        << jsonAnswer(200, "{}", {"Content-Encoding: br"});
    QTest::newRow("a reset") << Script().reset();
    QTest::newRow("a reset within the document")
        << Script()
               .send(support::answerHead(200,
                                         {"Content-Type: application/json", "Content-Length: 100"}))
               .send("{\"choices\":")
               .pause(20ms)
               .reset();
}

void ExchangeHostileTest::unsoundAnswers()
{
    QFETCH(Script, script);
    FakeUpstream provider([script](const ReceivedRequest &) { return script; });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->content.settings().relay.breakerFailures = 100;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QVERIFY2(asked->client.status == 502 || asked->client.status == 503,
             QByteArray::number(asked->client.status).constData());
    QVERIFY2(asked->client.body.startsWith("{\"error\":{"), asked->client.body.constData());
    QCOMPARE(m_fixture->record().kind, domain::RecordKind::Failure);
    QCOMPARE(m_fixture->spent(), 0);
    // The next call gets its own answer.
    provider.setHandler([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    const auto next = m_fixture->ask(chatRequest());
    QTRY_VERIFY(next->client.hasEnded());
    QCOMPARE(next->client.status, 200);
    QCOMPARE(next->client.body, chatAnswer());
}

void ExchangeHostileTest::soundStreams_data()
{
    QTest::addColumn<QByteArrayList>("events");

    QTest::newRow("wrong types everywhere")
        << QByteArrayList{"data: {\"choices\":7}\n\n",
                          "data: {\"choices\":[{\"delta\":[]},3,null]}\n\n",
                          "data: []\n\n",
                          "data: not JSON\n\n",
                          "data: {\"choices\":[{\"delta\":{\"content\":{\"a\":1}}}]}\n\n",
                          doneEvent};
    QTest::newRow("error: null in each chunk") << QByteArrayList{
        "data: {\"error\":null,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
        "data: {\"error\":null,\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n",
        doneEvent};
    QTest::newRow("no end marker, but a reason") << QByteArrayList{chunkOf("a"), finishChunk()};
    QTest::newRow("nothing but the end marker") << QByteArrayList{doneEvent};
    QTest::newRow("an event of half a mebibyte")
        << QByteArrayList{chunkOf(QByteArray(512 * 1024, 'x')), finishChunk(), doneEvent};
    QTest::newRow("ten thousand tiny events")
        << QByteArrayList{QByteArray("data: {}\n\n").repeated(10'000), doneEvent};
}

void ExchangeHostileTest::soundStreams()
{
    QFETCH(QByteArrayList, events);
    FakeUpstream provider([events](const ReceivedRequest &) { return sseStream(events); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked =
        m_fixture->ask(chatRequest(R"(,"stream":true,"stream_options":{"include_usage":true})"));
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QVERIFY(asked->client.body == events.join());
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
}

void ExchangeHostileTest::figuresFromOutside_data()
{
    QTest::addColumn<QByteArray>("usage");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("output");
    QTest::addColumn<UsageSource>("source");

    const auto provider = UsageSource::Provider;
    const auto counted = UsageSource::Counted;
    const auto row = [](const char *name) -> QTestData & { return QTest::newRow(name); };
    row("usual") << QByteArray(R"({"prompt_tokens":10,"completion_tokens":5})") << qint64(10)
                 << qint64(5) << provider;
    row("a fraction") << QByteArray(R"({"prompt_tokens":10,"completion_tokens":5.7})") << qint64(10)
                      << qint64(5) << provider;
    // "Hello" has five bytes, and the meter counts a thousand for the prompt.
    row("absent") << QByteArray("null") << qint64(1'000) << qint64(5) << counted;
    row("negative") << QByteArray(R"({"prompt_tokens":10,"completion_tokens":-1000000})")
                    << qint64(1'000) << qint64(5) << counted;
    row("huge") << QByteArray(R"({"prompt_tokens":10,"completion_tokens":1000000000000000000})")
                << qint64(1'000) << qint64(5) << counted;
    row("no output, though there is text")
        << QByteArray(R"({"prompt_tokens":10,"completion_tokens":0})") << qint64(10) << qint64(5)
        << counted;
    row("an input that is null") << QByteArray(R"({"prompt_tokens":null,"completion_tokens":7})")
                                 << qint64(1'000) << qint64(7) << counted;
    row("no input") << QByteArray(R"({"completion_tokens":7})") << qint64(1'000) << qint64(7)
                    << counted;
    row("an empty object") << QByteArray("{}") << qint64(1'000) << qint64(5) << counted;
    row("a text") << QByteArray(R"("12")") << qint64(1'000) << qint64(5) << counted;
    row("an array") << QByteArray("[1,2]") << qint64(1'000) << qint64(5) << counted;
}

void ExchangeHostileTest::figuresFromOutside()
{
    QFETCH(QByteArray, usage);
    const QByteArray answer = chatAnswer(usage);
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.setPrice("small", 2, 2);

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.body, answer);
    QTEST(m_fixture->record().usage.input, "input");
    QTEST(m_fixture->record().usage.output, "output");
    QTEST(m_fixture->record().usage.source, "source");
    QCOMPARE(m_fixture->record().usage.anomalous,
             usage.contains("000000") || usage.contains("5.7"));
    QVERIFY(m_fixture->spent() > 0);
    QCOMPARE(m_fixture->spent(), m_fixture->record().charge.units);
}

void ExchangeHostileTest::figuresOfAStream_data()
{
    QTest::addColumn<QByteArrayList>("events");
    QTest::addColumn<qint64>("output");
    QTest::addColumn<UsageSource>("source");

    QTest::newRow("none at all") << QByteArrayList{chunkOf("Hello"), finishChunk(), doneEvent}
                                 << qint64(5) << UsageSource::Counted;
    QTest::newRow("all negative: counted")
        << QByteArrayList{chunkOf("Hello"),
                          usageChunk(R"({"prompt_tokens":-5,"completion_tokens":-5})"),
                          doneEvent}
        << qint64(5) << UsageSource::Counted;
    QTest::newRow("twice: the later ones")
        << QByteArrayList{chunkOf("Hello"),
                          usageChunk(R"({"prompt_tokens":1,"completion_tokens":2})"),
                          usageChunk(R"({"prompt_tokens":1,"completion_tokens":3})"),
                          doneEvent}
        << qint64(3) << UsageSource::Provider;
    QTest::newRow("the input first, and nothing later")
        << QByteArrayList{usageChunk(R"({"prompt_tokens":1,"completion_tokens":0})"),
                          chunkOf("Hello"),
                          finishChunk(),
                          doneEvent}
        << qint64(5) << UsageSource::Counted;
    QTest::newRow("in halves") << QByteArrayList{
        usageChunk(R"({"prompt_tokens":1,"completion_tokens":0})"),
        chunkOf("Hello"),
        usageChunk(R"({"prompt_tokens":null,"completion_tokens":7})"),
        doneEvent} << qint64(7) << UsageSource::Provider;
    QTest::newRow("beside the reason")
        << QByteArrayList{chunkOf("Hello"),
                          "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],"
                          "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":7}}\n\n",
                          doneEvent}
        << qint64(7) << UsageSource::Provider;
}

void ExchangeHostileTest::figuresOfAStream()
{
    QFETCH(QByteArrayList, events);
    FakeUpstream provider([events](const ReceivedRequest &) { return sseStream(events); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.finished);

    QTEST(m_fixture->record().usage.output, "output");
    QTEST(m_fixture->record().usage.source, "source");
    QVERIFY(m_fixture->record().usage.input >= 0);
}

void ExchangeHostileTest::aLineWithoutAnEnd()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))
            .send(support::chunk(chunkOf("a")))
            .send(support::chunk("data: "))
            .repeat(support::chunk(QByteArray(60'000, 'x')));
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.wasCut);
    QVERIFY(asked->client.body.size() < 2'000);
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeHostileTest::aPictureInOneLine()
{
    const QByteArray event =
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":"
        "\"image/png\",\"data\":\""
        + QByteArray(3 * 1024 * 1024, 'A')
        + "\"}}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":10,"
          "\"candidatesTokenCount\":1290}}\n\n";
    FakeUpstream provider([event](const ReceivedRequest &) { return sseStream({event}); });
    m_fixture->content.addChannel(
        1, provider.baseUrl(), {u"small"_s}, int(domain::provider::gemini));

    const auto asked =
        m_fixture->ask(R"({"contents":[]})", protocol::Operation::StreamGenerateContent, "small");
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QVERIFY(asked->client.body == event);
    QCOMPARE(m_fixture->record().usage.output, 1'290);
    QVERIFY(m_fixture->health.snapshot().empty());
}

// It is paid for each time that it is asked for, and says nothing of the channel.
void ExchangeHostileTest::anEventThatIsTooLong()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return sseStream({chunkOf(QByteArray(200'000, 'x')), finishChunk(), doneEvent});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.addChannel(2, provider.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->content.settings().relay.maxEventBytes = 100'000;

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(asked->client.status, 502);
    QVERIFY(asked->client.body.contains("provider_answer_too_large"));
    QCOMPARE(provider.requestCount(), 1);
    QVERIFY(m_fixture->health.snapshot().empty());
    QCOMPARE(m_fixture->record().kind, domain::RecordKind::Failure);
    QCOMPARE(m_fixture->spent(), 0);
}

void ExchangeHostileTest::anEndlessDocument()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                200, {"Content-Type: application/json", "Transfer-Encoding: chunked"}))
            .send(support::chunk("{\"a\":\""))
            .repeat(support::chunk(QByteArray(60'000, 'x')));
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.maxResponseBytes = 2 * 1024 * 1024;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.wasCut);
    QVERIFY(asked->client.body.size() <= 2 * 1024 * 1024);
    QCOMPARE(m_fixture->record().end, EndReason::Failed);
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeHostileTest::anEndlessErrorText()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(500,
                                      {"Content-Type: text/plain", "Transfer-Encoding: chunked"}))
            .repeat(support::chunk(QByteArray(60'000, 'x')));
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.maxResponseBytes = 2 * 1024 * 1024;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 502);
    QVERIFY(asked->client.body.size() < 2'000);
}

void ExchangeHostileTest::compressedUnasked()
{
    // What gzip makes of {"choices":[]}.
    const QByteArray compressed =
        QByteArray::fromHex("1f8b08000000000002ffab564acec8cf4c4e2d56b28a8ead05004b9ebaad0e000000");
    FakeUpstream provider([compressed](const ReceivedRequest &) {
        return jsonAnswer(200, compressed, {"Content-Encoding: gzip"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(asked->client.body, QByteArray(R"({"choices":[]})"));
    QVERIFY(!asked->client.fields.value("content-encoding"));
}

void ExchangeHostileTest::theKeyIsNeverEchoed_data()
{
    QTest::addColumn<Script>("script");

    const QByteArray text(R"({"error":{"message":"Bad key provider-key-1 given"}})");
    QTest::newRow("in a refusal of the key") << jsonAnswer(401, text);
    QTest::newRow("in a fault") << jsonAnswer(500, text);
    QTest::newRow("in a 200") << jsonAnswer(200, text);
    QTest::newRow("in a stream") << sseStream({"data: " + text + "\n\n"});
    QTest::newRow("in a refusal of the request") << jsonAnswer(400, text);
    QTest::newRow("behind the first byte")
        << sseStream({chatEvents().first(), "data: " + text + "\n\n"});
}

void ExchangeHostileTest::theKeyIsNeverEchoed()
{
    QFETCH(Script, script);
    FakeUpstream provider([script](const ReceivedRequest &) { return script; });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY2(!asked->client.body.contains("provider-key-1"), asked->client.body.constData());
    QVERIFY(!asked->client.body.isEmpty());
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeHostileTest)
#include "tst_exchangehostile.moc"
