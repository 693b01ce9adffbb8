#include "widgets/table/tableexporter.h"

#include "admin/flow.h"
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

using base::Result;

namespace {

Result<> save(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        return {};
    return base::fail(
        base::ErrorCode::Unavailable,
        base::Message::tr("The file %1 could not be written. Check the permissions and "
                          "the free space of its folder.")
            .arg(QDir::toNativeSeparators(path)),
        file.errorString());
}

} // namespace

TableExporter::TableExporter(QWidget *window)
    : QObject(window)
    , m_window(window)
{}

void TableExporter::ask(TableView *view, const QString &name)
{
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
    const TableExtract extract = TableExtract::of(view, false);
    const bool isJson = path.endsWith(u".json"_s, Qt::CaseInsensitive);
    const auto work = [extract, path, isJson]() -> Result<> {
        // Spreadsheets take a file without the mark for one in the local encoding.
        constexpr QByteArrayView mark = "\xEF\xBB\xBF";
        return save(path,
                    isJson ? extract.json().toUtf8() : mark.toByteArray() + extract.csv().toUtf8());
    };
    admin::runIn(*QThreadPool::globalInstance(), work)
        .then(this,
              [this, path, rows = static_cast<int>(extract.rows.size())](const Result<> &outcome) {
                  if (outcome)
                      emit finished(QDir::toNativeSeparators(path), rows);
                  else
                      emit failed(outcome.error());
              });
}

} // namespace gatehouse::ui
