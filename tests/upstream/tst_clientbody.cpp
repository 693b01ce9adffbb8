#include "http/bodysource.h"
#include "support/fakeupstream.h"
#include "upstream/callfixture.h"
#include "upstream/compressed.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::support;
using namespace gatehouse::upstream;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// Large, spooled, early answered and compressed bodies.
class ClientBodyTest : public QObject
{
    Q_OBJECT

private slots:
    void largeBodiesArriveWhole_data();
    void largeBodiesArriveWhole();
    void aSpooledBodyIsSentAgainOnAFreshConnection();
    void earlyAnswersAreDelivered_data();
    void earlyAnswersAreDelivered();
    void aProviderThatDoesNotReadTimesOut();
    void progressOfAnUploadIsASignOfLife();
    void compressedBodiesAreUnpacked_data();
    void compressedBodiesAreUnpacked();
    void badEncodingsFail_data();
    void badEncodingsFail();
    void bombsAreStopped();
    void answersBeyondTheLimitFail_data();
    void answersBeyondTheLimitFail();
    void headAnswersHaveNoBody();
};

namespace {

// Bytes of which no two places within a megabyte are alike.
QByteArray pattern(qsizetype size)
{
    static const QByteArray block = [] {
        QByteArray bytes;
        for (int i = 0; bytes.size() < (1 << 20); ++i)
            bytes += QByteArray::number(i, 36) + ' ';
        return bytes;
    }();
    return block.repeated(size / block.size() + 1).first(size);
}

Call spooledCall(const std::shared_ptr<const Endpoint> &endpoint,
                 const QByteArray &begin,
                 http::BodySource &spooled,
                 qint64 from)
{
    Call call;
    call.endpoint = endpoint;
    const qint64 size = begin.size() + spooled.size() - from;
    call.head =
        "POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: " + QByteArray::number(size) + "\r\n\r\n";
    call.body = begin;
    call.spooled = &spooled;
    call.spooledFrom = from;
    return call;
}

} // namespace

void ClientBodyTest::largeBodiesArriveWhole_data()
{
    QTest::addColumn<qsizetype>("inMemory");
    QTest::addColumn<qsizetype>("spooled");
    QTest::addColumn<qint64>("from");

    QTest::newRow("64 KiB in memory") << qsizetype(64 * 1024) << qsizetype(0) << qint64(0);
    QTest::newRow("65 KiB in memory") << qsizetype(65 * 1024) << qsizetype(0) << qint64(0);
    QTest::newRow("5 MiB in memory") << qsizetype(5 << 20) << qsizetype(0) << qint64(0);
    QTest::newRow("spooled in memory") << qsizetype(0) << qsizetype(1000) << qint64(0);
    QTest::newRow("spooled in a file") << qsizetype(0) << qsizetype(5 << 20) << qint64(0);
    QTest::newRow("both, from the middle on")
        << qsizetype(100) << qsizetype(5 << 20) << qint64(12345);
    QTest::newRow("both large") << qsizetype(300'000) << qsizetype(3 << 20) << qint64(1);
}

void ClientBodyTest::largeBodiesArriveWhole()
{
    QFETCH(qsizetype, inMemory);
    QFETCH(qsizetype, spooled);
    QFETCH(qint64, from);
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    http::SpoolBudget budget(64 << 20);
    http::BodySource source(budget);
    const QByteArray bytes = pattern(spooled);
    QVERIFY(source.take(bytes));
    const QByteArray begin = pattern(inMemory);
    Recorder recorder;

    fixture.client.send(spooledCall(plainEndpoint(upstream.port()), begin, source, from), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), -1);
    QVERIFY(upstream.lastRequest().body == begin + bytes.mid(from));
    QCOMPARE(fixture.client.idleConnections(), 1);
}

void ClientBodyTest::aSpooledBodyIsSentAgainOnAFreshConnection()
{
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return request.number == 1   ? jsonAnswer(200, "{}")
               : request.number == 2 ? Script().reset()
                                     : jsonAnswer(201, "{}");
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    http::SpoolBudget budget(64 << 20);
    http::BodySource source(budget);
    QVERIFY(source.take(pattern(1 << 20)));
    Recorder first;
    Recorder second;
    fixture.client.send(callTo(endpoint), first);
    QTRY_COMPARE(first.completions, 1);

    fixture.client.send(spooledCall(endpoint, "begin", source, 0), second);

    QTRY_VERIFY(second.hasEnded());
    QCOMPARE(second.status, 201);
    QCOMPARE(upstream.requestCount(), 3);
    QVERIFY(upstream.lastRequest().body == "begin" + pattern(1 << 20));
}

