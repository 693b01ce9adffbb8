#include "traffic/trafficcolumns.h"

#include "theme/clockformat.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Row = admin::TrafficLine;
using Text = std::function<QString(const Row &)>;
using Number = std::function<std::optional<qint64>(const Row &)>;

QString from(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

ColumnTraits traits(const QString &key, std::function<QString()> title, int width, bool hidden)
{
    return {
        .key = key, .title = std::move(title), .width = width, .hidden = hidden, .sortable = false};
}

Column<Row> textColumn(ColumnTraits traits, Text text)
{
    return {.traits = std::move(traits), .cell = [text = std::move(text)](const Row &row) {
                const QString shown = text(row);
                return shown.isEmpty() ? Cell::absent() : Cell::of(shown);
            }};
}

// The text with its number as numbers are shown, which %n does not do.
QString separated(QString text, qint64 count)
{
    return text.replace(QString::number(count), Format::count(count));
}

// Ids in fixed type, which say most at their ends.
Column<Row> idColumn(ColumnTraits traits, Text text)
{
    return {.traits = std::move(traits), .cell = [text = std::move(text)](const Row &row) {
                const QString shown = text(row);
                return shown.isEmpty()
                           ? Cell::absent()
                           : Cell{.text = shown, .fixed = true, .elide = Qt::ElideMiddle};
            }};
}

Column<Row> numberColumn(ColumnTraits traits, Number number, QString (*form)(qint64))
{
    traits.kind = ColumnKind::Number;
    return {.traits = std::move(traits),
            .cell =
                [number, form](const Row &row) {
                    const std::optional<qint64> value = number(row);
                    return value ? Cell::of(form(*value)) : Cell::absent();
                },
            .sort =
                [number](const Row &row) {
                    const std::optional<qint64> value = number(row);
                    return value ? QVariant(*value) : QVariant();
                }};
}

QString milliseconds(qint64 value)
{
    return Format::duration(std::chrono::milliseconds(value));
}

QString microseconds(qint64 value)
{
    return Format::duration(std::chrono::microseconds(value));
}

// Requests that never came to a provider, or that failed there, have consumed nothing.
bool hasUsage(const Row &row)
{
    return row.running || row.record.usage.source != domain::UsageSource::None
           || !row.record.usage.isEmpty();
}

Number ifUsed(qint64 domain::Usage::*member)
{
    return [member](const Row &row) {
        return hasUsage(row) ? std::optional(row.record.usage.*member) : std::nullopt;
    };
}

// Of a request that is being served: what its answer says last is not known yet.
Cell estimated(const QString &text, bool isNothing)
{
    return {.text = isNothing ? text : QString(u'~' % text),
            .toolTip = TrafficColumns::tr("Estimated while the answer comes in")};
}

std::function<Cell(const Row &)> countCell(qint64 domain::Usage::*member)
{
    return [member](const Row &row) {
        if (!hasUsage(row))
            return Cell::absent();
        const qint64 tokens = row.record.usage.*member;
        const bool isEstimated = row.running && row.running->tokensAreEstimated;
        return isEstimated ? estimated(Format::count(tokens), tokens == 0)
                           : Cell::of(Format::count(tokens));
    };
}

Cell timeCell(const Row &row)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(row.startedAt());
    const bool isToday = at.date() == QDate::currentDate();
    const QString day = isToday ? QString() : Format::moment(at, QDateTime::currentDateTime());
    return {.text = isToday ? Format::time(at) : QString(day % u' ' % Format::clock(at)),
            .toolTip = Format::full(at),
            .secondary = true};
}

constexpr int cellPadding = 14; // of a cell, with a pixel to spare at each side

// For requests of another day as well.
int timeRoom(const QFontMetrics &metrics)
{
    const QDate last(QDate::currentDate().year(), 12, 31);
    const QDateTime at(last.addDays(-31), {23, 59, 58});
    const QString day = Format::moment(at, last.endOfDay());
    const int widest = std::max(metrics.horizontalAdvance(day + u' ' + Format::clock(at)),
                                metrics.horizontalAdvance(Format::time(at)));
    return widest + Theme::px(cellPadding);
}

