#include "relay/admission/admission.h"

#include "base/logging.h"

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using base::lcRelay;
using domain::Quota;

namespace {

tl::unexpected<Refusal> refuse(QByteArray code, base::Message message)
{
    constexpr int tooManyRequests = 429;
    return tl::unexpected(
        Refusal{.status = tooManyRequests, .code = std::move(code), .message = std::move(message)});
}

tl::unexpected<Refusal>
refuseForNow(QByteArray code, base::Message message, std::chrono::seconds wait)
{
    tl::unexpected<Refusal> refusal = refuse(std::move(code), std::move(message));
    refusal.value().retryAfter = wait;
    refusal.value().worthRetrying = true;
    return refusal;
}

tl::unexpected<Refusal> refuseUsedUp(const domain::Budget &budget,
                                     QStringView whose,
                                     QStringView whoMayRaiseIt,
                                     const base::Clock &clock)
{
    QString text = u"The quota of this %1 is used up. %2 can raise it."_s.arg(whose, whoMayRaiseIt);
    std::optional<std::chrono::seconds> wait;
    if (budget.isPeriodic()) {
        const qint64 now = clock.wallMilliseconds() / 1000;
        wait = std::chrono::seconds(std::max<qint64>(1, budget.resetsAt - now));
        text += u" It begins anew at %1."_s.arg(
            QDateTime::fromSecsSinceEpoch(budget.resetsAt, Qt::UTC).toString(Qt::ISODate));
    }
    tl::unexpected<Refusal> refusal = refuse("insufficient_quota", base::Message::verbatim(text));
    refusal.value().retryAfter = wait;
    return refusal;
}

// The balance is enough, but requests that still run hold it.
tl::unexpected<Refusal> refuseHeld(QStringView whose)
{
    return refuseForNow(
        "quota_held",
        base::Message::verbatim(
            u"What is left of the %1's quota is not enough beside requests that are "
            "still running. Ask again when they have ended."_s.arg(whose)),
        std::chrono::seconds(1));
}

} // namespace

Reservation::Reservation(Reservation &&other) noexcept
    : m_admission(std::exchange(other.m_admission, nullptr))
    , m_user(other.m_user)
    , m_token(other.m_token)
    , m_ofUser(other.m_ofUser)
    , m_ofToken(other.m_ofToken)
    , m_limited(other.m_limited)
    , m_sent(other.m_sent)
{}

Reservation &Reservation::operator=(Reservation &&other) noexcept
{
    if (this == &other)
        return *this;
    release();
    m_admission = std::exchange(other.m_admission, nullptr);
    m_user = other.m_user;
    m_token = other.m_token;
    m_ofUser = other.m_ofUser;
    m_ofToken = other.m_ofToken;
    m_limited = other.m_limited;
    m_sent = other.m_sent;
    return *this;
}

Reservation::~Reservation()
{
    if (!m_admission)
        return;
    if (m_sent) {
        qCCritical(lcRelay) << "A request ended without a settlement; its reservation of"
                            << amount().units << "units is booked in full.";
        settle(amount(), 0);
    } else {
        release();
    }
}

void Reservation::settle(Quota charge, qint64 tokens)
{
    if (Admission *admission = std::exchange(m_admission, nullptr))
        admission->close(*this, charge, tokens);
}

void Reservation::release()
{
    settle(Quota{}, 0);
}

std::optional<Hold> Admission::Account::holdFor(const Estimate &estimate) const
{
    const Quota most = std::max(estimate.most, estimate.least);
    Quota free = std::max(balance - held, Quota{});
    if (free >= most)
        return Hold{.amount = most};
    if (shortHold != 0)
        free -= lack;
    if (free < estimate.least || free.units <= 0)
        return std::nullopt;
    return Hold{.amount = free, .lack = most - free};
}

void Admission::Account::take(Hold &hold)
{
    held += hold.amount;
    if (hold.lack.units <= 0)
        return;
    if (shortHold != 0)
        held += lack; // the former one is short no more
    lack = hold.lack;
    shortHold = hold.number = ++lastNumber;
}

void Admission::Account::giveBack(const Hold &hold)
{
    held -= hold.amount;
    if (hold.lack.units <= 0)
        return;
    if (hold.number == shortHold)
        shortHold = 0;
    else
        held -= hold.lack;
}

Admission::Admission(const base::Clock &clock)
    : m_clock(clock)
{}

