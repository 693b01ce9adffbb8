#pragma once

#include "secrets/sealedbox.h"
#include "storage/keysealer.h"

namespace gatehouse::admin {

// Seals the database's secrets with the master key.
class BoxSealer final : public storage::KeySealer
{
public:
    explicit BoxSealer(const base::Secret &masterKey)
        : m_box(masterKey)
    {}

    // Empty if there is no master key; the storage refuses to store that.
    QByteArray seal(const base::Secret &secret, QByteArrayView context) const override;
    base::Result<base::Secret> open(QByteArrayView sealed, QByteArrayView context) const override;

private:
    const secrets::SealedBox m_box;
};

} // namespace gatehouse::admin
