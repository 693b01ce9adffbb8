#pragma once

#include "widgets/table/tablemodelbase.h"

#include <QPair>

namespace gatehouse::ui {

// The rows of a PairTable, which can be edited in place.
class PairModel : public TableModelBase
{
    Q_OBJECT

public:
    using Pairs = QList<QPair<QString, QString>>;

    explicit PairModel(QObject *parent = nullptr);

    void setTitles(const QString &left, const QString &right);
    const Pairs &pairs() const { return m_pairs; }
    void setPairs(const Pairs &pairs);
    // Gives the row of the new, empty pair.
    int append();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;

private:
    Pairs m_pairs{};
};

} // namespace gatehouse::ui
