#include "admin/people/tokenmanager.h"

#include "admin/people/tokenstore.h"
#include "admin/people/userstore.h"
#include "base/logging.h"
#include "secrets/tokenkey.h"
#include "storage/repositories/formerkeyuses.h"
#include "storage/repositories/userrepository.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Quota;
using domain::Token;
using domain::TokenId;
using domain::TokenStatus;
using storage::Database;
using storage::Keys;
using storage::TokenRepository;

namespace {

constexpr std::chrono::hours longestGrace{24 * 30};

template<typename T>
std::optional<Answer<T>> refusalFor(const Actor &actor)
{
    if (actor.is(domain::Role::Administrator))
        return std::nullopt;
    return refused<T>(ErrorCode::Denied, Message::tr("You do not have the right to do this."));
}

// What has been spent meanwhile cannot be taken away again.
Quota changedBy(Quota balance, Quota change)
{
    const qint64 left = qMax<qint64>(0, balance.units);
    return balance + Quota{qMax(change.units, -left)};
}

// By itself, not by a person.
bool hasEnded(const Token &token)
{
    return token.status == TokenStatus::Expired || token.status == TokenStatus::Exhausted;
}

// Gives `token` the former value of what the change changed; what it left alone stays as it is. Of the
// balance what was added is taken, as far as it is there.
void takeBack(Token &token, const ChangedToken &change, qint64 now)
{
    // The balance of another period has nothing of what was changed in that one.
    if (token.budget.resetsAt == change.after.budget.resetsAt)
        token.balance = changedBy(token.balance, change.before.balance - change.after.balance);
    const auto each = [&](auto... members) {
        const auto one = [&](auto member) {
            if (change.before.*member != change.after.*member)
                token.*member = change.before.*member;
        };
        (one(members), ...);
    };
    each(&Token::name,
         &Token::expiresAt,
         &Token::unlimited,
         &Token::models,
         &Token::addressRanges,
         &Token::requestsPerMinute,
         &Token::tokensPerMinute,
         &Token::concurrentRequests,
         &Token::capture);
    // One that began again by the change, and was switched off by a person since, stays off.
    const bool stays = token.status == TokenStatus::Disabled && hasEnded(change.before);
    if (change.before.status != change.after.status && !stays)
        token.status = change.before.status;
    const domain::Budget &former = change.before.budget;
    const domain::Budget &latter = change.after.budget;
    if (former.warning != latter.warning)
        token.budget.warning = former.warning;
    if (former.period != latter.period || former.limit != latter.limit) {
        const int warning = token.budget.warning;
        token.budget = budgetAgain(former, now);
        token.budget.warning = warning;
    }
}

Token withoutKey(Token token)
{
    token.key = {};
    return token;
}

} // namespace

TokenManager::TokenManager(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{}

Answer<std::vector<TokenListing>> TokenManager::list(const Actor &actor)
{
    if (auto refusal = refusalFor<std::vector<TokenListing>>(actor))
        return *refusal;
    return m_base.storage.read(
        [sealer = &m_base.sealer](Database &database) { return listTokens(database, *sealer); });
}

Answer<TokenListing> TokenManager::find(const Actor &actor, TokenId id)
{
    if (auto refusal = refusalFor<TokenListing>(actor))
        return *refusal;
    return m_base.storage.read([sealer = &m_base.sealer,
                                id](Database &database) -> Result<TokenListing> {
        Result<Token> token =
            TokenRepository(database, *sealer).findOfAnyone(id, Keys::OpenIfPossible);
        if (!token)
            return fail(token.error());
        const Result<domain::User> owner = storage::UserRepository(database).find(token->userId);
        if (!owner)
            return fail(owner.error());
        Result<std::vector<domain::FormerKeyUse>> uses =
            token->formerKeyHash.isEmpty() ? std::vector<domain::FormerKeyUse>()
                                           : storage::FormerKeyUses(database).of(id);
        if (!uses)
            return fail(uses.error());
        const QString masked = u"sk-"_s + secrets::maskedKey(token->key);
        return TokenListing{.token = withoutKey(std::move(*token)),
                            .owner = owner->username,
                            .group = owner->group,
                            .maskedKey = masked,
                            .formerUses = std::move(*uses)};
    });
}

Answer<base::Secret> TokenManager::reveal(const Actor &actor, TokenId id)
{
    if (auto refusal = refusalFor<base::Secret>(actor))
        return *refusal;
    // Written, since the history tells of it.
    return m_base.storage.write([sealer = &m_base.sealer, id](Database &database) {
        return storeRevelation(database, *sealer, id);
    });
}

Answer<Token> TokenManager::create(const Actor &actor, domain::UserId owner, Token token)
{
    if (auto refusal = refusalFor<Token>(actor))
        return *refusal;
    Result<Token> made = newToken(std::move(token), owner, m_base.now());
    if (!made)
        return refused<Token>(made.error());
    return m_base.publisher.change(
        [sealer = &m_base.sealer, keepsKeys = m_base.keepsKeys(), token = std::move(*made)](
            Database &database) mutable -> Result<Token> {
            const Result<domain::User> found = storage::UserRepository(database).find(token.userId);
            if (!found || found->status == domain::UserStatus::Deleted)
                return fail(ErrorCode::NotFound, Message::tr("This user does not exist."));
            return storeNew(database, *sealer, std::move(token), keepsKeys);
        });
}

Answer<std::vector<ChangedToken>>
TokenManager::change(const Actor &actor, std::vector<TokenId> ids, TokenEdit edit)
{
    if (auto refusal = refusalFor<std::vector<ChangedToken>>(actor))
        return *refusal;
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, ids = std::move(ids), edit = std::move(edit), now = m_base.now()](
            Database &database) { return storeEdits(database, *sealer, ids, edit, now); },
        [this](const std::vector<StoredToken> &all) {
            for (const StoredToken &stored : all)
                m_base.admission.adjustToken(stored.token.userId, stored.token.id, stored.delta);
        });
    return onSuccess(changed, this, [](std::vector<StoredToken> all) {
        std::vector<ChangedToken> answer;
        answer.reserve(all.size());
        for (StoredToken &stored : all)
            answer.push_back({.before = withoutKey(std::move(stored.before)),
                              .after = withoutKey(std::move(stored.token))});
        return Result<std::vector<ChangedToken>>(std::move(answer));
    });
}

