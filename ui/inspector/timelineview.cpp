#include "inspector/timelineview.h"

#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Kind = TimelineRow::Kind;

constexpr int rowHeight = 23;
constexpr int axisHeight = 24;
constexpr int margin = 12;
constexpr int labelWidth = 218;
constexpr int durationWidth = 74;
constexpr int indent = 16;
constexpr int barHeight = 9;
constexpr int lineHeight = 3;

QColor barColor(const TimelineRow &row)
{
    const Palette &colors = Theme::current();
    switch (row.kind) {
    case Kind::Gateway:
        return colors.text;
    case Kind::Attempt:
        return colors.tone(row.tone).mark;
    case Kind::Connect:
    case Kind::Sending:
        return row.isFailure ? colors.failure.mark : colors.slot(ChartSlot::Grey);
    case Kind::Waiting:
        return colors.slot(ChartSlot::Orange);
    case Kind::Streaming:
        return colors.slot(ChartSlot::Blue);
    }
    return colors.mark;
}

QString durationText(qint64 microseconds)
{
    return Format::duration(std::chrono::microseconds(std::max<qint64>(microseconds, 0)));
}

} // namespace

TimelineView::TimelineView(QWidget *parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setFont(Theme::font(TextRole::Small));
}

void TimelineView::setRows(std::vector<TimelineRow> rows)
{
    m_rows = std::move(rows);
    m_length = 1;
    for (const TimelineRow &row : m_rows)
        m_length = std::max(m_length, row.end);
    setAccessibleDescription(Timeline::description(m_rows));
    updateGeometry();
    update();
}

QSize TimelineView::sizeHint() const
{
    return {Theme::px(600),
            Theme::px(axisHeight) + Theme::px(rowHeight) * static_cast<int>(m_rows.size())
                + Theme::px(8)};
}

QSize TimelineView::minimumSizeHint() const
{
    return {Theme::px(280), sizeHint().height()};
}

QRect TimelineView::rowRect(int row) const
{
    return {0, Theme::px(axisHeight) + Theme::px(rowHeight) * row, width(), Theme::px(rowHeight)};
}

// In a narrow pane the names have less than their usual width, so that the bars keep some.
QRect TimelineView::timeRect() const
{
    const int labels = std::min(Theme::px(labelWidth), width() * 45 / 100);
    const int left = Theme::px(margin) + labels;
    const int right = width() - Theme::px(margin) - Theme::px(durationWidth);
    return {left, 0, std::max(right - left, 1), height()};
}

double TimelineView::positionOf(qint64 microseconds) const
{
    const QRect room = timeRect();
    return room.left()
           + static_cast<double>(room.width()) * static_cast<double>(microseconds)
                 / static_cast<double>(m_length);
}

void TimelineView::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setFont(Theme::font(TextRole::Small));
    paintGrid(painter);
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row)
        paintRow(painter, row);
    if (hasFocus()) {
        painter.setPen(QPen(Theme::current().link, Theme::px(2)));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void TimelineView::paintGrid(QPainter &painter) const
{
    const QFont font = Theme::font(TextRole::Caption);
    const QFontMetrics metrics(font);
    const int room = metrics.horizontalAdvance(u"000.0 ms"_s) + Theme::px(8);
    const int most = std::clamp(timeRect().width() / std::max(room, 1), 1, 5);
    painter.save();
    painter.setFont(font);
    const std::vector<qint64> ticks = Timeline::ticks(m_length, most);
    const QStringList texts = Timeline::tickTexts(ticks);
    for (size_t i = 0; i < ticks.size(); ++i) {
        const int x = qRound(positionOf(ticks[i]));
        const QString &text = texts.at(static_cast<qsizetype>(i));
        const int textWidth = metrics.horizontalAdvance(text);
        // The words of the last one may not reach into the durations.
        const int left = std::clamp(
            x - textWidth / 2, timeRect().left(), std::max(timeRect().left(), width() - textWidth));
        painter.fillRect(
            x, Theme::px(axisHeight) - Theme::px(4), 1, height(), Theme::current().grid);
        painter.setPen(Theme::current().secondary);
        painter.drawText(QRect(left, 0, textWidth + 1, Theme::px(axisHeight) - Theme::px(6)),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         text);
    }
    painter.restore();
}

void TimelineView::paintRow(QPainter &painter, int row) const
{
    const TimelineRow &shown = m_rows.at(static_cast<size_t>(row));
    const QRect line = rowRect(row);
    const int left = Theme::px(margin);
    paintLabel(painter,
               shown,
               QRect(left, line.top(), timeRect().left() - left - Theme::px(8), line.height()));
    paintBar(painter, shown, line);
    const bool isWhole = shown.kind == Kind::Attempt || shown.kind == Kind::Gateway;
    painter.setPen(isWhole ? Theme::current().text : Theme::current().secondary);
    painter.drawText(QRect(timeRect().right(), line.top(), Theme::px(durationWidth), line.height()),
                     Qt::AlignRight | Qt::AlignVCenter,
                     durationText(shown.end - shown.begin));
}

void TimelineView::paintLabel(QPainter &painter, const TimelineRow &row, const QRect &room) const
{
    const Palette &colors = Theme::current();
    QRect rest = room;
    const bool isPhase = row.kind != Kind::Attempt && row.kind != Kind::Gateway;
    if (isPhase)
        rest.setLeft(rest.left() + Theme::px(indent));
    if (row.glyph) {
        const QRectF box(rest.left(), rest.top(), Theme::px(14), rest.height());
        paintGlyph(&painter, box, *row.glyph, colors.tone(row.tone).mark);
        rest.setLeft(rest.left() + Theme::px(20));
    }
    painter.setPen(row.isFailure ? colors.tone(row.tone).text
                   : isPhase     ? colors.secondary
                                 : colors.text);
    const QFontMetrics metrics(painter.font());
    const int detailWidth =
        row.detail.isEmpty() ? 0 : metrics.horizontalAdvance(row.detail) + Theme::px(8);
    const QString name =
        metrics.elidedText(row.text, Qt::ElideRight, std::max(rest.width() - detailWidth, 0));
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name);
    if (row.detail.isEmpty())
        return;
    painter.setPen(colors.secondary);
    rest.setLeft(rest.left() + metrics.horizontalAdvance(name) + Theme::px(8));
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, row.detail);
}

void TimelineView::paintBar(QPainter &painter, const TimelineRow &row, const QRect &line) const
{
    const double left = positionOf(row.begin);
    const double least = Theme::exact(2);
    const double length = std::max(positionOf(row.end) - left, least);
    const int thickness = Theme::px(row.kind == Kind::Attempt ? lineHeight : barHeight);
    const QRectF bar(std::min(left, timeRect().right() + 1 - least),
                     line.center().y() - thickness / 2,
                     length,
                     thickness);
    painter.fillRect(bar, barColor(row));
}

QString TimelineView::tipAt(const QPoint &position) const
{
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row) {
        if (!rowRect(row).contains(position))
            continue;
        const TimelineRow &shown = m_rows.at(static_cast<size_t>(row));
        QString tip = Timeline::tr("%1: %2, from %3 to %4")
                          .arg(shown.text,
                               durationText(shown.end - shown.begin),
                               durationText(shown.begin),
                               durationText(shown.end));
        if (!shown.toolTip.isEmpty())
            tip += u'\n' + shown.toolTip;
        return tip;
    }
    return {};
}

bool TimelineView::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString tip = tipAt(help->pos());
        QToolTip::showText(help->globalPos(), plainTip(tip), this);
        return true;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QWidget::event(event);
}

} // namespace gatehouse::ui
