#pragma once

#include "widgets/page.h"

#include <QAbstractListModel>
#include <QListView>
#include <QToolButton>

namespace gatehouse::ui {

struct NavigationEntry
{
    PageId page = PageId::Dashboard;
    QString icon{};
    std::function<QString()> text{};
    Badge badge{};
    bool shown = true;
};

// The pages as they stand in the navigation.
class NavigationModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { PageRole = Qt::UserRole + 1, BadgeCountRole, BadgeWarningRole };

    NavigationModel(std::vector<NavigationEntry> entries, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    void setBadge(PageId page, const Badge &badge);
    void setShown(PageId page, bool shown);
    std::optional<int> rowOf(PageId page) const;
    PageId pageAt(int row) const;
    // The texts are asked for again.
    void retranslate();

private:
    const NavigationEntry &entryAt(int row) const;
    QString accessibleText(const NavigationEntry &entry) const;

    std::vector<NavigationEntry> m_entries;
    std::vector<size_t> m_rows{}; // of the entries that are shown
};

// The list of pages at the left: pages above, settings below, and the switch that leaves icons only.
class Navigation : public QWidget
{
    Q_OBJECT

public:
    explicit Navigation(QWidget *parent = nullptr);

    // Marks the page, which may be one that is not shown; tells nobody.
    void select(PageId page);
    void setBadge(PageId page, const Badge &badge);
    void setShown(PageId page, bool shown);
    // The pages that are shown, in their order.
    QList<PageId> pages() const;
    static QString title(PageId page);

    bool isCollapsed() const { return m_collapsed; }
    void setCollapsed(bool collapsed);
    int expandedWidth() const;

signals:
    // The person went to another page.
    void selected(gatehouse::ui::PageId page);
    // The person is done with choosing, by a click or Enter, and wants to work on the page.
    void chosen();
    void collapsedChanged(bool collapsed);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QListView *makeList(NavigationModel *model);
    void choose(PageId page);
    void markPage();
    void applyWidth();

    NavigationModel *m_pages;
    NavigationModel *m_others;
    QListView *m_pageList;
    QListView *m_otherList;
    QToolButton *m_collapse;
    Translated *m_texts;
    PageId m_page = PageId::Dashboard;
    bool m_isMarking = false; // the marks change, not the person's choice
    bool m_collapsed = false;
};

} // namespace gatehouse::ui
