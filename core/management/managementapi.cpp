#include "management/managementapi.h"

#include "base/logging.h"
#include "domain/history.h"
#include "gateway/addresslimit.h"
#include "management/backupcontroller.h"
#include "management/billingcontroller.h"
#include "management/cachecontroller.h"
#include "management/channelcontroller.h"
#include "management/channeltestcontroller.h"
#include "management/groupcontroller.h"
#include "management/guard.h"
#include "management/historycontroller.h"
#include "management/importcontroller.h"
#include "management/instancecontroller.h"
#include "management/logcontroller.h"
#include "management/metricscontroller.h"
#include "management/optioncontroller.h"
#include "management/pricecontroller.h"
#include "management/routingcontroller.h"
#include "management/selfcontroller.h"
#include "management/sessioncontroller.h"
#include "management/sessioncookie.h"
#include "management/statuscontroller.h"
#include "management/tokencontroller.h"
#include "management/trafficcontroller.h"
#include "management/usercontroller.h"

#include <QUrl>

#include <mutex>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using admin::Identity;
using base::Result;
using gateway::ApiRequest;
using gateway::ApiResponse;

namespace {

constexpr qsizetype longestBody = 2 * 1024 * 1024;
constexpr int deepestBody = 32;
constexpr int badRequest = 400;
constexpr int unauthorized = 401;
constexpr int forbidden = 403;
constexpr int methodNotAllowed = 405;
constexpr int contentTooLarge = 413;
constexpr int tooManyRequests = 429;
constexpr int serviceUnavailable = 503;

constexpr QByteArrayView statusPath = "/api/status";

bool isBillingPath(QByteArrayView path)
{
    return path.startsWith("/dashboard/billing/") || path.startsWith("/v1/dashboard/billing/");
}

// How deep the brackets outside of texts are nested.
int depthOf(const QByteArray &json)
{
    int depth = 0;
    int deepest = 0;
    bool inText = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inText && c == '\\')
            ++i;
        else if (c == '"')
            inText = !inText;
        else if (!inText && (c == '{' || c == '['))
            deepest = std::max(deepest, ++depth);
        else if (!inText && (c == '}' || c == ']'))
            --depth;
    }
    return deepest;
}

// Reads the body that the route wants. Gives the answer that refuses it, if any.
std::optional<ApiResponse> readBody(Call &call, const Route &route)
{
    const QByteArray &body = call.request.body;
    if (!route.hasBody || (route.mayLackBody && body.isEmpty()))
        return std::nullopt;
    if (body.size() > longestBody) {
        return refusal(u"The body may have at most %1 bytes."_s.arg(longestBody), contentTooLarge);
    }
    if (depthOf(body) > deepestBody)
        return refusal(u"The JSON of the body is nested too deep."_s, badRequest);
    const Result<QJsonObject> object = base::parseJsonObject(body);
    if (!object)
        return refusal(object.error().message.english(), route.badBodyStatus);
    call.body = *object;
    return std::nullopt;
}

// The access token that the request carries, with or without "Bearer".
QByteArray accessTokenOf(const ApiRequest &request)
{
    const QByteArray header = request.header("Authorization").trimmed();
    constexpr QByteArrayView scheme = "bearer ";
    if (header.size() > scheme.size() && header.first(scheme.size()).toLower() == scheme)
        return header.sliced(scheme.size()).trimmed();
    return header;
}

// Commands come through the local door, as the window does not come at all.
domain::Author authorOf(const Call &call)
{
    if (call.request.local)
        return {};
    return {.kind = domain::Author::Kind::User, .user = call.user.id, .name = call.user.username};
}

ApiResponse notReady()
{
    return refusal(u"The gateway is still starting. Ask again in a moment."_s, serviceUnavailable);
}

QSet<QByteArray> allowedHosts(const domain::Settings &settings, const QStringList &listeners)
{
    QSet<QByteArray> names;
    QString configured = settings.server.allowedHosts;
    for (const QString &name : configured.replace(u',', u' ').split(u' ', Qt::SkipEmptyParts))
        names.insert(hostName(name.trimmed().toUtf8()));
    const QStringList urls = QStringList(listeners) << settings.texts.serverAddress;
    for (const QString &url : urls)
        names.insert(QUrl(url).host(QUrl::FullyEncoded).toLatin1().toLower());
    names.remove({});
    return names;
}

} // namespace

struct ManagementApi::Shared
{
    explicit Shared(const base::Clock &clock)
        : limit(clock)
    {}

    struct State
    {
        QByteArray status{};
        QSet<QByteArray> hosts{};
        qint64 requestsPerWindow = 0;
    };

