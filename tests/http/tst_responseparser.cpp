#include "http/responseparser.h"
#include "support/messagedriver.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;
using State = http::ResponseParser::State;

class TestResponseParser : public QObject
{
    Q_OBJECT

private slots:
    void acceptedAnswer_data();
    void acceptedAnswer();
    void answerToHead_data();
    void answerToHead();
    void answerWithoutALength();
    void answersOnOneConnection();
    void endBeforeAnyByteIsCutOff();
    void endAfterACompleteAnswerChangesNothing();
    void interimAnswersAreNotShown();
    void reasonPhrases();
};

namespace {

void row(const char *name, const QByteArray &bytes, const QByteArray &expected)
{
    QTest::newRow(name) << bytes << expected;
}

QByteArray withLine(const QByteArray &line)
{
    return line + "\r\nContent-Length: 2\r\n\r\nab";
}

QByteArray got(const QByteArray &first)
{
    return first + " 2\nContent-Length=<2>\nbody <ab>\n";
}

} // namespace

void TestResponseParser::acceptedAnswer_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");

    row("a usual answer", withLine("HTTP/1.1 200 OK"), got("200 1.1 keep"));
    row("a space but no reason", withLine("HTTP/1.1 200 "), got("200 1.1 keep"));
    row("neither a space nor a reason", withLine("HTTP/1.1 404"), got("404 1.1 keep"));
    row("no reason in HTTP/1.0", withLine("HTTP/1.0 503"), got("503 1.0 close"));
    row("a reason of several words", withLine("HTTP/1.1 404 Not \tFound (x)"), got("404 1.1 keep"));
    row("a reason in UTF-8", withLine("HTTP/1.1 404 \xE6\x9C\xAA"), got("404 1.1 keep"));
    row("an unknown status", withLine("HTTP/1.1 599 Odd"), got("599 1.1 keep"));
    row("HTTP/1.0", withLine("HTTP/1.0 200 OK"), got("200 1.0 close"));
    row("HTTP/1.0 that stays open",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab",
        "200 1.0 keep 2\nConnection=<keep-alive>\nContent-Length=<2>\nbody <ab>\n");
    row("an answer that closes",
        "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nab",
        "200 1.1 close 2\nConnection=<Close>\nContent-Length=<2>\nbody <ab>\n");
    row("an empty body",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "200 1.1 keep 0\nContent-Length=<0>\nbody <>\n");
    row("chunks",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
        "200 1.1 keep chunked -1\nTransfer-Encoding=<chunked>\nbody <abc>\n");
    row("chunks with trailers",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=1\r\nab\r\n0\r\nDigest: "
        "\xE4\r\n\r\n",
        "200 1.1 keep chunked -1\nTransfer-Encoding=<Chunked>\nbody <ab>\n");
    row("204", "HTTP/1.1 204 No Content\r\n\r\n", "204 1.1 keep -1\nbody <>\n");
    row("204 with length zero",
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "204 1.1 keep 0\nContent-Length=<0>\nbody <>\n");
    row("304 with a length",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n",
        "304 1.1 keep 500\nContent-Length=<500>\nbody <>\n");
    row("304", "HTTP/1.1 304 Not Modified\r\n\r\n", "304 1.1 keep -1\nbody <>\n");
    row("Latin-1 in a value",
        "HTTP/1.1 200 OK\r\nX: \xE4\r\nContent-Length: 0\r\n\r\n",
        "200 1.1 keep 0\nX=<\xE4>\nContent-Length=<0>\nbody <>\n");
    row("five interim answers",
        QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nLink: </x>\r\n\r\n").repeated(2)
            + "HTTP/1.1 102 Processing\r\n\r\n" + withLine("HTTP/1.1 200 OK"),
        got("200 1.1 keep"));
}

void TestResponseParser::acceptedAnswer()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, expected);
    const QByteArray text = expected + "partly <>\nwaits with 0 idle";

    QCOMPARE(responseTranscript(bytes, inOnePiece), text);
    QCOMPARE(responseTranscript(bytes, byteByByte), text);
    for (quint32 seed = 1; seed <= 8; ++seed)
        QCOMPARE(responseTranscript(bytes, RandomCuts(seed * 104729)), text);
}

