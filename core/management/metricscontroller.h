#pragma once

#include "management/controller.h"

namespace gatehouse::management {

inline constexpr QByteArrayView metricsPath = "/metrics";

// The figures of the program in the text formats of Prometheus, for whoever sends their token.
class MetricsController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response metrics(const Call &call);
};

} // namespace gatehouse::management
