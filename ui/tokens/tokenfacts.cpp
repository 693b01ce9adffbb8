#include "tokens/tokenfacts.h"

#include "domain/filterquery.h"
#include "widgets/budgettext.h"
#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qsizetype mostModelsTold = 40;
constexpr qsizetype mostUses = 6;
const QString monthTerm = u"since:30d"_s;

QString captureText(domain::TokenCapture capture)
{
    switch (capture) {
    case domain::TokenCapture::Never:
        return TokenFacts::tr("not at all");
    case domain::TokenCapture::All:
        return TokenFacts::tr("always");
    case domain::TokenCapture::BySetting:
        break;
    }
    return TokenFacts::tr("as the setting says");
}

QString allModels(const domain::Token &token)
{
    if (token.models.isEmpty())
        return TokenFacts::tr("all models of the owner’s group");
    const QStringList told = token.models.mid(0, mostModelsTold);
    const auto more = static_cast<int>(token.models.size() - told.size());
    return more > 0 ? TokenFacts::tr("%1 and %n more", nullptr, more).arg(told.join(u", "_s))
                    : Format::list(told);
}

QString requestLimits(const domain::Token &token)
{
    QStringList limits;
    if (token.requestsPerMinute > 0) {
        limits.append(TokenFacts::tr("%n requests a minute", nullptr, token.requestsPerMinute));
    }
    if (token.tokensPerMinute > 0)
        limits.append(
            TokenFacts::tr("%1 tokens a minute").arg(Format::count(token.tokensPerMinute)));
    if (token.concurrentRequests > 0)
        limits.append(TokenFacts::tr("%n at the same time", nullptr, token.concurrentRequests));
    return limits.isEmpty() ? TokenFacts::tr("none") : limits.join(u'\n');
}

QString budgetFacts(const domain::Token &token)
{
    if (token.unlimited)
        return TokenFacts::tr("no limit but the owner’s own balance");
    QStringList lines{BudgetText::amounts(token.budget, token.used, token.balance)};
    if (token.budget.isPeriodic())
        lines.front() = TokenFacts::tr("%1 %2", "amounts, a month")
                            .arg(lines.front(), BudgetText::period(token.budget, token.balance));
    lines.append(TokenFacts::tr("%1 left").arg(Format::money(token.balance)));
    if (token.budget.isPeriodic())
        lines.append(BudgetText::reset(token.budget, token.balance));
    return lines.join(u'\n');
}

// Which programs, from where, and when the last time.
struct Use
{
    QString client{};
    QString address{};
    qint64 at = 0; // milliseconds since 1970, UTC
};

std::vector<Use> distinctUses(const std::vector<admin::TrafficLine> &lines)
{
    std::vector<Use> uses;
    for (const admin::TrafficLine &line : lines) {
        const QString client = QString::fromUtf8(line.record.client);
        const QString address = QString::fromUtf8(line.record.clientAddress);
        const auto known = std::find_if(uses.begin(), uses.end(), [&](const Use &use) {
            return use.client == client && use.address == address;
        });
        if (known == uses.end())
            uses.push_back({.client = client, .address = address, .at = line.record.createdAt});
    }
    return uses;
}

} // namespace

// Names of tokens are not unique.
QString TokenFacts::termsOf(domain::TokenId token, const QString &more)
{
    const QString own = domain::exactTerm(u"token"_s, QString(u'#' % QString::number(token.value)));
    return more.isEmpty() ? own : QString(own % u' ' % more);
}

