#include "protocol/peeking.h"

#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using protocol::Operation;
using tests::at;
using tests::chat;
using tests::peekAt;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

// Bodies that cannot be served, and odd ones that can.
class PeekRefusalsTest : public QObject
{
    Q_OBJECT

private slots:
    void refuses_data();
    void refuses();
    void accepts_data();
    void accepts();
    void limitsDepth();
};

void PeekRefusalsTest::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QString>("named"); // a part of the message

    const auto row = [](const char *name,
                        const QByteArray &body,
                        const char *named,
                        Operation operation = chat) {
        QTest::newRow(name) << body << operation << QString::fromUtf8(named);
    };
    row("nothing", "", "no body");
    row("white space", " \n ", "body");
    row("byte order mark", "\xEF\xBB\xBF{\"model\":\"m\"}", "byte order mark");
    row("array", R"([{"model":"m"}])", "JSON object");
    row("string", R"("model")", "JSON object");
    row("number", "1", "JSON object");
    row("no model", R"({"messages":[]})", "names no model");
    row("empty object", "{}", "names no model");
    row("model is null", R"({"model":null})", "names no model");
    row("model is a number", R"({"model":1})", "\"model\" must be a string");
    row("model is an array", R"({"model":["m"]})", "\"model\" must be a string");
    row("model is empty", R"({"model":""})", "empty");
    row("model with a line break", R"({"model":"a\nb"})", "control character");
    row("model with a byte order mark", "{\"model\":\"\xEF\xBB\xBF-4o\"}", "byte order mark");
    row("model with an escaped byte order mark", R"({"model":"a\ufeff"})", "byte order mark");
    row("model with a null", R"({"model":"a\u0000b"})", "control character");
    row("model too long", "{\"model\":\"" + QByteArray(201, 'm') + "\"}", "longer than");
    row("model twice", R"({"model":"a","model":"b"})", "\"model\" occurs more than once");
    row("model twice, the same", R"({"model":"a","model":"a"})", "more than once");
    row("model twice, once escaped", R"({"model":"a","\u006dodel":"b"})", "more than once");
    row("another model in capitals",
        R"({"model":"a","MODEL":"b"})",
        R"("MODEL" differs from "model" only in the case)");
    row("the only model in capitals", R"({"Model":"a"})", R"("Model" differs from "model")");
    row("another model in capitals, escaped",
        R"({"model":"a","\u004dodel":"b"})",
        "\"Model\" differs");
    row("another limit in capitals",
        R"({"model":"a","max_tokens":1,"Max_Tokens":9})",
        "Max_Tokens");
    row("a limit with the sign of kelvins",
        "{\"model\":\"a\",\"max_to\xE2\x84\xAA"
        "ens\":9}",
        "differs from \"max_tokens\"");
    row("a limit with a long s",
        R"({"model":"a","max_token\u017f":9})",
        "differs from \"max_tokens\"");
    row("choices in capitals", R"({"model":"a","N":50})", R"("N" differs from "n")");
    row("include_usage in capitals",
        R"({"model":"a","stream_options":{"Include_Usage":false}})",
        "differs from \"include_usage\"");
    row("Anthropic's limit in capitals",
        R"({"model":"m","max_tokens":1,"MAX_TOKENS":9})",
        "MAX_TOKENS",
        Operation::Messages);
    row("Gemini's configuration in small letters",
        R"({"generationconfig":{}})",
        "differs from \"generationConfig\"",
        Operation::GenerateContent);
    row("Gemini's limit in small letters",
        R"({"generationConfig":{"maxOutputTokens":1,"maxoutputtokens":9}})",
        "differs from \"maxOutputTokens\"",
        Operation::GenerateContent);
    row("Gemini's nested model in capitals",
        R"({"generateContentRequest":{"Model":"other"}})",
        "differs from \"model\"",
        Operation::GeminiCountTokens);
    row("stream twice", R"({"model":"a","stream":true,"stream":false})", "\"stream\" occurs");
    row("limit twice", R"({"model":"a","max_tokens":1,"max\u005ftokens":2})", "max_tokens");
    row("messages twice", R"({"model":"a","messages":[],"messages":[]})", "messages");
    row("stream options twice",
        R"({"model":"a","stream_options":{},"stream_options":null})",
        "stream_options");
    row("include_usage twice",
        R"({"model":"a","stream_options":{"include_usage":false,"include_usag\u0065":true}})",
        "include_usage");
    row("stream is a string",
        R"({"model":"a","stream":"true"})",
        "\"stream\" must be true or false");
    row("stream is a number", R"({"model":"a","stream":1})", "\"stream\" must be");
    row("stream options are an array", R"({"model":"a","stream_options":[]})", "must be an object");
    row("include_usage is a number",
        R"({"model":"a","stream_options":{"include_usage":1}})",
        "include_usage");
    row("negative limit", R"({"model":"a","max_tokens":-1})", "max_tokens");
    row("zero limit", R"({"model":"a","max_tokens":0})", "max_tokens");
    row("limit of 2^31", R"({"model":"a","max_tokens":2147483648})", "max_tokens");
    row("limit of 2^64 and one",
        R"({"model":"a","max_tokens":18446744073709551617})",
        "max_tokens");
    row("limit of 1e400", R"({"model":"a","max_tokens":1e400})", "max_tokens");
    row("limit with a fraction", R"({"model":"a","max_tokens":1.5})", "whole number");
    row("limit as a string", R"({"model":"a","max_tokens":"10"})", "whole number");
    row("no choice", R"({"model":"a","n":0})", "\"n\"");
    row("negative choices", R"({"model":"a","n":-3})", "\"n\"");
    row("picture size is a number",
        R"({"model":"a","size":1024})",
        "\"size\" must be a string",
        Operation::ImageGenerations);
    row("spoken input is an array",
        R"({"model":"a","input":["x"]})",
        "\"input\"",
        Operation::Speech);
    row("a second document", R"({"model":"a"}{"model":"b"})", "not valid JSON");
    row("text behind", R"({"model":"a"} x)", "not valid JSON");
    row("a null behind", QByteArray("{\"model\":\"a\"}\0", 14), "not valid JSON");
    row("broken in what is skipped", R"({"model":"a","x":[1,{]})", "not valid JSON");
    row("cut off", R"({"model":"a","messages":[{"role":"user")", "not valid JSON");
    row("cut off in a string", R"({"model":"a","x":"abc)", "string");
    row("comma at the end", R"({"model":"a",})", "not valid JSON");
    row("no comma", R"({"model":"a" "stream":true})", "not valid JSON");
    row("single quotes", "{'model':'a'}", "not valid JSON");
    row("comment", "{/* */\"model\":\"a\"}", "not valid JSON");
    row("word for a value", R"({"model":"a","x":tru})", "not valid JSON");
    row("not a number", R"({"model":"a","x":NaN})", "not valid JSON");
    row("leading zero", R"({"model":"a","x":01})", "number");
    row("plus sign", R"({"model":"a","x":+1})", "not valid JSON");
    row("bare point", R"({"model":"a","x":1.})", "number");
    row("control byte in a string", "{\"model\":\"a\",\"x\":\"a\nb\"}", "control character");
    row("null byte in a string", QByteArray("{\"model\":\"a\",\"x\":\"a\0b\"}", 23), "control");
    row("not UTF-8", "{\"model\":\"a\",\"x\":\"\xFF\"}", "UTF-8");
    row("overlong UTF-8", "{\"model\":\"a\",\"x\":\"\xC0\xAF\"}", "UTF-8");
    row("surrogate in UTF-8", "{\"model\":\"a\",\"x\":\"\xED\xA0\x80\"}", "UTF-8");
    row("unknown escape", R"({"model":"a","x":"\q"})", "escape");
    row("short escape", R"({"model":"a","x":"\u12"})", "escape");
    row("half a pair in the model", R"({"model":"a\ud800"})", "\"model\"");
    row("differs from the path",
        R"({"model":"models/other"})",
        "differs from the model in the path",
        Operation::EmbedContent);
    row("two spellings of one member",
        R"({"generationConfig":{},"generation_config":{}})",
        "generation_config",
        Operation::GenerateContent);
    row("limit in two spellings",
        R"({"generationConfig":{"maxOutputTokens":1,"max_output_tokens":2}})",
        "max_output_tokens",
        Operation::GenerateContent);
    const auto batch = [&row](const char *name, const QByteArray &requests, const char *named) {
        const QByteArray body = "{\"requests\":" + requests + '}';
        row(name, body, named, Operation::BatchEmbedContents);
    };
    batch("a batch's model differs from the path",
          R"([{"model":"models/gemini-2.5-flash"},{"model":"models/other"}])",
          "differs from the model in the path");
    batch("a batch's model in an escaped spelling", R"([{"m\u006fdel":"other"}])", "differs");
    batch("a batch's model twice",
          R"([{"model":"gemini-2.5-flash","mod\u0065l":"gemini-2.5-flash"}])",
          "more than once");
    batch("a batch's model in capitals", R"([{"MODEL":"other"}])", "differs from \"model\"");
    batch("a batch's model is no string", R"([{"model":["other"]}])", "must be a string");
    batch("half a pair in a batch's model", R"([{"model":"a\ud800"}])", "must be a string");
    batch("a batch that is an object", R"({"model":"other"})", "array of objects");
    batch("an array in a batch", R"([[{"model":"other"}]])", "array of objects");
    batch("two batches", R"([],"re\u0071uests":[{"model":"other"}])", "more than once");
    row("in the background",
        R"({"model":"m","background":true})",
        "background",
        Operation::Responses);
    row("perhaps in the background",
        R"({"model":"m","background":"yes"})",
        "true or false",
        Operation::Responses);
    row("before others, at another price",
        R"({"model":"m","service_tier":"priority"})",
        "another price");
    row("fast, which is the same",
        R"({"model":"m","input":"a","service_tier":"fast"})",
        "another price",
        Operation::Responses);
    row("faster still", R"({"model":"m","service_tier":"ultrafast"})", "another price");
    const auto gemini = [&row](const char *name, const char *member) {
        row(name, QByteArray("{") + member + '}', "erviceTier", Operation::StreamGenerateContent);
    };
    gemini("Gemini before others", R"("serviceTier":"priority")");
    gemini("Gemini before others, by the long name", R"("serviceTier":"SERVICE_TIER_PRIORITY")");
    gemini("Gemini before others, in another case", R"("serviceTier":"Priority")");
    gemini("Gemini before others, by a number", R"("serviceTier":3)");
    row("Gemini's tier in two spellings",
        R"({"serviceTier":"flex","service_tier":"priority"})",
        "more than once",
        Operation::GenerateContent);
    row("Anthropic's fast mode",
        R"({"model":"m","max_tokens":1,"speed":"fast"})",
        "\"speed\" asks for what has another price",
        Operation::Messages);
    row("Anthropic's fast mode behind the other",
        R"({"model":"m","max_tokens":1,"speed":"standard","spe\u0065d":"fast"})",
        "more than once",
        Operation::Messages);
    row("a place where Anthropic is to compute",
        R"({"model":"m","max_tokens":1,"inference_geo":"us"})",
        "\"inference_geo\" asks for what has another price",
        Operation::Messages);
    row("first one tier, then another",
        R"({"model":"m","service_tier":"auto","service_tie\u0072":"priority"})",
        "more than once");
    row("no candidates",
        R"({"generationConfig":{"candidateCount":0}})",
        "candidateCount",
        Operation::GenerateContent);
}

