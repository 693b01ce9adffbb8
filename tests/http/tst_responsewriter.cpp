#include "http/responsewriter.h"

#include "http/responseparser.h"
#include "support/messagedriver.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;

class TestResponseWriter : public QObject
{
    Q_OBJECT

private slots:
    void head_data();
    void head();
    void refusedFields_data();
    void refusedFields();
    void appendsBehindWhatIsThere();
    void chunks();
    void streamEnd_data();
    void streamEnd();
    void whatIsWrittenCanBeRead();
};

namespace {

http::RequestHead requestOf(int minorVersion, bool keepAlive)
{
    http::RequestHead head;
    head.minorVersion = minorVersion;
    head.keepAlive = keepAlive;
    return head;
}

} // namespace

void TestResponseWriter::head_data()
{
    QTest::addColumn<int>("minorVersion");
    QTest::addColumn<bool>("clientKeeps");
    QTest::addColumn<bool>("weKeep");
    QTest::addColumn<http::BodyEnd>("bodyEnd");
    QTest::addColumn<QByteArray>("framing");

    using http::BodyEnd;
    QTest::newRow("a length") << 1 << true << true << BodyEnd::Length
                              << QByteArray("Content-Length: 12\r\n");
    QTest::newRow("chunks") << 1 << true << true << BodyEnd::Chunked
                            << QByteArray("Transfer-Encoding: chunked\r\n");
    QTest::newRow("no body") << 1 << true << true << BodyEnd::None << QByteArray();
    QTest::newRow("the client closes") << 1 << false << true << BodyEnd::Length
                                       << QByteArray("Content-Length: 12\r\nConnection: close\r\n");
    QTest::newRow("we close") << 1 << true << false << BodyEnd::Chunked
                              << QByteArray("Transfer-Encoding: chunked\r\nConnection: close\r\n");
    QTest::newRow("HTTP/1.0 with a length")
        << 0 << false << true << BodyEnd::Length
        << QByteArray("Content-Length: 12\r\nConnection: close\r\n");
    QTest::newRow("HTTP/1.0 that stays open")
        << 0 << true << true << BodyEnd::Length
        << QByteArray("Content-Length: 12\r\nConnection: keep-alive\r\n");
    QTest::newRow("a stream for HTTP/1.0")
        << 0 << true << true << BodyEnd::Connection << QByteArray("Connection: close\r\n");
}

void TestResponseWriter::head()
{
    QFETCH(const int, minorVersion);
    QFETCH(const bool, clientKeeps);
    QFETCH(const bool, weKeep);
    QFETCH(const http::BodyEnd, bodyEnd);
    QFETCH(const QByteArray, framing);
    const http::RequestHead request = requestOf(minorVersion, clientKeeps);
    QByteArray out;

    http::HeadWriter writer(out, 429);
    QVERIFY(writer.field("Content-Type", "text/plain"));
    QVERIFY(writer.field("Retry-After", 30));
    writer.end(request, weKeep, bodyEnd, 12);

    QCOMPARE(out,
             "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nRetry-After: 30\r\n"
                 + framing + "\r\n");
    QCOMPARE(http::staysOpen(request, weKeep, bodyEnd), !framing.contains("close"));
}

void TestResponseWriter::refusedFields_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");

    const auto row = [](const char *title, const QByteArray &name, const QByteArray &value) {
        QTest::newRow(title) << name << value;
    };
    row("a field behind the value", "X", "a\r\nSet-Cookie: b");
    row("an LF in the value", "X", "a\nb");
    row("a CR in the value", "X", "a\rb");
    row("a NUL in the value", "X", QByteArray("a\0b", 3));
    row("an answer behind the value", "X", "a\r\n\r\nHTTP/1.1 200 OK");
    row("a line end in the name", "X\r\nY", "a");
    row("a colon in the name", "X: y\r\nZ", "a");
    row("a space in the name", "X ", "a");
    row("an empty name", "", "a");
    row("a length", "Content-length", "5");
    row("an encoding", "transfer-encoding", "chunked");
    row("the connection", "CONNECTION", "close");
    row("keep-alive", "Keep-Alive", "timeout=5");
    row("an upgrade", "Upgrade", "h2c");
    row("the names of trailers", "Trailer", "X");
}

void TestResponseWriter::refusedFields()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QByteArray out;
    http::HeadWriter writer(out, 200);
    const QByteArray before = out;

    QVERIFY(!writer.field(name, value));

    QCOMPARE(out, before);
    if (!http::isFieldName(name) || !http::equalNames(name, "x"))
        QVERIFY(!writer.field(name, 5));
}

void TestResponseWriter::appendsBehindWhatIsThere()
{
    QByteArray out = http::continueAnswer().toByteArray();

    http::HeadWriter writer(out, 204);
    writer.end(requestOf(1, true), true, http::BodyEnd::None);

    QCOMPARE(out, QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"));
}

void TestResponseWriter::chunks()
{
    QByteArray out;

    http::appendChunk(out, "hello");
    http::appendChunk(out, {});
    http::beginChunk(out, 255);
    out.append(QByteArray(255, 'a'));
    http::endChunk(out);
    http::appendLastChunk(out);

    QCOMPARE(out, "5\r\nhello\r\nff\r\n" + QByteArray(255, 'a') + "\r\n0\r\n\r\n");
}

void TestResponseWriter::streamEnd_data()
{
    QTest::addColumn<int>("minorVersion");
    QTest::addColumn<http::BodyEnd>("bodyEnd");

    QTest::newRow("HTTP/1.1") << 1 << http::BodyEnd::Chunked;
    QTest::newRow("HTTP/1.0") << 0 << http::BodyEnd::Connection;
}

void TestResponseWriter::streamEnd()
{
    QFETCH(const int, minorVersion);
    QFETCH(const http::BodyEnd, bodyEnd);

    QCOMPARE(http::endOfStream(requestOf(minorVersion, true)), bodyEnd);
}

void TestResponseWriter::whatIsWrittenCanBeRead()
{
    const http::RequestHead request = requestOf(1, true);
    QByteArray out;
    http::HeadWriter stream(out, 200);
    QVERIFY(stream.field("Content-Type", "text/event-stream"));
    stream.end(request, true, http::BodyEnd::Chunked);
    http::appendChunk(out, "data: x\n\n");
    http::appendLastChunk(out);
    http::HeadWriter plain(out, 502);
    plain.end(request, true, http::BodyEnd::Length, 2);
    out.append("{}");

    QCOMPARE(responseTranscript(out, inOnePiece),
             QByteArray("200 1.1 keep chunked -1\nContent-Type=<text/event-stream>\n"
                        "Transfer-Encoding=<chunked>\nbody <data: x\n\n>\n"
                        "502 1.1 keep 2\nContent-Length=<2>\nbody <{}>\n"
                        "partly <>\nwaits with 0 idle"));
}

QTEST_GUILESS_MAIN(TestResponseWriter)
#include "tst_responsewriter.moc"
