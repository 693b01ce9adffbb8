#include "frame/headerbuttons.h"

#include "theme/icons.h"
#include "theme/theme.h"

#include <QPainter>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

FigureButton::FigureButton(QWidget *parent)
    : QToolButton(parent)
{
    setAutoRaise(true);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

// The number may stand before or behind its word, as the language wants.
QList<FigureButton::Part> FigureButton::parts() const
{
    static const QRegularExpression number(u"[$€¥]?\\d(?:[\\d.,\\x{a0}\\x{202f}]*\\d)?"_s);
    const QString shown = text();
    const QRegularExpressionMatch match = number.match(shown);
    if (!match.hasMatch())
        return {{.text = shown}};
    return {{.text = shown.left(match.capturedStart())},
            {.text = match.captured(), .number = true},
            {.text = shown.mid(match.capturedEnd())}};
}

QFont FigureButton::fontOf(const Part &part)
{
    return Theme::font(part.number ? TextRole::BodyStrong : TextRole::Body);
}

QSize FigureButton::sizeHint() const
{
    double width = 2 * Theme::exact(6);
    const QList<Part> shown = parts();
    for (const Part &part : shown)
        width += QFontMetricsF(fontOf(part)).horizontalAdvance(part.text);
    return {qCeil(width), Theme::px(28)};
}

void FigureButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (underMouse() || isDown()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::current().navigation);
        painter.drawRoundedRect(rect(), Theme::px(4), Theme::px(4));
    }
    double x = Theme::exact(6);
    const QList<Part> shown = parts();
    for (const Part &part : shown) {
        painter.setFont(fontOf(part));
        painter.setPen(part.number ? Theme::current().text : Theme::current().secondary);
        const double width = QFontMetricsF(painter.font()).horizontalAdvance(part.text);
        painter.drawText(QRectF(x, 0, width + 1, height()), Qt::AlignVCenter, part.text);
        x += width;
    }
}

JobChip::JobChip(QWidget *parent)
    : QPushButton(parent)
{
    setAutoDefault(false);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize JobChip::sizeHint() const
{
    const QFontMetrics metrics(Theme::font(TextRole::Small));
    return {metrics.horizontalAdvance(text()) + 2 * Theme::px(7), Theme::px(24)};
}

void JobChip::paintEvent(QPaintEvent *)
{
    const ToneColors &busy = Theme::current().busy;
    const bool hot = underMouse() || isDown();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(hot ? blend(busy.tint, busy.mark, 0.15) : busy.tint);
    painter.drawRoundedRect(QRectF(rect()), Theme::exact(3), Theme::exact(3));
    painter.setFont(Theme::font(TextRole::Small));
    painter.setPen(busy.text);
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextSingleLine, text());
}

CommandField::CommandField(QWidget *parent)
    : QToolButton(parent)
{
    setIcon(ui::icon(u"search"_s, IconColor::Secondary));
    setFixedHeight(Theme::px(28));
    setWide(true);
}

void CommandField::setShortcutText(const QString &keys)
{
    m_keys = keys;
    setWide(m_wide);
}

void CommandField::setWide(bool wide)
{
    m_wide = wide;
    setFixedWidth(wide ? wholeWidth() : Theme::px(32));
    update();
}

// What the text and the shortcut take, with what paintEvent() leaves between them.
int CommandField::wholeWidth() const
{
    const int text =
        QFontMetrics(Theme::font(TextRole::Body)).horizontalAdvance(QToolButton::text());
    const int keys = QFontMetrics(Theme::font(TextRole::Caption)).horizontalAdvance(m_keys);
    const int others = Theme::px(8) + Theme::px(14) + Theme::px(6) + Theme::px(7)
                       + (m_keys.isEmpty() ? 0 : keys + Theme::px(10) + Theme::px(6));
    return std::max(Theme::px(200), text + others + Theme::px(4));
}

void CommandField::paintShortcut(QPainter *painter, QRect &room) const
{
    painter->setFont(Theme::font(TextRole::Caption));
    const QFontMetrics metrics(painter->font());
    const int width = metrics.horizontalAdvance(m_keys) + Theme::px(10);
    const QRect badge(
        room.right() - width + 1, (height() - Theme::px(17)) / 2, width, Theme::px(17));
    painter->setPen(Theme::current().line);
    painter->setBrush(Theme::current().window);
    painter->drawRoundedRect(
        QRectF(badge).adjusted(0.5, 0.5, -0.5, -0.5), Theme::px(3), Theme::px(3));
    painter->setPen(Theme::current().secondary);
    painter->drawText(badge, Qt::AlignCenter, m_keys);
    room.setRight(badge.left() - Theme::px(6));
}

void CommandField::paintEvent(QPaintEvent *)
{
    const Palette &palette = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(underMouse() ? palette.secondary : palette.control);
    painter.setBrush(isDown() ? palette.window : palette.base);
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::px(4), Theme::px(4));
    const int size = Theme::px(14);
    const int left = m_wide ? Theme::px(8) : (width() - size) / 2;
    icon().paint(&painter, QRect(left, (height() - size) / 2, size, size));
    if (!m_wide)
        return;
    QRect room = rect().adjusted(left + size + Theme::px(6), 0, -Theme::px(7), 0);
    if (!m_keys.isEmpty())
        paintShortcut(&painter, room);
    painter.setFont(Theme::font(TextRole::Body));
    painter.setPen(palette.placeholder);
    painter.drawText(room,
                     Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, room.width()));
}

} // namespace gatehouse::ui
