#include "storage/repositories/userrepository.h"

#include "storage/repositories/budgetrepository.h"
#include "storage/repositories/rowinsertion.h"
#include "storage/rowstatement.h"
#include "storage/statement.h"
#include "storage/traffic/rollup.h"
#include "storage/transaction.h"

#include <QUuid>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Message;
using base::Result;
using domain::Quota;
using domain::User;
using domain::UserId;
using domain::UserStatus;

namespace {

const Message noSuchUser = Message::tr("This user does not exist.");

QString selectUsers(const QString &rest)
{
    return u"SELECT id, username, display_name, email, role, status, group_name, balance, used,"
           " request_count, invitation_code, inviter_id, created_at, session_epoch, "_s
           % budgetColumns() % u" FROM users "_s % rest;
}

// The column order is that of selectUsers().
User userFrom(const QSqlQuery &row)
{
    return {.id = {row.value(0).toLongLong()},
            .username = row.value(1).toString(),
            .displayName = row.value(2).toString(),
            .email = row.value(3).toString(),
            .role = static_cast<domain::Role>(row.value(4).toInt()),
            .status = static_cast<UserStatus>(row.value(5).toInt()),
            .group = row.value(6).toString().toUtf8(),
            .balance = {row.value(7).toLongLong()},
            .budget = budgetFrom(row, 14),
            .used = {row.value(8).toLongLong()},
            .requestCount = row.value(9).toLongLong(),
            .invitationCode = row.value(10).toString(),
            .inviter = {row.value(11).toLongLong()},
            .createdAt = row.value(12).toLongLong(),
            .sessionEpoch = row.value(13).toLongLong()};
}

Bindings decidedBindings(const User &user)
{
    Bindings bindings = budgetBindings(user.budget);
    bindings.insert(bindings.end(),
                    {{u":username"_s, user.username},
                     {u":display_name"_s, user.displayName},
                     {u":email"_s, user.email},
                     {u":role"_s, static_cast<int>(user.role)},
                     {u":status"_s, static_cast<int>(user.status)},
                     {u":group_name"_s, QString::fromUtf8(user.group)},
                     {u":invitation_code"_s, user.invitationCode},
                     {u":inviter_id"_s, user.inviter.value}});
    return bindings;
}

QVariant bytesOrNull(const QByteArray &bytes)
{
    return bytes.isEmpty() ? QVariant(QMetaType(QMetaType::QByteArray)) : QVariant(bytes);
}

Bindings insertedBindings(const NewUser &one)
{
    Bindings bindings = decidedBindings(one.user);
    bindings.insert(bindings.end(),
                    {{u":balance"_s, one.user.balance.units},
                     {u":used"_s, one.user.used.units},
                     {u":request_count"_s, one.user.requestCount},
                     {u":created_at"_s, one.user.createdAt},
                     {u":session_epoch"_s, one.user.sessionEpoch},
                     {u":password_hash"_s, one.passwordHash},
                     {u":access_token_hash"_s, bytesOrNull(one.accessTokenHash)}});
    return bindings;
}

QString orderBy(UserOrder order)
{
    switch (order) {
    case UserOrder::Balance:
        return u"ORDER BY balance DESC, id DESC"_s;
    case UserOrder::Used:
        return u"ORDER BY used DESC, id DESC"_s;
    case UserOrder::RequestCount:
        return u"ORDER BY request_count DESC, id DESC"_s;
    case UserOrder::NewestFirst:
        break;
    }
    return u"ORDER BY id DESC"_s;
}

} // namespace

Result<std::vector<User>> UserRepository::all(UserOrder order, Page page) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          selectUsers(u"WHERE status <> 3 AND id < :before "_s % orderBy(order)
                                      % u" LIMIT :limit OFFSET :offset"_s),
                          {{u":before"_s, page.ceiling()},
                           {u":limit"_s, page.rows()},
                           {u":offset"_s, page.offset}}),
                  userFrom);
}

Result<std::vector<User>> UserRepository::search(const QString &keyword) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          selectUsers(u"WHERE status <> 3 AND (CAST(id AS text) = :keyword"
                                      " OR lower(username) LIKE lower(:prefix) ESCAPE '\\'"
                                      " OR lower(email) LIKE lower(:prefix) ESCAPE '\\'"
                                      " OR lower(display_name) LIKE lower(:prefix) ESCAPE '\\')"
                                      " ORDER BY id DESC"_s),
                          {{u":keyword"_s, keyword}, {u":prefix"_s, prefixPattern(keyword)}}),
                  userFrom);
}

