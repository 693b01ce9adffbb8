#include "options.h"

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

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::OptionsTest)
#include "tst_options.moc"
