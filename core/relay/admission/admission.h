#pragma once

#include "base/clock.h"
#include "domain/catalog.h"
#include "protocol/ratelimits.h"
#include "relay/admission/caller.h"
#include "relay/admission/ratewindow.h"
#include "relay/admission/refusal.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace gatehouse::relay {

class Admission;

// What is held back of one balance for a request.
struct Hold
{
    domain::Quota amount{};
    domain::Quota
        lack{};         // what the request may cost beyond that: so far it can overrun the balance
    quint64 number = 0; // of one that lacks something, among those of its balance
};

// An amount held back from the balances of a user and a token for one request. Exactly one of
// settle() and release() ends it. One that is destroyed unsettled gives its amount back, but if the
// call was already sent it books the full amount, since nobody knows what was consumed.
class Reservation
{
public:
    Reservation() = default;
    Reservation(Reservation &&other) noexcept;
    Reservation &operator=(Reservation &&other) noexcept;
    ~Reservation();

    bool isOpen() const { return m_admission != nullptr; }
    domain::Quota amount() const { return std::min(m_ofUser.amount, m_ofToken.amount); }
    // The request has left for a provider.
    void markSent() { m_sent = true; }
    // Books `charge` in place of the held amount, and counts `tokens` into the token's rate.
    void settle(domain::Quota charge, qint64 tokens);
    void release();

private:
    friend class Admission;

    Admission *m_admission = nullptr;
    domain::UserId m_user{};
    domain::TokenId m_token{};
    Hold m_ofUser{};
    Hold m_ofToken{};      // of a token without a balance of its own: as much as may be needed
    bool m_limited = true; // the token has a balance of its own
    bool m_sent = false;
};

// What a request may cost. `least` must be there for it to begin; `most` is held back as far as the
// balance reaches, so that only a request that got less than it asked for can overrun a balance, and
// only one such request runs at a time for each balance. So `most` is a bound rather than a guess: of
// what cannot be told from the request, such as a picture's address, much is held, and a balance that
// is large enough for several of these has them in parallel.
struct Estimate
{
    domain::Quota least{};
    domain::Quota most{};
};

// The present balances of all users and tokens, and the rates of tokens. The database follows: each
// charge is written with its ledger row. Shared by all gateway threads and called from any; a mutex
// for each sixteenth of the users is held for no longer than an addition takes.
class Admission
{
public:
    explicit Admission(const base::Clock &clock);
    Admission(const Admission &) = delete;
    Admission &operator=(const Admission &) = delete;

    // Opens accounts for users and tokens that are new. The balances of known ones stay.
    void publish(const domain::Catalog &catalog);
    // A balance was changed by the management, by so much.
    void adjustUser(domain::UserId user, domain::Quota delta);
    void adjustToken(domain::UserId user, domain::TokenId token, domain::Quota delta);

    // Checks the limits of the token and holds the amount back.
    Admitted<Reservation> reserve(const Caller &caller, const Estimate &estimate);
    // Whether reserve() would do that now. Nothing is held or counted.
    Admitted<> mayReserve(const Caller &caller, const Estimate &estimate) const;

    // What the limits of the token leave to it now; nothing of those that it does not have.
    protocol::RateLimits rateLimits(const Caller &caller) const;

    std::optional<domain::Quota> userBalance(domain::UserId user) const;
    std::optional<domain::Quota> tokenBalance(domain::UserId user, domain::TokenId token) const;
    // Requests that hold a reservation now. Visits every account.
    int running() const;

private:
    friend class Reservation;

    // A balance and what running requests hold of it. One of them at most is short: it holds less than
    // it may cost. Another may follow once the balance has enough to hold what the first one lacks.
    struct Account
    {
        domain::Quota balance{};
        domain::Quota held{};
        domain::Quota lack{};  // of the short one
        quint64 shortHold = 0; // its number; 0: there is none
        quint64 lastNumber = 0;

        // As much of `most` as is free. Nothing: too little is, until a request ends or the balance is
        // raised.
        std::optional<Hold> holdFor(const Estimate &estimate) const;
        void take(Hold &hold);
        void giveBack(const Hold &hold);
    };
    struct TokenAccount : Account
    {
        int running = 0;
        RateWindow requests{};
        RateWindow tokens{};
    };
    struct UserAccount : Account
    {
        std::unordered_map<qint64, TokenAccount> tokens{};
    };
    struct Shard
    {
        mutable std::mutex mutex{};
        std::unordered_map<qint64, UserAccount> users{};
    };

    Shard &shardOf(domain::UserId user) const;
    void close(const Reservation &reservation, domain::Quota charge, qint64 tokens);
    Admitted<> checkRates(const domain::Token &token, TokenAccount &account) const;
    struct Holds
    {
        Hold ofUser{};
        Hold ofToken{};
    };
    Admitted<Holds> holdsFor(const Caller &caller,
                             const Estimate &estimate,
                             const UserAccount &user,
                             TokenAccount &account) const;

    const base::Clock &m_clock;
    mutable std::array<Shard, 16> m_shards{};
};

} // namespace gatehouse::relay
