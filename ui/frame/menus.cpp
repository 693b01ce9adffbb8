#include "frame/menus.h"

#include "frame/gatewayactions.h"
#include "frame/mainwindow.h"
#include "frame/navigation.h"
#include "frame/statusheader.h"
#include "frame/windowlock.h"
#include "history/historydialog.h"
#include "theme/icons.h"
#include "widgets/actiontips.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QActionGroup>
#include <QMenuBar>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

Menus::Menus(const Services &services, MainWindow &window)
    : QObject(&window)
    , m_services(services)
    , m_window(window)
    , m_texts(new Translated(&window))
    , m_power(new QMenu(&window))
{
    m_power->setToolTipsVisible(true);
    m_power->addActions(window.gatewayActions().all());
    buildFile();
    buildEdit();
    buildView();
    buildPageMenu(PageId::Channels, [] { return tr("&Channel"); });
    buildPageMenu(PageId::Traffic, [] { return tr("&Traffic"); });
    buildTools();
    buildWindow();
    buildHelp();
}

QMenu *Menus::addMenu(std::function<QString()> title)
{
    QMenu *menu = m_window.menuBar()->addMenu(QString());
    menu->setToolTipsVisible(false);
    m_texts->add([menu, title = std::move(title)] { menu->setTitle(title()); });
    return menu;
}

QAction *Menus::add(QMenu *menu,
                    const char *name,
                    const QString &iconName,
                    const QKeySequence &keys,
                    std::function<QString()> text,
                    std::function<void()> run)
{
    auto *action = new QAction(&m_window);
    action->setObjectName(QString::fromLatin1(name));
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcut(keys);
    m_texts->add([action, text = std::move(text)] {
        action->setText(text());
        action->setStatusTip(actionTip(action->objectName()));
    });
    connect(action, &QAction::triggered, this, [this, action, run = std::move(run)] {
        if (!m_window.isLocked() || WindowLock::allows(action->objectName()))
            run();
    });
    menu->addAction(action);
    m_window.addAction(action);
    m_own.append(action);
    return action;
}

void Menus::buildFile()
{
    QMenu *menu = addMenu([] { return tr("&File"); });
    add(
        menu,
        "file.settings",
        u"settings"_s,
        QKeySequence(u"Ctrl+,"_s),
        [] { return tr("&Settings…"); },
        [this] { m_window.showPage(PageId::Settings); })
        ->setMenuRole(QAction::PreferencesRole);
    menu->addSeparator();
    add(
        menu,
        "file.close",
        {},
        QKeySequence::Close,
        [] { return tr("&Close window"); },
        [this] { m_window.close(); });
    QAction *quit = add(
        menu,
        "file.quit",
        u"power"_s,
        QKeySequence(u"Ctrl+Q"_s),
        [] { return tr("&Quit"); },
        [this] { emit m_window.quitRequested(); });
    quit->setMenuRole(QAction::QuitRole);
}

void Menus::buildEdit()
{
    m_edit = addMenu([] { return tr("&Edit"); });
    m_undo = add(
        m_edit,
        "edit.undo",
        u"undo-2"_s,
        QKeySequence::Undo,
        [] { return tr("&Undo"); },
        [this] { m_services.undo.undo(); });
    m_redo = add(
        m_edit,
        "edit.redo",
        u"redo-2"_s,
        QKeySequence(u"Ctrl+Shift+Z"_s),
        [] { return tr("&Redo"); },
        [this] { m_services.undo.redo(); });
    QAction *find = add(
        m_edit,
        "edit.find",
        u"list-filter"_s,
        QKeySequence::Find,
        [] { return tr("&Filter"); },
        [this] {
            if (Page *page = m_window.currentPage())
                page->focusFilter();
        });
    m_edit->insertSeparator(find);
    connect(&m_services.undo, &UndoStack::changed, this, &Menus::updateUndo);
    connect(m_edit, &QMenu::aboutToShow, this, &Menus::fillEdit);
    m_texts->add([this] { updateUndo(); });
}

void Menus::updateUndo()
{
    const QString undone = m_services.undo.undoText();
    const QString redone = m_services.undo.redoText();
    m_undo->setText(undone.isEmpty() ? tr("&Undo") : tr("&Undo: %1").arg(undone));
    m_redo->setText(redone.isEmpty() ? tr("&Redo") : tr("&Redo: %1").arg(redone));
    m_undo->setEnabled(m_services.undo.canUndo());
    m_redo->setEnabled(m_services.undo.canRedo());
}

// After the window's own actions come those of the page that is shown.
void Menus::fillEdit()
{
    const QList<QAction *> shown = m_edit->actions();
    for (QAction *action : shown) {
        if (!m_own.contains(action) && !action->isSeparator())
            m_edit->removeAction(action);
    }
    const Page *page = m_window.currentPage();
    if (!page || page->id() == PageId::Channels || page->id() == PageId::Traffic)
        return;
    for (QAction *action : page->pageActions()) {
        if (!action->isSeparator())
            m_edit->addAction(action);
    }
}