QList<Fact> TokenFacts::settings(const admin::TokenListing &row, const QDateTime &now)
{
    const domain::Token &token = row.token;
    const Cell state = TokenColumns::stateCell(token, now);
    QList<Fact> facts{{.label = tr("State"), .text = state.text}};
    if (!state.plain)
        facts.front().tone = state.tone;
    facts.append({.label = tr("Budget"), .text = budgetFacts(token)});
    facts.append({.label = tr("Spent so far"), .text = Format::money(token.used)});
    facts.append({.label = tr("Limits"), .text = requestLimits(token)});
    const QDateTime expiry = QDateTime::fromSecsSinceEpoch(token.expiresAt);
    facts.append({.label = tr("Expires"),
                  .text = token.expiresAt < 0 ? expiryText(token, now)
                                              : tr("%1 (%2)").arg(Format::full(expiry),
                                                                  Format::relative(expiry, now))});
    facts.append({.label = tr("Models"), .text = allModels(token)});
    facts.append({.label = tr("Used from"), .text = networksText(token)});
    facts.append({.label = tr("Keep bodies"), .text = captureText(token.capture)});
    facts.append({.label = tr("Group"), .text = QString::fromUtf8(row.group)});
    facts.append({.label = tr("Made"),
                  .text = Format::full(QDateTime::fromSecsSinceEpoch(token.createdAt))});
    return facts;
}

QList<Fact> TokenFacts::month(domain::TokenId token, const admin::Series &series)
{
    domain::TrafficSums sums;
    for (const admin::SeriesBucket &bucket : series.buckets)
        sums += bucket.sums;
    const auto shown = [](qint64 count) {
        return static_cast<int>(std::min<qint64>(count, INT_MAX));
    };
    const qint64 failed = sums.clientErrors + sums.serverErrors;
    QList<Fact> facts;
    facts.append(
        {.label = tr("Requests"),
         .text = {},
         .door = Format::count(sums.requests()),
         .filter = termsOf(token, monthTerm),
         .doorMeaning = tr("Show the %n requests in Traffic", nullptr, shown(sums.requests()))});
    facts.append(
        {.label = tr("Failed"),
         .text = {},
         .door = Format::count(failed),
         .filter = termsOf(token, QString(u"status:error "_s % monthTerm)),
         .doorMeaning = tr("Show the %n failed requests in Traffic", nullptr, shown(failed))});
    facts.append({.label = tr("Cost"), .text = Format::money(sums.cost)});
    facts.append({.label = tr("Tokens"),
                  .text = tr("%1 in, %2 out")
                              .arg(Format::tokens(sums.totalInputTokens()),
                                   Format::tokens(sums.outputTokens))});
    return facts;
}

Sparkline TokenFacts::lineOf(const admin::Series &series)
{
    Sparkline line{.filled = true};
    for (const admin::SeriesBucket &bucket : series.buckets)
        line.values.append(static_cast<double>(bucket.sums.requests()));
    return line;
}

QList<Fact> TokenFacts::uses(const admin::TokenListing &row,
                             const std::vector<admin::TrafficLine> &lines,
                             const QDateTime &now)
{
    QList<Fact> facts;
    for (const Use &use : distinctUses(lines)) {
        if (facts.size() == mostUses)
            break;
        QStringList terms{monthTerm};
        if (!use.address.isEmpty())
            terms.prepend(domain::exactTerm(u"ip"_s, use.address));
        if (!use.client.isEmpty())
            terms.prepend(domain::exactTerm(u"client"_s, use.client));
        const QString who = use.client.isEmpty() ? tr("Unknown program") : use.client;
        facts.append({.label = who,
                      .text = use.address,
                      .door = Format::moment(QDateTime::fromMSecsSinceEpoch(use.at), now),
                      .filter = termsOf(row.token.id, terms.join(u' ')),
                      .doorMeaning = tr("Show the requests of %1 in Traffic").arg(who)});
    }
    if (facts.isEmpty())
        facts.append({.text = tr("Nobody used it in the last 30 days.")});
    if (isInGrace(row.token)) {
        const QString users = formerUsersText(row);
        facts.append({.text = users.isEmpty() ? formerKeyText(row.token)
                                              : QString(formerKeyText(row.token) % u'\n' % users),
                      .tone = Tone::Caution});
    }
    return facts;
}

} // namespace gatehouse::ui