void TestResponseParser::answerToHead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");

    row("a length",
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
        "200 1.1 keep 500\nContent-Length=<500>\nbody <>\n");
    row("a length beyond any limit",
        "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
        "200 1.1 keep 999999999999\nContent-Length=<999999999999>\nbody <>\n");
    row("chunked",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "200 1.1 keep chunked -1\nTransfer-Encoding=<chunked>\nbody <>\n");
    row("no length", "HTTP/1.1 200 OK\r\n\r\n", "200 1.1 keep -1\nbody <>\n");
    row("an interim answer before",
        "HTTP/1.1 100\r\n\r\nHTTP/1.1 200\r\nContent-Length: 5\r\n\r\n",
        "200 1.1 keep 5\nContent-Length=<5>\nbody <>\n");
}

void TestResponseParser::answerToHead()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, expected);
    const QByteArray text = expected + "partly <>\nwaits with 0 idle";

    QCOMPARE(responseTranscript(bytes, inOnePiece, true), text);
    QCOMPARE(responseTranscript(bytes, byteByByte, true), text);
}

void TestResponseParser::answerWithoutALength()
{
    const QByteArray bytes = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nHTTP/1.1 200 OK\r\n";
    const QByteArray head = "200 1.1 close -1\nConnection=<keep-alive>\n";

    QCOMPARE(responseTranscript(bytes, inOnePiece),
             head + "partly <HTTP/1.1 200 OK\r\n>\nwaits with 0 begun");
    QCOMPARE(responseTranscript(bytes, inOnePiece, false, true),
             head + "body <HTTP/1.1 200 OK\r\n>\nended");
    QCOMPARE(responseTranscript(bytes, byteByByte, false, true),
             head + "body <HTTP/1.1 200 OK\r\n>\nended");
}

void TestResponseParser::answersOnOneConnection()
{
    const QByteArray one = withLine("HTTP/1.1 200");
    const QByteArray two =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n";

    const QByteArray all = one + two + one;

    const QByteArray text = responseTranscript(all, inOnePiece);

    QCOMPARE(text,
             got("200 1.1 keep")
                 + "200 1.1 keep chunked -1\nTransfer-Encoding=<chunked>\nbody <c>\n"
                 + got("200 1.1 keep") + "partly <>\nwaits with 0 idle");
    for (quint32 seed = 1; seed <= 50; ++seed)
        QCOMPARE(responseTranscript(all, RandomCuts(seed * 31)), text);
}

void TestResponseParser::endBeforeAnyByteIsCutOff()
{
    const http::ResponseLimits limits;
    http::ResponseParser parser(limits);
    parser.reset();

    parser.end();

    QVERIFY(!parser.hasBegun());
    QCOMPARE(parser.state(), State::Refused);
    QCOMPARE(QByteArray(parser.refusal().code), QByteArray("cut_off"));
}

void TestResponseParser::endAfterACompleteAnswerChangesNothing()
{
    const http::ResponseLimits limits;
    http::ResponseParser parser(limits);
    QByteArray bytes = withLine("HTTP/1.1 200 OK");
    bytes.remove(0, parser.parse(bytes, nullptr));
    QCOMPARE(parser.parse(QByteArray(bytes + "x"), nullptr), 2);

    parser.end();

    QCOMPARE(parser.state(), State::Complete);
}

void TestResponseParser::interimAnswersAreNotShown()
{
    const http::ResponseLimits limits;
    http::ResponseParser parser(limits);

    parser.parse("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", nullptr);
    QCOMPARE(parser.state(), State::Head);
    QVERIFY(parser.hasBegun());
    parser.parse("HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", nullptr);

    QCOMPARE(parser.state(), State::Complete);
    QCOMPARE(parser.head().status, 204);
    QCOMPARE(parser.head().headers.size(), 1);
}

void TestResponseParser::reasonPhrases()
{
    QCOMPARE(http::reasonPhrase(200), QByteArrayView("OK"));
    QCOMPARE(http::reasonPhrase(100), QByteArrayView("Continue"));
    QCOMPARE(http::reasonPhrase(404), QByteArrayView("Not Found"));
    QCOMPARE(http::reasonPhrase(429), QByteArrayView("Too Many Requests"));
    QCOMPARE(http::reasonPhrase(499), QByteArrayView("Client Closed Request"));
    QCOMPARE(http::reasonPhrase(508), QByteArrayView("Loop Detected"));
    QCOMPARE(http::reasonPhrase(511), QByteArrayView("Network Authentication Required"));
    QCOMPARE(http::reasonPhrase(529), QByteArrayView("Overloaded"));
    QCOMPARE(http::reasonPhrase(299), QByteArrayView("Unknown"));
    QCOMPARE(http::reasonPhrase(599), QByteArrayView("Unknown"));
}

QTEST_GUILESS_MAIN(TestResponseParser)
#include "tst_responseparser.moc"
