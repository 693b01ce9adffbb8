#include "admin/history/historytexts.h"

#include "domain/providertype.h"
#include "domain/quota.h"

#include <QDateTime>
#include <QHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Author;
using domain::FieldChange;
using domain::HistoryAction;
using domain::HistoryEntry;
using domain::HistoryObject;

namespace {

using HistoryWords = QHash<QString, Message>;

// How fields are called; some are of several objects.
const HistoryWords &fieldLabels()
{
    static const HistoryWords labels{
        {u"address"_s, Message::tr("Address")},
        {u"address_ranges"_s, Message::tr("Allowed addresses")},
        {u"affinity"_s, Message::tr("Session affinity")},
        {u"allow_private_address"_s, Message::tr("Private addresses")},
        {u"api_version"_s, Message::tr("API version")},
        {u"balance"_s, Message::tr("Balance")},
        {u"base_url"_s, Message::tr("Base URL")},
        {u"before"_s, Message::tr("Before")},
        {u"body_overrides"_s, Message::tr("Body")},
        {u"budget_limit"_s, Message::tr("Budget")},
        {u"budget_period"_s, Message::tr("Budget period")},
        {u"budget_warning"_s, Message::tr("Budget warning, percent")},
        {u"cache_read"_s, Message::tr("Cache read")},
        {u"cache_write"_s, Message::tr("Cache write")},
        {u"cache_write_long"_s, Message::tr("Cache write, long")},
        {u"capture"_s, Message::tr("Capture")},
        {u"certificate_authority"_s, Message::tr("Certificate authority")},
        {u"channel"_s, Message::tr("Channel")},
        {u"channels"_s, Message::tr("Channels")},
        {u"concurrent_requests"_s, Message::tr("Requests at the same time")},
        {u"config"_s, Message::tr("Provider's settings")},
        {u"connect_timeout"_s, Message::tr("Connect within")},
        {u"currency"_s, Message::tr("Currency")},
        {u"display_name"_s, Message::tr("Display name")},
        {u"effective_from"_s, Message::tr("Effective from")},
        {u"email"_s, Message::tr("E-mail")},
        {u"expires_at"_s, Message::tr("Expires")},
        {u"first_byte_timeout"_s, Message::tr("First byte within")},
        {u"former_valid_until"_s, Message::tr("Former key valid until")},
        {u"group"_s, Message::tr("Group")},
        {u"groups"_s, Message::tr("Groups")},
        {u"idle_timeout"_s, Message::tr("Longest silence")},
        {u"input"_s, Message::tr("Input")},
        {u"input_audio"_s, Message::tr("Audio input")},
        {u"keys_added"_s, Message::tr("Keys added")},
        {u"keys_changed"_s, Message::tr("Keys changed")},
        {u"keys_disabled"_s, Message::tr("Keys disabled")},
        {u"keys_enabled"_s, Message::tr("Keys enabled")},
        {u"keys_removed"_s, Message::tr("Keys removed")},
        {u"lines"_s, Message::tr("Requests")},
        {u"model_mapping"_s, Message::tr("Model mapping")},
        {u"models"_s, Message::tr("Models")},
        {u"name"_s, Message::tr("Name")},
        {u"note"_s, Message::tr("Note")},
        {u"organization"_s, Message::tr("Organization")},
        {u"output"_s, Message::tr("Output")},
        {u"output_audio"_s, Message::tr("Audio output")},
        {u"owner"_s, Message::tr("Owner")},
        {u"per_call"_s, Message::tr("Per call")},
        {u"per_character"_s, Message::tr("Per character")},
        {u"per_image"_s, Message::tr("Prices of pictures")},
        {u"price_ratio"_s, Message::tr("Price multiplier")},
        {u"priority"_s, Message::tr("Priority")},
        {u"proxy"_s, Message::tr("Proxy")},
        {u"ratio"_s, Message::tr("Price factor")},
        {u"reason"_s, Message::tr("Reason")},
        {u"reasoning"_s, Message::tr("Reasoning")},
        {u"requests_per_minute"_s, Message::tr("Requests a minute")},
        {u"role"_s, Message::tr("Role")},
        {u"settings"_s, Message::tr("Settings")},
        {u"status"_s, Message::tr("Status")},
        {u"strategy"_s, Message::tr("Strategy")},
        {u"system_prompt"_s, Message::tr("System prompt")},
        {u"tags"_s, Message::tr("Tags")},
        {u"test_model"_s, Message::tr("Test model")},
        {u"tiers"_s, Message::tr("Price tiers")},
        {u"tokens"_s, Message::tr("Tokens")},
        {u"tokens_per_minute"_s, Message::tr("Tokens a minute")},
        {u"total_timeout"_s, Message::tr("Whole answer within")},
        {u"type"_s, Message::tr("Provider")},
        {u"unlimited"_s, Message::tr("Unlimited")},
        {u"used"_s, Message::tr("Used")},
        {u"username"_s, Message::tr("User name")},
        {u"users"_s, Message::tr("Users")},
        {u"value"_s, Message::tr("Value")},
        {u"verify_certificate"_s, Message::tr("Check of certificates")},
        {u"weight"_s, Message::tr("Weight")},
        {u"window"_s, Message::tr("Window lock")},
        {u"windows"_s, Message::tr("Price hours")}};
    return labels;
}

// Words that stand for values, of the fields in wordFields.
const HistoryWords &valueWords()
{
    static const HistoryWords words{
        {u"administrator"_s, Message::tr("administrator")},
        {u"all"_s, Message::tr("all")},
        {u"by_setting"_s, Message::tr("by the setting")},
        {u"day"_s, Message::tr("day")},
        {u"disabled"_s, Message::tr("disabled")},
        {u"disabled_automatically"_s, Message::tr("disabled automatically")},
        {u"enabled"_s, Message::tr("enabled")},
        {u"exhausted"_s, Message::tr("exhausted")},
        {u"expired"_s, Message::tr("expired")},
        {u"month"_s, Message::tr("month")},
        {u"never"_s, Message::tr("never")},
        {u"once"_s, Message::tr("once")},
        {u"root"_s, Message::tr("root")},
        {u"user"_s, Message::tr("user")},
        {u"week"_s, Message::tr("week")}};
    return words;
}

const HistoryWords &actionWords()
{
    static const HistoryWords words{
        {u"created"_s, Message::tr("Created")},
        {u"changed"_s, Message::tr("Changed")},
        {u"removed"_s, Message::tr("Deleted")},
        {u"restored"_s, Message::tr("Restored")},
        {u"disabled_automatically"_s, Message::tr("Disabled automatically")},
        {u"enabled_automatically"_s, Message::tr("Enabled automatically")},
        {u"circuit_opened"_s, Message::tr("Circuit opened")},
        {u"circuit_closed"_s, Message::tr("Circuit closed")},
        {u"key_revealed"_s, Message::tr("Key revealed")},
        {u"key_replaced"_s, Message::tr("Key replaced")},
        {u"keys_forgotten"_s, Message::tr("Keys forgotten")},
        {u"grace_ended"_s, Message::tr("Former key ended")},
        {u"usage_reset"_s, Message::tr("Usage reset")},
        {u"topped_up"_s, Message::tr("Topped up")},
        {u"password_changed"_s, Message::tr("Password changed")},
        {u"access_token_renewed"_s, Message::tr("Access token renewed")},
        {u"signed_in"_s, Message::tr("Signed in")},
        {u"sign_in_failed"_s, Message::tr("Sign-in failed")},
        {u"signed_out"_s, Message::tr("Signed out everywhere")},
        {u"cleared"_s, Message::tr("Cleared")},
        {u"recalculated"_s, Message::tr("Costs recalculated")},
        {u"exported"_s, Message::tr("Exported")}};
    return words;
}

Message momentText(qint64 seconds)
{
    if (seconds < 0)
        return Message::tr("never");
    if (seconds == 0)
        return Message::tr("ever since");
    return Message::verbatim(
        QDateTime::fromSecsSinceEpoch(seconds).toString(u"yyyy-MM-dd HH:mm"_s));
}

Message dollarsText(double dollars)
{
    return Message::verbatim(u'$' + QString::number(dollars, 'g', 12));
}

Message historyNumber(const QString &field, const QJsonValue &value)
{
    static const QSet<QString> amounts{u"balance"_s, u"budget_limit"_s, u"used"_s};
    static const QSet<QString> moments{
        u"before"_s, u"effective_from"_s, u"expires_at"_s, u"former_valid_until"_s};
    if (amounts.contains(field))
        return dollarsText(value.toDouble() / domain::Quota::perDollar);
    if (moments.contains(field))
        return momentText(value.toInteger());
    if (field.endsWith("_timeout"_L1)) {
        constexpr double second = 1'000;
        return value.toDouble() > 0 ? Message::tr("%1 s").arg(value.toDouble() / second)
                                    : Message::tr("the usual");
    }
    if (field == "type"_L1) {
        if (const domain::ProviderType *type = domain::providerType(value.toInt()))
            return Message::verbatim(QString::fromUtf8(type->name));
    }
    if (field == "channel"_L1 || field == "owner"_L1)
        return Message::verbatim(u'#' + QString::number(value.toInteger()));
    return Message::verbatim(QString::number(value.toDouble(), 'g', 15));
}

Message valueText(const QString &field, const QJsonValue &value)
{
    if (value.isNull() || value.isUndefined())
        return Message::tr("none");
    if (value.isBool())
        return value.toBool() ? Message::tr("on") : Message::tr("off");
    if (value.isDouble())
        return historyNumber(field, value);
    const QString text = value.toString();
    if (text.isEmpty())
        return Message::tr("empty");
    static const QSet<QString> wordFields{u"status"_s, u"role"_s, u"budget_period"_s, u"capture"_s};
    return wordFields.contains(field) ? valueWords().value(text, Message::verbatim(text))
                                      : Message::verbatim(text);
}

Message fieldText(const FieldChange &change)
{
    constexpr QLatin1StringView header("header:");
    const Message label = change.field.startsWith(header)
                              ? Message::tr("Header %1").arg(change.field.mid(header.size()))
                              : fieldLabels().value(change.field, Message::verbatim(change.field));
    if (change.hidden)
        return Message::tr("%1: changed").arg(label);
    if (change.before.isNull())
        return Message::tr("%1: %2").arg(label, valueText(change.field, change.after));
    return Message::tr("%1: %2 → %3")
        .arg(label, valueText(change.field, change.before), valueText(change.field, change.after));
}

Message secretText(const QString &name)
{
    if (name == "metrics_token"_L1)
        return Message::tr("Token of the metrics");
    if (name == "webhook_secret"_L1)
        return Message::tr("Secret of the webhook");
    return Message::tr("Headers of the OTLP export");
}

} // namespace

