#pragma once

#include "admin/foundation.h"
#include "admin/traffic/requestreport.h"
#include "admin/traffic/traffic.h"
#include "domain/capture.h"
#include "domain/filterquery.h"
#include "relay/runningrequest.h"
#include "storage/traffic/trafficlines.h"

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>

#include <functional>

namespace gatehouse::admin {

// The gateway's side of requests that are being served. An absent function: there is no gateway.
struct RunningSource
{
    std::function<QFuture<std::vector<relay::RunningRequest>>()> list{};
    // True once the request was found and ended.
    std::function<QFuture<bool>(const QByteArray &requestId)> cancel{};
};

enum class ExportFormat { Csv, JsonLines, HttpArchive };

// Where requests are exported to, and how.
struct ExportTarget
{
    QString file{};
    ExportFormat format = ExportFormat::Csv;
    // Of the gateway, without a slash at its end; an HTTP archive tells whole addresses.
    QString baseUrl{};
};

// What the Traffic page shows: requests as the ledger holds them, and those that are being served.
// Lives in the main thread. A future of a list, count or sum that is no longer waited for can be
// cancelled, which ends the reading. Filters are understood by `filterKeys()`; one that is not is
// answered with InvalidInput and a sentence.
class TrafficService : public QObject
{
    Q_OBJECT

public:
    // Whether heads and bodies of a request are kept; called in storage threads.
    using HasCapture = std::function<bool(const QByteArray &requestId)>;
    // Everything that is kept of a request; called in the thread of an export, which waits for it.
    using FindCapture = std::function<base::Result<domain::Capture>(const QByteArray &requestId)>;

    TrafficService(const Foundation &foundation,
                   HasCapture hasCapture,
                   FindCapture findCapture,
                   QObject *parent = nullptr);
    ~TrafficService() override;
    // Until nothing of this runs in another thread.
    void waitForWork() { m_exports.waitForDone(); }

    // Removes old lines by the settings traffic.ledger_days and traffic.ledger_bytes, now and every
    // hour.
    void start();
    void setRunningSource(RunningSource source) { m_running = std::move(source); }

    // The keys of the filter language, and for completion the values of those that have fixed ones.
    static QStringList filterKeys();
    static QStringList filterValues(const QString &key);
    // Why the filter is not understood; nothing: it is.
    std::optional<base::Error> problemOf(const domain::FilterQuery &filter) const;

    Answer<TrafficPage>
    page(const domain::FilterQuery &filter, TrafficCursor from = {}, int limit = 200);
    // The same of one group, of which TrafficGroup tells between which ids its lines are.
    Answer<TrafficPage> pageOfGroup(const domain::FilterQuery &filter,
                                    domain::TrafficGrouping grouping,
                                    const QString &key,
                                    TrafficCursor from,
                                    int limit = 200);
    Answer<TrafficGroups> groups(const domain::FilterQuery &filter,
                                 domain::TrafficGrouping grouping,
                                 TrafficCursor from = {});
    // `after`: TrafficNews::newest, or the id of the first line that is shown.
    Answer<TrafficNews> newer(const domain::FilterQuery &filter, qint64 after, int limit = 200);
    // Counts up to `most`, and for about half a second.
    Answer<TrafficCount> count(const domain::FilterQuery &filter, qint64 most = 1'000'000);
    // Sums up the newest lines first, for about two seconds.
    Answer<TrafficTotals> totals(const domain::FilterQuery &filter, TrafficCursor from = {});
    Answer<TrafficLine> find(qint64 id);
    Answer<TrafficLine> find(const QByteArray &requestId);
    // All that is known of a line, by names, keys and prices of now.
    Answer<RequestReport> report(qint64 id);
    RequestReport reportOf(const TrafficLine &line) const;

    // Those that are being served, the newest first. Not to be asked more than four times a second.
    Answer<std::vector<TrafficLine>> running();
    // Ends the request; its client is told so. NotFound: it is not being served any more.
    Answer<> cancel(const QByteArray &requestId);

    // Writes what the filter lets through, the newest first, into a file that appears when it is
    // whole. Gives the number of lines. The future's progress value is the number of lines so far;
    // cancelling it leaves no file.
    Answer<qint64> exportTo(const ExportTarget &target, const domain::FilterQuery &filter);
    // The same of one request.
    Answer<qint64> exportOne(const ExportTarget &target, const QByteArray &requestId);

private:
    void removeOldLines();
    void removeOldHistory(qint64 before);
    storage::TrafficLines::Helpers helpers() const;
    base::Result<storage::TrafficCondition> conditionOf(const domain::FilterQuery &filter) const;
    // Runs `work`, which takes the promise, in the thread of exports.
    template<typename Function>
    Answer<qint64> exportBy(Function work);
    // Runs `function`, which takes TrafficLines, in a reading thread.
    template<typename Function>
    auto read(const domain::FilterQuery &filter, Function function);
    template<typename Function>
    auto read(const base::Result<storage::TrafficCondition> &condition, Function function);

    const Foundation m_base;
    const HasCapture m_hasCapture;
    const FindCapture m_findCapture;
    RunningSource m_running{};
    QTimer m_cleanup;
    QThreadPool m_exports; // last: its jobs end before anything else of this object
};

} // namespace gatehouse::admin
