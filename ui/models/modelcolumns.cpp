#include "models/modelcolumns.h"

#include "domain/settings.h"
#include "models/capabilitytext.h"
#include "models/pricecolumns.h"
#include "models/routingcolumns.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// Through the channel that is tried first; that of another one would be misleading.
const domain::ModelPrice *firstPrice(const admin::ServedModel &model)
{
    const bool isPriced = !model.channels.empty() && model.channels.front().price;
    return isPriced ? &*model.channels.front().price : nullptr;
}

Cell priceCell(const admin::ServedModel &model, PricePart part)
{
    const bool isFree = !model.channels.empty() && model.channels.front().isFree;
    if (isFree)
        return {.text = ModelColumns::tr("free"), .secondary = true};
    const domain::ModelPrice *price = firstPrice(model);
    if (!price)
        return Cell::absent(ModelColumns::tr("no price"));
    return Cell::of(
        Format::price(PriceParts::of(price->tokens, part).value_or(domain::UnitPrice{})));
}

QVariant priceSort(const admin::ServedModel &model, PricePart part)
{
    if (!model.channels.empty() && model.channels.front().isFree)
        return QVariant(qint64(0));
    const domain::ModelPrice *price = firstPrice(model);
    return price ? QVariant(
               PriceParts::of(price->tokens, part).value_or(domain::UnitPrice{}).picoDollars)
                 : QVariant();
}

QStringList channelNames(const admin::ServedModel &model)
{
    QStringList names;
    for (const admin::RouteCandidate &candidate : model.channels)
        names.append(candidate.name);
    return names;
}

// These come last.
bool isLeftOut(const admin::RouteCandidate &candidate)
{
    return candidate.exclusion != admin::RouteExclusion::None;
}

QString routeToolTip(const admin::ServedModel &model)
{
    using domain::RoutingStrategy;
    const RoutingStrategy strategy = model.routing.strategy;
    // With others the shares change from one request to the next.
    const bool hasShares =
        strategy == RoutingStrategy::PriorityWeight || strategy == RoutingStrategy::RoundRobin;
    QStringList lines;
    for (const admin::RouteCandidate &each : model.channels) {
        if (each.tier > 0) {
            const QString place =
                hasShares ? ModelColumns::tr("%1. %2, %3 of its tier")
                                .arg(each.tier)
                                .arg(each.name, Format::percent(each.sharePercent / 100))
                          : ModelColumns::tr("%1. %2").arg(each.tier).arg(each.name);
            lines.append(each.reason.isEmpty()
                             ? place
                             : ModelColumns::tr("%1: %2").arg(place, each.reason.translated()));
        } else if (each.reason.isEmpty()) {
            lines.append(each.name);
        } else {
            lines.append(ModelColumns::tr("%1: %2").arg(each.name, each.reason.translated()));
        }
    }
    return lines.join(u'\n');
}

// Why no channel takes requests now.
QString absenceToolTip(const admin::ServedModel &model)
{
    QStringList lines;
    for (const admin::RouteCandidate &each : model.channels) {
        if (isLeftOut(each) && !each.reason.isEmpty())
            lines.append(ModelColumns::tr("%1: %2").arg(each.name, each.reason.translated()));
    }
    return lines.join(u'\n');
}

// All that would be asked have keys that failed; "Explain route" doubts it, too.
bool isDoubtful(const admin::ServedModel &model)
{
    return model.isServed && !model.isResting
           && std::all_of(model.channels.begin(), model.channels.end(), [](const auto &each) {
                  return isLeftOut(each) || !each.reason.isEmpty();
              });
}

// In words that a filter understands in every language.
QString englishState(const admin::ServedModel &model)
{
    if (!model.isServed)
        return u"Not served"_s;
    if (model.isResting)
        return u"At rest"_s;
    if (isDoubtful(model))
        return u"Doubtful"_s;
    return model.isPriced ? u"Served"_s : u"No price"_s;
}

