#pragma once

#include <QCoreApplication>
#include <QJsonArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <memory>

class QMimeData;
class QTableView;

namespace gatehouse::ui {

class TableModelBase;

// What is selected in a table as texts: the visible columns in their order on the screen.
struct TableExtract
{
    QStringList keys{};
    QStringList titles{};
    QList<QStringList> rows{};
    QJsonArray objects{}; // by the columns' keys; numbers stay numbers

    // All rows, or only those that are selected.
    static TableExtract of(const QTableView &view, bool selectedOnly);

    QString tsv() const; // without titles, for spreadsheets
    QString csv() const; // with titles, RFC 4180
    QString markdown() const;
    QString json() const;
    // As tab-separated text and as JSON; the caller owns it.
    QMimeData *mimeData() const;
};

// Takes all that a table shows, in pieces, so that a long one does not keep the window from answering.
// What changes in it meanwhile is not taken.
class TableExtraction
{
public:
    explicit TableExtraction(const QTableView &view);
    ~TableExtraction();

    int rowCount() const { return m_rowCount; }
    int taken() const { return static_cast<int>(m_extract.rows.size()); }
    // Goes on for about so long; true: some are left.
    bool take(std::chrono::milliseconds time);
    TableExtract result() { return std::move(m_extract); }

private:
    std::unique_ptr<TableModelBase> m_model; // null: all of it was taken at once
    QList<int> m_columns{};
    int m_rowCount = 0;
    TableExtract m_extract{};
};

} // namespace gatehouse::ui
