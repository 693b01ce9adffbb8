#include "protocol/streamparser.h"
#include "support/messagedriver.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;
using protocol::StreamForm;
using protocol::StreamParser;
using Fault = StreamParser::Fault;

class ArrayStreamTest : public QObject
{
    Q_OBJECT

private slots:
    void splits_data();
    void splits();
    void givesAnObjectAtOnce();
    void refuses_data();
    void refuses();
    void boundsObjects_data();
    void boundsObjects();
    void dropsWhatFollows();
    void beginsAnew();
    void manySmallPiecesTakeLinearTime();
};

namespace {

struct Outcome
{
    QByteArrayList data{};
    QByteArray raw{}; // of all events, with the rest
    QByteArray rest{};
    Fault fault = Fault::None;

    bool operator==(const Outcome &) const = default;
};

template<typename Cut>
Outcome run(QByteArrayView input, Cut cut, qint64 most = 1024)
{
    StreamParser parser(StreamForm::Array, most);
    Outcome outcome;
    http::Event event;
    while (!input.isEmpty()) {
        const qsizetype size = std::clamp<qsizetype>(cut(input.size()), 1, input.size());
        parser.feed(input.first(size));
        input = input.sliced(size);
        while (parser.next(event)) {
            outcome.data.append(event.data.toByteArray());
            outcome.raw.append(event.raw);
        }
    }
    outcome.rest = parser.rest().toByteArray();
    outcome.raw.append(outcome.rest);
    outcome.fault = parser.fault();
    return outcome;
}

} // namespace

void ArrayStreamTest::splits_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArrayList>("data");
    QTest::addColumn<QByteArray>("rest");

    const auto row = [](const char *name,
                        const QByteArray &input,
                        const QByteArrayList &data,
                        const QByteArray &rest = {}) {
        QTest::newRow(name) << input << data << rest;
    };
    row("as Google writes it",
        "[{\n \"a\": 1\n}\n,\r\n{\"b\":2}\n]",
        {"{\n \"a\": 1\n}", "{\"b\":2}", "]"});
    row("without white space", "[{},{}]", {"{}", "{}", "]"});
    row("white space in front", " \t\r\n[ {} ]", {"{}", "]"});
    row("nothing in it", "[]", {"]"});
    row("nothing but white space in it", "[ \n ]", {"]"});
    row("objects and lists within", R"([{"a":{"b":[{},[1]]}}])", {R"({"a":{"b":[{},[1]]}})", "]"});
    row("brackets in strings", R"([{"a":"}]{[,"}])", {R"({"a":"}]{[,"})", "]"});
    row("escaped quotes",
        R"([{"a\"}":"\\"},{"b":"\\\"]"}])",
        {R"({"a\"}":"\\"})", R"({"b":"\\\"]"})", "]"});
    row("letters of several bytes",
        "[{\"a\":\"\xC3\xB6\xE2\x82\xAC\"}]",
        {"{\"a\":\"\xC3\xB6\xE2\x82\xAC\"}", "]"});
    row("it breaks off in front of an object", "[{},\n", {"{}"}, ",\n");
    row("it breaks off within an object", "[{},{\"a", {"{}"}, ",{\"a");
    row("it breaks off within a string", "[{\"a]}", {}, "[{\"a]}");
    row("it breaks off without its bracket", "[{}\n", {"{}"}, "\n");
    row("nothing", "", {});
    row("white space alone", "\n\n", {}, "\n\n");
}

void ArrayStreamTest::splits()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArrayList, data);
    QFETCH(QByteArray, rest);

    const Outcome whole = run(input, inOnePiece);

    QCOMPARE(whole.data, data);
    QCOMPARE(whole.rest, rest);
    QCOMPARE(whole.raw, input);
    QCOMPARE(whole.fault, Fault::None);
    QVERIFY(run(input, byteByByte) == whole);
    for (quint32 seed = 0; seed < 20; ++seed)
        QVERIFY(run(input, RandomCuts(seed)) == whole);
}

void ArrayStreamTest::givesAnObjectAtOnce()
{
    StreamParser parser(StreamForm::Array, 1024);
    http::Event event;
    parser.feed("[{\"a\":1");
    QVERIFY(!parser.next(event));

    parser.feed("}");

    QVERIFY(parser.next(event));
    QCOMPARE(event.raw, QByteArrayView("[{\"a\":1}"));
    QCOMPARE(event.data, QByteArrayView("{\"a\":1}"));
    QVERIFY(event.hasData && !event.isComment);
    QVERIFY(!parser.next(event));
    QVERIFY(!parser.takeRest(event));
}

