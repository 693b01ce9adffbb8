#include "protocol/peeking.h"

#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using protocol::Operation;
using tests::at;
using tests::chat;
using tests::peekAt;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

class PeekTest : public QObject
{
    Q_OBJECT

private slots:
    void findsModel_data();
    void findsModel();
    void readsMembers_data();
    void readsMembers();
    void findsStreamOptions_data();
    void findsStreamOptions();
    void countsPrompt();
    void readsPictureOrder();
    void countsSpeech();
    void readsTheTemperature_data();
    void readsTheTemperature();
    void takesTheDefaultModel_data();
    void takesTheDefaultModel();
    void asksForAModelWhereTheDefaultMakesNoText();
    void readsGeminiBody();
    void readsGeminiBatch();
    void tellsWhatIsNotText_data();
    void tellsWhatIsNotText();
    void tellsWhatHasPricesOfItsOwn_data();
    void tellsWhatHasPricesOfItsOwn();
    void readsGeminiPath_data();
    void readsGeminiPath();
};

void PeekTest::findsModel_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("value");

    QTest::newRow("plain") << QByteArray(R"({"model":"gpt-4o","messages":[]})")
                           << QByteArray("gpt-4o") << QByteArray(R"("gpt-4o")");
    QTest::newRow("last, with spaces around")
        << QByteArray("{ \"messages\" : [ ] ,\n \"model\" : \"gpt-4o\" \n}") << QByteArray("gpt-4o")
        << QByteArray(R"("gpt-4o")");
    QTest::newRow("key spelled with escapes")
        << QByteArray(R"({"mod\u0065l":"a"})") << QByteArray("a") << QByteArray(R"("a")");
    QTest::newRow("value spelled with escapes")
        << QByteArray(R"({"model":"vendor\/m\u006fdel"})") << QByteArray("vendor/model")
        << QByteArray(R"("vendor\/m\u006fdel")");
    QTest::newRow("a nested one does not count")
        << QByteArray(R"({"metadata":{"model":"b"},"model":"a","tools":[{"model":"c"}]})")
        << QByteArray("a") << QByteArray(R"("a")");
    QTest::newRow("text that looks like a member")
        << QByteArray(R"({"user":"\"model\":\"b\"","model":"a"})") << QByteArray("a")
        << QByteArray(R"("a")");
    QTest::newRow("other script") << QByteArray("{\"model\":\"模型\"}") << QByteArray("模型")
                                  << QByteArray("\"模型\"");
}

void PeekTest::findsModel()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, value);

    const auto peek = peekAt(body);

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QCOMPARE(peek->model, model);
    QCOMPARE(at(body, peek->modelValue), value);
}

