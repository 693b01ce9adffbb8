#include "protocol/scannedevents.h"

#include <QTest>

using namespace gatehouse;
using domain::Usage;
using domain::UsageSource;
using protocol::EventRole;
using protocol::Operation;
using protocol::StreamScanner;
using tests::eventOf;
using tests::readInto;
using tests::Sent;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)
Q_DECLARE_METATYPE(gatehouse::protocol::EventRole)

namespace {

// One letter for each role, so that a whole stream can be compared.
QByteArray rolesOf(StreamScanner &scanner, const QList<Sent> &events)
{
    QByteArray roles;
    for (const Sent &sent : events) {
        switch (scanner.read(eventOf(sent)).role) {
        case EventRole::Comment:
            roles += '.';
            break;
        case EventRole::Ordinary:
            roles += 'o';
            break;
        case EventRole::Content:
            roles += 'c';
            break;
        case EventRole::UsageOnly:
            roles += 'u';
            break;
        case EventRole::Final:
            roles += 'F';
            break;
        case EventRole::Error:
            roles += 'E';
            break;
        }
    }
    return roles;
}

QByteArray chunk(const QByteArray &rest)
{
    return R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m",)" + rest
           + '}';
}

QByteArray delta(const QByteArray &members, const QByteArray &finish = "null")
{
    return chunk(R"("choices":[{"index":0,"delta":{)" + members + R"(},"finish_reason":)" + finish
                 + "}]");
}

} // namespace

class StreamScannerTest : public QObject
{
    Q_OBJECT

private slots:
    void readsChat();
    void readsChatContent_data();
    void readsChatContent();
    void readsOddChunks_data();
    void readsOddChunks();
    void readsOpenAiUsage_data();
    void readsOpenAiUsage();
    void readsHalvesOfUsage();
    void readsResponses();
    void readsMessages();
    void overwritesAnthropicUsage();
    void countsPicturesWithinAnswers_data();
    void countsPicturesWithinAnswers();
    void readsGemini();
    void readsGeminisArray();
    void readsRefusedPrompt();
    void readsPictures();
    void readsNothingBehindTheEnd_data();
    void readsNothingBehindTheEnd();
    void boundsText();
};

void StreamScannerTest::readsChat()
{
    StreamScanner scanner(Operation::ChatCompletions);

    const QByteArray roles = rolesOf(
        scanner,
        {{"", delta(R"("role":"assistant","content":"","refusal":null)")},
         {"", delta(R"("content":"Hel")")},
         {"", delta(R"("content":"lo")")},
         {"", delta("", "\"stop\"")},
         {"",
          chunk(
              R"("choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11})")},
         {"", "[DONE]"}});

    QCOMPARE(roles, "occouF");
    QCOMPARE(scanner.deliveredText(), "Hello");
    QCOMPARE(scanner.finishReason(), "stop");
    QCOMPARE(scanner.responseId(), "chatcmpl-1");
    QVERIFY(scanner.isFinished());
    QVERIFY(scanner.coversOutput());
    QCOMPARE(scanner.usage(), (Usage{.input = 9, .output = 2, .source = UsageSource::Provider}));
    QVERIFY(!scanner.error());
}

void StreamScannerTest::readsChatContent_data()
{
    QTest::addColumn<QByteArray>("delta");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<EventRole>("role");

    const auto row = [](const char *name, const char *delta, const char *text, EventRole role) {
        QTest::newRow(name) << QByteArray(delta) << QByteArray(text) << role;
    };
    row("text", R"("content":"a\u00e9")", "aé", EventRole::Content);
    row("reasoning of DeepSeek",
        R"("content":null,"reasoning_content":"hm")",
        "hm",
        EventRole::Content);
    row("reasoning of OpenRouter",
        R"("content":"","reasoning":"hm","reasoning_details":[{"text":"hm"}])",
        "hm",
        EventRole::Content);
    row("reasoning under two names",
        R"("reasoning":"hm","reasoning_content":"hm")",
        "hm",
        EventRole::Content);
    row("parts of Mistral",
        R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]},{"type":"text","text":"b"}])",
        "ab",
        EventRole::Content);
    row("a tool call begins",
        R"("tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}])",
        "f",
        EventRole::Content);
    row("arguments",
        R"("tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}])",
        "{\"a\"",
        EventRole::Content);
    row("arguments as an object",
        R"("tool_calls":[{"index":0,"function":{"arguments":{"a":1}}}])",
        "{\"a\":1}",
        EventRole::Content);
    row("a custom tool",
        R"("tool_calls":[{"index":0,"custom":{"input":"ls"}}])",
        "ls",
        EventRole::Content);
    row("an old function call",
        R"("function_call":{"name":"f","arguments":"{}"})",
        "f{}",
        EventRole::Content);
    row("refusal", R"("refusal":"No")", "No", EventRole::Content);
    row("role only", R"("role":"assistant","content":"")", "", EventRole::Ordinary);
    row("null content", R"("content":null)", "", EventRole::Ordinary);
    row("no tool calls", R"("tool_calls":[])", "", EventRole::Ordinary);
}

