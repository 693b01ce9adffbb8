#include "dashboard/chartseries.h"

#include "widgets/format.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr double nanoPerDollar = 1e9;

double dollarsOf(domain::Quota quota)
{
    return static_cast<double>(quota.units) / static_cast<double>(domain::Quota::perDollar);
}

// One value for each bucket; NaN where the gateway did not run.
template<typename Value>
QList<double> valuesOf(const admin::Series &source, Value value)
{
    QList<double> values;
    values.reserve(static_cast<qsizetype>(source.buckets.size()));
    for (const admin::SeriesBucket &bucket : source.buckets) {
        values.append(bucket.running ? static_cast<double>(value(bucket))
                                     : std::numeric_limits<double>::quiet_NaN());
    }
    return values;
}

// In percent of what was not cancelled.
double shareOf(qint64 part, const domain::TrafficSums &sums)
{
    constexpr double all = 100;
    const qint64 whole = sums.requests() - sums.cancelled;
    return whole > 0 ? all * static_cast<double>(part) / static_cast<double>(whole) : 0;
}

// Of a handful of requests a share says little.
bool isFew(const domain::TrafficSums &sums)
{
    constexpr qint64 enough = 5;
    return sums.requests() - sums.cancelled < enough;
}

double orNothing(std::optional<qint64> value)
{
    return value ? static_cast<double>(*value) : std::numeric_limits<double>::quiet_NaN();
}

// p50 to p95, and p99.
template<typename Times>
QList<ChartSeries> percentiles(const admin::Series &source, Times times)
{
    return {{.name = ChartText::tr("p50"),
             .slot = ChartSlot::Blue,
             .kind = SeriesKind::Band,
             .values =
                 valuesOf(source, [&](const auto &bucket) { return orNothing(times(bucket).p50); }),
             .upper =
                 valuesOf(source, [&](const auto &bucket) { return orNothing(times(bucket).p95); }),
             .upperName = ChartText::tr("p95")},
            {.name = ChartText::tr("p99"),
             .slot = ChartSlot::Vermilion,
             .kind = SeriesKind::Line,
             .values = valuesOf(source,
                                [&](const auto &bucket) { return orNothing(times(bucket).p99); })}};
}

// Whether the two can be mistaken for one another: both blues are.
bool areAlike(ChartSlot one, ChartSlot other)
{
    const auto isBlue = [](ChartSlot slot) {
        return slot == ChartSlot::Blue || slot == ChartSlot::Sky;
    };
    return one == other || (isBlue(one) && isBlue(other));
}

// A model has its own slot, unless one that is before it in the chart has one like it: then the next that
// is like none, or where there is none left the next free.
ChartSlot freeSlot(const QString &model, const QList<ChartSeries> &before)
{
    constexpr int places = static_cast<int>(ChartSlot::Grey); // which is that of the others
    const int own = static_cast<int>(slotFor(model));
    const auto nextFree = [&](auto &&isTakenBy) -> std::optional<ChartSlot> {
        for (int step = 0; step < places; ++step) {
            const auto slot = static_cast<ChartSlot>((own + step) % places);
            if (std::none_of(before.begin(), before.end(), [&](const ChartSeries &each) {
                    return isTakenBy(each.slot, slot);
                }))
                return slot;
        }
        return std::nullopt;
    };
    if (const std::optional<ChartSlot> distinct = nextFree(areAlike))
        return *distinct;
    return nextFree(std::equal_to<>()).value_or(static_cast<ChartSlot>(own));
}

// Clients may ask for models of any name.
QString shownModel(const QString &model)
{
    constexpr qsizetype longest = 60;
    const QString line = QString(model).replace(u'\n', u' ');
    return line.size() <= longest ? line : QString(line.first(longest - 1) % u'…');
}

// Each model of the source, and the others last.
template<typename Value>
QList<ChartSeries>
perModel(const admin::Series &source, SeriesKind kind, const QString &others, Value value)
{
    QList<ChartSeries> all;
    for (const admin::ModelSeries &model : source.models) {
        ChartSeries series{.name = shownModel(model.model), .kind = kind, .id = model.model};
        series.slot = freeSlot(model.model, all);
        if (model.model.isEmpty()) {
            series.name = others;
            series.slot = ChartSlot::Grey;
        }
        for (size_t i = 0; i < source.buckets.size(); ++i) {
            const bool isKnown = source.buckets[i].running && i < model.buckets.size();
            series.values.append(isKnown ? value(model.buckets[i])
                                         : std::numeric_limits<double>::quiet_NaN());
        }
        all.append(std::move(series));
    }
    return all;
}

