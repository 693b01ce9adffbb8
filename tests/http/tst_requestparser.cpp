#include "http/requestparser.h"
#include "support/messagedriver.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;
using State = http::RequestParser::State;

class TestRequestParser : public QObject
{
    Q_OBJECT

private slots:
    void acceptedRequest_data();
    void acceptedRequest();
    void stopsBehindTheHead();
    void stopsBehindTheMessage();
    void pipelinedRequests();
    void idleUntilTheFirstByte();
    void sinkThatIsFullRefuses_data();
    void sinkThatIsFullRefuses();
    void bodyWithoutASinkIsCounted();
    void limitsAreReadAtEachMessage();
    void limitsAreInclusive_data();
    void limitsAreInclusive();
    void pathAndQuery_data();
    void pathAndQuery();
    void resetForgetsTheLastHead();
    void reusedParserKeepsItsMemory();
    void longHeadInSmallPiecesTakesLinearTime();
};

namespace {

const QByteArray host = "Host: gate\r\n";

class FullSink final : public http::BodySink
{
public:
    bool take(QByteArrayView) override { return false; }
};

void row(const char *name, const QByteArray &bytes, const QByteArray &expected)
{
    QTest::newRow(name) << bytes << expected;
}

QByteArray get(const QByteArray &fields)
{
    return "GET / HTTP/1.1\r\n" + host + fields + "\r\n";
}

QTestData &newRow(const QByteArray &what, int more)
{
    const QByteArray name = what + (more == 0 ? " at the limit" : " one beyond the limit");
    return QTest::newRow(name.constData());
}

// The transcript of get(), with what the fields changed.
QByteArray got(const QByteArray &flags, const QByteArray &fields = {})
{
    return "GET / 1.1 " + flags + " 0\nHost=<gate>\n" + fields + "body <>\n";
}

void addBodyRows()
{
    const QByteArray post = "POST /a HTTP/1.1\r\n" + host;
    row("a body of five bytes",
        post + "Content-Length: 5\r\n\r\nhello",
        "POST /a 1.1 keep 5\nHost=<gate>\nContent-Length=<5>\nbody <hello>\n");
    row("a body of no bytes",
        post + "Content-Length: 0\r\n\r\n",
        "POST /a 1.1 keep 0\nHost=<gate>\nContent-Length=<0>\nbody <>\n");
    row("a length between spaces and tabs",
        post + "Content-Length: \t5 \t\r\n\r\nhello",
        "POST /a 1.1 keep 5\nHost=<gate>\nContent-Length=<5>\nbody <hello>\n");
    row("a body that looks like a request",
        post + "Content-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "POST /a 1.1 keep 18\nHost=<gate>\nContent-Length=<18>\n"
        "body <GET / HTTP/1.1\r\n\r\n>\n");
    row("a body with GET",
        "GET /a HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nab",
        "GET /a 1.1 keep 2\nHost=<gate>\nContent-Length=<2>\nbody <ab>\n");
    const QByteArray chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    const QByteArray chunkedHead =
        "POST /a 1.1 keep chunked 0\nHost=<gate>\nTransfer-Encoding=<chunked>\n";
    row("no chunk", chunked + "0\r\n\r\n", chunkedHead + "body <>\n");
    row("one chunk", chunked + "5\r\nhello\r\n0\r\n\r\n", chunkedHead + "body <hello>\n");
    row("two chunks", chunked + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", chunkedHead + "body <hello>\n");
    row("a size in capital digits",
        chunked + "A\r\n0123456789\r\n0\r\n\r\n",
        chunkedHead + "body <0123456789>\n");
    row("zeros before the size",
        chunked + "0005\r\nhello\r\n000\r\n\r\n",
        chunkedHead + "body <hello>\n");
    row("extensions",
        chunked + "5;a=b;c=\"d;e\"\r\nhello\r\n0;last\r\n\r\n",
        chunkedHead + "body <hello>\n");
    row("line ends within a chunk",
        chunked + "4\r\n\r\n\r\n\r\n0\r\n\r\n",
        chunkedHead + "body <\r\n\r\n>\n");
    row("trailers are dropped",
        chunked + "5\r\nhello\r\n0\r\nX: y\r\nHost: evil\r\n\r\n",
        chunkedHead + "body <hello>\n");
    row("chunked in capital letters",
        post + "Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
        "POST /a 1.1 keep chunked 0\nHost=<gate>\nTransfer-Encoding=<CHUNKED>\nbody <>\n");
    row("100-continue",
        post + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nab",
        "POST /a 1.1 keep expects 2\nHost=<gate>\nExpect=<100-Continue>\nContent-Length=<2>\n"
        "body <ab>\n");
    row("100-continue without a body",
        get("Expect: 100-continue\r\n"),
        got("keep", "Expect=<100-continue>\n"));
    row("100-continue in HTTP/1.0",
        "POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
        "POST /a 1.0 close 2\nExpect=<100-continue>\nContent-Length=<2>\nbody <ab>\n");
}

void addConnectionRows()
{
    row("HTTP/1.1 stays open", get({}), got("keep"));
    row("HTTP/1.1 closes", get("Connection: close\r\n"), got("close", "Connection=<close>\n"));
    row("close in capital letters",
        get("Connection: CLOSE\r\n"),
        got("close", "Connection=<CLOSE>\n"));
    row("close in a list",
        get("Connection: TE , close\r\n"),
        got("close", "Connection=<TE , close>\n"));
    row("close in a second field",
        get("Connection: TE\r\nConnection: close\r\n"),
        got("close", "Connection=<TE>\nConnection=<close>\n"));
    row("close and keep-alive",
        get("Connection: keep-alive, close\r\n"),
        got("close", "Connection=<keep-alive, close>\n"));
    row("closed is not close", get("Connection: closed\r\n"), got("keep", "Connection=<closed>\n"));
    row("Proxy-Connection says nothing",
        get("Proxy-Connection: close\r\n"),
        got("keep", "Proxy-Connection=<close>\n"));
    row("HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 close 0\nbody <>\n");
    row("HTTP/1.0 stays open",
        "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
        "GET / 1.0 keep 0\nConnection=<Keep-Alive>\nbody <>\n");
    row("HTTP/1.0 with a Host",
        "GET / HTTP/1.0\r\n" + host + "\r\n",
        "GET / 1.0 close 0\nHost=<gate>\nbody <>\n");
}

void addLineRows()
{
    row("an empty line before the request", "\r\n" + get({}), got("keep"));
    row("an unknown method",
        "BREW / HTTP/1.1\r\n" + host + "\r\n",
        "BREW / 1.1 keep 0\nHost=<gate>\nbody <>\n");
    row("a method in lower case",
        "get / HTTP/1.1\r\n" + host + "\r\n",
        "get / 1.1 keep 0\nHost=<gate>\nbody <>\n");
    row("an asterisk with OPTIONS",
        "OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
        "OPTIONS * 1.1 keep 0\nHost=<gate>\nbody <>\n");
    row("HEAD",
        "HEAD /x HTTP/1.1\r\n" + host + "\r\n",
        "HEAD /x 1.1 keep 0\nHost=<gate>\nbody <>\n");
    row("a target with marks",
        "GET //a/../%2F?x=1&y=[2]|'\" HTTP/1.1\r\n" + host + "\r\n",
        "GET //a/../%2F?x=1&y=[2]|'\" 1.1 keep 0\nHost=<gate>\nbody <>\n");
    row("an empty value", get("X:\r\n"), got("keep", "X=<>\n"));
    row("a value of spaces", get("X:  \t \r\n"), got("keep", "X=<>\n"));
    row("a value between spaces", get("X: \t a  b \r\n"), got("keep", "X=<a  b>\n"));
    row("a value without a space", get("X:a\r\n"), got("keep", "X=<a>\n"));
    row("a value with colons", get("X: a:b: c\r\n"), got("keep", "X=<a:b: c>\n"));
    row("a name of marks", get("!#$%&'*+-.^_`|~9: a\r\n"), got("keep", "!#$%&'*+-.^_`|~9=<a>\n"));
    row("a field twice", get("X: a\r\nx: b\r\n"), got("keep", "X=<a>\nx=<b>\n"));
}

void addHostRows()
{
    const QList<QByteArray> hosts{"gate",
                                  "gate:3000",
                                  "gate:",
                                  "127.0.0.1:80",
                                  "[::1]",
                                  "[fe80::1]:65535",
                                  "xn--bcher-kva.example.com",
                                  "a_b.local"};
    for (const QByteArray &name : hosts) {
        const QByteArray title = "the host " + name;
        row(title.constData(),
            "GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n",
            "GET / 1.1 keep 0\nHost=<" + name + ">\nbody <>\n");
    }
}

} // namespace

void TestRequestParser::acceptedRequest_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");

