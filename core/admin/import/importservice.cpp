#include "admin/import/importservice.h"

#include "admin/configs/configfile.h"
#include "admin/history/recording.h"
#include "admin/import/importstore.h"
#include "admin/people/tokenstore.h"
#include "base/logging.h"
#include "storage/import/foreignfile.h"
#include "storage/import/foreigntext.h"
#include "storage/import/privatecopy.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using storage::Database;

namespace {

constexpr int mostTries = 3;

template<typename T>
std::optional<Answer<T>> refusalFor(const Actor &actor)
{
    if (actor.is(domain::Role::Root))
        return std::nullopt;
    return refused<T>(ErrorCode::Denied, Message::tr("You do not have the right to do this."));
}

Recorded recordedImport(const ImportReport &report)
{
    Recorded entry{.object = domain::HistoryObject::Import,
                   .name = sourceName(report.source),
                   .action = domain::HistoryAction::Created};
    const std::array names{u"users"_s, u"tokens"_s, u"channels"_s, u"groups"_s, u"settings"_s};
    static_assert(names.size() == importKinds.size());
    for (const ImportKind kind : importKinds) {
        const qint64 number = report.count(kind).imported;
        if (number > 0)
            entry.fields.push_back({.field = names.at(static_cast<size_t>(kind)), .after = number});
    }
    return entry;
}

QString folderOf(const storage::DatabaseOptions &options)
{
    return QFileInfo(options.path).absolutePath();
}

// What the file is, its content tells; one of both is null. Reads it, and so belongs into the pool.
using Contents =
    std::pair<std::shared_ptr<const storage::ForeignGateway>, std::shared_ptr<const ConfigContent>>;
Result<Contents> contentOf(const QString &path,
                           const QString &folder,
                           const Variables &variables,
                           const std::stop_token &stop,
                           qint64 largest)
{
    const auto withConfig = [](ConfigContent content) -> Contents {
        return {nullptr, std::make_shared<const ConfigContent>(std::move(content))};
    };
    if (largest > 0 && QFileInfo(path).size() > largest) {
        return fail(
            ErrorCode::LimitReached,
            Message::tr("The file %1 is large. It can be imported in Settings, Import.").arg(path));
    }
    const Result<bool> isDatabase = storage::ForeignFile::isDatabase(path, folder);
    if (!isDatabase)
        return fail(isDatabase.error());
    if (!*isDatabase) {
        return storage::readForeignText(path, stop)
            .and_then(
                [&](const QByteArray &text) { return readConfig(path, text, variables, stop); })
            .map(withConfig);
    }
    Result<storage::ForeignGateway> gateway = storage::readForeignGateway(path, folder, stop);
    if (!gateway)
        return fail(gateway.error());
    if (gateway->kind == storage::ForeignKind::CcSwitch)
        return withConfig(readCcSwitch(gateway->providers, variables, stop));
    return Contents{std::make_shared<const storage::ForeignGateway>(std::move(*gateway)), nullptr};
}

// What making the chosen ones does, or would do.
ImportReport reportOf(const ImportPreview &preview, const std::vector<size_t> &chosen)
{
    ImportReport report = preview.report;
    for (size_t i = 0; i < preview.channels.size(); ++i) {
        const ProposedChannel &one = preview.channels[i];
        const bool isChosen = std::find(chosen.begin(), chosen.end(), i) != chosen.end();
        if (!isChosen && !one.present.isEmpty()) {
            report.skip(ImportKind::Channel,
                        one.channel.name,
                        ImportNote::Cause::Present,
                        Message::tr("It is here already as %1.").arg(one.present));
        }
        for (const Message &note : one.notes) {
            if (isChosen)
                report.alter(ImportKind::Channel, one.channel.name, note);
        }
    }
    report.count(ImportKind::Channel).imported = static_cast<qint64>(chosen.size());
    return report;
}

} // namespace

std::vector<size_t> ImportPreview::fresh() const
{
    std::vector<size_t> all;
    for (size_t i = 0; i < channels.size(); ++i) {
        if (channels[i].present.isEmpty())
            all.push_back(i);
    }
    return all;
}

