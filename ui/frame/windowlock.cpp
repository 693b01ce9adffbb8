#include "frame/windowlock.h"

#include "frame/lockscreen.h"
#include "preferences/windowsettings.h"
#include "widgets/uistate.h"

#include <QAction>
#include <QApplication>
#include <QDateTime>
#include <QDialog>
#include <QEvent>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenuBar>
#include <QStackedWidget>
#include <QToolTip>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr auto stays = "staysWhileLocked";

int depth(const QWidget *widget)
{
    int count = 0;
    for (const QWidget *each = widget->parentWidget(); each; each = each->parentWidget())
        ++count;
    return count;
}

void closePopups()
{
    QToolTip::hideText();
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *each : all) {
        const Qt::WindowType type = each->windowType();
        if (each->isVisible() && (type == Qt::Popup || type == Qt::ToolTip))
            each->close();
    }
}

} // namespace

WindowLock::WindowLock(const Services &services, QMainWindow &window, QStackedWidget &rooms)
    : QObject(&window)
    , m_services(services)
    , m_window(window)
    , m_rooms(rooms)
{
    m_review.setSingleShot(true);
    connect(&m_review, &QTimer::timeout, this, &WindowLock::review);
    connect(&m_services.state, &UiState::changed, this, [this](const QString &key) {
        if (key == windowkey::lockAfter)
            applySetting();
    });
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        // Pages that wait for an answer may ask for the focus when it comes, unseen as they are.
        if (m_screen && now && now->window() == &m_window && now != &m_window
            && !m_screen->isAncestorOf(now))
            m_screen->setFocus(Qt::OtherFocusReason);
    });
    applySetting();
    QCoreApplication::instance()->installEventFilter(this);
}

bool WindowLock::allows(const QString &action)
{
    return action == "file.close"_L1 || action == "file.quit"_L1 || action == "window.minimize"_L1;
}

void WindowLock::letStay(QDialog *dialog)
{
    dialog->setProperty(stays, true);
}

void WindowLock::applySetting()
{
    lockAfter(lockDelay(m_services.state));
}

void WindowLock::lockAfter(std::chrono::milliseconds idle)
{
    m_delay = idle;
    noteUse();
    if (m_delay.count() > 0 && !isLocked())
        m_review.start(m_delay);
    else
        m_review.stop();
}

void WindowLock::lockAtStart()
{
    if (m_delay.count() > 0 || m_services.state.value(windowkey::locked).toBool())
        lock();
}

void WindowLock::lock()
{
    if (isLocked())
        return;
    m_review.stop();
    m_focused = QApplication::focusWidget();
    m_screen = new LockScreen(m_services, &m_rooms);
    connect(m_screen, &LockScreen::unlocked, this, &WindowLock::unlock);
    closePopups();
    hideDialogs();
    setMenusOffered(false);
    m_rooms.addWidget(m_screen);
    m_rooms.setCurrentWidget(m_screen);
    m_screen->setFocus(Qt::OtherFocusReason);
    m_services.state.setValue(windowkey::locked, true);
    m_services.state.sync();
    emit changed(true);
}

void WindowLock::unlock()
{
    LockScreen *screen = std::exchange(m_screen, nullptr);
    m_services.state.remove(windowkey::locked);
    m_services.state.setValue(windowkey::passwordKnown, true);
    m_rooms.setCurrentIndex(0);
    m_rooms.removeWidget(screen);
    screen->deleteLater();
    setMenusOffered(true);
    if (m_focused)
        m_focused->setFocus(Qt::OtherFocusReason);
    for (const HiddenDialog &each : std::exchange(m_dialogs, {})) {
        if (each.dialog)
            showAgain(each);
    }
    lockAfter(m_delay);
    emit changed(false);
}

// The bar of the system, where there is one, cannot be hidden; its menus can be disabled.
void WindowLock::setMenusOffered(bool offered)
{
    const QList<QAction *> menus = m_window.menuBar()->actions();
    for (QAction *menu : menus)
        menu->setEnabled(offered);
    m_window.menuBar()->setVisible(offered);
}

void WindowLock::hideDialogs()
{
    QList<QDialog *> shown;
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *each : all) {
        auto *dialog = qobject_cast<QDialog *>(each);
        if (dialog && dialog->isVisible() && !dialog->property(stays).toBool())
            shown.append(dialog);
    }
    std::sort(shown.begin(), shown.end(), [](const QDialog *one, const QDialog *other) {
        return depth(one) < depth(other);
    });
    for (QDialog *dialog : std::as_const(shown))
        hide(dialog);
}

// Not closed: what was typed into it is there afterwards.
void WindowLock::hide(QDialog *dialog)
{
    m_dialogs.append(
        {.dialog = dialog, .modality = dialog->windowModality(), .focused = dialog->focusWidget()});
    dialog->hide();
}

// A dialog that is shown hands out the focus as Tab does, which selects all of a field.
void WindowLock::showAgain(const HiddenDialog &hidden)
{
    auto *line = qobject_cast<QLineEdit *>(hidden.focused);
    const int cursor = line ? line->cursorPosition() : 0;
    const int start = line ? line->selectionStart() : -1;
    const int length = line ? line->selectionLength() : 0;
    hidden.dialog->setWindowModality(hidden.modality);
    hidden.dialog->show();
    if (hidden.focused)
        hidden.focused->setFocus(Qt::OtherFocusReason);
    if (line && start >= 0)
        line->setSelection(start, length);
    else if (line)
        line->setCursorPosition(cursor);
}

bool WindowLock::holdsDialogs() const
{
    return std::any_of(m_dialogs.begin(), m_dialogs.end(), [](const HiddenDialog &each) {
        return !each.dialog.isNull();
    });
}

bool WindowLock::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Shortcut:
        if (isLocked() && !allows(watched->objectName())) {
            const auto *widget = qobject_cast<const QWidget *>(watched);
            return !widget || widget->window() == &m_window;
        }
        break;
    case QEvent::Show:
        // An answer that was waited for may open one; it must not show itself over the lock screen.
        if (auto *dialog = isLocked() ? qobject_cast<QDialog *>(watched) : nullptr;
            dialog && dialog->isWindow() && !dialog->property(stays).toBool()) {
            QMetaObject::invokeMethod(
                dialog,
                [this, dialog] {
                    if (isLocked() && dialog->isVisible())
                        hide(dialog);
                },
                Qt::QueuedConnection);
        }
        break;
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::TabletPress:
        if (!event->spontaneous() || isLocked() || m_delay.count() == 0)
            break;
        // Also the first touch after the computer slept is one too late.
        if (idle() >= m_delay) {
            lock();
            return true;
        }
        noteUse();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

void WindowLock::noteUse()
{
    m_sinceUse.start();
    m_usedAt = QDateTime::currentMSecsSinceEpoch();
}

std::chrono::milliseconds WindowLock::idle() const
{
    const qint64 asleep = QDateTime::currentMSecsSinceEpoch() - m_usedAt;
    return std::chrono::milliseconds(std::max(m_sinceUse.elapsed(), asleep));
}

// Use moves only the moment of the last one; the timer finds out what is left.
void WindowLock::review()
{
    if (isLocked() || m_delay.count() == 0)
        return;
    const std::chrono::milliseconds left = m_delay - idle();
    if (left.count() <= 0)
        lock();
    else
        m_review.start(left);
}

} // namespace gatehouse::ui
