#include "domain/token.h"
#include "commands/budgetoptions.h"
#include "commands/resource.h"
#include "domain/addressrange.h"
#include "secrets/tokenkey.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

const QString balanceOfToken = u"remain_quota"_s;
const QString keyMember = u"key"_s;
constexpr qint64 largestTokenLimit = 1'000'000'000;

Result<> putExpiry(const QString &value, QJsonObject &body)
{
    const Result<qint64> moment = momentFrom(value);
    if (!moment)
        return fail(moment.error());
    if (*moment >= 0 && *moment <= QDateTime::currentSecsSinceEpoch())
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(u"%1 is over already."_s.arg(value)));
    body.insert(u"expired_time"_s, *moment);
    return {};
}

Result<> putNetworks(const QString &value, QJsonObject &body)
{
    const auto ranges = domain::addressRangesFrom(value);
    if (!ranges)
        return fail(ranges.error());
    body.insert(u"subnet"_s, value);
    return {};
}

const QString membersOfToken = u"id user_id key status name created_time accessed_time "
                               "expired_time remain_quota unlimited_quota used_quota models "
                               "model_limits model_limits_enabled subnet allow_ips "
                               "requests_per_minute tokens_per_minute concurrent_requests "
                               "budget_period budget_limit budget_reset_time budget_warning"_s;

std::vector<Field> tokenFields()
{
    const auto limit = [](const QString &option, const QString &member, const QString &help) {
        return wholeField({.name = option, .value = u"N"_s, .help = help + u"; 0: no limit"_s},
                          member,
                          0,
                          largestTokenLimit);
    };
    std::vector<Field> fields{
        textField({.name = u"--name"_s, .value = u"NAME"_s, .help = u"another name"_s},
                  u"name"_s,
                  Empty::Refused)};
    const std::vector<Field> budget = budgetFields(true);
    fields.insert(fields.end(), budget.begin(), budget.end());
    fields.push_back({{.name = u"--expires"_s,
                       .value = u"WHEN"_s,
                       .help = u"the last day, such as 2026-12-31, a time, such as\n"
                               "2026-12-31T18:00, or never"_s},
                      putExpiry});
    fields.push_back(textField({.name = u"--models"_s,
                                .value = u"MODELS"_s,
                                .help = u"separated by commas; empty: all of its owner's group"_s},
                               u"models"_s,
                               Empty::Allowed));
    fields.push_back(
        {{.name = u"--networks"_s,
          .value = u"RANGES"_s,
          .help = u"from where it may be used, such as 192.168.0.0/16, separated by commas;\n"
                  "empty: from anywhere"_s},
         putNetworks});
    fields.push_back(limit(u"--rpm"_s, u"requests_per_minute"_s, u"requests a minute"_s));
    fields.push_back(limit(u"--tpm"_s, u"tokens_per_minute"_s, u"tokens a minute"_s));
    fields.push_back(
        limit(u"--concurrency"_s, u"concurrent_requests"_s, u"requests at one time"_s));
    return fields;
}

Result<> completeToken(const Arguments &, QJsonObject &body)
{
    const bool isLimited = body.contains(u"--budget"_s) || body.contains(balanceOfToken)
                           || body.contains(u"budget_limit"_s) || body.contains(u"budget_period"_s);
    if (!isLimited && !body.contains(u"unlimited_quota"_s))
        body.insert(u"unlimited_quota"_s, true);
    return completeBudget(body, balanceOfToken);
}

Result<Rows> changesOfToken(QJsonObject body, const QJsonObject &row)
{
    const Result<bool> endsPeriod = changeBudgetOf(row, body, balanceOfToken);
    if (!endsPeriod)
        return fail(endsPeriod.error());
    if (!*endsPeriod)
        return Rows{body};
    // The end of a period decides on the balance, which follows once all else is accepted.
    const QJsonObject left{{balanceOfToken, body.take(balanceOfToken)}};
    body.insert(u"budget_period"_s, u"once"_s);
    body.insert(u"budget_limit"_s, 0);
    return Rows{body, left};
}

// The key is shown when it is made, and not again.
QJsonObject shownToken(QJsonObject row)
{
    const QString key = row.value(keyMember).toString();
    if (!key.contains(u'…'))
        row.insert(keyMember, secrets::maskedKey(base::Secret(key)));
    return row;
}

