#pragma once

#include "secrets/secretstore.h"

#include <QObject>

namespace gatehouse::secrets {

// Keeps the item in a file that its owner alone may read. A file that others may read or write, and
// anything that is not a regular file, is refused. It is replaced as a whole or not at all.
class FileStore final : public QObject, public SecretStore
{
public:
    explicit FileStore(QString path, QObject *parent = nullptr);

    void read(StoreAnswer answer) override;
    void write(const base::Secret &item, StoreAnswer answer) override;
    void remove(StoreAnswer answer) override;
    base::Message place() const override;

private:
    StoreOutcome readNow() const;
    StoreOutcome writeNow(const base::Secret &item) const;
    void answerLater(StoreAnswer answer, StoreOutcome outcome);

    const QString m_path;
};

} // namespace gatehouse::secrets
