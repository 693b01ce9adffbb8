#include "dashboard/chartpanel.h"

#include "charts/chartlegend.h"
#include "charts/timeserieschart.h"
#include "theme/theme.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/format.h"
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
constexpr QLatin1StringView tokensKey("dashboard/tokens");
const QString byKindId = u"kind"_s;
const QString byModelId = u"model"_s;
const QString totalId = u"total"_s;
const QString firstTokenId = u"ttft"_s;
constexpr qsizetype mostSeries = 16; // more than any kind has

bool hasRequests(const admin::Series &source)
{
    return std::any_of(
        source.buckets.begin(), source.buckets.end(), [](const admin::SeriesBucket &bucket) {
            return bucket.sums.requests() > 0;
        });
}

} // namespace

ChartPanel::ChartPanel(UiState &state, QWidget *parent)
    : Panel(parent)
    , m_state(state)
    , m_tabs(new QTabBar(this))
    , m_chart(new TimeSeriesChart(this))
    , m_latency(new SegmentedControl(this))
    , m_tokens(new SegmentedControl(this))
    , m_legend(new ChartLegend(m_chart, this))
    , m_bucket(new SecondaryLabel(TextRole::Caption, this))
    , m_top(new QHBoxLayout)
    , m_below(new QHBoxLayout)
    , m_texts(new Translated(this))
{
    setContentsMargins(Theme::px(10), Theme::px(1), Theme::px(16), Theme::px(4));
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (const ChartKind each : allChartKinds)
        m_tabs->addTab(ChartText::title(each));
    m_chart->setMinimumHeight(Theme::px(140));
    m_top->setSpacing(Theme::px(14));
    m_top->addWidget(m_tabs);
    m_top->addWidget(m_latency);
    m_top->addWidget(m_tokens);
    m_top->addStretch();
    m_top->addWidget(m_legend);
    m_top->addWidget(m_bucket);
    m_below->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(2));
    layout->addLayout(m_top);
    layout->addLayout(m_below);
    layout->addWidget(m_chart, 1);

    const QString remembered = m_state.value(tabKey).toString();
    for (size_t i = 0; i < allChartKinds.size(); ++i) {
        if (ChartText::id(allChartKinds.at(i)) == remembered)
            m_tabs->setCurrentIndex(static_cast<int>(i));
    }
    connect(m_latency, &SegmentedControl::chosen, this, [this](const QString &id) {
        m_state.setValue(latencyKey, id);
        changeKind();
    });
    connect(m_tokens, &SegmentedControl::chosen, this, [this](const QString &id) {
        m_state.setValue(tokensKey, id);
        changeKind();
    });
    connect(m_tabs, &QTabBar::currentChanged, this, [this] {
        m_state.setValue(tabKey, ChartText::id(kind()));
        changeKind();
        emit kindChanged();
    });
    connect(m_legend, &ChartLegend::seriesToggled, this, [this](qsizetype series, bool shown) {
        if (shown)
            m_hidden[shownId()].remove(keyOf(series));
        else
            m_hidden[shownId()].insert(keyOf(series));
    });
    connect(m_chart,
            &TimeSeriesChart::stepActivated,
            this,
            [this](const ChartPeriod &period, qsizetype series) {
                emit periodActivated({.since = period.from, .until = period.to},
                                     m_chart->data().series.value(series).id);
            });
    connect(m_chart, &TimeSeriesChart::stepShown, this, &ChartPanel::askForCodes);
    m_texts->add([this] { setTexts(); });
}

// Where nothing failed there is nothing to ask for.
void ChartPanel::askForCodes(const ChartPeriod &period)
{
    if (kind() != ChartKind::Errors)
        return;
    for (const admin::SeriesBucket &bucket : m_source.buckets) {
        const bool isShown = bucket.start >= period.from && bucket.start < period.to;
        if (isShown && bucket.sums.clientErrors + bucket.sums.serverErrors > 0) {
            emit codesWanted({.since = period.from, .until = period.to});
            return;
        }
    }
}

