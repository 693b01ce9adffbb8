#include "admin/upkeep/backupservice.h"

#include "base/logging.h"
#include "storage/backup.h"
#include "storage/preparedrestore.h"
#include "storage/repositories/metarepository.h"

#include <QFileInfo>

#include <functional>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Error;
using base::ErrorCode;
using base::Message;
using base::Result;
using storage::Database;

namespace {

BackupListing listingOf(const QString &path)
{
    const QFileInfo file(path);
    BackupListing listing{.path = path,
                          .fileName = file.fileName(),
                          .madeAt = file.lastModified(),
                          .bytes = file.size()};
    if (const auto name = storage::backupNameOf(path)) {
        listing.madeAt = name->madeAt;
        listing.reason = name->reason;
    }
    return listing;
}

template<typename T>
Answer<T> notOffered()
{
    return refused<T>(
        ErrorCode::InvalidInput,
        Message::tr("A PostgreSQL database is backed up with its own tools, such as pg_dump."));
}

Error sealedOtherwise()
{
    return {
        ErrorCode::InvalidInput,
        Message::tr(
            "The keys in this backup are sealed with another master key, so that this installation "
            "could not open it. Start Gatehouse on a new data directory with the master key of the "
            "computer it was made on (GATEHOUSE_MASTER_KEY_FILE), and restore it there."),
        {}};
}

} // namespace

BackupService::BackupService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{
    constexpr std::chrono::minutes between(10);
    m_schedule.setInterval(between);
    connect(&m_schedule, &QTimer::timeout, this, &BackupService::makeIfDue);
}

BackupService::~BackupService() = default;

QString BackupService::directory() const
{
    return options().effectiveBackupDirectory();
}

bool BackupService::isOffered() const
{
    return m_base.storage.options().url.isEmpty();
}

Answer<std::vector<BackupListing>> BackupService::list()
{
    return m_work.run([folder = directory()]() -> Result<std::vector<BackupListing>> {
        std::vector<BackupListing> all;
        for (const QString &path : storage::backupsIn(folder))
            all.push_back(listingOf(path));
        return all;
    });
}

// With the folder and the number of kept backups as they are set now.
storage::DatabaseOptions BackupService::options() const
{
    storage::DatabaseOptions options = m_base.storage.options();
    if (const auto catalog = m_base.publisher.catalog()) {
        const domain::Settings::Storage &settings = catalog->settings().storage;
        options.keptBackups = settings.keptBackups;
        options.backupDirectory = settings.backupDirectory;
    }
    return options;
}

void BackupService::cancel()
{
    for (Running &running : m_running)
        running.stop.request_stop();
}

bool BackupService::isBackingUp() const
{
    return std::any_of(m_running.begin(), m_running.end(), [](const Running &running) {
        return running.isBackup && !running.stop.stop_requested();
    });
}

// The same answer. Until then cancel() requests `stop`.
template<typename T>
Answer<T> BackupService::untilDone(Answer<T> work, const std::stop_source &stop, bool isBackup)
{
    m_running.push_back({.stop = stop, .isBackup = isBackup});
    if (m_running.size() == 1)
        emit busyChanged();
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    Answer<T> answer = promise->future();
    whenDone(std::move(work), this, [this, stop, promise](Result<T> outcome) {
        std::erase_if(m_running, [&stop](const Running &running) { return running.stop == stop; });
        if (m_running.empty())
            emit busyChanged();
        promise->addResult(std::move(outcome));
        promise->finish();
    });
    return answer;
}

Answer<BackupListing> BackupService::create(const QString &reason, const std::stop_token &stop)
{
    if (!isOffered())
        return notOffered<BackupListing>();
    std::stop_source both;
    const auto follow = std::make_shared<std::stop_callback<std::function<void()>>>(
        stop, [both]() mutable { both.request_stop(); });
    const auto copied = untilDone(
        m_work.run(
            options(),
            Database::Access::ReadWrite,
            [reason, follow](Database &database) { return storage::backUp(database, reason); },
            both),
        both,
        true);
    return onSuccess(copied, this, [this](const QString &path) {
        emit changed();
        return Result<BackupListing>(listingOf(path));
    });
}

void BackupService::startSchedule()
{
    if (!isOffered())
        return;
    m_schedule.start();
    connect(&m_base.publisher,
            &CatalogPublisher::catalogChanged,
            this,
            &BackupService::makeIfDue,
            Qt::UniqueConnection);
    makeIfDue();
}

