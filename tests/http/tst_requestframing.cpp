#include "http/requestparser.h"
#include "support/requestrows.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;

// Every way in which the length of a request's body can be in doubt, and its chunks malformed.
class TestRequestFraming : public QObject
{
    Q_OBJECT

private slots:
    void refusedLength_data();
    void refusedLength();
    void refusedChunkedBody_data();
    void refusedChunkedBody();
};

void TestRequestFraming::refusedLength_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("end");

    const QByteArray zero = "0\r\n\r\n";
    row("length before chunked",
        withFields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", zero),
        "400 length_twice");
    row("chunked before length",
        withFields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", zero),
        "400 length_twice");
    row("length zero and chunked",
        withFields("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", zero),
        "400 length_twice");
    row("two equal lengths",
        withFields("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
        "400 bad_content_length");
    row("two lengths",
        withFields("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"),
        "400 bad_content_length");
    row("two lengths, one written otherwise",
        withFields("Content-Length: 5\r\nCONTENT-LENGTH: 5\r\n", "hello"),
        "400 bad_content_length");
    row("a list of equal lengths",
        withFields("Content-Length: 5, 5\r\n", "hello"),
        "400 bad_content_length");
    row("a list of lengths",
        withFields("Content-Length: 5, 6\r\n", "hello!"),
        "400 bad_content_length");
    row("a length with a comma behind it",
        withFields("Content-Length: 5,\r\n", "hello"),
        "400 bad_content_length");
    row("a length with a sign",
        withFields("Content-Length: +5\r\n", "hello"),
        "400 bad_content_length");
    row("a negative length",
        withFields("Content-Length: -5\r\n", "hello"),
        "400 bad_content_length");
    row("minus zero", withFields("Content-Length: -0\r\n"), "400 bad_content_length");
    row("a hexadecimal length",
        withFields("Content-Length: 0x5\r\n", "hello"),
        "400 bad_content_length");
    row("hexadecimal digits",
        withFields("Content-Length: a\r\n", "hello"),
        "400 bad_content_length");
    row("a length that could be octal",
        withFields("Content-Length: 010\r\n", "hello"),
        "400 bad_content_length");
    row("a length with a point",
        withFields("Content-Length: 5.0\r\n", "hello"),
        "400 bad_content_length");
    row("a length with an exponent",
        withFields("Content-Length: 1e1\r\n", "hello"),
        "400 bad_content_length");
    row("a length with a space",
        withFields("Content-Length: 5 5\r\n", "hello"),
        "400 bad_content_length");
    row("a length with an underscore",
        withFields("Content-Length: 1_0\r\n", "hello"),
        "400 bad_content_length");
    row("a length in quotes",
        withFields("Content-Length: \"5\"\r\n", "hello"),
        "400 bad_content_length");
    row("an empty length", withFields("Content-Length:\r\n", "hello"), "400 bad_content_length");
    row("a length beyond 64 bits",
        withFields("Content-Length: 18446744073709551621\r\n", "hello"),
        "400 bad_content_length");
    row("a length of 2^63",
        withFields("Content-Length: 9223372036854775808\r\n", "hello"),
        "400 bad_content_length");
    row("a length in words",
        withFields("Content-Length: five\r\n", "hello"),
        "400 bad_content_length");
    row("gzip alone", withFields("Transfer-Encoding: gzip\r\n"), "400 bad_transfer_encoding");
    row("gzip, then chunked",
        withFields("Transfer-Encoding: gzip, chunked\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked, then gzip",
        withFields("Transfer-Encoding: chunked, gzip\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked twice in a list",
        withFields("Transfer-Encoding: chunked, chunked\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked twice in two fields",
        withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked and identity in two fields",
        withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", zero),
        "400 bad_transfer_encoding");
    row("identity", withFields("Transfer-Encoding: identity\r\n"), "400 bad_transfer_encoding");
    row("identity and a length",
        withFields("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "hello"),
        "400 bad_transfer_encoding");
    row("xchunked",
        withFields("Transfer-Encoding: xchunked\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked with a letter behind it",
        withFields("Transfer-Encoding: chunkedx\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked in quotes",
        withFields("Transfer-Encoding: \"chunked\"\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked with a parameter",
        withFields("Transfer-Encoding: chunked;a=b\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked behind a comma",
        withFields("Transfer-Encoding: ,chunked\r\n", zero),
        "400 bad_transfer_encoding");
    row("chunked before a comma",
        withFields("Transfer-Encoding: chunked,\r\n", zero),
        "400 bad_transfer_encoding");
    row("an empty Transfer-Encoding",
        withFields("Transfer-Encoding:\r\n"),
        "400 bad_transfer_encoding");
    row("chunked in HTTP/1.0",
        "POST / HTTP/1.0\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "400 chunked_in_http_1_0");
}

void TestRequestFraming::refusedLength()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, end);

    CHECK_REFUSAL(bytes, end);
}

void TestRequestFraming::refusedChunkedBody_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("end");

    row("no size", "\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a size that is no number", "x\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a size with a sign", "+5\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a negative size", "-5\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a space before the size", " 5\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a space behind the size", "5 \r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a tab behind the size", "5\t;a\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a comma behind the size", "5,\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a size of 2^64 - 1", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", "413 body_too_large");
    row("LF behind the size", "5\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("CR alone behind the size", "5\rhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a NUL in the size line", raw("5;a\0\r\nhello\r\n0\r\n\r\n"), "400 bad_chunk");
    row("an LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("a byte outside of ASCII in an extension",
        "5;a=\xFF\r\nhello\r\n0\r\n\r\n",
        "400 bad_chunk");
    row("an extension without a name", "5;\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("an extension without a value", "5;a=\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("an extension with a quote that is not closed",
        "5;a=\"b\r\nhello\r\n0\r\n\r\n",
        "400 bad_chunk");
    row("an extension of 40 bytes",
        "5;" + QByteArray(40, 'a') + "\r\nhello\r\n0\r\n\r\n",
        "400 chunk_line_too_long");
    row("zeros before the size, 40 of them",
        QByteArray(40, '0') + "5\r\nhello\r\n0\r\n\r\n",
        "400 chunk_line_too_long");
    row("zeros for the last chunk, 40 of them",
        "5\r\nhello\r\n" + QByteArray(40, '0') + "\r\n\r\n",
        "400 chunk_line_too_long");
    row("data longer than the size", "5\r\nhello!\r\n0\r\n\r\n", "400 bad_chunk");
    row("data shorter than the size", "6\r\nhello\r\n0\r\n\r\n", "400 bad_chunk");
    row("LF behind the data", "5\r\nhello\n0\r\n\r\n", "400 bad_chunk");
    row("CR alone behind the data", "5\r\nhello\r0\r\n\r\n", "400 bad_chunk");
    row("no line end behind the data", "5\r\nhello0\r\n\r\n", "400 bad_chunk");
    row("LF for the last line", "5\r\nhello\r\n0\r\n\n", "400 bare_lf");
    row("CR alone for the last line", "5\r\nhello\r\n0\r\n\rx", "400 bare_cr");
    row("a malformed trailer", "5\r\nhello\r\n0\r\nX : a\r\n\r\n", "400 bad_trailer");
    row("a trailer without a colon",
        "5\r\nhello\r\n0\r\nGET / HTTP/1.1\r\n\r\n",
        "400 bad_trailer");
    row("a folded trailer", "5\r\nhello\r\n0\r\nX: a\r\n b\r\n\r\n", "400 folded_field");
    row("a control byte in a trailer", "5\r\nhello\r\n0\r\nX: \a\r\n\r\n", "400 control_byte");
    row("Content-Length as a trailer",
        "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n",
        "400 bad_trailer");
    row("Transfer-Encoding as a trailer",
        "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "400 bad_trailer");
    row("trailers of 200 bytes",
        "5\r\nhello\r\n0\r\nX: " + QByteArray(200, 'a') + "\r\n\r\n",
        "400 trailers_too_large");
    row("trailers without end",
        "0\r\n" + QByteArray("X:a\r\n").repeated(40),
        "400 trailers_too_large");
    row("one chunk of 1001 bytes", "3e9\r\n", "413 body_too_large");
    row("chunks of 1001 bytes in all",
        "3e8\r\n" + QByteArray(1000, 'a') + "\r\n1\r\nb\r\n0\r\n\r\n",
        "413 body_too_large");
}

void TestRequestFraming::refusedChunkedBody()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, end);

    const QByteArray request = withFields("Transfer-Encoding: chunked\r\n", bytes);
    CHECK_REFUSAL(request, end);
}

QTEST_GUILESS_MAIN(TestRequestFraming)
#include "tst_requestframing.moc"
