#include "frame/mainwindow.h"

#include "admin/administration.h"
#include "frame/aboutdialog.h"
#include "frame/errorcounter.h"
#include "frame/gatewayactions.h"
#include "frame/menus.h"
#include "frame/modalfocus.h"
#include "frame/navigation.h"
#include "frame/standingmessages.h"
#include "frame/statetext.h"
#include "frame/statusheader.h"
#include "frame/statusline.h"
#include "frame/stopquestion.h"
#include "frame/windowlock.h"
#include "preferences/windowsettings.h"
#include "theme/icons.h"
#include "theme/mark.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/losttext.h"
#include "widgets/table/filterfield.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QApplication>
#include <QCloseEvent>
#include <QMenuBar>
#include <QScopedValueRollback>
#include <QScreen>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int layoutVersion = 1;
const QString addressMessage = u"address"_s;
const QString lossesMessage = u"losses"_s;

QString filterKey(PageId page)
{
    return u"filters/%1"_s.arg(static_cast<int>(page));
}

} // namespace

MainWindow::MainWindow(const Services &services, PageFactories pages, QWidget *parent)
    : QMainWindow(parent)
    , m_services(services)
    , m_factories(std::move(pages))
    , m_gatewayActions(new GatewayActions(services.gateway, this))
    , m_header(nullptr)
    , m_navigation(new Navigation(this))
    , m_stack(new QStackedWidget(this))
    , m_problem(new GatewayProblemBar(services, this))
    , m_statusLine(new StatusLine(services, this))
    , m_palette(new CommandPalette(this))
    , m_menus(new Menus(services, *this))
    , m_errors(new ErrorCounter(services, this))
{
    new ModalFocus(this);
    setWindowTitle(u"Gatehouse"_s);
    setWindowIcon(applicationIcon());
    build();
    restoreLayout();
    connect(m_navigation, &Navigation::selected, this, &MainWindow::showPage);
    connect(m_navigation, &Navigation::chosen, this, [this] {
        if (Page *shown = currentPage())
            shown->setFocus(Qt::OtherFocusReason);
    });
    connect(m_gatewayActions, &GatewayActions::stopQuestion, this, [this](qint64 inFlight) {
        raiseWindow();
        auto *question = new StopQuestion(m_services.gateway, inFlight, this);
        question->setAttribute(Qt::WA_DeleteOnClose);
        WindowLock::letStay(question);
        question->open();
    });
    connect(&m_services.administration.statistics,
            &admin::StatisticsService::changed,
            this,
            &MainWindow::updateBadges);
    connect(m_errors, &ErrorCounter::changed, this, [this](int errors) {
        m_navigation->setBadge(
            PageId::Traffic,
            {.count = errors,
             .meaning =
                 errors > 0 ? tr("%n errors since you last looked", nullptr, errors) : QString()});
    });
    connect(
        &m_services.undo,
        &UndoStack::incomplete,
        this,
        [this](const LiveText &text, const base::Error &error) {
            m_problem->showMessage(
                {.id = u"incomplete"_s,
                 .tone = Tone::Failure,
                 .subject = text,
                 .text =
                     [why = error.message] {
                         return tr("It ended early: %1 What was changed until then can be taken "
                                   "back.")
                             .arg(why.translated());
                     },
                 .details = error.detail});
        });
    connect(m_palette, &CommandPalette::typed, this, &MainWindow::findRequest);
    connect(&m_services.gateway,
            &admin::GatewayControl::addressesChanged,
            this,
            &MainWindow::noteAddresses);
    noteAddresses();
    connect(&m_services.administration.losses,
            &admin::RestoreLosses::changed,
            this,
            &MainWindow::showLosses);
    const auto showSetting = [this](const QString &key) {
        if (Page *settings = showPage(PageId::Settings))
            settings->setFilter(key);
    };
    m_problem->setChoice([showSetting] { showSetting(u"server.listen"_s); });
    auto *standing = new StandingMessages(m_services, *m_problem, this);
    connect(standing, &StandingMessages::settingRequested, this, showSetting);
    connect(standing, &StandingMessages::itemRequested, this, [this](PageId id, qint64 item) {
        if (Page *target = showPage(id))
            target->showItem(item);
    });
    connect(m_problem, &MessageBar::dismissed, this, [this](const QString &id) {
        if (id == lossesMessage)
            m_services.administration.losses.noteTold();
    });
    showLosses();
    const QVariant last = m_services.state.value(u"window/page"_s, 0);
    const QString chosen = m_services.state.value(windowkey::startPage).toString();
    showFirst(chosen.isEmpty() ? last.toInt() : chosen.toInt());
    m_lock->lockAtStart();
}

