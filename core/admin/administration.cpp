#include "admin/administration.h"

#include "base/logging.h"
#include "storage/repositories/channelrepository.h"

#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QFileInfo>

#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

QString captureFileBeside(const QString &database)
{
    return QFileInfo(database).absoluteDir().filePath(u"bodies.db"_s);
}

// Waits for it; to be called in a thread that may.
base::Result<domain::Capture> captureOf(storage::CaptureStore &store, const QByteArray &request)
{
    constexpr qint64 wholeBody = std::numeric_limits<int>::max();
    if (!store.has(request)) // so that no file is made for what is not there
        return base::fail(base::ErrorCode::NotFound, {});
    return store.find(request, wholeBody).result();
}

} // namespace

Administration::Administration(AdministrationParts parts)
    : m_passwords(parts.passwordCost)
    , m_captures(captureFileBeside(parts.storage.options().path), parts.clock)
    , publisher(parts.storage,
                parts.sealer,
                parts.admission,
                std::move(parts.environment),
                std::move(parts.builtInPrice))
    , foundation{.storage = parts.storage,
                 .sealer = parts.sealer,
                 .clock = parts.clock,
                 .admission = parts.admission,
                 .health = parts.health,
                 .load = parts.load,
                 .publisher = publisher,
                 .passwords = m_passwords}
    , history(foundation)
    , users(foundation)
    , tokens(foundation)
    , tokenManager(foundation)
    , channels(foundation, parts.isOwnAddress)
    , groups(foundation)
    , prices(foundation)
    , routes(foundation,
             std::move(parts.contextWindow),
             std::move(parts.promptTokens),
             std::move(parts.capabilities))
    , modelRoutings(foundation)
    , settings(foundation, parts.isOwnAddress)
    , usage(foundation)
    , traffic(
          foundation,
          [this](const QByteArray &request) { return m_captures.has(request); },
          [this](const QByteArray &request) { return captureOf(m_captures, request); })
    , captures(foundation, m_captures)
    , bookmarks(foundation, m_captures)
    , answers(foundation)
    , statistics(foundation, parts.ledger)
    , integrationSecrets(foundation)
    , metrics(foundation, statistics, integrationSecrets, answers.cache(), parts.ledger)
    , sessions(foundation, parts.sessionSecret)
    , budgets(foundation)
    , trash(foundation)
    , backups(foundation, {.sessionSecret = parts.sessionSecret, .masterKey = parts.masterKey})
    , losses(foundation, integrationSecrets)
    , maintenance(foundation)
    , certificates(foundation, std::move(parts.directory))
    , imports(foundation, backups, channels, parts.isOwnAddress, publisher.environment())
    , happenings(publisher, statistics, backups)
    , webhook(foundation, integrationSecrets, parts.isOwnAddress)
    , otlp(foundation, integrationSecrets, std::move(parts.isOwnAddress), parts.ledger)
    , exportWatch(publisher, webhook, otlp, foundation.clock)
{
    QObject::connect(&happenings, &HappeningWatch::happened, &webhook, &WebhookService::note);
    QObject::connect(&happenings, &HappeningWatch::happened, &history, &HistoryService::note);
    QObject::connect(
        &channels, &ChannelService::findingsStored, &statistics, &StatisticsService::noteFindings);
}

Administration::~Administration()
{
    constexpr int turns = 3; // what is answered may ask for more, which is refused or ends soon
    for (int turn = 0; turn < turns; ++turn) {
        m_passwords.waitForWork();
        publisher.waitForWork();
        routes.waitForWork();
        traffic.waitForWork();
        metrics.waitForWork();
        webhook.endWork();
        otlp.endWork();
        backups.endWork();
        maintenance.endWork();
        imports.waitForWork();
        QCoreApplication::sendPostedEvents(QCoreApplication::instance(), QEvent::MetaCall);
    }
}

Answer<FirstStartReport> Administration::start(FirstStartOptions options)
{
    const auto first = runFirstStart(foundation, std::move(options), &publisher);
    return onSuccess(first, &publisher, [this](const FirstStartReport &report) {
        trash.purge();
        const auto loaded =
            onSuccess(integrationSecrets.load(), &publisher, [this] { return losses.load(); });
        const auto prepared = onSuccess(loaded, &publisher, [this] { return prepareChannels(); });
        return onSuccess(
            prepared, &publisher, [report] { return base::Result<FirstStartReport>(report); });
    });
}

// What an older program stored in plain text is sealed before anything is served.
Answer<> Administration::prepareChannels()
{
    const auto seal = [sealer = &foundation.sealer](storage::Database &database) {
        return storage::ChannelRepository(database, *sealer).sealRemaining();
    };
    return onSuccess(foundation.storage.write(seal), &publisher, [this](int sealed) {
        if (sealed > 0)
            qCInfo(base::lcAdmin) << "Secrets of" << sealed << "channels were sealed.";
        return publisher.publish();
    });
}

} // namespace gatehouse::admin
