#include "management/sessioncontroller.h"

#include "management/sessioncookie.h"
#include "management/userjson.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using admin::SignIn;
using gateway::ApiResponse;

namespace {

ApiResponse signInAnswer(const SignIn &outcome, bool tls)
{
    switch (outcome.state) {
    case SignIn::State::SignedIn: {
        ApiResponse response = succeeded(signedInJson(outcome.user));
        response.headers.emplace_back("Set-Cookie",
                                      setCookie(outcome.cookie, outcome.lifetime, tls));
        return response;
    }
    case SignIn::State::Throttled: {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(outcome.wait).count();
        constexpr int tooManyRequests = 429;
        ApiResponse response = refusal(
            u"There were too many attempts to sign in. Try again in %1 seconds."_s.arg(seconds),
            tooManyRequests);
        response.headers.emplace_back("Retry-After",
                                      QByteArray::number(static_cast<qint64>(seconds)));
        return response;
    }
    case SignIn::State::SwitchedOff:
        return refusal(u"The administrator has switched off signing in with a password."_s);
    case SignIn::State::Refused:
        break;
    }
    return refusal(u"The user name or the password is wrong, or the user is disabled."_s);
}

} // namespace

void SessionController::addTo(Router &router)
{
    router.add({.method = "POST",
                .pattern = "/api/user/login",
                .policy = Policy::open(),
                .handler = [this](const Call &call) { return signIn(call); },
                .hasBody = true});
    router.add({.method = "GET",
                .pattern = "/api/user/logout",
                .policy = Policy::open(),
                .handler = [this](const Call &call) { return signOut(call); },
                .hasEffect = true});
    router.add({.method = "POST",
                .pattern = "/api/user/register",
                .policy = Policy::open(),
                .handler = [](const Call &) {
                    return responded(refusal(u"Users are made by an administrator here."_s));
                }});
    router.add({.method = "POST",
                .pattern = "/api/user/sign_out_everywhere",
                .policy = Policy::signedIn(),
                .handler = [this](const Call &call) { return signOutEverywhere(call); },
                .hasBody = true});
    router.add({.method = "POST",
                .pattern = "/api/user/set_password",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return setPassword(call); },
                .hasBody = true});
}

Response SessionController::signIn(const Call &call)
{
    const auto name = call.reader().string(u"username");
    const auto password = call.reader().string(u"password");
    if (!name || !password)
        return responded(name ? password.error() : name.error());
    const bool tls = call.request.tls;
    return respond(m_admin.sessions.signIn(name->value_or(QString()),
                                           base::Secret(password->value_or(QString())),
                                           call.request.client),
                   [tls](const SignIn &outcome) { return signInAnswer(outcome, tls); });
}

Response SessionController::signOut(const Call &call)
{
    ApiResponse response = succeeded();
    response.headers.emplace_back("Set-Cookie", clearCookie(call.request.tls));
    return responded(std::move(response));
}

Response SessionController::signOutEverywhere(const Call &call)
{
    const auto id = call.reader().integer(u"user_id");
    if (!id)
        return responded(id.error());
    const domain::UserId user{id->value_or(call.user.id.value)};
    return respond(m_admin.users.signOutEverywhere(call.actor(), user));
}

Response SessionController::setPassword(const Call &call)
{
    const auto name = call.reader().string(u"username");
    const auto password = call.reader().string(u"password");
    if (!name || !password)
        return responded(name ? password.error() : name.error());
    const base::Secret secret(password->value_or(QString()));
    const admin::Actor actor = call.actor();
    return respond(admin::onSuccess(m_admin.users.idOf(actor, name->value_or(QString())),
                                    m_context,
                                    [this, actor, secret](domain::UserId id) {
                                        return m_admin.users.change(
                                            actor, id, {.password = secret});
                                    }),
                   [](const domain::User &) { return succeeded(); });
}

} // namespace gatehouse::management
