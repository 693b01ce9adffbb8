#pragma once

#include "admin/actor.h"
#include "admin/channels/channeladdress.h"
#include "admin/foundation.h"
#include "admin/import/importplan.h"
#include "admin/upkeep/backupservice.h"

#include <QObject>
#include <QThreadPool>

#include <stop_token>

namespace gatehouse::admin {

// Takes over users, tokens, channels, groups and settings of One API or New API from their SQLite
// database, which is only read, so that the other program may run meanwhile. For root alone, since it reads
// a file by its path. Lives in the main thread; files are read in another.
class ImportService : public QObject
{
    Q_OBJECT

public:
    ImportService(const Foundation &foundation,
                  BackupService &backups,
                  OwnAddress isOwnAddress,
                  QObject *parent = nullptr);
    ~ImportService() override;
    // Ends all reading for good, and waits until nothing of this runs in another thread.
    void waitForWork();

    // What an import would do. Changes nothing.
    Answer<ImportReport> plan(const Actor &actor, const QString &path);
    // Makes a safety copy of the present data (not on PostgreSQL, and not if nothing is to be imported), then
    // stores all of it or nothing, and answers when it is in force.
    Answer<ImportReport> carryOut(const Actor &actor, const QString &path);
    // What was asked until now ends with Cancelled, unless it is being stored already.
    void cancel();

private:
    using Source = std::shared_ptr<const storage::ForeignGateway>;
    using Plan = std::shared_ptr<const ImportPlan>;
    Answer<Source> read(const QString &path, const std::stop_token &stop);
    Answer<Plan> judge(Source source);
    Answer<QString> makeSafetyCopy();
    Answer<ImportReport> store(Source source, const QString &safetyCopy);

    const Foundation m_base;
    BackupService &m_backups;
    const OwnAddress m_isOwnAddress;
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
