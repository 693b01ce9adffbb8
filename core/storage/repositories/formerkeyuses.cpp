#include "storage/repositories/formerkeyuses.h"

#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::FormerKeyUse;
using domain::TokenId;

namespace {

QString selectUses(const QString &where)
{
    return u"SELECT token_id, client, address, used_at FROM former_key_uses"_s % where
           % u" ORDER BY used_at DESC, client, address"_s;
}

// The column order is that of selectUses().
FormerKeyUse useFrom(const QSqlQuery &row)
{
    return {.token = {row.value(0).toLongLong()},
            .client = row.value(1).toString(),
            .address = row.value(2).toString(),
            .usedAt = row.value(3).toLongLong()};
}

} // namespace

Result<std::vector<FormerKeyUse>> FormerKeyUses::all() const
{
    return rowsOf(m_database, execute(m_database, selectUses({})), useFrom);
}

Result<std::vector<FormerKeyUse>> FormerKeyUses::of(TokenId token) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          selectUses(u" WHERE token_id = :token"_s),
                          {{u":token"_s, token.value}}),
                  useFrom);
}

Result<> FormerKeyUses::note(const FormerKeyUse &use)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    Result<> noted =
        done(execute(m_database,
                     u"INSERT INTO former_key_uses (token_id, client, address, used_at)"
                     " VALUES (:token, :client, :address, :now)"
                     " ON CONFLICT (token_id, client, address) DO UPDATE SET used_at = :again"_s,
                     {{u":token"_s, use.token.value},
                      {u":client"_s, use.client},
                      {u":address"_s, use.address},
                      {u":now"_s, use.usedAt},
                      {u":again"_s, use.usedAt}}));
    if (noted) {
        noted = done(execute(
            m_database,
            u"DELETE FROM former_key_uses WHERE token_id = :token AND (client, address) NOT IN"
            " (SELECT client, address FROM former_key_uses WHERE token_id = :same"
            " ORDER BY used_at DESC, client, address LIMIT :kept)"_s,
            {{u":token"_s, use.token.value}, {u":same"_s, use.token.value}, {u":kept"_s, kept}}));
    }
    if (noted) {
        noted = done(execute(m_database,
                             u"UPDATE tokens SET former_used_at = :now WHERE id = :token"_s,
                             {{u":now"_s, use.usedAt}, {u":token"_s, use.token.value}}));
    }
    return noted ? transaction->commit() : noted;
}

Result<> FormerKeyUses::forget(TokenId token)
{
    return done(execute(m_database,
                        u"DELETE FROM former_key_uses WHERE token_id = :token"_s,
                        {{u":token"_s, token.value}}));
}

} // namespace gatehouse::storage
