#include "gateway/echo/echoprovider.h"

#include "gateway/echo/echobehaviour.h"
#include "gateway/echo/echoprompt.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

struct Answer
{
    int status = 0;
    QByteArray head{};
    QByteArray body{};  // without the framing
    bool whole = false; // the end was marked, not just a closed connection

    QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
    // The payloads of a stream, `[DONE]` as an empty object.
    QList<QJsonObject> events() const
    {
        QList<QJsonObject> events;
        for (const QByteArray &line : body.split('\n')) {
            if (line.startsWith("data: "))
                events.append(QJsonDocument::fromJson(line.sliced(6)).object());
        }
        return events;
    }
};

// Takes the chunks apart; sets `whole` if the last one is there.
QByteArray unchunked(QByteArrayView rest, bool &whole)
{
    QByteArray body;
    while (true) {
        const qsizetype end = rest.indexOf("\r\n");
        if (end < 0)
            return body;
        const qsizetype size = rest.first(end).toByteArray().toLongLong(nullptr, 16);
        rest = rest.sliced(end + 2);
        if (size == 0) {
            whole = true;
            return body;
        }
        if (rest.size() < size + 2)
            return body + rest.toByteArray();
        body.append(rest.first(size));
        rest = rest.sliced(size + 2);
    }
}

Answer parsed(const QByteArray &bytes)
{
    Answer answer;
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return answer;
    answer.head = bytes.first(end).toLower();
    answer.status = bytes.mid(9, 3).toInt();
    const QByteArray rest = bytes.sliced(end + 4);
    if (answer.head.contains("transfer-encoding: chunked")) {
        answer.body = unchunked(rest, answer.whole);
        return answer;
    }
    answer.body = rest;
    const qsizetype length = answer.head.indexOf("content-length: ");
    answer.whole =
        length >= 0
        && answer.head.sliced(length + 16).split('\r').first().toLongLong() == rest.size();
    return answer;
}

// The value at a path such as "choices.0.message.content".
QJsonValue at(const QJsonValue &root, const QString &path)
{
    QJsonValue value = root;
    for (const QString &step : path.split(u'.')) {
        bool isIndex = false;
        const int index = step.toInt(&isIndex);
        value = isIndex ? value[index] : value[step];
    }
    return value;
}

const QByteArray weatherSchema = R"({"type":"object","required":["city","days"],"properties":{
"city":{"type":"string","minLength":6},"days":{"type":"integer","minimum":3},
"unit":{"enum":["c","f"]},"hours":{"type":"array","minItems":2,"items":{"type":"boolean"}},
"place":{"type":["object","null"],"properties":{"zip":{"type":"NUMBER"}}}}})";

} // namespace

class EchoProviderTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void parsesBehaviour_data();
    void parsesBehaviour();
    void joinsPiecesToTheText_data();
    void joinsPiecesToTheText();
    void makesValidArguments();
    void asksForTheKey_data();
    void asksForTheKey();
    void answersInTheDialect_data();
    void answersInTheDialect();
    void streamsInTheOrderOfTheDialect_data();
    void streamsInTheOrderOfTheDialect();
    void streamsUsageOnlyIfAsked();
    void streamsNumberedResponsesEvents();
    void streamsGeminiAsAnArrayWithoutSse();
    void breaksOffWithinAnArray();
    void misbehavesAsAsked_data();
    void misbehavesAsAsked();
    void errorsAreInTheDialect_data();
    void errorsAreInTheDialect();
    void cutsAStream();
    void waitsBeforeTheFirstByte();
    void neverAnswersIfHanging();
    void keepsTheConnection();
    void endsEachStreamOnce();
    void endsWithAnswersUnderWay();

private:
    QByteArray
    requestFor(const QByteArray &path, const QByteArray &body, const QByteArray &fields = {}) const;
    Answer ask(const QByteArray &path,
               const QByteArray &body,
               const QByteArray &fields = "Connection: close\r\n") const;
    Answer send(const QByteArray &bytes) const;

    EchoProvider m_echo{};
};

