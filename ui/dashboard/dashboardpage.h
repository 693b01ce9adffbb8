#pragma once

#include "admin/statistics/statistics.h"
#include "base/result.h"
#include "dashboard/checklist.h"
#include "widgets/page.h"
#include "widgets/timespan.h"

#include <QElapsedTimer>
#include <QFuture>
#include <QTimer>

class QStackedWidget;
class QToolButton;

namespace gatehouse::ui {

class AttentionPanel;
class ChartPanel;
class HealthPanel;
class MessageBar;
class PageHeader;
class RankingPanel;
class SecondaryLabel;
class SegmentedControl;
class TileStrip;

// Whether all is well, what it costs, who and what is slow; until there is anything to look at, what
// has to be done first.
class DashboardPage : public Page
{
    Q_OBJECT

public:
    explicit DashboardPage(const Services &services, QWidget *parent = nullptr);

    QList<QWidget *> panes() override;
    const TimeSpan &span() const { return m_span; }
    void setSpan(const TimeSpan &span);

protected:
    void activated() override;
    void deactivated() override;

private:
    void makeActions();
    void build();
    QWidget *makeBody();
    QWidget *makeBottom();
    void connectParts();
    void setTexts();
    void setSegments();
    void setCompared(bool compared);
    void chooseRange();
    // In dashboardexport.cpp.
    void exportChart();
    void writeChart(const QString &path);

    void tick();
    void fetch();
    admin::TimeRange stripRange() const;
    void fetchSeries();
    void fetchRanking(RankingPanel *panel);
    void fetchCodes(const admin::TimeRange &range);
    void fetchFirstTraffic();
    // Shows an answer to the present question; one to a former question is left out.
    template<typename T, typename Show>
    void ask(QFuture<base::Result<T>> answer, Show show);
    void showSeries(const admin::Series &series);
    void showFigures(const admin::Figures &figures);
    void showChannels(const std::vector<admin::ChannelOverview> &channels);
    void showAttention(std::vector<admin::AttentionItem> items);
    void showFailure(const base::Error &error);
    void updateChecklist();
    void followAddress();

    void openTraffic(const QString &terms);
    void openAttempts(domain::ChannelId channel, const QString &times);
    void openFailures(domain::ChannelId channel, const QString &times);
    void openStep(SetupStep step);
    void openItem(const admin::AttentionItem &item);

    static constexpr QLatin1StringView checklistDoneKey{"dashboard/checklistDone"};

    TimeSpan m_span{};
    QTimer m_tick{};
    QElapsedTimer m_sinceFetch{};
    int m_pending = 0;        // answers that are still to come
    quint64 m_generation = 0; // of the question
    bool m_hasFailed = false; // an answer to the present question
    bool m_hasTraffic = false;
    bool m_knowsTraffic = false;
    bool m_asksForTraffic = false;
    bool m_asksForCodes = false;
    admin::TimeRange m_codesWanted{};
    bool m_checklistIsOpen = false;
    int m_quickFetches = 0; // so many more are made each second

    PageHeader *m_header = nullptr;
    SecondaryLabel *m_comparison = nullptr;
    SegmentedControl *m_ranges = nullptr;
    QToolButton *m_rangeMenu = nullptr;
    MessageBar *m_messages = nullptr;
    QStackedWidget *m_stack = nullptr;
    Checklist *m_checklist = nullptr;
    TileStrip *m_tiles = nullptr;
    HealthPanel *m_health = nullptr;
    ChartPanel *m_chart = nullptr;
    RankingPanel *m_first = nullptr;
    RankingPanel *m_second = nullptr;
    AttentionPanel *m_attention = nullptr;
    QAction *m_custom = nullptr;
    QAction *m_compare = nullptr;
    QAction *m_table = nullptr;
    QAction *m_logarithmic = nullptr;
};

} // namespace gatehouse::ui
