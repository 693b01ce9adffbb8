#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// Prices of models, through all channels or one, with all their parts. One API's maps of ratios are
// options.
class PriceController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response list(const Call &call);
    Response save(const Call &call);
    Response remove(const Call &call);
};

} // namespace gatehouse::management
