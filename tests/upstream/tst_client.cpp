#include "support/fakeupstream.h"
#include "upstream/callfixture.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::support;
using namespace gatehouse::upstream;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// Calls that go well, and the pool of connections.
class ClientTest : public QObject
{
    Q_OBJECT

private slots:
    void answersAreDelivered_data();
    void answersAreDelivered();
    void nothingIsCalledBeforeSendReturns();
    void theRequestArrivesAsGiven();
    void streamsComeInBatches();
    void bytesThatNobodyAskedFor();
    void connectionsAreReusedLastFirst();
    void connectionsAreNotSharedAcrossEndpoints();
    void equalEndpointsShareConnections();
    void unfitConnectionsAreNotKept_data();
    void unfitConnectionsAreNotKept();
    void idleConnectionsEnd_data();
    void idleConnectionsEnd();
    void whatIdledTooLongIsNotUsed();
    void idleLimitsHold();
    void closeIdleSparesCallsUnderWay();
    void closedConnectionsAreReplacedSilently_data();
    void closedConnectionsAreReplacedSilently();
    void aFreshConnectionIsNotRepeated();
    void manyCallsRunAtOnce();
    void redirectsAreDelivered();
    void destroyingTheClientAbortsCalls();
};

void ClientTest::answersAreDelivered_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("idle"); // connections kept afterwards

    const auto raw = [](const QByteArray &bytes) { return Script().send(bytes); };
    QTest::newRow("length") << jsonAnswer(200, "{\"a\":1}") << QByteArray("200 7 plain keep")
                            << QByteArray("{\"a\":1}") << 1;
    QTest::newRow("length zero") << jsonAnswer(200, "") << QByteArray("200 0 plain keep")
                                 << QByteArray() << 1;
    QTest::newRow("chunks") << chunkedAnswer({"ab", "c", "def"})
                            << QByteArray("200 -1 chunked keep") << QByteArray("abcdef") << 1;
    QTest::newRow("no content") << raw("HTTP/1.1 204 No Content\r\n\r\n")
                                << QByteArray("204 -1 plain keep") << QByteArray() << 1;
    QTest::newRow("until close") << raw("HTTP/1.1 200 OK\r\n\r\nabc").close()
                                 << QByteArray("200 -1 plain close") << QByteArray("abc") << 0;
    QTest::newRow("HTTP/1.0 until close")
        << raw("HTTP/1.0 200 OK\r\n\r\nabc").close() << QByteArray("200 -1 plain close")
        << QByteArray("abc") << 0;
    QTest::newRow("Connection: close") << jsonAnswer(429, "{}", {"Connection: close"})
                                       << QByteArray("429 2 plain close") << QByteArray("{}") << 0;
    QTest::newRow("100 before it") << raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
                                          "Content-Length: 2\r\n\r\nok")
                                   << QByteArray("200 2 plain keep") << QByteArray("ok") << 1;
    QTest::newRow("byte by byte") << Script().dribble(
        "HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n")
                                  << QByteArray("200 -1 chunked keep") << QByteArray("abcde") << 1;
    QTest::newRow("200 KiB") << jsonAnswer(200, QByteArray(200 * 1024, 'x'))
                             << QByteArray("200 204800 plain keep") << QByteArray(200 * 1024, 'x')
                             << 1;
}

void ClientTest::answersAreDelivered()
{
    QFETCH(Script, script);
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, body);
    QFETCH(int, idle);
    FakeUpstream upstream([script](const ReceivedRequest &) { return script; });
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);

    QCOMPARE(fixture.client.activeCalls(), 1);
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), -1);
    QCOMPARE(recorder.completions, 1);
    QCOMPARE(recorder.statusLine, line);
    QCOMPARE(recorder.body, body);
    QCOMPARE(fixture.client.activeCalls(), 0);
    QCOMPARE(fixture.client.idleConnections(), idle);
    QTRY_COMPARE(upstream.openConnections(), idle);
}

void ClientTest::nothingIsCalledBeforeSendReturns()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    const auto refusing = plainEndpoint(1); // nobody listens there
    CallFixture fixture;
    Recorder first;
    Recorder second;
    Recorder third;

    fixture.client.send(callTo(refusing), first);
    QVERIFY(first.events.isEmpty());
    QTRY_VERIFY(first.hasEnded());
    QCOMPARE(first.failureKind(), int(FailureKind::Connect));
    QCOMPARE(first.failure->message.english(), u"The provider's host refused the connection."_s);
    fixture.client.send(callTo(plainEndpoint(upstream.port())), second);
    QTRY_COMPARE(second.completions, 1);
    fixture.client.send(callTo(plainEndpoint(upstream.port())), third);

    QVERIFY(third.events.isEmpty());
    QTRY_COMPARE(third.completions, 1);
    QCOMPARE(third.events, QByteArrayList({"head", "body", "completed"}));
}

