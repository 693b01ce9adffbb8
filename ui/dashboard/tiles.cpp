#include "dashboard/tiles.h"

#include "widgets/format.h"

#include <QLocale>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Direction = TileContent::Direction;

// "38.6 M" as a number and a unit; what is more than one number stays whole.
void setNumber(TileContent *content, const QString &text)
{
    qsizetype end = text.size();
    while (end > 0 && !text.at(end - 1).isDigit())
        --end;
    const QString unit = text.sliced(end).trimmed();
    const bool single = end > 0 && !text.first(end).contains(u' ');
    content->number = single ? text.first(end) : text;
    content->unit = single ? unit : QString();
}

Direction directionOf(double change)
{
    return change > 0 ? Direction::Up : change < 0 ? Direction::Down : Direction::None;
}

std::chrono::microseconds milliseconds(qint64 value)
{
    return std::chrono::milliseconds(value);
}

// The course of a figure; NaN where the gateway did not run or nothing was measured.
template<typename Value>
Sparkline lineOf(const admin::Series &series, Value value)
{
    Sparkline line{.filled = true};
    for (const admin::SeriesBucket &bucket : series.buckets) {
        const std::optional<double> each =
            bucket.running ? std::optional<double>(value(bucket)) : std::nullopt;
        line.values.append(each.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return line;
}

// Shares and times in a line of their own range, with gaps where they are not known.
template<typename Value>
Sparkline rangedLineOf(const admin::Series &series, Value value)
{
    Sparkline line = lineOf(series, [&value](const admin::SeriesBucket &bucket) {
        return value(bucket).value_or(std::numeric_limits<double>::quiet_NaN());
    });
    line.fromZero = false;
    return line;
}

} // namespace

QString TileText::label(Tile tile)
{
    switch (tile) {
    case Tile::Requests:
        return tr("Requests");
    case Tile::Success:
        return tr("Success");
    case Tile::Tokens:
        return tr("Tokens");
    case Tile::Cost:
        return tr("Cost");
    case Tile::FirstToken:
        return tr("First token, p50");
    case Tile::CacheHits:
        return tr("Prompt cache hits");
    }
    return {};
}

TileContent TileText::blank(Tile tile)
{
    TileContent content{.label = label(tile), .number = Format::absent()};
    content.accessible = tr("%1: not known yet").arg(content.label);
    return content;
}

QString TileText::trafficTerms(Tile tile)
{
    switch (tile) {
    case Tile::Success:
        return u"status:error"_s;
    case Tile::Cost:
        return u"cost:>0"_s;
    case Tile::FirstToken:
        return u"ttft:>=0"_s;
    case Tile::CacheHits:
        return u"cached:>0"_s;
    case Tile::Requests:
    case Tile::Tokens:
        break;
    }
    return {};
}

TileContent TileText::content(Tile tile, const admin::Figures &figures, bool compared)
{
    TileContent content;
    switch (tile) {
    case Tile::Requests:
        content = requests(figures);
        break;
    case Tile::Success:
        content = success(figures);
        break;
    case Tile::Tokens:
        content = tokens(figures);
        break;
    case Tile::Cost:
        content = cost(figures);
        break;
    case Tile::FirstToken:
        content = firstToken(figures);
        break;
    case Tile::CacheHits:
        content = cacheHits(figures);
        break;
    }
    content.label = label(tile);
    if (!compared) {
        content.direction = Direction::None;
        content.delta.clear();
        content.deltaTone.reset();
        content.line.slot = ChartSlot::Blue;
    }
    const QString number = content.unit.isEmpty()
                               ? content.number
                               : tr("%1 %2", "number, unit").arg(content.number, content.unit);
    QStringList parts{tr("%1: %2", "name, number").arg(content.label, number)};
    if (content.direction != Direction::None) {
        parts.append(content.direction == Direction::Up ? tr("up by %1").arg(content.delta)
                                                        : tr("down by %1").arg(content.delta));
    }
    if (!content.note.isEmpty())
        parts.append(content.note);
    content.accessible = parts.join(u", "_s);
    return content;
}

void TileText::setRelative(TileContent *content, qint64 now, qint64 before)
{
    if (before <= 0)
        return;
    const double change =
        (static_cast<double>(now) - static_cast<double>(before)) / static_cast<double>(before);
    const double percent = std::round(std::abs(change) * 100);
    if (percent == 0)
        return;
    content->direction = directionOf(change);
    content->delta = percent > 9'999
                         ? tr(">9999 %")
                         : tr("%1 %").arg(QLocale().toString(static_cast<qlonglong>(percent)));
}

void TileText::setPoints(TileContent *content,
                         std::optional<double> now,
                         std::optional<double> before)
{
    if (!now || !before)
        return;
    const double points = std::round((*now - *before) * 1'000) / 10;
    if (points == 0)
        return;
    content->direction = directionOf(points);
    content->delta = tr("%1 points").arg(QLocale().toString(std::abs(points), 'f', 1));
}

TileContent TileText::requests(const admin::Figures &figures)
{
    TileContent content{.number = Format::count(figures.now.sums.requests())};
    setRelative(&content, figures.now.sums.requests(), figures.before.sums.requests());
    content.line = lineOf(figures.sparkline, [](const admin::SeriesBucket &bucket) {
        return static_cast<double>(bucket.sums.requests());
    });
    return content;
}

TileContent TileText::success(const admin::Figures &figures)
{
    const domain::TrafficSums &sums = figures.now.sums;
    TileContent content;
    setNumber(&content,
              sums.successShare() ? Format::percent(*sums.successShare()) : Format::absent());
    setPoints(&content, sums.successShare(), figures.before.sums.successShare());
    content.line = rangedLineOf(figures.sparkline, [](const admin::SeriesBucket &bucket) {
        return bucket.sums.successShare();
    });
    if (content.direction == Direction::Down) {
        content.deltaTone = Tone::Failure;
        content.line.slot = ChartSlot::Vermilion;
    }
    const qint64 failed = sums.clientErrors + sums.serverErrors;
    if (failed > 0)
        content.toolTip = tr("%1 of %2 requests failed.")
                              .arg(Format::count(failed), Format::count(sums.requests()));
    return content;
}

TileContent TileText::tokens(const admin::Figures &figures)
{
    const domain::TrafficSums &sums = figures.now.sums;
    TileContent content;
    setNumber(&content, Format::tokens(sums.tokens()));
    setRelative(&content, sums.tokens(), figures.before.sums.tokens());
    if (sums.tokens() > 0) {
        const QString in = Format::tokens(sums.totalInputTokens());
        const QString out = Format::tokens(sums.outputTokens);
        content.note = tr("in %1, out %2").arg(in, out);
        content.shortNote = tr("%1 / %2", "tokens in and out").arg(in, out);
    }
    content.toolTip = tr("Input %1, of it read from caches %2 and written to them %3; output %4.")
                          .arg(Format::count(sums.totalInputTokens()),
                               Format::count(sums.cacheReadTokens),
                               Format::count(sums.cacheWriteTokens),
                               Format::count(sums.outputTokens));
    content.line = lineOf(figures.sparkline, [](const admin::SeriesBucket &bucket) {
        return static_cast<double>(bucket.sums.tokens());
    });
    return content;
}

TileContent TileText::cost(const admin::Figures &figures)
{
    const domain::Cost now = figures.now.sums.cost;
    const domain::Cost before = figures.before.sums.cost;
    TileContent content{.number = Format::money(now)};
    const qint64 change = now.nanoDollars - before.nanoDollars;
    constexpr qint64 cent = 10'000'000;
    if (before.nanoDollars > 0 && std::abs(change) >= cent) {
        content.direction = directionOf(static_cast<double>(change));
        content.delta = Format::money(domain::Cost{std::abs(change)});
    }
    content.toolTip = Format::exactMoney(now);
    // A click leads to those that cost something: the others are not counted beside the number.
    if (const qint64 unpriced = figures.now.sums.unpriced; unpriced > 0) {
        content.toolTip += u'\n'
                           + tr("Requests without a price: %1. The filter priced:no finds them.")
                                 .arg(Format::count(unpriced));
    }
    // It adds up over the period.
    double sum = 0;
    content.line = lineOf(figures.sparkline, [&sum](const admin::SeriesBucket &bucket) {
        sum += static_cast<double>(bucket.sums.cost.nanoDollars);
        return sum;
    });
    return content;
}

TileContent TileText::firstToken(const admin::Figures &figures)
{
    const admin::Percentiles &now = figures.now.firstByte;
    const std::optional<qint64> before = figures.before.firstByte.p50;
    TileContent content;
    setNumber(&content, now.p50 ? Format::duration(milliseconds(*now.p50)) : Format::absent());
    content.line = rangedLineOf(figures.sparkline,
                                [](const admin::SeriesBucket &bucket) -> std::optional<double> {
                                    if (!bucket.firstByte.p50)
                                        return std::nullopt;
                                    return static_cast<double>(*bucket.firstByte.p50);
                                });
    if (now.p95)
        content.note = tr("p95 %1").arg(Format::duration(milliseconds(*now.p95)));
    if (!now.p50 || !before || *now.p50 == *before)
        return content;
    content.direction = directionOf(static_cast<double>(*now.p50 - *before));
    content.delta = Format::duration(milliseconds(std::abs(*now.p50 - *before)));
    // What is slower by less than a twentieth is not worth a colour.
    if (*now.p50 > *before + *before / 20) {
        content.deltaTone = Tone::Caution;
        content.line.slot = ChartSlot::Orange;
    }
    return content;
}

TileContent TileText::cacheHits(const admin::Figures &figures)
{
    const domain::TrafficSums &sums = figures.now.sums;
    TileContent content;
    setNumber(&content, sums.cacheShare() ? Format::percent(*sums.cacheShare()) : Format::absent());
    setPoints(&content, sums.cacheShare(), figures.before.sums.cacheShare());
    if (content.direction == Direction::Up)
        content.deltaTone = Tone::Good;
    if (sums.saved.nanoDollars > 0)
        content.note = tr("saved %1").arg(Format::money(sums.saved));
    content.toolTip = tr("The share of the input that providers read from their caches.");
    content.line = rangedLineOf(figures.sparkline, [](const admin::SeriesBucket &bucket) {
        return bucket.sums.cacheShare();
    });
    return content;
}

} // namespace gatehouse::ui