void StreamScannerTest::readsChatContent()
{
    QFETCH(QByteArray, delta);
    QFETCH(QByteArray, text);
    QFETCH(EventRole, role);
    StreamScanner scanner(Operation::ChatCompletions);

    const EventRole read = readInto(scanner, ::delta(delta));

    QCOMPARE(read, role);
    QCOMPARE(scanner.deliveredText(), text);
    QCOMPARE(scanner.hasContent(), role == EventRole::Content);
}

void StreamScannerTest::readsOddChunks_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<EventRole>("role");

    QTest::newRow("Azure's filter results")
        << chunk(R"("choices":[],"prompt_filter_results":[{"prompt_index":0}])")
        << EventRole::Ordinary;
    QTest::newRow("usage is null, no choices")
        << chunk(R"("choices":[],"usage":null)") << EventRole::Ordinary;
    QTest::newRow("choices are missing, usage is there")
        << chunk(R"("usage":{"prompt_tokens":1,"completion_tokens":1})") << EventRole::UsageOnly;
    QTest::newRow("usage beside a choice") << chunk(
        R"("choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1})")
                                           << EventRole::Content;
    QTest::newRow("error is null")
        << chunk(R"("error":null,"provider":"X","choices":[])") << EventRole::Ordinary;
    QTest::newRow("not JSON") << QByteArray("processing") << EventRole::Ordinary;
    QTest::newRow("cut off") << QByteArray(R"({"choices":[{"del)") << EventRole::Ordinary;
    QTest::newRow("empty data") << QByteArray() << EventRole::Ordinary;
    QTest::newRow("a number") << QByteArray("12") << EventRole::Ordinary;
    QTest::newRow("end with spaces") << QByteArray(" [DONE] ") << EventRole::Final;
    QTest::newRow("a text of the old completions")
        << QByteArray(R"({"choices":[{"text":"a","index":0}]})") << EventRole::Content;
    QTest::newRow("a whole message in a stream")
        << QByteArray(R"({"choices":[{"message":{"content":"a"}}]})") << EventRole::Content;
}

void StreamScannerTest::readsOddChunks()
{
    QFETCH(QByteArray, data);
    QFETCH(EventRole, role);
    StreamScanner scanner(Operation::ChatCompletions);

    const EventRole read = readInto(scanner, data);

    QCOMPARE(read, role);
    QVERIFY(!scanner.error());
    QCOMPARE(scanner.read({.isComment = true}).role, EventRole::Comment);
}

