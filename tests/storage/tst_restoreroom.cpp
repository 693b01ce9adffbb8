#include "storage/backup.h"
#include "storage/databasefile.h"
#include "storage/preparedrestore.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::storage {

// Where a backup is to be restored and the database is gone or damaged.
class RestoreRoomTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aWholeDatabaseStays();
    void damageIsRecognized_data();
    void damageIsRecognized();
    void aDamagedOneIsKeptBesideTheRestored();
    void aDamagedOneComesBackWhereNothingIsRestored();
    void aDamagedOneComesBackWhenTheRestoreIsGivenUp();
    void aDamagedOneComesBackAtTheNextStart();
    void aDamagedOneComesBackWhenTheCopyIsRefused();
    void aNoteAloneMovesNothing();
    void aMoveThatFailsIsTakenBack();
    void aJournalFollowsItsDatabase();
    void aMoveThatWasCutShortIsTakenBackForARefusedCopy();
    void nothingIsLeftInAnEmptyPlace();

private:
    void leaveStandInBehind() const;
    QString asidePath() const;
    void write(const QByteArray &content) const;
    QByteArray read(const QString &path) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    DatabaseOptions m_options{};
    QString m_backup{};
};

void RestoreRoomTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_options = {.path = m_folder->filePath(u"gatehouse.db"_s)};
    m_backup = m_folder->filePath(u"backup.db"_s);
    QVERIFY(prepareDatabase(m_options));
    QVERIFY(QFile::copy(m_options.path, m_backup));
}

void RestoreRoomTest::write(const QByteArray &content) const
{
    QFile file(m_options.path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

QByteArray RestoreRoomTest::read(const QString &path) const
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void RestoreRoomTest::aWholeDatabaseStays()
{
    {
        const auto room = RestoreRoom::make(m_options);
        QVERIFY(room && (*room)->damagedDatabase().isEmpty());
        QVERIFY(QFile::exists(m_options.path));
    }
    QVERIFY(inspectDatabaseFile(m_options.path));
}

void RestoreRoomTest::damageIsRecognized_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("isDamaged");

    QTest::newRow("whole") << u"whole"_s << false;
    QTest::newRow("gone") << u"gone"_s << false;
    QTest::newRow("empty") << u"empty"_s << true;
    QTest::newRow("cut off") << u"cut"_s << true;
    QTest::newRow("overwritten") << u"overwritten"_s << true;
    QTest::newRow("no database") << u"text"_s << true;
    QTest::newRow("a journal alone") << u"journal"_s << true;
}

void RestoreRoomTest::damageIsRecognized()
{
    QFETCH(QString, state);
    QFETCH(bool, isDamaged);
    constexpr qsizetype page = 4096;
    const QByteArray good = read(m_options.path);
    if (state == "empty"_L1)
        write({});
    else if (state == "cut"_L1)
        write(good.first(good.size() / 2));
    else if (state == "overwritten"_L1)
        write(good.first(page).leftJustified(good.size(), char(0xa5)));
    else if (state == "text"_L1)
        write("notes");
    else if (state != "whole"_L1)
        QVERIFY(QFile::remove(m_options.path));
    if (state == "journal"_L1)
        QVERIFY(QFile::copy(m_backup, m_options.path + u"-wal"_s));

    QCOMPARE(isDamagedDatabase(m_options.path), isDamaged);
}

void RestoreRoomTest::aDamagedOneIsKeptBesideTheRestored()
{
    write("damaged");
    QString aside;
    {
        const auto room = RestoreRoom::make(m_options);
        QVERIFY(room);
        aside = (*room)->damagedDatabase();
        QVERIFY(!QFile::exists(m_options.path));
        QVERIFY(prepareDatabase(m_options));
        QVERIFY(prepareRestore(m_backup, m_options));
    }

    QVERIFY(applyPreparedRestore(m_options));

    QVERIFY(inspectDatabaseFile(m_options.path));
    QVERIFY(!hasStandIn(m_options));
    QCOMPARE(read(aside), "damaged");
}

void RestoreRoomTest::aDamagedOneComesBackWhereNothingIsRestored()
{
    write("damaged");
    {
        const auto room = RestoreRoom::make(m_options);
        QVERIFY(room);
        QVERIFY(prepareDatabase(m_options));
    }

    QCOMPARE(read(m_options.path), "damaged");
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files),
             QStringList({u"backup.db"_s, u"gatehouse.db"_s}));
}

// As a program does that is ended while it prepares a restore.
void RestoreRoomTest::leaveStandInBehind() const
{
    const QString note = m_options.path + u".stand-in"_s;
    write("damaged");
    auto room = RestoreRoom::make(m_options);
    QVERIFY(room);
    QVERIFY(prepareDatabase(m_options));
    QVERIFY(QFile::copy(note, note + u".kept"_s));
    const QString aside = (*room)->damagedDatabase();
    QVERIFY(QFile::copy(aside, aside + u".kept"_s));
    room->reset();
    QVERIFY(QFile::remove(m_options.path));
    QVERIFY(QFile::rename(aside + u".kept"_s, aside));
    QVERIFY(QFile::rename(note + u".kept"_s, note));
    QVERIFY(prepareDatabase(m_options));
}

