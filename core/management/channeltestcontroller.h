#pragma once

#include "admin/channels/channeltests.h"
#include "management/controller.h"

namespace gatehouse::management {

// Channel tests, and the balances at the providers.
class ChannelTestController final : public Controller
{
public:
    // Without `tests` every wish for one is answered as not offered.
    ChannelTestController(admin::Administration &administration,
                          QObject *context,
                          admin::ChannelTests *tests)
        : Controller(administration, context)
        , m_tests(tests)
    {}
    void addTo(Router &router) override;

private:
    Response testOne(const Call &call);
    Response startRun(const Call &call);
    Response latestRun() const;
    Response cancelRun(const Call &call);
    Response queryBalance(const Call &call);

    admin::ChannelTests *const m_tests;
};

} // namespace gatehouse::management