ImportService::ImportService(const Foundation &foundation,
                             BackupService &backups,
                             ChannelService &channels,
                             OwnAddress isOwnAddress,
                             Variables environment,
                             QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_backups(backups)
    , m_channels(channels)
    , m_environment(std::move(environment))
    , m_isOwnAddress(std::move(isOwnAddress))
{
    m_pool.setMaxThreadCount(1);
    // The folder is this process's own, and what it reads comes after this in the pool.
    if (const storage::DatabaseOptions &options = m_base.storage.options(); !options.path.isEmpty())
        m_pool.start([folder = folderOf(options)] { storage::removeLeftCopies(folder); });
}

ImportService::~ImportService()
{
    waitForWork();
}

void ImportService::waitForWork()
{
    m_isOver = true;
    stopAll();
    m_pool.waitForDone();
}

void ImportService::stopAll()
{
    for (std::stop_source &running : m_running)
        running.request_stop();
}

void ImportService::begin(const std::stop_source &stop)
{
    m_running.push_back(stop);
    if (m_isOver)
        stopAll();
}

// The same answer, after what is to be done here at its end.
template<typename T>
Answer<T> ImportService::endOf(Answer<T> work,
                               const std::stop_source &stop,
                               std::function<void(const Result<T> &)> note)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    Answer<T> answer = promise->future();
    whenDone(
        std::move(work), this, [this, stop, promise, note = std::move(note)](Result<T> report) {
            std::erase(m_running, stop);
            if (note)
                note(report);
            promise->addResult(std::move(report));
            promise->finish();
        });
    return answer;
}

Answer<ImportPreview> ImportService::look(const Actor &actor,
                                          const QString &path,
                                          const std::stop_source &stop,
                                          qint64 largest)
{
    if (auto refusal = refusalFor<ImportPreview>(actor))
        return *refusal;
    begin(stop);
    return endOf(readAndPlan(path, stop.get_token(), largest), stop);
}

Answer<ImportReport>
ImportService::plan(const Actor &actor, const QString &path, const std::stop_source &stop)
{
    return onSuccess(look(actor, path, stop), this, [](const ImportPreview &preview) {
        return Result<ImportReport>(
            isGateway(preview.report.source) ? preview.report : reportOf(preview, preview.fresh()));
    });
}

Answer<ImportReport>
ImportService::carryOut(const Actor &actor, const QString &path, const std::stop_source &stop)
{
    if (auto refusal = refusalFor<ImportReport>(actor))
        return *refusal;
    forgetOutcome();
    begin(stop);
    return endOf(readAndStore(path, stop.get_token()), stop, keepOutcome(path));
}

Answer<ImportReport> ImportService::take(const Actor &actor,
                                         const QString &path,
                                         const ImportPreview &preview,
                                         const std::vector<size_t> &chosen,
                                         const std::stop_source &stop)
{
    if (auto refusal = refusalFor<ImportReport>(actor))
        return *refusal;
    forgetOutcome();
    begin(stop);
    return endOf(create(preview, chosen, stop.get_token()), stop, keepOutcome(path));
}

std::function<void(const Result<ImportReport> &)> ImportService::keepOutcome(const QString &path)
{
    return [this, path](const Result<ImportReport> &report) {
        if (report || report.error().code != ErrorCode::Cancelled)
            m_lastOutcome = Outcome{.path = path, .report = report};
    };
}

Answer<ImportPreview>
ImportService::readAndPlan(const QString &path, const std::stop_token &stop, qint64 largest)
{
    return onSuccess(read(path, stop, largest), this, [this, stop](const Content &content) {
        if (content.config)
            return compare(content, stop);
        return onSuccess(judge(content.gateway, stop), this, [](const Plan &plan) {
            return Result<ImportPreview>(ImportPreview{.report = plan->plan.report});
        });
    });
}

Answer<ImportReport> ImportService::readAndStore(const QString &path, const std::stop_token &stop)
{
    return onSuccess(read(path, stop), this, [this, stop](const Content &content) {
        if (!content.config)
            return storeGateway(content.gateway, stop);
        return onSuccess(compare(content, stop), this, [this, stop](const ImportPreview &preview) {
            return create(preview, preview.fresh(), stop);
        });
    });
}

