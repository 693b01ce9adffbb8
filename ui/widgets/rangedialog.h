#pragma once

#include "widgets/timespan.h"

#include <QDialog>

class QDateTimeEdit;
class QPushButton;

namespace gatehouse::ui {

class Form;

// Asks for a stretch of time of one's own.
class RangeDialog : public QDialog
{
    Q_OBJECT

public:
    explicit RangeDialog(const admin::TimeRange &range, QWidget *parent = nullptr);

    // What should be known about the times, under them.
    void setNote(const QString &note);

signals:
    void chosen(const gatehouse::ui::TimeSpan &span);

private:
    admin::TimeRange range() const;
    void validate();

    Form *m_form;
    QDateTimeEdit *m_since;
    QDateTimeEdit *m_until;
    QPushButton *m_show = nullptr;
};

} // namespace gatehouse::ui
