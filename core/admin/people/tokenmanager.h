#pragma once

#include "admin/actor.h"
#include "admin/foundation.h"
#include "admin/people/tokenservice.h"
#include "domain/formerkeyuse.h"

#include <QObject>

namespace gatehouse::admin {

// A token of anyone in an administrator's list.
struct TokenListing
{
    domain::Token token{}; // without its key
    QString owner{};       // user name
    QByteArray group{};    // of the owner
    QString maskedKey{};   // "sk-abcd…wxyz"
    // Of its last use, as far as the ledger has it; empty: not known.
    QString lastClient{};
    QString lastAddress{};
    // Who has used the key before the last rotation while it is valid, the latest first.
    std::vector<domain::FormerKeyUse> formerUses{};
};

struct ChangedToken
{
    domain::Token before{}; // without their keys
    domain::Token after{};
};

struct RotatedToken
{
    domain::Token token{};       // with the new key, which is shown this once
    qint64 formerValidUntil = 0; // seconds since 1970, UTC; 0: the former key is void
};

// The tokens of all users, for administrators: every operation refuses others with Denied. Lives in
// the main thread.
class TokenManager : public QObject
{
    Q_OBJECT

public:
    explicit TokenManager(const Foundation &foundation, QObject *parent = nullptr);

    // The newest first.
    Answer<std::vector<TokenListing>> list(const Actor &actor);
    Answer<TokenListing> find(const Actor &actor, domain::TokenId id);
    // The whole key, with its "sk-". NotFound also where only its ends were kept.
    Answer<base::Secret> reveal(const Actor &actor, domain::TokenId id);

    // For `owner`; the answer has the key. See TokenService::create().
    Answer<domain::Token> create(const Actor &actor, domain::UserId owner, domain::Token token);
    // All or none of them. With the former values, for undo.
    Answer<std::vector<ChangedToken>>
    change(const Actor &actor, std::vector<domain::TokenId> ids, TokenEdit edit);
    Answer<std::vector<ChangedToken>>
    setStatus(const Actor &actor, std::vector<domain::TokenId> ids, domain::TokenStatus status);
    // Undoes changes that were answered: what they changed is as before, and the rest as it is by now;
    // what was spent since stays spent.
    Answer<std::vector<ChangedToken>> undo(const Actor &actor, std::vector<ChangedToken> changes);
    // They are hidden and refused at once; restore() brings them back for 30 days.
    Answer<> remove(const Actor &actor, std::vector<domain::TokenId> ids);
    Answer<> restore(const Actor &actor, std::vector<domain::TokenId> ids);

    // A new key; the former one stays valid for `grace`. Token::formerUsedAt tells when it was last
    // used, TokenListing::formerUses by whom, Token::formerValidUntil until when it is valid.
    Answer<RotatedToken> rotate(const Actor &actor, domain::TokenId id, std::chrono::seconds grace);
    // Keeps of all keys their ends alone, those of deleted tokens included: none of them can be shown again.
    // Gives the number of keys that were kept until now. They stay valid.
    Answer<qint64> forgetKeys(const Actor &actor);
    // Ends the grace period of the former key.
    Answer<> endGrace(const Actor &actor, domain::TokenId id);
    // Adds to the balance; what ended as exhausted begins again. Gives the new balance.
    Answer<domain::Quota> topUp(const Actor &actor, domain::TokenId id, domain::Quota amount);
    // Of several, all or none.
    Answer<std::vector<ChangedToken>>
    topUpAll(const Actor &actor, std::vector<domain::TokenId> ids, domain::Quota amount);
    // Sets the counter `used` to zero and gives its former value; the ledger keeps its lines.
    Answer<domain::Quota> resetUsage(const Actor &actor, domain::TokenId id);

public slots:
    // Heard from the gateway: someone still uses a key that was rotated.
    void formerKeyUsed(const gatehouse::domain::FormerKeyUse &use);

private:
    const Foundation m_base;
};

} // namespace gatehouse::admin
