#include "protocol/counting/tokencounter.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

#include <memory>
#include <vector>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using protocol::BytePairEncoding;
using protocol::TokenCounter;

// The expected figures are those of the `tiktoken` package for the same texts.
class TokenCounterTest : public QObject
{
    Q_OBJECT

private slots:
    void countsAsTiktokenDoes_data();
    void countsAsTiktokenDoes();
    void choosesTheVocabulary_data();
    void choosesTheVocabulary();
    void worksInBoundedTime_data();
    void worksInBoundedTime();
    void takesTheRestOfLongTextsToBeAlike();
    void survivesInvalidUtf8();
    void countsPrompts_data();
    void countsPrompts();
    void estimatesWhatIsNoJson();
    void countsInSeveralThreadsAtOnce();
    void readsATableWhenItIsNeeded();
    void refusesDamagedTables_data();
    void refusesDamagedTables();

private:
    TokenCounter m_counter;
};

static const char oldModel[] = "gpt-4-0613";
static const char newModel[] = "gpt-4o";

void TokenCounterTest::countsAsTiktokenDoes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("cl100k");
    QTest::addColumn<qint64>("o200k");
    const auto row = [](const char *name, const QString &text, qint64 cl100k, qint64 o200k) {
        QTest::newRow(name) << text << cl100k << o200k;
    };

    row("nothing", {}, 0, 0);
    row("one word", u"hello"_s, 1, 1);
    row("prose", u"The quick brown fox jumps over the lazy dog."_s, 10, 10);
    row("contractions in any case", u"I'm sure they'LL say we'd've DON'T"_s, 12, 9);
    row("numbers in groups of three", u"In 1234567 cases of 3.14159, 007 was 42%"_s, 19, 19);
    row("source code",
        u"int main(int argc, char **argv)\n{\n    return argc > 1 ? 0 : -1;\n}\n"_s,
        24,
        24);
    row("Chinese", u"你好，世界！今天天气怎么样？我们去公园吧。"_s, 25, 15);
    row("Japanese", u"吾輩は猫である。名前はまだ無い。"_s, 21, 14);
    row("Russian", u"Съешь же ещё этих мягких французских булок"_s, 28, 12);
    row("Arabic", u"مرحبا بالعالم"_s, 10, 4);
    row("Hindi with combining marks", u"नमस्ते दुनिया"_s, 13, 5);
    row("emoji joined from several",
        u"\U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466 family "
        "\U0001F389\U0001F389 \U0001F1E9\U0001F1EA"_s,
        31,
        20);
    row("runs of blanks", u"a   b\t\tc \n\n\n   d    "_s, 9, 9);
    row("lines ending in CRLF", u"one\r\ntwo\r\n\r\nthree"_s, 5, 5);
    row("slashes", u"https://example.com/a//b/?q=1#x\n/* */"_s, 16, 16);
    row("JSON",
        uR"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi \"there\""}]})"_s,
        23,
        24);
    row("names of special tokens are text", u"<|endoftext|> and <|im_start|>"_s, 13, 14);
    row("words in camel case", u"HTTPServerErrorHandler getElementByID XMLHttpRequest"_s, 6, 10);
    row("letters with combining accents", u"e\u0301te\u0301 Z\u0351\u036Ba\u0302lgo"_s, 14, 13);
    row("spaces other than the usual one", u"a\u00a0b\u3000c\u2003 d"_s, 8, 7);
    row("control characters", QString(u"\0\x01\x7f"_s), 3, 3);
    row("paragraphs",
        u"Lorem ipsum dolor sit amet, consectetur adipiscing elit. "_s.repeated(200),
        2001,
        2001);
    row("ten thousand times one letter", QString(10'000, u'a'), 1250, 1250);
    row("a thousand capitals", QString(1000, u'A'), 125, 125);
    row("six thousand letters in turn", u"ab"_s.repeated(3000), 3000, 1500);
    row("five thousand blanks", QString(5000, u' ') + u'x', 41, 41);
    row("four thousand signs", QString(4000, u'!'), 500, 250);
    row("three thousand empty lines", QString(3000, u'\n'), 95, 188);
    row("two thousand times one Chinese character", u"的"_s.repeated(2000), 2000, 2000);
}

void TokenCounterTest::countsAsTiktokenDoes()
{
    QFETCH(QString, text);
    QFETCH(qint64, cl100k);
    QFETCH(qint64, o200k);

    QCOMPARE(m_counter.countTokens(text, oldModel), cl100k);
    QCOMPARE(m_counter.countTokens(text.toUtf8(), newModel), o200k);
}

void TokenCounterTest::choosesTheVocabulary_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("isNew");

    for (const char *model : {"gpt-4",
                              "gpt-4-turbo",
                              "gpt-3.5-turbo",
                              "gpt-35-turbo",
                              "text-embedding-3-small",
                              "openai/gpt-4"}) {
        QTest::newRow(model) << QByteArray(model) << false;
    }
    for (const char *model : {"gpt-4o-mini",
                              "gpt-4.1",
                              "gpt-5",
                              "o3",
                              "chatgpt-4o-latest",
                              "openai/gpt-4o",
                              "claude-sonnet-4-5",
                              "",
                              "no-such-model"}) {
        QTest::newRow(*model ? model : "no name") << QByteArray(model) << true;
    }
}

