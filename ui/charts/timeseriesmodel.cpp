#include "charts/timeseriesmodel.h"

#include <QDateTime>

#include <limits>

namespace gatehouse::ui {

namespace {

QVariant alignment(int column)
{
    return QVariant(column == 0 ? Qt::AlignLeft | Qt::AlignVCenter
                                : Qt::AlignRight | Qt::AlignVCenter);
}

QStringList namesOf(const QList<ChartColumn> &columns)
{
    QStringList names;
    for (const ChartColumn &column : columns)
        names.append(column.name);
    return names;
}

} // namespace

TimeSeriesModel::TimeSeriesModel(QObject *parent)
    : QAbstractTableModel(parent)
{}

// Whether the new steps are those of now without some of the first, and further ones.
bool TimeSeriesModel::canFollow(const TimeSeries &series) const
{
    if (series.starts.isEmpty() || namesOf(m_columns) != namesOf(series.columns()))
        return false;
    const qsizetype dropped = m_series.starts.indexOf(series.starts.first());
    if (dropped < 0)
        return false;
    const qsizetype kept = m_series.starts.size() - dropped;
    return kept <= series.starts.size()
           && m_series.starts.mid(dropped) == series.starts.first(kept);
}

void TimeSeriesModel::setSeries(const TimeSeries &series)
{
    if (!canFollow(series)) {
        beginResetModel();
        m_series = series;
        m_columns = series.columns();
        endResetModel();
        return;
    }
    const auto dropped = static_cast<int>(m_series.starts.indexOf(series.starts.first()));
    if (dropped > 0) {
        beginRemoveRows({}, 0, dropped - 1);
        m_series.starts.remove(0, dropped);
        for (ChartColumn &column : m_columns)
            column.values.remove(0, qMin<qsizetype>(dropped, column.values.size()));
        endRemoveRows();
    }
    const int kept = rowCount();
    const auto wanted = static_cast<int>(series.starts.size());
    if (wanted > kept)
        beginInsertRows({}, kept, wanted - 1);
    m_series = series;
    m_columns = series.columns();
    if (wanted > kept)
        endInsertRows();
    emit dataChanged(index(0, 0), index(wanted - 1, columnCount() - 1));
}

int TimeSeriesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_series.starts.size());
}

int TimeSeriesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size()) + 1;
}

QVariant TimeSeriesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column());
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == 0) {
        const ChartPeriod step{m_series.starts.at(index.row()), m_series.endOf(index.row())};
        return periodText(step, QDateTime::currentMSecsSinceEpoch());
    }
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    return m_series.text(m_columns.at(index.column() - 1).values.value(index.row(), nothing));
}

QVariant TimeSeriesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Time") : m_columns.at(section - 1).name;
}

} // namespace gatehouse::ui
