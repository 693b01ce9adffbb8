#include "desktop/desktop.h"

#include "admin/gateway/gatewaycontrol.h"
#include "channeleditor/channeldialog.h"
#include "commands/command.h"
#include "configuration/environment.h"
#include "desktop/pages.h"
#include "desktop/startfailure.h"
#include "domain/filterquery.h"
#include "frame/gatewayactions.h"
#include "integration/autostart.h"
#include "platform.h"
#include "preferences/windowsettings.h"
#include "program.h"
#include "settings/settingspage.h"
#include "theme/mark.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/messagebar.h"

#include <QApplication>
#include <QDir>
#include <QPixmapCache>
#include <QProcess>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

constexpr auto schemeKey = "look/scheme";
constexpr auto languageKey = "look/language";
// True from the first start until its questions were answered or skipped.
constexpr auto firstRunKey = "firstrun/pending";

// Puts the right to come to the foreground where Qt looks for it.
void useActivationToken(const QByteArray &token)
{
    if (!token.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", token);
}

ui::Scheme schemeFrom(const QString &text)
{
    if (text == "light"_L1)
        return ui::Scheme::Light;
    if (text == "dark"_L1)
        return ui::Scheme::Dark;
    return ui::Scheme::System;
}

} // namespace

Desktop::Desktop(Options options, WindowRequest request, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_request(std::move(request))
    , m_state(m_options.dataDirectory + u"/window.ini"_s)
{
    fixLook();
    useLanguage(m_request.language);
    ui::Theme::apply(schemeFrom(m_state.value(QLatin1StringView(schemeKey)).toString()));
    ui::applyFormats(m_state);
    ui::setSecretLifetime(ui::clipboardLifetime(m_state));
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
    QCoreApplication::instance()->installEventFilter(this);
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Desktop::begin);
    // What the settings page stores takes effect here, too.
    connect(&m_state, &ui::UiState::changed, this, [this](const QString &key) {
        if (key == QLatin1StringView(languageKey))
            useLanguage({});
        else if (key == ui::windowkey::clipboard)
            ui::setSecretLifetime(ui::clipboardLifetime(m_state));
        else if (key == ui::windowkey::clockFormat || key == ui::windowkey::units)
            ui::applyFormats(m_state);
        else if (key == QLatin1StringView(schemeKey))
            ui::Theme::apply(schemeFrom(m_state.value(key).toString()));
        else if (key == ui::windowkey::hidden && m_window && autostart().isEnabled())
            rewriteAutostart();
    });
}

Desktop::~Desktop()
{
    // Windows first: they use what the application owns.
    m_welcome.reset();
    m_keepAwake.reset();
    m_announcer.reset();
    m_notifier.reset();
    m_tray.reset();
    m_window.reset();
    m_services.reset();
    m_undo.reset();
    // It may have been about to say that it failed; by then there is nobody to ask it more.
    if (m_application)
        m_application->disconnect(this);
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
    // At once, so that a further start finds this one however long it takes to open the database.
    connect(m_application.get(), &Application::directoryLocked, this, [this] {
        const base::Result<> listening = m_instance.listen(m_options.dataDirectory);
        if (!listening)
            qCWarning(base::lcApp).noquote() << listening.error().message.english();
    });
    connect(m_application.get(), &Application::started, this, &Desktop::started);
    connect(m_application.get(), &Application::failed, this, &Desktop::failed);
    connect(
        m_application.get(), &Application::stopped, this, [this] { emit finished(ExitCode::Ok); });
    connect(m_application.get(), &Application::endRequested, this, &Desktop::quit);
    m_application->start();
}

