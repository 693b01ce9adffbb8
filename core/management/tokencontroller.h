#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// The tokens of who asks.
class TokenController final : public Controller
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
    QJsonArray listJson(const std::vector<domain::Token> &tokens) const;
};

} // namespace gatehouse::management
