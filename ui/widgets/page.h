#pragma once

#include "widgets/livetext.h"
#include "widgets/services.h"
#include "widgets/translated.h"

#include <QKeySequence>
#include <QList>
#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

class QAction;

namespace gatehouse::ui {

enum class PageId { Dashboard, Traffic, Channels, Models, Tokens, Users, Settings };

// What stands at the right of a page's name in the navigation.
struct Badge
{
    int count = 0;        // 0: none
    bool warning = false; // a triangle instead of a number
    QString meaning{};    // in words, for the tool tip and the screen reader

    bool operator==(const Badge &) const = default;
};

// What an action of a page is made of.
struct ActionDescription
{
    const char *name = "";           // stable, such as "channels.add"; the object's name
    QString icon{};                  // Lucide's name; empty: none
    QKeySequence shortcut{};         // works while the focus is on the page
    std::function<QString()> text{}; // translated, with a mnemonic
};

// A part of a page that a person may look for by its name.
struct PagePlace
{
    QString text{};  // translated
    QString words{}; // by which it is found as well
    QString id{};    // for Page::showPlace()
};

// One of the pages of the main window. Pages are made when they are first shown and reached through
// their interface alone. A page asks for data only while it is active, that is shown in a window that
// is not hidden.
class Page : public QWidget
{
    Q_OBJECT

public:
    Page(PageId id, const Services &services, QWidget *parent = nullptr);

    PageId id() const { return m_id; }
    // Shows only what matches, as if the person had typed the filter.
    virtual void setFilter(const QString &) {}
    // Selects the item of that number and shows its details.
    virtual void showItem(qint64) {}
    // Opens the explanation of a route, where the page has it.
    virtual void explainRoute(const QString &, qint64, const QString &) {}
    // The parts that it has names for, beside its items and settings.
    virtual std::vector<PagePlace> places() const { return {}; }
    // Goes to the place of that id.
    virtual void showPlace(const QString &) {}
    // Shows how the job stands that goes on in the background.
    virtual void showJob() {}
    // Puts the focus where the person types a filter; nothing if there is no such place.
    virtual void focusFilter() {}
    // What F6 goes through, in reading order.
    virtual QList<QWidget *> panes() { return {this}; }
    // What the page can do, in the order of its menu; an action without a text separates.
    const QList<QAction *> &pageActions() const { return m_actions; }

    bool isActive() const { return m_active; }
    // What goes on in the background, in a few words; empty: nothing. The page must live until then.
    const QString &job() const { return m_job; }
    void setActive(bool active);

signals:
    // A number, a bar or a link was clicked that leads to another page.
    void navigationRequested(gatehouse::ui::PageId page, const QString &filter);
    void itemRequested(gatehouse::ui::PageId page, qint64 item);
    // The person wants to know which channels would serve a model; `token` 0: for anyone. `session` is one of
    // the token's, as its client calls it; empty: any.
    void routeRequested(const QString &model, qint64 token, const QString &session);
    // Something short to be said in the status bar for a few seconds.
    void noticeRaised(const gatehouse::ui::LiveText &text);
    // job() is another.
    void jobChanged();

protected:
    // Called when the page becomes active, for fetching what is shown, and when it ceases to be.
    virtual void activated() {}
    virtual void deactivated() {}

    const Services &services() const { return m_services; }
    Translated &texts() { return *m_texts; }
    // Makes an action of the page; it stands in the menus and the command palette from then on.
    QAction *addPageAction(const ActionDescription &description, std::function<void()> run);
    void addSeparatorAction();
    void setJob(const QString &text);

private:
    const PageId m_id;
    const Services m_services;
    Translated *const m_texts;
    QList<QAction *> m_actions{};
    QString m_job{};
    bool m_active = false;
};

} // namespace gatehouse::ui
