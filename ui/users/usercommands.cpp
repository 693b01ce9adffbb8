#include "users/usercommands.h"

#include "admin/administration.h"
#include "admin/outcome.h"
#include "widgets/budgettext.h"
#include "widgets/format.h"
#include "widgets/undostack.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using base::Error;

using admin::outcomeOf;

namespace {

// What brings a user from how he was to how he shall be, but for the balance.
admin::UserChange changeTo(const domain::User &user, const domain::User &from)
{
    const auto ifDifferent = [](const auto &wanted, const auto &present) {
        return wanted == present ? std::nullopt : std::optional(wanted);
    };
    return {.username = ifDifferent(user.username, from.username),
            .displayName = ifDifferent(user.displayName, from.displayName),
            .email = ifDifferent(user.email, from.email),
            .role = ifDifferent(user.role, from.role),
            .group = ifDifferent(user.group, from.group),
            .formerBudget = ifDifferent(user.budget, from.budget)};
}

using Editing = std::function<admin::Answer<>(admin::UserChange)>;

// Writes a change to a user, and changes the balance by the opposite of what it was changed by before,
// unless it has begun anew since; `change`: the first such change.
Editing
editing(admin::UserService &users, const admin::Actor &actor, const admin::StoredUser &change)
{
    struct Last
    {
        domain::Quota added{};
        qint64 ofPeriod = 0;
    };
    const auto last = std::make_shared<Last>(Last{change.delta, change.user.budget.resetsAt});
    return [&users, actor, id = change.user.id, last](admin::UserChange wanted) -> admin::Answer<> {
        wanted.addition = -last->added;
        wanted.ofPeriod = last->ofPeriod;
        return users.edit(actor, id, std::move(wanted))
            .then([last](const base::Result<admin::StoredUser> &stored) -> base::Result<> {
                if (!stored)
                    return base::fail(stored.error());
                *last = {stored->delta, stored->user.budget.resetsAt};
                return {};
            });
    };
}

// Users to whom something is done, and those to whom it was done.
struct Progress
{
    QList<domain::User> open{};
    QList<domain::User> done{};
    std::optional<base::Error> failure{}; // the first of the last run
};

Error naming(const domain::User &user, const base::Error &error)
{
    Error named = error;
    named.message = base::Message::verbatim(
        UserCommands::tr("%1: %2").arg(user.username, error.message.translated()));
    return named;
}

// Goes on where one is refused. `back`: those to whom it was done are taken back.
admin::Answer<> runEach(admin::UserService &service,
                        const std::shared_ptr<Progress> &progress,
                        const std::function<admin::Answer<>(domain::UserId)> &act,
                        bool back)
{
    progress->failure.reset();
    const QList<domain::User> all = back ? progress->done : progress->open;
    const bool isOne = all.size() == 1;
    admin::Answer<> last = admin::answered<void>({});
    for (const domain::User &user : all) {
        last = admin::onSuccess(last, &service, [progress, act, back, user, isOne] {
            return act(user.id).then(
                [progress, back, user, isOne](const base::Result<> &outcome) -> base::Result<> {
                    if (outcome) {
                        (back ? progress->done : progress->open).removeOne(user);
                        (back ? progress->open : progress->done).append(user);
                    } else if (!progress->failure) {
                        progress->failure = isOne ? outcome.error() : naming(user, outcome.error());
                    }
                    return {};
                });
        });
    }
    return last;
}

base::Result<> resultOf(const Progress &progress)
{
    if (progress.failure)
        return base::fail(*progress.failure);
    return {};
}

tl::unexpected<base::Error> refusal(const QString &why)
{
    return base::fail(base::ErrorCode::InvalidInput, base::Message::verbatim(why));
}

} // namespace

UserCommands::UserCommands(const Services &services)
    : m_services(services)
{}

admin::UserService &UserCommands::users() const
{
    return m_services.administration.users;
}

