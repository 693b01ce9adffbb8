#pragma once

#include "domain/modelprice.h"
#include "storage/database.h"

#include <optional>
#include <vector>

namespace gatehouse::storage {

// The prices that a person edited; those of the built-in table are not here.
class PriceRepository
{
public:
    explicit PriceRepository(Database &database)
        : m_database(database)
    {}

    base::Result<std::vector<domain::ModelPrice>> all() const;
    base::Result<std::optional<domain::ModelPrice>>
    find(const QByteArray &model, std::optional<domain::ChannelId> channel = {}) const;
    // Inserts it, or replaces that of the same model and channel.
    base::Result<> save(const domain::ModelPrice &price);
    base::Result<> remove(const QByteArray &model, std::optional<domain::ChannelId> channel = {});

private:
    Database &m_database;
};

} // namespace gatehouse::storage
