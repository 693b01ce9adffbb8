#include "protocol/answerscanner.h"

#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Usage;
using domain::UsageSource;
using protocol::AnswerKind;
using protocol::ErrorClass;
using protocol::Operation;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

class AnswerScannerTest : public QObject
{
    Q_OBJECT

private slots:
    void readsAnswers_data();
    void readsAnswers();
    void readsUsage_data();
    void readsUsage();
    void findsNoSuccess_data();
    void findsNoSuccess();
    void survivesWrongTypes_data();
    void survivesWrongTypes();
    void readsSpeech();
    void tellsEventsFromDocuments();
    void readsBeginnings_data();
    void readsBeginnings();
    void masksKey();
};

void AnswerScannerTest::readsAnswers_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("hasContent");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("finish");
    QTest::addColumn<QByteArray>("id");

    const auto row = [](const char *name,
                        Operation operation,
                        const char *body,
                        bool hasContent,
                        const char *text,
                        const char *finish,
                        const char *id) {
        QTest::newRow(name) << operation << QByteArray(body) << hasContent << QByteArray(text)
                            << QByteArray(finish) << QByteArray(id);
    };
    constexpr Operation chat = Operation::ChatCompletions;
    row("chat",
        chat,
        R"({"id":"chatcmpl-1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},"finish_reason":"stop"}]})",
        true,
        "Hi",
        "stop",
        "chatcmpl-1");
    row("OpenRouter with error null",
        chat,
        R"({"id":"gen-1","provider":"X","error":null,"choices":[{"error":null,"logprobs":null,"native_finish_reason":"stop","finish_reason":"stop","message":{"content":"Hi","reasoning":"hm"}}],"system_fingerprint":null})",
        true,
        "Hihm",
        "stop",
        "gen-1");
    row("DeepSeek after white space",
        chat,
        "\n\n \r\n{\"id\":\"1\",\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}",
        true,
        "Hi",
        "",
        "1");
    row("OpenRouter after comments",
        chat,
        ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\r\n\r\n"
        "{\"id\":\"1\",\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}",
        true,
        "Hi",
        "",
        "1");
    row("empty error",
        chat,
        R"({"error":"","choices":[{"message":{"content":"Hi"}}]})",
        true,
        "Hi",
        "",
        "");
    row("error is false",
        chat,
        R"({"error":false,"choices":[{"message":{"content":"Hi"}}]})",
        true,
        "Hi",
        "",
        "");
    row("error is an empty object",
        chat,
        R"({"error":{},"choices":[{"message":{"content":"Hi"}}]})",
        true,
        "Hi",
        "",
        "");
    row("error is zero",
        chat,
        R"({"error":0,"choices":[{"message":{"content":"Hi"}}]})",
        true,
        "Hi",
        "",
        "");
    row("error is an object of nothing",
        chat,
        R"({"error":{"code":0,"message":"","type":null,"more":{"a":false}},"choices":[{"message":{"content":"Hi"}}]})",
        true,
        "Hi",
        "",
        "");
    row("null content",
        chat,
        R"({"choices":[{"message":{"content":null},"finish_reason":"stop"}]})",
        false,
        "",
        "stop",
        "");
    row("missing content",
        chat,
        R"({"choices":[{"message":{},"finish_reason":"length"}]})",
        false,
        "",
        "length",
        "");
    row("no message", chat, R"({"choices":[{}]})", false, "", "", "");
    row("empty choices", chat, R"({"choices":[]})", false, "", "", "");
    row("no choices", chat, R"({})", false, "", "", "");
    row("tool call instead of text",
        chat,
        R"({"choices":[{"message":{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]})",
        true,
        "f{}",
        "tool_calls",
        "");
    row("several choices",
        chat,
        R"({"choices":[{"message":{"content":"a"}},{"message":{"content":"b"}}]})",
        true,
        "ab",
        "",
        "");
    row("completion",
        Operation::Completions,
        R"({"id":"cmpl","choices":[{"text":"Hi"}]})",
        true,
        "Hi",
        "",
        "cmpl");
    row("embedding",
        Operation::Embeddings,
        R"({"object":"list","data":[{"embedding":[0.1,-1e-5],"index":0}],"model":"m"})",
        true,
        "",
        "",
        "");
    row("embedding without vectors", Operation::Embeddings, R"({"data":[]})", false, "", "", "");
    row("moderation",
        Operation::Moderations,
        R"({"id":"modr-1","results":[{"flagged":false}]})",
        true,
        "",
        "",
        "modr-1");
    row("response",
        Operation::Responses,
        R"({"id":"resp_1","status":"completed","error":null,"incomplete_details":null,"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"Hi","annotations":[]}]},{"type":"function_call","name":"f","arguments":"{}"}]})",
        true,
        "hmHif{}",
        "completed",
        "resp_1");
    row("incomplete response",
        Operation::Responses,
        R"({"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]})",
        false,
        "",
        "max_output_tokens",
        "resp_1");
    row("message",
        Operation::Messages,
        R"({"id":"msg_1","type":"message","content":[{"type":"thinking","thinking":"hm","signature":"A"},{"type":"text","text":"Hi"},{"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use"})",
        true,
        "hmHif{\"a\":1}",
        "tool_use",
        "msg_1");
    row("token count", Operation::CountTokens, R"({"input_tokens":12})", true, "", "", "");
    row("Gemini",
        Operation::GenerateContent,
        R"({"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"finishReason":"STOP"}],"responseId":"r"})",
        true,
        "Hi",
        "STOP",
        "r");
    row("Gemini refuses the prompt",
        Operation::GenerateContent,
        R"({"promptFeedback":{"blockReason":"SAFETY"}})",
        false,
        "",
        "SAFETY",
        "");
    row("Gemini embeds",
        Operation::EmbedContent,
        R"({"embedding":{"values":[0.1]}})",
        true,
        "",
        "",
        "");
    row("Gemini counts", Operation::GeminiCountTokens, R"({"totalTokens":31})", true, "", "", "");
    // A broken byte, a cut character, a surrogate, too long a spelling, beyond Unicode; sound ones stay.
    row("not UTF-8",
        chat,
        "{\"choices\":[{\"message\":{\"content\":\"a\xFF \xE4\xBD \xED\xA0\x80 \xC0\x80 "
        "\xF4\x90\x80\x80 \xE4\xBD\xA0\xF0\x9F\x98\x80\xC3\xA9\"},\"finish_reason\":\"stop\"}]}",
        true,
        "a? ?? ??? ?? ???? \xE4\xBD\xA0\xF0\x9F\x98\x80\xC3\xA9",
        "stop",
        "");
    row("half a surrogate pair in the text",
        chat,
        R"({"choices":[{"message":{"content":"a\ud83d"}}]})",
        true,
        "a\xEF\xBF\xBD",
        "",
        "");
}

