#include "secrets/tokenkey.h"

#include "secrets/botan.h"
#include "secrets/random.h"

#include <botan/hash.h>

namespace gatehouse::secrets {

namespace {

constexpr QChar ellipsis(u'…');

constexpr qsizetype keyLength = 48;
constexpr QByteArrayView alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool isDigit(char character)
{
    return character >= '0' && character <= '9';
}

// A number of 1 to 18 digits that is not zero.
std::optional<domain::ChannelId> channelFrom(QByteArrayView digits)
{
    if (digits.isEmpty() || digits.size() > 18
        || !std::all_of(digits.begin(), digits.end(), isDigit))
        return std::nullopt;
    qint64 number = 0;
    for (const char digit : digits)
        number = number * 10 + (digit - '0');
    if (number == 0)
        return std::nullopt;
    return domain::ChannelId{number};
}

} // namespace

// Bytes that would favour the first letters of the alphabet are thrown away.
base::Secret makeTokenKey()
{
    const auto usable = static_cast<unsigned char>(256 - 256 % alphabet.size());
    QByteArray key;
    key.reserve(keyLength);
    while (key.size() < keyLength) {
        const QByteArray bytes = randomBytes(keyLength);
        for (const char byte : bytes) {
            const auto value = static_cast<unsigned char>(byte);
            if (value < usable && key.size() < keyLength)
                key.append(alphabet[value % alphabet.size()]);
        }
    }
    return base::Secret(key);
}

base::Secret makeAccessToken()
{
    return base::Secret(randomBytes(16).toHex());
}

ClientKey parseClientKey(QByteArrayView sent)
{
    QByteArrayView key = sent.trimmed();
    if (key.startsWith("sk-"))
        key = key.sliced(3);
    const qsizetype hyphen = key.lastIndexOf('-');
    if (hyphen > 0) {
        if (const auto channel = channelFrom(key.sliced(hyphen + 1)))
            return {.key = key.first(hyphen), .channel = channel};
    }
    return {.key = key, .channel = std::nullopt};
}

// Botan uses the processor's own instructions for SHA-256 where it has them, which QCryptographicHash
// does not; one object for each thread saves making it anew.
KeyHash tokenKeyHash(QByteArrayView key)
{
    static_assert(sizeof(KeyHash) == 32);
    thread_local const auto function = Botan::HashFunction::create_or_throw("SHA-256");
    KeyHash hash;
    function->update(bytesOf(key), sizeOf(key));
    function->final(reinterpret_cast<uint8_t *>(hash.data()));
    return hash;
}

QString maskedKey(const base::Secret &key)
{
    constexpr qsizetype shortest = 16;
    constexpr qsizetype shown = 4;
    const QString text = QString::fromUtf8(key.reveal());
    if (text.contains(ellipsis))
        return text;
    if (text.size() < shortest)
        return QString(ellipsis);
    return text.first(shown) + ellipsis + text.last(shown);
}

bool isMasked(const base::Secret &key)
{
    return QString::fromUtf8(key.reveal()).contains(ellipsis);
}

} // namespace gatehouse::secrets
