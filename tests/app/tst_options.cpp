#include "configuration/options.h"

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// What the command line and the environment say of the log.
class OptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void levelOfTheLog_data();
    void levelOfTheLog();
    void afterTheEndOfOptionsAllAreWords();
    void aWrongLevelIsRefused();
    void anotherDirectoryKeepsTheRest_data();
    void anotherDirectoryKeepsTheRest();
    void anEmptyVariableOfOpenTelemetryIsNone();
    void fileOfTheLog_data();
    void fileOfTheLog();
    void aFileNeedsAName();
    void eachDirectoryHasALogOfItsOwn();
    void theLogLiesWhereTheSystemWantsIt();
};

void OptionsTest::anEmptyVariableOfOpenTelemetryIsNone()
{
    QStringList arguments;

    const auto options = takeOptions(arguments,
                                     {{u"OTEL_EXPORTER_OTLP_ENDPOINT"_s, QString()},
                                      {u"OTEL_SERVICE_NAME"_s, u"gate"_s},
                                      {u"GATEHOUSE_SERVER_LISTEN"_s, QString()}});

    QVERIFY(options);
    QVERIFY(!options->environment.contains(u"OTEL_EXPORTER_OTLP_ENDPOINT"_s));
    QCOMPARE(options->environment.value(u"OTEL_SERVICE_NAME"_s), u"gate"_s);
    QVERIFY(options->environment.contains(u"GATEHOUSE_SERVER_LISTEN"_s));
}

void OptionsTest::anotherDirectoryKeepsTheRest_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("rest");

    QTest::newRow("none") << QStringList() << QStringList();
    QTest::newRow("others")
        << QStringList{u"--listen"_s, u"127.0.0.1:4000"_s, u"--log-level=debug"_s}
        << QStringList{u"--listen"_s, u"127.0.0.1:4000"_s, u"--log-level=debug"_s};
    QTest::newRow("a directory among others")
        << QStringList{u"--data-dir"_s, u"/old"_s, u"--listen"_s, u"127.0.0.1:4000"_s}
        << QStringList{u"--listen"_s, u"127.0.0.1:4000"_s};
    QTest::newRow("two in one word each")
        << QStringList{u"--data-dir=/old"_s, u"--log-format=json"_s, u"--data-dir=/older"_s}
        << QStringList{u"--log-format=json"_s};
    QTest::newRow("without a value") << QStringList{u"--data-dir"_s} << QStringList();
}

void OptionsTest::anotherDirectoryKeepsTheRest()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, rest);

    QStringList made = withDataDirectory(arguments, u"/new"_s);

    QCOMPARE(made, (QStringList{u"--data-dir"_s, u"/new"_s} + rest));
    QVERIFY(takeOptions(made, {}));
}

void OptionsTest::levelOfTheLog_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<base::LogLevel>("level");
    QTest::addColumn<bool>("byCommandLine");

    QTest::newRow("nothing is said") << QStringList() << QString() << base::LogLevel::Info << false;
    QTest::newRow("by the environment")
        << QStringList() << u"debug"_s << base::LogLevel::Debug << false;
    QTest::newRow("by the command line") << QStringList{u"--log-level"_s, u"critical"_s}
                                         << QString() << base::LogLevel::Critical << true;
    QTest::newRow("the command line stands above")
        << QStringList{u"--log-level=warning"_s} << u"debug"_s << base::LogLevel::Warning << true;
    QTest::newRow("in a letter") << QStringList{u"-v"_s} << QString() << base::LogLevel::Debug
                                 << true;
    QTest::newRow("quietly") << QStringList{u"--quiet"_s} << u"debug"_s << base::LogLevel::Critical
                             << true;
    QTest::newRow("the last one counts")
        << QStringList{u"-q"_s, u"--verbose"_s} << QString() << base::LogLevel::Debug << true;
}

void OptionsTest::levelOfTheLog()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, variable);
    QMap<QString, QString> environment;
    if (!variable.isEmpty())
        environment.insert(u"GATEHOUSE_LOG_LEVEL"_s, variable);

    const auto options = takeOptions(arguments, environment);

    QVERIFY(options);
    QTEST(options->logLevel, "level");
    QTEST(options->hasLogLevelOption, "byCommandLine");
    QCOMPARE(options->environment.value(u"GATEHOUSE_LOG_LEVEL"_s), variable);
    QCOMPARE(arguments, QStringList());
}

