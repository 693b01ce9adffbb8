#include "charts/chartplot.h"

#include "theme/theme.h"

#include <QAccessible>
#include <QDateTime>

#include <cmath>
#include <utility>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int leftMargin = 34;
constexpr int topMargin = 9;
constexpr int bottomMargin = 22;
constexpr int roomOfTick = 110;
constexpr int fewestSteps = 4; // that can be zoomed to

bool areWhole(const TimeSeries &data)
{
    if (data.isCount)
        return true;
    if (data.format)
        return false;
    for (const ChartSeries &series : data.series) {
        for (const double value : series.values) {
            if (!std::isnan(value) && value != std::floor(value))
                return false;
        }
    }
    return true;
}

} // namespace

ChartPlot::ChartPlot(QWidget *parent)
    : QCustomPlot(parent)
    , m_timeTicker(new TimeTicker)
    , m_valueTicker(new ValueTicker(m_data))
    , m_canvas(new ChartCanvas(xAxis, yAxis, m_data, m_hidden))
    , m_crosshair(new QCPItemStraightLine(this))
    , m_dragged(new QCPItemRect(this))
    , m_empty(new QCPItemText(this))
    , m_toolTip(new ChartToolTip(this))
{
    setFocusPolicy(Qt::StrongFocus);
    // QCustomPlot keeps for itself what it has no use for: the wheel scrolls the page, and the chart has
    // a menu.
    setAttribute(Qt::WA_NoMousePropagation, false);
    setMouseTracking(true);
    setNoAntialiasingOnDrag(false);
    setNotAntialiasedElements(QCP::aeAxes | QCP::aeGrid);
    axisRect()->setAutoMargins(QCP::msNone);
    plotLayout()->setMargins({});
    xAxis->setTicker(m_timeTicker);
    yAxis->setTicker(m_valueTicker);
    for (QCPAxis *axis : {xAxis, yAxis}) {
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0);
        axis->setSubTicks(false);
    }
    xAxis->grid()->setVisible(false);
    yAxis->setBasePen(Qt::NoPen);
    yAxis->grid()->setZeroLinePen(Qt::NoPen);

    for (QCPAbstractItem *item : {static_cast<QCPAbstractItem *>(m_crosshair),
                                  static_cast<QCPAbstractItem *>(m_dragged),
                                  static_cast<QCPAbstractItem *>(m_empty)}) {
        item->setLayer(u"overlay"_s);
        item->setVisible(false);
    }
    m_dragged->setPen(Qt::NoPen);
    m_click.setSingleShot(true);
    connect(&m_click, &QTimer::timeout, this, [this] {
        emit stepActivated(m_clicked, m_clickedSeries);
    });
    connect(this, &QCustomPlot::afterReplot, this, [this] {
        m_hasBeenDrawn = true;
        m_isDrawDue = false;
    });
    m_empty->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_empty->position->setCoords(0.5, 0.45);
    restyle();
}

void ChartPlot::restyle()
{
    const Palette &palette = Theme::current();
    const QFont caption = Theme::font(TextRole::Caption);
    setBackground(QBrush(m_isOnBase ? palette.base : palette.window));
    for (QCPAxis *axis : {xAxis, yAxis}) {
        axis->setTickLabelFont(caption);
        axis->setTickLabelColor(palette.secondary);
        axis->setTickLabelPadding(Theme::px(axis == xAxis ? 4 : 8));
    }
    xAxis->setBasePen(QPen(palette.edge, 1));
    yAxis->grid()->setPen(QPen(palette.grid, 1));
    QColor quiet = palette.secondary;
    quiet.setAlphaF(0.7F);
    QPen dotted(quiet, 2, Qt::CustomDashLine, Qt::FlatCap);
    dotted.setDashPattern({1, 1});
    m_crosshair->setPen(dotted);
    QColor chosen = palette.link;
    chosen.setAlphaF(0.16F);
    m_dragged->setBrush(chosen);
    m_empty->setFont(Theme::font(TextRole::Body));
    m_empty->setColor(palette.secondary);
    layOut();
}

void ChartPlot::setOnBase(bool onBase)
{
    m_isOnBase = onBase;
    restyle();
}

void ChartPlot::setEmptyText(const QString &text)
{
    m_empty->setText(text);
    replot(rpQueuedReplot);
}

void ChartPlot::setData(const TimeSeries &data)
{
    // A live chart keeps showing the newest; a zoomed one stays where the person looks.
    const bool zoomed = isZoomed() && !m_data.isEmpty();
    const ChartPeriod seen = m_visible;
    m_data = thinned(data);
    m_empty->setVisible(m_data.isEmpty());
    m_visible = wholePeriod();
    const bool stillThere = seen.from >= m_visible.from && seen.to <= m_visible.to;
    if (zoomed && stillThere)
        m_visible = seen;
    if (m_step >= m_data.starts.size())
        m_step = -1;
    layOut();
    showCrosshair();
}

void ChartPlot::setSeriesShown(qsizetype series, bool shown)
{
    if (shown)
        m_hidden.remove(series);
    else
        m_hidden.insert(series);
    layOut();
    showCrosshair();
}

void ChartPlot::setLogarithmic(bool logarithmic)
{
    m_logarithmic = logarithmic;
    layOut();
}

ChartPeriod ChartPlot::wholePeriod() const
{
    return m_data.starts.isEmpty() ? ChartPeriod{} : ChartPeriod{m_data.starts.first(), m_data.end};
}

ChartPeriod ChartPlot::stepPeriod(qsizetype step) const
{
    return {m_data.starts.at(step), m_data.endOf(step)};
}

