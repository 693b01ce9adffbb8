#include "widgets/fields/wheelguard.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>

namespace gatehouse::ui {

WheelGuard::WheelGuard(QWidget *box)
    : QObject(box)
{
    box->installEventFilter(this);
    // The wheel would give it the focus, and then change it.
    if (box->focusPolicy() == Qt::WheelFocus)
        box->setFocusPolicy(Qt::StrongFocus);
}

void WheelGuard::guard(QWidget *field)
{
    QList<QWidget *> all = field->findChildren<QWidget *>();
    all.prepend(field);
    for (QWidget *each : std::as_const(all)) {
        const bool turns =
            qobject_cast<QAbstractSpinBox *>(each) || qobject_cast<QComboBox *>(each);
        if (turns && !each->findChild<WheelGuard *>({}, Qt::FindDirectChildrenOnly))
            new WheelGuard(each);
    }
}

bool WheelGuard::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Wheel || static_cast<QWidget *>(watched)->hasFocus())
        return QObject::eventFilter(watched, event);
    event->ignore();
    return true;
}

} // namespace gatehouse::ui