void AnswerScannerTest::readsAnswers()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, body);
    QFETCH(bool, hasContent);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, finish);
    QFETCH(QByteArray, id);

    const auto facts = protocol::scanAnswer(body, operation);

    QVERIFY(facts.isSuccess());
    QVERIFY(!facts.error);
    QCOMPARE(facts.hasContent, hasContent);
    QCOMPARE(facts.text, text);
    QCOMPARE(facts.finishReason, finish);
    QCOMPARE(facts.responseId, id);
}

void AnswerScannerTest::readsUsage_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Usage>("usage");

    constexpr UsageSource provider = UsageSource::Provider;
    QTest::newRow("chat")
        << Operation::ChatCompletions
        << QByteArray(R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}})")
        << Usage{.input = 7, .output = 3, .source = provider};
    QTest::newRow("chat without figures")
        << Operation::ChatCompletions << QByteArray(R"({"choices":[]})") << Usage{};
    QTest::newRow("chat with a total only")
        << Operation::ChatCompletions << QByteArray(R"({"usage":{"total_tokens":9}})") << Usage{};
    QTest::newRow("embedding with a total only")
        << Operation::Embeddings << QByteArray(R"({"data":[1],"usage":{"total_tokens":9}})")
        << Usage{.input = 9, .source = provider};
    QTest::newRow("response")
        << Operation::Responses
        << QByteArray(
               R"({"usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":1}}})")
        << Usage{.input = 7, .cacheRead = 2, .output = 3, .reasoning = 1, .source = provider};
    QTest::newRow("message")
        << Operation::Messages
        << QByteArray(
               R"({"usage":{"input_tokens":7,"cache_read_input_tokens":20,"cache_creation_input_tokens":5,"output_tokens":3}})")
        << Usage{.input = 32, .cacheRead = 20, .cacheWrite = 5, .output = 3, .source = provider};
    QTest::newRow("message with a split that exceeds the sum")
        << Operation::Messages
        << QByteArray(
               R"({"usage":{"input_tokens":7,"cache_creation_input_tokens":5,"cache_creation":{"ephemeral_1h_input_tokens":9},"output_tokens":3}})")
        << Usage{.input = 12, .cacheWriteLong = 5, .output = 3, .source = provider};
    QTest::newRow("message with negative figures")
        << Operation::Messages
        << QByteArray(
               R"({"usage":{"input_tokens":-7,"cache_read_input_tokens":-1,"output_tokens":3}})")
        << Usage{.anomalous = true};
    QTest::newRow("Gemini")
        << Operation::GenerateContent
        << QByteArray(
               R"({"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"thoughtsTokenCount":4}})")
        << Usage{.input = 7, .output = 7, .reasoning = 4, .source = provider};
    QTest::newRow("Gemini with wrong types")
        << Operation::GenerateContent
        << QByteArray(R"({"usageMetadata":{"promptTokenCount":"7","candidatesTokenCount":[3]}})")
        << Usage{.anomalous = true};
    QTest::newRow("pictures") << Operation::ImageGenerations
                              << QByteArray(R"({"created":1,"data":[{"url":"a"},{"url":"b"}]})")
                              << Usage{.images = 2, .source = provider};
    QTest::newRow("pictures and tokens")
        << Operation::ImageGenerations
        << QByteArray(
               R"({"data":[{"b64_json":"a"}],"usage":{"input_tokens":5,"output_tokens":272,"total_tokens":277}})")
        << Usage{.input = 5, .output = 272, .images = 1, .source = provider};
}

