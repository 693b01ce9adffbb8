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
    void aLargeAnswer();
    void brokenJsonOfThreeMebibytes();
    void aClientThatLeavesWhileItIsRead();
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

void LargeBodiesScenario::aLargeAnswer()
{
    const QByteArray answer = "{\"data\":[\"" + QByteArray(20 * mebibyte, 'v')
                              + R"("],"usage":{"prompt_tokens":9,"total_tokens":9}})";
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

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::LargeBodiesScenario)
#include "tst_largebodies.moc"
