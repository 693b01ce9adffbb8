#pragma once

#include "models/partrowsmodel.h"

namespace gatehouse::ui {

// The hours of a price as texts that can be edited in place: the times of the UTC day from and until which
// each applies, from how many input tokens on, and the prices of tokens. Rows of the same hours belong
// together: one of any input, and those of longer ones.
class HoursModel : public PartRowsModel
{
    Q_OBJECT

public:
    explicit HoursModel(QObject *parent = nullptr);

    void setWindows(const std::vector<domain::PriceWindow> &windows);
    // By their beginning; rows in which nothing stands are left out. InvalidInput: why they make no sense.
    base::Result<std::vector<domain::PriceWindow>> windows() const;

    // "16:30". 24:00 is midnight. Nothing: it is no time.
    static std::optional<std::chrono::minutes> timeFrom(const QString &typed);
    static QString textOf(std::chrono::minutes ofDay);
    static QString textOf(const domain::PriceWindow &window);

private:
    base::Result<> add(const QStringList &row, std::vector<domain::PriceWindow> &windows) const;
};

} // namespace gatehouse::ui
