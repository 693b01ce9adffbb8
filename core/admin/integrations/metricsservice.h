#pragma once

#include "admin/foundation.h"
#include "admin/integrations/integrationsecrets.h"
#include "admin/integrations/metricswriter.h"
#include "admin/statistics/statisticsservice.h"
#include "relay/cache/answercache.h"

#include <QThreadPool>

namespace gatehouse::admin {

// The figures of this program for programs that watch it (GET /metrics). Counters begin at nothing with
// each start of the program, and only grow until its end. Lives in the main thread; texts are written in
// another.
class MetricsService
{
public:
    // `ledger` may be null, where nothing is relayed.
    MetricsService(const Foundation &foundation,
                   const StatisticsService &statistics,
                   const IntegrationSecrets &secrets,
                   const relay::AnswerCache &answers,
                   const storage::LedgerWriter *ledger);
    ~MetricsService() { waitForWork(); }
    void waitForWork() { m_pool.waitForDone(); }

    // By the setting integrations.metrics.
    bool isOn() const;
    bool hasToken() const;
    // Whether `token` is the one that opens the figures. Its time tells nothing.
    bool isToken(QByteArrayView token) const;

    Answer<QByteArray> text(MetricsWriter::Form form);

private:
    const Foundation m_base;
    const StatisticsService &m_statistics;
    const IntegrationSecrets &m_secrets;
    const relay::AnswerCache &m_answers;
    const storage::LedgerWriter *const m_ledger;
    const qint64 m_startedAt; // milliseconds since 1970, UTC
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
