#pragma once

#include "widgets/table/tablemodelbase.h"

#include <QHash>

#include <algorithm>

namespace gatehouse::ui {

// A column of rows of one type.
template<typename Row>
struct Column
{
    ColumnTraits traits{};
    std::function<Cell(const Row &)> cell{};
    std::function<QVariant(const Row &)> sort{};       // absent: the text; invalid values go last
    std::function<QStringList(const Row &)> words{};   // absent: the text
    std::function<QVariant(const Row &)> edit{};       // the editor's value; invalid: not editable
    std::function<QVariant(const Row &, int)> other{}; // by role, such as of a chart's delegate
};

// A table of values. A page declares the columns and hands over new lists as they come: what is the
// same stays, so that selection, current row and scrolling do. `Key` tells rows apart.
template<typename Row, typename Key = qint64>
class TableModel : public TableModelBase
{
public:
    TableModel(std::vector<Column<Row>> columns,
               std::function<Key(const Row &)> keyOf,
               QObject *parent = nullptr)
        : TableModelBase(traitsOf(columns), parent)
        , m_columns(std::move(columns))
        , m_keyOf(std::move(keyOf))
    {}

    // Rows of which this is true are painted as switched off.
    void setDimmed(std::function<bool(const Row &)> dimmed) { m_dimmed = std::move(dimmed); }

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    std::unique_ptr<TableModelBase> copyOfRows(const QList<int> &rows) const override;

    const std::vector<Row> &rows() const { return m_rows; }
    const Row &row(int row) const { return m_rows.at(static_cast<size_t>(row)); }
    // Of an index of this model or of any filter above it; null: invalid.
    const Row *rowAt(const QModelIndex &index) const;
    Key keyAt(int row) const { return m_keyOf(m_rows.at(static_cast<size_t>(row))); }
    // -1: there is none.
    int rowOf(const Key &key) const;

    // Takes over a new list in its order, as the fewest removals, moves, insertions and changes.
    void setRows(std::vector<Row> rows);
    // Changes one row, or appends it.
    void setRow(Row row);
    void removeRow(const Key &key);
    using QAbstractItemModel::removeRow;

private:
    static std::vector<ColumnTraits> traitsOf(const std::vector<Column<Row>> &columns);
    void removeOthers(const QHash<Key, int> &wanted);
    void reorder(const QHash<Key, int> &wanted);
    void insertAndChange(std::vector<Row> rows);
    void change(int row, Row value);

    std::vector<Column<Row>> m_columns{};
    std::function<Key(const Row &)> m_keyOf{};
    std::function<bool(const Row &)> m_dimmed{};
    std::vector<Row> m_rows{};
};

} // namespace gatehouse::ui

#include "widgets/table/tablemodelimplementation.h"