int costRoom(const QFontMetrics &metrics)
{
    return metrics.horizontalAdvance(Format::cost({.nanoDollars = 1})) + Theme::px(cellPadding);
}

// What the heading says, and why a click on it sorts nothing.
std::function<QString()> withOrder(const ColumnTraits &column)
{
    const auto says = column.explanation ? column.explanation : column.title;
    return [says] {
        return QString(says() % u'\n'
                       % TrafficColumns::tr("The list is always in the order of time."));
    };
}

Cell modelCell(const Row &row)
{
    const QString asked = from(row.record.model);
    const QString served = from(row.record.providerModel);
    Cell cell{.text = asked, .elide = Qt::ElideMiddle};
    if (!served.isEmpty() && served != asked)
        cell.suffix = u"→ "_s + served;
    return asked.isEmpty() ? Cell::absent() : cell;
}

Cell channelCell(const Row &row)
{
    if (row.record.cache == domain::CacheResult::Hit)
        return {.text = TrafficColumns::tr("from the cache"), .secondary = true};
    if (row.channelName.isEmpty())
        return Cell::absent(TrafficColumns::tr("none"));
    Cell cell{.text = row.channelName};
    if (row.isRetried()) {
        cell.suffix = u"↻"_s + QString::number(row.record.attempts);
        cell.toolTip =
            TrafficColumns::tr("%1, with attempt %2").arg(row.channelName).arg(row.record.attempts);
    }
    return cell;
}

// By its number where its end is not known, such as that of a key that is no more.
Cell keyCell(const Row &row)
{
    if (!row.keyEnding.isEmpty())
        return {.text = u"…"_s + row.keyEnding, .fixed = true};
    const qint64 key = row.record.channelKeyId;
    return key > 0 ? Cell{.text = u'#' + QString::number(key), .secondary = true} : Cell::absent();
}

Cell bodiesCell(const Row &row)
{
    if (!row.hasCapture)
        return {};
    const QString meaning = TrafficColumns::tr("Head and body are kept");
    return {.toolTip = meaning, .accessible = meaning, .icon = u"lock"_s};
}

Cell bookmarkCell(const Row &row)
{
    if (!row.bookmarked)
        return {};
    const QString meaning = TrafficColumns::tr("Bookmarked: it is kept");
    return {.toolTip = meaning, .accessible = meaning, .icon = u"bookmark"_s};
}

Cell streamCell(const Row &row)
{
    if (!row.record.stream)
        return {};
    const QString meaning = TrafficColumns::tr("streamed");
    return {.text = u"⇄"_s, .toolTip = meaning, .accessible = meaning, .secondary = true};
}

std::optional<qint64> overhead(const Row &row)
{
    const auto attempts = row.attempts();
    return attempts.empty() ? std::nullopt : std::optional(attempts.front().startedAt);
}

// Of the last attempt, which is the one that was answered, if any was.
QString affinity(const Row &row)
{
    const auto attempts = row.attempts();
    switch (attempts.empty() ? domain::AffinityOutcome::None : attempts.back().affinity) {
    case domain::AffinityOutcome::Miss:
        return TrafficColumns::tr("miss");
    case domain::AffinityOutcome::Hit:
        return TrafficColumns::tr("hit");
    case domain::AffinityOutcome::Spill:
        return TrafficColumns::tr("spill");
    case domain::AffinityOutcome::None:
        break;
    }
    return {};
}

QString cacheText(const Row &row)
{
    switch (row.record.cache) {
    case domain::CacheResult::Hit:
        return TrafficColumns::tr("hit");
    case domain::CacheResult::Miss:
        return TrafficColumns::tr("miss");
    case domain::CacheResult::Bypass:
        return TrafficColumns::tr("bypass");
    case domain::CacheResult::None:
        break;
    }
    return {};
}

