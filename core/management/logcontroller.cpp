#include "management/logcontroller.h"

#include "admin/traffic/trafficexport.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::fail;
using base::Result;
using domain::UsageRecord;
using storage::StoredUsage;
using storage::UsageFilter;

namespace {

// One API's members.
QJsonObject plainJson(const StoredUsage &stored)
{
    const UsageRecord &record = stored.record;
    return {{u"id"_s, stored.id},
            {u"user_id"_s, record.userId.value},
            {u"created_at"_s, record.createdAt / 1000},
            {u"type"_s, static_cast<int>(record.kind)},
            {u"content"_s, QString::fromUtf8(record.content)},
            {u"username"_s, QString::fromUtf8(record.username)},
            {u"token_name"_s, QString::fromUtf8(record.tokenName)},
            {u"model_name"_s, QString::fromUtf8(record.model)},
            {u"quota"_s, record.charge.units},
            {u"prompt_tokens"_s, record.usage.input},
            {u"completion_tokens"_s, record.usage.output},
            {u"channel"_s, record.channelId.value},
            {u"request_id"_s, QString::fromUtf8(record.requestId)},
            {u"elapsed_time"_s, record.elapsedMilliseconds},
            {u"is_stream"_s, record.stream},
            {u"system_prompt_reset"_s, false}};
}

QJsonObject sumsJson(const storage::UsageSums &sums)
{
    return {{u"quota"_s, sums.charge.units},
            {u"records"_s, sums.records},
            {u"cost_usd"_s, static_cast<double>(sums.cost.nanoDollars) / 1e9},
            {u"prompt_tokens"_s, sums.inputTokens},
            {u"completion_tokens"_s, sums.outputTokens}};
}

} // namespace

QJsonObject usageJson(const StoredUsage &stored, bool ofSelf)
{
    const UsageRecord &record = stored.record;
    QJsonObject json = plainJson(stored);
    json.insert(u"token_id"_s, record.tokenId.value);
    json.insert(u"group"_s, QString::fromUtf8(record.group));
    json.insert(u"operation"_s, QString::fromUtf8(record.operation));
    json.insert(u"cost_usd"_s, static_cast<double>(record.cost.nanoDollars) / 1e9);
    json.insert(u"cache_read_tokens"_s, record.usage.cacheRead);
    json.insert(u"cache_write_tokens"_s, record.usage.cacheWrite + record.usage.cacheWriteLong);
    json.insert(u"reasoning_tokens"_s, record.usage.reasoning);
    json.insert(u"http_status"_s, record.httpStatus);
    json.insert(u"end_reason"_s, admin::endName(record.end));
    json.insert(u"error_code"_s, QString::fromUtf8(record.errorCode));
    json.insert(u"finish_reason"_s, QString::fromUtf8(record.finishReason));
    json.insert(u"cache"_s, QString::fromLatin1(domain::nameOf(record.cache)));
    json.insert(u"first_byte_time"_s, record.firstByteMilliseconds);
    json.insert(u"unpriced"_s, record.unpriced);
    if (ofSelf) {
        // As in One API: the number would tell of others' requests.
        json.insert(u"id"_s, 0);
        return json;
    }
    json.insert(u"attempts"_s, record.attempts);
    json.insert(u"provider_model"_s, QString::fromUtf8(record.providerModel));
    json.insert(u"channel_key_id"_s, record.channelKeyId);
    json.insert(u"client_address"_s, QString::fromUtf8(record.clientAddress));
    return json;
}

void LogController::addTo(Router &router)
{
    const auto add = [&router](QByteArray method, QByteArray path, Policy policy, Handler handler) {
        router.add({.method = std::move(method),
                    .pattern = std::move(path),
                    .policy = policy,
                    .handler = std::move(handler)});
    };
    const Policy all = Policy::administrator();
    const Policy own = Policy::signedIn();
    add("GET", "/api/log", all, [this](const Call &call) { return list(call, Scope::Everybody); });
    add("GET", "/api/log/search", all, [this](const Call &call) {
        return search(call, Scope::Everybody);
    });
    add("GET", "/api/log/stat", all, [this](const Call &call) {
        return statistics(call, Scope::Everybody);
    });
    add("DELETE", "/api/log", all, [this](const Call &call) { return remove(call); });
    add("GET", "/api/log/self", own, [this](const Call &call) { return list(call, Scope::Self); });
    add("GET", "/api/log/self/search", own, [this](const Call &call) {
        return search(call, Scope::Self);
    });
    add("GET", "/api/log/self/stat", own, [this](const Call &call) {
        return statistics(call, Scope::Self);
    });
}

Result<UsageFilter> LogController::filterFrom(const Call &call, Scope scope) const
{
    const Result<qint64> kind = call.number(u"type"_s);
    const Result<qint64> since = call.time(u"start_timestamp"_s);
    const Result<qint64> until = call.time(u"end_timestamp"_s);
    const Result<qint64> channel = call.number(u"channel"_s);
    for (const auto *number : {&kind, &since, &until, &channel}) {
        if (!*number)
            return fail(number->error());
    }
    UsageFilter filter;
    if (*kind > 0 && *kind <= static_cast<qint64>(domain::RecordKind::Failure))
        filter.kind = static_cast<domain::RecordKind>(*kind);
    filter.since = *since * 1000;
    // The end is meant with its whole second.
    filter.until = *until > 0 ? (*until + 1) * 1000 : 0;
    if (*channel > 0)
        filter.channel = domain::ChannelId{*channel};
    filter.tokenName = call.text(u"token_name"_s);
    filter.model = call.text(u"model_name"_s);
    if (scope == Scope::Self)
        filter.user = call.user.id;
    else
        filter.username = call.text(u"username"_s);
    return filter;
}

Response LogController::list(const Call &call, Scope scope)
{
    const Result<UsageFilter> filter = filterFrom(call, scope);
    if (!filter)
        return responded(filter.error());
    const auto page = call.page();
    if (!page)
        return responded(page.error());
    return respond(m_admin.usage.list(call.actor(), *filter, *page),
                   [scope](const std::vector<StoredUsage> &records) {
                       QJsonArray array;
                       for (const StoredUsage &record : records)
                           array.append(usageJson(record, scope == Scope::Self));
                       return array;
                   });
}

Response LogController::search(const Call &call, Scope scope)
{
    constexpr qint64 most = 100;
    UsageFilter filter;
    filter.keyword = call.text(u"keyword"_s);
    if (scope == Scope::Self)
        filter.user = call.user.id;
    return respond(m_admin.usage.list(call.actor(), filter, {.limit = most}),
                   [scope](const std::vector<StoredUsage> &records) {
                       QJsonArray array;
                       for (const StoredUsage &record : records)
                           array.append(usageJson(record, scope == Scope::Self));
                       return array;
                   });
}

Response LogController::statistics(const Call &call, Scope scope)
{
    Result<UsageFilter> filter = filterFrom(call, scope);
    if (!filter)
        return responded(filter.error());
    filter->kind = domain::RecordKind::Consumption;
    return respond(m_admin.usage.sums(call.actor(), *filter), sumsJson);
}

Response LogController::remove(const Call &call)
{
    const Result<qint64> before = call.time(u"target_timestamp"_s);
    if (!before)
        return responded(before.error());
    if (*before == 0)
        return responded(refusal(u"Name the time in seconds as target_timestamp."_s));
    return respond(m_admin.usage.removeOlder(call.actor(), *before * 1000),
                   [](qint64 removed) { return QJsonValue(removed); });
}

} // namespace gatehouse::management
