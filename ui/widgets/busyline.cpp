#include "widgets/busyline.h"

#include "theme/theme.h"

#include <QPainter>
#include <QTimerEvent>

namespace gatehouse::ui {

namespace {

constexpr int delay = 300;   // milliseconds until the line appears
constexpr int interval = 33; // milliseconds between two steps
constexpr int phases = 45;

} // namespace

BusyLine::BusyLine(QWidget *parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAccessibleName(tr("Loading"));
    hide();
}

void BusyLine::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    m_motion.stop();
    if (busy) {
        m_delay.start(delay, this);
        return;
    }
    m_delay.stop();
    hide();
}

QSize BusyLine::sizeHint() const
{
    return {Theme::px(60), Theme::px(2)};
}

void BusyLine::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_delay.timerId()) {
        m_delay.stop();
        show();
        raise();
        if (style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0)
            m_motion.start(interval, this);
        return;
    }
    m_phase = (m_phase + 1) % phases;
    update();
}

void BusyLine::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    const Palette &palette = Theme::current();
    painter.fillRect(rect(), palette.line);
    const int length = width() / 3;
    const int start = m_motion.isActive() ? (width() + length) * m_phase / phases - length : length;
    painter.fillRect(start, 0, length, height(), palette.link);
}

} // namespace gatehouse::ui
