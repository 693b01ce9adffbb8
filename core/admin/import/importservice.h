#pragma once

#include "admin/actor.h"
#include "admin/channels/channeladdress.h"
#include "admin/foundation.h"
#include "admin/import/importplan.h"
#include "admin/upkeep/backupservice.h"

#include <QObject>
#include <QThreadPool>

#include <deque>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace gatehouse::admin {

class ImportStore;

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

    // A request to `stop` ends these with Cancelled, unless the last step of storing has begun.
    //
    // What an import would do. Changes nothing.
    Answer<ImportReport>
    plan(const Actor &actor, const QString &path, const std::stop_source &stop = {});
    // Makes a safety copy of the present data (not on PostgreSQL, and not if nothing is to be imported), then
    // stores all of it or nothing, and answers when it is in force. Those that are asked for at the same time
    // store one after the other.
    Answer<ImportReport>
    carryOut(const Actor &actor, const QString &path, const std::stop_source &stop = {});
    // Asks all that runs to stop, whoever began it.
    void stopAll();

    // What the last carryOut() came to, for those who were not there when it ended; not if it was stopped.
    struct Outcome
    {
        QString path{};
        base::Result<ImportReport> report{};
    };
    const std::optional<Outcome> &lastOutcome() const { return m_lastOutcome; }
    void forgetOutcome() { m_lastOutcome.reset(); }

private:
    using Source = std::shared_ptr<const storage::ForeignGateway>;
    struct Judgement
    {
        ImportGround ground{};
        ImportPlan plan{};
    };
    using Plan = std::shared_ptr<const Judgement>;
    // One that is to be stored.
    struct Storing
    {
        Source source{};
        QString safetyCopy{};
        std::stop_token stop{};
        std::shared_ptr<QPromise<base::Result<ImportReport>>> promise{};
        int tries = 0;
    };
    Answer<Source> read(const QString &path, const std::stop_token &stop);
    Answer<Plan> judge(Source source, const std::stop_token &stop);
    Answer<QString> makeSafetyCopy();
    Answer<ImportReport>
    store(Source source, const QString &safetyCopy, const std::stop_token &stop);
    void storeNext();
    void prepare(Storing storing);
    void gather(Storing storing, std::shared_ptr<ImportStore> store);
    void settle(Storing storing, std::shared_ptr<ImportStore> store);
    void finishStoring(const Storing &storing, base::Result<ImportReport> outcome);
    Answer<ImportReport> readAndPlan(const QString &path, const std::stop_token &stop);
    Answer<ImportReport> readAndStore(const QString &path, const std::stop_token &stop);
    void begin(const std::stop_source &stop);
    Answer<ImportReport> endOf(Answer<ImportReport> work,
                               const std::stop_source &stop,
                               std::function<void(const base::Result<ImportReport> &)> note = {});

    const Foundation m_base;
    BackupService &m_backups;
    const OwnAddress m_isOwnAddress;
    std::vector<std::stop_source> m_running{};
    bool m_isOver = false; // nothing is to begin any more
    std::deque<Storing> m_toStore{};
    bool m_isStoring = false;
    std::optional<Outcome> m_lastOutcome{};
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
