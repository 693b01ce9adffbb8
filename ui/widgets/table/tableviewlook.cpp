// How a TableView looks and what it does with the mouse; its data, editing and dragging are in
// sources of their own.
#include "theme/theme.h"
#include "widgets/busyline.h"
#include "widgets/emptystate.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tablemodelbase.h"
#include "widgets/table/tableview.h"

#include <QMouseEvent>
#include <QPainter>

#include <utility>

namespace gatehouse::ui {

void TableView::applyMeasures()
{
    const bool log = m_density == Density::Log;
    setFont(Theme::font(log ? TextRole::Small : TextRole::Body));
    verticalHeader()->setMinimumSectionSize(Theme::px(16));
    verticalHeader()->setDefaultSectionSize(Theme::px(log ? 25 : 28));
    // Only what differs from the application's, whose changes are not noticed otherwise.
    const QPalette view = viewPalette(Theme::current());
    QPalette own;
    for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
        for (const auto role : {QPalette::Highlight, QPalette::HighlightedText})
            own.setColor(group, role, view.color(group, role));
    }
    setPalette(own);
}

void TableView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    switch (event->type()) {
    case QEvent::ApplicationPaletteChange:
    case QEvent::PaletteChange:
    case QEvent::StyleChange:
    case QEvent::ApplicationFontChange:
        applyMeasures();
        break;
    case QEvent::LanguageChange:
        m_header->setAccessibleName(TableHeader::tr("Columns"));
        setColumnTexts();
        m_header->fitTitles();
        viewport()->update();
        m_header->viewport()->update();
        break;
    default:
        break;
    }
}

bool TableView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::MouseMove)
        setHoveredRow(rowAt(static_cast<QMouseEvent *>(event)->pos().y()));
    else if (event->type() == QEvent::Leave)
        setHoveredRow(-1);
    return QTableView::viewportEvent(event);
}

void TableView::setHoveredRow(int row)
{
    if (row == m_hoveredRow)
        return;
    updateRow(std::exchange(m_hoveredRow, row));
    updateRow(row);
}

void TableView::updateRow(int row)
{
    if (row >= 0)
        viewport()->update(0, rowViewportPosition(row), viewport()->width(), rowHeight(row));
}

void TableView::paintEvent(QPaintEvent *event)
{
    const Palette &palette = Theme::current();
    const int end = m_header->length() - m_header->offset();
    if (selectionModel() && end < viewport()->width()) {
        // Rows reach to the right edge, beyond their last cell.
        QPainter painter(viewport());
        const bool active = hasFocus() && isActiveWindow();
        for (int row = qMax(0, rowAt(0)); model() && row < model()->rowCount(); ++row) {
            const QRect rest(
                end, rowViewportPosition(row), viewport()->width() - end, rowHeight(row));
            if (rest.top() > viewport()->height())
                break;
            if (selectionModel()->isRowSelected(row))
                painter.fillRect(rest, active ? palette.selected : palette.selectedInactive);
            else if (row == m_hoveredRow)
                painter.fillRect(rest, palette.hovered);
        }
    }
    QTableView::paintEvent(event);

    QPainter painter(viewport());
    const int current = currentIndex().row();
    const bool marked = current >= 0 && selectionModel()->isRowSelected(current);
    if (marked || (current >= 0 && hasFocus()))
        painter.fillRect(
            0, rowViewportPosition(current), Theme::px(3), rowHeight(current), palette.link);
    if (m_dropPlace.first >= 0)
        paintDropPlace(painter);
}

// A line between two rows, or a frame around those that are joined.
void TableView::paintDropPlace(QPainter &painter) const
{
    const auto edgeAbove = [this](int row) {
        const int last = model()->rowCount() - 1;
        return row <= last ? rowViewportPosition(row)
                           : rowViewportPosition(qMax(0, last)) + rowHeight(qMax(0, last));
    };
    const QColor color = Theme::current().link;
    const int width = viewport()->width();
    const int top = edgeAbove(m_dropPlace.first);
    painter.fillRect(0, top - 1, width, 2, color);
    if (!m_dropPlace.isGroup())
        return;
    const int bottom = edgeAbove(m_dropPlace.last);
    painter.fillRect(0, bottom - 1, width, 2, color);
    painter.fillRect(0, top, 2, bottom - top, color);
    painter.fillRect(width - 2, top, 2, bottom - top, color);
}

void TableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    placeOverlays();
}

// Of a table without rows nothing is seen that could be scrolled.
void TableView::showScrollBar(bool shown)
{
    if (shown && m_usualPolicy) {
        setHorizontalScrollBarPolicy(*std::exchange(m_usualPolicy, std::nullopt));
    } else if (!shown && !m_usualPolicy) {
        m_usualPolicy = horizontalScrollBarPolicy();
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    }
}

void TableView::placeOverlays()
{
    const TableModelBase *table = tableModelOf(model());
    const bool none = !table || table->rowCount() == 0;
    const bool empty = !model() || model()->rowCount() == 0;
    showScrollBar(!m_emptyState || !none || m_busyLine->isBusy());
    QRect line = viewport()->geometry();
    line.setHeight(m_busyLine->sizeHint().height());
    m_busyLine->setGeometry(line);
    m_busyLine->raise();
    if (!m_emptyState)
        return;
    m_emptyState->setGeometry(none ? rect() : viewport()->geometry());
    m_emptyState->setVisible(empty && !m_busyLine->isBusy());
    m_busyLine->raise();
}

} // namespace gatehouse::ui