    addBodyRows();
    addConnectionRows();
    addLineRows();
    addHostRows();
}

void TestRequestParser::acceptedRequest()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, expected);
    const QByteArray text = expected + "partly <>\nwaits with 0 idle";

    QCOMPARE(requestTranscript(bytes, inOnePiece), text);
    QCOMPARE(requestTranscript(bytes, byteByByte), text);
    for (quint32 seed = 1; seed <= 8; ++seed)
        QCOMPARE(requestTranscript(bytes, RandomCuts(seed * 104729), {}), text);
}

void TestRequestParser::stopsBehindTheHead()
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    CollectingSink sink;
    const QByteArray head = "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\n";

    const qsizetype used = parser.parse(QByteArray(head + "hello"), &sink);

    QCOMPARE(used, head.size());
    QCOMPARE(parser.state(), State::Body);
    QVERIFY(sink.bytes.isEmpty());
}

void TestRequestParser::stopsBehindTheMessage()
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    CollectingSink sink;
    const QByteArray head = "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\n";
    parser.parse(head, &sink);

    const qsizetype used = parser.parse("helloGET / HTTP/1.1\r\n", &sink);

    QCOMPARE(used, 5);
    QCOMPARE(parser.state(), State::Complete);
    QCOMPARE(parser.bodyBytes(), 5);
    QCOMPARE(parser.parse("GET / HTTP/1.1\r\n", &sink), 0);
    QCOMPARE(sink.bytes, QByteArray("hello"));
}

