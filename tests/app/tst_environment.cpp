#include "configuration/environment.h"
#include "configuration/options.h"

#include <QTemporaryFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// What variables of the environment mean, whichever way they are written.
class EnvironmentTest : public QObject
{
    Q_OBJECT

private slots:
    void otherSpellings_data();
    void otherSpellings();
    void whatIsRefused_data();
    void whatIsRefused();
    void secretsAreReadFromFiles();
    void theDatabaseIsReadFromAFile();
    void thePortIsOneOfThisMachine_data();
    void thePortIsOneOfThisMachine();
};

using Variables = QMap<QString, QString>;

void EnvironmentTest::otherSpellings_data()
{
    QTest::addColumn<Variables>("given");
    QTest::addColumn<Variables>("meant");

    const Variables listen{{u"GATEHOUSE_SERVER_LISTEN"_s, u"127.0.0.1:1"_s}};
    QTest::newRow("the usual one") << listen << listen;
    QTest::newRow("parts apart") << Variables{{u"GATEHOUSE_SERVER__LISTEN"_s, u"127.0.0.1:1"_s}}
                                 << listen;
    QTest::newRow("both alike") << Variables{{u"GATEHOUSE_SERVER__LISTEN"_s, u"127.0.0.1:1"_s},
                                             {u"GATEHOUSE_SERVER_LISTEN"_s, u"127.0.0.1:1"_s}}
                                << listen;
    const Variables unknown{{u"GATEHOUSE_NO__SUCH"_s, u"1"_s}, {u"OTHER"_s, u"2"_s}};
    QTest::newRow("those of nobody") << unknown << unknown;
    QTest::newRow("a language as the system names it")
        << Variables{{u"GATEHOUSE_LANG"_s, u"zh-Hans.UTF-8"_s}}
        << Variables{{u"GATEHOUSE_LANG"_s, u"zh_CN"_s}};
}

void EnvironmentTest::otherSpellings()
{
    QFETCH(Variables, given);
    QFETCH(Variables, meant);

    const auto canonical = canonicalEnvironment(given);

    QVERIFY(canonical);
    QCOMPARE(*canonical, meant);
}

void EnvironmentTest::whatIsRefused_data()
{
    QTest::addColumn<Variables>("given");
    QTest::addColumn<QString>("says");

    QTest::newRow("a key that children inherit")
        << Variables{{u"GATEHOUSE_MASTER_KEY"_s, u"topsecret"_s}} << u"GATEHOUSE_MASTER_KEY_FILE"_s;
    QTest::newRow("two values of one setting")
        << Variables{{u"GATEHOUSE_SERVER__LISTEN"_s, u"topsecret"_s},
                     {u"GATEHOUSE_SERVER_LISTEN"_s, u"127.0.0.1:2"_s}}
        << u"GATEHOUSE_SERVER__LISTEN"_s;
    QTest::newRow("a secret and its file")
        << Variables{{u"GATEHOUSE_ROOT_PASSWORD"_s, u"topsecret"_s},
                     {u"GATEHOUSE_ROOT_PASSWORD_FILE"_s, u"/x"_s}}
        << u"GATEHOUSE_ROOT_PASSWORD_FILE"_s;
    QTest::newRow("a database in a file that is not there")
        << Variables{{u"GATEHOUSE_DATABASE_FILE"_s, u"/no/such/file"_s}}
        << u"GATEHOUSE_DATABASE_FILE"_s;
    QTest::newRow("another language")
        << Variables{{u"GATEHOUSE_LANG"_s, u"de"_s}} << u"GATEHOUSE_LANG"_s;
    QTest::newRow("another theme")
        << Variables{{u"GATEHOUSE_THEME"_s, u"pink"_s}} << u"GATEHOUSE_THEME"_s;
}

void EnvironmentTest::whatIsRefused()
{
    QFETCH(Variables, given);
    QFETCH(QString, says);

    const auto canonical = canonicalEnvironment(given);

    QVERIFY(!canonical);
    const QString text = canonical.error().message.english();
    QVERIFY2(text.contains(says), qPrintable(text));
    QVERIFY(!text.contains(u"topsecret"_s));
}

void EnvironmentTest::secretsAreReadFromFiles()
{
    const QString name = u"GATEHOUSE_ROOT_PASSWORD"_s;
    QTemporaryFile file;
    QVERIFY(file.open() && file.write(" with blanks \nanother line\n") > 0 && file.flush());
    const Variables named{{u"GATEHOUSE_ROOT_PASSWORD_FILE"_s, file.fileName()}};

    QCOMPARE(secretVariable(named, name).value().reveal(), " with blanks ");
    QVERIFY(hasSecretVariable(named, name));
    QCOMPARE(secretVariable({{name, u"here"_s}}, name).value().reveal(), "here");
    QVERIFY(secretVariable({}, name).value().isEmpty());
    QVERIFY(!hasSecretVariable({}, name));
    QVERIFY(!secretVariable({{u"GATEHOUSE_ROOT_PASSWORD_FILE"_s, u"/no/such/file"_s}}, name));
}

void EnvironmentTest::theDatabaseIsReadFromAFile()
{
    QTemporaryFile file;
    QVERIFY(file.open() && file.write("postgresql://me:secret@host/db\n") > 0 && file.flush());
    QStringList arguments;

    const auto options = takeOptions(arguments, {{u"GATEHOUSE_DATABASE_FILE"_s, file.fileName()}});

    QVERIFY(options);
    QCOMPARE(options->databaseUrl, u"postgresql://me:secret@host/db"_s);
}

void EnvironmentTest::thePortIsOneOfThisMachine_data()
{
    QTest::addColumn<Variables>("given");
    QTest::addColumn<QStringList>("listen");

    const QString own = u"GATEHOUSE_PORT"_s;
    const QString usual = u"PORT"_s;
    QTest::newRow("ours") << Variables{{own, u"4000"_s}} << QStringList{u"127.0.0.1:4000"_s};
    QTest::newRow("that of others")
        << Variables{{usual, u"80"_s}} << QStringList{u"127.0.0.1:80"_s};
    QTest::newRow("ours before that of others")
        << Variables{{own, u"4000"_s}, {usual, u"80"_s}} << QStringList{u"127.0.0.1:4000"_s};
    QTest::newRow("a whole address before both")
        << Variables{{own, u"4000"_s}, {u"GATEHOUSE_LISTEN"_s, u"0.0.0.0:5000"_s}}
        << QStringList{u"0.0.0.0:5000"_s};
    QTest::newRow("an empty one") << Variables{{own, QString()}} << QStringList();
}

void EnvironmentTest::thePortIsOneOfThisMachine()
{
    QFETCH(Variables, given);
    QFETCH(QStringList, listen);
    QStringList arguments;

    const auto options = takeOptions(arguments, given);

    QVERIFY(options);
    QCOMPARE(options->listen, listen);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::EnvironmentTest)
#include "tst_environment.moc"
