#pragma once

#include "domain/catalog.h"
#include "storage/database.h"
#include "storage/keysealer.h"

#include <QMap>

namespace gatehouse::storage {

// Reads what a domain::Catalog is made of. To be used in StorageThreads::read(), whose transaction
// makes it one consistent state.
class CatalogLoader
{
public:
    // `environment` holds the variables that stand above the stored settings.
    CatalogLoader(const KeySealer &sealer, QMap<QString, QString> environment)
        : m_sealer(sealer)
        , m_environment(std::move(environment))
    {}

    // Prices are the edited ones alone. Tokens come without their keys. A channel key that cannot be
    // unsealed is left out.
    base::Result<domain::CatalogContent> load(Database &database) const;

private:
    const KeySealer &m_sealer;
    const QMap<QString, QString> m_environment;
};

} // namespace gatehouse::storage
