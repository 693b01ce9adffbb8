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
    void formerBalancesGetACurrency_data() { TemporaryDatabase::addRows(); }
    void formerBalancesGetACurrency();
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

void MigrationsTest::formerBalancesGetACurrency()
{
    QFETCH(Dialect::Kind, kind);
    constexpr int withCurrency = 17;
    TemporaryDatabase temporary(kind, false);
    if (kind == Dialect::Kind::Sqlite)
        QFile(temporary.path()).open(QIODevice::WriteOnly);
    storage::Database &database = temporary.database();
    const auto all = storage::migrationsIn(database.dialect().migrationFolder());
    QVERIFY(all.has_value());
    QList<Migration> former = *all;
    former.removeIf([](const Migration &each) { return each.number >= withCurrency; });
    QVERIFY(storage::migrate(database, former).has_value());
    for (const int type : {1, 4, 13, 36}) {
        QVERIFY(storage::execute(database,
                                 u"INSERT INTO channels (type, name, status, allow_private_address,"
                                 " created_at, balance_dollars, balance_at)"
                                 " VALUES (:type, 'a', 1, TRUE, 0, 70, 15)"_s,
                                 {{u":type"_s, type}}));
    }

    QVERIFY(storage::migrate(database, *all).has_value());

    auto rows = storage::execute(
        database, u"SELECT balance, balance_currency, balance_at FROM channels ORDER BY type"_s);
    QVERIFY(rows.has_value());
    QStringList found;
    while (rows->next()) {
        found.append(u"%1 %2 %3"_s.arg(rows->value(0).toDouble())
                         .arg(rows->value(1).toString())
                         .arg(rows->value(2).toLongLong()));
    }
    // Of DeepSeek's it is not known.
    QCOMPARE(found, (QStringList{u"70 USD 15"_s, u"70 CNY 15"_s, u"70  15"_s, u"0  0"_s}));
}

QTEST_GUILESS_MAIN(MigrationsTest)
#include "tst_migrations.moc"
