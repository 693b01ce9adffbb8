#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// What a holder of a relay token may still spend and has spent, as OpenAI's billing routes told it.
class BillingController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response subscription(const Call &call);
    Response usage(const Call &call);
    // The token if the setting accounting.display_token_statistics says so, else the user.
    struct Account
    {
        domain::Quota left{};
        domain::Quota used{};
        bool unlimited = false;
        qint64 expiresAt = -1;
    };
    admin::Answer<Account> accountOf(const Call &call);
};

// Whom a relay token in the request's header stands for, or the answer that refuses it.
tl::expected<std::pair<domain::UserId, domain::TokenId>, gateway::ApiResponse>
relayTokenOf(const gateway::ApiRequest &request, const domain::Catalog *catalog, qint64 now);

} // namespace gatehouse::management
