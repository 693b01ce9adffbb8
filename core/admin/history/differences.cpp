#include "admin/history/differences.h"

#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;
using domain::FieldChange;
using domain::FieldChanges;
using domain::ModelPrice;
using domain::ModelRouting;
using domain::Quota;
using domain::Token;
using domain::UnitPrice;
using domain::User;

namespace {

// The longest text that is kept as a value.
constexpr qsizetype longestHistoryText = 2'000;

QJsonValue historyValue(const QString &text)
{
    return text.size() > longestHistoryText ? text.first(longestHistoryText) + u'…' : text;
}

QJsonValue historyValue(const QByteArray &text)
{
    return historyValue(QString::fromUtf8(text));
}

QJsonValue historyValue(const QStringList &texts)
{
    return historyValue(texts.join(u", "_s));
}

QJsonValue historyValue(bool value)
{
    return value;
}

QJsonValue historyValue(int value)
{
    return value;
}

QJsonValue historyValue(qint64 value)
{
    return value;
}

QJsonValue historyValue(Quota value)
{
    return value.units;
}

QJsonValue historyValue(std::chrono::milliseconds value)
{
    return static_cast<qint64>(value.count());
}

QJsonValue historyValue(const QMap<QString, QString> &map)
{
    QStringList lines;
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        lines.append(it.key() + u" → "_s + it.value());
    return historyValue(lines);
}

QJsonValue historyValue(domain::ChannelStatus status)
{
    switch (status) {
    case domain::ChannelStatus::Enabled:
        return u"enabled"_s;
    case domain::ChannelStatus::DisabledAutomatically:
        return u"disabled_automatically"_s;
    case domain::ChannelStatus::DisabledByHand:
        break;
    }
    return u"disabled"_s;
}

QJsonValue historyValue(domain::UserStatus status)
{
    return status == domain::UserStatus::Enabled ? u"enabled"_s : u"disabled"_s;
}

QJsonValue historyValue(domain::TokenStatus status)
{
    switch (status) {
    case domain::TokenStatus::Enabled:
        return u"enabled"_s;
    case domain::TokenStatus::Expired:
        return u"expired"_s;
    case domain::TokenStatus::Exhausted:
        return u"exhausted"_s;
    case domain::TokenStatus::Disabled:
        break;
    }
    return u"disabled"_s;
}

QJsonValue historyValue(domain::Role role)
{
    switch (role) {
    case domain::Role::Root:
        return u"root"_s;
    case domain::Role::Administrator:
        return u"administrator"_s;
    case domain::Role::User:
    case domain::Role::Guest:
        break;
    }
    return u"user"_s;
}

QJsonValue historyValue(domain::BudgetPeriod period)
{
    switch (period) {
    case domain::BudgetPeriod::Day:
        return u"day"_s;
    case domain::BudgetPeriod::Week:
        return u"week"_s;
    case domain::BudgetPeriod::Month:
        return u"month"_s;
    case domain::BudgetPeriod::Once:
        break;
    }
    return u"once"_s;
}

QJsonValue historyValue(domain::TokenCapture capture)
{
    switch (capture) {
    case domain::TokenCapture::Never:
        return u"never"_s;
    case domain::TokenCapture::All:
        return u"all"_s;
    case domain::TokenCapture::BySetting:
        break;
    }
    return u"by_setting"_s;
}

QJsonValue historyValue(const QList<domain::AddressRange> &ranges)
{
    QStringList texts;
    for (const domain::AddressRange &range : ranges)
        texts.append(range.base.toString() + u'/' + QString::number(range.prefixLength));
    return historyValue(texts);
}

QJsonValue historyValue(UnitPrice price)
{
    return price.dollarsPerMillion();
}

template<typename T>
QJsonValue historyValue(const std::optional<T> &value)
{
    return value ? historyValue(*value) : QJsonValue();
}

// Collects the fields that differ.
class FieldComparison
{
public:
    template<typename T>
    void compare(const QString &field, const T &before, const T &after)
    {
        if (before != after)
            add({.field = field, .before = historyValue(before), .after = historyValue(after)});
    }

    template<typename T>
    void compareHidden(const QString &field, const T &before, const T &after)
    {
        if (before != after)
            add({.field = field, .hidden = true});
    }

    // So many of something, unless there are none.
    void count(const QString &field, qint64 number)
    {
        if (number > 0)
            add({.field = field, .after = number});
    }

    void add(FieldChange change) { m_changes.push_back(std::move(change)); }

