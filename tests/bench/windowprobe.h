#pragma once

#include <QApplication>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <thread>
#include <vector>

namespace gatehouse::bench {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point begin);
// Of the whole process: from its start until now.
double millisecondsSinceStart();

// Durations in milliseconds, and what they come to.
class Durations
{
public:
    void add(double milliseconds) { m_all.push_back(milliseconds); }
    bool isEmpty() const { return m_all.empty(); }
    size_t count() const { return m_all.size(); }
    // `share` of all are not longer; 1: the longest.
    double percentile(double share) const;

private:
    mutable std::vector<double> m_all{};
};

// How long events wait until the main thread takes them: another thread posts one every two
// milliseconds, whether the former ones were taken or not.
class EventDelay
{
public:
    EventDelay();
    ~EventDelay();

    // What was seen until now; begins anew.
    Durations take();

private:
    QObject m_receiver;
    Durations m_delays;
    std::atomic<bool> m_ending = false;
    std::thread m_poster;
};

// The application, which remembers what kept the main thread for long.
class WatchedApplication final : public QApplication
{
public:
    using QApplication::QApplication;

    bool notify(QObject *receiver, QEvent *event) override;
    // Tells on standard error what took long since the last call, the most costly first.
    void tellLongEvents(const QString &during);

private:
    struct Kind
    {
        int count = 0;
        double all = 0;
        double longest = 0;
    };

    std::map<QByteArray, Kind> m_long{}; // by receiver and type
    int m_depth = 0;
};

// Lets the event loop run until `done`, asking after each turn; false: it took longer than `most`.
bool waitUntil(const std::function<bool()> &done, std::chrono::milliseconds most);
// Lets it run for so long.
void pass(std::chrono::milliseconds time);

// One line for window.py: "what<TAB>value<TAB>unit".
void report(const QString &what, double value, const char *unit = "ms");

// Kilobytes of this process, by the name of /proc/self/status, such as "VmRSS".
long memory(const char *name);

} // namespace gatehouse::bench
