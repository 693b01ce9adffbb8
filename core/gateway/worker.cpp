#include "gateway/worker.h"

#include "base/logging.h"
#include "domain/networks.h"
#include "gateway/acceptedclient.h"
#include "gateway/connection.h"
#include "http/qtsocket.h"
#include "http/sockets.h"

#include <QAbstractEventDispatcher>
#include <QLocale>
#include <QSslSocket>
#include <QThreadPool>
#include <QTimeZone>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

constexpr qsizetype readBytes = 64 * 1024;
constexpr size_t keptBodies = 64;
// What is held of a client that sends while it is being answered.
constexpr qsizetype readAheadBytes = 64 * 1024;
// Between two commits of a busy thread. Longer than the loop needs to gather a crowd, and nothing
// beside the time of a request.
constexpr std::chrono::milliseconds ledgerPause{1};
// Enough of them for whatever had arrived.
constexpr int ticksToCatchUp = 2;

bool isIn(const QList<domain::AddressRange> &ranges, const QHostAddress &address)
{
    return std::any_of(ranges.cbegin(), ranges.cend(), [&address](const domain::AddressRange &one) {
        return one.contains(address);
    });
}

} // namespace

void WorkerAddress::post(std::function<void(Worker &)> call)
{
    const std::lock_guard lock(mutex);
    if (!worker)
        return;
    QMetaObject::invokeMethod(
        worker, [target = worker, call = std::move(call)] { call(*target); }, Qt::QueuedConnection);
}

Worker::Worker(Shared &shared, std::shared_ptr<const domain::Catalog> catalog)
    : m_shared(shared)
    , m_address(std::make_shared<WorkerAddress>())
    , m_clock(shared.clock, shared.longestTurn)
    , m_wheel(m_clock.running())
    , m_client(m_clock, m_wheel)
    , m_ledger(shared.ledger, m_clock)
    , m_ledgerPause(new QTimer(this))
    , m_background(m_address)
    , m_context{.clock = m_clock,
                .wheel = m_wheel,
                .client = m_client,
                .admission = shared.admission,
                .health = shared.health,
                .load = shared.load,
                .ledger = m_ledger,
                .events = shared.events,
                .meter = shared.meter,
                .targets = m_targets,
                .background = &m_background,
                .captures = shared.captures,
                .answers = shared.answers,
                .hop = shared.hop}
    , m_exchanges(m_context)
    , m_ids(m_clock)
    , m_readBuffer(readBytes, '\0')
{
    m_address->worker = this;
    setCatalog(std::move(catalog));
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &Worker::tick);
    timer->start(base::TimingWheel::tick);
    m_ledgerPause->setSingleShot(true);
    m_ledgerPause->setTimerType(Qt::PreciseTimer);
    m_ledgerPause->setInterval(ledgerPause);
    connect(m_ledgerPause, &QTimer::timeout, this, &Worker::paceLedger);
    const QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &Worker::turnEnded);
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, &Worker::turnEnded);
}

Worker::~Worker()
{
    {
        const std::lock_guard lock(m_address->mutex);
        m_address->worker = nullptr;
    }
    // Moved out first: what ends with a connection looks for it there.
    const auto connections = std::exchange(m_connections, {});
    // What all gateway threads share outlives this one.
    m_shared.connections -= qint64(connections.size());
    m_shared.running -= m_toldRunning;
    m_released.clear();
}

void Worker::turnEnded()
{
    paceLedger();
    m_clock.turn();
}

// A commit costs more than the lines that it stores, so a busy thread hands them over in crowds: a
// line waits for the next one while a pause lasts and requests are on their way that may end in it.
void Worker::paceLedger()
{
    if (m_ledger.isEmpty())
        return;
    if (m_exchanges.running() > m_ledger.awaited()) {
        if (m_ledgerPause->isActive())
            return;
        m_ledgerPause->start();
    }
    m_ledger.handOver();
}

void Worker::tick()
{
    collect();
    // After a pause of the whole process, what has arrived meanwhile is read before anybody is given up
    // for being silent: one may have been about to be when it began.
    if (m_clock.hasPaused() && m_catchUpTicks < ticksToCatchUp) {
        ++m_catchUpTicks;
    } else {
        m_catchUpTicks = 0;
        m_clock.caughtUp();
        m_wheel.advance();
    }
    const qint64 running = m_exchanges.running();
    m_shared.running += running - std::exchange(m_toldRunning, running);
    checkDrained();
}