Result<User> UserRepository::find(UserId id) const
{
    return required(
        firstRow(m_database,
                 execute(m_database, selectUsers(u"WHERE id = :id"_s), {{u":id"_s, id.value}}),
                 userFrom),
        noSuchUser);
}

Result<std::optional<User>> UserRepository::findByName(const QString &username) const
{
    return firstRow(m_database,
                    execute(m_database,
                            selectUsers(u"WHERE username = :username AND status <> 3"_s),
                            {{u":username"_s, username}}),
                    userFrom);
}

Result<std::optional<User>> UserRepository::findNamesake(const QString &username,
                                                         UserId except) const
{
    return firstRow(
        m_database,
        execute(m_database,
                selectUsers(u"WHERE lower(username) = lower(:username) AND id <> :except"
                            " AND status <> 3 ORDER BY id LIMIT 1"_s),
                {{u":username"_s, username}, {u":except"_s, except.value}}),
        userFrom);
}

Result<std::optional<User>> UserRepository::findByNameOrEmail(const QString &text) const
{
    // A name counts before an address; an address that two users share is nobody's.
    Result<std::optional<User>> named = findByName(text);
    if (!named || *named || text.isEmpty())
        return named;
    Result<std::vector<User>> addressed =
        rowsOf(m_database,
               execute(m_database,
                       selectUsers(u"WHERE email = :email AND email <> '' AND status <> 3"
                                   " LIMIT 2"_s),
                       {{u":email"_s, text}}),
               userFrom);
    if (!addressed)
        return base::fail(addressed.error());
    return addressed->size() == 1 ? std::optional(addressed->front()) : std::nullopt;
}

Result<std::optional<User>> UserRepository::findByAccessToken(const QByteArray &hash) const
{
    return firstRow(m_database,
                    execute(m_database,
                            selectUsers(u"WHERE access_token_hash = :hash AND status <> 3"_s),
                            {{u":hash"_s, hash}}),
                    userFrom);
}

Result<std::optional<User>> UserRepository::findByInvitationCode(const QString &code) const
{
    return firstRow(m_database,
                    execute(m_database,
                            selectUsers(u"WHERE invitation_code = :code AND invitation_code <> ''"
                                        " AND status <> 3"_s),
                            {{u":code"_s, code}}),
                    userFrom);
}

Result<qint64> UserRepository::count() const
{
    return numberOf(m_database,
                    execute(m_database, u"SELECT count(*) FROM users WHERE status <> 3"_s));
}

Result<UserId> UserRepository::insert(const User &user, const QByteArray &passwordHash)
{
    const NewUser one{.user = user, .passwordHash = passwordHash};
    return insertAll({&one, 1}).map([](const std::vector<UserId> &ids) { return ids.front(); });
}

QString UserRepository::insertedColumns()
{
    return u"username, display_name, email, role, status, group_name, invitation_code, inviter_id,"
           " balance, used, request_count, created_at, session_epoch, password_hash,"
           " access_token_hash, "_s
           + budgetColumns();
}

Result<std::vector<UserId>> UserRepository::insertAll(std::span<const NewUser> users,
                                                      Destination destination)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const Result<std::vector<qint64>> numbers =
        insertRows(m_database,
                   users.size(),
                   {.table = u"users"_s,
                    .columns = insertedColumns(),
                    .idOf = [&](size_t row) { return users[row].user.id.value; },
                    .bindings = [&](size_t row) { return insertedBindings(users[row]); },
                    .destination = destination});
    if (!numbers)
        return base::fail(numbers.error());
    return transaction->commit().map([&] {
        std::vector<UserId> ids;
        for (const qint64 number : *numbers)
            ids.push_back({number});
        return ids;
    });
}

Result<> UserRepository::update(const User &user)
{
    Bindings bindings = decidedBindings(user);
    bindings.push_back({u":id"_s, user.id.value});
    return expectChange(execute(m_database,
                                u"UPDATE users SET username = :username,"
                                " display_name = :display_name, email = :email, role = :role,"
                                " status = :status, group_name = :group_name,"
                                " invitation_code = :invitation_code, inviter_id = :inviter_id, "_s
                                    % budgetAssignments() % u" WHERE id = :id"_s,
                                bindings),
                        noSuchUser);
}

