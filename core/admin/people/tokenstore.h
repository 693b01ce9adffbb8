#pragma once

#include "admin/history/recording.h"
#include "admin/people/tokenmanager.h"

namespace gatehouse::admin {

struct StoredToken
{
    domain::Token before{};
    domain::Token token{};
    domain::Quota delta{}; // what was added to the balance
};

// The parts of TokenService and TokenManager that run in a storage thread, each within one
// transaction. `now` in seconds since 1970, UTC.

base::Result<StoredToken> storeEdit(storage::Database &database,
                                    const storage::KeySealer &sealer,
                                    domain::UserId owner,
                                    domain::TokenId id,
                                    const TokenEdit &edit,
                                    qint64 now);
// Of anyone; all or none.
base::Result<std::vector<StoredToken>> storeEdits(storage::Database &database,
                                                  const storage::KeySealer &sealer,
                                                  const std::vector<domain::TokenId> &ids,
                                                  const TokenEdit &edit,
                                                  qint64 now);
base::Result<std::vector<TokenListing>> listTokens(storage::Database &database,
                                                   const storage::KeySealer &sealer);
base::Result<RotatedToken> storeRotation(storage::Database &database,
                                         const storage::KeySealer &sealer,
                                         domain::TokenId id,
                                         std::chrono::seconds grace,
                                         bool keepsKeys,
                                         qint64 now);
// Token and key as they are stored: where keys are not kept, with the ends of its key alone.
domain::Token asKept(domain::Token token, bool keepsKeys);
// A new one, which is complete but for its id; see newToken(). Where keys are not kept, it is stored with the
// ends of its key alone.
base::Result<domain::Token> storeNew(storage::Database &database,
                                     const storage::KeySealer &sealer,
                                     domain::Token token,
                                     bool keepsKeys);
// Likewise hides them, of anyone or of one owner alone, and brings them back.
base::Result<> storeRemovals(storage::Database &database,
                             const storage::KeySealer &sealer,
                             std::optional<domain::UserId> owner,
                             const std::vector<domain::TokenId> &ids,
                             qint64 now);
base::Result<> storeRestorations(storage::Database &database,
                                 const storage::KeySealer &sealer,
                                 const std::vector<domain::TokenId> &ids);
// The key as a client sends it.
base::Result<base::Secret>
storeRevelation(storage::Database &database, const storage::KeySealer &sealer, domain::TokenId id);
// Keeps of all keys their ends alone. Gives the number of those that were kept until now.
base::Result<qint64> storeOblivion(storage::Database &database, const storage::KeySealer &sealer);
base::Result<>
storeEndOfGrace(storage::Database &database, const storage::KeySealer &sealer, domain::TokenId id);
// Gives what was used.
base::Result<domain::Quota>
storeUsageReset(storage::Database &database, const storage::KeySealer &sealer, domain::TokenId id);
// An entry of the history about a token.
Recorded recordedToken(const domain::Token &token,
                       domain::HistoryAction action,
                       domain::FieldChanges fields = {});
// Sets the status; an expired or exhausted token is not enabled.
TokenEdit statusEdit(domain::TokenStatus status, qint64 now);
// Makes a key where `token` has none, sets the times and checks all of it.
base::Result<domain::Token> newToken(domain::Token token, domain::UserId owner, qint64 now);

} // namespace gatehouse::admin
