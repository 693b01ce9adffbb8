#pragma once

#include <QObject>

class QWindow;

namespace gatehouse::ui {

// Gives the keyboard back to the uppermost dialog where a click on a window that it blocks has taken it: some
// window managers of X11 give it to the window that was clicked, whether that takes keys or not.
class ModalFocus : public QObject
{
    Q_OBJECT

public:
    explicit ModalFocus(QObject *parent = nullptr);

private:
    void follow(const QWindow *focused);
};

} // namespace gatehouse::ui
