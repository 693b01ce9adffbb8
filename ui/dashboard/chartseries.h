#pragma once

#include "admin/statistics/costoutlook.h"
#include "charts/timeseries.h"

#include <QCoreApplication>

#include <array>
#include <chrono>

namespace gatehouse::ui {

enum class ChartKind { Requests, Errors, Tokens, Cost, Latency, Speed };

inline constexpr std::array allChartKinds{ChartKind::Requests,
                                          ChartKind::Errors,
                                          ChartKind::Tokens,
                                          ChartKind::Cost,
                                          ChartKind::Latency,
                                          ChartKind::Speed};

// Which time ChartKind::Latency shows.
enum class LatencyOf { Total, FirstToken };

// What the bars of ChartKind::Tokens stand for.
enum class TokensBy { Kind, Model };

// Statistics as the numbers of a chart.
class ChartText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ChartText)

public:
    static QString title(ChartKind kind);
    // Stable, for what the window remembers.
    static QString id(ChartKind kind);
    // ChartKind::Speed and TokensBy::Model show the models of the source alone.
    static TimeSeries series(ChartKind kind,
                             const admin::Series &source,
                             LatencyOf latency = LatencyOf::Total,
                             TokensBy tokens = TokensBy::Kind);
    // That of ChartKind::Cost with its budget and its forecast. With a budget the total begins anew when a
    // period does, so that the two can be compared.
    static TimeSeries cost(const admin::Series &source, const admin::CostOutlook &outlook);
    // "per 15 min".
    static QString bucket(std::chrono::milliseconds length);
    // What is said in place of an empty chart.
    static QString emptyText(ChartKind kind);

private:
    static QList<ChartSeries> requests(const admin::Series &source);
    static QList<ChartSeries> errors(const admin::Series &source);
    static QList<ChartSeries> tokens(const admin::Series &source);
    static QList<ChartSeries> costAndTotal(const admin::Series &source,
                                           const admin::CostOutlook &outlook);
    static QString totalName(const admin::CostOutlook &outlook);
    static QString budgetName(const admin::CostBudget &budget);
    static void addForecast(TimeSeries &series,
                            const admin::Series &source,
                            const admin::CostForecast &forecast);
    static QList<ChartSeries> latency(const admin::Series &source);
    static QList<ChartSeries> firstToken(const admin::Series &source);
    static QList<ChartSeries> speed(const admin::Series &source);
    static QList<ChartSeries> tokensByModel(const admin::Series &source);
};

} // namespace gatehouse::ui
