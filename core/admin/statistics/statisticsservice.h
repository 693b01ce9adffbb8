#pragma once

#include "admin/channels/channelstates.h"
#include "admin/foundation.h"
#include "admin/gateway/livecounters.h"
#include "admin/integrations/attemptcounters.h"
#include "admin/integrations/requestcounters.h"
#include "admin/statistics/rolluprunner.h"

#include <QObject>
#include <QTimeZone>
#include <QTimer>

namespace gatehouse::storage {
class LedgerWriter;
} // namespace gatehouse::storage

namespace gatehouse::admin {

// Figures for the dashboard, the table of channels and the header of the window. Lives in the main
// thread, where nothing of it waits. What is answered from the database is at most about a second
// behind the ledger, except while an old ledger is being summed up: see progress().
class StatisticsService : public QObject
{
    Q_OBJECT

public:
    // `ledger` may be null, where nothing is relayed; then live() tells of nothing.
    StatisticsService(const Foundation &foundation,
                      storage::LedgerWriter *ledger,
                      QObject *parent = nullptr);
    ~StatisticsService() override;

    // Begins to sum up the ledger, now and whenever it grows. Called once the catalog is in force.
    void start();
    // Whether clients are served; other times are "off" in series. Kept across restarts.
    void setServing(bool serving);

    Answer<Figures> figures(const TimeRange &range, const StatisticsFilter &filter = {});
    // Buckets of a length that is usual on clocks, at most about `buckets` of them, aligned to the
    // time of `zone`. The first and the last may reach beyond the range. `models`: so many are told
    // apart, those with the most output.
    Answer<Series> series(const TimeRange &range,
                          int buckets = 120,
                          const StatisticsFilter &filter = {},
                          const QTimeZone &zone = QTimeZone::systemTimeZone(),
                          int models = 0);
    Answer<Ranking> ranking(const TimeRange &range,
                            RankingKind kind,
                            int limit = 8,
                            const StatisticsFilter &filter = {});
    // Sums up what the ledger holds now; also where start() was not called. Ends after `patience` at the
    // latest, see progress().
    Answer<> catchUp(std::chrono::milliseconds patience);
    // One for each channel of the catalog, in its order. `strip`: the time of their heat strips, in at
    // most 60 cells on the clock of `zone`; without a length it is that of the last 60 minutes.
    Answer<std::vector<ChannelOverview>>
    channels(const TimeRange &strip = {}, const QTimeZone &zone = QTimeZone::systemTimeZone());
    Answer<ChannelDetail> channelDetail(domain::ChannelId channel);
    Answer<std::vector<AttentionItem>> attention();
    // What requests of the range failed with, the most frequent first; without keys.
    Answer<std::vector<FailureGroup>> failureCodes(const TimeRange &range, int most);

    // From memory.
    LiveFigures live() const;
    RollUpProgress progress() const;
    // How a channel is at this moment, without the figures of the past; for what changes each second.
    ChannelOverview healthOf(domain::ChannelId channel) const;
    // The same of all channels, in the order of the catalog.
    std::vector<ChannelOverview> states() const;
    // What requests have come to since the start of the program. In any thread.
    RequestTotals totals() const { return m_totals.totals(); }
    // What their attempts tell, of the time while integrations.metrics is on. In any thread.
    AttemptTotals attemptTotals() const { return m_attempts.totals(); }

public slots:
    // Heard from the relay.
    void keyRefused(const gatehouse::relay::KeyRefusal &refusal);
    // A test or a balance of a channel was stored.
    void noteFindings();
    // A test of the channel is under way, or has ended.
    void setTesting(gatehouse::domain::ChannelId channel, bool testing);

signals:
    // There is something new to ask for; at most once a second.
    void changed();

private:
    void tick();
    void rolledUp(bool changed);
    void announce();
    void noteServing();
    // Runs `answer`, which takes a StatisticsQuery, in a reading thread.
    template<typename Function>
    auto ask(const TimeRange &range, const StatisticsFilter &filter, Function answer);
    std::function<domain::Cost(const domain::UsageRecord &)> savedByCache() const;
    qint64 now() const { return m_base.clock.wallMilliseconds(); }

    const Foundation m_base;
    storage::LedgerWriter *const m_ledger;
    int m_observer = -1; // of the ledger
    LiveCounters m_counters;
    RequestCounters m_totals;
    AttemptCounters m_attempts;
    RollUpRunner m_rollUp;
    ChannelStates m_states;
    QTimer m_tick;
    QTimer m_announcement; // runs for a second after changed()
    bool m_announceAgain = false;
    int m_ticks = 0;
    quint64 m_rolledUp = 0; // LiveCounters::requests() when the last roll-up began
    domain::Cost m_costToday{};
    qint64 m_servingSince = 0; // 0: nobody is served
    Answer<qint64> m_uptime{}; // id of what is noted of the present time of serving
};

} // namespace gatehouse::admin