void PeekTest::readsMembers_data()
{
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<qint64>("limit"); // -1: none
    QTest::addColumn<qint64>("choices");

    const auto row = [](const char *name,
                        const char *rest,
                        Operation operation,
                        bool stream,
                        qint64 limit,
                        qint64 choices) {
        QTest::newRow(name) << QByteArray(rest) << operation << stream << limit << choices;
    };
    row("nothing", "", chat, false, -1, 1);
    row("stream", R"(,"stream":true)", chat, true, -1, 1);
    row("no stream", R"(,"stream":false)", chat, false, -1, 1);
    row("null for everything",
        R"(,"stream":null,"n":null,"max_tokens":null,"stream_options":null)",
        chat,
        false,
        -1,
        1);
    row("the larger of two limits, the newer",
        R"(,"max_tokens":10,"max_completion_tokens":20)",
        chat,
        false,
        20,
        1);
    row("the larger of two limits, the older",
        R"(,"max_tokens":50000,"max_completion_tokens":20)",
        chat,
        false,
        50'000,
        1);
    row("neither in the background nor first",
        R"(,"background":false,"service_tier":"flex")",
        Operation::Responses,
        false,
        -1,
        1);
    row("in the background, where nobody knows of it",
        R"(,"background":true,"service_tier":null)",
        chat,
        false,
        -1,
        1);
    row("Anthropic's own speed and place",
        R"(,"speed":"standard","inference_geo":"global","service_tier":"auto")",
        Operation::Messages,
        false,
        -1,
        1);
    row("neither speed nor place",
        R"(,"speed":null,"inference_geo":null)",
        Operation::Messages,
        false,
        -1,
        1);
    row("counting costs nothing",
        R"(,"speed":"fast","inference_geo":"us")",
        Operation::CountTokens,
        false,
        -1,
        1);
    row("a speed that OpenAI does not know", R"(,"speed":"fast")", chat, false, -1, 1);
    row("the older limit alone", R"(,"max_tokens":10)", chat, false, 10, 1);
    row("limit of a response",
        R"(,"max_output_tokens":30,"stream":true)",
        Operation::Responses,
        true,
        30,
        1);
    row("limit of a message", R"(,"max_tokens":1024)", Operation::Messages, false, 1024, 1);
    row("zero warms Anthropic's cache", R"(,"max_tokens":0)", Operation::Messages, false, 0, 1);
    row("limit as a whole float", R"(,"max_tokens":1e3)", chat, false, 1000, 1);
    row("choices", R"(,"n":4)", chat, false, -1, 4);
    row("completions of which the best is chosen",
        R"(,"n":2,"best_of":5)",
        Operation::Completions,
        false,
        -1,
        5);
    row("completions of several prompts",
        R"(,"prompt":["a","b","c"],"max_tokens":10)",
        Operation::Completions,
        false,
        10,
        3);
    row("several for each of several prompts",
        R"(,"n":2,"prompt":[[1,2,3],[4]],"best_of":5)",
        Operation::Completions,
        false,
        -1,
        10);
    row("the tokens of one prompt", R"(,"prompt":[1,2,3])", Operation::Completions, false, -1, 1);
    row("tokens and a prompt", R"(,"prompt":[1,"a"])", Operation::Completions, false, -1, 2);
    row("no prompt", R"(,"prompt":[])", Operation::Completions, false, -1, 1);
    row("prompts where there are none", R"(,"prompt":["a","b"])", chat, false, -1, 1);
    row("limits of other operations, in a response",
        R"(,"max_tokens":1,"max_completion_tokens":1)",
        Operation::Responses,
        false,
        -1,
        1);
    row("the limit of a response beside others",
        R"(,"max_tokens":1,"max_output_tokens":30,"max_completion_tokens":1)",
        Operation::Responses,
        false,
        30,
        1);
    row("the limit of a chat, in completions",
        R"(,"max_completion_tokens":1)",
        Operation::Completions,
        false,
        -1,
        1);
    row("the limit of a response, in a chat", R"(,"max_output_tokens":1)", chat, false, -1, 1);
    row("an embedding does not stream", R"(,"stream":true)", Operation::Embeddings, false, -1, 1);
    row("speech as events",
        R"(,"input":"a","stream_format":"sse")",
        Operation::Speech,
        true,
        -1,
        1);
}

void PeekTest::readsMembers()
{
    QFETCH(QByteArray, rest);
    QFETCH(Operation, operation);
    QFETCH(bool, stream);
    QFETCH(qint64, limit);
    QFETCH(qint64, choices);

    const auto peek = peekAt("{\"model\":\"m\"" + rest + '}', operation);

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QCOMPARE(peek->stream, stream);
    QCOMPARE(peek->maxOutputTokens.value_or(-1), limit);
    QCOMPARE(peek->choices, choices);
}

