#include "admin/history/differences.h"
#include "admin/people/tokenstore.h"
#include "secrets/tokenkey.h"
#include "storage/repositories/formerkeyuses.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::HistoryAction;
using domain::Token;
using domain::TokenId;
using storage::Database;
using storage::Keys;
using storage::TokenRepository;

Recorded recordedToken(const Token &token, HistoryAction action, domain::FieldChanges fields)
{
    return {.object = domain::HistoryObject::Token,
            .id = token.id.value,
            .name = token.name,
            .action = action,
            .fields = std::move(fields)};
}

Result<Token>
storeNew(Database &database, const storage::KeySealer &sealer, Token token, bool keepsKeys)
{
    const Result<TokenId> id = TokenRepository(database, sealer).insert(asKept(token, keepsKeys));
    if (!id)
        return fail(id.error());
    token.id = *id;
    Recorded entry = recordedToken(token, HistoryAction::Created, differences(Token{}, token));
    entry.fields.insert(entry.fields.begin(), {.field = u"owner"_s, .after = token.userId.value});
    return recorded(database, std::move(entry), std::move(token));
}

Result<> storeRemovals(Database &database,
                       const storage::KeySealer &sealer,
                       std::optional<domain::UserId> owner,
                       const std::vector<TokenId> &ids,
                       qint64 now)
{
    TokenRepository tokens(database, sealer);
    for (const TokenId id : ids) {
        const Result<Token> token =
            owner ? tokens.find(*owner, id, Keys::Leave) : tokens.findOfAnyone(id, Keys::Leave);
        if (!token)
            return fail(token.error());
        const Result<> removed = tokens.remove(token->userId, id, now).and_then([&] {
            return record(database, recordedToken(*token, HistoryAction::Removed));
        });
        if (!removed)
            return removed;
    }
    return {};
}

Result<> storeRestorations(Database &database,
                           const storage::KeySealer &sealer,
                           const std::vector<TokenId> &ids)
{
    TokenRepository tokens(database, sealer);
    for (const TokenId id : ids) {
        if (Result<> restored = tokens.restore(id); !restored)
            return restored;
        const Result<> noted =
            tokens.findOfAnyone(id, Keys::Leave).and_then([&](const Token &token) {
                return record(database, recordedToken(token, HistoryAction::Restored));
            });
        if (!noted)
            return noted;
    }
    return {};
}

Result<base::Secret>
storeRevelation(Database &database, const storage::KeySealer &sealer, TokenId id)
{
    const Result<Token> token = TokenRepository(database, sealer).findOfAnyone(id, Keys::Open);
    if (!token)
        return fail(token.error());
    if (token->key.isEmpty()) {
        return fail(ErrorCode::NotFound,
                    Message::tr("This key is not known here: it came with a backup "
                                "of another computer, without its secrets. It is "
                                "valid as before. Rotate the token for a new one."));
    }
    if (secrets::isMasked(token->key)) {
        return fail(ErrorCode::NotFound,
                    Message::tr("Only the ends of this key are kept: it could be seen "
                                "when it was made alone. It is valid as before. Rotate "
                                "the token for a new one."));
    }
    return recorded(database,
                    recordedToken(*token, HistoryAction::KeyRevealed),
                    base::Secret(QByteArray("sk-" + token->key.reveal())));
}

Result<qint64> storeOblivion(Database &database, const storage::KeySealer &sealer)
{
    const Result<qint64> forgotten =
        TokenRepository(database, sealer)
            .shortenKeys([](const base::Secret &key) -> std::optional<base::Secret> {
                if (secrets::isMasked(key))
                    return std::nullopt;
                return base::Secret(secrets::maskedKey(key).toUtf8());
            });
    if (!forgotten || *forgotten == 0)
        return forgotten;
    return recorded(database,
                    {.object = domain::HistoryObject::Token,
                     .action = HistoryAction::KeysForgotten,
                     .fields = {{.field = u"tokens"_s, .after = *forgotten}}},
                    *forgotten);
}

Result<> storeEndOfGrace(Database &database, const storage::KeySealer &sealer, TokenId id)
{
    TokenRepository tokens(database, sealer);
    return tokens.endGrace(id)
        .and_then([&] { return storage::FormerKeyUses(database).forget(id); })
        .and_then([&] { return tokens.findOfAnyone(id, Keys::Leave); })
        .and_then([&](const Token &token) {
            return record(database, recordedToken(token, HistoryAction::GraceEnded));
        });
}

Result<domain::Quota>
storeUsageReset(Database &database, const storage::KeySealer &sealer, TokenId id)
{
    TokenRepository tokens(database, sealer);
    const Result<Token> token = tokens.findOfAnyone(id, Keys::Leave);
    if (!token)
        return fail(token.error());
    return tokens.resetUsed(id)
        .and_then([&] {
            return record(
                database,
                recordedToken(*token,
                              HistoryAction::UsageReset,
                              {{.field = u"used"_s, .before = token->used.units, .after = 0}}));
        })
        .map([&] { return token->used; });
}

} // namespace gatehouse::admin
