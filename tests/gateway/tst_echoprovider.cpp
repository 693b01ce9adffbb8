#include "gateway/echofixture.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

// The answers of the built-in provider, in every dialect and as they may fail.
class EchoProviderTest : public EchoFixture
{
    Q_OBJECT

private slots:
    void asksForTheKey_data();
    void asksForTheKey();
    void answersInTheDialect_data();
    void answersInTheDialect();
    void misbehavesAsAsked_data();
    void misbehavesAsAsked();
    void errorsAreInTheDialect_data();
    void errorsAreInTheDialect();
    void waitsBeforeTheFirstByte();
    void neverAnswersIfHanging();
};

void EchoProviderTest::asksForTheKey_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<int>("status");

    QTest::newRow("bearer") << QByteArray("Authorization: Bearer SECRET\r\n") << 200;
    QTest::newRow("Anthropic's") << QByteArray("x-api-key: SECRET\r\n") << 200;
    QTest::newRow("Google's") << QByteArray("x-goog-api-key: SECRET\r\n") << 200;
    QTest::newRow("none") << QByteArray() << 401;
    QTest::newRow("empty") << QByteArray("x-api-key:\r\n") << 401;
    QTest::newRow("wrong") << QByteArray("Authorization: Bearer echo-0000\r\n") << 401;
    QTest::newRow("wrong scheme") << QByteArray("Authorization: Basic SECRET\r\n") << 401;
    QTest::newRow("a part of it") << QByteArray("x-api-key: SECRE\r\n") << 401;
}

void EchoProviderTest::asksForTheKey()
{
    QFETCH(QByteArray, field);
    QFETCH(int, status);
    field.replace("SECRE\r", m_echo.secret().reveal().chopped(1).append('\r'));
    field.replace("SECRET", m_echo.secret().reveal());

    const Answer answer =
        send("GET /v1/models HTTP/1.1\r\nHost: echo\r\n" + field + "Connection: close\r\n\r\n");

    QCOMPARE(answer.status, status);
}

