#include "desktop.h"

#include "admin/gatewaycontrol.h"
#include "autostart.h"
#include "closequestion.h"
#include "commands/command.h"
#include "frame/gatewayactions.h"
#include "pages.h"
#include "platform.h"
#include "preferences/windowsettings.h"
#include "program.h"
#include "startfailure.h"
#include "theme/mark.h"
#include "theme/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QPixmapCache>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

constexpr auto schemeKey = "look/scheme";
constexpr auto languageKey = "look/language";
constexpr std::chrono::minutes hiddenFor{1}; // until memory is given back
constexpr auto closeKey = "window/close";    // "tray", "quit"; empty: to be asked

ui::Scheme schemeFrom(const QString &text)
{
    if (text == "light"_L1)
        return ui::Scheme::Light;
    if (text == "dark"_L1)
        return ui::Scheme::Dark;
    return ui::Scheme::System;
}

} // namespace

Desktop::Desktop(Options options, bool hidden, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_hidden(hidden)
    , m_state(m_options.dataDirectory + u"/window.ini"_s)
{
    m_language.use(m_state.value(QLatin1StringView(languageKey)).toString());
    ui::Theme::apply(schemeFrom(m_state.value(QLatin1StringView(schemeKey)).toString()));
    m_dropPages.setSingleShot(true);
    connect(&m_dropPages, &QTimer::timeout, this, [this] {
        if (!m_window || m_window->isVisible())
            return;
        m_window->dropPages();
        QPixmapCache::clear();
        returnMemory();
        // What the gateway needed for a while is given back later.
        constexpr std::chrono::minutes again(10);
        m_dropPages.start(again);
    });
    connect(&m_instance, &SingleInstance::activated, this, &Desktop::activate);
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Desktop::begin);
    // What the settings page stores takes effect here, too.
    connect(&m_state, &ui::UiState::changed, this, [this](const QString &key) {
        if (key == QLatin1StringView(languageKey))
            m_language.use(m_state.value(key).toString());
        else if (key == QLatin1StringView(schemeKey))
            ui::Theme::apply(schemeFrom(m_state.value(key).toString()));
        else if (key == ui::windowkey::hidden && m_window && autostart().isEnabled())
            setStartsAtLogin(true); // written anew, with the other arguments
    });
}

Desktop::~Desktop()
{
    // Windows first: they use what the application owns.
    m_tray.reset();
    m_window.reset();
    m_services.reset();
    m_undo.reset();
    m_application.reset();
}

void Desktop::start()
{
    begin();
}

// Also after a start that failed, when the person wants to try again.
void Desktop::begin()
{
    m_application = std::make_unique<Application>(m_options, Application::Mode::Window);
    connect(m_application.get(), &Application::started, this, &Desktop::started);
    connect(m_application.get(), &Application::failed, this, &Desktop::failed);
    connect(
        m_application.get(), &Application::stopped, this, [this] { emit finished(ExitCode::Ok); });
    m_application->start();
}

void Desktop::started()
{
    m_failure.reset();
    if (const base::Result<> listening = m_instance.listen(m_options.dataDirectory); !listening)
        qCWarning(base::lcApp).noquote() << listening.error().message;
    m_undo = std::make_unique<ui::UndoStack>();
    const std::optional<domain::User> root = m_application->administration().sessions.root();
    m_services.reset(new ui::Services{.administration = m_application->administration(),
                                      .tester = m_application->tester(),
                                      .gateway = m_application->gateway(),
                                      .actor = root ? admin::Actor::of(*root) : admin::Actor{},
                                      .state = m_state,
                                      .undo = *m_undo});
    makeWindow();
    makeTray();
    if (!m_hidden)
        showWindow();
    else if (!m_tray->isReachable())
        m_window->showMinimized(); // never an invisible process
    else
        m_dropPages.start(hiddenFor);
}

void Desktop::failed(ExitCode code, const QString &message)
{
    if (m_window) // the gateway's own troubles are shown there
        return;
    StartProblem problem{.message = message,
                         .needsSecretsChoice = m_application->needsSecretsChoice()};
    if (code == ExitCode::Conflict)
        problem.holder = holderOf(m_options.dataDirectory);
    m_failure = std::make_unique<StartFailure>(problem);
    connect(m_failure.get(), &StartFailure::retryRequested, this, [this] { m_retry.start(); });
    connect(m_failure.get(), &StartFailure::secretsFileChosen, this, [this] {
        m_options.environment.insert(u"GATEHOUSE_SECRETS"_s, u"file"_s);
        m_retry.start();
    });
    connect(
        m_failure.get(), &StartFailure::quitRequested, this, [this, code] { emit finished(code); });
    m_failure->show();
}

void Desktop::makeWindow()
{
    m_window = std::make_unique<ui::MainWindow>(*m_services, pageFactories(settingsHooks()));
    connect(m_window.get(), &ui::MainWindow::closing, this, &Desktop::windowClosing);
    connect(m_window.get(), &ui::MainWindow::quitRequested, this, &Desktop::quit);
    connect(m_window.get(), &ui::MainWindow::languageChosen, this, &Desktop::setLanguage);
    connect(m_window.get(), &ui::MainWindow::schemeChosen, this, &Desktop::setScheme);
}