void TestRequestParser::pipelinedRequests()
{
    const QByteArray bytes = "POST /a HTTP/1.1\r\n" + host
                             + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                             + "POST /b HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nde\r\n"
                             + "GET /c HTTP/1.1\r\n" + host + "\r\n";

    const QByteArray text = requestTranscript(bytes, inOnePiece);

    QCOMPARE(text,
             QByteArray("POST /a 1.1 keep chunked 0\nHost=<gate>\nTransfer-Encoding=<chunked>\n"
                        "body <abc>\n"
                        "POST /b 1.1 keep 2\nHost=<gate>\nContent-Length=<2>\nbody <de>\n"
                        "GET /c 1.1 keep 0\nHost=<gate>\nbody <>\n"
                        "partly <>\nwaits with 0 idle"));
    QCOMPARE(requestTranscript(bytes, byteByByte), text);
    for (quint32 seed = 1; seed <= 50; ++seed)
        QCOMPARE(requestTranscript(bytes, RandomCuts(seed * 31), {}), text);
}

void TestRequestParser::idleUntilTheFirstByte()
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);

    QVERIFY(!parser.hasBegun());
    QCOMPARE(parser.parse({}, nullptr), 0);
    QVERIFY(!parser.hasBegun());
    QCOMPARE(parser.parse("\r", nullptr), 0);
    QVERIFY(!parser.hasBegun());
    QCOMPARE(parser.parse("\r\n", nullptr), 2);
    QVERIFY(!parser.hasBegun());
    QCOMPARE(parser.parse("G", nullptr), 0);
    QVERIFY(parser.hasBegun());
    parser.reset();
    QVERIFY(!parser.hasBegun());
}

void TestRequestParser::sinkThatIsFullRefuses_data()
{
    QTest::addColumn<QByteArray>("bytes");

    QTest::newRow("a body of known length") << QByteArray("Content-Length: 5\r\n\r\nhello");
    QTest::newRow("a chunked body")
        << QByteArray("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
}

void TestRequestParser::sinkThatIsFullRefuses()
{
    QFETCH(const QByteArray, bytes);
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    FullSink sink;
    QByteArray buffer = "POST / HTTP/1.1\r\n" + host + bytes;

    buffer.remove(0, parser.parse(buffer, &sink));
    parser.parse(buffer, &sink);

    QCOMPARE(parser.state(), State::Refused);
    QCOMPARE(parser.refusal().status, 503);
    QCOMPARE(QByteArray(parser.refusal().code), QByteArray("body_not_stored"));
}

void TestRequestParser::bodyWithoutASinkIsCounted()
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    parser.parse(QByteArray("POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\n"), nullptr);

    QCOMPARE(parser.parse("hel", nullptr), 3);

    QCOMPARE(parser.bodyBytes(), 3);
    QCOMPARE(parser.state(), State::Body);
}

void TestRequestParser::limitsAreReadAtEachMessage()
{
    http::RequestLimits limits;
    limits.fields = 1;
    http::RequestParser parser(limits);
    const QByteArray bytes = get("X: y\r\n");
    parser.parse(bytes, nullptr);
    QCOMPARE(parser.state(), State::Refused);

    limits.fields = 2;
    parser.reset();
    parser.parse(bytes, nullptr);

    QCOMPARE(parser.state(), State::Complete);
}

