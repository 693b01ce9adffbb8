#pragma once

#include "domain/token.h"

namespace gatehouse::domain {

// A client that went on with the key of a token from before its last rotation.
struct FormerKeyUse
{
    TokenId token{};
    QString client{}; // the program; empty: not known
    QString address{};
    qint64 usedAt = 0; // the last time, in seconds since 1970, UTC

    bool operator==(const FormerKeyUse &) const = default;
};

} // namespace gatehouse::domain
