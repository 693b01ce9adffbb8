// This file calls the system's own functions: write(2), poll(2), and _write() on Windows. Not those of
// <cstdio>: a stream that is locked by a thread that stands still would hold up the program's end.
#include "base/logoutput.h"

#include "base/logfile.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#ifdef Q_OS_WIN
#include <cstdio>
#include <io.h>
#else
#include <cerrno>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace gatehouse::base {

namespace {

// Of lines that wait; a single one may be longer.
constexpr qsizetype capacity = 1024 * 1024;

// How much of `text` was written, which may take any time. Not above 0: nothing can be.
#ifdef Q_OS_WIN

qsizetype writeToError(QByteArrayView text)
{
    constexpr qsizetype mostAtOnce = 4096; // a console takes no more than some ten thousand
    const int descriptor = ::_fileno(stderr);
    if (descriptor < 0)
        return -1;
    return ::_write(
        descriptor, text.data(), static_cast<unsigned int>(std::min(text.size(), mostAtOnce)));
}

bool isErrorTheJournal()
{
    return false;
}

#else

qsizetype writeToError(QByteArrayView text)
{
    for (;;) {
        const ssize_t written =
            ::write(STDERR_FILENO, text.data(), static_cast<size_t>(text.size()));
        if (written >= 0)
            return written;
        if (errno == EAGAIN) {
            pollfd target{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
            if (::poll(&target, 1, -1) >= 0)
                continue;
        }
        if (errno != EINTR)
            return -1;
    }
}

// Standard error may have been led elsewhere since systemd began the program.
bool isErrorTheJournal()
{
    const QByteArray named = qgetenv("JOURNAL_STREAM");
    struct stat about = {};
    if (named.isEmpty() || ::fstat(STDERR_FILENO, &about) != 0)
        return false;
    QByteArray present = QByteArray::number(static_cast<qulonglong>(about.st_dev));
    present += ':';
    present += QByteArray::number(static_cast<qulonglong>(about.st_ino));
    return named == present;
}

#endif

qint64 countOf(QByteArrayView lines)
{
    return std::max<qint64>(lines.count('\n'), 1);
}

// `lines`, each behind its priority as the journal reads it.
QByteArray withPriority(QByteArrayView lines, int priority)
{
    QByteArray prefix("<");
    prefix += QByteArray::number(priority);
    prefix += '>';
    QByteArray text;
    while (!lines.isEmpty()) {
        const qsizetype end = lines.indexOf('\n');
        const qsizetype length = end < 0 ? lines.size() : end + 1;
        text += prefix;
        text += lines.first(length);
        lines = lines.sliced(length);
    }
    return text;
}

} // namespace

// What lines are written to, with an account of those that could not be. The writing thread's.
class LogOutput::Target
{
public:
    using WriteSome = std::function<qsizetype(QByteArrayView)>;

    Target(LossLine lossLine, WriteSome writeSome)
        : m_lossLine(std::move(lossLine))
        , m_writeSome(std::move(writeSome))
    {}

    // False: it is lost.
    bool put(QByteArrayView line, qint64 lostBefore, const std::atomic<bool> &isGivenUp);

private:
    bool writeLine(QByteArrayView line, const std::atomic<bool> &isGivenUp);
    bool writeAll(QByteArrayView text, const std::atomic<bool> &isGivenUp);

    const LossLine m_lossLine;
    const WriteSome m_writeSome;
    qint64 m_untold = 0;   // lost lines before the one that is being written
    bool m_isTorn = false; // the last line broke off
};

bool LogOutput::Target::put(QByteArrayView line,
                            qint64 lostBefore,
                            const std::atomic<bool> &isGivenUp)
{
    m_untold += lostBefore;
    if (m_untold > 0 && writeLine(m_lossLine(m_untold), isGivenUp))
        m_untold = 0;
    if (m_untold == 0 && writeLine(line, isGivenUp))
        return true;
    m_untold += countOf(line);
    return false;
}

bool LogOutput::Target::writeLine(QByteArrayView line, const std::atomic<bool> &isGivenUp)
{
    // The rest of a line that broke off is not mistaken for the beginning of this one.
    if (m_isTorn && !writeAll("\n", isGivenUp))
        return false;
    return writeAll(line, isGivenUp);
}

bool LogOutput::Target::writeAll(QByteArrayView text, const std::atomic<bool> &isGivenUp)
{
    while (!text.isEmpty()) {
        if (isGivenUp)
            return false;
        const qsizetype written = m_writeSome(text);
        if (written <= 0)
            return false;
        text = text.sliced(written);
        m_isTorn = !text.isEmpty();
    }
    return true;
}

class LogOutput::FileTarget
{
public:
    FileTarget(std::unique_ptr<LogFile> logFile, FailureLine line, const LossLine &lossLine)
        : file(std::move(logFile))
        , failureLine(std::move(line))
        , target(lossLine, [this](QByteArrayView text) { return file->write(text); })
    {}
    FileTarget(const FileTarget &) = delete;
    FileTarget &operator=(const FileTarget &) = delete;

