#include "admin/catalogpublisher.h"

#include "base/logging.h"
#include "base/redaction.h"
#include "domain/bodysecrets.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using base::Result;
using domain::Catalog;
using domain::CatalogContent;

namespace {

constexpr std::chrono::milliseconds retryAfter{1'000};
constexpr qint64 millisecondsOfDay = 24LL * 60 * 60 * 1000;

// The id by which the health of the offline provider's key is known.
constexpr qint64 echoKeyId = 1;

// What no line of the log may hold.
std::vector<base::Secret> secretsOf(const std::vector<domain::Channel> &channels)
{
    std::vector<base::Secret> keys;
    for (const domain::Channel &channel : channels) {
        for (const domain::ChannelKey &key : channel.keys)
            keys.push_back(key.secret);
        for (base::Secret &secret : domain::secretsOf(channel.headerOverrides))
            keys.push_back(std::move(secret));
        for (base::Secret &secret : domain::secretsOfBody(channel.bodyOverrides))
            keys.push_back(std::move(secret));
    }
    return keys;
}

// The catalog is built in the pool, one at a time.
std::shared_ptr<const Catalog>
build(CatalogContent content, PricesInForce &prices, const EchoProvider &echo)
{
    for (domain::Channel &channel : content.channels)
        echo.fill(channel);
    base::setKnownSecrets(secretsOf(content.channels));
    base::setMaskRules(content.settings.logging.mask);
    prices.complete(content);
    return Catalog::build(std::move(content));
}

} // namespace

void EchoProvider::fill(domain::Channel &channel) const
{
    if (channel.type != domain::provider::echo)
        return;
    channel.baseUrl = baseUrl;
    channel.keys = {domain::ChannelKey{.id = echoKeyId, .secret = key}};
    channel.allowPrivateAddress = true;
}

CatalogPublisher::CatalogPublisher(storage::StorageThreads &storage,
                                   const storage::KeySealer &sealer,
                                   relay::Admission &admission,
                                   QMap<QString, QString> environment,
                                   BuiltInPrice builtInPrice,
                                   QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_admission(admission)
    , m_sealer(sealer)
    , m_environment(std::move(environment))
    , m_prices(std::make_shared<PricesInForce>(std::move(builtInPrice)))
{
    m_pool.setMaxThreadCount(1);
    m_nextDay.setSingleShot(true);
    m_nextDay.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_nextDay, &QTimer::timeout, this, [this] { publish(); });
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryAfter);
    connect(&m_retry, &QTimer::timeout, this, [this] {
        m_changed = true;
        advance();
    });
}

CatalogPublisher::~CatalogPublisher() = default;

Answer<> CatalogPublisher::publish()
{
    auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    enqueue([this, promise] {
        finished(true, [promise](const Result<> &published) {
            promise->addResult(published);
            promise->finish();
        });
    });
    return promise->future();
}

QFuture<void> CatalogPublisher::settled()
{
    QPromise<void> promise;
    promise.start();
    QFuture<void> future = promise.future();
    if (isIdle())
        promise.finish();
    else
        m_settled.push_back(std::move(promise));
    return future;
}

bool CatalogPublisher::isIdle() const
{
    return m_queue.empty() && m_waiting.empty() && m_running == 0 && m_installing == 0 && !m_changed
           && !m_loading;
}

void CatalogPublisher::enqueue(Step step)
{
    if (m_loading || m_changed) {
        m_queue.push_back(std::move(step));
        return;
    }
    ++m_running;
    step();
}

void CatalogPublisher::finished(bool changed, Done done)
{
    --m_running;
    if (changed) {
        m_changed = true;
        m_waiting.push_back(std::move(done));
    } else {
        done({});
    }
    advance();
}

void CatalogPublisher::advance()
{
    if (m_loading || m_running > 0)
        return;
    if (m_changed) {
        load();
        return;
    }
    // What was put off begins together, so that one catalog will serve for all of it.
    std::deque<Step> steps = std::exchange(m_queue, {});
    m_running += static_cast<int>(steps.size());
    for (const Step &step : steps)
        step();
    if (isIdle()) {
        for (QPromise<void> &promise : std::exchange(m_settled, {}))
            promise.finish();
    }
}

void CatalogPublisher::load()
{
    m_changed = false;
    m_loading = true;
    m_retry.stop();
    const auto content =
        m_storage.read([loader = storage::CatalogLoader(m_sealer, m_environment)](
                           storage::Database &database) { return loader.load(database); });
    const auto built = onSuccess(content, this, [this](CatalogContent read) {
        auto held = std::make_shared<CatalogContent>(std::move(read));
        return runIn(
            m_pool,
            [held, prices = m_prices, echo = m_echo]() -> Result<std::shared_ptr<const Catalog>> {
                return build(std::move(*held), *prices, echo);
            });
    });
    QFuture(built).then(this, [this](Result<std::shared_ptr<const Catalog>> outcome) {
        loaded(std::move(outcome));
    });
}

void CatalogPublisher::loaded(Result<std::shared_ptr<const Catalog>> outcome)
{
    std::vector<Done> waiting = std::exchange(m_waiting, {});
    m_loading = false;
    if (!outcome) {
        qCCritical(base::lcAdmin) << "The catalog could not be read:"
                                  << outcome.error().message.english() << outcome.error().detail;
        m_retry.start();
        complete(std::move(waiting),
                 base::fail(base::ErrorCode::Unavailable,
                            Message::tr("The change is stored, but not in force yet: %1")
                                .arg(outcome.error().message)));
        advance();
        return;
    }
    m_catalog = std::move(*outcome);
    constexpr qint64 leeway = 2'000; // for a coarse timer that is early
    m_nextDay.start(static_cast<int>(millisecondsOfDay + leeway
                                     - QDateTime::currentMSecsSinceEpoch() % millisecondsOfDay));
    // Accounts are there before the first request can ask for them.
    m_admission.publish(*m_catalog);
    emit catalogChanged(m_catalog);
    if (!m_install) {
        complete(std::move(waiting), {});
        advance();
        return;
    }
    ++m_installing;
    auto held = std::make_shared<std::vector<Done>>(std::move(waiting));
    m_install(m_catalog).then(this, [this, held] {
        --m_installing;
        complete(std::move(*held), {});
        advance();
    });
    advance();
}

void CatalogPublisher::complete(std::vector<Done> waiting, const Result<> &outcome)
{
    for (const Done &done : waiting)
        done(outcome);
}

} // namespace gatehouse::admin
