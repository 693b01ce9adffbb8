#pragma once

#include "storage/database.h"
#include "storage/repositories/destination.h"

#include <QByteArray>
#include <QHash>

#include <span>

namespace gatehouse::storage {

// The numbers are stored.
enum class ImportedKind { User = 1, Token = 2, Channel = 3 };

// Something of another gateway by which an import knows it again, and the id of what it became here.
struct ImportedEntry
{
    ImportedKind kind = ImportedKind::User;
    QByteArray fingerprint{}; // a SHA-256
    qint64 id = 0;
};

// What was imported, whatever has become of it here.
class ImportedEntries
{
public:
    explicit ImportedEntries(Database &database)
        : m_database(database)
    {}

    // Ids by fingerprints.
    base::Result<QHash<QByteArray, qint64>> all(ImportedKind kind) const;
    // A fingerprint that is there already stays with its id.
    base::Result<> insertAll(std::span<const ImportedEntry> entries,
                             Destination destination = Destination::Table);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
