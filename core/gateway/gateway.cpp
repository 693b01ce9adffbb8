#include "gateway/gateway.h"

#include "base/finish.h"
#include "base/logging.h"
#include "gateway/dispatcher.h"
#include "gateway/listener.h"
#include "gateway/platform.h"

#include <QAbstractEventDispatcher>
#include <QEventLoop>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QTimer>

#include <future>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

// Files that are not clients' connections: the database, logs, the terminal.
constexpr qint64 reservedFiles = 64;

// Where nobody says how many: each may hold the head of a request.
constexpr qint64 usualCeiling = 16'384;

// Each client may need a connection to a provider as well, and a file for a long body.
qint64 ceilingFor(qint64 wanted)
{
    const qint64 limit = raiseOpenFilesLimit();
    constexpr qint64 least = 8;
    constexpr qint64 filesOfClient = 3;
    const qint64 possible =
        std::max(least, (limit - std::min(reservedFiles, limit / 2)) / filesOfClient);
    return std::min(wanted > 0 ? wanted : usualCeiling, possible);
}

} // namespace

Result<ListenAddress> listenAddressFrom(const QString &text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    bool isPort = false;
    const ushort port = text.mid(colon + 1).toUShort(&isPort);
    QString host = text.left(std::max<qsizetype>(0, colon));
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.mid(1, host.size() - 2);
    QHostAddress address(host);
    if (host == "localhost"_L1)
        address = QHostAddress(QHostAddress::LocalHost);
    if (host.isEmpty() || host == "*"_L1)
        address = QHostAddress(QHostAddress::Any);
    if (colon < 0 || !isPort || address.isNull()) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr(
                "\"%1\" is no address to listen on. Write it as 127.0.0.1:3000, [::1]:3000 or "
                "0.0.0.0:3000; port 0 lets the system choose.")
                .arg(text));
    }
    return ListenAddress{.host = address, .port = port};
}

Gateway::Gateway(Shared &shared, ReceiptRegistry receipts, QObject *parent)
    : QObject(parent)
    , m_shared(shared)
    , m_receipts(std::move(receipts))
{}

Gateway::~Gateway()
{
    stopAccepting();
    closeThreads();
}

Result<> Gateway::start(const GatewayOptions &options,
                        std::shared_ptr<const domain::Catalog> catalog,
                        Gateway *former)
{
    if (const Result<> loaded = loadTls(options); !loaded)
        return loaded;
    m_ceiling = ceilingFor(options.maxConnections);
    const int threads =
        options.threads > 0 ? options.threads : std::max(1, QThread::idealThreadCount() / 2);
    for (int i = 0; i < threads; ++i)
        startThread(options, catalog);
    startAccepting();
    return listen(options.listen, former);
}

Result<> Gateway::loadTls(const GatewayOptions &options)
{
    if (options.tlsCertificate.isEmpty())
        return {};
    return tlsConfigurationFrom(options.tlsCertificate, options.tlsKey)
        .map([this](QSslConfiguration configuration) {
            m_tls = std::make_shared<const QSslConfiguration>(std::move(configuration));
        });
}

Result<QSslConfiguration> tlsConfigurationFrom(const QString &certificate, const QString &keyPath)
{
    const QList<QSslCertificate> chain = QSslCertificate::fromPath(certificate, QSsl::Pem);
    QFile keyFile(keyPath);
    if (chain.isEmpty() || !keyFile.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The certificate %1 or its key %2 cannot be read as PEM.")
                        .arg(certificate, keyPath));
    }
    const QByteArray pem = keyFile.readAll();
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec}) {
        const QSslKey key(pem, algorithm, QSsl::Pem);
        if (key.isNull())
            continue;
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates({}); // clients show no certificate
        configuration.setLocalCertificateChain(chain);
        configuration.setPrivateKey(key);
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        configuration.setProtocol(QSsl::TlsV1_2OrLater);
        return configuration;
    }
    return fail(ErrorCode::InvalidInput,
                Message::tr("The private key %1 is neither RSA nor EC in PEM without a passphrase.")
                    .arg(keyPath));
}

// The worker is made, used and destroyed in its own thread.
void Gateway::startThread(const GatewayOptions &options,
                          const std::shared_ptr<const domain::Catalog> &catalog)
{
    // The promise is shared: the thread that keeps it may still be at it when the other goes on.
    const auto made = std::make_shared<std::promise<Worker *>>();
    std::future<Worker *> worker = made->get_future();
    Thread entry;
    entry.thread.reset(QThread::create([this, catalog, made] {
        Worker own(m_shared, catalog);
        const int receiver =
            m_receipts.add([address = own.address()](std::vector<quint64> numbers) {
                address->post([numbers = std::move(numbers)](Worker &target) {
                    target.receiptsArrived(numbers);
                });
            });
        own.setReceiver(receiver);
        connect(&own, &Worker::drained, this, [this, worker = &own] { threadDrained(worker); });
        connect(&own, &Worker::connectionClosed, this, &Gateway::makeRoom);
        QEventLoop loop;
        made->set_value(&own);
        loop.exec();
        m_receipts.remove(receiver);
    }));
    entry.thread->setObjectName(u"gateway-%1"_s.arg(m_threads.size() + 1));
    if (auto dispatcher = makeGatewayDispatcher(options.dispatcher))
        entry.thread->setEventDispatcher(dispatcher.release());
    entry.thread->start();
    entry.worker = worker.get();
    m_threads.push_back(std::move(entry));
}