void AnswerScannerTest::readsUsage()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, body);
    QFETCH(Usage, usage);

    const auto facts = protocol::scanAnswer(body, operation);

    QVERIFY(facts.isSuccess());
    QCOMPARE(facts.usage, usage);
}

void AnswerScannerTest::findsNoSuccess_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("error");
    QTest::addColumn<int>("status");

    const auto row = [](const char *name,
                        const QByteArray &body,
                        AnswerKind kind,
                        ErrorClass error,
                        int status) {
        QTest::newRow(name) << body << int(kind) << int(error) << status;
    };
    row("empty", "", AnswerKind::Empty, ErrorClass::NotUnderstood, 502);
    row("white space", " \r\n\n", AnswerKind::Empty, ErrorClass::NotUnderstood, 502);
    row("web page",
        "<!DOCTYPE html><html><body>Welcome</body></html>",
        AnswerKind::WebPage,
        ErrorClass::NotUnderstood,
        502);
    row("web page in capitals",
        "\n<HTML><BODY></BODY></HTML>",
        AnswerKind::WebPage,
        ErrorClass::NotUnderstood,
        502);
    row("text", "Service is fine", AnswerKind::NotJson, ErrorClass::NotUnderstood, 502);
    row("cut off",
        R"({"choices":[{"message":{"content":"Hi)",
        AnswerKind::NotJson,
        ErrorClass::NotUnderstood,
        502);
    row("cut off between",
        R"({"choices":[{"message":)",
        AnswerKind::NotJson,
        ErrorClass::NotUnderstood,
        502);
    row("two documents", "{}{}", AnswerKind::NotJson, ErrorClass::NotUnderstood, 502);
    row("null", "null", AnswerKind::NotJson, ErrorClass::NotUnderstood, 502);
    row("string", "\"ok\"", AnswerKind::NotJson, ErrorClass::NotUnderstood, 502);
    row("array", R"([{"choices":[]}])", AnswerKind::NotJson, ErrorClass::NotUnderstood, 502);
    row("empty array", "[]", AnswerKind::NotJson, ErrorClass::NotUnderstood, 502);
    row("not UTF-8 and broken",
        "{\"a\":\xFF}",
        AnswerKind::NotJson,
        ErrorClass::NotUnderstood,
        502);
    row("a stream",
        "data: {\"choices\":[]}\n\n",
        AnswerKind::NotJson,
        ErrorClass::NotUnderstood,
        502);
    row("OpenRouter's rate limit",
        R"({"error":{"message":"Rate limit exceeded","code":429},"user_id":"u"})",
        AnswerKind::Error,
        ErrorClass::RateLimited,
        429);
    row("OpenRouter's credit",
        R"({"error":{"message":"Insufficient credits","code":402}})",
        AnswerKind::Error,
        ErrorClass::OutOfCredit,
        402);
    row("code as a text",
        R"({"error":{"message":"x","code":"503"}})",
        AnswerKind::Error,
        ErrorClass::Overloaded,
        503);
    row("error beside choices",
        R"({"choices":[],"error":{"message":"x","code":502}})",
        AnswerKind::Error,
        ErrorClass::ServerFault,
        502);
    row("a text as error",
        R"({"error":"model 'x' not found"})",
        AnswerKind::Error,
        ErrorClass::ServerFault,
        502);
    row("a number as error", R"({"error":1})", AnswerKind::Error, ErrorClass::ServerFault, 502);
    row("an error with a code alone",
        R"({"error":{"code":429,"message":""}})",
        AnswerKind::Error,
        ErrorClass::RateLimited,
        429);
    row("a list as error", R"({"error":["bad"]})", AnswerKind::Error, ErrorClass::ServerFault, 502);
    row("Gemini's array",
        R"([{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}])",
        AnswerKind::Error,
        ErrorClass::RateLimited,
        429);
    row("type only",
        R"({"error":{"type":"insufficient_quota"}})",
        AnswerKind::Error,
        ErrorClass::OutOfCredit,
        402);
    row("a code that is no status",
        R"({"error":{"code":3230,"message":"Wrong order"}})",
        AnswerKind::Error,
        ErrorClass::ServerFault,
        502);
    row("a huge code",
        R"({"error":{"code":1e300,"message":"x"}})",
        AnswerKind::Error,
        ErrorClass::ServerFault,
        502);
}

