#include "admin/traffic/usageservice.h"

#include "admin/history/recording.h"
#include "storage/traffic/usagecleanup.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using storage::Database;
using storage::UsageFilter;
using storage::UsageRepository;

namespace {

UsageFilter restrictedTo(const Actor &actor, UsageFilter filter)
{
    if (!actor.is(domain::Role::Administrator))
        filter.user = actor.id;
    return filter;
}

} // namespace

UsageService::UsageService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{}

Answer<std::vector<storage::StoredUsage>>
UsageService::list(const Actor &actor, UsageFilter filter, storage::Page page)
{
    return m_base.storage.read(
        [filter = restrictedTo(actor, std::move(filter)), page](Database &database) {
            return UsageRepository(database).list(filter, page);
        });
}

Answer<storage::UsageSums> UsageService::sums(const Actor &actor, UsageFilter filter)
{
    return m_base.storage.read(
        [filter = restrictedTo(actor, std::move(filter))](Database &database) {
            return UsageRepository(database).sums(filter);
        });
}

Answer<std::vector<storage::DailyUsage>> UsageService::daily(const Actor &actor, UsageFilter filter)
{
    return m_base.storage.read(
        [filter = restrictedTo(actor, std::move(filter))](Database &database) {
            return UsageRepository(database).daily(filter);
        });
}

Answer<qint64> UsageService::removeOlder(const Actor &actor, qint64 before)
{
    if (!actor.is(domain::Role::Administrator))
        return refused<qint64>(ErrorCode::Denied,
                               Message::tr("You do not have the right to do this."));
    return onSuccess(
        storage::removeOlderUsage(m_base.storage, before), this, [this, before](qint64 removed) {
            recordLater(m_base.storage,
                        {.object = domain::HistoryObject::Ledger,
                         .action = domain::HistoryAction::Cleared,
                         .fields = {{.field = u"before"_s, .after = before / 1000},
                                    {.field = u"lines"_s, .after = removed}}});
            return base::Result<qint64>(removed);
        });
}

} // namespace gatehouse::admin
