#pragma once

#include "admin/traffic/requestreport.h"
#include "theme/healthpainter.h"

#include <QCoreApplication>

#include <optional>
#include <vector>

namespace gatehouse::ui {

// A line of the waterfall: a span of time with its name. Times are in microseconds since the request
// began to be served.
struct TimelineRow
{
    enum class Kind {
        Gateway, // before the first attempt, between attempts, and after the last
        Attempt, // the whole of one
        Connect, // the phases of one
        Sending,
        Waiting,
        Streaming,
    };

    Kind kind = Kind::Gateway;
    QString text{};
    QString detail{}; // beside it, of less weight
    QString toolTip{};
    qint64 begin = 0;
    qint64 end = 0;
    std::optional<Glyph> glyph{}; // of attempts
    Tone tone = Tone::Neutral;
    bool isFailure = false; // its words are painted in the colour of the tone

    bool operator==(const TimelineRow &) const = default;
};

class Timeline
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::Timeline)

public:
    static std::vector<TimelineRow> rows(const admin::RequestReport &report);
    // What the gateway itself took, in microseconds; -1: not known.
    static qint64 overhead(const admin::RequestReport &report);
    // Where lines of the grid stand: a few round times from 0 up to `length`.
    static std::vector<qint64> ticks(qint64 length, int most = 5);
    // What stands beside them: all in the unit that the last one is told in.
    static QStringList tickTexts(const std::vector<qint64> &ticks);
    // The same as words, for screen readers.
    static QString description(const std::vector<TimelineRow> &rows);
};

} // namespace gatehouse::ui
