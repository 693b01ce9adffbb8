#pragma once

#include "secrets/secretstore.h"

#include <QObject>

namespace gatehouse::secrets {

// Derives the item from a key file that somebody else provides: GATEHOUSE_MASTER_KEY_FILE, or a
// credential of systemd. The file holds text or bytes of high entropy, 32 bytes at least; white space
// after a text does not count. It is never written.
class KeyFileStore final : public QObject, public SecretStore
{
public:
    explicit KeyFileStore(QString path, QObject *parent = nullptr);

    void read(StoreAnswer answer) override;
    // Both are answered with Failed.
    void write(const base::Secret &item, StoreAnswer answer) override;
    void remove(StoreAnswer answer) override;
    base::Message place() const override;

    // What read() answers with, at once.
    StoreOutcome readNow() const;

private:
    void answerLater(StoreAnswer answer, StoreOutcome outcome);

    const QString m_path;
};

} // namespace gatehouse::secrets
