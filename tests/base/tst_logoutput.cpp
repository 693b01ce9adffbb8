// This file calls the system's own functions: pipes and what standard error is.
#include "base/logoutput.h"

#include <QFile>
#include <QTest>

#ifndef Q_OS_WIN
#include <csignal>
#include <fcntl.h>
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

struct Pipe
{
    Pipe()
    {
        if (::pipe(ends) != 0)
            qFatal("no pipe");
    }
    ~Pipe()
    {
        closeReader();
        ::close(ends[1]);
    }
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;

    void closeReader()
    {
        if (ends[0] >= 0)
            ::close(std::exchange(ends[0], -1));
    }
    // What has been written so far.
    QByteArray take() const
    {
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
        QByteArray all;
        char buffer[4096];
        for (ssize_t length = 0; (length = ::read(ends[0], buffer, sizeof buffer)) > 0;)
            all.append(buffer, length);
        return all;
    }

    int ends[2] = {-1, -1};
};

} // namespace

#endif

class LogOutputTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void writes();
    void doesNotWaitForAReaderThatStandsStill();
    void outlivesItsReader();
    void losesWhatADiskHasNoRoomFor();
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
void LogOutputTest::doesNotWaitForAReaderThatStandsStill() {}
void LogOutputTest::outlivesItsReader() {}
void LogOutputTest::losesWhatADiskHasNoRoomFor() {}

#else

void LogOutputTest::writes()
{
    const Pipe pipe;
    LogOutput output;
    bool isWritten = false;
    const QByteArray longLine = QByteArray(20'000, 'x') + '\n';

    {
        const OtherError error(pipe.ends[1]);
        isWritten = output.write("first\n") && output.write(longLine);
    }

    QVERIFY(isWritten);
    QCOMPARE(pipe.take(), "first\n" + longLine);
}

void LogOutputTest::doesNotWaitForAReaderThatStandsStill()
{
    const Pipe pipe;
    LogOutput output;
    const QByteArray line = QByteArray(9'999, 'x') + '\n';
    int lines = 0;
    bool isLostToo = false;
    bool isWrittenAgain = false;
    QByteArray first;

    {
        const OtherError error(pipe.ends[1]);
        while (output.write(line) && lines < 10'000)
            ++lines;
        isLostToo = !output.write("lost\n");
        first = pipe.take();
        isWrittenAgain = output.write("afterwards\n");
    }

    QVERIFY(lines > 0 && lines < 10'000);
    QVERIFY(isLostToo);
    QVERIFY(isWrittenAgain);
    QVERIFY(first.startsWith(line) && first.size() >= lines * line.size());
    // A line that broke off is ended first.
    const bool isTorn = !first.endsWith('\n');
    QCOMPARE(pipe.take(), QByteArray(isTorn ? "\nafterwards\n" : "afterwards\n"));
}

void LogOutputTest::outlivesItsReader()
{
    Pipe pipe;
    pipe.closeReader();
    LogOutput output;
    bool isWritten = true;

    {
        const OtherError error(pipe.ends[1]);
        isWritten = output.write("nobody reads this\n");
    }

    QVERIFY(!isWritten);
}

void LogOutputTest::losesWhatADiskHasNoRoomFor()
{
    QFile full(QStringLiteral("/dev/full"));
    if (!full.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        QSKIP("This system has no device that is always full.");
    LogOutput output;
    bool isWritten = true;

    {
        const OtherError error(full.handle());
        isWritten = output.write("there is no room for this\n");
    }

    QVERIFY(!isWritten);
}

#endif

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::LogOutputTest)
#include "tst_logoutput.moc"