// Due by the age of the newest backup of any kind, so that restarts neither skip nor repeat one.
void BackupService::makeIfDue()
{
    const auto catalog = m_base.publisher.catalog();
    const auto interval =
        catalog ? catalog->settings().storage.backupInterval : std::chrono::hours(0);
    if (interval.count() <= 0 || m_isMaking || !m_putOff.hasExpired())
        return;
    m_isMaking = true;
    list().then(this, [this, interval](const Result<std::vector<BackupListing>> &all) {
        if (!all)
            return scheduled(all.error());
        const QDateTime now = QDateTime::currentDateTimeUtc(); // as the names have it
        // A clock that went wrong once must not put it off for years.
        const bool isThere = std::any_of(all->begin(), all->end(), [&](const BackupListing &each) {
            const std::chrono::seconds age(each.madeAt.secsTo(now));
            return !each.reason.isEmpty() && age.count() >= 0 && age < interval;
        });
        if (isThere) {
            m_isMaking = false;
            return;
        }
        create(u"scheduled"_s).then(this, [this](const Result<BackupListing> &made) {
            scheduled(made ? std::nullopt : std::optional(made.error()));
        });
    });
}

// Tells of a failure once, until it is another one or is over.
void BackupService::scheduled(const std::optional<base::Error> &error)
{
    m_isMaking = false;
    if (error && error->code == ErrorCode::Cancelled) {
        constexpr std::chrono::hours rest(1); // the next change of a setting must not begin it anew
        m_putOff.setRemainingTime(rest);
        return;
    }
    const Message former = std::exchange(m_failure, error ? error->message : Message());
    if (!error || error->message == former)
        return;
    qCWarning(base::lcAdmin).noquote()
        << "A backup that was due was not made:" << error->message.english() << error->detail;
    emit scheduleFailed(*error);
}

Answer<> BackupService::exportTo(const QString &path)
{
    if (!isOffered())
        return notOffered<void>();
    const std::stop_source stop;
    return untilDone(
        m_work.run(
            m_base.storage.options(),
            Database::Access::ReadWrite,
            [path](Database &database) { return storage::copyDatabase(database, path); },
            stop),
        stop);
}

Answer<BackupContent> BackupService::inspect(const QString &path)
{
    const auto contentOf = [path](const std::stop_token &stopped) {
        return storage::inspectBackup(path, stopped).map([](const storage::BackupSummary &summary) {
            return BackupContent{.schema = summary.schema,
                                 .channels = summary.channels,
                                 .users = summary.users,
                                 .records = summary.records};
        });
    };
    const std::stop_source stop;
    return untilDone(m_work.run(contentOf, stop), stop);
}

Answer<> BackupService::remove(const QString &path)
{
    const auto removed = m_work.run([path, folder = directory()]() -> Result<> {
        if (!storage::backupsIn(folder).contains(path)) {
            return base::fail(ErrorCode::NotFound,
                              Message::tr("There is no such backup in the folder of backups."));
        }
        if (!QFile::remove(path))
            return base::fail(ErrorCode::Unavailable,
                              Message::tr("%1 cannot be removed.").arg(path));
        return {};
    });
    return onSuccess(removed, this, [this] {
        emit changed();
        return Result<>();
    });
}

// The copy is laid down before the safety copy is made, which may push the oldest backup out, and takes
// the place of one that waits only after it.
Answer<QString> BackupService::prepareRestore(const QString &path)
{
    if (!isOffered())
        return notOffered<QString>();
    const std::stop_source stop;
    const auto prepare = [path, stopped = stop.get_token()](Database &database) -> Result<QString> {
        const auto backup = storage::inspectBackup(path, stopped);
        if (!backup)
            return base::fail(backup.error());
        const auto key = storage::MetaRepository(database).find(storage::meta::masterKeyCheck);
        if (!key)
            return base::fail(key.error());
        if (*key && !backup->masterKeyCheck.isEmpty() && **key != backup->masterKeyCheck)
            return base::fail(sealedOtherwise());
        QString copy;
        const auto secure = [&database, &copy]() -> Result<> {
            Result<QString> made = storage::backUp(database, u"before-restore"_s);
            if (!made) // nothing is restored that could not be taken back
                return base::fail(made.error());
            copy = *made;
            return {};
        };
        return storage::prepareRestore(path, database.options(), stopped, secure).map([&copy] {
            return copy;
        });
    };
    const auto prepared =
        untilDone(m_work.run(options(), Database::Access::ReadWrite, prepare, stop), stop);
    return onSuccess(prepared, this, [this](const QString &copy) {
        emit changed();
        return Result<QString>(copy);
    });
}

Answer<> BackupService::cancelRestore()
{
    return m_work.run(
        [options = m_base.storage.options()] { return storage::cancelRestore(options); });
}

bool BackupService::isRestorePrepared() const
{
    return storage::isRestorePrepared(m_base.storage.options());
}

} // namespace gatehouse::admin
