#include "desktop/desktop.h"

#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "desktop/closequestion.h"
#include "desktop/quitquestion.h"
#include "frame/windowlock.h"
#include "preferences/windowsettings.h"

#include <QCloseEvent>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

// Whether it was told once that the gateway goes on in the tray.
constexpr auto toldKey = "window/toldOfTray";

} // namespace

void Desktop::windowClosing(QCloseEvent *event)
{
    if (m_quitting)
        return event->accept();
    event->ignore();
    const QString choice = m_state.value(ui::windowkey::close).toString();
    if (choice == ui::windowkey::closeToTray)
        keepRunning();
    else if (choice == ui::windowkey::closeMinimizes)
        m_window->showMinimized();
    else if (choice == ui::windowkey::closeQuits)
        askToQuit();
    else
        askAboutClosing();
}

void Desktop::askAboutClosing()
{
    if (m_question)
        return m_question->raise();
    auto *question = new CloseQuestion(m_tray->isReachable(), m_window.get());
    question->setAttribute(Qt::WA_DeleteOnClose);
    ui::WindowLock::letStay(question);
    connect(question, &CloseQuestion::chosen, this, [this](bool keep, bool always) {
        const QString kept =
            m_tray->isReachable() ? ui::windowkey::closeToTray : ui::windowkey::closeMinimizes;
        if (always)
            m_state.setValue(ui::windowkey::close, keep ? kept : ui::windowkey::closeQuits);
        if (keep)
            keepRunning();
        else
            askToQuit();
    });
    m_question = question;
    question->open();
}

// In the tray, or minimised where there is none.
void Desktop::keepRunning()
{
    if (!m_tray->isReachable())
        return m_window->showMinimized();
    m_window->hide();
    m_dropPages.start(hiddenFor);
    if (!m_state.value(QLatin1StringView(toldKey)).toBool()) {
        m_state.setValue(QLatin1StringView(toldKey), true);
        m_announcer->stillRunning();
    }
}

void Desktop::askToQuit()
{
    const qint64 inFlight = m_window ? m_application->gateway().inFlight() : 0;
    if (m_quitting || inFlight == 0)
        return quit();
    if (m_question)
        m_question->close();
    QWidget *parent = m_welcome ? static_cast<QWidget *>(m_welcome.get()) : m_window.get();
    if (!m_welcome)
        showWindow();
    auto *question = new QuitQuestion(inFlight, parent);
    question->setAttribute(Qt::WA_DeleteOnClose);
    ui::WindowLock::letStay(question);
    connect(question, &QuitQuestion::chosen, this, [this](bool waits) {
        constexpr std::chrono::seconds patience(60);
        quitWithin(waits ? patience : std::chrono::seconds(0));
    });
    m_question = question;
    question->open();
}

void Desktop::quit()
{
    if (!m_window || m_quitting)
        return emit finished(ExitCode::Ok);
    quitWithin(m_services->administration.settings.current().server.gracePeriod);
}

// Asked again meanwhile, it ends at once.
void Desktop::quitWithin(std::chrono::milliseconds grace)
{
    if (std::exchange(m_quitting, true))
        return emit finished(ExitCode::Ok);
    m_window->notice([] {
        return QCoreApplication::translate("gatehouse::app::Desktop",
                                           "Quitting as soon as running requests have ended.");
    });
    m_state.sync();
    m_application->stop(grace);
}

} // namespace gatehouse::app
