#include "capture/messagecolumns.h"

#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Kind = admin::Rewrite::Kind;

constexpr qsizetype shownOfText = 400;
constexpr qsizetype shownInTip = 1'500;

// One line of what may have many.
QString oneLine(const QString &text)
{
    return text.left(shownOfText).simplified();
}

QString microseconds(qint64 value)
{
    return Format::duration(std::chrono::microseconds(std::max<qint64>(value, 0)));
}

template<typename Row>
Column<Row> plainColumn(const QString &key,
                        std::function<QString()> title,
                        int width,
                        std::function<Cell(const Row &)> cell)
{
    return {.traits = {.key = key, .title = std::move(title), .width = width, .sortable = false},
            .cell = std::move(cell)};
}

Cell textCell(const QString &text, std::optional<Tone> tone = {})
{
    if (text.isEmpty())
        return Cell::absent();
    return {.text = oneLine(text), .toolTip = text.left(shownInTip), .tone = tone, .fixed = true};
}

} // namespace

std::vector<Column<HeaderRow>> MessageColumns::headers()
{
    using Row = HeaderRow;
    std::vector<Column<Row>> columns;
    columns.push_back(plainColumn<Row>(
        u"name"_s,
        [] { return tr("Name"); },
        190,
        [](const Row &row) { return Cell{.text = row.name, .fixed = true}; }));
    columns.push_back(plainColumn<Row>(
        u"value"_s,
        [] { return tr("Value"); },
        300,
        [](const Row &row) {
            Cell cell = textCell(row.value);
            if (row.isMasked) {
                cell.secondary = true;
                cell.toolTip = tr("This is a secret, and is not stored.");
            }
            return cell;
        }));
    columns.back().traits.stretch = true;
    return columns;
}

std::vector<HeaderRow> MessageColumns::headerRows(const domain::CapturedMessage &message)
{
    std::vector<HeaderRow> rows;
    int place = 0;
    for (const auto &[name, value] : message.fields) {
        rows.push_back({.place = place++,
                        .name = QString::fromUtf8(name),
                        .value = QString::fromUtf8(value),
                        .isMasked = value.contains("***")});
    }
    return rows;
}

std::vector<Column<RewriteRow>> MessageColumns::rewrites()
{
    using Row = RewriteRow;
    std::vector<Column<Row>> columns;
    columns.push_back(plainColumn<Row>(
        u"kind"_s,
        [] { return tr("What"); },
        96,
        [](const Row &row) {
            switch (row.rewrite.kind) {
            case Kind::Added:
                return Cell{.text = u"+ "_s + tr("added"), .tone = Tone::Good};
            case Kind::Removed:
                return Cell{.text = u"− "_s + tr("removed"), .tone = Tone::Failure};
            case Kind::Changed:
                break;
            }
            return Cell{.text = u"± "_s + tr("changed"), .tone = Tone::Caution};
        }));
    columns.push_back(plainColumn<Row>(
        u"path"_s,
        [] { return tr("Where"); },
        150,
        [](const Row &row) {
            return Cell{.text = row.rewrite.path, .fixed = true, .elide = Qt::ElideMiddle};
        }));
    columns.push_back(plainColumn<Row>(
        u"before"_s,
        [] { return tr("As the client sent it"); },
        160,
        [](const Row &row) { return textCell(row.rewrite.before, Tone::Failure); }));
    columns.push_back(plainColumn<Row>(
        u"after"_s,
        [] { return tr("As the provider got it"); },
        200,
        [](const Row &row) { return textCell(row.rewrite.after, Tone::Good); }));
    columns.back().traits.stretch = true;
    return columns;
}

std::vector<RewriteRow> MessageColumns::rewriteRows(const std::vector<admin::Rewrite> &rewrites)
{
    std::vector<RewriteRow> rows;
    int place = 0;
    for (const admin::Rewrite &each : rewrites)
        rows.push_back({.place = place++, .rewrite = each});
    return rows;
}

std::vector<Column<StreamRow>> MessageColumns::events()
{
    using Row = StreamRow;
    std::vector<Column<Row>> columns;
    columns.push_back(plainColumn<Row>(
        u"number"_s,
        [] { return tr("#"); },
        56,
        [](const Row &row) {
            return Cell{.text = Format::count(row.place + 1), .secondary = true};
        }));
    columns.back().traits.kind = ColumnKind::Number;
    columns.push_back(plainColumn<Row>(
        u"gap"_s,
        [] { return tr("Δt"); },
        78,
        [](const Row &row) {
            return Cell{
                .text = microseconds(row.gapMicroseconds),
                .toolTip =
                    tr("%1 after the request began").arg(microseconds(row.event.microseconds)),
                .tone = row.isLongGap ? std::optional(Tone::Caution) : std::nullopt,
                .strong = row.isLongGap};
        }));
    columns.back().traits.kind = ColumnKind::Number;
    columns.push_back(plainColumn<Row>(
        u"event"_s,
        [] { return tr("Event"); },
        110,
        [](const Row &row) { return textCell(QString::fromUtf8(row.event.name)); }));
    columns.push_back(plainColumn<Row>(
        u"bytes"_s,
        [] { return tr("Bytes"); },
        70,
        [](const Row &row) { return Cell::of(Format::count(row.event.bytes)); }));
    columns.back().traits.kind = ColumnKind::Number;
    columns.push_back(plainColumn<Row>(
        u"preview"_s,
        [] { return tr("Data"); },
        300,
        [](const Row &row) { return textCell(QString::fromUtf8(row.event.preview)); }));
    columns.back().traits.stretch = true;
    return columns;
}

// A gap stands out that is long by itself and ten times as long as the usual one.
std::vector<StreamRow> MessageColumns::streamRows(const std::vector<admin::StreamEvent> &events)
{
    std::vector<StreamRow> rows;
    rows.reserve(events.size());
    std::vector<qint64> gaps;
    qint64 before = events.empty() ? 0 : events.front().microseconds;
    int place = 0;
    for (const admin::StreamEvent &event : events) {
        const qint64 gap = std::max<qint64>(event.microseconds - before, 0);
        before = event.microseconds;
        if (place > 0)
            gaps.push_back(gap);
        rows.push_back({.place = place++, .gapMicroseconds = gap, .event = event});
    }
    if (gaps.empty())
        return rows;
    const auto middle = gaps.begin() + std::ssize(gaps) / 2;
    std::nth_element(gaps.begin(), middle, gaps.end());
    constexpr qint64 leastGap = 200'000;
    const qint64 limit = std::max(leastGap, *middle * 10);
    for (StreamRow &row : rows)
        row.isLongGap = row.place > 0 && row.gapMicroseconds >= limit;
    return rows;
}

} // namespace gatehouse::ui
