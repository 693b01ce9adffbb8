#pragma once

#include "base/secret.h"

namespace gatehouse::secrets {

// HKDF with SHA-256 (RFC 5869): `length` bytes, at most 255 * 32, made out of `input` for the purpose
// that `label` names. Keys of different labels tell nothing of each other.
base::Secret deriveKey(const base::Secret &input,
                       QByteArrayView label,
                       qsizetype length = 32,
                       QByteArrayView salt = {});

// HMAC with SHA-256 (RFC 2104), 32 bytes.
QByteArray hmacSha256(const base::Secret &key, QByteArrayView message);

} // namespace gatehouse::secrets
