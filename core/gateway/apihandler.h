#pragma once

#include <QByteArray>
#include <QHostAddress>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace gatehouse::gateway {

using ApiFields = std::vector<std::pair<QByteArray, QByteArray>>;

// A request that is not the relay's: the management API and the billing routes. A value, so that it
// can cross threads.
struct ApiRequest
{
    QByteArray method{};
    QByteArray path{}; // without the query, percent-encoding kept
    QByteArray query{};
    ApiFields headers{};
    QByteArray body{};
    QHostAddress client{};
    bool tls = false;
    // It came through the program's own local socket, from the account that runs it, or from within
    // the program: it acts as root without signing in.
    bool local = false;
    // refusedByHead() has let it through.
    bool judged = false;
    QByteArray requestId{};

    // The first field of that name, in any case; empty: there is none.
    QByteArray header(QByteArrayView name) const;
};

struct ApiResponse
{
    int status = 200;
    ApiFields headers{};
    QByteArray body{};
};

// Answers what the gateway does not answer itself.
class ApiHandler
{
public:
    using Reply = std::function<void(ApiResponse)>;

    ApiHandler() = default;
    ApiHandler(const ApiHandler &) = delete;
    ApiHandler &operator=(const ApiHandler &) = delete;
    virtual ~ApiHandler() = default;

    // True for paths that it answers. Called in any thread.
    virtual bool serves(QByteArrayView path) const = 0;
    // Judges a request by its head alone, before its body is taken; `body` is empty. Gives the answer
    // that refuses it, if any. Called in any thread; must not wait. Who asks it sets `judged` on what
    // was let through, so that handle() does not count it a second time.
    virtual std::optional<ApiResponse> refusedByHead(const ApiRequest &request)
    {
        Q_UNUSED(request)
        return std::nullopt;
    }
    // Called in any thread; must not wait. `reply` is called exactly once, in any thread, now or
    // later.
    virtual void handle(ApiRequest request, Reply reply) = 0;
};

} // namespace gatehouse::gateway