void StreamScannerTest::readsOpenAiUsage_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<Usage>("usage");

    const auto row = [](const char *name, const char *usage, Usage expected) {
        if (expected.input + expected.output > 0)
            expected.source = UsageSource::Provider;
        QTest::newRow(name) << R"("choices":[],)" + QByteArray(usage) << expected;
    };
    row("with all details",
        R"("usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":10,"audio_tokens":5},"completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":2}})",
        {.input = 100,
         .cacheRead = 40,
         .cacheWrite = 10,
         .inputAudio = 5,
         .output = 50,
         .reasoning = 30,
         .outputAudio = 2});
    row("xAI's reasoning is outside",
        R"("usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":45,"completion_tokens_details":{"reasoning_tokens":30}})",
        {.input = 10, .output = 35, .reasoning = 30});
    row("DeepSeek's cache",
        R"("usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":2})",
        {.input = 10, .cacheRead = 8, .output = 5});
    row("Groq's place",
        R"("x_groq":{"id":"r","usage":{"prompt_tokens":3,"completion_tokens":4}})",
        {.input = 3, .output = 4});
    row("OpenRouter's costs",
        R"("usage":{"prompt_tokens":3,"completion_tokens":4,"cost":0.0001,"cost_details":{"upstream_inference_cost":null},"prompt_tokens_details":{"cached_tokens":1,"cache_write_tokens":2}})",
        {.input = 3, .cacheRead = 1, .cacheWrite = 2, .output = 4});
    row("Moonshot's flat cache",
        R"("usage":{"prompt_tokens":9,"completion_tokens":4,"cached_tokens":7})",
        {.input = 9, .cacheRead = 7, .output = 4});
    row("Alibaba's cache",
        R"("usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2,"cache_creation_input_tokens":3}})",
        {.input = 9, .cacheRead = 2, .cacheWrite = 3, .output = 4});
    row("negative",
        R"("usage":{"prompt_tokens":-1000000,"completion_tokens":4})",
        {.anomalous = true});
    row("all negative",
        R"("usage":{"prompt_tokens":-5,"completion_tokens":-5})",
        {.anomalous = true});
    row("huge", R"("usage":{"prompt_tokens":1e18,"completion_tokens":4})", {.anomalous = true});
    row("beyond doubles",
        R"("usage":{"prompt_tokens":1e400,"completion_tokens":4})",
        {.anomalous = true});
    row("30 digits",
        R"("usage":{"prompt_tokens":123456789012345678901234567890,"completion_tokens":4})",
        {.anomalous = true});
    row("huge output",
        R"("usage":{"prompt_tokens":10,"completion_tokens":1000000000000000000})",
        {.anomalous = true});
    row("negative output",
        R"("usage":{"prompt_tokens":10,"completion_tokens":-1})",
        {.anomalous = true});
    row("a negative part of a sum",
        R"("usage":{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":-3}})",
        {.input = 10, .output = 4, .anomalous = true});
    row("fraction",
        R"("usage":{"prompt_tokens":1.5,"completion_tokens":4})",
        {.input = 1, .output = 4, .anomalous = true});
    row("whole floats",
        R"("usage":{"prompt_tokens":10.0,"completion_tokens":4e0})",
        {.input = 10, .output = 4});
    row("strings", R"("usage":{"prompt_tokens":"12","completion_tokens":4})", {.anomalous = true});
    row("objects",
        R"("usage":{"prompt_tokens":{},"completion_tokens":4,"prompt_tokens_details":[]})",
        {.anomalous = true});
    row("null", R"("usage":{"prompt_tokens":null,"completion_tokens":4})", {.output = 4});
    row("all zero", R"("usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0})", {});
    row("more cached than sent",
        R"("usage":{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":50}})",
        {.input = 5, .cacheRead = 5, .output = 1, .anomalous = true});
    row("an array", R"("usage":[1,2])", {});
    row("a string", R"("usage":"none")", {});
}

void StreamScannerTest::readsOpenAiUsage()
{
    QFETCH(QByteArray, members);
    QFETCH(Usage, usage);
    StreamScanner scanner(Operation::ChatCompletions);

    readInto(scanner, chunk(members));

    QCOMPARE(scanner.usage(), usage);
    QCOMPARE(scanner.coversOutput(), usage.source == UsageSource::Provider);
}

// Some tell with the first chunk what was read, and that nothing is written yet.
void StreamScannerTest::readsHalvesOfUsage()
{
    StreamScanner scanner(Operation::ChatCompletions);

    readInto(scanner,
             chunk(R"("choices":[],"usage":{"prompt_tokens":10,"completion_tokens":0,)"
                   R"("prompt_tokens_details":{"cached_tokens":4}})"));
    QVERIFY(scanner.coversOutput());
    readInto(scanner, delta(R"("content":"Hello")"));
    QVERIFY(scanner.hasUsage());
    QVERIFY(!scanner.coversOutput());
    readInto(scanner,
             chunk(R"("choices":[],"usage":{"prompt_tokens":null,"completion_tokens":3})"));

    QVERIFY(scanner.coversOutput());
    QCOMPARE(scanner.usage(),
             (Usage{.input = 10, .cacheRead = 4, .output = 3, .source = UsageSource::Provider}));
}

