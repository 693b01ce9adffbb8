#include "bench/windowprobe.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFile>
#include <QTimer>

#include <algorithm>
#include <cmath>

#include <time.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::bench {

double millisecondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double millisecondsSinceStart()
{
    // Whoever starts the program may tell more exactly than the hundredths of the system.
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double present = double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
    bool told = false;
    const double begin = qEnvironmentVariable("BENCH_STARTED_AT").toDouble(&told);
    if (told)
        return present - begin;
    QFile file(u"/proc/self/stat"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    const QByteArrayList fields = text.sliced(text.lastIndexOf(')') + 2).split(' ');
    return present - fields.value(19).toDouble() * 1e3 / double(sysconf(_SC_CLK_TCK));
}

double Durations::percentile(double share) const
{
    if (m_all.empty())
        return 0;
    std::sort(m_all.begin(), m_all.end());
    const auto index = static_cast<size_t>(std::ceil(share * double(m_all.size())));
    return m_all[std::clamp<size_t>(index, 1, m_all.size()) - 1];
}

EventDelay::EventDelay()
    : m_poster([this] {
        auto due = Clock::now();
        while (!m_ending) {
            due += 2ms;
            std::this_thread::sleep_until(due);
            QMetaObject::invokeMethod(
                &m_receiver,
                [this, posted = Clock::now()] { m_delays.add(millisecondsSince(posted)); },
                Qt::QueuedConnection);
        }
    })
{}

EventDelay::~EventDelay()
{
    m_ending = true;
    m_poster.join();
}

Durations EventDelay::take()
{
    return std::exchange(m_delays, {});
}

bool waitUntil(const std::function<bool()> &done, std::chrono::milliseconds most)
{
    const auto begin = Clock::now();
    bool came = false;
    QEventLoop loop;
    QTimer look;
    look.setTimerType(Qt::PreciseTimer);
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        came = done();
        if (came || Clock::now() - begin > most)
            loop.quit();
    });
    look.start(1);
    loop.exec();
    return came;
}

void pass(std::chrono::milliseconds time)
{
    waitUntil([] { return false; }, time);
}

void report(const QString &what, double value, const char *unit)
{
    std::printf("%s\t%.2f\t%s\n", qPrintable(what), value, unit);
    std::fflush(stdout);
}

long memory(const char *name)
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        const QByteArrayList fields = line.simplified().split(' ');
        if (fields.size() > 1 && fields.front() == QByteArray(name).append(":"))
            return fields.at(1).toLong();
    }
    return 0;
}

} // namespace gatehouse::bench
