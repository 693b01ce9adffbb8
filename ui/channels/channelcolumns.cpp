#include "channels/channelcolumns.h"

#include "admin/traffic/refusalreason.h"
#include "charts/heatstrip.h"
#include "domain/outgoingproxies.h"
#include "domain/providertype.h"
#include "theme/lettertile.h"
#include "widgets/format.h"
#include "widgets/table/enabledcolumn.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Row = ChannelRow;

std::chrono::microseconds milliseconds(qint64 value)
{
    return std::chrono::milliseconds(value);
}

Cell testCell(const Row &row)
{
    if (row.testing)
        return {.text = ChannelColumns::tr("running…"), .secondary = true};
    if (row.channel.testedAt <= 0)
        return {.text = ChannelColumns::tr("never"), .secondary = true};
    const QDateTime at = QDateTime::fromSecsSinceEpoch(row.channel.testedAt);
    const QString text = Format::moment(at, QDateTime::currentDateTime());
    if (row.channel.responseMilliseconds <= 0) {
        return {.text = text,
                .suffix = ChannelColumns::tr("failed"),
                .toolTip = Format::full(at),
                .glyph = Glyph::Cross,
                .tone = Tone::Failure,
                .plain = true};
    }
    return {.text = text,
            .suffix = Format::duration(milliseconds(row.channel.responseMilliseconds)),
            .toolTip = Format::full(at)};
}

// In the currency of the provider, by which the column is not sorted.
Cell balanceCell(const Row &row)
{
    if (row.channel.balanceAt <= 0)
        return Cell::absent(ChannelColumns::tr("not known"));
    const domain::AccountBalance &balance = row.channel.balance;
    Cell cell = Cell::of(Format::balance(balance));
    if (balance.currency == "USD")
        return cell;
    const QString currency = QString::fromLatin1(balance.currency);
    if (row.balanceInDollars) {
        cell.toolTip = ChannelColumns::tr("%1, about %2 at the exchange rate of the settings")
                           .arg(currency, Format::balance({*row.balanceInDollars, "USD"}));
    } else if (!currency.isEmpty()) {
        cell.toolTip = ChannelColumns::tr("%1. No exchange rate is set for it, so that it is not "
                                          "sorted among the others.")
                           .arg(currency);
    }
    return cell;
}

domain::Health shownHealth(const Row &row)
{
    return row.testing ? domain::Health::Testing : row.overview.health;
}

// Nothing is wrong with it, and yet it is chosen for no request.
bool lacksModels(const Row &row)
{
    return !row.testing && admin::lacksModels(row.overview.health, !row.channel.models.isEmpty());
}

Column<Row> healthColumn()
{
    return {
        .traits = {.key = u"status"_s,
                   .title = [] { return ChannelColumns::tr("Health"); },
                   .width = 122},
        .cell =
            [](const Row &row) {
                Cell cell = ChannelColumns::healthCell(row);
                const auto left = ChannelColumns::left(row, QDateTime::currentDateTime());
                if (left && !lacksModels(row))
                    cell.text = HealthText::word(shownHealth(row), *left);
                cell.toolTip = ChannelColumns::reasonText(row);
                return cell;
            },
        .sort = [](const Row &row) { return QVariant(static_cast<int>(row.overview.health)); },
        .words =
            [](const Row &row) {
                if (lacksModels(row))
                    return inBothLanguages(ChannelColumns::healthCell(row).text, u"No models"_s);
                const domain::Health health = row.overview.health;
                return inBothLanguages(HealthText::word(health), HealthText::englishWord(health));
            }};
}

Column<Row> createdColumn()
{
    return {.traits = {.key = u"created"_s,
                       .title = [] { return ChannelColumns::tr("Created"); },
                       .kind = ColumnKind::Moment,
                       .width = 100,
                       .hidden = true,
                       .alignment = Qt::AlignLeft | Qt::AlignVCenter},
            .cell =
                [](const Row &row) {
                    if (row.channel.createdAt <= 0)
                        return Cell::absent(ChannelColumns::tr("not known"));
                    const QDateTime at = QDateTime::fromSecsSinceEpoch(row.channel.createdAt);
                    return Cell{.text = Format::moment(at, QDateTime::currentDateTime()),
                                .toolTip = Format::full(at)};
                },
            .sort =
                [](const Row &row) {
                    return row.channel.createdAt > 0 ? QVariant(row.channel.createdAt * 1000)
                                                     : QVariant();
                }};
}