void StreamScannerTest::readsResponses()
{
    StreamScanner scanner(Operation::Responses);
    const QByteArray response =
        R"("response":{"id":"resp_1","status":"in_progress","error":null,"usage":null})";

    const QByteArray roles = rolesOf(
        scanner,
        {{"response.created", R"({"type":"response.created",)" + response + '}'},
         {"response.in_progress", R"({"type":"response.in_progress",)" + response + '}'},
         {"", R"({"type":"response.output_item.added","item":{"type":"reasoning","summary":[]}})"},
         {"", R"({"type":"response.reasoning_summary_text.delta","delta":"Think "})"},
         {"", R"({"type":"response.output_item.added","item":{"type":"message","content":[]}})"},
         {"", R"({"type":"response.output_text.delta","delta":"Hi"})"},
         {"", R"({"type":"response.output_text.done","text":"Hi"})"},
         {"",
          R"({"type":"response.output_item.added","item":{"type":"function_call","name":"f","arguments":""}})"},
         {"", R"({"type":"response.function_call_arguments.delta","delta":"{}"})"},
         {"response.completed",
          R"({"type":"response.completed","response":{"id":"resp_1","status":"completed","error":null,"usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":5,"cache_write_tokens":4,"cache_write_tokens_details":{"ttl_12h_tokens":3}},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":27}}})"}});

    QCOMPARE(roles, "ooocococcF");
    QCOMPARE(scanner.deliveredText(), "Think Hif{}");
    QCOMPARE(scanner.responseId(), "resp_1");
    QCOMPARE(scanner.finishReason(), "completed");
    QCOMPARE(scanner.usage(),
             (Usage{.input = 20,
                    .cacheRead = 5,
                    .cacheWrite = 1,
                    .cacheWriteLong = 3,
                    .output = 7,
                    .reasoning = 4,
                    .source = UsageSource::Provider}));
    StreamScanner incomplete(Operation::Responses);
    QCOMPARE(
        readInto(
            incomplete,
            R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}})"),
        EventRole::Final);
    QCOMPARE(incomplete.finishReason(), "max_output_tokens");
}

void StreamScannerTest::readsMessages()
{
    StreamScanner scanner(Operation::Messages);

    const QByteArray roles = rolesOf(
        scanner,
        {{"message_start",
          R"({"type":"message_start","message":{"id":"msg_1","type":"message","content":[],"stop_reason":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":7,"cache_read_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4},"output_tokens":1}}})"},
         {"ping", R"({"type":"ping"})"},
         {"content_block_start",
          R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})"},
         {"content_block_delta",
          R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}})"},
         {"content_block_delta",
          R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"AAAA"}})"},
         {"content_block_start",
          R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})"},
         {"content_block_delta",
          R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}})"},
         {"content_block_stop", R"({"type":"content_block_stop","index":1})"},
         {"content_block_start",
          R"({"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}})"},
         {"content_block_delta",
          R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}})"},
         {"message_delta",
          R"({"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":null,"output_tokens":42,"output_tokens_details":{"thinking_tokens":12}}})"},
         {"message_stop", R"({"type":"message_stop"})"}});

    QCOMPARE(roles, "o.ocoococcoF");
    QCOMPARE(scanner.deliveredText(), "hmHif{\"a\":1}");
    QCOMPARE(scanner.responseId(), "msg_1");
    QCOMPARE(scanner.finishReason(), "tool_use");
    QVERIFY(scanner.coversOutput());
    QCOMPARE(scanner.usage(),
             (Usage{.input = 117,
                    .cacheRead = 100,
                    .cacheWrite = 3,
                    .cacheWriteLong = 4,
                    .output = 42,
                    .reasoning = 12,
                    .source = UsageSource::Provider}));
}

