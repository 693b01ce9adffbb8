#include "storage/databaseoptions.h"
#include "storage/repositories/page.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using storage::DatabaseOptions;

class DatabaseOptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void checkDatabaseUrl_data();
    void checkDatabaseUrl();
    void displayNameHidesThePassword();
    void patternsEscapeWhatLikeUnderstands();
};

void DatabaseOptionsTest::checkDatabaseUrl_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("good");

    QTest::newRow("whole") << u"postgresql://me:pw@db.example:5433/gate?sslmode=require"_s << true;
    QTest::newRow("short scheme") << u"postgres://localhost/gate"_s << true;
    QTest::newRow("no name") << u"postgresql://localhost/"_s << false;
    QTest::newRow("MySQL") << u"mysql://localhost/gate"_s << false;
    QTest::newRow("One API's MySQL form") << u"root:pw@tcp(localhost:3306)/oneapi"_s << false;
    QTest::newRow("nothing") << u""_s << false;
}

void DatabaseOptionsTest::checkDatabaseUrl()
{
    QFETCH(QString, url);
    QFETCH(bool, good);

    QCOMPARE(storage::checkDatabaseUrl(url).has_value(), good);
}

void DatabaseOptionsTest::displayNameHidesThePassword()
{
    DatabaseOptions options;
    options.url = u"postgresql://me:pw-4711@db.example/gate?sslpassword=pw-4711"_s;

    QVERIFY(!options.displayName().contains("4711"_L1));
    QVERIFY(options.displayName().contains("db.example"_L1));
}

void DatabaseOptionsTest::patternsEscapeWhatLikeUnderstands()
{
    QCOMPARE(storage::prefixPattern(u"5%_\\"_s), u"5\\%\\_\\\\%"_s);
    QCOMPARE(storage::containsPattern(u"a"_s), u"%a%"_s);
}

QTEST_GUILESS_MAIN(DatabaseOptionsTest)
#include "tst_databaseoptions.moc"
