#pragma once

#include "secrets/keychaincall.h"

#include <QObject>

#include <chrono>

namespace gatehouse::secrets {

// Keeps the item in the keychain of the operating system, through QtKeychain, under the service
// "Gatehouse". It lives in the main thread, whose event loop must be Qt's own (on Linux libsecret
// answers through GLib's).
class KeychainStore final : public QObject, public SecretStore
{
public:
    // `identity` names the data that the secrets belong to, such as the canonical path of the data
    // directory or the address of the database; each identity has an item of its own. Without an
    // answer within `limit` a call ends with TimedOut, or with Locked where the keychain is known to
    // wait for somebody to unlock it; an answer that comes later is ignored.
    explicit KeychainStore(const QByteArray &identity,
                           std::chrono::milliseconds limit = std::chrono::seconds(5),
                           QObject *parent = nullptr);
    ~KeychainStore() override;

    void read(StoreAnswer answer) override;
    void write(const base::Secret &item, StoreAnswer answer) override;
    void remove(StoreAnswer answer) override;
    base::Message place() const override;

    // The name of the item inside the service.
    QString key() const { return m_key; }

private:
    void call(KeychainCall::Operation operation, const base::Secret &item, StoreAnswer answer);

    const QString m_key;
    const std::chrono::milliseconds m_limit;
};

} // namespace gatehouse::secrets
