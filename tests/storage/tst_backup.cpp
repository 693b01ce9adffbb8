#include "storage/backup.h"
#include "storage/migrations.h"

#include "storage/databasefile.h"
#include "storage/interruption.h"
#include "storage/preparedrestore.h"
#include "storage/repositories/metarepository.h"
#include "storage/repositories/settingsrepository.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"
#include "support/temporarydatabase.h"

#include <QtTest>

#include <atomic>
#include <thread>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using storage::Dialect;
using support::TemporaryDatabase;

namespace {

// Adds a table to the SQLite file whose check takes minutes.
void makeSlowToCheck(const QString &path)
{
    const QString name = u"slow"_s;
    {
        QSqlDatabase file = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        file.setDatabaseName(path);
        QVERIFY(file.open());
        QSqlQuery query(file);
        for (const QString &statement :
             {u"PRAGMA journal_mode = DELETE"_s,
              u"CREATE TABLE slow (size INTEGER,"
              " digits INTEGER NOT NULL AS (length(hex(zeroblob(size * 1)))))"_s,
              u"INSERT INTO slow WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 "
              u"FROM"
              " numbers WHERE n < 200000) SELECT 100 FROM numbers"_s,
              // What is computed takes long from now on.
              u"PRAGMA writable_schema = ON"_s,
              u"UPDATE sqlite_schema SET sql = replace(sql, 'size * 1', 'size * 10000')"
              " WHERE name = 'slow'"_s})
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase(name);
}

// Until another connection reads the SQLite file, whose journal is none that readers share.
void waitForReader(const QString &path, const std::atomic<bool> &isOver)
{
    const QString name = u"lock"_s;
    {
        QSqlDatabase file = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        file.setDatabaseName(path);
        file.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=0"_s);
        QSqlQuery query(file.open() ? file : QSqlDatabase());
        while (!isOver && query.exec(u"BEGIN EXCLUSIVE"_s)) {
            query.exec(u"ROLLBACK"_s);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    QSqlDatabase::removeDatabase(name);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class BackupTest : public QObject
{
    Q_OBJECT

private slots:
    void aCopyIsWholeAndPrivate();
    void onlySomeAreKept();
    void copiesOfAPersonAreKept();
    void aFolderOfChoiceThatIsNotThere();
    void aCopyReplacesWhatWasThereOnceItIsWhole();
    void theDatabaseItselfIsNotOverwritten();
    void backupsOfOneMomentAreInTheOrderOfTheirMaking();
    void halfACopyIsNoBackup();
    void aCopyThatIsCancelledLeavesNothing();
    void aRestoreThatIsCancelledIsNotPrepared();
    void aPreparedRestoreWaitsUntilItsSuccessorIsSecured();
    void whatIsInTheJournalAloneIsRestored();
    void whatAPreparationLeftIsRemovedAtTheStart();
    void restoringKeepsWhatWasThere();
    void restoringEndsSessions();
    void restoringVoidsAccessTokens();
    void aDamagedBackupIsNotRestored();
    void aBackupOfANewerProgramIsNotRestored();
    void whatIsPutInPlaceNeedsNoJournal();
    void aCopyHasNoSecretsOfAnother();
    void aStopEndsTheInspection();
    void aStopAmidTheCheckIsToldAsSuch();
    void aStopEndsAStatement();
};

void BackupTest::aCopyIsWholeAndPrivate()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    QVERIFY(storage::UserRepository(temporary.database()).insert({.username = u"ann"_s}, "h"));

    const auto path = storage::backUp(temporary.database(), u"manual"_s);

    QVERIFY(path);
    QCOMPARE(QFile::permissions(*path),
             QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser);
    const auto summary = storage::inspectBackup(*path);
    QVERIFY(summary);
    QCOMPARE(summary->users, 1);
    QCOMPARE(summary->schema, storage::schemaNumber(temporary.database()).value());
}

void BackupTest::onlySomeAreKept()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    temporary.options().keptBackups = 2;
    QStringList paths;

    for (int i = 0; i < 4; ++i)
        paths.prepend(storage::backUp(temporary.database(), u"manual"_s).value());

    QCOMPARE(storage::backupsIn(temporary.options().effectiveBackupDirectory()), paths.first(2));
}

// Whoever keeps copies of their own in the folder loses none of them.
void BackupTest::copiesOfAPersonAreKept()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    temporary.options().keptBackups = 1;
    QVERIFY(storage::backUp(temporary.database(), u"manual"_s));
    const QDir folder(temporary.options().effectiveBackupDirectory());
    const QString first = QFileInfo(storage::backupsIn(folder.path()).front()).completeBaseName();
    const QStringList own{u"gatehouse-2026-11-29.db"_s,
                          u"gatehouse-copy.db"_s,
                          first + u" (Copy).db"_s,
                          first + u"-keep.db"_s};
    for (const QString &name : own)
        QVERIFY(storage::copyDatabase(temporary.database(), folder.filePath(name)));

    const auto last = storage::backUp(temporary.database(), u"scheduled"_s);

    QVERIFY(last);
    const QStringList left = folder.entryList(QDir::Files);
    QCOMPARE(left.size(), own.size() + 1);
    QVERIFY(left.contains(QFileInfo(*last).fileName()));
    for (const QString &name : own) {
        QVERIFY2(left.contains(name), qPrintable(name));
        QVERIFY2(!storage::backupNameOf(folder.filePath(name)), qPrintable(name));
    }
    QCOMPARE(storage::backupNameOf(*last)->reason, u"scheduled"_s);
}

// It may lie on a disk that is not connected: nothing is made where that would be mounted.
void BackupTest::aFolderOfChoiceThatIsNotThere()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    QTemporaryDir disk;
    temporary.options().backupDirectory = disk.filePath(u"gone"_s);

    const auto copied = storage::backUp(temporary.database(), u"manual"_s);

    QVERIFY(!copied);
    QVERIFY(copied.error().message.english().contains(u"is not there"_s));
    QVERIFY(!QFileInfo::exists(disk.filePath(u"gone"_s)));
}

void BackupTest::aCopyReplacesWhatWasThereOnceItIsWhole()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    QFile file(temporary.filePath(u"former.db"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("text") == 4);
    file.close();
    QFile rest(temporary.filePath(u"former.db.gatehouse-part"_s)); // of a copy that was cut short
    QVERIFY(rest.open(QIODevice::WriteOnly) && rest.write("half") == 4);
    rest.close();
    QFile foreign(temporary.filePath(u"former.db.part"_s)); // a download of somebody
    QVERIFY(foreign.open(QIODevice::WriteOnly) && foreign.write("much") == 4);
    foreign.close();

    QVERIFY(storage::copyDatabase(temporary.database(), file.fileName()));

    QVERIFY(storage::inspectBackup(file.fileName()));
    QVERIFY(!rest.exists());
    QCOMPARE(contentOf(foreign.fileName()), "much");
    QVERIFY(file.remove() && QDir().mkdir(file.fileName()));
    QVERIFY(!storage::copyDatabase(temporary.database(), file.fileName()));
    QVERIFY(!rest.exists());
}

void BackupTest::theDatabaseItselfIsNotOverwritten()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString own = temporary.options().path;
    const QString link = temporary.filePath(u"link.db"_s);
    QVERIFY(QFile::link(own, link));

