#include "relay/exchangefixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
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

// What passes through an exchange, byte for byte, and what is changed on the way.
class ExchangeTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void documentsPass_data();
    void documentsPass();
    void streamsPass_data();
    void streamsPass();
    void aStreamUnderAnotherType_data();
    void aStreamUnderAnotherType();
    void aStreamCutAnywhereIsTheSame();
    void aMappedModelIsSpliced_data();
    void aMappedModelIsSpliced();
    void aMappedModelIsSplicedIntoABatch();
    void usageIsAskedForAndHidden_data();
    void usageIsAskedForAndHidden();
    void providersThatRefuseStreamOptions();
    void headersOfTheRequest();
    void headersOfTheAnswer();
    void ownHeadersOfAChannel();
    void bodyAndSystemPromptOfAChannel();
    void longBodies_data();
    void longBodies();
    void longDocumentsPassWhileTheyCome();
    void usageOfALongDocument_data();
    void usageOfALongDocument();
    void signsOfLifeBeforeADocument_data();
    void signsOfLifeBeforeADocument();
    void theLedgerLine();

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeTest::documentsPass_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("keyField");

    const int openAi = domain::provider::openAi;
    const QByteArray usage = R"("usage":{"prompt_tokens":10,"completion_tokens":5})";
    const QByteArray bearer("authorization: Bearer provider-key-1");
    QTest::newRow("a chat") << openAi << Operation::ChatCompletions << chatRequest() << chatAnswer()
                            << QByteArray("/v1/chat/completions") << bearer;
    QTest::newRow("a legacy completion")
        << openAi << Operation::Completions << QByteArray(R"({"prompt":"a","model":"small"})")
        << QByteArray(R"({"choices":[{"text":"b"}], )" + usage + "}")
        << QByteArray("/v1/completions") << bearer;
    QTest::newRow("vectors") << openAi << Operation::Embeddings
                             << QByteArray(R"({"model":"small","input":["a"]})")
                             << QByteArray(R"({"data":[{"embedding":[0.10,1e-3]}],"usage":)"
                                           R"({"prompt_tokens":10,"total_tokens":10}})")
                             << QByteArray("/v1/embeddings") << bearer;
    QTest::newRow("a response")
        << openAi << Operation::Responses << QByteArray(R"({"input":"a","model":"small"})")
        << QByteArray(R"({"id":"r","status":"completed","output":[],"error":null,"usage":)"
                      R"({"input_tokens":10,"output_tokens":5}})")
        << QByteArray("/v1/responses") << bearer;
    QTest::newRow("a message")
        << int(domain::provider::anthropic) << Operation::Messages
        << QByteArray(R"({"model":"small","max_tokens":5,"messages":[]})")
        << QByteArray(R"({"type":"message","content":[{"type":"text","text":"b"}],"usage":)"
                      R"({"input_tokens":10,"output_tokens":5}})")
        << QByteArray("/v1/messages") << QByteArray("x-api-key: provider-key-1");
    QTest::newRow("Gemini") << int(domain::provider::gemini) << Operation::GenerateContent
                            << QByteArray(R"({"contents":[{"parts":[{"text":"a"}]}]})")
                            << QByteArray(R"({"candidates":[{"content":{"parts":[{"text":"b"}]}}],)"
                                          R"("usageMetadata":{"promptTokenCount":10,)"
                                          R"("candidatesTokenCount":5}})")
                            << QByteArray("/v1beta/models/small:generateContent")
                            << QByteArray("x-goog-api-key: provider-key-1");
}

void ExchangeTest::documentsPass()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, keyField);
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, type);

    const auto asked = m_fixture->ask(request, operation, "small");
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 200);
    QCOMPARE(asked->client.body, answer);
    QCOMPARE(asked->client.contentLength, answer.size());
    QCOMPARE(asked->client.begins, 1);
    const ReceivedRequest received = provider.lastRequest();
    QCOMPARE(received.method, QByteArray("POST"));
    QTEST(received.target, "target");
    QCOMPARE(received.body, request);
    const QByteArray keyLine = "\r\n" + keyField.toLower() + "\r\n";
    QVERIFY2(received.head.toLower().contains(keyLine), received.head.constData());
    QCOMPARE(m_fixture->record().usage.input, 10);
    QCOMPARE(m_fixture->record().usage.source, domain::UsageSource::Provider);
}

