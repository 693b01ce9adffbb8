#include "support/fakeupstream.h"
#include "upstream/callfixture.h"
#include "upstream/compressed.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::support;
using namespace gatehouse::upstream;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// What a receiver may do from inside its functions, and backpressure.
class ClientReceiverTest : public QObject
{
    Q_OBJECT

private slots:
    void abortsFromAnywhere_data();
    void abortsFromAnywhere();
    void sendsFromAnywhere_data();
    void sendsFromAnywhere();
    void abortsWhileConnecting();
    void nothingComesWhilePaused_data();
    void nothingComesWhilePaused();
    void anEndlessStreamIsHeldBack();
    void aCompressedStreamIsHeldBack();
    void aProviderThatClosesDuringAPause();
    void pauseBeforeTheAnswer();
};

namespace {

Script longAnswer()
{
    return chunkedAnswer({QByteArray(70'000, 'a'), QByteArray(70'000, 'b'), "c"}, 5ms);
}

// Attaches the function to one of the recorder's events, for the first time it occurs.
void onFirst(Recorder &recorder, const QByteArray &event, std::function<void()> function)
{
    auto once = [function = std::move(function), done = false]() mutable {
        if (!std::exchange(done, true))
            function();
    };
    if (event == "head")
        recorder.onHead = once;
    else if (event == "body")
        recorder.onBody = once;
    else if (event == "batch")
        recorder.onBatch = once;
    else if (event == "completed")
        recorder.onCompleted = once;
    else
        recorder.onFailed = once;
}

} // namespace

void ClientReceiverTest::abortsFromAnywhere_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<bool>("compressed");

    for (const bool compressed : {false, true}) {
        for (const char *event : {"head", "body", "batch"})
            QTest::addRow("%s%s", event, compressed ? ", compressed" : "")
                << QByteArray(event) << compressed;
    }
}

