#pragma once

#include "charts/timeseries.h"

#include <QAbstractTableModel>

namespace gatehouse::ui {

// The numbers of a chart as a table, one row a step: the time and a column for each series.
class TimeSeriesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit TimeSeriesModel(QObject *parent = nullptr);

    // Steps that stay keep their rows, so that what is selected does.
    void setSeries(const TimeSeries &series);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool canFollow(const TimeSeries &series) const;

    TimeSeries m_series{};
    QList<ChartColumn> m_columns{};
};

} // namespace gatehouse::ui
