#include "gateway/echo/echoprovider.h"
#include "gateway/echofixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

// What the built-in provider sends in parts.
class EchoStreamsTest : public EchoFixture
{
    Q_OBJECT

private slots:
    void streamsInTheOrderOfTheDialect_data();
    void streamsInTheOrderOfTheDialect();
    void streamsUsageOnlyIfAsked();
    void streamsNumberedResponsesEvents();
    void streamsGeminiAsAnArrayWithoutSse();
    void breaksOffWithinAnArray();
    void cutsAStream();
    void keepsTheConnection();
    void endsEachStreamOnce();
    void endsWithAnswersUnderWay();
};

void EchoStreamsTest::streamsInTheOrderOfTheDialect_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArrayList>("types");

    const QByteArray tools = R"("tools":[{"type":"function","name":"f","parameters":{}}])";
    QTest::newRow("responses: text")
        << QByteArray("/v1/responses")
        << QByteArray(R"({"model":"echo-fast","stream":true,"input":"a b"})")
        << QByteArrayList{"response.created",
                          "response.in_progress",
                          "response.output_item.added",
                          "response.content_part.added",
                          "response.output_text.delta",
                          "response.output_text.delta",
                          "response.output_text.done",
                          "response.content_part.done",
                          "response.output_item.done",
                          "response.completed"};
    QTest::newRow("responses: tool")
        << QByteArray("/v1/responses")
        << QByteArray(R"({"model":"echo-fast-tool","stream":true,"input":"a",)" + tools + "}")
        << QByteArrayList{"response.created",
                          "response.in_progress",
                          "response.output_item.added",
                          "response.function_call_arguments.delta",
                          "response.function_call_arguments.done",
                          "response.output_item.done",
                          "response.completed"};
    QTest::newRow("responses: incomplete")
        << QByteArray("/v1/responses")
        << QByteArray(R"({"model":"echo-fast","stream":true,"input":"a b","max_output_tokens":1})")
        << QByteArrayList{"response.created",
                          "response.in_progress",
                          "response.output_item.added",
                          "response.content_part.added",
                          "response.output_text.delta",
                          "response.output_text.done",
                          "response.content_part.done",
                          "response.output_item.done",
                          "response.incomplete"};
    QTest::newRow("messages")
        << QByteArray("/v1/messages")
        << QByteArray(
               R"({"model":"echo-fast","stream":true,"messages":[{"role":"user","content":"a b"}]})")
        << QByteArrayList{"message_start",
                          "content_block_start",
                          "ping",
                          "content_block_delta",
                          "content_block_delta",
                          "content_block_stop",
                          "message_delta",
                          "message_stop"};
    QTest::newRow("chat has no types")
        << QByteArray("/v1/chat/completions")
        << QByteArray(R"({"model":"echo-fast","stream":true,"messages":[]})") << QByteArrayList{};
    QTest::newRow("gemini has no types")
        << QByteArray("/v1beta/models/echo-fast:streamGenerateContent?alt=sse")
        << QByteArray(R"({"contents":[]})") << QByteArrayList{};
}

void EchoStreamsTest::streamsInTheOrderOfTheDialect()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArrayList, types);

    const Answer answer = ask(path, body);

    QVERIFY(answer.whole);
    QVERIFY(answer.head.contains("text/event-stream"));
    QByteArrayList seen;
    for (const QByteArray &line : answer.body.split('\n')) {
        if (line.startsWith("event: "))
            seen.append(line.sliced(7));
    }
    QCOMPARE(seen, types);
    QVERIFY(!answer.events().isEmpty());
}

void EchoStreamsTest::streamsUsageOnlyIfAsked()
{
    const QByteArray plain =
        R"({"model":"echo-fast","stream":true,"messages":[{"role":"user","content":"a b c"}]})";
    QByteArray asking = plain;
    asking.insert(1, R"("stream_options":{"include_usage":true},)");

    const Answer without = ask("/v1/chat/completions", plain);
    const Answer with = ask("/v1/chat/completions", asking);

    QVERIFY(!without.body.contains("usage"));
    QVERIFY(without.body.endsWith("data: [DONE]\n\n"));
    const QList<QJsonObject> events = with.events();
    QCOMPARE(events.size(), 7); // role, three words, reason, usage, [DONE]
    QCOMPARE(at(events[0], u"choices.0.delta.role"_s), QJsonValue(u"assistant"_s));
    QCOMPARE(events[0][u"usage"_s], QJsonValue(QJsonValue::Null));
    QCOMPARE(at(events[4], u"choices.0.finish_reason"_s), QJsonValue(u"stop"_s));
    QVERIFY(events[5][u"choices"_s].toArray().isEmpty());
    QCOMPARE(at(events[5], u"usage.total_tokens"_s), QJsonValue(6));
}