void ExchangeTest::streamsPass_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArrayList>("events");

    const int openAi = domain::provider::openAi;
    QTest::newRow("a chat that asks for its usage")
        << openAi << Operation::ChatCompletions
        << chatRequest(R"(,"stream":true,"stream_options":{"include_usage":true})") << chatEvents();
    QTest::newRow("comments, names and other line ends")
        << openAi << Operation::ChatCompletions
        << chatRequest(R"(,"stream_options":{ "include_usage" : true },"stream":true)")
        << QByteArrayList{": PROCESSING\n\n",
                          "event: x\r\ndata:{\"choices\":[]}\r\n\r\n",
                          chunkOf("a"),
                          "id: 7\rdata: {\"odd\":1}\r\r",
                          finishChunk(),
                          usageChunk(),
                          "data:[DONE]\n\n"};
    QTest::newRow("a message")
        << int(domain::provider::anthropic) << Operation::Messages
        << QByteArray(R"({"model":"small","max_tokens":5,"messages":[],"stream":true})")
        << QByteArrayList{
               "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\","
               "\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n",
               "event: ping\ndata: {\"type\": \"ping\"}\n\n",
               "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":"
               "{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n",
               "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
               "{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}}\n\n",
               "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"};
    QTest::newRow("a response")
        << openAi << Operation::Responses
        << QByteArray(R"({"model":"small","input":"a","stream":true})")
        << QByteArrayList{
               "event: response.created\ndata: {\"type\":\"response.created\",\"response\":"
               "{\"id\":\"r\",\"error\":null}}\n\n",
               "event: response.output_text.delta\ndata: "
               "{\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n",
               "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":"
               "{\"id\":\"r\",\"status\":\"completed\",\"usage\":{\"input_tokens\":10,"
               "\"output_tokens\":5}}}\n\n"};
    QTest::newRow("Gemini")
        << int(domain::provider::gemini) << Operation::StreamGenerateContent
        << QByteArray(R"({"contents":[]})")
        << QByteArrayList{
               "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"H\"}]}}]}\r\n\r\n",
               "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"i\"}]},"
               "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":10,"
               "\"candidatesTokenCount\":5}}\r\n\r\n"};
}

void ExchangeTest::streamsPass()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, request);
    QFETCH(QByteArrayList, events);
    FakeUpstream provider([events](const ReceivedRequest &) { return sseStream(events); });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, type);

    const auto asked = m_fixture->ask(request, operation, "small");
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QByteArray whole = events.join();
    // A comment before the first event is a sign of life for us.
    if (whole.startsWith(": PROCESSING\n\n"))
        whole.remove(0, int(qstrlen(": PROCESSING\n\n")));
    QCOMPARE(asked->client.body, whole);
    QCOMPARE(asked->client.contentLength, -1);
    QVERIFY(asked->client.field("Content-Type").startsWith("text/event-stream"));
    QCOMPARE(provider.lastRequest().body, request);
    QCOMPARE(m_fixture->record().usage.input, 10);
    QCOMPARE(m_fixture->record().usage.output, 5);
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    QVERIFY(m_fixture->record().stream);
}

void ExchangeTest::aStreamUnderAnotherType_data()
{
    QTest::addColumn<QByteArrayList>("lines");
    QTest::addColumn<QByteArray>("before");

    QTest::newRow("bytes") << QByteArrayList{"Content-Type: application/octet-stream", "X-A: b"}
                           << QByteArray();
    QTest::newRow("text") << QByteArrayList{"Content-Type: text/plain; charset=utf-8"}
                          << QByteArray("\n");
    QTest::newRow("JSON, behind comments")
        << QByteArrayList{"Content-Type: application/json"} << QByteArray(": PROCESSING\n\n");
    QTest::newRow("none") << QByteArrayList{} << QByteArray("event: message\n");
}

