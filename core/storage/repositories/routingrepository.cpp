#include "storage/repositories/routingrepository.h"

#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::ModelRouting;

namespace {

ModelRouting routingFrom(const QSqlQuery &row)
{
    ModelRouting routing{.model = row.value(0).toString().toUtf8(),
                         .strategy = domain::strategyNamed(row.value(1).toString())};
    if (!row.value(2).isNull())
        routing.affinity = row.value(2).toBool();
    return routing;
}

} // namespace

Result<std::vector<ModelRouting>> RoutingRepository::all() const
{
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT model, strategy, affinity FROM model_routing ORDER BY model"_s),
                  routingFrom);
}

Result<> RoutingRepository::save(const ModelRouting &routing)
{
    const QString model = QString::fromUtf8(routing.model);
    if (routing.isDefault()) {
        return done(execute(m_database,
                            u"DELETE FROM model_routing WHERE model = :model"_s,
                            {{u":model"_s, model}}));
    }
    return done(execute(
        m_database,
        u"INSERT INTO model_routing (model, strategy, affinity)"
        " VALUES (:model, :strategy, :affinity)"
        " ON CONFLICT (model) DO UPDATE"
        " SET strategy = excluded.strategy, affinity = excluded.affinity"_s,
        {{u":model"_s, model},
         {u":strategy"_s,
          routing.strategy ? QVariant(domain::strategyName(*routing.strategy))
                           : QVariant(QMetaType(QMetaType::QString))},
         {u":affinity"_s,
          routing.affinity ? QVariant(*routing.affinity) : QVariant(QMetaType(QMetaType::Bool))}}));
}

} // namespace gatehouse::storage