void PeekTest::findsStreamOptions_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<bool>("asked");
    QTest::addColumn<bool>("isObject");
    QTest::addColumn<bool>("isEmpty");
    QTest::addColumn<QByteArray>("value");

    QTest::newRow("asked") << QByteArray(R"({"include_usage":true})") << true << true << false
                           << QByteArray("true");
    QTest::newRow("declined") << QByteArray(R"({ "include_usage" : false })") << false << true
                              << false << QByteArray("false");
    QTest::newRow("null inside") << QByteArray(R"({"include_usage":null,"x":[1,{"a":2}]})") << false
                                 << true << false << QByteArray("null");
    QTest::newRow("escaped") << QByteArray(R"({"include\u005fusage":true})") << true << true
                             << false << QByteArray("true");
    QTest::newRow("something else")
        << QByteArray(R"({"include_obfuscation":false})") << false << true << false << QByteArray();
    QTest::newRow("empty") << QByteArray("{ }") << false << true << true << QByteArray();
    QTest::newRow("null") << QByteArray("null") << false << false << false << QByteArray();
}

void PeekTest::findsStreamOptions()
{
    QFETCH(QByteArray, options);
    QFETCH(bool, asked);
    QFETCH(bool, isObject);
    QFETCH(bool, isEmpty);
    QFETCH(QByteArray, value);
    const QByteArray body =
        "{\"stream\":true,\"stream_options\": " + options + " ,\"model\":\"m\"}";

    const auto peek = peekAt(body);

    QVERIFY(peek);
    QCOMPARE(at(body, peek->streamOptions), options);
    QCOMPARE(peek->includeUsage, asked);
    QCOMPARE(peek->streamOptionsIsObject, isObject);
    QCOMPARE(peek->streamOptionsIsEmpty, isEmpty);
    QCOMPARE(at(body, peek->includeUsageValue), value);
}

void PeekTest::countsPrompt()
{
    const QByteArray prose = QByteArray("a word and another one ").repeated(5000);
    const QByteArray picture = "data:image/png;base64," + QByteArray(4'000'000, 'A');
    const QByteArray text =
        R"({"model":"m","messages":[{"role":"user","content":")" + prose + "\"}]}";
    const QByteArray image =
        R"({"model":"m","messages":[{"content":[{"image_url":{"url":")" + picture + "\"}}]}]}";

    QCOMPARE(peekAt(R"({"model":"m"})")->promptBytes, 13);
    const qint64 forText = peekAt(text)->promptBytes;
    QVERIFY(forText >= prose.size() && forText < prose.size() + 1000);
    const qint64 forImage = peekAt(image)->promptBytes;
    QVERIFY2(forImage > 3000 && forImage < 20'000, qPrintable(QString::number(forImage)));
}

void PeekTest::readsPictureOrder()
{
    const auto peek = peekAt(R"({"prompt":"a cat","n":2,"size":"1024x1536","quality":"hd"})",
                             Operation::ImageGenerations);

    QVERIFY(peek);
    QCOMPARE(peek->model, "dall-e-2");
    QVERIFY(!peek->modelValue.isPresent());
    QCOMPARE(peek->imageSize, "1024x1536");
    QCOMPARE(peek->imageQuality, "hd");
    QCOMPARE(peek->choices, 2);
}

void PeekTest::countsSpeech()
{
    const auto peek = peekAt(R"({"model":"tts-1","input":"Grüße \ud83d\ude00","voice":"alloy"})",
                             Operation::Speech);

    QVERIFY(peek);
    QCOMPARE(peek->speechCharacters, 7);
}

void PeekTest::readsTheTemperature_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<double>("temperature"); // -1: none

    const Operation gemini = Operation::GenerateContent;
    QTest::newRow("none") << QByteArray(R"({"model":"m"})") << chat << -1.0;
    QTest::newRow("null") << QByteArray(R"({"model":"m","temperature":null})") << chat << -1.0;
    QTest::newRow("a text") << QByteArray(R"({"model":"m","temperature":"0"})") << chat << -1.0;
    QTest::newRow("zero") << QByteArray(R"({"model":"m","temperature":0})") << chat << 0.0;
    QTest::newRow("a fraction") << QByteArray(R"({"temperature":0.5,"model":"m"})")
                                << Operation::Messages << 0.5;
    QTest::newRow("the highest of two")
        << QByteArray(R"({"temperature":0.5,"model":"m","temperature":0})") << chat << 0.5;
    QTest::newRow("a nested one does not count")
        << QByteArray(R"({"model":"m","a":{"temperature":0}})") << chat << -1.0;
    QTest::newRow("Gemini's") << QByteArray(R"({"generationConfig":{"temperature":0.0}})") << gemini
                              << 0.0;
}

