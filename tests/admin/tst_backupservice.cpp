#include "storage/backup.h"
#include "storage/preparedrestore.h"
#include "storage/repositories/metarepository.h"
#include "support/administrationfixture.h"
#include "support/heldfile.h"

#include <QDir>
#include <QFileInfo>
#include <QSignalSpy>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;
using support::AdministrationFixture;
using support::HeldFile;

class BackupServiceTest : public QObject
{
    Q_OBJECT

private:
    static void addChannel(AdministrationFixture &house, const QString &name)
    {
        QVERIFY(house.wait(house.administration->channels.create(
            {Channel{.name = name,
                     .keys = {ChannelKey{.secret = base::Secret(u"a-key"_s)}},
                     .models = {u"m"_s}}})));
    }

private slots:
    void makesListsAndRemoves();
    void exportsToAPlaceOfChoice();
    void backsUpIntoAFolderOfChoice();
    void aPreparedRestoreIsApplied();
    void aPreparedRestoreStaysWhenTheNextFails();
    void aDamagedCopyIsRefused();
    void madeByItselfWhenTheNewestIsOld();
    void tellsOfAScheduledOneThatFails();
    void aFailureIsOverWhenThereIsABackup();
    void aWrongClockDoesNotPutItOff();
    void theOldestCanBeRestored();
    void whatStandsInPushesNoBackupOut();
    void anotherMasterKeyIsRefused();
    void cancellingLeavesNothing();
    void whoeverAskedForOneCanEndIt();
    void aCancelledOneIsNotBegunAnewAtOnce();
    void quittingBeginsNone();
};

void BackupServiceTest::makesListsAndRemoves()
{
    AdministrationFixture house;
    house.start();
    addChannel(house, u"one"_s);
    BackupService &backups = house.administration->backups;
    QVERIFY(backups.isOffered());

    const auto made = house.wait(backups.create());

    QVERIFY2(made, made ? "" : qPrintable(made.error().message.english() + made.error().detail));
    QCOMPARE(made->reason, u"manual"_s);
    QVERIFY(made->bytes > 0);
    QVERIFY(std::abs(made->madeAt.secsTo(QDateTime::currentDateTimeUtc())) < 600);
    QCOMPARE(house.wait(backups.list())->size(), size_t(1));
    const auto content = house.wait(backups.inspect(made->path));
    QCOMPARE(content->channels, 1);
    QCOMPARE(content->users, 1);
    QCOMPARE(house.wait(backups.remove(house.databasePath())).error().code,
             base::ErrorCode::NotFound);
    QVERIFY(house.wait(backups.remove(made->path)));
    QVERIFY(house.wait(backups.list())->empty());
}

void BackupServiceTest::exportsToAPlaceOfChoice()
{
    AdministrationFixture house;
    house.start();
    QTemporaryDir folder;
    const QString target = folder.filePath(u"copy.db"_s);

    QVERIFY(house.wait(house.administration->backups.exportTo(target)));

    QCOMPARE(QFileInfo(target).permissions() & QFile::ReadGroup, QFile::Permissions());
    addChannel(house, u"one"_s);
    QVERIFY(house.wait(house.administration->backups.exportTo(target)));
    QCOMPARE(house.wait(house.administration->backups.inspect(target))->channels, 1);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{u"copy.db"_s});
    QVERIFY(!house.wait(house.administration->backups.exportTo(house.databasePath())));
    QVERIFY(
        !house.wait(house.administration->backups.exportTo(folder.filePath(u"missing/copy.db"_s))));
}

void BackupServiceTest::backsUpIntoAFolderOfChoice()
{
    AdministrationFixture house;
    house.start();
    QTemporaryDir folder;
    const auto shared =
        QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup;
    QVERIFY(QFile::setPermissions(folder.path(), shared));
    BackupService &backups = house.administration->backups;
    QVERIFY(house.wait(backups.create()));
    const QString former = backups.directory();

    QVERIFY(house.wait(
        house.administration->settings.set(u"storage.backup_directory"_s, folder.path())));

    QCOMPARE(backups.directory(), folder.path());
    QVERIFY(house.wait(backups.list())->empty());
    const auto made = house.wait(backups.create());
    QVERIFY(made);
    QCOMPARE(QFileInfo(made->path).absolutePath(), QFileInfo(folder.path()).absoluteFilePath());
    QCOMPARE(house.wait(backups.list())->size(), size_t(1));
    QVERIFY(QFile::permissions(folder.path()).testFlag(QFile::ReadGroup)); // it is not ours
    QVERIFY(house.wait(house.administration->settings.reset(u"storage.backup_directory"_s)));
    QCOMPARE(backups.directory(), former);
    QCOMPARE(house.wait(backups.list())->size(), size_t(1));
}

