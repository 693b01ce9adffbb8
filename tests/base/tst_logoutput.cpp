// This file calls the system's own functions: pipes, terminals and what standard error is.
#include "base/logoutput.h"

#include "base/logfile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <utility>

#ifndef Q_OS_WIN
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>
#endif

namespace gatehouse::base {

#ifndef Q_OS_WIN

namespace {

// Standard error is something else as long as this lives.
class OtherError
{
public:
    explicit OtherError(int descriptor)
        : m_usual(::dup(STDERR_FILENO))
    {
        ::dup2(descriptor, STDERR_FILENO);
    }
    ~OtherError()
    {
        ::dup2(m_usual, STDERR_FILENO);
        ::close(m_usual);
    }
    OtherError(const OtherError &) = delete;
    OtherError &operator=(const OtherError &) = delete;

private:
    const int m_usual;
};

// What a log is written to, and its reader.
struct Ends
{
    Ends() = default;
    ~Ends()
    {
        closeReader();
        ::close(writer);
    }
    Ends(const Ends &) = delete;
    Ends &operator=(const Ends &) = delete;

    void closeReader()
    {
        if (reader >= 0)
            ::close(std::exchange(reader, -1));
    }
    // What has come so far, `most` bytes of it at most.
    QByteArray take(qsizetype most = 1024 * 1024 * 1024) const
    {
        QByteArray all;
        char buffer[4096];
        while (all.size() < most) {
            const ssize_t length = ::read(reader, buffer, sizeof buffer);
            if (length <= 0)
                break;
            all.append(buffer, length);
        }
        return all;
    }

    int reader = -1;
    int writer = -1;
};

struct Pipe : Ends
{
    Pipe()
    {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0)
            qFatal("no pipe");
        reader = ends[0];
        writer = ends[1];
        ::fcntl(reader, F_SETFL, O_NONBLOCK);
    }
};

struct Terminal : Ends
{
    Terminal()
    {
        reader = ::posix_openpt(O_RDWR | O_NOCTTY);
        if (reader < 0 || ::grantpt(reader) != 0 || ::unlockpt(reader) != 0)
            qFatal("no terminal");
        writer = ::open(::ptsname(reader), O_RDWR | O_NOCTTY);
        termios mode = {};
        if (writer < 0 || ::tcgetattr(writer, &mode) != 0)
            qFatal("no terminal");
        mode.c_oflag &= ~static_cast<tcflag_t>(OPOST); // what is written comes as it is
        ::tcsetattr(writer, TCSANOW, &mode);
        ::fcntl(reader, F_SETFL, O_NONBLOCK);
    }
};

std::unique_ptr<Ends> newEnds(bool isTerminal)
{
    if (isTerminal)
        return std::make_unique<Terminal>();
    return std::make_unique<Pipe>();
}

QByteArray lossLine(qint64 lost)
{
    return "lost " + QByteArray::number(lost) + '\n';
}

QByteArray longLine(int number)
{
    return QByteArray::number(number) + ' ' + QByteArray(9'990, 'x') + '\n';
}

// How many of longLine(0), longLine(1), ... `text` holds or says to be lost; -1 if others are in it.
int accountedFor(const QByteArray &text)
{
    int next = 0;
    const QByteArrayList lines = text.split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("lost "))
            next += line.mid(5).toInt();
        else if (line + '\n' == longLine(next))
            ++next;
        else if (!line.isEmpty())
            return -1;
    }
    return next;
}

constexpr std::chrono::milliseconds longEnough{60'000};
constexpr std::chrono::milliseconds aMoment{20};

} // namespace

#endif

class LogOutputTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void writes();
    void waitsForNoReader_data();
    void waitsForNoReader();
    void writesAtTheEnd();
    void givesUpAtTheEnd_data();
    void givesUpAtTheEnd();
    void tellsWhatNobodyTook_data();
    void tellsWhatNobodyTook();
    void waitsForRoomThatIsRefused();
    void aFileGetsWhatNobodyTook();
};

void LogOutputTest::initTestCase()
{
#ifdef Q_OS_WIN
    QSKIP("There is no other standard error here.");
#else
    ::signal(SIGPIPE, SIG_IGN);
#endif
}

#ifdef Q_OS_WIN

void LogOutputTest::writes() {}
void LogOutputTest::waitsForNoReader_data() {}
void LogOutputTest::waitsForNoReader() {}
void LogOutputTest::writesAtTheEnd() {}
void LogOutputTest::givesUpAtTheEnd_data() {}
void LogOutputTest::givesUpAtTheEnd() {}
void LogOutputTest::tellsWhatNobodyTook_data() {}
void LogOutputTest::tellsWhatNobodyTook() {}
void LogOutputTest::waitsForRoomThatIsRefused() {}
void LogOutputTest::aFileGetsWhatNobodyTook() {}

#else

void LogOutputTest::writes()
{
    const Pipe pipe;
    const OtherError error(pipe.writer);
    LogOutput output(lossLine, longEnough);

    output.write("first\n");
    output.write(longLine(2));

    QVERIFY(output.flush());
    QCOMPARE(pipe.take(), "first\n" + longLine(2));
}

