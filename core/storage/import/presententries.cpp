#include "storage/import/presententries.h"

#include "storage/import/importedentries.h"
#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::fail;
using base::Result;
using domain::UserId;

namespace {

Result<qint64> lastId(Database &database, const QString &table)
{
    return numberOf(database, execute(database, database.dialect().lastIdOf(table)));
}

Result<> readUsers(Database &database, PresentEntries &present)
{
    Result<QSqlQuery> rows =
        execute(database,
                u"SELECT id, username, status, password_hash,"
                " access_token_hash, invitation_code, group_name, role, email FROM users"_s);
    if (!rows)
        return fail(rows.error());
    while (true) {
        const Result<bool> row = nextRow(database, *rows);
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const UserId id{rows->value(0).toLongLong()};
        const QString name = rows->value(1).toString();
        present.usernames.insert(name);
        if (const QByteArray token = rows->value(4).toByteArray(); !token.isEmpty())
            present.accessTokenHashes.insert(token);
        if (const QString code = rows->value(5).toString(); !code.isEmpty())
            present.invitationCodes.insert(code);
        if (rows->value(2).toInt() == static_cast<int>(domain::UserStatus::Deleted))
            continue;
        if (rows->value(7).toInt() != static_cast<int>(domain::Role::Root))
            present.usedGroups.insert(rows->value(6).toString().toUtf8());
        present.names.insert(id, name);
        if (const QString email = rows->value(8).toString(); !email.isEmpty())
            present.emails.insert(email);
        if (const QByteArray hash = rows->value(3).toByteArray(); !hash.isEmpty())
            present.passwords.insert(hash, id);
    }
}

// The former key of a token that was rotated is taken for as long as it is kept.
Result<> readTokens(Database &database, PresentEntries &present)
{
    Result<QSqlQuery> rows = execute(
        database, u"SELECT id, user_id, key_hash, former_key_hash, deleted_at FROM tokens"_s);
    if (!rows)
        return fail(rows.error());
    while (true) {
        const Result<bool> row = nextRow(database, *rows);
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const UserId owner{rows->value(1).toLongLong()};
        const QByteArray hash = rows->value(2).toByteArray();
        const QByteArray former = rows->value(3).toByteArray();
        if (rows->value(4).toLongLong() != 0) {
            present.deletedKeys.insert(hash);
            continue;
        }
        present.tokens.insert({rows->value(0).toLongLong()}, owner);
        present.owners.insert(hash, owner);
        if (!former.isEmpty())
            present.owners.insert(former, owner);
    }
}

template<typename Id>
Result<> readImported(Database &database, ImportedKind kind, QHash<QByteArray, Id> &ids)
{
    return ImportedEntries(database).all(kind).map([&](const QHash<QByteArray, qint64> &entries) {
        for (auto it = entries.cbegin(); it != entries.cend(); ++it)
            ids.insert(it.key(), Id{it.value()});
    });
}

Result<> readImported(Database &database, PresentEntries &present)
{
    return readImported(database, ImportedKind::User, present.importedUsers)
        .and_then(
            [&] { return readImported(database, ImportedKind::Token, present.importedTokens); })
        .and_then([&] {
            return readImported(database, ImportedKind::Channel, present.importedChannels);
        });
}

} // namespace

Result<bool> hasNewEntries(Database &database, const PresentEntries &since)
{
    const Result<qint64> user = lastId(database, u"users"_s);
    const Result<qint64> token = lastId(database, u"tokens"_s);
    const Result<qint64> channel = lastId(database, u"channels"_s);
    for (const Result<qint64> *number : {&user, &token, &channel}) {
        if (!*number)
            return fail(number->error());
    }
    return *user != since.lastUserId || *token != since.lastTokenId
           || *channel != since.lastChannelId;
}

Result<PresentEntries> presentEntries(Database &database)
{
    const Result<qint64> user = lastId(database, u"users"_s);
    const Result<qint64> token = lastId(database, u"tokens"_s);
    const Result<qint64> channel = lastId(database, u"channels"_s);
    for (const Result<qint64> *number : {&user, &token, &channel}) {
        if (!*number)
            return fail(number->error());
    }
    PresentEntries present{.lastUserId = *user, .lastTokenId = *token, .lastChannelId = *channel};
    const Result<> read = readUsers(database, present)
                              .and_then([&] { return readTokens(database, present); })
                              .and_then([&] { return readImported(database, present); });
    if (!read)
        return fail(read.error());
    return present;
}

} // namespace gatehouse::storage
