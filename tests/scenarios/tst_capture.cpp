#include "domain/attemptnote.h"
#include "scenarios/gatewayharness.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using domain::Capture;
using support::chatDocument;
using support::chatStream;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;
using support::testKey;

// Requests that are looked at: while they are served, and afterwards.
class CaptureScenario : public QObject
{
    Q_OBJECT

private slots:
    void bothAttemptsOfAStream();
    void errorsAlone();
    void ofOneTokenAlone();
    void longBodiesAreCut();
    void offLeavesNothing();
    void runningRequestsAreSeen();
    void aWaitingRequestIsCancelled();
    void aStreamIsCancelled();
};

namespace {

QByteArray filesOf(const GatewayHarness &gate)
{
    QByteArray all;
    const QString path = gate.databasePath().section(u'/', 0, -2) + u"/bodies.db"_s;
    for (const QString &end : {u""_s, u"-wal"_s}) {
        QFile file(path + end);
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

// What is kept of the last request, as soon as it is there.
base::Result<Capture> lastCapture(GatewayHarness &gate)
{
    const QByteArray id = gate.rows().back().requestId;
    if (!QTest::qWaitFor([&] { return gate.captures().find(id, 1 << 20).result().has_value(); }))
        return base::fail(base::ErrorCode::NotFound, base::Message::tr("Nothing is kept."));
    return gate.captures().find(id, 1 << 20).result();
}

std::vector<relay::RunningRequest> runningOf(GatewayHarness &gate)
{
    return gate.gateway().running().result();
}

// A stream that says this and then nothing any more.
Script unfinished(const QByteArray &text)
{
    return Script()
        .send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))
        .send(support::chunk(support::chatChunk(text)))
        .stall();
}

bool cancel(GatewayHarness &gate, const QByteArray &requestId)
{
    return gate.gateway().cancel(requestId).result();
}

} // namespace

void CaptureScenario::bothAttemptsOfAStream()
{
    FakeUpstream fails([](const ReceivedRequest &request) {
        // Some providers repeat the key, and what else they were sent.
        return jsonAnswer(500,
                          R"({"error":{"message":"bad key )" + request.header("authorization")
                              + R"(","code":")" + request.header("x-auth-token") + "\"}}");
    });
    FakeUpstream works([](const ReceivedRequest &) { return support::sseStream(chatStream(3)); });
    GatewayHarness gate;
    gate.content.settings().traffic.capture = domain::CaptureLevel::All;
    domain::Channel &failing = gate.content.addChannel(1, fails.baseUrl());
    failing.priority = 2;
    failing.headerOverrides = {{u"X-Auth-Token"_s, u"another-secret-of-it"_s}};
    gate.content.addChannel(2, works.baseUrl()).modelMapping = {{u"small"_s, u"tiny-1"_s}};
    gate.start();

    const auto client = gate.chat(",\"stream\":true,\"user\":\"" + testKey + "\"");
    QTRY_VERIFY(client->isAnswered());
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    const auto capture = lastCapture(gate);

    QVERIFY2(capture, capture ? "" : qPrintable(capture.error().message.english()));
    QCOMPARE(capture->request.line, QByteArray("POST /v1/chat/completions"));
    QCOMPARE(capture->request.field("authorization"), QByteArray("***"));
    QVERIFY(capture->request.body.contains("\"model\":\"small\""));
    QCOMPARE(capture->attempts.size(), size_t(2));
    const domain::CapturedAttempt &first = capture->attempts[0];
    const domain::CapturedAttempt &second = capture->attempts[1];
    QCOMPARE(first.channelName, QByteArray("channel-1"));
    QVERIFY(first.request.body.contains("\"model\":\"small\""));
    QCOMPARE(first.answer.line, QByteArray("500"));
    QVERIFY(first.answer.body.contains("bad key"));
    QVERIFY(second.request.body.contains("\"model\":\"tiny-1\""));
    QVERIFY(second.request.line.startsWith("POST /"));
    QCOMPARE(second.answer.line, QByteArray("200"));
    QVERIFY(second.answer.body.endsWith("data: [DONE]\n\n"));
    QVERIFY(!second.answer.marks.empty());
    QCOMPARE(capture->answer.line, QByteArray("200"));
    QCOMPARE(capture->answer.body, client->reply().body);

    // No key of anybody is in what is kept or in the files.
    const QByteArray all = capture->request.body + first.answer.body + first.request.body
                           + second.request.body + filesOf(gate);
    QVERIFY(!all.contains(testKey));
    QVERIFY(!all.contains("provider-key-1") && !all.contains("provider-key-2"));
    QVERIFY(!all.contains("another-secret-of-it"));

    const domain::UsageRecord row = gate.rows().back();
    const auto notes = domain::attemptsFrom(row.attemptLog);
    QCOMPARE(notes.size(), size_t(2));
    QCOMPARE(notes[0].channel.value, 1);
    QCOMPARE(notes[0].key, 10);
    QCOMPARE(notes[0].status, 500);
    QVERIFY(!notes[0].errorCode.isEmpty());
    QVERIFY(!notes[0].message.contains("provider-key-1"));
    QCOMPARE(notes[1].status, 200);
    QCOMPARE(notes[1].errorCode, QByteArray());
    QVERIFY(notes[1].connectedAt >= 0 && notes[1].sentAt >= notes[1].connectedAt
            && notes[1].answeredAt >= notes[1].sentAt && notes[1].begunAt >= notes[1].answeredAt
            && notes[1].endedAt >= notes[1].begunAt);
}

