#include "secrets/keyderivation.h"

#include "secrets/botan.h"

#include <botan/kdf.h>
#include <botan/mac.h>

namespace gatehouse::secrets {

base::Secret
deriveKey(const base::Secret &input, QByteArrayView label, qsizetype length, QByteArrayView salt)
{
    const auto derivation = Botan::KDF::create_or_throw("HKDF(SHA-256)");
    const auto key = derivation->derive_key(static_cast<size_t>(length),
                                            bytesOf(input.reveal()),
                                            sizeOf(input.reveal()),
                                            bytesOf(salt),
                                            sizeOf(salt),
                                            bytesOf(label),
                                            sizeOf(label));
    return base::Secret(
        QByteArray(reinterpret_cast<const char *>(key.data()), static_cast<qsizetype>(key.size())));
}

QByteArray hmacSha256(const base::Secret &key, QByteArrayView message)
{
    const auto code = Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
    code->set_key(bytesOf(key.reveal()), sizeOf(key.reveal()));
    code->update(bytesOf(message), sizeOf(message));
    QByteArray result(static_cast<qsizetype>(code->output_length()), Qt::Uninitialized);
    code->final(reinterpret_cast<uint8_t *>(result.data()));
    return result;
}

} // namespace gatehouse::secrets
