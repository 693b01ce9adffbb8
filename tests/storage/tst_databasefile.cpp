#include "storage/databasefile.h"
#include "storage/migrations.h"

#include "storage/repositories/settingsrepository.h"
#include "support/temporarydatabase.h"

#include <QSqlQuery>
#include <QtTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using storage::Dialect;
using support::TemporaryDatabase;

// POSIX only: it gives up the rights of root for a while, since root may write everywhere.
class DatabaseFileTest : public QObject
{
    Q_OBJECT

private slots:
    void aNewFileIsPrivateAndWhole();
    void whatWasLeftUnfinishedIsBegunAnew();
    void aDamagedFileIsRefusedAndUntouched_data();
    void aDamagedFileIsRefusedAndUntouched();
    void aForeignDatabaseIsRefused();
    void aMissingFileWithAJournalIsRefused();
    void aDamagedLedgerIsFoundByAThoroughLook();
    void withoutPermission_data();
    void withoutPermission();
};

static QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

static bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

static int presentSchema()
{
    const storage::DatabaseOptions options; // of SQLite
    return storage::migrationsIn(options.dialect().migrationFolder()).value().back().number;
}

void DatabaseFileTest::aNewFileIsPrivateAndWhole()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);

    QCOMPARE(QFile::permissions(temporary.path()) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QCOMPARE(storage::inspectDatabaseFile(temporary.path(), true).value(), presentSchema());
    QVERIFY(!QFile::exists(temporary.path() + u".unfinished"_s));
    QSqlQuery query(temporary.database().connection());
    QVERIFY(query.exec(u"PRAGMA journal_mode"_s) && query.next());
    QCOMPARE(query.value(0).toString(), u"wal"_s);
    QVERIFY(query.exec(u"PRAGMA foreign_keys"_s) && query.next());
    QCOMPARE(query.value(0).toInt(), 1);
}

void DatabaseFileTest::whatWasLeftUnfinishedIsBegunAnew()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite, false);
    QVERIFY(write(temporary.path() + u".unfinished"_s, "half"));

    QVERIFY(storage::prepareDatabase(temporary.options()));
    QCOMPARE(storage::inspectDatabaseFile(temporary.path()).value(), presentSchema());
}

void DatabaseFileTest::aDamagedFileIsRefusedAndUntouched_data()
{
    using Damage = std::function<QByteArray(QByteArray)>;
    QTest::addColumn<Damage>("damage");

    QTest::newRow("zeroed header")
        << Damage([](QByteArray bytes) { return bytes.replace(0, 100, QByteArray(100, '\0')); });
    QTest::newRow("empty") << Damage([](const QByteArray &) { return QByteArray(""); });
    QTest::newRow("a text") << Damage(
        [](const QByteArray &) { return QByteArray("Dear diary,\n"); });
    QTest::newRow("half of it") << Damage(
        [](const QByteArray &bytes) { return bytes.first(bytes.size() / 2); });
    for (const int page : {1, 3, 5, 8, 12, 20}) {
        QTest::addRow("page %d overwritten", page) << Damage([page](QByteArray bytes) {
            return bytes.replace(page * 4096, 4096, QByteArray(4096, '\x77'));
        });
    }
}

void DatabaseFileTest::aDamagedFileIsRefusedAndUntouched()
{
    using Damage = std::function<QByteArray(QByteArray)>;
    QFETCH(Damage, damage);
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    QVERIFY(storage::SettingsRepository(temporary.database()).save(u"a"_s, u"b"_s));
    temporary.close();
    const QByteArray whole = contentOf(temporary.path());
    const QByteArray bytes = damage(whole);
    QVERIFY(bytes != whole);
    QVERIFY(write(temporary.path(), bytes));

    const auto prepared = storage::prepareDatabase(temporary.options());

    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, base::ErrorCode::Unavailable);
    QVERIFY2(prepared.error().message.english().contains(temporary.path()),
             qPrintable(prepared.error().message.english()));
    QVERIFY(prepared.error().message.english().contains("damaged"_L1));
    QCOMPARE(contentOf(temporary.path()), bytes);
}

