#include "admin/people/userstore.h"

#include "admin/history/differences.h"
#include "admin/history/recording.h"
#include "secrets/random.h"
#include "secrets/tokenkey.h"
#include "storage/repositories/grouprepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/traffic/usagerepository.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Quota;
using domain::Role;
using domain::User;
using domain::UserStatus;
using storage::Database;
using storage::UserRepository;

namespace {

constexpr qsizetype longestName = 50;
constexpr qsizetype longestAddress = 254;
constexpr qsizetype longestGroup = 64;
constexpr qint64 largestBalance = 9'000'000'000'000'000; // exact in JSON, too

tl::unexpected<base::Error> notAllowed()
{
    return fail(ErrorCode::Denied, Message::tr("You do not have the right to do this."));
}

bool hasControl(const QString &text)
{
    return std::any_of(
        text.cbegin(), text.cend(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

Result<User> findPresent(const UserRepository &users, domain::UserId id)
{
    return users.find(id).and_then([](User user) -> Result<User> {
        if (user.status == UserStatus::Deleted)
            return fail(ErrorCode::NotFound, Message::tr("This user does not exist."));
        return user;
    });
}

Result<> applyRole(User &user, const StoredChange &order)
{
    const std::optional<Role> role = order.change.role;
    if (!role || *role == user.role)
        return {};
    if (order.ofSelf || user.role == Role::Root || *role >= order.actor.role)
        return notAllowed();
    if (*role != Role::User && *role != Role::Administrator)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The role must be 1 (user) or 10 (administrator)."));
    user.role = *role;
    return {};
}

Result<> applyStatus(User &user, const StoredChange &order)
{
    const std::optional<UserStatus> status = order.change.status;
    if (!status || *status == user.status)
        return {};
    if (order.ofSelf)
        return notAllowed();
    if (user.role == Role::Root)
        return fail(ErrorCode::Denied, Message::tr("Root cannot be disabled."));
    if (*status != UserStatus::Enabled && *status != UserStatus::Disabled)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The status must be 1 (enabled) or 2 (disabled)."));
    user.status = *status;
    return {};
}

// Such as a space of no width.
bool hasInvisible(const QString &text)
{
    const QList<uint> characters = text.toUcs4();
    return std::any_of(characters.cbegin(), characters.cend(), [](uint c) {
        const QChar::Category category = QChar::category(char32_t(c));
        return category == QChar::Other_Format || category == QChar::Separator_Line
               || category == QChar::Separator_Paragraph;
    });
}

// A new name is to be told apart from all others by a look at it. Names from before this rule stay as
// they are.
Result<> checkNewName(const UserRepository &users, const User &user)
{
    if (hasInvisible(user.username))
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A user name holds a character that cannot be seen."));
    const Result<std::optional<User>> namesake = users.findNamesake(user.username, user.id);
    if (!namesake)
        return fail(namesake.error());
    if (*namesake)
        return fail(ErrorCode::Conflict, Message::tr("This user name is taken."));
    return {};
}

// A name that was mistyped would be charged at the usual price.
Result<> checkGroupIsKnown(Database &database, const User &user)
{
    const auto groups = storage::GroupRepository(database).all();
    if (!groups)
        return fail(groups.error());
    const bool isKnown =
        std::any_of(groups->cbegin(), groups->cend(), [&user](const domain::Group &group) {
            return group.name == user.group;
        });
    if (isKnown)
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("There is no group \"%1\".").arg(QString::fromUtf8(user.group)));
}

// An entry of the management in the log of the user.
Result<> note(Database &database,
              const User &user,
              qint64 now,
              domain::RecordKind kind,
              const QString &text,
              Quota amount = {})
{
    domain::UsageRecord record;
    record.kind = kind;
    record.createdAt = now;
    record.userId = user.id;
    record.username = user.username.toUtf8();
    record.group = user.group;
    record.charge = amount;
    record.content = text.toUtf8();
    return storage::UsageRepository(database).insert(record).map([](qint64) {});
}

Result<storage::BalanceChange>
changedBalance(Database &database, const User &user, const UserChange &change)
{
    UserRepository users(database);
    if (change.balance) {
        return checkBalance(*change.balance).and_then([&] {
            return users.setBalance(user.id, *change.balance);
        });
    }
    const qint64 left = qMax<qint64>(0, user.balance.units);
    if (change.addition.units > largestBalance - left) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The balance would exceed %1 units.").arg(largestBalance));
    }
    return users.adjustBalance(user.id, {qMax(change.addition.units, -left)});
}

// Where the budget changes, it decides on the balance, not what was asked for beside it.
Result<> applyBudget(User &user, StoredChange &order)
{
    UserChange &wanted = order.change;
    const domain::Budget stored = user.budget;
    if (wanted.ofPeriod && *wanted.ofPeriod != stored.resetsAt) {
        wanted.balance.reset();
        wanted.addition = {};
    }
    if (wanted.formerBudget)
        user.budget = budgetAgain(*wanted.formerBudget, order.now / 1000);
    const domain::Budget budget = wanted.budget.appliedTo(user.budget);
    if (budget == user.budget)
        return {};
    if (order.ofSelf)
        return notAllowed();
    if (Result<> sound = checkBudget(budget); !sound)
        return sound;
    Quota balance = user.balance;
    domain::applyBudget(
        user.budget, balance, budget, order.now / 1000, QTimeZone::systemTimeZone());
    const bool decides =
        budget.isPeriodic() && (budget.period != stored.period || budget.limit != stored.limit);
    if (decides) {
        wanted.balance.reset();
        wanted.addition = balance - user.balance;
    }
    return {};
}

Result<Quota> storeBalance(Database &database, User &user, const StoredChange &order)
{
    const UserChange &wanted = order.change;
    if (wanted.addition == Quota{} && wanted.balance.value_or(user.balance) == user.balance)
        return Quota{};
    if (order.ofSelf)
        return notAllowed();
    const auto change = changedBalance(database, user, wanted);
    if (!change)
        return fail(change.error());
    user.balance = change->after;
    const QString text = u"%1 changed the balance from %2 to %3 units."_s.arg(order.actor.username)
                             .arg(change->before.units)
                             .arg(change->after.units);
    return note(database, user, order.now, domain::RecordKind::Management, text).map([&] {
        return change->delta();
    });
}

QString randomCode()
{
    static constexpr QStringView alphabet = u"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    static_assert(alphabet.size() == 32); // so that no letter is favoured
    QString code;
    for (const char byte : secrets::randomBytes(4))
        code += alphabet[static_cast<unsigned char>(byte) % alphabet.size()];
    return code;
}

// Every new user can begin at once: the token is limited by the balance of its owner alone.
Result<> storeFirstToken(Database &database, const storage::KeySealer &sealer, const User &user)
{
    domain::Token token;
    token.userId = user.id;
    token.name = u"default"_s;
    token.key = secrets::makeTokenKey();
    token.keyHash = secrets::viewOf(secrets::tokenKeyHash(token.key.reveal())).toByteArray();
    token.createdAt = user.createdAt;
    token.accessedAt = user.createdAt;
    token.unlimited = true;
    return storage::TokenRepository(database, sealer).insert(token).map([](domain::TokenId) {});
}

// A password is told of on its own.
Result<>
recordEdit(Database &database, const User &before, const User &after, const StoredChange &order)
{
    return record(database,
                  recordedUser(after, domain::HistoryAction::Changed, differences(before, after)))
        .and_then([&] {
            return order.passwordHash.isEmpty()
                       ? Result<>()
                       : record(database,
                                recordedUser(after, domain::HistoryAction::PasswordChanged));
        });
}

} // namespace

Recorded recordedUser(const User &user, domain::HistoryAction action, domain::FieldChanges fields)
{
    return {.object = domain::HistoryObject::User,
            .id = user.id.value,
            .name = user.username,
            .action = action,
            .fields = std::move(fields)};
}

Result<> storeSignOut(Database &database, const Actor &actor, domain::UserId id)
{
    UserRepository users(database);
    const Result<User> user = users.find(id);
    if (!user)
        return fail(user.error());
    if (id != actor.id && !actor.mayManage(user->role))
        return notAllowed();
    return users.signOut(id).and_then(
        [&] { return record(database, recordedUser(*user, domain::HistoryAction::SignedOut)); });
}

Result<> storeAccessToken(Database &database, domain::UserId id, const QByteArray &hash)
{
    UserRepository users(database);
    const Result<User> user = users.find(id);
    if (!user)
        return fail(user.error());
    return users.setAccessTokenHash(id, hash).and_then([&] {
        return record(database, recordedUser(*user, domain::HistoryAction::AccessTokenRenewed));
    });
}

Result<> checkUserTexts(const User &user)
{
    const QString &name = user.username;
    if (name.isEmpty() || name.size() > longestName || name != name.trimmed() || hasControl(name)) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A user name has 1 to %1 characters and no space at its ends.")
                        .arg(longestName));
    }
    if (user.displayName.size() > longestName || hasControl(user.displayName)) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A display name has at most %1 characters.").arg(longestName));
    }
    if (user.email.size() > longestAddress || hasControl(user.email))
        return fail(ErrorCode::InvalidInput, Message::tr("This e-mail address cannot be used."));
    const QString group = QString::fromUtf8(user.group);
    if (group.isEmpty() || group.size() > longestGroup || hasControl(group) || group.contains(u','))
        return fail(ErrorCode::InvalidInput, Message::tr("This is no name for a group."));
    return {};
}