void Menus::buildView()
{
    QMenu *menu = addMenu([] { return tr("&View"); });
    int number = 0;
    for (const PageId page : {PageId::Dashboard,
                              PageId::Traffic,
                              PageId::Channels,
                              PageId::Models,
                              PageId::Tokens,
                              PageId::Users}) {
        ++number;
        m_pages.insert(page,
                       add(
                           menu,
                           "view.page",
                           {},
                           QKeySequence(u"Ctrl+%1"_s.arg(number)),
                           [page] { return Navigation::title(page); },
                           [this, page] { m_window.showPage(page); }));
    }
    menu->addSeparator();
    add(
        menu,
        "view.nextPane",
        {},
        QKeySequence(Qt::Key_F6),
        [] { return tr("&Next pane"); },
        [this] { m_window.focusNextPane(true); });
    add(
        menu,
        "view.previousPane",
        {},
        QKeySequence(Qt::SHIFT | Qt::Key_F6),
        [] { return tr("&Previous pane"); },
        [this] { m_window.focusNextPane(false); });
    m_navigationNames = add(
        menu,
        "view.navigationNames",
        {},
        {},
        [] { return tr("Names in the n&avigation"); },
        [this] { m_window.setNavigationCollapsed(!m_navigationNames->isChecked()); });
    m_navigationNames->setCheckable(true);
    m_navigationNames->setChecked(true);
    menu->addSeparator();
    buildSchemes(menu);
    buildLanguages(menu);
}

void Menus::setNavigationCollapsed(bool collapsed)
{
    m_navigationNames->setChecked(!collapsed);
}

void Menus::setPageOffered(PageId page, bool offered)
{
    if (QAction *action = m_pages.value(page)) {
        action->setVisible(offered);
        action->setEnabled(offered);
    }
}

void Menus::buildSchemes(QMenu *menu)
{
    QMenu *schemes = menu->addMenu(QString());
    m_texts->add([schemes] { schemes->setTitle(tr("&Theme")); });
    auto *group = new QActionGroup(this);
    const QString present = m_services.state.value(u"look/scheme"_s, u"system"_s).toString();
    const auto addScheme = [&](const QString &value, std::function<QString()> text) {
        QAction *action = add(schemes, "view.theme", {}, {}, std::move(text), [this, value] {
            emit m_window.schemeChosen(value);
        });
        action->setCheckable(true);
        action->setChecked(value == present);
        action->setEnabled(m_services.state.originOf(u"look/scheme"_s).isEmpty());
        group->addAction(action);
        connect(&m_services.state,
                &UiState::changed,
                action,
                [this, action, value](const QString &key) {
                    if (key == "look/scheme"_L1)
                        action->setChecked(m_services.state.value(key).toString() == value);
                });
    };
    addScheme(u"system"_s, [] { return tr("As the system"); });
    addScheme(u"light"_s, [] { return tr("Light"); });
    addScheme(u"dark"_s, [] { return tr("Dark"); });
}

void Menus::buildLanguages(QMenu *menu)
{
    QMenu *languages = menu->addMenu(QString());
    m_texts->add([languages] { languages->setTitle(tr("&Language")); });
    auto *group = new QActionGroup(this);
    const QString present = m_services.state.value(u"look/language"_s).toString();
    const auto addLanguage = [&](const QString &value, std::function<QString()> text) {
        QAction *action = add(languages, "view.language", {}, {}, std::move(text), [this, value] {
            emit m_window.languageChosen(value);
        });
        action->setCheckable(true);
        action->setChecked(value == present);
        action->setEnabled(m_services.state.originOf(u"look/language"_s).isEmpty());
        group->addAction(action);
        connect(&m_services.state,
                &UiState::changed,
                action,
                [this, action, value](const QString &key) {
                    if (key == "look/language"_L1)
                        action->setChecked(m_services.state.value(key).toString() == value);
                });
    };
    addLanguage({}, [] { return tr("As the system"); });
    addLanguage(u"en"_s, [] { return u"English"_s; });
    addLanguage(u"zh_CN"_s, [] { return u"简体中文"_s; });
}

void Menus::buildPageMenu(PageId page, std::function<QString()> title)
{
    QMenu *menu = addMenu(std::move(title));
    connect(menu, &QMenu::aboutToShow, this, [this, menu, page] {
        menu->clear();
        if (const Page *made = m_window.page(page))
            menu->addActions(made->pageActions());
    });
    // Qt does not open a menu that is empty; this is replaced when it does.
    menu->addAction(Navigation::title(page));
}

