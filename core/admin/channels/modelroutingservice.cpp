#include "admin/channels/modelroutingservice.h"

#include "admin/history/differences.h"
#include "admin/history/recording.h"
#include "protocol/peek.h"
#include "storage/repositories/routingrepository.h"
#include "storage/transaction.h"

#include <algorithm>

namespace gatehouse::admin {

using base::fail;
using base::Result;
using domain::ModelRouting;
using storage::Database;

namespace {

Result<> recordRouting(Database &database,
                       const std::vector<ModelRouting> &present,
                       const ModelRouting &routing)
{
    const auto former =
        std::find_if(present.begin(), present.end(), [&routing](const ModelRouting &each) {
            return each.model == routing.model;
        });
    return record(
        database,
        {.object = domain::HistoryObject::Routing,
         .name = QString::fromUtf8(routing.model),
         .fields = differences(former == present.end() ? ModelRouting{} : *former, routing)});
}

} // namespace

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
            const Result<std::vector<ModelRouting>> present = repository.all();
            if (!present)
                return fail(present.error());
            for (const ModelRouting &routing : routings) {
                const Result<> stored = repository.save(routing).and_then(
                    [&] { return recordRouting(database, *present, routing); });
                if (!stored)
                    return stored;
            }
            return transaction->commit();
        });
}

} // namespace gatehouse::admin
