#include "widgets/table/pairmodel.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

std::vector<ColumnTraits> columns(const QString &left, const QString &right)
{
    return {{.key = u"left"_s, .title = [left] { return left; }, .width = 200, .sortable = false},
            {.key = u"right"_s,
             .title = [right] { return right; },
             .stretch = true,
             .sortable = false}};
}

} // namespace

const QString PairModel::mask(8, u'•');

PairModel::PairModel(QObject *parent)
    : TableModelBase(columns({}, {}), parent)
{}

void PairModel::setTitles(const QString &left, const QString &right)
{
    setTraits(columns(left, right));
}

void PairModel::setPairs(const Pairs &pairs, const QList<bool> &hidden)
{
    Q_ASSERT(hidden.isEmpty() || hidden.size() == pairs.size());
    beginResetModel();
    m_pairs = pairs;
    m_hidden = hidden.isEmpty() ? QList<bool>(pairs.size(), false) : hidden;
    endResetModel();
}

void PairModel::reveal()
{
    beginResetModel();
    m_hidden.fill(false);
    endResetModel();
}

QString PairModel::shown(int row) const
{
    return isHidden(row) ? mask : m_pairs.at(row).second;
}

int PairModel::append()
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_pairs.append(QPair<QString, QString>());
    m_hidden.append(false);
    endInsertRows();
    return row;
}

int PairModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_pairs.size());
}

QVariant PairModel::data(const QModelIndex &index, int role) const
{
    if (!holds(index))
        return {};
    const QString text = index.column() == 0 ? m_pairs.at(index.row()).first : shown(index.row());
    switch (role) {
    case Qt::EditRole: // the new one is entered as a whole
        return index.column() == 1 && isHidden(index.row()) ? QString() : text;
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case role::sort:
        return text;
    case role::cell:
        return QVariant::fromValue(Cell::of(text));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(traits(index.column()).alignmentOrUsual());
    default:
        return {};
    }
}

bool PairModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!holds(index) || role != Qt::EditRole)
        return false;
    const QString text = value.toString().trimmed();
    if (index.column() == 1 && isHidden(index.row())) {
        if (text.isEmpty()) // nothing was entered
            return false;
        m_hidden[index.row()] = false;
    }
    QPair<QString, QString> &pair = m_pairs[index.row()];
    (index.column() == 0 ? pair.first : pair.second) = text;
    emit dataChanged(index, index);
    return true;
}

Qt::ItemFlags PairModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags base = TableModelBase::flags(index);
    return index.isValid() ? base | Qt::ItemIsEditable : base;
}

bool PairModel::removeRows(int row, int count, const QModelIndex &parent)
{
    if (parent.isValid() || row < 0 || count < 1 || row + count > rowCount())
        return false;
    beginRemoveRows({}, row, row + count - 1);
    m_pairs.remove(row, count);
    m_hidden.remove(row, count);
    endRemoveRows();
    return true;
}

} // namespace gatehouse::ui