void AnswerScannerTest::findsNoSuccess()
{
    QFETCH(QByteArray, body);
    QFETCH(int, kind);
    QFETCH(int, error);
    QFETCH(int, status);

    const auto facts = protocol::scanAnswer(body, Operation::ChatCompletions);

    QCOMPARE(int(facts.kind), kind);
    QVERIFY(facts.error);
    QCOMPARE(int(facts.error->kind), error);
    QCOMPARE(facts.error->status, status);
    QVERIFY(!facts.error->message.isEmpty());
    QCOMPARE(facts.usage, Usage{});
}

void AnswerScannerTest::survivesWrongTypes_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("value");

    for (const char *value : {"null",
                              "-1",
                              "1e99",
                              "true",
                              "\"x\"",
                              "[]",
                              "[[1]]",
                              "{}",
                              "[null]",
                              R"({"content":5})",
                              R"([{"message":7,"content":{"parts":3}}])"}) {
        for (const Operation operation : {Operation::ChatCompletions,
                                          Operation::Completions,
                                          Operation::Embeddings,
                                          Operation::Moderations,
                                          Operation::Responses,
                                          Operation::ImageGenerations,
                                          Operation::Messages,
                                          Operation::CountTokens,
                                          Operation::GenerateContent,
                                          Operation::EmbedContent,
                                          Operation::GeminiCountTokens}) {
            const QByteArray name = protocol::nameOf(operation).toByteArray() + ": " + value;
            QTest::newRow(name.constData()) << operation << QByteArray(value);
        }
    }
}

