#include "protocol/splice.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using protocol::Edit;
using protocol::Operation;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

namespace {

QByteArrayView padded(QByteArray &body)
{
    const qsizetype size = body.size();
    body.append(QByteArray(protocol::peekPadding, '}'));
    return QByteArrayView(body).first(size);
}

protocol::Peek peekAt(QByteArray body, Operation operation, QByteArrayView model = {})
{
    const auto peek = protocol::peek(padded(body), operation, model);
    if (!peek)
        qFatal("%s", qPrintable(peek.error().message.english()));
    return *peek;
}

QByteArray edited(const QByteArray &body, const std::optional<Edit> &edit)
{
    return edit ? protocol::spliced(body, {*edit}) : body;
}

QByteArray overridden(QByteArray body,
                      const QJsonObject &overrides,
                      const QByteArray &prompt,
                      Operation operation = Operation::ChatCompletions)
{
    const auto result = protocol::withOverrides(padded(body), overrides, prompt, operation);
    return result ? *result : "failed: " + result.error().message.english().toUtf8();
}

} // namespace

class SpliceTest : public QObject
{
    Q_OBJECT

private slots:
    void splices();
    void namesAnotherModel_data();
    void namesAnotherModel();
    void asksForUsage_data();
    void asksForUsage();
    void setsMembers_data();
    void setsMembers();
    void putsSystemPrompt_data();
    void putsSystemPrompt();
    void refusesOverrides();
    void resultCanBePeekedAgain();
    void writesStrings();
};

void SpliceTest::splices()
{
    const QByteArray body = "0123456789";

    QCOMPARE(protocol::spliced(body, {}), body);
    QCOMPARE(protocol::spliced(body, {{8, 2, "b"}, {0, 1, "a"}, {5, 0, "-"}}), "a1234-567b");
    QCOMPARE(protocol::spliced(body, {{3, 0, "x"}, {3, 0, "y"}, {3, 1, "z"}}), "012xyz456789");
    QCOMPARE(protocol::spliced(body, {{10, 0, "!"}}), "0123456789!");
}

void SpliceTest::namesAnotherModel_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("after");

    QTest::newRow("replaced") << QByteArray(R"({ "x" : 1.50, "model" : "m\u0065" , "y":[ ] })")
                              << Operation::ChatCompletions
                              << QByteArray(R"({ "x" : 1.50, "model" : "new\"model" , "y":[ ] })");
    QTest::newRow("added") << QByteArray(R"({"input":"x"})") << Operation::Moderations
                           << QByteArray(R"({"model":"new\"model","input":"x"})");
    QTest::newRow("added to nothing") << QByteArray(R"({ })") << Operation::Moderations
                                      << QByteArray(R"({"model":"new\"model" })");
    QTest::newRow("null replaced") << QByteArray(R"({"model":null})") << Operation::Moderations
                                   << QByteArray(R"({"model":"new\"model"})");
    QTest::newRow("Gemini's stands in the path")
        << QByteArray(R"({"contents":[]})") << Operation::GenerateContent
        << QByteArray(R"({"contents":[]})");
    QTest::newRow("Gemini's in the body")
        << QByteArray(R"({"model":"models/g"})") << Operation::EmbedContent
        << QByteArray(R"({"model":"models/new\"model"})");
    QTest::newRow("Gemini's in each request of a batch")
        << QByteArray(R"({"requests":[ {"model":"models/g","content":{"parts":["]{\""]}},{},)"
                      R"({"content":1,"mod\u0065l":"g"} ],"x":1})")
        << Operation::BatchEmbedContents
        << QByteArray(
               R"({"requests":[ {"model":"models/new\"model","content":{"parts":["]{\""]}},{},)"
               R"({"content":1,"mod\u0065l":"models/new\"model"} ],"x":1})");
}

void SpliceTest::namesAnotherModel()
{
    QFETCH(QByteArray, body);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, after);

    const auto edits = protocol::editModel(peekAt(body, operation, "g"), "new\"model");

    QCOMPARE(protocol::spliced(body, edits), after);
}

