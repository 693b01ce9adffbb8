// How a start of the program reaches the one that runs, and what it and links ask of that.
#include "admin/gateway/gatewaycontrol.h"
#include "channeleditor/linksheet.h"
#include "channels/channelspage.h"
#include "commands/command.h"
#include "desktop/desktop.h"
#include "frame/addressfield.h"
#include "frame/gatewayactions.h"
#include "widgets/clipboard.h"
#include "widgets/messagebar.h"

#include <QApplication>
#include <QFileOpenEvent>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

const QString linkMessage = u"link"_s;

ui::PageId pageOf(admin::ProposedPage::Page page)
{
    using Page = admin::ProposedPage::Page;
    switch (page) {
    case Page::Dashboard:
        return ui::PageId::Dashboard;
    case Page::Traffic:
        return ui::PageId::Traffic;
    case Page::Channels:
        return ui::PageId::Channels;
    case Page::Models:
        return ui::PageId::Models;
    case Page::Tokens:
        return ui::PageId::Tokens;
    case Page::Users:
        return ui::PageId::Users;
    case Page::Settings:
        break;
    }
    return ui::PageId::Settings;
}

} // namespace

// The window that uses the directory may itself be starting still, and then listens in a moment.
bool Desktop::isHandedOver()
{
    constexpr std::chrono::milliseconds limit{500};
    constexpr std::chrono::milliseconds pause{250};
    if (handOver(m_options.dataDirectory, m_request.arguments, limit) == HandOver::Delivered) {
        emit finished(ExitCode::Ok);
        return true;
    }
    if (m_failure || m_handOvers-- <= 0)
        return false;
    m_retry.start(pause);
    return true;
}

void Desktop::carryOut(const WindowRequest &request)
{
    if (!request.language.isEmpty())
        useLanguage(request.language);
    if (request.isErrand() && m_window->isLocked()) {
        // The other start has ended by now; the window tells of it once it is unlocked.
        tellFailure(tr("The window was locked."),
                    tr("What a further start asked for was not done."));
    } else {
        if (request.stopsGateway)
            stopGateway();
        if (request.startsGateway)
            startGateway();
        if (request.copiesAddress)
            copyAddress();
    }
    if (!request.link.isEmpty())
        openLink(request.link);
}

void Desktop::startGateway()
{
    admin::GatewayControl &gateway = m_application->gateway();
    gateway.start();
    if (gateway.state() == admin::GatewayState::Failed && gateway.problem()) {
        tellFailure(tr("The gateway was not started."),
                    gateway.problem()->error.message.translated());
    }
}

// What runs is asked about in the window.
void Desktop::stopGateway()
{
    const admin::GatewayControl &gateway = m_application->gateway();
    const admin::GatewayState state = gateway.state();
    const bool stands = state == admin::GatewayState::Stopped
                        || (state == admin::GatewayState::Failed && !gateway.triesAgain());
    if (!stands)
        m_window->gatewayActions().stopGently();
}

void Desktop::copyAddress()
{
    const QString url = ui::shownAddress(*m_services);
    if (url.isEmpty()) {
        tellFailure(tr("No address was copied."), tr("The gateway is not running."));
        return;
    }
    ui::copyText(url);
    const bool isInFront = QGuiApplication::applicationState() == Qt::ApplicationActive;
    if (!isInFront && QGuiApplication::platformName().startsWith("wayland"_L1)) {
        // Only who has the keyboard may fill the clipboard there.
        connect(
            qGuiApp,
            &QGuiApplication::applicationStateChanged,
            this,
            [url] { ui::copyText(url); },
            Qt::SingleShotConnection);
        showWindow();
    } else if (!isInFront) {
        m_notifier->forgetShown();
        m_tray->showMessage(tr("The address was copied."), url);
    }
    m_window->notice([url] { return tr("Copied %1").arg(url); });
}

// As macOS hands over links.
bool Desktop::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::FileOpen)
        return QObject::eventFilter(watched, event);
    const QString link = static_cast<QFileOpenEvent *>(event)->url().toString(QUrl::FullyEncoded);
    if (!admin::isApplicationLink(link))
        return false;
    openLink(link);
    return true;
}

void Desktop::openLink(const QString &link)
{
    if (!m_window) {
        m_request.link = link;
        m_wasActivated = true;
        return;
    }
    showWindow();
    if (m_welcome || m_window->isLocked()) {
        m_waitingLink = link;
        return;
    }
    const base::Result<admin::ApplicationLink> read = admin::parseApplicationLink(link);
    if (!read) {
        m_window->showMessage({.id = linkMessage,
                               .tone = ui::Tone::Failure,
                               .subject = [] { return tr("The link was not opened."); },
                               .text = read.error().message});
        return;
    }
    if (const auto *page = std::get_if<admin::ProposedPage>(&*read))
        openProposedPage(*page);
    else
        proposeChannel(std::get<admin::LinkedChannel>(*read), link);
}

void Desktop::openProposedPage(const admin::ProposedPage &page)
{
    ui::Page *shown = m_window->showPage(pageOf(page.page));
    if (shown && !page.filter.isEmpty())
        shown->setFilter(page.filter);
}

// One question at a time, so that none changes under a person's hand.
void Desktop::proposeChannel(const admin::LinkedChannel &channel, const QString &link)
{
    if (m_proposal) {
        m_proposal->raise();
        m_proposal->activateWindow();
        return m_window->notice(
            [] { return tr("A further link was not opened: one asks for an answer already."); });
    }
    QWidget *above = QApplication::activeModalWidget();
    auto *sheet = new ui::LinkSheet(channel, above ? above : m_window.get());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &QDialog::accepted, this, [this, link] {
        if (auto *page = qobject_cast<ui::ChannelsPage *>(m_window->showPage(ui::PageId::Channels)))
            page->addFrom(link);
    });
    m_proposal = sheet;
    sheet->open();
}

int notRunning()
{
    printErrorLine(u"gatehouse: no window of Gatehouse is open on this data directory."_s);
    return static_cast<int>(ExitCode::Unreachable);
}

} // namespace gatehouse::app