void RestoreRoomTest::aDamagedOneComesBackWhenTheRestoreIsGivenUp()
{
    write("damaged");
    {
        const auto room = RestoreRoom::make(m_options);
        QVERIFY(room);
        QVERIFY(prepareDatabase(m_options));
        QVERIFY(prepareRestore(m_backup, m_options));
    }
    QVERIFY(inspectDatabaseFile(m_options.path));

    QVERIFY(cancelRestore(m_options).and_then([&] { return leaveStandIn(m_options); }));

    QCOMPARE(read(m_options.path), "damaged");
    QVERIFY(!isRestorePrepared(m_options));
}

void RestoreRoomTest::aDamagedOneComesBackAtTheNextStart()
{
    leaveStandInBehind();
    QVERIFY(inspectDatabaseFile(m_options.path));

    const auto applied = applyPreparedRestore(m_options);

    QVERIFY(applied && !*applied);
    QCOMPARE(read(m_options.path), "damaged");
    QVERIFY(applyPreparedRestore(m_options)); // and stays
    QCOMPARE(read(m_options.path), "damaged");
}

void RestoreRoomTest::aDamagedOneComesBackWhenTheCopyIsRefused()
{
    leaveStandInBehind();
    QFile waiting(m_options.path + u".to-restore"_s);
    QVERIFY(waiting.open(QIODevice::WriteOnly) && waiting.write("no copy") > 0);
    waiting.close();

    QVERIFY(!applyPreparedRestore(m_options));

    QCOMPARE(read(m_options.path), "damaged");
}

void RestoreRoomTest::aNoteAloneMovesNothing()
{
    QFile note(m_options.path + u".stand-in"_s);
    QVERIFY(note.open(QIODevice::WriteOnly) && note.write("gatehouse.db.damaged-1") > 0);
    note.close();

    QVERIFY(leaveStandIn(m_options));

    QVERIFY(inspectDatabaseFile(m_options.path));
    QVERIFY(!note.exists());
}

void RestoreRoomTest::aMoveThatFailsIsTakenBack()
{
    const QString target = m_folder->filePath(u"elsewhere.db"_s);
    QVERIFY(QFile::copy(m_backup, m_options.path + u"-wal"_s));
    QVERIFY(QFile::copy(m_backup, target + u"-wal"_s));

    QVERIFY(!moveDatabase(m_options.path, target));

    QVERIFY(QFile::exists(m_options.path) && QFile::exists(m_options.path + u"-wal"_s));
    QVERIFY(!QFile::exists(target));
}

// Where the start moves the database to that puts the waiting copy in place.
QString RestoreRoomTest::asidePath() const
{
    const QFileInfo waiting(m_options.path + u".to-restore"_s);
    return m_options.path % u".replaced-"_s
           % waiting.lastModified().toUTC().toString(u"yyyyMMdd-HHmmss-zzz"_s);
}

void RestoreRoomTest::aMoveThatWasCutShortIsTakenBackForARefusedCopy()
{
    QFile waiting(m_options.path + u".to-restore"_s);
    QVERIFY(waiting.open(QIODevice::WriteOnly) && waiting.write("no copy") > 0);
    waiting.close();
    QVERIFY(QFile::rename(m_options.path, asidePath()));

    QVERIFY(!applyPreparedRestore(m_options));

    QVERIFY(inspectDatabaseFile(m_options.path));
}

// A start that was ended after it had moved the file, and before it moved the journal.
void RestoreRoomTest::aJournalFollowsItsDatabase()
{
    QVERIFY(prepareRestore(m_backup, m_options));
    const QString aside = asidePath();
    QVERIFY(QFile::rename(m_options.path, aside));
    QFile journal(m_options.path + u"-wal"_s);
    QVERIFY(journal.open(QIODevice::WriteOnly) && journal.write("last changes") > 0);
    journal.close();

    const auto former = applyPreparedRestore(m_options);

    QVERIFY(former && *former == aside);
    QCOMPARE(read(aside + u"-wal"_s), "last changes");
    QVERIFY(inspectDatabaseFile(m_options.path));
}

void RestoreRoomTest::nothingIsLeftInAnEmptyPlace()
{
    QVERIFY(QFile::remove(m_options.path));
    {
        const auto room = RestoreRoom::make(m_options);
        QVERIFY(room && (*room)->damagedDatabase().isEmpty());
        QVERIFY(prepareDatabase(m_options));
        QVERIFY(hasStandIn(m_options));
    }

    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{u"backup.db"_s});
}

} // namespace gatehouse::storage

QTEST_GUILESS_MAIN(gatehouse::storage::RestoreRoomTest)
#include "tst_restoreroom.moc"
