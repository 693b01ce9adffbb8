#pragma once

#include "storage/traffic/trafficlines.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace gatehouse::storage {

// One search for the newest lines, in steps that grow. Several threads may take steps of it, each with
// its own database: what a line is at the moment in which its step is read. Synchronised; nothing is
// called while the lock is held.
class TrafficSweep
{
public:
    TrafficSweep(TrafficCondition condition,
                 TrafficSpan span,
                 int limit,
                 std::chrono::milliseconds budget);

    // Takes steps until enough was found or time is up, waits for those of others that are needed, and
    // gives what was found. Called once. Asks for help when the first steps did not find enough.
    base::Result<TrafficRows> run(Database &database, const std::function<void()> &askForHelp);
    // Takes steps for as long as there are any.
    void help(Database &database);

private:
    struct Step
    {
        TrafficSpan span{};
        int limit = 0;                                 // what newer steps have not found already
        std::optional<std::vector<TrafficRow>> rows{}; // none: it could not be read
        bool isOver = false;

        int found() const { return rows ? static_cast<int>(rows->size()) : 0; }
    };
    class Ending;

    // Null: there is nothing more to do.
    Step *take();
    base::Result<> read(Database &database, Step &step);
    void end();
    bool isEnoughOver() const; // with the lock held
    base::Result<TrafficRows> found(Database &database);

    const TrafficCondition m_condition;
    const int m_limit;
    const std::chrono::steady_clock::time_point m_end;
    std::mutex m_mutex;
    std::condition_variable m_stepIsOver;
    std::deque<Step> m_steps; // the newest first; their places in memory do not change
    TrafficSpan m_left;       // what nobody took
    qint64 m_step;            // how many ids the next one has
    int m_found = 0;          // in the steps that are over
    bool m_ended = false;
};

} // namespace gatehouse::storage