MainWindow::~MainWindow()
{
    saveLayout();
}

// The page of that number, which may be of another version or not be offered any more.
void MainWindow::showFirst(int number)
{
    auto page = static_cast<PageId>(qBound(0, number, static_cast<int>(PageId::Settings)));
    if (page == PageId::Users && !isForSeveralPeople(m_services.state))
        page = PageId::Dashboard;
    if (!showPage(page) && !m_factories.empty())
        showPage(m_factories.begin()->first);
}

void MainWindow::build()
{
    m_header = new StatusHeader(m_services, m_menus->powerMenu(), this);
    for (const PageId page : m_navigation->pages())
        m_navigation->setShown(page, m_factories.contains(page));
    connect(&m_services.state, &UiState::changed, this, [this](const QString &key) {
        if (key == windowkey::people)
            showUsersAsSet();
    });
    showUsersAsSet();
    auto *centre = new QWidget(this);
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_navigation);
    body->addWidget(m_stack, 1);
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_problem);
    layout->addLayout(body, 1);
    layout->addWidget(m_statusLine);
    auto *rooms = new QStackedWidget(this); // the second is the lock screen
    rooms->addWidget(centre);
    setCentralWidget(rooms);
    m_lock = new WindowLock(m_services, *this, *rooms);
    connect(m_lock, &WindowLock::changed, this, [this](bool locked) {
        updateActivity();
        emit lockedChanged(locked);
    });

    connect(m_header, &StatusHeader::commandRequested, this, &MainWindow::openCommandPalette);
    connect(m_header, &StatusHeader::trafficRequested, this, [this](const QString &filter) {
        if (Page *traffic = showPage(PageId::Traffic))
            traffic->setFilter(filter);
    });
    connect(m_header, &StatusHeader::jobClicked, this, &MainWindow::showJob);
    connect(&m_header->address(), &AddressField::copied, this, [this](const QString &address) {
        notice([address] { return tr("Copied %1").arg(address); });
    });
    connect(m_navigation, &Navigation::collapsedChanged, this, [this](bool collapsed) {
        m_services.state.setValue(u"window/navigationCollapsed"_s, collapsed);
        m_menus->setNavigationCollapsed(collapsed);
    });
}

// One person needs no page of users; it can be reached by the figures that lead to it.
void MainWindow::showUsersAsSet()
{
    const bool shown = isForSeveralPeople(m_services.state);
    m_navigation->setShown(PageId::Users, shown && m_factories.contains(PageId::Users));
    m_menus->setPageOffered(PageId::Users, shown);
    if (!shown && currentPage() && currentPage()->id() == PageId::Users)
        showPage(PageId::Dashboard);
}

Page *MainWindow::page(PageId id)
{
    if (const auto found = m_pages.find(id); found != m_pages.end())
        return found->second;
    const auto factory = m_factories.find(id);
    if (factory == m_factories.end())
        return nullptr;
    Page *made = factory->second(m_services);
    m_pages.emplace(id, made);
    m_stack->addWidget(made);
    connectPage(made);
    restoreFilter(made);
    return made;
}

// What a page showed when the program ended, it shows again.
void MainWindow::restoreFilter(Page *made)
{
    auto *field = made->id() == PageId::Settings ? nullptr : made->findChild<FilterField *>();
    const QVariant remembered = m_services.state.value(filterKey(made->id()));
    if (field && remembered.isValid())
        field->setFilter(remembered.toString());
}

void MainWindow::saveFilters()
{
    for (const auto &[id, made] : m_pages) {
        if (const auto *field = made->findChild<FilterField *>())
            m_services.state.setValue(filterKey(id), field->text());
    }
}

void MainWindow::connectPage(Page *made)
{
    connect(made, &Page::noticeRaised, this, &MainWindow::notice);
    connect(made, &Page::navigationRequested, this, [this](PageId id, const QString &filter) {
        if (Page *target = showPage(id))
            target->setFilter(filter);
    });
    connect(made, &Page::itemRequested, this, [this](PageId id, qint64 item) {
        if (Page *target = showPage(id))
            target->showItem(item);
    });
    connect(made,
            &Page::routeRequested,
            this,
            [this](const QString &model, qint64 token, const QString &session) {
                if (Page *target = page(PageId::Models))
                    target->explainRoute(model, token, session);
            });
    connect(made, &Page::jobChanged, this, &MainWindow::updateJob);
}