void addWho(std::vector<Column<Row>> &columns)
{
    columns.push_back(
        textColumn(traits(
                       u"path"_s, [] { return TrafficColumns::tr("Path"); }, 170, true),
                   [](const Row &row) {
                       const QString path = row.path();
                       return path.isEmpty() ? QString() : QString(row.method() % u' ' % path);
                   }));
    columns.push_back(
        textColumn(traits(
                       u"client"_s, [] { return TrafficColumns::tr("Client"); }, 94, false),
                   [](const Row &row) { return from(row.record.client); }));
    columns.push_back(
        textColumn(traits(
                       u"token"_s, [] { return TrafficColumns::tr("Token"); }, 86, false),
                   [](const Row &row) { return from(row.record.tokenName); }));
    columns.push_back(
        textColumn(traits(
                       u"user"_s, [] { return TrafficColumns::tr("User"); }, 90, true),
                   [](const Row &row) { return from(row.record.username); }));
}

void addWhere(std::vector<Column<Row>> &columns)
{
    columns.push_back({.traits = traits(
                           u"model"_s, [] { return TrafficColumns::tr("Model"); }, 134, false),
                       .cell = modelCell});
    columns.back().traits.stretch = true;
    columns.back().traits.least = 120;
    columns.push_back({.traits = traits(
                           u"channel"_s, [] { return TrafficColumns::tr("Channel"); }, 106, false),
                       .cell = channelCell});
    columns.push_back({.traits = traits(
                           u"stream"_s, [] { return TrafficColumns::tr("Stream"); }, 56, true),
                       .cell = streamCell});
}

void addFigures(std::vector<Column<Row>> &columns)
{
    columns.push_back(numberColumn(traits(
                                       u"in"_s, [] { return TrafficColumns::tr("In"); }, 64, false),
                                   ifUsed(&domain::Usage::input),
                                   &Format::count));
    columns.back().cell = countCell(&domain::Usage::input);
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("Input tokens, cached ones included");
    };
    columns.push_back(
        numberColumn(traits(
                         u"cached"_s, [] { return TrafficColumns::tr("Cached"); }, 58, false),
                     ifUsed(&domain::Usage::cacheRead),
                     &Format::tokens));
    columns.push_back(
        numberColumn(traits(
                         u"out"_s, [] { return TrafficColumns::tr("Out"); }, 56, false),
                     ifUsed(&domain::Usage::output),
                     &Format::count));
    columns.back().cell = countCell(&domain::Usage::output);
    columns.push_back({.traits = traits(
                           u"cost"_s, [] { return TrafficColumns::tr("Cost"); }, 68, false),
                       .cell = TrafficColumns::cost,
                       .sort = [](const Row &row) {
                           return QVariant(static_cast<double>(row.record.cost.nanoDollars) / 1e9);
                       }});
    columns.back().traits.kind = ColumnKind::Number;
    columns.back().traits.room = costRoom;
    columns.push_back(numberColumn(
        traits(
            u"ttft"_s, [] { return TrafficColumns::tr("TTFT"); }, 60, false),
        [](const Row &row) {
            const qint64 first = row.record.firstByteMilliseconds;
            return first < 0 ? std::nullopt : std::optional(first);
        },
        milliseconds));
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("Time to the first token");
    };
    columns.push_back(numberColumn(
        traits(
            u"duration"_s, [] { return TrafficColumns::tr("Duration"); }, 66, false),
        [](const Row &row) { return std::optional(row.record.elapsedMilliseconds); },
        milliseconds));
    columns.push_back(numberColumn(
        traits(
            u"speed"_s, [] { return TrafficColumns::tr("tok/s"); }, 54, true),
        [](const Row &row) -> std::optional<qint64> {
            const std::optional<double> speed = row.tokensPerSecond();
            return speed ? std::optional(static_cast<qint64>(std::llround(*speed))) : std::nullopt;
        },
        &Format::count));
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("Output tokens a second after the first one");
    };
    columns.push_back({.traits = traits(
                           u"bodies"_s, [] { return TrafficColumns::tr("Bodies"); }, 24, false),
                       .cell = bodiesCell});
    columns.back().traits.icon = u"lock"_s;
    columns.back().traits.explanation = [] { return TrafficColumns::tr("Head and body are kept"); };
    columns.push_back({.traits = traits(
                           u"bookmark"_s, [] { return TrafficColumns::tr("Bookmark"); }, 24, false),
                       .cell = bookmarkCell});
    columns.back().traits.icon = u"bookmark"_s;
    columns.back().traits.spare = true;
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("Bookmarked requests stay when old ones are removed");
    };
}

