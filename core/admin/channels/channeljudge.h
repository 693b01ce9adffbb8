#pragma once

#include "admin/channels/routeexplanation.h"
#include "protocol/operation.h"
#include "relay/routing/routing.h"

#include <QHash>

namespace gatehouse::admin {

// One operation of each kind that clients of a dialect, or of any, may ask for.
std::vector<protocol::Operation> operationsOf(std::optional<domain::Dialect> dialect);

// A channel as it is shown, and as routing sees it.
struct JudgedChannel
{
    RouteCandidate candidate{};
    relay::RouteOption option{};
};

// Judges channels as routing would at the moment it is made, and says why one would not serve. Neither
// their health nor their load changes. Any thread; the catalog and what `base` holds outlive it.
class ChannelJudge
{
public:
    ChannelJudge(const domain::Catalog &catalog, const Foundation &base);

    // The channels of the group that offer the model, the highest priority first, for a request of any
    // of the operations.
    std::vector<JudgedChannel> judge(const domain::CatalogGroup &group,
                                     const QByteArray &model,
                                     const std::vector<protocol::Operation> &operations) const;

    // The moment of which the prices are, in milliseconds since 1970.
    qint64 now() const { return m_now; }

private:
    const domain::Catalog &m_catalog;
    relay::ChannelHealth &m_health;
    relay::ChannelLoad &m_load;
    const qint64 m_now;
    QHash<domain::ChannelId, int> m_failures{};
    QHash<domain::ChannelId, std::vector<relay::KeyHealth>> m_keys{};
};

} // namespace gatehouse::admin