Result<> UserRepository::remove(UserId id, qint64 now)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const QString name = u"deleted_"_s + QUuid::createUuid().toString(QUuid::Id128);
    const Result<> removed = expectChange(
        execute(m_database,
                u"UPDATE users SET former_username = username, former_status = status,"
                " username = :name, status = 3, invitation_code = '', deleted_at = :now,"
                " session_epoch = session_epoch + 1 WHERE id = :id AND status <> 3"_s,
                {{u":name"_s, name}, {u":now"_s, now}, {u":id"_s, id.value}}),
        noSuchUser);
    if (!removed)
        return removed;
    const Result<> tokens = done(
        execute(m_database,
                u"UPDATE tokens SET deleted_at = :now WHERE user_id = :id AND deleted_at = 0"_s,
                {{u":now"_s, now}, {u":id"_s, id.value}}));
    if (!tokens)
        return tokens;
    return transaction->commit();
}

Result<User> UserRepository::restore(UserId id)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    struct Former
    {
        QString name{};
        qint64 deletedAt = 0;
    };
    const Result<Former> former =
        required(firstRow(m_database,
                          execute(m_database,
                                  u"SELECT former_username, deleted_at FROM users"
                                  " WHERE id = :id AND status = 3 AND deleted_at <> 0"_s,
                                  {{u":id"_s, id.value}}),
                          [](const QSqlQuery &row) {
                              return Former{row.value(0).toString(), row.value(1).toLongLong()};
                          }),
                 noSuchUser);
    if (!former)
        return base::fail(former.error());
    const Result<QString> name = freeName(former->name);
    if (!name)
        return base::fail(name.error());
    const Result<> restored = expectChange(
        execute(m_database,
                u"UPDATE users SET username = :name, status = former_status, deleted_at = 0,"
                " former_username = '' WHERE id = :id"_s,
                {{u":name"_s, *name}, {u":id"_s, id.value}}),
        noSuchUser);
    if (!restored)
        return base::fail(restored.error());
    // Tokens that were deleted before stay so.
    const Result<> tokens = done(execute(m_database,
                                         u"UPDATE tokens SET deleted_at = 0"
                                         " WHERE user_id = :id AND deleted_at = :time"_s,
                                         {{u":id"_s, id.value}, {u":time"_s, former->deletedAt}}));
    if (!tokens)
        return base::fail(tokens.error());
    Result<User> user = find(id);
    if (!user)
        return user;
    return transaction->commit().map([&] { return *user; });
}

// `wanted`, or with a number behind it where another has taken the name.
Result<QString> UserRepository::freeName(const QString &wanted) const
{
    constexpr int tries = 1'000;
    QString name = wanted;
    for (int i = 2; i < tries; ++i) {
        const Result<std::optional<User>> other = findByName(name);
        if (!other)
            return base::fail(other.error());
        if (!*other)
            return name;
        name = wanted % u'-' % QString::number(i);
    }
    return base::fail(base::ErrorCode::Conflict, Message::tr("This user name is taken."));
}

// By what was summed up, which outlasts the lines of the ledger, and by the lines behind it.
Result<std::vector<UserFigures>> UserRepository::figures(qint64 since) const
{
    const Result<RollUpState> summedUp = rollUpState(m_database);
    if (!summedUp)
        return base::fail(summedUp.error());
    const auto kind = static_cast<int>(RollUpKind::User);
    // Whole days, and hours before the first of them: nothing is kept of less after two days.
    const qint64 firstDay = startOf(RollUpLevel::Day, since + dayLength - 1);
    return rowsOf(
        m_database,
        execute(
            m_database,
            u"SELECT users.id,"
            " (SELECT count(*) FROM tokens"
            "  WHERE tokens.user_id = users.id AND tokens.deleted_at = 0),"
            " (SELECT CAST(coalesce(max(accessed_at), 0) AS bigint) FROM tokens"
            "  WHERE tokens.user_id = users.id AND accessed_at > created_at),"
            " CAST(coalesce(past.cost, 0) + coalesce(recent.cost, 0) AS bigint)"
            " FROM users LEFT JOIN"
            " (SELECT name, SUM(cost) AS cost FROM"
            "   (SELECT name, cost FROM traffic_rollups"
            "    WHERE level = :day AND kind = :kind AND start >= :first_day"
            "    UNION ALL SELECT name, cost FROM traffic_rollups"
            "    WHERE level = :hour AND kind = :hour_kind AND start >= :since"
            "    AND start < :until) AS spans GROUP BY name) AS past"
            " ON past.name = CAST(users.id AS text) LEFT JOIN"
            " (SELECT user_id, SUM(cost) AS cost FROM usage_records"
            "  WHERE id > :last AND created_at >= :begin AND kind = 2 GROUP BY user_id) AS recent"
            " ON recent.user_id = users.id WHERE users.status <> 3"_s,
            {{u":day"_s, static_cast<int>(RollUpLevel::Day)},
             {u":kind"_s, kind},
             {u":first_day"_s, firstDay},
             {u":hour"_s, static_cast<int>(RollUpLevel::Hour)},
             {u":hour_kind"_s, kind},
             {u":since"_s, startOf(RollUpLevel::Hour, since)},
             {u":until"_s, firstDay},
             {u":last"_s, summedUp->last},
             {u":begin"_s, since}}),
        [](const QSqlQuery &row) {
            return UserFigures{.user = {row.value(0).toLongLong()},
                               .tokens = row.value(1).toLongLong(),
                               .lastSeen = row.value(2).toLongLong(),
                               .charge = domain::Cost{row.value(3).toLongLong()}.charge()};
        });
}

