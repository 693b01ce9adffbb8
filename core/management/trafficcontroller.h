#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// Requests by the filter language of the Traffic page, and what requests come to.
class TrafficController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response page(const Call &call);
    Response newer(const Call &call, qint64 after);
    Response statistics(const Call &call);
};

} // namespace gatehouse::management
