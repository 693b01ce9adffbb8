#include "capture/messagecolumns.h"

#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Change = admin::Rewrite::Kind;

constexpr qsizetype shownOfCell = 400;
constexpr qsizetype shownInTip = 1'500;

// One line of what may have many.
QString oneLine(const QString &text)
{
    return text.left(shownOfCell).simplified();
}

QString microseconds(qint64 value)
{
    return Format::duration(std::chrono::microseconds(std::max<qint64>(value, 0)));
}

// A column that is not sorted by.
template<typename Row>
struct PlainColumn
{
    QString key{};
    std::function<QString()> title{};
    int width = 0;
    std::function<Cell(const Row &)> cell{};
    ColumnKind kind = ColumnKind::Text;
};

// The last one takes the room that is left.
template<typename Row>
std::vector<Column<Row>> columnsFrom(std::vector<PlainColumn<Row>> plain)
{
    std::vector<Column<Row>> columns;
    for (PlainColumn<Row> &each : plain) {
        columns.push_back({.traits = {.key = std::move(each.key),
                                      .title = std::move(each.title),
                                      .kind = each.kind,
                                      .width = each.width,
                                      .sortable = false},
                           .cell = std::move(each.cell)});
    }
    columns.back().traits.stretch = true;
    return columns;
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
    const auto name = [](const HeaderRow &row) { return Cell{.text = row.name, .fixed = true}; };
    const auto value = [](const HeaderRow &row) {
        Cell cell = textCell(row.value);
        if (row.isMasked) {
            cell.secondary = true;
            cell.toolTip = tr("This is a secret, and is not stored.");
        }
        return cell;
    };
    return columnsFrom<HeaderRow>({{u"name"_s, [] { return tr("Name"); }, 190, name},
                                   {u"value"_s, [] { return tr("Value"); }, 300, value}});
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

std::vector<Column<RewriteRow>> MessageColumns::rewrites(Way way)
{
    using Row = RewriteRow;
    const auto kind = [](const Row &row) {
        switch (row.rewrite.kind) {
        case Change::Added:
            return Cell{.text = u"+ "_s + tr("added"), .tone = Tone::Good};
        case Change::Removed:
            return Cell{.text = u"− "_s + tr("removed"), .tone = Tone::Failure};
        case Change::Changed:
            break;
        }
        return Cell{.text = u"± "_s + tr("changed"), .tone = Tone::Caution};
    };
    const auto path = [](const Row &row) {
        return Cell{.text = row.rewrite.path, .fixed = true, .elide = Qt::ElideMiddle};
    };
    const auto before = [](const Row &row) { return textCell(row.rewrite.before, Tone::Failure); };
    const auto after = [](const Row &row) { return textCell(row.rewrite.after, Tone::Good); };
    return columnsFrom<Row>({{u"kind"_s, [] { return tr("What"); }, 96, kind},
                             {u"path"_s, [] { return tr("Where"); }, 150, path},
                             {u"before"_s,
                              [way] {
                                  return way == Way::ToProvider ? tr("As the client sent it")
                                                                : tr("As the provider sent it");
                              },
                              160,
                              before},
                             {u"after"_s,
                              [way] {
                                  return way == Way::ToProvider ? tr("As the provider got it")
                                                                : tr("As the client got it");
                              },
                              200,
                              after}});
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
    constexpr ColumnKind number = ColumnKind::Number;
    const auto place = [](const Row &row) {
        return Cell{.text = Format::count(row.place + 1), .secondary = true};
    };
    const auto gap = [](const Row &row) {
        return Cell{.text = microseconds(row.gapMicroseconds),
                    .toolTip =
                        tr("%1 after the request began").arg(microseconds(row.event.microseconds)),
                    .tone = row.isLongGap ? std::optional(Tone::Caution) : std::nullopt,
                    .strong = row.isLongGap};
    };
    const auto name = [](const Row &row) { return textCell(QString::fromUtf8(row.event.name)); };
    const auto bytes = [](const Row &row) { return Cell::of(Format::count(row.event.bytes)); };
    const auto preview = [](const Row &row) {
        return textCell(QString::fromUtf8(row.event.preview));
    };
    return columnsFrom<Row>({{u"number"_s, [] { return tr("#"); }, 56, place, number},
                             {u"gap"_s, [] { return tr("Δt"); }, 78, gap, number},
                             {u"event"_s, [] { return tr("Event"); }, 110, name},
                             {u"bytes"_s, [] { return tr("Bytes"); }, 70, bytes, number},
                             {u"preview"_s, [] { return tr("Data"); }, 300, preview}});
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