void TokenCounterTest::choosesTheVocabulary()
{
    QFETCH(QByteArray, model);
    QFETCH(bool, isNew);

    QCOMPARE(m_counter.countTokens(u"你好，世界！今天天气怎么样？我们去公园吧。", model),
             qint64(isNew ? 15 : 25));
}

void TokenCounterTest::worksInBoundedTime_data()
{
    QTest::addColumn<QByteArray>("text");

    constexpr int size = 64 * 1024;
    QTest::newRow("a mebibyte of one letter") << QByteArray(16 * size, 'a');
    QTest::newRow("one capital") << QByteArray(size, 'A');
    QTest::newRow("one digit") << QByteArray(size, '7');
    QTest::newRow("one blank") << QByteArray(size, ' ');
    QTest::newRow("blanks before a letter") << QByteArray(size, ' ') + 'x';
    QTest::newRow("one sign") << QByteArray(size, '(');
    QTest::newRow("line ends") << QByteArray("\r\n").repeated(size / 2);
    QTest::newRow("capitals, then small letters") << QByteArray("Aa").repeated(size / 2);
    QTest::newRow("one combining mark") << QByteArray("\xcc\x81").repeated(size / 2);
}

void TokenCounterTest::worksInBoundedTime()
{
    QFETCH(QByteArray, text);
    m_counter.countTokens(QByteArrayView("x"), newModel);
    m_counter.countTokens(QByteArrayView("x"), oldModel);
    QElapsedTimer timer;
    timer.start();

    const qint64 counted =
        m_counter.countTokens(text, newModel) + m_counter.countTokens(text, oldModel);

    QVERIFY(counted > 0);
    QVERIFY(counted <= 2 * text.size());
    // It takes tens of milliseconds, or seconds with sanitizers; with quadratic work, minutes.
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

void TokenCounterTest::takesTheRestOfLongTextsToBeAlike()
{
    const QByteArray line = "All work and no play makes Jack a dull boy.\n";
    const QByteArray text = line.repeated(40'000);
    const qint64 each = m_counter.countTokens(line, newModel);

    const qint64 counted = m_counter.countTokens(text, newModel);

    QVERIFY(text.size() > 4 * TokenCounter::mostCounted);
    QVERIFY(qAbs(counted - each * 40'000) < each * 400);
}

void TokenCounterTest::survivesInvalidUtf8()
{
    const QByteArray text = QByteArray("ab\xff\xc3(\xed\xa0\x80") + QByteArray("\xf0\x9f", 2);

    QVERIFY(m_counter.countTokens(text, newModel) >= 3);
    QVERIFY(m_counter.countTokens(QByteArray(300'000, '\x80'), newModel) > 0);
}

void TokenCounterTest::countsPrompts_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<qint64>("tokens");
    const auto row = [](const char *name, const char *body, const char *model, qint64 tokens) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(model) << tokens;
    };
    constexpr const char *chat = R"({"model":"x","temperature":1,"messages":[
              {"role":"system","content":"You answer in one short sentence."},
              {"role":"user","name":"Ada","content":"Why is the sky blue?"},
              {"role":"assistant","content":"Air scatters blue light more than red light."}]})";
    constexpr qint64 picture = 3 + 1 + 4 + 3; // frame, role, text, reply

    row("chat", chat, newModel, 40);
    row("chat with the older vocabulary", chat, oldModel, 40);
    row("chat with a four-token frame", chat, "gpt-3.5-turbo-0301", 43);
    row("parts with escapes",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"Describe th\u0069s picture."}]}]})",
        newModel,
        picture);
    row("a picture",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"Describe this picture."},
            {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]})",
        newModel,
        picture + 765);
    row("a picture in low detail",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"Describe this picture."},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}]}]})",
        newModel,
        picture + 85);
    row("a picture for gpt-4o-mini",
        R"({"messages":[{"role":"user","content":[{"type":"text","text":"Describe this picture."},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]})",
        "gpt-4o-mini",
        picture + 25'501);
    row("Anthropic's picture",
        R"({"system":"Describe this picture.","messages":[{"role":"user","content":[
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]})",
        "claude-sonnet-4-5",
        picture + 1600);
    row("Anthropic's tool use",
        R"({"messages":[{"role":"assistant","content":[
            {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city": "Paris"}}]}]})",
        "claude-sonnet-4-5",
        3 + 3 + 1 + 1 + 5);
    row("tools",
        R"({"messages":[],"tools":[{"type":"function", "function":{"name":"weather",
            "parameters":{"type":"object"}}}]})",
        newModel,
        18);
    row("Gemini",
        R"({"systemInstruction":{"parts":[{"text":"Describe this picture."}]},"contents":[
            {"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]})",
        "gemini-2.5-pro",
        picture + 1032);
    row("Responses with a plain input",
        R"({"instructions":"Describe this picture.","input":"Describe this picture."})",
        newModel,
        8);
    row("Responses with items",
        R"({"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Describe this picture."}]},
            {"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":"{\"city\":\"Paris\"}"}]})",
        newModel,
        picture + 1 + 5);
    row("several texts to embed",
        R"({"input":["first text","second text"]})",
        "text-embedding-3-small",
        4);
    row("a prompt given as tokens", R"({"prompt":[[1,2,3],[4,5]]})", oldModel, 5);
    row("wrong types everywhere",
        R"({"messages":{"role":5,"content":null},"prompt":true,"tools":null,"input":{"a":{"b":[]}}})",
        newModel,
        6);
    row("nothing to read", R"({"model":"gpt-4o","user":"someone","stream":true})", newModel, 0);
}

