#include "users/usercolumns.h"

#include "charts/budgetbar.h"
#include "theme/theme.h"
#include "widgets/budgettext.h"
#include "widgets/format.h"
#include "widgets/table/enabledcolumn.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using UserRow = admin::UserListing;

Budget budgetOf(const domain::User &user)
{
    Budget budget = ui::budgetOf(user.budget,
                                 user.used,
                                 user.balance,
                                 BudgetText::amounts(user.budget, user.used, user.balance),
                                 BudgetText::period(user.budget, user.balance));
    budget.brief = BudgetText::briefAmounts(user.budget, user.used, user.balance);
    return budget;
}

// The accounts of those who run the gateway hold large sums.
int leftRoom(const QFontMetrics &metrics)
{
    constexpr qint64 large = 888'888;
    return metrics.horizontalAdvance(Format::money(domain::Quota{large * domain::Quota::perDollar}))
           + Theme::px(20);
}

QString shownName(const domain::User &user)
{
    return user.displayName.isEmpty() ? user.username : user.displayName;
}

Cell stateCell(const domain::User &user)
{
    if (!user.isEnabled()) {
        return {.text = UserColumns::tr("Disabled"), .glyph = Glyph::Bars, .tone = Tone::Neutral};
    }
    if (user.balance.units <= 0) {
        return {.text = UserColumns::tr("Used up"), .glyph = Glyph::Dollar, .tone = Tone::Action};
    }
    return {
        .text = UserColumns::tr("Active"), .glyph = Glyph::Disc, .tone = Tone::Good, .plain = true};
}

QString englishState(const domain::User &user)
{
    if (!user.isEnabled())
        return u"Disabled"_s;
    return user.balance.units <= 0 ? u"Used up"_s : u"Active"_s;
}

Column<UserRow> balanceColumn()
{
    return {.traits = {.key = u"balance"_s,
                       .title = [] { return UserColumns::tr("Budget"); },
                       .kind = ColumnKind::Number,
                       .width = 210,
                       .room = &BudgetBarDelegate::usualWidth,
                       .alignment = Qt::AlignLeft | Qt::AlignVCenter},
            .cell =
                [](const UserRow &row) {
                    const Budget budget = budgetOf(row.user);
                    return Cell{.text = budget.amounts,
                                .suffix = budget.period,
                                .toolTip = BudgetText::toolTip(
                                    row.user.budget, row.user.used, row.user.balance)};
                },
            .sort =
                [](const UserRow &row) {
                    return QVariant(static_cast<double>(row.user.balance.units)
                                    / domain::Quota::perDollar);
                },
            .other =
                [](const UserRow &row, int role) {
                    return role == UserColumns::budgetRole ? QVariant::fromValue(budgetOf(row.user))
                                                           : QVariant();
                }};
}

Column<UserRow> seenColumn()
{
    return {.traits = {.key = u"seen"_s,
                       .title = [] { return UserColumns::tr("Last seen"); },
                       .kind = ColumnKind::Moment,
                       .width = 82},
            .cell =
                [](const UserRow &row) {
                    if (row.lastSeen <= 0)
                        return Cell{.text = UserColumns::tr("never"), .secondary = true};
                    const QDateTime at = QDateTime::fromSecsSinceEpoch(row.lastSeen);
                    return Cell{.text = Format::moment(at, QDateTime::currentDateTime()),
                                .toolTip = Format::full(at)};
                },
            .sort =
                [](const UserRow &row) {
                    return row.lastSeen > 0 ? QVariant(row.lastSeen * 1000) : QVariant();
                }};
}

} // namespace

QString UserColumns::roleText(domain::Role role)
{
    switch (role) {
    case domain::Role::Guest:
        return tr("Guest");
    case domain::Role::User:
        return tr("User");
    case domain::Role::Administrator:
        return tr("Administrator");
    case domain::Role::Root:
        return tr("Root");
    }
    return {};
}

