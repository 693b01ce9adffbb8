#include "models/tiertable.h"

#include "models/tiermodel.h"

namespace gatehouse::ui {

TierTable::TierTable(QWidget *parent)
    : TierTable(new TierModel, parent)
{}

TierTable::TierTable(TierModel *model, QWidget *parent)
    : PartRowsTable(model,
                    {.name = tr("Prices of long requests"),
                     .add = tr("Add a tier"),
                     .remove = tr("Remove the selected tiers")},
                    parent)
    , m_model(model)
{}

void TierTable::setTiers(const std::vector<domain::PriceTier> &tiers)
{
    m_model->setTiers(tiers);
}

base::Result<std::vector<domain::PriceTier>> TierTable::tiers() const
{
    return m_model->tiers();
}

} // namespace gatehouse::ui