void EchoProviderTest::answersInTheDialect_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QJsonValue>("expected");

    const auto row = [](const char *name,
                        const QByteArray &path,
                        const QByteArray &body,
                        const QString &place,
                        const QJsonValue &expected) {
        QTest::newRow(name) << path << body << place << expected;
    };
    const QByteArray chat("/v1/chat/completions");
    const QByteArray two = R"({"model":"echo","messages":[{"role":"user","content":"one"},
        {"role":"assistant","content":"x"},{"role":"user","content":"say this back"}]})";
    row("chat: last user message", chat, two, u"choices.0.message.content"_s, u"say this back"_s);
    row("chat: prompt tokens", chat, two, u"usage.prompt_tokens"_s, 5);
    row("chat: completion tokens", chat, two, u"usage.completion_tokens"_s, 3);
    row("chat: stop", chat, two, u"choices.0.finish_reason"_s, u"stop"_s);
    const QByteArray parts = R"({"model":"echo","max_tokens":1,"messages":[{"role":"user","content":
        [{"type":"text","text":"a b"},{"type":"image_url","image_url":{"url":"data:"}}]}]})";
    row("chat: parts and a limit", chat, parts, u"choices.0.message.content"_s, u"a "_s);
    row("chat: length", chat, parts, u"choices.0.finish_reason"_s, u"length"_s);
    row("chat: no usage",
        chat,
        R"({"model":"echo-nousage","messages":[]})",
        u"usage"_s,
        QJsonValue::Undefined);
    row("chat: so many words",
        chat,
        R"({"model":"echo-long-5","messages":[{"role":"user","content":"a b"}]})",
        u"choices.0.message.content"_s,
        u"a b a b a "_s);
    const QByteArray tool =
        R"({"model":"echo","messages":[{"role":"user","content":"use the Tool"}],
        "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object",
        "properties":{"unit":{"enum":["c"]}}}}}]})";
    row("chat: tool", chat, tool, u"choices.0.message.tool_calls.0.function.name"_s, u"weather"_s);
    row("chat: arguments",
        chat,
        tool,
        u"choices.0.message.tool_calls.0.function.arguments"_s,
        u"{\"unit\":\"c\"}"_s);
    row("chat: tool_calls", chat, tool, u"choices.0.finish_reason"_s, u"tool_calls"_s);
    QByteArray refused = tool;
    refused.chop(1);
    row("chat: no tool if refused",
        chat,
        refused + ",\"tool_choice\":\"none\"}",
        u"choices.0.finish_reason"_s,
        u"stop"_s);
    row("completion",
        "/v1/completions",
        R"({"model":"echo","prompt":"once upon"})",
        u"choices.0.text"_s,
        u"once upon"_s);
    row("embedding: as many as inputs",
        "/v1/embeddings",
        R"({"model":"echo","input":["a","b"],"dimensions":3})",
        u"data.1.index"_s,
        1);
    row("embedding: packed",
        "/v1/embeddings",
        R"({"model":"echo","input":"a","dimensions":3,"encoding_format":"base64"})",
        u"usage.prompt_tokens"_s,
        1);
    row("moderation",
        "/v1/moderations",
        R"({"model":"echo","input":"some violence"})",
        u"results.0.flagged"_s,
        true);
    row("image",
        "/v1/images/generations",
        R"({"model":"echo","prompt":"a cat","n":2})",
        u"usage.output_tokens"_s,
        2);
    const QByteArray responses("/v1/responses");
    row("responses: text",
        responses,
        R"({"model":"echo","input":"hello there"})",
        u"output.0.content.0.text"_s,
        u"hello there"_s);
    row("responses: items",
        responses,
        R"({"model":"echo","input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]}]})",
        u"usage.output_tokens"_s,
        1);
    row("responses: incomplete",
        responses,
        R"({"model":"echo","input":"a b","max_output_tokens":1})",
        u"incomplete_details.reason"_s,
        u"max_output_tokens"_s);
    row("responses: result of a tool",
        responses,
        R"({"model":"echo-tool","tools":[{"type":"function","name":"f"}],"input":[
        {"type":"function_call_output","call_id":"c","output":"it is warm"}]})",
        u"output.0.content.0.text"_s,
        u"it is warm"_s);
    const QByteArray messages("/v1/messages");
    row("messages: text",
        messages,
        R"({"model":"echo","system":"be kind","messages":[{"role":"user","content":"hi you"}]})",
        u"content.0.text"_s,
        u"hi you"_s);
    row("messages: input tokens",
        messages,
        R"({"model":"echo","system":"be kind","messages":[{"role":"user","content":"hi you"}]})",
        u"usage.input_tokens"_s,
        4);
    row("messages: forced tool",
        messages,
        R"({"model":"echo","tool_choice":{"type":"any"},"tools":[{"name":"f","input_schema":{}}],
        "messages":[{"role":"user","content":"hi"}]})",
        u"stop_reason"_s,
        u"tool_use"_s);
    row("messages: count",
        "/v1/messages/count_tokens",
        R"({"model":"echo","messages":[{"role":"user","content":"one two three"}]})",
        u"input_tokens"_s,
        3);
    const QByteArray gemini("/v1beta/models/echo:");
    const QByteArray contents = R"({"contents":[{"role":"user","parts":[{"text":"hi you"}]}]})";
    row("gemini: text",
        gemini + "generateContent",
        contents,
        u"candidates.0.content.parts.0.text"_s,
        u"hi you"_s);
    row("gemini: count", gemini + "countTokens", contents, u"totalTokens"_s, 2);
    row("gemini: tool",
        "/v1beta/models/echo-tool:generateContent",
        R"({"contents":[{"parts":[{"text":"hi"}]}],"tools":[{"functionDeclarations":[
        {"name":"f","parameters":{"type":"OBJECT","properties":{"n":{"type":"INTEGER"}}}}]}]})",
        u"candidates.0.content.parts.0.functionCall.args.n"_s,
        1);
    row("gemini: the newer path",
        "/v1/models/echo:generateContent",
        contents,
        u"candidates.0.content.parts.0.text"_s,
        u"hi you"_s);
    row("gemini: several embeddings",
        gemini + "batchEmbedContents",
        R"({"requests":[{"content":{"parts":[{"text":"a"}]}},{"outputDimensionality":3}]})",
        u"embeddings.1.values.3"_s,
        QJsonValue::Undefined);
    row("models", "/v1/models", {}, u"data.0.id"_s, u"echo"_s);
    row("gemini: models", "/v1beta/models", {}, u"models.0.name"_s, u"models/echo"_s);
}

void EchoProviderTest::answersInTheDialect()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QString, place);
    QFETCH(QJsonValue, expected);

    const Answer answer = ask(path, body);

    QCOMPARE(answer.status, 200);
    QVERIFY(answer.whole);
    QCOMPARE(at(answer.json(), place), expected);
}

