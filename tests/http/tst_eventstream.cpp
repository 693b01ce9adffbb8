#include "http/eventstream.h"
#include "support/messagedriver.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;

class TestEventStream : public QObject
{
    Q_OBJECT

private slots:
    void events_data();
    void events();
    void rawTextsAreTheInput();
    void restAtTheEnd_data();
    void restAtTheEnd();
    void tooLong_data();
    void tooLong();
    void limitsAreInclusive();
    void aLongLineAmongShortOnes();
    void resetBeginsANewStream();
    void unreadEventsStay();
    void manySmallPiecesTakeLinearTime();
};

namespace {

void describe(QByteArray &text, const http::Event &event)
{
    text.append('[').append(event.type).append('|');
    text.append(event.hasData ? event.data : QByteArrayView("-"));
    text.append(event.isComment ? "|comment]" : "]");
}

struct Outcome
{
    QByteArray events{};
    QByteArray raw{}; // of all events, with the rest
    QByteArray rest{};
    bool failed = false;

    bool operator==(const Outcome &) const = default;
};

template<typename Cut>
Outcome run(QByteArrayView input, Cut cut, qint64 maxLine = 1024 * 1024)
{
    http::EventStreamParser parser(maxLine);
    Outcome outcome;
    http::Event event;
    while (!input.isEmpty() && !parser.hasFailed()) {
        const qsizetype size = std::clamp<qsizetype>(cut(input.size()), 1, input.size());
        parser.feed(input.first(size));
        input = input.sliced(size);
        while (parser.next(event)) {
            describe(outcome.events, event);
            outcome.raw.append(event.raw);
        }
    }
    outcome.rest = parser.rest().toByteArray();
    outcome.raw.append(outcome.rest);
    outcome.failed = parser.hasFailed();
    return outcome;
}

void row(const char *name, const char *input, const char *events, const char *rest = "")
{
    QTest::newRow(name) << QByteArray(input) << QByteArray(events) << QByteArray(rest);
}

} // namespace

void TestEventStream::events_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("events");
    QTest::addColumn<QByteArray>("rest");

    row("nothing", "", "");
    row("LF", "data: a\n\ndata: b\n\n", "[|a][|b]");
    row("CR LF", "data: a\r\n\r\ndata: b\r\n\r\n", "[|a][|b]");
    row("CR", "data: a\r\rdata: b\r\r:", "[|a][|b]", ":");
    row("CR at the very end waits", "data: a\r\r", "", "data: a\r\r");
    row("LF, then CR LF", "data: a\n\r\n:", "[|a]", ":");
    row("CR LF, then LF", "data: a\r\n\n:", "[|a]", ":");
    row("CR, then LF is one line end", "data: a\r\ndata: b\n\n", "[|a\nb]");
    row("all three ends", "data: a\rdata: b\ndata: c\r\n\r\n", "[|a\nb\nc]");
    row("no space", "data:a\n\n", "[|a]");
    row("two spaces", "data:  a\n\n", "[| a]");
    row("a tab is kept", "data:\ta\n\n", "[|\ta]");
    row("spaces at the end are kept", "data: a  \n\n", "[|a  ]");
    row("empty data", "data:\n\n", "[|]");
    row("data without a colon", "data\n\n", "[|]");
    row("two empty data lines", "data\ndata:\n\n", "[|\n]");
    row("data with colons", "data: a:b: c\n\n", "[|a:b: c]");
    row("several data lines", "data: a\ndata:\ndata: b\n\n", "[|a\n\nb]");
    row("a type", "event: ping\ndata: {}\n\n", "[ping|{}]");
    row("a type behind the data", "data: {}\nevent:ping\n\n", "[ping|{}]");
    row("two types", "event: a\nevent: b\ndata: x\n\n", "[b|x]");
    row("a type that is emptied", "event: a\nevent\ndata: x\n\n", "[|x]");
    row("a type without data", "event: ping\n\n", "[ping|-]");
    row("id and retry", "id: 7\nretry: 10\ndata: x\n\n", "[|x]");
    row("an unknown field", "foo: bar\ndata: x\n\n", "[|x]");
    row("an unknown field alone", "foo: bar\n\n", "[|-]");
    row("fields in capital letters are unknown", "DATA: x\nEvent: y\n\n", "[|-]");
    row("a space before a field makes it unknown", " data: x\n\n", "[|-]");
    row("a comment", ": keep-alive\n\n", "[|-|comment]");
    row("an empty comment", ":\n\n", "[|-|comment]");
    row("OpenRouter's comment", ": OPENROUTER PROCESSING\n\ndata: x\n\n", "[|-|comment][|x]");
    row("a comment in an event", ": c\ndata: x\n: d\n\n", "[|x]");
    row("empty lines alone", "\n\n", "[|-|comment][|-|comment]");
    row("three empty lines between events",
        "data: a\n\n\n\ndata: b\n\n",
        "[|a][|-|comment][|-|comment][|b]");
    row("a byte order mark",
        "\xEF\xBB\xBF"
        "data: a\n\n",
        "[|a]");
    row("a byte order mark and an empty line", "\xEF\xBB\xBF\ndata: a\n\n", "[|-|comment][|a]");
    row("a byte order mark in a second event",
        "data: a\n\n\xEF\xBB\xBF"
        "data: b\n\n",
        "[|a][|-]");
    row("half a byte order mark",
        "\xEF\xBB"
        "data: a\n\n",
        "[|-]");
    row("an event that is not over", "data: a\n\ndata: b\n", "[|a]", "data: b\n");
    row("a line that is not over", "data: a\n\ndat", "[|a]", "dat");
    row("UTF-8", "data: \xC3\xA4\xE2\x82\xAC\n\n", "[|\xC3\xA4\xE2\x82\xAC]");
    row("the end of OpenAI's stream",
        "data: {\"a\":1}\n\ndata: [DONE]\n\n",
        "[|{\"a\":1}][|[DONE]]");
}

