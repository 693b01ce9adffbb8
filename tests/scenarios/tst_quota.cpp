#include "scenarios/gatewayharness.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;

// A token for ten calls and two hundred that want one.
class QuotaScenario : public QObject
{
    Q_OBJECT

private slots:
    void twoHundredForTen_data();
    void twoHundredForTen();
    void failuresGiveBack();
    void theNextOneIsRefusedAtOnce();
    void noRequestHoldsTooLittle_data();
    void noRequestHoldsTooLittle();
    void rateLimits();
};

void QuotaScenario::twoHundredForTen_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<qint64>("ofUser");

    QTest::newRow("documents") << false << qint64(10'000);
    QTest::newRow("streams") << true << qint64(10'000);
    QTest::newRow("the user has a thousand times as much") << false << qint64(100'000'000);
    QTest::newRow("the user has as much as the token") << false << qint64(1'000);
}

void QuotaScenario::twoHundredForTen()
{
    QFETCH(bool, stream);
    QFETCH(qint64, ofUser);
    FakeUpstream provider([stream](const ReceivedRequest &) {
        return stream ? support::sseStream(support::chatStream(2), 1ms)
                      : jsonAnswer(200, chatDocument());
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPricePerCall("small", {100});
    gate.content.user().balance = {ofUser};
    gate.content.token().balance = {1'000};
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> clients;

    for (int i = 0; i < 200; ++i)
        clients.push_back(gate.chat(stream ? R"(,"stream":true)" : ""));
    for (const auto &client : clients)
        QTRY_VERIFY_WITH_TIMEOUT(client->isAnswered(), 20'000);

    int served = 0;
    int refused = 0;
    for (const auto &client : clients) {
        served += client->reply().status == 200 ? 1 : 0;
        refused += client->reply().status == 429 ? 1 : 0;
    }
    QCOMPARE(served, 10);
    QCOMPARE(refused, 190);
    QCOMPARE(provider.requestCount(), 10);
    QCOMPARE(gate.balance(), 0);
    QCOMPARE(gate.storedBalance(), 0);
    // Each has its line, and ten of them cost something.
    QTRY_COMPARE(gate.rows().size(), size_t(200));
    const auto rows = gate.rows();
    QCOMPARE(std::count_if(rows.begin(),
                           rows.end(),
                           [](const domain::UsageRecord &row) {
                               return row.kind == domain::RecordKind::Consumption
                                      && row.charge.units == 100;
                           }),
             10);
}

void QuotaScenario::failuresGiveBack()
{
    std::atomic<int> number{0};
    FakeUpstream provider([&number](const ReceivedRequest &) {
        return number++ % 2 == 0 ? jsonAnswer(400, R"({"error":{"message":"no"}})")
                                 : jsonAnswer(200, chatDocument());
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPricePerCall("small", {100});
    gate.content.token().balance = {1'000};
    gate.start();

    for (int i = 0; i < 20; ++i) {
        const auto client = gate.chat();
        QTRY_VERIFY(client->isAnswered());
        QCOMPARE(client->reply().status, i % 2 == 0 ? 400 : 200);
    }

    QCOMPARE(gate.balance(), 0);
    QTRY_COMPARE(gate.storedBalance(), 0);
}

void QuotaScenario::theNextOneIsRefusedAtOnce()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(
            200, R"({"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5000}})");
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPrice("small", 2, 2);
    gate.content.token().balance = {1'000};
    gate.start();

    const auto last = gate.chat();
    QTRY_VERIFY(last->isAnswered());
    const auto next = gate.chat();
    QTRY_VERIFY(next->isAnswered());

    QCOMPARE(last->reply().status, 200);
    QCOMPARE(gate.rows().front().charge.units, 5'010);
    // It overran by its own cost, which is recorded; nothing follows.
    QCOMPARE(gate.balance(), -4'010);
    QCOMPARE(gate.storedBalance(), -4'010);
    QCOMPARE(next->reply().status, 429);
    QVERIFY(next->reply().body.contains("insufficient_quota"));
    QCOMPARE(provider.requestCount(), 1);
}

void QuotaScenario::noRequestHoldsTooLittle_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("answer");

    QTest::newRow("a limit that a response passes over")
        << QByteArray("/v1/responses")
        << QByteArray(R"({"model":"small","input":"x","max_tokens":1,"max_completion_tokens":1})")
        << QByteArray(R"({"object":"response","status":"completed","output":[{"type":"message",)"
                      R"("content":[{"type":"output_text","text":"x"}]}],)"
                      R"("usage":{"input_tokens":10,"output_tokens":15000}})");
    QTest::newRow("a limit that a completion passes over")
        << QByteArray("/v1/completions")
        << QByteArray(R"({"model":"small","prompt":"x","max_completion_tokens":1})")
        << QByteArray(R"({"choices":[{"text":"x"}],)"
                      R"("usage":{"prompt_tokens":10,"completion_tokens":15000}})");
    QTest::newRow("fifteen prompts")
        << QByteArray("/v1/completions")
        << "{\"model\":\"small\",\"max_tokens\":1000,\"prompt\":[\"a\""
               + QByteArray(",\"a\"").repeated(14) + "]}"
        << QByteArray(R"({"choices":[{"text":"x"}],)"
                      R"("usage":{"prompt_tokens":10,"completion_tokens":15000}})");
    QTest::newRow("a spoken answer")
        << QByteArray("/v1/chat/completions")
        << QByteArray(R"({"model":"small","messages":[],"max_tokens":1000,)"
                      R"("modalities":["text","audio"],"audio":{"voice":"alloy"}})")
        << QByteArray(R"({"choices":[{"message":{"content":"x"}}],)"
                      R"("usage":{"prompt_tokens":10,"completion_tokens":1000,)"
                      R"("completion_tokens_details":{"audio_tokens":1000}}})");
}

// What is held bounds what is charged, so that of many at one time one at most overruns the balance.
void QuotaScenario::noRequestHoldsTooLittle()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, answer);
    constexpr qint64 charge = 15'010;
    FakeUpstream provider([answer](const ReceivedRequest &) {
        return support::Script().pause(300ms).send(
            support::answerHead(200,
                                {"Content-Type: application/json",
                                 "Content-Length: " + QByteArray::number(answer.size())})
            + answer);
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPrice("small", 2, 2); // one unit a token
    gate.content.content.prices.back().tokens.outputAudio = domain::UnitPrice{15 * 2'000'000};
    gate.content.token().balance = {20'000};
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> clients;

    for (int i = 0; i < 10; ++i) {
        clients.push_back(gate.connect());
        clients.back()->send(support::post(path, body, support::testKey));
    }
    for (const auto &client : clients)
        QTRY_VERIFY_WITH_TIMEOUT(client->isAnswered(), 20'000);

    QVERIFY(provider.requestCount() >= 1);
    QCOMPARE(gate.balance(), 20'000 - charge * provider.requestCount());
    QVERIFY2(gate.balance() > -charge, QByteArray::number(gate.balance()).constData());
}

void QuotaScenario::rateLimits()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.token().requestsPerMinute = 5;
    gate.start();
    const auto client = gate.connect();

    // On one connection, which a refusal by policy does not end.
    for (int i = 0; i < 8; ++i)
        client->send(support::post("/v1/chat/completions", support::chatBody(), support::testKey));
    QTRY_COMPARE(client->replies().size(), size_t(8));
    QTRY_VERIFY(client->replies().back().isWhole);

    for (size_t i = 0; i < 8; ++i)
        QCOMPARE(client->replies()[i].status, i < 5 ? 200 : 429);
    QVERIFY(client->replies().back().header("Retry-After").toInt() > 0);
    QVERIFY(client->isOpen());
    QTRY_VERIFY(gate.allIsStored());
    gate.clock.advance(61s);
    client->send(support::post("/v1/chat/completions", support::chatBody(), support::testKey));
    QTRY_COMPARE(client->replies().size(), size_t(9));
    QCOMPARE(client->replies().back().status, 200);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::QuotaScenario)
#include "tst_quota.moc"