Admission::Shard &Admission::shardOf(domain::UserId user) const
{
    return m_shards.at(static_cast<size_t>(user.value) % m_shards.size());
}

void Admission::publish(const domain::Catalog &catalog)
{
    for (const domain::User &user : catalog.users()) {
        Shard &shard = shardOf(user.id);
        const std::lock_guard lock(shard.mutex);
        UserAccount account;
        account.balance = user.balance;
        shard.users.try_emplace(user.id.value, std::move(account));
    }
    for (const auto &entry : catalog.tokens()) {
        Shard &shard = shardOf(entry->token.userId);
        const std::lock_guard lock(shard.mutex);
        TokenAccount account;
        account.balance = entry->token.balance;
        shard.users[entry->token.userId.value].tokens.try_emplace(entry->token.id.value, account);
    }
}

void Admission::adjustUser(domain::UserId user, Quota delta)
{
    Shard &shard = shardOf(user);
    const std::lock_guard lock(shard.mutex);
    if (const auto account = shard.users.find(user.value); account != shard.users.end())
        account->second.balance += delta;
}

void Admission::adjustToken(domain::UserId user, domain::TokenId token, Quota delta)
{
    Shard &shard = shardOf(user);
    const std::lock_guard lock(shard.mutex);
    const auto account = shard.users.find(user.value);
    if (account == shard.users.end())
        return;
    const auto found = account->second.tokens.find(token.value);
    if (found != account->second.tokens.end())
        found->second.balance += delta;
}

Admitted<> Admission::checkRates(const domain::Token &token, TokenAccount &account) const
{
    const base::SteadyTime now = m_clock.steadyNow();
    if (token.concurrentRequests > 0 && account.running >= token.concurrentRequests) {
        return refuseForNow(
            "concurrency_limit_exceeded",
            base::Message::verbatim(
                u"This token may have %1 requests at one time. Wait for one to end."_s.arg(
                    token.concurrentRequests)),
            std::chrono::seconds(1));
    }
    if (token.requestsPerMinute > 0 && account.requests.sum(now) >= token.requestsPerMinute) {
        return refuseForNow(
            "rate_limit_exceeded",
            base::Message::verbatim(
                u"This token may make %1 requests a minute."_s.arg(token.requestsPerMinute)),
            account.requests.untilBelow(now, token.requestsPerMinute));
    }
    if (token.tokensPerMinute > 0 && account.tokens.sum(now) >= token.tokensPerMinute) {
        return refuseForNow("token_rate_limit_exceeded",
                            base::Message::verbatim(u"This token may use %1 tokens a minute."_s.arg(
                                token.tokensPerMinute)),
                            account.tokens.untilBelow(now, token.tokensPerMinute));
    }
    return {};
}

// What there is to hold back for it, or why nothing is held.
Admitted<Admission::Holds> Admission::holdsFor(const Caller &caller,
                                               const Estimate &estimate,
                                               const UserAccount &user,
                                               TokenAccount &account) const
{
    const domain::Token &token = caller.token->token;
    if (const Admitted<> allowed = checkRates(token, account); !allowed)
        return tl::unexpected(allowed.error());

    if (!token.unlimited && (account.balance.units <= 0 || account.balance < estimate.least))
        return refuseUsedUp(token.budget, u"token", u"Its owner", m_clock);
    if (user.balance < estimate.least || (estimate.most.units > 0 && user.balance.units <= 0)) {
        return refuseUsedUp(caller.token->user ? caller.token->user->budget : domain::Budget{},
                            u"user",
                            u"An administrator",
                            m_clock);
    }

    std::optional<Hold> ofUser = user.holdFor(estimate);
    if (!ofUser)
        return refuseHeld(u"user");
    const std::optional<Hold> ofToken =
        token.unlimited ? Hold{.amount = ofUser->amount} : account.holdFor(estimate);
    if (!ofToken)
        return refuseHeld(u"token");
    // Since it may overrun anyway, it need not keep others from what they could hold.
    if (ofUser->lack.units > 0 && ofToken->amount < ofUser->amount) {
        ofUser->lack += ofUser->amount - ofToken->amount;
        ofUser->amount = ofToken->amount;
    }
    return Holds{.ofUser = *ofUser, .ofToken = *ofToken};
}