void ClientReceiverTest::abortsFromAnywhere()
{
    QFETCH(QByteArray, event);
    QFETCH(bool, compressed);
    FakeUpstream upstream([compressed](const ReceivedRequest &request) {
        if (request.target == "/plain")
            return jsonAnswer(200, "{}");
        const QByteArray packed = upstream::compressed(QByteArray(1 << 20, 'x'));
        return compressed ? chunkedAnswer(
                   {packed.first(600), packed.mid(600)}, 20ms, {"Content-Encoding: gzip"})
                          : longAnswer();
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder recorder;
    Recorder after;
    Stream *stream = fixture.client.send(callTo(endpoint), recorder);
    onFirst(recorder, event, [&] {
        stream->abort();
        // A further call in the same breath must not get the aborted one's bytes.
        fixture.client.send(callTo(endpoint, "/plain"), after);
    });

    QTRY_COMPARE(after.completions, 1);

    QCOMPARE(recorder.events.last(), event);
    QVERIFY(!recorder.hasEnded());
    QCOMPARE(after.body, QByteArray("{}"));
    QCOMPARE(fixture.client.activeCalls(), 0);
    QTRY_COMPARE(upstream.openConnections(), 1);
}

void ClientReceiverTest::sendsFromAnywhere_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<Script>("script");

    QTest::newRow("head") << QByteArray("head") << longAnswer();
    QTest::newRow("body") << QByteArray("body") << longAnswer();
    QTest::newRow("batch") << QByteArray("batch") << longAnswer();
    QTest::newRow("completed") << QByteArray("completed") << longAnswer();
    QTest::newRow("failed without an answer") << QByteArray("failed") << Script().close();
    QTest::newRow("failed in a stream")
        << QByteArray("failed")
        << Script().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").reset();
    QTest::newRow("failed by malformed chunks")
        << QByteArray("failed")
        << Script().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n");
}

void ClientReceiverTest::sendsFromAnywhere()
{
    QFETCH(QByteArray, event);
    QFETCH(Script, script);
    FakeUpstream upstream([script](const ReceivedRequest &request) {
        return request.target == "/plain" ? jsonAnswer(200, "{}") : script;
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder recorder;
    Recorder after;
    fixture.client.send(callTo(endpoint), recorder);
    onFirst(recorder, event, [&] { fixture.client.send(callTo(endpoint, "/plain"), after); });

    QTRY_VERIFY(recorder.hasEnded());
    QTRY_COMPARE(after.completions, 1);

    QCOMPARE(after.events, QByteArrayList({"head", "body", "completed"}));
    QCOMPARE(recorder.failureKind() == -1, event != "failed");
    QCOMPARE(upstream.connectionCount(), event == "completed" ? 1 : 2);
}

void ClientReceiverTest::abortsWhileConnecting()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder recorder;
    Recorder after;

    fixture.client.send(callTo(endpoint), recorder)->abort();
    fixture.client.send(callTo(plainEndpoint(1)), recorder)->abort();

    QCOMPARE(fixture.client.activeCalls(), 0);
    fixture.client.send(callTo(endpoint), after);
    QTRY_COMPARE(after.completions, 1);
    QVERIFY(recorder.events.isEmpty());
    QTRY_COMPARE(upstream.openConnections(), 1);
}

void ClientReceiverTest::nothingComesWhilePaused_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<Script>("script");
    QTest::addColumn<QByteArray>("body");

    const QByteArray packed = compressed(QByteArray(100'000, 'x'));
    for (const char *event : {"head", "body"}) {
        QTest::addRow("%s, whole answer in one packet", event)
            << QByteArray(event) << jsonAnswer(200, "{\"a\":1}") << QByteArray("{\"a\":1}");
        QTest::addRow("%s, several chunks in one packet", event)
            << QByteArray(event)
            << Script().send(answerHead(200, {"Transfer-Encoding: chunked"}) + chunk("ab")
                             + chunk("cd") + chunk({}))
            << QByteArray("abcd");
        QTest::addRow("%s, until close", event)
            << QByteArray(event) << Script().send("HTTP/1.1 200 OK\r\n\r\nabcd").close()
            << QByteArray("abcd");
        QTest::addRow("%s, compressed", event)
            << QByteArray(event) << jsonAnswer(200, packed, {"Content-Encoding: gzip"})
            << QByteArray(100'000, 'x');
    }
}

void ClientReceiverTest::nothingComesWhilePaused()
{
    QFETCH(QByteArray, event);
    QFETCH(Script, script);
    QFETCH(QByteArray, body);
    FakeUpstream upstream([script](const ReceivedRequest &) { return script; });
    CallFixture fixture;
    Recorder recorder;
    Stream *stream = fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);
    int violations = 0;
    bool isPaused = false;
    const auto pause = [&] {
        violations += isPaused;
        stream->pause();
        isPaused = true;
    };
    if (event == "head")
        recorder.onHead = pause;
    recorder.onBody = pause;
    recorder.onCompleted = [&] { violations += isPaused; };

    int resumptions = 0;
    while (!recorder.hasEnded() && resumptions < 1000) {
        QTRY_VERIFY(isPaused || recorder.hasEnded());
        QTest::qWait(20);
        QVERIFY(!recorder.hasEnded());
        isPaused = false;
        ++resumptions;
        stream->resume();
        const qsizetype before = recorder.events.size();
        QVERIFY(recorder.events.size() == before); // nothing from inside resume()
        QTRY_VERIFY(isPaused || recorder.hasEnded());
    }

    QCOMPARE(recorder.completions, 1);
    QCOMPARE(recorder.body, body);
    QCOMPARE(violations, 0);
}

void ClientReceiverTest::anEndlessStreamIsHeldBack()
{
    FakeUpstream upstream([](const ReceivedRequest &) {
        return Script().send("HTTP/1.1 200 OK\r\n\r\n").repeat(QByteArray(10'000, 'x'));
    });
    CallFixture fixture;
    Recorder recorder;
    recorder.keepsBody = false;
    Call call = callTo(plainEndpoint(upstream.port()));
    call.maxResponseBytes = std::numeric_limits<qint64>::max();
    Stream *stream = fixture.client.send(std::move(call), recorder);
    QTRY_VERIFY(recorder.bodyBytes > (8 << 20));

    for (int round = 0; round < 3; ++round) {
        stream->pause();
        const qint64 given = recorder.bodyBytes;
        // Until the buffers of both sides of the loopback are full.
        qint64 sent = -1;
        while (sent != upstream.sentBytes()) {
            sent = upstream.sentBytes();
            QTest::qWait(50);
        }
        QCOMPARE(recorder.bodyBytes, given);
        // In the system's buffers, not in the process: they take several MiB on some systems.
        QVERIFY2(sent - given < (16 << 20), qPrintable(QString::number(sent - given)));
        stream->resume();
        QTRY_VERIFY(recorder.bodyBytes > sent + (8 << 20));
    }

    stream->abort();
    QTRY_COMPARE(upstream.openConnections(), 0);
    QVERIFY(!recorder.hasEnded());
}

void ClientReceiverTest::aCompressedStreamIsHeldBack()
{
    QByteArray text;
    for (int i = 0; i < 50'000; ++i)
        text += QByteArray::number(i % 977);
    const QByteArray packed = compressed(text);
    FakeUpstream upstream([packed](const ReceivedRequest &) {
        return jsonAnswer(200, packed, {"Content-Encoding: gzip"});
    });
    CallFixture fixture;
    Recorder recorder;
    Stream *stream = fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);
    recorder.onBody = [&] { stream->pause(); };

    int pieces = 0;
    qint64 largest = 0;
    while (!recorder.hasEnded()) {
        const qint64 before = recorder.bodyBytes;
        QTRY_VERIFY(recorder.bodyBytes > before || recorder.hasEnded());
        largest = std::max(largest, recorder.bodyBytes - before);
        ++pieces;
        if (!recorder.hasEnded())
            stream->resume();
    }

    QCOMPARE(recorder.completions, 1);
    QVERIFY(recorder.body == text);
    QVERIFY(pieces > 3);
    QVERIFY(largest <= 32 * 1024);
}

void ClientReceiverTest::aProviderThatClosesDuringAPause()
{
    FakeUpstream upstream([](const ReceivedRequest &) {
        return Script()
            .send("HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\nabc")
            .pause(50ms)
            .send(QByteArray(300'000, 'x'))
            .close();
    });
    CallFixture fixture;
    Recorder recorder;
    Stream *stream = fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);
    QTRY_COMPARE(recorder.bodyBytes, qint64(3));
    stream->pause();
    QTest::qWait(150);
    QCOMPARE(recorder.bodyBytes, qint64(3));
    QVERIFY(!recorder.hasEnded());

    stream->resume();

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.bodyBytes, qint64(300'003));
    QCOMPARE(recorder.failureKind(), int(FailureKind::Closed));
}

void ClientReceiverTest::pauseBeforeTheAnswer()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    Recorder recorder;
    Stream *stream = fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);
    stream->pause();
    QTRY_COMPARE(upstream.requestCount(), 1);
    QTest::qWait(50);
    fixture.advance(1h);
    QVERIFY(recorder.events.isEmpty());

    stream->resume();

    QTRY_COMPARE(recorder.completions, 1);
    QCOMPARE(recorder.body, QByteArray("{}"));
}

QTEST_GUILESS_MAIN(ClientReceiverTest)
#include "tst_clientreceiver.moc"
