#include "base/logfile.h"

#include "base/logoutput.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

namespace {

constexpr std::chrono::milliseconds longEnough{60'000};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(absent)");
}

QFileDevice::Permissions permissionsFor(const QString &path)
{
    return QFile::permissions(path)
           & (QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner
              | QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
              | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther);
}

QByteArray lossLine(qint64 lost)
{
    return "lost " + QByteArray::number(lost) + '\n';
}

} // namespace

// Where the log goes beside standard error.
class LogFileTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void continuesWhatIsThere();
    void beginsAnewBySize();
    void keepsALineWhole();
    void isEmptiedWhereItCannotBeMoved();
    void theAccountAloneReadsIt();
    void makesAFolderForItselfAlone();
    void leavesAFolderAsItIs();
    void isMadeAgain();
    void saysWhyItCannotBeWritten_data();
    void saysWhyItCannotBeWritten();
    void writesOnceItCan();
    void aProblemIsNamedOnce();
    void threadsShareIt();

private:
    QString path(const QString &name = u"test.log"_s) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void LogFileTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void LogFileTest::continuesWhatIsThere()
{
    {
        LogFile file(path());
        QCOMPARE(file.write("one\n"), qsizetype(4));
    }

    LogFile file(path());
    QCOMPARE(file.write("two\n"), qsizetype(4));

    QCOMPARE(contentOf(path()), "one\ntwo\n");
}

void LogFileTest::beginsAnewBySize()
{
    // Also what an earlier program has written counts.
    QCOMPARE(LogFile(path(), 8, 3).write("000\n"), qsizetype(4));
    LogFile file(path(), 8, 3);

    for (const char *line : {"111\n", "222\n", "333\n", "444\n", "555\n", "666\n", "777\n"})
        QCOMPARE(file.write(line), qsizetype(4));

    QCOMPARE(contentOf(path()), "666\n777\n");
    QCOMPARE(contentOf(path(u"test.log.1"_s)), "444\n555\n");
    QCOMPARE(contentOf(path(u"test.log.2"_s)), "222\n333\n");
    QVERIFY(!QFileInfo::exists(path(u"test.log.3"_s)));
    QCOMPARE(LogFile::usualSize, qint64(10'000'000));
    QCOMPARE(LogFile::usualCount, 5);
}

void LogFileTest::keepsALineWhole()
{
    LogFile file(path(), 8, 2);

    file.write("a long line that is ");
    file.write("written in two parts\n");
    file.write("next\n");

    QCOMPARE(contentOf(path(u"test.log.1"_s)), "a long line that is written in two parts\n");
    QCOMPARE(contentOf(path()), "next\n");
}

void LogFileTest::isEmptiedWhereItCannotBeMoved()
{
    QVERIFY(QDir().mkpath(path(u"test.log.1"_s)));
    LogFile file(path(), 8, 2);

    file.write("111\n");
    file.write("222\n");
    file.write("333\n");

    QCOMPARE(contentOf(path()), "333\n");
}

void LogFileTest::theAccountAloneReadsIt()
{
#ifdef Q_OS_WIN
    QSKIP("The profile's access list protects it here.");
#endif
    constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    {
        QFile earlier(path());
        QVERIFY(earlier.open(QIODevice::WriteOnly));
        QVERIFY(
            earlier.setPermissions(ownerOnly | QFileDevice::ReadGroup | QFileDevice::ReadOther));
    }
    LogFile file(path(), 8, 2);

    file.write("1111111\n");
    const auto first = permissionsFor(path());
    file.write("2222222\n");

    QCOMPARE(first, ownerOnly);
    QCOMPARE(permissionsFor(path()), ownerOnly);
    QCOMPARE(permissionsFor(path(u"test.log.1"_s)), ownerOnly);
}

