#include "base/logging.h"

#include "base/json.h"

#include <QDateTime>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

#ifndef Q_OS_WIN
#include <sys/stat.h>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::base {

// What is written can be seen from outside alone, so that the program starts itself again to log.
static int logSomething(const QStringList &arguments)
{
    const QString file = qEnvironmentVariable("LOG_FILE_OF_TEST");
    setLogLevel(LogLevel::Critical); // nothing is installed yet
    logToFile(file);
    installLogging(*logLevelFrom(arguments.value(2)), *logFormatFrom(arguments.value(3)));
    if (!file.isEmpty())
        logToFile(file);
    if (arguments.size() > 4)
        setLogLevel(*logLevelFrom(arguments.value(4)));
    for (int i = 0; i < arguments.value(5).toInt(); ++i)
        qCCritical(lcStorage) << i;
    if (arguments.size() > 6)
        qFatal("this is the end");
    qCDebug(lcRelay) << "in detail";
    qCInfo(lcRelay).noquote() << "two\nlines with sk-abcdefgh12345678";
    qCWarning(lcGateway) << "take care";
    qCCritical(lcStorage) << "it is serious";
    qWarning("from a library");
    return 0;
}

class LoggingTest : public QObject
{
    Q_OBJECT

private slots:
    void aJsonLineHasFiveMembers();
#ifndef Q_OS_WIN
    void linesForTheJournalHavePriorities();
#endif
    void levels_data();
    void levels();
    void levelIsChanged();
    void textIsOneLineEach();
    void theLastLinesAreWritten_data();
    void theLastLinesAreWritten();
    void aFileGetsTheSameLines_data();
    void aFileGetsTheSameLines();
    void aFileThatCannotBeWritten();
    void namesOfLevelsAndFormats();

private:
    static QByteArrayList lines(const QString &level,
                                const QString &format,
                                const QStringList &more = {},
                                const QString &file = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"QT_FORCE_STDERR_LOGGING"_s, u"1"_s);
        environment.insert(u"LOG_FILE_OF_TEST"_s, file);
        process.setProcessEnvironment(environment);
        process.start(QCoreApplication::applicationFilePath(),
                      QStringList{u"--log"_s, level, format} + more);
        const auto end = more.size() > 2 ? QProcess::CrashExit : QProcess::NormalExit;
        if (!process.waitForFinished() || process.exitStatus() != end
            || (end == QProcess::NormalExit && process.exitCode() != 0))
            return {};
        QByteArrayList lines = process.readAllStandardError().split('\n');
        lines.removeAll({});
        return lines;
    }
};

void LoggingTest::aJsonLineHasFiveMembers()
{
    const QByteArrayList written = lines(u"info"_s, u"json"_s);

    QCOMPARE(written.size(), 4);
    const QJsonObject first = *parseJsonObject(written.first());
    QCOMPARE(first.size(), 5);
    QCOMPARE(first.value(u"event").toString(), u"relay.message"_s);
    QCOMPARE(first.value(u"level").toString(), u"info"_s);
    QCOMPARE(first.value(u"component").toString(), u"gatehouse.relay"_s);
    QCOMPARE(first.value(u"msg").toString(), u"two\\u000alines with sk-***"_s);
    const QDateTime time = QDateTime::fromString(first.value(u"ts").toString(), Qt::ISODateWithMs);
    QVERIFY(time.isValid());
    QVERIFY(std::abs(time.secsTo(QDateTime::currentDateTimeUtc())) < 60);
    QCOMPARE(parseJsonObject(written.last())->value(u"component").toString(), u"default"_s);
}

#ifndef Q_OS_WIN
// Where standard error leads to it, and nowhere else.
void LoggingTest::linesForTheJournalHavePriorities()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"journal"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    struct stat about = {};
    QCOMPARE(::stat(path.toLocal8Bit().constData(), &about), 0);
    const auto linesWith = [&path](const QString &stream) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"JOURNAL_STREAM"_s, stream);
        process.setProcessEnvironment(environment);
        process.setStandardErrorFile(path);
        process.start(QCoreApplication::applicationFilePath(), {u"--log"_s, u"debug"_s, u"text"_s});
        QByteArrayList written;
        QFile result(path);
        if (process.waitForFinished() && result.open(QIODevice::ReadOnly))
            written = result.readAll().split('\n');
        return written;
    };

    const QByteArrayList told = linesWith(u"%1:%2"_s.arg(static_cast<qulonglong>(about.st_dev))
                                              .arg(static_cast<qulonglong>(about.st_ino)));
    QCOMPARE(told.size(), 6); // the last one is empty
    QVERIFY(told.at(0).startsWith("<7>20") && told.at(1).startsWith("<6>20"));
    QVERIFY(told.at(2).startsWith("<4>20") && told.at(3).startsWith("<3>20"));

    for (const QByteArray &line : linesWith(u"1:2"_s))
        QVERIFY(!line.startsWith('<'));
}
#endif