bool ChartPlot::canActivate(qsizetype step) const
{
    return step >= 0 && step < m_data.starts.size()
           && m_data.starts.at(step) <= QDateTime::currentMSecsSinceEpoch();
}

void ChartPlot::setVisiblePeriod(const ChartPeriod &period)
{
    if (m_data.starts.isEmpty())
        return;
    const ChartPeriod whole = wholePeriod();
    const qint64 least = std::min((whole.to - whole.from) * fewestSteps / m_data.starts.size(),
                                  whole.to - whole.from);
    const qint64 length = std::clamp(period.to - period.from, least, whole.to - whole.from);
    const qint64 middle = period.from + (period.to - period.from) / 2;
    const qint64 from = std::clamp(middle - length / 2, whole.from, whole.to - length);
    const ChartPeriod visible{from, from + length};
    if (visible == m_visible)
        return;
    m_visible = visible;
    layOut();
    showCrosshair();
    emit visiblePeriodChanged(m_visible);
}

// Draws anew, once for all changes of this turn.
void ChartPlot::layOut()
{
    setRanges();
    m_isDrawDue = true;
    replot(rpQueuedReplot);
}

// And margins.
void ChartPlot::setRanges()
{
    if (m_visible.to > m_visible.from)
        xAxis->setRange(static_cast<double>(m_visible.from), static_cast<double>(m_visible.to));
    fitValues();

    QVector<double> ticks;
    QVector<QString> labels;
    m_valueTicker->generate(yAxis->range(), QLocale(), u'f', 0, ticks, nullptr, &labels);
    const QFontMetrics metrics(Theme::font(TextRole::Caption));
    int widest = 0;
    for (const QString &label : std::as_const(labels))
        widest = std::max(widest, metrics.horizontalAdvance(label));
    const int left = std::max(Theme::px(leftMargin), widest + Theme::px(10));
    axisRect()->setMargins(
        {left, Theme::px(topMargin), m_canvas->labelWidth() + 1, Theme::px(bottomMargin)});
    m_timeTicker->setMost(std::max(2, (width() - left) / Theme::px(roomOfTick)));
    xAxis->setVisible(!m_data.isEmpty());
    yAxis->setVisible(!m_data.isEmpty());
}

void ChartPlot::fitValues()
{
    if (m_data.isEmpty())
        return;
    const qsizetype first = std::max<qsizetype>(0, m_data.stepAt(m_visible.from));
    const qsizetype last = std::max(first, m_data.stepAt(m_visible.to - 1));
    double greatest = m_canvas->greatest(first, last);
    if (m_data.isLimitShown(greatest))
        greatest = std::max(greatest, *m_data.limit * 1.05);
    const double least = m_canvas->least(first, last);
    if (m_logarithmic && least > 0) {
        yAxis->setScaleType(QCPAxis::stLogarithmic);
        const double bottom = std::pow(10, std::floor(std::log10(least)));
        yAxis->setRange(bottom, std::max(bottom * 10, greatest * 1.1));
        m_valueTicker->setDistance(0);
        return;
    }
    const double distance = valueDistance(greatest, areWhole(m_data));
    yAxis->setScaleType(QCPAxis::stLinear);
    yAxis->setRange(0, std::max(1.0, std::ceil(greatest / distance - 1e-9)) * distance);
    m_valueTicker->setDistance(distance);
}

void ChartPlot::setCurrentStep(qsizetype step)
{
    step = step < 0 || step >= m_data.starts.size() ? -1 : step;
    if (step == m_step)
        return;
    m_step = step;
    showCrosshair();
}

void ChartPlot::showCrosshair()
{
    const bool shown = m_step >= 0 && m_step < m_data.starts.size()
                       && xAxis->range().contains(m_canvas->middle(m_step));
    m_crosshair->setVisible(shown);
    m_toolTip->setVisible(shown);
    if (shown) {
        const double middle = m_canvas->middle(m_step);
        m_crosshair->point1->setCoords(middle, yAxis->range().lower);
        m_crosshair->point2->setCoords(middle, yAxis->range().upper);
        QList<ToolTipRow> rows;
        for (const ChartColumn &column : m_data.columns()) {
            if (!m_hidden.contains(column.series)) {
                rows.append({column.slot,
                             column.name,
                             m_data.text(column.values.value(m_step, std::nan("")))});
            }
        }
        if (m_noted == stepPeriod(m_step))
            rows.append(m_notes);
        m_toolTip->setContent(periodText(stepPeriod(m_step), QDateTime::currentMSecsSinceEpoch()),
                              rows);
        placeToolTip();
        setAccessibleDescription(m_toolTip->spoken());
        QAccessibleEvent told(this, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&told);
    }
    if (m_hasBeenDrawn && !m_isDrawDue)
        layer(u"overlay"_s)->replot();
    const ChartPeriod period = shown ? stepPeriod(m_step) : ChartPeriod{};
    if (std::exchange(m_shown, period) != period && shown)
        emit stepShown(period);
}

void ChartPlot::setNotes(const ChartPeriod &period, const QList<ToolTipRow> &rows)
{
    m_noted = period;
    m_notes = rows;
    showCrosshair();
}

void ChartPlot::placeToolTip()
{
    const int gap = Theme::px(16);
    const int x = qRound(xAxis->coordToPixel(m_canvas->middle(m_step)));
    int left = x - gap - m_toolTip->width();
    if (left < 0)
        left = std::min(x + gap, width() - m_toolTip->width());
    m_toolTip->move(left, std::max(0, axisRect()->top() - 2));
    m_toolTip->raise();
}

} // namespace gatehouse::ui
