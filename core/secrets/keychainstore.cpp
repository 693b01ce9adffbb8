#include "secrets/keychainstore.h"

#include "secrets/keychaincall.h"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

QString keyFor(const QByteArray &identity)
{
    const QByteArray digest = QCryptographicHash::hash(identity, QCryptographicHash::Sha256);
    return u"secrets-"_s + QString::fromLatin1(digest.first(8).toHex());
}

} // namespace

KeychainStore::KeychainStore(const QByteArray &identity,
                             std::chrono::milliseconds limit,
                             QObject *parent)
    : QObject(parent)
    , m_key(keyFor(identity))
    , m_limit(limit)
{}

KeychainStore::~KeychainStore() = default;

void KeychainStore::read(StoreAnswer answer)
{
    call(KeychainCall::Operation::Read, {}, std::move(answer));
}

void KeychainStore::write(const base::Secret &item, StoreAnswer answer)
{
    call(KeychainCall::Operation::Write, item, std::move(answer));
}

void KeychainStore::remove(StoreAnswer answer)
{
    call(KeychainCall::Operation::Remove, {}, std::move(answer));
}

base::Message KeychainStore::place() const
{
    return base::Message::tr("the keychain (item \"%1\" of \"Gatehouse\")").arg(m_key);
}

// The calls are children of the store, and end with it.
void KeychainStore::call(KeychainCall::Operation operation,
                         const base::Secret &item,
                         StoreAnswer answer)
{
    const auto call = new KeychainCall(operation, u"Gatehouse"_s, m_key, std::move(answer), this);
    call->start(item, m_limit);
}

} // namespace gatehouse::secrets
