#pragma once

#include "admin/actor.h"
#include "admin/foundation.h"
#include "storage/repositories/historyrepository.h"

#include <QObject>

#include <optional>
#include <vector>

namespace gatehouse::admin {

struct Happening;

// A part of the history of changes, the newest first.
struct HistoryPage
{
    std::vector<domain::HistoryEntry> entries{};
    std::optional<qint64> next{}; // what storage::HistoryFilter::before is to be for the next part
};

// The history of changes: who changed what, and when. The entries are made where the changes are stored; see
// record(). Lives in the main thread.
class HistoryService : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 longestPage = 500;

    explicit HistoryService(const Foundation &foundation, QObject *parent = nullptr);

    // For administrators alone; of settings, their secrets, backups and imports, which are root's, root alone is
    // told. At most longestPage of them. Fails with InvalidInput on a filter that means
    // nothing.
    Answer<HistoryPage> page(const Actor &actor, storage::HistoryFilter filter);
    // What a filter may name; see storage::historyKeys().
    static QStringList filterKeys();
    static QStringList filterValues(const QString &key);

public slots:
    // A circuit of a channel opened, or closed again.
    void note(const gatehouse::admin::Happening &happening);

signals:
    // There may be new entries.
    void changed();

private:
    const Foundation m_base;
};

} // namespace gatehouse::admin