Cell stateCell(const admin::ServedModel &model)
{
    if (!model.isServed) {
        return {.text = ModelColumns::tr("Not served"),
                .toolTip = absenceToolTip(model),
                .glyph = Glyph::Bars,
                .tone = Tone::Neutral};
    }
    if (model.isResting) {
        return {.text = ModelColumns::tr("At rest"),
                .toolTip = absenceToolTip(model),
                .glyph = Glyph::Hourglass,
                .tone = Tone::Caution};
    }
    if (isDoubtful(model)) {
        return {.text = ModelColumns::tr("Doubtful"),
                .toolTip = routeToolTip(model),
                .glyph = Glyph::HalfDisc,
                .tone = Tone::Caution};
    }
    if (!model.isPriced) {
        return {
            .text = ModelColumns::tr("No price"), .glyph = Glyph::Dashed, .tone = Tone::Caution};
    }
    return {.text = ModelColumns::tr("Served"),
            .glyph = Glyph::Disc,
            .tone = Tone::Good,
            .plain = true};
}

QStringList aliasesOf(const admin::ServedModel &model)
{
    QStringList names;
    for (const QByteArray &alias : model.aliases)
        names.append(QString::fromUtf8(alias));
    return names;
}

Cell aliasCell(const admin::ServedModel &model)
{
    if (model.aliases.empty())
        return Cell::absent(ModelColumns::tr("no other name"));
    QStringList lines;
    for (const QByteArray &alias : model.aliases) {
        const QString name = QString::fromUtf8(alias);
        lines.append(alias == domain::defaultModelAlias
                         ? ModelColumns::tr("%1 (the default model)").arg(name)
                         : name);
    }
    return {.text = aliasesOf(model).join(u", "_s), .toolTip = lines.join(u'\n')};
}

// Of the channel that is tried first, as the prices are; null: nothing is known of its model.
const domain::ModelCapabilities *firstCapabilities(const admin::ServedModel &model)
{
    const bool isKnown = !model.channels.empty() && model.channels.front().capabilities;
    return isKnown ? &*model.channels.front().capabilities : nullptr;
}

QStringList capabilityWords(const admin::ServedModel &model)
{
    const domain::ModelCapabilities *first = firstCapabilities(model);
    return first ? CapabilityText::words(*first) : QStringList();
}

// What the other channels can do where that is something else.
QStringList otherCapabilities(const admin::ServedModel &model)
{
    QStringList lines;
    const domain::ModelCapabilities *first = firstCapabilities(model);
    for (const admin::RouteCandidate &each : model.channels) {
        if (!each.capabilities
            || (first
                && CapabilityText::words(*first) == CapabilityText::words(*each.capabilities)))
            continue;
        const QStringList words = CapabilityText::words(*each.capabilities);
        lines.append(ModelColumns::tr("%1: %2").arg(
            each.name, words.isEmpty() ? ModelColumns::tr("unknown") : words.join(u", "_s)));
    }
    return lines;
}

Cell capabilityCell(const admin::ServedModel &model)
{
    const QStringList others = otherCapabilities(model);
    const QStringList words = capabilityWords(model);
    if (words.isEmpty()) {
        Cell cell = Cell::absent(ModelColumns::tr("Unknown"));
        cell.toolTip = (QStringList{cell.accessible} + others).join(u'\n');
        return cell;
    }
    Cell cell = Cell::tagged(words);
    cell.toolTip = (CapabilityText::explanations(*firstCapabilities(model)) + others).join(u'\n');
    return cell;
}

QStringList capabilityFilterWords(const admin::ServedModel &model)
{
    QStringList words = capabilityWords(model);
    if (const domain::ModelCapabilities *first = firstCapabilities(model))
        words.append(CapabilityText::englishWords(*first));
    words.removeDuplicates();
    return words;
}

// Several prices may begin on one day.
QString dayAndTime(const QDateTime &moment)
{
    return QLocale().toString(moment, Format::momentPattern());
}

Cell effectiveCell(const PriceRow &row)
{
    if (row.unpriced || row.price.effectiveFrom <= 0)
        return Cell::absent(ModelColumns::tr("ever since"));
    const QDateTime from = QDateTime::fromSecsSinceEpoch(row.price.effectiveFrom);
    const bool isWholeDay = from == from.date().startOfDay();
    return {.text = isWholeDay ? Format::day(from.date()) : dayAndTime(from),
            .toolTip = Format::full(from)};
}

// Days are longer in some languages.
int dayRoom(const QFontMetrics &metrics)
{
    return metrics.horizontalAdvance(Format::day({2028, 12, 28})) + Theme::px(20);
}

