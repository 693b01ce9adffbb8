#pragma once

#include "widgets/dialogs/formdialog.h"
#include "widgets/timespan.h"

class QDateTimeEdit;

namespace gatehouse::ui {

// Asks for a stretch of time of one's own.
class RangeDialog : public FormDialog
{
    Q_OBJECT

public:
    explicit RangeDialog(const admin::TimeRange &range, QWidget *parent = nullptr);

    // What should be known about the times, under them.
    void setNote(const QString &note);

signals:
    void chosen(const gatehouse::ui::TimeSpan &span);

protected:
    // Entered again in a moment.
    bool isModified() const override { return false; }

private:
    admin::TimeRange range() const;
    void validate();

    QDateTimeEdit *m_since;
    QDateTimeEdit *m_until;
};

} // namespace gatehouse::ui