Message historyAuthorText(const Author &author)
{
    switch (author.kind) {
    case Author::Kind::Program:
        return Message::verbatim(u"Gatehouse"_s);
    case Author::Kind::User:
        return author.name.isEmpty() ? Message::tr("Somebody") : Message::verbatim(author.name);
    case Author::Kind::Computer:
        break;
    }
    return Message::tr("This computer");
}

Message historyObjectText(const HistoryEntry &entry)
{
    switch (entry.object) {
    case HistoryObject::Channel:
        return Message::tr("Channel “%1”").arg(entry.objectName);
    case HistoryObject::User:
        if (!entry.objectName.isEmpty())
            return Message::tr("User “%1”").arg(entry.objectName);
        return entry.action == HistoryAction::SignedOut ? Message::tr("All users")
                                                        : Message::tr("Unknown user");
    case HistoryObject::Token:
        if (entry.action == HistoryAction::KeysForgotten)
            return Message::tr("All tokens");
        return Message::tr("Token “%1”").arg(entry.objectName);
    case HistoryObject::Group:
        return Message::tr("Group “%1”").arg(entry.objectName);
    case HistoryObject::Price:
        return Message::tr("Price of %1").arg(entry.objectName);
    case HistoryObject::Routing:
        return Message::tr("Routing of %1").arg(entry.objectName);
    case HistoryObject::Setting:
        return Message::tr("Setting %1").arg(entry.objectName);
    case HistoryObject::Secret:
        return secretText(entry.objectName);
    case HistoryObject::Backup:
        return Message::tr("Backup %1").arg(entry.objectName);
    case HistoryObject::Import:
        return Message::tr("Import from %1").arg(entry.objectName);
    case HistoryObject::Ledger:
        break;
    }
    return Message::tr("Requests of the ledger");
}

Message historyActionText(const HistoryEntry &entry)
{
    const Message words = actionWords().value(domain::nameOf(entry.action));
    switch (entry.author.way) {
    case Author::Way::Undo:
        return Message::tr("%1 (undo)").arg(words);
    case Author::Way::Redo:
        return Message::tr("%1 (redo)").arg(words);
    case Author::Way::Directly:
        break;
    }
    return words;
}

std::vector<Message> historyFieldTexts(const HistoryEntry &entry)
{
    std::vector<Message> texts;
    for (const FieldChange &change : entry.fields)
        texts.push_back(fieldText(change));
    return texts;
}

} // namespace gatehouse::admin
