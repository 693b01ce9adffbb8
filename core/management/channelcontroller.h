#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// The channels, for administrators.
class ChannelController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response list(const Call &call);
    Response search(const Call &call);
    Response find(const Call &call);
    Response create(const Call &call);
    Response change(const Call &call);
    Response remove(const Call &call);
    Response models();
    Response health();
    QJsonObject json(const domain::Channel &channel) const;
    QJsonArray json(const std::vector<domain::Channel> &channels) const;
};

} // namespace gatehouse::management
