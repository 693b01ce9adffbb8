#include "storage/traffic/trafficsweep.h"

namespace gatehouse::storage {

using base::Result;
using std::chrono::steady_clock;

namespace {

// So many ids are looked at in one statement, at first and at most.
constexpr qint64 firstStep = 5'000;
constexpr qint64 largestStep = 40'000;

// How many steps are taken alone: they find enough mostly, and then help would come for nothing.
constexpr int stepsAlone = 2;

} // namespace

// Whatever becomes of a step, those who wait for it go on.
class TrafficSweep::Ending
{
public:
    Ending(TrafficSweep &sweep, Step &step)
        : m_sweep(sweep)
        , m_step(step)
    {}
    ~Ending()
    {
        {
            const std::lock_guard lock(m_sweep.m_mutex);
            m_step.isOver = true;
            m_sweep.m_found += m_step.found();
        }
        m_sweep.m_stepIsOver.notify_all();
    }
    Ending(const Ending &) = delete;
    Ending &operator=(const Ending &) = delete;

private:
    TrafficSweep &m_sweep;
    Step &m_step;
};

TrafficSweep::TrafficSweep(TrafficCondition condition,
                           TrafficSpan span,
                           int limit,
                           std::chrono::milliseconds budget)
    : m_condition(std::move(condition))
    , m_limit(limit)
    , m_end(steady_clock::now() + budget)
    , m_left(span)
    , m_step(firstStep)
{}

TrafficSweep::Step *TrafficSweep::take()
{
    const std::lock_guard lock(m_mutex);
    const bool isLate = !m_steps.empty() && steady_clock::now() >= m_end;
    if (m_ended || isLate || m_left.isEmpty() || m_found >= m_limit)
        return nullptr;
    TrafficSpan span = m_left;
    span.after = std::max(m_left.after, m_left.before - 1 - m_step);
    m_step = std::min(largestStep, 2 * m_step);
    m_left.before = span.after + 1;
    return &m_steps.emplace_back(Step{.span = span, .limit = m_limit - m_found});
}

Result<> TrafficSweep::read(Database &database, Step &step)
{
    Result<std::vector<TrafficRow>> rows =
        TrafficLines(database, m_condition).read(step.span, step.limit);
    if (!rows)
        return base::fail(std::move(rows.error()));
    step.rows = std::move(*rows);
    return {};
}

void TrafficSweep::end()
{
    const std::lock_guard lock(m_mutex);
    m_ended = true;
}

Result<TrafficRows> TrafficSweep::run(Database &database, const std::function<void()> &askForHelp)
{
    int taken = 0;
    while (Step *step = take()) {
        if (taken++ == stepsAlone && askForHelp)
            askForHelp();
        const Ending ending(*this, *step);
        if (const Result<> done = read(database, *step); !done) {
            end();
            return base::fail(done.error());
        }
    }
    return found(database);
}

void TrafficSweep::help(Database &database)
{
    while (Step *step = take()) {
        const Ending ending(*this, *step);
        // Who gives the answer reads it once more, and tells why it cannot be read.
        if (!read(database, *step))
            return;
    }
}

// Of the steps that are over, those before the first that is not: the rest has older lines.
bool TrafficSweep::isEnoughOver() const
{
    int found = 0;
    for (const Step &step : m_steps) {
        if (!step.isOver)
            return false;
        found += step.found();
        if (found >= m_limit)
            return true;
    }
    return true;
}

Result<TrafficRows> TrafficSweep::found(Database &database)
{
    {
        std::unique_lock lock(m_mutex);
        m_ended = true; // nobody takes a step any more
        m_stepIsOver.wait(lock, [this] { return isEnoughOver(); });
    }
    TrafficRows all{.left = m_left};
    for (Step &step : m_steps) {
        if (std::ssize(all.rows) >= m_limit)
            break; // others may still be at what follows
        if (!step.rows) {
            if (Result<> done = read(database, step); !done)
                return base::fail(std::move(done.error()));
        }
        const auto wanted = std::min<ptrdiff_t>(m_limit - std::ssize(all.rows), step.found());
        std::move(step.rows->begin(), step.rows->begin() + wanted, std::back_inserter(all.rows));
    }
    // The rest of what was looked at was not needed.
    if (m_limit > 0 && std::ssize(all.rows) == m_limit)
        all.left.before = all.rows.back().stored.id;
    return all;
}

} // namespace gatehouse::storage