void Desktop::started()
{
    m_failure.reset();
    m_undo = std::make_unique<ui::UndoStack>();
    const std::optional<domain::User> root = m_application->administration().sessions.root();
    // A terminal need not have the environment of the window.
    QStringList none;
    const base::Result<Options> usual = takeOptions(none, {});
    const bool isUsual = usual && usual->dataDirectory == m_options.dataDirectory;
    m_services.reset( // NOLINT(modernize-make-unique): it has no constructor
        new ui::Services{.administration = m_application->administration(),
                         .tester = m_application->tester(),
                         .gateway = m_application->gateway(),
                         .actor = root ? admin::Actor::of(*root) : admin::Actor{},
                         .state = m_state,
                         .undo = *m_undo,
                         .dataDirectory = isUsual ? QString() : m_options.dataDirectory});
    if (m_application->isFirstStart()) {
        m_state.setValue(QLatin1StringView(firstRunKey), true);
        m_state.setValue(ui::windowkey::passwordKnown,
                         hasSecretVariable(m_options.environment, u"GATEHOUSE_ROOT_PASSWORD"_s));
        m_state.sync();
    } else if (const auto catalog = m_application->administration().publisher.catalog();
               catalog && !catalog->channels().empty()) {
        endFirstRun(); // they may all be deleted one day
    }
    makeWindow();
    makeTray();
    makeNotifier();
    m_waitsForTray = m_request.hidden && !m_wasActivated && !m_tray->isReachable();
    if (!m_request.hidden || m_wasActivated)
        showWindow();
    else if (m_waitsForTray)
        m_window->showMinimized(); // never an invisible process
    else
        m_dropPages.start(hiddenFor);
    WindowRequest request = std::exchange(m_request, {});
    request.startsGateway = false; // as it does with the program
    carryOut(request);
}

void Desktop::failed(ExitCode code, const base::Message &message)
{
    if (m_window) // the gateway's own troubles are shown there
        return;
    StartProblem problem{.message = message.translated(),
                         .needsSecretsChoice = m_application->needsSecretsChoice(),
                         .directory = m_options.dataDirectory,
                         .isHeld = code == ExitCode::Conflict};
    if (problem.isHeld)
        problem.holder = holderOf(m_options.dataDirectory);
    if (problem.holder && problem.holder->kind == Holder::Kind::Window && isHandedOver())
        return;
    const QPoint place = m_failure ? m_failure->pos() : QPoint();
    const bool wasShown = m_failure != nullptr;
    m_failure = std::make_unique<StartFailure>(problem);
    if (wasShown)
        m_failure->move(place);
    connect(m_failure.get(), &StartFailure::directoryChosen, this, &Desktop::openElsewhere);
    connect(m_failure.get(), &StartFailure::retryRequested, this, [this] { m_retry.start(); });
    connect(m_failure.get(), &StartFailure::secretsFileChosen, this, [this] {
        m_options.environment.insert(u"GATEHOUSE_SECRETS"_s, u"file"_s);
        m_retry.start();
    });
    connect(
        m_failure.get(), &StartFailure::quitRequested, this, [this, code] { emit finished(code); });
    m_failure->show();
}

// Everything of this process belongs to its directory: another one takes another process.
void Desktop::openElsewhere(const QString &directory)
{
    QStringList arguments = withDataDirectory(m_request.commandLine(), directory);
    arguments.removeAll(u"--hidden"_s); // the person is looking
    if (QProcess::startDetached(ownProgramFile(), arguments))
        emit finished(ExitCode::Ok);
}

void Desktop::makeWindow()
{
    m_window = std::make_unique<ui::MainWindow>(*m_services, pageFactories(settingsHooks()));
    connect(m_window.get(), &ui::MainWindow::closing, this, &Desktop::windowClosing);
    connect(m_window.get(), &ui::MainWindow::quitRequested, this, &Desktop::askToQuit);
    connect(m_window.get(), &ui::MainWindow::setUpRequested, this, &Desktop::openWelcome);
    connect(m_window.get(), &ui::MainWindow::languageChosen, this, &Desktop::setLanguage);
    connect(m_window.get(), &ui::MainWindow::schemeChosen, this, &Desktop::setScheme);
    connect(m_window.get(), &ui::MainWindow::lockedChanged, this, &Desktop::lockedChanged);
}