Admitted<Reservation> Admission::reserve(const Caller &caller, const Estimate &estimate)
{
    const domain::Token &token = caller.token->token;
    Shard &shard = shardOf(token.userId);
    const std::lock_guard lock(shard.mutex);
    UserAccount &user = shard.users[token.userId.value];
    TokenAccount &account = user.tokens[token.id.value];

    Admitted<Holds> holds = holdsFor(caller, estimate, user, account);
    if (!holds)
        return tl::unexpected(holds.error());

    user.take(holds->ofUser);
    account.take(holds->ofToken);
    ++account.running;
    account.requests.add(m_clock.steadyNow(), 1);

    Reservation reservation;
    reservation.m_admission = this;
    reservation.m_user = token.userId;
    reservation.m_token = token.id;
    reservation.m_ofUser = holds->ofUser;
    reservation.m_ofToken = holds->ofToken;
    reservation.m_limited = !token.unlimited;
    return reservation;
}

Admitted<> Admission::mayReserve(const Caller &caller, const Estimate &estimate) const
{
    const domain::Token &token = caller.token->token;
    Shard &shard = shardOf(token.userId);
    const std::lock_guard lock(shard.mutex);
    const auto user = shard.users.find(token.userId.value);
    if (user == shard.users.end())
        return {}; // not published yet
    const auto account = user->second.tokens.find(token.id.value);
    if (account == user->second.tokens.end())
        return {};
    const Admitted<Holds> holds = holdsFor(caller, estimate, user->second, account->second);
    if (!holds)
        return tl::unexpected(holds.error());
    return {};
}

void Admission::close(const Reservation &reservation, Quota charge, qint64 tokens)
{
    Shard &shard = shardOf(reservation.m_user);
    const std::lock_guard lock(shard.mutex);
    UserAccount &user = shard.users[reservation.m_user.value];
    TokenAccount &account = user.tokens[reservation.m_token.value];
    user.giveBack(reservation.m_ofUser);
    account.giveBack(reservation.m_ofToken);
    --account.running;
    user.balance -= charge;
    if (reservation.m_limited)
        account.balance -= charge;
    if (tokens > 0)
        account.tokens.add(m_clock.steadyNow(), tokens);
}

protocol::RateLimits Admission::rateLimits(const Caller &caller) const
{
    const domain::Token &token = caller.token->token;
    if (token.requestsPerMinute <= 0 && token.tokensPerMinute <= 0)
        return {};
    RateWindow requests;
    RateWindow tokens;
    {
        const Shard &shard = shardOf(token.userId);
        const std::lock_guard lock(shard.mutex);
        const auto user = shard.users.find(token.userId.value);
        if (user != shard.users.end()) {
            const auto account = user->second.tokens.find(token.id.value);
            if (account != user->second.tokens.end()) {
                requests = account->second.requests;
                tokens = account->second.tokens;
            }
        }
    }
    const base::SteadyTime now = m_clock.steadyNow();
    const auto left = [now](qint64 limit,
                            RateWindow &window) -> std::optional<protocol::RateLimit> {
        if (limit <= 0)
            return std::nullopt;
        const qint64 used = window.sum(now);
        return protocol::RateLimit{.limit = limit,
                                   .remaining = std::max<qint64>(0, limit - used),
                                   .reset = used > 0 ? window.untilBelow(now, 1)
                                                     : std::chrono::seconds(0)};
    };
    return {.requests = left(token.requestsPerMinute, requests),
            .tokens = left(token.tokensPerMinute, tokens)};
}

std::optional<Quota> Admission::userBalance(domain::UserId user) const
{
    const Shard &shard = shardOf(user);
    const std::lock_guard lock(shard.mutex);
    const auto account = shard.users.find(user.value);
    if (account == shard.users.end())
        return std::nullopt;
    return account->second.balance;
}

std::optional<Quota> Admission::tokenBalance(domain::UserId user, domain::TokenId token) const
{
    const Shard &shard = shardOf(user);
    const std::lock_guard lock(shard.mutex);
    const auto account = shard.users.find(user.value);
    if (account == shard.users.end())
        return std::nullopt;
    const auto found = account->second.tokens.find(token.value);
    if (found == account->second.tokens.end())
        return std::nullopt;
    return found->second.balance;
}

int Admission::running() const
{
    int running = 0;
    for (const Shard &shard : m_shards) {
        const std::lock_guard lock(shard.mutex);
        for (const auto &[user, account] : shard.users) {
            for (const auto &[token, own] : account.tokens)
                running += own.running;
        }
    }
    return running;
}

} // namespace gatehouse::relay