int dayAndTimeRoom(const QFontMetrics &metrics)
{
    const QDateTime longest(QDate(2028, 12, 28), QTime(22, 58));
    return metrics.horizontalAdvance(dayAndTime(longest)) + Theme::px(20);
}

// What is in force goes without saying.
QString stateText(domain::PriceState state)
{
    switch (state) {
    case domain::PriceState::InForce:
        return {};
    case domain::PriceState::Future:
        return ModelColumns::tr("in future");
    case domain::PriceState::Former:
        return ModelColumns::tr("formerly");
    }
    return {};
}

Cell sourceCell(const PriceRow &row)
{
    if (row.unpriced) {
        return {.text = ModelColumns::tr("No price"),
                .suffix = ModelColumns::tr("%n requests", nullptr, static_cast<int>(row.requests)),
                .glyph = Glyph::Dashed,
                .tone = Tone::Caution};
    }
    if (row.lacksRate && row.isInForce()) {
        return {.text = ModelColumns::tr("No exchange rate"),
                .suffix = QString::fromLatin1(row.price.currency),
                .toolTip = ModelColumns::tr(
                    "It counts as a model without a price until the settings say the rate."),
                .glyph = Glyph::Dashed,
                .tone = Tone::Caution};
    }
    switch (row.price.source) {
    case domain::PriceSource::BuiltIn:
        return {.text = ModelColumns::tr("Built-in"), .secondary = true};
    case domain::PriceSource::Edited:
        return {.text = ModelColumns::tr("Edited"),
                .suffix = stateText(row.state),
                .secondary = row.state == domain::PriceState::Former};
    case domain::PriceSource::Default:
        return {.text = ModelColumns::tr("Default"), .secondary = true};
    }
    return {};
}

// Links from elsewhere name the source in the same words in every language.
QStringList sourceWords(const PriceRow &row)
{
    const Cell cell = sourceCell(row);
    const auto fixed = [&row] {
        if (row.unpriced)
            return u"no price"_s;
        switch (row.price.source) {
        case domain::PriceSource::BuiltIn:
            return u"built-in"_s;
        case domain::PriceSource::Edited:
            return u"edited"_s;
        case domain::PriceSource::Default:
            return u"default"_s;
        }
        return QString();
    }();
    QStringList words{cell.text, cell.suffix};
    if (cell.text.compare(fixed, Qt::CaseInsensitive) != 0)
        words.append(fixed);
    if (row.lacksRate && row.isInForce())
        words.append(u"no price"_s);
    if (row.state != domain::PriceState::InForce)
        words.append(row.state == domain::PriceState::Future ? u"in future"_s : u"formerly"_s);
    return words;
}

} // namespace

bool PriceRow::standsForSeveral() const
{
    return !unpriced && price.source == domain::PriceSource::BuiltIn && channelIds.size() > 1;
}

bool PriceRow::isEdited() const
{
    return !unpriced && price.source == domain::PriceSource::Edited;
}

QString PriceRow::key() const
{
    const QString place = u"%1\n%2"_s.arg(QString::fromUtf8(price.model))
                              .arg(price.channel ? price.channel->value : 0);
    // The row stays the same when another price comes in force.
    return isInForce() ? place : u"%1\n%2"_s.arg(place).arg(price.effectiveFrom);
}

