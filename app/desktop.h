#pragma once

#include "application.h"
#include "autostart.h"
#include "frame/mainwindow.h"
#include "frame/trayicon.h"
#include "holder.h"
#include "language.h"
#include "preferences/settingsstore.h"
#include "singleinstance.h"
#include "theme/themewatcher.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QTimer>

namespace gatehouse::app {

class CloseQuestion;
class StartFailure;

// The desktop application: the gateway with its window and tray icon. The gateway does not depend on
// the window, which may be closed and opened again. Lives in the main thread.
class Desktop final : public QObject
{
    Q_OBJECT

public:
    // `hidden`: no window at the start, unless there is no other way to reach the program.
    Desktop(Options options, bool hidden, QObject *parent = nullptr);
    ~Desktop() override;

    void start();
    // Raises the window; called when the program is started again.
    void activate(const QStringList &arguments);
    // Lets open requests end and then finishes; a second call finishes at once.
    void quit();

signals:
    void finished(gatehouse::app::ExitCode code);

private:
    void begin();
    void started();
    void failed(ExitCode code, const QString &message);
    void makeWindow();
    void makeTray();
    void showWindow();
    void windowClosing(QCloseEvent *event);
    void askAboutClosing();
    void keepRunning();
    Autostart autostart() const;
    base::Result<> setStartsAtLogin(bool enabled);
    ui::SettingsHooks settingsHooks();
    void setLanguage(const QString &language);
    void setScheme(const QString &scheme);

    Options m_options;
    const bool m_hidden;
    ui::UiState m_state;
    Language m_language;
    ui::ThemeWatcher m_themeWatcher;
    std::unique_ptr<Application> m_application;
    SingleInstance m_instance;
    std::unique_ptr<ui::UndoStack> m_undo;
    std::unique_ptr<ui::Services> m_services;
    std::unique_ptr<ui::MainWindow> m_window;
    std::unique_ptr<ui::TrayIcon> m_tray;
    std::unique_ptr<StartFailure> m_failure;
    QTimer m_retry;
    QTimer m_dropPages; // gives memory back while the window is hidden
    bool m_quitting = false;
};

// Runs the desktop application until it ends. Gives the process's exit code.
int runDesktop(int &argc, char **argv);

} // namespace gatehouse::app