// The balance, which is spent from meanwhile, is changed back by what was added or taken.
void UserCommands::noteChanged(const admin::StoredUser &change) const
{
    const admin::UserChange forth = changeTo(change.user, change.before);
    const admin::UserChange back = changeTo(change.before, change.user);
    if (back == admin::UserChange() && change.delta == domain::Quota{})
        return;
    const Editing write = editing(users(), m_services.actor, change);
    m_services.undo.pushDone(
        {.text = [name =
                      change.user.username] { return tr("Changed %1").arg(Format::quoted(name)); },
         .redo = [write, forth] { return write(forth); },
         .undo = [write, back] { return write(back); }});
}

admin::Answer<> UserCommands::edit(const domain::User &user, admin::UserChange change)
{
    return admin::onSuccess(users().edit(m_services.actor, user.id, std::move(change)),
                            &users(),
                            [commands = *this](const admin::StoredUser &stored) -> base::Result<> {
                                commands.noteChanged(stored);
                                return {};
                            });
}

admin::Answer<>
UserCommands::forEach(const Users &users, const Act &act, const Act &back, const Told &told)
{
    if (users.isEmpty())
        return admin::answered<void>({});
    admin::UserService &service = this->users();
    const auto progress = std::make_shared<Progress>(Progress{.open = users});
    const auto isFirst = std::make_shared<bool>(true);
    // What was done to some is kept; the page tells of the others.
    const auto doIt = [&service, progress, act, isFirst] {
        const bool first = std::exchange(*isFirst, false);
        return admin::onSuccess(runEach(service, progress, act, false),
                                &service,
                                [progress, first]() -> base::Result<> {
                                    const bool kept = first && !progress->done.isEmpty();
                                    if (!kept)
                                        return resultOf(*progress);
                                    progress->open.clear(); // who was refused has no part in it
                                    return {};
                                });
    };
    const auto takeBack = [&service, progress, back] {
        return admin::onSuccess(runEach(service, progress, back, true), &service, [progress] {
            return resultOf(*progress);
        });
    };
    const admin::Answer<> pushed =
        m_services.undo.push({.text = [told, users] { return told(users); },
                              .redo = doIt,
                              .undo = takeBack,
                              .told = [progress, told]() -> LiveText {
                                  return [told, done = progress->done] { return told(done); };
                              }});
    return admin::onSuccess(pushed, &service, [progress] { return resultOf(*progress); });
}

admin::Answer<> UserCommands::setEnabled(const Users &users, bool enabled)
{
    const auto setting = [&service = this->users(), actor = m_services.actor](bool on) -> Act {
        using domain::UserStatus;
        return [&service, actor, on](domain::UserId id) {
            return outcomeOf(service.change(
                actor, id, {.status = on ? UserStatus::Enabled : UserStatus::Disabled}));
        };
    };
    return forEach(users, setting(enabled), setting(!enabled), [enabled](const Users &done) {
        if (done.size() == 1) {
            const QString name = Format::quoted(done.front().username);
            return enabled ? tr("Enabled %1").arg(name) : tr("Disabled %1").arg(name);
        }
        const auto count = static_cast<int>(done.size());
        return enabled ? tr("Enabled %n users", nullptr, count)
                       : tr("Disabled %n users", nullptr, count);
    });
}

admin::Answer<> UserCommands::remove(const Users &users)
{
    admin::UserService &service = this->users();
    const admin::Actor actor = m_services.actor;
    return forEach(
        users,
        [&service, actor](domain::UserId id) { return service.remove(actor, id); },
        [&service, actor](domain::UserId id) { return outcomeOf(service.restore(actor, id)); },
        [](const Users &done) {
            return done.size() == 1
                       ? tr("Deleted %1").arg(Format::quoted(done.front().username))
                       : tr("Deleted %n users", nullptr, static_cast<int>(done.size()));
        });
}