Column<Row> stripColumn()
{
    return {.traits = {.key = u"strip"_s,
                       .title = [] { return ChannelColumns::tr("Last 60 min"); },
                       .width = 136,
                       .sortable = false,
                       .filterable = false},
            .cell =
                [](const Row &row) {
                    const QString summary =
                        HeatText::summary(ChannelColumns::stripOf(row.overview));
                    return Cell{.accessible = summary};
                },
            .other =
                [](const Row &row, int role) {
                    return role == ChannelColumns::stripRole
                               ? QVariant::fromValue(ChannelColumns::stripOf(row.overview))
                               : QVariant();
                }};
}

Column<Row> numberColumn(const QString &key,
                         std::function<QString()> title,
                         int width,
                         std::function<Cell(const Row &)> cell,
                         std::function<QVariant(const Row &)> sort)
{
    return {.traits = {.key = key,
                       .title = std::move(title),
                       .kind = ColumnKind::Number,
                       .width = width},
            .cell = std::move(cell),
            .sort = std::move(sort)};
}

Column<Row> textColumn(const QString &key,
                       std::function<QString()> title,
                       int width,
                       bool hidden,
                       std::function<QString(const Row &)> text)
{
    return {.traits = {.key = key, .title = std::move(title), .width = width, .hidden = hidden},
            .cell = [text](const Row &row) {
                const QString shown = text(row);
                return shown.isEmpty() ? Cell::absent() : Cell::of(shown);
            }};
}

void addFigures(std::vector<Column<Row>> &columns)
{
    columns.push_back(numberColumn(
        u"ttft"_s,
        [] { return ChannelColumns::tr("TTFT p50"); },
        76,
        [](const Row &row) {
            return row.overview.firstByteMedian
                       ? Cell::of(Format::duration(milliseconds(*row.overview.firstByteMedian)))
                       : Cell::absent(ChannelColumns::tr("no request"));
        },
        [](const Row &row) {
            return row.overview.firstByteMedian ? QVariant(*row.overview.firstByteMedian)
                                                : QVariant();
        }));
    columns.push_back(numberColumn(
        u"success"_s,
        [] { return ChannelColumns::tr("Success"); },
        70,
        [](const Row &row) {
            const std::optional<double> share = row.overview.successShare();
            if (!share)
                return Cell::absent(ChannelColumns::tr("no request"));
            return Cell{.text = Format::percent(*share),
                        .toolTip =
                            ChannelColumns::tr("%1 of %2 attempts within 24 hours failed. A click "
                                               "shows their requests.")
                                .arg(Format::count(row.overview.day.faults()),
                                     Format::count(row.overview.attempts()))};
        },
        [](const Row &row) {
            const std::optional<double> share = row.overview.successShare();
            return share ? QVariant(*share * 100) : QVariant();
        }));
    columns.push_back(numberColumn(
        u"cost"_s,
        [] { return ChannelColumns::tr("Cost 24 h"); },
        78,
        [](const Row &row) {
            const domain::ProviderType *type = domain::providerType(row.channel.type);
            if (type && type->local && row.overview.day.cost.nanoDollars == 0)
                return Cell{.text = ChannelColumns::tr("free"), .secondary = true};
            return Cell::of(Format::money(row.overview.day.cost));
        },
        [](const Row &row) {
            return QVariant(static_cast<double>(row.overview.day.cost.nanoDollars) / 1e9);
        }));
    columns.push_back(numberColumn(
        u"balance"_s,
        [] { return ChannelColumns::tr("Balance"); },
        80,
        [](const Row &row) { return balanceCell(row); },
        [](const Row &row) {
            return row.channel.balanceAt > 0 && row.balanceInDollars
                       ? QVariant(*row.balanceInDollars)
                       : QVariant();
        }));
    columns.push_back({.traits = {.key = u"tested"_s,
                                  .title = [] { return ChannelColumns::tr("Last test"); },
                                  .kind = ColumnKind::Moment,
                                  .width = 118,
                                  .alignment = Qt::AlignLeft | Qt::AlignVCenter},
                       .cell = testCell,
                       .sort = [](const Row &row) {
                           return row.channel.testedAt > 0 ? QVariant(row.channel.testedAt * 1000)
                                                           : QVariant();
                       }});
}

} // namespace

