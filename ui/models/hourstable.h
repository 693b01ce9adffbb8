#pragma once

#include "base/result.h"
#include "domain/modelprice.h"
#include "models/partrowstable.h"

namespace gatehouse::ui {

class HoursModel;

// The hours of the day at which a price is another one, edited in place.
class HoursTable : public PartRowsTable
{
    Q_OBJECT

public:
    explicit HoursTable(QWidget *parent = nullptr);

    void setWindows(const std::vector<domain::PriceWindow> &windows);
    base::Result<std::vector<domain::PriceWindow>> windows() const;
    HoursModel &model() const { return *m_model; }

private:
    HoursTable(HoursModel *model, QWidget *parent);

    HoursModel *m_model = nullptr;
};

} // namespace gatehouse::ui
