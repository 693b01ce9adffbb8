#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// How requests for single models are routed, where that is not as the settings say.
class RoutingController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response list();
    Response save(const Call &call);
};

} // namespace gatehouse::management
