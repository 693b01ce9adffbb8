#include "secrets/passphrasebox.h"

#include "secrets/random.h"
#include "secrets/sealedbox.h"

#include <QList>

#include <limits>
#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

constexpr QByteArrayView envelopeName = "gatehouse-passphrase-1";
constexpr QByteArrayView envelopeFamily = "gatehouse-passphrase-";
constexpr qsizetype envelopeSalt = 16;
constexpr qsizetype longestEnvelope = 64 * 1024;
// An envelope names its own costs; one that somebody else made must not hold up the program. The work is that
// of all passes, in kibibytes; an envelope of passphraseCost takes a fifth of it.
constexpr qint64 mostMemoryKibibytes = 256 * 1024;
constexpr qint64 mostEnvelopePasses = 16;
constexpr qint64 mostEnvelopeLanes = 16;
constexpr qint64 mostWork = 1024 * 1024;
constexpr auto envelopeEncoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

// The same letters may be typed in several ways, which depend on the keyboard and the system.
base::Secret normalised(const base::Secret &passphrase)
{
    return base::Secret(
        QString::fromUtf8(passphrase.reveal()).normalized(QString::NormalizationForm_KC));
}

// What stands before the box.
QByteArray headOf(const PasswordCost &cost, QByteArrayView salt)
{
    QByteArray head = envelopeName.toByteArray();
    head += ":m=" + QByteArray::number(cost.memoryKibibytes);
    head += ",t=" + QByteArray::number(cost.passes);
    head += ",p=" + QByteArray::number(cost.lanes);
    head += ':' + salt.toByteArray().toBase64(envelopeEncoding);
    return head;
}

// The head is authenticated with the context.
QByteArray contextWith(QByteArrayView context, const QByteArray &head)
{
    QByteArray whole = context.toByteArray();
    whole.append('\n').append(head);
    return whole;
}

std::optional<qint64> costAfter(QByteArrayView name, const QByteArray &text)
{
    bool ok = false;
    const qint64 number = text.startsWith(name) ? text.sliced(name.size()).toLongLong(&ok) : 0;
    constexpr qint64 most = std::numeric_limits<int>::max();
    return ok && number > 0 && number <= most ? std::optional(number) : std::nullopt;
}

std::optional<PasswordCost> costFrom(const QByteArray &text)
{
    const QList<QByteArray> parts = text.split(',');
    if (parts.size() != 3)
        return std::nullopt;
    const auto memory = costAfter("m=", parts[0]);
    const auto passes = costAfter("t=", parts[1]);
    const auto lanes = costAfter("p=", parts[2]);
    if (!memory || !passes || !lanes)
        return std::nullopt;
    return PasswordCost{.memoryKibibytes = *memory,
                        .passes = static_cast<int>(*passes),
                        .lanes = static_cast<int>(*lanes)};
}

bool isBearable(const PasswordCost &cost)
{
    return cost.memoryKibibytes <= mostMemoryKibibytes && cost.passes <= mostEnvelopePasses
           && cost.lanes <= mostEnvelopeLanes && cost.memoryKibibytes * cost.passes <= mostWork;
}

std::optional<QByteArray> fromBase64(const QByteArray &text)
{
    auto result = QByteArray::fromBase64Encoding(
        text, envelopeEncoding | QByteArray::AbortOnBase64DecodingErrors);
    return result ? std::optional(std::move(result.decoded)) : std::nullopt;
}

tl::unexpected<base::Error> damagedEnvelope(const QString &detail)
{
    return base::fail(base::ErrorCode::InvalidInput,
                      base::Message::tr("What the passphrase protects is damaged."),
                      detail);
}

} // namespace

base::Result<QByteArray> sealWithPassphrase(const base::Secret &content,
                                            const base::Secret &passphrase,
                                            QByteArrayView context,
                                            const PasswordCost &cost)
{
    if (passphrase.isEmpty())
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::tr("The passphrase must not be empty."));
    const QByteArray salt = randomBytes(envelopeSalt);
    const QByteArray head = headOf(cost, salt);
    return stretched(normalised(passphrase), salt, cost)
        .and_then([&](const base::Secret &key) {
            return SealedBox(key).seal(content, contextWith(context, head));
        })
        .map([&](const QByteArray &box) {
            QByteArray envelope = head;
            envelope.append(':').append(box.toBase64(envelopeEncoding));
            return envelope;
        });
}

base::Result<base::Secret>
openWithPassphrase(QByteArrayView envelope, const base::Secret &passphrase, QByteArrayView context)
{
    if (envelope.size() > longestEnvelope)
        return damagedEnvelope(u"it is too long"_s);
    const QList<QByteArray> parts = envelope.toByteArray().split(':');
    if (parts.front().startsWith(envelopeFamily) && parts.front() != envelopeName) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::tr("What the passphrase protects was written by a newer version."));
    }
    if (parts.size() != 4 || parts[0] != envelopeName)
        return damagedEnvelope(u"it has another form"_s);
    const auto cost = costFrom(parts[1]);
    const auto salt = fromBase64(parts[2]);
    const auto box = fromBase64(parts[3]);
    if (!cost || !salt || salt->size() != envelopeSalt || !box)
        return damagedEnvelope(u"a part of it cannot be read"_s);
    if (!isBearable(*cost)) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::tr("What the passphrase protects asks for more memory or work than "
                              "Gatehouse spends on it. Gatehouse has not made it so."),
            QString::fromLatin1(parts[1]));
    }
    const base::Result<base::Secret> key = stretched(normalised(passphrase), *salt, *cost);
    if (!key)
        return base::fail(key.error());
    base::Result<base::Secret> content =
        SealedBox(*key).open(*box, contextWith(context, headOf(*cost, *salt)));
    if (!content) {
        return base::fail(base::ErrorCode::Denied,
                          base::Message::tr("The passphrase is not the right one."),
                          content.error().detail);
    }
    return content;
}

} // namespace gatehouse::secrets
