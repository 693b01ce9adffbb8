#include "widgets/fields/calendarpopup.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/fields/calendarheader.h"

#include <QCalendarWidget>
#include <QDateTimeEdit>
#include <QEvent>
#include <QLayout>
#include <QTextCharFormat>
#include <QToolButton>

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int dayWidth = 40;
constexpr int daysOfWeek = 7;

// Its style resets the arrows, and its bar is that of a selection.
class ThemedCalendar : public QCalendarWidget
{
public:
    ThemedCalendar()
    {
        setObjectName(u"calendar"_s);
        setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
        setHorizontalHeaderFormat(QCalendarWidget::SingleLetterDayNames);
        setMinimumWidth(daysOfWeek * Theme::px(dayWidth));
        // An empty format has the colour of the palette, where weekends were red.
        for (const Qt::DayOfWeek day : {Qt::Saturday, Qt::Sunday})
            setWeekdayTextFormat(day, QTextCharFormat());
        if (auto *bar = findChild<QWidget *>(u"qt_calendar_navigationbar"_s))
            bar->setBackgroundRole(QPalette::Window);
        dress();
        orderCalendarHeader(this);
    }

protected:
    bool event(QEvent *event) override
    {
        const bool handled = QCalendarWidget::event(event);
        switch (event->type()) {
        case QEvent::StyleChange:
        case QEvent::LayoutDirectionChange:
        case QEvent::PaletteChange:
            dress();
            break;
        case QEvent::LocaleChange:
            orderCalendarHeader(this);
            break;
        case QEvent::Polish:
            giveEdge();
            break;
        default:
            break;
        }
        return handled;
    }

private:
    void dress()
    {
        if (auto *bar = findChild<QWidget *>(u"qt_calendar_navigationbar"_s)) {
            QPalette palette;
            palette.setColor(QPalette::HighlightedText, Theme::current().text);
            bar->setPalette(palette);
        }
        const bool mirrored = layoutDirection() == Qt::RightToLeft;
        setArrow(u"qt_calendar_prevmonth"_s, mirrored ? u"chevron-right" : u"chevron-left");
        setArrow(u"qt_calendar_nextmonth"_s, mirrored ? u"chevron-left" : u"chevron-right");
    }

    // The window that it pops up in has none; what shows around the calendar is its ground.
    void giveEdge()
    {
        QWidget *around = parentWidget();
        if (!around || around->windowType() != Qt::Popup || !around->layout())
            return;
        around->layout()->setContentsMargins(1, 1, 1, 1);
        around->setBackgroundRole(QPalette::Mid);
        around->setAutoFillBackground(
            true); // a window is filled with the colour of windows otherwise
    }

    void setArrow(const QString &name, QStringView shape)
    {
        auto *button = findChild<QToolButton *>(name);
        if (!button)
            return;
        button->setIcon(icon(shape));
        button->setIconSize({Theme::px(navigationIcon), Theme::px(navigationIcon)});
    }
};

} // namespace

CalendarPopup::CalendarPopup(QDateTimeEdit *field)
    : QObject(field)
    , m_field(field)
{
    field->setCalendarPopup(true);
    field->installEventFilter(this);
}

void CalendarPopup::give(QDateTimeEdit *field)
{
    new CalendarPopup(field);
}

bool CalendarPopup::eventFilter(QObject *watched, QEvent *event)
{
    const bool asksForIt =
        event->type() == QEvent::MouseButtonPress || event->type() == QEvent::KeyPress;
    if (watched == m_field && asksForIt && !std::exchange(m_made, true))
        m_field->setCalendarWidget(new ThemedCalendar);
    return QObject::eventFilter(watched, event);
}

} // namespace gatehouse::ui