void Worker::adopt(AcceptedClient &client, std::shared_ptr<const QSslConfiguration> tls)
{
    if (m_draining)
        return;
    http::Accepted accepted;
    QSslSocket *secure = nullptr;
    if (tls) {
        auto socket = std::make_unique<QSslSocket>();
        socket->setSslConfiguration(*tls);
        if (socket->setSocketDescriptor(client.descriptor())) {
            secure = socket.get();
            accepted.peer = socket->peerAddress();
            accepted.socket = std::make_unique<http::QtSocket>(std::move(socket), readAheadBytes);
        }
    } else {
        accepted = http::acceptedSocket(client.descriptor(), readAheadBytes);
    }
    if (!accepted.socket) {
        emit connectionClosed();
        return;
    }
    client.release();
    // Behind a proxy that is trusted there are many clients.
    const qint64 most =
        trusts(accepted.peer) ? 0 : m_catalog->settings().http.connectionsPerAddress;
    std::optional<AddressCount::Seat> seat = m_shared.addresses.take(accepted.peer, most);
    if (!seat) {
        --m_shared.connections; // the socket ends with this function
        emit connectionClosed();
        return;
    }
    const quint64 id = ++m_lastConnection;
    auto connection = std::make_unique<Connection>(
        *this, id, std::move(accepted.socket), accepted.peer, secure, std::move(*seat));
    if (secure) {
        // The connection owns the socket, and thus outlives what it signals.
        connect(secure, &QSslSocket::encrypted, secure, [own = connection.get()] {
            own->handshakeDone();
        });
    }
    m_connections.emplace(id, std::move(connection));
}

void Worker::setCatalog(std::shared_ptr<const domain::Catalog> catalog)
{
    m_catalog = std::move(catalog);
    m_targets.setCatalog(m_catalog);
    const domain::Settings::Http &http = m_catalog->settings().http;
    m_requestLimits.headBytes = http.maxHeadBytes;
    m_requestLimits.fields = http.maxFields;
    m_requestLimits.targetBytes = http.maxTargetBytes;
    m_requestLimits.bodyBytes = http.maxBodyBytes;
    m_trustedProxies = domain::addressRangesFrom(m_catalog->settings().server.trustedProxies)
                           .value_or(QList<domain::AddressRange>());
    m_allowedNetworks = domain::networksFrom(m_catalog->settings().server.allowedNetworks)
                            .value_or(QList<domain::AddressRange>());
    m_origins = domain::allowedOriginsFrom(m_catalog->settings().server.corsOrigins)
                    .value_or(domain::AllowedOrigins());
    // A connection that was kept with a key that is no more must not carry a further request.
    m_client.closeIdle();
}

void Worker::networkChanged()
{
    m_client.closeIdle();
    m_client.forgetNames();
}

void Worker::receiptsArrived(const std::vector<quint64> &tickets)
{
    collect();
    m_ledger.receiptsArrived(tickets.size());
    m_exchanges.receiptsArrived(tickets);
}

void Worker::collect()
{
    m_exchanges.collect();
}

const QByteArray &Worker::date()
{
    const qint64 second = m_clock.wallMilliseconds() / 1000;
    if (second != m_dateSecond) {
        m_dateSecond = second;
        const QDateTime now = QDateTime::fromSecsSinceEpoch(second, Qt::UTC);
        m_date = QLocale::c().toString(now, u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s).toLatin1();
    }
    return m_date;
}

bool Worker::trusts(const QHostAddress &proxy) const
{
    return isIn(m_trustedProxies, proxy);
}

bool Worker::allows(const QHostAddress &client) const
{
    return client.isLoopback() || isIn(m_allowedNetworks, client);
}

QByteArrayView Worker::whyNotReady() const
{
    if (m_draining && !m_isReplaced)
        return "stopping";
    if (m_shared.paused.load())
        return "paused";
    return m_ledger.isHealthy() ? QByteArrayView() : QByteArrayView("database");
}

void Worker::noteFormerKey(domain::TokenId token,
                           QByteArrayView userAgent,
                           const QHostAddress &address)
{
    constexpr qint64 pause = 60;
    constexpr size_t most = 8; // as many as are kept
    const qint64 now = m_shared.clock.wallMilliseconds() / 1000;
    FormerKeyNotes &notes = m_formerKeyNotes[token];
    if (now < notes.since || now - notes.since >= pause)
        notes = {.since = now};
    std::pair client(m_context.clients.of(userAgent), address);
    if (notes.clients.size() >= most
        || std::find(notes.clients.begin(), notes.clients.end(), client) != notes.clients.end())
        return;
    m_shared.events.formerKeyUsed({.token = token,
                                   .client = QString::fromUtf8(client.first),
                                   .address = address.toString(),
                                   .usedAt = now});
    notes.clients.push_back(std::move(client));
}

