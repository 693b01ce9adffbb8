#include "widgets/statuschip.h"

#include "theme/theme.h"

#include <QPainter>

namespace gatehouse::ui {

namespace {

void paintBox(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &edge)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->setPen(edge.isValid() ? QPen(edge) : QPen(Qt::NoPen));
    const double inset = edge.isValid() ? 0.5 : 0;
    painter->drawRoundedRect(
        rect.adjusted(inset, inset, -inset, -inset), Theme::exact(3), Theme::exact(3));
    painter->setRenderHint(QPainter::Antialiasing, false);
}

} // namespace

StatusChip::StatusChip(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatusChip::setStatus(const QString &text, Tone tone, std::optional<Glyph> glyph)
{
    m_text = text;
    m_tone = tone;
    m_glyph = glyph;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void StatusChip::setHealth(domain::Health health)
{
    setStatus(healthText(health), toneOf(health), glyphOf(health));
}

QSize StatusChip::sizeHint() const
{
    const QFontMetrics metrics(Theme::font(TextRole::Small));
    const int glyph = m_glyph ? Theme::px(14) + Theme::px(5) : 0;
    return {metrics.horizontalAdvance(m_text) + glyph + 2 * Theme::px(7), Theme::px(20)};
}

void StatusChip::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    const ToneColors &colors = Theme::current().tone(m_tone);
    paintBox(&painter, rect(), colors.tint, {});
    QRect room = rect().adjusted(Theme::px(7), 0, -Theme::px(7), 0);
    if (m_glyph) {
        const QRect square(
            room.left(), room.center().y() - Theme::px(14) / 2 + 1, Theme::px(14), Theme::px(14));
        paintGlyph(&painter, square, *m_glyph, colors.mark);
        room.setLeft(square.right() + 1 + Theme::px(5));
    }
    painter.setFont(Theme::font(TextRole::Small));
    painter.setPen(colors.text);
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, m_text);
}

int tagWidth(const QString &text)
{
    return QFontMetrics(Theme::font(TextRole::Caption)).horizontalAdvance(text) + 2 * Theme::px(6);
}

int paintTag(QPainter *painter, const QRect &room, const QString &text, std::optional<Tone> tone)
{
    const Palette &palette = Theme::current();
    const int height = Theme::px(18);
    const QRect box(room.left(),
                    room.top() + (room.height() - height) / 2,
                    qMin(tagWidth(text), room.width()),
                    height);
    paintBox(
        painter, box, tone ? palette.tone(*tone).tint : QColor(), tone ? QColor() : palette.edge);
    const QFont font = Theme::font(TextRole::Caption);
    painter->setFont(font);
    painter->setPen(tone ? palette.tone(*tone).text : palette.secondary);
    const QRect inner = box.adjusted(Theme::px(6), 0, -Theme::px(6), 0);
    painter->drawText(inner,
                      Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                      QFontMetrics(font).elidedText(text, Qt::ElideMiddle, inner.width() + 1));
    return box.width();
}

} // namespace gatehouse::ui