void BackupServiceTest::aPreparedRestoreIsApplied()
{
    AdministrationFixture house;
    house.start();
    addChannel(house, u"kept"_s);
    const auto copy = house.wait(house.administration->backups.create());
    addChannel(house, u"later"_s);
    QVERIFY(!house.administration->backups.isRestorePrepared());

    const auto safety = house.wait(house.administration->backups.prepareRestore(copy->path));

    QVERIFY2(safety, safety ? "" : qPrintable(safety.error().message.english()));
    QVERIFY(safety->contains("before-restore"_L1));
    QVERIFY(house.administration->backups.isRestorePrepared());
    QCOMPARE(house.wait(house.administration->channels.list({}))->size(), size_t(2));
    const storage::DatabaseOptions options = house.storage->options();
    house.stop();
    const auto former = storage::applyPreparedRestore(options);
    QVERIFY(former && *former);
    QVERIFY(QFileInfo::exists(**former));
    house.start();
    const auto channels = house.wait(house.administration->channels.list({}));
    QCOMPARE(channels->size(), size_t(1));
    QCOMPARE(channels->front().name, u"kept"_s);
    QVERIFY(!house.administration->backups.isRestorePrepared());
    QCOMPARE(house.wait(house.administration->backups.inspect(*safety))->channels, 2);
    const auto history = house.wait(house.administration->history.page(
        house.root(), {.object = domain::HistoryObject::Backup}));
    const auto tellsOfIt = [](const domain::HistoryEntry &entry) {
        return entry.action == domain::HistoryAction::Restored;
    };
    QVERIFY(history);
    QVERIFY(std::any_of(history->entries.begin(), history->entries.end(), tellsOfIt));
}

void BackupServiceTest::aPreparedRestoreStaysWhenTheNextFails()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QTemporaryDir disk;
    QTemporaryDir elsewhere;
    addChannel(house, u"kept"_s);
    QVERIFY(
        house.wait(house.administration->settings.set(u"storage.backup_directory"_s, disk.path())));
    const auto first = house.wait(backups.create());
    QVERIFY(first && house.wait(backups.prepareRestore(first->path)));
    addChannel(house, u"later"_s);
    const QString second = elsewhere.filePath(u"second.db"_s);
    QVERIFY(house.wait(backups.exportTo(second)));
    QVERIFY(disk.remove()); // so that there can be no safety copy

    const auto prepared = house.wait(backups.prepareRestore(second));

    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, base::ErrorCode::Unavailable);
    QVERIFY(backups.isRestorePrepared());
    const storage::DatabaseOptions options = house.storage->options();
    house.stop();
    QVERIFY(storage::applyPreparedRestore(options));
    house.start();
    const auto channels = house.wait(house.administration->channels.list({}));
    QCOMPARE(channels->size(), size_t(1));
    QCOMPARE(channels->front().name, u"kept"_s);
}

