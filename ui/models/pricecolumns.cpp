#include "models/pricecolumns.h"

#include "models/hoursmodel.h"
#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// "16:30–00:30: $0.14", for each stretch of hours with prices of its own.
QStringList hourlyPrices(const PriceRow &row, PricePart part)
{
    QStringList lines;
    for (const domain::PriceWindow &window : row.price.windows) {
        const auto price = PriceParts::of(window.tokens, part);
        lines.append(ModelColumns::tr("%1: %2").arg(
            HoursModel::textOf(window),
            price ? Format::price(*price, row.price.currency) : Format::absent()));
    }
    return lines;
}

bool differsByHour(const PriceRow &row, PricePart part)
{
    const std::vector<domain::PriceWindow> &windows = row.price.windows;
    return std::any_of(windows.begin(), windows.end(), [&](const domain::PriceWindow &window) {
        return PriceParts::of(window.tokens, part) != PriceParts::of(row.price.tokens, part);
    });
}

Cell partCell(const PriceRow &row, PricePart part)
{
    const auto price = PriceParts::of(row.price.tokens, part);
    Cell cell = row.unpriced || !price ? Cell::absent(ModelColumns::tr("as the plain price"))
                                       : Cell::of(Format::price(*price, row.price.currency));
    if (row.unpriced || !differsByHour(row, part))
        return cell;
    cell.icon = u"clock"_s;
    cell.accessible =
        ModelColumns::tr("%1, another one at certain hours").arg(cell.accessibleText());
    cell.toolTip = ModelColumns::tr("At these hours of the day (UTC) it is another one:") + u'\n'
                   + hourlyPrices(row, part).join(u'\n');
    return cell;
}

QVariant partInDollars(const PriceRow &row, PricePart part)
{
    const auto given = PriceParts::of(row.price.tokens, part);
    if (row.unpriced || !given)
        return {};
    if (row.price.isInDollars())
        return given->dollarsPerMillion();
    const auto dollars = row.dollars ? PriceParts::of(*row.dollars, part) : std::nullopt;
    return dollars ? QVariant(dollars->dollarsPerMillion()) : QVariant();
}

} // namespace

Column<PriceRow> PriceColumns::ofPart(const QString &key,
                                      PricePart part,
                                      std::function<QString()> title,
                                      bool hidden)
{
    return {.traits = {.key = key,
                       .title = std::move(title),
                       .kind = ColumnKind::Number,
                       .width = 92,
                       .hidden = hidden,
                       .explanation =
                           [part] {
                               return ModelColumns::tr(
                                          "%1, for a million tokens. An edit of a cell corrects a "
                                          "price of your own, also for requests of before; \"Set "
                                          "the price…\" makes one that begins now.")
                                   .arg(PriceParts::title(part));
                           }},
            .cell = [part](const PriceRow &row) { return partCell(row, part); },
            .sort = [part](const PriceRow &row) { return partInDollars(row, part); },
            .edit =
                [part](const PriceRow &row) {
                    if (row.unpriced) // its first price is asked for as a whole
                        return QVariant();
                    const auto price = PriceParts::of(row.price.tokens, part);
                    return QVariant(price ? PriceParts::typed(*price) : QString());
                }};
}

Cell PriceColumns::hoursCell(const PriceRow &row)
{
    if (row.price.windows.empty())
        return Cell::absent(ModelColumns::tr("none"));
    const QStringList hours = hourlyPrices(row, PricePart::Input);
    return {.text = hours.join(u", "_s), .toolTip = hours.join(u'\n')};
}

} // namespace gatehouse::ui