void CaptureScenario::errorsAlone()
{
    FakeUpstream upstream([](const ReceivedRequest &request) {
        return request.number == 1 ? jsonAnswer(200, chatDocument())
                                   : jsonAnswer(400, R"({"error":{"message":"no"}})");
    });
    GatewayHarness gate;
    gate.content.settings().traffic.capture = domain::CaptureLevel::Errors;
    gate.content.addChannel(1, upstream.baseUrl());
    gate.start();

    const auto good = gate.chat();
    QTRY_VERIFY(good->isAnswered());
    const auto bad = gate.chat();
    QTRY_VERIFY(bad->isAnswered());
    QTRY_COMPARE(gate.rows().size(), size_t(2));

    const auto capture = lastCapture(gate);
    QVERIFY(capture);
    QCOMPARE(capture->answer.line, QByteArray("400"));
    QCOMPARE(gate.captures().figures().requests, 1);
    QVERIFY(gate.captures().takeMemory(storage::CaptureStore::memoryLimit)); // all was given back
}

void CaptureScenario::ofOneTokenAlone()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, upstream.baseUrl());
    gate.content.token().capture = domain::TokenCapture::All;
    gate.start();

    const auto first = gate.chat();
    QTRY_VERIFY(first->isAnswered());
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QVERIFY(lastCapture(gate));

    gate.content.settings().traffic.capture = domain::CaptureLevel::All;
    gate.content.token().capture = domain::TokenCapture::Never;
    gate.publish();
    const auto second = gate.chat();
    QTRY_VERIFY(second->isAnswered());
    QTRY_COMPARE(gate.rows().size(), size_t(2));

    QCOMPARE(gate.captures().figures().requests, 1);
}