HeatStrip ChannelColumns::stripOf(const admin::ChannelOverview &overview)
{
    HeatStrip strip;
    for (const admin::HeatCell &cell : overview.strip) {
        strip.cells.append(
            {.success = cell.attempts > 0 ? static_cast<double>(cell.ok) / cell.attempts : -1.0,
             .open = cell.breakerOpen,
             .start = cell.start,
             .attempts = cell.attempts});
    }
    return strip;
}

QString ChannelColumns::typeText(int type)
{
    const domain::ProviderType *known = domain::providerType(type);
    return known ? QString::fromUtf8(known->name) : tr("type %1").arg(type);
}

std::optional<std::chrono::seconds> ChannelColumns::left(const ChannelRow &row,
                                                         const QDateTime &now)
{
    if (row.overview.until <= 0)
        return std::nullopt;
    const qint64 left = (row.overview.until - now.toMSecsSinceEpoch() + 999) / 1000;
    return left > 0 ? std::optional(std::chrono::seconds(left)) : std::nullopt;
}

Cell ChannelColumns::healthCell(const ChannelRow &row)
{
    if (lacksModels(row))
        return {.text = tr("No models"), .glyph = Glyph::Dashed, .tone = Tone::Caution};
    return Cell::health(shownHealth(row));
}

QString ChannelColumns::reasonText(const ChannelRow &row)
{
    using Kind = admin::HealthReason::Kind;
    const admin::HealthReason &reason = row.overview.reason;
    switch (reason.kind) {
    case Kind::None:
        if (lacksModels(row))
            return tr("No model is entered for it, so that it serves no request.");
        return row.testing ? tr("A test is under way.") : tr("All is well.");
    case Kind::FailureShare:
        return tr("%1 of %2 attempts of the last ten minutes failed. It still serves.")
            .arg(reason.failed)
            .arg(reason.requests);
    case Kind::FailuresInARow:
        return tr("%n attempts in a row failed. It still serves.", nullptr, reason.failed);
    case Kind::RateLimited:
        return tr("The provider asked for a rest. Others serve meanwhile.");
    case Kind::Breaker:
        return tr("Paused after %n failures in a row; it is tried again by itself.",
                  nullptr,
                  reason.failed);
    case Kind::Probe:
        return tr("The pause is over: one request is let through to see whether it works again.");
    case Kind::TestRunning:
        return tr("A test is under way.");
    case Kind::KeysRefused:
        return tr("The provider refused %1 of %2 keys. New keys are needed.")
            .arg(reason.failed)
            .arg(reason.requests);
    case Kind::OutOfCredit:
        return tr("The account of %1 of %2 keys is out of credit.")
            .arg(reason.failed)
            .arg(reason.requests);
    case Kind::NoUsableKey:
        return tr("All of its keys are switched off.");
    case Kind::DisabledByHand:
        return row.keysLost ? tr("Switched off by the restore: its keys are lost.")
                            : tr("Switched off by a person.");
    case Kind::DisabledByMachine:
        return reason.text.isEmpty() ? tr("Switched off automatically.")
                                     : admin::shownReason(reason.text).translated();
    }
    return {};
}

