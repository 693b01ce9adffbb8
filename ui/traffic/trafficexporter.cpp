#include "traffic/trafficexporter.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

TrafficExporter::TrafficExporter(admin::TrafficService &service, QWidget *window)
    : QObject(window)
    , m_service(service)
    , m_window(window)
{
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, [this](int requests) {
        emit progressed(requests);
    });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &TrafficExporter::conclude);
}

void TrafficExporter::ask(admin::ExportFormat format, const domain::FilterQuery &filter)
{
    if (isRunning())
        return;
    const bool csv = format == admin::ExportFormat::Csv;
    auto *dialog = new QFileDialog(m_window, tr("Export requests"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setNameFilter(csv ? tr("Table with commas (*.csv)") : tr("Lines of JSON (*.jsonl)"));
    dialog->setDefaultSuffix(csv ? u"csv"_s : u"jsonl"_s);
    dialog->selectFile(u"gatehouse-%1.%2"_s.arg(
        QDateTime::currentDateTime().toString(u"yyyy-MM-dd-HHmm"_s), dialog->defaultSuffix()));
    connect(dialog, &QFileDialog::fileSelected, this, [this, format, filter](const QString &file) {
        write(file, format, filter);
    });
    dialog->open();
}

void TrafficExporter::write(const QString &file,
                            admin::ExportFormat format,
                            const domain::FilterQuery &filter)
{
    if (isRunning())
        return;
    m_file = file;
    m_watcher.setFuture(m_service.exportTo(file, format, filter));
    emit progressed(0);
}

void TrafficExporter::cancel()
{
    m_watcher.cancel();
}

void TrafficExporter::conclude()
{
    if (m_watcher.isCanceled() || m_watcher.future().resultCount() == 0) {
        emit cancelled();
        return;
    }
    const base::Result<qint64> written = m_watcher.result();
    if (written)
        emit finished(QDir::toNativeSeparators(m_file), *written);
    else
        emit failed(written.error());
}

} // namespace gatehouse::ui
