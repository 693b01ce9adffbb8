#pragma once

#include "domain/allowedorigins.h"
#include "gateway/addresscount.h"
#include "gateway/addresslimit.h"
#include "gateway/apihandler.h"
#include "gateway/ledgerturn.h"
#include "gateway/newcomers.h"
#include "gateway/poolbackground.h"
#include "gateway/requestids.h"
#include "gateway/turnclock.h"
#include "http/bodysource.h"
#include "relay/exchange/exchangepool.h"
#include "relay/exchange/hops.h"
#include "relay/routing/targets.h"

#include <QObject>
#include <QSslConfiguration>

#include <atomic>
#include <mutex>
#include <unordered_map>

class QTimer;

namespace gatehouse::gateway {

class AcceptedClient;
class Connection;
class Worker;
struct Endpoint;

// Where other threads find a worker, for as long as it lives.
struct WorkerAddress
{
    std::mutex mutex{};
    Worker *worker = nullptr; // null: it is gone

    // Calls `call` in the worker's thread, or never.
    void post(std::function<void(Worker &)> call);
};

// What all gateway threads share; it outlives them.
struct Shared
{
    const base::Clock &clock;
    relay::Admission &admission;
    relay::ChannelHealth &health;
    relay::ChannelLoad &load;
    domain::UsageSink &ledger;
    relay::RelayEvents &events;
    const relay::TokenMeter &meter;
    ApiHandler *api = nullptr;
    http::SpoolBudget &spool;
    domain::CaptureSink *captures = nullptr; // null: no bodies are kept
    relay::AnswerCache *answers = nullptr;   // null: no answers are kept
    std::atomic<qint64> connections{0};      // accepted ones, counted before a thread adopts them
    std::atomic<qint64> running{0};          // exchanges
    std::atomic<bool> paused{false};         // new requests of the relay are refused for now
    const QByteArray hop = relay::newHop();  // see relay::hopField
    QByteArray version{};                    // of the program, as /version tells it
    AddressLimit otherPaths{clock}; // requests for what is neither the relay's nor the API's
    AddressCount addresses{};       // whose connections there are
    // Bodies of the management's requests, before it is known who asks.
    http::SpoolBudget apiSpool{64LL * 1024 * 1024};
    // Whoever takes longer stood still, and deadlines rest meanwhile; for tests whose clock leaps.
    std::chrono::milliseconds longestTurn = TurnClock::longestTurn;
};

// One gateway thread's connections, exchanges and calls. Made and used in that thread; others reach
// it by queued calls.
class Worker final : public QObject
{
    Q_OBJECT

public:
    Worker(Shared &shared, std::shared_ptr<const domain::Catalog> catalog);
    ~Worker() override;

    const std::shared_ptr<WorkerAddress> &address() const { return m_address; }
    // The number under which the ledger sends receipts.
    void setReceiver(int receiver) { m_context.receiver = receiver; }

    // Takes the client over, unless the worker is draining.
    void adopt(AcceptedClient &client, std::shared_ptr<const QSslConfiguration> tls);
    void setCatalog(std::shared_ptr<const domain::Catalog> catalog);
    void receiptsArrived(const std::vector<quint64> &tickets);
    // Forgets what it knows of the ways to the providers, which may lead nowhere by now.
    void networkChanged();
    // Ends idle connections and serves nothing new; `drained` is emitted when none is left.
    void drain(Newcomers newcomers);
    // Ends what is still being served.
    void cutAll(relay::Shutdown why);
    // Makes room: ends the connection that was idle for longest, if for a second at least.
    void closeOldestIdle();

    // What connections need.
    const std::shared_ptr<const domain::Catalog> &catalog() const { return m_catalog; }
    Shared &shared() { return m_shared; }
    const base::Clock &clock() const { return m_clock; }
    base::TimingWheel &wheel() { return m_wheel; }
    relay::ExchangePool &exchanges() { return m_exchanges; }
    RequestIds &ids() { return m_ids; }
    const http::RequestLimits &requestLimits() const { return m_requestLimits; }
    const QByteArray &date();
    QByteArray &readBuffer() { return m_readBuffer; }
    // Bodies are lent, so that an idle connection holds none.
    std::shared_ptr<http::BodySource> takeBody();
    // Of a request to the management, which knows only later who asks. It is not given back.
    std::shared_ptr<http::BodySource> makeApiBody();
    void giveBody(std::shared_ptr<http::BodySource> body);
    // A client used a key that was rotated; passed on now and then.
    void
    noteFormerKey(domain::TokenId token, QByteArrayView userAgent, const QHostAddress &address);
    bool trusts(const QHostAddress &proxy) const;
    // Whether clients may come from some networks alone; else nobody need ask whether one may.
    bool hasAllowedNetworks() const { return !m_allowedNetworks.isEmpty(); }
    // This computer always may; nobody's address never.
    bool allows(const QHostAddress &client) const;
    // Why no new request would be served now; empty: it would.
    QByteArrayView whyNotReady() const;
    // Of the web pages that may ask the relay.
    const domain::AllowedOrigins &origins() const { return m_origins; }
    // The connection is done with; it is destroyed when control is back in the event loop.
    void release(Connection &connection);
    void callApi(quint64 connection, ApiRequest request);
    void peekInPool(quint64 connection,
                    std::shared_ptr<http::BodySource> body,
                    const Endpoint &endpoint,
                    const QByteArray &defaultModel,
                    bool withParameters);
    // Calls back in a later turn of the event loop, if the connection still lives.
    void later(quint64 connection, void (*call)(Connection &));
    void collect();

signals:
    void drained();
    void connectionClosed();

private:
    // What was passed on within a minute of the uses of one former key.
    struct FormerKeyNotes
    {
        qint64 since = 0; // seconds since 1970, UTC
        std::vector<std::pair<QByteArray, QHostAddress>> clients{};
    };

    void turnEnded();
    void paceLedger();
    void tick();
    void checkDrained();
    Connection *find(quint64 id) const;
    std::vector<Connection *> allConnections() const;

    Shared &m_shared;
    std::shared_ptr<WorkerAddress> m_address;
    std::shared_ptr<const domain::Catalog> m_catalog;
    TurnClock m_clock;
    base::TimingWheel m_wheel;
    upstream::Client m_client;
    relay::Targets m_targets;
    LedgerTurn m_ledger;
    QTimer *const m_ledgerPause; // a child
    PoolBackground m_background;
    relay::Context m_context;
    relay::ExchangePool m_exchanges;
    RequestIds m_ids;
    http::RequestLimits m_requestLimits{};
    QList<domain::AddressRange> m_trustedProxies{};
    QList<domain::AddressRange> m_allowedNetworks{}; // of clients; empty: all
    domain::AllowedOrigins m_origins{};
    QByteArray m_readBuffer;
    QHash<domain::TokenId, FormerKeyNotes> m_formerKeyNotes;
    std::vector<std::shared_ptr<http::BodySource>> m_bodies;
    QByteArray m_date;
    qint64 m_dateSecond = 0;
    quint64 m_lastConnection = 0;
    qint64 m_toldRunning = 0; // to the figure of all threads
    std::unordered_map<quint64, std::unique_ptr<Connection>> m_connections;
    std::vector<std::unique_ptr<Connection>> m_released;
    bool m_draining = false;
    bool m_isReplaced = false; // another gateway serves at the same addresses
    bool m_drainedTold = false;
    int m_catchUpTicks = 0; // since a pause; no deadline comes due in them
};

} // namespace gatehouse::gateway