void StreamScannerTest::overwritesAnthropicUsage()
{
    StreamScanner scanner(Operation::Messages);

    readInto(
        scanner,
        R"({"type":"message_start","message":{"usage":{"input_tokens":0,"output_tokens":0}}})");
    QVERIFY(!scanner.hasUsage());
    readInto(scanner, R"({"type":"message_delta","delta":{},"usage":{"output_tokens":5}})");
    readInto(
        scanner,
        R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":30,"cache_read_input_tokens":null,"output_tokens":9}})");

    QCOMPARE(scanner.usage(), (Usage{.input = 30, .output = 9, .source = UsageSource::Provider}));
}

void StreamScannerTest::countsPicturesWithinAnswers_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArrayList>("events");
    QTest::addColumn<qint64>("pictures");

    const auto gemini = [](const QByteArray &type) -> QByteArray {
        return R"({"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":")" + type
               + R"(","data":"AAAA"}}]}}]})";
    };
    QTest::newRow("Gemini's") << Operation::StreamGenerateContent
                              << QByteArrayList{gemini("image/png"), gemini("image/jpeg")}
                              << qint64(2);
    QTest::newRow("Gemini's sound")
        << Operation::StreamGenerateContent << QByteArrayList{gemini("audio/L16")} << qint64(0);
    QTest::newRow("of a response, in several steps")
        << Operation::Responses
        << QByteArrayList{R"({"type":"response.output_item.added","item":{"type":"image_generation_call"}})",
                          R"({"type":"response.image_generation_call.partial_image","partial_image_b64":"A"})",
                          R"({"type":"response.image_generation_call.partial_image","partial_image_b64":"B"})"}
        << qint64(1);
    QTest::newRow("of a response, without its beginning")
        << Operation::Responses
        << QByteArrayList{R"({"type":"response.image_generation_call.partial_image"})"}
        << qint64(1);
    QTest::newRow("OpenRouter's")
        << Operation::ChatCompletions
        << QByteArrayList{R"({"choices":[{"delta":{"images":[{"type":"image_url","image_url":{"url":"data:"}}]}}]})"}
        << qint64(1);
}

void StreamScannerTest::countsPicturesWithinAnswers()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArrayList, events);
    StreamScanner scanner(operation);

    for (const QByteArray &event : events)
        readInto(scanner, event);

    QTEST(scanner.deliveredPictures(), "pictures");
    QVERIFY(scanner.hasContent());
}

void StreamScannerTest::readsGemini()
{
    StreamScanner scanner(Operation::StreamGenerateContent);

    const QByteArray roles = rolesOf(
        scanner,
        {{"",
          R"({"candidates":[{"content":{"parts":[{"text":"hm","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":8,"totalTokenCount":8},"modelVersion":"g","responseId":"r1"})"},
         {"",
          R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}}]})"},
         {"", R"({"candidates":[{"content":{"parts":[{"text":""}]}}]})"},
         {"",
          R"({"candidates":[{"content":{"parts":[{"text":"!"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":8,"cachedContentTokenCount":2,"candidatesTokenCount":5,"thoughtsTokenCount":3,"toolUsePromptTokenCount":4,"totalTokenCount":20,"promptTokensDetails":[{"modality":"TEXT","tokenCount":6},{"modality":"AUDIO","tokenCount":2}]}})"}});

    QCOMPARE(roles, "ccoF");
    QCOMPARE(scanner.deliveredText(), "hmf{\"a\":1}!");
    QCOMPARE(scanner.responseId(), "r1");
    QCOMPARE(scanner.finishReason(), "STOP");
    QCOMPARE(scanner.usage(),
             (Usage{.input = 12,
                    .cacheRead = 2,
                    .inputAudio = 2,
                    .output = 8,
                    .reasoning = 3,
                    .source = UsageSource::Provider}));
}

