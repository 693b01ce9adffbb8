// Where a gateway listens, and how it takes that over from the one before it.
#include "gateway/gateway.h"

#include "base/logging.h"
#include "gateway/acceptedclient.h"
#include "gateway/listener.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <future>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

QString urlOf(const QHostAddress &host, quint16 port, bool tls)
{
    // Programs of this computer need no TLS; see Connection.
    const QString scheme = tls && !host.isLoopback() ? u"https"_s : u"http"_s;
    const QString name = host.protocol() == QAbstractSocket::IPv6Protocol
                             ? u"["_s + host.toString() + u"]"_s
                             : host.toString();
    return scheme + u"://"_s + name + u":"_s + QString::number(port);
}

// Does `work` in the thread of `context`, and waits for what it gives. The promise is shared: the thread
// that keeps it may still be at it when the other goes on.
template<typename Work>
auto doneIn(QObject *context, Work work)
{
    const auto done = std::make_shared<std::promise<decltype(work())>>();
    auto outcome = done->get_future();
    QMetaObject::invokeMethod(
        context, [done, work] { done->set_value(work()); }, Qt::QueuedConnection);
    return outcome.get();
}

} // namespace

void Gateway::startAccepting()
{
    const auto made = std::make_shared<std::promise<QObject *>>();
    std::future<QObject *> context = made->get_future();
    m_acceptThread.reset(QThread::create([made] {
        QObject own;
        QEventLoop loop;
        made->set_value(&own);
        loop.exec();
    }));
    m_acceptThread->setObjectName(u"accept"_s);
    m_acceptThread->start();
    m_acceptContext = context.get();
}

// A listener of `former` at an address that stays is handed over as it is, so that no client is turned
// away. Where one of `former` is in the way of another address, as 127.0.0.1 is in that of 0.0.0.0, it is
// closed first, and opened again if anything fails.
Result<> Gateway::listen(const std::vector<ListenAddress> &addresses, Gateway *former)
{
    std::vector<Listening> all(addresses.size());
    std::vector<Listener *> kept;
    for (size_t i = 0; former && i < all.size(); ++i) {
        const auto same = std::find_if(
            former->m_listening.begin(), former->m_listening.end(), [&](const Listening &each) {
                return !each.isClosed && addresses[i].port != 0
                       && each.address.port == addresses[i].port
                       && (each.wanted == addresses[i].host
                           || each.address.host == addresses[i].host)
                       && std::find(kept.begin(), kept.end(), each.listener) == kept.end();
            });
        if (same == former->m_listening.end())
            continue;
        all[i] = *same;
        kept.push_back(same->listener);
    }
    for (size_t i = 0; i < all.size(); ++i) {
        if (all[i].listener)
            continue;
        Result<Listening> bound = bind(addresses[i]);
        if (!bound && former && m_bindFailure->reason == QAbstractSocket::AddressInUseError
            && former->makeWay(addresses[i].port, kept))
            bound = bind(addresses[i]);
        if (!bound) {
            stopAccepting();
            if (former && !former->listenAgain()) {
                for (const ListenAddress &lost : former->lost())
                    qCWarning(base::lcGateway).noquote()
                        << "Port" << lost.port << "was taken while it was let go of.";
            }
            return fail(bound.error());
        }
        all[i] = *bound;
    }
    m_bindFailure.reset();
    for (Listener *listener : kept)
        takeOver(*former, listener);
    m_listening = std::move(all);
    noteBound();
    if (!kept.empty())
        makeRoom(); // they may have been held back
    return {};
}

Result<Gateway::Listening> Gateway::bind(const ListenAddress &address)
{
    struct Outcome
    {
        Listener *listener = nullptr;
        QHostAddress host{};
        quint16 port = 0;
        QString problem{};
        QAbstractSocket::SocketError error = QAbstractSocket::UnknownSocketError;
    };
    const auto bound = doneIn(m_acceptContext, [this, address]() -> Outcome {
        auto *listener = new Listener(accepting(), m_acceptContext);
        if (!listener->listen(address.host, address.port)) {
            const Outcome failure{.problem = listener->errorString(),
                                  .error = listener->serverError()};
            delete listener;
            return failure;
        }
        connect(listener, &Listener::full, this, &Gateway::makeRoom);
        return {.listener = listener,
                .host = listener->serverAddress(),
                .port = listener->serverPort()};
    });
    if (!bound.listener) {
        m_bindFailure = BindFailure{.address = address, .reason = bound.error};
        return fail(
            ErrorCode::Conflict,
            Message::tr(
                "Cannot listen on %1, port %2: %3. Is another program using it? Choose another "
                "one with --listen.")
                .arg(address.host.toString())
                .arg(address.port)
                .arg(bound.problem));
    }
    return Listening{.listener = bound.listener,
                     .wanted = address.host,
                     .address = {.host = bound.host, .port = bound.port}};
}

