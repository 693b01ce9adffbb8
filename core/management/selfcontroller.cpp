#include "management/selfcontroller.h"

#include "management/sessioncookie.h"
#include "management/userjson.h"

#include <QMap>
#include <QSet>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using domain::User;
using gateway::ApiResponse;

namespace {

constexpr qint64 millisecondsOfDay = 24LL * 60 * 60 * 1000;

// One API leaves what is empty as it is.
void take(const std::optional<QString> &given, std::optional<QString> &wanted)
{
    if (given && !given->isEmpty())
        wanted = given;
}

// The keys are in capitals as in One API's answer.
QJsonArray dashboardJson(const std::vector<storage::DailyUsage> &days)
{
    QJsonArray rows;
    for (const storage::DailyUsage &day : days) {
        rows.append(QJsonObject{{u"Day"_s, day.day},
                                {u"ModelName"_s, QString::fromUtf8(day.model)},
                                {u"RequestCount"_s, day.requests},
                                {u"Quota"_s, day.charge.units},
                                {u"PromptTokens"_s, day.inputTokens},
                                {u"CompletionTokens"_s, day.outputTokens}});
    }
    return rows;
}

} // namespace

void SelfController::addTo(Router &router)
{
    const auto add = [&router](QByteArray method, QByteArray path, Handler handler) {
        router.add({.method = std::move(method),
                    .pattern = std::move(path),
                    .policy = Policy::signedIn(),
                    .handler = std::move(handler)});
    };
    add("GET", "/api/user/self", [this](const Call &call) {
        return respond(m_admin.users.self(call.actor()),
                       [](const User &user) { return userJson(user); });
    });
    add("DELETE", "/api/user/self", [this](const Call &call) { return remove(call); });
    add("GET", "/api/user/aff", [this](const Call &call) {
        return respond(m_admin.users.invitationCode(call.actor()),
                       [](const QString &code) { return QJsonValue(code); });
    });
    add("GET", "/api/user/available_models", [this](const Call &call) {
        return availableModels(call);
    });
    add("GET", "/api/user/dashboard", [this](const Call &call) { return dashboard(call); });
    add("GET", "/api/models", [this](const Call &call) { return modelsByType(call); });
    router.add({.method = "GET",
                .pattern = "/api/user/token",
                .policy = Policy::signedIn(),
                .handler =
                    [this](const Call &call) {
                        return respond(m_admin.users.renewAccessToken(call.actor()),
                                       [](const base::Secret &token) {
                                           return QJsonValue(QString::fromUtf8(token.reveal()));
                                       });
                    },
                .hasEffect = true});
    router.add({.method = "PUT",
                .pattern = "/api/user/self",
                .policy = Policy::signedIn(),
                .handler = [this](const Call &call) { return change(call); },
                .hasBody = true});
}

Response SelfController::change(const Call &call)
{
    const auto username = call.reader().string(u"username");
    const auto displayName = call.reader().string(u"display_name");
    const auto password = call.reader().string(u"password");
    for (const auto *text : {&username, &displayName, &password}) {
        if (!*text)
            return responded(text->error());
    }
    admin::UserChange wanted;
    take(*username, wanted.username);
    take(*displayName, wanted.displayName);
    const bool newPassword = *password && !(*password)->isEmpty();
    if (newPassword)
        wanted.password = base::Secret(**password);
    const bool renews = newPassword && call.bySession;
    return respond(m_admin.users.changeSelf(call.actor(), wanted),
                   [this, renews, tls = call.request.tls](const User &user) {
                       ApiResponse response = succeeded();
                       if (!renews)
                           return response;
                       // All sessions are void now; this one goes on under a new cookie.
                       if (const auto session = m_admin.sessions.sessionFor(user)) {
                           response.headers.emplace_back(
                               "Set-Cookie", setCookie(session->cookie, session->lifetime, tls));
                       }
                       return response;
                   });
}

Response SelfController::remove(const Call &call)
{
    return respond(m_admin.users.removeSelf(call.actor()), [tls = call.request.tls] {
        ApiResponse response = succeeded();
        response.headers.emplace_back("Set-Cookie", clearCookie(tls));
        return response;
    });
}

Response SelfController::dashboard(const Call &call)
{
    constexpr qint64 days = 7;
    const qint64 today = m_admin.foundation.clock.wallMilliseconds() / millisecondsOfDay;
    storage::UsageFilter filter;
    filter.user = call.user.id;
    filter.since = (today - (days - 1)) * millisecondsOfDay;
    return respond(m_admin.usage.daily(call.actor(), filter), dashboardJson);
}

Response SelfController::availableModels(const Call &call)
{
    QJsonArray names;
    const auto &catalog = m_admin.publisher.catalog();
    if (const domain::CatalogGroup *group = catalog ? catalog->group(call.user.group) : nullptr) {
        for (const QByteArray &model : group->enabledModels())
            names.append(QString::fromUtf8(model));
    }
    return responded(succeeded(names));
}

// The models that the channels of each type name.
Response SelfController::modelsByType(const Call &)
{
    QMap<int, QStringList> models;
    for (const domain::ProviderType &type : domain::providerTypes())
        models.insert(type.number, {});
    if (const auto &catalog = m_admin.publisher.catalog()) {
        for (const auto &channel : catalog->channels())
            models[channel->channel.type] += channel->channel.models;
    }
    QJsonObject json;
    for (auto it = models.begin(); it != models.end(); ++it) {
        it->removeDuplicates();
        it->sort();
        json.insert(QString::number(it.key()), QJsonArray::fromStringList(*it));
    }
    return responded(succeeded(json));
}

} // namespace gatehouse::management
