#include "admin/upkeep/backupservice.h"

#include "admin/boxsealer.h"
#include "admin/history/recording.h"
#include "base/logging.h"
#include "secrets/passphrasebox.h"
#include "storage/adoption.h"
#include "storage/backup.h"
#include "storage/migrations.h"
#include "storage/preparedrestore.h"
#include "storage/repositories/metarepository.h"

#include <QFileInfo>

#include <functional>
#include <utility>

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

constexpr QByteArrayView envelopeContext = "backup-secrets";

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

// Empty where there is no passphrase: a backup without secrets.
Result<QByteArray> envelopeOf(const secrets::MachineSecrets &machine,
                              const base::Secret &passphrase)
{
    if (passphrase.isEmpty())
        return QByteArray();
    if (machine.masterKey.isEmpty())
        return base::fail(ErrorCode::Unavailable,
                          Message::tr("There are no secrets that a backup could include."));
    return secrets::sealWithPassphrase(machine.serialised(), passphrase, envelopeContext);
}

// The master key that the backup was sealed with.
Result<base::Secret> masterKeyOf(const storage::BackupSummary &backup,
                                 const base::Secret &passphrase)
{
    if (passphrase.isEmpty()) {
        return base::fail(
            ErrorCode::InvalidInput,
            Message::tr("The keys in this backup open with the passphrase that it was made with."));
    }
    return secrets::openWithPassphrase(backup.secrets, passphrase, envelopeContext)
        .and_then(secrets::MachineSecrets::parse)
        .and_then([&](const secrets::MachineSecrets &machine) -> Result<base::Secret> {
            if (secrets::masterKeyFingerprint(machine.masterKey) != backup.masterKeyCheck) {
                return base::fail(
                    ErrorCode::InvalidInput,
                    Message::tr("The secrets in this backup are not those that its keys are "
                                "sealed with."));
            }
            return machine.masterKey;
        });
}

bool isSealedOtherwise(const storage::BackupSummary &backup,
                       const std::optional<QByteArray> &ownCheck)
{
    return ownCheck && !backup.masterKeyCheck.isEmpty() && *ownCheck != backup.masterKeyCheck;
}

// Lets this installation open the copy at `path`, which was sealed with the key of another one.
Result<>
adoptCopy(const QString &path, const storage::Adoption &adoption, const std::stop_token &stopped)
{
    storage::DatabaseOptions options;
    options.path = path;
    const Result<std::unique_ptr<Database>> copy =
        Database::open(options, Database::Access::ReadWrite);
    if (!copy)
        return base::fail(copy.error());
    return storage::adopt(**copy, adoption, stopped).and_then([&] {
        return storage::closeJournal(**copy);
    });
}

// What makes the backup one of this installation, if it is not. Nothing: it is.
using Adapt = std::function<Result<>(const QString &)>;
Result<Adapt> adaptionOf(Database &own,
                         const storage::KeySealer &sealer,
                         const storage::BackupSummary &backup,
                         const RestoreChoice &choice,
                         const std::stop_token &stopped)
{
    const storage::MetaRepository meta(own);
    const auto check = meta.find(storage::meta::masterKeyCheck);
    const auto source = meta.find(storage::meta::secretsSource);
    if (!check)
        return base::fail(check.error());
    if (!source)
        return base::fail(source.error());
    if (!isSealedOtherwise(backup, *check))
        return Adapt();
    std::shared_ptr<BoxSealer> from;
    if (!choice.withoutSecrets) {
        if (backup.secrets.isEmpty())
            return base::fail(sealedOtherwise());
        const Result<base::Secret> key = masterKeyOf(backup, choice.passphrase);
        if (!key)
            return base::fail(key.error());
        from = std::make_shared<BoxSealer>(*key);
    }
    return Adapt([from, &sealer, check = **check, source = *source, stopped](const QString &path) {
        return adoptCopy(
            path,
            {.from = from.get(), .to = sealer, .masterKeyCheck = check, .secretsSource = source},
            stopped);
    });
}

// The history ends with the backup; what is restored begins with the line that tells of it. A copy that an
// older version made has no history yet.
Result<> recordInCopy(const QString &copy, const QString &backup, const domain::Author &author)
{
    constexpr int withHistory = 18;
    storage::DatabaseOptions options;
    options.path = copy;
    const Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadWrite);
    if (!database)
        return base::fail(database.error());
    const Result<int> schema = storage::schemaNumber(**database);
    if (!schema)
        return base::fail(schema.error());
    if (*schema < withHistory)
        return storage::closeJournal(**database);
    return record(**database,
                  {.object = domain::HistoryObject::Backup,
                   .name = QFileInfo(backup).fileName(),
                   .action = domain::HistoryAction::Restored},
                  author)
        .and_then([&] { return storage::closeJournal(**database); });
}

} // namespace

BackupService::BackupService(const Foundation &foundation,
                             secrets::MachineSecrets machine,
                             QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_machine(std::move(machine))
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
    return make(reason, stop, {});
}

Answer<BackupListing> BackupService::createWithSecrets(const base::Secret &passphrase)
{
    if (passphrase.isEmpty()) {
        return refused<BackupListing>(ErrorCode::InvalidInput,
                                      Message::tr("The passphrase must not be empty."));
    }
    return make(u"manual-with-secrets"_s, {}, passphrase);
}