void TestEventStream::events()
{
    QFETCH(const QByteArray, input);
    QFETCH(const QByteArray, events);
    QFETCH(const QByteArray, rest);

    const Outcome whole = run(input, inOnePiece);

    QCOMPARE(whole.events, events);
    QCOMPARE(whole.rest, rest);
    QCOMPARE(whole.raw, input);
    QVERIFY(!whole.failed);
    QVERIFY(run(input, byteByByte) == whole);
    for (quint32 seed = 1; seed <= 8; ++seed)
        QVERIFY(run(input, RandomCuts(seed * 104729)) == whole);
}

void TestEventStream::rawTextsAreTheInput()
{
    // Streams of random lines with random ends.
    const QList<QByteArray> lines{
        "data: x", "data", ": c", "event: e", "", "", "\xEF\xBB\xBF", "id:1"};
    const QList<QByteArray> ends{"\n", "\r", "\r\n"};
    RandomCuts draw(4711);
    for (int round = 0; round < 300; ++round) {
        QByteArray input;
        for (qsizetype count = draw(0) * 2; count > 0; --count)
            input += lines[draw(0) % lines.size()] + ends[draw(0) % ends.size()];

        const Outcome whole = run(input, inOnePiece);

        QCOMPARE(whole.raw, input);
        QVERIFY(run(input, byteByByte) == whole);
        QVERIFY(run(input, draw) == whole);
    }
}

void TestEventStream::restAtTheEnd_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("last");

    QTest::newRow("a line that is not over")
        << QByteArray("data: a\n\ndata: b") << QByteArray("[|b]");
    QTest::newRow("no empty line")
        << QByteArray("data: a\n\nevent: e\ndata: b\n") << QByteArray("[e|b]");
    QTest::newRow("a CR for the empty line")
        << QByteArray("data: a\r\rdata: b\r\r") << QByteArray("[|b]");
    QTest::newRow("a comment") << QByteArray("data: a\n\n: b") << QByteArray("[|-|comment]");
    QTest::newRow("nothing") << QByteArray("data: a\n\n") << QByteArray();
}

void TestEventStream::restAtTheEnd()
{
    QFETCH(const QByteArray, input);
    QFETCH(const QByteArray, last);
    http::EventStreamParser parser;
    http::Event event;
    parser.feed(input);
    while (parser.next(event)) {
    }
    const QByteArray rest = parser.rest().toByteArray();

    QByteArray text;
    if (parser.takeRest(event)) {
        describe(text, event);
        QCOMPARE(event.raw, QByteArrayView(rest));
    }

    QCOMPARE(text, last);
    QVERIFY(parser.rest().isEmpty());
    QVERIFY(!parser.takeRest(event));
}