void ClientBodyTest::earlyAnswersAreDelivered_data()
{
    QTest::addColumn<FakeUpstream::AnswerAt>("answerAt");
    QTest::addColumn<bool>("closes");

    QTest::newRow("the rest is not read") << FakeUpstream::AnswerAt::HeadUnread << false;
    QTest::newRow("the rest is read") << FakeUpstream::AnswerAt::Head << false;
    QTest::newRow("closed at once, the rest not read")
        << FakeUpstream::AnswerAt::HeadUnread << true;
}

void ClientBodyTest::earlyAnswersAreDelivered()
{
    QFETCH(FakeUpstream::AnswerAt, answerAt);
    QFETCH(bool, closes);
    CallFixture fixture;
    const QByteArray body = pattern(32 << 20);

    for (int round = 0; round < 20; ++round) {
        FakeUpstream upstream(
            [closes](const ReceivedRequest &) {
                Script script = jsonAnswer(413, "{\"no\":1}");
                return closes ? script.close() : script;
            },
            {.answerAt = answerAt});
        Recorder recorder;
        fixture.client.send(callTo(plainEndpoint(upstream.port()), "/", body), recorder);

        QTRY_VERIFY(recorder.hasEnded());
        QCOMPARE(recorder.failureKind(), -1);
        QCOMPARE(recorder.status, 413);
        QCOMPARE(recorder.body, QByteArray("{\"no\":1}"));
        // A provider that reads fast may have been sent everything before its answer was read. Only
        // then may the connection serve another request.
        if (fixture.client.idleConnections() > 0)
            QTRY_VERIFY(upstream.receivedBytes() > body.size());
        fixture.client.closeIdle();
    }
}

void ClientBodyTest::aProviderThatDoesNotReadTimesOut()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return Script().stall(); },
                          {.answerAt = FakeUpstream::AnswerAt::HeadUnread});
    CallFixture fixture;
    Recorder recorder;
    Call call = callTo(plainEndpoint(upstream.port()), "/", pattern(64 << 20));
    call.firstByteTimeout = 30s;
    fixture.client.send(std::move(call), recorder);
    QTRY_COMPARE(upstream.requestCount(), 1);
    QTest::qWait(200); // until the system's buffers are full

    fixture.advance(31s);

    QCOMPARE(recorder.failureKind(), int(FailureKind::Send));
    QVERIFY(!recorder.failure->answered);
}

void ClientBodyTest::progressOfAnUploadIsASignOfLife()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.keepsBodies = false});
    CallFixture fixture;
    Recorder recorder;
    Call call = callTo(plainEndpoint(upstream.port()), "/", pattern(64 << 20));
    call.firstByteTimeout = 30s;
    fixture.client.send(std::move(call), recorder);

    // Each time that more of the body has gone out than the system's buffers hold, much of the time
    // limit passes; no longer so when the rest of it may lie in those buffers.
    qint64 sent = 0;
    int steps = 0;
    while (!recorder.hasEnded()) {
        const qint64 received = upstream.receivedBytes();
        if (received > sent + (8 << 20) && received < (48 << 20)) {
            sent = received;
            fixture.advance(20s);
            ++steps;
        }
        QTest::qWait(1);
    }

    QCOMPARE(recorder.failureKind(), -1);
    QVERIFY(steps >= 2);
}

void ClientBodyTest::compressedBodiesAreUnpacked_data()
{
    QTest::addColumn<Script>("script");

    const QByteArray text = pattern(300'000);
    const QByteArray gzip = compressed(text);
    QTest::newRow("gzip with a length") << jsonAnswer(200, gzip, {"Content-Encoding: gzip"});
    QTest::newRow("X-GZIP") << jsonAnswer(200, gzip, {"content-encoding: X-GZIP"});
    QTest::newRow("gzip in chunks") << chunkedAnswer(
        {gzip.first(1), gzip.mid(1, 5000), gzip.mid(5001)}, 5ms, {"Content-Encoding: gzip"});
    QTest::newRow("gzip until close")
        << Script()
               .send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
                     + gzip)
               .close();
    QTest::newRow("deflate") << jsonAnswer(
        200, compressed(text, Frame::Zlib), {"Content-Encoding: deflate"});
    QTest::newRow("deflate without frame")
        << jsonAnswer(200, compressed(text, Frame::Raw), {"Content-Encoding: deflate"});
    QTest::newRow("identity") << jsonAnswer(200, text, {"Content-Encoding: identity"});
}

