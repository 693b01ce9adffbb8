#include "storage/migrations.h"

#include "storage/backup.h"
#include "storage/databasefile.h"
#include "storage/statement.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using storage::Dialect;
using storage::Migration;
using support::TemporaryDatabase;

class MigrationsTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void statementsAreCutAtSemicolonsOutsideOfTexts();
    void eachIsAppliedOnce_data() { TemporaryDatabase::addRows(); }
    void eachIsAppliedOnce();
    void aFailureInTheMiddleLeavesTheOldSchema_data() { TemporaryDatabase::addRows(); }
    void aFailureInTheMiddleLeavesTheOldSchema();
    void aNewerSchemaIsRefused_data() { TemporaryDatabase::addRows(); }
    void aNewerSchemaIsRefused();
    void anOlderFileIsBackedUpFirst();
};

static QList<Migration> firstTwo()
{
    return {
        {1, u"first"_s, {u"CREATE TABLE one (id integer PRIMARY KEY)"_s}},
        {2,
         u"second"_s,
         {u"CREATE TABLE two (id integer PRIMARY KEY)"_s, u"INSERT INTO two (id) VALUES (7)"_s}}};
}

void MigrationsTest::statementsAreCutAtSemicolonsOutsideOfTexts()
{
    const QStringList statements = storage::statementsIn(
        u"-- a comment; with a semicolon\nINSERT INTO t VALUES ('a;--b');\n\nDROP TABLE t; -- end\n"_s);

    QCOMPARE(statements, QStringList({u"INSERT INTO t VALUES ('a;--b')"_s, u"DROP TABLE t"_s}));
}

void MigrationsTest::eachIsAppliedOnce()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind, false);
    if (kind == Dialect::Kind::Sqlite)
        QFile(temporary.path()).open(QIODevice::WriteOnly);

    QVERIFY(storage::migrate(temporary.database(), firstTwo()).has_value());
    const auto again = storage::migrate(temporary.database(), firstTwo());

    QVERIFY(again.has_value());
    QCOMPARE(storage::schemaNumber(temporary.database()).value(), 2);
    const auto rows =
        storage::numberOf(temporary.database(),
                          storage::execute(temporary.database(), u"SELECT count(*) FROM two"_s));
    QCOMPARE(rows.value(), 1);
}

void MigrationsTest::aFailureInTheMiddleLeavesTheOldSchema()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind, false);
    if (kind == Dialect::Kind::Sqlite)
        QFile(temporary.path()).open(QIODevice::WriteOnly);
    QVERIFY(storage::migrate(temporary.database(), firstTwo().first(1)).has_value());
    QList<Migration> broken = firstTwo();
    broken.back().statements.append(u"INSERT INTO nowhere VALUES (1)"_s);

    const auto migrated = storage::migrate(temporary.database(), broken);

    QVERIFY(!migrated);
    QCOMPARE(storage::schemaNumber(temporary.database()).value(), 1);
    QVERIFY(!storage::execute(temporary.database(), u"SELECT * FROM two"_s));
    QVERIFY(storage::migrate(temporary.database(), firstTwo()).has_value());
}

void MigrationsTest::aNewerSchemaIsRefused()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    QVERIFY(storage::execute(temporary.database(),
                             u"INSERT INTO schema_migrations (number, name, applied_at)"
                             " VALUES (9999, 'later', 0)"_s));
    temporary.close();

    const auto prepared = storage::prepareDatabase(temporary.options());

    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, base::ErrorCode::Unavailable);
    QVERIFY(prepared.error().message.english().contains("newer version"_L1));
}

void MigrationsTest::anOlderFileIsBackedUpFirst()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite, false);
    QVERIFY(storage::prepareDatabase(temporary.options(), firstTwo().first(1)).has_value());

    QVERIFY(storage::prepareDatabase(temporary.options(), firstTwo()).has_value());

    const QStringList backups = storage::backupsIn(temporary.options().effectiveBackupDirectory());
    QCOMPARE(backups.size(), 1);
    QCOMPARE(storage::inspectDatabaseFile(backups.front()).value(), 1);
    QCOMPARE(storage::inspectDatabaseFile(temporary.path()).value(), 2);
    QCOMPARE(QFile::permissions(backups.front()) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

QTEST_GUILESS_MAIN(MigrationsTest)
#include "tst_migrations.moc"