void Desktop::makeTray()
{
    m_tray =
        std::make_unique<ui::TrayIcon>(*m_services, m_window->gatewayActions(), ui::TrayHooks{});
    connect(m_tray.get(), &ui::TrayIcon::openRequested, this, &Desktop::showWindow);
    connect(m_tray.get(), &ui::TrayIcon::quitRequested, this, &Desktop::quit);
    connect(
        m_tray.get(), &ui::TrayIcon::pageRequested, this, [this](int page, const QString &text) {
            showWindow();
            if (ui::Page *shown = m_window->showPage(static_cast<ui::PageId>(page)))
                shown->setFilter(text);
        });
    connect(m_tray.get(), &ui::TrayIcon::reachableChanged, this, [this](bool reachable) {
        if (!reachable && !m_window->isVisible())
            m_window->showMinimized();
    });
}

void Desktop::showWindow()
{
    m_dropPages.stop();
    m_window->raiseWindow();
}

void Desktop::activate(const QStringList &)
{
    if (m_failure)
        m_failure->raise();
    else if (m_window)
        showWindow();
}

void Desktop::windowClosing(QCloseEvent *event)
{
    if (m_quitting)
        return event->accept();
    event->ignore();
    const QString choice = m_state.value(QLatin1StringView(closeKey)).toString();
    if (!m_tray->isReachable())
        return choice == "quit"_L1 ? quit() : askAboutClosing();
    if (choice == "tray"_L1)
        keepRunning();
    else if (choice == "quit"_L1)
        quit();
    else
        askAboutClosing();
}

void Desktop::askAboutClosing()
{
    auto *question = new CloseQuestion(m_tray->isReachable(), m_window.get());
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &CloseQuestion::chosen, this, [this](bool keep, bool always) {
        if (always)
            m_state.setValue(QLatin1StringView(closeKey), keep ? u"tray"_s : u"quit"_s);
        if (keep)
            keepRunning();
        else
            quit();
    });
    question->open();
}

void Desktop::keepRunning()
{
    if (!m_tray->isReachable())
        return m_window->showMinimized();
    m_window->hide();
    m_dropPages.start(hiddenFor);
}

void Desktop::quit()
{
    if (std::exchange(m_quitting, true) || !m_window)
        return emit finished(ExitCode::Ok);
    m_window->notice(QCoreApplication::translate(
        "gatehouse::app::Desktop", "Quitting as soon as running requests have ended."));
    m_state.sync();
    m_application->stop();
}

Autostart Desktop::autostart() const
{
    const bool hidden = m_state.value(ui::windowkey::hidden, true).toBool();
    return Autostart(ownProgramFile(), hidden ? QStringList(u"--hidden"_s) : QStringList());
}

base::Result<> Desktop::setStartsAtLogin(bool enabled)
{
    const base::Result<> outcome = autostart().setEnabled(enabled);
    if (!outcome)
        m_window->notice(outcome.error().message);
    return outcome;
}

ui::SettingsHooks Desktop::settingsHooks()
{
    return {.startsAtLogin = [this] { return autostart().isEnabled(); },
            .setStartsAtLogin = [this](bool enabled) { return setStartsAtLogin(enabled); },
            .hasTray = [this] { return m_tray && m_tray->isReachable(); },
            .dataDirectory = m_options.dataDirectory,
            .quit = [this] { quit(); }};
}

void Desktop::setLanguage(const QString &language)
{
    m_state.setValue(QLatin1StringView(languageKey), language);
}

void Desktop::setScheme(const QString &scheme)
{
    m_state.setValue(QLatin1StringView(schemeKey), scheme);
}

int runDesktop(int &argc, char **argv)
{
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    nameProgram();
    QGuiApplication::setDesktopFileName(u"org.gatehouse.Gatehouse"_s);
    QGuiApplication::setQuitOnLastWindowClosed(false);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    base::Result<Options> options = takeOptions(arguments, processEnvironment());
    const bool hidden = arguments.removeAll(u"--hidden"_s) > 0;
    if (!options || !arguments.isEmpty()) {
        printErrorLine(u"gatehouse: "_s
                       + (options ? u"\"%1\" is not understood."_s.arg(arguments.front())
                                  : options.error().message));
        printErrorLine(u"gatehouse --help shows what there is."_s);
        return static_cast<int>(ExitCode::Usage);
    }
    base::installLogging(options->logLevel, options->logFormat);
    if (handOver(options->dataDirectory, QCoreApplication::arguments().mid(1))
        == HandOver::Delivered)
        return static_cast<int>(ExitCode::Ok);
    Desktop desktop(std::move(*options), hidden);
    EndSignals endSignals;
    QObject::connect(&endSignals, &EndSignals::endRequested, &desktop, &Desktop::quit);
    QObject::connect(&desktop, &Desktop::finished, &application, [](ExitCode code) {
        QCoreApplication::exit(static_cast<int>(code));
    });
    QMetaObject::invokeMethod(&desktop, &Desktop::start, Qt::QueuedConnection);
    return QApplication::exec();
}

} // namespace gatehouse::app