void ClientTest::theRequestArrivesAsGiven()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    Recorder recorder;
    const QByteArray body = "{\"model\": \"m\",  \"x\":1.0}";

    fixture.client.send(callTo(plainEndpoint(upstream.port()), "/v1/chat?x=%20", body), recorder);

    QTRY_COMPARE(recorder.completions, 1);
    const ReceivedRequest request = upstream.lastRequest();
    QCOMPARE(request.head,
             QByteArray("POST /v1/chat?x=%20 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        "Content-Length: 24\r\n\r\n"));
    QCOMPARE(request.body, body);
    QCOMPARE(recorder.fields,
             QByteArrayList({"Content-Type: application/json", "Content-Length: 2"}));
}

void ClientTest::streamsComeInBatches()
{
    FakeUpstream upstream([](const ReceivedRequest &) {
        return sseStream({"data: 1\n\n", "data: 2\n\n", "data: 3\n\n"}, 20ms);
    });
    CallFixture fixture;
    Recorder recorder;

    Stream *stream = fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);
    bool isAlive = false;
    recorder.onBody = [&] { isAlive = stream->isProvenAlive(); };

    QTRY_COMPARE(recorder.completions, 1);
    QCOMPARE(recorder.body, QByteArray("data: 1\n\ndata: 2\n\ndata: 3\n\n"));
    QCOMPARE(recorder.events.first(), QByteArray("head"));
    QVERIFY(recorder.events.count("batch") >= 3);
    QCOMPARE(recorder.events.last(), QByteArray("completed"));
    QVERIFY(isAlive);
}

void ClientTest::bytesThatNobodyAskedFor()
{
    // They arrive while it is idle, and before the event loop can tell of them.
    const QByteArray answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    const QByteArray surprise("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
    FakeUpstream upstream([&](const ReceivedRequest &request) {
        return request.target == "/first" ? Script().send(answer).pause(20ms).send(surprise)
                                          : jsonAnswer(200, "{}");
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder first;
    Recorder second;
    int idle = -1;
    first.onCompleted = [&] {
        idle = fixture.client.idleConnections();
        while (upstream.sentBytes() < answer.size() + surprise.size())
            QThread::yieldCurrentThread();
        fixture.clock.advance(80ms);
        fixture.client.send(callTo(endpoint, "/second"), second);
    };

    fixture.client.send(callTo(endpoint, "/first"), first);

    QTRY_VERIFY(second.hasEnded());
    QCOMPARE(idle, 1);
    QCOMPARE(second.status, 200);
    QCOMPARE(second.completions, 1);
    QCOMPARE(upstream.connectionCount(), 2);
}

void ClientTest::connectionsAreReusedLastFirst()
{
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return request.target == "/slow"
                   ? Script().pause(50ms).send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                   : jsonAnswer(200, "{}");
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder slow;
    Recorder fast;
    fixture.client.send(callTo(endpoint, "/fast"), fast);
    fixture.client.send(callTo(endpoint, "/slow"), slow);
    QTRY_COMPARE(slow.completions, 1);
    QCOMPARE(fixture.client.idleConnections(), 2);
    int slowConnection = 0;
    for (const ReceivedRequest &request : upstream.requests()) {
        if (request.target == "/slow")
            slowConnection = request.connection;
    }

    for (int i = 0; i < 20; ++i) {
        Recorder recorder;
        fixture.client.send(callTo(endpoint, "/again"), recorder);
        QTRY_COMPARE(recorder.completions, 1);
        QCOMPARE(upstream.lastRequest().connection, slowConnection);
    }

    QCOMPARE(upstream.connectionCount(), 2);
}

void ClientTest::connectionsAreNotSharedAcrossEndpoints()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    const auto strict = plainEndpoint(upstream.port());
    const auto other = std::make_shared<Endpoint>(*strict);
    other->host = "localhost";
    Recorder first;
    Recorder second;
    fixture.client.send(callTo(strict), first);
    QTRY_COMPARE(first.completions, 1);

    fixture.client.send(callTo(other), second);
    QTRY_COMPARE(second.completions, 1);

    QCOMPARE(upstream.connectionCount(), 2);
    fixture.client.closeIdle(*strict);
    QCOMPARE(fixture.client.idleConnections(), 1);
}

void ClientTest::equalEndpointsShareConnections()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;

    for (int i = 0; i < 5; ++i) {
        Recorder recorder;
        fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);
        QTRY_COMPARE(recorder.completions, 1);
    }

    QCOMPARE(upstream.connectionCount(), 1);
}

