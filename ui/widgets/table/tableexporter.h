#pragma once

#include "base/result.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <stop_token>

namespace gatehouse::ui {

class MessageBar;
class TableExtraction;
class TableView;

// Writes what a table shows into a file that a person chooses: its visible columns and the rows that the
// filter lets through, as a table with commas or as JSON, one list at a time. How a long one stands is shown
// in a message, by which it can be cancelled. Tables show no secrets, so none is written.
class TableExporter : public QObject
{
    Q_OBJECT

public:
    // Dialogs belong to `window`.
    TableExporter(QWidget *window, MessageBar *messages);
    // Whoever quits does not wait for an export, which leaves no file then.
    ~TableExporter() override;

    // `name` is what the file is called at first, such as "tokens".
    void ask(TableView *view, const QString &name);
    // By the ending of `path`: ".json", else a table with commas. Written in another thread. Nothing happens
    // while another one runs.
    void write(const TableView &view, const QString &path);
    // Leaves no file.
    void cancel();
    bool isRunning() const { return m_isRunning; }

signals:
    // What goes on, in a few words; empty: nothing.
    void jobChanged(const QString &text);
    // Not after cancel(): then cancelled().
    void finished(const QString &path, int rows);
    void cancelled();
    void failed(const gatehouse::base::Error &error);

private:
    void takeMore();
    void showProgress();
    void save();
    void conclude(const base::Result<> &outcome);

    QWidget *const m_window;
    MessageBar *const m_messages;
    QTimer m_next; // takes further values
    std::unique_ptr<TableExtraction> m_extraction;
    std::stop_source m_stop{};
    QString m_path{};
    int m_rows = 0;
    bool m_isRunning = false;
    bool m_hasJob = false; // a long one, which was told
};

} // namespace gatehouse::ui
