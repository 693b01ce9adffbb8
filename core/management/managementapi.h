#pragma once

#include "admin/administration.h"
#include "admin/channels/channeltests.h"
#include "gateway/apihandler.h"
#include "management/instancecontroller.h"
#include "management/router.h"

#include <QObject>

#include <memory>

namespace gatehouse::management {

class Controller;

// What the management API needs. The references outlive it.
struct ManagementParts
{
    admin::Administration &administration;
    admin::ChannelTests *tests = nullptr; // null: tests are answered as not offered
    QString version{};
    Instance instance{};
};

// One API's management API and its billing routes, for whatever carries HTTP. It lives in the main
// thread; serves() and handle() may be called from any thread. GET /api/status is answered at once
// in the calling thread, out of a text that was made when the catalog changed.
class ManagementApi final : public QObject, public gateway::ApiHandler
{
    Q_OBJECT

public:
    // Fails if a route has no policy or two routes are the same.
    static base::Result<std::unique_ptr<ManagementApi>> create(ManagementParts parts);
    ~ManagementApi() override;

    // The addresses that the gateway listens on, as URLs: "http://127.0.0.1:3000". Their hosts are
    // names under which it may be asked.
    void setListeners(const QStringList &urls);

    const std::vector<Route> &routes() const { return m_router.routes(); }

    bool serves(QByteArrayView path) const override;
    std::optional<gateway::ApiResponse> refusedByHead(const gateway::ApiRequest &request) override;
    void handle(gateway::ApiRequest request, Reply reply) override;

private:
    struct Shared; // what the calling threads use

    explicit ManagementApi(ManagementParts parts);
    void addRoutes();
    void renewShared();
    std::optional<gateway::ApiResponse> refusalBefore(const gateway::ApiRequest &request,
                                                      const Match &match);
    void handleHere(gateway::ApiRequest request, const Match &match, const Reply &reply);
    QFuture<gateway::ApiResponse> answer(gateway::ApiRequest request, const Match &match);
    QFuture<gateway::ApiResponse> answerSignedIn(Call call, const Route &route);
    QFuture<gateway::ApiResponse>
    answerAs(const admin::Identity &identity, Call call, const Route &route);
    QFuture<gateway::ApiResponse> answerAllowed(Call call, const Route &route);

    const ManagementParts m_given;
    const qint64 m_startedAt; // seconds since 1970, UTC
    QStringList m_listeners{};
    std::vector<std::unique_ptr<Controller>> m_controllers{};
    Router m_router{}; // filled in the constructor, then read by all threads
    std::unique_ptr<Shared> m_shared;
};

} // namespace gatehouse::management