void LogFileTest::makesAFolderForItselfAlone()
{
    LogFile file(path(u"state/log/test.log"_s));

    QCOMPARE(file.write("one\n"), qsizetype(4));

    QCOMPARE(contentOf(file.path()), "one\n");
#ifndef Q_OS_WIN
    QCOMPARE(permissionsFor(path(u"state/log"_s)),
             QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
#endif
}

void LogFileTest::leavesAFolderAsItIs()
{
    QVERIFY(QDir().mkpath(path(u"shared"_s)));
    QVERIFY(QFile::setPermissions(path(u"shared"_s),
                                  QFileDevice::ReadOwner | QFileDevice::WriteOwner
                                      | QFileDevice::ExeOwner | QFileDevice::ReadGroup
                                      | QFileDevice::ExeGroup));
    const auto before = permissionsFor(path(u"shared"_s));
    LogFile file(path(u"shared/test.log"_s));

    QCOMPARE(file.write("one\n"), qsizetype(4));

    QCOMPARE(permissionsFor(path(u"shared"_s)), before);
}

void LogFileTest::isMadeAgain()
{
    LogFile file(path());
    file.write("one\n");

    if (!QFile::remove(path()))
        QSKIP("Nobody can remove it here while it is open.");
    file.write("two\n");

    QCOMPARE(contentOf(path()), "two\n");
}

void LogFileTest::saysWhyItCannotBeWritten_data()
{
    QTest::addColumn<QString>("name");

    QTest::newRow("a folder") << u"."_s;
    QTest::newRow("in a file") << u"file/test.log"_s;
#ifndef Q_OS_WIN
    QTest::newRow("a device") << u"/dev/null"_s;
#endif
}

void LogFileTest::saysWhyItCannotBeWritten()
{
    QFETCH(QString, name);
    QFile file(path(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    LogFile log(path(name));

    QVERIFY(log.write("one\n") < 0);

    QVERIFY(!log.problem().isEmpty());
}

void LogFileTest::writesOnceItCan()
{
    const QString hindrance = path(u"log"_s);
    {
        QFile file(hindrance);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    LogFile log(hindrance + u"/test.log"_s);
    QVERIFY(log.write("one\n") < 0);

    QVERIFY(QFile::remove(hindrance));

    QCOMPARE(log.write("two\n"), qsizetype(4));
}

void LogFileTest::aProblemIsNamedOnce()
{
    QStringList told;
    const QString hindrance = path(u"log"_s);
    {
        QFile file(hindrance);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    LogOutput output(lossLine, longEnough);
    output.useFile(std::make_unique<LogFile>(hindrance + u"/test.log"_s),
                   [&told](const QString &reason) {
                       told.append(reason);
                       return QByteArray("it cannot be written\n");
                   });

    output.write("one\n");
    output.write("two\n");
    QVERIFY(output.flush());
    QVERIFY(QFile::remove(hindrance));
    output.write("three\n");
    QVERIFY(output.flush());

    QCOMPARE(told.size(), 1);
    QVERIFY(!told.front().isEmpty());
    QCOMPARE(contentOf(hindrance + u"/test.log"_s), "lost 2\nthree\n");
}

void LogFileTest::threadsShareIt()
{
    constexpr int threads = 4;
    constexpr int lines = 50;
    LogOutput output(lossLine, longEnough);
    output.useFile(std::make_unique<LogFile>(path(), 1'000, 100),
                   [](const QString &) { return QByteArray(); });

    std::vector<std::thread> writers;
    for (int i = 0; i < threads; ++i) {
        writers.emplace_back([&output, i] {
            for (int line = 0; line < lines; ++line)
                output.write("thread " + QByteArray::number(i) + " line " + QByteArray::number(line)
                             + '\n');
        });
    }
    for (std::thread &writer : writers)
        writer.join();
    output.end();

    QByteArray all = contentOf(path());
    for (int age = 1; QFileInfo::exists(path() + u'.' + QString::number(age)); ++age) {
        QVERIFY(QFileInfo(path() + u'.' + QString::number(age)).size() <= 1'000);
        all.prepend(contentOf(path() + u'.' + QString::number(age)));
    }
    std::vector<int> next(threads, 0);
    QByteArrayList written = all.split('\n');
    QVERIFY(written.takeLast().isEmpty());
    QCOMPARE(written.size(), threads * lines);
    for (const QByteArray &line : std::as_const(written)) {
        const QByteArrayList words = line.split(' ');
        QCOMPARE(words.size(), 4);
        QCOMPARE(words.at(3).toInt(), next.at(words.at(1).toUInt())++);
    }
}

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::LogFileTest)
#include "tst_logfile.moc"