void ChartPanel::setCodes(const admin::TimeRange &range,
                          const std::vector<admin::FailureGroup> &codes)
{
    if (kind() != ChartKind::Errors)
        return;
    constexpr qsizetype longest = 40;
    constexpr int firstOfServers = 500;
    QList<ToolTipRow> rows;
    for (const admin::FailureGroup &each : codes) {
        const QString code = QString::fromUtf8(each.errorCode).left(longest);
        rows.append(
            {.slot = each.httpStatus < firstOfServers ? ChartSlot::Orange : ChartSlot::Vermilion,
             .name = each.httpStatus > 0 ? QString(QString::number(each.httpStatus) % u' ' % code)
                                         : code,
             .value = tr("%1×", "so many failures").arg(Format::count(each.count))});
    }
    m_chart->setNotes({.from = range.since, .to = range.until}, rows);
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
    m_tokens->setAccessibleName(tr("By what tokens are told apart"));
    m_tokens->setSegments(
        {{.id = byKindId, .text = tr("By kind"), .toolTip = tr("Input, cache and output")},
         {.id = byModelId,
          .text = tr("By model"),
          .toolTip = tr("The five models with the most output, and the others")}});
    m_tokens->setCurrent(m_state.value(tokensKey, byKindId).toString());
    showKind();
}

void ChartPanel::changeKind()
{
    showKind();
    showSeries();
    if (needsModels() && m_source.models.empty())
        emit modelsWanted();
}

// What is hidden in a chart of one kind has another meaning in one of another kind.
void ChartPanel::showSeries()
{
    const QSet<QString> hidden = m_hidden.value(shownId());
    for (qsizetype i = 0; i < mostSeries; ++i)
        m_chart->setSeriesShown(i, !hidden.contains(keyOf(i)));
}

QString ChartPanel::keyOf(qsizetype series) const
{
    return needsModels() ? m_chart->data().series.value(series).name : QString::number(series);
}

QString ChartPanel::shownId() const
{
    const QString id = ChartText::id(kind());
    if (kind() == ChartKind::Latency)
        return id + u'/' + m_latency->current();
    return isTokensByModel() ? id + u'/' + byModelId : id;
}

bool ChartPanel::isTokensByModel() const
{
    return kind() == ChartKind::Tokens && tokens() == TokensBy::Model;
}

TokensBy ChartPanel::tokens() const
{
    return m_tokens->current() == byModelId ? TokensBy::Model : TokensBy::Kind;
}

// Names of models take more room than there is beside the tabs.
void ChartPanel::placeLegend()
{
    QHBoxLayout *wanted = needsModels() ? m_below : m_top;
    if (wanted->indexOf(m_legend) >= 0)
        return;
    m_top->removeWidget(m_legend);
    m_below->removeWidget(m_legend);
    if (wanted == m_top)
        m_top->insertWidget(m_top->indexOf(m_bucket), m_legend);
    else
        m_below->addWidget(m_legend);
}

LatencyOf ChartPanel::latency() const
{
    return m_latency->current() == firstTokenId ? LatencyOf::FirstToken : LatencyOf::Total;
}

void ChartPanel::showKind()
{
    m_latency->setVisible(kind() == ChartKind::Latency);
    m_tokens->setVisible(kind() == ChartKind::Tokens);
    placeLegend();
    m_chart->setAccessibleName(ChartText::title(kind()));
    // That there is nothing is not known before the models are.
    const bool isAwaited = needsModels() && m_source.models.empty() && hasRequests(m_source);
    m_chart->setEmptyText(isAwaited ? QString() : ChartText::emptyText(kind()));
    m_chart->setData(kind() == ChartKind::Cost
                         ? ChartText::cost(m_source, m_outlook)
                         : ChartText::series(kind(), m_source, latency(), tokens()));
    if (kind() != ChartKind::Errors)
        m_chart->setNotes({}, {});
    if (needsModels())
        showSeries(); // another one may have come to its place
    m_bucket->setText(ChartText::bucket(m_source.bucket));
}

} // namespace gatehouse::ui
