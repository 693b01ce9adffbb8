#include "scenarios/gatewayharness.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;

constexpr qsizetype mebibyte = 1024 * 1024;

// A chat of about so many bytes; the model stands behind the text.
static QByteArray largeBody(qsizetype bytes)
{
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + QByteArray(bytes, 'a')
           + "\"}],\"model\":\"small\"}";
}

// Bodies of some mebibytes, in both directions.
class LargeBodiesScenario : public QObject
{
    Q_OBJECT

private slots:
    void fiveMebibytesPass_data();
    void fiveMebibytesPass();
    void aWrongKeyIsToldBeforeTheUpload_data();
    void aWrongKeyIsToldBeforeTheUpload();
    void tooLong();
    void aLargeAnswer_data();
    void aLargeAnswer();
    void aLargeErrorIsNoAnswer_data();
    void aLargeErrorIsNoAnswer();
    void brokenJsonOfThreeMebibytes();
    void aClientThatLeavesWhileItIsRead();
    void aLongPromptIsCounted();
    void leavesDuringALargeRequest();
    void stopsDuringLargeRequests();
    void aLargeBodyIsRewritten();
};

void LargeBodiesScenario::fiveMebibytesPass_data()
{
    QTest::addColumn<bool>("chunked");
    QTest::addColumn<bool>("isMapped");

    QTest::newRow("with a length") << false << false;
    QTest::newRow("chunked") << true << false;
    QTest::newRow("with another name of the model") << false << true;
}

