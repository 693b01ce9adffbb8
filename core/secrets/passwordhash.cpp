#include "secrets/passwordhash.h"

#include "secrets/botan.h"
#include "secrets/random.h"

#include <botan/bcrypt.h>
#include <botan/pwdhash.h>

#include <QList>

#include <exception>
#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

constexpr qsizetype saltLength = 16;
constexpr qsizetype hashLength = 32;
constexpr auto encoding = QByteArray::Base64Encoding | QByteArray::OmitTrailingEquals;

// A stored hash names its own costs. What lies beyond these would let one row of the database hold up
// the program.
constexpr qint64 largestMemoryKibibytes = 1024 * 1024;
constexpr int mostPasses = 64;
constexpr int mostLanes = 16;
constexpr int largestBcryptCost = 16;

struct ArgonHash
{
    PasswordCost cost{};
    QByteArray salt{};
    QByteArray hash{};
};

bool isSane(const PasswordCost &cost)
{
    return cost.passes >= 1 && cost.passes <= mostPasses && cost.lanes >= 1
           && cost.lanes <= mostLanes && cost.memoryKibibytes >= 8 * qint64(cost.lanes)
           && cost.memoryKibibytes <= largestMemoryKibibytes;
}

std::optional<qint64> numberAfter(QByteArrayView name, const QByteArray &text)
{
    if (!text.startsWith(name))
        return std::nullopt;
    bool ok = false;
    const qint64 number = text.sliced(name.size()).toLongLong(&ok);
    if (!ok || number < 0)
        return std::nullopt;
    return number;
}

std::optional<QByteArray> decoded(const QByteArray &text)
{
    auto result =
        QByteArray::fromBase64Encoding(text, encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!result || result.decoded.size() < 8 || result.decoded.size() > 64)
        return std::nullopt;
    return std::move(result.decoded);
}

// The PHC string format: $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
std::optional<ArgonHash> parseArgon(QByteArrayView stored)
{
    if (stored.size() > 512)
        return std::nullopt;
    const QList<QByteArray> parts = stored.toByteArray().split('$');
    if (parts.size() != 6 || !parts[0].isEmpty() || parts[1] != "argon2id" || parts[2] != "v=19")
        return std::nullopt;
    const QList<QByteArray> costs = parts[3].split(',');
    if (costs.size() != 3)
        return std::nullopt;
    const auto memory = numberAfter("m=", costs[0]);
    const auto passes = numberAfter("t=", costs[1]);
    const auto lanes = numberAfter("p=", costs[2]);
    const auto salt = decoded(parts[4]);
    const auto hash = decoded(parts[5]);
    if (!memory || !passes || !lanes || !salt || !hash || *passes > mostPasses
        || *lanes > mostLanes)
        return std::nullopt;
    const PasswordCost cost{.memoryKibibytes = *memory,
                            .passes = static_cast<int>(*passes),
                            .lanes = static_cast<int>(*lanes)};
    if (!isSane(cost))
        return std::nullopt;
    return ArgonHash{.cost = cost, .salt = *salt, .hash = *hash};
}

QByteArray argon(const base::Secret &password,
                 const PasswordCost &cost,
                 const QByteArray &salt,
                 qsizetype length)
{
    const auto family = Botan::PasswordHashFamily::create_or_throw("Argon2id");
    const auto hash = family->from_params(static_cast<size_t>(cost.memoryKibibytes),
                                          static_cast<size_t>(cost.passes),
                                          static_cast<size_t>(cost.lanes));
    QByteArray key(length, Qt::Uninitialized);
    hash->derive_key(reinterpret_cast<uint8_t *>(key.data()),
                     static_cast<size_t>(length),
                     password.reveal().constData(),
                     sizeOf(password.reveal()),
                     bytesOf(salt),
                     sizeOf(salt));
    return key;
}

bool isBcrypt(QByteArrayView stored)
{
    return stored.size() == 60
           && (stored.startsWith("$2a$") || stored.startsWith("$2b$") || stored.startsWith("$2y$"));
}

bool verifyBcrypt(const base::Secret &password, QByteArrayView stored)
{
    bool ok = false;
    const int cost = stored.sliced(4, 2).toByteArray().toInt(&ok);
    if (!ok || cost > largestBcryptCost)
        return false;
    return Botan::check_bcrypt(password.reveal().toStdString(), stored.toByteArray().toStdString());
}

} // namespace

base::Result<QByteArray> hashPassword(const base::Secret &password, const PasswordCost &cost)
{
    if (!isSane(cost)) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::tr("The cost of password hashes is out of range."));
    }
    try {
        const QByteArray salt = randomBytes(saltLength);
        const QByteArray hash = argon(password, cost, salt, hashLength);
        return "$argon2id$v=19$m=" + QByteArray::number(cost.memoryKibibytes)
               + ",t=" + QByteArray::number(cost.passes) + ",p=" + QByteArray::number(cost.lanes)
               + '$' + salt.toBase64(encoding) + '$' + hash.toBase64(encoding);
    } catch (const std::exception &exception) {
        return base::fail(base::ErrorCode::Internal,
                          base::Message::tr("The password could not be hashed."),
                          QString::fromUtf8(exception.what()));
    }
}

base::Result<base::Secret> stretched(const base::Secret &passphrase,
                                     QByteArrayView salt,
                                     const PasswordCost &cost,
                                     qsizetype length)
{
    if (!isSane(cost)) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::tr("The cost of password hashes is out of range."));
    }
    try {
        return base::Secret(argon(passphrase, cost, salt.toByteArray(), length));
    } catch (const std::exception &exception) {
        return base::fail(base::ErrorCode::Internal,
                          base::Message::tr("No key could be made of the passphrase."),
                          QString::fromUtf8(exception.what()));
    }
}

bool verifyPassword(const base::Secret &password, QByteArrayView stored)
{
    try {
        if (isBcrypt(stored))
            return verifyBcrypt(password, stored);
        const auto parsed = parseArgon(stored);
        if (!parsed)
            return false;
        return base::equalInConstantTime(
            argon(password, parsed->cost, parsed->salt, parsed->hash.size()), parsed->hash);
    } catch (const std::exception &) {
        return false;
    }
}

void verifyNothing(const base::Secret &password, QByteArrayView tried, const PasswordCost &cost)
{
    // Of the cost that One API makes its hashes with.
    static const QByteArray bcrypt = "$2a$10$" + QByteArray(53, 's');
    const QByteArray argon = "$argon2id$v=19$m=" + QByteArray::number(cost.memoryKibibytes)
                             + ",t=" + QByteArray::number(cost.passes)
                             + ",p=" + QByteArray::number(cost.lanes) + '$'
                             + QByteArray(saltLength, 's').toBase64(encoding) + '$'
                             + QByteArray(hashLength, 'h').toBase64(encoding);
    if (!isBcrypt(tried))
        static_cast<void>(verifyPassword(password, bcrypt));
    if (isBcrypt(tried) || tried.isEmpty())
        static_cast<void>(verifyPassword(password, argon));
}

bool needsRehash(QByteArrayView stored, const PasswordCost &cost)
{
    const auto parsed = parseArgon(stored);
    return !parsed || parsed->cost != cost || parsed->salt.size() < saltLength
           || parsed->hash.size() < hashLength;
}

} // namespace gatehouse::secrets