// The header has room for one.
void MainWindow::updateJob()
{
    QString text;
    for (const auto &[id, made] : m_pages) {
        if (text.isEmpty())
            text = made->job();
    }
    m_header->setJob(text);
    if (m_arePagesDropped && text.isEmpty())
        QMetaObject::invokeMethod(this, &MainWindow::dropPages, Qt::QueuedConnection);
}

void MainWindow::showJob()
{
    const auto found = std::find_if(m_pages.begin(), m_pages.end(), [](const auto &made) {
        return !made.second->job().isEmpty();
    });
    if (found == m_pages.end())
        return;
    if (Page *shown = showPage(found->first))
        shown->showJob();
}

Page *MainWindow::showPage(PageId id)
{
    Page *shown = page(id);
    if (!shown)
        return nullptr;
    if (m_isTurning) // what follows the focus from a page that hides leads nowhere else
        return shown;
    // The keys of the page work at once, unless the person goes on through the navigation.
    const bool staysInNavigation = m_navigation->isAncestorOf(QApplication::focusWidget());
    {
        const QScopedValueRollback turning(m_isTurning, true);
        m_stack->setCurrentWidget(shown);
    }
    m_navigation->select(id);
    m_problem->setQuiet(id == PageId::Settings); // which tells it itself
    m_services.state.setValue(u"window/page"_s, static_cast<int>(id));
    updateActivity();
    if (!staysInNavigation && !isLocked())
        shown->setFocus(Qt::OtherFocusReason);
    return shown;
}

Page *MainWindow::currentPage() const
{
    return qobject_cast<Page *>(m_stack->currentWidget());
}

QList<Page *> MainWindow::madePages() const
{
    QList<Page *> pages;
    for (const auto &[id, made] : m_pages)
        pages.append(made);
    return pages;
}

QList<PageId> MainWindow::offeredPages() const
{
    QList<PageId> pages;
    for (const auto &[id, factory] : m_factories)
        pages.append(id);
    return pages;
}

void MainWindow::dropPages()
{
    if (isVisible() || m_lock->holdsDialogs())
        return; // it was opened again meanwhile, or a dialog of a page waits to be shown again
    saveFilters();
    m_arePagesDropped = true;
    std::erase_if(m_pages, [this](const auto &made) {
        Page *page = made.second;
        if (!page->job().isEmpty())
            return false;
        m_stack->removeWidget(page);
        delete page;
        return true;
    });
}

// A page is active while it is the one that is seen.
void MainWindow::updateActivity()
{
    const bool seen = isVisible() && !isMinimized() && !isLocked();
    for (const auto &[id, made] : m_pages)
        made->setActive(seen && made == m_stack->currentWidget());
    const Page *shown = currentPage();
    m_errors->setLooking(seen && shown && shown->id() == PageId::Traffic);
    m_header->setActive(seen);
    m_statusLine->setActive(seen);
    if (seen)
        updateBadges();
}

void MainWindow::updateBadges()
{
    if (!isVisible())
        return;
    m_errors->refresh();
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return;
    int open = 0;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        const domain::Health health =
            m_services.administration.statistics.healthOf(channel.id).health;
        if (health == domain::Health::Open || health == domain::Health::AuthenticationFailed
            || health == domain::Health::NoCredit)
            ++open;
    }
    m_navigation->setBadge(
        PageId::Channels,
        {.warning = open > 0,
         .meaning = open > 0 ? tr("%n channels do not serve", nullptr, open) : QString()});
}

void MainWindow::restoreLayout()
{
    setMinimumSize(Theme::px(960), Theme::px(600));
    resize(Theme::px(1200), Theme::px(760));
    // Refused, too, where the screen has quite another width: then it is as large as at first.
    const QByteArray kept = m_services.state.layout(u"window"_s, layoutVersion);
    restoreGeometry(kept);
    // What was a screen may be gone, or smaller now.
    if (const QScreen *shownOn = screen()) {
        const QRect room = shownOn->availableGeometry();
        if (!kept.isEmpty() && !isMaximized() && !isFullScreen())
            resize(size().boundedTo(room.size()));
        if (!room.intersects(geometry()))
            move(room.topLeft());
    }
    m_navigation->setCollapsed(m_services.state.value(u"window/navigationCollapsed"_s).toBool());
}

void MainWindow::saveLayout()
{
    saveFilters();
    m_services.state.setLayout(u"window"_s, layoutVersion, saveGeometry());
}

