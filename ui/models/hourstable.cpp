#include "models/hourstable.h"

#include "models/hoursmodel.h"

namespace gatehouse::ui {

HoursTable::HoursTable(QWidget *parent)
    : HoursTable(new HoursModel, parent)
{}

HoursTable::HoursTable(HoursModel *model, QWidget *parent)
    : PartRowsTable(model,
                    {.name = tr("Prices at certain hours"),
                     .add = tr("Add hours"),
                     .remove = tr("Remove the selected hours")},
                    parent)
    , m_model(model)
{}

void HoursTable::setWindows(const std::vector<domain::PriceWindow> &windows)
{
    m_model->setWindows(windows);
}

base::Result<std::vector<domain::PriceWindow>> HoursTable::windows() const
{
    return m_model->windows();
}

} // namespace gatehouse::ui
