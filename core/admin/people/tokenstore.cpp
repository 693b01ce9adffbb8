#include "admin/people/tokenstore.h"

#include "admin/history/differences.h"
#include "admin/people/userstore.h"
#include "secrets/tokenkey.h"
#include "storage/repositories/formerkeyuses.h"
#include "storage/traffic/usagerepository.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Error;
using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Token;
using domain::TokenId;
using domain::TokenStatus;
using storage::Database;
using storage::Keys;
using storage::TokenRepository;

namespace {

constexpr qsizetype longestModel = 200;
constexpr qsizetype mostModels = 1'000;
constexpr qsizetype mostRanges = 200;
constexpr qsizetype shortestKey = 16;
constexpr qsizetype longestKey = 200;

bool isExpired(const Token &token, qint64 now)
{
    return token.expiresAt >= 0 && token.expiresAt <= now;
}

bool isExhausted(const Token &token)
{
    return !token.unlimited && token.balance.units <= 0;
}

// Of several, the one that is refused has to be told.
Error naming(const Token &token, Error error)
{
    error.message = Message::tr("%1: %2").arg(token.name, error.message);
    return error;
}

bool hasControl(const QString &text)
{
    return std::any_of(
        text.cbegin(), text.cend(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

} // namespace

Result<> validate(const Token &token)
{
    if (token.name.size() > Token::longestName || hasControl(token.name)) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The name of a token has at most %1 characters.").arg(Token::longestName));
    }
    const Result<> sound =
        checkBalance(token.balance).and_then([&] { return checkBudget(token.budget); });
    if (!sound)
        return sound;
    if (token.expiresAt < -1) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The expiry must be a time in seconds since 1970, or -1 for never."));
    }
    if (token.models.size() > mostModels || token.addressRanges.size() > mostRanges)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The list of models or addresses is too long."));
    for (const QString &model : token.models) {
        if (model.isEmpty() || model.size() > longestModel || hasControl(model))
            return fail(ErrorCode::InvalidInput,
                        Message::tr("A model in the list has no usable name."));
    }
    if (token.requestsPerMinute < 0 || token.tokensPerMinute < 0 || token.concurrentRequests < 0)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A limit cannot be negative; 0 means none."));
    return {};
}

Result<StoredToken> storeEdit(Database &database,
                              const storage::KeySealer &sealer,
                              domain::UserId owner,
                              TokenId id,
                              const TokenEdit &edit,
                              qint64 now)
{
    TokenRepository tokens(database, sealer);
    const Result<Token> before = tokens.find(owner, id, Keys::Open);
    if (!before)
        return fail(before.error());
    StoredToken stored{.before = *before, .token = *before};
    Token &token = stored.token;
    if (Result<> edited = edit(token); !edited)
        return fail(edited.error());
    token.id = before->id;
    token.userId = before->userId;
    if (token.unlimited && token.budget.isPeriodic())
        changeBudget(token, token.budget, now);
    // What ended by itself begins again when it may.
    const bool ended =
        token.status == TokenStatus::Expired || token.status == TokenStatus::Exhausted;
    if (ended && !isExpired(token, now) && !isExhausted(token))
        token.status = TokenStatus::Enabled;
    // A balance that was overrun may stay as it is, or be overrun by less.
    Token checked = token;
    const bool isOverrun = token.balance.units < 0 && before->balance.units <= token.balance.units;
    if (token.balance == before->balance || isOverrun)
        checked.balance = {};
    const Result<> done = validate(checked).and_then([&] { return tokens.update(token); });
    if (!done)
        return fail(done.error());
    if (token.balance != before->balance) {
        const auto change = tokens.setBalance(owner, id, token.balance);
        if (!change)
            return fail(change.error());
        stored.delta = change->delta();
    }
    const Result<> noted =
        record(database,
               recordedToken(token, domain::HistoryAction::Changed, differences(*before, token)));
    if (!noted)
        return fail(noted.error());
    return stored;
}

Result<std::vector<StoredToken>> storeEdits(Database &database,
                                            const storage::KeySealer &sealer,
                                            const std::vector<TokenId> &ids,
                                            const TokenEdit &edit,
                                            qint64 now)
{
    std::vector<StoredToken> all;
    for (const TokenId id : ids) {
        const Result<Token> found = TokenRepository(database, sealer).findOfAnyone(id, Keys::Leave);
        if (!found)
            return fail(found.error());
        Result<StoredToken> stored = storeEdit(database, sealer, found->userId, id, edit, now);
        if (!stored)
            return fail(ids.size() > 1 ? naming(*found, stored.error()) : stored.error());
        all.push_back(std::move(*stored));
    }
    return all;
}

Result<std::vector<TokenListing>> listTokens(Database &database, const storage::KeySealer &sealer)
{
    Result<std::vector<Token>> tokens = TokenRepository(database, sealer).all(Keys::OpenIfPossible);
    if (!tokens)
        return fail(tokens.error());
    const Result<std::vector<domain::User>> users = storage::UserRepository(database).all();
    if (!users)
        return fail(users.error());
    QHash<domain::UserId, const domain::User *> owners;
    for (const domain::User &user : *users)
        owners.insert(user.id, &user);
    const auto uses = storage::UsageRepository(database).lastUses();
    if (!uses)
        return fail(uses.error());
    QHash<TokenId, const storage::LastUse *> lastUses;
    for (const storage::LastUse &use : *uses)
        lastUses.insert(use.token, &use);
    const auto formerUses = storage::FormerKeyUses(database).all();
    if (!formerUses)
        return fail(formerUses.error());
    std::vector<TokenListing> all;
    for (Token &token : *tokens) {
        TokenListing listing{.maskedKey = u"sk-"_s + secrets::maskedKey(token.key)};
        token.key = {};
        if (const domain::User *owner = owners.value(token.userId)) {
            listing.owner = owner->username;
            listing.group = owner->group;
        }
        if (const storage::LastUse *use = lastUses.value(token.id)) {
            listing.lastClient = QString::fromUtf8(use->client);
            listing.lastAddress = QString::fromUtf8(use->address);
        }
        if (!token.formerKeyHash.isEmpty()) {
            std::copy_if(
                formerUses->begin(),
                formerUses->end(),
                std::back_inserter(listing.formerUses),
                [&token](const domain::FormerKeyUse &use) { return use.token == token.id; });
        }
        listing.token = std::move(token);
        all.push_back(std::move(listing));
    }
    return all;
}

Result<RotatedToken> storeRotation(Database &database,
                                   const storage::KeySealer &sealer,
                                   TokenId id,
                                   std::chrono::seconds grace,
                                   bool keepsKeys,
                                   qint64 now)
{
    TokenRepository tokens(database, sealer);
    Result<Token> token = tokens.findOfAnyone(id, Keys::Leave);
    if (!token)
        return fail(token.error());
    const QByteArray former = grace.count() > 0 ? token->keyHash : QByteArray();
    const qint64 until = grace.count() > 0 ? now + grace.count() : 0;
    token->key = secrets::makeTokenKey();
    token->keyHash = secrets::viewOf(secrets::tokenKeyHash(token->key.reveal())).toByteArray();
    if (Result<> stored = tokens.rotate(asKept(*token, keepsKeys), former, until); !stored)
        return fail(stored.error());
    if (Result<> forgotten = storage::FormerKeyUses(database).forget(id); !forgotten)
        return fail(forgotten.error());
    token->formerKeyHash = former;
    token->formerValidUntil = until;
    token->formerUsedAt = 0;
    domain::FieldChanges fields;
    if (until > 0)
        fields.push_back({.field = u"former_valid_until"_s, .after = until});
    const Result<> noted = record(
        database, recordedToken(*token, domain::HistoryAction::KeyReplaced, std::move(fields)));
    if (!noted)
        return fail(noted.error());
    return RotatedToken{.token = std::move(*token), .formerValidUntil = until};
}

Token asKept(Token token, bool keepsKeys)
{
    if (!keepsKeys)
        token.key = base::Secret(secrets::maskedKey(token.key).toUtf8());
    return token;
}

void changeBudget(Token &token, domain::Budget wanted, qint64 now)
{
    if (token.unlimited)
        wanted.period = domain::BudgetPeriod::Once;
    domain::applyBudget(token.budget, token.balance, wanted, now, QTimeZone::systemTimeZone());
}

TokenEdit statusEdit(TokenStatus status, qint64 now)
{
    return [status, now](Token &token) -> Result<> {
        if (status != TokenStatus::Enabled && status != TokenStatus::Disabled) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("The status must be 1 (enabled) or 2 (disabled)."));
        }
        if (status == TokenStatus::Enabled && isExpired(token, now)) {
            return fail(ErrorCode::Conflict,
                        Message::tr("This token has expired. Give it a later expiry first."));
        }
        if (status == TokenStatus::Enabled && isExhausted(token)) {
            return fail(ErrorCode::Conflict,
                        Message::tr("The quota of this token is used up. Raise it first."));
        }
        token.status = status;
        return {};
    };
}

Result<Token> newToken(Token token, domain::UserId owner, qint64 now)
{
    token.id = {};
    token.userId = owner;
    token.status = TokenStatus::Enabled;
    token.used = {};
    if (Result<> sound = checkBudget(token.budget); !sound && !token.unlimited)
        return fail(sound.error());
    changeBudget(token, std::exchange(token.budget, {}), now);
    token.createdAt = now;
    token.accessedAt = token.createdAt;
    if (token.key.isEmpty()) {
        token.key = secrets::makeTokenKey();
    } else {
        const QByteArrayView key = secrets::parseClientKey(token.key.reveal()).key;
        if (key.size() < shortestKey || key.size() > longestKey) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr("A key has %1 to %2 characters.").arg(shortestKey).arg(longestKey));
        }
        token.key = base::Secret(key.toByteArray());
        if (secrets::isMasked(token.key)) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("This is a masked key, not a whole one."));
        }
    }
    token.keyHash = secrets::viewOf(secrets::tokenKeyHash(token.key.reveal())).toByteArray();
    if (Result<> sound = validate(token); !sound)
        return fail(sound.error());
    return token;
}

} // namespace gatehouse::admin