// The bracket ends it, and not the reason of one of its candidates.
void StreamScannerTest::readsGeminisArray()
{
    StreamScanner scanner(Operation::StreamGenerateContent, {}, protocol::StreamForm::Array);

    const QByteArray before = rolesOf(
        scanner,
        {{"",
          R"({"candidates":[{"content":{"parts":[{"text":"H"}]}}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":1}})"},
         {"",
          R"({"candidates":[{"content":{"parts":[{"text":"i"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":5}})"},
         {"", R"({"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}})"}});
    const bool wasFinished = scanner.isFinished();

    QCOMPARE(before, "ccE");
    QVERIFY(!wasFinished);
    QCOMPARE(readInto(scanner, "]"), EventRole::Final);
    QVERIFY(scanner.isFinished());
    QCOMPARE(scanner.finishReason(), "STOP");
    QCOMPARE(scanner.deliveredText(), "Hi");
    QCOMPARE(scanner.usage(), (Usage{.input = 8, .output = 5, .source = UsageSource::Provider}));
}

void StreamScannerTest::readsRefusedPrompt()
{
    StreamScanner scanner(Operation::StreamGenerateContent);

    const EventRole role = readInto(
        scanner,
        R"({"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}})");

    QCOMPARE(role, EventRole::Final);
    QCOMPARE(scanner.finishReason(), "SAFETY");
    QCOMPARE(scanner.usage().input, 4);
    QVERIFY(!scanner.hasContent());
}

void StreamScannerTest::readsPictures()
{
    StreamScanner scanner(Operation::ImageGenerations);

    const QByteArray roles = rolesOf(
        scanner,
        {{"",
          R"({"type":"image_generation.partial_image","b64_json":"AAAA","partial_image_index":0})"},
         {"",
          R"({"type":"image_generation.completed","b64_json":"AAAA","usage":{"input_tokens":50,"output_tokens":4160,"total_tokens":4210,"input_tokens_details":{"text_tokens":50,"image_tokens":0}}})"}});

    QCOMPARE(roles, "cF");
    QCOMPARE(scanner.usage(),
             (Usage{.input = 50, .output = 4160, .images = 1, .source = UsageSource::Provider}));
}

void StreamScannerTest::readsNothingBehindTheEnd_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArrayList>("events");
    QTest::addColumn<QByteArrayList>("behind");

    QTest::newRow("[DONE]")
        << Operation::ChatCompletions
        << QByteArrayList{delta(R"("content":"Hello")"),
                          chunk(
                              R"("choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3})"),
                          "[DONE]"}
        << QByteArrayList{
               delta(R"("content":"more")"),
               chunk(R"("choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1000})"),
               R"({"error":{"message":"late"}})",
               "[DONE]"};
    QTest::newRow("message_stop")
        << Operation::Messages
        << QByteArrayList{R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"Hello"}})",
                          R"({"type":"message_delta","delta":{},"usage":{"input_tokens":7,"output_tokens":3}})",
                          R"({"type":"message_stop"})"}
        << QByteArrayList{R"({"type":"message_delta","delta":{},"usage":{"output_tokens":5000}})"};
    QTest::newRow("response.completed")
        << Operation::Responses
        << QByteArrayList{R"({"type":"response.output_text.delta","delta":"Hello"})",
                          R"({"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":7,"output_tokens":3}}})"}
        << QByteArrayList{
               R"({"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":7,"output_tokens":5000}}})",
               "[DONE]"};
}

void StreamScannerTest::readsNothingBehindTheEnd()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArrayList, events);
    QFETCH(QByteArrayList, behind);
    StreamScanner scanner(operation);
    for (const QByteArray &event : events)
        readInto(scanner, event);
    QVERIFY(scanner.isFinished());

    for (const QByteArray &event : behind)
        QVERIFY(readInto(scanner, event) == EventRole::Ordinary);

    QCOMPARE(scanner.usage(), (Usage{.input = 7, .output = 3, .source = UsageSource::Provider}));
    QCOMPARE(scanner.deliveredText(), "Hello");
    QVERIFY(!scanner.error());
}

void StreamScannerTest::boundsText()
{
    StreamScanner scanner(Operation::ChatCompletions);
    const QByteArray piece(400'000, 'a');

    for (int i = 0; i < 4; ++i)
        readInto(scanner, delta("\"content\":\"" + piece + '"'));

    QCOMPARE(scanner.deliveredText().size(), 1024 * 1024);
    QCOMPARE(scanner.deliveredBytes(), 1'600'000);
}

QTEST_GUILESS_MAIN(StreamScannerTest)
#include "tst_streamscanner.moc"
