#include "charts/stripview.h"

#include "theme/clockformat.h"
#include "theme/plaintip.h"
#include "theme/theme.h"

#include <QAccessible>
#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include <array>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int cellsHeight = 20;
constexpr int timesHeight = 18;

QString clockOf(qint64 time)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time), clockPattern(u"HH:mm"_s));
}

} // namespace

StripView::StripView(QWidget *parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StripView::setStrip(const HeatStrip &strip)
{
    if (strip == m_strip)
        return;
    const QString before = scale();
    m_strip = strip;
    if (m_current >= m_strip.cells.size())
        m_current = m_strip.cells.size() - 1;
    describe();
    update();
    if (scale() != before)
        emit scaleChanged();
}

void StripView::setSubject(const QString &subject)
{
    m_subject = subject;
    describe();
}

QString StripView::scale() const
{
    return HeatText::scale(m_strip, together());
}

QSize StripView::sizeHint() const
{
    return {heatStripWidth(60, devicePixelRatioF()), Theme::px(cellsHeight + timesHeight)};
}

QRect StripView::place() const
{
    return {0, 0, width(), Theme::px(cellsHeight)};
}

qsizetype StripView::together() const
{
    return heatCellsTogether(place(), m_strip, devicePixelRatioF());
}

qsizetype StripView::cellAt(const QPoint &position) const
{
    return place().contains(position)
               ? heatCellAt(place(), m_strip, position.x(), devicePixelRatioF())
               : -1;
}

QRect StripView::placeOf(qsizetype newest) const
{
    const double scale = devicePixelRatioF();
    const qsizetype group = together();
    const qsizetype shown = (m_strip.cells.size() + group - 1) / group;
    const qsizetype index = shown - 1 - (m_strip.cells.size() - 1 - newest) / group;
    const int left = index == 0 ? 0 : heatStripWidth(index, scale);
    const int right = heatStripWidth(index + 1, scale);
    return {left, 0, right - left, place().height()};
}

void StripView::setCurrent(qsizetype cell)
{
    if (cell == m_current)
        return;
    m_current = cell;
    describe();
    update();
    QAccessibleEvent told(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&told);
}

void StripView::describe()
{
    const QString summary = HeatText::summary(m_strip);
    setAccessibleName(m_subject.isEmpty() ? summary : QString(m_subject % u": "_s % summary));
    setAccessibleDescription(m_current < 0 ? QString()
                                           : HeatText::cell(m_strip.cells.at(m_current)));
}

void StripView::activate(qsizetype newest)
{
    if (newest >= 0)
        emit cellsActivated(std::max<qsizetype>(0, newest + 1 - together()), newest);
}

bool StripView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const qsizetype cell = cellAt(help->pos());
    if (cell < 0) {
        QToolTip::hideText();
        return true;
    }
    // Those that are painted as one have the words of the worst.
    HeatStrip painted;
    for (qsizetype i = std::max<qsizetype>(0, cell + 1 - together()); i <= cell; ++i)
        painted.cells.append(m_strip.cells.at(i));
    const HeatCell worst = joined(painted, painted.cells.size()).cells.front();
    QToolTip::showText(help->globalPos(), plainTip(HeatText::cell(worst)), this, placeOf(cell));
    return true;
}

void StripView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintHeatStrip(&painter, place().adjusted(0, 0, 0, -Theme::px(3)), m_strip);
    paintTimes(&painter);
    if (!hasFocus() || m_current < 0)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::current().link, 2));
    painter.setBrush(Qt::NoBrush);
    const QRectF around = QRectF(placeOf(m_current)).adjusted(-1, 1, 1, -1);
    painter.drawRoundedRect(around.intersected(QRectF(place()).adjusted(1, 1, -1, -1)), 2, 2);
}

// Of the first cell, the last, and two between them.
void StripView::paintTimes(QPainter *painter) const
{
    constexpr int labels = 4;
    if (m_strip.cells.isEmpty() || m_strip.cells.front().start <= 0)
        return;
    painter->setFont(Theme::font(TextRole::Caption));
    painter->setPen(Theme::current().secondary);
    const QFontMetrics metrics = painter->fontMetrics();
    const qsizetype last = m_strip.cells.size() - 1;
    const int end = placeOf(last).right();
    int free = 0; // up to where others stand
    for (const int label : std::array{0, labels - 1, 1, 2}) {
        const HeatCell &cell = m_strip.cells.at(last * label / (labels - 1));
        const QString text = clockOf(cell.start);
        const int wide = metrics.horizontalAdvance(text);
        const int middle = end * label / (labels - 1);
        const int left = std::clamp(middle - wide / 2, 0, std::max(0, end - wide));
        const bool isInside = label > 0 && label < labels - 1;
        const int gap = Theme::px(8);
        if (isInside && (left < free + gap || left + wide + gap > end - wide))
            continue;
        painter->drawText(
            QRect(left, place().bottom(), wide + 1, Theme::px(timesHeight)), Qt::AlignCenter, text);
        if (label < labels - 1)
            free = left + wide;
    }
}

void StripView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        activate(cellAt(event->position().toPoint()));
}

void StripView::mouseMoveEvent(QMouseEvent *event)
{
    if (cellAt(event->position().toPoint()) >= 0)
        setCursor(Qt::PointingHandCursor);
    else
        unsetCursor();
}

void StripView::keyPressEvent(QKeyEvent *event)
{
    const qsizetype last = m_strip.cells.size() - 1;
    const qsizetype group = together();
    switch (event->key()) {
    case Qt::Key_Left:
        return setCurrent(m_current < 0 ? last : std::max(last % group, m_current - group));
    case Qt::Key_Right:
        return setCurrent(m_current < 0 ? last : std::min(last, m_current + group));
    case Qt::Key_Home:
        return setCurrent(last < 0 ? -1 : last % group);
    case Qt::Key_End:
        return setCurrent(last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return activate(m_current);
    default:
        QWidget::keyPressEvent(event);
    }
}

void StripView::focusInEvent(QFocusEvent *event)
{
    if (m_current < 0)
        setCurrent(m_strip.cells.size() - 1);
    QWidget::focusInEvent(event);
}

void StripView::focusOutEvent(QFocusEvent *event)
{
    setCurrent(-1);
    QWidget::focusOutEvent(event);
}

void StripView::resizeEvent(QResizeEvent *event)
{
    // The newest of what is painted as one are others now.
    if (m_current >= 0)
        setCurrent(m_strip.cells.size() - 1);
    QWidget::resizeEvent(event);
    emit scaleChanged();
}

void StripView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        describe();
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

} // namespace gatehouse::ui