void LoggingTest::levels_data()
{
    QTest::addColumn<QString>("level");
    QTest::addColumn<int>("lines");

    QTest::newRow("debug") << u"debug"_s << 5;
    QTest::newRow("info") << u"info"_s << 4;
    QTest::newRow("warning") << u"warning"_s << 3;
    QTest::newRow("critical") << u"critical"_s << 1;
}

void LoggingTest::levels()
{
    QFETCH(QString, level);

    QTEST(int(lines(level, u"text"_s).size()), "lines");
}

void LoggingTest::levelIsChanged()
{
    QCOMPARE(lines(u"info"_s, u"text"_s, {u"critical"_s}).size(), 1);
    QCOMPARE(lines(u"critical"_s, u"text"_s, {u"debug"_s}).size(), 5);
}

void LoggingTest::textIsOneLineEach()
{
    const QByteArrayList written = lines(u"info"_s, u"text"_s);

    QCOMPARE(written.size(), 4);
    QVERIFY(written.first().endsWith(" info gatehouse.relay: two\\u000alines with sk-***"));
    QVERIFY(written.at(1).endsWith(" warning gatehouse.gateway: take care"));
}

void LoggingTest::theLastLinesAreWritten_data()
{
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QByteArray>("last");

    QTest::newRow("the program ends")
        << QStringList{u"info"_s, u"1000"_s} << QByteArray("default: from a library");
    QTest::newRow("the program is aborted")
        << QStringList{u"info"_s, u"1000"_s, u"fatal"_s} << QByteArray("default: this is the end");
}

void LoggingTest::theLastLinesAreWritten()
{
    QFETCH(QStringList, more);
    QFETCH(QByteArray, last);

    const QByteArrayList written = lines(u"info"_s, u"text"_s, more);

    QVERIFY(written.size() > 1000);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(written.at(i).endsWith(QByteArray("gatehouse.storage: " + QByteArray::number(i))));
    QVERIFY(written.last().endsWith(last));
}

void LoggingTest::aFileGetsTheSameLines_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QStringList>("more");

    QTest::newRow("text") << u"text"_s << QStringList();
    QTest::newRow("json") << u"json"_s << QStringList();
    QTest::newRow("the program is aborted")
        << u"text"_s << QStringList{u"info"_s, u"1000"_s, u"fatal"_s};
}

void LoggingTest::aFileGetsTheSameLines()
{
    QFETCH(QString, format);
    QFETCH(QStringList, more);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"log/test.log"_s);

    const QByteArrayList written = lines(u"info"_s, format, more, path);

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(written.size() >= 4);
    QCOMPARE(file.readAll(), written.join('\n') + '\n');
}

void LoggingTest::aFileThatCannotBeWritten()
{
    const QTemporaryDir folder;

    const QByteArrayList written = lines(u"info"_s, u"text"_s, {}, folder.path());

    QCOMPARE(written.size(), 5);
    const QByteArray told =
        " warning gatehouse.app: The log file " + folder.path().toUtf8() + " cannot be written: ";
    QVERIFY(written.at(1).contains(told));
    QVERIFY(written.last().endsWith("default: from a library"));
}

void LoggingTest::namesOfLevelsAndFormats()
{
    QCOMPARE(*logLevelFrom(u"warn"_s), LogLevel::Warning);
    QCOMPARE(*logLevelFrom(u"error"_s), LogLevel::Critical);
    QCOMPARE(logLevelFrom(u"loud"_s).error().code, ErrorCode::InvalidInput);
    QVERIFY(logLevelFrom(u"loud"_s).error().message.english().contains(u"\"loud\""_s));
    for (const QString &name : {u"debug"_s, u"info"_s, u"warning"_s, u"critical"_s})
        QCOMPARE(logLevelName(*logLevelFrom(name)), name);
    QCOMPARE(*logFormatFrom(u"json"_s), LogFormat::Json);
    QCOMPARE(logFormatFrom(u"xml"_s).error().code, ErrorCode::InvalidInput);
}

} // namespace gatehouse::base

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (application.arguments().value(1) == "--log"_L1)
        return gatehouse::base::logSomething(application.arguments());
    gatehouse::base::LoggingTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_logging.moc"