void ExchangeTest::aStreamUnderAnotherType()
{
    QFETCH(QByteArrayList, lines);
    QFETCH(QByteArray, before);
    FakeUpstream provider([lines, before](const ReceivedRequest &) {
        const QByteArray whole = before + chatEvents().join();
        Script script;
        script.send(support::answerHead(200, lines + QByteArrayList{"Transfer-Encoding: chunked"}));
        // The first word comes in two pieces.
        script.send(support::chunk(whole.first(before.size() + 3))).pause(20ms);
        script.send(support::chunk(whole.sliced(before.size() + 3)));
        return script.send(support::chunk({}));
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked =
        m_fixture->ask(chatRequest(R"(,"stream":true,"stream_options":{"include_usage":true})"));
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QVERIFY(asked->client.body.endsWith(chatEvents().join()));
    QCOMPARE(asked->client.contentLength, -1);
    QVERIFY(asked->client.field("Content-Type").startsWith("text/event-stream"));
    QCOMPARE(m_fixture->record().usage.input, 10);
    QCOMPARE(m_fixture->record().usage.output, 5);
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
}

void ExchangeTest::aStreamCutAnywhereIsTheSame()
{
    const QByteArrayList events{chunkOf("gr\xc3\xb6\xc3\x9f"
                                        "er"),
                                ": comment\r\n\r\n",
                                finishChunk(),
                                usageChunk(),
                                doneEvent};
    FakeUpstream provider([events](const ReceivedRequest &) {
        Script script;
        script.send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        const QByteArray whole = events.join();
        for (const char byte : whole)
            script.dribble(support::chunk(QByteArray(1, byte)));
        return script.send(support::chunk({}));
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY_WITH_TIMEOUT(asked->client.hasEnded(), 20'000);

    QCOMPARE(asked->client.body, QByteArrayList(events).mid(0, 3).join() + doneEvent);
    QCOMPARE(m_fixture->record().usage.output, 5);
}

void ExchangeTest::aMappedModelIsSpliced_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("sent");

    QTest::newRow("in the middle") << QByteArray(R"({"a":1,"model" : "small" ,"top_p":0.50})")
                                   << QByteArray(R"({"a":1,"model" : "tiny\"v2" ,"top_p":0.50})");
    QTest::newRow("with escapes in name and value")
        << QByteArray(R"({"mod\u0065l":"sm\u0061ll","x":"model"})")
        << QByteArray(R"({"mod\u0065l":"tiny\"v2","x":"model"})");
}

void ExchangeTest::aMappedModelIsSpliced()
{
    QFETCH(QByteArray, request);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl()).modelMapping = {
        {u"small"_s, u"tiny\"v2"_s}};

    const auto asked = m_fixture->ask(request);
    QTRY_VERIFY(asked->client.finished);

    QTEST(provider.lastRequest().body, "sent");
    QCOMPARE(m_fixture->record().model, QByteArray("small"));
    QCOMPARE(m_fixture->record().providerModel, QByteArray("tiny\"v2"));
}

// What Google's own library sends for embedContent.
void ExchangeTest::aMappedModelIsSplicedIntoABatch()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(200, R"({"embeddings":[{"values":[0.5]},{"values":[0.25]}]})");
    });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, domain::provider::gemini)
        .modelMapping = {{u"small"_s, u"gemini-embedding-001"_s}};

    const auto asked = m_fixture->ask(
        R"({"requests":[{"model":"models/small","content":1}, {"content":2,"model":"small"}]})",
        Operation::BatchEmbedContents,
        "small");
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    const ReceivedRequest sent = provider.lastRequest();
    QVERIFY2(sent.target.endsWith("/models/gemini-embedding-001:batchEmbedContents"),
             sent.target.constData());
    QCOMPARE(sent.body,
             QByteArray(R"({"requests":[{"model":"models/gemini-embedding-001","content":1}, )"
                        R"({"content":2,"model":"models/gemini-embedding-001"}]})"));
}

void ExchangeTest::usageIsAskedForAndHidden_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<bool>("isShown");

    QTest::newRow("no options") << QByteArray()
                                << QByteArray(R"("stream_options":{"include_usage":true})")
                                << false;
    QTest::newRow("options without it")
        << QByteArray(R"(,"stream_options":{"x":1})")
        << QByteArray(R"("stream_options":{"include_usage":true,"x":1})") << false;
    QTest::newRow("it is not wanted")
        << QByteArray(R"(,"stream_options":{"include_usage":false})")
        << QByteArray(R"("stream_options":{"include_usage":true})") << false;
    QTest::newRow("it is wanted") << QByteArray(R"(,"stream_options":{"include_usage":true})")
                                  << QByteArray(R"("stream_options":{"include_usage":true})")
                                  << true;
}