Result<QByteArray> UserRepository::passwordHash(UserId id) const
{
    return required(firstRow(m_database,
                             execute(m_database,
                                     u"SELECT password_hash FROM users WHERE id = :id"_s,
                                     {{u":id"_s, id.value}}),
                             [](const QSqlQuery &row) { return row.value(0).toByteArray(); }),
                    noSuchUser);
}

Result<qint64> UserRepository::setPasswordHash(UserId id, const QByteArray &hash)
{
    return required(firstRow(m_database,
                             execute(m_database,
                                     u"UPDATE users SET password_hash = :hash,"
                                     " access_token_hash = NULL,"
                                     " session_epoch = session_epoch + 1 WHERE id = :id"
                                     " RETURNING session_epoch"_s,
                                     {{u":hash"_s, hash}, {u":id"_s, id.value}}),
                             [](const QSqlQuery &row) { return row.value(0).toLongLong(); }),
                    noSuchUser);
}

Result<>
UserRepository::renewPasswordHash(UserId id, const QByteArray &former, const QByteArray &hash)
{
    return done(execute(m_database,
                        u"UPDATE users SET password_hash = :hash"
                        " WHERE id = :id AND password_hash = :former"_s,
                        {{u":hash"_s, hash}, {u":id"_s, id.value}, {u":former"_s, former}}));
}

Result<> UserRepository::setAccessTokenHash(UserId id, const QByteArray &hash)
{
    return expectChange(execute(m_database,
                                u"UPDATE users SET access_token_hash = :hash WHERE id = :id"_s,
                                {{u":hash"_s, bytesOrNull(hash)}, {u":id"_s, id.value}}),
                        noSuchUser);
}

Result<qint64> UserRepository::raiseSessionEpoch(UserId id)
{
    return required(firstRow(m_database,
                             execute(m_database,
                                     u"UPDATE users SET session_epoch = session_epoch + 1"
                                     " WHERE id = :id RETURNING session_epoch"_s,
                                     {{u":id"_s, id.value}}),
                             [](const QSqlQuery &row) { return row.value(0).toLongLong(); }),
                    noSuchUser);
}

Result<> UserRepository::signOut(UserId id)
{
    return expectChange(execute(m_database,
                                u"UPDATE users SET access_token_hash = NULL,"
                                " session_epoch = session_epoch + 1 WHERE id = :id"_s,
                                {{u":id"_s, id.value}}),
                        noSuchUser);
}

Result<> UserRepository::signOutAll()
{
    return done(execute(m_database,
                        u"UPDATE users SET access_token_hash = NULL,"
                        " session_epoch = session_epoch + 1"_s));
}

Result<BalanceChange> UserRepository::adjustBalance(UserId id, Quota delta)
{
    return changeBalance(id, [&](Quota before) { return before + delta; });
}

Result<BalanceChange> UserRepository::setBalance(UserId id, Quota balance)
{
    return changeBalance(id, [&](Quota) { return balance; });
}

Result<BalanceChange> UserRepository::changeBalance(UserId id,
                                                    const std::function<Quota(Quota)> &change)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const Result<qint64> before =
        required(firstRow(m_database,
                          execute(m_database,
                                  u"SELECT balance FROM users WHERE id = :id"_s
                                      + m_database.dialect().lockingSuffix(),
                                  {{u":id"_s, id.value}}),
                          [](const QSqlQuery &row) { return row.value(0).toLongLong(); }),
                 noSuchUser);
    if (!before)
        return base::fail(before.error());
    const BalanceChange result{.before = {*before}, .after = change({*before})};
    const Result<> changed =
        expectChange(execute(m_database,
                             u"UPDATE users SET balance = :balance WHERE id = :id"_s,
                             {{u":balance"_s, result.after.units}, {u":id"_s, id.value}}),
                     noSuchUser);
    if (!changed)
        return base::fail(changed.error());
    return transaction->commit().map([&] { return result; });
}

} // namespace gatehouse::storage
