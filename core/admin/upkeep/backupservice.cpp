#include "admin/upkeep/backupservice.h"

#include "base/logging.h"
#include "storage/backup.h"
#include "storage/preparedrestore.h"
#include "storage/repositories/metarepository.h"

#include <QFileInfo>

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

Answer<BackupListing> BackupService::create(const QString &reason)
{
    if (!isOffered())
        return notOffered<BackupListing>();
    const auto copied =
        m_work.run(options(), Database::Access::ReadWrite, [reason](Database &database) {
            return storage::backUp(database, reason);
        });
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
    if (interval.count() <= 0 || m_isMaking)
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
    return m_work.run(m_base.storage.options(),
                      Database::Access::ReadWrite,
                      [path](Database &database) { return storage::copyDatabase(database, path); });
}

Answer<BackupContent> BackupService::inspect(const QString &path)
{
    return m_work.run([path, stop = m_work.stopToken()] {
        return storage::inspectBackup(path, stop).map([](const storage::BackupSummary &summary) {
            return BackupContent{.schema = summary.schema,
                                 .channels = summary.channels,
                                 .users = summary.users,
                                 .records = summary.records};
        });
    });
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

// The copy is laid down before the safety copy is made: that one may push the oldest backup out.
Answer<QString> BackupService::prepareRestore(const QString &path)
{
    if (!isOffered())
        return notOffered<QString>();
    const auto laidDown = m_work.run(
        m_base.storage.options(),
        Database::Access::ReadWrite,
        [path, stop = m_work.stopToken()](Database &database) -> Result<> {
            const auto backup = storage::inspectBackup(path, stop);
            if (!backup)
                return base::fail(backup.error());
            const auto key = storage::MetaRepository(database).find(storage::meta::masterKeyCheck);
            if (!key)
                return base::fail(key.error());
            if (*key && !backup->masterKeyCheck.isEmpty() && **key != backup->masterKeyCheck)
                return base::fail(sealedOtherwise());
            return storage::prepareRestore(path, database.options());
        });
    return onSuccess(laidDown, this, [this] {
        auto safety = m_work.run(
            options(), Database::Access::ReadWrite, [](Database &database) -> Result<QString> {
                Result<QString> copy = storage::backUp(database, u"before-restore"_s);
                if (!copy) // nothing is restored that could not be taken back
                    (void)storage::cancelRestore(database.options());
                return copy;
            });
        return onSuccess(safety, this, [this](const QString &copy) {
            emit changed();
            return Result<QString>(copy);
        });
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
