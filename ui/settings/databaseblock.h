#pragma once

#include "admin/upkeep/maintenanceservice.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

#include <QTimer>

class QPushButton;

namespace gatehouse::ui {

// What the database takes on the disk; compacts it while the gateway pauses, and reads it through.
class DatabaseBlock : public SettingsBlock
{
    Q_OBJECT

public:
    DatabaseBlock(const Services &services, QWidget *parent);
    ~DatabaseBlock() override;
    void activated() override;

private:
    enum class Step {
        None,
        Waiting, // for requests that are running
        Compacting,
        Checking,
        Stopping, // one of both was cancelled and has not ended yet
    };

    void refresh();
    void askToCompact();
    void begin();
    void compactWhenIdle();
    void cancel();
    void stopWaiting();
    void finish(const base::Result<admin::DatabaseSpace> &outcome);
    void check();

    const Services m_services;
    admin::DatabaseSpace m_space{};
    Step m_step = Step::None;
    QTimer m_idle;
    int m_quietTicks = 0; // in a row, without a running request
    SecondaryLabel *m_size;
    SecondaryLabel *m_progress;
    QPushButton *m_compact;
    QPushButton *m_check;
    QPushButton *m_cancel;
};

} // namespace gatehouse::ui
