#include "frame/modalfocus.h"

#include <QApplication>
#include <QCursor>
#include <QWidget>
#include <QWindow>

namespace gatehouse::ui {

namespace {

bool isBlockedBy(const QWidget &dialog, const QWindow *window)
{
    for (const QWidget *below = dialog.parentWidget(); below; below = below->parentWidget()) {
        if (window && below->windowHandle() == window)
            return true;
    }
    return false;
}

} // namespace

ModalFocus::ModalFocus(QObject *parent)
    : QObject(parent)
{
    // Queued, since it is told of in the midst of the change.
    connect(qGuiApp,
            &QGuiApplication::focusWindowChanged,
            this,
            &ModalFocus::follow,
            Qt::QueuedConnection);
}

// A blocked window that has the keyboard counts as none, and is known by where the mouse is. Whoever went on to
// another program keeps the keyboard there: the window manager sees that the click was later.
void ModalFocus::follow(const QWindow *focused)
{
    QWidget *dialog = QApplication::activeModalWidget();
    if (!dialog || QApplication::activePopupWidget())
        return;
    if (focused != QGuiApplication::focusWindow())
        return; // it has gone on
    const QWindow *clicked = focused ? focused : QGuiApplication::topLevelAt(QCursor::pos());
    if (!isBlockedBy(*dialog, clicked))
        return;
    dialog->raise();
    dialog->activateWindow();
}

} // namespace gatehouse::ui
