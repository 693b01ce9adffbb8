#pragma once

#include <QStringList>

#include <utility>
#include <vector>

namespace gatehouse::app {

// Rows of text below headings, aligned for a terminal by the cells that characters take there.
class Table
{
public:
    enum class Align { Left, Right };
    struct Column
    {
        QString heading{};
        Align align = Align::Left;
    };

    explicit Table(std::vector<Column> columns)
        : m_columns(std::move(columns))
    {}

    // One text for each column.
    void add(const QStringList &cells);
    bool isEmpty() const { return m_rows.empty(); }
    // Lines without the last line break.
    QString text() const;

private:
    std::vector<Column> m_columns;
    std::vector<QStringList> m_rows{};
};

// A name and a value a line, for all there is to know of one thing.
using Facts = std::vector<std::pair<QString, QString>>;
QString factsText(const Facts &facts);

// How many cells of a terminal the text takes: two for each wide character of East Asia and for
// pictures, none for marks that stand on the one before.
qsizetype cellsOf(const QString &text);
// The text in one line, without what would command the terminal.
QString plainLine(const QString &text);

} // namespace gatehouse::app