    QFile secrets(temporary.filePath(u"secrets"_s));
    QVERIFY(secrets.open(QIODevice::WriteOnly) && secrets.write("key") == 3);
    secrets.close();
    const QString waiting = own + u".to-restore"_s;

    for (const QString &path : {own, QString(own + u"-wal"_s), link, secrets.fileName(), waiting})
        QVERIFY2(!storage::copyDatabase(temporary.database(), path), qPrintable(path));
    QVERIFY(storage::inspectBackup(own));
    QCOMPARE(contentOf(secrets.fileName()), "key");
    QVERIFY(!QFile::exists(waiting));
}

// As if the clock had not gone on since the backup before.
void BackupTest::backupsOfOneMomentAreInTheOrderOfTheirMaking()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString folder = temporary.database().options().effectiveBackupDirectory();
    const QString first = storage::backUp(temporary.database(), u"scheduled"_s).value();
    const QDateTime soon = QDateTime::currentDateTimeUtc().addMSecs(900);
    const QString newest =
        folder % u"/gatehouse-"_s % soon.toString(u"yyyyMMdd-HHmmss-zzz"_s) % u"-scheduled.db"_s;
    QVERIFY(QFile::rename(first, newest));

    const QString next = storage::backUp(temporary.database(), u"manual"_s).value();
    const QString last = storage::backUp(temporary.database(), u"manual"_s).value();

    QCOMPARE(storage::backupsIn(folder), QStringList({last, next, newest}));
}