void addMore(std::vector<Column<Row>> &columns)
{
    columns.push_back(numberColumn(
        traits(
            u"http"_s, [] { return TrafficColumns::tr("HTTP"); }, 54, true),
        [](const Row &row) -> std::optional<qint64> {
            const int status = row.record.httpStatus;
            return status > 0 && !row.running ? std::optional<qint64>(status) : std::nullopt;
        },
        [](qint64 status) { return QString::number(status); }));
    columns.push_back(
        textColumn(traits(
                       u"error"_s, [] { return TrafficColumns::tr("Error"); }, 140, true),
                   [](const Row &row) { return from(row.record.errorCode); }));
    columns.push_back(
        idColumn(traits(
                     u"session"_s, [] { return TrafficColumns::tr("Session"); }, 110, true),
                 [](const Row &row) { return from(row.record.session); }));
    columns.push_back(
        textColumn(traits(
                       u"group"_s, [] { return TrafficColumns::tr("Group"); }, 80, true),
                   [](const Row &row) { return from(row.record.group); }));
    columns.push_back(
        idColumn(traits(
                     u"ip"_s, [] { return TrafficColumns::tr("Address"); }, 110, true),
                 [](const Row &row) { return from(row.record.clientAddress); }));
    columns.push_back({.traits = traits(
                           u"key"_s, [] { return TrafficColumns::tr("Key"); }, 64, true),
                       .cell = keyCell});
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("The end of the channel’s key that was used");
    };
    columns.push_back(
        textColumn(traits(
                       u"affinity"_s, [] { return TrafficColumns::tr("Affinity"); }, 72, true),
                   affinity));
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("Whether the request went to the channel and key of its session "
                                  "(hit), the session was new (miss), or they could not be used "
                                  "(spill)");
    };
    columns.push_back(
        textColumn(traits(
                       u"cache"_s, [] { return TrafficColumns::tr("Answer cache"); }, 72, true),
                   cacheText));
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("Whether the answer was kept in the cache of answers (hit), was "
                                  "not in it (miss), or was not looked for (bypass)");
    };
    columns.push_back(
        numberColumn(traits(
                         u"overhead"_s, [] { return TrafficColumns::tr("Overhead"); }, 72, true),
                     overhead,
                     microseconds));
    columns.back().traits.explanation = [] {
        return TrafficColumns::tr("What the gateway took before it asked a provider");
    };
    columns.push_back(
        idColumn(traits(
                     u"id"_s, [] { return TrafficColumns::tr("Request ID"); }, 170, true),
                 [](const Row &row) { return from(row.record.requestId); }));
}

} // namespace

Cell TrafficColumns::status(const Row &row)
{
    if (row.running) {
        if (row.running->cancelling)
            return {.text = tr("cancelling"), .glyph = Glyph::Ring, .tone = Tone::Neutral};
        const bool streams = row.running->phase == admin::RunningState::Phase::Streaming;
        return {.text = tr("running"),
                .toolTip = streams ? tr("The answer comes in") : tr("Waits for the provider"),
                .glyph = Glyph::Ring,
                .tone = Tone::Busy};
    }
    const QString number = QString::number(row.record.httpStatus);
    switch (row.outcome()) {
    case domain::Outcome::Ok:
        return {.text = number, .glyph = Glyph::Tick, .tone = Tone::Good, .plain = true};
    case domain::Outcome::ClientError:
    case domain::Outcome::ServerError: {
        const bool broken = row.record.httpStatus < 400; // it had begun well
        return {.text = broken ? tr("broken off") : number,
                .toolTip = from(row.record.errorCode),
                .accessible = tr("failed with %1").arg(number),
                .glyph = Glyph::Cross,
                .tone = Tone::Failure};
    }
    case domain::Outcome::Cancelled:
        return {.text = tr("cancelled"), .glyph = Glyph::Barred, .tone = Tone::Neutral};
    }
    return {};
}