void ExchangeTest::usageIsAskedForAndHidden()
{
    QFETCH(QByteArray, options);
    QFETCH(QByteArray, sent);
    QFETCH(bool, isShown);
    FakeUpstream provider([](const ReceivedRequest &) { return sseStream(chatEvents()); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(options + R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.finished);

    const QByteArray body = provider.lastRequest().body;
    QVERIFY2(body.contains(sent), body.constData());
    QVERIFY(body.contains(R"("content":"h\u0069")") && body.contains(R"("seed":1.0e2 })"));
    QVERIFY(!QJsonDocument::fromJson(body).isNull());
    QCOMPARE(asked->client.body.contains("prompt_tokens"), isShown);
    const QByteArray end = finishChunk() + (isShown ? usageChunk() : QByteArray()) + doneEvent;
    QVERIFY(asked->client.body.endsWith(end));
    QCOMPARE(m_fixture->record().usage.output, 5);
}

void ExchangeTest::providersThatRefuseStreamOptions()
{
    FakeUpstream provider([](const ReceivedRequest &) { return sseStream(chatEvents()); });
    constexpr int mistral = 28;
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, mistral);
    const QByteArray request = chatRequest(R"(,"stream":true)");

    const auto asked = m_fixture->ask(request);
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(provider.lastRequest().body, request);
    QCOMPARE(m_fixture->record().usage.output, 5);
}

void ExchangeTest::headersOfTheRequest()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(),
                                      Operation::ChatCompletions,
                                      {},
                                      {{"Authorization", "Bearer sk-of-the-client"},
                                       {"x-api-key", "of-the-client"},
                                       {"Cookie", "session=of-the-client"},
                                       {"X-Forwarded-For", "10.9.8.7"},
                                       {"Accept-Encoding", "br"},
                                       {"Content-Type", "application/json; charset=utf-8"},
                                       {"Content-Length", "1"},
                                       {"Transfer-Encoding", "chunked"},
                                       {"Host", "gateway.example"}});
    QTRY_VERIFY(asked->client.finished);

    const ReceivedRequest received = provider.lastRequest();
    QVERIFY2(!received.head.contains("of-the-client"), received.head.constData());
    QVERIFY(!received.head.contains("10.9.8.7"));
    QVERIFY(!received.head.contains("gateway.example"));
    QCOMPARE(received.header("Authorization"), QByteArray("Bearer provider-key-1"));
    QCOMPARE(received.header("Accept-Encoding"), QByteArray("identity"));
    QCOMPARE(received.header("Content-Type"), QByteArray("application/json"));
    QCOMPARE(received.header("Content-Length"), QByteArray::number(received.body.size()));
    QCOMPARE(received.header("Host"), "127.0.0.1:" + QByteArray::number(provider.port()));
    QCOMPARE(received.head.toLower().count("content-length:"), 1);
    QCOMPARE(received.head.toLower().count("transfer-encoding:"), 0);
}

void ExchangeTest::headersOfTheAnswer()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(200,
                          chatAnswer(),
                          {"X-Request-Id: theirs",
                           "Set-Cookie: theirs=1",
                           "Server: theirs",
                           "Connection: keep-alive",
                           "Content-Type: application/json"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    const RecordingDownstream &client = asked->client;
    QCOMPARE(client.field("X-Request-Id"), QByteArray("request-1"));
    QCOMPARE(client.field("X-Oneapi-Request-Id"), QByteArray("request-1"));
    QCOMPARE(client.field("x-provider-request-id"), QByteArray("theirs"));
    QCOMPARE(client.field("Content-Type"), QByteArray("application/json"));
    QVERIFY(!client.fields.value("set-cookie"));
    QVERIFY(!client.fields.value("connection"));
    QCOMPARE(client.fields.count("x-request-id"), 1);
}

void ExchangeTest::ownHeadersOfAChannel()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl()).headerOverrides = {
        {u"X-Title"_s, u"Gatehouse"_s},
        {u"authorization"_s, u"Token own"_s},
        {u"content-type"_s, u"application/json; v=2"_s}};

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    const ReceivedRequest received = provider.lastRequest();
    QCOMPARE(received.header("X-Title"), QByteArray("Gatehouse"));
    QCOMPARE(received.header("Authorization"), QByteArray("Token own"));
    QCOMPARE(received.header("Content-Type"), QByteArray("application/json; v=2"));
    // In place of ours, not beside it.
    QVERIFY2(!received.head.contains("provider-key-1"), received.head.constData());
    QCOMPARE(received.head.toLower().count("\ncontent-type:"), 1);
}

