#include "widgets/fields/segmentedcontrol.h"

#include "theme/plaintip.h"
#include "theme/theme.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace gatehouse::ui {

namespace {

// One of the joined buttons; the control paints the frame around all.
class SegmentButton : public QAbstractButton
{
public:
    explicit SegmentButton(QWidget *parent)
        : QAbstractButton(parent)
    {
        setCheckable(true);
        setMouseTracking(true);
        setAttribute(Qt::WA_Hover);
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics(Theme::font(TextRole::BodyStrong));
        return {metrics.horizontalAdvance(text()) + 2 * Theme::px(10), Theme::px(28)};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Palette &palette = Theme::current();
        const QRect inner = rect().adjusted(0, 1, 0, -1);
        if (isChecked())
            painter.fillRect(inner, palette.navigation);
        else if (underMouse() && isEnabled())
            painter.fillRect(inner, blend(palette.button, palette.navigation, 0.5));
        // The fill alone hardly shows in the dark, nor do the bold letters of every script.
        if (isChecked()) {
            painter.fillRect(inner.left(),
                             inner.bottom() - 1,
                             inner.width(),
                             2,
                             isEnabled() ? palette.link : palette.disabled);
        }
        painter.setFont(Theme::font(isChecked() ? TextRole::BodyStrong : TextRole::Body));
        painter.setPen(isEnabled() ? palette.text : palette.disabled);
        painter.drawText(rect(), Qt::AlignCenter, text());
    }
};

} // namespace

SegmentedControl::SegmentedControl(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
    , m_group(new QButtonGroup(this))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_layout->setContentsMargins(1, 0, 1, 0);
    m_layout->setSpacing(1);
    connect(m_group, &QButtonGroup::idClicked, this, &SegmentedControl::choose);
}

void SegmentedControl::setSegments(const QList<Segment> &segments)
{
    const QList<QAbstractButton *> old = m_group->buttons();
    for (QAbstractButton *button : old)
        delete button;
    m_segments = segments;
    for (qsizetype i = 0; i < segments.size(); ++i) {
        auto *button = new SegmentButton(this);
        button->setText(segments.at(i).text);
        button->setToolTip(plainTip(segments.at(i).toolTip));
        button->setAccessibleName(segments.at(i).toolTip.isEmpty() ? segments.at(i).text
                                                                   : segments.at(i).toolTip);
        button->installEventFilter(this);
        m_group->addButton(button, static_cast<int>(i));
        m_layout->addWidget(button);
    }
    const bool kept = std::any_of(segments.begin(), segments.end(), [this](const Segment &one) {
        return one.id == m_current;
    });
    setCurrent(kept || segments.isEmpty() ? m_current : segments.front().id);
}

void SegmentedControl::setCurrent(const QString &id)
{
    for (qsizetype i = 0; i < m_segments.size(); ++i) {
        if (m_segments.at(i).id != id)
            continue;
        m_current = id;
        const QList<QAbstractButton *> buttons = m_group->buttons();
        for (QAbstractButton *button : buttons)
            button->setFocusPolicy(Qt::ClickFocus);
        m_group->button(static_cast<int>(i))->setFocusPolicy(Qt::StrongFocus);
        m_group->button(static_cast<int>(i))->setChecked(true);
    }
}

void SegmentedControl::choose(int index)
{
    const QString id = m_segments.at(index).id;
    if (id == m_current)
        return;
    setCurrent(id);
    emit chosen(id);
}

bool SegmentedControl::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int step = key == Qt::Key_Right ? 1 : key == Qt::Key_Left ? -1 : 0;
    const int next = m_group->checkedId() + (mirrored ? -step : step);
    if (step == 0)
        return QWidget::eventFilter(watched, event);
    if (next < 0 || next >= m_segments.size())
        return true;
    choose(next);
    m_group->button(next)->setFocus(Qt::TabFocusReason);
    return true;
}

void SegmentedControl::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    const Palette &palette = Theme::current();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette.edge);
    painter.setBrush(palette.button);
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::exact(4), Theme::exact(4));
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (const QAbstractButton *button : buttons) {
        const int right = button->geometry().right() + 1;
        if (right < width() - 2)
            painter.fillRect(right, 1, 1, height() - 2, palette.edge);
    }
}

} // namespace gatehouse::ui