void TestRequestParser::limitsAreInclusive_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("tooMuch"); // by how much the message is beyond the limit

    const QByteArray head = "GET / HTTP/1.1\r\n" + host;
    for (const int more : {0, 1}) {
        newRow("a head", more) << head + "X: " + QByteArray(300 - head.size() - 7 + more, 'a')
                                      + "\r\n\r\n"
                               << more;
        newRow("a target", more) << "GET /" + QByteArray(49 + more, 'a') + " HTTP/1.1\r\n" + host
                                        + "\r\n"
                                 << more;
        newRow("fields", more) << head + QByteArray("X: y\r\n").repeated(7 + more) + "\r\n" << more;
        newRow("a length", more) << head + "Content-Length: " + QByteArray::number(100 + more)
                                        + "\r\n\r\n" + QByteArray(100, 'a')
                                 << more;
        newRow("chunks", more) << head + "Transfer-Encoding: chunked\r\n\r\n"
                                      + QByteArray::number(60 + more, 16) + "\r\n"
                                      + QByteArray(60 + more, 'a') + "\r\n28\r\n"
                                      + QByteArray(40, 'a') + "\r\n0\r\n\r\n"
                               << more;
        newRow("a chunk line", more) << head + "Transfer-Encoding: chunked\r\n\r\n1;"
                                            + QByteArray(18 + more, 'a') + "\r\na\r\n0\r\n\r\n"
                                     << more;
        newRow("trailers", more) << head + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: "
                                        + QByteArray(23 + more, 'a') + "\r\n\r\n"
                                 << more;
    }
}

void TestRequestParser::limitsAreInclusive()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, tooMuch);
    const http::RequestLimits limits{.headBytes = 300,
                                     .fields = 8,
                                     .targetBytes = 50,
                                     .bodyBytes = 100,
                                     .chunkLineBytes = 20,
                                     .trailerBytes = 30};

    const QByteArray text = requestTranscript(bytes, inOnePiece, limits);

    QVERIFY2(text.contains("refused") == (tooMuch > 0), text.constData());
    QCOMPARE(requestTranscript(bytes, byteByByte, limits), text);
}

void TestRequestParser::pathAndQuery_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");

    QTest::newRow("no query") << QByteArray("/a/b") << QByteArray("/a/b") << QByteArray();
    QTest::newRow("a query") << QByteArray("/a?b=c") << QByteArray("/a") << QByteArray("b=c");
    QTest::newRow("an empty query") << QByteArray("/a?") << QByteArray("/a") << QByteArray();
    QTest::newRow("two marks") << QByteArray("/a?b?c") << QByteArray("/a") << QByteArray("b?c");
}

void TestRequestParser::pathAndQuery()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, query);
    http::RequestHead head;
    head.target = target;

    QCOMPARE(head.path(), QByteArrayView(path));
    QCOMPARE(head.query(), QByteArrayView(query));
}

void TestRequestParser::resetForgetsTheLastHead()
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    const QByteArray first = "POST /long/path HTTP/1.1\r\n" + host
                             + "Connection: close\r\nExpect: 100-continue\r\n"
                               "Content-Length: 5\r\n\r\n";
    parser.parse(first, nullptr);
    parser.parse("hello", nullptr);
    parser.reset();

    parser.parse(QByteArray("GET / HTTP/1.1\r\n" + host + "\r\n"), nullptr);

    QCOMPARE(parser.head().method, QByteArray("GET"));
    QCOMPARE(parser.head().target, QByteArray("/"));
    QCOMPARE(parser.head().headers.size(), 1);
    QVERIFY(parser.head().keepAlive);
    QVERIFY(!parser.head().expectsContinue);
    QVERIFY(!parser.head().hasBody());
    QCOMPARE(parser.bodyBytes(), 0);
}

void TestRequestParser::reusedParserKeepsItsMemory()
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    const QByteArray bytes = get("Authorization: Bearer abc\r\nAccept: */*\r\n");
    parser.parse(bytes, nullptr);
    const char *const target = parser.head().target.constData();
    const char *const text = parser.head().headers.at(0).name.data();

    for (int round = 0; round < 5; ++round) {
        parser.reset();
        parser.parse(bytes, nullptr);
        QCOMPARE(parser.state(), State::Complete);
        QVERIFY(parser.head().target.constData() == target);
        QVERIFY(parser.head().headers.at(0).name.data() == text);
    }
}

void TestRequestParser::longHeadInSmallPiecesTakesLinearTime()
{
    // 60 KiB, byte by byte: scanning from the start each time would be 1.8e9 steps.
    http::RequestLimits limits;
    const QByteArray bytes = get("X: " + QByteArray(60 * 1024, 'a') + "\r\n");
    http::RequestParser parser(limits);

    for (qsizetype size = 1; size < bytes.size(); ++size)
        QCOMPARE(parser.parse(QByteArrayView(bytes).first(size), nullptr), 0);
    QCOMPARE(parser.parse(bytes, nullptr), bytes.size());

    QCOMPARE(parser.state(), State::Complete);
}

QTEST_GUILESS_MAIN(TestRequestParser)
#include "tst_requestparser.moc"