void Desktop::makeTray()
{
    const ui::TrayHooks hooks{
        .startsAtLogin = [this] { return autostart().isEnabled(); },
        .setStartsAtLogin = [this](bool enabled) { return setStartsAtLogin(enabled); }};
    m_tray = std::make_unique<ui::TrayIcon>(*m_services, m_window->gatewayActions(), hooks);
    m_tray->setLocked(m_window->isLocked());
    connect(m_tray.get(), &ui::TrayIcon::openRequested, this, &Desktop::showWindow);
    connect(m_tray.get(), &ui::TrayIcon::quitRequested, this, &Desktop::askToQuit);
    connect(
        m_tray.get(), &ui::TrayIcon::pageRequested, this, [this](int page, const QString &text) {
            showPage(static_cast<ui::PageId>(page), text);
        });
    connect(m_tray.get(), &ui::TrayIcon::reachableChanged, this, &Desktop::trayChanged);
    connect(m_tray.get(), &ui::TrayIcon::failed, this, &Desktop::tellFailure);
    connect(&m_themeWatcher, &ui::ThemeWatcher::changed, m_tray.get(), &ui::TrayIcon::refresh);
}

// What was asked for without the window being looked at.
void Desktop::tellFailure(const QString &title, const QString &text)
{
    m_window->showMessage(
        {.id = u"tray"_s, .tone = ui::Tone::Failure, .subject = title, .text = text});
    if (m_window->isActiveWindow())
        return;
    m_notifier->forgetShown();
    m_tray->showMessage(title, text);
}

// A tray may come up after the program does, and may go away under it.
void Desktop::trayChanged(bool reachable)
{
    if (reachable && std::exchange(m_waitsForTray, false) && m_window->isMinimized()) {
        keepRunning();
    } else if (!reachable && !m_window->isVisible() && !m_welcome) {
        m_waitsForTray = true;
        m_window->showMinimized();
    }
    for (ui::Page *page : m_window->madePages()) {
        if (auto *settings = qobject_cast<ui::SettingsPage *>(page))
            settings->surroundingsChanged();
    }
}

void Desktop::makeNotifier()
{
    m_notifier =
        std::make_unique<Notifier>(m_clock, [this](const QString &title, const QString &text) {
            m_tray->showMessage(title, text);
        });
    m_announcer = std::make_unique<Announcer>(*m_services, *m_notifier);
    m_keepAwake = std::make_unique<KeepAwake>(
        m_state,
        [this] { return m_services->gateway.inFlight(); },
        [this](bool held) { m_wakeLock.setHeld(held); });
    connect(m_tray.get(), &ui::TrayIcon::messageClicked, m_notifier.get(), [this] {
        if (!m_notifier->fallbackClicked())
            showWindow();
    });
    connect(m_notifier.get(),
            &Notifier::activated,
            this,
            [this](NotificationKind kind,
                   const QString &action,
                   const QString &subject,
                   const QByteArray &token) {
                useActivationToken(token);
                noteActivated(kind, action, subject);
            });
}

// Leads to what the notification was about.
void Desktop::noteActivated(NotificationKind kind, const QString &action, const QString &subject)
{
    if (action == copyAction) {
        ui::copyText(subject);
        return showWindow(); // which still says what has changed
    }
    switch (kind) {
    case NotificationKind::ChannelOpened:
    case NotificationKind::ChannelRecovered:
    case NotificationKind::KeyRefused:
        showPage(ui::PageId::Channels, {});
        break;
    case NotificationKind::ModelDown:
        showPage(ui::PageId::Models, domain::wholeTerm(u"model"_s, subject));
        break;
    case NotificationKind::Budget: // a number below 0 stands for a user
        showPage(subject.startsWith(u'-') ? ui::PageId::Users : ui::PageId::Tokens, {});
        break;
    case NotificationKind::BackupFailed:
        showPage(ui::PageId::Settings, u"storage.backup_interval"_s);
        break;
    case NotificationKind::AddressChanged:
    case NotificationKind::StillRunning:
        showWindow();
        break;
    }
    const bool isChannel = kind == NotificationKind::ChannelOpened
                           || kind == NotificationKind::ChannelRecovered
                           || kind == NotificationKind::KeyRefused;
    if (ui::Page *shown = m_window->currentPage(); shown && !m_welcome && !m_window->isLocked())
        if (isChannel || kind == NotificationKind::Budget)
            shown->showItem(qAbs(subject.toLongLong()));
}