QString tokenStatusText(int status)
{
    constexpr int expired = int(domain::TokenStatus::Expired);
    constexpr int exhausted = int(domain::TokenStatus::Exhausted);
    return status == expired     ? u"expired"_s
           : status == exhausted ? u"used up"_s
                                 : enabledText(status);
}

QString textOfTokens(const Rows &tokens)
{
    Table table({{u"ID"_s, Table::Align::Right},
                 {u"STATUS"_s},
                 {u"LEFT"_s, Table::Align::Right},
                 {u"BUDGET"_s},
                 {u"SPENT"_s, Table::Align::Right},
                 {u"EXPIRES"_s},
                 {u"NAME"_s}});
    for (const QJsonObject &token : tokens) {
        table.add({QString::number(token.value(u"id"_s).toInteger()),
                   tokenStatusText(token.value(u"status"_s).toInt()),
                   leftText(token, balanceOfToken),
                   budgetText(token),
                   dollarsText({token.value(u"used_quota"_s).toInteger()}),
                   momentText(token.value(u"expired_time"_s).toInteger()),
                   token.value(u"name"_s).toString()});
    }
    return table.text();
}

QString listOrText(const QString &list, const QString &none)
{
    return list.isEmpty() ? none : QString(list).replace(u',', u", "_s);
}

Facts factsOfToken(const QJsonObject &token)
{
    const auto number = [&](const QString &member) { return token.value(member).toInteger(); };
    const auto limit = [&](const QString &member) -> QString {
        return number(member) > 0 ? QString::number(number(member)) : u"no limit"_s;
    };
    const qint64 resetsAt = number(u"budget_reset_time"_s);
    return {{u"ID"_s, QString::number(number(u"id"_s))},
            {u"Name"_s, token.value(u"name"_s).toString()},
            {u"Status"_s, tokenStatusText(token.value(u"status"_s).toInt())},
            {u"Key"_s, u"sk-"_s + token.value(keyMember).toString()},
            {u"Left"_s, leftText(token, balanceOfToken)},
            {u"Budget"_s, budgetText(token)},
            {u"Begins anew"_s, resetsAt > 0 ? momentText(resetsAt) : QString()},
            {u"Spent"_s, dollarsText({number(u"used_quota"_s)})},
            {u"Expires"_s, momentText(number(u"expired_time"_s))},
            {u"Models"_s, listOrText(token.value(u"models"_s).toString(), u"all"_s)},
            {u"Networks"_s, listOrText(token.value(u"subnet"_s).toString(), u"any"_s)},
            {u"Requests a minute"_s, limit(u"requests_per_minute"_s)},
            {u"Tokens a minute"_s, limit(u"tokens_per_minute"_s)},
            {u"Requests at one time"_s, limit(u"concurrent_requests"_s)},
            {u"Made"_s, momentText(number(u"created_time"_s))},
            {u"Last used"_s, momentText(number(u"accessed_time"_s))}};
}

// The key alone on standard output, for scripts to take.
void announceToken(const QJsonObject &row)
{
    printErrorLine(u"Added token \"%1\" (%2). This is its key, which is shown this once:"_s.arg(
        plainLine(row.value(u"name"_s).toString()),
        QString::number(row.value(u"id"_s).toInteger())));
    printLine(u"sk-"_s + row.value(keyMember).toString());
}

const Resource &tokenResource()
{
    static const Resource resource{.noun = u"token"_s,
                                   .path = "/api/token",
                                   .fields = tokenFields(),
                                   .members = membersOfToken.split(u' '),
                                   .complete = completeToken,
                                   .changes = changesOfToken,
                                   .shown = shownToken,
                                   .table = textOfTokens,
                                   .facts = factsOfToken,
                                   .announce = announceToken,
                                   .switchQuery = "?status_only=true"};
    return resource;
}

} // namespace

CommandDescription tokenCommand()
{
    return commandOf(
        u"token"_s,
        u"root's keys for programs that ask the gateway"_s,
        actionsOf(tokenResource()),
        u"A TOKEN is named by its ID or its name, or by id:5 or name:5 where 5 is both. They are\n"
        "those of root; those of other users are managed in the window, or by their owners.\n"
        "\"token create\" prints the key on standard output, this once. Without --budget a new\n"
        "token has no limit but root's balance.\n\n"_s
            + workersHelp(u",\n8 some of several failed"_s));
}

} // namespace gatehouse::app