    std::shared_ptr<const State> state() const
    {
        const std::lock_guard lock(mutex);
        return current;
    }
    void setState(State state)
    {
        auto made = std::make_shared<const State>(std::move(state));
        const std::lock_guard lock(mutex);
        current = std::move(made);
    }

    mutable std::mutex mutex{}; // held to copy a pointer
    std::shared_ptr<const State> current{};
    gateway::AddressLimit limit;
};

Result<std::unique_ptr<ManagementApi>> ManagementApi::create(ManagementParts parts)
{
    std::unique_ptr<ManagementApi> api(new ManagementApi(std::move(parts)));
    if (Result<> sound = api->m_router.check(); !sound)
        return base::fail(sound.error());
    return api;
}

ManagementApi::ManagementApi(ManagementParts parts)
    : m_given(std::move(parts))
    , m_startedAt(m_given.administration.foundation.now())
    , m_shared(std::make_unique<Shared>(m_given.administration.foundation.clock))
{
    addRoutes();
    connect(&m_given.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &ManagementApi::renewShared);
    renewShared();
}

ManagementApi::~ManagementApi() = default;

void ManagementApi::addRoutes()
{
    admin::Administration &administration = m_given.administration;
    const auto add = [&]<typename Made>() {
        m_controllers.push_back(std::make_unique<Made>(administration, this));
    };
    add.operator()<StatusController>();
    add.operator()<SessionController>();
    add.operator()<SelfController>();
    add.operator()<UserController>();
    add.operator()<TokenController>();
    add.operator()<ChannelController>();
    add.operator()<LogController>();
    add.operator()<TrafficController>();
    add.operator()<HistoryController>();
    add.operator()<GroupController>();
    add.operator()<OptionController>();
    add.operator()<PriceController>();
    add.operator()<RoutingController>();
    add.operator()<ImportController>();
    add.operator()<BackupController>();
    add.operator()<CacheController>();
    add.operator()<BillingController>();
    add.operator()<MetricsController>();
    m_controllers.push_back(
        std::make_unique<ChannelTestController>(administration, this, m_given.tests));
    m_controllers.push_back(std::make_unique<InstanceController>(
        administration,
        this,
        m_given.instance,
        QJsonObject{{u"version"_s, m_given.version}, {u"started_at"_s, m_startedAt}},
        [this] { return m_listeners; }));
    for (const auto &controller : m_controllers)
        controller->addTo(m_router);

    m_router.add({.method = "GET",
                  .pattern = statusPath.toByteArray(),
                  .policy = Policy::open(),
                  .handler = [this](const Call &) {
                      ApiResponse response = succeeded();
                      response.body = m_shared->state()->status;
                      return responded(std::move(response));
                  }});
}

void ManagementApi::setListeners(const QStringList &urls)
{
    m_listeners = urls;
    renewShared();
}

void ManagementApi::renewShared()
{
    const domain::Settings settings = m_given.administration.settings.current();
    m_shared->setState({.status = statusBody(settings, m_given.version, m_startedAt),
                        .hosts = allowedHosts(settings, m_listeners),
                        .requestsPerWindow = settings.http.apiRequestsPerThreeMinutes});
}

bool ManagementApi::serves(QByteArrayView path) const
{
    return path == "/api" || path.startsWith("/api/") || isBillingPath(path) || path == metricsPath;
}

std::optional<ApiResponse> ManagementApi::refusedByHead(const ApiRequest &request)
{
    return refusalBefore(request, m_router.match(request.method, request.path));
}

// What is refused without a look at the body. In whatever thread asks.
std::optional<ApiResponse> ManagementApi::refusalBefore(const ApiRequest &request,
                                                        const Match &match)
{
    const std::shared_ptr<const Shared::State> state = m_shared->state();
    // Where a token is asked for that no browser adds by itself, the name says nothing.
    const bool takesAnyHost = isBillingPath(request.path) || request.path == metricsPath;
    if (!request.local && !takesAnyHost && !isAllowedHost(request.header("Host"), state->hosts)) {
        return refusal(u"The management API does not answer under the name \"%1\". If it is a name "
                       "of this machine, add it to the setting server.allowed_hosts."_s.arg(
                           QString::fromUtf8(request.header("Host").left(200))),
                       forbidden);
    }
    if (!match.route) {
        ApiResponse response = notFound(request);
        if (!match.allowed.isEmpty()) {
            response.status = methodNotAllowed;
            response.headers.emplace_back("Allow", match.allowed);
        }
        return response;
    }
    if (request.local || match.route->pattern == statusPath)
        return std::nullopt;
    const auto wait = m_shared->limit.take(request.client, state->requestsPerWindow);
    if (wait.count() <= 0)
        return std::nullopt;
    ApiResponse response =
        refusal(u"There were too many requests from your address. Ask again in %1 seconds."_s.arg(
                    wait.count()),
                tooManyRequests);
    response.headers.emplace_back("Retry-After",
                                  QByteArray::number(static_cast<qint64>(wait.count())));
    return response;
}

