#include "tokens/tokencolumns.h"

#include "domain/networks.h"
#include "widgets/budgettext.h"
#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qint64 soonDays = 7;

double usedShare(const domain::Token &token)
{
    return domain::usedShare(token.budget, token.used, token.balance);
}

QString limitsText(const domain::Token &token)
{
    QStringList limits;
    if (token.requestsPerMinute > 0)
        limits.append(TokenColumns::tr("%1 req/min").arg(token.requestsPerMinute));
    if (token.tokensPerMinute > 0)
        limits.append(TokenColumns::tr("%1 tok/min").arg(Format::tokens(token.tokensPerMinute)));
    if (token.concurrentRequests > 0)
        limits.append(TokenColumns::tr("%1 at a time").arg(token.concurrentRequests));
    return limits.join(u" · "_s);
}

Column<admin::TokenListing> expiryColumn()
{
    using Row = admin::TokenListing;
    return {.traits = {.key = u"expires"_s,
                       .title = [] { return TokenColumns::tr("Expires"); },
                       .kind = ColumnKind::Moment,
                       .width = 92},
            .cell =
                [](const Row &row) {
                    const QDateTime now = QDateTime::currentDateTime();
                    Cell cell = Cell::of(expiryText(row.token, now));
                    if (row.token.expiresAt < 0) {
                        cell.secondary = true;
                        return cell;
                    }
                    const QDateTime at = QDateTime::fromSecsSinceEpoch(row.token.expiresAt);
                    cell.toolTip = Format::full(at);
                    if (at > now && now.daysTo(at) < soonDays)
                        cell.tone = Tone::Caution;
                    return cell;
                },
            .sort =
                [](const Row &row) {
                    return row.token.expiresAt >= 0 ? QVariant(row.token.expiresAt * 1000)
                                                    : QVariant();
                }};
}

// "Claude Code, 192.168.1.20", as far as it is known.
QString lastUseText(const admin::TokenListing &row)
{
    QStringList parts{row.lastClient, row.lastAddress};
    parts.removeAll(QString());
    return parts.join(TokenColumns::tr(", "));
}

Column<admin::TokenListing> usedColumn()
{
    using Row = admin::TokenListing;
    return {.traits = {.key = u"used"_s,
                       .title = [] { return TokenColumns::tr("Last used"); },
                       .kind = ColumnKind::Moment,
                       .width = 196},
            .cell =
                [](const Row &row) {
                    if (row.token.accessedAt <= row.token.createdAt)
                        return Cell{.text = TokenColumns::tr("never"), .secondary = true};
                    const QDateTime at = QDateTime::fromSecsSinceEpoch(row.token.accessedAt);
                    const QString from = lastUseText(row);
                    return Cell{.text = Format::moment(at, QDateTime::currentDateTime()),
                                .suffix = from,
                                .toolTip = from.isEmpty() ? Format::full(at)
                                                          : TokenColumns::tr("%1, %2").arg(
                                                              Format::full(at), from)};
                },
            .sort =
                [](const Row &row) {
                    return row.token.accessedAt > row.token.createdAt
                               ? QVariant(row.token.accessedAt * 1000)
                               : QVariant();
                }};
}

Column<admin::TokenListing> budgetColumn()
{
    using Row = admin::TokenListing;
    return {
        .traits = {.key = u"budget"_s,
                   .title = [] { return TokenColumns::tr("Budget"); },
                   .kind = ColumnKind::Number,
                   .width = 190,
                   .room = &BudgetBarDelegate::usualWidth,
                   .explanation = [] { return TokenColumns::tr("Spent and given, in dollars"); },
                   .alignment = Qt::AlignLeft | Qt::AlignVCenter},
        .cell =
            [](const Row &row) {
                const domain::Token &token = row.token;
                const Budget budget = budgetOf(token);
                return Cell{.text = budget.amounts,
                            .suffix = budget.period,
                            .toolTip =
                                token.unlimited
                                    ? BudgetText::reset(token.budget, token.balance)
                                    : BudgetText::toolTip(token.budget, token.used, token.balance)};
            },
        .sort =
            [](const Row &row) {
                return row.token.unlimited ? QVariant()
                                           : QVariant(static_cast<double>(row.token.balance.units)
                                                      / domain::Quota::perDollar);
            },
        .other =
            [](const Row &row, int role) {
                return role == TokenColumns::budgetRole ? QVariant::fromValue(budgetOf(row.token))
                                                        : QVariant();
            }};
}

Column<admin::TokenListing> leftColumn()
{
    using Row = admin::TokenListing;
    return {.traits = {.key = u"left"_s,
                       .title = [] { return TokenColumns::tr("Left"); },
                       .kind = ColumnKind::Number,
                       .width = 96,
                       .hidden = true},
            .cell =
                [](const Row &row) {
                    return row.token.unlimited
                               ? Cell::absent(TokenColumns::tr("no limit"))
                               : Cell{.text = Format::money(row.token.balance),
                                      .brief = Format::shortMoney(row.token.balance)};
                },
            .sort =
                [](const Row &row) {
                    return row.token.unlimited
                               ? QVariant()
                               : QVariant(static_cast<double>(row.token.balance.units)
                                          / domain::Quota::perDollar);
                },
            .edit =
                [](const Row &row) {
                    return QVariant(row.token.unlimited ? QString()
                                                        : BudgetText::edited(row.token.balance));
                }};
}