void AnswerScannerTest::survivesWrongTypes()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, value);
    QByteArray body = "{\"x\":0";
    for (const char *name : {"id",
                             "model",
                             "object",
                             "choices",
                             "usage",
                             "x_groq",
                             "data",
                             "results",
                             "output",
                             "status",
                             "incomplete_details",
                             "content",
                             "stop_reason",
                             "candidates",
                             "promptFeedback",
                             "usageMetadata",
                             "embedding",
                             "embeddings",
                             "input_tokens",
                             "totalTokens",
                             "responseId"})
        body += ",\"" + QByteArray(name) + "\":" + value;
    body += '}';

    const auto facts = protocol::scanAnswer(body, operation);

    QVERIFY(facts.isSuccess());
    QCOMPARE(facts.usage.input, 0);
    QCOMPARE(facts.usage.output, 0);
}

void AnswerScannerTest::readsSpeech()
{
    const QByteArray sound("ID3\x04\0\0\xFF\xFB", 8);

    QVERIFY(protocol::scanAnswer(sound, Operation::Speech, "audio/mpeg").isSuccess());
    QVERIFY(!protocol::scanAnswer("", Operation::Speech, "audio/mpeg").isSuccess());
    QVERIFY(!protocol::scanAnswer("<html></html>", Operation::Speech, "text/html").isSuccess());
    const auto refused = protocol::scanAnswer(R"({"error":{"message":"No such voice","code":400}})",
                                              Operation::Speech,
                                              "application/json; charset=utf-8");
    QCOMPARE(int(refused.kind), int(AnswerKind::Error));
    QCOMPARE(refused.error->status, 400);
}

void AnswerScannerTest::tellsEventsFromDocuments()
{
    for (const char *text :
         {"data: {", "event: a", "\r\n\r\ndata:", ": hm\n\ndata: {", "id:1", "retry:1"})
        QCOMPARE(protocol::beginsAsEvents(text), std::optional(true));
    for (const char *text : {"{\"data:\":1}", "data {", "  [", ": hm\n{}", "<html>"})
        QCOMPARE(protocol::beginsAsEvents(text), std::optional(false));
    for (const char *text : {"", "\n", ": h", ": hm\n", "dat", "\nevent"})
        QVERIFY(!protocol::beginsAsEvents(text));
}

void AnswerScannerTest::readsBeginnings_data()
{
    QTest::addColumn<QByteArray>("beginning");
    QTest::addColumn<QByteArray>("error"); // its words; empty: there is none

    const QByteArray filler = R"("details":")" + QByteArray("x y ").repeated(10'000);
    const auto row = [](const char *name, const QByteArray &beginning, const QByteArray &error) {
        QTest::newRow(name) << beginning << error;
    };
    row("sound", "{\"choices\":[{" + filler, {});
    row("blanks only", "  \n\n", {});
    row("no error", R"({"error":null,"choices":[{)" + filler, {});
    row("an error of zeros", R"({"error":{"code":0,"message":""},"choices":[{)" + filler, {});
    row("an error that has only begun", "{" + filler + R"(","error":{"code":)", {});
    row("an error in the text", R"({"a":"\"error\":\"no\"",)" + filler, {});
    row("a whole error", R"({"error":{"message":"no luck"},)" + filler, "no luck");
    row("part of an error", R"({"error":{"message":"no luck",)" + filler, "no luck");
    row("part of an error without words",
        R"({"error":{)" + filler,
        "The provider answered with an error that is too long to be read.");
    row("a web page",
        "<html>" + filler,
        "The provider answered with a web page; check the base URL.");
    row("a text", filler, "The provider's answer is not JSON.");
}

void AnswerScannerTest::readsBeginnings()
{
    QFETCH(QByteArray, beginning);
    QFETCH(QByteArray, error);
    protocol::PassingMembers members(protocol::tellingMembers());
    members.feed(beginning);

    const auto found =
        protocol::errorOfBeginning(beginning, members, Operation::ChatCompletions, {});

    QCOMPARE(found.has_value(), !error.isEmpty());
    if (found)
        QCOMPARE(found->message.english().toUtf8(), error);
}

void AnswerScannerTest::masksKey()
{
    const auto facts = protocol::scanAnswer(R"({"error":{"message":"Key sk-abcdef is wrong"}})",
                                            Operation::ChatCompletions,
                                            {},
                                            "sk-abcdef");

    QCOMPARE(facts.error->message.english(), u"Key *** is wrong"_s);
}

QTEST_GUILESS_MAIN(AnswerScannerTest)
#include "tst_answerscanner.moc"