void PeekRefusalsTest::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(Operation, operation);
    QFETCH(QString, named);

    const auto peek = peekAt(body, operation, "gemini-2.5-flash");

    QVERIFY(!peek);
    QCOMPARE(peek.error().code, base::ErrorCode::InvalidInput);
    QVERIFY2(peek.error().message.english().contains(named),
             qPrintable(peek.error().message.english()));
}

void PeekRefusalsTest::accepts_data()
{
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("a duplicate that nobody acts on")
        << QByteArray(R"({"model":"m","temperature":1,"temperature":2})");
    QTest::newRow("duplicates further down")
        << QByteArray(R"({"model":"m","metadata":{"model":"a","model":"b"}})");
    QTest::newRow("capitals that nobody acts on") << QByteArray(
        R"({"model":"m","Temperature":1,"Models":["a"],"MaxTokens":1,"max_token":1})");
    QTest::newRow("capitals further down")
        << QByteArray(R"({"model":"m","metadata":{"Model":"a","N":3},"messages":[{"Stream":1}]})");
    QTest::newRow("an integer of 30 digits")
        << QByteArray(R"({"model":"m","seed":123456789012345678901234567890})");
    QTest::newRow("a number beyond doubles")
        << QByteArray(R"({"x":[-1e999,1E+400,1e-999],"model":"m"})");
    QTest::newRow("half a surrogate pair in a message")
        << QByteArray(R"({"messages":[{"content":"\ud83d cut \udc00\ud83d\ude00"}],"model":"m"})");
    QTest::newRow("an empty key") << QByteArray(R"({"":1,"model":"m"})");
    QTest::newRow("a key with half a pair") << QByteArray(R"({"\ud800":1,"model":"m"})");
    QTest::newRow("white space around") << QByteArray("\r\n\t {\"model\":\"m\"} \n");
    QTest::newRow("members of other dialects in other forms")
        << QByteArray(R"({"model":"m","generationConfig":3,"size":7,"max_output_tokens":"x"})");
}

