#include "inspector/costtable.h"

#include "widgets/format.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using domain::CostItem;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::CostRows)
};

QString nameOf(CostItem item)
{
    switch (item) {
    case CostItem::Call:
        return Texts::tr("Call");
    case CostItem::Input:
        return Texts::tr("Input, not cached");
    case CostItem::CacheRead:
        return Texts::tr("Cache read");
    case CostItem::CacheWrite:
        return Texts::tr("Cache write, 5 min");
    case CostItem::CacheWriteLong:
        return Texts::tr("Cache write, 1 h");
    case CostItem::InputAudio:
        return Texts::tr("Input, audio");
    case CostItem::Output:
        return Texts::tr("Output");
    case CostItem::Reasoning:
        return Texts::tr("Reasoning");
    case CostItem::OutputAudio:
        return Texts::tr("Output, audio");
    case CostItem::Images:
        return Texts::tr("Pictures");
    case CostItem::Characters:
        return Texts::tr("Characters");
    }
    return {};
}

bool isOfTokens(CostItem item)
{
    return item != CostItem::Call && item != CostItem::Images && item != CostItem::Characters;
}

QString priceText(const domain::CostLine &line)
{
    if (line.price.picoDollars == 0)
        return Texts::tr("free");
    if (isOfTokens(line.item))
        return Texts::tr("%1 / M").arg(Format::price(line.price));
    constexpr qint64 picoPerNano = 1'000;
    return Texts::tr("%1 each").arg(
        Format::exactMoney(domain::Cost{line.price.picoDollars / picoPerNano}));
}

// How many decimals it takes to show a cost exactly.
int decimalsOf(domain::Cost cost)
{
    int decimals = 9;
    qint64 nano = cost.nanoDollars;
    while (decimals > 2 && nano % 10 == 0) {
        nano /= 10;
        --decimals;
    }
    return decimals;
}

QString signedMoney(domain::Cost cost, int decimals)
{
    const QString money = Format::money(cost, decimals);
    return cost.nanoDollars > 0 ? QLocale().positiveSign() + money : money;
}

Column<CostRow>
column(const QString &key, std::function<QString()> title, int width, QString CostRow::*text)
{
    return {.traits = {.key = key,
                       .title = std::move(title),
                       .kind = ColumnKind::Number,
                       .width = width,
                       .sortable = false},
            .cell = [text](const CostRow &row) {
                return row.*text == QString()
                           ? Cell{}
                           : Cell{.text = row.*text, .toolTip = row.note, .strong = row.isTotal};
            }};
}

} // namespace

std::vector<Column<CostRow>> CostRows::columns()
{
    std::vector<Column<CostRow>> columns;
    columns.push_back(column(
        u"usage"_s, [] { return tr("Usage"); }, 150, &CostRow::name));
    columns.back().traits.kind = ColumnKind::Text;
    columns.back().traits.stretch = true;
    columns.back().traits.least = 124;
    columns.push_back(column(
        u"count"_s, [] { return tr("Count"); }, 56, &CostRow::count));
    columns.push_back(column(
        u"price"_s, [] { return tr("Unit price"); }, 80, &CostRow::price));
    columns.push_back(column(
        u"cost"_s, [] { return tr("Cost"); }, 90, &CostRow::cost));
    return columns;
}

std::vector<CostRow> CostRows::rows(const admin::RequestReport &report)
{
    const admin::CostReport &cost = report.cost;
    const domain::Cost total = report.line.record.cost;
    int decimals = std::max(decimalsOf(total), decimalsOf(cost.difference));
    for (const domain::CostLine &line : cost.lines)
        decimals = std::max(decimals, decimalsOf(line.cost));

    std::vector<CostRow> rows;
    for (const domain::CostLine &line : cost.lines) {
        rows.push_back({.name = nameOf(line.item),
                        .count = Format::count(line.count),
                        .price = cost.isPriced ? priceText(line) : Format::absent(),
                        .cost = Format::money(line.cost, decimals)});
    }
    constexpr qint64 million = 1'000'000;
    const auto addFactor = [&rows](const QString &name, qint64 millionths) {
        if (millionths == million)
            return;
        rows.push_back({.name = name,
                        .price = tr("× %1").arg(
                            QLocale().toString(static_cast<double>(millionths) / million, 'g', 10)),
                        .note = tr("The costs of the lines are multiplied by it already.")});
    };
    addFactor(tr("Factor of the group %1").arg(QString::fromUtf8(report.line.record.group)),
              cost.factors.groupMillionths);
    addFactor(tr("Multiplier of %1").arg(report.line.channelName), cost.factors.channelMillionths);
    if (cost.difference.nanoDollars != 0) {
        rows.push_back(
            {.name = tr("Other prices then"),
             .cost = signedMoney(cost.difference, decimals),
             .note = tr("The unit prices are those of the time of the request. Since then they "
                        "were corrected, or a factor or an exchange rate has changed, or "
                        "the lines do not tell what it was charged for. Its cost stays as "
                        "it was.")});
    }
    rows.push_back({.name = tr("Cost"),
                    .price = report.line.record.unpriced ? tr("no price") : QString(),
                    .cost = Format::money(total, decimals),
                    .isTotal = true});
    int place = 0;
    for (CostRow &row : rows)
        row.place = place++;
    return rows;
}

} // namespace gatehouse::ui