void PeekTest::readsTheTemperature()
{
    QFETCH(QByteArray, body);
    QFETCH(Operation, operation);
    QFETCH(double, temperature);

    const auto peek = peekAt(body, operation, "m");

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QCOMPARE(peek->temperature.value_or(-1), temperature);
}

void PeekTest::takesTheDefaultModel_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("pathModel");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("isReplaced");

    const auto row = [](const char *name,
                        const QByteArray &body,
                        Operation operation,
                        const QByteArray &pathModel,
                        const QByteArray &model,
                        bool isReplaced) {
        QTest::newRow(name) << body << operation << pathModel << model << isReplaced;
    };
    row("another one is named", R"({"model":"a"})", chat, "", "a", false);
    row("the alias", R"({"model":"default"})", chat, "", "real", true);
    row("the alias in escapes", R"({"model":"d\u0065fault"})", chat, "", "real", true);
    row("other capitals", R"({"model":"Default"})", chat, "", "Default", false);
    row("none", R"({"messages":[]})", chat, "", "real", true);
    row("null", R"({"model":null})", Operation::Messages, "", "real", true);
    row("an empty object", "{}", Operation::Responses, "", "real", true);
    row("the operation's own default",
        "{}",
        Operation::Moderations,
        "",
        "omni-moderation-latest",
        false);
    row("in the path", "{}", Operation::GenerateContent, "default", "real", true);
    row("another one in the path", "{}", Operation::GenerateContent, "g", "g", false);
}

void PeekTest::takesTheDefaultModel()
{
    QFETCH(QByteArray, body);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, pathModel);
    QFETCH(QByteArray, model);
    QFETCH(bool, isReplaced);
    const QByteArray padded = body + QByteArray(protocol::peekPadding, '\0');
    const QByteArrayView view = QByteArrayView(padded).first(body.size());

    const auto peek = protocol::peek(view, operation, pathModel, "real");
    const auto aliasOfItself = protocol::peek(view, operation, pathModel, "default");

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QCOMPARE(peek->model, model);
    QCOMPARE(peek->isModelReplaced, isReplaced);
    // A model that is itself called by the alias has to be put in only where none is named.
    QVERIFY(aliasOfItself);
    const bool namesNone = !body.contains("ault") && isReplaced && pathModel.isEmpty();
    QCOMPARE(aliasOfItself->isModelReplaced, namesNone);
}

void PeekTest::asksForAModelWhereTheDefaultMakesNoText()
{
    const QByteArray body = QByteArray("{}") + QByteArray(protocol::peekPadding, '\0');

    const auto peek =
        protocol::peek(QByteArrayView(body).first(2), Operation::Embeddings, {}, "real");

    QVERIFY(!peek);
    QVERIFY(peek.error().message.english().contains(u"names no model"_s));
}

void PeekTest::readsGeminiBody()
{
    const QByteArray body = R"({"contents":[{"parts":[{"text":"Hi"}]}],)"
                            R"("generationConfig":{"maxOutputTokens":50,"candidateCount":2}})";
    const QByteArray nested = R"({"generateContentRequest":{"model":"models/g","contents":[]}})";

    const auto stream = peekAt(body, Operation::StreamGenerateContent, "gemini-2.5-flash");
    const auto whole = peekAt(body, Operation::GenerateContent, "gemini-2.5-flash");
    const auto counted = peekAt(nested, Operation::GeminiCountTokens, "g");

    QVERIFY(stream && whole && counted);
    QCOMPARE(stream->model, "gemini-2.5-flash");
    QVERIFY(stream->stream);
    QVERIFY(!whole->stream);
    QCOMPARE(stream->maxOutputTokens, 50);
    QCOMPARE(stream->choices, 2);
    QCOMPARE(at(nested, counted->modelValue), "\"models/g\"");
}