Result<> checkAddress(const QString &email)
{
    const qsizetype at = email.indexOf(u'@');
    if (email.isEmpty() || (at > 0 && at + 1 < email.size()))
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("An e-mail address has a name, an @ and a host."));
}

Result<> checkBalance(Quota balance)
{
    if (balance.units >= 0 && balance.units <= largestBalance)
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("An amount must lie between 0 and %1 units.").arg(largestBalance));
}

Result<> checkBudget(const domain::Budget &budget)
{
    constexpr int wholePercent = 100;
    if (budget.warning < 0 || budget.warning > wholePercent) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("A warning comes at 1 to 100 percent of a budget, or with 0 never."));
    }
    if (!budget.isPeriodic()) {
        if (budget.limit == Quota{})
            return {};
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A limit needs a period: day, week or month."));
    }
    const auto period = static_cast<int>(budget.period);
    if (period < 0 || period > static_cast<int>(domain::BudgetPeriod::Month))
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A budget begins anew each day, week or month, or not at all."));
    if (budget.limit.units > 0 && budget.limit.units <= largestBalance)
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("What may be spent in a period must lie between 1 and %1 units.")
                    .arg(largestBalance));
}

domain::Budget budgetAgain(domain::Budget former, qint64 now)
{
    if (former.isDue(now))
        former.resetsAt = domain::nextPeriod(former.period, now, QTimeZone::systemTimeZone());
    return former;
}

