#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// All settings as One API's options: texts by key, under One API's names and this gateway's own.
// Prices and groups appear as One API's maps of ratios.
class OptionController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response list(const Call &call);
    Response change(const Call &call);
    Response setGroupRatios(const QString &value);
};

} // namespace gatehouse::management
