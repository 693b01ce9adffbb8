#pragma once

#include "widgets/services.h"

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QTimer>

class QDialog;
class QMainWindow;
class QStackedWidget;

namespace gatehouse::ui {

class LockScreen;

// Locks the window, at once or when nobody has used the program for a while: the lock screen takes the
// place of all that the window shows, dialogs are hidden until it is unlocked, and neither the menu bar
// nor shortcuts do anything but close the window and quit. The gateway goes on. With a delay set, or where
// it was locked when the program ended, a start is locked, too: ending the program must not be the way in.
// A child of the window.
class WindowLock : public QObject
{
    Q_OBJECT

public:
    // `rooms` is all that the window shows; the lock screen is added to it.
    WindowLock(const Services &services, QMainWindow &window, QStackedWidget &rooms);

    bool isLocked() const { return m_screen != nullptr; }
    void lock();
    // Locks if that is what a start is to begin with.
    void lockAtStart();
    // When nobody has touched a key or the mouse in any window of the program for so long; zero: never.
    void lockAfter(std::chrono::milliseconds idle);
    // Whether it hides dialogs, which are to be there afterwards.
    bool holdsDialogs() const;
    // Whether the action of that name is offered while the window is locked.
    static bool allows(const QString &action);
    // The dialog holds nothing secret, such as the question whether to quit, and may be shown.
    static void letStay(QDialog *dialog);

signals:
    void changed(bool locked);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct HiddenDialog
    {
        QPointer<QDialog> dialog{};
        Qt::WindowModality modality = Qt::NonModal;
        QPointer<QWidget> focused{};
    };

    void unlock();
    void setMenusOffered(bool offered);
    void applySetting();
    void hideDialogs();
    void hide(QDialog *dialog);
    static void showAgain(const HiddenDialog &hidden);
    void noteUse();
    std::chrono::milliseconds idle() const;
    void review();

    const Services m_services;
    QMainWindow &m_window;
    QStackedWidget &m_rooms;
    LockScreen *m_screen = nullptr; // while it is locked
    QPointer<QWidget> m_focused{};
    QList<HiddenDialog> m_dialogs{}; // the outermost first
    std::chrono::milliseconds m_delay{0};
    QElapsedTimer m_sinceUse;
    qint64 m_usedAt = 0; // by the wall clock, which goes on while the computer sleeps
    QTimer m_review;
};

} // namespace gatehouse::ui
