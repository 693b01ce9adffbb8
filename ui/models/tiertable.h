#pragma once

#include "base/result.h"
#include "domain/modelprice.h"
#include "models/partrowstable.h"

namespace gatehouse::ui {

class TierModel;

// The long-context tiers of a price, edited in place.
class TierTable : public PartRowsTable
{
    Q_OBJECT

public:
    explicit TierTable(QWidget *parent = nullptr);

    void setTiers(const std::vector<domain::PriceTier> &tiers);
    base::Result<std::vector<domain::PriceTier>> tiers() const;
    TierModel &model() const { return *m_model; }

private:
    TierTable(TierModel *model, QWidget *parent);

    TierModel *m_model = nullptr;
};

} // namespace gatehouse::ui
