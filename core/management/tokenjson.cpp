#include "management/tokenjson.h"

#include "admin/people/userstore.h"
#include "base/json.h"
#include "management/budgetjson.h"
#include "secrets/tokenkey.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::fail;
using base::JsonReader;
using base::Result;
using domain::Token;
using domain::TokenStatus;

namespace {

QString rangesText(const QList<domain::AddressRange> &ranges)
{
    QStringList texts;
    for (const domain::AddressRange &range : ranges)
        texts.append(u"%1/%2"_s.arg(range.base.toString()).arg(range.prefixLength));
    return texts.join(u',');
}

// What One API would have stored by now.
TokenStatus shownStatus(const Token &token, qint64 now)
{
    if (token.status != TokenStatus::Enabled)
        return token.status;
    if (token.expiresAt >= 0 && token.expiresAt <= now)
        return TokenStatus::Expired;
    return !token.unlimited && token.balance.units <= 0 ? TokenStatus::Exhausted
                                                        : TokenStatus::Enabled;
}

QStringList listFrom(const QString &text)
{
    QStringList list;
    for (const QString &part : text.split(u',')) {
        if (const QString name = part.trimmed(); !name.isEmpty())
            list.append(name);
    }
    return list;
}

Result<> readModels(const JsonReader &reader, Token &token)
{
    const auto models = reader.string(u"models");
    if (!models)
        return fail(models.error());
    if (*models)
        token.models = listFrom(**models);
    const auto limited = reader.boolean(u"model_limits_enabled");
    const auto limits = reader.string(u"model_limits");
    if (!limited || !limits)
        return fail(limited ? limits.error() : limited.error());
    if (*limited)
        token.models = **limited ? listFrom(limits->value_or(QString())) : QStringList();
    return {};
}

Result<> readAddresses(const JsonReader &reader, Token &token)
{
    for (const QStringView name : {u"subnet", u"allow_ips"}) {
        const auto text = reader.string(name);
        if (!text)
            return fail(text.error());
        if (!*text)
            continue;
        const Result<QList<domain::AddressRange>> ranges = domain::addressRangesFrom(**text);
        if (!ranges)
            return fail(ranges.error());
        token.addressRanges = *ranges;
    }
    return {};
}

Result<> readLimits(const JsonReader &reader, Token &token)
{
    const auto requests = reader.integer(u"requests_per_minute");
    const auto tokens = reader.integer(u"tokens_per_minute");
    const auto concurrent = reader.integer(u"concurrent_requests");
    for (const auto *value : {&requests, &tokens, &concurrent}) {
        if (!*value)
            return fail(value->error());
    }
    constexpr qint64 most = 1'000'000'000;
    for (const qint64 value : {requests->value_or(0), concurrent->value_or(0)}) {
        if (value < 0 || value > most) {
            return fail(
                ErrorCode::InvalidInput,
                base::Message::verbatim(u"A limit must lie between 0 (none) and %1."_s.arg(most)));
        }
    }
    if (*requests)
        token.requestsPerMinute = static_cast<int>(**requests);
    if (*tokens)
        token.tokensPerMinute = **tokens;
    if (*concurrent)
        token.concurrentRequests = static_cast<int>(**concurrent);
    return {};
}

// Where the budget changes, it decides on the balance, and `former` is what it begins with. So it does
// where the balance that came with the token was that of another period.
Result<> readBudgetOf(const JsonReader &reader, Token &token, domain::Quota former, qint64 now)
{
    const auto change = readBudget(reader);
    const auto resetsAt = reader.integer(u"budget_reset_time");
    if (!change)
        return fail(change.error());
    if (!resetsAt)
        return fail(resetsAt.error());
    const domain::Budget wanted = change->appliedTo(token.budget);
    if (Result<> sound = admin::checkBudget(wanted); !sound && !token.unlimited)
        return sound;
    const bool changes = wanted.period != token.budget.period || wanted.limit != token.budget.limit;
    const bool isStale =
        *resetsAt && token.budget.isPeriodic() && **resetsAt != token.budget.resetsAt;
    if (changes || isStale)
        token.balance = former;
    admin::changeBudget(token, wanted, now);
    return {};
}

} // namespace

QJsonObject tokenJson(const Token &token, KeyView view, qint64 now)
{
    const QString key = view == KeyView::Whole ? QString::fromUtf8(token.key.reveal())
                                               : secrets::maskedKey(token.key);
    QJsonObject json{{u"id"_s, token.id.value},
                     {u"user_id"_s, token.userId.value},
                     {u"key"_s, key},
                     {u"status"_s, static_cast<int>(shownStatus(token, now))},
                     {u"name"_s, token.name},
                     {u"created_time"_s, token.createdAt},
                     {u"accessed_time"_s, token.accessedAt},
                     {u"expired_time"_s, token.expiresAt},
                     {u"remain_quota"_s, token.balance.units},
                     {u"unlimited_quota"_s, token.unlimited},
                     {u"used_quota"_s, token.used.units},
                     {u"models"_s, token.models.join(u',')},
                     {u"subnet"_s, rangesText(token.addressRanges)},
                     {u"requests_per_minute"_s, token.requestsPerMinute},
                     {u"tokens_per_minute"_s, token.tokensPerMinute},
                     {u"concurrent_requests"_s, token.concurrentRequests}};
    addBudget(json, token.budget);
    return json;
}

Result<> readToken(const QJsonObject &json, Token &token, qint64 now)
{
    const JsonReader reader(json);
    const auto name = reader.string(u"name");
    const auto expiry = reader.integer(u"expired_time");
    const auto balance = reader.integer(u"remain_quota");
    const auto unlimited = reader.boolean(u"unlimited_quota");
    if (!name)
        return fail(name.error());
    if (!unlimited)
        return fail(unlimited.error());
    for (const auto *number : {&expiry, &balance}) {
        if (!*number)
            return fail(number->error());
    }
    const domain::Quota former = token.balance;
    token.name = name->value_or(token.name);
    token.unlimited = unlimited->value_or(token.unlimited);
    if (*expiry)
        token.expiresAt = **expiry == 0 ? -1 : **expiry;
    if (*balance)
        token.balance.units = **balance;
    // One API's own unlimited tokens carry -1.
    if (token.unlimited && token.balance.units == -1)
        token.balance = {};
    if (Result<> read = readBudgetOf(reader, token, former, now); !read)
        return read;
    return readModels(reader, token)
        .and_then([&] { return readAddresses(reader, token); })
        .and_then([&] { return readLimits(reader, token); });
}

} // namespace gatehouse::management