admin::Answer<>
UserCommands::forEachStored(const Users &users, const Storing &store, const Told &told)
{
    struct Written
    {
        Editing write{};
        admin::UserChange forth{};
        admin::UserChange back{};
    };
    admin::UserService &service = this->users();
    const admin::Actor actor = m_services.actor;
    const auto written = std::make_shared<QHash<domain::UserId, Written>>();
    const auto act = [&service, actor, written, store](domain::UserId id) -> admin::Answer<> {
        if (const auto done = written->constFind(id); done != written->constEnd())
            return done->write(done->forth);
        return admin::onSuccess(
            store(id),
            &service,
            [&service, actor, written](const admin::StoredUser &stored) -> base::Result<> {
                written->insert(stored.user.id,
                                {.write = editing(service, actor, stored),
                                 .forth = changeTo(stored.user, stored.before),
                                 .back = changeTo(stored.before, stored.user)});
                return {};
            });
    };
    const auto back = [written](domain::UserId id) {
        const Written done = written->value(id);
        return done.write(done.back);
    };
    return forEach(users, act, back, told);
}

admin::Answer<> UserCommands::change(const Users &users, const UserBulkChange &change)
{
    admin::UserService &service = this->users();
    QHash<domain::UserId, admin::UserChange> wanted;
    for (const domain::User &user : users)
        wanted.insert(user.id, change.forUser(user));
    return forEachStored(
        users,
        [&service, actor = m_services.actor, wanted](domain::UserId id) {
            return service.edit(actor, id, wanted.value(id));
        },
        [](const Users &done) {
            return done.size() == 1
                       ? tr("Changed %1").arg(Format::quoted(done.front().username))
                       : tr("Changed %n users", nullptr, static_cast<int>(done.size()));
        });
}

// What was spent of it meanwhile stays spent, and is not given again by redoing.
admin::Answer<> UserCommands::topUp(const Users &users, domain::Quota amount)
{
    admin::UserService &service = this->users();
    QHash<domain::UserId, domain::User> known;
    for (const domain::User &user : users)
        known.insert(user.id, user);
    const auto stored = [amount, known](domain::UserId id) {
        return admin::StoredUser{
            .before = known.value(id), .user = known.value(id), .delta = amount};
    };
    return forEachStored(
        users,
        [&service, actor = m_services.actor, amount, stored](domain::UserId id) {
            return admin::onSuccess(
                service.topUp(actor, id, amount, {}), &service, [id, stored](domain::Quota) {
                    return base::Result<admin::StoredUser>(stored(id));
                });
        },
        [amount](const Users &done) {
            return done.size() == 1
                       ? tr("Topped up %1 by %2")
                             .arg(Format::quoted(done.front().username), Format::money(amount))
                       : tr("Topped up %n users by %1", nullptr, static_cast<int>(done.size()))
                             .arg(Format::money(amount));
        });
}

admin::Answer<>
UserCommands::setCell(const domain::User &user, const QString &column, const QVariant &value)
{
    const QString text = value.toString().trimmed();
    if (column == u"enabled"_s)
        return setEnabled({user}, value.toBool());
    if (column == u"group"_s)
        return setGroup(user, text);
    if (column == u"left"_s)
        return setLeft(user, text);
    if (column == u"username"_s)
        return text == user.username ? admin::answered<void>({}) : edit(user, {.username = text});
    return text == user.displayName ? admin::answered<void>({}) : edit(user, {.displayName = text});
}

// One that there is, as the service wants it.
admin::Answer<> UserCommands::setGroup(const domain::User &user, const QString &typed)
{
    const QByteArray wanted = typed.toUtf8();
    if (wanted == user.group)
        return admin::answered<void>({});
    return admin::onSuccess(
        m_services.administration.groups.list(),
        &users(),
        [commands = *this, user, wanted](
            const std::vector<domain::Group> &groups) mutable -> admin::Answer<> {
            QStringList names;
            for (const domain::Group &group : groups)
                names.append(QString::fromUtf8(group.name));
            if (names.contains(QString::fromUtf8(wanted)))
                return commands.edit(user, {.group = wanted});
            return admin::answered<void>(
                refusal(tr("There is no such group. There are: %1. “Groups…” makes others.")
                            .arg(names.join(tr(", ")))));
        });
}

// What may still be spent, of a period that which is left of it.
admin::Answer<> UserCommands::setLeft(const domain::User &user, const QString &typed)
{
    const base::Result<domain::Quota> left = BudgetText::amountFrom(typed);
    if (!left)
        return admin::refused<void>(left.error());
    return edit(user, {.balance = *left});
}

} // namespace gatehouse::ui