void TokenCounterTest::countsPrompts()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, model);
    QFETCH(qint64, tokens);

    QCOMPARE(m_counter.countPrompt(body, model), tokens);
}

void TokenCounterTest::estimatesWhatIsNoJson()
{
    QCOMPARE(m_counter.countPrompt(QByteArray(3000, '{'), newModel), qint64(1000));
    QCOMPARE(m_counter.countPrompt("[1]", newModel), qint64(1));
    QCOMPARE(TokenCounter::estimateByLength(0), qint64(0));
    QCOMPARE(TokenCounter::estimateByLength(1), qint64(1));
}

void TokenCounterTest::readsATableWhenItIsNeeded()
{
    const TokenCounter counter;
    QVERIFY(!counter.isLoaded("gpt-4"));

    QVERIFY(counter.countTokens(QByteArrayView("hello"), "gpt-4") > 0);

    QVERIFY(counter.isLoaded("gpt-4"));
    QVERIFY(counter.isLoaded("gpt-3.5-turbo"));
    QVERIFY(!counter.isLoaded("gpt-4o"));
}

void TokenCounterTest::countsInSeveralThreadsAtOnce()
{
    const TokenCounter counter;
    std::vector<std::unique_ptr<QThread>> threads;
    std::array<qint64, 4> counted{};
    for (qint64 &result : counted) {
        threads.emplace_back(QThread::create([&counter, &result] {
            result = counter.countTokens(u"The quick brown fox jumps over the lazy dog.", newModel);
        }));
    }

    for (const auto &thread : threads)
        thread->start();
    for (const auto &thread : threads)
        QVERIFY(thread->wait());

    for (const qint64 result : counted)
        QCOMPARE(result, qint64(10));
}

void TokenCounterTest::refusesDamagedTables_data()
{
    QTest::addColumn<QByteArray>("ranks");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("too few bytes") << QByteArray("\3ab");
    QTest::newRow("an empty token") << QByteArray("\1a\0", 3);
    QTest::newRow("not every byte") << QByteArray("\1a\1b\2ab");
}

void TokenCounterTest::refusesDamagedTables()
{
    QFETCH(QByteArray, ranks);

    QVERIFY(!BytePairEncoding::make(ranks, u".+"_s));
}

QTEST_GUILESS_MAIN(TokenCounterTest)
#include "tst_tokencounter.moc"