void ClientTest::unfitConnectionsAreNotKept_data()
{
    QTest::addColumn<QByteArray>("answer");

    QTest::newRow("bytes behind the answer")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
    QTest::newRow("a second answer")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").repeated(2);
    QTest::newRow("bytes behind the last chunk")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nx");
    QTest::newRow("HTTP/1.0") << QByteArray("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

void ClientTest::unfitConnectionsAreNotKept()
{
    QFETCH(QByteArray, answer);
    FakeUpstream upstream([answer](const ReceivedRequest &) { return Script().send(answer); });
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);

    QTRY_COMPARE(recorder.completions, 1);
    QCOMPARE(recorder.body, QByteArray("ok"));
    QCOMPARE(fixture.client.idleConnections(), 0);
    QTRY_COMPARE(upstream.openConnections(), 0);
}

void ClientTest::idleConnectionsEnd_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<bool>("byTime");

    QTest::newRow("after the idle timeout") << jsonAnswer(200, "{}") << true;
    QTest::newRow("closed by the provider") << jsonAnswer(200, "{}").pause(20ms).close() << false;
    QTest::newRow("reset by the provider") << jsonAnswer(200, "{}").pause(20ms).reset() << false;
    QTest::newRow("the provider speaks out of turn")
        << jsonAnswer(200, "{}").pause(20ms).send("HTTP/1.1 408 Timeout\r\n\r\n") << false;
}

void ClientTest::idleConnectionsEnd()
{
    QFETCH(Script, script);
    QFETCH(bool, byTime);
    FakeUpstream upstream([script](const ReceivedRequest &) { return script; });
    CallFixture fixture({.idleTimeout = 60s});
    Recorder recorder;
    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);
    QTRY_COMPARE(recorder.completions, 1);
    if (byTime) {
        fixture.advance(59s);
        QCOMPARE(fixture.client.idleConnections(), 1);
        fixture.advance(2s);
        QCOMPARE(fixture.client.idleConnections(), 0);
    }

    QTRY_COMPARE(fixture.client.idleConnections(), 0);
    QTRY_COMPARE(upstream.openConnections(), 0);
}

void ClientTest::whatIdledTooLongIsNotUsed()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture({.idleTimeout = 60s});
    const auto endpoint = plainEndpoint(upstream.port());
    const auto call = [&] {
        Recorder recorder;
        fixture.client.send(callTo(endpoint), recorder);
        return QTest::qWaitFor([&recorder] { return recorder.completions == 1; });
    };
    QVERIFY(call());
    fixture.clock.advance(59s);
    QVERIFY(call());
    QCOMPARE(upstream.connectionCount(), 1);

    // The deadlines are not served, as after a pause of the process.
    fixture.clock.advance(60s);
    QVERIFY(call());

    QCOMPARE(upstream.connectionCount(), 2);
    QTRY_COMPARE(upstream.openConnections(), 1);
    QCOMPARE(fixture.client.idleConnections(), 1);
}