void ClientBodyTest::compressedBodiesAreUnpacked()
{
    QFETCH(Script, script);
    FakeUpstream upstream([script](const ReceivedRequest &) { return script; });
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), -1);
    QVERIFY(recorder.body == pattern(300'000));
    if (!recorder.fields.contains("Content-Encoding: identity")) {
        QVERIFY(recorder.statusLine.startsWith("200 -1 "));
        for (const QByteArray &field : recorder.fields) {
            QVERIFY(!field.toLower().startsWith("content-encoding"));
            QVERIFY(!field.toLower().startsWith("content-length"));
        }
    }
}

void ClientBodyTest::badEncodingsFail_data()
{
    QTest::addColumn<Script>("script");

    const QByteArray gzip = compressed(pattern(100'000));
    const auto encoded = [](const QByteArray &coding, const QByteArray &body) {
        return jsonAnswer(200, body, {"Content-Encoding: " + coding});
    };
    QTest::newRow("brotli without asking") << encoded("br", "\x0b\x02\x80");
    QTest::newRow("zstd") << encoded("zstd", "x");
    QTest::newRow("two codings") << encoded("gzip, gzip", gzip);
    QTest::newRow("two fields") << jsonAnswer(
        200, gzip, {"Content-Encoding: gzip", "Content-Encoding: gzip"});
    QTest::newRow("not gzip at all") << encoded("gzip", "{\"a\":1}");
    QTest::newRow("cut, in an answer of the right length") << encoded("gzip", gzip.chopped(5));
    QTest::newRow("bytes behind") << encoded("gzip", gzip + "{}");
}

void ClientBodyTest::badEncodingsFail()
{
    QFETCH(Script, script);
    FakeUpstream upstream([script](const ReceivedRequest &) { return script; });
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::Encoding));
    QVERIFY(recorder.failure->answered);
    QCOMPARE(fixture.client.idleConnections(), 0);
}

void ClientBodyTest::bombsAreStopped()
{
    // A gigabyte of zeros in about a megabyte.
    QByteArray bomb = compressed(QByteArray(64 << 20, '\0'));
    FakeUpstream upstream([bomb](const ReceivedRequest &) {
        return jsonAnswer(200, bomb.repeated(16), {"Content-Encoding: gzip"});
    });
    CallFixture fixture;
    Recorder recorder;
    recorder.keepsBody = false;

    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::TooLarge));
    QVERIFY(recorder.bodyBytes < (70 << 20));
}

void ClientBodyTest::answersBeyondTheLimitFail_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("failure");

    const int tooLarge = int(FailureKind::TooLarge);
    QTest::newRow("exactly the limit") << jsonAnswer(200, pattern(100'000)) << -1;
    QTest::newRow("length beyond") << jsonAnswer(200, pattern(100'001)) << tooLarge;
    QTest::newRow("chunks beyond") << chunkedAnswer({pattern(60'000), pattern(60'000)}) << tooLarge;
    QTest::newRow("unpacked beyond")
        << jsonAnswer(200, compressed(pattern(100'001)), {"Content-Encoding: gzip"}) << tooLarge;
    QTest::newRow("without end") << Script().send("HTTP/1.1 200 OK\r\n\r\n").repeat(pattern(1000))
                                 << tooLarge;
}

void ClientBodyTest::answersBeyondTheLimitFail()
{
    QFETCH(Script, script);
    QFETCH(int, failure);
    FakeUpstream upstream([script](const ReceivedRequest &) { return script; });
    CallFixture fixture;
    Recorder recorder;
    Call call = callTo(plainEndpoint(upstream.port()));
    call.maxResponseBytes = 100'000;

    fixture.client.send(std::move(call), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), failure);
    QVERIFY(recorder.bodyBytes <= 100'000);
    QTRY_COMPARE(upstream.openConnections(), fixture.client.idleConnections());
}

void ClientBodyTest::headAnswersHaveNoBody()
{
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return request.method == "HEAD"
                   ? Script().send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
                                   "Content-Encoding: br\r\n\r\n")
                   : jsonAnswer(200, "{}");
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder head;
    Recorder plain;
    Call call;
    call.endpoint = endpoint;
    call.head = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
    call.toHead = true;
    call.maxResponseBytes = 10;

    fixture.client.send(std::move(call), head);
    QTRY_VERIFY(head.hasEnded());
    fixture.client.send(callTo(endpoint), plain);
    QTRY_COMPARE(plain.completions, 1);

    QCOMPARE(head.failureKind(), -1);
    QVERIFY(head.fields.contains("Content-Encoding: br"));
    QCOMPARE(plain.body, QByteArray("{}"));
    QCOMPARE(upstream.connectionCount(), 1);
}

QTEST_GUILESS_MAIN(ClientBodyTest)
#include "tst_clientbody.moc"
