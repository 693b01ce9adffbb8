#include "frame/mainwindow.h"

#include "admin/administration.h"
#include "frame/aboutdialog.h"
#include "frame/gatewayactions.h"
#include "frame/menus.h"
#include "frame/navigation.h"
#include "frame/statusheader.h"
#include "frame/statusline.h"
#include "frame/stopquestion.h"
#include "preferences/windowsettings.h"
#include "theme/icons.h"
#include "theme/mark.h"
#include "theme/theme.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/uistate.h"

#include <QApplication>
#include <QCloseEvent>
#include <QMenuBar>
#include <QScreen>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int layoutVersion = 1;

QString itemText(const QAction *action)
{
    QString text = action->text();
    return text.remove(u'&');
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
{
    setWindowTitle(u"Gatehouse"_s);
    setWindowIcon(applicationIcon());
    build();
    restoreLayout();
    connect(m_navigation, &Navigation::selected, this, &MainWindow::showPage);
    connect(m_gatewayActions, &GatewayActions::stopQuestion, this, [this](qint64 inFlight) {
        raiseWindow();
        auto *question = new StopQuestion(m_services.gateway, inFlight, this);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->open();
    });
    connect(&m_services.administration.statistics,
            &admin::StatisticsService::changed,
            this,
            &MainWindow::updateBadges);
    const QVariant last = m_services.state.value(u"window/page"_s, 0);
    const QString chosen = m_services.state.value(windowkey::startPage).toString();
    const int first = chosen.isEmpty() ? last.toInt() : chosen.toInt();
    auto page = static_cast<PageId>(qBound(0, first, static_cast<int>(PageId::Settings)));
    if (page == PageId::Users && !isForSeveralPeople(m_services.state))
        page = PageId::Dashboard;
    if (!showPage(page) && !m_factories.empty())
        showPage(m_factories.begin()->first);
}

MainWindow::~MainWindow()
{
    saveLayout();
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
    setCentralWidget(centre);

    connect(m_header, &StatusHeader::commandRequested, this, &MainWindow::openCommandPalette);
    connect(m_header, &StatusHeader::trafficRequested, this, [this](const QString &filter) {
        if (Page *traffic = showPage(PageId::Traffic))
            traffic->setFilter(filter);
    });
    connect(&m_header->address(), &AddressField::copied, this, [this](const QString &address) {
        notice(tr("Copied %1").arg(address));
    });
    connect(m_navigation, &Navigation::collapsedChanged, this, [this](bool collapsed) {
        m_services.state.setValue(u"window/navigationCollapsed"_s, collapsed);
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
    return made;
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
    connect(made, &Page::routeRequested, this, [this](const QString &model, qint64 token) {
        if (Page *target = showPage(PageId::Models))
            target->explainRoute(model, token);
    });
    connect(made, &Page::jobChanged, m_header, &StatusHeader::setJob);
}

Page *MainWindow::showPage(PageId id)
{
    Page *shown = page(id);
    if (!shown)
        return nullptr;
    m_stack->setCurrentWidget(shown);
    m_navigation->select(id);
    m_problem->setQuiet(id == PageId::Settings); // which tells it itself
    m_services.state.setValue(u"window/page"_s, static_cast<int>(id));
    updateActivity();
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

void MainWindow::dropPages()
{
    for (const auto &[id, made] : m_pages) {
        m_stack->removeWidget(made);
        delete made;
    }
    m_pages.clear();
}

// A page is active while it is the one that is seen.
void MainWindow::updateActivity()
{
    const bool seen = isVisible() && !isMinimized();
    for (const auto &[id, made] : m_pages)
        made->setActive(seen && made == m_stack->currentWidget());
    m_header->setActive(seen);
    m_statusLine->setActive(seen);
    if (seen)
        updateBadges();
}

void MainWindow::updateBadges()
{
    if (!isVisible())
        return;
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
    restoreGeometry(m_services.state.layout(u"window"_s, layoutVersion));
    // What was a screen may be gone.
    if (const QScreen *shownOn = screen()) {
        const QRect room = shownOn->availableGeometry();
        if (!room.intersects(geometry()))
            move(room.topLeft());
    }
    m_navigation->setCollapsed(m_services.state.value(u"window/navigationCollapsed"_s).toBool());
}

void MainWindow::saveLayout()
{
    m_services.state.setLayout(u"window"_s, layoutVersion, saveGeometry());
}

void MainWindow::raiseWindow()
{
    if (isMinimized())
        showNormal();
    show();
    raise();
    activateWindow();
}

void MainWindow::notice(const QString &text)
{
    m_statusLine->notice(text);
}

std::vector<PaletteItem> MainWindow::paletteItems()
{
    std::vector<PaletteItem> items;
    for (QAction *action : m_menus->actions()) {
        if (action->isSeparator() || !action->isEnabled() || action->text().isEmpty())
            continue;
        items.push_back({.text = itemText(action),
                         .kind = tr("Command"),
                         .icon = action->icon(),
                         .shortcut = action->shortcut(),
                         .run = [action = QPointer<QAction>(action)] {
                             if (action)
                                 action->trigger();
                         }});
    }
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return items;
    QSet<QString> models;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        items.push_back({.text = channel.name,
                         .kind = tr("Channel"),
                         .icon = icon(u"waypoints"_s),
                         .run = [this, id = channel.id] {
                             if (Page *target = showPage(PageId::Channels))
                                 target->showItem(id.value);
                         }});
        for (const QString &model : channel.models)
            models.insert(model);
    }
    for (const QString &model : std::as_const(models)) {
        items.push_back(
            {.text = model, .kind = tr("Model"), .icon = icon(u"boxes"_s), .run = [this, model] {
                 if (Page *target = showPage(PageId::Models))
                     target->setFilter(model);
             }});
    }
    return items;
}

// What has to be read from the database follows a moment later.
void MainWindow::addStoredItems()
{
    m_services.administration.tokenManager.list(m_services.actor)
        .then(this, [this](const base::Result<std::vector<admin::TokenListing>> &tokens) {
            if (!tokens || !m_palette->isVisible())
                return;
            std::vector<PaletteItem> items;
            for (const admin::TokenListing &each : *tokens) {
                items.push_back({.text = each.token.name,
                                 .kind = tr("Token"),
                                 .icon = icon(u"key-round"_s),
                                 .run = [this, id = each.token.id] {
                                     if (Page *target = showPage(PageId::Tokens))
                                         target->showItem(id.value);
                                 }});
            }
            m_palette->addItems(std::move(items));
        });
    m_services.administration.users.listings(m_services.actor)
        .then(this, [this](const base::Result<std::vector<admin::UserListing>> &users) {
            if (!users || !m_palette->isVisible())
                return;
            std::vector<PaletteItem> items;
            for (const admin::UserListing &each : *users) {
                items.push_back({.text = each.user.username,
                                 .kind = tr("User"),
                                 .icon = icon(u"users"_s),
                                 .run = [this, id = each.user.id] {
                                     if (Page *target = showPage(PageId::Users))
                                         target->showItem(id.value);
                                 }});
            }
            m_palette->addItems(std::move(items));
        });
}

void MainWindow::openCommandPalette()
{
    std::vector<PaletteItem> items = paletteItems();
    std::vector<admin::SettingView> settings = m_services.administration.settings.all();
    for (admin::SettingView &each : windowSettings(m_services.state))
        settings.push_back(std::move(each));
    for (const admin::SettingView &setting : settings) {
        items.push_back(
            {.text = tr("%1 (%2)", "a setting and its key").arg(setting.label, setting.key),
             .kind = tr("Setting"),
             .icon = icon(u"settings"_s),
             .run = [this, key = setting.key] {
                 if (Page *target = showPage(PageId::Settings))
                     target->setFilter(key);
             }});
    }
    m_palette->open(std::move(items));
    addStoredItems();
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

// The panes are the header, the navigation, and what a page divides itself into.
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

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout();
    emit closing(event);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (m_pages.empty() && !m_factories.empty())
        showPage(m_factories.begin()->first);
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
