#include "configuration/configurationfile.h"
#include "configuration/options.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// The file that says what is neither said by options nor by variables.
class ConfigurationFileTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void saysWhatVariablesSay();
    void whatIsWrongIsRefusedWithItsLine_data();
    void whatIsWrongIsRefusedWithItsLine();
    void pathsLieBesideIt();
    void standsBelowOptionsAndVariables();
    void anEmptyVariableDecidesNothing();
    void isReadAgain();
    void aNamedOneMustBeThere();
    void noneIsNone();

private:
    QString write(const QByteArray &text) const;

    QTemporaryDir m_folder;
};

using Variables = QMap<QString, QString>;

void ConfigurationFileTest::initTestCase()
{
    QVERIFY(m_folder.isValid());
}

QString ConfigurationFileTest::write(const QByteArray &text) const
{
    QFile file(m_folder.filePath(u"config.toml"_s));
    const bool isWritten = file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    return isWritten ? file.fileName() : QString();
}

void ConfigurationFileTest::saysWhatVariablesSay()
{
    const auto file = ConfigurationFile::parse("# of this house\n"
                                               "server.listen = \"127.0.0.1:4000\"\n"
                                               "secrets = 'file'\n"
                                               "[relay]\n"
                                               "retries = 1\n"
                                               "[storage]\n"
                                               "synchronous_full = true\n",
                                               u"/etc/config.toml"_s);

    QVERIFY2(file, file ? "" : qPrintable(file.error().message.english()));
    QCOMPARE(file->variables,
             (Variables{{u"GATEHOUSE_SERVER_LISTEN"_s, u"127.0.0.1:4000"_s},
                        {u"GATEHOUSE_SECRETS"_s, u"file"_s},
                        {u"GATEHOUSE_RELAY_RETRIES"_s, u"1"_s},
                        {u"GATEHOUSE_STORAGE_SYNCHRONOUS_FULL"_s, u"true"_s}}));
}

void ConfigurationFileTest::whatIsWrongIsRefusedWithItsLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");

    QTest::newRow("no TOML") << QByteArray("\nserver.listen 5\n") << u"line 2"_s;
    QTest::newRow("an unknown key") << QByteArray("[server]\nlisten_to = 'x'\n")
                                    << u"line 2: There is no setting \"server.listen_to\""_s;
    QTest::newRow("an unknown table") << QByteArray("[sever]\nlisten = 'x'\n")
                                      << u"line 2: There is no setting \"sever.listen\""_s;
    QTest::newRow("a text for a number")
        << QByteArray("relay.retries = '1'\n") << u"line 1: relay.retries must be a whole number"_s;
    QTest::newRow("a number for a text")
        << QByteArray("\n\nserver.listen = 1\n") << u"line 3: server.listen must be a text"_s;
    QTest::newRow("a number for a yes")
        << QByteArray("storage.synchronous_full = 1\n") << u"true or false"_s;
    QTest::newRow("a number out of its limits")
        << QByteArray("relay.retries = 100000\n") << u"line 1: "_s;
    QTest::newRow("a key twice") << QByteArray("relay.retries = 1\nrelay.retries = 2\n")
                                 << u"line 2"_s;
    QTest::newRow("a key twice in two spellings")
        << QByteArray("\"relay.retries\" = 1\n[relay]\nretries = 2\n") << u"more than once"_s;
    QTest::newRow("an unknown format of the log")
        << QByteArray("\nlog_format = 'xml'\n") << u"line 2: "_s;
    QTest::newRow("the database twice")
        << QByteArray("database = 'postgresql://me@host/db'\ndatabase_file = 'db'\n")
        << u"Both database and database_file"_s;
    QTest::newRow("a password") << QByteArray("root_password = 'x'\n") << u"root_password"_s;
    QTest::newRow("a password in an address")
        << QByteArray("database = 'postgresql://me:topsecret@host/db'\n") << u"database_file"_s;
}

void ConfigurationFileTest::whatIsWrongIsRefusedWithItsLine()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);

    const auto file = ConfigurationFile::parse(text, u"/etc/config.toml"_s);

    QVERIFY(!file);
    QCOMPARE(file.error().code, base::ErrorCode::Unavailable);
    const QString told = file.error().message.english();
    QVERIFY2(told.contains(says), qPrintable(told));
    QVERIFY2(told.contains(QDir::toNativeSeparators(u"/etc/config.toml"_s)), qPrintable(told));
    QVERIFY(!told.contains(u"topsecret"_s));
}

