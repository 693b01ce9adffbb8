#pragma once

#include "widgets/page.h"

#include <QByteArray>
#include <QObject>
#include <QPointer>

namespace gatehouse::ui {

class SavedFilters;
class UndoStack;

// What can be done with the filter of a page: it is saved under a name, gets another one, and is removed,
// which can be undone.
class FilterActions : public QObject
{
    Q_OBJECT

public:
    // Page::addPageAction() of the page.
    using Add = std::function<QAction *(const ActionDescription &, std::function<void()>)>;

    // Dialogs open over the page.
    FilterActions(SavedFilters &filters, UndoStack &undo, QWidget *page);

    // Makes the actions of that page: "users" has "users.saveFilter" and its like.
    void addTo(const QByteArray &page, const Add &add);
    // From now on those of another table, which outlive this.
    void setFilters(SavedFilters &filters);
    // What the page filters by at the moment.
    void setFilter(const QString &filter);

    void rename(const QString &id);
    void remove(const QString &id);

private:
    void save();
    void update();
    QString current() const;

    SavedFilters *m_filters;
    UndoStack &m_undo;
    QWidget *const m_page;
    QString m_filter{};
    QPointer<QAction> m_save{};
    QPointer<QAction> m_rename{};
    QPointer<QAction> m_remove{};
};

} // namespace gatehouse::ui
