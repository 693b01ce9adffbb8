#pragma once

#include <QObject>

class QDateTimeEdit;

namespace gatehouse::ui {

// Lets the days of a date field be chosen from a calendar in the colours and icons of the window. It is
// made when the field is first clicked or typed into.
class CalendarPopup : public QObject
{
    Q_OBJECT

public:
    // To be called once for a field, which owns what is made.
    static void give(QDateTimeEdit *field);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    explicit CalendarPopup(QDateTimeEdit *field);

    QDateTimeEdit *const m_field;
    bool m_made = false;
};

} // namespace gatehouse::ui
