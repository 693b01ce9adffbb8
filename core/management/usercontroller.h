#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// The users, for administrators.
class UserController final : public Controller
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
    Response manage(const Call &call);
    Response topUp(const Call &call);
};

} // namespace gatehouse::management