void BackupTest::halfACopyIsNoBackup()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString folder = temporary.options().effectiveBackupDirectory();
    QVERIFY(QDir().mkpath(folder));
    QFile part(folder + u"/gatehouse-20260101-000000-000-scheduled.db.gatehouse-part"_s);
    QVERIFY(part.open(QIODevice::WriteOnly));
    part.close();
    QVERIFY(storage::backupsIn(folder).isEmpty());

    QVERIFY(storage::backUp(temporary.database(), u"manual"_s));

    QCOMPARE(storage::backupsIn(folder).size(), 1);
    QVERIFY(!part.exists());
}

void BackupTest::aCopyThatIsCancelledLeavesNothing()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    storage::Database &database = temporary.database();
    QVERIFY(storage::execute(
        database,
        u"INSERT INTO settings (key, value) WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL"
        " SELECT n + 1 FROM numbers WHERE n < 20000)"
        " SELECT 'setting-' || n, CAST(n AS TEXT) FROM numbers"_s));
    int asked = 0;
    database.setInterruption([&asked] { return ++asked > 2; }); // amid the copying

    const auto copied = storage::backUp(database, u"manual"_s);

    database.setInterruption({});
    QVERIFY(asked > 2);
    QVERIFY(!copied);
    QCOMPARE(copied.error().code, base::ErrorCode::Cancelled);
    const QDir folder(temporary.options().effectiveBackupDirectory());
    QCOMPARE(folder.entryList(QDir::Files | QDir::Hidden), QStringList());
    QVERIFY(storage::backUp(database, u"manual"_s)); // the connection is as good as before
}

void BackupTest::aRestoreThatIsCancelledIsNotPrepared()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString backup = storage::backUp(temporary.database(), u"manual"_s).value();
    std::stop_source stop;
    stop.request_stop();

    const auto prepared = storage::prepareRestore(backup, temporary.options(), stop.get_token());

    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, base::ErrorCode::Cancelled);
    QVERIFY(!storage::isRestorePrepared(temporary.options()));
    QVERIFY(!QFile::exists(temporary.options().path + u".to-restore.new"_s));
}

void BackupTest::aPreparedRestoreWaitsUntilItsSuccessorIsSecured()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString waiting = temporary.path() + u".to-restore"_s;
    const QString first = storage::backUp(temporary.database(), u"manual"_s).value();
    QVERIFY(storage::UserRepository(temporary.database()).insert({.username = u"ann"_s}, "h"));
    const QString second = storage::backUp(temporary.database(), u"manual"_s).value();
    QVERIFY(contentOf(first) != contentOf(second));
    QByteArray meanwhile;
    base::Result<> secured;
    const auto prepare = [&](const QString &backup) {
        return storage::prepareRestore(backup, temporary.options(), {}, [&] {
            meanwhile = contentOf(waiting);
            return secured;
        });
    };

    QVERIFY(prepare(first));
    QVERIFY(meanwhile.isEmpty()); // none is restored that could not be taken back
    QCOMPARE(contentOf(waiting), contentOf(first));
    secured = base::fail(base::ErrorCode::Cancelled, base::Message());
    QCOMPARE(prepare(second).error().code, base::ErrorCode::Cancelled);
    QCOMPARE(meanwhile, contentOf(first));
    QCOMPARE(contentOf(waiting), contentOf(first));
    QVERIFY(!QFile::exists(waiting + u".new"_s));
    secured = {};
    QVERIFY(prepare(second));
    QCOMPARE(meanwhile, contentOf(first));
    QCOMPARE(contentOf(waiting), contentOf(second));
}

void BackupTest::whatIsInTheJournalAloneIsRestored()
{
    TemporaryDatabase source(Dialect::Kind::Sqlite);
    QVERIFY(storage::UserRepository(source.database()).insert({.username = u"ann"_s}, "h"));
    QVERIFY(QFileInfo(source.path() + u"-wal"_s).size() > 0);
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString waiting = temporary.path() + u".to-restore"_s;

    QVERIFY(storage::prepareRestore(source.path(), temporary.options()));

    source.close(); // the copy stands alone
    QCOMPARE(QFile::permissions(waiting),
             QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser);
    QVERIFY(!QFile::exists(waiting + u"-wal"_s));
    const auto summary = storage::inspectBackup(waiting);
    QVERIFY(summary);
    QCOMPARE(summary->users, 1);
}

