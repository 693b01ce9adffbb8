#pragma once

#include "widgets/page.h"
#include "widgets/table/tablemodelbase.h"

#include <QAbstractItemView>
#include <QAction>
#include <QTest>

#include <algorithm>

namespace gatehouse::tests {

// What a person looks for in a page or dialog, by what it is called there. Null or -1: it is not there.

template<typename T>
T *field(const QWidget *parent, const QString &accessibleName)
{
    const auto all = parent->findChildren<T *>();
    const auto found = std::find_if(all.begin(), all.end(), [&](const T *each) {
        return each->accessibleName() == accessibleName;
    });
    return found == all.end() ? nullptr : *found;
}

template<typename Button>
Button *button(const QWidget *parent, const QString &text)
{
    const auto all = parent->findChildren<Button *>();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const Button *each) { return each->text() == text; });
    return found == all.end() ? nullptr : *found;
}

// The row, as the view shows it, with that text in a column.
inline int rowOf(const QAbstractItemView *view, const QString &column, const QString &text)
{
    const QAbstractItemModel *rows = view->model();
    const int place = ui::tableModelOf(rows)->columnOf(column);
    for (int row = 0; row < rows->rowCount(); ++row) {
        if (rows->index(row, place).data().toString() == text)
            return row;
    }
    return -1;
}

inline QAction *action(const ui::Page &page, const QString &name)
{
    const QList<QAction *> &all = page.pageActions();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const QAction *each) { return each->objectName() == name; });
    return found == all.end() ? nullptr : *found;
}

// Fails where a person could not do it.
inline void trigger(const ui::Page &page, const QString &name)
{
    QAction *wanted = action(page, name);
    QVERIFY2(wanted && wanted->isEnabled(), qPrintable(name));
    wanted->trigger();
}

} // namespace gatehouse::tests
