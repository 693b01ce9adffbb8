#pragma once

#include "admin/foundation.h"
#include "admin/upkeep/ownconnection.h"
#include "storage/maintenance.h"

#include <QObject>

namespace gatehouse::admin {

using storage::DatabaseSpace;

// Looks after the SQLite database while the program runs. Lives in the main thread; the work is done in
// a thread of its own, one job after the other.
class MaintenanceService : public QObject
{
    Q_OBJECT

public:
    explicit MaintenanceService(const Foundation &foundation, QObject *parent = nullptr);
    ~MaintenanceService() override;
    // Breaks off what runs in another thread.
    void endWork() { m_work.end(); }

    // False on PostgreSQL, which has tools of its own.
    bool isOffered() const;

    Answer<DatabaseSpace> space();
    // Gives back to the disk what the database does not use, and tells what it takes then. Writes of
    // others wait for it, among them the lines of the ledger without which no answer ends: to be called
    // while nothing is being served.
    Answer<DatabaseSpace> compact();
    // Reads all of it. An error says what is wrong.
    Answer<> check();
    // Breaks off what compact() and check() have under way, or waiting; they answer Cancelled, and the
    // database is as it was.
    void cancel();

private:
    const Foundation m_base;
    OwnConnection m_work;
    std::stop_source m_cancel{}; // of what was asked for since the last cancel()
};

} // namespace gatehouse::admin