Answer<BackupListing> BackupService::make(const QString &reason,
                                          const std::stop_token &stop,
                                          const base::Secret &passphrase)
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
            [reason, follow, machine = m_machine, passphrase](Database &database) {
                return envelopeOf(machine, passphrase).and_then([&](const QByteArray &secrets) {
                    return storage::backUp(database, reason, secrets);
                });
            },
            both),
        both,
        true);
    return onSuccess(copied, this, [this, reason](const QString &path) {
        forgetFailure();
        emit changed();
        note(QFileInfo(path).fileName(),
             domain::HistoryAction::Created,
             reason == "scheduled"_L1 ? theProgram() : domain::ActingAs::present());
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
    if (interval.count() <= 0)
        forgetFailure();
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
        if (isThere)
            return scheduled(std::nullopt);
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
    if (!error)
        return forgetFailure();
    const bool isKnown = m_failure && m_failure->reason == error->message;
    m_failure = {.at = QDateTime::fromMSecsSinceEpoch(m_base.clock.wallMilliseconds()),
                 .reason = error->message};
    emit scheduleFailureChanged();
    if (isKnown)
        return;
    qCWarning(base::lcAdmin).noquote()
        << "A backup that was due was not made:" << error->message.english() << error->detail;
    emit scheduleFailed(*error);
}

void BackupService::forgetFailure()
{
    if (std::exchange(m_failure, std::nullopt))
        emit scheduleFailureChanged();
}

Answer<> BackupService::exportTo(const QString &path, const base::Secret &passphrase)
{
    if (!isOffered())
        return notOffered<void>();
    const std::stop_source stop;
    const auto copied = untilDone(
        m_work.run(
            m_base.storage.options(),
            Database::Access::ReadWrite,
            [path, machine = m_machine, passphrase](Database &database) {
                return envelopeOf(machine, passphrase).and_then([&](const QByteArray &secrets) {
                    return storage::copyDatabase(database, path, secrets);
                });
            },
            stop),
        stop);
    return onSuccess(copied, this, [this, path]() -> Result<> {
        note(path, domain::HistoryAction::Exported);
        return {};
    });
}

void BackupService::note(const QString &name,
                         domain::HistoryAction action,
                         const domain::Author &author)
{
    recordLater(m_base.storage,
                {.object = domain::HistoryObject::Backup, .name = name, .action = action},
                author);
}

Answer<BackupContent> BackupService::inspect(const QString &path)
{
    if (!isOffered())
        return notOffered<BackupContent>();
    const std::stop_source stop;
    const auto contentOf = [path,
                            stopped = stop.get_token()](Database &own) -> Result<BackupContent> {
        const auto backup = storage::inspectBackup(path, stopped);
        if (!backup)
            return base::fail(backup.error());
        const auto check = storage::MetaRepository(own).find(storage::meta::masterKeyCheck);
        if (!check)
            return base::fail(check.error());
        BackupContent content{.schema = backup->schema,
                              .channels = backup->channels,
                              .users = backup->users,
                              .records = backup->records};
        if (isSealedOtherwise(*backup, *check)) {
            content.secrets =
                backup->secrets.isEmpty() ? BackupSecrets::Lost : BackupSecrets::ByPassphrase;
        }
        return content;
    };
    return untilDone(m_work.run(options(), Database::Access::ReadOnly, contentOf, stop), stop);
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
    return onSuccess(removed, this, [this, path] {
        note(QFileInfo(path).fileName(), domain::HistoryAction::Removed);
        emit changed();
        return Result<>();
    });
}

// The copy is laid down before the safety copy is made, which may push the oldest backup out, and takes
// the place of one that waits only after it.
Answer<QString> BackupService::prepareRestore(const QString &path, const RestoreChoice &choice)
{
    if (!isOffered())
        return notOffered<QString>();
    const std::stop_source stop;
    const auto prepare = [path,
                          choice,
                          sealer = &m_base.sealer,
                          stopped = stop.get_token(),
                          author =
                              domain::ActingAs::present()](Database &database) -> Result<QString> {
        const auto backup = storage::inspectBackup(path, stopped);
        if (!backup)
            return base::fail(backup.error());
        const Result<Adapt> adapt = adaptionOf(database, *sealer, *backup, choice, stopped);
        if (!adapt)
            return base::fail(adapt.error());
        QString copy;
        const auto secure = [&database, &copy]() -> Result<> {
            // There is nothing in it, and the copy would push out backups by a number that nobody has set.
            if (storage::hasStandIn(database.options()))
                return {};
            Result<QString> made = storage::backUp(database, u"before-restore"_s);
            if (!made) // nothing is restored that could not be taken back
                return base::fail(made.error());
            copy = *made;
            return {};
        };
        const auto complete = [&](const QString &fresh) {
            const Result<> adapted = *adapt ? (*adapt)(fresh) : Result<>();
            return adapted.and_then([&] { return recordInCopy(fresh, path, author); });
        };
        return storage::prepareRestore(path, database.options(), stopped, secure, complete)
            .map([&copy] { return copy; });
    };
    const auto prepared =
        untilDone(m_work.run(options(), Database::Access::ReadWrite, prepare, stop), stop);
    return onSuccess(prepared, this, [this](const QString &copy) {
        forgetFailure();
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