QByteArray EchoProviderTest::requestFor(const QByteArray &path,
                                        const QByteArray &body,
                                        const QByteArray &fields) const
{
    return (body.isEmpty() ? "GET " : "POST ") + path + " HTTP/1.1\r\nHost: echo\r\n"
           + "Authorization: Bearer " + m_echo.secret().reveal() + "\r\n" + fields
           + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

Answer EchoProviderTest::ask(const QByteArray &path,
                             const QByteArray &body,
                             const QByteArray &fields) const
{
    return send(requestFor(path, body, fields));
}

// Sends and reads until the provider closes.
Answer EchoProviderTest::send(const QByteArray &bytes) const
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_echo.port());
    socket.write(bytes);
    QByteArray received;
    while (socket.state() != QAbstractSocket::UnconnectedState && socket.waitForReadyRead(10'000))
        received += socket.readAll();
    return parsed(received + socket.readAll());
}

void EchoProviderTest::initTestCase()
{
    const base::Result<quint16> port = m_echo.start();

    QVERIFY(port);
    QVERIFY(*port > 0);
    QVERIFY(m_echo.secret().reveal().size() > 40);
}

void EchoProviderTest::parsesBehaviour_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<EchoBehaviour>("expected");

    using std::chrono::milliseconds;
    QTest::newRow("plain") << u"echo"_s << EchoBehaviour{};
    QTest::newRow("another name") << u"gpt-fast-cut"_s << EchoBehaviour{};
    QTest::newRow("unknown words") << u"echo-mini-2026"_s << EchoBehaviour{};
    QTest::newRow("no gaps") << u"echo-fast"_s << EchoBehaviour{.gap = milliseconds(0)};
    QTest::newRow("delay") << u"echo-slow-500ms"_s << EchoBehaviour{.delay = milliseconds(500)};
    QTest::newRow("delay in seconds")
        << u"echo-slow-2s"_s << EchoBehaviour{.delay = milliseconds(2000)};
    QTest::newRow("gap") << u"echo-gap-100ms"_s << EchoBehaviour{.gap = milliseconds(100)};
    QTest::newRow("status") << u"echo-error-429"_s << EchoBehaviour{.errorStatus = 429};
    QTest::newRow("status out of range")
        << u"echo-error-200"_s << EchoBehaviour{.errorStatus = 500};
    QTest::newRow("status without number") << u"echo-error"_s << EchoBehaviour{.errorStatus = 500};
    QTest::newRow("words") << u"echo-long-1000"_s << EchoBehaviour{.words = 1000};
    QTest::newRow("too many words")
        << u"echo-long-99999999"_s << EchoBehaviour{.words = EchoBehaviour::mostWords};
    QTest::newRow("several") << u"echo-fast-long-30-nousage-cut"_s
                             << EchoBehaviour{.gap = milliseconds(0),
                                              .words = 30,
                                              .cut = true,
                                              .noUsage = true};
}

void EchoProviderTest::parsesBehaviour()
{
    QFETCH(QString, model);
    QFETCH(EchoBehaviour, expected);

    QVERIFY(echoBehaviour(model) == expected);
}

void EchoProviderTest::joinsPiecesToTheText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qsizetype>("count");

    QTest::newRow("empty") << QString() << qsizetype(0);
    QTest::newRow("one word") << u"word"_s << qsizetype(1);
    QTest::newRow("spaces at both ends") << u"  two  words \n"_s << qsizetype(2);
    QTest::newRow("only spaces") << u"   "_s << qsizetype(1);
    QTest::newRow("a long word") << QString(50, u'x') << qsizetype(3);
    QTest::newRow("no surrogate pair is cut")
        << QString(QString(23, u'x') + u"\U0001F600\U0001F600"_s) << qsizetype(2);
}

void EchoProviderTest::joinsPiecesToTheText()
{
    QFETCH(QString, text);
    QFETCH(qsizetype, count);

    const QStringList pieces = echoPieces(text, 1000);

    QCOMPARE(pieces.join(QString()), text);
    QCOMPARE(pieces.size(), count);
    QCOMPARE(echoTokens(text), qint64(count));
    for (const QString &piece : pieces)
        QVERIFY(!piece.back().isHighSurrogate());
}

void EchoProviderTest::makesValidArguments()
{
    const QJsonObject schema = QJsonDocument::fromJson(weatherSchema).object();

    const QJsonObject arguments = echoArguments(schema);

    QVERIFY(arguments[u"city"_s].toString().size() >= 6);
    QCOMPARE(arguments[u"days"_s].toInt(), 3);
    QCOMPARE(arguments[u"unit"_s].toString(), u"c"_s);
    QCOMPARE(arguments[u"hours"_s].toArray(), (QJsonArray{true, true}));
    QVERIFY(arguments[u"place"_s][u"zip"_s].isDouble());
}

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

void EchoProviderTest::streamsInTheOrderOfTheDialect_data()
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

void EchoProviderTest::streamsInTheOrderOfTheDialect()
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

void EchoProviderTest::streamsUsageOnlyIfAsked()
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

void EchoProviderTest::streamsNumberedResponsesEvents()
{
    const Answer answer =
        ask("/v1/responses", R"({"model":"echo-fast","stream":true,"input":"a b"})");

    const QList<QJsonObject> events = answer.events();
    for (qsizetype i = 0; i < events.size(); ++i)
        QCOMPARE(events[i][u"sequence_number"_s].toInteger(), qint64(i));
    QCOMPARE(at(events.last(), u"response.usage.total_tokens"_s), QJsonValue(4));
    QCOMPARE(at(events.last(), u"response.output.0.content.0.text"_s), QJsonValue(u"a b"_s));
}

void EchoProviderTest::streamsGeminiAsAnArrayWithoutSse()
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

void EchoProviderTest::breaksOffWithinAnArray()
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

void EchoProviderTest::cutsAStream()
{
    const Answer answer = ask("/v1/chat/completions",
                              R"({"model":"echo-fast-cut-long-40","stream":true,"messages":[]})");

    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.whole);
    QVERIFY(answer.events().size() > 10);
    QVERIFY(!answer.body.contains("[DONE]"));
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

void EchoProviderTest::keepsTheConnection()
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

void EchoProviderTest::endsEachStreamOnce()
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

void EchoProviderTest::endsWithAnswersUnderWay()
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

using gatehouse::gateway::EchoProviderTest;
QTEST_GUILESS_MAIN(EchoProviderTest)
#include "tst_echoprovider.moc"
