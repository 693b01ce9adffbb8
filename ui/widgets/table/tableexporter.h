#pragma once

#include "base/result.h"

#include <QObject>

namespace gatehouse::ui {

class TableView;

// Writes what a table shows into a file that a person chooses: its visible columns and the rows that the
// filter lets through, as a table with commas or as JSON. Tables show no secrets, so none is written.
class TableExporter : public QObject
{
    Q_OBJECT

public:
    // Dialogs belong to `window`.
    explicit TableExporter(QWidget *window);

    // `name` is what the file is called at first, such as "tokens".
    void ask(TableView *view, const QString &name);
    // By the ending of `path`: ".json", else a table with commas. Written in another thread.
    void write(const TableView &view, const QString &path);

signals:
    void finished(const QString &path, int rows);
    void failed(const gatehouse::base::Error &error);

private:
    QWidget *const m_window;
};

} // namespace gatehouse::ui
