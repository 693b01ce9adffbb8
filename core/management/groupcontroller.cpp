#include "management/groupcontroller.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

void GroupController::addTo(Router &router)
{
    router.add({.method = "GET",
                .pattern = "/api/group",
                .policy = Policy::administrator(),
                .handler = [this](const Call &) {
                    return respond(m_admin.groups.list(),
                                   [](const std::vector<domain::Group> &groups) {
                                       QJsonArray names;
                                       for (const domain::Group &group : groups)
                                           names.append(QString::fromUtf8(group.name));
                                       return names;
                                   });
                }});
}

} // namespace gatehouse::management
