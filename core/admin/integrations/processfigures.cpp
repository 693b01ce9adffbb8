#include "admin/integrations/processfigures.h"

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif
#ifdef Q_OS_LINUX
#include <QByteArray>
#include <QDir>
#include <QFile>

#include <unistd.h>
#endif

namespace gatehouse::admin {

ProcessFigures processFigures()
{
    ProcessFigures figures;
#ifdef Q_OS_UNIX
    constexpr double microseconds = 1e6;
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        const auto secondsOf = [](const timeval &time) {
            return static_cast<double>(time.tv_sec)
                   + static_cast<double>(time.tv_usec) / microseconds;
        };
        figures.cpuSeconds = secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
    }
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        figures.mostFiles = static_cast<quint64>(limit.rlim_cur);
#endif
#ifdef Q_OS_LINUX
    QFile memory(QStringLiteral("/proc/self/statm"));
    if (memory.open(QIODevice::ReadOnly)) {
        const QByteArrayList pages = memory.readAll().split(' ');
        if (pages.size() > 1)
            figures.residentBytes =
                pages.at(1).toULongLong() * static_cast<quint64>(sysconf(_SC_PAGESIZE));
    }
    // Without the one that the folder is read by.
    const auto open = QDir(QStringLiteral("/proc/self/fd"))
                          .entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)
                          .size();
    if (open > 0)
        figures.openFiles = static_cast<quint64>(open - 1);
#endif
    return figures;
}

} // namespace gatehouse::admin