void LogOutputTest::waitsForNoReader_data()
{
    QTest::addColumn<bool>("isTerminal");
    QTest::addColumn<int>("taken"); // meanwhile, after each line

    QTest::newRow("a pipe whose reader stands still") << false << 0;
    QTest::newRow("a pipe whose reader is slow") << false << 4096;
    QTest::newRow("a terminal that stands still") << true << 0;
    QTest::newRow("a terminal that is slow") << true << 4096;
}

void LogOutputTest::waitsForNoReader()
{
    QFETCH(bool, isTerminal);
    QFETCH(int, taken);
    const std::unique_ptr<Ends> ends = newEnds(isTerminal);
    const OtherError error(ends->writer);
    LogOutput output(lossLine, aMoment);
    QByteArray text;
    constexpr int count = 1'000;

    for (int i = 0; i < count; ++i) {
        output.write(longLine(i));
        text += ends->take(taken);
    }
    const bool isStuck = !output.flush();
    const auto isRead = [&] {
        const bool isWritten = output.flush();
        text += ends->take();
        return isWritten;
    };
    QTRY_VERIFY(isRead());
    output.write(longLine(count));
    QTRY_VERIFY(isRead());

    QVERIFY(isStuck);
    QVERIFY(text.contains("\nlost "));
    QCOMPARE(accountedFor(text), count + 1);
}

void LogOutputTest::writesAtTheEnd()
{
    const Pipe pipe;
    const OtherError error(pipe.writer);
    const QByteArray line = QByteArray(99, 'x') + '\n';

    {
        LogOutput output(lossLine, longEnough);
        for (int i = 0; i < 100; ++i)
            output.write(line);
        output.end();
        output.write("too late\n");
    }

    QCOMPARE(pipe.take(), line.repeated(100));
}

void LogOutputTest::givesUpAtTheEnd_data()
{
    QTest::addColumn<bool>("isTerminal");

    QTest::newRow("a pipe") << false;
    QTest::newRow("a terminal") << true;
}

void LogOutputTest::givesUpAtTheEnd()
{
    QFETCH(bool, isTerminal);
    const std::unique_ptr<Ends> ends = newEnds(isTerminal);
    const OtherError error(ends->writer);

    {
        LogOutput output(lossLine, aMoment);
        for (int i = 0; i < 100; ++i)
            output.write(longLine(i));
    }

    // The line that is being written may come yet, and no other.
    const QByteArray text = ends->take();
    QVERIFY(!text.isEmpty() && text.size() < 90 * longLine(0).size());
}

void LogOutputTest::tellsWhatNobodyTook_data()
{
    QTest::addColumn<QByteArray>("device");

    QTest::newRow("a reader that is gone") << QByteArray();
    QTest::newRow("a disk that is full") << QByteArray("/dev/full");
}

void LogOutputTest::tellsWhatNobodyTook()
{
    QFETCH(QByteArray, device);
    Pipe gone;
    gone.closeReader();
    QFile full(QFile::decodeName(device));
    if (!device.isEmpty() && !full.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        QSKIP("This system has no device that is always full.");
    const Pipe pipe;
    LogOutput output(lossLine, longEnough);

    {
        const OtherError error(device.isEmpty() ? gone.writer : full.handle());
        output.write("one\n");
        output.write("two\n");
        QVERIFY(output.flush());
    }
    const OtherError error(pipe.writer);
    output.write("three\n");
    output.write("four\n");

    QVERIFY(output.flush());
    QCOMPARE(pipe.take(), "lost 2\nthree\nfour\n");
}

// Another program that has the same terminal or pipe may have made it so that nobody waits for it.
void LogOutputTest::waitsForRoomThatIsRefused()
{
    const Pipe pipe;
    ::fcntl(pipe.writer, F_SETFL, O_NONBLOCK);
    const OtherError error(pipe.writer);
    LogOutput output(lossLine, aMoment);
    QByteArray text;

    for (int i = 0; i < 50; ++i)
        output.write(longLine(i));
    const bool isStuck = !output.flush();
    const auto isRead = [&] {
        const bool isWritten = output.flush();
        text += pipe.take();
        return isWritten;
    };

    QVERIFY(isStuck);
    QTRY_VERIFY(isRead());
    QVERIFY(!text.contains("lost"));
    QCOMPARE(accountedFor(text), 50);
}

// Such as of a window that was started from a menu.
void LogOutputTest::aFileGetsWhatNobodyTook()
{
    const QTemporaryDir folder;
    Pipe gone;
    gone.closeReader();
    const OtherError error(gone.writer);
    LogOutput output(lossLine, longEnough);
    const QString path = folder.filePath(QStringLiteral("test.log"));
    int failures = 0;
    output.useFile(std::make_unique<LogFile>(path), [&failures](const QString &) {
        ++failures;
        return QByteArray();
    });

    output.write("one\n");
    output.write("two\n");
    QVERIFY(output.flush());

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "one\ntwo\n");
    QCOMPARE(failures, 0);
}

#endif

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::LogOutputTest)
#include "tst_logoutput.moc"