void EchoStreamsTest::streamsNumberedResponsesEvents()
{
    const Answer answer =
        ask("/v1/responses", R"({"model":"echo-fast","stream":true,"input":"a b"})");

    const QList<QJsonObject> events = answer.events();
    for (qsizetype i = 0; i < events.size(); ++i)
        QCOMPARE(events[i][u"sequence_number"_s].toInteger(), qint64(i));
    QCOMPARE(at(events.last(), u"response.usage.total_tokens"_s), QJsonValue(4));
    QCOMPARE(at(events.last(), u"response.output.0.content.0.text"_s), QJsonValue(u"a b"_s));
}

void EchoStreamsTest::streamsGeminiAsAnArrayWithoutSse()
{
    const Answer answer = ask("/v1beta/models/echo-fast:streamGenerateContent",
                              R"({"contents":[{"parts":[{"text":"a b c"}]}]})");

    const QJsonArray parts = QJsonDocument::fromJson(answer.body).array();
    QCOMPARE(parts.size(), 3);
    QVERIFY(answer.head.contains("application/json"));
    // As Google's own library expects it.
    QVERIFY(answer.body.startsWith('[') && answer.body.endsWith(']'));
    QVERIFY(at(parts[1], u"candidates.0.finishReason"_s).isUndefined());
    QCOMPARE(at(parts[2], u"candidates.0.finishReason"_s), QJsonValue(u"STOP"_s));
    QCOMPARE(at(parts[2], u"usageMetadata.candidatesTokenCount"_s), QJsonValue(3));
}

void EchoStreamsTest::breaksOffWithinAnArray()
{
    const QByteArray body(R"({"contents":[{"parts":[{"text":"a b c d"}]}]})");

    const Answer broken = ask("/v1beta/models/echo-fast-badjson:streamGenerateContent", body);
    const Answer cut = ask("/v1beta/models/echo-fast-cut:streamGenerateContent", body);

    QVERIFY(broken.whole);
    QVERIFY(broken.body.startsWith("[{") && !broken.body.contains("data:"));
    QVERIFY(QJsonDocument::fromJson(broken.body).isNull());
    QVERIFY(!cut.whole);
    QVERIFY(QJsonDocument::fromJson(cut.body).isNull());
    QVERIFY(!QJsonDocument::fromJson(cut.body + ']').array().isEmpty());
}

void EchoStreamsTest::cutsAStream()
{
    const Answer answer = ask("/v1/chat/completions",
                              R"({"model":"echo-fast-cut-long-40","stream":true,"messages":[]})");

    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.whole);
    QVERIFY(answer.events().size() > 10);
    QVERIFY(!answer.body.contains("[DONE]"));
}

void EchoStreamsTest::keepsTheConnection()
{
    const QByteArray stream =
        R"({"model":"echo-gap-1ms","stream":true,"messages":[{"role":"user","content":"a b"}]})";
    const QByteArray last = R"({"model":"echo","messages":[{"role":"user","content":"the end"}]})";

    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_echo.port());
    socket.write(requestFor("/v1/chat/completions", stream)
                 + requestFor("/v1/chat/completions", last, "Connection: close\r\n"));
    QByteArray received;
    while (socket.waitForReadyRead(10'000))
        received += socket.readAll();

    QCOMPARE(received.count("HTTP/1.1 200 OK"), 2);
    QVERIFY(received.indexOf("[DONE]") < received.indexOf("the end"));
    QVERIFY(received.indexOf("the end") > 0);
}

void EchoStreamsTest::endsEachStreamOnce()
{
    constexpr int streams = 40;
    const QByteArray body =
        R"({"model":"echo-gap-1ms","stream":true,"messages":[{"role":"user","content":"a b"}]})";
    const QByteArray end("0\r\n\r\n");

    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_echo.port());
    QByteArray received;
    for (int i = 1; i <= streams; ++i) {
        socket.write(requestFor("/v1/chat/completions", body));
        while (received.count(end) < i && socket.waitForReadyRead(10'000))
            received += socket.readAll();
    }

    QVERIFY(received.endsWith(end));
    QCOMPARE(received.count(QByteArray(end + "HTTP/1.1 200 OK\r\n")), streams - 1);
    QCOMPARE(received.count(end), streams);
}

void EchoStreamsTest::endsWithAnswersUnderWay()
{
    auto echo = std::make_unique<EchoProvider>();
    const base::Result<quint16> port = echo->start();
    QVERIFY(port);
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, *port);
    const QByteArray body = R"({"model":"echo-long-20000","stream":true,"messages":[]})";
    socket.write("POST /v1/chat/completions HTTP/1.1\r\nHost: echo\r\nAuthorization: Bearer "
                 + echo->secret().reveal()
                 + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QVERIFY(socket.waitForReadyRead(10'000));

    echo.reset();

    while (socket.state() == QAbstractSocket::ConnectedState && socket.waitForReadyRead(10'000))
        socket.readAll();
    QVERIFY(socket.state() != QAbstractSocket::ConnectedState);
}

} // namespace gatehouse::gateway

using gatehouse::gateway::EchoStreamsTest;
QTEST_GUILESS_MAIN(EchoStreamsTest)
#include "tst_echostreams.moc"