void Desktop::showPage(ui::PageId page, const QString &filter)
{
    showWindow();
    if (m_welcome || m_window->isLocked())
        return;
    if (ui::Page *shown = m_window->showPage(page))
        shown->setFilter(filter);
}

void Desktop::showWindow()
{
    m_waitsForTray = false;
    const bool isLocked = m_window->isLocked();
    const bool isFirst = m_welcome ? !m_welcome->parent() : isFirstRun();
    if (isLocked || !isFirst) {
        m_dropPages.stop();
        m_window->raiseWindow();
    }
    if (!isLocked && (isFirst || m_welcome))
        openWelcome();
}

void Desktop::lockedChanged(bool locked)
{
    m_tray->setLocked(locked);
    if (!locked && !m_waitingLink.isEmpty())
        openLink(std::exchange(m_waitingLink, {}));
}

bool Desktop::isFirstRun() const
{
    const auto catalog = m_application->administration().publisher.catalog();
    return m_state.value(QLatin1StringView(firstRunKey)).toBool() && catalog
           && catalog->channels().empty();
}

// Over the window, where the person asks for it again.
void Desktop::openWelcome()
{
    if (!m_welcome) {
        const bool isAgain = !isFirstRun();
        m_welcome = std::make_unique<ui::Welcome>(
            *m_services,
            ui::WelcomeHooks{.environment = m_options.environment,
                             .files =
                                 admin::discoveryFiles(QDir::homePath(), m_options.environment),
                             .addChannel =
                                 [this](QWidget *parent) {
                                     return new ui::ChannelDialog(*m_services, {}, parent);
                                 },
                             .language = m_state.value(QLatin1StringView(languageKey)).toString(),
                             .isAgain = isAgain},
            isAgain ? m_window.get() : nullptr);
        if (isAgain)
            m_welcome->setWindowModality(Qt::WindowModal);
        connect(m_welcome.get(), &ui::Welcome::languageChosen, this, &Desktop::setLanguage);
        connect(m_welcome.get(), &ui::Welcome::carriedOut, this, &Desktop::endFirstRun);
        connect(m_welcome.get(), &QDialog::finished, this, &Desktop::welcomeDone);
    }
    m_welcome->show();
    m_welcome->raise();
    m_welcome->activateWindow();
}

// Its questions do not come again.
void Desktop::endFirstRun()
{
    if (!m_state.value(QLatin1StringView(firstRunKey)).toBool())
        return;
    m_state.remove(QLatin1StringView(firstRunKey));
    m_state.sync();
}

// Finished or skipped.
void Desktop::welcomeDone()
{
    endFirstRun();
    m_welcome.release()->deleteLater();
    if (m_quitting)
        return;
    showWindow();
    if (!m_waitingLink.isEmpty())
        openLink(std::exchange(m_waitingLink, {}));
}

void Desktop::activate(const QStringList &arguments, const QByteArray &token)
{
    // Of what another version asks for, the window at least is shown.
    const WindowRequest request = windowRequestOf(arguments).value_or(WindowRequest{});
    const bool isErrand = request.isErrand();
    if (request.hidden && !isErrand && request.link.isEmpty())
        return; // such as by the start at login, while the person is at work with the window
    useActivationToken(token);
    m_wasActivated = m_wasActivated || !isErrand;
    if (!m_window) {
        if (m_failure) {
            m_failure->raise();
            m_request.add({.link = request.link});
        } else {
            m_request.add(request);
        }
        return;
    }
    if (!isErrand && request.link.isEmpty())
        showWindow();
    carryOut(request);
}

// Of this data directory, which is named where it is not the usual one.
Autostart Desktop::autostart() const
{
    QStringList arguments;
    if (m_state.value(ui::windowkey::hidden, true).toBool())
        arguments.append(u"--hidden"_s);
    QStringList none;
    const base::Result<Options> usual = takeOptions(none, processEnvironment());
    if (!usual || usual->dataDirectory != m_options.dataDirectory)
        arguments += {u"--data-dir"_s, m_options.dataDirectory};
    if (usual && usual->configurationFile != m_options.configurationFile) {
        const QString &file = m_options.configurationFile;
        arguments += {u"--config"_s, file.isEmpty() ? u"none"_s : file};
    }
    return Autostart(ownProgramFile(), arguments);
}

