#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// What users see and change of themselves.
class SelfController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response change(const Call &call);
    Response remove(const Call &call);
    Response dashboard(const Call &call);
    Response availableModels(const Call &call);
    Response modelsByType(const Call &call);
};

} // namespace gatehouse::management