QFuture<void> Gateway::setCatalog(const std::shared_ptr<const domain::Catalog> &catalog)
{
    // The last thread that lets go of it ends the promise.
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    std::shared_ptr<void> whenAllHaveIt(nullptr,
                                        [promise](void *) { base::finishInMainThread(promise); });
    for (const Thread &thread : m_threads) {
        thread.worker->address()->post(
            [catalog, whenAllHaveIt](Worker &worker) { worker.setCatalog(catalog); });
    }
    return promise->future();
}

void Gateway::networkChanged()
{
    for (const Thread &thread : m_threads)
        thread.worker->address()->post([](Worker &worker) { worker.networkChanged(); });
}

namespace {

// Puts together what the threads answer. The last one that lets go of it gives the answer.
template<typename T>
class Gathering
{
public:
    Gathering() { m_promise->start(); }
    ~Gathering()
    {
        m_promise->addResult(std::move(m_value));
        base::finishInMainThread(std::move(m_promise));
    }
    Gathering(const Gathering &) = delete;
    Gathering &operator=(const Gathering &) = delete;

    QFuture<T> future() const { return m_promise->future(); }
    template<typename Change>
    void change(Change apply)
    {
        const std::lock_guard lock(m_mutex);
        apply(m_value);
    }

private:
    std::shared_ptr<QPromise<T>> m_promise = std::make_shared<QPromise<T>>();
    std::mutex m_mutex;
    T m_value{};
};

} // namespace

QFuture<std::vector<relay::RunningRequest>> Gateway::running() const
{
    using Requests = std::vector<relay::RunningRequest>;
    const auto gathering = std::make_shared<Gathering<Requests>>();
    for (const Thread &thread : m_threads) {
        thread.worker->address()->post([gathering](Worker &worker) {
            Requests part = worker.exchanges().snapshot();
            gathering->change([&part](Requests &all) {
                std::move(part.begin(), part.end(), std::back_inserter(all));
            });
        });
    }
    return gathering->future();
}

QFuture<bool> Gateway::cancel(const QByteArray &requestId)
{
    const auto gathering = std::make_shared<Gathering<bool>>();
    for (const Thread &thread : m_threads) {
        thread.worker->address()->post([gathering, requestId](Worker &worker) {
            worker.collect();
            if (worker.exchanges().cancel(requestId))
                gathering->change([](bool &found) { found = true; });
        });
    }
    return gathering->future();
}

void Gateway::stop(std::chrono::milliseconds grace, Newcomers newcomers)
{
    // Where newcomers are served, another gateway has taken its place.
    const relay::Shutdown why =
        newcomers == Newcomers::AreServed ? relay::Shutdown::Restart : relay::Shutdown::Stop;
    if (std::exchange(m_stopping, true)) {
        cutAllAfter(grace, why);
        return;
    }
    stopAccepting();
    for (const Thread &thread : m_threads) {
        QMetaObject::invokeMethod(
            thread.worker,
            [worker = thread.worker, newcomers] { worker->drain(newcomers); },
            Qt::QueuedConnection);
    }
    cutAllAfter(grace, why);
    if (m_threads.empty())
        QTimer::singleShot(0, this, &Gateway::stopped);
}

void Gateway::cutAllAfter(std::chrono::milliseconds grace, relay::Shutdown why)
{
    QTimer::singleShot(grace, this, [this, why] {
        for (const Thread &thread : m_threads) {
            if (!thread.drained && thread.worker) {
                QMetaObject::invokeMethod(
                    thread.worker,
                    [worker = thread.worker, why] { worker->cutAll(why); },
                    Qt::QueuedConnection);
            }
        }
    });
}

void Gateway::threadDrained(Worker *worker)
{
    bool all = true;
    for (Thread &thread : m_threads) {
        if (thread.worker == worker)
            thread.drained = true;
        all = all && thread.drained;
    }
    if (all)
        emit stopped();
}

void Gateway::closeThreads()
{
    for (Thread &thread : m_threads)
        thread.thread->quit();
    for (Thread &thread : m_threads)
        thread.thread->wait();
    m_threads.clear();
}

} // namespace gatehouse::gateway