void PeekRefusalsTest::accepts()
{
    QFETCH(QByteArray, body);

    const auto peek = peekAt(body);

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QCOMPARE(peek->model, "m");
    QCOMPARE(at(body, peek->modelValue), "\"m\"");
    QCOMPARE(body.at(peek->objectStart - 1), '{');
}

void PeekRefusalsTest::limitsDepth()
{
    const auto nested = [](int levels) -> QByteArray {
        return "{\"model\":\"m\",\"x\":" + QByteArray(levels - 1, '[') + '1'
               + QByteArray(levels - 1, ']') + '}';
    };

    QVERIFY(peekAt(nested(64)));
    const auto deeper = peekAt(nested(65));
    QVERIFY(!deeper);
    QVERIFY(deeper.error().message.english().contains(u"64 levels"_s));
    QVERIFY(!peekAt(nested(5000)));
    QVERIFY(!peekAt("{\"model\":\"m\",\"x\":" + QByteArray(100'000, '[')));
    // A large body makes the parser anew; the limit stays.
    QVERIFY(peekAt("{\"model\":\"m\",\"x\":\"" + QByteArray(3'000'000, 'a') + "\"}"));
    QVERIFY(!peekAt(nested(65)));
    QVERIFY(peekAt(nested(64)));
}

QTEST_GUILESS_MAIN(PeekRefusalsTest)
#include "tst_peekrefusals.moc"
