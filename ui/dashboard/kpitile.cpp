#include "dashboard/kpitile.h"

#include "theme/plaintip.h"
#include "theme/theme.h"

#include <QKeyEvent>
#include <QPainter>

namespace gatehouse::ui {

namespace {

constexpr int margin = 16;
constexpr int tileHeight = 77;
constexpr int sparkWidth = 54;
constexpr int sparkHeight = 24;

void paintTriangle(QPainter *painter, const QRectF &box, bool up, const QColor &color)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    const double top = up ? box.top() : box.bottom();
    const double foot = up ? box.bottom() : box.top();
    painter->drawPolygon(
        QPolygonF({{box.left(), foot}, {box.right(), foot}, {box.center().x(), top}}));
    painter->restore();
}

} // namespace

KpiTile::KpiTile(QWidget *parent)
    : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void KpiTile::setContent(const TileContent &content)
{
    if (m_content == content)
        return;
    m_content = content;
    setAccessibleName(content.accessible);
    setToolTip(plainTip(content.toolTip));
    update();
}

void KpiTile::setLineVisible(bool visible)
{
    m_line = visible;
    update();
}

QSize KpiTile::sizeHint() const
{
    return {Theme::px(172), Theme::px(tileHeight)};
}

QSize KpiTile::minimumSizeHint() const
{
    return {Theme::px(110), Theme::px(tileHeight)};
}

void KpiTile::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &palette = Theme::current();
    if (underMouse())
        painter.fillRect(rect(), palette.hovered);
    if (m_line)
        painter.fillRect(0, 0, 1, height(), palette.line);
    const QRect inner = rect().adjusted(Theme::px(margin), 0, -Theme::px(8), 0);
    painter.setFont(Theme::font(TextRole::Small));
    painter.setPen(palette.secondary);
    const QRect label(inner.left(), Theme::px(9), inner.width(), Theme::px(16));
    painter.drawText(
        label,
        Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(m_content.label, Qt::ElideRight, label.width()));
    paintNumber(&painter, QRect(inner.left(), Theme::px(25), inner.width(), Theme::px(28)));
    paintDelta(&painter, QRect(inner.left(), Theme::px(53), inner.width(), Theme::px(16)));
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(palette.link, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(2, 2, -2, -2), 3, 3);
    }
}

// The number takes what it needs; the line is left out where there is no room for it.
void KpiTile::paintNumber(QPainter *painter, const QRect &rect) const
{
    const Palette &palette = Theme::current();
    const QFont numberFont = Theme::font(TextRole::TileNumber);
    const QFont unitFont = Theme::font(TextRole::TileUnit);
    const QFontMetrics metrics(numberFont);
    const int unitWidth =
        m_content.unit.isEmpty()
            ? 0
            : QFontMetrics(unitFont).horizontalAdvance(m_content.unit) + Theme::px(4);
    const QString number =
        metrics.elidedText(m_content.number, Qt::ElideRight, rect.width() - unitWidth);
    const int baseline = rect.bottom() - Theme::px(6);
    painter->setFont(numberFont);
    painter->setPen(palette.text);
    painter->drawText(rect.left(), baseline, number);
    const int unitLeft = rect.left() + metrics.horizontalAdvance(number) + Theme::px(4);
    painter->setFont(unitFont);
    painter->setPen(palette.secondary);
    painter->drawText(unitLeft, baseline, m_content.unit);
    const QRect line(rect.right() - Theme::px(sparkWidth) - Theme::px(6),
                     rect.bottom() - Theme::px(sparkHeight),
                     Theme::px(sparkWidth),
                     Theme::px(sparkHeight));
    if (unitLeft - Theme::px(4) + unitWidth + Theme::px(8) <= line.left())
        paintSparkline(painter, line, m_content.line);
}

void KpiTile::paintDelta(QPainter *painter, const QRect &rect) const
{
    const Palette &palette = Theme::current();
    const QColor color =
        m_content.deltaTone ? palette.tone(*m_content.deltaTone).text : palette.secondary;
    painter->setFont(Theme::font(TextRole::Caption));
    const QFontMetrics metrics = painter->fontMetrics();
    int x = rect.left();
    if (m_content.direction != TileContent::Direction::None) {
        const double side = Theme::exact(7);
        const QRectF box(x, rect.center().y() - side / 2 + 1, side, side - 1);
        paintTriangle(painter, box, m_content.direction == TileContent::Direction::Up, color);
        x += Theme::px(11);
    }
    const auto draw = [&](const QString &text, const QColor &pen) {
        const int room = rect.right() - x;
        if (text.isEmpty() || room <= 0)
            return;
        const QString shown = metrics.elidedText(text, Qt::ElideRight, room);
        painter->setPen(pen);
        painter->drawText(
            QRect(x, rect.top(), room, rect.height()), Qt::AlignLeft | Qt::AlignVCenter, shown);
        x += metrics.horizontalAdvance(shown) + Theme::px(6);
    };
    draw(m_content.delta, color);
    const bool isNoteCut = metrics.horizontalAdvance(m_content.note) > rect.right() - x;
    draw(isNoteCut && !m_content.shortNote.isEmpty() ? m_content.shortNote : m_content.note,
         palette.secondary);
}

void KpiTile::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace gatehouse::ui
