#pragma once

class QCalendarWidget;

namespace gatehouse::ui {

// Orders what stands above the days of `calendar` as its language writes a month: "December 2026", but
// "2026年12月" where dates begin with the year. To be called again after a change of its locale.
void orderCalendarHeader(QCalendarWidget *calendar);

} // namespace gatehouse::ui
