#pragma once

#include "storage/database.h"

#include <QMap>

#include <optional>

namespace gatehouse::storage {

// The settings that were ever changed, as texts: see domain::settingDescriptors().
class SettingsRepository
{
public:
    explicit SettingsRepository(Database &database)
        : m_database(database)
    {}

    base::Result<QMap<QString, QString>> all() const;
    base::Result<std::optional<QString>> find(const QString &key) const;
    base::Result<> save(const QString &key, const QString &value);
    // Back to the default.
    base::Result<> remove(const QString &key);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
