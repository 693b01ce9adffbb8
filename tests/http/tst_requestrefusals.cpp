#include "http/requestparser.h"
#include "support/requestrows.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::support;

// Every way in which a request's head can be malformed, ambiguous or too large: what it is refused
// with, and that this does not depend on how its bytes arrive.
class TestRequestRefusals : public QObject
{
    Q_OBJECT

private slots:
    void refusedRequest_data();
    void refusedRequest();
    void nothingIsReadAfterARefusal();
    void bodyTooLargeIsKnownAtTheHead();
    void everyPrefixOfAGoodRequestWaits();
    void endlessLinesAreRefusedEarly_data();
    void endlessLinesAreRefusedEarly();
};

namespace {

QByteArray withHost(const QByteArray &host)
{
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

QByteArray withTarget(const QByteArray &target)
{
    return "GET " + target + " HTTP/1.1\r\nHost: gate\r\n\r\n";
}

QByteArray withLine(const QByteArray &line)
{
    return line + "\r\nHost: gate\r\n\r\n";
}

void addLineRows()
{
    row("a line of one word", withLine("GET"), "400 bad_method");
    row("HTTP/0.9, a line of two words", withLine("GET /"), "400 bad_target");
    row("an empty version", withLine("GET / "), "400 bad_request_line");
    row("a version cut short", withLine("GET / HTTP/1"), "400 bad_request_line");
    row("no method", withLine(" / HTTP/1.1"), "400 bad_method");
    row("a space before the method", withLine(" GET / HTTP/1.1"), "400 bad_method");
    row("two spaces before the target", withLine("GET  / HTTP/1.1"), "400 bad_target");
    row("two spaces before the version", withLine("GET /  HTTP/1.1"), "400 bad_request_line");
    row("a tab for the first space", withLine("GET\t/ HTTP/1.1"), "400 bad_method");
    row("a tab for the second space", withLine("GET /\tHTTP/1.1"), "400 bad_target");
    row("a space behind the version", withLine("GET / HTTP/1.1 "), "400 bad_request_line");
    row("a word behind the version", withLine("GET / HTTP/1.1 x"), "400 bad_request_line");
    row("a method with a colon", withLine("GE:T / HTTP/1.1"), "400 bad_method");
    row("a method with a slash", withLine("GET/ / HTTP/1.1"), "400 bad_method");
    row("a method in quotes", withLine("\"GET\" / HTTP/1.1"), "400 bad_method");
    row("a method in braces", withLine("{GET} / HTTP/1.1"), "400 bad_method");
    row("a method outside of ASCII", withLine("G\xC3\x89T / HTTP/1.1"), "400 non_ascii_byte");
    row("HTTP/2.0", withLine("GET / HTTP/2.0"), "505 bad_version");
    row("HTTP/1.2", withLine("GET / HTTP/1.2"), "505 bad_version");
    row("HTTP/0.9 as a version", withLine("GET / HTTP/0.9"), "505 bad_version");
    row("HTTP/3.0", withLine("GET / HTTP/3.0"), "505 bad_version");
    row("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 bad_version");
    row("HTTP in lower case", withLine("GET / http/1.1"), "400 bad_request_line");
    row("a version of two digits", withLine("GET / HTTP/1.10"), "400 bad_request_line");
    row("a leading zero in the version", withLine("GET / HTTP/01.1"), "400 bad_request_line");
    row("a comma in the version", withLine("GET / HTTP/1,1"), "400 bad_request_line");
    row("a plus in the version", withLine("GET / HTTP/+.1"), "400 bad_request_line");
    row("another protocol", withLine("GET / HTTPS/1.1"), "400 bad_request_line");
    row("RTSP", withLine("OPTIONS / RTSP/1.0"), "400 bad_request_line");
    row("an answer instead of a request", withLine("HTTP/1.1 200 OK"), "400 bad_method");
    row("a line of spaces", withLine("   "), "400 bad_method");
    row("TLS on the plain port",
        raw("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"),
        "400 control_byte");
}

void addTargetRows()
{
    row("the absolute form", withTarget("http://gate/v1"), "400 bad_target");
    row("the absolute form with https", withTarget("https://gate/v1"), "400 bad_target");
    row("a path without a slash", withTarget("v1/models"), "400 bad_target");
    row("a target that is a query", withTarget("?a=b"), "400 bad_target");
    row("a backslash for a slash", withTarget("\\v1"), "400 bad_target");
    row("a fragment", withTarget("/v1#x"), "400 bad_target");
    row("an asterisk with GET", withTarget("*"), "400 bad_target");
    row("two asterisks with OPTIONS", withLine("OPTIONS ** HTTP/1.1"), "400 bad_target");
    row("CONNECT", withLine("CONNECT gate:443 HTTP/1.1"), "501 connect_refused");
    row("CONNECT with a path", withLine("CONNECT / HTTP/1.1"), "501 connect_refused");
    row("a raw space in the target", withTarget("/a b"), "400 bad_request_line");
    row("raw UTF-8 in the target", withTarget("/\xC3\xA4"), "400 non_ascii_byte");
    row("a NUL in the target", raw("GET /a\0b HTTP/1.1\r\nHost: gate\r\n\r\n"), "400 control_byte");
    row("DEL in the target", withTarget("/a\x7F"), "400 control_byte");
    row("a tab in the target", withTarget("/a\tb"), "400 bad_target");
    row("a target of 101 bytes", withTarget("/" + QByteArray(100, 'a')), "414 target_too_long");
    row("a query of 200 bytes", withTarget("/?" + QByteArray(200, 'a')), "414 target_too_long");
}

void addLineEndRows()
{
    row("LF behind the request line", "GET / HTTP/1.1\nHost: gate\r\n\r\n", "400 bare_lf");
    row("LF behind a field", "GET / HTTP/1.1\r\nHost: gate\n\r\n", "400 bare_lf");
    row("LF for the empty line", "GET / HTTP/1.1\r\nHost: gate\r\n\n", "400 bare_lf");
    row("LF everywhere", "GET / HTTP/1.1\nHost: gate\n\n", "400 bare_lf");
    row("CR alone behind the request line", "GET / HTTP/1.1\rHost: gate\r\n\r\n", "400 bare_cr");
    row("CR within a value", withFields("X: a\rb\r\n"), "400 bare_cr");
    row("LF within a value", withFields("X: a\nb\r\n"), "400 bare_lf");
    row("CR CR LF behind a field", withFields("X: a\r\r\n"), "400 bare_cr");
    row("CR before the empty line", withFields("\r\r\n"), "400 bare_cr");
    row("LF CR", "GET / HTTP/1.1\n\rHost: gate\r\n\r\n", "400 bare_lf");
    row("two empty lines before the request",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: gate\r\n\r\n",
        "400 empty_lines");
    row("an LF before the request", "\nGET / HTTP/1.1\r\nHost: gate\r\n\r\n", "400 bare_lf");
    row("a CR before the request", "\rGET / HTTP/1.1\r\nHost: gate\r\n\r\n", "400 bare_cr");
    row("CR CR before the request", "\r\rGET / HTTP/1.1\r\nHost: gate\r\n\r\n", "400 bare_cr");
    row("nothing but empty lines", "\r\n\r\n\r\n", "400 empty_lines");
    row("a folded value", withFields("X: a\r\n b\r\n"), "400 folded_field");
    row("a value folded with a tab", withFields("X: a\r\n\tb\r\n"), "400 folded_field");
    row("a folded Transfer-Encoding",
        withFields("Transfer-Encoding:\r\n chunked\r\n"),
        "400 folded_field");
    row("a folded Content-Length",
        withFields("Content-Length:\r\n 5\r\n", "hello"),
        "400 folded_field");
    row("a first field that begins with a space",
        "GET / HTTP/1.1\r\n Host: gate\r\n\r\n",
        "400 folded_field");
    row("a line of one space", withFields(" \r\n"), "400 folded_field");
}

void addFieldRows()
{
    row("a space before the colon", withFields("X : a\r\n"), "400 bad_field");
    row("a tab before the colon", withFields("X\t: a\r\n"), "400 bad_field");
    row("a space before the colon of Content-Length",
        withFields("Content-Length : 5\r\n", "hello"),
        "400 bad_field");
    row("a space before the colon of Transfer-Encoding",
        withFields("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        "400 bad_field");
    row("an empty name", withFields(": a\r\n"), "400 bad_field");
    row("a line without a colon", withFields("Content-Length\r\n"), "400 bad_field");
    row("a space within a name", withFields("Content Length: 5\r\n"), "400 bad_field");
    row("a slash within a name", withFields("a/b: 5\r\n"), "400 bad_field");
    row("a name in brackets", withFields("[X]: 5\r\n"), "400 bad_field");
    row("a name in quotes", withFields("\"X\": 5\r\n"), "400 bad_field");
    row("a name with an at sign", withFields("X@Y: 5\r\n"), "400 bad_field");
    row("a name outside of ASCII", withFields("X\xC3\xA4: 5\r\n"), "400 non_ascii_byte");
    row("a NUL within a name", withFields(raw("X\0Y: 5\r\n")), "400 control_byte");
    row("a NUL within a value", withFields(raw("X: a\0b\r\n")), "400 control_byte");
    row("a NUL at the end of a length",
        withFields(raw("Content-Length: 5\0\r\n"), "hello"),
        "400 control_byte");
    row("BEL within a value", withFields("X: \a\r\n"), "400 control_byte");
    row("an escape within a value", withFields("X: \x1B[2J\r\n"), "400 control_byte");
    row("a vertical tab before a value",
        withFields("Content-Length: \v5\r\n", "hello"),
        "400 control_byte");
    row("a form feed before chunked",
        withFields("Transfer-Encoding: \fchunked\r\n", "0\r\n\r\n"),
        "400 control_byte");
    row("DEL within a value", withFields("X: \x7F\r\n"), "400 control_byte");
    row("Latin-1 within a value", withFields("X: \xE4\r\n"), "400 non_ascii_byte");
    row("UTF-8 within a value", withFields("X: \xC3\xA4\r\n"), "400 non_ascii_byte");
    row("a no-break space before chunked",
        withFields("Transfer-Encoding: \xA0"
                   "chunked\r\n",
                   "0\r\n\r\n"),
        "400 non_ascii_byte");
    row("a malformed Connection", withFields("Connection: a b\r\n"), "400 bad_connection");
    row("an unknown expectation",
        withFields("Expect: tea\r\nContent-Length: 1\r\n"),
        "417 bad_expectation");
    row("an expectation and more",
        withFields("Expect: 100-continue, tea\r\nContent-Length: 1\r\n"),
        "417 bad_expectation");
    row("an empty expectation",
        withFields("Expect:\r\nContent-Length: 1\r\n"),
        "417 bad_expectation");
    row("an expectation with a space before the colon",
        withFields("Expect : 100-continue\r\n"),
        "400 bad_field");
}

void addHostRows()
{
    row("no Host in HTTP/1.1", "GET / HTTP/1.1\r\n\r\n", "400 bad_host");
    row("no Host but another field", "GET / HTTP/1.1\r\nX-Host: gate\r\n\r\n", "400 bad_host");
    row("two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400 bad_host");
    row("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n", "400 bad_host");
    row("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400 bad_host");
    row("an empty Host", withHost(""), "400 bad_host");
    row("a Host of spaces", withHost("   "), "400 bad_host");
    row("a Host with a user", withHost("user@gate"), "400 bad_host");
    row("a Host with a user and a password", withHost("user:secret@gate"), "400 bad_host");
    row("a Host with a path", withHost("gate/v1"), "400 bad_host");
    row("a Host that is a URL", withHost("http://gate"), "400 bad_host");
    row("a Host with a space", withHost("gate evil"), "400 bad_host");
    row("a list of Hosts", withHost("gate, evil"), "400 bad_host");
    row("a Host with a query", withHost("gate?x"), "400 bad_host");
    row("a Host with a fragment", withHost("gate#x"), "400 bad_host");
    row("a Host with a backslash", withHost("gate\\evil"), "400 bad_host");
    row("a Host in quotes", withHost("\"gate\""), "400 bad_host");
    row("a port without a Host", withHost(":80"), "400 bad_host");
    row("a port that is no number", withHost("gate:http"), "400 bad_host");
    row("two ports", withHost("gate:80:80"), "400 bad_host");
    row("a port beyond 65535", withHost("gate:65536"), "400 bad_host");
    row("a port of six digits", withHost("gate:000080"), "400 bad_host");
    row("a negative port", withHost("gate:-1"), "400 bad_host");
    row("a bracket that is not closed", withHost("[::1"), "400 bad_host");
    row("empty brackets", withHost("[]"), "400 bad_host");
    row("a name in brackets as Host", withHost("[gate]"), "400 bad_host");
    row("bytes behind the bracket", withHost("[::1]x"), "400 bad_host");
    row("IPv6 without brackets", withHost("::1"), "400 bad_host");
}

void addLimitRows()
{
    row("a body of 1001 bytes", withFields("Content-Length: 1001\r\n"), "413 body_too_large");
    row("a body of 18 digits",
        withFields("Content-Length: 999999999999999999\r\n"),
        "413 body_too_large");
    row("a body too large and no Host",
        "POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n",
        "400 bad_host");
    row("eleven fields", withFields(QByteArray("X: a\r\n").repeated(10)), "431 too_many_fields");
    row("a head of 2000 bytes",
        withFields("X: " + QByteArray(2000, 'a') + "\r\n"),
        "431 head_too_large");
    row("a name of 2000 bytes",
        withFields(QByteArray(2000, 'a') + ": x\r\n"),
        "431 head_too_large");
    row("a method of 2000 bytes",
        withLine(QByteArray(2000, 'A') + " / HTTP/1.1"),
        "431 head_too_large");
    row("spaces before a value, 2000 bytes of them",
        withFields("X:" + QByteArray(2000, ' ') + "a\r\n"),
        "431 head_too_large");
}

} // namespace

void TestRequestRefusals::refusedRequest_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("end");

    addLineRows();
    addTargetRows();
    addLineEndRows();
    addFieldRows();
    addHostRows();
    addLimitRows();
}

void TestRequestRefusals::refusedRequest()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, end);