std::vector<Column<ChannelRow>> ChannelColumns::columns()
{
    std::vector<Column<Row>> columns;
    columns.push_back(healthColumn());
    columns.push_back(enabledColumn<Row>([](const Row &row) { return row.channel.isEnabled(); }));
    columns.push_back({.traits = {.key = u"name"_s,
                                  .title = [] { return tr("Name"); },
                                  .width = 170,
                                  .stretch = true,
                                  .least = 120},
                       .cell =
                           [](const Row &row) {
                               return Cell::named(row.channel.name, providerTile(row.channel.type));
                           },
                       .sort = [](const Row &row) { return QVariant(row.channel.name); },
                       .words = [](const Row &row) { return QStringList{row.channel.name}; },
                       .edit = [](const Row &row) { return QVariant(row.channel.name); }});
    columns.push_back(textColumn(
        u"type"_s,
        [] { return tr("Type"); },
        110,
        true,
        [](const Row &row) { return typeText(row.channel.type); }));
    columns.push_back({.traits = {.key = u"model"_s,
                                  .title = [] { return tr("Models"); },
                                  .kind = ColumnKind::Number,
                                  .width = 60,
                                  .named = true},
                       .cell =
                           [](const Row &row) {
                               return Cell{.text = Format::count(row.channel.models.size()),
                                           .toolTip = row.channel.models.mid(0, 40).join(u'\n')};
                           },
                       .sort = [](const Row &row) { return QVariant(row.channel.models.size()); },
                       .words = [](const Row &row) { return row.channel.models; }});
    columns.push_back(numberColumn(
        u"priority"_s,
        [] { return tr("Prio"); },
        56,
        [](const Row &row) { return Cell::of(QString::number(row.channel.priority)); },
        [](const Row &row) { return QVariant(row.channel.priority); }));
    columns.back().edit = [](const Row &row) {
        return QVariant(QString::number(row.channel.priority));
    };
    columns.push_back(numberColumn(
        u"weight"_s,
        [] { return tr("Weight"); },
        62,
        [](const Row &row) { return Cell::of(QString::number(row.channel.weight)); },
        [](const Row &row) { return QVariant(row.channel.weight); }));
    columns.back().edit = [](const Row &row) {
        return QVariant(QString::number(row.channel.weight));
    };
    columns.push_back(stripColumn());
    addFigures(columns);
    columns.push_back(
        {.traits =
             {.key = u"group"_s, .title = [] { return tr("Groups"); }, .width = 100, .spare = true},
         .cell = [](const Row &row) { return Cell::of(row.channel.groups.join(u", "_s)); },
         .words = [](const Row &row) { return row.channel.groups; },
         .edit = [](const Row &row) { return QVariant(row.channel.groups.join(u", "_s)); }});
    columns.push_back({.traits = {.key = u"tag"_s,
                                  .title = [] { return tr("Tags"); },
                                  .width = 110,
                                  .spare = true},
                       .cell = [](const Row &row) { return Cell::tagged(row.channel.tags); },
                       .words = [](const Row &row) { return row.channel.tags; }});
    columns.push_back(textColumn(
        u"note"_s,
        [] { return tr("Note"); },
        140,
        false,
        [](const Row &row) { return row.channel.note.section(u'\n', 0, 0); }));
    columns.back().traits.spare = true;
    columns.push_back(textColumn(
        u"url"_s,
        [] { return tr("Base URL"); },
        180,
        true,
        [](const Row &row) { return row.channel.effectiveBaseUrl(); }));
    columns.push_back(textColumn(
        u"proxy"_s,
        [] { return tr("Proxy"); },
        120,
        true,
        [](const Row &row) {
            return row.channel.proxy == domain::noProxy
                       ? tr("None")
                       : QUrl(row.channel.proxy).toString(QUrl::RemoveUserInfo);
        }));
    columns.push_back(numberColumn(
        u"keys"_s,
        [] { return tr("Keys"); },
        64,
        [](const Row &row) {
            return Cell::of(tr("%1 / %2").arg(row.overview.usableKeys).arg(row.overview.keys));
        },
        [](const Row &row) { return QVariant(row.overview.usableKeys); }));
    columns.back().traits.hidden = true;
    columns.push_back(createdColumn());
    columns.push_back(numberColumn(
        u"id"_s,
        [] { return tr("ID"); },
        50,
        [](const Row &row) { return Cell::of(QString::number(row.channel.id.value)); },
        [](const Row &row) { return QVariant(row.channel.id.value); }));
    columns.back().traits.hidden = true;
    return columns;
}

} // namespace gatehouse::ui
