#pragma once

namespace gatehouse::domain {

// What can be said of a channel at one moment, from quiet to loud. Amber states (Degraded, Limited)
// serve or wait a moment; Open does not serve and tries again by itself; AuthenticationFailed and
// NoCredit do not serve until a person acts.
enum class Health {
    Healthy,
    Degraded, // some attempts fail, the breaker is closed
    Limited,  // rests because the provider said so (429, Retry-After)
    Testing,  // a test is under way, or the breaker lets one attempt through
    Open,     // the breaker is open
    AuthenticationFailed,
    NoCredit,
    Disabled, // by a person
};

} // namespace gatehouse::domain
