#include "admin/people/tokenservice.h"

#include "admin/people/tokenstore.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::fail;
using base::Result;
using domain::Token;
using domain::TokenId;
using domain::TokenStatus;
using storage::Database;
using storage::Keys;
using storage::TokenRepository;

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
    Result<Token> made = newToken(std::move(token), actor.id, m_base.now());
    if (!made)
        return refused<Token>(made.error());
    return m_base.publisher.change(
        [sealer = &m_base.sealer, keepsKeys = m_base.keepsKeys(), token = std::move(*made)](
            Database &database) mutable -> Result<Token> {
            return storeNew(database, *sealer, std::move(token), keepsKeys);
        });
}

Answer<Token> TokenService::change(const Actor &actor, TokenId id, TokenEdit edit)
{
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, actor, id, edit = std::move(edit), now = m_base.now()](
            Database &database) { return storeEdit(database, *sealer, actor.id, id, edit, now); },
        [this, actor, id](const StoredToken &stored) {
            m_base.admission.adjustToken(actor.id, id, stored.delta);
        });
    return onSuccess(
        changed, this, [](StoredToken stored) { return Result<Token>(std::move(stored.token)); });
}

Answer<Token> TokenService::setStatus(const Actor &actor, TokenId id, TokenStatus status)
{
    return change(actor, id, statusEdit(status, m_base.now()));
}

Answer<> TokenService::remove(const Actor &actor, TokenId id)
{
    return m_base.publisher.change(
        [sealer = &m_base.sealer, owner = actor.id, id, now = m_base.now()](Database &database) {
            return storeRemovals(database, *sealer, owner, {id}, now);
        });
}

} // namespace gatehouse::admin