std::shared_ptr<http::BodySource> Worker::takeBody()
{
    if (m_bodies.empty())
        return std::make_shared<http::BodySource>(m_shared.spool);
    std::shared_ptr<http::BodySource> body = std::move(m_bodies.back());
    m_bodies.pop_back();
    return body;
}

std::shared_ptr<http::BodySource> Worker::makeApiBody()
{
    return std::make_shared<http::BodySource>(m_shared.apiSpool);
}

void Worker::giveBody(std::shared_ptr<http::BodySource> body)
{
    // One that the pool still reads is left to it.
    if (body.use_count() > 1 || m_bodies.size() >= keptBodies)
        return;
    body->clear();
    m_bodies.push_back(std::move(body));
}

Connection *Worker::find(quint64 id) const
{
    const auto found = m_connections.find(id);
    return found == m_connections.end() ? nullptr : found->second.get();
}

void Worker::release(Connection &connection)
{
    const auto found = m_connections.find(connection.id());
    if (found == m_connections.end())
        return;
    m_released.push_back(std::move(found->second));
    m_connections.erase(found);
    --m_shared.connections;
    if (m_released.size() > 1)
        return; // its end is on the way
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_released.clear();
            emit connectionClosed();
            checkDrained();
        },
        Qt::QueuedConnection);
}

void Worker::later(quint64 connection, void (*call)(Connection &))
{
    QMetaObject::invokeMethod(
        this,
        [this, connection, call] {
            collect();
            if (Connection *found = find(connection))
                call(*found);
        },
        Qt::QueuedConnection);
}

void Worker::callApi(quint64 connection, ApiRequest request)
{
    m_shared.api->handle(std::move(request),
                         [address = m_address, connection](const ApiResponse &response) {
                             address->post([connection, response](Worker &worker) {
                                 if (Connection *found = worker.find(connection))
                                     found->apiAnswered(response);
                             });
                         });
}

void Worker::peekInPool(quint64 connection,
                        std::shared_ptr<http::BodySource> body,
                        const Endpoint &endpoint,
                        const QByteArray &defaultModel,
                        bool withParameters)
{
    QThreadPool::globalInstance()->start([address = m_address,
                                          connection,
                                          body = std::move(body),
                                          operation = endpoint.operation,
                                          model = endpoint.model,
                                          defaultModel,
                                          withParameters] {
        const base::Result<protocol::Peek> peek =
            protocol::peek(body->whole(), operation, model, defaultModel, withParameters);
        // The body goes along, so that it is given up in its own thread.
        address->post([connection, peek, body](Worker &worker) {
            worker.collect();
            if (Connection *found = worker.find(connection))
                found->peeked(peek);
        });
    });
}

void Worker::drain(Newcomers newcomers)
{
    m_draining = true;
    m_isReplaced = newcomers == Newcomers::AreServed;
    for (Connection *connection : allConnections())
        connection->drain(newcomers);
    checkDrained();
}

// A list of its own, since connections may end while it is gone through.
std::vector<Connection *> Worker::allConnections() const
{
    std::vector<Connection *> all;
    all.reserve(m_connections.size());
    for (const auto &[id, connection] : m_connections)
        all.push_back(connection.get());
    return all;
}

void Worker::cutAll(relay::Shutdown why)
{
    m_exchanges.shutDownAll(why);
    for (Connection *connection : allConnections())
        connection->hurry();
}

void Worker::checkDrained()
{
    if (!m_draining || m_drainedTold || !m_connections.empty() || m_exchanges.running() > 0)
        return;
    m_drainedTold = true;
    emit drained();
}

void Worker::closeOldestIdle()
{
    // A client that has only just come, or just been answered, may be about to ask.
    constexpr std::chrono::seconds leastIdle{1};
    const base::SteadyTime newest = m_clock.steadyNow() - leastIdle;
    Connection *oldest = nullptr;
    for (const auto &[id, connection] : m_connections) {
        if (connection->isIdle() && connection->lastUse() <= newest
            && (!oldest || connection->lastUse() < oldest->lastUse()))
            oldest = connection.get();
    }
    if (oldest)
        oldest->drain(Newcomers::AreLeft);
}

} // namespace gatehouse::gateway
