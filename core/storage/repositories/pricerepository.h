#pragma once

#include "domain/modelprice.h"
#include "storage/database.h"

#include <optional>
#include <vector>

namespace gatehouse::storage {

// The prices that a person edited, in the currency that they were given in; those of the built-in table
// are not here.
class PriceRepository
{
public:
    explicit PriceRepository(Database &database)
        : m_database(database)
    {}

    // By model and channel, of each the latest first; those of the past and of the future, too.
    base::Result<std::vector<domain::ModelPrice>> all() const;
    // The latest.
    base::Result<std::optional<domain::ModelPrice>>
    find(const QByteArray &model, std::optional<domain::ChannelId> channel = {}) const;
    // Inserts it, or replaces that of the same model, channel and beginning.
    base::Result<> save(const domain::ModelPrice &price);
    // All that it had, or the one that begins then.
    base::Result<> remove(const QByteArray &model, std::optional<domain::ChannelId> channel = {});
    base::Result<>
    remove(const QByteArray &model, std::optional<domain::ChannelId> channel, qint64 effectiveFrom);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
