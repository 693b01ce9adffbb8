#pragma once

#include "admin/traffic/trafficservice.h"
#include "traffic/trafficmodel.h"

#include <QTimer>

#include <map>

namespace gatehouse::ui {

// Fills a TrafficModel from the service: what is looked at, what comes anew while it is live, what is
// being served, and what all of it comes to. Reads nothing that nobody looks at.
class TrafficFeed : public QObject
{
    Q_OBJECT

public:
    TrafficFeed(admin::TrafficService &service, TrafficModel &model, QObject *parent = nullptr);
    ~TrafficFeed() override;

    // Both are in force from the next restart() on.
    void setQuery(const domain::FilterQuery &query);
    void setGrouping(std::optional<domain::TrafficGrouping> grouping);
    const domain::FilterQuery &query() const { return m_query; }
    // Live: new requests come in by themselves.
    void setLive(bool live);
    // While the newest are not looked at, a flood of new ones does not push away what is.
    void setAtTop(bool atTop);
    // The rows that are looked at.
    void look(int first, int last);
    void setOpen(const QString &group, bool open);

    // Reads everything anew; the old rows stay until the new ones are there.
    void restart();
    // What has been read is no longer so: it counts until the next restart().
    void invalidate() { m_needsRestart = true; }
    // Nothing has been read yet, or not by the filter and the grouping of now.
    bool needsRestart() const { return m_needsRestart; }
    // Leaves out what is there, until restart().
    void clearView();
    bool isCleared() const { return m_cleared; }

    // Of all that the filter lets through; absent: not known yet.
    const std::optional<admin::TrafficTotals> &totals() const { return m_totals; }
    // More came than are shown at the top.
    bool hasGap() const { return m_gap; }

signals:
    void loadingChanged(bool loading);
    // The rows have been replaced by those of restart().
    void restarted();
    // So many more requests stand at the top.
    void newerCame(int requests);
    void totalsChanged();
    void failed(const gatehouse::base::Error &error);
    // Reading works again.
    void succeeded();

private:
    template<typename T, typename Done>
    void await(admin::Answer<T> answer, Done done);
    void readFirst();
    void takeFirst(const admin::TrafficPage &page, admin::TrafficCursor newest);
    void readGroups(admin::TrafficCursor from);
    void takeGroups(const admin::TrafficGroups &part, bool first);
    void readWish(const TrafficModel::Wish &wish);
    void readTotals(admin::TrafficCursor newest);
    void renewTotals();
    void readNewer();
    void takeNewer(const admin::TrafficNews &news);
    void readRunning();
    void failToBegin(const base::Error &error);
    void replace();
    void setLoading(bool loading);
    void cancelReading();

    admin::TrafficService &m_service;
    TrafficModel &m_model;
    domain::FilterQuery m_query{};
    std::optional<domain::TrafficGrouping> m_grouping{};
    std::optional<admin::TrafficTotals> m_totals{};
    admin::TrafficTotals m_later{}; // of what came since, while the totals are being read
    QTimer m_totalsTimer;
    QTimer m_newerTimer;
    QTimer m_runningTimer;
    std::map<int, std::function<void()>> m_cancels{}; // of what is being read
    QSet<QString> m_reading{};                        // groups of which a page is being read
    QStringList m_reopened{};                         // groups that were open before a restart
    std::vector<admin::TrafficLine> m_found{};        // until the first page is full
    qint64 m_newest = 0;
    int m_asked = 0;
    int m_generation = 0; // answers to an earlier question are dropped
    int m_first = 0;
    int m_last = 0;
    bool m_live = false;
    bool m_atTop = true;
    bool m_gap = false;
    bool m_cleared = false;
    bool m_beginning = false; // the first page is being read
    bool m_readingNewer = false;
    bool m_readingTotals = false;
    bool m_needsRestart = true;
};

} // namespace gatehouse::ui