void LargeBodiesScenario::fiveMebibytesPass()
{
    QFETCH(bool, chunked);
    QFETCH(bool, isMapped);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    if (isMapped)
        gate.content.content.channels.front().modelMapping = {{u"small"_s, u"tiny"_s}};
    gate.start();
    const QByteArray body = largeBody(5 * mebibyte);
    const auto client = gate.connect();

    if (chunked) {
        client->send("POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nx-api-key: "
                     + support::testKey + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (qsizetype at = 0; at < body.size(); at += 100'000)
            client->send(support::chunk(body.mid(at, 100'000)));
        client->send(support::chunk({}));
    } else {
        client->send(support::post("/v1/chat/completions", body, support::testKey));
    }
    QTRY_VERIFY_WITH_TIMEOUT(client->isAnswered(), 20'000);

    QCOMPARE(client->reply().status, 200);
    QByteArray expected = body;
    if (isMapped)
        expected.replace("\"small\"", "\"tiny\"");
    QVERIFY(provider.lastRequest().body == expected);
    // The connection is good for more.
    client->send(support::post("/v1/chat/completions", support::chatBody(), support::testKey));
    QTRY_COMPARE(client->replies().size(), size_t(2));
    QCOMPARE(client->replies().back().status, 200);
}

void LargeBodiesScenario::aWrongKeyIsToldBeforeTheUpload_data()
{
    QTest::addColumn<bool>("expectsContinue");

    QTest::newRow("while it is sent") << false;
    QTest::newRow("before it is sent") << true;
}

void LargeBodiesScenario::aWrongKeyIsToldBeforeTheUpload()
{
    QFETCH(bool, expectsContinue);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const QByteArray request =
        support::post("/v1/chat/completions",
                      largeBody(5 * mebibyte),
                      "wrong",
                      expectsContinue ? QByteArrayList{"Expect: 100-continue"} : QByteArrayList());

    for (int i = 0; i < 10; ++i) {
        const auto client = gate.connect();
        client->send(expectsContinue ? request.first(request.indexOf("\r\n\r\n") + 4) : request);
        QTRY_VERIFY(client->isAnswered());
        QCOMPARE(client->reply().status, 401);
        QVERIFY(client->reply().body.contains("invalid_api_key"));
        QCOMPARE(client->reply().header("Connection"), QByteArray("close"));
    }

    QCOMPARE(provider.requestCount(), 0);
}

void LargeBodiesScenario::tooLong()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.settings().http.maxBodyBytes = mebibyte;
    gate.start();
    const auto told = gate.connect();
    const auto untold = gate.connect();

    told->send(support::post("/v1/chat/completions", largeBody(2 * mebibyte), support::testKey));
    untold->send("POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nx-api-key: "
                 + support::testKey + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                 + support::chunk(largeBody(2 * mebibyte)));
    QTRY_VERIFY(told->isAnswered() && untold->isAnswered());

    QCOMPARE(told->reply().status, 413);
    QCOMPARE(untold->reply().status, 413);
    QTRY_VERIFY(told->isClosed());
    QCOMPARE(provider.requestCount(), 0);
}

void LargeBodiesScenario::aLargeAnswer_data()
{
    QTest::addColumn<QByteArray>("beginning");
    QTest::addColumn<QByteArray>("end");

    const QByteArray usage = R"("usage":{"prompt_tokens":9,"total_tokens":9})";
    QTest::newRow("figures at the end") << QByteArray("{") << "," + usage + "}";
    QTest::newRow("figures at the beginning, and others deeper")
        << "{" + usage + "," << QByteArray(R"(,"debug":{"usage":{"prompt_tokens":1}}})");
}

void LargeBodiesScenario::aLargeAnswer()
{
    QFETCH(QByteArray, beginning);
    QFETCH(QByteArray, end);
    const QByteArray answer =
        beginning + "\"data\":[\"" + QByteArray(20 * mebibyte, 'v') + "\"]" + end;
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();

    client->send(
        support::post("/v1/embeddings", R"({"model":"small","input":"a"})", support::testKey));
    QTRY_COMPARE_WITH_TIMEOUT(client->received().size() > answer.size(), true, 20'000);
    QTRY_VERIFY(client->isAnswered());

    QVERIFY(client->reply().body == answer);
    QCOMPARE(gate.rows().front().usage.input, 9);
}

void LargeBodiesScenario::aLargeErrorIsNoAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");

    const QByteArray details = QByteArray("x y ").repeated(100'000);
    QTest::newRow("an error") << R"({"error":{"message":"no luck","details":")" + details + "\"}}";
    QTest::newRow("a web page") << "<!doctype html><html><body>" + details;
}

// Another channel answers in its place.
void LargeBodiesScenario::aLargeErrorIsNoAnswer()
{
    QFETCH(QByteArray, answer);
    FakeUpstream fails([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    FakeUpstream works([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, fails.baseUrl()).priority = 1;
    gate.content.addChannel(2, works.baseUrl());
    gate.start();

    const auto client = gate.chat();
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 200);
    QCOMPARE(client->reply().body, chatDocument());
    QCOMPARE(gate.rows().front().attempts, 2);
}

void LargeBodiesScenario::brokenJsonOfThreeMebibytes()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();

    client->send(support::post(
        "/v1/chat/completions", largeBody(3 * mebibyte).chopped(1), support::testKey));
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 400);
    QCOMPARE(provider.requestCount(), 0);
    QVERIFY(client->isOpen());
}

void LargeBodiesScenario::aClientThatLeavesWhileItIsRead()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const QByteArray request =
        support::post("/v1/chat/completions", largeBody(3 * mebibyte), support::testKey);

    for (int i = 0; i < 10; ++i) {
        const auto client = gate.connect();
        client->send(request);
        QTRY_COMPARE(client->unsent(), 0);
        client->reset();
    }
    QTRY_COMPARE(gate.connections(), 0);

    const auto client = gate.chat();
    QTRY_VERIFY(client->isAnswered());
    QCOMPARE(client->reply().status, 200);
}

void LargeBodiesScenario::aLongPromptIsCounted()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(200, R"({"choices":[{"message":{"content":"Hello"}}]})");
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();
    const QByteArray request =
        support::post("/v1/chat/completions", largeBody(3 * mebibyte), support::testKey);

    client->send(request);
    QTRY_VERIFY(client->isAnswered());
    client->send(request);
    QTRY_COMPARE(client->replies().size(), size_t(2));
    QTRY_VERIFY(client->replies().back().isWhole);

    QCOMPARE(gate.rows().size(), size_t(2));
    QCOMPARE(gate.rows().back().usage.input, 1'000);
    QCOMPARE(gate.rows().back().usage.output, 5);
}

void LargeBodiesScenario::leavesDuringALargeRequest()
{
    FakeUpstream provider([](const ReceivedRequest &) { return support::Script().stall(); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPrice("small", 2, 2);
    gate.start();
    const qint64 before = gate.balance();
    const auto client = gate.connect();
    client->send(support::post("/v1/chat/completions", largeBody(3 * mebibyte), support::testKey));
    QTRY_COMPARE(provider.requestCount(), 1);

    client->reset();
    QTRY_COMPARE(provider.openConnections(), 0);
    QTRY_COMPARE(gate.rows().size(), size_t(1));

    QCOMPARE(gate.rows().front().end, domain::EndReason::ClientGone);
    QCOMPARE(gate.rows().front().usage.input, 1'000);
    QCOMPARE(gate.balance(), before - 1'000);
}

void LargeBodiesScenario::stopsDuringLargeRequests()
{
    FakeUpstream provider([](const ReceivedRequest &) { return support::Script().stall(); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(gate.connect());
        clients.back()->send(
            support::post("/v1/chat/completions", largeBody(2 * mebibyte), support::testKey));
    }
    QTRY_COMPARE_WITH_TIMEOUT(provider.requestCount(), 4, 20'000);

    gate.stop(0ms);
    QTRY_VERIFY(gate.hasStopped());

    QTRY_COMPARE(gate.rows().size(), size_t(4));
    for (const domain::UsageRecord &row : gate.rows()) {
        QCOMPARE(row.end, domain::EndReason::ShutDown);
        QCOMPARE(row.usage.input, 1'000);
    }
}

void LargeBodiesScenario::aLargeBodyIsRewritten()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl()).bodyOverrides = {{u"temperature"_s, 0.5}};
    gate.start();
    const QByteArray body = largeBody(3 * mebibyte);
    const QByteArray request = support::post("/v1/chat/completions", body, support::testKey);

    const auto gone = gate.connect();
    gone->send(request);
    QTRY_COMPARE(gone->unsent(), 0);
    gone->reset();
    const auto client = gate.connect();
    client->send(request);
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 200);
    QVERIFY(provider.lastRequest().body == body.chopped(1) + ",\"temperature\":0.5}");
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::LargeBodiesScenario)
#include "tst_largebodies.moc"
