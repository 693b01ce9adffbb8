#include "widgets/table/tableexporter.h"

#include "admin/flow.h"
#include "widgets/messagebar.h"
#include "widgets/table/tablecopy.h"
#include "widgets/table/tableview.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QStandardPaths>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using base::Error;
using base::Result;

namespace {

const QString messageId = u"exportOfList"_s;

Error stopped()
{
    return {base::ErrorCode::Cancelled, base::Message::tr("The operation was cancelled."), {}};
}

// In pieces, between which it can be stopped.
Result<> store(const QString &path, const QByteArray &text, const std::stop_token &stop)
{
    constexpr qsizetype piece = 1024 * 1024;
    QSaveFile file(path);
    bool isGood = file.open(QIODevice::WriteOnly);
    for (qsizetype at = 0; isGood && at < text.size(); at += piece) {
        if (stop.stop_requested())
            return base::fail(stopped());
        const QByteArrayView part =
            QByteArrayView(text).sliced(at, std::min(piece, text.size() - at));
        isGood = file.write(part.data(), part.size()) == part.size();
    }
    if (isGood && file.commit())
        return {};
    return base::fail(
        base::ErrorCode::Unavailable,
        base::Message::tr("The file %1 could not be written. Check the permissions and "
                          "the free space of its folder.")
            .arg(QDir::toNativeSeparators(path)),
        file.errorString());
}

Result<> store(const QString &path, const TableExtract &extract, const std::stop_token &stop)
{
    const bool isJson = path.endsWith(u".json"_s, Qt::CaseInsensitive);
    // Spreadsheets take a file without the mark for one in the local encoding.
    constexpr QByteArrayView mark = "\xEF\xBB\xBF";
    return store(
        path, isJson ? extract.json().toUtf8() : mark.toByteArray() + extract.csv().toUtf8(), stop);
}

} // namespace

TableExporter::TableExporter(QWidget *window, MessageBar *messages)
    : QObject(window)
    , m_window(window)
    , m_messages(messages)
{
    m_next.setInterval(0);
    connect(&m_next, &QTimer::timeout, this, &TableExporter::takeMore);
}

TableExporter::~TableExporter()
{
    m_stop.request_stop();
}

void TableExporter::ask(TableView *view, const QString &name)
{
    if (m_isRunning)
        return;
    const QString csv = tr("Table with commas (*.csv)");
    const QString json = tr("JSON (*.json)");
    auto *dialog = new QFileDialog(m_window, tr("Export the list"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setNameFilters({csv, json});
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->selectFile(
        u"%1-%2.csv"_s.arg(name, QDateTime::currentDateTime().toString(u"yyyy-MM-dd-HHmm"_s)));
    // The name that is proposed follows the kind that is chosen, whose ending decides.
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, json](const QString &chosen) {
        const QString suffix = chosen == json ? u"json"_s : u"csv"_s;
        dialog->setDefaultSuffix(suffix);
        const QString stem = QFileInfo(dialog->selectedFiles().value(0)).completeBaseName();
        if (!stem.isEmpty())
            dialog->selectFile(stem % u'.' % suffix);
    });
    connect(dialog,
            &QFileDialog::fileSelected,
            this,
            [this, view = QPointer<TableView>(view)](const QString &path) {
                if (view)
                    write(*view, path);
            });
    dialog->open();
}

void TableExporter::write(const TableView &view, const QString &path)
{
    if (m_isRunning)
        return;
    m_isRunning = true;
    m_stop = {};
    m_path = path;
    m_extraction = std::make_unique<TableExtraction>(view);
    m_rows = m_extraction->rowCount();
    takeMore();
}

// The rest of the window gets its turn in between.
void TableExporter::takeMore()
{
    constexpr std::chrono::milliseconds slice{8};
    if (m_extraction->take(slice)) {
        showProgress();
        m_next.start();
        return;
    }
    m_next.stop();
    save();
}

void TableExporter::showProgress()
{
    constexpr int percent = 100;
    const auto text = [done = qint64(m_extraction->taken()) * percent / m_rows] {
        return tr("Exporting the list, %1 %").arg(done);
    };
    m_hasJob = true;
    emit jobChanged(text());
    m_messages->showMessage({.id = messageId,
                             .tone = Tone::Busy,
                             .text = text,
                             .actions = {{[] { return tr("Cancel"); }, [this] { cancel(); }}},
                             .closable = false});
}

void TableExporter::save()
{
    const auto extract = std::make_shared<const TableExtract>(m_extraction->result());
    m_extraction.reset();
    admin::whenDone(admin::runIn(*QThreadPool::globalInstance(),
                                 [extract, path = m_path, stop = m_stop.get_token()] {
                                     return store(path, *extract, stop);
                                 }),
                    this,
                    [this](const Result<> &outcome) { conclude(outcome); });
}

void TableExporter::cancel()
{
    m_stop.request_stop();
    if (!m_extraction)
        return; // it is being written, and ends by itself
    m_next.stop();
    m_extraction.reset();
    conclude(base::fail(stopped()));
}

void TableExporter::conclude(const Result<> &outcome)
{
    m_isRunning = false;
    m_messages->removeMessage(messageId);
    if (std::exchange(m_hasJob, false))
        emit jobChanged({});
    if (outcome)
        emit finished(QDir::toNativeSeparators(m_path), m_rows);
    else if (outcome.error().code == base::ErrorCode::Cancelled)
        emit cancelled();
    else
        emit failed(outcome.error());
}

} // namespace gatehouse::ui
