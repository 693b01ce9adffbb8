#include "bench/windowprobe.h"

#include <QEventLoop>
#include <QFile>
#include <QMetaEnum>
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

bool WatchedApplication::notify(QObject *receiver, QEvent *event)
{
    constexpr double isLong = 4; // milliseconds
    if (m_depth > 0)
        return QApplication::notify(receiver, event);
    const QByteArray type = QMetaEnum::fromType<QEvent::Type>().valueToKey(event->type());
    const QByteArray name = receiver->metaObject()->className();
    ++m_depth;
    const auto begin = Clock::now();
    const bool taken = QApplication::notify(receiver, event);
    const double took = millisecondsSince(begin);
    --m_depth;
    if (took >= isLong) {
        Kind &kind = m_long[name + ' ' + type];
        ++kind.count;
        kind.all += took;
        kind.longest = std::max(kind.longest, took);
    }
    return taken;
}

void WatchedApplication::tellLongEvents(const QString &during)
{
    constexpr size_t most = 8;
    const auto taken = std::exchange(m_long, {});
    std::vector<std::pair<QByteArray, Kind>> all(taken.begin(), taken.end());
    std::sort(all.begin(), all.end(), [](const auto &left, const auto &right) {
        return left.second.all > right.second.all;
    });
    for (size_t i = 0; i < std::min(most, all.size()); ++i) {
        const Kind &kind = all[i].second;
        std::fprintf(stderr,
                     "%s: %-44s %5d times, %7.1f ms in all, longest %5.1f\n",
                     qPrintable(during),
                     all[i].first.constData(),
                     kind.count,
                     kind.all,
                     kind.longest);
    }
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