Result<StoredUser> storeChange(Database &database, StoredChange order)
{
    UserRepository users(database);
    Result<User> found = findPresent(users, order.id);
    if (!found)
        return fail(found.error());
    User user = *found;
    if (!order.ofSelf && !order.actor.mayManage(user.role))
        return notAllowed();

    const UserChange &change = order.change;
    user.username = change.username.value_or(user.username);
    user.displayName = change.displayName.value_or(user.displayName);
    if (change.email && *change.email != user.email) {
        if (Result<> sound = checkAddress(*change.email); !sound)
            return fail(sound.error());
    }
    user.email = change.email.value_or(user.email);
    user.group = change.group.value_or(user.group);
    const Result<> sound =
        checkUserTexts(user)
            .and_then([&] {
                return user.username == found->username ? Result<>() : checkNewName(users, user);
            })
            .and_then([&] {
                return user.group == found->group ? Result<>() : checkGroupIsKnown(database, user);
            })
            .and_then([&] { return applyRole(user, order); })
            .and_then([&] { return applyStatus(user, order); })
            .and_then([&] { return applyBudget(user, order); })
            .and_then([&] { return users.update(user); });
    if (!sound)
        return fail(sound.error());

    Result<Quota> delta = storeBalance(database, user, order);
    if (!delta)
        return fail(delta.error());
    Result<qint64> epoch = user.sessionEpoch;
    if (!order.passwordHash.isEmpty())
        epoch = users.setPasswordHash(user.id, order.passwordHash);
    else if (user.status != found->status)
        epoch = users.raiseSessionEpoch(user.id);
    if (!epoch)
        return fail(epoch.error());
    user.sessionEpoch = *epoch;
    if (Result<> noted = recordEdit(database, *found, user, order); !noted)
        return fail(noted.error());
    return StoredUser{.before = *found, .user = user, .delta = *delta};
}