Cell TrafficColumns::cost(const Row &row)
{
    if (row.record.unpriced) {
        return {.text = tr("no price"),
                .toolTip = tr("There is no price for this model, so it counts as nothing."),
                .secondary = true};
    }
    if (row.running)
        return estimated(Format::cost(row.record.cost), row.record.cost.nanoDollars == 0);
    const bool served = row.outcome() == domain::Outcome::Ok;
    if (served && row.record.cost.nanoDollars == 0)
        return {.text = tr("free"), .secondary = true};
    return {.text = Format::cost(row.record.cost), .toolTip = Format::exactMoney(row.record.cost)};
}

std::vector<Column<Row>> TrafficColumns::columns()
{
    std::vector<Column<Row>> columns;
    columns.push_back({.traits = traits(
                           u"status"_s, [] { return tr("Status"); }, 94, false),
                       .cell = status});
    columns.push_back({.traits = traits(
                           u"time"_s,
                           [] { return tr("Time"); },
                           clockFormat() == ClockFormat::Hours12 ? 96 : 70,
                           false),
                       .cell = timeCell,
                       .other = [](const Row &row, int role) {
                           // What is read by machines needs the date as well.
                           const auto at = QDateTime::fromMSecsSinceEpoch(row.startedAt());
                           return role == role::json
                                      ? QVariant(at.toUTC().toString(Qt::ISODateWithMs))
                                      : QVariant();
                       }});
    columns.back().traits.room = timeRoom;
    addWho(columns);
    addWhere(columns);
    addFigures(columns);
    addMore(columns);
    for (Column<Row> &column : columns)
        column.traits.explanation = withOrder(column.traits);
    return columns;
}

QString TrafficColumns::requests(qint64 count)
{
    return separated(tr("%n requests", nullptr, static_cast<int>(qMin<qint64>(count, INT_MAX))),
                     count);
}

Cell TrafficColumns::groupTitle(domain::TrafficGrouping grouping, const domain::TrafficGroup &group)
{
    using Grouping = domain::TrafficGrouping;
    QString name = group.name;
    if (name.isEmpty()) {
        switch (grouping) {
        case Grouping::Session:
            name = tr("Without a session");
            break;
        case Grouping::Model:
            name = tr("Without a model");
            break;
        case Grouping::Token:
            name = tr("Token #%1").arg(group.key);
            break;
        case Grouping::Channel:
            name = group.key == u"0" ? tr("No channel") : tr("Channel #%1").arg(group.key);
            break;
        }
    }
    QStringList parts;
    if (grouping == Grouping::Session && !group.key.isEmpty()) {
        parts = {group.client, group.tokenName};
        parts.removeAll(QString());
    }
    parts.append(requests(group.requests));
    if (group.errors > 0) {
        parts.append(separated(
            tr("%n failed", nullptr, static_cast<int>(qMin<qint64>(group.errors, INT_MAX))),
            group.errors));
    }
    const QDateTime begun = QDateTime::fromMSecsSinceEpoch(group.begunAt);
    const QDateTime ended = QDateTime::fromMSecsSinceEpoch(group.endedAt);
    const QDateTime now = QDateTime::currentDateTime();
    parts.append(
        tr("%1 – %2", "from, until").arg(Format::moment(begun, now), Format::moment(ended, now)));
    return {.text = name,
            .suffix = parts.join(u" · "_s),
            .toolTip = tr("%1 – %2", "from, until").arg(Format::full(begun), Format::full(ended)),
            .strong = true};
}

Cell TrafficColumns::groupCell(domain::TrafficGrouping grouping,
                               const domain::TrafficGroup &group,
                               const QString &key)
{
    if (key == u"status")
        return {.text = groupTitle(grouping, group).text};
    if (key == u"in")
        return Cell::of(Format::tokens(group.input));
    if (key == u"cached")
        return Cell::of(Format::tokens(group.cached));
    if (key == u"out")
        return Cell::of(Format::tokens(group.output));
    if (key == u"cost") {
        constexpr qint64 much =
            100'000'000'000; // a hundred dollars, of which parts of a cent say little
        const bool rounded = group.cost.nanoDollars >= much;
        const int decimals = group.cost.nanoDollars == 0 ? 0 : rounded ? 2 : 4;
        return {.text = Format::money(group.cost, decimals),
                .toolTip = Format::exactMoney(group.cost)};
    }
    return {};
}

} // namespace gatehouse::ui
