#include "base/json.h"
#include "commands/budgetoptions.h"
#include "commands/resource.h"
#include "domain/role.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

const QString balanceOfUser = u"quota"_s;
const QString passwordStem = u"--password"_s;
const QString usernameMember = u"username"_s;

Result<> putRole(const QString &value, QJsonObject &body)
{
    if (value != "user"_L1 && value != "administrator"_L1) {
        return fail(
            ErrorCode::InvalidInput,
            base::Message::verbatim(u"\"%1\" is neither user nor administrator."_s.arg(value)));
    }
    const auto role = value == "user"_L1 ? domain::Role::User : domain::Role::Administrator;
    body.insert(u"role"_s, int(role));
    return {};
}

const QString membersOfUser = u"id username display_name role status password github_id "
                              "wechat_id lark_id oidc_id verification_code access_token email "
                              "quota used_quota request_count group aff_code inviter_id "
                              "created_time budget_period budget_limit budget_reset_time "
                              "budget_warning"_s;

std::vector<Field> userFields()
{
    // The management API leaves as it is what comes empty.
    const auto text = [](const QString &option,
                         const QString &value,
                         const QString &member,
                         const QString &help) {
        return textField({.name = option, .value = value, .help = help}, member, Empty::Refused);
    };
    std::vector<Field> fields{
        text(u"--name"_s, u"NAME"_s, usernameMember, u"another name to sign in with"_s),
        text(u"--display-name"_s, u"TEXT"_s, u"display_name"_s, u"the name that others see"_s),
        text(u"--email"_s, u"ADDRESS"_s, u"email"_s, u"the e-mail address"_s),
        text(u"--group"_s, u"GROUP"_s, u"group"_s, u"decides on models and prices"_s),
        {{.name = u"--role"_s,
          .value = u"ROLE"_s,
          .help = u"user, or administrator, who manages channels and users"_s},
         putRole}};
    const std::vector<Field> budget = budgetFields(false);
    fields.insert(fields.end(), budget.begin(), budget.end());
    return fields;
}

Result<> completeUser(const Arguments &, QJsonObject &body)
{
    return completeBudget(body, balanceOfUser);
}

Result<Rows> changesOfUser(QJsonObject body, const QJsonObject &row)
{
    const Result<bool> endsPeriod = changeBudgetOf(row, body, balanceOfUser);
    if (!endsPeriod)
        return fail(endsPeriod.error());
    // A balance that comes with the end of a period counts.
    return Rows{body};
}