// In whatever thread asks.
void ManagementApi::handle(ApiRequest request, Reply reply)
{
    const Match match = m_router.match(request.method, request.path);
    if (!request.judged) {
        if (auto refused = refusalBefore(request, match)) {
            reply(std::move(*refused));
            return;
        }
    }
    if (match.route->pattern == statusPath) {
        ApiResponse response = succeeded();
        response.body = m_shared->state()->status;
        reply(std::move(response));
        return;
    }
    QMetaObject::invokeMethod(
        this,
        [this, request = std::move(request), match, reply = std::move(reply)]() mutable {
            handleHere(std::move(request), match, reply);
        },
        Qt::QueuedConnection);
}

void ManagementApi::handleHere(ApiRequest request, const Match &match, const Reply &reply)
{
    // Who waits is not told once this is gone: the gateway may be as well.
    const QPointer guard(this);
    answer(std::move(request), match)
        .then(QCoreApplication::instance(),
              [guard, reply](ApiResponse response) {
                  if (guard)
                      reply(std::move(response));
              })
        .onCanceled(QCoreApplication::instance(), [guard, reply] {
            if (guard)
                reply(shuttingDown());
        });
}

QFuture<ApiResponse> ManagementApi::answer(ApiRequest request, const Match &match)
{
    const Route &route = *match.route;
    Call call{.places = match.places, .query = parsedQuery(request.query)};
    call.request = std::move(request);
    const auto &catalog = m_given.administration.publisher.catalog();

    if (route.policy.kind == Policy::Kind::RelayToken) {
        const auto owner =
            relayTokenOf(call.request, catalog.get(), m_given.administration.foundation.now());
        if (!owner)
            return responded(owner.error());
        call.user = *catalog->user(owner->first);
        call.token = owner->second;
        return answerAllowed(std::move(call), route);
    }
    if (auto foreign = foreignOrigin(call.request, route))
        return responded(std::move(*foreign));
    if (route.policy.kind == Policy::Kind::Public)
        return answerAllowed(std::move(call), route);
    return answerSignedIn(std::move(call), route);
}

QFuture<ApiResponse> ManagementApi::answerSignedIn(Call call, const Route &route)
{
    admin::SessionService &sessions = m_given.administration.sessions;
    if (call.request.local) {
        const std::optional<domain::User> root = sessions.root();
        if (!root)
            return responded(notReady());
        return answerAs({.state = Identity::State::Known, .user = *root}, std::move(call), route);
    }
    Identity identity;
    for (const QByteArray &cookie : sessionCookies(call.request)) {
        identity = sessions.bySession(cookie);
        if (identity.state != Identity::State::Unknown)
            break;
    }
    if (identity.state != Identity::State::Unknown) {
        call.bySession = true;
        if (auto unsafe = unsafeForm(call.request))
            return responded(std::move(*unsafe));
        return answerAs(identity, std::move(call), route);
    }
    const QByteArray token = accessTokenOf(call.request);
    if (token.isEmpty()) {
        return responded(
            refusal(u"You are not signed in, and no access token was sent."_s, unauthorized));
    }
    auto held = std::make_shared<Call>(std::move(call));
    return sessions.byAccessToken(token)
        .then(QCoreApplication::instance(),
              [guard = QPointer(this), this, held, &route](const Result<Identity> &found) {
                  if (!guard)
                      return responded(shuttingDown());
                  if (!found)
                      return responded(found.error());
                  if (found->state == Identity::State::Unknown)
                      return responded(refusal(u"The access token is not valid."_s));
                  return answerAs(*found, std::move(*held), route);
              })
        .unwrap();
}

QFuture<ApiResponse>
ManagementApi::answerAs(const Identity &identity, Call call, const Route &route)
{
    if (identity.state == Identity::State::NotReady)
        return responded(notReady());
    if (identity.state == Identity::State::Disabled) {
        ApiResponse response = refusal(u"This user is disabled. Ask an administrator."_s);
        response.headers.emplace_back("Set-Cookie", clearCookie(call.request.tls));
        return responded(std::move(response));
    }
    call.user = identity.user;
    if (call.user.role < route.policy.least)
        return responded(refusal(u"You do not have the right to do this."_s));
    return answerAllowed(std::move(call), route);
}

QFuture<ApiResponse> ManagementApi::answerAllowed(Call call, const Route &route)
{
    if (auto refused = readBody(call, route))
        return responded(std::move(*refused));
    const domain::ActingAs acting(authorOf(call));
    return route.handler(call);
}

} // namespace gatehouse::management