void TestEventStream::tooLong_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("events");

    const QByteArray longLine(101, 'a');
    QTest::newRow("a line without end") << QByteArray(5000, 'a') << QByteArray();
    QTest::newRow("a line one byte too long") << longLine + "\n\n" << QByteArray();
    QTest::newRow("a long line behind an event") << "data: x\n\n" + longLine + "\n\n"
                                                 << QByteArray("[|x]");
    QTest::newRow("an event without end")
        << QByteArray("data: abcde\n").repeated(50) << QByteArray();
    QTest::newRow("an event of many lines")
        << "data: x\n\n" + QByteArray("data: abcde\n").repeated(34) + "\n"
        << QByteArray("[|x]");
    QTest::newRow("a long comment") << ": x\n\n:" + longLine + "\n\n" << QByteArray("[|-|comment]");
}

void TestEventStream::tooLong()
{
    QFETCH(const QByteArray, input);
    QFETCH(const QByteArray, events);

    const Outcome whole = run(input, inOnePiece, 100);
    const Outcome split = run(input, byteByByte, 100);

    QVERIFY(whole.failed);
    QCOMPARE(whole.events, events);
    QVERIFY(split.failed);
    QCOMPARE(split.events, events);
}

void TestEventStream::limitsAreInclusive()
{
    const QByteArray line = "data: " + QByteArray(94, 'a') + "\n\n";
    const QByteArray event = QByteArray("data: abc\n").repeated(39) + "data: ab\n\n";
    QCOMPARE(event.size(), 400);

    const QByteArray longer = "data: abcd\n" + event.sliced(10);

    QVERIFY(!run(line, inOnePiece, 100).failed);
    QVERIFY(!run(event, inOnePiece, 100).failed);
    QVERIFY(!run(event, byteByByte, 100).failed);
    QVERIFY(run(longer, inOnePiece, 100).failed);
    QVERIFY(run(longer, byteByByte, 100).failed);
}

// A picture comes in one line; what stands around it is not as long.
void TestEventStream::aLongLineAmongShortOnes()
{
    constexpr qsizetype mebibyte = 1024 * 1024;
    const QByteArray line = "data: " + QByteArray(3 * mebibyte - 6, 'a') + "\n";
    const QByteArray other = "data: " + QByteArray(mebibyte - 8, 'b') + "\n";

    const QByteArray sound = line + other.repeated(3) + "\n";
    const QByteArray longer = line + line + "\n";

    QVERIFY(!run(sound, inOnePiece, 3 * mebibyte).failed);
    QVERIFY(run(longer, inOnePiece, 3 * mebibyte).failed);
}

void TestEventStream::resetBeginsANewStream()
{
    http::EventStreamParser parser(10);
    http::Event event;
    parser.feed("data: a\n\ndata: much too long");
    QVERIFY(parser.next(event));
    QVERIFY(!parser.next(event));
    QVERIFY(parser.hasFailed());

    parser.reset();
    parser.feed("\xEF\xBB\xBF"
                "data:b\n\n");

    QVERIFY(!parser.hasFailed());
    QVERIFY(parser.next(event));
    QCOMPARE(event.data, QByteArrayView("b"));
    QVERIFY(parser.rest().isEmpty());
}

void TestEventStream::unreadEventsStay()
{
    http::EventStreamParser parser;
    http::Event event;
    QByteArray data;
    QByteArray expected;
    for (int round = 0; round < 100; ++round) {
        const QByteArray number = QByteArray::number(round);
        parser.feed(QByteArray("data: " + number + "\n\ndata: x" + number + "\n\n"));
        expected += number + 'x' + number;
        if (parser.next(event))
            data.append(event.data);
    }
    while (parser.next(event))
        data.append(event.data);

    QCOMPARE(data, expected);
}

void TestEventStream::manySmallPiecesTakeLinearTime()
{
    // One event of 4 MiB, 16 bytes at a time: scanning it from its start each time would take
    // 5e11 steps.
    http::EventStreamParser parser;
    http::Event event;
    const QByteArray line = "data: 012345678\n";
    qsizetype lines = 0;
    for (; (lines + 1) * line.size() < 4 * 1024 * 1024; ++lines) {
        parser.feed(line);
        QVERIFY(!parser.next(event));
    }
    parser.feed("\n");

    QVERIFY(parser.next(event));
    QCOMPARE(event.raw.size(), lines * line.size() + 1);
    QCOMPARE(event.data.size(), lines * 10 - 1);
}

QTEST_GUILESS_MAIN(TestEventStream)
#include "tst_eventstream.moc"