void ArrayStreamTest::refuses_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("events");

    QTest::newRow("an object") << QByteArray("{\"error\":{}}") << 0;
    QTest::newRow("a web page") << QByteArray("<html>") << 0;
    QTest::newRow("events") << QByteArray("data: {}\n\n") << 0;
    QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBF[{}]") << 0;
    QTest::newRow("a number in it") << QByteArray("[1]") << 0;
    QTest::newRow("an array in it") << QByteArray("[[]]") << 0;
    QTest::newRow("a comma first") << QByteArray("[,{}]") << 0;
    QTest::newRow("two commas") << QByteArray("[{},,{}]") << 1;
    QTest::newRow("no comma") << QByteArray("[{}{}]") << 1;
    QTest::newRow("a comma last") << QByteArray("[{},]") << 1;
    QTest::newRow("a text behind an object") << QByteArray("[{}x]") << 1;
    QTest::newRow("a brace too many") << QByteArray("[{}}") << 1;
}

void ArrayStreamTest::refuses()
{
    QFETCH(QByteArray, input);
    QFETCH(int, events);

    const Outcome whole = run(input, inOnePiece);

    QCOMPARE(whole.fault, Fault::NotArray);
    QCOMPARE(whole.data.size(), events);
    // So that it can be read as something else.
    QCOMPARE(whole.raw, input);
    const Outcome split = run(input, byteByByte);
    QCOMPARE(split.fault, whole.fault);
    QCOMPARE(split.data, whole.data);
}

void ArrayStreamTest::boundsObjects_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("events");
    QTest::addColumn<Fault>("fault");

    const QByteArray longest = "{\"a\":\"" + QByteArray(91, 'x') + "\"}"; // of 99 bytes
    QTest::newRow("as long as may be") << "[" + longest + "," + longest + "]" << 3 << Fault::None;
    QTest::newRow("one byte more") << "[" + longest + ", " + longest + "]" << 1 << Fault::TooLong;
    QTest::newRow("a string without end") << "[{\"" + QByteArray(500, 'x') << 0 << Fault::TooLong;
    QTest::newRow("white space without end")
        << "[{}" + QByteArray(500, '\n') << 1 << Fault::TooLong;
    QTest::newRow("white space in front") << QByteArray(500, ' ') << 0 << Fault::TooLong;
    QTest::newRow("brackets without end") << "[{" + QByteArray(500, '[') << 0 << Fault::TooLong;
}

void ArrayStreamTest::boundsObjects()
{
    QFETCH(QByteArray, input);
    QFETCH(int, events);

    for (const Outcome &outcome : {run(input, inOnePiece, 100), run(input, byteByByte, 100)}) {
        QTEST(outcome.fault, "fault");
        QCOMPARE(outcome.data.size(), events);
    }
}

void ArrayStreamTest::dropsWhatFollows()
{
    StreamParser parser(StreamForm::Array, 16);
    http::Event event;
    parser.feed("[{}]");
    QVERIFY(parser.next(event) && parser.next(event));
    QCOMPARE(event.data, QByteArrayView("]"));

    for (int i = 0; i < 1'000; ++i) {
        parser.feed("\n{} and more");
        QVERIFY(!parser.next(event));
    }

    QCOMPARE(parser.fault(), Fault::None);
    QVERIFY(parser.rest().isEmpty());
}

void ArrayStreamTest::beginsAnew()
{
    StreamParser parser(StreamForm::Array, 1024);
    http::Event event;
    parser.feed("[{\"a\":\"\\");
    QVERIFY(!parser.next(event));

    parser.reset();
    parser.feed("[{\"b\":1}]");

    QVERIFY(parser.next(event));
    QCOMPARE(event.data, QByteArrayView("{\"b\":1}"));
    QVERIFY(parser.next(event));
    QCOMPARE(event.raw, QByteArrayView("]"));
}

void ArrayStreamTest::manySmallPiecesTakeLinearTime()
{
    // One object of 4 MiB, 16 bytes at a time: scanning it from its start each time would take
    // 5e11 steps.
    constexpr qsizetype mebibyte = 1024 * 1024;
    StreamParser parser(StreamForm::Array, 5 * mebibyte);
    http::Event event;
    parser.feed("[{\"a\":\"");
    const QByteArray piece(16, 'x');
    for (qsizetype size = 0; size < 4 * mebibyte; size += piece.size()) {
        parser.feed(piece);
        QVERIFY(!parser.next(event));
    }

    parser.feed("\"}");

    QVERIFY(parser.next(event));
    QCOMPARE(event.data.size(), 4 * mebibyte + 8);
}

QTEST_GUILESS_MAIN(ArrayStreamTest)
#include "tst_arraystream.moc"