void PeekTest::readsGeminiBatch()
{
    const QByteArray body =
        R"({ "requests" : [ {"model":"models/g","content":{"parts":[{"text":"]"}]}} , {},)"
        R"({"model":null},{"content":{"model":"x"},"m\u006Fdel" : "g"}]})";

    const auto peek = peekAt(body, Operation::BatchEmbedContents, "g");

    QVERIFY(peek);
    QCOMPARE(peek->model, "g");
    QCOMPARE(peek->nestedModels.size(), size_t(2));
    QCOMPARE(at(body, peek->nestedModels[0]), "\"models/g\"");
    QCOMPARE(at(body, peek->nestedModels[1]), "\"g\"");
}

void PeekTest::tellsWhatIsNotText_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<qint64>("dataBytes");
    QTest::addColumn<bool>("hasReferences");

    const auto row = [](const char *name,
                        Operation operation,
                        const QByteArray &content,
                        qint64 dataBytes,
                        bool hasReferences) {
        QTest::newRow(name) << operation << content << dataBytes << hasReferences;
    };
    const QByteArray picture(30'000, 'A');
    const qint64 least = 20'000;
    const qint64 most = 100'000; // of a picture
    row("text", chat, R"({"type":"text","text":"https://example.com/a.png"})", 0, false);
    row("text with a picture's name in it",
        chat,
        R"({"type":"text","text":"\"image_url\":\"https://example.com\""})",
        0,
        false);
    row("a picture's address",
        chat,
        R"({"image_url":{"url":"https://example.com/a"}})",
        most,
        false);
    row("in an escaped spelling",
        chat,
        R"({"image\u005furl":{"u\u0072l":"https://example.com/a"}})",
        most,
        false);
    row("a small picture",
        chat,
        R"({"image_url":{"url":"data:image/png;base64,AA"}})",
        least,
        false);
    row("a picture",
        chat,
        "{\"image_url\":{\"url\":\"data:image/png;base64," + picture + "\"}}",
        30'022,
        false);
    row("a large picture, for Anthropic",
        Operation::Messages,
        "{\"source\":{\"media_type\":\"image/png\",\"data\":\"" + QByteArray(300'000, 'A') + "\"}}",
        most,
        false);
    row("a sound", chat, R"({"input_audio":{"data":"AA","format":"wav"}})", least, false);
    row("a file", chat, R"({"file":{"file_id":"file-1"}})", 0, true);
    row("a picture's address, for Responses",
        Operation::Responses,
        R"({"type":"input_image","image_url":"https://example.com/a"})",
        most,
        false);
    row("a picture, for Responses",
        Operation::Responses,
        R"({"type":"input_image","image_url":"data:image/png;base64,AA"})",
        least,
        false);
    row("an earlier answer",
        Operation::Responses,
        R"("x"],"previous_response_id":"resp_1","y":[1)",
        0,
        true);
    row("a stored prompt", Operation::Responses, R"("x"],"prompt":{"id":"p"},"y":[1)", 0, true);
    row("a picture's address, for Anthropic",
        Operation::Messages,
        R"({"type":"image","source":{"type":"url","url":"https://example.com/a"}})",
        0,
        true);
    row("a document, for Anthropic",
        Operation::Messages,
        "{\"source\":{\"type\":\"base64\",\"data\":\"" + picture + "\"}}",
        30'000,
        false);
    row("what was quoted",
        Operation::Messages,
        R"({"citations":[{"url":"https://example.com"}]})",
        0,
        false);
    row("a file, for Gemini",
        Operation::GenerateContent,
        R"({"fileData":{"fileUri":"files/1"}})",
        0,
        true);
    row("a picture, for Gemini",
        Operation::GenerateContent,
        R"({"inline_data":{"mime_type":"image/png","data":"AA"}})",
        least,
        false);
}