Answer<std::vector<ChangedToken>>
TokenManager::setStatus(const Actor &actor, std::vector<TokenId> ids, domain::TokenStatus status)
{
    return change(actor, std::move(ids), statusEdit(status, m_base.now()));
}

Answer<std::vector<ChangedToken>> TokenManager::undo(const Actor &actor,
                                                     std::vector<ChangedToken> changes)
{
    std::vector<TokenId> ids;
    QHash<TokenId, ChangedToken> wanted;
    for (const ChangedToken &one : changes) {
        ids.push_back(one.before.id);
        wanted.insert(one.before.id, one);
    }
    return change(actor, std::move(ids), [wanted, now = m_base.now()](Token &token) -> Result<> {
        takeBack(token, wanted.value(token.id), now);
        return {};
    });
}

Answer<> TokenManager::remove(const Actor &actor, std::vector<TokenId> ids)
{
    if (auto refusal = refusalFor<void>(actor))
        return *refusal;
    return m_base.publisher.change(
        [sealer = &m_base.sealer, ids = std::move(ids), now = m_base.now()](Database &database) {
            return storeRemovals(database, *sealer, std::nullopt, ids, now);
        });
}

Answer<> TokenManager::restore(const Actor &actor, std::vector<TokenId> ids)
{
    if (auto refusal = refusalFor<void>(actor))
        return *refusal;
    return m_base.publisher.change(
        [sealer = &m_base.sealer, ids = std::move(ids)](Database &database) {
            return storeRestorations(database, *sealer, ids);
        });
}

Answer<RotatedToken>
TokenManager::rotate(const Actor &actor, TokenId id, std::chrono::seconds grace)
{
    if (auto refusal = refusalFor<RotatedToken>(actor))
        return *refusal;
    if (grace.count() < 0 || grace > longestGrace) {
        return refused<RotatedToken>(
            ErrorCode::InvalidInput,
            Message::tr("A former key can stay valid for at most 30 days."));
    }
    return m_base.publisher.change(
        [sealer = &m_base.sealer, id, grace, keepsKeys = m_base.keepsKeys(), now = m_base.now()](
            Database &database) {
            return storeRotation(database, *sealer, id, grace, keepsKeys, now);
        });
}

Answer<qint64> TokenManager::forgetKeys(const Actor &actor)
{
    if (auto refusal = refusalFor<qint64>(actor))
        return *refusal;
    return m_base.storage.write(
        [sealer = &m_base.sealer](Database &database) { return storeOblivion(database, *sealer); });
}

Answer<> TokenManager::endGrace(const Actor &actor, TokenId id)
{
    if (auto refusal = refusalFor<void>(actor))
        return *refusal;
    return m_base.publisher.change([sealer = &m_base.sealer, id](Database &database) {
        return storeEndOfGrace(database, *sealer, id);
    });
}

Answer<std::vector<ChangedToken>>
TokenManager::topUpAll(const Actor &actor, std::vector<TokenId> ids, Quota amount)
{
    return change(actor, std::move(ids), [amount](Token &token) -> Result<> {
        token.balance = changedBy(token.balance, amount);
        return {};
    });
}

Answer<Quota> TokenManager::topUp(const Actor &actor, TokenId id, Quota amount)
{
    return onSuccess(topUpAll(actor, {id}, amount), this, [](const std::vector<ChangedToken> &all) {
        return Result<Quota>(all.front().after.balance);
    });
}

Answer<Quota> TokenManager::resetUsage(const Actor &actor, TokenId id)
{
    if (auto refusal = refusalFor<Quota>(actor))
        return *refusal;
    return m_base.publisher.change([sealer = &m_base.sealer, id](Database &database) {
        return storeUsageReset(database, *sealer, id);
    });
}

void TokenManager::formerKeyUsed(const domain::FormerKeyUse &use)
{
    const auto stored = m_base.storage.write(
        [use](Database &database) { return storage::FormerKeyUses(database).note(use); });
    QFuture(stored).then(this, [](const Result<> &done) {
        if (!done)
            qCWarning(base::lcAdmin)
                << "The use of a former key was not noted:" << done.error().message.english();
    });
}

} // namespace gatehouse::admin