void CaptureScenario::longBodiesAreCut()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.settings().traffic.capture = domain::CaptureLevel::All;
    gate.content.settings().traffic.captureBodyBytes = 2'000;
    gate.content.settings().http.maxBodyBytes = 8 * 1024 * 1024;
    gate.content.addChannel(1, upstream.baseUrl()).modelMapping = {{u"small"_s, u"tiny-1"_s}};
    gate.start();

    const auto client = gate.chat(",\"user\":\"" + QByteArray(600'000, 'x') + "\"");
    QTRY_VERIFY(client->isAnswered());
    QCOMPARE(client->reply().status, 200);
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    const auto capture = lastCapture(gate);

    QVERIFY(capture);
    QVERIFY(capture->request.isCut());
    QCOMPARE(capture->request.kept, 2'000);
    QVERIFY(capture->request.size > 600'000);
    QCOMPARE(capture->attempts.at(0).request.kept, 2'000);
    QCOMPARE(capture->attempts.at(0).request.size, capture->request.size + 1);
}

void CaptureScenario::offLeavesNothing()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(500, "{}"); });
    GatewayHarness gate;
    gate.content.addChannel(1, upstream.baseUrl());
    gate.start();

    const auto client = gate.chat();
    QTRY_VERIFY(client->isAnswered());
    QTRY_COMPARE(gate.rows().size(), size_t(1));

    QCOMPARE(gate.captures().figures().requests, 0);
    QVERIFY(!QFile::exists(gate.databasePath().section(u'/', 0, -2) + u"/bodies.db"_s));
}

void CaptureScenario::runningRequestsAreSeen()
{
    FakeUpstream upstream(
        [](const ReceivedRequest &) { return unfinished("Hello, this is a first part"); });
    GatewayHarness gate;
    gate.content.addChannel(1, upstream.baseUrl()).modelMapping = {{u"small"_s, u"tiny-1"_s}};
    gate.start();

    auto client = gate.connect();
    client->send(support::post("/v1/chat/completions",
                               support::chatBody(",\"stream\":true"),
                               testKey,
                               {"User-Agent: claude-cli/2.0", "X-Session-Id: s-1"}));
    QTRY_VERIFY(client->received().contains("first part"));
    const auto running = runningOf(gate);

    QCOMPARE(running.size(), size_t(1));
    const domain::UsageRecord &record = running[0].record;
    QCOMPARE(record.client, QByteArray("Claude Code"));
    QCOMPARE(record.session, QByteArray("s-1"));
    QCOMPARE(record.tokenName, QByteArray("laptop"));
    QCOMPARE(record.username, QByteArray("ann"));
    QCOMPARE(record.model, QByteArray("small"));
    QCOMPARE(record.providerModel, QByteArray("tiny-1"));
    QCOMPARE(running[0].channelName, QByteArray("channel-1"));
    QVERIFY(record.stream && running[0].answerBegan && running[0].tokensAreEstimated);
    QVERIFY(running[0].bytes > 0 && record.usage.output > 0 && record.usage.input > 0);

    client->close();
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QVERIFY(runningOf(gate).empty());
    QCOMPARE(gate.rows().back().session, QByteArray("s-1"));
    QCOMPARE(gate.rows().back().client, QByteArray("Claude Code"));
}

void CaptureScenario::aWaitingRequestIsCancelled()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return Script().stall(); });
    GatewayHarness gate;
    gate.content.addChannel(1, upstream.baseUrl());
    gate.start();
    const auto client = gate.chat();
    QTRY_COMPARE(upstream.requestCount(), 1);
    QTRY_COMPARE(runningOf(gate).size(), size_t(1));

    QVERIFY(!cancel(gate, "another"));
    QVERIFY(cancel(gate, runningOf(gate).front().record.requestId));

    QTRY_VERIFY(client->isAnswered());
    QCOMPARE(client->reply().status, 499);
    QVERIFY(client->reply().body.contains("administrator"));
    QCOMPARE(client->reply().header("x-should-retry"), QByteArray("false"));
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().back().end, domain::EndReason::Cancelled);
    QCOMPARE(gate.rows().back().errorCode, QByteArray("cancelled_by_administrator"));
    QTRY_COMPARE(upstream.openConnections(), 0);
    QVERIFY(runningOf(gate).empty());
}

void CaptureScenario::aStreamIsCancelled()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return unfinished("begun"); });
    GatewayHarness gate;
    gate.content.setPrice("small", 1, 1'000);
    gate.content.addChannel(1, upstream.baseUrl());
    gate.start();
    const auto client = gate.chat(",\"stream\":true");
    QTRY_VERIFY(client->received().contains("begun"));

    QVERIFY(cancel(gate, runningOf(gate).front().record.requestId));

    QTRY_VERIFY(client->isClosed());
    QVERIFY(client->received().contains("cancelled_by_administrator"));
    QVERIFY(!client->isAnswered()); // its end is not marked
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().back().end, domain::EndReason::Cancelled);
    QCOMPARE(gate.rows().back().kind, domain::RecordKind::Consumption);
    QVERIFY(gate.rows().back().charge.units > 0); // what was delivered is paid for
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::CaptureScenario)
#include "tst_capture.moc"