void BackupServiceTest::aDamagedCopyIsRefused()
{
    AdministrationFixture house;
    house.start();
    QTemporaryDir folder;
    const QString path = folder.filePath(u"bad.db"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(100'000, 'x'));
    file.close();
    BackupService &backups = house.administration->backups;

    QVERIFY(!house.wait(backups.prepareRestore(path)));
    QVERIFY(!house.wait(backups.prepareRestore(u"/nonexistent.db"_s)));
    QVERIFY(!backups.isRestorePrepared());
    // One that was damaged after it was laid down does not keep the program from starting.
    const storage::DatabaseOptions options = house.storage->options();
    QVERIFY(storage::prepareRestore(path, options));
    QVERIFY(backups.isRestorePrepared());
    house.stop();
    QVERIFY(!storage::applyPreparedRestore(options));
    QVERIFY(storage::applyPreparedRestore(options));
    house.start();
    QVERIFY(house.wait(house.administration->backups.cancelRestore()));
}

void BackupServiceTest::madeByItselfWhenTheNewestIsOld()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    backups.startSchedule();
    QVERIFY(house.wait(house.administration->settings.set(u"storage.backup_interval"_s, u"24"_s)));

    QTRY_COMPARE(house.wait(backups.list())->size(), size_t(1));

    QCOMPARE(house.wait(backups.list())->front().reason, u"scheduled"_s);
    addChannel(house, u"changes the catalog"_s); // looks again; the newest is young
    QSignalSpy failed(&backups, &BackupService::scheduleFailed);
    QCOMPARE(house.wait(backups.list())->size(), size_t(1));
    QVERIFY(failed.isEmpty());
}

void BackupServiceTest::tellsOfAScheduledOneThatFails()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QFile inTheWay(backups.directory()); // where the folder is to be
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    inTheWay.close();
    QSignalSpy failed(&backups, &BackupService::scheduleFailed);
    backups.startSchedule();

    QVERIFY(house.wait(house.administration->settings.set(u"storage.backup_interval"_s, u"24"_s)));

    QTRY_VERIFY(!failed.isEmpty());
    const base::Error error = failed.front().front().value<base::Error>();
    QVERIFY(!error.message.isEmpty());
    QVERIFY(backups.scheduleFailure());
    QCOMPARE(backups.scheduleFailure()->reason, error.message);
    QVERIFY(backups.scheduleFailure()->at.isValid());
    QVERIFY(inTheWay.remove());
    addChannel(house, u"looks again"_s);
    QTRY_COMPARE(house.wait(backups.list())->size(), size_t(1));
    QTRY_VERIFY(!backups.scheduleFailure());
}

// One by hand is as good as the one that was due, and nothing is due that is switched off.
void BackupServiceTest::aFailureIsOverWhenThereIsABackup()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QFile inTheWay(backups.directory());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    inTheWay.close();
    const auto setInterval = [&house](const QString &hours) {
        return house.wait(house.administration->settings.set(u"storage.backup_interval"_s, hours));
    };
    backups.startSchedule();
    QVERIFY(setInterval(u"24"_s));
    QTRY_VERIFY(backups.scheduleFailure());

    QVERIFY(setInterval(u"0"_s));
    QVERIFY(!backups.scheduleFailure());
    QVERIFY(setInterval(u"24"_s));
    QTRY_VERIFY(backups.scheduleFailure());
    QVERIFY(inTheWay.remove());
    QVERIFY(house.wait(backups.create()));

    QVERIFY(!backups.scheduleFailure());
}

void BackupServiceTest::aWrongClockDoesNotPutItOff()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QVERIFY(QDir().mkpath(backups.directory()));
    QFile future(backups.directory() + u"/gatehouse-29990101-000000-000-manual.db"_s);
    QVERIFY(future.open(QIODevice::WriteOnly));
    backups.startSchedule();

    QVERIFY(house.wait(house.administration->settings.set(u"storage.backup_interval"_s, u"24"_s)));

    QTRY_COMPARE(house.wait(backups.list())->size(), size_t(2));
}

// The safety copy takes the last place that is kept.
void BackupServiceTest::theOldestCanBeRestored()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QVERIFY(house.wait(house.administration->settings.set(u"storage.kept_backups"_s, u"1"_s)));
    const auto oldest = house.wait(backups.create());
    QVERIFY(oldest);

    const auto safety = house.wait(backups.prepareRestore(oldest->path));

    QVERIFY2(safety, safety ? "" : qPrintable(safety.error().message.english()));
    QVERIFY(backups.isRestorePrepared());
    QVERIFY(QFile::exists(*safety));
}

// What stands in for a lost database has no settings, and thus no number of backups that are kept.
void BackupServiceTest::whatStandsInPushesNoBackupOut()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QVERIFY(house.wait(house.administration->settings.set(u"storage.kept_backups"_s, u"1"_s)));
    const auto only = house.wait(backups.create());
    QVERIFY(only);
    QFile note(house.storage->options().path + u".stand-in"_s);
    QVERIFY(note.open(QIODevice::WriteOnly));
    note.close();

    const auto safety = house.wait(backups.prepareRestore(only->path));

    QVERIFY(safety && safety->isEmpty());
    QVERIFY(backups.isRestorePrepared());
    QVERIFY(QFile::exists(only->path));
}

