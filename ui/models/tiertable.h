#pragma once

#include "base/result.h"
#include "domain/modelprice.h"

#include <QWidget>

class QToolButton;

namespace gatehouse::ui {

class TableView;
class TierModel;

// The long-context tiers of a price, edited in place.
class TierTable : public QWidget
{
    Q_OBJECT
    Q_PROPERTY(QStringList entered READ entered USER true)

public:
    explicit TierTable(QWidget *parent = nullptr);

    void setTiers(const std::vector<domain::PriceTier> &tiers);
    base::Result<std::vector<domain::PriceTier>> tiers() const;
    // The texts of all cells, whether they make sense or not.
    QStringList entered() const;
    TierModel &model() const { return *m_model; }

signals:
    void changed();

private:
    void addTier();
    void removeTiers();
    void updateTools();

    TierModel *m_model = nullptr;
    TableView *m_view = nullptr;
    QToolButton *m_add = nullptr;
    QToolButton *m_remove = nullptr;
};

} // namespace gatehouse::ui
