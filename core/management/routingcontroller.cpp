#include "management/routingcontroller.h"

#include "domain/modelrouting.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::ModelRouting;

namespace {

QJsonObject routingJson(const ModelRouting &routing)
{
    return {{u"model"_s, QString::fromUtf8(routing.model)},
            {u"strategy"_s,
             routing.strategy ? QJsonValue(domain::strategyName(*routing.strategy)) : QJsonValue()},
            {u"affinity"_s, routing.affinity ? QJsonValue(*routing.affinity) : QJsonValue()}};
}

Result<ModelRouting> readRouting(const Call &call)
{
    const base::JsonReader reader = call.reader();
    const auto model = reader.string(u"model");
    const auto strategy = reader.string(u"strategy");
    const auto affinity = reader.boolean(u"affinity");
    for (const base::Error *error : {model ? nullptr : &model.error(),
                                     strategy ? nullptr : &strategy.error(),
                                     affinity ? nullptr : &affinity.error()}) {
        if (error)
            return fail(*error);
    }
    ModelRouting routing{.model = model->value_or(QString()).trimmed().toUtf8(),
                         .affinity = *affinity};
    if (*strategy) {
        routing.strategy = domain::strategyNamed(**strategy);
        if (!routing.strategy) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("%1 must be one of: %2.")
                            .arg(u"strategy"_s, domain::strategyNames().join(u", "_s)));
        }
    }
    return routing;
}

} // namespace

void RoutingController::addTo(Router &router)
{
    router.add({.method = "GET",
                .pattern = "/api/routing",
                .policy = Policy::root(),
                .handler = [this](const Call &) { return list(); }});
    router.add({.method = "PUT",
                .pattern = "/api/routing",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return save(call); },
                .hasBody = true});
}

Response RoutingController::list()
{
    return respond(m_admin.modelRoutings.list(), [](const std::vector<ModelRouting> &routings) {
        QJsonArray array;
        for (const ModelRouting &each : routings)
            array.append(routingJson(each));
        return array;
    });
}

Response RoutingController::save(const Call &call)
{
    const Result<ModelRouting> routing = readRouting(call);
    if (!routing)
        return responded(routing.error());
    return respond(m_admin.modelRoutings.save({*routing}));
}

} // namespace gatehouse::management