    FieldChanges taken() { return std::move(m_changes); }

private:
    FieldChanges m_changes{};
};

const ChannelKey *keyWithId(const QList<ChannelKey> &keys, qint64 id)
{
    const auto found = std::find_if(
        keys.cbegin(), keys.cend(), [id](const ChannelKey &key) { return key.id == id; });
    return found == keys.cend() ? nullptr : &*found;
}

void compareKeys(FieldComparison &fields, const Channel &before, const Channel &after)
{
    qint64 added = 0;
    qint64 changed = 0;
    qint64 removed = 0;
    qint64 enabled = 0;
    qint64 disabled = 0;
    for (const ChannelKey &key : after.keys) {
        const ChannelKey *former = keyWithId(before.keys, key.id);
        if (!former)
            ++added;
        else if (!key.secret.isEmpty() && key.secret != former->secret)
            ++changed;
        if (former && key.enabled != former->enabled)
            ++(key.enabled ? enabled : disabled);
    }
    for (const ChannelKey &key : before.keys) {
        if (!keyWithId(after.keys, key.id))
            ++removed;
    }
    fields.count(u"keys_added"_s, added);
    fields.count(u"keys_changed"_s, changed);
    fields.count(u"keys_removed"_s, removed);
    fields.count(u"keys_enabled"_s, enabled);
    fields.count(u"keys_disabled"_s, disabled);
}

// Whatever their names, headers may hold secrets, and are sealed where they are stored.
void compareHeaders(FieldComparison &fields, const Channel &before, const Channel &after)
{
    QStringList names = before.headerOverrides.keys() + after.headerOverrides.keys();
    names.removeDuplicates();
    for (const QString &name : names) {
        fields.compareHidden(u"header:"_s + name,
                             before.headerOverrides.value(name),
                             after.headerOverrides.value(name));
    }
}

// Without the name and password that it may hold.
QString proxyText(const QString &proxy)
{
    return QUrl(proxy).toString(QUrl::RemoveUserInfo);
}

void compareProxies(FieldComparison &fields, const QString &before, const QString &after)
{
    if (before != after && proxyText(before) == proxyText(after))
        fields.add({.field = u"proxy"_s, .hidden = true});
    else
        fields.compare(u"proxy"_s, proxyText(before), proxyText(after));
}

void compareBudgets(FieldComparison &fields,
                    const domain::Budget &before,
                    const domain::Budget &after)
{
    fields.compare(u"budget_period"_s, before.period, after.period);
    fields.compare(u"budget_limit"_s, before.limit, after.limit);
    fields.compare(u"budget_warning"_s, before.warning, after.warning);
}

} // namespace

FieldChanges differences(const Channel &before, const Channel &after)
{
    FieldComparison fields;
    fields.compare(u"name"_s, before.name, after.name);
    fields.compare(u"type"_s, before.type, after.type);
    fields.compare(u"status"_s, before.status, after.status);
    fields.compare(u"base_url"_s, before.baseUrl, after.baseUrl);
    compareKeys(fields, before, after);
    fields.compare(u"models"_s, before.models, after.models);
    fields.compare(u"groups"_s, before.groups, after.groups);
    fields.compare(u"priority"_s, before.priority, after.priority);
    fields.compare(u"weight"_s, before.weight, after.weight);
    fields.compare(u"model_mapping"_s, before.modelMapping, after.modelMapping);
    compareHeaders(fields, before, after);
    fields.compareHidden(u"body_overrides"_s, before.bodyOverrides, after.bodyOverrides);
    fields.compare(u"system_prompt"_s, before.systemPrompt, after.systemPrompt);
    compareProxies(fields, before.proxy, after.proxy);
    fields.compare(u"connect_timeout"_s, before.timeouts.connect, after.timeouts.connect);
    fields.compare(u"first_byte_timeout"_s, before.timeouts.firstByte, after.timeouts.firstByte);
    fields.compare(u"idle_timeout"_s, before.timeouts.idle, after.timeouts.idle);
    fields.compare(u"total_timeout"_s, before.timeouts.total, after.timeouts.total);
    fields.compare(u"concurrent_requests"_s,
                   before.limits.concurrentRequests,
                   after.limits.concurrentRequests);
    fields.compare(
        u"requests_per_minute"_s, before.limits.requestsPerMinute, after.limits.requestsPerMinute);
    fields.compare(
        u"tokens_per_minute"_s, before.limits.tokensPerMinute, after.limits.tokensPerMinute);
    constexpr double million = 1'000'000;
    if (before.priceRatioMillionths != after.priceRatioMillionths) {
        fields.add({.field = u"price_ratio"_s,
                    .before = static_cast<double>(before.priceRatioMillionths) / million,
                    .after = static_cast<double>(after.priceRatioMillionths) / million});
    }
    fields.compare(u"organization"_s, before.organization, after.organization);
    fields.compare(u"api_version"_s, before.apiVersion, after.apiVersion);
    fields.compareHidden(
        u"certificate_authority"_s, before.certificateAuthority, after.certificateAuthority);
    fields.compare(u"verify_certificate"_s, before.verifyCertificate, after.verifyCertificate);
    fields.compare(
        u"allow_private_address"_s, before.allowPrivateAddress, after.allowPrivateAddress);
    fields.compare(u"test_model"_s, before.testModel, after.testModel);
    fields.compare(u"tags"_s, before.tags, after.tags);
    fields.compare(u"note"_s, before.note, after.note);
    fields.compareHidden(u"config"_s, before.config, after.config);
    return fields.taken();
}

