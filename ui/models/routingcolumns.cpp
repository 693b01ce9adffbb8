#include "models/routingcolumns.h"

#include "admin/upkeep/settinglabels.h"
#include "theme/theme.h"

#include <QFontMetrics>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

Cell routingCell(const QString &text, bool isOwn)
{
    return isOwn ? Cell::of(text)
                 : Cell{.text = RoutingColumns::byDefault(text), .secondary = true};
}

// Of a cell that says what is usual.
int usualRoom(const QFontMetrics &metrics, const QString &text)
{
    return metrics.horizontalAdvance(RoutingColumns::byDefault(text)) + Theme::px(20);
}

} // namespace

QString RoutingColumns::strategy(domain::RoutingStrategy strategy)
{
    return admin::settingChoiceLabel(u"relay.strategy"_s, domain::strategyName(strategy));
}

QString RoutingColumns::affinity(bool isOn)
{
    return isOn ? tr("On") : tr("Off");
}

QString RoutingColumns::byDefault(const QString &what)
{
    return tr("%1 (default)").arg(what);
}

void RoutingColumns::addTo(std::vector<Column<admin::ServedModel>> &columns)
{
    using Row = admin::ServedModel;
    columns.push_back(
        {.traits = {
             .key = u"strategy"_s,
             .title = [] { return tr("Strategy"); },
             .width = 170,
             .room =
                 [](const QFontMetrics &metrics) {
                     return usualRoom(metrics, strategy(domain::RoutingStrategy::PriorityWeight));
                 },
             .spare = true,
             .explanation =
                 [] { return tr("What decides between the channels of the highest priority"); }},
         .cell = [](const Row &row) {
             return routingCell(strategy(row.routing.strategy),
                                row.ownRouting.strategy.has_value());
         }});
    columns.push_back(
        {.traits = {
             .key = u"affinity"_s,
             .title = [] { return tr("Affinity"); },
             .width = 110,
             .room =
                 [](const QFontMetrics &metrics) { return usualRoom(metrics, affinity(false)); },
             .spare = true,
             .explanation =
                 [] {
                     return tr("Whether the requests of a session keep to their channel "
                               "and key, where the provider has its prompt in the cache");
                 }},
         .cell = [](const Row &row) {
             return routingCell(affinity(row.routing.affinity),
                                row.ownRouting.affinity.has_value());
         }});
}

} // namespace gatehouse::ui
