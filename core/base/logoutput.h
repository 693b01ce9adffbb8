#pragma once

#include <QByteArray>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace gatehouse::base {

class LogFile;

// Standard error as what a log is written to: a terminal, a file, or a pipe. Its disk may be full, and
// whoever reads it may be slow, stand still or be gone. A thread of its own writes, begun with the first
// line, so that who logs never waits. Lines that find no room, be it in the thread's queue or on the
// disk, are lost; how many they were is told before the next one that is written. The order is that of
// the calls, which may come from any thread. The lines may go to a file, too, by the same thread; what
// one of both refuses the other gets all the same. Where standard error leads to the journal of systemd,
// which says so in JOURNAL_STREAM, each line begins with its priority, such as `<3>`.
class LogOutput
{
public:
    static constexpr int usualPriority = 6; // information

    // The line that tells how many were lost; made in the writing thread.
    using LossLine = std::function<QByteArray(qint64 lost)>;
    // The line that tells why the file cannot be written; made in the writing thread.
    using FailureLine = std::function<QByteArray(const QString &reason)>;

    // `patience` is how long flush() and end() wait at most.
    LogOutput(const LossLine &lossLine, std::chrono::milliseconds patience);
    ~LogOutput(); // end()
    LogOutput(const LogOutput &) = delete;
    LogOutput &operator=(const LogOutput &) = delete;

    // Each line that is not written yet, and all that follow, go to `file`, too, in the place of a former
    // one. The first one that it does not take is told of on standard error.
    void useFile(std::unique_ptr<LogFile> file, FailureLine failureLine);
    // A line with its end or several of them, and their priority as syslog(3) numbers them. Does nothing
    // after end().
    void write(const QByteArray &lines, int priority = usualPriority);
    // Waits until each line so far is written or lost. False: it took too long.
    bool flush();
    // Waits likewise and ends the thread. What is not written then is given up.
    void end();

private:
    class Target;
    class FileTarget;
    class Queue;

    const std::shared_ptr<Queue> m_queue; // the thread's, too, which may stand still for good
    const std::chrono::milliseconds m_patience;
    std::thread m_thread{}; // under the queue's lock
};

} // namespace gatehouse::base
