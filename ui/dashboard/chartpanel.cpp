#include "dashboard/chartpanel.h"

#include "charts/chartlegend.h"
#include "charts/timeserieschart.h"
#include "theme/theme.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"
#include "widgets/uistate.h"

#include <QHBoxLayout>
#include <QTabBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr QLatin1StringView tabKey("dashboard/chart");
constexpr QLatin1StringView latencyKey("dashboard/latency");
const QString totalId = u"total"_s;
const QString firstTokenId = u"ttft"_s;
constexpr qsizetype mostSeries = 16; // more than any kind has

} // namespace

ChartPanel::ChartPanel(UiState &state, QWidget *parent)
    : Panel(parent)
    , m_state(state)
    , m_tabs(new QTabBar(this))
    , m_chart(new TimeSeriesChart(this))
    , m_latency(new SegmentedControl(this))
    , m_legend(new ChartLegend(m_chart, this))
    , m_bucket(new SecondaryLabel(TextRole::Caption, this))
    , m_texts(new Translated(this))
{
    setContentsMargins(Theme::px(10), Theme::px(1), Theme::px(16), Theme::px(4));
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (const ChartKind each : allChartKinds)
        m_tabs->addTab(ChartText::title(each));
    m_chart->setMinimumHeight(Theme::px(140));
    auto *top = new QHBoxLayout;
    top->setSpacing(Theme::px(14));
    top->addWidget(m_tabs);
    top->addWidget(m_latency);
    top->addStretch();
    top->addWidget(m_legend);
    top->addWidget(m_bucket);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(2));
    layout->addLayout(top);
    layout->addWidget(m_chart, 1);

    const QString remembered = m_state.value(tabKey).toString();
    for (size_t i = 0; i < allChartKinds.size(); ++i) {
        if (ChartText::id(allChartKinds.at(i)) == remembered)
            m_tabs->setCurrentIndex(static_cast<int>(i));
    }
    connect(m_latency, &SegmentedControl::chosen, this, [this](const QString &id) {
        m_state.setValue(latencyKey, id);
        showKind();
        showSeries();
    });
    connect(m_tabs, &QTabBar::currentChanged, this, [this] {
        m_state.setValue(tabKey, ChartText::id(kind()));
        showKind();
        showSeries();
        emit kindChanged();
    });
    connect(m_legend, &ChartLegend::seriesToggled, this, [this](qsizetype series, bool shown) {
        if (shown)
            m_hidden[shownId()].remove(series);
        else
            m_hidden[shownId()].insert(series);
    });
    connect(m_chart, &TimeSeriesChart::stepActivated, this, [this](const ChartPeriod &period) {
        emit periodActivated({.since = period.from, .until = period.to});
    });
    m_texts->add([this] { setTexts(); });
}

void ChartPanel::setSource(const admin::Series &source, const admin::CostOutlook &outlook)
{
    m_source = source;
    m_outlook = outlook;
    showKind();
}

ChartKind ChartPanel::kind() const
{
    return allChartKinds.at(static_cast<size_t>(std::max(0, m_tabs->currentIndex())));
}

void ChartPanel::setKind(ChartKind kind)
{
    m_tabs->setCurrentIndex(static_cast<int>(kind));
}

void ChartPanel::setTexts()
{
    for (size_t i = 0; i < allChartKinds.size(); ++i)
        m_tabs->setTabText(static_cast<int>(i), ChartText::title(allChartKinds.at(i)));
    m_tabs->setAccessibleName(tr("What the chart shows"));
    m_latency->setAccessibleName(tr("Which time is shown"));
    m_latency->setSegments(
        {{.id = totalId, .text = tr("Total"), .toolTip = tr("Until the end of the answer")},
         {.id = firstTokenId, .text = tr("TTFT"), .toolTip = tr("Until the first token")}});
    m_latency->setCurrent(m_state.value(latencyKey, totalId).toString());
    showKind();
}

// A series has the same place in every chart of a kind, and another meaning in another kind.
void ChartPanel::showSeries()
{
    const QSet<qsizetype> hidden = m_hidden.value(shownId());
    for (qsizetype i = 0; i < mostSeries; ++i)
        m_chart->setSeriesShown(i, !hidden.contains(i));
}

QString ChartPanel::shownId() const
{
    const bool isSplit = kind() == ChartKind::Latency;
    return isSplit ? ChartText::id(kind()) + u'/' + m_latency->current() : ChartText::id(kind());
}

LatencyOf ChartPanel::latency() const
{
    return m_latency->current() == firstTokenId ? LatencyOf::FirstToken : LatencyOf::Total;
}

void ChartPanel::showKind()
{
    m_latency->setVisible(kind() == ChartKind::Latency);
    m_chart->setAccessibleName(ChartText::title(kind()));
    m_chart->setEmptyText(ChartText::emptyText(kind()));
    m_chart->setData(kind() == ChartKind::Cost ? ChartText::cost(m_source, m_outlook)
                                               : ChartText::series(kind(), m_source, latency()));
    m_bucket->setText(ChartText::bucket(m_source.bucket));
}

} // namespace gatehouse::ui
