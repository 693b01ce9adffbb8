#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// Signing in and out.
class SessionController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response signIn(const Call &call);
    Response signOut(const Call &call);
    Response signOutEverywhere(const Call &call);
    Response setPassword(const Call &call);
};

} // namespace gatehouse::management
