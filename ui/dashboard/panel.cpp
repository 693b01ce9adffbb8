#include "dashboard/panel.h"

#include "theme/theme.h"

#include <QPainter>

namespace gatehouse::ui {

Panel::Panel(QWidget *parent)
    : QWidget(parent)
{
    setContentsMargins(Theme::px(16), Theme::px(8), Theme::px(16), Theme::px(8));
}

void Panel::setLineVisible(bool visible)
{
    m_line = visible;
    update();
}

void Panel::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    if (m_line)
        painter.fillRect(0, 0, width(), 1, Theme::current().line);
}

} // namespace gatehouse::ui