void DatabaseFileTest::aForeignDatabaseIsRefused()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite, false);
    QVERIFY(write(temporary.path(), {}));
    QSqlQuery query(temporary.database().connection());
    QVERIFY(query.exec(u"CREATE TABLE users (id integer)"_s));
    temporary.close();
    const QByteArray bytes = contentOf(temporary.path());

    const auto prepared = storage::prepareDatabase(temporary.options());

    QVERIFY(!prepared);
    QVERIFY(prepared.error().message.english().contains("not one of Gatehouse"_L1));
    QCOMPARE(contentOf(temporary.path()), bytes);
}

void DatabaseFileTest::aMissingFileWithAJournalIsRefused()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite, false);
    QVERIFY(write(temporary.path() + u"-wal"_s, "journal"));

    QVERIFY(!storage::prepareDatabase(temporary.options()));
    QVERIFY(!QFile::exists(temporary.path()));
    QCOMPARE(contentOf(temporary.path() + u"-wal"_s), "journal");
}

void DatabaseFileTest::aDamagedLedgerIsFoundByAThoroughLook()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    QSqlQuery query(temporary.database().connection());
    QVERIFY(query.exec(u"SELECT rootpage FROM sqlite_master WHERE name = 'usage_records'"_s)
            && query.next());
    const int page = query.value(0).toInt() - 1;
    query.clear();
    temporary.close();
    QByteArray bytes = contentOf(temporary.path());
    bytes.replace(page * 4096, 4096, QByteArray(4096, '\x77'));
    QVERIFY(write(temporary.path(), bytes));

    QVERIFY(!storage::inspectDatabaseFile(temporary.path(), true));
}

void DatabaseFileTest::withoutPermission_data()
{
    QTest::addColumn<int>("fileMode");
    QTest::addColumn<int>("folderMode");
    QTest::addColumn<bool>("exists");

    QTest::newRow("the file may only be read") << 0400 << 0700 << true;
    QTest::newRow("the file may not be read") << 0000 << 0700 << true;
    QTest::newRow("the folder may only be read") << 0600 << 0500 << true;
    QTest::newRow("no file, and the folder may only be read") << 0600 << 0500 << false;
}

void DatabaseFileTest::withoutPermission()
{
    QFETCH(int, fileMode);
    QFETCH(int, folderMode);
    QFETCH(bool, exists);
    TemporaryDatabase temporary(Dialect::Kind::Sqlite, exists);
    const QByteArray file = temporary.path().toLocal8Bit();
    const QByteArray folder = QFileInfo(temporary.path()).absolutePath().toLocal8Bit();
    constexpr uid_t nobody = 65534;
    const bool isRoot = geteuid() == 0;
    if (isRoot) {
        QCOMPARE(chown(folder.constData(), nobody, nobody), 0);
        QVERIFY(!exists || chown(file.constData(), nobody, nobody) == 0);
    }
    QVERIFY(!exists || chmod(file.constData(), static_cast<mode_t>(fileMode)) == 0);
    QCOMPARE(chmod(folder.constData(), static_cast<mode_t>(folderMode)), 0);
    QVERIFY(!isRoot || seteuid(nobody) == 0);

    const auto prepared = storage::prepareDatabase(temporary.options());

    QVERIFY(!isRoot || seteuid(0) == 0);
    QCOMPARE(chmod(folder.constData(), 0700), 0);
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, base::ErrorCode::Unavailable);
    QVERIFY(prepared.error().message.english().contains(temporary.path()));
    QVERIFY(prepared.error().message.english().contains("permissions"_L1));
    QCOMPARE(QFile::exists(temporary.path()), exists);
}

QTEST_GUILESS_MAIN(DatabaseFileTest)
#include "tst_databasefile.moc"