void PeekTest::tellsWhatIsNotText()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, content);
    const bool isGemini = operation == Operation::GenerateContent;
    const QByteArray body =
        (isGemini ? "{\"contents\":[" : R"({"model":"g","messages":[)") + content + "]}";

    const auto peek = peekAt(body, operation, "g");

    QVERIFY(peek);
    QTEST(peek->dataBytes, "dataBytes");
    QTEST(peek->hasReferences, "hasReferences");
}

void PeekTest::tellsWhatHasPricesOfItsOwn_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<QByteArray>("hints");

    const auto row =
        [](const char *name, Operation operation, const QByteArray &rest, const char *hints) {
            QTest::newRow(name) << operation << rest << QByteArray(hints);
        };
    const auto content = [](const QByteArray &part) -> QByteArray {
        return QByteArray(R"("messages":[{"role":"user","content":[)") + part + "]}]";
    };
    const auto parts = [](const QByteArray &part) -> QByteArray {
        return QByteArray(R"("contents":[{"parts":[)") + part + "]}]";
    };
    const Operation gemini = Operation::GenerateContent;
    row("text", chat, content(R"({"type":"text","text":"cache_control, modalities, audio"})"), "");
    row("text that begins as data does", chat, content(R"({"text":"data: audio/wav"})"), "");
    row("nothing asked", chat, R"("modalities":["text"],"audio":null,"cache_control":null)", "");
    row("kept", Operation::Messages, content(R"({"cache_control":{"type":"ephemeral"}})"), "cache");
    row("kept, by the top",
        Operation::Messages,
        R"("cache_control":{"type":"ephemeral"})",
        "cache");
    row("kept for as long as usual",
        Operation::Messages,
        R"("tools":[{"cache_control":{"type":"ephemeral","ttl":"5m"}}])",
        "cache");
    row("kept for an hour",
        Operation::Messages,
        content(R"({"cache_control":{"type":"ephemeral","ttl":"1h"}},{"cache_control":{}})"),
        "cache long");
    row("kept, in other letters", chat, content(R"({"Cache_Control":{"TTL":"1h"}})"), "cache long");
    row("a sound", chat, content(R"({"input_audio":{"data":"AA","format":"wav"}})"), "sound");
    row("a sound at an address",
        chat,
        content(R"({"audio_url":{"url":"https://example.com/a"}})"),
        "sound");
    row("a sound as an address",
        chat,
        content(R"({"audio_url":{"url":"data:;base64,AA"}})"),
        "sound");
    row("what was spoken before",
        chat,
        R"("messages":[{"role":"assistant","audio":{"id":"audio_1"}}])",
        "sound");
    row("a picture", chat, content(R"({"image_url":{"url":"data:image/png;base64,AA"}})"), "");
    row("a document",
        chat,
        content(R"({"file":{"file_data":"data:application/pdf;base64,AA"}})"),
        "");
    row("a picture, for Gemini",
        gemini,
        parts(R"({"inlineData":{"mimeType":"image/png","data":"AA"}})"),
        "");
    row("a sound, for Gemini",
        gemini,
        parts(R"({"inlineData":{"data":"AA","mimeType":"audio/mp3"}})"),
        "sound");
    row("a film, for Gemini",
        gemini,
        parts(R"({"fileData":{"fileUri":"https://example.com/film"}})"),
        "sound");
    row("a document's address, for Gemini",
        gemini,
        parts(R"({"file_data":{"mime_type":"application/pdf","file_uri":"gs://b/a"}})"),
        "");
    row("a spoken answer", chat, R"("modalities":["text","audio"])", "spoken");
    row("a spoken answer, by its voice", chat, R"("audio":{"voice":"alloy"})", "spoken");
    row("a spoken answer, in other letters", chat, R"("Modalities":["AUDIO"])", "spoken");
    row("a drawn answer",
        gemini,
        R"("generationConfig":{"responseModalities":["TEXT","IMAGE"]})",
        "");
    row("a spoken answer, of Gemini",
        gemini,
        R"("generation_config":{"response_modalities":["AUDIO"]})",
        "spoken");
    row("a spoken answer, by its number",
        gemini,
        R"("generationConfig":{"responseModalities":[3]})",
        "spoken");
    row("a tool that has modalities", chat, R"("tools":[{"modalities":{"type":"string"}}])", "");
}

void PeekTest::tellsWhatHasPricesOfItsOwn()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, rest);

    const auto peek = peekAt(R"({"model":"m",)" + rest + '}', operation, "m");

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QByteArray found;
    found += peek->hints.writesCache ? " cache" : "";
    found += peek->hints.writesLongCache ? " long" : "";
    found += peek->hints.hasSound ? " sound" : "";
    found += peek->hints.wantsSound ? " spoken" : "";
    QTEST(found.trimmed(), "hints");
}

