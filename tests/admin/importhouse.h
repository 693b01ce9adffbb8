#pragma once

#include "storage/repositories/userrepository.h"
#include "support/administrationfixture.h"

namespace gatehouse::admin {

// What tests of imports ask of the house that they are brought into.

template<typename Read>
auto read(support::AdministrationFixture &house, Read function)
{
    return house.wait(house.storage->read(std::move(function)));
}

inline std::optional<domain::User> userNamed(support::AdministrationFixture &house,
                                             const QString &name)
{
    return *read(house, [name](storage::Database &database) {
        return storage::UserRepository(database).findByName(name);
    });
}

inline base::Result<ImportReport> carryOut(support::AdministrationFixture &house,
                                           const QString &path)
{
    return house.wait(house.administration->imports.carryOut(house.root(), path));
}

} // namespace gatehouse::admin