void SpliceTest::asksForUsage_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("after");

    QTest::newRow("no options")
        << QByteArray(R"({"model":"m","stream":true})")
        << QByteArray(R"({"stream_options":{"include_usage":true},"model":"m","stream":true})");
    QTest::newRow("options are null")
        << QByteArray(R"({"stream_options":null,"model":"m","stream":true})")
        << QByteArray(R"({"stream_options":{"include_usage":true},"model":"m","stream":true})");
    QTest::newRow("options are empty")
        << QByteArray(R"({"model":"m","stream_options": { },"stream":true})")
        << QByteArray(R"({"model":"m","stream_options": {"include_usage":true },"stream":true})");
    QTest::newRow("other options")
        << QByteArray(R"({"model":"m","stream_options":{"a":1},"stream":true})")
        << QByteArray(
               R"({"model":"m","stream_options":{"include_usage":true,"a":1},"stream":true})");
    QTest::newRow("declined")
        << QByteArray(R"({"model":"m","stream_options":{"include_usage": false},"stream":true})")
        << QByteArray(R"({"model":"m","stream_options":{"include_usage": true},"stream":true})");
    QTest::newRow("asked already")
        << QByteArray(R"({"model":"m","stream_options":{"include_usage":true},"stream":true})")
        << QByteArray(R"({"model":"m","stream_options":{"include_usage":true},"stream":true})");
    QTest::newRow("not streamed") << QByteArray(R"({"model":"m"})")
                                  << QByteArray(R"({"model":"m"})");
}

void SpliceTest::asksForUsage()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, after);

    const auto edit = protocol::editIncludeUsage(peekAt(body, Operation::ChatCompletions));

    QCOMPARE(edited(body, edit), after);
    QVERIFY(!protocol::editIncludeUsage(peekAt(body, Operation::Responses)));
}

void SpliceTest::setsMembers_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QJsonObject>("overrides");
    QTest::addColumn<QByteArray>("after");

    const QByteArray body = R"({ "model":"m", "temperature" : 1.0e0,"messages":[ {"a": 1} ] })";
    QTest::newRow("nothing") << body << QJsonObject() << body;
    QTest::newRow("replaced") << body << QJsonObject{{u"temperature"_s, 0.5}}
                              << QByteArray(
                                     R"({"model":"m","temperature":0.5,"messages":[ {"a": 1} ]})");
    QTest::newRow("added")
        << body << QJsonObject{{u"top_p"_s, QJsonArray{1, u"x"_s}}}
        << QByteArray(
               R"({"model":"m","temperature" : 1.0e0,"messages":[ {"a": 1} ],"top_p":[1,"x"]})");
    QTest::newRow("removed") << body << QJsonObject{{u"temperature"_s, QJsonValue::Null}}
                             << QByteArray(R"({"model":"m","messages":[ {"a": 1} ]})");
    QTest::newRow("a spelling with escapes is found")
        << QByteArray(R"({"model":"m","temp\u0065rature":1})") << QJsonObject{{u"temperature"_s, 2}}
        << QByteArray(R"({"model":"m","temperature":2})");
    QTest::newRow("model and stream stay")
        << body << QJsonObject{{u"model"_s, u"x"_s}, {u"stream"_s, true}} << body;
    QTest::newRow("all removed") << QByteArray(R"({"a":1})")
                                 << QJsonObject{{u"a"_s, QJsonValue::Null}} << QByteArray("{}");
    QTest::newRow("large numbers beside")
        << QByteArray(R"({"seed":123456789012345678901234567890,"a":1e999})")
        << QJsonObject{{u"b"_s, false}}
        << QByteArray(R"({"seed":123456789012345678901234567890,"a":1e999,"b":false})");
}

void SpliceTest::setsMembers()
{
    QFETCH(QByteArray, body);
    QFETCH(QJsonObject, overrides);
    QFETCH(QByteArray, after);

    QCOMPARE(overridden(body, overrides, {}), after);
}

