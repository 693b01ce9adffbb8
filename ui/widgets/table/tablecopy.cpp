#include "widgets/table/tablecopy.h"

#include "widgets/table/tablemodelbase.h"

#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QMimeData>
#include <QTableView>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

QList<int> visibleColumns(const QTableView &view)
{
    QList<int> columns;
    const QHeaderView *header = view.horizontalHeader();
    for (int visual = 0; visual < header->count(); ++visual) {
        if (!header->isSectionHidden(header->logicalIndex(visual)))
            columns.append(header->logicalIndex(visual));
    }
    return columns;
}

QString textOf(const QModelIndex &index)
{
    const auto cell = index.data(role::cell).value<Cell>();
    QStringList parts{cell.text, cell.suffix, cell.tags.join(u", "_s)};
    parts.removeAll(QString());
    if (parts.isEmpty() && cell.checked)
        return *cell.checked ? u"true"_s : u"false"_s;
    return parts.join(u' ');
}

QJsonValue valueOf(const QModelIndex &index, const QString &text)
{
    const QVariant value = index.data(role::json);
    if (value.isValid())
        return QJsonValue::fromVariant(value);
    const auto cell = index.data(role::cell).value<Cell>();
    if (cell.checked)
        return *cell.checked;
    if (cell.secondary && cell.text == u"—"_s)
        return QJsonValue::Null;
    const QVariant sort = index.data(role::sort);
    const bool number = sort.typeId() == QMetaType::Int || sort.typeId() == QMetaType::LongLong
                        || sort.typeId() == QMetaType::Double;
    return number ? QJsonValue::fromVariant(sort) : QJsonValue(text);
}

QString onOneLine(QString text)
{
    for (QChar &character : text) {
        if (character == u'\t' || character == u'\n' || character == u'\r')
            character = u' ';
    }
    return text;
}

// A spreadsheet would take these for a formula; numbers are none.
QString guarded(const QString &text)
{
    bool isNumber = false;
    QLocale().toDouble(text, &isNumber);
    const bool formula = !text.isEmpty() && u"=+-@\t\r"_s.contains(text.front()) && !isNumber;
    return formula ? QString(u'\'' + text) : text;
}

QString quotedForCsv(const QString &plainText)
{
    const QString text = guarded(plainText);
    const bool plain = !text.contains(u'"') && !text.contains(u',') && !text.contains(u'\n')
                       && !text.contains(u'\r');
    return plain ? text : u"\"%1\""_s.arg(QString(text).replace(u'"', u"\"\""_s));
}

QString joined(const QStringList &cells, const QString &separator, QString (*form)(const QString &))
{
    QStringList formed;
    for (const QString &cell : cells)
        formed.append(form(cell));
    return formed.join(separator);
}

QString forMarkdown(const QString &text)
{
    return onOneLine(text).replace(u'\\', u"\\\\"_s).replace(u'|', u"\\|"_s);
}

void addTitles(TableExtract &extract,
               const QAbstractItemModel &model,
               const TableModelBase &table,
               const QList<int> &columns)
{
    for (const int column : columns) {
        extract.keys.append(table.traits(column).key);
        extract.titles.append(
            model.headerData(column, Qt::Horizontal, Qt::AccessibleTextRole).toString());
    }
}

void addRow(TableExtract &extract,
            const QAbstractItemModel &model,
            int row,
            const QList<int> &columns)
{
    QStringList texts;
    QJsonObject object;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const QModelIndex index = model.index(row, columns.at(i));
        texts.append(textOf(index));
        object.insert(extract.keys.at(i), valueOf(index, texts.back()));
    }
    extract.rows.append(texts);
    extract.objects.append(object);
}

} // namespace

TableExtract TableExtract::of(const QTableView &view, bool selectedOnly)
{
    TableExtract extract;
    const QAbstractItemModel *model = view.model();
    const TableModelBase *table = tableModelOf(model);
    if (!table)
        return extract;
    const QList<int> columns = visibleColumns(view);
    addTitles(extract, *model, *table, columns);
    for (int row = 0; row < model->rowCount(); ++row) {
        if (selectedOnly && !view.selectionModel()->isRowSelected(row))
            continue;
        addRow(extract, *model, row, columns);
    }
    return extract;
}

TableExtraction::TableExtraction(const QTableView &view)
    : m_columns(visibleColumns(view))
{
    const QAbstractItemModel *model = view.model();
    const TableModelBase *table = tableModelOf(model);
    if (!table)
        return;
    QList<int> rows;
    for (int row = 0; row < model->rowCount(); ++row)
        rows.append(sourceIndex(model->index(row, 0)).row());
    m_rowCount = static_cast<int>(rows.size());
    m_model = table->copyOfRows(rows);
    if (m_model)
        addTitles(m_extract, *model, *table, m_columns);
    else
        m_extract = TableExtract::of(view, false);
}

TableExtraction::~TableExtraction() = default;

bool TableExtraction::take(std::chrono::milliseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    while (m_model && taken() < m_rowCount) {
        addRow(m_extract, *m_model, taken(), m_columns);
        if (std::chrono::steady_clock::now() >= end)
            break;
    }
    return taken() < m_rowCount;
}

QString TableExtract::tsv() const
{
    QStringList lines;
    for (const QStringList &row : rows)
        lines.append(
            joined(row, u"\t"_s, [](const QString &text) { return onOneLine(guarded(text)); }));
    return lines.join(u'\n');
}

QString TableExtract::csv() const
{
    QStringList lines{joined(titles, u","_s, quotedForCsv)};
    for (const QStringList &row : rows)
        lines.append(joined(row, u","_s, quotedForCsv));
    return lines.join(u"\r\n"_s) + u"\r\n"_s;
}

QString TableExtract::markdown() const
{
    const auto line = [](const QStringList &cells) -> QString {
        return u"| "_s + joined(cells, u" | "_s, forMarkdown) + u" |\n"_s;
    };
    QString text = line(titles);
    text += u"|"_s + u" --- |"_s.repeated(titles.size()) + u"\n"_s;
    for (const QStringList &row : rows)
        text += line(row);
    return text;
}

QString TableExtract::json() const
{
    return QString::fromUtf8(QJsonDocument(objects).toJson());
}

QMimeData *TableExtract::mimeData() const
{
    auto *data = new QMimeData;
    data->setText(tsv());
    data->setData(u"application/json"_s, QJsonDocument(objects).toJson());
    return data;
}

} // namespace gatehouse::ui
