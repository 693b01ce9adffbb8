#include "http/responseparser.h"
#include "support/messagedriver.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;

// Every way in which a provider's answer can be malformed, ambiguous or too large.
class TestResponseRefusals : public QObject
{
    Q_OBJECT

private slots:
    void refusedAnswer_data();
    void refusedAnswer();
    void cutOffAnswer_data();
    void cutOffAnswer();
    void statusIsAlways502();
};

namespace {

http::ResponseLimits smallLimits()
{
    return {.headBytes = 1024,
            .fields = 10,
            .bodyBytes = 1000,
            .chunkLineBytes = 32,
            .trailerBytes = 128,
            .interimAnswers = 5};
}

void row(const char *name, const QByteArray &bytes, const char *code)
{
    QTest::newRow(name) << bytes << QByteArray(code);
}

template<qsizetype size>
QByteArray raw(const char (&text)[size])
{
    return QByteArray(text, size - 1);
}

QByteArray withFields(const QByteArray &fields, const QByteArray &body = {})
{
    return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
}

QByteArray chunked(const QByteArray &body)
{
    return withFields("Transfer-Encoding: chunked\r\n", body);
}

QByteArray withLine(const QByteArray &line)
{
    return line + "\r\nContent-Length: 0\r\n\r\n";
}

void addLineRows()
{
    row("HTML instead of HTTP", "<html><body>no</body></html>\r\n\r\n", "bad_status_line");
    row("JSON instead of HTTP", "{\"error\":1}\r\n\r\n", "bad_status_line");
    row("an LF instead of HTTP", "\n", "bare_lf");
    row("an empty line before the answer",
        "\r\n" + withFields("Content-Length: 0\r\n"),
        "bad_status_line");
    row("a request instead of an answer", withLine("GET / HTTP/1.1"), "bad_status_line");
    row("HTTP/2", withLine("HTTP/2 200"), "bad_status_line");
    row("HTTP/2.0", withLine("HTTP/2.0 200 OK"), "bad_version");
    row("HTTP/0.9", withLine("HTTP/0.9 200 OK"), "bad_version");
    row("HTTP/1.2", withLine("HTTP/1.2 200 OK"), "bad_version");
    row("HTTP in lower case", withLine("http/1.1 200 OK"), "bad_status_line");
    row("ICY", withLine("ICY 200 OK"), "bad_status_line");
    row("no status", withLine("HTTP/1.1 OK"), "bad_status_line");
    row("a version and nothing else", withLine("HTTP/1.1"), "bad_status_line");
    row("a version and a space", withLine("HTTP/1.1 "), "bad_status_line");
    row("two spaces before the status", withLine("HTTP/1.1  200 OK"), "bad_status_line");
    row("a tab before the status", withLine("HTTP/1.1\t200 OK"), "bad_status_line");
    row("a status of two digits", withLine("HTTP/1.1 20 OK"), "bad_status_line");
    row("a status of four digits", withLine("HTTP/1.1 2000 OK"), "bad_status_line");
    row("a status with a sign", withLine("HTTP/1.1 +20 OK"), "bad_status_line");
    row("a status with a letter", withLine("HTTP/1.1 2O0 OK"), "bad_status_line");
    row("the reason right behind the status", withLine("HTTP/1.1 200OK"), "bad_status_line");
    row("status 000", withLine("HTTP/1.1 000 Zero"), "bad_status");
    row("status 099", withLine("HTTP/1.1 099 Low"), "bad_status");
    row("status 600", withLine("HTTP/1.1 600 High"), "bad_status");
    row("status 999", withLine("HTTP/1.1 999 Denied"), "bad_status");
    row("status 999 without a reason", withLine("HTTP/1.1 999"), "bad_status");
    row("no reason and a wrong version", withLine("HTTP/3.1 200"), "bad_version");
    row("twelve bytes that are no status line", withLine("HTTP/1.1 2x0"), "bad_status_line");
    row("a control byte in the reason", withLine("HTTP/1.1 200 \a"), "control_byte");
    row("a version outside of ASCII", withLine("HTTP/1.\xB9 200 OK"), "bad_status_line");
    row("a NUL in the reason", raw("HTTP/1.1 200 a\0b\r\n\r\n"), "control_byte");
}

void addFieldRows()
{
    row("LF behind the status line", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", "bare_lf");
    row("LF behind a field", "HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n", "bare_lf");
    row("CR alone behind a field", "HTTP/1.1 200 OK\r\nContent-Length: 0\rX: y\r\n\r\n", "bare_cr");
    row("a folded value", withFields("X: a\r\n b\r\n"), "folded_field");
    row("a folded Content-Length",
        withFields("Content-Length:\r\n\t5\r\n", "hello"),
        "folded_field");
    row("a space before the colon", withFields("Content-Length : 5\r\n", "hello"), "bad_field");
    row("an empty name", withFields(": a\r\n"), "bad_field");
    row("a line without a colon", withFields("warning\r\n"), "bad_field");
    row("a NUL within a value", withFields(raw("X: a\0b\r\n")), "control_byte");
    row("an escape within a value", withFields("X: \x1B[2J\r\n"), "control_byte");
    row("a malformed Connection",
        withFields("Connection: a b\r\nContent-Length: 0\r\n"),
        "bad_connection");
    row("eleven fields", withFields(QByteArray("X: a\r\n").repeated(11)), "too_many_fields");
    row("ten thousand fields",
        withFields(QByteArray("X: a\r\n").repeated(10000)),
        "too_many_fields");
    row("a field of 2000 bytes",
        withFields("X: " + QByteArray(2000, 'a') + "\r\n"),
        "head_too_large");
    row("a reason of 2000 bytes",
        withLine("HTTP/1.1 200 " + QByteArray(2000, 'a')),
        "head_too_large");
}

void addFramingRows()
{
    row("length before chunked",
        withFields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        "length_twice");
    row("chunked before length",
        withFields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
        "length_twice");
    row("two lengths",
        withFields("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"),
        "bad_content_length");
    row("two equal lengths",
        withFields("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
        "bad_content_length");
    row("a list of lengths", withFields("Content-Length: 5, 5\r\n", "hello"), "bad_content_length");
    row("a negative length", withFields("Content-Length: -1\r\n"), "bad_content_length");
    row("an empty length", withFields("Content-Length:\r\n"), "bad_content_length");
    row("a hexadecimal length",
        withFields("Content-Length: 0x5\r\n", "hello"),
        "bad_content_length");
    row("a length beyond 64 bits",
        withFields("Content-Length: 99999999999999999999\r\n"),
        "bad_content_length");
    row("a length beyond the limit", withFields("Content-Length: 1001\r\n"), "body_too_large");
    row("gzip as Transfer-Encoding",
        withFields("Transfer-Encoding: gzip\r\n"),
        "bad_transfer_encoding");
    row("gzip, then chunked",
        withFields("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
        "bad_transfer_encoding");
    row("identity", withFields("Transfer-Encoding: identity\r\n"), "bad_transfer_encoding");
    row("chunked twice",
        withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        "bad_transfer_encoding");
    row("chunked in HTTP/1.0",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "chunked_in_http_1_0");
    row("204 with a body",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
        "body_forbidden");
    row("204 with chunks",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        "body_forbidden");
    row("a body without a length beyond the limit",
        withFields("", QByteArray(1001, 'a')),
        "body_too_large");
}

void addInterimRows()
{
    row("switching protocols",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        "protocol_switched");
    row("six interim answers",
        QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(6),
        "too_many_interim_answers");
    row("a flood of interim answers",
        QByteArray("HTTP/1.1 103 Early Hints\r\n\r\n").repeated(1000),
        "too_many_interim_answers");
    row("an interim answer with a length",
        "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n",
        "bad_interim_answer");
    row("an interim answer with chunks",
        "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n",
        "bad_interim_answer");
    row("a malformed answer behind an interim one",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 999 X\r\n\r\n",
        "bad_status");
    row("interim answers that are too large together behind their limit",
        "HTTP/1.1 100 Continue\r\nX: " + QByteArray(2000, 'a') + "\r\n\r\n",
        "head_too_large");
}

void addChunkRows()
{
    row("a chunk without a size", chunked("\r\nhello\r\n0\r\n\r\n"), "bad_chunk");
    row("a chunk size that is no number", chunked("zz\r\n"), "bad_chunk");
    row("a chunk size with a space behind it", chunked("5 \r\nhello\r\n0\r\n\r\n"), "bad_chunk");
    row("a chunk size with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n"), "bad_chunk");
    row("a chunk size beyond 64 bits", chunked("10000000000000000\r\n"), "bad_chunk");
    row("a chunk beyond the limit", chunked("3e9\r\n"), "body_too_large");
    row("chunks beyond the limit",
        chunked("3e8\r\n" + QByteArray(1000, 'a') + "\r\n1\r\n"),
        "body_too_large");
    row("a chunk longer than its size", chunked("5\r\nhello!\r\n0\r\n\r\n"), "bad_chunk");
    row("LF behind a chunk size", chunked("5\nhello\n0\n\n"), "bad_chunk");
    row("LF behind a chunk", chunked("5\r\nhello\n0\r\n\r\n"), "bad_chunk");
    row("an extension of 40 bytes",
        chunked("5;" + QByteArray(40, 'a') + "\r\n"),
        "chunk_line_too_long");
    row("an extension without end", chunked("5;" + QByteArray(4000, 'a')), "chunk_line_too_long");
    row("a malformed trailer", chunked("0\r\nX y\r\n\r\n"), "bad_trailer");
    row("a length as trailer", chunked("0\r\nContent-Length: 5\r\n\r\n"), "bad_trailer");
    row("trailers without end",
        chunked("0\r\n" + QByteArray("X: y\r\n").repeated(50)),
        "trailers_too_large");
    row("the next answer instead of the last line",
        chunked("0\r\nHTTP/1.1 200 OK\r\n\r\n"),
        "bad_trailer");
}

} // namespace

void TestResponseRefusals::refusedAnswer_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("code");

    addLineRows();
    addFieldRows();
    addFramingRows();
    addInterimRows();
    addChunkRows();
}

void TestResponseRefusals::refusedAnswer()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, code);

    const QByteArray whole = responseTranscript(bytes, inOnePiece, false, false, smallLimits());

    QVERIFY2(whole.endsWith(QByteArray("refused 502 " + code)), whole.constData());
    QCOMPARE(responseTranscript(bytes, byteByByte, false, false, smallLimits()), whole);
    for (quint32 seed = 1; seed <= 8; ++seed) {
        const RandomCuts cuts(seed * 7919);
        QCOMPARE(responseTranscript(bytes, cuts, false, false, smallLimits()), whole);
    }
}

