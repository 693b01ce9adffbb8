#pragma once

#include <QCoreApplication>
#include <QJsonArray>
#include <QList>
#include <QString>
#include <QStringList>

class QMimeData;
class QTableView;

namespace gatehouse::ui {

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

} // namespace gatehouse::ui
