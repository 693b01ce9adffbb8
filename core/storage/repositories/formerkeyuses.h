#pragma once

#include "domain/formerkeyuse.h"
#include "storage/database.h"

namespace gatehouse::storage {

// Who still uses the keys from before the last rotation of tokens: of each token the few clients that
// did so last.
class FormerKeyUses
{
public:
    static constexpr int kept = 8; // of each token

    explicit FormerKeyUses(Database &database)
        : m_database(database)
    {}

    // Of all tokens, the latest first.
    base::Result<std::vector<domain::FormerKeyUse>> all() const;
    base::Result<std::vector<domain::FormerKeyUse>> of(domain::TokenId token) const;
    // Also as the token's own time of last use.
    base::Result<> note(const domain::FormerKeyUse &use);
    base::Result<> forget(domain::TokenId token);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
