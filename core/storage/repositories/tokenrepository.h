#pragma once

#include "domain/token.h"
#include "storage/database.h"
#include "storage/keysealer.h"
#include "storage/repositories/destination.h"
#include "storage/repositories/page.h"
#include "storage/statement.h"

#include <QSqlQuery>

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace gatehouse::storage {

enum class TokenOrder { NewestFirst, Balance, Used }; // the largest first

// The tokens, each with its owner: what is asked for one owner never touches another's. Keys are
// sealed and found by their SHA-256. Deleted ones are found by restore() alone.
class TokenRepository
{
public:
    TokenRepository(Database &database, const KeySealer &sealer)
        : m_database(database)
        , m_sealer(sealer)
    {}

    // Of all owners.
    base::Result<std::vector<domain::Token>> all(Keys keys, Page page = {}) const;
    base::Result<std::vector<domain::Token>> ofOwner(domain::UserId owner,
                                                     Keys keys,
                                                     TokenOrder order = TokenOrder::NewestFirst,
                                                     Page page = {}) const;
    // Those whose name begins with `keyword`.
    base::Result<std::vector<domain::Token>>
    search(domain::UserId owner, const QString &keyword, Keys keys) const;
    // NotFound: there is none, or it is another's.
    base::Result<domain::Token> find(domain::UserId owner, domain::TokenId id, Keys keys) const;
    base::Result<std::optional<domain::Token>> findByHash(const QByteArray &keyHash,
                                                          Keys keys) const;
    base::Result<qint64> count() const;

    // `token.key` and `token.keyHash` must be set. Conflict: the key exists.
    base::Result<domain::TokenId> insert(const domain::Token &token);
    // Many at once, whose keys were never here; gives their ids in the same order.
    base::Result<std::vector<domain::TokenId>>
    insertAll(std::span<const domain::Token> tokens, Destination destination = Destination::Table);
    // What is set of a new one, without the id; the rest is the table's default.
    static QString insertedColumns();
    // Stores what the owner decides; neither key nor balance nor counters. `token.userId` is the
    // owner.
    base::Result<> update(const domain::Token &token);
    base::Result<> setStatus(domain::UserId owner, domain::TokenId id, domain::TokenStatus status);
    // Hides it until restore(), or until purgeDeleted() removes it. `now` in seconds since 1970, UTC.
    base::Result<> remove(domain::UserId owner, domain::TokenId id, qint64 now);
    // NotFound also where its owner is deleted.
    base::Result<> restore(domain::TokenId id);

    // For administrators.
    base::Result<domain::Token> findOfAnyone(domain::TokenId id, Keys keys) const;
    // Stores the key and hash of `token`; the key of `formerHash` (empty: none) stays valid until
    // `validUntil`.
    base::Result<>
    rotate(const domain::Token &token, const QByteArray &formerHash, qint64 validUntil);
    base::Result<> endGrace(domain::TokenId id);
    // Keeps of all keys, those of deleted tokens included, what `shortened` makes of them; absent: the key
    // stays, as does one that cannot be opened. Gives the number of those that were changed.
    using Shortened = std::function<std::optional<base::Secret>(const base::Secret &key)>;
    base::Result<qint64> shortenKeys(const Shortened &shortened);
    base::Result<> resetUsed(domain::TokenId id);

    base::Result<BalanceChange>
    adjustBalance(domain::UserId owner, domain::TokenId id, domain::Quota delta);
    base::Result<BalanceChange>
    setBalance(domain::UserId owner, domain::TokenId id, domain::Quota balance);

private:
    Bindings insertedBindings(const domain::Token &token) const;
    base::Result<BalanceChange>
    changeBalance(domain::UserId owner,
                  domain::TokenId id,
                  const std::function<domain::Quota(domain::Quota)> &change);
    base::Result<std::vector<domain::Token>> tokensFrom(base::Result<QSqlQuery> rows,
                                                        Keys keys) const;

    Database &m_database;
    const KeySealer &m_sealer;
};

} // namespace gatehouse::storage