FieldChanges differences(const User &before, const User &after)
{
    FieldComparison fields;
    fields.compare(u"username"_s, before.username, after.username);
    fields.compare(u"display_name"_s, before.displayName, after.displayName);
    fields.compare(u"email"_s, before.email, after.email);
    fields.compare(u"role"_s, before.role, after.role);
    fields.compare(u"status"_s, before.status, after.status);
    fields.compare(u"group"_s, before.group, after.group);
    fields.compare(u"balance"_s, before.balance, after.balance);
    compareBudgets(fields, before.budget, after.budget);
    return fields.taken();
}

FieldChanges differences(const Token &before, const Token &after)
{
    FieldComparison fields;
    fields.compare(u"name"_s, before.name, after.name);
    fields.compare(u"status"_s, before.status, after.status);
    fields.compare(u"expires_at"_s, before.expiresAt, after.expiresAt);
    fields.compare(u"unlimited"_s, before.unlimited, after.unlimited);
    fields.compare(u"balance"_s, before.balance, after.balance);
    compareBudgets(fields, before.budget, after.budget);
    fields.compare(u"models"_s, before.models, after.models);
    fields.compare(u"address_ranges"_s, before.addressRanges, after.addressRanges);
    fields.compare(u"requests_per_minute"_s, before.requestsPerMinute, after.requestsPerMinute);
    fields.compare(u"tokens_per_minute"_s, before.tokensPerMinute, after.tokensPerMinute);
    fields.compare(u"concurrent_requests"_s, before.concurrentRequests, after.concurrentRequests);
    fields.compare(u"capture"_s, before.capture, after.capture);
    return fields.taken();
}

FieldChanges differences(const ModelRouting &before, const ModelRouting &after)
{
    const auto strategyOf = [](const ModelRouting &routing) {
        return routing.strategy ? std::optional(domain::strategyName(*routing.strategy))
                                : std::nullopt;
    };
    FieldComparison fields;
    fields.compare(u"strategy"_s, strategyOf(before), strategyOf(after));
    fields.compare(u"affinity"_s, before.affinity, after.affinity);
    return fields.taken();
}

FieldChanges differences(const ModelPrice &before, const ModelPrice &after)
{
    FieldComparison fields;
    const domain::TokenPrices &former = before.tokens;
    const domain::TokenPrices &latter = after.tokens;
    fields.compare(u"input"_s, former.input, latter.input);
    fields.compare(u"output"_s, former.output, latter.output);
    fields.compare(u"cache_read"_s, former.cacheRead, latter.cacheRead);
    fields.compare(u"cache_write"_s, former.cacheWrite, latter.cacheWrite);
    fields.compare(u"cache_write_long"_s, former.cacheWriteLong, latter.cacheWriteLong);
    fields.compare(u"reasoning"_s, former.reasoning, latter.reasoning);
    fields.compare(u"input_audio"_s, former.inputAudio, latter.inputAudio);
    fields.compare(u"output_audio"_s, former.outputAudio, latter.outputAudio);
    const auto compareDollars = [&fields](const QString &field, UnitPrice one, UnitPrice other) {
        if (one != other)
            fields.add({.field = field, .before = one.dollars(), .after = other.dollars()});
    };
    compareDollars(u"per_call"_s, before.perCall, after.perCall);
    compareDollars(u"per_character"_s, before.perCharacter, after.perCharacter);
    if (before.tiers != after.tiers)
        fields.add({.field = u"tiers"_s,
                    .before = static_cast<qint64>(before.tiers.size()),
                    .after = static_cast<qint64>(after.tiers.size())});
    if (before.windows != after.windows)
        fields.add({.field = u"windows"_s,
                    .before = static_cast<qint64>(before.windows.size()),
                    .after = static_cast<qint64>(after.windows.size())});
    if (before.perImage != after.perImage)
        fields.add({.field = u"per_image"_s,
                    .before = before.perImage.size(),
                    .after = after.perImage.size()});
    fields.compare(u"currency"_s, before.currency, after.currency);
    fields.compare(u"effective_from"_s, before.effectiveFrom, after.effectiveFrom);
    return fields.taken();
}

FieldChanges settingChange(const QString &key, const QString &before, const QString &after)
{
    FieldComparison fields;
    // Addresses may hold a name and a password, or a token in their query.
    if (key == "integrations.webhook_url"_L1 || key == "integrations.otlp_endpoint"_L1) {
        const auto shown = [](const QString &url) {
            return QUrl(url).toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery
                                      | QUrl::RemoveFragment);
        };
        if (before != after && shown(before) == shown(after))
            fields.add({.field = u"value"_s, .hidden = true});
        else
            fields.compare(u"value"_s, shown(before), shown(after));
        return fields.taken();
    }
    // What is to be masked in the log may be a secret itself.
    if (key == "log.mask"_L1)
        fields.compareHidden(u"value"_s, before, after);
    else
        fields.compare(u"value"_s, before, after);
    return fields.taken();
}

} // namespace gatehouse::admin