void MainWindow::raiseWindow()
{
    if (isMinimized())
        setWindowState(windowState() & ~Qt::WindowMinimized); // and as large as it was
    show();
    raise();
    activateWindow();
    // Of several dialogs above each other only the last one takes keys.
    if (QWidget *modal = QApplication::activeModalWidget()) {
        modal->raise();
        modal->activateWindow();
    }
}

void MainWindow::notice(LiveText text)
{
    m_statusLine->notice(std::move(text));
}

void MainWindow::showMessage(Message message)
{
    m_problem->showMessage(std::move(message));
}

void MainWindow::noteAddresses()
{
    const auto change = m_addressWatch.note(m_services.gateway.addresses());
    if (!change)
        return;
    const QString address = change->address();
    showMessage({.id = addressMessage,
                 .tone = Tone::Caution,
                 .subject = [] { return tr("The gateway has another address."); },
                 .text = [change = *change] { return addressChangeText(change); },
                 .actions = {{.text = [] { return tr("Copy"); },
                              .run =
                                  [this, address] {
                                      copyText(address);
                                      notice([address] { return tr("Copied %1").arg(address); });
                                  }}}});
}

// After the start with a backup that was restored without its secrets, until the person has seen it.
void MainWindow::showLosses()
{
    const domain::LostSecrets lost = m_services.administration.losses.missing();
    if (lost.isTold || lost.isEmpty())
        return m_problem->removeMessage(lossesMessage);
    Message message{.id = lossesMessage,
                    .tone = Tone::Action,
                    .subject = [] { return tr("A backup was restored without its secrets."); },
                    .text = [lost] { return lostText(lost); },
                    .lasting = true};
    if (!lost.channels.isEmpty()) {
        message.actions.push_back({.text = [] { return tr("Show channels"); },
                                   .run =
                                       [this, filter = lostChannelsFilter(lost)] {
                                           if (Page *channels = showPage(PageId::Channels))
                                               channels->setFilter(filter);
                                       }});
    }
    showMessage(std::move(message));
}

void MainWindow::openShortcuts()
{
    auto *dialog = new ShortcutsDialog(m_menus->shortcuts(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::openAbout()
{
    auto *dialog = new AboutDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

bool MainWindow::isLocked() const
{
    return m_lock && m_lock->isLocked();
}

// The first start makes a password that it does not show.
void MainWindow::askToLock()
{
    if (m_services.state.value(windowkey::passwordKnown).toBool())
        return m_lock->lock();
    Confirmation::ask(
        this,
        {.title = tr("Lock the window"),
         .heading = tr("Do you know the password of the administrator?"),
         .text = tr("Only it unlocks the window. If you have never set it, do so first: "
                    "Settings, Security, Change password."),
         .action = tr("Lock")},
        [this] { m_lock->lock(); });
}

// The panes are the header, the navigation, and what a page divides itself into.
void MainWindow::setNavigationCollapsed(bool collapsed)
{
    m_navigation->setCollapsed(collapsed);
}

void MainWindow::focusNextPane(bool forward)
{
    QList<QWidget *> panes{m_header, m_navigation};
    if (Page *shown = currentPage())
        panes += shown->panes();
    const QWidget *focused = QApplication::focusWidget();
    qsizetype present = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (panes.at(i) == focused || panes.at(i)->isAncestorOf(focused))
            present = i;
    }
    const qsizetype next =
        (present + (forward ? 1 : panes.size() - 1) + panes.size()) % panes.size();
    QWidget *pane = panes.at(next);
    for (QWidget *candidate = pane->nextInFocusChain(); candidate && candidate != pane;
         candidate = candidate->nextInFocusChain()) {
        if (pane->isAncestorOf(candidate) && candidate->isVisible() && candidate->isEnabled()
            && (candidate->focusPolicy() & Qt::TabFocus)) {
            candidate->setFocus(Qt::TabFocusReason);
            return;
        }
    }
    pane->setFocus(Qt::TabFocusReason);
}

// Menus send it up; a window without a status bar of Qt's has to show it itself.
bool MainWindow::event(QEvent *event)
{
    if (event->type() != QEvent::StatusTip)
        return QMainWindow::event(event);
    m_statusLine->setTip(static_cast<QStatusTipEvent *>(event)->tip());
    return true;
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout();
    emit closing(event);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (std::exchange(m_arePagesDropped, false))
        showFirst(m_services.state.value(u"window/page"_s, 0).toInt());
    updateActivity();
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    updateActivity();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        updateActivity();
}

} // namespace gatehouse::ui