// While the former key is valid still, that is said, and whether it is in use.
Cell keyCell(const admin::TokenListing &row)
{
    Cell cell{.text = row.maskedKey, .secondary = true, .fixed = true};
    if (!isInGrace(row.token))
        return cell;
    cell.glyph = Glyph::Hourglass;
    cell.tone = Tone::Caution;
    cell.plain = true;
    cell.toolTip = formerKeyText(row.token);
    if (const QString users = formerUsersText(row); !users.isEmpty())
        cell.toolTip += u'\n' % users;
    cell.accessible = TokenColumns::tr("%1. %2").arg(cell.text, cell.toolTip);
    return cell;
}

bool isFormerKeyUsed(const domain::Token &token)
{
    return token.formerUsedAt > 0 && isInGrace(token);
}

// While programs use the former key of an active token, that takes the place of the word.
Cell shownStateCell(const admin::TokenListing &row, const QDateTime &now)
{
    if (stateOf(row.token, now) != TokenState::Active || !isFormerKeyUsed(row.token))
        return TokenColumns::stateCell(row.token, now);
    Cell cell{.text = TokenColumns::tr("Old key used"),
              .toolTip = formerKeyText(row.token),
              .glyph = Glyph::Hourglass,
              .tone = Tone::Caution};
    if (const QString users = formerUsersText(row); !users.isEmpty())
        cell.toolTip += u'\n' % users;
    return cell;
}

QString englishWord(TokenState state)
{
    switch (state) {
    case TokenState::Active:
        return u"Active"_s;
    case TokenState::NearlyUsed:
        return u"nearly used"_s;
    case TokenState::UsedUp:
        return u"Used up"_s;
    case TokenState::Expired:
        return u"Expired"_s;
    case TokenState::Disabled:
        break;
    }
    return u"Disabled"_s;
}

} // namespace

TokenState stateOf(const domain::Token &token, const QDateTime &now)
{
    if (token.status == domain::TokenStatus::Disabled)
        return TokenState::Disabled;
    const bool late = token.expiresAt >= 0 && token.expiresAt <= now.toSecsSinceEpoch();
    if (token.status == domain::TokenStatus::Expired || late)
        return TokenState::Expired;
    if (token.unlimited)
        return TokenState::Active;
    if (token.status == domain::TokenStatus::Exhausted || token.balance.units <= 0)
        return TokenState::UsedUp;
    return domain::isNearlyUsed(token.budget, token.used, token.balance) ? TokenState::NearlyUsed
                                                                         : TokenState::Active;
}

Budget budgetOf(const domain::Token &token)
{
    if (token.unlimited) {
        return {.amounts = Format::money(token.used),
                .period = TokenColumns::tr("no limit"),
                .limited = false,
                .brief = Format::shortMoney(token.used)};
    }
    Budget budget = budgetOf(token.budget,
                             token.used,
                             token.balance,
                             BudgetText::amounts(token.budget, token.used, token.balance),
                             BudgetText::period(token.budget, token.balance));
    budget.brief = BudgetText::briefAmounts(token.budget, token.used, token.balance);
    return budget;
}

QString modelsText(const domain::Token &token)
{
    if (token.models.isEmpty())
        return TokenColumns::tr("all");
    if (token.models.size() == 1)
        return token.models.front();
    return TokenColumns::tr("%n models", nullptr, static_cast<int>(token.models.size()));
}

QString rangesText(const QList<domain::AddressRange> &ranges)
{
    QStringList texts;
    for (const domain::AddressRange &range : ranges)
        texts.append(u"%1/%2"_s.arg(range.base.toString()).arg(range.prefixLength));
    return texts.join(u", "_s);
}

QString networksText(const domain::Token &token)
{
    if (token.addressRanges.isEmpty())
        return TokenColumns::tr("anywhere");
    if (token.addressRanges == domain::thisComputerRanges())
        return TokenColumns::tr("this computer");
    if (token.addressRanges == domain::localNetworkRanges())
        return TokenColumns::tr("this computer and the local network");
    return rangesText(token.addressRanges);
}

QString expiryText(const domain::Token &token, const QDateTime &now)
{
    if (token.expiresAt < 0)
        return TokenColumns::tr("no expiry");
    const QDateTime at = QDateTime::fromSecsSinceEpoch(token.expiresAt);
    const qint64 days = now.daysTo(at);
    return at <= now || days < soonDays ? Format::relative(at, now) : Format::moment(at, now);
}