    CHECK_REFUSAL(bytes, end);
    // Nor does a good request before it hide it, nor is one behind it served.
    const QByteArray good = "GET /good HTTP/1.1\r\nHost: gate\r\n\r\n";
    const QByteArray all = good + bytes + good;
    const QByteArray text = requestTranscript(all, inOnePiece, smallLimits());
    QCOMPARE(text.count("/good"), 1);
    QVERIFY2(text.endsWith(QByteArray("refused " + end)), text.constData());
}

void TestRequestRefusals::nothingIsReadAfterARefusal()
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    parser.reset();
    const QByteArray bad = "GET / HTTP/1.1\nHost: gate\r\n\r\n";
    parser.parse(bad, nullptr);
    QCOMPARE(parser.state(), http::RequestParser::State::Refused);

    const QByteArray good = "GET / HTTP/1.1\r\nHost: gate\r\n\r\n";
    QCOMPARE(parser.parse(good, nullptr), 0);

    QCOMPARE(parser.state(), http::RequestParser::State::Refused);
    QCOMPARE(QByteArray(parser.refusal().code), QByteArray("bare_lf"));
    QVERIFY(QByteArray(parser.refusal().message).endsWith('.'));
}

void TestRequestRefusals::bodyTooLargeIsKnownAtTheHead()
{
    const http::RequestLimits limits = smallLimits();
    http::RequestParser parser(limits);
    CollectingSink sink;
    const QByteArray bytes =
        withFields("X-Api-Key: a\r\nContent-Length: 1001\r\n", QByteArray(1001, 'a'));

    const qsizetype used = parser.parse(bytes, &sink);

    QCOMPARE(parser.state(), http::RequestParser::State::Refused);
    QCOMPARE(parser.refusal().status, 413);
    QCOMPARE(used, bytes.size() - 1001);
    QVERIFY(sink.bytes.isEmpty());
    QCOMPARE(parser.head().target, QByteArray("/v1/chat"));
    QCOMPARE(parser.head().headers.value("x-api-key").value(), QByteArrayView("a"));
    QCOMPARE(parser.head().contentLength, 1001);
}

