#pragma once

#include "widgets/table/tablemodel.h"

namespace gatehouse::ui {

template<typename Row, typename Key>
QVariant TableModel<Row, Key>::data(const QModelIndex &index, int role) const
{
    if (!holds(index))
        return {};
    const Row &value = row(index.row());
    const Column<Row> &column = m_columns.at(static_cast<size_t>(index.column()));
    switch (role) {
    case role::cell:
        return QVariant::fromValue(column.cell(value));
    case Qt::DisplayRole:
        return column.cell(value).text;
    case Qt::ToolTipRole:
        return column.cell(value).toolTip;
    case Qt::AccessibleTextRole:
        return column.cell(value).accessibleText();
    case Qt::CheckStateRole: {
        const Cell cell = column.cell(value);
        if (!cell.checked)
            return {};
        return static_cast<int>(cell.partly     ? Qt::PartiallyChecked
                                : *cell.checked ? Qt::Checked
                                                : Qt::Unchecked);
    }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(column.traits.alignmentOrUsual());
    case Qt::EditRole:
        return column.edit ? column.edit(value) : QVariant();
    case role::sort:
        return column.sort ? column.sort(value) : QVariant(column.cell(value).text);
    case role::words: {
        if (column.words)
            return column.words(value);
        const Cell cell = column.cell(value);
        return QStringList{cell.text, cell.suffix} + cell.tags;
    }
    case role::dimmed:
        return m_dimmed && m_dimmed(value);
    default:
        return column.other ? column.other(value, role) : QVariant();
    }
}

template<typename Row, typename Key>
Qt::ItemFlags TableModel<Row, Key>::flags(const QModelIndex &index) const
{
    if (!holds(index))
        return Qt::ItemIsDropEnabled;
    Qt::ItemFlags flags =
        Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
    const Column<Row> &column = m_columns.at(static_cast<size_t>(index.column()));
    const Row &value = row(index.row());
    if (column.edit && column.edit(value).isValid()) {
        const bool checkable = column.cell(value).checked.has_value();
        flags |= checkable ? Qt::ItemIsUserCheckable : Qt::ItemIsEditable;
    }
    return flags;
}

template<typename Row, typename Key>
std::unique_ptr<TableModelBase> TableModel<Row, Key>::copyOfRows(const QList<int> &rows) const
{
    auto copy = std::make_unique<TableModel>(m_columns, m_keyOf);
    copy->m_rows.reserve(static_cast<size_t>(rows.size()));
    for (const int one : rows)
        copy->m_rows.push_back(row(one));
    return copy;
}

template<typename Row, typename Key>
const Row *TableModel<Row, Key>::rowAt(const QModelIndex &index) const
{
    const QModelIndex source = sourceIndex(index);
    return source.isValid() && source.model() == this ? &row(source.row()) : nullptr;
}

template<typename Row, typename Key>
int TableModel<Row, Key>::rowOf(const Key &key) const
{
    const auto found = std::find_if(
        m_rows.begin(), m_rows.end(), [&](const Row &one) { return m_keyOf(one) == key; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

template<typename Row, typename Key>
void TableModel<Row, Key>::setRows(std::vector<Row> rows)
{
    QHash<Key, int> wanted;
    wanted.reserve(static_cast<qsizetype>(rows.size()));
    std::vector<Row> distinct;
    distinct.reserve(rows.size());
    for (Row &one : rows) {
        const Key key = m_keyOf(one);
        if (wanted.contains(key))
            continue;
        wanted.insert(key, static_cast<int>(distinct.size()));
        distinct.push_back(std::move(one));
    }
    removeOthers(wanted);
    reorder(wanted);
    insertAndChange(std::move(distinct));
}

template<typename Row, typename Key>
void TableModel<Row, Key>::setRow(Row row)
{
    const int at = rowOf(m_keyOf(row));
    if (at >= 0) {
        change(at, std::move(row));
        return;
    }
    beginInsertRows({}, rowCount(), rowCount());
    m_rows.push_back(std::move(row));
    endInsertRows();
}

template<typename Row, typename Key>
void TableModel<Row, Key>::removeRow(const Key &key)
{
    const int at = rowOf(key);
    if (at < 0)
        return;
    beginRemoveRows({}, at, at);
    m_rows.erase(m_rows.begin() + at);
    endRemoveRows();
}

template<typename Row, typename Key>
std::vector<ColumnTraits> TableModel<Row, Key>::traitsOf(const std::vector<Column<Row>> &columns)
{
    std::vector<ColumnTraits> traits;
    for (const Column<Row> &column : columns)
        traits.push_back(column.traits);
    return traits;
}

template<typename Row, typename Key>
void TableModel<Row, Key>::removeOthers(const QHash<Key, int> &wanted)
{
    for (int last = rowCount() - 1; last >= 0; --last) {
        if (wanted.contains(keyAt(last)))
            continue;
        int first = last;
        while (first > 0 && !wanted.contains(keyAt(first - 1)))
            --first;
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
        last = first;
    }
}

// Brings those that stay into the order of the new list.
template<typename Row, typename Key>
void TableModel<Row, Key>::reorder(const QHash<Key, int> &wanted)
{
    std::vector<std::pair<int, int>> places; // in the new list, now
    for (int row = 0; row < rowCount(); ++row)
        places.emplace_back(wanted.value(keyAt(row)), row);
    if (std::is_sorted(places.begin(), places.end()))
        return;
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    std::sort(places.begin(), places.end());
    std::vector<Row> rows;
    std::vector<int> newRows(places.size());
    for (size_t row = 0; row < places.size(); ++row) {
        const auto before = static_cast<size_t>(places.at(row).second);
        newRows.at(before) = static_cast<int>(row);
        rows.push_back(std::move(m_rows.at(before)));
    }
    m_rows = std::move(rows);
    QModelIndexList moved;
    const QModelIndexList persistent = persistentIndexList();
    for (const QModelIndex &one : persistent)
        moved.append(index(newRows.at(static_cast<size_t>(one.row())), one.column()));
    changePersistentIndexList(persistent, moved);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

template<typename Row, typename Key>
void TableModel<Row, Key>::insertAndChange(std::vector<Row> rows)
{
    const int count = static_cast<int>(rows.size());
    QHash<Key, int> present;
    for (int row = 0; row < rowCount(); ++row)
        present.insert(keyAt(row), row);
    for (int row = 0; row < count; ++row) {
        const auto isNew = [&](int at) {
            return !present.contains(m_keyOf(rows.at(static_cast<size_t>(at))));
        };
        if (!isNew(row)) {
            change(row, std::move(rows.at(static_cast<size_t>(row))));
            continue;
        }
        int last = row;
        while (last + 1 < count && isNew(last + 1))
            ++last;
        beginInsertRows({}, row, last);
        m_rows.insert(m_rows.begin() + row,
                      std::make_move_iterator(rows.begin() + row),
                      std::make_move_iterator(rows.begin() + last + 1));
        endInsertRows();
        row = last;
    }
}

template<typename Row, typename Key>
void TableModel<Row, Key>::change(int row, Row value)
{
    Row &present = m_rows.at(static_cast<size_t>(row));
    if constexpr (std::equality_comparable<Row>) {
        if (present == value)
            return;
    }
    present = std::move(value);
    emit dataChanged(index(row, 0), index(row, columnCount() - 1));
}

} // namespace gatehouse::ui