std::vector<Column<admin::UserListing>> UserColumns::columns()
{
    using Row = UserRow;
    std::vector<Column<Row>> columns;
    columns.push_back(
        {.traits = {.key = u"status"_s, .title = [] { return tr("State"); }, .width = 98},
         .cell = [](const Row &row) { return stateCell(row.user); },
         .words =
             [](const Row &row) {
                 return inBothLanguages(stateCell(row.user).text, englishState(row.user));
             }});
    columns.push_back(enabledColumn<Row>([](const Row &row) { return row.user.isEnabled(); }));
    columns.push_back(
        {.traits = {.key = u"name"_s,
                    .title = [] { return tr("Name"); },
                    .width = 170,
                    .stretch = true,
                    .least = 140},
         .cell =
             [](const Row &row) {
                 Cell cell = Cell::named(shownName(row.user), shownName(row.user));
                 if (!row.user.displayName.isEmpty() && row.user.displayName != row.user.username)
                     cell.suffix = row.user.username;
                 return cell;
             },
         .words =
             [](const Row &row) {
                 return QStringList{row.user.displayName, row.user.username, row.user.email};
             },
         .edit = [](const Row &row) { return QVariant(shownName(row.user)); }});
    columns.push_back({.traits = {.key = u"username"_s,
                                  .title = [] { return tr("User name"); },
                                  .width = 130,
                                  .hidden = true},
                       .cell = [](const Row &row) { return Cell::of(row.user.username); },
                       .edit = [](const Row &row) { return QVariant(row.user.username); }});
    columns.push_back(
        {.traits =
             {.key = u"role"_s, .title = [] { return tr("Role"); }, .width = 110, .spare = true},
         .cell = [](const Row &row) { return Cell::of(roleText(row.user.role)); },
         .sort = [](const Row &row) { return QVariant(static_cast<int>(row.user.role)); }});
    columns.push_back(
        {.traits = {.key = u"group"_s, .title = [] { return tr("Group"); }, .width = 80},
         .cell = [](const Row &row) { return Cell::of(QString::fromUtf8(row.user.group)); },
         .edit = [](const Row &row) { return QVariant(QString::fromUtf8(row.user.group)); }});
    columns.push_back({.traits = {.key = u"tokens"_s,
                                  .title = [] { return tr("Tokens"); },
                                  .kind = ColumnKind::Number,
                                  .width = 62},
                       .cell = [](const Row &row) { return Cell::of(Format::count(row.tokens)); },
                       .sort = [](const Row &row) { return QVariant(row.tokens); }});
    columns.push_back(balanceColumn());
    columns.push_back(
        {.traits = {.key = u"left"_s,
                    .title = [] { return tr("Left"); },
                    .kind = ColumnKind::Number,
                    .width = 96,
                    .room = leftRoom,
                    .explanation = [] { return tr("What may still be spent, in dollars"); }},
         .cell =
             [](const Row &row) {
                 return Cell{.text = Format::money(row.user.balance),
                             .brief = Format::shortMoney(row.user.balance)};
             },
         .sort =
             [](const Row &row) {
                 return QVariant(static_cast<double>(row.user.balance.units)
                                 / domain::Quota::perDollar);
             },
         .edit = [](const Row &row) { return QVariant(BudgetText::edited(row.user.balance)); }});
    columns.push_back({.traits = {.key = u"cost"_s,
                                  .title = [] { return tr("Cost 30 d"); },
                                  .kind = ColumnKind::Number,
                                  .width = 88},
                       .cell =
                           [](const Row &row) {
                               return Cell{.text = Format::money(row.charged30Days),
                                           .brief = Format::shortMoney(row.charged30Days)};
                           },
                       .sort =
                           [](const Row &row) {
                               return QVariant(static_cast<double>(row.charged30Days.units)
                                               / domain::Quota::perDollar);
                           }});
    columns.push_back(seenColumn());
    columns.push_back({.traits = {.key = u"email"_s,
                                  .title = [] { return tr("Email"); },
                                  .width = 150,
                                  .hidden = true},
                       .cell = [](const Row &row) {
                           return row.user.email.isEmpty() ? Cell::absent(tr("none"))
                                                           : Cell::of(row.user.email);
                       }});
    columns.push_back(
        {.traits = {.key = u"id"_s,
                    .title = [] { return tr("ID"); },
                    .kind = ColumnKind::Number,
                    .width = 56,
                    .hidden = true},
         .cell = [](const Row &row) { return Cell::of(QString::number(row.user.id.value)); },
         .sort = [](const Row &row) { return QVariant(row.user.id.value); }});
    return columns;
}

} // namespace gatehouse::ui
