#include "charts/timeseries.h"

#include <QAbstractTableModel>
#include <QDateTime>

#include <limits>

namespace gatehouse::ui {

namespace {

// The numbers of a chart, one row a step.
class TimeSeriesModel : public QAbstractTableModel
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TimeSeriesModel)

public:
    TimeSeriesModel(const TimeSeries &series, QObject *parent)
        : QAbstractTableModel(parent)
        , m_series(series)
        , m_columns(series.columns())
    {}

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_series.starts.size());
    }

    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size()) + 1;
    }

    QVariant data(const QModelIndex &index, int role) const override
    {
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

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal)
            return {};
        if (role == Qt::TextAlignmentRole)
            return alignment(section);
        if (role != Qt::DisplayRole)
            return {};
        return section == 0 ? tr("Time") : m_columns.at(section - 1).name;
    }

private:
    static QVariant alignment(int column)
    {
        return QVariant(column == 0 ? Qt::AlignLeft | Qt::AlignVCenter
                                    : Qt::AlignRight | Qt::AlignVCenter);
    }

    const TimeSeries m_series;
    const QList<ChartColumn> m_columns;
};

} // namespace

QAbstractItemModel *tableModel(const TimeSeries &series, QObject *parent)
{
    return new TimeSeriesModel(series, parent);
}

} // namespace gatehouse::ui
