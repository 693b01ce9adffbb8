#pragma once

#include "admin/foundation.h"
#include "admin/upkeep/backupfailure.h"
#include "admin/upkeep/ownconnection.h"
#include "domain/history.h"
#include "secrets/machinesecrets.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QObject>
#include <QTimer>

#include <optional>
#include <stop_token>
#include <vector>

namespace gatehouse::admin {

// A copy of the database in the folder of backups.
struct BackupListing
{
    QString path{};
    QString fileName{};
    QDateTime madeAt{};
    QString
        reason{}; // "manual", "manual-with-secrets", "scheduled", "before-restore", "before-import", "migration-…"
    qint64 bytes = 0;
};

// Whether this installation can open the keys in a backup.
enum class BackupSecrets {
    OpenHere,
    ByPassphrase, // it was made elsewhere and holds the secrets that open it
    Lost,         // it was made elsewhere, with another master key
};

struct BackupContent
{
    int schema = 0;
    qint64 channels = 0;
    qint64 users = 0;
    qint64 records = 0;
    BackupSecrets secrets = BackupSecrets::OpenHere;
};

// How a backup is restored whose keys this installation cannot open.
struct RestoreChoice
{
    base::Secret passphrase{};   // of BackupSecrets::ByPassphrase
    bool withoutSecrets = false; // its keys are given up, and what they open is entered anew
};

// Copies of the SQLite database. PostgreSQL is refused: it has tools of its own. Lives in the main
// thread; files are read and written in others.
class BackupService : public QObject
{
    Q_OBJECT

public:
    // `machine` is what a passphrase protects in a backup that is to hold it.
    explicit BackupService(const Foundation &foundation,
                           secrets::MachineSecrets machine = {},
                           QObject *parent = nullptr);
    ~BackupService() override;
    // Breaks off what runs in another thread.
    void endWork() { m_work.end(); }

    QString directory() const;
    bool isOffered() const; // false on PostgreSQL

    // From now on backups are made by the setting storage.backup_interval.
    void startSchedule();

    // Absent: nothing is due, or a backup of whatever kind was made since.
    const std::optional<BackupFailure> &scheduleFailure() const { return m_failure; }

    // The newest first.
    Answer<std::vector<BackupListing>> list();
    // Into the folder of backups. Older ones beyond the setting storage.kept_backups are removed. A request
    // to `stop` is like cancel() for this one.
    Answer<BackupListing> create(const QString &reason = QStringLiteral("manual"),
                                 const std::stop_token &stop = {});
    // As create() by hand; it holds the secrets of this installation, sealed by the passphrase.
    Answer<BackupListing> createWithSecrets(const base::Secret &passphrase);
    // A copy to a place of the user's choice, in the place of what is there. Keys in it stay sealed
    // with the master key of this installation, which it holds where there is a passphrase.
    Answer<> exportTo(const QString &path, const base::Secret &passphrase = {});
    // Reads every page of a copy, which may lie anywhere, and says what is in it.
    Answer<BackupContent> inspect(const QString &path);
    Answer<> remove(const QString &path);

    // Checks the copy, makes a safety copy of what is there, and lays the copy down so that the next start
    // of the program begins with it. Gives the path of the safety copy. Until then nothing changes, and
    // cancelRestore() forgets it. One that was prepared before stays where this fails or is cancelled.
    // What is sealed with another master key is sealed anew with that of this installation, or refused
    // unless `choice` gives it up. A wrong passphrase is answered with Denied.
    Answer<QString> prepareRestore(const QString &path, const RestoreChoice &choice = {});
    Answer<> cancelRestore();
    // True if the next start restores a copy.
    bool isRestorePrepared() const;

    // Ends what runs or waits of copies, inspections and preparations, whoever began it: it answers with
    // Cancelled, and nothing is left of it. One that is made by schedule is made an hour later.
    void cancel();
    // Whether there is something that cancel() would end.
    bool isBusy() const { return !m_running.empty(); }
    // Whether a backup is being made or waits to be, whoever asked for it. One that was cancelled is not.
    bool isBackingUp() const;

signals:
    void busyChanged();
    // One was made or removed by this service.
    void changed();
    // One that was due could not be made; it is tried again within the hour. Emitted, and logged, once
    // until the reason is another one.
    void scheduleFailed(const gatehouse::base::Error &error);
    // Also of its time alone, at each attempt that fails.
    void scheduleFailureChanged();

private:
    struct Running
    {
        std::stop_source stop;
        bool isBackup = false;
    };

    storage::DatabaseOptions options() const;
    template<typename T>
    Answer<T> untilDone(Answer<T> work, const std::stop_source &stop, bool isBackup = false);
    Answer<BackupListing>
    make(const QString &reason, const std::stop_token &stop, const base::Secret &passphrase);
    void note(const QString &name,
              domain::HistoryAction action,
              const domain::Author &author = domain::ActingAs::present());
    void makeIfDue();
    void scheduled(const std::optional<base::Error> &error);
    void forgetFailure();

    const Foundation m_base;
    const secrets::MachineSecrets m_machine;
    QTimer m_schedule;
    std::optional<BackupFailure> m_failure{};
    bool m_isMaking = false;    // one that was due
    QDeadlineTimer m_putOff{0}; // until then none is made by schedule
    std::vector<Running> m_running{};
    OwnConnection m_work;
};

} // namespace gatehouse::admin
