#pragma once

#include "secrets/passwordhash.h"

namespace gatehouse::secrets {

// What a passphrase opens: a SealedBox whose key is made of it by Argon2id (RFC 9106). The box lies in
// an envelope, one line of ASCII with a version, the costs and the salt, which cannot be changed
// without being noticed. Both functions take tenths of a second and many megabytes by intention: they
// are called in a pool's thread.

// RFC 9106's second recommendation, on one lane.
inline constexpr PasswordCost passphraseCost{.memoryKibibytes = 64 * 1024, .passes = 3, .lanes = 1};

// `context` says what is sealed. An empty passphrase is refused.
base::Result<QByteArray> sealWithPassphrase(const base::Secret &content,
                                            const base::Secret &passphrase,
                                            QByteArrayView context,
                                            const PasswordCost &cost = passphraseCost);
// InvalidInput: the envelope is damaged, of a newer version, or asks for more than 256 MiB, 16 passes, or 1 GiB
// over all passes. Denied: the passphrase is wrong, or the
// envelope was changed.
base::Result<base::Secret>
openWithPassphrase(QByteArrayView envelope, const base::Secret &passphrase, QByteArrayView context);

} // namespace gatehouse::secrets
