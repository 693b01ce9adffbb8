#pragma once

#include "admin/actor.h"
#include "admin/foundation.h"
#include "storage/repositories/tokenrepository.h"

#include <QObject>

#include <functional>
#include <vector>

namespace gatehouse::admin {

// Changes a token. Called in a storage thread; it uses nothing but its argument and what it copied.
// A changed `balance` is stored too; owner, key and counters are not.
using TokenEdit = std::function<base::Result<>(domain::Token &)>;

// The API keys of the users. Every operation is for the actor's own tokens; another's are not found.
// Lives in the main thread.
class TokenService : public QObject
{
    Q_OBJECT

public:
    explicit TokenService(const Foundation &foundation, QObject *parent = nullptr);

    // With their keys.
    Answer<std::vector<domain::Token>>
    list(const Actor &actor, storage::TokenOrder order, storage::Page page);
    Answer<std::vector<domain::Token>> search(const Actor &actor, const QString &keyword);
    Answer<domain::Token> find(const Actor &actor, domain::TokenId id);

    // Makes the key, unless `token.key` holds one. The answer has it.
    Answer<domain::Token> create(const Actor &actor, domain::Token token);
    Answer<domain::Token> change(const Actor &actor, domain::TokenId id, TokenEdit edit);
    // An expired or exhausted token is not enabled.
    Answer<domain::Token>
    setStatus(const Actor &actor, domain::TokenId id, domain::TokenStatus status);
    Answer<> remove(const Actor &actor, domain::TokenId id);

private:
    const Foundation m_base;
};

// Gives the token another budget, as domain::applyBudget() does; a token without limit has none. `now` in
// seconds since 1970, UTC.
void changeBudget(domain::Token &token, domain::Budget wanted, qint64 now);
// Refuses names, limits and amounts that make no sense.
base::Result<> validate(const domain::Token &token);

} // namespace gatehouse::admin