void SpliceTest::putsSystemPrompt_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("after");

    constexpr Operation chat = Operation::ChatCompletions;
    QTest::newRow("before the first message")
        << QByteArray(R"({"messages":[ {"role":"user","content":"x"}],"n":1.0})") << chat
        << QByteArray(
               R"({"messages":[{"role":"system","content":"Be\n\"kind\""}, {"role":"user","content":"x"}],"n":1.0})");
    QTest::newRow("instead of a system message")
        << QByteArray(R"({"messages":[ {"role":"system","content":[{"a":{}}]} , {"role":"user"}]})")
        << chat
        << QByteArray(
               R"({"messages":[ {"role":"system","content":"Be\n\"kind\""} , {"role":"user"}]})");
    QTest::newRow("instead of a developer message")
        << QByteArray(R"({"messages":[{"role":"developer","content":"}"}]})") << chat
        << QByteArray(R"({"messages":[{"role":"developer","content":"Be\n\"kind\""}]})");
    QTest::newRow("no messages yet")
        << QByteArray(R"({"messages":[ ]})") << chat
        << QByteArray(R"({"messages":[{"role":"system","content":"Be\n\"kind\""} ]})");
    QTest::newRow("the first message is no object")
        << QByteArray(R"({"messages":["x"]})") << chat
        << QByteArray(R"({"messages":[{"role":"system","content":"Be\n\"kind\""},"x"]})");
    QTest::newRow("messages are missing")
        << QByteArray(R"({"a":1})") << chat
        << QByteArray(R"(failed: The member "messages" must be an array.)");
    QTest::newRow("Anthropic") << QByteArray(R"({"system":[{"text":"old"}],"messages":[]})")
                               << Operation::Messages
                               << QByteArray(R"({"system":"Be\n\"kind\"","messages":[]})");
    QTest::newRow("Responses") << QByteArray(R"({"input":"x"})") << Operation::Responses
                               << QByteArray(R"({"input":"x","instructions":"Be\n\"kind\""})");
    QTest::newRow("Gemini")
        << QByteArray(R"({"contents":[]})") << Operation::GenerateContent
        << QByteArray(R"({"contents":[],"systemInstruction":{"parts":[{"text":"Be\n\"kind\""}]}})");
    QTest::newRow("Gemini in the other spelling")
        << QByteArray(R"({"system_instruction":{"parts":[]}})") << Operation::GenerateContent
        << QByteArray(R"({"system_instruction":{"parts":[{"text":"Be\n\"kind\""}]}})");
    QTest::newRow("an embedding has none")
        << QByteArray(R"({"input":"x"})") << Operation::Embeddings
        << QByteArray(R"({"input":"x"})");
}

void SpliceTest::putsSystemPrompt()
{
    QFETCH(QByteArray, body);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, after);

    QCOMPARE(overridden(body, {}, "Be\n\"kind\"", operation), after);
}

void SpliceTest::refusesOverrides()
{
    const QJsonObject overrides{{u"top_k"_s, 1}};

    QCOMPARE(overridden(R"({"top_k":1,"top_k":2})", overrides, {}),
             "failed: The member \"top_k\" occurs more than once.");
    QVERIFY(overridden(R"([1])", overrides, {}).startsWith("failed:"));
    QVERIFY(overridden(R"({"a":)", overrides, {}).startsWith("failed:"));
}

void SpliceTest::resultCanBePeekedAgain()
{
    QByteArray body = R"({"model":"m","messages":[]})";

    const auto result = protocol::withOverrides(
        padded(body), {{u"max_tokens"_s, 7}}, "Be kind", Operation::ChatCompletions);

    QVERIFY(result);
    QVERIFY(result->capacity() >= result->size() + protocol::peekPadding);
    const auto peek = protocol::peek(*result, Operation::ChatCompletions);
    QVERIFY(peek);
    QCOMPARE(peek->maxOutputTokens, 7);
    QVERIFY(QJsonDocument::fromJson(*result).isObject());
}

void SpliceTest::writesStrings()
{
    QCOMPARE(protocol::jsonString("a/\"\\\t\n\x1f\x7f ü"),
             "\"a/\\\"\\\\\\u0009\\n\\u001f\\u007f ü\"");
    QCOMPARE(protocol::jsonString("a\xFF"), "\"a\xEF\xBF\xBD\"");
    QCOMPARE(protocol::jsonString(QByteArrayView("\0", 1)), "\"\\u0000\"");
}

QTEST_GUILESS_MAIN(SpliceTest)
#include "tst_splice.moc"
