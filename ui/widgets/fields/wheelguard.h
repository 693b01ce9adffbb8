#pragma once

#include <QObject>

class QWidget;

namespace gatehouse::ui {

// Leaves the wheel over a number or a choice without the focus to what scrolls around it: a form that
// is scrolled must not change under the pointer.
class WheelGuard : public QObject
{
    Q_OBJECT

public:
    // Guards every spin box and combo box that `field` is or has now. Guarding one again does nothing.
    static void guard(QWidget *field);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    explicit WheelGuard(QWidget *box);
};

} // namespace gatehouse::ui