void ClientTest::idleLimitsHold()
{
    FakeUpstream first([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    FakeUpstream second([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture({.idlePerEndpoint = 3, .idleInAll = 4});
    const auto callMany = [&fixture](quint16 port) {
        std::array<Recorder, 6> recorders;
        for (Recorder &recorder : recorders)
            fixture.client.send(callTo(plainEndpoint(port)), recorder);
        for (Recorder &recorder : recorders)
            QTRY_COMPARE(recorder.completions, 1);
    };

    callMany(first.port());
    QCOMPARE(fixture.client.idleConnections(), 3);
    callMany(second.port());

    QCOMPARE(fixture.client.idleConnections(), 4);
    QTRY_COMPARE(first.openConnections() + second.openConnections(), 4);
    QVERIFY(second.openConnections() >= 2);
}

void ClientTest::closeIdleSparesCallsUnderWay()
{
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return request.target == "/stream" ? sseStream({"data: 1\n\n", "data: 2\n\n"}, 50ms)
                                           : jsonAnswer(200, "{}");
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder stream;
    Recorder plain;
    stream.onHead = [&] { fixture.client.closeIdle(*endpoint); };
    fixture.client.send(callTo(endpoint, "/plain"), plain);
    QTRY_COMPARE(plain.completions, 1);
    QCOMPARE(fixture.client.idleConnections(), 1);
    Recorder blocker;
    fixture.client.send(callTo(endpoint, "/stream"), blocker);

    fixture.client.send(callTo(endpoint, "/stream"), stream);

    QTRY_COMPARE(stream.completions, 1);
    QTRY_COMPARE(blocker.completions, 1);
    QCOMPARE(stream.body, QByteArray("data: 1\n\ndata: 2\n\n"));
    // A connection that was made before is not used again either.
    QCOMPARE(fixture.client.idleConnections(), 0);
    QTRY_COMPARE(upstream.openConnections(), 0);
}

void ClientTest::closedConnectionsAreReplacedSilently_data()
{
    QTest::addColumn<bool>("reset");

    QTest::newRow("closed just when it is reused") << false;
    QTest::newRow("reset just when it is reused") << true;
}

void ClientTest::closedConnectionsAreReplacedSilently()
{
    QFETCH(bool, reset);
    constexpr int rounds = 1000;
    FakeUpstream upstream([reset](const ReceivedRequest &request) {
        Script script = jsonAnswer(200, request.target);
        return reset ? script.reset() : script.close();
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    int done = 0;
    int reused = 0;
    int wrong = 0;
    std::vector<std::unique_ptr<Recorder>> recorders;
    QEventLoop loop;
    QTimer::singleShot(60s, &loop, &QEventLoop::quit);
    // Each call begins from inside the end of the one before, on its connection, which the provider
    // is closing at this moment.
    std::function<void()> next = [&] {
        recorders.push_back(std::make_unique<Recorder>());
        Recorder &recorder = *recorders.back();
        const QByteArray target = "/" + QByteArray::number(done);
        recorder.onCompleted = [&, target] {
            ++done;
            wrong += recorder.body != target;
            reused += fixture.client.idleConnections();
            if (done < rounds)
                next();
            else
                loop.quit();
        };
        fixture.client.send(callTo(endpoint, target, "{}"), recorder);
    };

    next();
    loop.exec(); // QTRY_COMPARE would sleep between the rounds

    QCOMPARE(done, rounds);
    QCOMPARE(wrong, 0);
    QVERIFY2(reused > rounds / 10, qPrintable(QString::number(reused)));
    // No request was served twice.
    QCOMPARE(upstream.requestCount(), rounds);
}

void ClientTest::aFreshConnectionIsNotRepeated()
{
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return request.number == 1 ? jsonAnswer(200, "{}") : Script().close();
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder first;
    Recorder second;
    fixture.client.send(callTo(endpoint), first);
    QTRY_COMPARE(first.completions, 1);

    fixture.client.send(callTo(endpoint), second);

    QTRY_VERIFY(second.hasEnded());
    QCOMPARE(second.failureKind(), int(FailureKind::Closed));
    QVERIFY(!second.failure->answered);
    // The kept connection, and one more.
    QCOMPARE(upstream.requestCount(), 3);
    QCOMPARE(upstream.connectionCount(), 2);
}

void ClientTest::manyCallsRunAtOnce()
{
    constexpr int count = 200;
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return chunkedAnswer({request.target, ":", request.body}, 10ms);
    });
    CallFixture fixture({.idlePerEndpoint = 1000, .idleInAll = 1000});
    const auto endpoint = plainEndpoint(upstream.port());
    std::array<Recorder, count> recorders;

    for (int round = 0; round < 3; ++round) {
        for (size_t i = 0; i < count; ++i) {
            recorders[i].body.clear();
            const QByteArray number = QByteArray::number(i);
            fixture.client.send(callTo(endpoint, "/" + number, "body " + number), recorders[i]);
        }
        QCOMPARE(fixture.client.activeCalls(), count);
        QTRY_COMPARE(fixture.client.activeCalls(), 0);
        for (size_t i = 0; i < count; ++i) {
            const QByteArray number = QByteArray::number(i);
            QCOMPARE(recorders[i].completions, round + 1);
            QCOMPARE(recorders[i].body, "/" + number + ":body " + number);
        }
    }

    QCOMPARE(upstream.connectionCount(), count);
    QCOMPARE(fixture.client.idleConnections(), count);
}

void ClientTest::redirectsAreDelivered()
{
    FakeUpstream canary([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    FakeUpstream upstream([&canary](const ReceivedRequest &) {
        return jsonAnswer(302, "{}", {"Location: " + canary.baseUrl() + "/"});
    });
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);

    QTRY_COMPARE(recorder.completions, 1);
    QCOMPARE(recorder.status, 302);
    QCOMPARE(canary.connectionCount(), 0);
}

void ClientTest::destroyingTheClientAbortsCalls()
{
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return request.target == "/stall" ? Script().stall() : jsonAnswer(200, "{}");
    });
    Recorder plain;
    Recorder stalled;
    Recorder connecting;
    {
        CallFixture fixture;
        const auto endpoint = plainEndpoint(upstream.port());
        fixture.client.send(callTo(endpoint), plain);
        fixture.client.send(callTo(endpoint, "/stall"), stalled);
        QTRY_COMPARE(plain.completions, 1);
        QTRY_COMPARE(upstream.requestCount(), 2);
        fixture.client.send(callTo(endpoint, "/stall"), stalled);
        fixture.client.send(callTo(endpoint, "/stall"), connecting);
    }

    QTRY_COMPARE(upstream.openConnections(), 0);
    QVERIFY(!stalled.hasEnded());
    QVERIFY(!connecting.hasEnded());
}

QTEST_GUILESS_MAIN(ClientTest)
#include "tst_client.moc"
