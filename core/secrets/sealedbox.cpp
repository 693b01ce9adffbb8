#include "secrets/sealedbox.h"

#include "secrets/botan.h"
#include "secrets/keyderivation.h"
#include "secrets/random.h"

#include <botan/aead.h>

#include <exception>
#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

constexpr qsizetype tagLength = 16;

struct CipherFacts
{
    const char *name = nullptr; // Botan's
    qsizetype nonceLength = 0;
};

std::optional<CipherFacts> factsOf(SealedBox::Cipher cipher)
{
    switch (cipher) {
    case SealedBox::Cipher::XChaCha20Poly1305:
        return CipherFacts{"ChaCha20Poly1305", 24};
    case SealedBox::Cipher::Aes256Gcm:
        return CipherFacts{"AES-256/GCM", 12};
    }
    return std::nullopt;
}

#if BOTAN_VERSION_MAJOR >= 3
constexpr auto encryption = Botan::Cipher_Dir::Encryption;
constexpr auto decryption = Botan::Cipher_Dir::Decryption;
#else
constexpr auto encryption = Botan::Cipher_Dir::ENCRYPTION;
constexpr auto decryption = Botan::Cipher_Dir::DECRYPTION;
#endif

// Runs the cipher over `content`; throws what Botan throws, a wrong tag among it.
Botan::secure_vector<uint8_t> process(Botan::Cipher_Dir direction,
                                      const CipherFacts &facts,
                                      const base::Secret &key,
                                      QByteArrayView nonce,
                                      QByteArrayView associated,
                                      QByteArrayView content)
{
    const auto mode = Botan::AEAD_Mode::create_or_throw(facts.name, direction);
    mode->set_key(bytesOf(key.reveal()), sizeOf(key.reveal()));
    mode->set_associated_data(bytesOf(associated), sizeOf(associated));
    mode->start(bytesOf(nonce), sizeOf(nonce));
    Botan::secure_vector<uint8_t> buffer;
    buffer.reserve(sizeOf(content) + static_cast<size_t>(tagLength));
    buffer.assign(bytesOf(content), bytesOf(content) + content.size());
    mode->finish(buffer);
    return buffer;
}

// The first byte of the box is authenticated with the context.
QByteArray associatedData(SealedBox::Cipher cipher, QByteArrayView context)
{
    QByteArray associated(1, static_cast<char>(cipher));
    associated.append(context);
    return associated;
}

QByteArrayView viewOfBuffer(const Botan::secure_vector<uint8_t> &buffer)
{
    return {reinterpret_cast<const char *>(buffer.data()), static_cast<qsizetype>(buffer.size())};
}

tl::unexpected<base::Error> cannotOpen(const QString &detail)
{
    return base::fail(
        base::ErrorCode::Denied,
        base::Message::tr(
            "A stored secret cannot be opened: it is damaged, or was sealed with another"
            " master key."),
        detail);
}

} // namespace

SealedBox::SealedBox(const base::Secret &masterKey, Cipher cipher)
    : m_key(masterKey.isEmpty() ? base::Secret() : deriveKey(masterKey, "gatehouse sealed box 1"))
    , m_cipher(cipher)
{}

base::Result<QByteArray> SealedBox::seal(const base::Secret &content, QByteArrayView context) const
{
    const auto facts = factsOf(m_cipher);
    if (m_key.isEmpty() || !facts) {
        return base::fail(
            base::ErrorCode::Unavailable,
            base::Message::tr("Nothing can be stored safely, since there is no master key."));
    }
    try {
        const QByteArray nonce = randomBytes(facts->nonceLength);
        const auto sealed = process(
            encryption, *facts, m_key, nonce, associatedData(m_cipher, context), content.reveal());
        QByteArray box;
        box.reserve(1 + nonce.size() + static_cast<qsizetype>(sealed.size()));
        box.append(static_cast<char>(m_cipher)).append(nonce).append(viewOfBuffer(sealed));
        return box;
    } catch (const std::exception &exception) {
        return base::fail(base::ErrorCode::Internal,
                          base::Message::tr("A secret could not be sealed."),
                          QString::fromUtf8(exception.what()));
    }
}

base::Result<base::Secret> SealedBox::open(QByteArrayView box, QByteArrayView context) const
{
    if (m_key.isEmpty()) {
        return base::fail(
            base::ErrorCode::Unavailable,
            base::Message::tr("Stored secrets cannot be opened, since there is no master key."));
    }
    if (box.isEmpty())
        return cannotOpen(u"empty box"_s);
    const auto cipher = static_cast<Cipher>(box.front());
    const auto facts = factsOf(cipher);
    if (!facts)
        return cannotOpen(u"unknown cipher"_s);
    if (box.size() < 1 + facts->nonceLength + tagLength)
        return cannotOpen(u"truncated box"_s);
    try {
        const auto content = process(decryption,
                                     *facts,
                                     m_key,
                                     box.sliced(1, facts->nonceLength),
                                     associatedData(cipher, context),
                                     box.sliced(1 + facts->nonceLength));
        return base::Secret(viewOfBuffer(content).toByteArray());
    } catch (const std::exception &exception) {
        return cannotOpen(QString::fromUtf8(exception.what()));
    }
}

SealedBox::Cipher SealedBox::bestCipher()
{
    static const bool hasChaCha =
        Botan::AEAD_Mode::create("ChaCha20Poly1305", encryption) != nullptr;
    return hasChaCha ? Cipher::XChaCha20Poly1305 : Cipher::Aes256Gcm;
}

} // namespace gatehouse::secrets