void TestRequestRefusals::everyPrefixOfAGoodRequestWaits()
{
    const QByteArray bytes = withFields("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n",
                                        "5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n");
    for (qsizetype size = 1; size < bytes.size(); ++size) {
        const QByteArray text = requestTranscript(bytes.first(size), inOnePiece);
        QVERIFY2(text.contains("\nwaits with ") && text.endsWith("begun"), text.constData());
    }
    QVERIFY(requestTranscript(bytes, inOnePiece).endsWith("waits with 0 idle"));
}

void TestRequestRefusals::endlessLinesAreRefusedEarly_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<qsizetype>("most");

    QTest::newRow("a method") << QByteArray() << qsizetype(1024);
    QTest::newRow("a target") << QByteArray("GET /") << qsizetype(105);
    QTest::newRow("a field") << QByteArray("GET / HTTP/1.1\r\n") << qsizetype(1024);
    QTest::newRow("an extension") << withFields("Transfer-Encoding: chunked\r\n", "5;")
                                  << qsizetype(120);
}

void TestRequestRefusals::endlessLinesAreRefusedEarly()
{
    QFETCH(const QByteArray, begin);
    QFETCH(const qsizetype, most);
    const http::RequestLimits limits = smallLimits();
    http::RequestParser parser(limits);
    QByteArray buffer = begin;
    qsizetype fed = begin.size();

    buffer.remove(0, parser.parse(buffer, nullptr));
    while (parser.state() != http::RequestParser::State::Refused && fed < 5000) {
        buffer.append('a');
        ++fed;
        buffer.remove(0, parser.parse(buffer, nullptr));
    }

    QVERIFY2(fed <= most, qPrintable(QString::number(fed)));
}

QTEST_GUILESS_MAIN(TestRequestRefusals)
#include "tst_requestrefusals.moc"
