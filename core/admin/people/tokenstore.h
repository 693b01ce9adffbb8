#pragma once

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
// Sets the status; an expired or exhausted token is not enabled.
TokenEdit statusEdit(domain::TokenStatus status, qint64 now);
// Makes a key where `token` has none, sets the times and checks all of it.
base::Result<domain::Token> newToken(domain::Token token, domain::UserId owner, qint64 now);

} // namespace gatehouse::admin