void PeekTest::readsGeminiPath_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("model"); // empty: refused
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<bool>("served");

    const auto row =
        [](const char *name, const char *path, const char *model, const char *action, bool served) {
            QTest::newRow(name) << QByteArray(path) << QByteArray(model) << QByteArray(action)
                                << served;
        };
    row("generate",
        "/v1beta/models/gemini-2.5-pro:generateContent",
        "gemini-2.5-pro",
        "generateContent",
        true);
    row("stream", "/v1beta/models/g:streamGenerateContent", "g", "streamGenerateContent", true);
    row("count", "/v1beta/models/g:countTokens", "g", "countTokens", true);
    row("embed", "/v1beta/models/g:embedContent", "g", "embedContent", true);
    row("encoded",
        "/v1beta/models/gemini%2D2:generateContent",
        "gemini-2",
        "generateContent",
        true);
    row("encoded colon", "/v1beta/models/g%3AgenerateContent", "g", "generateContent", true);
    row("a tag in the model",
        "/v1beta/models/llama3:8b:generateContent",
        "llama3:8b",
        "generateContent",
        true);
    row("tuned",
        "/v1beta/tunedModels/mine:generateContent",
        "tunedModels/mine",
        "generateContent",
        true);
    row("several embeddings",
        "/v1beta/models/g:batchEmbedContents",
        "g",
        "batchEmbedContents",
        true);
    row("the stable version", "/v1/models/g:generateContent", "g", "generateContent", true);
    row("another version", "/v2/models/g:generateContent", "", "", false);
    row("not served", "/v1beta/models/g:predict", "g", "predict", false);
    row("slash in the model", "/v1beta/models/a/b:generateContent", "", "", false);
    row("encoded slash", "/v1beta/models/a%2Fb:generateContent", "", "", false);
    row("parent", "/v1beta/models/..:generateContent", "", "", false);
    row("encoded parent", "/v1beta/models/%2e%2e:generateContent", "", "", false);
    row("backslash", "/v1beta/models/a%5Cb:generateContent", "", "", false);
    row("no model", "/v1beta/models/:generateContent", "", "", false);
    row("no action", "/v1beta/models/g", "", "", false);
    row("broken encoding", "/v1beta/models/g%2:generateContent", "", "", false);
    row("encoding that is none", "/v1beta/models/g%zz:generateContent", "", "", false);
    row("encoded null", "/v1beta/models/g%00:generateContent", "", "", false);
    row("encoded line break", "/v1beta/models/g%0a:generateContent", "", "", false);
    row("not UTF-8", "/v1beta/models/g%ff:generateContent", "", "", false);
    row("slash in the action", "/v1beta/models/g:generateContent/x", "", "", false);
}

void PeekTest::readsGeminiPath()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, action);
    QFETCH(bool, served);

    const auto target = protocol::peekModelFromGeminiPath(path);

    QCOMPARE(target.has_value(), !model.isEmpty());
    if (!target)
        return;
    QCOMPARE(target->model, model);
    QCOMPARE(target->action, action);
    QCOMPARE(target->operation.has_value(), served);
}

QTEST_GUILESS_MAIN(PeekTest)
#include "tst_peek.moc"