void Menus::buildTools()
{
    QMenu *menu = addMenu([] { return tr("T&ools"); });
    add(
        menu,
        "tools.palette",
        u"command"_s,
        QKeySequence(u"Ctrl+K"_s),
        [] { return tr("&Command palette…"); },
        [this] { m_window.openCommandPalette(); });
    add(
        menu,
        "tools.copyAddress",
        u"copy"_s,
        QKeySequence(u"Ctrl+Shift+C"_s),
        [] { return tr("Copy the &address"); },
        [this] { m_window.header().address().copy(); });
    add(
        menu,
        "tools.lock",
        u"lock"_s,
        QKeySequence(u"Ctrl+Shift+L"_s),
        [] { return tr("&Lock window"); },
        [this] { m_window.askToLock(); });
    add(
        menu,
        "tools.history",
        u"history"_s,
        {},
        [] { return tr("&History of changes…"); },
        [this] { HistoryDialog::showBeside(&m_window, m_services); });
    menu->addSeparator();
    menu->addActions(m_window.gatewayActions().all());
}

void Menus::buildWindow()
{
    QMenu *menu = addMenu([] { return tr("&Window"); });
    add(
        menu,
        "window.minimize",
        {},
        {},
        [] { return tr("&Minimize"); },
        [this] { m_window.showMinimized(); });
}

void Menus::buildHelp()
{
    QMenu *menu = addMenu([] { return tr("&Help"); });
    add(
        menu,
        "help.shortcuts",
        u"keyboard"_s,
        QKeySequence::HelpContents,
        [] { return tr("&Keyboard shortcuts"); },
        [this] { m_window.openShortcuts(); });
    add(
        menu,
        "help.setUp",
        u"wand-sparkles"_s,
        {},
        [] { return tr("&Set up again…"); },
        [this] { emit m_window.setUpRequested(); });
    add(
        menu,
        "help.about",
        u"info"_s,
        {},
        [] { return tr("&About Gatehouse"); },
        [this] { m_window.openAbout(); })
        ->setMenuRole(QAction::AboutRole);
}

QList<QAction *> Menus::actions() const
{
    QList<QAction *> actions = m_own + m_window.gatewayActions().all();
    if (const Page *page = m_window.currentPage())
        actions += page->pageActions();
    return actions;
}

QList<ShortcutLine> Menus::shortcuts() const
{
    QList<ShortcutLine> lines = shortcutLines(tr("Everywhere"), m_own);
    for (const PageId id : m_window.offeredPages()) {
        if (const Page *page = m_window.page(id))
            lines += shortcutLines(Navigation::title(id), page->pageActions());
    }
    const TableView any; // they all have the same
    lines += shortcutLines(tr("In tables"), any.columnActions());
    const auto keys = [](const QKeySequence &sequence) {
        return sequence.toString(QKeySequence::NativeText);
    };
    const QString enter = keys(Qt::Key_Return);
    // What the table does of itself, for the cell or rows that it knows, has no action.
    lines.append({.group = tr("In tables"), .text = tr("Open the row"), .keys = enter});
    lines.append({.group = tr("In tables"), .text = tr("Edit the cell"), .keys = keys(Qt::Key_F2)});
    lines.append({.group = tr("In tables"),
                  .text = tr("Copy the selected rows"),
                  .keys = keys(QKeySequence::Copy)});
    lines.append({.group = tr("In tables"),
                  .text = tr("Select all rows"),
                  .keys = keys(QKeySequence::SelectAll)});
    lines.append({.group = tr("In tables"),
                  .text = tr("Move the row, where the order is one's own"),
                  .keys = tr("%1, %2", "two shortcuts for one thing")
                              .arg(keys(Qt::ALT | Qt::Key_Up), keys(Qt::ALT | Qt::Key_Down))});
    lines.append({.group = Navigation::title(PageId::Traffic),
                  .text = tr("Open or close a group"),
                  .keys = tr("%1, %2", "two shortcuts for one thing")
                              .arg(keys(Qt::Key_Right), keys(Qt::Key_Left))});
    const QString inCharts = tr("In charts");
    lines.append({.group = inCharts,
                  .text = tr("Show the requests of a step"),
                  .keys = tr("%1, a click").arg(enter)});
    lines.append({.group = inCharts,
                  .text = tr("Go to the step before or after"),
                  .keys = tr("%1, %2", "two shortcuts for one thing")
                              .arg(keys(Qt::Key_Left), keys(Qt::Key_Right))});
    lines.append({.group = inCharts,
                  .text = tr("Go to the first or last step"),
                  .keys = tr("%1, %2", "two shortcuts for one thing")
                              .arg(keys(Qt::Key_Home), keys(Qt::Key_End))});
    lines.append({.group = inCharts,
                  .text = tr("Look closer or from farther away"),
                  .keys = tr("%1, %2", "two shortcuts for one thing")
                              .arg(keys(Qt::Key_Plus), keys(Qt::Key_Minus))});
    lines.append({.group = inCharts, .text = tr("Show all again"), .keys = keys(Qt::Key_Escape)});
    return lines;
}

} // namespace gatehouse::ui
