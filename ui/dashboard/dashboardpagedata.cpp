// The part of DashboardPage that asks for what is shown.
#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "admin/statistics/attention.h"
#include "dashboard/attentionpanel.h"
#include "dashboard/chartpanel.h"
#include "dashboard/dashboardpage.h"
#include "dashboard/healthpanel.h"
#include "dashboard/rankingpanel.h"
#include "dashboard/tilestrip.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/uistate.h"

#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int bucketsOfCharts = 96;
constexpr int rankedAtMost = 5;   // beside "Other"
constexpr int modelsOfCharts = 5; // likewise
constexpr std::chrono::seconds tickLength{1};
constexpr int quickFetchesAtFirst = 10; // the figures follow the ledger after a second or two

} // namespace

template<typename T, typename Show>
void DashboardPage::ask(QFuture<base::Result<T>> answer, Show show)
{
    ++m_pending;
    answer.then(this, [this, show, generation = m_generation](const base::Result<T> &result) {
        if (generation != m_generation)
            return;
        --m_pending;
        if (!result)
            showFailure(result.error());
        else
            show(*result);
        // What failed before is told until all answers are there, so that it does not come and go.
        if (m_pending == 0 && !m_hasFailed)
            m_messages->removeMessage(u"failure"_s);
    });
}

void DashboardPage::activated()
{
    m_tick.start(tickLength);
    fetch();
}

void DashboardPage::deactivated()
{
    m_tick.stop();
    ++m_generation;
    m_pending = 0;
}

// States and the time left of pauses change each second; the rest is asked for at its own pace, and
// not while an answer is still to come.
void DashboardPage::tick()
{
    admin::StatisticsService &statistics = services().administration.statistics;
    HealthModel &health = m_health->model();
    std::vector<domain::ChannelId> ids;
    for (const ChannelHealthRow &row : health.rows())
        ids.push_back(row.overview.channel);
    for (const domain::ChannelId id : ids)
        health.setState(statistics.healthOf(id));
    health.refreshWords();
    if (m_checklistIsOpen)
        fetchFirstTraffic();
    // A little less than whole seconds, since timers are not exact.
    const std::chrono::seconds pace = m_quickFetches > 0 ? tickLength : m_span.refreshInterval();
    const std::chrono::milliseconds due = pace - tickLength / 2;
    if (m_pending == 0 && m_sinceFetch.hasExpired(due.count()))
        fetch();
}

void DashboardPage::fetch()
{
    updateChecklist();
    if (!isActive())
        return;
    ++m_generation;
    m_pending = 0;
    m_sinceFetch.start();
    m_quickFetches = std::max(0, m_quickFetches - 1);
    admin::StatisticsService &statistics = services().administration.statistics;
    const admin::TimeRange range = m_span.range(QDateTime::currentMSecsSinceEpoch());
    m_hasFailed = false;
    ask(statistics.figures(range), [this](const admin::Figures &figures) { showFigures(figures); });
    fetchSeries();
    ask(statistics.channels(stripRange()),
        [this](const std::vector<admin::ChannelOverview> &channels) { showChannels(channels); });
    ask(statistics.attention(),
        [this](const std::vector<admin::AttentionItem> &items) { showAttention(items); });
    fetchRanking(m_first);
    fetchRanking(m_second);
    if (!m_hasTraffic && !services().state.value(checklistDoneKey).toBool())
        fetchFirstTraffic();
}

// Strips show no less than an hour of what goes on.
admin::TimeRange DashboardPage::stripRange() const
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    admin::TimeRange range = m_span.range(now);
    constexpr qint64 hour = 3'600'000;
    if (!m_span.isFixed() && range.length() < hour)
        range.since = range.until - hour;
    return range;
}

// Models are told apart only where the chart shows them: there may be many.
void DashboardPage::fetchSeries()
{
    const admin::TimeRange range = m_span.range(QDateTime::currentMSecsSinceEpoch());
    const int models = m_chart->needsModels() ? modelsOfCharts : 0;
    ask(services().administration.statistics.series(
            range, bucketsOfCharts, {}, QTimeZone::systemTimeZone(), models),
        [this, models](const admin::Series &series) {
            // The answer that has them may have come first.
            if (models > 0 || !m_chart->needsModels())
                showSeries(series);
        });
}

void DashboardPage::showSeries(const admin::Series &series)
{
    const auto catalog = services().administration.publisher.catalog();
    m_chart->setSource(
        series,
        catalog ? admin::costOutlook(
            series, *catalog, QDateTime::currentMSecsSinceEpoch(), QTimeZone::systemTimeZone())
                : admin::CostOutlook());
}

