#pragma once

#include "admin/actor.h"
#include "admin/channels/channelservice.h"
#include "admin/configs/proposedchannels.h"
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

// What would come of a file.
struct ImportPreview
{
    ImportReport report{};
    // Of sources that have channels alone: all that could be made. Such as are here already are marked.
    std::vector<ProposedChannel> channels{};

    // The places of those that are not here yet.
    std::vector<size_t> fresh() const;
};

// Takes over users, tokens, channels, groups and settings of One API or New API from their SQLite
// database, and channels from the files of other programs: the database of cc-switch, configurations, a
// `.env` file. Which it is, its content tells. The file is only read, so that the other program may run
// meanwhile. For root alone, since it reads a file by its path. Lives in the main thread; files are read in
// another.
class ImportService : public QObject
{
    Q_OBJECT

public:
    // Names within a configuration are looked up in `environment`.
    ImportService(const Foundation &foundation,
                  BackupService &backups,
                  ChannelService &channels,
                  OwnAddress isOwnAddress,
                  Variables environment = {},
                  QObject *parent = nullptr);
    ~ImportService() override;
    // Ends all reading for good, and waits until nothing of this runs in another thread.
    void waitForWork();

    // A request to `stop` ends these with Cancelled, unless the last step of storing has begun.
    //
    // What an import would do. Changes nothing. A file larger than `largest` bytes is refused with
    // LimitReached without being read; 0: none is.
    Answer<ImportPreview> look(const Actor &actor,
                               const QString &path,
                               const std::stop_source &stop = {},
                               qint64 largest = 0);
    Answer<ImportReport>
    plan(const Actor &actor, const QString &path, const std::stop_source &stop = {});
    // Makes a safety copy of the present data (not on PostgreSQL, and not if nothing is to be imported), then
    // stores all of it or nothing, and answers when it is in force. Those that are asked for at the same time
    // store one after the other. Where there are channels alone, those that are not here yet are made.
    Answer<ImportReport>
    carryOut(const Actor &actor, const QString &path, const std::stop_source &stop = {});
    // Makes those of the proposed channels as if they were entered by hand: all or none.
    Answer<ImportReport> take(const Actor &actor,
                              const QString &path,
                              const ImportPreview &preview,
                              const std::vector<size_t> &chosen,
                              const std::stop_source &stop = {});
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
    // One of both.
    struct Content
    {
        Source gateway{};
        std::shared_ptr<const ConfigContent> config{};
    };
    Answer<Content> read(const QString &path, const std::stop_token &stop, qint64 largest = 0);
    Answer<ImportPreview> compare(const Content &content, const std::stop_token &stop);
    Answer<ImportReport> create(const ImportPreview &preview,
                                const std::vector<size_t> &chosen,
                                const std::stop_token &stop);
    Answer<Plan> judge(Source source, const std::stop_token &stop);
    Answer<QString> makeSafetyCopy(const std::stop_token &stop);
    Answer<ImportReport>
    store(Source source, const QString &safetyCopy, const std::stop_token &stop);
    void storeNext();
    void prepare(Storing storing);
    void gather(Storing storing, std::shared_ptr<ImportStore> store);
    void settle(Storing storing, std::shared_ptr<ImportStore> store);
    void finishStoring(const Storing &storing, base::Result<ImportReport> outcome);
    Answer<ImportPreview>
    readAndPlan(const QString &path, const std::stop_token &stop, qint64 largest);
    Answer<ImportReport> readAndStore(const QString &path, const std::stop_token &stop);
    Answer<ImportReport> storeGateway(const Source &source, const std::stop_token &stop);
    void begin(const std::stop_source &stop);
    template<typename T>
    Answer<T> endOf(Answer<T> work,
                    const std::stop_source &stop,
                    std::function<void(const base::Result<T> &)> note = {});
    std::function<void(const base::Result<ImportReport> &)> keepOutcome(const QString &path);

    const Foundation m_base;
    BackupService &m_backups;
    ChannelService &m_channels;
    const Variables m_environment;
    const OwnAddress m_isOwnAddress;
    std::vector<std::stop_source> m_running{};
    bool m_isOver = false; // nothing is to begin any more
    std::deque<Storing> m_toStore{};
    bool m_isStoring = false;
    std::optional<Outcome> m_lastOutcome{};
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
