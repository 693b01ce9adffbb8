#pragma once

#include "gateway/gateway.h"
#include "relay/admission/tokenmeter.h"
#include "relay/cache/answercache.h"
#include "scenarios/testclient.h"
#include "storage/captures/capturestore.h"
#include "storage/ledger/ledgerwriter.h"
#include "storage/traffic/usagerepository.h"
#include "support/fakeupstream.h"
#include "support/manualclock.h"
#include "support/markingsealer.h"
#include "support/temporarydatabase.h"
#include "support/testcatalog.h"

namespace gatehouse::support {

// A gateway on a loopback port, unless its options say otherwise, with a ledger in a temporary SQLite file, as the program has it but for
// the management. Fill `content`, then start(). Its clock stands still until the test moves it.
class GatewayHarness
{
public:
    GatewayHarness();
    ~GatewayHarness();

    // Writes users, tokens and channels into the database and begins to serve.
    void start(gateway::GatewayOptions options = {});
    // Call it before start(): a leap of the clock is then a pause of the process, in which deadlines
    // rest. Otherwise it is time that the gateway's threads ran for.
    void takeLeapsForPauses() { m_shared.longestTurn = gateway::TurnClock::longestTurn; }
    // What `content` says now is served from here on; waits until all threads know it.
    void publish();
    // Stops as the program does, with so much time for open requests; `hasStopped` says when.
    void stop(std::chrono::milliseconds grace);
    bool hasStopped() const { return m_stopped; }

    quint16 port() const { return m_port; }
    std::unique_ptr<TestClient> connect() const { return std::make_unique<TestClient>(m_port); }
    // A new client that has sent a chat.
    std::unique_ptr<TestClient> chat(const QByteArray &members = {}) const;

    // What is stored, the oldest first.
    std::vector<domain::UsageRecord> rows();
    // Whether no record waits for the ledger. Wait for it before the clock is moved: a record that
    // is on its way would be taken for one that cannot be stored.
    bool allIsStored() const { return m_ledger->state().waiting == 0; }
    qint64 storedBalance();
    // As the admission knows it.
    qint64 balance() const { return m_admission.tokenBalance({1}, {1})->units; }
    // Heads and bodies that were kept, in the file "bodies.db" beside the database.
    storage::CaptureStore &captures() { return *m_captures; }
    // Configured as `content` says when it is started or published.
    relay::AnswerCache &answers() { return m_answers; }
    gateway::Gateway &gateway() { return *m_gateway; }
    qint64 connections() const { return m_shared.connections.load(); }
    // As the administrator does it.
    void pause(bool paused) { m_shared.paused = paused; }
    const QString databasePath() const { return m_database.path(); }

    TestCatalog content{};
    ManualClock clock{};

private:
    class Meter final : public relay::TokenMeter
    {
    public:
        qint64 promptTokens(QByteArrayView, QByteArrayView) const override { return 1'000; }
        qint64 textTokens(QByteArrayView text, QByteArrayView) const override
        {
            return text.size();
        }
    };
    class Events final : public relay::RelayEvents
    {
    public:
        void keyRefused(const relay::KeyRefusal &) override {}
    };

    MarkingSealer m_sealer{};
    TemporaryDatabase m_database{storage::Dialect::Kind::Sqlite};
    storage::StorageThreads m_threads;
    std::unique_ptr<storage::LedgerWriter> m_ledger{};
    std::unique_ptr<storage::CaptureStore> m_captures{};
    relay::Admission m_admission{clock};
    relay::ChannelHealth m_health{clock};
    relay::ChannelLoad m_load{clock};
    relay::AnswerCache m_answers{clock};
    Meter m_meter{};
    Events m_events{};
    http::SpoolBudget m_spool{256 * 1024 * 1024};
    gateway::Shared m_shared;
    std::unique_ptr<gateway::Gateway> m_gateway{};
    quint16 m_port = 0;
    bool m_stopped = false;
};

// A chat for "small" with further members, each with a comma before it.
QByteArray chatBody(const QByteArray &members = {});
QByteArray chatDocument();
// One event of a chat's stream.
QByteArray chatChunk(const QByteArray &text);
inline const QByteArray chatDone("data: [DONE]\n\n");
// Text, its figures (ten and five tokens) and the end.
QByteArrayList chatStream(int chunks);

} // namespace gatehouse::support
