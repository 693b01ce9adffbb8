#pragma once

#include "admin/gateway/gatewayaddress.h"

#include <mutex>

namespace gatehouse::admin {

// Where this gateway listens, so that no channel is led back to it. Safe to use from any thread; a
// mutex is held for a look-up.
class OwnAddresses
{
public:
    OwnAddresses() = default;
    OwnAddresses(const OwnAddresses &) = delete;
    OwnAddresses &operator=(const OwnAddresses &) = delete;

    void set(std::vector<BoundAddress> bound, std::vector<InterfaceAddress> interfaces);
    // `host` is a name or an address. Names other than localhost are not looked up.
    bool contains(const QString &host, quint16 port) const;

private:
    mutable std::mutex m_mutex;
    std::vector<BoundAddress> m_bound;
    std::vector<InterfaceAddress> m_interfaces;
};

} // namespace gatehouse::admin