void TestResponseRefusals::cutOffAnswer_data()
{
    QTest::addColumn<QByteArray>("bytes");

    QTest::newRow("within the status line") << QByteArray("HTTP/1.1 20");
    QTest::newRow("within the fields") << QByteArray("HTTP/1.1 200 OK\r\nX: y\r\n");
    QTest::newRow("behind an interim answer") << QByteArray("HTTP/1.1 100 Continue\r\n\r\n");
    QTest::newRow("before a body of known length") << withFields("Content-Length: 5\r\n");
    QTest::newRow("within a body of known length") << withFields("Content-Length: 5\r\n", "hell");
    QTest::newRow("before the first chunk") << chunked("");
    QTest::newRow("within a chunk") << chunked("5\r\nhel");
    QTest::newRow("behind a chunk") << chunked("5\r\nhello\r\n");
    QTest::newRow("before the last line end") << chunked("5\r\nhello\r\n0\r\n");
}

void TestResponseRefusals::cutOffAnswer()
{
    QFETCH(const QByteArray, bytes);

    const QByteArray whole = responseTranscript(bytes, inOnePiece, false, true);

    QVERIFY2(whole.endsWith("refused 502 cut_off"), whole.constData());
    QCOMPARE(responseTranscript(bytes, byteByByte, false, true), whole);
}

void TestResponseRefusals::statusIsAlways502()
{
    const http::ResponseLimits limits = smallLimits();
    http::ResponseParser parser(limits);

    parser.parse(withFields("Content-Length: 5000\r\n"), nullptr);

    QCOMPARE(parser.state(), http::ResponseParser::State::Refused);
    QCOMPARE(parser.refusal().status, 502);
    QVERIFY(!QByteArray(parser.refusal().message).isEmpty());
    QCOMPARE(parser.parse(withFields("Content-Length: 0\r\n"), nullptr), 0);
    QCOMPARE(parser.state(), http::ResponseParser::State::Refused);
}

QTEST_GUILESS_MAIN(TestResponseRefusals)
#include "tst_responserefusals.moc"
