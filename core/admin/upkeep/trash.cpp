#include "admin/upkeep/trash.h"

#include "base/logging.h"
#include "storage/repositories/trash.h"
#include "storage/traffic/usagecleanup.h"

#include <QTimer>

namespace gatehouse::admin {

Trash::Trash(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{
    constexpr std::chrono::hours day{24};
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &Trash::purge);
    timer->start(day);
}

Answer<> Trash::purge()
{
    const qint64 before = m_base.now() - std::chrono::seconds(kept).count();
    constexpr qint64 second = 1'000;
    storage::removeFormerFigures(m_base.storage, before * second);
    auto purged = m_base.storage.write(
        [before](storage::Database &database) { return storage::purgeDeleted(database, before); });
    return purged.then(this, [](const base::Result<> &done) {
        if (!done)
            qCWarning(base::lcAdmin) << "What was deleted long ago could not be removed:"
                                     << done.error().message.english();
        return done;
    });
}

} // namespace gatehouse::admin