void ConfigurationFileTest::pathsLieBesideIt()
{
    const auto file = ConfigurationFile::parse("data_dir = 'data'\nlog_file = 'none'\n",
                                               m_folder.filePath(u"config.toml"_s));

    QVERIFY(file);
    QCOMPARE(file->variables.value(u"GATEHOUSE_DATA_DIR"_s), m_folder.filePath(u"data"_s));
    QCOMPARE(file->variables.value(u"GATEHOUSE_LOG_FILE"_s), u"none"_s);
}

void ConfigurationFileTest::standsBelowOptionsAndVariables()
{
    const QString path = write("data_dir = '/of/file'\nlog.level = 'warning'\nrelay.retries = 1\n"
                               "server.listen = '127.0.0.1:4000'\n");
    QStringList arguments{u"--config"_s, path, u"--data-dir"_s, u"/of/line"_s, u"left"_s};

    const auto options = takeOptions(
        arguments, {{u"GATEHOUSE_RELAY_RETRIES"_s, u"2"_s}, {u"GATEHOUSE_PORT"_s, u"5000"_s}});

    QVERIFY2(options, options ? "" : qPrintable(options.error().message.english()));
    QCOMPARE(arguments, QStringList{u"left"_s});
    QCOMPARE(options->configurationFile, path);
    QCOMPARE(options->dataDirectory, u"/of/line"_s);
    QCOMPARE(options->logLevel, base::LogLevel::Warning);
    QCOMPARE(options->environment.value(u"GATEHOUSE_RELAY_RETRIES"_s), u"2"_s);
    QVERIFY(!options->environment.contains(u"GATEHOUSE_SERVER_LISTEN"_s));
    QVERIFY(options->fromConfiguration.contains(u"GATEHOUSE_LOG_LEVEL"_s));
    QVERIFY(!options->fromConfiguration.contains(u"GATEHOUSE_RELAY_RETRIES"_s));
}

// Such as those that a compose file fills from a variable which is not set.
void ConfigurationFileTest::anEmptyVariableDecidesNothing()
{
    const QString path = write("data_dir = '/of/file'\nrelay.retries = 1\n");
    QStringList arguments{u"--config"_s, path};

    const auto options = takeOptions(
        arguments, {{u"GATEHOUSE_DATA_DIR"_s, u""_s}, {u"GATEHOUSE_RELAY_RETRIES"_s, u""_s}});

    QVERIFY2(options, options ? "" : qPrintable(options.error().message.english()));
    QCOMPARE(options->dataDirectory, QDir(u"/of/file"_s).absolutePath());
    QCOMPARE(options->environment.value(u"GATEHOUSE_RELAY_RETRIES"_s), u"1"_s);
}

void ConfigurationFileTest::isReadAgain()
{
    const QString path = write("relay.retries = 1\nserver.max_connections = 100\n");
    QStringList arguments;
    const auto options = takeOptions(arguments, {{u"GATEHOUSE_CONFIG"_s, path}});
    QVERIFY2(options, options ? "" : qPrintable(options.error().message.english()));

    QVERIFY(!write("relay.retries = 2\n").isEmpty());
    const auto again = withConfigurationReadAgain(*options);
    QVERIFY(!write("relay.retries = 'x'\n").isEmpty());
    const auto wrong = withConfigurationReadAgain(*options);

    QVERIFY(again);
    QCOMPARE(again->environment.value(u"GATEHOUSE_RELAY_RETRIES"_s), u"2"_s);
    QVERIFY(!again->environment.contains(u"GATEHOUSE_SERVER_MAX_CONNECTIONS"_s));
    QVERIFY(!wrong);
}

void ConfigurationFileTest::aNamedOneMustBeThere()
{
    QStringList arguments{u"--config=/no/such/file"_s};

    const auto options = takeOptions(arguments, {});

    QVERIFY(!options);
    QCOMPARE(options.error().code, base::ErrorCode::Unavailable);
}

void ConfigurationFileTest::noneIsNone()
{
    QStringList arguments{u"--config"_s, u"none"_s};

    const auto options = takeOptions(arguments, {{u"GATEHOUSE_CONFIG"_s, u"/no/such/file"_s}});

    QVERIFY(options);
    QVERIFY(options->configurationFile.isEmpty());
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::ConfigurationFileTest)
#include "tst_configurationfile.moc"
