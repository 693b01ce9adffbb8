#pragma once

#include "admin/foundation.h"

#include <QObject>
#include <QTimer>

namespace gatehouse::admin {

// Fills the budgets of users and tokens up when their next day, week or month begins by the clock of this
// computer; also those whose time came while the program did not run. Lives in the main thread.
class BudgetKeeper : public QObject
{
    Q_OBJECT

public:
    explicit BudgetKeeper(const Foundation &foundation, QObject *parent = nullptr);

signals:
    // So many budgets began anew and are in force.
    void renewed(int budgets);

private:
    void schedule();
    void renew();

    const Foundation m_base;
    QTimer m_timer;
    bool m_renewing = false;
};

} // namespace gatehouse::admin