void ExchangeTest::bodyAndSystemPromptOfAChannel()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    domain::Channel &channel = m_fixture->content.addChannel(1, provider.baseUrl());
    channel.bodyOverrides = {{u"temperature"_s, 0.5}, {u"model"_s, u"forced"_s}};
    channel.systemPrompt = u"Be brief."_s;
    channel.modelMapping = {{u"small"_s, u"tiny"_s}};

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    const QJsonObject sent = QJsonDocument::fromJson(provider.lastRequest().body).object();
    QCOMPARE(sent.value(u"temperature").toDouble(), 0.5);
    QCOMPARE(sent.value(u"model").toString(), u"tiny"_s);
    const QJsonArray messages = sent.value(u"messages").toArray();
    QCOMPARE(messages.size(), 2);
    QCOMPARE(messages.first().toObject().value(u"content").toString(), u"Be brief."_s);
}

void ExchangeTest::longBodies_data()
{
    QTest::addColumn<bool>("modelFirst");
    QTest::addColumn<bool>("isMapped");

    QTest::newRow("nothing is changed") << true << false;
    QTest::newRow("the model at the beginning") << true << true;
    QTest::newRow("the model at the end") << false << true;
}

void ExchangeTest::longBodies()
{
    QFETCH(bool, modelFirst);
    QFETCH(bool, isMapped);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    domain::Channel &channel = m_fixture->content.addChannel(1, provider.baseUrl());
    if (isMapped)
        channel.modelMapping = {{u"small"_s, u"a-name-that-is-longer"_s}};
    const QByteArray text = "\"messages\":[{\"content\":\"" + QByteArray(3'000'000, 'a') + "\"}]";
    const QByteArray model = "\"model\":\"small\"";
    const QByteArray request =
        modelFirst ? "{" + model + "," + text + "}" : "{" + text + "," + model + "}";

    const auto asked = m_fixture->ask(request);
    QVERIFY(!asked->body->isInMemory());
    QTRY_VERIFY(asked->client.finished);

    const QByteArray sent = provider.lastRequest().body;
    QCOMPARE(sent.size(), request.size() + (isMapped ? 16 : 0));
    QVERIFY(sent
            == QByteArray(request).replace("\"small\"",
                                           isMapped ? "\"a-name-that-is-longer\"" : "\"small\""));
}

void ExchangeTest::longDocumentsPassWhileTheyCome()
{
    const QByteArray vectors = "{\"data\":[\"" + QByteArray(600'000, 'v') + "\"],";
    FakeUpstream provider([vectors](const ReceivedRequest &) {
        return Script()
            .send(
                support::answerHead(200,
                                    {"Content-Type: application/json",
                                     "Content-Length: " + QByteArray::number(vectors.size() + 1)}))
            .send(vectors)
            .stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(R"({"model":"small","input":"a"})", Operation::Embeddings);

    QTRY_COMPARE(asked->client.body.size(), vectors.size());
    QVERIFY(asked->client.body == vectors);
    QCOMPARE(asked->client.contentLength, vectors.size() + 1);
    QVERIFY(!asked->client.hasEnded());
    asked->exchange->clientGone();
}

void ExchangeTest::usageOfALongDocument_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("output");

    const QByteArray vectors = R"("data":[{"embedding":")" + QByteArray(900'000, 'v') + "\"}]";
    QTest::newRow("vectors, then figures")
        << Operation::Embeddings
        << "{" + vectors + R"(,"model":"m","usage":{"prompt_tokens":77,"total_tokens":77}})"
        << qint64(77) << qint64(0);
    QTest::newRow("figures, then vectors")
        << Operation::Embeddings
        << R"({"usage":{"prompt_tokens":77,"total_tokens":77},)" + vectors + "}" << qint64(77)
        << qint64(0);
    QTest::newRow("numbers") << Operation::Embeddings
                             << R"({"data":[{"embedding":[)" + QByteArray("0.25,").repeated(80'000)
                                    + R"(1]}],"usage":{"prompt_tokens":77,"total_tokens":77}})"
                             << qint64(77) << qint64(0);
    const QByteArray text = R"("choices":[{"message":{"content":")"
                            + QByteArray("word ").repeated(80'000)
                            + R"("},"finish_reason":"stop"}])";
    const QByteArray usage = R"("usage":{"prompt_tokens":1234,"completion_tokens":70000})";
    QTest::newRow("a text, then figures")
        << Operation::ChatCompletions << "{" + text + "," + usage + "}" << qint64(1'234)
        << qint64(70'000);
    QTest::newRow("figures, then a text")
        << Operation::ChatCompletions << "{" + usage + "," + text + "}" << qint64(1'234)
        << qint64(70'000);
    QTest::newRow("others deeper, behind it")
        << Operation::ChatCompletions
        << "{" + usage + "," + text
               + R"(,"debug":{"usage":{"prompt_tokens":1,"completion_tokens":1}}})"
        << qint64(1'234) << qint64(70'000);
    QTest::newRow("others in the text")
        << Operation::ChatCompletions
        << "{" + usage + ","
               + QByteArray(text).replace(
                   "\"},", R"( \"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}"},)")
               + "}"
        << qint64(1'234) << qint64(70'000);
}

void ExchangeTest::usageOfALongDocument()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, answer);
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(R"({"model":"small","input":"a","messages":[]})", operation);
    QTRY_VERIFY(asked->client.finished);

    QVERIFY(asked->client.body == answer);
    QTEST(m_fixture->record().usage.input, "input");
    QTEST(m_fixture->record().usage.output, "output");
    QCOMPARE(m_fixture->record().usage.source, domain::UsageSource::Provider);
}

