#pragma once

#include "admin/applicationlink.h"
#include "application.h"
#include "desktop/announcer.h"
#include "desktop/keepawake.h"
#include "desktop/language.h"
#include "frame/mainwindow.h"
#include "frame/trayicon.h"
#include "holder.h"
#include "integration/autostart.h"
#include "integration/notifier.h"
#include "integration/singleinstance.h"
#include "integration/wakelock.h"
#include "preferences/settingsstore.h"
#include "theme/themewatcher.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"
#include "windowrequest.h"
#include "wizard/welcome.h"

#include <QPointer>
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
    // `request.hidden`: no window at the start, unless there is no other way to reach the program.
    Desktop(Options options, WindowRequest request, QObject *parent = nullptr);
    ~Desktop() override;

    void start();
    // Does what the arguments ask for when the program is started again; without any, raises the window.
    // `token` is the right to come to the foreground that the desktop gave that start.
    void activate(const QStringList &arguments, const QByteArray &token = {});
    // Shows what a link proposes, and does nothing else of what it says. It may be anybody's.
    void openLink(const QString &link);
    // Lets open requests end and then finishes; a second call finishes at once.
    void quit();
    // Asks first what becomes of requests that are running.
    void askToQuit();

signals:
    void finished(gatehouse::app::ExitCode code);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void begin();
    void started();
    void failed(ExitCode code, const base::Message &message);
    bool isHandedOver();
    void makeWindow();
    void makeTray();
    void makeNotifier();
    void noteActivated(NotificationKind kind, const QString &action, const QString &subject);
    void carryOut(const WindowRequest &request);
    void startGateway();
    void stopGateway();
    void copyAddress();
    void openProposedPage(const admin::ProposedPage &page);
    void proposeChannel(const admin::LinkedChannel &channel, const QString &link);
    void tellFailure(const QString &title, const QString &text);
    void trayChanged(bool reachable);
    void showWindow();
    void showPage(ui::PageId page, const QString &filter);
    void lockedChanged(bool locked);
    bool isFirstRun() const;
    void openWelcome();
    void endFirstRun();
    void welcomeDone();
    void openElsewhere(const QString &directory);
    void windowClosing(QCloseEvent *event);
    void askAboutClosing();
    void keepRunning();
    void quitWithin(std::chrono::milliseconds grace);
    Autostart autostart() const;
    base::Result<> setStartsAtLogin(bool enabled);
    void rewriteAutostart();
    ui::SettingsHooks settingsHooks();
    QString secretsPlace() const;
    void fixLook();
    void useLanguage(const QString &language);
    void setLanguage(const QString &language);
    void setScheme(const QString &scheme);

    static constexpr std::chrono::minutes hiddenFor{1}; // until memory is given back

    Options m_options;
    WindowRequest m_request; // of this start, until it is carried out
    base::SystemClock m_clock;
    ui::UiState m_state;
    Language m_language;
    ui::ThemeWatcher m_themeWatcher;
    std::unique_ptr<Application> m_application;
    SingleInstance m_instance;
    std::unique_ptr<ui::UndoStack> m_undo;
    std::unique_ptr<ui::Services> m_services;
    std::unique_ptr<ui::MainWindow> m_window;
    std::unique_ptr<ui::TrayIcon> m_tray;
    std::unique_ptr<Notifier> m_notifier;
    std::unique_ptr<Announcer> m_announcer;
    WakeLock m_wakeLock;
    std::unique_ptr<KeepAwake> m_keepAwake;
    std::unique_ptr<ui::Welcome> m_welcome;
    std::unique_ptr<StartFailure> m_failure;
    QTimer m_retry;
    QTimer m_dropPages;           // gives memory back while the window is hidden
    QPointer<QDialog> m_question; // about closing or quitting
    QPointer<QDialog> m_proposal; // of a link
    QString m_waitingLink{};      // until the first questions are answered, or it is unlocked
    int m_handOvers = 8; // attempts that are left before the person is told that nobody answers
    bool m_wasActivated = false;
    bool m_quitting = false;
    bool m_waitsForTray = false; // minimised only because no tray was there yet
};

// Tells that no program is there to do what was asked for, on the standard error; gives the exit code.
int notRunning();

// Runs the desktop application until it ends. Gives the process's exit code.
int runDesktop(int &argc, char **argv);

} // namespace gatehouse::app
