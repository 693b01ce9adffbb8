#include "wizard/stepbar.h"

#include "theme/healthpainter.h"
#include "theme/theme.h"

#include <QPainter>

namespace gatehouse::ui {

namespace {

constexpr int barHeight = 48;
constexpr int margin = 24;
constexpr int mark = 18;
constexpr int stepGap = 8;
constexpr int connector = 26;

} // namespace

StepBar::StepBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void StepBar::setSteps(const QStringList &names)
{
    m_names = names;
    describe();
    updateGeometry();
    update();
}

void StepBar::setCurrent(int step)
{
    m_current = step;
    describe();
    update();
}

void StepBar::describe()
{
    setAccessibleName(tr("Step %1 of %2: %3")
                          .arg(m_current + 1)
                          .arg(m_names.size())
                          .arg(m_names.value(m_current)));
}

QSize StepBar::sizeHint() const
{
    const QFontMetrics metrics(Theme::font(TextRole::BodyStrong));
    int width = 2 * Theme::px(margin);
    for (const QString &name : m_names)
        width += Theme::px(mark + 3 * stepGap + connector) + metrics.horizontalAdvance(name);
    return {width, Theme::px(barHeight)};
}

void StepBar::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Palette &palette = Theme::current();
    painter.fillRect(QRect(0, height() - 1, width(), 1), palette.line);
    int left = Theme::px(margin);
    for (int step = 0; step < m_names.size(); ++step) {
        if (step > 0) {
            painter.fillRect(QRect(left, height() / 2, Theme::px(connector), 1), palette.edge);
            left += Theme::px(connector + stepGap + 2);
        }
        left = paintStep(painter, step, left) + Theme::px(stepGap + 2);
    }
}

int StepBar::paintStep(QPainter &painter, int step, int left) const
{
    const Palette &palette = Theme::current();
    const bool isCurrent = step == m_current;
    const int side = Theme::px(mark);
    const QRectF place(left, (height() - side) / 2, side, side);
    if (step < m_current) {
        paintGlyph(&painter, place, Glyph::Tick, palette.good.mark);
    } else {
        painter.setPen(isCurrent ? Qt::NoPen : QPen(palette.mark, 1));
        painter.setBrush(isCurrent ? QBrush(palette.accent) : QBrush(Qt::NoBrush));
        painter.drawEllipse(place.adjusted(0.5, 0.5, -0.5, -0.5));
        painter.setFont(Theme::font(TextRole::CaptionStrong));
        painter.setPen(isCurrent ? palette.onAccent : palette.secondary);
        painter.drawText(place, Qt::AlignCenter, QString::number(step + 1));
    }
    const QFont font = Theme::font(isCurrent ? TextRole::BodyStrong : TextRole::Body);
    painter.setFont(font);
    painter.setPen(isCurrent ? palette.text : palette.secondary);
    const QString name = m_names.at(step);
    const int width = QFontMetrics(font).horizontalAdvance(name);
    const int text = left + side + Theme::px(stepGap);
    painter.drawText(QRect(text, 0, width + 1, height()), Qt::AlignVCenter, name);
    return text + width;
}

} // namespace gatehouse::ui
