#pragma once

#include "base/result.h"
#include "gateway/listener.h"
#include "gateway/worker.h"

#include <QAbstractSocket>
#include <QFuture>
#include <QObject>
#include <QSslConfiguration>
#include <QStringList>
#include <QThread>

namespace gatehouse::gateway {

// Gives out receipts: how a gateway thread makes itself known to the ledger.
struct ReceiptRegistry
{
    std::function<int(std::function<void(std::vector<quint64>)>)> add{};
    std::function<void(int)> remove{};
};

struct ListenAddress
{
    QHostAddress host{QHostAddress::LocalHost};
    quint16 port = 3000;
};

// "127.0.0.1:3000", "[::1]:3000", "localhost:0", ":3000" (all addresses).
base::Result<ListenAddress> listenAddressFrom(const QString &text);

// Of a certificate and its key in PEM files. Refuses what cannot be read, in a sentence.
base::Result<QSslConfiguration> tlsConfigurationFrom(const QString &certificate,
                                                     const QString &keyPath);

struct GatewayOptions
{
    std::vector<ListenAddress> listen{};
    int threads = 0; // 0: half the cores, at least one
    qint64 maxConnections = 0;
    QString tlsCertificate{}; // PEM files; empty: no TLS
    QString tlsKey{};
    QString dispatcher{}; // "qt": Qt's own; see dispatcher.h
};

// An address that could not be listened on.
struct BindFailure
{
    ListenAddress address{};
    QAbstractSocket::SocketError reason = QAbstractSocket::UnknownSocketError;
};

// The listeners and the gateway threads. Lives in the main thread, and only starts, tells and stops
// them.
class Gateway final : public QObject
{
    Q_OBJECT

public:
    Gateway(Shared &shared, ReceiptRegistry receipts, QObject *parent = nullptr);
    // Stops at once if it was not stopped before.
    ~Gateway() override;

    // Threads run and addresses are bound when it succeeds. From then on it is the one that accepts at
    // those addresses that `former` listens on as well; where it fails, `former` goes on as it was.
    base::Result<> start(const GatewayOptions &options,
                         std::shared_ptr<const domain::Catalog> catalog,
                         Gateway *former = nullptr);
    // Ends when every thread uses the catalog.
    QFuture<void> setCatalog(const std::shared_ptr<const domain::Catalog> &catalog);

    // The requests that are being served at this moment, of all threads.
    QFuture<std::vector<relay::RunningRequest>> running() const;
    // Ends a request; true if it was being served.
    QFuture<bool> cancel(const QByteArray &requestId);

    // The machine has slept or its addresses have changed: kept connections to providers are ended
    // and their names looked up anew.
    void networkChanged();

    // As clients are to write them: http://127.0.0.1:3000. One for each listener that is open.
    QStringList urls() const { return m_urls; }
    // Where they are bound, with the ports that the system chose.
    const std::vector<ListenAddress> &bound() const { return m_bound; }
    // Let go of for a gateway that did not start then, and taken by another program meanwhile.
    std::vector<ListenAddress> lost() const;
    // Opens again what was lost; false: something still is.
    bool listenAgain();
    bool usesTls() const { return m_tls != nullptr; }
    // After a start that failed for an address.
    const std::optional<BindFailure> &bindFailure() const { return m_bindFailure; }

    // Stops accepting, lets open requests go on for `grace`, then cuts them. `stopped` is emitted
    // when all threads are idle. A second call can only shorten the time.
    void stop(std::chrono::milliseconds grace, Newcomers newcomers = Newcomers::AreLeft);

signals:
    void stopped();

private:
    struct Thread
    {
        std::unique_ptr<QThread> thread{};
        Worker *worker = nullptr; // destroyed in its thread when that finishes
        int receiver = -1;
        bool drained = false;
    };

    struct Listening
    {
        Listener *listener = nullptr; // a child of the context
        QHostAddress wanted{};
        ListenAddress address{}; // where it is bound
        bool isClosed = false;   // for another gateway
    };

    base::Result<> loadTls(const GatewayOptions &options);
    base::Result<> listen(const std::vector<ListenAddress> &addresses, Gateway *former);
    base::Result<Listening> bind(const ListenAddress &address);
    Listener::Client accepting();
    void takeOver(Gateway &former, Listener *listener);
    bool makeWay(quint16 port, const std::vector<Listener *> &kept);
    void noteBound();
    void startAccepting();
    void stopAccepting();
    void startThread(const GatewayOptions &options,
                     const std::shared_ptr<const domain::Catalog> &catalog);
    void accepted(qintptr descriptor);
    void threadDrained(Worker *worker);
    void cutAllAfter(std::chrono::milliseconds grace, relay::Shutdown why);
    void makeRoom();
    void closeThreads();

    Shared &m_shared;
    const ReceiptRegistry m_receipts;
    std::shared_ptr<const QSslConfiguration> m_tls;
    std::unique_ptr<QThread> m_acceptThread;
    QObject *m_acceptContext = nullptr; // lives in the accepting thread, as the listeners do
    std::vector<Listening> m_listening;
    std::vector<Thread> m_threads;
    QStringList m_urls;
    std::vector<ListenAddress> m_bound;
    std::optional<BindFailure> m_bindFailure{};
    std::atomic<size_t> m_next{0};
    qint64 m_ceiling = 0;
    bool m_stopping = false;
    bool m_looksForRoom = false; // again in a moment
};

} // namespace gatehouse::gateway