void OptionsTest::afterTheEndOfOptionsAllAreWords()
{
    QStringList arguments{u"-q"_s, u"--"_s, u"-v"_s};

    const auto options = takeOptions(arguments, {});

    QVERIFY(options && options->quiet);
    QCOMPARE(arguments, (QStringList{u"--"_s, u"-v"_s}));
}

// The setting of that name knows no other words than its own.
void OptionsTest::aWrongLevelIsRefused()
{
    QStringList none;
    QCOMPARE(takeOptions(none, {{u"GATEHOUSE_LOG_LEVEL"_s, u"warn"_s}})
                 ->environment.value(u"GATEHOUSE_LOG_LEVEL"_s),
             u"warning"_s);

    const auto options = takeOptions(none, {{u"GATEHOUSE_LOG_LEVEL"_s, u"loud"_s}});

    QVERIFY(!options);
    QVERIFY(options.error().message.english().contains(u"loud"_s));
}

void OptionsTest::fileOfTheLog_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("file"); // "absent" where nothing is said

    const QString here = QDir::currentPath();
    const QString other = QDir(here).absoluteFilePath(u"/logs/a.log"_s);
    QTest::newRow("nothing is said") << QStringList() << QString() << u"absent"_s;
    QTest::newRow("by the command line")
        << QStringList{u"--log-file"_s, other} << QString() << other;
    QTest::newRow("by the environment") << QStringList() << other << other;
    QTest::newRow("the command line stands above")
        << QStringList{u"--log-file=b.log"_s} << other << here + u"/b.log"_s;
    QTest::newRow("none") << QStringList{u"--log-file"_s, u"none"_s} << other << QString();
    QTest::newRow("none by the environment") << QStringList() << u"none"_s << QString();
}

void OptionsTest::fileOfTheLog()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, variable);

    const auto options = takeOptions(arguments, {{u"GATEHOUSE_LOG_FILE"_s, variable}});

    QVERIFY(options);
    QTEST(options->logFile.value_or(u"absent"_s), "file");
    QCOMPARE(arguments, QStringList());
}

void OptionsTest::aFileNeedsAName()
{
    for (const QString &argument : {u"--log-file"_s, u"--log-file="_s}) {
        QStringList arguments{argument};

        const auto options = takeOptions(arguments, {});

        QVERIFY(!options);
        QVERIFY(options.error().message.english().contains(u"--log-file"_s));
    }
}

void OptionsTest::eachDirectoryHasALogOfItsOwn()
{
    QStringList none;
    const Options usual = *takeOptions(none, {});
    QStringList one{u"--data-dir"_s, u"/data/one"_s};
    QStringList other{u"--data-dir"_s, u"/data/other"_s};
    Options moved = usual;
    moved.environment.insert(u"XDG_DATA_HOME"_s, u"/data"_s);

    QVERIFY(windowLogFile(usual).endsWith(u"/gatehouse.log"_s));
    const Options ofOne = *takeOptions(one, {});
    const QString file = windowLogFile(ofOne);
    QCOMPARE(windowLogFile(ofOne), file);
    QVERIFY(file != windowLogFile(usual));
    QVERIFY(file != windowLogFile(*takeOptions(other, {})));
#ifndef Q_OS_WIN
    QVERIFY(windowLogFile(moved) != windowLogFile(usual));
#endif
}

void OptionsTest::theLogLiesWhereTheSystemWantsIt()
{
    QStringList none;
    Options options = *takeOptions(none, {});
#if defined(Q_OS_WIN)
    QCOMPARE(windowLogFile(options), options.dataDirectory + u"/logs/gatehouse.log"_s);
#elif defined(Q_OS_MACOS)
    QCOMPARE(windowLogFile(options), QDir::homePath() + u"/Library/Logs/gatehouse/gatehouse.log"_s);
#else
    const QString usual = QDir::homePath() + u"/.local/state/gatehouse/log/gatehouse.log"_s;
    QCOMPARE(windowLogFile(options), usual);
    options.environment.insert(u"XDG_STATE_HOME"_s, u"/state"_s);
    QCOMPARE(windowLogFile(options), u"/state/gatehouse/log/gatehouse.log"_s);
    options.environment.insert(u"XDG_STATE_HOME"_s, u"not/absolute"_s);
    QCOMPARE(windowLogFile(options), usual);
#endif
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::OptionsTest)
#include "tst_options.moc"
