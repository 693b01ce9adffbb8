#include "traffic/trafficexporter.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::ExportFormat;

namespace {

struct FileKind
{
    QString filter{};
    QString suffix{};
};

FileKind fileKindOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Csv:
        return {TrafficExporter::tr("Table with commas (*.csv)"), u"csv"_s};
    case ExportFormat::JsonLines:
        return {TrafficExporter::tr("Lines of JSON (*.jsonl)"), u"jsonl"_s};
    case ExportFormat::HttpArchive:
        break;
    }
    return {TrafficExporter::tr("HTTP archive (*.har)"), u"har"_s};
}

} // namespace

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

TrafficExporter::~TrafficExporter()
{
    m_watcher.disconnect(this);
    m_watcher.cancel();
}

void TrafficExporter::ask(ExportFormat format,
                          const domain::FilterQuery &filter,
                          const QString &baseUrl)
{
    const QString now = QDateTime::currentDateTime().toString(u"yyyy-MM-dd-HHmm"_s);
    askFile(format, u"gatehouse-"_s + now, [this, format, filter, baseUrl](const QString &file) {
        return m_service.exportTo({.file = file, .format = format, .baseUrl = baseUrl}, filter);
    });
}

void TrafficExporter::askOne(const QByteArray &requestId, const QString &baseUrl)
{
    constexpr ExportFormat format = ExportFormat::HttpArchive;
    askFile(format,
            u"request-"_s + QString::fromUtf8(requestId),
            [this, requestId, baseUrl](const QString &file) {
                return m_service.exportOne({.file = file, .format = format, .baseUrl = baseUrl},
                                           requestId);
            });
}

void TrafficExporter::askFile(ExportFormat format,
                              const QString &name,
                              std::function<admin::Answer<qint64>(const QString &file)> begin)
{
    if (isRunning())
        return;
    const FileKind kind = fileKindOf(format);
    auto *dialog = new QFileDialog(m_window, tr("Export requests"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setNameFilter(kind.filter);
    dialog->setDefaultSuffix(kind.suffix);
    dialog->selectFile(name % u'.' % kind.suffix);
    connect(dialog,
            &QFileDialog::fileSelected,
            this,
            [this, begin = std::move(begin)](const QString &file) {
                if (isRunning())
                    return;
                m_file = file;
                m_watcher.setFuture(begin(file));
                emit progressed(0);
            });
    dialog->open();
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