void BackupTest::whatAPreparationLeftIsRemovedAtTheStart()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString left = temporary.path() + u".to-restore.new"_s;
    const QString backup = storage::backUp(temporary.database(), u"manual"_s).value();
    temporary.close();
    QVERIFY(QFile::copy(backup, left));

    const auto restored = storage::applyPreparedRestore(temporary.options());

    QVERIFY(restored && !*restored); // nobody was told that it is prepared
    QVERIFY(!QFile::exists(left));
}

void BackupTest::restoringKeepsWhatWasThere()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const auto mark = [&](const QString &value) {
        return storage::SettingsRepository(temporary.database()).save(u"mark"_s, value);
    };
    QVERIFY(mark(u"old"_s));
    const QString backup = storage::backUp(temporary.database(), u"manual"_s).value();
    QVERIFY(mark(u"new"_s));
    temporary.close();

    const auto aside = storage::restoreBackup(backup, temporary.options());

    QVERIFY(aside);
    storage::DatabaseOptions former = temporary.options();
    former.path = *aside;
    const auto setAside = storage::Database::open(former, storage::Database::Access::ReadWrite);
    QVERIFY(setAside);
    QCOMPARE(storage::SettingsRepository(**setAside).find(u"mark"_s)->value(), u"new"_s);
    QVERIFY(storage::prepareDatabase(temporary.options()));
    QCOMPARE(storage::SettingsRepository(temporary.database()).find(u"mark"_s)->value(), u"old"_s);
}

void BackupTest::restoringEndsSessions()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const auto users = [&temporary] { return storage::UserRepository(temporary.database()); };
    const domain::UserId id = users().insert({.username = u"ann"_s}, "hash").value();
    const QString backup = storage::backUp(temporary.database(), u"manual"_s).value();
    // A session of this epoch was signed and then ended.
    QCOMPARE(users().raiseSessionEpoch(id).value(), 1);
    QCOMPARE(users().raiseSessionEpoch(id).value(), 2);
    temporary.close();

    QVERIFY(storage::restoreBackup(backup, temporary.options()));
    QVERIFY(storage::prepareDatabase(temporary.options()));

    const qint64 first = users().find(id)->sessionEpoch;
    QVERIFY2(first > 2, QByteArray::number(first).constData());
    temporary.close();
    QVERIFY(storage::restoreBackup(backup, temporary.options()));
    QVERIFY(storage::prepareDatabase(temporary.options()));
    QVERIFY(users().find(id)->sessionEpoch >= first);
}

// One that was voided since the backup must not count again.
void BackupTest::restoringVoidsAccessTokens()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const auto users = [&temporary] { return storage::UserRepository(temporary.database()); };
    const domain::UserId ann = users().insert({.username = u"ann"_s}, "hash").value();
    const domain::UserId bob = users().insert({.username = u"bob"_s}, "hash").value();
    QVERIFY(users().setAccessTokenHash(ann, "the hash of ann's token"));
    QVERIFY(users().setAccessTokenHash(bob, "the hash of bob's token"));
    const QString backup = storage::backUp(temporary.database(), u"manual"_s).value();
    QVERIFY(users().signOut(ann));
    temporary.close();

    QVERIFY(storage::restoreBackup(backup, temporary.options()));
    QVERIFY(storage::prepareDatabase(temporary.options()));

    for (const QByteArray &hash : {"the hash of ann's token"_ba, "the hash of bob's token"_ba})
        QVERIFY(!users().findByAccessToken(hash)->has_value());
    QCOMPARE(users().find(bob)->username, u"bob"_s);
}

void BackupTest::aDamagedBackupIsNotRestored()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    QFile backup(temporary.filePath(u"broken.db"_s));
    QVERIFY(backup.open(QIODevice::WriteOnly) && backup.write(QByteArray(8192, 'x')) > 0);
    backup.close();

    QVERIFY(!storage::restoreBackup(backup.fileName(), temporary.options()));
    QVERIFY(storage::prepareDatabase(temporary.options()));
}

