#pragma once

#include "admin/traffic/trafficservice.h"

#include <QFutureWatcher>
#include <QObject>

class QWidget;

namespace gatehouse::ui {

// Writes what a filter lets through into a file that the person chooses, one export at a time.
class TrafficExporter : public QObject
{
    Q_OBJECT

public:
    TrafficExporter(admin::TrafficService &service, QWidget *window);

    // Asks for the file. Nothing happens while an export runs.
    void ask(admin::ExportFormat format, const domain::FilterQuery &filter);
    // Leaves no file.
    void cancel();
    bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void progressed(qint64 requests);
    // Not after cancel(): then cancelled().
    void finished(const QString &file, qint64 requests);
    void cancelled();
    void failed(const gatehouse::base::Error &error);

private:
    void write(const QString &file, admin::ExportFormat format, const domain::FilterQuery &filter);
    void conclude();

    admin::TrafficService &m_service;
    QWidget *m_window;
    QFutureWatcher<base::Result<qint64>> m_watcher;
    QString m_file{};
};

} // namespace gatehouse::ui
