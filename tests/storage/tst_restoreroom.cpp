#include "storage/backup.h"
#include "storage/databasefile.h"
#include "storage/preparedrestore.h"

#include <QDir>
#include <QFile>
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
    void nothingIsLeftInAnEmptyPlace();

private:
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

void RestoreRoomTest::nothingIsLeftInAnEmptyPlace()
{
    QVERIFY(QFile::remove(m_options.path));
    {
        const auto room = RestoreRoom::make(m_options);
        QVERIFY(room && (*room)->damagedDatabase().isEmpty());
        QVERIFY(prepareDatabase(m_options));
    }

    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{u"backup.db"_s});
}

} // namespace gatehouse::storage

QTEST_GUILESS_MAIN(gatehouse::storage::RestoreRoomTest)
#include "tst_restoreroom.moc"
