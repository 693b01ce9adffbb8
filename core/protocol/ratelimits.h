#pragma once

#include "domain/providertype.h"
#include "http/headers.h"

#include <chrono>
#include <optional>

namespace gatehouse::protocol {

// What a client may do within a minute, and what of that is left to it.
struct RateLimit
{
    qint64 limit = 0;
    qint64 remaining = 0;
    std::chrono::seconds reset{}; // until all of it is there again

    bool operator==(const RateLimit &) const = default;
};

// Absent: it has no such limit.
struct RateLimits
{
    std::optional<RateLimit> requests{};
    std::optional<RateLimit> tokens{};

    bool operator==(const RateLimits &) const = default;
};

// Adds the limits in the fields of the dialect. Gemini has none, so nothing is added for it.
void addRateLimits(domain::Dialect dialect,
                   const RateLimits &limits,
                   std::chrono::sys_seconds now,
                   http::Headers &target);

// True of the fields in which providers tell such limits.
bool tellsRateLimit(QByteArrayView name);

} // namespace gatehouse::protocol
