#pragma once

#include "admin/actor.h"
#include "admin/foundation.h"
#include "storage/traffic/usagerepository.h"

#include <QObject>

#include <vector>

namespace gatehouse::admin {

// The ledger, for reading. Whoever is no administrator sees only what is their own. Lives in the main
// thread.
class UsageService : public QObject
{
    Q_OBJECT

public:
    explicit UsageService(const Foundation &foundation, QObject *parent = nullptr);

    // The newest first.
    Answer<std::vector<storage::StoredUsage>>
    list(const Actor &actor, storage::UsageFilter filter, storage::Page page);
    Answer<storage::UsageSums> sums(const Actor &actor, storage::UsageFilter filter);
    Answer<std::vector<storage::DailyUsage>> daily(const Actor &actor, storage::UsageFilter filter);
    // Removes records before `before` (milliseconds since 1970, UTC) and gives their number.
    Answer<qint64> removeOlder(const Actor &actor, qint64 before);

private:
    const Foundation m_base;
};

} // namespace gatehouse::admin