void EchoProviderTest::misbehavesAsAsked_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isWhole");
    QTest::addColumn<QByteArray>("contains");

    QTest::newRow("429") << QByteArray("echo-error-429") << false << 429 << true
                         << QByteArray("rate_limit_exceeded");
    QTest::newRow("503 to a stream")
        << QByteArray("echo-error-503") << true << 503 << true << QByteArray("server_error");
    QTest::newRow("200 with an error")
        << QByteArray("echo-error200") << true << 200 << true << QByteArray("{\"error\":{");
    QTest::newRow("a page") << QByteArray("echo-html") << false << 200 << true
                            << QByteArray("<html>");
    QTest::newRow("nothing") << QByteArray("echo-empty") << false << 200 << true << QByteArray();
    QTest::newRow("a cut body") << QByteArray("echo-cut") << false << 200 << false
                                << QByteArray("{");
    QTest::newRow("broken JSON") << QByteArray("echo-badjson") << false << 200 << true
                                 << QByteArray("{");
    QTest::newRow("broken JSON in a stream")
        << QByteArray("echo-fast-badjson") << true << 200 << true << QByteArray("{\"ind\n\n");
}

void EchoProviderTest::misbehavesAsAsked()
{
    QFETCH(QByteArray, model);
    QFETCH(bool, stream);
    QFETCH(int, status);
    QFETCH(bool, isWhole);
    QFETCH(QByteArray, contains);

    const Answer answer =
        ask("/v1/chat/completions",
            R"({"messages":[{"role":"user","content":"hello"}],"stream":)"
                + QByteArray(stream ? "true" : "false") + ",\"model\":\"" + model + "\"}");

    QCOMPARE(answer.status, status);
    QCOMPARE(answer.whole, isWhole);
    QVERIFY(answer.body.contains(contains));
    QVERIFY(!answer.body.contains("[DONE]"));
    QCOMPARE(answer.head.contains("retry-after: 1"), status == 429);
    QVERIFY(!answer.json().contains(u"choices"_s));
}

void EchoProviderTest::errorsAreInTheDialect_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QJsonValue>("expected");

    QTest::newRow("OpenAI's") << QByteArray("/v1/chat/completions") << QByteArray("{") << 400
                              << u"error.type"_s << QJsonValue(u"invalid_request_error"_s);
    QTest::newRow("no model") << QByteArray("/v1/embeddings") << QByteArray("{}") << 400
                              << u"error.type"_s << QJsonValue(u"invalid_request_error"_s);
    QTest::newRow("unknown path") << QByteArray("/v1/nothing") << QByteArray("{\"model\":\"echo\"}")
                                  << 404 << u"error.type"_s
                                  << QJsonValue(u"invalid_request_error"_s);
    QTest::newRow("Anthropic's") << QByteArray("/v1/messages")
                                 << QByteArray("{\"model\":\"echo-error-529\"}") << 529
                                 << u"error.type"_s << QJsonValue(u"overloaded_error"_s);
    QTest::newRow("Gemini's") << QByteArray("/v1beta/models/echo-error-429:generateContent")
                              << QByteArray("{}") << 429 << u"error.status"_s
                              << QJsonValue(u"RESOURCE_EXHAUSTED"_s);
    QTest::newRow("Gemini's unknown action")
        << QByteArray("/v1beta/models/echo:think") << QByteArray("{}") << 404 << u"error.code"_s
        << QJsonValue(404);
}

void EchoProviderTest::errorsAreInTheDialect()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, place);
    QFETCH(QJsonValue, expected);

    const Answer answer = ask(path, body);

    QCOMPARE(answer.status, status);
    QCOMPARE(at(answer.json(), place), expected);
}

void EchoProviderTest::waitsBeforeTheFirstByte()
{
    QElapsedTimer timer;
    timer.start();

    const Answer answer =
        ask("/v1/chat/completions", R"({"model":"echo-slow-120ms","messages":[]})");

    QCOMPARE(answer.status, 200);
    QVERIFY(timer.elapsed() >= 110);
}

void EchoProviderTest::neverAnswersIfHanging()
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_echo.port());
    socket.write(requestFor("/v1/chat/completions", R"({"model":"echo-hang","messages":[]})"));

    const bool answered = socket.waitForReadyRead(300);

    QVERIFY(!answered);
    QCOMPARE(socket.state(), QAbstractSocket::ConnectedState);
}

} // namespace gatehouse::gateway

using gatehouse::gateway::EchoProviderTest;
QTEST_GUILESS_MAIN(EchoProviderTest)
#include "tst_echoprovider.moc"