Listener::Client Gateway::accepting()
{
    return {.accepted = [this](qintptr descriptor) { accepted(descriptor); },
            .mayAccept = [this] { return m_shared.connections.load() < m_ceiling; }};
}

void Gateway::takeOver(Gateway &former, Listener *listener)
{
    std::erase_if(former.m_listening,
                  [listener](const Listening &each) { return each.listener == listener; });
    doneIn(former.m_acceptContext, [this, listener] {
        listener->disconnect();
        listener->setParent(nullptr);
        listener->serve(accepting());
        listener->moveToThread(m_acceptThread.get());
        return true;
    });
    doneIn(m_acceptContext, [this, listener] {
        listener->setParent(m_acceptContext);
        connect(listener, &Listener::full, this, &Gateway::makeRoom);
        return true;
    });
}

// Closes what listens on `port` and is not in `kept`. False: there is nothing like that.
bool Gateway::makeWay(quint16 port, const std::vector<Listener *> &kept)
{
    bool any = false;
    for (Listening &each : m_listening) {
        if (each.isClosed || each.address.port != port
            || std::find(kept.begin(), kept.end(), each.listener) != kept.end())
            continue;
        any = each.isClosed = doneIn(m_acceptContext, [listener = each.listener] {
            listener->close();
            return true;
        });
    }
    return any;
}

bool Gateway::listenAgain()
{
    bool all = true;
    for (Listening &each : m_listening) {
        if (!each.isClosed)
            continue;
        each.isClosed = !doneIn(m_acceptContext, [each] {
            return each.listener->reopen(each.address.host, each.address.port);
        });
        all = all && !each.isClosed;
    }
    noteBound();
    return all;
}

std::vector<ListenAddress> Gateway::lost() const
{
    std::vector<ListenAddress> addresses;
    for (const Listening &each : m_listening) {
        if (each.isClosed)
            addresses.push_back(each.address);
    }
    return addresses;
}

void Gateway::noteBound()
{
    m_bound.clear();
    m_urls.clear();
    for (const Listening &each : m_listening) {
        if (each.isClosed)
            continue;
        m_bound.push_back(each.address);
        m_urls.append(urlOf(each.address.host, each.address.port, m_tls != nullptr));
    }
}

// Called in the accepting thread.
void Gateway::accepted(qintptr descriptor)
{
    // Counted at once: the threads adopt later than a burst of clients is accepted, if at all.
    auto client = std::make_shared<AcceptedClient>(descriptor, m_shared.connections);
    Worker *worker = m_threads[m_next.fetch_add(1) % m_threads.size()].worker;
    QMetaObject::invokeMethod(
        worker,
        [worker, client = std::move(client), tls = m_tls] { worker->adopt(*client, tls); },
        Qt::QueuedConnection);
}

void Gateway::makeRoom()
{
    if (m_stopping || !m_acceptContext)
        return;
    if (m_shared.connections.load() >= m_ceiling) {
        for (const Thread &thread : m_threads) {
            QMetaObject::invokeMethod(
                thread.worker,
                [worker = thread.worker] { worker->closeOldestIdle(); },
                Qt::QueuedConnection);
        }
        // None may have been idle for long enough.
        constexpr std::chrono::milliseconds moment{100};
        if (!std::exchange(m_looksForRoom, true)) {
            QTimer::singleShot(moment, this, [this] {
                m_looksForRoom = false;
                makeRoom();
            });
        }
    }
    for (const Listening &each : m_listening) {
        QMetaObject::invokeMethod(
            each.listener,
            [listener = each.listener] { listener->resumeIfPossible(); },
            Qt::QueuedConnection);
    }
}

void Gateway::stopAccepting()
{
    if (!m_acceptThread)
        return;
    m_acceptThread->quit();
    m_acceptThread->wait();
    m_acceptThread.reset();
    m_acceptContext = nullptr;
    m_listening.clear();
}

} // namespace gatehouse::gateway
