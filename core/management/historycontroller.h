#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// The history of changes.
class HistoryController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response page(const Call &call);
};

} // namespace gatehouse::management
