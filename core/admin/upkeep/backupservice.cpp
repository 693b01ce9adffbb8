#include "admin/upkeep/backupservice.h"

#include "admin/mainthread.h"
#include "storage/backup.h"
#include "storage/preparedrestore.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Result;
using storage::Database;

namespace {

BackupListing listingOf(const QString &path)
{
    static const QRegularExpression form(u"^gatehouse-(\\d{8}-\\d{6}-\\d{3})-(.*)\\.db$"_s);
    const QFileInfo file(path);
    BackupListing listing{.path = path,
                          .fileName = file.fileName(),
                          .madeAt = file.lastModified(),
                          .bytes = file.size()};
    const QRegularExpressionMatch match = form.match(listing.fileName);
    if (match.hasMatch()) {
        listing.madeAt = QDateTime::fromString(match.captured(1), u"yyyyMMdd-HHmmss-zzz"_s);
        listing.madeAt.setTimeZone(QTimeZone::utc());
        listing.reason = match.captured(2);
    }
    return listing;
}

// Copies cannot be made within a transaction; hence on a connection of their own.
template<typename Copy>
auto onOwnConnection(QThreadPool &pool, const storage::DatabaseOptions &options, Copy copy)
{
    using Outcome = std::invoke_result_t<Copy &, Database &>;
    return inMainThread(runIn(pool, [options, copy = std::move(copy)]() mutable -> Outcome {
        const auto database = Database::open(options, Database::Access::ReadWrite);
        if (!database)
            return base::fail(database.error());
        return copy(**database);
    }));
}

template<typename T>
Answer<T> notOffered()
{
    return refused<T>(ErrorCode::InvalidInput,
                      u"A PostgreSQL database is backed up with its own tools, such as pg_dump."_s);
}

} // namespace

BackupService::BackupService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{
    m_pool.setMaxThreadCount(1);
    constexpr std::chrono::minutes between(10);
    m_schedule.setInterval(between);
    connect(&m_schedule, &QTimer::timeout, this, &BackupService::makeIfDue);
}

BackupService::~BackupService() = default;

QString BackupService::directory() const
{
    return m_base.storage.options().effectiveBackupDirectory();
}

bool BackupService::isOffered() const
{
    return m_base.storage.options().url.isEmpty();
}

Answer<std::vector<BackupListing>> BackupService::list()
{
    return inMainThread(
        runIn(m_pool, [folder = directory()]() -> Result<std::vector<BackupListing>> {
            std::vector<BackupListing> all;
            for (const QString &path : storage::backupsIn(folder))
                all.push_back(listingOf(path));
            return all;
        }));
}

// With the number of kept backups as it is set now.
storage::DatabaseOptions BackupService::options() const
{
    storage::DatabaseOptions options = m_base.storage.options();
    if (const auto catalog = m_base.publisher.catalog())
        options.keptBackups = catalog->settings().storage.keptBackups;
    return options;
}

Answer<BackupListing> BackupService::create()
{
    return make(u"manual"_s);
}

Answer<BackupListing> BackupService::make(const QString &reason)
{
    if (!isOffered())
        return notOffered<BackupListing>();
    const auto copied = onOwnConnection(m_pool, options(), [reason](Database &database) {
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
        const QDateTime now =
            QDateTime::fromMSecsSinceEpoch(m_base.clock.wallMilliseconds(), Qt::UTC);
        const auto age = std::chrono::seconds(
            all && !all->empty() ? all->front().madeAt.secsTo(now)
                                 : std::chrono::seconds(std::chrono::hours(24 * 400)).count());
        if (!all || age < interval) {
            m_isMaking = false;
            return;
        }
        make(u"scheduled"_s).then(this, [this](const Result<BackupListing> &made) {
            m_isMaking = false;
            if (!made)
                emit scheduleFailed(made.error());
        });
    });
}

Answer<> BackupService::exportTo(const QString &path)
{
    if (!isOffered())
        return notOffered<void>();
    return onOwnConnection(m_pool, m_base.storage.options(), [path](Database &database) {
        return storage::copyDatabase(database, path);
    });
}

Answer<BackupContent> BackupService::inspect(const QString &path)
{
    return inMainThread(runIn(m_pool, [path] {
        return storage::inspectBackup(path).map([](const storage::BackupSummary &summary) {
            return BackupContent{.schema = summary.schema,
                                 .channels = summary.channels,
                                 .users = summary.users,
                                 .records = summary.records};
        });
    }));
}

Answer<> BackupService::remove(const QString &path)
{
    const auto removed = runIn(m_pool, [path, folder = directory()]() -> Result<> {
        if (!storage::backupsIn(folder).contains(path)) {
            return base::fail(ErrorCode::NotFound,
                              u"There is no such backup in the folder of backups."_s);
        }
        if (!QFile::remove(path))
            return base::fail(ErrorCode::Unavailable, u"%1 cannot be removed."_s.arg(path));
        return {};
    });
    return onSuccess(removed, this, [this] {
        emit changed();
        return Result<>();
    });
}

Answer<QString> BackupService::prepareRestore(const QString &path)
{
    if (!isOffered())
        return notOffered<QString>();
    return onSuccess(inspect(path), this, [this, path](const BackupContent &) {
        const auto safety = onOwnConnection(m_pool, options(), [](Database &database) {
            return storage::backUp(database, u"before-restore"_s);
        });
        return onSuccess(safety, this, [this, path](const QString &copy) {
            emit changed();
            return inMainThread(runIn(m_pool, [path, copy, options = m_base.storage.options()] {
                return storage::prepareRestore(path, options).map([&] { return copy; });
            }));
        });
    });
}

Answer<> BackupService::cancelRestore()
{
    return inMainThread(runIn(
        m_pool, [options = m_base.storage.options()] { return storage::cancelRestore(options); }));
}

bool BackupService::isRestorePrepared() const
{
    return storage::isRestorePrepared(m_base.storage.options());
}

} // namespace gatehouse::admin