QString roleText(int role)
{
    switch (domain::Role(role)) {
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

QString textOfUsers(const Rows &users)
{
    Table table({{u"ID"_s, Table::Align::Right},
                 {u"STATUS"_s},
                 {u"ROLE"_s},
                 {u"GROUP"_s},
                 {u"LEFT"_s, Table::Align::Right},
                 {u"BUDGET"_s},
                 {u"SPENT"_s, Table::Align::Right},
                 {u"NAME"_s}});
    for (const QJsonObject &user : users) {
        table.add({QString::number(user.value(u"id"_s).toInteger()),
                   enabledText(user.value(u"status"_s).toInt()),
                   roleText(user.value(u"role"_s).toInt()),
                   user.value(u"group"_s).toString(),
                   leftText(user, balanceOfUser),
                   budgetText(user),
                   dollarsText({user.value(u"used_quota"_s).toInteger()}),
                   user.value(usernameMember).toString()});
    }
    return table.text();
}

Facts factsOfUser(const QJsonObject &user)
{
    const auto text = [&](const QString &member) { return user.value(member).toString(); };
    const auto number = [&](const QString &member) { return user.value(member).toInteger(); };
    const qint64 resetsAt = number(u"budget_reset_time"_s);
    return {{u"ID"_s, QString::number(number(u"id"_s))},
            {u"Name"_s, text(usernameMember)},
            {u"Display name"_s, text(u"display_name"_s)},
            {u"E-mail"_s, text(u"email"_s)},
            {u"Status"_s, enabledText(user.value(u"status"_s).toInt())},
            {u"Role"_s, roleText(user.value(u"role"_s).toInt())},
            {u"Group"_s, text(u"group"_s)},
            {u"Left"_s, leftText(user, balanceOfUser)},
            {u"Budget"_s, budgetText(user)},
            {u"Begins anew"_s, resetsAt > 0 ? momentText(resetsAt) : QString()},
            {u"Spent"_s, dollarsText({number(u"used_quota"_s)})},
            {u"Requests"_s, QString::number(number(u"request_count"_s))},
            {u"Made"_s, momentText(number(u"created_time"_s))}};
}

const Resource &userResource()
{
    static const Resource resource{.noun = u"user"_s,
                                   .path = "/api/user",
                                   .name = usernameMember,
                                   .fields = userFields(),
                                   .members = membersOfUser.split(u' '),
                                   .groups = u"group"_s,
                                   .secret = SecretRule{.stem = passwordStem,
                                                        .member = u"password"_s,
                                                        .what = u"password"_s,
                                                        .isForNewOnly = true,
                                                        .isNeeded = true},
                                   .complete = completeUser,
                                   .changes = changesOfUser,
                                   .table = textOfUsers,
                                   .facts = factsOfUser};
    return resource;
}

class SetPassword final : public ResourceCommand
{
public:
    SetPassword(const Options &options, const Arguments &arguments, SecretSource source)
        : ResourceCommand(options, userResource(), arguments.has(jsonOption))
        , m_user(arguments.operands())
        , m_source(std::move(source))
    {}

private:
    void run() override
    {
        const Result<QString> password = readSecretLine(m_source, environment());
        if (!password) {
            giveUp(password.error().code == ErrorCode::NotFound ? ExitCode::NotFound
                                                                : ExitCode::Usage,
                   u"No new password: "_s + password.error().message.english());
            return;
        }
        find(m_user, [this, password = *password](const Rows &rows) {
            const QJsonObject user = rows.front();
            const QString name = user.value(usernameMember).toString();
            ask("POST",
                "/api/user/set_password",
                {{usernameMember, name}, {u"password"_s, password}},
                [this, name, user](const QJsonValue &) {
                    printLine(isJson() ? QString::fromUtf8(base::compactJson(user))
                                       : QString(u"The password of \"%1\" is changed. All its "
                                                 "sessions have ended."_s.arg(plainLine(name))));
                    finish(ExitCode::Ok);
                });
        });
    }

    const QStringList m_user;
    const SecretSource m_source;
};

Action setPasswordAction()
{
    return {.name = u"set-password"_s,
            .operands = u"USER"_s,
            .help = u"a new password, of root, too"_s,
            .fewest = 1,
            .most = 1,
            .options = secretOptions(passwordStem, u"password"_s),
            .make = [](const Options &options,
                       const Arguments &arguments) -> Result<std::unique_ptr<Command>> {
                const auto source = secretSourceFrom(passwordStem, arguments);
                if (!source)
                    return fail(source.error());
                return std::make_unique<SetPassword>(
                    options, arguments, source->value_or(SecretSource{}));
            }};
}

} // namespace

CommandDescription userCommand()
{
    std::vector<Action> actions = actionsOf(userResource());
    actions.push_back(setPasswordAction());
    return commandOf(
        u"user"_s,
        u"the people who own tokens"_s,
        actions,
        u"A USER is named by the ID or the name, or by id:5 or name:5 where 5 is both. \"add\"\n"
        "and \"set-password\" read the password from standard input, one line, unless an option\n"
        "says otherwise. What a new user may spend is the setting accounting.new_user_quota, or\n"
        "what --budget says. Root is neither disabled nor removed.\n\n"_s
            + workersHelp(u",\n8 some of several failed"_s));
}

} // namespace gatehouse::app
