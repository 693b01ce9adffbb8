#include "domain/history.h"

#include <QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

thread_local Author actingAuthor{};

template<typename Value>
using HistoryNames = std::vector<std::pair<Value, QString>>;

const HistoryNames<HistoryObject> &objectNames()
{
    static const HistoryNames<HistoryObject> names{{HistoryObject::Channel, u"channel"_s},
                                                   {HistoryObject::User, u"user"_s},
                                                   {HistoryObject::Token, u"token"_s},
                                                   {HistoryObject::Group, u"group"_s},
                                                   {HistoryObject::Price, u"price"_s},
                                                   {HistoryObject::Routing, u"routing"_s},
                                                   {HistoryObject::Setting, u"setting"_s},
                                                   {HistoryObject::Secret, u"secret"_s},
                                                   {HistoryObject::Backup, u"backup"_s},
                                                   {HistoryObject::Import, u"import"_s},
                                                   {HistoryObject::Ledger, u"ledger"_s}};
    return names;
}

const HistoryNames<HistoryAction> &actionNames()
{
    static const HistoryNames<HistoryAction> names{
        {HistoryAction::Created, u"created"_s},
        {HistoryAction::Changed, u"changed"_s},
        {HistoryAction::Removed, u"removed"_s},
        {HistoryAction::Restored, u"restored"_s},
        {HistoryAction::DisabledByProgram, u"disabled_automatically"_s},
        {HistoryAction::EnabledByProgram, u"enabled_automatically"_s},
        {HistoryAction::CircuitOpened, u"circuit_opened"_s},
        {HistoryAction::CircuitClosed, u"circuit_closed"_s},
        {HistoryAction::KeyRevealed, u"key_revealed"_s},
        {HistoryAction::KeyReplaced, u"key_replaced"_s},
        {HistoryAction::KeysForgotten, u"keys_forgotten"_s},
        {HistoryAction::GraceEnded, u"grace_ended"_s},
        {HistoryAction::UsageReset, u"usage_reset"_s},
        {HistoryAction::ToppedUp, u"topped_up"_s},
        {HistoryAction::PasswordChanged, u"password_changed"_s},
        {HistoryAction::AccessTokenRenewed, u"access_token_renewed"_s},
        {HistoryAction::SignedIn, u"signed_in"_s},
        {HistoryAction::SignInFailed, u"sign_in_failed"_s},
        {HistoryAction::SignedOut, u"signed_out"_s},
        {HistoryAction::Cleared, u"cleared"_s},
        {HistoryAction::Recalculated, u"recalculated"_s},
        {HistoryAction::Exported, u"exported"_s}};
    return names;
}

template<typename Value>
QString nameIn(const HistoryNames<Value> &names, Value value)
{
    const auto found = std::find_if(
        names.begin(), names.end(), [value](const auto &each) { return each.first == value; });
    return found == names.end() ? QString() : found->second;
}

template<typename Value>
std::optional<Value> valueIn(const HistoryNames<Value> &names, const QString &name)
{
    const auto found = std::find_if(
        names.begin(), names.end(), [&name](const auto &each) { return each.second == name; });
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

template<typename Value>
std::vector<Value> valuesOf(const HistoryNames<Value> &names)
{
    std::vector<Value> values;
    for (const auto &each : names)
        values.push_back(each.first);
    return values;
}

} // namespace

ActingAs::ActingAs(Author author)
    : m_former(std::exchange(actingAuthor, std::move(author)))
{}

ActingAs::~ActingAs()
{
    actingAuthor = std::move(m_former);
}

const Author &ActingAs::present()
{
    return actingAuthor;
}

QString nameOf(HistoryObject object)
{
    return nameIn(objectNames(), object);
}

QString nameOf(HistoryAction action)
{
    return nameIn(actionNames(), action);
}

QString nameOf(Author::Kind kind)
{
    switch (kind) {
    case Author::Kind::User:
        return u"user"_s;
    case Author::Kind::Program:
        return u"program"_s;
    case Author::Kind::Computer:
        break;
    }
    return u"computer"_s;
}

QString nameOf(Author::Way way)
{
    switch (way) {
    case Author::Way::Undo:
        return u"undo"_s;
    case Author::Way::Redo:
        return u"redo"_s;
    case Author::Way::Directly:
        break;
    }
    return u"directly"_s;
}

std::optional<HistoryObject> historyObjectNamed(const QString &name)
{
    return valueIn(objectNames(), name);
}

std::optional<HistoryAction> historyActionNamed(const QString &name)
{
    return valueIn(actionNames(), name);
}

const std::vector<HistoryObject> &historyObjects()
{
    static const std::vector<HistoryObject> all = valuesOf(objectNames());
    return all;
}

const std::vector<HistoryAction> &historyActions()
{
    static const std::vector<HistoryAction> all = valuesOf(actionNames());
    return all;
}

QJsonArray fieldsJson(const FieldChanges &fields)
{
    QJsonArray array;
    for (const FieldChange &change : fields) {
        QJsonObject object{{u"field"_s, change.field}};
        if (change.hidden)
            object.insert(u"hidden"_s, true);
        if (!change.before.isNull())
            object.insert(u"old"_s, change.before);
        if (!change.after.isNull())
            object.insert(u"new"_s, change.after);
        array.append(object);
    }
    return array;
}

FieldChanges fieldsFrom(const QJsonArray &json)
{
    const auto valueOf = [](const QJsonObject &object, const QString &name) {
        const QJsonValue value = object.value(name);
        return value.isUndefined() ? QJsonValue() : value;
    };
    FieldChanges fields;
    for (const QJsonValue &each : json) {
        const QJsonObject object = each.toObject();
        fields.push_back({.field = object.value(u"field"_s).toString(),
                          .before = valueOf(object, u"old"_s),
                          .after = valueOf(object, u"new"_s),
                          .hidden = object.value(u"hidden"_s).toBool()});
    }
    return fields;
}

} // namespace gatehouse::domain
