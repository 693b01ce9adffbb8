#pragma once

#include "admin/flow.h"
#include "admin/foundation.h"
#include "relay/cache/answercache.h"

#include <QObject>
#include <QTimer>

namespace gatehouse::admin {

using AnswerTotals = relay::AnswerCache::Totals;
using AnswerCounts = relay::AnswerCache::Counts;

// The cache of answers, kept as the settings have it. Lives in the main thread; the cache itself is the
// gateway threads' as well.
class AnswerService : public QObject
{
    Q_OBJECT

public:
    explicit AnswerService(const Foundation &foundation, QObject *parent = nullptr);

    relay::AnswerCache &cache() { return m_cache; }
    const relay::AnswerCache &cache() const { return m_cache; }

    bool isOn() const;
    AnswerTotals totals() const { return m_cache.totals(); }
    AnswerCounts counts() const { return m_cache.counts(); }
    // Gives how many answers there were.
    Answer<qint64> clear();

signals:
    void cleared();

private:
    void applySettings();

    const Foundation m_base;
    relay::AnswerCache m_cache;
    QTimer m_sweep;
};

} // namespace gatehouse::admin
