#pragma once

#include "base/secret.h"
#include "domain/channel.h"

#include <QByteArrayView>

#include <array>
#include <optional>

namespace gatehouse::secrets {

// The keys with which clients call the relay ("tokens") and the management API ("access tokens").

// 48 letters and digits, as One API's keys; without the "sk-" that people see before it.
base::Secret makeTokenKey();
// 32 hexadecimal digits.
base::Secret makeAccessToken();

// A key as a client sends it, taken apart. The view refers to what was parsed.
struct ClientKey
{
    QByteArrayView key{};
    std::optional<domain::ChannelId> channel{}; // of "sk-KEY-CHANNELID"
};

// Strips blanks, one "sk-", and a channel id that follows the last hyphen. Whether the key exists,
// and whether its owner may choose a channel, is decided elsewhere. Allocates nothing.
ClientKey parseClientKey(QByteArrayView sent);

// The form in which a key is looked up: SHA-256, 32 bytes. The key has so much entropy that nothing
// slower is needed. About half a microsecond; allocates nothing.
using KeyHash = std::array<char, 32>;
KeyHash tokenKeyHash(QByteArrayView key);
inline QByteArrayView viewOf(const KeyHash &hash)
{
    return QByteArrayView(hash.data(), qsizetype(hash.size()));
}

// Enough of a key to recognise it in a list, "abcd…wxyz"; nothing of a key shorter than 16. What is masked
// stays as it is.
QString maskedKey(const base::Secret &key);
// Whether it is what maskedKey() left of a key. No key holds an ellipsis, which clients cannot send.
bool isMasked(const base::Secret &key);

} // namespace gatehouse::secrets