    const std::unique_ptr<LogFile> file;
    const FailureLine failureLine;
    Target target;
    bool isFailureTold = false;
};

// What the threads that log and the one that writes share.
class LogOutput::Queue
{
public:
    explicit Queue(const LossLine &line)
        : lossLine(line)
        , m_error(line, writeToError)
    {}

    // All of the writing thread.
    void run();

    struct Line
    {
        QByteArray text{};
        int priority = usualPriority;
        qint64 lostBefore = 0;
    };

    const LossLine lossLine;
    std::mutex mutex{};
    std::condition_variable wake{};     // the writing thread
    std::condition_variable settled{};  // who waits for it
    std::deque<Line> lines{};           // the first stays until it is written
    qsizetype size = 0;                 // of `lines`
    qint64 lost = 0;                    // since the last of `lines`
    bool isEnded = false;               // no line is added any more
    bool hasLeft = false;               // the writing thread
    std::shared_ptr<FileTarget> file{}; // what it points to is the writing thread's; may be null
    std::atomic<bool> isGivenUp{false};

private:
    void put(const Line &line, FileTarget *fileTarget);

    const bool m_hasPriorities = isErrorTheJournal();
    Target m_error;
};

void LogOutput::Queue::run()
{
    std::unique_lock lock(mutex);
    for (;;) {
        wake.wait(lock, [this] { return !lines.empty() || isEnded; });
        if (lines.empty() || isGivenUp)
            break;
        const Line line = lines.front();
        std::shared_ptr<FileTarget> fileTarget = file;
        lock.unlock();
        put(line, fileTarget.get());
        fileTarget.reset(); // a former file is closed without the lock
        lock.lock();
        size -= line.text.size();
        lines.pop_front();
        if (lines.empty())
            settled.notify_all();
    }
    hasLeft = true;
    settled.notify_all();
}

// The file first: a terminal may stand still.
void LogOutput::Queue::put(const Line &line, FileTarget *fileTarget)
{
    const bool fileFails =
        fileTarget && !fileTarget->target.put(line.text, line.lostBefore, isGivenUp);
    const QByteArray text = m_hasPriorities ? withPriority(line.text, line.priority) : line.text;
    m_error.put(text, line.lostBefore, isGivenUp);
    if (fileFails && !std::exchange(fileTarget->isFailureTold, true))
        m_error.put(fileTarget->failureLine(fileTarget->file->problem()), 0, isGivenUp);
}

LogOutput::LogOutput(const LossLine &lossLine, std::chrono::milliseconds patience)
    : m_queue(std::make_shared<Queue>(lossLine))
    , m_patience(patience)
{}

LogOutput::~LogOutput()
{
    end();
}

void LogOutput::useFile(std::unique_ptr<LogFile> file, FailureLine failureLine)
{
    auto target =
        std::make_shared<FileTarget>(std::move(file), std::move(failureLine), m_queue->lossLine);
    const std::lock_guard lock(m_queue->mutex);
    m_queue->file.swap(target); // the former one is let go of without the lock
}

void LogOutput::write(const QByteArray &lines, int priority)
{
    const std::lock_guard lock(m_queue->mutex);
    if (m_queue->isEnded)
        return;
    // After a loss much room is waited for, lest every other line be about lost ones.
    const qsizetype most = m_queue->lost > 0 ? capacity / 2 : capacity;
    if (!m_queue->lines.empty() && m_queue->size + lines.size() > most) {
        m_queue->lost += countOf(lines);
        return;
    }
    m_queue->lines.push_back(
        {.text = lines, .priority = priority, .lostBefore = std::exchange(m_queue->lost, 0)});
    m_queue->size += lines.size();
    m_queue->wake.notify_one();
    if (!m_thread.joinable())
        m_thread = std::thread([queue = m_queue] { queue->run(); });
}

bool LogOutput::flush()
{
    std::unique_lock lock(m_queue->mutex);
    return m_queue->settled.wait_for(lock, m_patience, [this] { return m_queue->lines.empty(); });
}

void LogOutput::end()
{
    std::unique_lock lock(m_queue->mutex);
    m_queue->isEnded = true;
    m_queue->wake.notify_one();
    std::thread thread = std::exchange(m_thread, {});
    if (!thread.joinable())
        return;
    const bool hasLeft =
        m_queue->settled.wait_for(lock, m_patience, [this] { return m_queue->hasLeft; });
    m_queue->isGivenUp = !hasLeft;
    lock.unlock();
    if (hasLeft)
        thread.join();
    else
        thread.detach(); // it ends when the system lets go of it
}

} // namespace gatehouse::base
