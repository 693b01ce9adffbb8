#include "management/usercontroller.h"

#include "management/budgetjson.h"
#include "management/userjson.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::fail;
using base::JsonReader;
using base::Result;
using domain::Role;
using domain::User;
using domain::UserId;
using domain::UserStatus;

namespace {

QJsonArray usersJson(const std::vector<User> &users)
{
    QJsonArray array;
    for (const User &user : users)
        array.append(userJson(user));
    return array;
}

storage::UserOrder orderFrom(const QString &name)
{
    if (name == u"quota"_s)
        return storage::UserOrder::Balance;
    if (name == u"used_quota"_s)
        return storage::UserOrder::Used;
    if (name == u"request_count"_s)
        return storage::UserOrder::RequestCount;
    return storage::UserOrder::NewestFirst;
}

Result<> readText(const JsonReader &reader, QStringView name, std::optional<QString> &wanted)
{
    const auto text = reader.string(name);
    if (!text)
        return fail(text.error());
    // One API leaves what is empty as it is.
    if (*text && !(*text)->isEmpty())
        wanted = **text;
    return {};
}

// A number that is absent or 0 means no change, as in One API; but a balance of 0 is one.
Result<std::optional<int>> readNumber(const JsonReader &reader, QStringView name)
{
    const auto number = reader.integer(name);
    if (!number)
        return fail(number.error());
    if (!*number || **number == 0)
        return std::optional<int>();
    if (**number < 0 || **number > 1000)
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(u"The member \"%1\" is out of range."_s.arg(name)));
    return std::optional<int>(static_cast<int>(**number));
}

Result<admin::UserChange> readChange(const JsonReader &reader)
{
    admin::UserChange change;
    std::optional<QString> group;
    std::optional<QString> password;
    const Result<> texts =
        readText(reader, u"username", change.username)
            .and_then([&] { return readText(reader, u"display_name", change.displayName); })
            .and_then([&] { return readText(reader, u"email", change.email); })
            .and_then([&] { return readText(reader, u"group", group); })
            .and_then([&] { return readText(reader, u"password", password); });
    if (!texts)
        return fail(texts.error());
    if (group)
        change.group = group->toUtf8();
    if (password)
        change.password = base::Secret(*password);
    const auto role = readNumber(reader, u"role");
    const auto status = readNumber(reader, u"status");
    const auto quota = reader.integer(u"quota");
    if (!role || !status)
        return fail(role ? status.error() : role.error());
    if (!quota)
        return fail(quota.error());
    if (*role)
        change.role = static_cast<Role>(**role);
    if (*status)
        change.status = static_cast<UserStatus>(**status);
    if (*quota)
        change.balance = domain::Quota{**quota};
    const auto budget = readBudget(reader);
    if (!budget)
        return fail(budget.error());
    change.budget = *budget;
    const auto resetsAt = reader.integer(u"budget_reset_time");
    if (!resetsAt)
        return fail(resetsAt.error());
    change.ofPeriod = *resetsAt;
    return change;
}

} // namespace

void UserController::addTo(Router &router)
{
    const auto add = [&router](QByteArray method, QByteArray path, bool hasBody, Handler handler) {
        router.add({.method = std::move(method),
                    .pattern = std::move(path),
                    .policy = Policy::administrator(),
                    .handler = std::move(handler),
                    .hasBody = hasBody});
    };
    add("GET", "/api/user", false, [this](const Call &call) { return list(call); });
    add("GET", "/api/user/search", false, [this](const Call &call) { return search(call); });
    add("GET", "/api/user/:id", false, [this](const Call &call) { return find(call); });
    add("POST", "/api/user", true, [this](const Call &call) { return create(call); });
    add("PUT", "/api/user", true, [this](const Call &call) { return change(call); });
    add("DELETE", "/api/user/:id", false, [this](const Call &call) { return remove(call); });
    add("POST", "/api/user/manage", true, [this](const Call &call) { return manage(call); });
    add("POST", "/api/topup", true, [this](const Call &call) { return topUp(call); });
}