void BackupServiceTest::anotherMasterKeyIsRefused()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    const auto sealWith = [&](const QByteArray &key) {
        return house.wait(house.storage->write([key](storage::Database &database) {
            return storage::MetaRepository(database).save(storage::meta::masterKeyCheck, key);
        }));
    };
    QVERIFY(sealWith("the key of the other computer"));
    const auto foreign = house.wait(backups.create());
    QVERIFY(foreign);
    QVERIFY(sealWith("the key of this one"));

    const auto prepared = house.wait(backups.prepareRestore(foreign->path));

    QVERIFY(!prepared);
    QVERIFY(prepared.error().message.english().contains(u"another master key"_s));
    QVERIFY(!backups.isRestorePrepared());
    QCOMPARE(house.wait(backups.list())->size(), size_t(1));
}

// One job is done at a time, so that the copy waits for the reading of the file.
void BackupServiceTest::cancellingLeavesNothing()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QSignalSpy busy(&backups, &BackupService::busyChanged);
    QTemporaryDir folder;
    HeldFile held;
    QVERIFY(held.isMade());
    const auto reading = backups.inspect(held.path());
    const auto copying = backups.create();
    const auto exporting = backups.exportTo(folder.filePath(u"copy.db"_s));
    const auto preparing = backups.prepareRestore(held.path());
    QVERIFY(backups.isBusy());
    QVERIFY(backups.isBackingUp());

    backups.cancel();

    QVERIFY(!backups.isBackingUp());
    QVERIFY(held.release());
    QCOMPARE(house.wait(reading).error().code, base::ErrorCode::Cancelled);
    QCOMPARE(house.wait(copying).error().code, base::ErrorCode::Cancelled);
    QCOMPARE(house.wait(exporting).error().code, base::ErrorCode::Cancelled);
    QCOMPARE(house.wait(preparing).error().code, base::ErrorCode::Cancelled);
    QVERIFY(!backups.isBusy());
    QCOMPARE(busy.size(), 2);
    QVERIFY(house.wait(backups.list())->empty());
    QVERIFY(QDir(folder.path()).isEmpty());
    QVERIFY(house.wait(backups.create())); // the next one is not ended
}

void BackupServiceTest::whoeverAskedForOneCanEndIt()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    HeldFile held;
    QVERIFY(held.isMade());
    const auto reading = backups.inspect(held.path());
    std::stop_source stop;
    const auto ended = backups.create(u"before-import"_s, stop.get_token());
    const auto other = backups.create();

    stop.request_stop();

    QVERIFY(held.release());
    QVERIFY(!house.wait(reading));
    QCOMPARE(house.wait(ended).error().code, base::ErrorCode::Cancelled);
    QVERIFY(house.wait(other));
    QCOMPARE(house.wait(backups.list())->size(), size_t(1));
}

void BackupServiceTest::aCancelledOneIsNotBegunAnewAtOnce()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;
    QSignalSpy failed(&backups, &BackupService::scheduleFailed);
    backups.startSchedule();
    HeldFile first;
    HeldFile second;
    QVERIFY(first.isMade() && second.isMade());
    const auto before = backups.inspect(first.path());
    QVERIFY(house.wait(house.administration->settings.set(u"storage.backup_interval"_s, u"24"_s)));
    const auto listing = backups.list(); // after that of the schedule
    const auto between = backups.inspect(second.path());
    QVERIFY(first.release());
    QVERIFY(house.wait(listing)); // the copy waits now

    backups.cancel();

    QVERIFY(second.release());
    QVERIFY(!house.wait(before));
    QVERIFY(!house.wait(between));
    QTRY_VERIFY(!backups.isBusy());
    addChannel(house, u"changes the catalog"_s);
    QVERIFY(house.wait(backups.list())->empty());
    QVERIFY(failed.isEmpty());
}

void BackupServiceTest::quittingBeginsNone()
{
    AdministrationFixture house;
    house.start();
    BackupService &backups = house.administration->backups;

    backups.endWork();

    QCOMPARE(house.wait(backups.create()).error().code, base::ErrorCode::Cancelled);
    QVERIFY(storage::backupsIn(backups.directory()).isEmpty());
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::BackupServiceTest)
#include "tst_backupservice.moc"
