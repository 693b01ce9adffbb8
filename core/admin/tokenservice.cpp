#include "admin/tokenservice.h"

#include "admin/userstore.h"
#include "secrets/tokenkey.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Result;
using domain::Token;
using domain::TokenId;
using domain::TokenStatus;
using storage::Database;
using storage::Keys;
using storage::TokenRepository;

namespace {

constexpr qsizetype longestName = 100;
constexpr qsizetype longestModel = 200;
constexpr qsizetype mostModels = 1'000;
constexpr qsizetype mostRanges = 200;
constexpr qsizetype shortestKey = 16;
constexpr qsizetype longestKey = 200;

struct StoredToken
{
    Token token{};
    domain::Quota delta{};
};

bool isExpired(const Token &token, qint64 now)
{
    return token.expiresAt >= 0 && token.expiresAt <= now;
}

bool isExhausted(const Token &token)
{
    return !token.unlimited && token.balance.units <= 0;
}

bool hasControl(const QString &text)
{
    return std::any_of(
        text.cbegin(), text.cend(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

// Runs in the storage thread.
Result<StoredToken> storeEdit(Database &database,
                              const storage::KeySealer &sealer,
                              const Actor &actor,
                              TokenId id,
                              const TokenEdit &edit,
                              qint64 now)
{
    TokenRepository tokens(database, sealer);
    const Result<Token> before = tokens.find(actor.id, id, Keys::Open);
    if (!before)
        return fail(before.error());
    StoredToken stored{.token = *before};
    Token &token = stored.token;
    if (Result<> edited = edit(token); !edited)
        return fail(edited.error());
    token.id = before->id;
    token.userId = before->userId;
    // What ended by itself begins again when it may.
    const bool ended =
        token.status == TokenStatus::Expired || token.status == TokenStatus::Exhausted;
    if (ended && !isExpired(token, now) && !isExhausted(token))
        token.status = TokenStatus::Enabled;
    // A balance that was overrun may stay as it is.
    Token checked = token;
    if (token.balance == before->balance)
        checked.balance = {};
    const Result<> done = validate(checked).and_then([&] { return tokens.update(token); });
    if (!done)
        return fail(done.error());
    if (token.balance == before->balance)
        return stored;
    const auto change = tokens.setBalance(actor.id, id, token.balance);
    if (!change)
        return fail(change.error());
    stored.delta = change->delta();
    return stored;
}

} // namespace

Result<> validate(const Token &token)
{
    if (token.name.size() > longestName || hasControl(token.name)) {
        return fail(ErrorCode::InvalidInput,
                    u"The name of a token has at most %1 characters."_s.arg(longestName));
    }
    if (Result<> sound = checkBalance(token.balance); !sound)
        return sound;
    if (token.expiresAt < -1)
        return fail(ErrorCode::InvalidInput,
                    u"The expiry must be a time in seconds since 1970, or -1 for never."_s);
    if (token.models.size() > mostModels || token.addressRanges.size() > mostRanges)
        return fail(ErrorCode::InvalidInput, u"The list of models or addresses is too long."_s);
    for (const QString &model : token.models) {
        if (model.isEmpty() || model.size() > longestModel || hasControl(model))
            return fail(ErrorCode::InvalidInput, u"A model in the list has no usable name."_s);
    }
    if (token.requestsPerMinute < 0 || token.tokensPerMinute < 0 || token.concurrentRequests < 0)
        return fail(ErrorCode::InvalidInput, u"A limit cannot be negative; 0 means none."_s);
    return {};
}

TokenService::TokenService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{}

Answer<std::vector<Token>>
TokenService::list(const Actor &actor, storage::TokenOrder order, storage::Page page)
{
    return m_base.storage.read([sealer = &m_base.sealer, owner = actor.id, order, page](
                                   Database &database) {
        return TokenRepository(database, *sealer).ofOwner(owner, Keys::OpenIfPossible, order, page);
    });
}

Answer<std::vector<Token>> TokenService::search(const Actor &actor, const QString &keyword)
{
    return m_base.storage.read(
        [sealer = &m_base.sealer, owner = actor.id, keyword](Database &database) {
            return TokenRepository(database, *sealer).search(owner, keyword, Keys::OpenIfPossible);
        });
}

Answer<Token> TokenService::find(const Actor &actor, TokenId id)
{
    return m_base.storage.read([sealer = &m_base.sealer, owner = actor.id, id](Database &database) {
        return TokenRepository(database, *sealer).find(owner, id, Keys::OpenIfPossible);
    });
}

Answer<Token> TokenService::create(const Actor &actor, Token token)
{
    token.id = {};
    token.userId = actor.id;
    token.status = TokenStatus::Enabled;
    token.used = {};
    token.createdAt = m_base.now();
    token.accessedAt = token.createdAt;
    if (token.key.isEmpty()) {
        token.key = secrets::makeTokenKey();
    } else {
        const QByteArrayView key = secrets::parseClientKey(token.key.reveal()).key;
        if (key.size() < shortestKey || key.size() > longestKey) {
            return refused<Token>(
                ErrorCode::InvalidInput,
                u"A key has %1 to %2 characters."_s.arg(shortestKey).arg(longestKey));
        }
        token.key = base::Secret(key.toByteArray());
    }
    token.keyHash = secrets::viewOf(secrets::tokenKeyHash(token.key.reveal())).toByteArray();
    if (Result<> sound = validate(token); !sound)
        return refused<Token>(sound.error());
    return m_base.publisher.change(
        [sealer = &m_base.sealer, token](Database &database) mutable -> Result<Token> {
            const Result<TokenId> id = TokenRepository(database, *sealer).insert(token);
            if (!id)
                return fail(id.error());
            token.id = *id;
            return token;
        });
}

Answer<Token> TokenService::change(const Actor &actor, TokenId id, TokenEdit edit)
{
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, actor, id, edit = std::move(edit), now = m_base.now()](
            Database &database) { return storeEdit(database, *sealer, actor, id, edit, now); },
        [this, actor, id](const StoredToken &stored) {
            m_base.admission.adjustToken(actor.id, id, stored.delta);
        });
    return onSuccess(
        changed, this, [](StoredToken stored) { return Result<Token>(std::move(stored.token)); });
}

Answer<Token> TokenService::setStatus(const Actor &actor, TokenId id, TokenStatus status)
{
    return change(actor, id, [status, now = m_base.now()](Token &token) -> Result<> {
        if (status != TokenStatus::Enabled && status != TokenStatus::Disabled) {
            return fail(ErrorCode::InvalidInput,
                        u"The status must be 1 (enabled) or 2 (disabled)."_s);
        }
        if (status == TokenStatus::Enabled && isExpired(token, now)) {
            return fail(ErrorCode::Conflict,
                        u"This token has expired. Give it a later expiry first."_s);
        }
        if (status == TokenStatus::Enabled && isExhausted(token)) {
            return fail(ErrorCode::Conflict,
                        u"The quota of this token is used up. Raise it first."_s);
        }
        token.status = status;
        return {};
    });
}

Answer<> TokenService::remove(const Actor &actor, TokenId id)
{
    return m_base.publisher.change(
        [sealer = &m_base.sealer, owner = actor.id, id](Database &database) {
            return TokenRepository(database, *sealer).remove(owner, id);
        });
}

} // namespace gatehouse::admin
