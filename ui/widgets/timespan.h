#pragma once

#include "admin/statistics/statistics.h"

#include <QCoreApplication>
#include <QVariant>

#include <chrono>

namespace gatehouse::ui {

class UiState;

// The stretch of time that the dashboard looks at: the last minutes, hours or days, or a fixed one.
class TimeSpan
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TimeSpan)

public:
    // The last 24 hours.
    TimeSpan() = default;
    // Absent for an id that is none of ids().
    static std::optional<TimeSpan> last(const QString &id);
    // Milliseconds since 1970, UTC; absent unless it holds at least a minute.
    static std::optional<TimeSpan> fixed(const admin::TimeRange &range);
    // "15m", "1h", "24h", "7d", "30d".
    static QStringList ids();
    static constexpr auto customId = "custom";

    // What was remembered, or the last 24 hours.
    static TimeSpan restored(const UiState &state);
    void remember(UiState &state) const;

    QString id() const { return m_id; }
    bool isFixed() const;
    admin::TimeRange range(qint64 now) const;
    // How often what is shown is asked for anew.
    std::chrono::seconds refreshInterval() const;
    // The terms with which Traffic shows the same stretch: "since:24h".
    QString trafficTerms() const;

    // "15 m", "30 d"; of a fixed one "1 Nov – 5 Nov".
    QString label() const;
    // "The last 15 minutes", with the time zone.
    QString description() const;
    // "compared with the day before".
    QString comparison() const;

    bool operator==(const TimeSpan &) const = default;

private:
    QString m_id = QStringLiteral("24h");
    admin::TimeRange m_fixed{};
};

// The terms with which Traffic shows exactly that stretch of time.
QString trafficTermsOf(const admin::TimeRange &range);

} // namespace gatehouse::ui
