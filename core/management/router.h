#pragma once

#include "domain/role.h"
#include "management/call.h"

#include <vector>

namespace gatehouse::management {

// Who may use a route. A route without a policy is an error at start.
struct Policy
{
    enum class Kind {
        Undeclared,
        Public,
        SignedIn,   // users of at least the role `least`
        RelayToken, // whoever holds a token of the relay
    };

    Kind kind = Kind::Undeclared;
    domain::Role least = domain::Role::Guest;

    static constexpr Policy open() { return {Kind::Public}; }
    static constexpr Policy signedIn() { return {Kind::SignedIn, domain::Role::User}; }
    static constexpr Policy administrator()
    {
        return {Kind::SignedIn, domain::Role::Administrator};
    }
    static constexpr Policy root() { return {Kind::SignedIn, domain::Role::Root}; }
    static constexpr Policy relayToken() { return {Kind::RelayToken}; }
};

using Handler = std::function<Response(const Call &)>;

// One thing that can be asked for. The pattern has no slash at its end; ":id" stands for any one
// segment.
struct Route
{
    QByteArray method{};
    QByteArray pattern{};
    Policy policy{};
    Handler handler{};
    bool hasBody = false;     // a JSON object
    bool mayLackBody = false; // of a route with one: none at all counts as an empty object
    bool hasEffect = false;   // although it is a GET
    int badBodyStatus = 200;

    bool changes() const { return hasEffect || method != "GET"; }
};

struct Match
{
    const Route *route = nullptr; // null: none
    QHash<QByteArray, QByteArray> places{};
    QByteArray allowed{}; // the methods of the path, where only the method is wrong
};

// The table of routes. Filled once; then it may be asked in any thread.
class Router
{
public:
    void add(Route route) { m_routes.push_back(std::move(route)); }
    // Fails on a route without a policy or a handler, and on two for the same.
    base::Result<> check() const;

    const std::vector<Route> &routes() const { return m_routes; }
    // A slash at the end of the path means nothing. HEAD is answered as GET.
    Match match(QByteArrayView method, QByteArrayView path) const;

private:
    std::vector<Route> m_routes{};
};

} // namespace gatehouse::management