Answer<ImportReport> ImportService::storeGateway(const Source &source, const std::stop_token &stop)
{
    return onSuccess(judge(source, stop), this, [this, stop, source](const Plan &judged) {
        const ImportPlan &plan = judged->plan;
        if (!plan.imports() && plan.fingerprints.empty()) {
            ImportReport report = plan.report;
            report.stored = true;
            return answered(Result<ImportReport>(std::move(report)));
        }
        if (!plan.imports())
            return store(source, {}, stop);
        return onSuccess(makeSafetyCopy(stop), this, [this, stop, source](const QString &copy) {
            return store(source, copy, stop);
        });
    });
}

Answer<ImportService::Content>
ImportService::read(const QString &path, const std::stop_token &stop, qint64 largest)
{
    return runIn(m_pool,
                 [path,
                  stop,
                  largest,
                  folder = folderOf(m_base.storage.options()),
                  variables = m_environment]() -> Result<Content> {
                     auto content = contentOf(path, folder, variables, stop, largest);
                     if (!content)
                         return fail(content.error());
                     return Content{.gateway = std::move(content->first),
                                    .config = std::move(content->second)};
                 });
}

Answer<ImportPreview> ImportService::compare(const Content &content, const std::stop_token &stop)
{
    const auto compared = m_base.storage.read(
        [config = content.config, sealer = &m_base.sealer, own = m_isOwnAddress](
            Database &database) -> Result<ImportPreview> {
            const auto channels =
                storage::ChannelRepository(database, *sealer).all(storage::Keys::OpenIfPossible);
            if (!channels)
                return fail(channels.error());
            ConfigContent judged = *config;
            compareWithPresent(judged, *channels, own);
            ImportPreview preview;
            preview.report.source = judged.source;
            preview.report.count(ImportKind::Channel).found =
                static_cast<qint64>(judged.channels.size())
                + static_cast<qint64>(judged.skipped.size());
            for (const ImportNote &note : judged.skipped)
                preview.report.skip(note.kind, note.name, note.cause, note.text);
            preview.channels = std::move(judged.channels);
            return preview;
        });
    return onSuccess(compared, this, [stop](ImportPreview preview) -> Result<ImportPreview> {
        if (stop.stop_requested())
            return fail(storage::importStopped());
        return preview;
    });
}

Answer<ImportReport> ImportService::create(const ImportPreview &preview,
                                           const std::vector<size_t> &chosen,
                                           const std::stop_token &stop)
{
    if (stop.stop_requested())
        return answered<ImportReport>(fail(storage::importStopped()));
    ImportReport report = reportOf(preview, chosen);
    report.stored = true;
    if (chosen.empty())
        return answered(Result<ImportReport>(std::move(report)));
    std::vector<domain::Channel> channels;
    channels.reserve(chosen.size());
    for (const size_t each : chosen)
        channels.push_back(preview.channels.at(each).channel);
    return onSuccess(m_channels.create(std::move(channels), stop),
                     this,
                     [report = std::move(report)](const std::vector<domain::Channel> &made) {
                         qCInfo(base::lcAdmin) << "Imported:" << made.size() << "channels.";
                         return Result<ImportReport>(report);
                     });
}

Answer<ImportService::Plan> ImportService::judge(Source source, const std::stop_token &stop)
{
    const auto judged =
        m_base.storage.read([source = std::move(source),
                             sealer = &m_base.sealer,
                             own = m_isOwnAddress,
                             now = m_base.now()](Database &database) -> Result<Plan> {
            Result<ImportGround> ground = importGround(database, *sealer, own, now);
            if (!ground)
                return fail(ground.error());
            ImportPlan plan = planImport(*source, *ground);
            return std::make_shared<const Judgement>(
                Judgement{.ground = std::move(*ground), .plan = std::move(plan)});
        });
    return onSuccess(judged, this, [stop](const Plan &plan) -> Result<Plan> {
        if (stop.stop_requested())
            return fail(storage::importStopped());
        return plan;
    });
}

Answer<QString> ImportService::makeSafetyCopy(const std::stop_token &stop)
{
    if (!m_backups.isOffered())
        return answered(Result<QString>(QString()));
    return onSuccess(m_backups.create(u"before-import"_s, stop),
                     this,
                     [](const BackupListing &made) { return Result<QString>(made.path); });
}

