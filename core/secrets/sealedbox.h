#pragma once

#include "base/result.h"
#include "base/secret.h"

namespace gatehouse::secrets {

// Encrypts and authenticates secrets at rest. A box opens only with the key and in the context that
// it was sealed with: the context, such as "channel:12", keeps a box from being moved to another
// row. Immutable and safe to use from several threads at once.
//
// A box is one byte that names the cipher, the nonce, the cipher text and its tag of 16 bytes. The
// nonce of XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) is long enough to be drawn at random.
class SealedBox
{
public:
    // The numbers are the first byte of a box.
    enum class Cipher : char { XChaCha20Poly1305 = 1, Aes256Gcm = 2 };

    // The key may have any length; an empty one makes a box that seals and opens nothing.
    explicit SealedBox(const base::Secret &masterKey, Cipher cipher = bestCipher());

    base::Result<QByteArray> seal(const base::Secret &content, QByteArrayView context) const;
    base::Result<base::Secret> open(QByteArrayView box, QByteArrayView context) const;

    static Cipher bestCipher();

private:
    base::Secret m_key;
    Cipher m_cipher;
};

} // namespace gatehouse::secrets
