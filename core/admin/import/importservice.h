#pragma once

#include "admin/actor.h"
#include "admin/channels/channeladdress.h"
#include "admin/foundation.h"
#include "admin/import/importreport.h"

#include <QObject>
#include <QThreadPool>

namespace gatehouse::admin {

// Takes over users, tokens, channels, groups and settings of One API or New API from their SQLite
// database. Reads only a copy of it, so that the other program may run meanwhile. For root alone, since
// it reads a file by its path. Lives in the main thread; files are read in another.
class ImportService : public QObject
{
    Q_OBJECT

public:
    ImportService(const Foundation &foundation, OwnAddress isOwnAddress, QObject *parent = nullptr);
    ~ImportService() override;
    // Until nothing of this runs in another thread.
    void waitForWork() { m_pool.waitForDone(); }

    // What an import would do. Changes nothing.
    Answer<ImportReport> plan(const Actor &actor, const QString &path);
    // Makes a safety copy of the present data (not on PostgreSQL), then stores all of it or nothing,
    // and answers when it is in force.
    Answer<ImportReport> carryOut(const Actor &actor, const QString &path);

private:
    struct Source;
    Answer<std::shared_ptr<const Source>> read(const QString &path);
    Answer<QString> makeSafetyCopy();
    Answer<ImportReport> store(std::shared_ptr<const Source> source, const QString &safetyCopy);

    const Foundation m_base;
    const OwnAddress m_isOwnAddress;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
