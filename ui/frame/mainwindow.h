#pragma once

#include "admin/gateway/gatewayaddress.h"
#include "frame/commandpalette.h"
#include "widgets/page.h"

#include <QMainWindow>

#include <map>

class QStackedWidget;

namespace gatehouse::ui {

class ErrorCounter;
class GatewayActions;
class GatewayProblemBar;
class Menus;
class Navigation;
class StatusHeader;
class StatusLine;
class WindowLock;
struct Message;

// How each page is made; a page that is missing here is not offered.
using PageFactories = std::map<PageId, std::function<Page *(const Services &)>>;

// The window: status header, navigation, the page that is shown, status line. Pages are made when
// they are first shown. Closing it hides it; what that means for the program is for the owner to say.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(const Services &services, PageFactories pages, QWidget *parent = nullptr);
    ~MainWindow() override;

    // Shows the page, made if need be; null if it is not offered.
    Page *showPage(PageId page);
    Page *currentPage() const;
    // The page, made but not shown; null if it is not offered.
    Page *page(PageId page);
    // The pages that exist, for tests and for the menus.
    QList<Page *> madePages() const;
    QList<PageId> offeredPages() const;
    // Lets go of the pages, to give memory back while the window is hidden; of one whose job goes on,
    // when that has ended.
    void dropPages();

    GatewayActions &gatewayActions() { return *m_gatewayActions; }
    StatusHeader &header() { return *m_header; }
    // Everything the command palette offers by itself; ready at once.
    std::vector<PaletteItem> paletteItems();

    // Shows it in front, where it was before.
    void raiseWindow();
    // Whether it shows nothing until the password of the administrator is given.
    bool isLocked() const;
    // Stands over all pages until the person closes it or another of its id takes its place.
    void showMessage(Message message);

public slots:
    void openCommandPalette();
    void openShortcuts();
    void openAbout();
    // Locks it; asks first where the password may be one that nobody knows.
    void askToLock();
    void notice(LiveText text);
    void focusNextPane(bool forward);
    void setNavigationCollapsed(bool collapsed);

signals:
    // The person closed the window. If nobody ignores `event`, it is hidden.
    void closing(QCloseEvent *event);
    void quitRequested();
    // The questions of the first run are to be asked again.
    void setUpRequested();
    void languageChosen(const QString &language);
    void schemeChosen(const QString &scheme);
    void lockedChanged(bool locked);

protected:
    bool event(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void build();
    void connectPage(Page *page);
    void restoreLayout();
    void saveLayout();
    void updateActivity();
    void updateBadges();
    void showUsersAsSet();
    void addItemsOfOtherPages(QList<PageId> left, int opening);
    void addStoredItems();
    void findRequest(const QString &typed);
    void showRequest(const QString &requestId);
    void showFirst(int number);
    void updateJob();
    void showJob();
    void restoreFilter(Page *made);
    void saveFilters();
    void noteAddresses();
    void showLosses();

    const Services m_services;
    const PageFactories m_factories;
    std::map<PageId, Page *> m_pages{};
    GatewayActions *m_gatewayActions;
    StatusHeader *m_header;
    Navigation *m_navigation;
    QStackedWidget *m_stack;
    GatewayProblemBar *m_problem;
    StatusLine *m_statusLine;
    CommandPalette *m_palette;
    Menus *m_menus;
    ErrorCounter *m_errors;
    WindowLock *m_lock = nullptr;
    QString m_foundRequest{}; // that the palette offers
    int m_paletteOpenings = 0;
    bool m_arePagesDropped = false;
    bool m_isTurning = false; // one page is taking the place of another
    admin::AddressWatch m_addressWatch{};
};

} // namespace gatehouse::ui
