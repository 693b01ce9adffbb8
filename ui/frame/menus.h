#pragma once

#include "frame/shortcutsdialog.h"
#include "widgets/page.h"

#include <QMenu>

class QActionGroup;
class QMenuBar;

namespace gatehouse::ui {

class MainWindow;

// The menu bar of the main window and the actions that belong to no page. Everything it offers is
// found in the command palette and in the list of shortcuts, too. A child of the window.
class Menus : public QObject
{
    Q_OBJECT

public:
    Menus(const Services &services, MainWindow &window);

    // Start, stop, pause and so on, for the button in the header.
    QMenu *powerMenu() const { return m_power; }
    // All actions of the window and of the page that is shown.
    QList<QAction *> actions() const;
    QList<ShortcutLine> shortcuts() const;
    // Whether the menu of pages and its shortcut lead to the page.
    void setPageOffered(PageId page, bool offered);
    void setNavigationCollapsed(bool collapsed);

private:
    QMenu *addMenu(std::function<QString()> title);
    QAction *add(QMenu *menu,
                 const char *name,
                 const QString &iconName,
                 const QKeySequence &keys,
                 std::function<QString()> text,
                 std::function<void()> run);
    void buildFile();
    void buildEdit();
    void buildView();
    void buildPages();
    void buildSchemes(QMenu *menu);
    void buildLanguages(QMenu *menu);
    void buildTools();
    void buildWindow();
    void buildHelp();
    void fillEdit();
    // A menu that always shows the actions of one page.
    void buildPageMenu(PageId page, std::function<QString()> title);
    void updateUndo();

    const Services m_services;
    MainWindow &m_window;
    Translated *m_texts;
    QMenu *m_power;
    QMenu *m_edit = nullptr;
    QAction *m_undo = nullptr;
    QAction *m_redo = nullptr;
    QList<QAction *> m_own{};
    QHash<PageId, QAction *> m_pages{};
    QAction *m_navigationNames = nullptr;
};

} // namespace gatehouse::ui
