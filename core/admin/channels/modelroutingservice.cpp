#include "admin/channels/modelroutingservice.h"

#include "protocol/peek.h"
#include "storage/repositories/routingrepository.h"
#include "storage/transaction.h"

namespace gatehouse::admin {

using base::fail;
using base::Result;
using domain::ModelRouting;
using storage::Database;

ModelRoutingService::ModelRoutingService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{}

Answer<std::vector<ModelRouting>> ModelRoutingService::list()
{
    return m_base.storage.read(
        [](Database &database) { return storage::RoutingRepository(database).all(); });
}

Answer<> ModelRoutingService::save(std::vector<ModelRouting> routings)
{
    for (const ModelRouting &routing : routings) {
        if (Result<> sound = protocol::checkModelName(routing.model); !sound)
            return refused<void>(sound.error());
    }
    return m_base.publisher.change(
        [routings = std::move(routings)](Database &database) -> Result<> {
            Result<storage::Transaction> transaction = storage::Transaction::begin(database);
            if (!transaction)
                return fail(transaction.error());
            storage::RoutingRepository repository(database);
            for (const ModelRouting &routing : routings) {
                if (Result<> stored = repository.save(routing); !stored)
                    return stored;
            }
            return transaction->commit();
        });
}

} // namespace gatehouse::admin
