#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// The names of the groups.
class GroupController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;
};

} // namespace gatehouse::management
