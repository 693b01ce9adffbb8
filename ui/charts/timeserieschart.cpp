#include "charts/timeserieschart.h"

#include "charts/chartplot.h"
#include "charts/timeseriesmodel.h"
#include "theme/icons.h"
#include "theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QStackedLayout>
#include <QTableView>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

TimeSeriesChart::TimeSeriesChart(QWidget *parent)
    : QWidget(parent)
    , m_plot(new ChartPlot(this))
    , m_table(new QTableView(this))
    , m_stack(new QStackedLayout(this))
    , m_numbers(new TimeSeriesModel(this))
{
    m_table->setModel(m_numbers);
    m_stack->addWidget(m_plot);
    m_stack->addWidget(m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    setFocusProxy(m_plot);
    connect(m_plot, &ChartPlot::stepShown, this, &TimeSeriesChart::stepShown);
    connect(m_plot, &ChartPlot::stepActivated, this, &TimeSeriesChart::stepActivated);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        const QList<ChartColumn> columns = data().columns();
        const bool isTime = index.column() == 0;
        activate(index.row(), isTime ? -1 : columns.at(index.column() - 1).series);
    });
    connect(m_plot, &ChartPlot::visiblePeriodChanged, this, &TimeSeriesChart::visiblePeriodChanged);
    restyle();
}

void TimeSeriesChart::setData(const TimeSeries &data)
{
    m_plot->setData(data);
    setAccessibleDescription(describe(m_plot->data()));
    if (isTableShown())
        fillTable();
    emit dataChanged();
}

const TimeSeries &TimeSeriesChart::data() const
{
    return m_plot->data();
}

void TimeSeriesChart::setOnBase(bool onBase)
{
    m_plot->setOnBase(onBase);
}

void TimeSeriesChart::setEmptyText(const QString &text)
{
    m_plot->setEmptyText(text);
}

bool TimeSeriesChart::isSeriesShown(qsizetype series) const
{
    return m_plot->isSeriesShown(series);
}

void TimeSeriesChart::setSeriesShown(qsizetype series, bool shown)
{
    if (isSeriesShown(series) == shown)
        return;
    m_plot->setSeriesShown(series, shown);
    emit seriesShownChanged();
}

bool TimeSeriesChart::isLogarithmic() const
{
    return m_plot->isLogarithmic();
}

void TimeSeriesChart::setLogarithmic(bool logarithmic)
{
    m_plot->setLogarithmic(logarithmic);
}

bool TimeSeriesChart::isTableShown() const
{
    return m_stack->currentWidget() == m_table;
}

void TimeSeriesChart::setTableShown(bool shown)
{
    if (shown)
        fillTable();
    m_stack->setCurrentWidget(shown ? static_cast<QWidget *>(m_table) : m_plot);
    setFocusProxy(m_stack->currentWidget());
}

ChartPeriod TimeSeriesChart::visiblePeriod() const
{
    return m_plot->visiblePeriod();
}

void TimeSeriesChart::setVisiblePeriod(const ChartPeriod &period)
{
    m_plot->setVisiblePeriod(period);
}

void TimeSeriesChart::resetZoom()
{
    m_plot->resetZoom();
}

qsizetype TimeSeriesChart::currentStep() const
{
    return m_plot->currentStep();
}

void TimeSeriesChart::setCurrentStep(qsizetype step)
{
    m_plot->setCurrentStep(step);
}

void TimeSeriesChart::setNotes(const ChartPeriod &period, const QList<ToolTipRow> &rows)
{
    m_plot->setNotes(period, rows);
}

const QList<ToolTipRow> &TimeSeriesChart::notes() const
{
    return m_plot->notes();
}

QImage TimeSeriesChart::image() const
{
    return m_plot->toPixmap(m_plot->width(), m_plot->height(), devicePixelRatioF()).toImage();
}

void TimeSeriesChart::copyImage() const
{
    QGuiApplication::clipboard()->setImage(image());
}

void TimeSeriesChart::copyCsv() const
{
    QGuiApplication::clipboard()->setText(toCsv(data()));
}

void TimeSeriesChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        restyle();
    if (event->type() == QEvent::LanguageChange) {
        setAccessibleDescription(describe(data()));
        restyle(); // months and times stand along its axis
    }
}

void TimeSeriesChart::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    // The crosshair goes when the menu comes.
    const qsizetype step = isTableShown() ? m_table->currentIndex().row() : currentStep();
    if (m_plot->canActivate(step)) {
        menu->addAction(
            icon(u"activity"), tr("Show these &requests"), this, [this, step] { activate(step); });
        menu->addSeparator();
    }
    menu->addAction(icon(u"image"), tr("Copy &image"), this, &TimeSeriesChart::copyImage);
    menu->addAction(icon(u"copy"), tr("&Copy as CSV"), this, &TimeSeriesChart::copyCsv);
    menu->addSeparator();
    const auto toggle = [this, menu](const QString &text, bool on, auto change) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(on);
        connect(action, &QAction::toggled, this, change);
    };
    if (m_viewActions) {
        menu->addActions(m_viewActions());
    } else {
        toggle(tr("View as &table"), isTableShown(), &TimeSeriesChart::setTableShown);
        toggle(tr("&Logarithmic values"), isLogarithmic(), &TimeSeriesChart::setLogarithmic);
    }
    menu->addSeparator();
    menu->addAction(icon(u"rotate-ccw"), tr("&Show all"), this, &TimeSeriesChart::resetZoom);
    menu->popup(event->globalPos());
}

void TimeSeriesChart::activate(qsizetype step, qsizetype series)
{
    if (m_plot->canActivate(step))
        emit stepActivated(m_plot->stepPeriod(step), series);
}

void TimeSeriesChart::restyle()
{
    m_plot->restyle();
    m_table->setPalette(viewPalette(Theme::current()));
    m_table->verticalHeader()->setDefaultSectionSize(Theme::px(28));
}

void TimeSeriesChart::fillTable()
{
    m_numbers->setSeries(data());
    m_table->setAccessibleName(accessibleName());
}

} // namespace gatehouse::ui
