#include "management/billingcontroller.h"

#include "gateway/endpoints.h"
#include "protocol/errorbody.h"
#include "relay/admission/caller.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::Result;
using domain::Quota;
using domain::Token;
using domain::TokenId;
using domain::User;
using domain::UserId;
using gateway::ApiRequest;
using gateway::ApiResponse;

namespace {

// Dollars, or plain units where the installation shows those.
double amount(Quota quota, const domain::Settings &settings)
{
    const double units = static_cast<double>(quota.units);
    return settings.accounting.displayInCurrency ? units / double(Quota::perDollar) : units;
}

ApiResponse refusedToken(const relay::Refusal &refused, const QByteArray &requestId)
{
    return {.status = refused.status,
            .headers = {{"Content-Type", "application/json; charset=utf-8"}},
            .body = protocol::errorBody(domain::Dialect::OpenAi,
                                        {.status = refused.status,
                                         .code = refused.code,
                                         .message = refused.message.english(),
                                         .requestId = requestId})};
}

// As the relay reads it, so that a client asks for its balance with what it asks models with.
QByteArray keyOf(const ApiRequest &request)
{
    http::RequestHead head{.method = request.method, .target = request.path};
    for (const auto &[name, value] : request.headers)
        head.headers.add(name, value);
    return gateway::credentialOf(head, {});
}

} // namespace

tl::expected<std::pair<UserId, TokenId>, ApiResponse>
relayTokenOf(const ApiRequest &request, const domain::Catalog *catalog, qint64 now)
{
    if (!catalog) {
        return tl::unexpected(
            refusedToken({.status = 503,
                          .code = "starting",
                          .message = base::Message::verbatim(u"The gateway is still starting."_s)},
                         request.requestId));
    }
    const auto caller = relay::identify(*catalog, keyOf(request), request.client, now);
    if (!caller)
        return tl::unexpected(refusedToken(caller.error(), request.requestId));
    return std::pair(caller->token->user->id, caller->token->token.id);
}

void BillingController::addTo(Router &router)
{
    for (const QByteArray &prefix : {QByteArray("/dashboard"), QByteArray("/v1/dashboard")}) {
        router.add({.method = "GET",
                    .pattern = prefix + "/billing/subscription",
                    .policy = Policy::relayToken(),
                    .handler = [this](const Call &call) { return subscription(call); }});
        router.add({.method = "GET",
                    .pattern = prefix + "/billing/usage",
                    .policy = Policy::relayToken(),
                    .handler = [this](const Call &call) { return usage(call); }});
    }
}

admin::Answer<BillingController::Account> BillingController::accountOf(const Call &call)
{
    const admin::Actor owner = call.actor();
    if (!m_admin.settings.current().accounting.displayTokenStatistics) {
        return admin::onSuccess(m_admin.users.self(owner), m_context, [](const User &user) {
            return Result<Account>(Account{.left = user.balance, .used = user.used});
        });
    }
    return admin::onSuccess(
        m_admin.tokens.find(owner, call.token), m_context, [](const Token &token) {
            return Result<Account>(Account{.left = token.balance,
                                           .used = token.used,
                                           .unlimited = token.unlimited,
                                           .expiresAt = token.expiresAt});
        });
}

Response BillingController::subscription(const Call &call)
{
    return respond(accountOf(call), [this](const Account &account) {
        constexpr double withoutLimit = 100'000'000;
        const double limit = account.unlimited
                                 ? withoutLimit
                                 : amount(account.left + account.used, m_admin.settings.current());
        return document({{u"object"_s, u"billing_subscription"_s},
                         {u"has_payment_method"_s, true},
                         {u"soft_limit_usd"_s, limit},
                         {u"hard_limit_usd"_s, limit},
                         {u"system_hard_limit_usd"_s, limit},
                         {u"access_until"_s, std::max<qint64>(account.expiresAt, 0)}});
    });
}

// In cents, as OpenAI's was.
Response BillingController::usage(const Call &call)
{
    return respond(accountOf(call), [this](const Account &account) {
        return document(
            {{u"object"_s, u"list"_s},
             {u"total_usage"_s, amount(account.used, m_admin.settings.current()) * 100}});
    });
}

} // namespace gatehouse::management
