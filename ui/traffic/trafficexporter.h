#pragma once

#include "admin/traffic/trafficservice.h"

#include <QFutureWatcher>
#include <QObject>

#include <functional>

class QWidget;

namespace gatehouse::ui {

// Writes what a filter lets through, or one request, into a file that the person chooses, one export at a
// time.
class TrafficExporter : public QObject
{
    Q_OBJECT

public:
    TrafficExporter(admin::TrafficService &service, QWidget *window);
    // Whoever quits does not wait for an export, which leaves no file then.
    ~TrafficExporter() override;

    // Asks for the file. Nothing happens while an export runs. An HTTP archive tells whole addresses:
    // `baseUrl` is that of the gateway.
    void ask(admin::ExportFormat format, const domain::FilterQuery &filter, const QString &baseUrl);
    // The same for one request, as an HTTP archive.
    void askOne(const QByteArray &requestId, const QString &baseUrl);
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
    // `begin` starts the export into the file that was chosen.
    void askFile(admin::ExportFormat format,
                 const QString &name,
                 std::function<admin::Answer<qint64>(const QString &file)> begin);
    void conclude();

    admin::TrafficService &m_service;
    QWidget *m_window;
    QFutureWatcher<base::Result<qint64>> m_watcher;
    QString m_file{};
};

} // namespace gatehouse::ui
