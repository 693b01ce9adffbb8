#include "admin/history/historyservice.h"

#include "admin/history/recording.h"
#include "admin/integrations/happening.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using domain::HistoryAction;
using domain::HistoryEntry;
using storage::Database;
using storage::HistoryFilter;

namespace {

// What root alone may read or do elsewhere.
std::vector<domain::HistoryObject> objectsOfRoot()
{
    using domain::HistoryObject;
    return {HistoryObject::Setting,
            HistoryObject::Secret,
            HistoryObject::Backup,
            HistoryObject::Import};
}

} // namespace

HistoryService::HistoryService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{
    connect(&m_base.publisher, &CatalogPublisher::catalogChanged, this, [this] { emit changed(); });
}

Answer<HistoryPage> HistoryService::page(const Actor &actor, HistoryFilter filter)
{
    if (!actor.is(domain::Role::Administrator))
        return refused<HistoryPage>(ErrorCode::Denied,
                                    Message::tr("You do not have the right to do this."));
    if (!actor.is(domain::Role::Root))
        filter.without = objectsOfRoot();
    const qint64 limit = filter.limit > 0 ? std::min(filter.limit, longestPage) : longestPage;
    filter.limit = limit + 1; // whether there are more
    return m_base.storage.read([filter = std::move(filter),
                                limit,
                                now = m_base.clock.wallMilliseconds()](Database &database) {
        return storage::HistoryRepository(database)
            .list(filter, now, QTimeZone::systemTimeZone())
            .map([limit](std::vector<HistoryEntry> entries) {
                HistoryPage page{.entries = std::move(entries)};
                if (std::ssize(page.entries) > limit) {
                    page.entries.resize(static_cast<size_t>(limit));
                    page.next = page.entries.back().id;
                }
                return page;
            });
    });
}

QStringList HistoryService::filterKeys()
{
    return storage::historyKeys();
}

QStringList HistoryService::filterValues(const QString &key)
{
    QStringList values;
    if (key == "object"_L1) {
        for (const domain::HistoryObject object : domain::historyObjects())
            values.append(domain::nameOf(object));
    } else if (key == "action"_L1) {
        for (const HistoryAction action : domain::historyActions())
            values.append(domain::nameOf(action));
    } else if (key == "by"_L1) {
        values = {u"computer"_s, u"program"_s};
    } else if (key == "since"_L1 || key == "until"_L1) {
        values = {u"1h"_s, u"24h"_s, u"7d"_s, u"30d"_s, u"today"_s, u"yesterday"_s};
    }
    return values;
}

void HistoryService::note(const Happening &happening)
{
    const bool opened = happening.kind == Happening::Kind::ChannelOpened;
    if (!opened && happening.kind != Happening::Kind::ChannelRecovered)
        return;
    recordLater(m_base.storage,
                {.object = domain::HistoryObject::Channel,
                 .id = happening.channel.value,
                 .name = happening.name,
                 .action = opened ? HistoryAction::CircuitOpened : HistoryAction::CircuitClosed},
                theProgram());
}

} // namespace gatehouse::admin