std::vector<Column<admin::ServedModel>> ModelColumns::models()
{
    using Row = admin::ServedModel;
    std::vector<Column<Row>> columns;
    columns.push_back(
        {.traits = {.key = u"status"_s, .title = [] { return tr("State"); }, .width = 110},
         .cell = stateCell,
         .words = [](const Row &row) {
             return inBothLanguages(stateCell(row).text, englishState(row));
         }});
    columns.push_back(
        {.traits = {.key = u"model"_s, .title = [] { return tr("Model"); }, .width = 196},
         .cell = [](const Row &row) {
             return Cell{.text = QString::fromUtf8(row.model), .elide = Qt::ElideMiddle};
         }});
    columns.push_back({.traits = {.key = u"alias"_s,
                                  .title = [] { return tr("Aliases"); },
                                  .width = 80,
                                  .explanation =
                                      [] {
                                          return tr("Other names by which clients reach the same "
                                                    "models of the same channels");
                                      }},
                       .cell = aliasCell,
                       .sort =
                           [](const Row &row) {
                               return row.aliases.empty() ? QVariant()
                                                          : QVariant(aliasCell(row).text);
                           },
                       .words = aliasesOf});
    columns.push_back(
        {.traits = {.key = u"channel"_s,
                    .title = [] { return tr("Routed to, in this order"); },
                    .width = 190,
                    .stretch = true,
                    .least = 180},
         .cell =
             [](const Row &row) {
                 Cell cell = Cell::tagged(channelNames(row));
                 cell.paleTags = std::count_if(row.channels.begin(), row.channels.end(), isLeftOut);
                 cell.toolTip = routeToolTip(row);
                 return cell;
             },
         .sort = [](const Row &row) { return QVariant(static_cast<int>(row.channels.size())); },
         .words = channelNames});
    columns.push_back({.traits = {.key = u"context"_s,
                                  .title = [] { return tr("Context"); },
                                  .kind = ColumnKind::Number,
                                  .width = 74},
                       .cell =
                           [](const Row &row) {
                               return row.contextTokens > 0
                                          ? Cell::of(Format::tokens(row.contextTokens))
                                          : Cell::absent(tr("not known"));
                           },
                       .sort =
                           [](const Row &row) {
                               return row.contextTokens > 0 ? QVariant(row.contextTokens)
                                                            : QVariant();
                           }});
    columns.push_back({.traits = {.key = u"can"_s,
                                  .title = [] { return tr("Capabilities"); },
                                  .width = 150,
                                  .explanation =
                                      [] {
                                          return tr("What is known that the model can do, through "
                                                    "the channel that is tried first");
                                      },
                                  .searched = false},
                       .cell = capabilityCell,
                       .sort =
                           [](const Row &row) {
                               const QStringList words = capabilityWords(row);
                               return words.isEmpty() ? QVariant() : QVariant(words.join(u", "_s));
                           },
                       .words = capabilityFilterWords});
    columns.push_back(
        {.traits = {.key = u"input"_s,
                    .title = [] { return tr("Input / M"); },
                    .kind = ColumnKind::Number,
                    .width = 84,
                    .explanation =
                        [] {
                            return tr("Dollars for a million input tokens, through the channel "
                                      "that is tried first");
                        }},
         .cell = [](const Row &row) { return priceCell(row, PricePart::Input); },
         .sort = [](const Row &row) { return priceSort(row, PricePart::Input); }});
    columns.push_back({.traits = {.key = u"output"_s,
                                  .title = [] { return tr("Output / M"); },
                                  .kind = ColumnKind::Number,
                                  .width = 84},
                       .cell = [](const Row &row) { return priceCell(row, PricePart::Output); },
                       .sort = [](const Row &row) { return priceSort(row, PricePart::Output); }});
    columns.push_back(
        {.traits = {.key = u"group"_s,
                    .title = [] { return tr("Groups"); },
                    .width = 100,
                    .explanation = [] { return tr("Users of these groups may use the model"); }},
         .cell = [](const Row &row) { return Cell::of(row.groups.join(u", "_s)); },
         .words = [](const Row &row) { return row.groups; }});
    RoutingColumns::addTo(columns);
    return columns;
}