QString formerUsersText(const admin::TokenListing &row)
{
    const QDateTime now = QDateTime::currentDateTime();
    QStringList lines;
    for (const domain::FormerKeyUse &use : row.formerUses) {
        const QString when = Format::relative(QDateTime::fromSecsSinceEpoch(use.usedAt), now);
        lines.append(use.client.isEmpty()
                         ? TokenColumns::tr("A program at %1, %2").arg(use.address, when)
                         : TokenColumns::tr("%1 at %2, %3").arg(use.client, use.address, when));
    }
    return lines.join(u'\n');
}

QString formerKeyText(const domain::Token &token)
{
    const QString until = Format::full(QDateTime::fromSecsSinceEpoch(token.formerValidUntil));
    if (token.formerUsedAt <= 0) {
        return TokenColumns::tr("The former key is valid until %1; nobody has used it since.")
            .arg(until);
    }
    return TokenColumns::tr("The former key is valid until %1 and was last used %2.")
        .arg(until,
             Format::relative(QDateTime::fromSecsSinceEpoch(token.formerUsedAt),
                              QDateTime::currentDateTime()));
}

bool isInGrace(const domain::Token &token)
{
    return !token.formerKeyHash.isEmpty()
           && token.formerValidUntil > QDateTime::currentSecsSinceEpoch();
}

Cell TokenColumns::stateCell(const domain::Token &token, const QDateTime &now)
{
    switch (stateOf(token, now)) {
    case TokenState::Active:
        return {.text = tr("Active"), .glyph = Glyph::Disc, .tone = Tone::Good, .plain = true};
    case TokenState::NearlyUsed:
        return {.text = tr("%1 used").arg(Format::percent(usedShare(token))),
                .glyph = Glyph::HalfDisc,
                .tone = Tone::Caution};
    case TokenState::UsedUp:
        return {.text = tr("Used up"), .glyph = Glyph::Dollar, .tone = Tone::Action};
    case TokenState::Expired:
        return {.text = tr("Expired"), .glyph = Glyph::Bars, .tone = Tone::Neutral};
    case TokenState::Disabled:
        return {.text = tr("Disabled"), .glyph = Glyph::Bars, .tone = Tone::Neutral};
    }
    return {};
}

std::vector<Column<admin::TokenListing>> TokenColumns::columns()
{
    using Row = admin::TokenListing;
    std::vector<Column<Row>> columns;
    columns.push_back(
        {.traits = {.key = u"status"_s, .title = [] { return tr("State"); }, .width = 106},
         .cell = [](const Row &row) { return shownStateCell(row, QDateTime::currentDateTime()); },
         .words =
             [](const Row &row) {
                 const QDateTime now = QDateTime::currentDateTime();
                 QStringList words = inBothLanguages(stateCell(row.token, now).text,
                                                     englishWord(stateOf(row.token, now)));
                 if (isFormerKeyUsed(row.token))
                     words += inBothLanguages(tr("Old key used"), u"Old key used"_s);
                 return words;
             }});
    columns.push_back({.traits = {.key = u"name"_s,
                                  .title = [] { return tr("Name"); },
                                  .width = 170,
                                  .stretch = true,
                                  .least = 150},
                       .cell = [](const Row &row) { return Cell::of(row.token.name); },
                       .edit = [](const Row &row) { return QVariant(row.token.name); }});
    columns.push_back(
        {.traits = {.key = u"owner"_s, .title = [] { return tr("Owner"); }, .width = 86},
         .cell = [](const Row &row) { return Cell::of(row.owner); }});
    columns.push_back({.traits = {.key = u"key"_s, .title = [] { return tr("Key"); }, .width = 124},
                       .cell = [](const Row &row) { return keyCell(row); }});
    columns.push_back(
        {.traits = {.key = u"model"_s, .title = [] { return tr("Models"); }, .width = 68},
         .cell =
             [](const Row &row) {
                 return Cell{.text = modelsText(row.token),
                             .toolTip = row.token.models.join(u'\n')};
             },
         .words =
             [](const Row &row) {
                 return row.token.models.isEmpty() ? QStringList{modelsText(row.token)}
                                                   : row.token.models;
             }});
    columns.push_back(budgetColumn());
    columns.push_back(leftColumn());
    columns.push_back({.traits = {.key = u"limit"_s,
                                  .title = [] { return tr("Limits"); },
                                  .width = 140,
                                  .hidden = true},
                       .cell = [](const Row &row) {
                           const QString text = limitsText(row.token);
                           return text.isEmpty() ? Cell::absent(tr("no limits")) : Cell::of(text);
                       }});
    columns.push_back(expiryColumn());
    columns.push_back({.traits = {.key = u"network"_s,
                                  .title = [] { return tr("From"); },
                                  .width = 130,
                                  .hidden = true},
                       .cell = [](const Row &row) { return Cell::of(networksText(row.token)); }});
    columns.push_back(usedColumn());
    columns.push_back(
        {.traits = {.key = u"id"_s,
                    .title = [] { return tr("ID"); },
                    .kind = ColumnKind::Number,
                    .width = 56,
                    .hidden = true},
         .cell = [](const Row &row) { return Cell::of(QString::number(row.token.id.value)); },
         .sort = [](const Row &row) { return QVariant(row.token.id.value); }});
    return columns;
}

} // namespace gatehouse::ui