Result<User> storeNewUser(Database &database,
                          const storage::KeySealer &sealer,
                          const Actor &actor,
                          User user,
                          const QByteArray &passwordHash,
                          bool keepsKeys)
{
    if (!actor.is(Role::Administrator) || user.role >= actor.role)
        return notAllowed();
    if (user.role != Role::User && user.role != Role::Administrator)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The role must be 1 (user) or 10 (administrator)."));
    UserRepository users(database);
    const Result<domain::UserId> id =
        checkUserTexts(user)
            .and_then([&] { return checkBalance(user.balance); })
            .and_then([&] { return checkBudget(user.budget); })
            .and_then([&] { return checkNewName(users, user); })
            .and_then([&] { return checkGroupIsKnown(database, user); })
            .and_then([&] { return users.insert(user, passwordHash); });
    if (!id)
        return fail(id.error());
    user.id = *id;
    const Result<> first = keepsKeys ? storeFirstToken(database, sealer, user) : Result<>();
    return first
        .and_then([&] {
            return record(
                database,
                recordedUser(user, domain::HistoryAction::Created, differences(User{}, user)));
        })
        .map([&] { return user; });
}

Result<StoredUser>
storeTopUp(Database &database, const StoredChange &order, Quota amount, const QString &remark)
{
    UserRepository users(database);
    const Result<User> found = findPresent(users, order.id);
    if (!found)
        return fail(found.error());
    User user = *found;
    // Root may fill its own balance; an administrator not that of an equal.
    if (!order.actor.mayManage(user.role))
        return notAllowed();
    if (Result<> sound = checkBalance(amount); !sound)
        return fail(sound.error());
    if (user.balance.units > largestBalance - amount.units) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The balance would exceed %1 units.").arg(largestBalance));
    }
    const auto change = users.adjustBalance(user.id, amount);
    if (!change)
        return fail(change.error());
    user.balance = change->after;
    const QString text = remark.isEmpty()
                             ? u"%1 added %2 units."_s.arg(order.actor.username).arg(amount.units)
                             : remark;
    return note(database, user, order.now, domain::RecordKind::TopUp, text, amount)
        .and_then([&] {
            return record(
                database,
                recordedUser(user, domain::HistoryAction::ToppedUp, differences(*found, user)));
        })
        .map([&] { return StoredUser{.before = *found, .user = user, .delta = change->delta()}; });
}

Result<>
storeRemoval(Database &database, const Actor &actor, domain::UserId id, bool ofSelf, qint64 now)
{
    UserRepository users(database);
    const Result<User> user = findPresent(users, id);
    if (!user)
        return fail(user.error());
    if (user->role == Role::Root)
        return fail(ErrorCode::Denied, Message::tr("Root cannot be removed."));
    if (!ofSelf && !actor.mayManage(user->role))
        return notAllowed();
    return users.remove(id, now).and_then(
        [&] { return record(database, recordedUser(*user, domain::HistoryAction::Removed)); });
}

Result<User> storeRestored(Database &database, const Actor &actor, domain::UserId id)
{
    UserRepository users(database);
    const Result<User> deleted = users.find(id);
    if (!deleted)
        return deleted;
    if (!actor.mayManage(deleted->role))
        return notAllowed();
    return users.restore(id).and_then([&](const User &user) {
        return recorded(database, recordedUser(user, domain::HistoryAction::Restored), user);
    });
}

Result<QString> storeInvitationCode(Database &database, domain::UserId id)
{
    UserRepository users(database);
    Result<User> user = findPresent(users, id);
    if (!user)
        return fail(user.error());
    constexpr int attempts = 50;
    for (int i = 0; user->invitationCode.isEmpty() && i < attempts; ++i) {
        const QString code = randomCode();
        const Result<std::optional<User>> other = users.findByInvitationCode(code);
        if (!other)
            return fail(other.error());
        if (*other)
            continue;
        user->invitationCode = code;
        if (Result<> stored = users.update(*user); !stored)
            return fail(stored.error());
    }
    if (user->invitationCode.isEmpty())
        return fail(ErrorCode::Unavailable,
                    Message::tr("No invitation code is free at the moment."));
    return user->invitationCode;
}

} // namespace gatehouse::admin