std::vector<Column<PriceRow>>
ModelColumns::prices(std::function<QString(domain::ChannelId)> channelName)
{
    using Row = PriceRow;
    std::vector<Column<Row>> columns;
    columns.push_back({.traits = {.key = u"model"_s,
                                  .title = [] { return tr("Model"); },
                                  .width = 220,
                                  .stretch = true,
                                  .least = 160},
                       .cell = [](const Row &row) {
                           return Cell{.text = QString::fromUtf8(row.price.model),
                                       .elide = Qt::ElideMiddle};
                       }});
    columns.push_back(
        {.traits = {.key = u"channel"_s, .title = [] { return tr("For"); }, .width = 130},
         .cell = [channelName](const Row &row) {
             if (row.standsForSeveral() || row.isOfSome()) {
                 return Cell{.text = Format::list(row.channels),
                             .toolTip = row.channels.join(u'\n')};
             }
             if (row.price.channel)
                 return Cell::of(channelName(*row.price.channel));
             return Cell{.text = tr("all channels"), .secondary = true};
         }});
    columns.push_back(PriceColumns::ofPart(
        u"input"_s, PricePart::Input, [] { return tr("Input / M"); }, false));
    columns.push_back(PriceColumns::ofPart(
        u"output"_s, PricePart::Output, [] { return tr("Output / M"); }, false));
    columns.push_back(PriceColumns::ofPart(
        u"cacheread"_s, PricePart::CacheRead, [] { return tr("Cache read"); }, false));
    columns.push_back(PriceColumns::ofPart(
        u"cachewrite"_s, PricePart::CacheWrite, [] { return tr("Cache write"); }, false));
    columns.push_back(PriceColumns::ofPart(
        u"cachewritelong"_s, PricePart::CacheWriteLong, [] { return tr("Write, 1 h"); }, true));
    columns.push_back(PriceColumns::ofPart(
        u"reasoning"_s, PricePart::Reasoning, [] { return tr("Reasoning"); }, true));
    columns.push_back({.traits = {.key = u"tier"_s,
                                  .title = [] { return tr("Long context"); },
                                  .width = 110,
                                  .hidden = true},
                       .cell =
                           [](const Row &row) {
                               if (row.price.tiers.empty())
                                   return Cell::absent(tr("none"));
                               const domain::PriceTier &tier = row.price.tiers.front();
                               return Cell::of(
                                   tr("> %1: %2")
                                       .arg(Format::tokens(tier.aboveInputTokens),
                                            Format::price(tier.tokens.input, row.price.currency)));
                           },
                       .sort =
                           [](const Row &row) {
                               return row.price.tiers.empty()
                                          ? QVariant()
                                          : QVariant(row.price.tiers.front().aboveInputTokens);
                           }});
    columns.push_back(
        {.traits = {.key = u"currency"_s, .title = [] { return tr("Currency"); }, .width = 80},
         .cell = [](const Row &row) {
             if (row.unpriced)
                 return Cell::absent(tr("none"));
             return Cell{.text = row.price.isInDollars() ? u"USD"_s
                                                         : QString::fromLatin1(row.price.currency),
                         .secondary = row.price.isInDollars()};
         }});
    columns.push_back(
        {.traits = {
             .key = u"hours"_s,
             .title = [] { return tr("Hours (UTC)"); },
             .width = 150,
             .hidden = true,
             .explanation = [] { return tr("At these hours of the day, input costs this"); }},
         .cell = PriceColumns::hoursCell,
         .sort = [](const Row &row) {
             return row.price.windows.empty()
                        ? QVariant()
                        : QVariant(qint64(row.price.windows.front().from.count()));
         }});
    columns.push_back(
        {.traits = {.key = u"source"_s, .title = [] { return tr("Source"); }, .width = 190},
         .cell = sourceCell,
         .words = sourceWords});
    columns.push_back({.traits = {.key = u"date"_s,
                                  .title = [] { return tr("As of"); },
                                  .kind = ColumnKind::Moment,
                                  .width = 130,
                                  .room = dayRoom},
                       .cell =
                           [](const Row &row) {
                               if (row.price.asOf <= 0)
                                   return Cell::absent(tr("not known"));
                               const QDateTime asOf = QDateTime::fromSecsSinceEpoch(row.price.asOf);
                               return Cell{.text = Format::day(asOf.date()), .secondary = true};
                           },
                       .sort =
                           [](const Row &row) {
                               return row.price.asOf > 0 ? QVariant(row.price.asOf * 1000)
                                                         : QVariant();
                           }});
    columns.push_back({.traits = {.key = u"effective"_s,
                                  .title = [] { return tr("Effective from"); },
                                  .kind = ColumnKind::Moment,
                                  .width = 165,
                                  .room = dayAndTimeRoom},
                       .cell = effectiveCell,
                       .sort = [](const Row &row) {
                           return row.price.effectiveFrom > 0
                                      ? QVariant(row.price.effectiveFrom * 1000)
                                      : QVariant();
                       }});
    columns.push_back({.traits = {.key = u"used"_s,
                                  .title = [] { return tr("Offered by"); },
                                  .width = 170,
                                  .hidden = true},
                       .cell = [](const Row &row) { return Cell::tagged(row.channels); },
                       .words = [](const Row &row) { return row.channels; }});
    return columns;
}

} // namespace gatehouse::ui
