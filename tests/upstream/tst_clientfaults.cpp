#include "support/fakeupstream.h"
#include "upstream/callfixture.h"

#include <QTcpServer>
#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::support;
using namespace gatehouse::upstream;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// Providers that break the rules, break off, or fall silent; hosts that cannot be reached.
class ClientFaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void badAnswersFail_data();
    void badAnswersFail();
    void tolerableAnswersPass_data();
    void tolerableAnswersPass();
    void deadlines_data();
    void deadlines();
    void activityProlongsTheStallDeadline();
    void thePauseStopsTheStallDeadline();
    void thePauseStopsTheTotalTime();
    void theTotalTimeGoesByTheWheel();
    void aBacklogThatIsFullTimesOut();
    void hostsThatCannotBeReached_data();
    void hostsThatCannotBeReached();
    void aSlowLookupCountsAsConnecting();
    void aSlowLookupDoesNotHoldUpOthers();
    void aNameThatChangesItsAddressIsJudgedEachTime();
    void theSecondAddressIsTriedAfterAQuarterSecond();
    void theNextAddressIsTriedAtOnceWhenOneFails();
};

void ClientFaultsTest::badAnswersFail_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<FailureKind>("kind");
    QTest::addColumn<bool>("answered");

    const auto raw = [](const QByteArray &bytes) { return Script().send(bytes); };
    const QByteArray ok = "HTTP/1.1 200 OK\r\n";
    const auto malformed = [&](const char *name, const Script &script) {
        QTest::newRow(name) << script << FailureKind::Malformed << true;
    };
    malformed(
        "length and chunks",
        raw(ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
    malformed("two lengths", raw(ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"));
    malformed("listed lengths", raw(ok + "Content-Length: 2, 2\r\n\r\nok"));
    malformed("negative length", raw(ok + "Content-Length: -2\r\n\r\nok"));
    malformed("bare LF", raw("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"));
    malformed("bare LF in a field", raw(ok + "A: b\nContent-Length: 2\r\n\r\nok"));
    malformed("folded line", raw(ok + "A: b\r\n c\r\nContent-Length: 2\r\n\r\nok"));
    malformed("chunks with another coding", raw(ok + "Transfer-Encoding: gzip, chunked\r\n\r\n"));
    malformed("chunk size of no number",
              raw(ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nok\r\n0\r\n\r\n"));
    malformed("chunk longer than told",
              raw(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n"));
    malformed("chunk size that overflows",
              raw(ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nok"));
    malformed("status 999", raw("HTTP/1.1 999 Huh\r\nContent-Length: 0\r\n\r\n"));
    malformed("flood of 1xx", raw(QByteArray("HTTP/1.1 102 Processing\r\n\r\n").repeated(1000)));
    malformed("10,000 fields",
              raw(ok + QByteArray("A: b\r\n").repeated(10'000) + "Content-Length: 0\r\n\r\n"));
    malformed("field of 1 MiB",
              raw(ok + "A: " + QByteArray(1 << 20, 'b') + "\r\nContent-Length: 0\r\n\r\n"));
    malformed("line without end", Script().send(ok + "A: ").repeat(QByteArray(1000, 'x')));
    malformed("HTTP/2", raw("HTTP/2 200\r\ncontent-length: 0\r\n\r\n"));
    malformed("no HTTP", raw("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"));
    malformed("HTML alone", raw("<html>Sign in to the hotel's network</html>\r\n\r\n"));

    const auto closed = [](const char *name, const Script &script, bool answered) {
        QTest::newRow(name) << script << FailureKind::Closed << answered;
    };
    closed("closed without an answer", Script().close(), false);
    closed("reset without an answer", Script().reset(), false);
    closed("closed in the status line", raw("HTTP/1.1 2").close(), true);
    closed("closed in the head", raw(ok + "Content-Le").close(), true);
    closed("reset in the head", raw(ok + "Content-Le").pause(20ms).reset(), true);
    closed(
        "closed before a length is reached", raw(ok + "Content-Length: 5\r\n\r\nok").close(), true);
    closed("reset before a length is reached",
           raw(ok + "Content-Length: 5\r\n\r\nok").pause(20ms).reset(),
           true);
    closed(
        "closed in a chunk", raw(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nok").close(), true);
    closed("closed before the last chunk",
           raw(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n").close(),
           true);
    closed("reset before the last chunk",
           raw(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n").pause(20ms).reset(),
           true);
#ifdef Q_OS_UNIX
    closed("reset where the end is the close", raw(ok + "\r\nok").pause(20ms).reset(), true);
#endif
}

void ClientFaultsTest::badAnswersFail()
{
    QFETCH(Script, script);
    QFETCH(FailureKind, kind);
    QFETCH(bool, answered);
    FakeUpstream upstream([script](const ReceivedRequest &request) {
        return request.target == "/bad" ? script : jsonAnswer(200, "{\"nonce\":1}");
    });
    CallFixture fixture;
    const auto endpoint = plainEndpoint(upstream.port());
    Recorder bad;
    Recorder next;

    fixture.client.send(callTo(endpoint, "/bad"), bad);

    QTRY_VERIFY(bad.hasEnded());
    QCOMPARE(bad.failureKind(), int(kind));
    QCOMPARE(bad.failure->answered, answered);
    QVERIFY(bad.failure->message.english().endsWith(u'.'));
    QCOMPARE(bad.completions, 0);
    QCOMPARE(fixture.client.idleConnections(), 0);
    // The next call gets its own answer.
    fixture.client.send(callTo(endpoint, "/good"), next);
    QTRY_COMPARE(next.completions, 1);
    QCOMPARE(next.body, QByteArray("{\"nonce\":1}"));
    QCOMPARE(upstream.lastRequest().onConnection, 1);
}

void ClientFaultsTest::tolerableAnswersPass_data()
{
    QTest::addColumn<QByteArray>("answer");

    QTest::newRow("no reason") << QByteArray("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok");
    QTest::newRow("not even the space before it")
        << QByteArray("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok");
    QTest::newRow("three interim answers")
        << QByteArray("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n").repeated(3)
               + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    QTest::newRow("a field of 60 KiB") << "HTTP/1.1 200 OK\r\nA: " + QByteArray(60 * 1024, 'b')
                                              + "\r\nContent-Length: 2\r\n\r\nok";
}

void ClientFaultsTest::tolerableAnswersPass()
{
    QFETCH(QByteArray, answer);
    FakeUpstream upstream([answer](const ReceivedRequest &) { return Script().send(answer); });
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(plainEndpoint(upstream.port())), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), -1);
    QCOMPARE(recorder.body, QByteArray("ok"));
}

void ClientFaultsTest::deadlines_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("events"); // to wait for before time passes
    QTest::addColumn<int>("seconds");
    QTest::addColumn<FailureKind>("kind");

    QTest::newRow("accepts and never answers")
        << Script().stall() << 0 << 30 << FailureKind::FirstByteTimeout;
    QTest::newRow("stops behind the head")
        << Script().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").stall() << 2 << 10
        << FailureKind::Stalled;
    QTest::newRow("stops in a stream")
        << Script().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n").stall()
        << 3 << 10 << FailureKind::Stalled;
}

void ClientFaultsTest::deadlines()
{
    QFETCH(Script, script);
    QFETCH(int, events);
    QFETCH(int, seconds);
    QFETCH(FailureKind, kind);
    FakeUpstream upstream([script](const ReceivedRequest &) { return script; });
    CallFixture fixture;
    Recorder recorder;
    Call call = callTo(plainEndpoint(upstream.port()), "/", "{}");
    call.firstByteTimeout = 30s;
    call.stallTimeout = 10s;
    fixture.client.send(std::move(call), recorder);
    QTRY_COMPARE(upstream.requestCount(), 1);
    QTRY_VERIFY(recorder.events.size() >= events);

    fixture.advance(std::chrono::seconds(seconds) - 1s);
    QVERIFY(!recorder.hasEnded());
    fixture.advance(1200ms);

    QCOMPARE(recorder.failureKind(), int(kind));
    QCOMPARE(recorder.failure->answered, events > 0);
    QTRY_COMPARE(upstream.openConnections(), 0);
}

void ClientFaultsTest::activityProlongsTheStallDeadline()
{
    FakeUpstream upstream([](const ReceivedRequest &) {
        return sseStream({": a\n\n", ": b\n\n", ": c\n\n", ": d\n\n"}, 10ms);
    });
    CallFixture fixture;
    Recorder recorder;
    recorder.onBatch = [&] { fixture.clock.advance(8s); };
    Call call = callTo(plainEndpoint(upstream.port()));
    call.stallTimeout = 10s;
    fixture.client.send(std::move(call), recorder);

    while (!recorder.hasEnded()) {
        fixture.wheel.advance();
        QTest::qWait(1);
    }

    QCOMPARE(recorder.failureKind(), -1);
}

void ClientFaultsTest::thePauseStopsTheStallDeadline()
{
    FakeUpstream upstream([](const ReceivedRequest &) {
        return Script().send("HTTP/1.1 200 OK\r\n\r\nabc").stall();
    });
    CallFixture fixture;
    Recorder recorder;
    Call call = callTo(plainEndpoint(upstream.port()));
    call.stallTimeout = 10s;
    Stream *stream = fixture.client.send(std::move(call), recorder);
    QTRY_COMPARE(recorder.body, QByteArray("abc"));

    stream->pause();
    fixture.advance(1h);
    QVERIFY(!recorder.hasEnded());
    stream->resume();
    fixture.advance(9s);
    QVERIFY(!recorder.hasEnded());
    fixture.advance(2s);

    QCOMPARE(recorder.failureKind(), int(FailureKind::Stalled));
}

void ClientFaultsTest::thePauseStopsTheTotalTime()
{
    FakeUpstream upstream([](const ReceivedRequest &) {
        return Script().send("HTTP/1.1 200 OK\r\n\r\nabc").stall();
    });
    CallFixture fixture;
    Recorder recorder;
    Call call = callTo(plainEndpoint(upstream.port()));
    call.totalTimeout = 10s;
    call.stallTimeout = 1h;
    Stream *stream = fixture.client.send(std::move(call), recorder);
    QTRY_COMPARE(recorder.body, QByteArray("abc"));
    fixture.advance(4s);

    stream->pause();
    fixture.advance(30s);
    QVERIFY(!recorder.hasEnded());
    stream->resume();
    fixture.advance(5s);
    QVERIFY(!recorder.hasEnded());
    fixture.advance(2s);

    QCOMPARE(recorder.failureKind(), int(FailureKind::TotalTimeout));
}

void ClientFaultsTest::theTotalTimeGoesByTheWheel()
{
    FakeUpstream upstream([](const ReceivedRequest &) {
        return Script().send("HTTP/1.1 200 OK\r\n\r\nabc").stall();
    });
    support::ManualClock clock;
    support::ManualClock running;
    base::TimingWheel wheel(running);
    Client client(clock, wheel);
    Recorder recorder;
    Call call = callTo(plainEndpoint(upstream.port()));
    call.totalTimeout = 10s;
    call.stallTimeout = 1h;
    Stream *stream = client.send(std::move(call), recorder);
    QTRY_COMPARE(recorder.body, QByteArray("abc"));

    // The process stands still, and what it wakes up to pauses the call and lets it go on.
    clock.advance(1h);
    stream->pause();
    stream->resume();
    running.advance(9s);
    wheel.advance();
    QVERIFY(!recorder.hasEnded());
    running.advance(2s);
    wheel.advance();

    QCOMPARE(recorder.failureKind(), int(FailureKind::TotalTimeout));
}

void ClientFaultsTest::aBacklogThatIsFullTimesOut()
{
    // Nobody accepts, and the queue is as short as can be: further connections hang.
    QTcpServer server;
    server.setListenBacklogSize(1);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    server.pauseAccepting();
    std::vector<std::unique_ptr<QTcpSocket>> queue;
    for (int i = 0; i < 4; ++i) {
        queue.push_back(std::make_unique<QTcpSocket>());
        queue.back()->connectToHost(QHostAddress(QHostAddress::LocalHost), server.serverPort());
    }
    QTest::qWait(50);
    CallFixture fixture;
    Recorder recorder;
    Call call = callTo(plainEndpoint(server.serverPort()));
    call.connectTimeout = 5s;
    fixture.client.send(std::move(call), recorder);
    QTest::qWait(50);

    fixture.advance(4s);
    QVERIFY(!recorder.hasEnded());
    fixture.advance(1200ms);

    QCOMPARE(recorder.failureKind(), int(FailureKind::ConnectTimeout));
    QVERIFY(!recorder.failure->answered);
}

void ClientFaultsTest::hostsThatCannotBeReached_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QStringList>("addresses"); // what the look-up finds
    QTest::addColumn<bool>("allowPrivate");
    QTest::addColumn<int>("kind"); // -1: the call succeeds

    const int resolve = int(FailureKind::Resolve);
    const int forbidden = int(FailureKind::ForbiddenAddress);
    const QStringList loopback{u"127.0.0.1"_s};
    QTest::newRow("no address") << QByteArray("none.example") << QStringList() << true << resolve;
    QTest::newRow("name of the loopback, allowed")
        << QByteArray("lan.example") << loopback << true << -1;
    QTest::newRow("name of the loopback, not allowed")
        << QByteArray("lan.example") << loopback << false << forbidden;
    QTest::newRow("name of the metadata service")
        << QByteArray("meta.example") << QStringList{u"169.254.169.254"_s} << true << forbidden;
    QTest::newRow("mapped metadata service")
        << QByteArray("meta.example") << QStringList{u"::ffff:169.254.169.254"_s} << true
        << forbidden;
    QTest::newRow("link-local") << QByteArray("ll.example") << QStringList{u"fe80::1"_s} << true
                                << forbidden;
    QTest::newRow("forbidden ones are left out")
        << QByteArray("mixed.example") << QStringList{u"169.254.169.254"_s, u"127.0.0.1"_s} << true
        << -1;
    QTest::newRow("localhost") << QByteArray("localhost") << QStringList() << true << -1;
    QTest::newRow("localhost, not allowed")
        << QByteArray("localhost") << QStringList() << false << forbidden;
    QTest::newRow("literal, not allowed")
        << QByteArray("127.0.0.1") << QStringList() << false << forbidden;
    QTest::newRow("decimal literal, not allowed")
        << QByteArray("2130706433") << QStringList() << false << forbidden;
    QTest::newRow("decimal literal, allowed")
        << QByteArray("2130706433") << QStringList() << true << -1;
    QTest::newRow("unspecified") << QByteArray("0.0.0.0") << QStringList() << true << forbidden;
    QTest::newRow("IPv6 literal, not allowed")
        << QByteArray("::ffff:127.0.0.1") << QStringList() << false << forbidden;
}

void ClientFaultsTest::hostsThatCannotBeReached()
{
    QFETCH(QByteArray, host);
    QFETCH(QStringList, addresses);
    QFETCH(bool, allowPrivate);
    QFETCH(int, kind);
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    fixture.client.setLookup([addresses](const QByteArray &, const HostAnswer &answer) {
        QList<QHostAddress> found;
        for (const QString &address : addresses)
            found.append(QHostAddress(address));
        answer(found);
    });
    const auto endpoint = plainEndpoint(upstream.port());
    endpoint->host = host;
    endpoint->allowPrivateAddress = allowPrivate;
    Recorder recorder;

    fixture.client.send(callTo(endpoint), recorder);

    QVERIFY(!recorder.hasEnded());
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), kind);
    QCOMPARE(upstream.connectionCount(), kind == -1 ? 1 : 0);
}

void ClientFaultsTest::aSlowLookupCountsAsConnecting()
{
    CallFixture fixture;
    HostAnswer late;
    fixture.client.setLookup(
        [&late](const QByteArray &, const HostAnswer &answer) { late = answer; });
    const auto endpoint = plainEndpoint(1);
    endpoint->host = "slow.example";
    Recorder recorder;
    fixture.client.send(callTo(endpoint), recorder);
    fixture.advance(9s);
    QVERIFY(!recorder.hasEnded());

    fixture.advance(1200ms);

    QCOMPARE(recorder.failureKind(), int(FailureKind::ConnectTimeout));
    late({QHostAddress(QHostAddress::LocalHost)}); // nobody waits any more
    QTest::qWait(20);
    QCOMPARE(recorder.events, QByteArrayList({"failed"}));
}

void ClientFaultsTest::aSlowLookupDoesNotHoldUpOthers()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    fixture.client.setLookup([](const QByteArray &host, const HostAnswer &answer) {
        if (host == "fast.example")
            answer({QHostAddress(QHostAddress::LocalHost)});
    });
    const auto slow = plainEndpoint(upstream.port());
    slow->host = "slow.example";
    const auto fast = plainEndpoint(upstream.port());
    fast->host = "fast.example";
    Recorder waiting;
    Recorder recorder;
    Stream *stream = fixture.client.send(callTo(slow), waiting);

    fixture.client.send(callTo(fast), recorder);

    QTRY_COMPARE(recorder.completions, 1);
    QVERIFY(!waiting.hasEnded());
    stream->abort();
    QCOMPARE(fixture.client.activeCalls(), 0);
}

void ClientFaultsTest::aNameThatChangesItsAddressIsJudgedEachTime()
{
    FakeUpstream upstream(
        [](const ReceivedRequest &) { return jsonAnswer(200, "{}", {"Connection: close"}); });
    CallFixture fixture;
    QString address = u"127.0.0.1"_s;
    fixture.client.setLookup([&address](const QByteArray &, const HostAnswer &answer) {
        answer({QHostAddress(address)});
    });
    const auto endpoint = plainEndpoint(upstream.port());
    endpoint->host = "rebinding.example";
    Recorder first;
    Recorder second;
    fixture.client.send(callTo(endpoint), first);
    QTRY_COMPARE(first.completions, 1);
    address = u"169.254.169.254"_s;
    fixture.advance(61s);

    fixture.client.send(callTo(endpoint), second);

    QTRY_VERIFY(second.hasEnded());
    QCOMPARE(second.failureKind(), int(FailureKind::ForbiddenAddress));
}

void ClientFaultsTest::theSecondAddressIsTriedAfterAQuarterSecond()
{
    // At the first address the queue is full, so that the connection neither succeeds nor fails.
    QTcpServer hanging;
    hanging.setListenBacklogSize(1);
    QVERIFY(hanging.listen(QHostAddress(u"127.0.0.2"_s)));
    hanging.pauseAccepting();
    std::vector<std::unique_ptr<QTcpSocket>> queue;
    for (int i = 0; i < 4; ++i) {
        queue.push_back(std::make_unique<QTcpSocket>());
        queue.back()->connectToHost(hanging.serverAddress(), hanging.serverPort());
    }
    QTest::qWait(50);
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.port = hanging.serverPort()});
    QCOMPARE(upstream.port(), hanging.serverPort());
    CallFixture fixture;
    fixture.client.setLookup([](const QByteArray &, const HostAnswer &answer) {
        answer({QHostAddress(u"127.0.0.2"_s), QHostAddress(u"127.0.0.1"_s)});
    });
    const auto endpoint = plainEndpoint(upstream.port());
    endpoint->host = "two.example";
    Recorder recorder;
    fixture.client.send(callTo(endpoint), recorder);
    fixture.advance(200ms);
    QTest::qWait(50);
    QCOMPARE(upstream.connectionCount(), 0);

    fixture.advance(200ms);

    QTRY_COMPARE(recorder.completions, 1);
    QCOMPARE(fixture.client.idleConnections(), 1);
}

void ClientFaultsTest::theNextAddressIsTriedAtOnceWhenOneFails()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    CallFixture fixture;
    fixture.client.setLookup([](const QByteArray &, const HostAnswer &answer) {
        answer(
            {QHostAddress(u"::1"_s), QHostAddress(u"127.0.0.2"_s), QHostAddress(u"127.0.0.1"_s)});
    });
    const auto endpoint = plainEndpoint(upstream.port());
    endpoint->host = "three.example";
    Recorder recorder;

    fixture.client.send(callTo(endpoint), recorder);

    QTRY_COMPARE(recorder.completions, 1); // the clock has not moved
}

QTEST_GUILESS_MAIN(ClientFaultsTest)
#include "tst_clientfaults.moc"
