#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// The log of requests and of the management's own entries.
class LogController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    // Whose records are asked for.
    enum class Scope { Everybody, Self };

    base::Result<storage::UsageFilter> filterFrom(const Call &call, Scope scope) const;
    Response list(const Call &call, Scope scope);
    Response search(const Call &call, Scope scope);
    Response statistics(const Call &call, Scope scope);
    Response remove(const Call &call);
};

// A line of the ledger. `ofSelf`: for the user whose it is, who learns nothing of others by it.
QJsonObject usageJson(const storage::StoredUsage &stored, bool ofSelf);

} // namespace gatehouse::management
