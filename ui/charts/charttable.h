#pragma once

#include <QDialog>
#include <QStringList>

class QTableView;

namespace gatehouse::ui {

// The numbers behind a small chart as a table, for reading and copying.
class ChartTable : public QDialog
{
    Q_OBJECT

public:
    // Each row has as many texts as there are columns.
    ChartTable(const QString &title,
               const QStringList &columns,
               const QList<QStringList> &rows,
               QWidget *parent);

    // Opens one that is gone when it is closed.
    static void openFor(const QString &title,
                        const QStringList &columns,
                        const QList<QStringList> &rows,
                        QWidget *parent);

    QTableView &table() { return *m_table; }
    // Comma-separated, with a heading.
    QString csv() const;

private:
    const QStringList m_columns;
    const QList<QStringList> m_rows;
    QTableView *m_table;
};

} // namespace gatehouse::ui
