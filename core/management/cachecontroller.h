#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// GET /api/cache, which tells what the cache of answers holds, and DELETE, which clears it.
class CacheController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response show();
    Response clear();
};

} // namespace gatehouse::management