// In the place of the database it would keep every start from succeeding.
void BackupTest::aBackupOfANewerProgramIsNotRestored()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const int newest = storage::schemaNumber(temporary.database()).value();
    QCOMPARE(storage::presentSchema().value(), newest);
    QVERIFY(storage::SettingsRepository(temporary.database()).save(u"mark"_s, u"present"_s));
    const QString backup = storage::backUp(temporary.database(), u"manual"_s).value();
    {
        storage::DatabaseOptions options;
        options.path = backup;
        const auto copy = storage::Database::open(options, storage::Database::Access::ReadWrite);
        QVERIFY(copy);
        QVERIFY(storage::execute(**copy,
                                 u"INSERT INTO schema_migrations (number, name, applied_at)"
                                 " VALUES (:number, 'later', 0)"_s,
                                 {{u":number"_s, newest + 1}}));
        QVERIFY(storage::SettingsRepository(**copy).save(u"mark"_s, u"newer"_s));
    }
    temporary.close();

    const auto summary = storage::inspectBackup(backup);
    const auto restored = storage::restoreBackup(backup, temporary.options());

    QVERIFY(!summary);
    QVERIFY(summary.error().message.english().contains(u"newer version"_s));
    QVERIFY(!restored);
    QVERIFY(storage::prepareDatabase(temporary.options()));
    QCOMPARE(storage::SettingsRepository(temporary.database()).find(u"mark"_s)->value(),
             u"present"_s);
}

// Byte 18 of the file: 1 for a journal that is there during changes alone, 2 for one beside it.
void BackupTest::whatIsPutInPlaceNeedsNoJournal()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString backup = storage::backUp(temporary.database(), u"manual"_s).value();
    temporary.close();
    QCOMPARE(contentOf(temporary.path()).at(18), char(2));

    QVERIFY(storage::restoreBackup(backup, temporary.options()));

    QCOMPARE(contentOf(temporary.path()).at(18), char(1));
}

// The database was once such a copy, and was put in its place by hand.
void BackupTest::aCopyHasNoSecretsOfAnother()
{
    const QByteArray former = "what-a-former-passphrase-protects";
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    QVERIFY(
        storage::MetaRepository(temporary.database()).save(storage::meta::backupSecrets, former));

    const QString scheduled = storage::backUp(temporary.database(), u"scheduled"_s).value();
    const QString chosen =
        storage::backUp(temporary.database(), u"manual-with-secrets"_s, "others").value();

    QVERIFY(storage::inspectBackup(scheduled)->secrets.isEmpty());
    QCOMPARE(storage::inspectBackup(chosen)->secrets, QByteArray("others"));
    QVERIFY(!contentOf(scheduled).contains(former));
    QVERIFY(!contentOf(chosen).contains(former));
}

void BackupTest::aStopEndsTheInspection()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const auto path = storage::backUp(temporary.database(), u"manual"_s);
    QVERIFY(path);
    std::stop_source stop;
    stop.request_stop();

    const auto summary = storage::inspectBackup(*path, stop.get_token());

    QVERIFY(!summary);
    QCOMPARE(summary.error().code, base::ErrorCode::Cancelled);
}

// SQLite breaks it off, and that is no time that ran out.
void BackupTest::aStopAmidTheCheckIsToldAsSuch()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    const QString path = storage::backUp(temporary.database(), u"manual"_s).value();
    makeSlowToCheck(path);
    std::stop_source stop;
    std::atomic<bool> isOver = false;
    std::thread stopper([&path, &isOver, &stop] {
        waitForReader(path, isOver);
        stop.request_stop();
    });

    const auto schema = storage::inspectDatabaseFile(path, true, stop.get_token());

    isOver = true;
    stopper.join();
    QVERIFY(!schema);
    QCOMPARE(schema.error().code, base::ErrorCode::Cancelled);
}

// One that would never end by itself.
void BackupTest::aStopEndsAStatement()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    std::stop_source stop;
    const storage::Interruption interruption(temporary.database(), stop.get_token());
    std::thread stopper([&stop] { stop.request_stop(); });

    const auto rows = storage::numberOf(
        temporary.database(),
        storage::execute(temporary.database(),
                         u"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM"
                         " numbers) SELECT count(*) FROM numbers"_s));

    stopper.join();
    QVERIFY(!rows);
    QCOMPARE(temporary.database().fault(), storage::Fault::Interrupted);
}

QTEST_GUILESS_MAIN(BackupTest)
#include "tst_backup.moc"
