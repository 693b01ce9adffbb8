#include "secrets/machinesecrets.h"

#include "secrets/keyderivation.h"
#include "secrets/random.h"

#include <QCryptographicHash>
#include <QList>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

constexpr qsizetype secretLength = 32;
constexpr QByteArrayView formatName = "gatehouse-secrets-1";
constexpr auto encoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

QByteArray checksum(QByteArrayView text)
{
    return QCryptographicHash::hash(text.toByteArray(), QCryptographicHash::Sha256)
        .first(8)
        .toHex();
}

std::optional<base::Secret> decoded(const QByteArray &text)
{
    auto result =
        QByteArray::fromBase64Encoding(text, encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!result || result.decoded.size() != secretLength)
        return std::nullopt;
    return base::Secret(std::move(result.decoded));
}

} // namespace

MachineSecrets MachineSecrets::random()
{
    return {.sessionSecret = base::Secret(randomBytes(secretLength)),
            .masterKey = base::Secret(randomBytes(secretLength))};
}

MachineSecrets MachineSecrets::derivedFrom(const base::Secret &input)
{
    return {.sessionSecret = deriveKey(input, "gatehouse session secret 1", secretLength),
            .masterKey = deriveKey(input, "gatehouse master key 1", secretLength)};
}

base::Secret MachineSecrets::serialised() const
{
    QByteArray text = formatName.toByteArray();
    text += ':' + sessionSecret.reveal().toBase64(encoding);
    text += ':' + masterKey.reveal().toBase64(encoding);
    text += ':' + checksum(text);
    return base::Secret(text);
}

base::Result<MachineSecrets> MachineSecrets::parse(const base::Secret &item)
{
    const QByteArray text = item.reveal().trimmed();
    const QList<QByteArray> parts = text.split(':');
    if (parts.size() != 4 || !parts[0].startsWith("gatehouse-secrets-")) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::tr("The stored secrets are damaged: they have another form."));
    }
    const qsizetype checksumLength = parts[3].size();
    if (checksum(QByteArrayView(text).chopped(checksumLength + 1)) != parts[3]) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::tr("The stored secrets are damaged: their checksum is wrong."));
    }
    if (parts[0] != formatName) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::tr("The stored secrets were written by a newer version."));
    }
    const auto session = decoded(parts[1]);
    const auto master = decoded(parts[2]);
    if (!session || !master) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::tr("The stored secrets are damaged: they have a wrong length."));
    }
    return MachineSecrets{.sessionSecret = *session, .masterKey = *master};
}

QByteArray masterKeyFingerprint(const base::Secret &masterKey)
{
    return hmacSha256(masterKey, "gatehouse master key fingerprint 1").first(8).toHex();
}

} // namespace gatehouse::secrets