void DashboardPage::fetchRanking(RankingPanel *panel)
{
    if (!isActive())
        return;
    const admin::TimeRange range = m_span.range(QDateTime::currentMSecsSinceEpoch());
    ask(services().administration.statistics.ranking(range, panel->kind(), rankedAtMost),
        [panel](const admin::Ranking &ranking) { panel->setRanking(ranking); });
}

// One short stretch of the ledger, and only while somebody looks at it. One question at a time, and then for
// the last stretch that the pointer came to.
void DashboardPage::fetchCodes(const admin::TimeRange &range)
{
    m_codesWanted = range;
    if (std::exchange(m_asksForCodes, true))
        return;
    constexpr int most = 3;
    admin::whenDone(services().administration.statistics.failureCodes(range, most),
                    this,
                    [this, range](const base::Result<std::vector<admin::FailureGroup>> &codes) {
                        m_asksForCodes = false;
                        if (const admin::TimeRange wanted = m_codesWanted; wanted != range)
                            return fetchCodes(wanted);
                        if (codes) // else the rates are there still
                            m_chart->setCodes(range, *codes);
                    });
}

// Whether a client was ever connected is seen in the ledger, which has a request before the figures do.
void DashboardPage::fetchFirstTraffic()
{
    if (std::exchange(m_asksForTraffic, true))
        return;
    admin::whenDone(services().administration.traffic.count({}, 1),
                    this,
                    [this](const base::Result<admin::TrafficCount> &count) {
                        m_asksForTraffic = false;
                        if (!count)
                            return; // so do the figures fail, which tell it
                        m_knowsTraffic = true;
                        m_hasTraffic = m_hasTraffic || count->requests > 0;
                        const bool wasOpen = m_checklistIsOpen;
                        updateChecklist();
                        if (wasOpen && !m_checklistIsOpen)
                            m_quickFetches = quickFetchesAtFirst;
                    });
}

void DashboardPage::showFigures(const admin::Figures &figures)
{
    m_tiles->setFigures(figures);
    if (figures.complete) {
        m_messages->removeMessage(u"summing"_s);
        return;
    }
    const admin::RollUpProgress progress = services().administration.statistics.progress();
    m_messages->showMessage({.id = u"summing"_s,
                             .tone = Tone::Busy,
                             .subject = [] { return tr("Older requests are being summed up."); },
                             .text =
                                 [progress] {
                                     return tr("%1 of %2 are done; figures grow until then.")
                                         .arg(Format::count(progress.done),
                                              Format::count(progress.total));
                                 },
                             .closable = false});
}

void DashboardPage::showChannels(const std::vector<admin::ChannelOverview> &channels)
{
    const auto catalog = services().administration.publisher.catalog();
    std::vector<ChannelHealthRow> rows;
    for (const admin::ChannelOverview &overview : channels) {
        const domain::CatalogChannel *channel =
            catalog ? catalog->channel(overview.channel) : nullptr;
        if (channel)
            rows.push_back({.name = channel->channel.name,
                            .overview = overview,
                            .hasModels = !channel->channel.models.isEmpty(),
                            .mostAtOnce = channel->channel.limits.concurrentRequests});
    }
    m_health->setVisible(!rows.empty());
    m_health->setTime(m_span);
    m_health->setRows(std::move(rows));
}

void DashboardPage::showAttention(std::vector<admin::AttentionItem> items)
{
    admin::Administration &administration = services().administration;
    const auto upkeep = admin::upkeepInNeed(administration.backups.scheduleFailure(),
                                            administration.losses.missing(),
                                            administration.exportWatch.failing());
    items.insert(items.begin(), upkeep.begin(), upkeep.end());
    m_attention->setItems(std::move(items));
}

void DashboardPage::showFailure(const base::Error &error)
{
    m_hasFailed = true;
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

void DashboardPage::updateChecklist()
{
    UiState &state = services().state;
    const auto catalog = services().administration.publisher.catalog();
    m_checklist->setDone(SetupStep::Channel, catalog && !catalog->channels().empty());
    m_checklist->setDone(SetupStep::Token, catalog && !catalog->tokens().empty());
    m_checklist->setDone(SetupStep::Client, m_hasTraffic);
    // Who has traffic has come this way, whatever was deleted since.
    if (m_hasTraffic || m_checklist->isComplete())
        state.setValue(checklistDoneKey, true);
    m_checklistIsOpen = !state.value(checklistDoneKey).toBool()
                        && (m_knowsTraffic || !m_checklist->isDone(SetupStep::Channel)
                            || !m_checklist->isDone(SetupStep::Token));
    m_stack->setCurrentIndex(m_checklistIsOpen ? 0 : 1);
    m_ranges->setEnabled(!m_checklistIsOpen);
}

void DashboardPage::followAddress()
{
    const auto &addresses = services().gateway.addresses();
    m_checklist->setAddress(addresses.empty() ? QString() : addresses.front().url + u"/v1"_s);
}

} // namespace gatehouse::ui