void ExchangeTest::signsOfLifeBeforeADocument_data()
{
    QTest::addColumn<QByteArray>("answer");

    QTest::newRow("short") << chatAnswer();
    QTest::newRow("long") << QByteArray(chatAnswer()).replace("Hello", QByteArray(400'000, 'a'));
}

// A client would find no JSON behind them.
void ExchangeTest::signsOfLifeBeforeADocument()
{
    QFETCH(QByteArray, answer);
    FakeUpstream provider([answer](const ReceivedRequest &) {
        return jsonAnswer(200,
                          "\n: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\r\n\r\n" + answer);
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QVERIFY(asked->client.body == answer);
    QCOMPARE(asked->client.contentLength, answer.size());
    QCOMPARE(m_fixture->record().usage.output, 5);
    QCOMPARE(m_fixture->record().usage.source, domain::UsageSource::Provider);
}

void ExchangeTest::theLedgerLine()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(200,
                          chatAnswer(R"({"prompt_tokens":1000,"completion_tokens":500,)"
                                     R"("prompt_tokens_details":{"cached_tokens":400}})"));
    });
    m_fixture->content.addChannel(1, provider.baseUrl()).modelMapping = {{u"small"_s, u"tiny"_s}};
    m_fixture->content.setPrice("tiny", 2, 8);
    m_fixture->content.content.groups = {{.name = "default", .ratioMillionths = 500'000}};
    m_fixture->content.content.channels[0].priceRatioMillionths = 1'200'000;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    const domain::UsageRecord &record = m_fixture->record();
    QCOMPARE(record.requestId, QByteArray("request-1"));
    QCOMPARE(record.kind, RecordKind::Consumption);
    QCOMPARE(record.userId.value, 1);
    QCOMPARE(record.username, QByteArray("ann"));
    QCOMPARE(record.tokenName, QByteArray("laptop"));
    QCOMPARE(record.channelId.value, 1);
    QCOMPARE(record.channelKeyId, 10);
    QCOMPARE(record.group, QByteArray("default"));
    QCOMPARE(record.operation, QByteArray("chat"));
    QCOMPARE(record.finishReason, QByteArray("stop"));
    QCOMPARE(record.usage.input, 1'000);
    QCOMPARE(record.usage.cacheRead, 400);
    QCOMPARE(record.usage.output, 500);
    QCOMPARE(record.cost.nanoDollars, 3'600'000); // half of 6, times 1.2
    QCOMPARE(record.charge.units, 1'800);
    QCOMPARE(record.httpStatus, 200);
    QCOMPARE(record.attempts, 1);
    QCOMPARE(record.clientAddress, QByteArray("127.0.0.1"));
    QVERIFY(!record.unpriced);
    QVERIFY(record.firstByteMilliseconds >= 0);
    QCOMPARE(m_fixture->spent(), 1'800);
    QCOMPARE(m_fixture->admission.tokenBalance({1}, {1})->units, 1'000'000'000 - 1'800);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeTest)
#include "tst_exchange.moc"