// With the other arguments.
void Desktop::rewriteAutostart()
{
    if (const base::Result<> outcome = setStartsAtLogin(true); !outcome)
        m_window->notice(outcome.error().message);
}

base::Result<> Desktop::setStartsAtLogin(bool enabled)
{
    return autostart().setEnabled(enabled);
}

ui::SettingsHooks Desktop::settingsHooks()
{
    return {.startsAtLogin = [this] { return autostart().isEnabled(); },
            .setStartsAtLogin = [this](bool enabled) { return setStartsAtLogin(enabled); },
            .hasTray = [this] { return m_tray && m_tray->isReachable(); },
            .canKeepAwake = WakeLock::isOffered(),
            .dataDirectory = m_options.dataDirectory,
            .logFile = m_options.logFile.value_or(QString()),
            .secretsPlace = [this] { return secretsPlace(); },
            .quit = [this] { askToQuit(); }};
}

QString Desktop::secretsPlace() const
{
    const QMap<QString, QString> &environment = m_options.environment;
    switch (m_application->secretSource().value_or(secrets::SecretSource::Keychain)) {
    case secrets::SecretSource::Keychain:
        return tr("In the keychain of your account on this computer");
    case secrets::SecretSource::File:
        return tr("In a file of the data folder that your account alone can read");
    case secrets::SecretSource::KeyFile:
        return tr("In the file %1, which GATEHOUSE_MASTER_KEY_FILE names")
            .arg(environment.value(u"GATEHOUSE_MASTER_KEY_FILE"_s));
    case secrets::SecretSource::Credential:
        break;
    }
    return tr("Among the credentials that the service manager hands over");
}

// What the environment says of the window stands above what is set in it.
void Desktop::fixLook()
{
    const auto fix = [this](const QString &name, const QString &key) {
        if (const QString value = m_options.environment.value(name); !value.isEmpty())
            m_state.fix(key, value, name);
    };
    fix(u"GATEHOUSE_LANG"_s, ui::windowkey::language);
    fix(u"GATEHOUSE_THEME"_s, ui::windowkey::scheme);
}

// Without one, that which is set.
void Desktop::useLanguage(const QString &language)
{
    m_language.use(language.isEmpty() ? m_state.value(QLatin1StringView(languageKey)).toString()
                                      : language);
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
    leaveSystemProxies();
    QGuiApplication::setDesktopFileName(u"org.gatehouse.Gatehouse"_s);
    QGuiApplication::setQuitOnLastWindowClosed(false);
    const QStringList given = QCoreApplication::arguments().mid(1);
    hideLinks(argc, argv);
    QStringList arguments = given;
    base::Result<Options> options = takeOptions(arguments, processEnvironment());
    base::Result<WindowRequest> request = windowRequestFrom(arguments);
    if (!options || !request) {
        const base::Error &error = options ? request.error() : options.error();
        printErrorLine(u"gatehouse: "_s + error.message.english());
        if (!options && options.error().code == base::ErrorCode::Unavailable)
            return static_cast<int>(ExitCode::Configuration);
        printErrorLine(u"gatehouse --help shows what there is."_s);
        return static_cast<int>(ExitCode::Usage);
    }
    base::installLogging(options->logLevel, options->logFormat);
    if (handOver(options->dataDirectory, given) == HandOver::Delivered)
        return static_cast<int>(ExitCode::Ok);
    if (request->needsRunning())
        return notRunning();
    request->arguments = given;
    if (!options->logFile)
        options->logFile = windowLogFile(*options);
    Desktop desktop(std::move(*options), std::move(*request));
    EndSignals endSignals;
    QObject::connect(&endSignals, &EndSignals::endRequested, &desktop, &Desktop::quit);
    QObject::connect(&desktop, &Desktop::finished, &application, [](ExitCode code) {
        QCoreApplication::exit(static_cast<int>(code));
    });
    QMetaObject::invokeMethod(&desktop, &Desktop::start, Qt::QueuedConnection);
    return QApplication::exec();
}

} // namespace gatehouse::app
