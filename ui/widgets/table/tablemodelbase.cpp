#include "widgets/table/tablemodelbase.h"

#include "theme/icons.h"

#include <QAbstractProxyModel>

namespace gatehouse::ui {

Qt::Alignment ColumnTraits::alignmentOrUsual() const
{
    if (alignment)
        return *alignment;
    return Qt::AlignVCenter | (kind == ColumnKind::Number ? Qt::AlignRight : Qt::AlignLeft);
}

QStringList inBothLanguages(const QString &shown, const QString &english)
{
    return shown == english ? QStringList{shown} : QStringList{shown, english};
}

TableModelBase::TableModelBase(std::vector<ColumnTraits> traits, QObject *parent)
    : QAbstractTableModel(parent)
    , m_traits(std::move(traits))
{}

void TableModelBase::setTraits(std::vector<ColumnTraits> traits)
{
    m_traits = std::move(traits);
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

int TableModelBase::columnOf(const QString &key) const
{
    const auto found = std::find_if(
        m_traits.begin(), m_traits.end(), [&](const ColumnTraits &one) { return one.key == key; });
    return found == m_traits.end() ? -1 : static_cast<int>(found - m_traits.begin());
}

int TableModelBase::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_traits.size());
}

bool TableModelBase::holds(const QModelIndex &index) const
{
    return index.isValid() && index.row() < rowCount() && index.column() < columnCount();
}

QVariant TableModelBase::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical || section < 0 || section >= columnCount())
        return {};
    const ColumnTraits &column = traits(section);
    const QString title = column.title ? column.title() : QString();
    switch (role) {
    case Qt::DisplayRole:
        return column.icon.isEmpty() ? QVariant(title) : QVariant(QString());
    case Qt::DecorationRole:
        return column.icon.isEmpty() ? QVariant() : QVariant(icon(column.icon));
    case Qt::ToolTipRole:
        return column.explanation ? column.explanation() : title;
    case Qt::AccessibleTextRole:
        return title;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(column.alignmentOrUsual());
    default:
        return {};
    }
}

void TableModelBase::retranslate()
{
    if (columnCount() == 0)
        return;
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    refreshCells();
}

void TableModelBase::refreshCells()
{
    if (rowCount() > 0 && columnCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void TableModelBase::refreshColumn(const QString &key)
{
    const int column = columnOf(key);
    if (column >= 0 && rowCount() > 0)
        emit dataChanged(index(0, column), index(rowCount() - 1, column));
}

const TableModelBase *tableModelOf(const QAbstractItemModel *model)
{
    while (const auto *proxy = qobject_cast<const QAbstractProxyModel *>(model))
        model = proxy->sourceModel();
    return qobject_cast<const TableModelBase *>(model);
}

QModelIndex sourceIndex(const QModelIndex &index)
{
    QModelIndex source = index;
    while (const auto *proxy = qobject_cast<const QAbstractProxyModel *>(source.model()))
        source = proxy->mapToSource(source);
    return source;
}

} // namespace gatehouse::ui