Answer<ImportReport>
ImportService::store(Source source, const QString &safetyCopy, const std::stop_token &stop)
{
    Storing storing{.source = std::move(source),
                    .safetyCopy = safetyCopy,
                    .stop = stop,
                    .promise = std::make_shared<QPromise<Result<ImportReport>>>()};
    storing.promise->start();
    Answer<ImportReport> answer = storing.promise->future();
    m_toStore.push_back(std::move(storing));
    storeNext();
    return answer;
}

void ImportService::storeNext()
{
    if (m_isStoring || m_toStore.empty())
        return;
    m_isStoring = true;
    Storing storing = std::move(m_toStore.front());
    m_toStore.pop_front();
    prepare(std::move(storing));
}

// What is here may have changed since it was judged the last time.
void ImportService::prepare(Storing storing)
{
    Answer<Plan> judgement = judge(storing.source, storing.stop);
    whenDone(std::move(judgement),
             this,
             [this, storing = std::move(storing)](const Result<Plan> &judged) {
                 if (!judged)
                     return finishStoring(storing, fail(judged.error()));
                 ImportPlan plan = (*judged)->plan;
                 for (ImportPlan::Token &one : plan.tokens)
                     one.token = asKept(std::move(one.token), m_base.keepsKeys());
                 gather(storing,
                        std::make_shared<ImportStore>(
                            m_base.sealer, std::move(plan), (*judged)->ground));
             });
}

void ImportService::gather(Storing storing, std::shared_ptr<ImportStore> store)
{
    if (storing.stop.stop_requested())
        return finishStoring(storing, fail(storage::importStopped()));
    whenDone(m_base.storage.write([store](Database &database) { return store->gather(database); }),
             this,
             [this, storing = std::move(storing), store](const Result<bool> &hasMore) {
                 if (!hasMore)
                     finishStoring(storing, fail(hasMore.error()));
                 else if (*hasMore)
                     gather(storing, store);
                 else
                     settle(storing, store);
             });
}

void ImportService::settle(Storing storing, std::shared_ptr<ImportStore> store)
{
    auto kept = std::make_shared<std::optional<ImportReport>>();
    const auto inForce = m_base.publisher.change(
        [store, stop = storing.stop, safetyCopy = storing.safetyCopy](
            Database &database) -> Result<ImportReport> {
            if (stop.stop_requested())
                return fail(storage::importStopped());
            const Result<> stored = store->settle(database).and_then(
                [&] { return record(database, recordedImport(store->plan().report)); });
            if (!stored)
                return fail(stored.error());
            ImportReport report = store->plan().report;
            report.stored = true;
            report.safetyCopy = safetyCopy;
            return report;
        },
        [kept](const ImportReport &report) {
            *kept = report;
            qCInfo(base::lcAdmin) << "Imported:" << report.count(ImportKind::User).imported
                                  << "users," << report.count(ImportKind::Token).imported
                                  << "tokens," << report.count(ImportKind::Channel).imported
                                  << "channels.";
        });
    whenDone(QFuture(inForce),
             this,
             [this, kept, storing = std::move(storing)](Result<ImportReport> outcome) mutable {
                 // What is stored is no failure, though it has to wait.
                 if (!outcome && *kept) {
                     (*kept)->pending = outcome.error().message;
                     return finishStoring(storing, std::move(**kept));
                 }
                 // Somebody changed something meanwhile: it is planned anew by what is here now.
                 const bool isOutdated = !outcome && outcome.error().code == ErrorCode::Conflict;
                 if (isOutdated && ++storing.tries < mostTries)
                     return prepare(std::move(storing));
                 finishStoring(storing, std::move(outcome));
             });
}

void ImportService::finishStoring(const Storing &storing, Result<ImportReport> outcome)
{
    whenDone(
        m_base.storage.write([](Database &database) { return ImportStore::discard(database); }),
        this,
        [this, promise = storing.promise, outcome = std::move(outcome)](
            const Result<> &discarded) mutable {
            if (!discarded)
                qCWarning(base::lcAdmin)
                    << "What an import had gathered was not removed:" << discarded.error().detail;
            m_isStoring = false;
            promise->addResult(std::move(outcome));
            promise->finish();
            storeNext();
        });
}

} // namespace gatehouse::admin
