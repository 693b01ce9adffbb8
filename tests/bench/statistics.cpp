#include "admin/statistics/statisticsquery.h"
#include "storage/databasefile.h"
#include "storage/statement.h"
#include "storage/traffic/trafficquery.h"
#include "storage/transaction.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cstdio>
#include <ctime>

using namespace gatehouse;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 hour = 3'600'000;

// Milliseconds of this thread's CPU, which other programs on the machine do not change.
double cpuTime()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// Prints the median of seven times, in milliseconds.
template<typename Function>
void measure(const char *what, Function function)
{
    std::vector<double> times;
    for (int i = 0; i < 7; ++i) {
        const double before = cpuTime();
        if (const auto answer = function(); !answer) {
            std::fprintf(stderr, "%s: %s\n", what, qPrintable(answer.error().detail));
            return;
        }
        times.push_back(cpuTime() - before);
    }
    std::sort(times.begin(), times.end());
    std::printf("%-44s %8.1f ms\n", what, times[times.size() / 2]);
}

// Sums up what is in the ledger, and prints how long the slices took.
bool rollUp(storage::Database &database, qint64 now)
{
    std::vector<double> slices;
    double reading = 0;
    while (true) {
        const double before = cpuTime();
        const auto chunk = storage::readRollUpChunk(database, {.now = now});
        if (!chunk)
            return false;
        reading += cpuTime() - before;
        for (const storage::RollUpSlice &slice : chunk->slices) {
            const double begin = cpuTime();
            auto transaction = storage::Transaction::begin(database);
            const auto stored = storage::storeRollUpSlice(database, slice);
            if (!stored || !*stored || !transaction->commit())
                return false;
            slices.push_back(cpuTime() - begin);
        }
        if (chunk->reachesEnd)
            break;
    }
    if (slices.empty())
        return true;
    std::sort(slices.begin(), slices.end());
    double writing = 0;
    for (const double slice : slices)
        writing += slice;
    std::printf("Summed up in %.1f s of CPU for reading and %zu slices of %.1f s together;"
                " median %.2f ms, p99 %.2f ms, longest %.2f ms\n",
                reading / 1000,
                slices.size(),
                writing / 1000,
                slices[slices.size() / 2],
                slices[slices.size() * 99 / 100],
                slices.back());
    return true;
}

void measureAll(storage::Database &database, qint64 now)
{
    using admin::RankingKind;
    using admin::StatisticsFilter;
    const auto query =
        [&](const char *what, qint64 length, const StatisticsFilter &filter, auto ask) {
            const admin::StatisticsOrder order{
                .range = {now - length, now}, .filter = filter, .now = now};
            measure(what, [&] { return ask(admin::StatisticsQuery(database, order)); });
        };
    const auto figures = [](const admin::StatisticsQuery &of) { return of.figures(); };
    const auto series = [](const admin::StatisticsQuery &of) {
        return of.series(120, QTimeZone::utc());
    };
    const auto ranking = [](RankingKind kind) {
        return [kind](const admin::StatisticsQuery &of) { return of.ranking(kind, 8); };
    };
    const StatisticsFilter channel{.channel = domain::ChannelId{3}};
    const StatisticsFilter both{.channel = domain::ChannelId{3}, .model = u"gpt-5.1"_s};
    query("figures, 15 minutes", hour / 4, {}, figures);
    query("figures, 24 hours", 24 * hour, {}, figures);
    query("figures, 30 days", 720 * hour, {}, figures);
    query("figures, 24 hours, a channel", 24 * hour, channel, figures);
    query("figures, 24 hours, a channel and a model", 24 * hour, both, figures);
    query("figures, 30 days, a channel and a model", 720 * hour, both, figures);
    query("series, 15 minutes", hour / 4, {}, series);
    query("series, 24 hours", 24 * hour, {}, series);
    query("series, 7 days", 168 * hour, {}, series);
    query("series, 30 days", 720 * hour, {}, series);
    query("series, 30 days, a channel", 720 * hour, channel, series);
    query("ranking by model, 24 hours", 24 * hour, {}, ranking(RankingKind::Model));
    query("ranking by token, 30 days", 720 * hour, {}, ranking(RankingKind::Token));
    query("ranking by model, 30 days, a channel", 720 * hour, channel, ranking(RankingKind::Model));
    const auto channels = [](const admin::StatisticsQuery &of) {
        return of.channels(QTimeZone::utc());
    };
    query("channels, strips of an hour", hour, {}, channels);
    query("channels, strips of 24 hours", 24 * hour, {}, channels);
    query("channels, strips of 30 days", 720 * hour, {}, channels);
    query("recent traffic (after each roll-up)", 0, {}, [&](const admin::StatisticsQuery &of) {
        return of.recent(now - 14 * hour);
    });
    query("models without a price", 24 * hour, {}, [](const admin::StatisticsQuery &of) {
        return of.unpriced();
    });
    measure("failures of a channel, 24 hours",
            [&] { return storage::TrafficQuery(database).failures({3}, now - 24 * hour, 20); });
    // A step of the chart over 30 days.
    measure("codes of failures, 6 hours", [&] {
        return storage::TrafficQuery(database).failureCodes(now - 30 * hour, now - 24 * hour, 3);
    });
}

} // namespace

// Measures the statistics on a database of generate_ledger:
//     bench_statistics FILE
int main(int argumentCount, char **arguments)
{
    QCoreApplication application(argumentCount, arguments);
    if (QCoreApplication::arguments().size() < 2) {
        std::fprintf(stderr, "Usage: bench_statistics FILE\n");
        return 64;
    }
    storage::DatabaseOptions options;
    options.path = QCoreApplication::arguments().at(1);
    auto database = storage::Database::open(options, storage::Database::Access::ReadWrite);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (!database || !rollUp(**database, now)) {
        std::fprintf(stderr, "The database cannot be used.\n");
        return 1;
    }
    const auto rows = storage::numberOf(
        **database, storage::execute(**database, u"SELECT count(*) FROM traffic_rollups"_s));
    std::printf("%lld rows in the roll-ups\n", static_cast<long long>(rows.value_or(-1)));
    measureAll(**database, now);
    return 0;
}