Response UserController::list(const Call &call)
{
    const auto page = call.page();
    if (!page)
        return responded(page.error());
    return respond(m_admin.users.list(call.actor(), orderFrom(call.text(u"order"_s)), *page),
                   usersJson);
}

Response UserController::search(const Call &call)
{
    return respond(m_admin.users.search(call.actor(), call.text(u"keyword"_s)), usersJson);
}

Response UserController::find(const Call &call)
{
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    return respond(m_admin.users.find(call.actor(), UserId{*id}),
                   [](const User &user) { return userJson(user); });
}

Response UserController::create(const Call &call)
{
    Result<admin::UserChange> given = readChange(call.reader());
    if (!given)
        return responded(given.error());
    admin::NewUser user;
    user.username = given->username.value_or(QString());
    user.displayName = given->displayName.value_or(QString());
    user.email = given->email.value_or(QString());
    user.password = given->password.value_or(base::Secret());
    user.group = given->group.value_or(user.group);
    user.role = given->role.value_or(Role::User);
    user.balance = given->balance;
    user.budget = given->budget.appliedTo({});
    return respond(m_admin.users.create(call.actor(), std::move(user)),
                   [](const User &made) { return userJson(made); });
}

Response UserController::change(const Call &call)
{
    const auto id = call.reader().integer(u"id");
    if (!id)
        return responded(id.error());
    const Result<admin::UserChange> wanted = readChange(call.reader());
    if (!wanted)
        return responded(wanted.error());
    return respond(m_admin.users.change(call.actor(), UserId{id->value_or(0)}, *wanted),
                   [](const User &) { return succeeded(); });
}

Response UserController::remove(const Call &call)
{
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    return respond(m_admin.users.remove(call.actor(), UserId{*id}));
}

Response UserController::manage(const Call &call)
{
    const auto name = call.reader().string(u"username");
    const auto action = call.reader().string(u"action");
    if (!name || !action)
        return responded(name ? action.error() : name.error());
    const QString verb = action->value_or(QString());
    admin::UserChange change;
    if (verb == u"disable"_s || verb == u"enable"_s)
        change.status = verb == u"enable"_s ? UserStatus::Enabled : UserStatus::Disabled;
    else if (verb == u"promote"_s || verb == u"demote"_s)
        change.role = verb == u"promote"_s ? Role::Administrator : Role::User;
    else if (verb != u"delete"_s)
        return responded(
            refusal(u"The action must be disable, enable, delete, promote or demote."_s));

    const admin::Actor actor = call.actor();
    const auto done = admin::onSuccess(
        m_admin.users.idOf(actor, name->value_or(QString())),
        m_context,
        [this, actor, change, verb](UserId id) {
            if (verb != u"delete"_s)
                return m_admin.users.change(actor, id, change);
            return admin::onSuccess(m_admin.users.remove(actor, id), m_context, [] {
                return Result<User>(User{.status = UserStatus::Deleted});
            });
        });
    return respond(QFuture(done), [](const User &user) {
        return QJsonObject{{u"role"_s, static_cast<int>(user.role)},
                           {u"status"_s, static_cast<int>(user.status)}};
    });
}

Response UserController::topUp(const Call &call)
{
    const auto user = call.reader().integer(u"user_id");
    const auto amount = call.reader().integer(u"quota");
    const auto remark = call.reader().string(u"remark");
    if (!user || !amount)
        return responded(user ? amount.error() : user.error());
    if (!remark)
        return responded(remark.error());
    return respond(m_admin.users.topUp(call.actor(),
                                       UserId{user->value_or(0)},
                                       domain::Quota{amount->value_or(0)},
                                       remark->value_or(QString()).left(500)),
                   [](domain::Quota) { return succeeded(); });
}

} // namespace gatehouse::management
