#include "traffic/trafficcolumns.h"

#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Row = admin::TrafficLine;

Cell statusCell(const Row &row)
{
    if (row.running) {
        const bool streams = row.running->phase == admin::RunningState::Phase::Streaming;
        return {.text = streams ? TrafficColumns::tr("streaming") : TrafficColumns::tr("waiting"),
                .glyph = Glyph::Ring,
                .tone = Tone::Busy};
    }
    const QString status = QString::number(row.record.httpStatus);
    switch (row.outcome()) {
    case domain::Outcome::Ok:
        return {.text = status, .glyph = Glyph::Tick, .tone = Tone::Good, .plain = true};
    case domain::Outcome::ClientError:
        return {.text = status, .glyph = Glyph::Cross, .tone = Tone::Caution};
    case domain::Outcome::ServerError:
        return {.text = status, .glyph = Glyph::Cross, .tone = Tone::Failure};
    case domain::Outcome::Cancelled:
        return {
            .text = TrafficColumns::tr("cancelled"), .glyph = Glyph::Barred, .tone = Tone::Neutral};
    }
    return {};
}

Column<Row> textColumn(const QString &key,
                       std::function<QString()> title,
                       int width,
                       bool hidden,
                       std::function<QString(const Row &)> text)
{
    return {.traits = {.key = key,
                       .title = std::move(title),
                       .width = width,
                       .hidden = hidden,
                       .sortable = false},
            .cell = [text = std::move(text)](const Row &row) {
                const QString shown = text(row);
                return shown.isEmpty() ? Cell::absent()
                                       : Cell{.text = shown, .elide = Qt::ElideMiddle};
            }};
}

Column<Row> numberColumn(const QString &key,
                         std::function<QString()> title,
                         int width,
                         bool hidden,
                         std::function<QString(const Row &)> text)
{
    Column<Row> column = textColumn(key, std::move(title), width, hidden, std::move(text));
    column.traits.kind = ColumnKind::Number;
    return column;
}

QString milliseconds(qint64 value)
{
    return value < 0 ? QString() : Format::duration(std::chrono::milliseconds(value));
}

QString costText(const Row &row)
{
    if (row.record.unpriced)
        return TrafficColumns::tr("no price");
    return Format::cost(row.record.cost);
}

} // namespace

std::vector<Column<admin::TrafficLine>> TrafficColumns::columns()
{
    std::vector<Column<Row>> columns;
    columns.push_back({.traits = {.key = u"status"_s,
                                  .title = [] { return tr("Status"); },
                                  .width = 96,
                                  .sortable = false},
                       .cell = statusCell});
    columns.push_back(
        {.traits =
             {.key = u"time"_s, .title = [] { return tr("Time"); }, .width = 78, .sortable = false},
         .cell = [](const Row &row) {
             const QDateTime at = QDateTime::fromMSecsSinceEpoch(row.startedAt());
             return Cell{.text = Format::time(at), .toolTip = Format::full(at), .secondary = true};
         }});
    columns.push_back(textColumn(
        u"client"_s,
        [] { return tr("Client"); },
        96,
        false,
        [](const Row &row) { return QString::fromUtf8(row.record.client); }));
    columns.push_back(textColumn(
        u"token"_s,
        [] { return tr("Token"); },
        110,
        false,
        [](const Row &row) { return QString::fromUtf8(row.record.tokenName); }));
    columns.push_back(textColumn(
        u"user"_s,
        [] { return tr("User"); },
        90,
        true,
        [](const Row &row) { return QString::fromUtf8(row.record.username); }));
    columns.push_back(textColumn(
        u"model"_s,
        [] { return tr("Model"); },
        160,
        false,
        [](const Row &row) { return QString::fromUtf8(row.record.model); }));
    columns.back().traits.stretch = true;
    columns.push_back(textColumn(
        u"served"_s,
        [] { return tr("Served as"); },
        130,
        true,
        [](const Row &row) { return QString::fromUtf8(row.record.providerModel); }));
    columns.push_back(textColumn(
        u"channel"_s,
        [] { return tr("Channel"); },
        120,
        false,
        [](const Row &row) {
            if (!row.isRetried())
                return row.channelName;
            return tr("%1 (attempt %2)").arg(row.channelName).arg(row.record.attempts);
        }));
    columns.push_back(textColumn(
        u"operation"_s,
        [] { return tr("Operation"); },
        100,
        true,
        [](const Row &row) { return QString::fromUtf8(row.record.operation); }));
    columns.push_back(numberColumn(
        u"in"_s,
        [] { return tr("In"); },
        62,
        false,
        [](const Row &row) {
            return Format::tokens(row.record.usage.input + row.record.usage.cacheRead);
        }));
    columns.push_back(numberColumn(
        u"out"_s,
        [] { return tr("Out"); },
        62,
        false,
        [](const Row &row) { return Format::tokens(row.record.usage.output); }));
    columns.push_back(numberColumn(
        u"cost"_s, [] { return tr("Cost"); }, 76, false, costText));
    columns.push_back(numberColumn(
        u"ttft"_s,
        [] { return tr("TTFT"); },
        70,
        false,
        [](const Row &row) { return milliseconds(row.record.firstByteMilliseconds); }));
    columns.push_back(numberColumn(
        u"duration"_s,
        [] { return tr("Duration"); },
        76,
        false,
        [](const Row &row) { return milliseconds(row.record.elapsedMilliseconds); }));
    columns.push_back(numberColumn(
        u"speed"_s,
        [] { return tr("tok/s"); },
        64,
        true,
        [](const Row &row) {
            const std::optional<double> speed = row.tokensPerSecond();
            return speed ? QLocale().toString(*speed, 'f', 0) : QString();
        }));
    columns.push_back(textColumn(
        u"error"_s,
        [] { return tr("Error"); },
        140,
        true,
        [](const Row &row) { return QString::fromUtf8(row.record.errorCode); }));
    columns.push_back(textColumn(
        u"ip"_s,
        [] { return tr("Address"); },
        110,
        true,
        [](const Row &row) { return QString::fromUtf8(row.record.clientAddress); }));
    columns.push_back(textColumn(
        u"session"_s,
        [] { return tr("Session"); },
        110,
        true,
        [](const Row &row) { return QString::fromUtf8(row.record.session); }));
    columns.push_back(textColumn(
        u"id"_s,
        [] { return tr("Request id"); },
        160,
        true,
        [](const Row &row) { return QString::fromUtf8(row.record.requestId); }));
    return columns;
}

} // namespace gatehouse::ui
