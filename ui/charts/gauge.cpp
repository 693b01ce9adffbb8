#include "charts/gauge.h"

#include "charts/budgetbar.h"
#include "theme/theme.h"

#include <QPainter>

namespace gatehouse::ui {

Gauge::Gauge(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Gauge::setValue(double share, const QString &text, Tone tone)
{
    m_share = share;
    m_tone = tone;
    setToolTip(text);
    setAccessibleDescription(text);
    update();
}

QSize Gauge::sizeHint() const
{
    return {Theme::px(120), Theme::px(16)};
}

void Gauge::paintEvent(QPaintEvent *)
{
    const Palette &palette = Theme::current();
    QPainter painter(this);
    QRectF bar(0, 0, width(), Theme::exact(6));
    bar.moveCenter(QRectF(rect()).center());
    paintBar(
        &painter, bar, m_share, m_tone == Tone::Neutral ? palette.mark : palette.tone(m_tone).mark);
}

} // namespace gatehouse::ui
