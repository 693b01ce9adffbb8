#pragma once

#include "models/partrowsmodel.h"

namespace gatehouse::ui {

// The long-context tiers of a price as texts that can be edited in place: from how many input tokens
// on each applies, then the prices of tokens.
class TierModel : public PartRowsModel
{
    Q_OBJECT

public:
    explicit TierModel(QObject *parent = nullptr);

    void setTiers(const std::vector<domain::PriceTier> &tiers);
    // By rising length; rows in which nothing stands are left out. InvalidInput: why they make no sense.
    base::Result<std::vector<domain::PriceTier>> tiers() const;

private:
    base::Result<domain::PriceTier> tierFrom(const QStringList &row) const;
};

} // namespace gatehouse::ui
