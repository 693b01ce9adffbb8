#pragma once

#include "base/result.h"
#include "domain/modelprice.h"
#include "widgets/table/tablemodelbase.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// The long-context tiers of a price as texts that can be edited in place: from how many input tokens
// on each applies, then the prices of tokens.
class TierModel : public TableModelBase
{
    Q_OBJECT

public:
    explicit TierModel(QObject *parent = nullptr);

    void setTiers(const std::vector<domain::PriceTier> &tiers);
    // By rising length; rows in which nothing stands are left out. InvalidInput: why they make no sense.
    base::Result<std::vector<domain::PriceTier>> tiers() const;
    // Gives the row of the new, empty tier.
    int append();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;

private:
    static base::Result<domain::PriceTier> tierFrom(const QStringList &row);

    QList<QStringList> m_rows{};
};

} // namespace gatehouse::ui
