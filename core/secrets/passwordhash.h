#pragma once

#include "base/result.h"
#include "base/secret.h"

namespace gatehouse::secrets {

// All functions here take tens of milliseconds and many megabytes by intention: they are called in a
// pool's thread, never on one that serves. They keep no state.

// What a password hash by Argon2id (RFC 9106) costs. The default is OWASP's first recommendation.
struct PasswordCost
{
    qint64 memoryKibibytes = 19 * 1024;
    int passes = 2;
    int lanes = 1;

    bool operator==(const PasswordCost &) const = default;
};

// In the PHC string format, "$argon2id$v=19$m=…,t=…,p=…$salt$hash".
base::Result<QByteArray> hashPassword(const base::Secret &password, const PasswordCost &cost = {});

// Understands Argon2id and bcrypt ($2a$, $2b$, $2y$). A hash of another kind, one with absurd costs
// or none at all matches no password.
bool verifyPassword(const base::Secret &password, QByteArrayView stored);

// Takes the time of those kinds of hash that `tried`, with which the password was compared in vain, is
// not of; empty: there is no such name. So every refusal takes the time of all kinds, and does not tell
// whether a name exists or was imported.
void verifyNothing(const base::Secret &password,
                   QByteArrayView tried,
                   const PasswordCost &cost = {});

// A key of `length` bytes out of a passphrase, by Argon2id. `salt` has 16 bytes of chance.
base::Result<base::Secret> stretched(const base::Secret &passphrase,
                                     QByteArrayView salt,
                                     const PasswordCost &cost,
                                     qsizetype length = 32);

// Whether a hash that just matched should be made anew: another kind, or another cost.
bool needsRehash(QByteArrayView stored, const PasswordCost &cost = {});

} // namespace gatehouse::secrets
