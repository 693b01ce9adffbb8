#include "scenarios/gatewayharness.h"

#include <QRandomGenerator>
#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse {

using domain::CacheResult;
using domain::EndReason;
using support::FakeUpstream;
using support::GatewayHarness;
using support::ReceivedRequest;
using support::Reply;

// Answers out of the memory, to clients on sockets.
class KeptAnswersScenario : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void toAClientThatTakesItsTime();
    void oneBehindTheOther();
    void toClientsThatLeave();
    void whileTheGatewayStops();

private:
    static Reply answered(const support::TestClient &client)
    {
        if (!QTest::qWaitFor([&client] { return client.isAnswered(); }, 20'000))
            return {};
        return client.reply();
    }

    // More than sockets hold.
    const QByteArray m_answer =
        support::chatDocument().replace("Hello", QByteArray(24 * 1024 * 1024, 'x'));
    std::unique_ptr<FakeUpstream> m_provider{};
    std::unique_ptr<GatewayHarness> m_gate{};
};

// One answer is kept.
void KeptAnswersScenario::init()
{
    m_provider = std::make_unique<FakeUpstream>(
        [this](const ReceivedRequest &) { return support::jsonAnswer(200, m_answer); });
    m_gate = std::make_unique<GatewayHarness>();
    m_gate->content.addChannel(1, m_provider->baseUrl());
    m_gate->content.setPricePerCall("small", {10});
    m_gate->content.settings().cache = {
        .answers = true, .requests = domain::CachedRequests::All, .answerBytes = 32 * 1024 * 1024};
    m_gate->start();
    const auto first = m_gate->chat();
    QVERIFY(answered(*first).body == m_answer);
    QTRY_COMPARE(m_gate->answers().totals().answers, 1);
    QTRY_COMPARE(m_gate->rows().size(), size_t(1));
}

void KeptAnswersScenario::cleanup()
{
    m_gate.reset();
    m_provider.reset();
}

void KeptAnswersScenario::toAClientThatTakesItsTime()
{
    const qint64 before = m_gate->balance();
    const auto client = m_gate->connect();
    client->stopReading();
    client->send(support::post("/v1/chat/completions", support::chatBody(), support::testKey));
    QTRY_COMPARE(m_gate->answers().counts().hits, quint64(1));
    QTest::qWait(100);
    QCOMPARE(m_gate->rows().size(), size_t(1)); // it is not over
    client->readOn();

    const Reply reply = answered(*client);

    QCOMPARE(reply.header("X-Gatehouse-Cache"), QByteArray("hit"));
    QVERIFY(reply.body == m_answer);
    QCOMPARE(m_gate->rows().size(), size_t(2));
    QCOMPARE(m_gate->rows().back().cache, CacheResult::Hit);
    QCOMPARE(m_gate->rows().back().end, EndReason::Completed);
    QCOMPARE(m_gate->balance(), before);
    QCOMPARE(m_provider->requestCount(), 1);
}

void KeptAnswersScenario::oneBehindTheOther()
{
    const QByteArray request =
        support::post("/v1/chat/completions", support::chatBody(), support::testKey);
    const auto client = m_gate->connect();

    client->send(request + request + request);
    QTRY_VERIFY_WITH_TIMEOUT(client->replies().size() == 3 && client->replies().back().isWhole,
                             20'000);

    for (const Reply &reply : client->replies()) {
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.body == m_answer);
    }
    QVERIFY(client->isOpen());
    QCOMPARE(m_gate->rows().size(), size_t(4));
    QCOMPARE(m_provider->requestCount(), 1);
}

void KeptAnswersScenario::toClientsThatLeave()
{
    const qint64 before = m_gate->balance();
    QRandomGenerator random(7);
    constexpr int clients = 20;

    for (int i = 0; i < clients; ++i) {
        const auto client = m_gate->connect();
        client->stopReading();
        client->send(support::post("/v1/chat/completions", support::chatBody(), support::testKey));
        QTRY_COMPARE(m_gate->answers().counts().hits, quint64(i + 1));
        QTest::qWait(random.bounded(20));
        client->reset();
    }
    QTRY_COMPARE(m_gate->connections(), 0);

    QTRY_COMPARE(m_gate->rows().size(), size_t(clients + 1));
    for (const domain::UsageRecord &row : m_gate->rows()) {
        if (row.cache != CacheResult::Hit)
            continue;
        QCOMPARE(row.end, EndReason::ClientGone);
        QCOMPARE(row.charge.units, 0);
    }
    QCOMPARE(m_gate->balance(), before);
}

void KeptAnswersScenario::whileTheGatewayStops()
{
    const auto client = m_gate->connect();
    client->stopReading();
    client->send(support::post("/v1/chat/completions", support::chatBody(), support::testKey));
    QTRY_COMPARE(m_gate->answers().counts().hits, quint64(1));

    m_gate->stop(0ms);
    client->readOn();

    QTRY_VERIFY_WITH_TIMEOUT(m_gate->hasStopped(), 20'000);
    QTRY_VERIFY(client->isClosed());
    QVERIFY(!client->reply().isWhole);
    QTRY_COMPARE(m_gate->rows().size(), size_t(2));
    QCOMPARE(m_gate->rows().back().end, EndReason::ShutDown);
    QCOMPARE(m_gate->rows().back().charge.units, 0);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::KeptAnswersScenario)
#include "tst_keptanswers.moc"