// The stretches in which the gateway did not run at all.
QList<ChartPeriod> offPeriods(const admin::Series &source)
{
    QList<ChartPeriod> periods;
    for (const admin::SeriesBucket &bucket : source.buckets) {
        if (bucket.running)
            continue;
        const qint64 end = bucket.start + source.bucket.count();
        if (!periods.isEmpty() && periods.last().to == bucket.start)
            periods.last().to = end;
        else
            periods.append({.from = bucket.start, .to = end});
    }
    return periods;
}

// Nothing was counted, or nothing measured: no time at all is a measurement, too.
bool isBlank(ChartKind kind, const QList<ChartSeries> &series)
{
    const bool measured = kind == ChartKind::Latency || kind == ChartKind::Speed;
    for (const ChartSeries &each : series) {
        for (const double value : each.values) {
            if (!std::isnan(value) && (measured || value != 0))
                return false;
        }
    }
    return true;
}

std::function<QString(double)> formatOf(ChartKind kind)
{
    switch (kind) {
    case ChartKind::Requests:
        return [](double value) { return Format::count(std::llround(value)); };
    case ChartKind::Errors:
        return [](double value) { return Format::percent(value / 100); };
    case ChartKind::Tokens:
        return [](double value) { return Format::tokens(std::llround(value)); };
    case ChartKind::Cost:
        return [](double value) {
            const domain::Cost cost{std::llround(value * nanoPerDollar)};
            return Format::money(cost, value != 0 && std::abs(value) < 0.1 ? 4 : 2);
        };
    case ChartKind::Latency:
        return [](double value) {
            return Format::duration(
                std::chrono::microseconds(static_cast<qint64>(std::llround(value * 1'000))));
        };
    case ChartKind::Speed:
        return [](double value) { return Format::rate(value); };
    }
    return {};
}

} // namespace

QString ChartText::title(ChartKind kind)
{
    switch (kind) {
    case ChartKind::Requests:
        return tr("Requests");
    case ChartKind::Errors:
        return tr("Error rate");
    case ChartKind::Tokens:
        return tr("Tokens");
    case ChartKind::Cost:
        return tr("Cost");
    case ChartKind::Latency:
        return tr("Latency");
    case ChartKind::Speed:
        return tr("Tokens/s");
    }
    return {};
}

QString ChartText::id(ChartKind kind)
{
    switch (kind) {
    case ChartKind::Requests:
        return u"requests"_s;
    case ChartKind::Errors:
        return u"errors"_s;
    case ChartKind::Tokens:
        return u"tokens"_s;
    case ChartKind::Cost:
        return u"cost"_s;
    case ChartKind::Latency:
        return u"latency"_s;
    case ChartKind::Speed:
        return u"speed"_s;
    }
    return {};
}

TimeSeries ChartText::series(ChartKind kind,
                             const admin::Series &source,
                             LatencyOf latencyOf,
                             TokensBy tokensBy)
{
    TimeSeries result;
    switch (kind) {
    case ChartKind::Requests:
        result.series = requests(source);
        break;
    case ChartKind::Errors:
        result.series = errors(source);
        break;
    case ChartKind::Tokens:
        result.series = tokensBy == TokensBy::Kind ? tokens(source) : tokensByModel(source);
        break;
    case ChartKind::Cost:
        result.series = costAndTotal(source, {});
        break;
    case ChartKind::Latency:
        result.series = latencyOf == LatencyOf::Total ? latency(source) : firstToken(source);
        break;
    case ChartKind::Speed:
        result.series = speed(source);
        break;
    }
    if (isBlank(kind, result.series))
        result.series.clear();
    for (const admin::SeriesBucket &bucket : source.buckets)
        result.starts.append(bucket.start);
    if (!source.buckets.empty())
        result.end = source.buckets.back().start + source.bucket.count();
    result.off = offPeriods(source);
    result.format = formatOf(kind);
    result.isCount = kind == ChartKind::Requests || kind == ChartKind::Tokens;
    return result;
}

QList<ChartSeries> ChartText::requests(const admin::Series &source)
{
    return {
        {.name = tr("ok"),
         .slot = ChartSlot::Blue,
         .values = valuesOf(source, [](const auto &bucket) { return bucket.sums.ok; })},
        {.name = tr("4xx"),
         .slot = ChartSlot::Orange,
         .values = valuesOf(source, [](const auto &bucket) { return bucket.sums.clientErrors; })},
        {.name = tr("5xx"),
         .slot = ChartSlot::Vermilion,
         .values = valuesOf(source, [](const auto &bucket) { return bucket.sums.serverErrors; })},
        {.name = tr("cancelled"),
         .slot = ChartSlot::Grey,
         .values = valuesOf(source, [](const auto &bucket) { return bucket.sums.cancelled; })}};
}

QList<ChartSeries> ChartText::errors(const admin::Series &source)
{
    const auto share = [&source](bool few, auto part) {
        return valuesOf(source, [&](const admin::SeriesBucket &bucket) {
            return isFew(bucket.sums) == few ? shareOf(part(bucket.sums), bucket.sums) : 0.0;
        });
    };
    return {{.name = tr("4xx"),
             .slot = ChartSlot::Orange,
             .values = share(false, [](const auto &sums) { return sums.clientErrors; })},
            {.name = tr("5xx"),
             .slot = ChartSlot::Vermilion,
             .values = share(false, [](const auto &sums) { return sums.serverErrors; })},
            {.name = tr("of fewer than 5 requests"),
             .slot = ChartSlot::Grey,
             .values = share(
                 true, [](const auto &sums) { return sums.clientErrors + sums.serverErrors; })}};
}

QList<ChartSeries> ChartText::tokens(const admin::Series &source)
{
    return {
        {.name = tr("input"),
         .slot = ChartSlot::Blue,
         .values = valuesOf(source, [](const auto &bucket) { return bucket.sums.inputTokens; })},
        {.name = tr("cache read"),
         .slot = ChartSlot::Green,
         .values =
             valuesOf(source, [](const auto &bucket) { return bucket.sums.cacheReadTokens; })},
        {.name = tr("cache write"),
         .slot = ChartSlot::Purple,
         .values =
             valuesOf(source, [](const auto &bucket) { return bucket.sums.cacheWriteTokens; })},
        {.name = tr("output"),
         .slot = ChartSlot::Orange,
         .values = valuesOf(source, [](const auto &bucket) { return bucket.sums.outputTokens; })}};
}

TimeSeries ChartText::cost(const admin::Series &source, const admin::CostOutlook &outlook)
{
    TimeSeries result = series(ChartKind::Cost, source);
    if (result.isEmpty())
        return result;
    result.series = costAndTotal(source, outlook);
    if (outlook.budget) {
        result.limit = dollarsOf(outlook.budget->limit);
        result.limitName = budgetName(*outlook.budget);
    }
    if (outlook.forecast)
        addForecast(result, source, *outlook.forecast);
    return result;
}

QList<ChartSeries> ChartText::costAndTotal(const admin::Series &source,
                                           const admin::CostOutlook &outlook)
{
    const auto dollars = [](const admin::SeriesBucket &bucket) {
        return static_cast<double>(bucket.sums.cost.nanoDollars) / nanoPerDollar;
    };
    const std::vector<qint64> beginnings =
        outlook.budget ? outlook.budget->beginnings : std::vector<qint64>();
    auto beginning = beginnings.begin();
    QList<double> sums;
    double sum = 0;
    for (const admin::SeriesBucket &bucket : source.buckets) {
        for (; beginning != beginnings.end() && *beginning <= bucket.start; ++beginning)
            sum = 0;
        sum += dollars(bucket);
        sums.append(sum);
    }
    return {{.name = tr("cost"), .slot = ChartSlot::Blue, .values = valuesOf(source, dollars)},
            {.name = totalName(outlook),
             .slot = ChartSlot::Orange,
             .kind = SeriesKind::Total,
             .values = sums}};
}

QString ChartText::totalName(const admin::CostOutlook &outlook)
{
    using domain::BudgetPeriod;
    switch (outlook.budget ? outlook.budget->period : BudgetPeriod::Once) {
    case BudgetPeriod::Day:
        return tr("of the day");
    case BudgetPeriod::Week:
        return tr("of the week");
    case BudgetPeriod::Month:
        return tr("of the month");
    case BudgetPeriod::Once:
        break;
    }
    return tr("in total");
}

QString ChartText::budgetName(const admin::CostBudget &budget)
{
    using domain::BudgetPeriod;
    const QString limit = Format::money(budget.limit);
    switch (budget.period) {
    case BudgetPeriod::Day:
        return tr("%n budgets a day: %1", nullptr, budget.budgets).arg(limit);
    case BudgetPeriod::Week:
        return tr("%n budgets a week: %1", nullptr, budget.budgets).arg(limit);
    case BudgetPeriod::Month:
        return tr("%n budgets a month: %1", nullptr, budget.budgets).arg(limit);
    case BudgetPeriod::Once:
        break;
    }
    return limit;
}

// The steps go on as long as before, and say what there may be at the end of each.
void ChartText::addForecast(TimeSeries &series,
                            const admin::Series &source,
                            const admin::CostForecast &forecast)
{
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    const qsizetype known = series.starts.size();
    const double present = series.series.last().values.last();
    const double rate = forecast.nanoDollarsPerMillisecond / nanoPerDollar;
    QList<double> values(known, nothing);
    values.last() = present;
    while (series.end < forecast.until) {
        series.starts.append(series.end);
        series.end = std::min(series.end + source.bucket.count(), forecast.until);
        values.append(present + rate * static_cast<double>(series.end - forecast.since));
    }
    if (values.size() == known)
        return;
    for (ChartSeries &each : series.series)
        each.values.resize(values.size(), nothing);
    series.series.append({.name = tr("forecast"),
                          .slot = ChartSlot::Grey,
                          .kind = SeriesKind::Forecast,
                          .values = values});
}

QList<ChartSeries> ChartText::latency(const admin::Series &source)
{
    QList<ChartSeries> series =
        percentiles(source, [](const auto &bucket) { return bucket.elapsed; });
    series.append({.name = tr("first token, p50"),
                   .slot = ChartSlot::Green,
                   .kind = SeriesKind::Line,
                   .values = valuesOf(source, [](const auto &bucket) {
                       return orNothing(bucket.firstByte.p50);
                   })});
    return series;
}

QList<ChartSeries> ChartText::firstToken(const admin::Series &source)
{
    return percentiles(source, [](const auto &bucket) { return bucket.firstByte; });
}

QList<ChartSeries> ChartText::speed(const admin::Series &source)
{
    QList<ChartSeries> all =
        perModel(source, SeriesKind::Line, tr("Other"), [](const auto &bucket) {
            return bucket.tokensPerSecond.value_or(std::numeric_limits<double>::quiet_NaN());
        });
    // Of a model without streams of some length nothing was measured.
    all.removeIf(
        [](const ChartSeries &each) { return std::isnan(TimeSeries::lastOf(each.values)); });
    return all;
}

QList<ChartSeries> ChartText::tokensByModel(const admin::Series &source)
{
    return perModel(source, SeriesKind::Bar, tr("Other"), [](const auto &bucket) {
        return static_cast<double>(bucket.tokens);
    });
}

QString ChartText::bucket(std::chrono::milliseconds length)
{
    const auto seconds = std::chrono::round<std::chrono::seconds>(length).count();
    const auto whole = [](auto count) { return static_cast<int>(count); };
    if (seconds <= 0)
        return {};
    if (seconds < 60)
        return tr("per %n s", "seconds", whole(seconds));
    if (seconds < 3600)
        return tr("per %n min", "minutes", whole(seconds / 60));
    if (seconds < 86'400)
        return tr("per %n h", "hours", whole(seconds / 3600));
    return tr("per %n d", "days", whole(seconds / 86'400));
}

QString ChartText::emptyText(ChartKind kind)
{
    switch (kind) {
    case ChartKind::Latency:
        return tr("No request succeeded in this time.");
    case ChartKind::Speed:
        return tr("No stream was long enough in this time to be measured.");
    case ChartKind::Cost:
        return tr("Nothing was spent in this time.");
    case ChartKind::Errors:
        return tr("No request failed in this time.");
    case ChartKind::Tokens:
        return tr("No tokens were used in this time.");
    case ChartKind::Requests:
        break;
    }
    return tr("No requests in this time.");
}

} // namespace gatehouse::ui
