#include "admin/import/importservice.h"

#include "admin/import/importstore.h"
#include "admin/mainthread.h"
#include "base/logging.h"
#include "storage/backup.h"
#include "storage/import/privatecopy.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using storage::Database;

struct ImportService::Source
{
    storage::ForeignGateway gateway{};
};

namespace {

template<typename T>
std::optional<Answer<T>> refusalFor(const Actor &actor)
{
    if (actor.is(domain::Role::Root))
        return std::nullopt;
    return refused<T>(ErrorCode::Denied, Message::tr("You do not have the right to do this."));
}

QString folderOf(const storage::DatabaseOptions &options)
{
    return QFileInfo(options.path).absolutePath();
}

} // namespace

ImportService::ImportService(const Foundation &foundation, OwnAddress isOwnAddress, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_isOwnAddress(std::move(isOwnAddress))
{
    m_pool.setMaxThreadCount(1);
    // The folder is this process's own, and what it reads comes after this in the pool.
    if (const storage::DatabaseOptions &options = m_base.storage.options(); !options.path.isEmpty())
        m_pool.start([folder = folderOf(options)] { storage::removeLeftCopies(folder); });
}

ImportService::~ImportService() = default;

Answer<ImportReport> ImportService::plan(const Actor &actor, const QString &path)
{
    if (auto refusal = refusalFor<ImportReport>(actor))
        return *refusal;
    return onSuccess(read(path), this, [this](std::shared_ptr<const Source> source) {
        return inMainThread(m_base.storage.read([source,
                                                 sealer = &m_base.sealer,
                                                 own = m_isOwnAddress,
                                                 now = m_base.now()](Database &database) {
            return importGround(database, *sealer, own, now).map([&](const ImportGround &ground) {
                return planImport(source->gateway, ground).report;
            });
        }));
    });
}

Answer<ImportReport> ImportService::carryOut(const Actor &actor, const QString &path)
{
    if (auto refusal = refusalFor<ImportReport>(actor))
        return *refusal;
    return onSuccess(read(path), this, [this](std::shared_ptr<const Source> source) {
        return onSuccess(makeSafetyCopy(), this, [this, source](const QString &copy) {
            return store(source, copy);
        });
    });
}

Answer<std::shared_ptr<const ImportService::Source>> ImportService::read(const QString &path)
{
    using Read = std::shared_ptr<const Source>;
    return inMainThread(
        runIn(m_pool, [path, folder = folderOf(m_base.storage.options())]() -> Result<Read> {
            Result<storage::ForeignGateway> gateway = storage::readForeignGateway(path, folder);
            if (!gateway)
                return fail(gateway.error());
            return std::make_shared<const Source>(Source{std::move(*gateway)});
        }));
}

// On a connection of its own: a copy cannot be made within a transaction.
Answer<QString> ImportService::makeSafetyCopy()
{
    storage::DatabaseOptions options = m_base.storage.options();
    if (!options.url.isEmpty())
        return answered(Result<QString>(QString()));
    if (const auto catalog = m_base.publisher.catalog())
        options.keptBackups = catalog->settings().storage.keptBackups;
    return inMainThread(runIn(m_pool, [options]() -> Result<QString> {
        const auto database = Database::open(options, Database::Access::ReadWrite);
        if (!database)
            return fail(database.error());
        return storage::backUp(**database, u"before-import"_s);
    }));
}

Answer<ImportReport> ImportService::store(std::shared_ptr<const Source> source,
                                          const QString &safetyCopy)
{
    return m_base.publisher.change(
        [source, safetyCopy, sealer = &m_base.sealer, own = m_isOwnAddress, now = m_base.now()](
            Database &database) -> Result<ImportReport> {
            const Result<ImportGround> ground = importGround(database, *sealer, own, now);
            if (!ground)
                return fail(ground.error());
            ImportPlan plan = planImport(source->gateway, *ground);
            if (const Result<> stored = storeImport(database, *sealer, plan); !stored)
                return fail(stored.error());
            plan.report.stored = true;
            plan.report.safetyCopy = safetyCopy;
            return std::move(plan.report);
        },
        [](const ImportReport &report) {
            qCInfo(base::lcAdmin) << "Imported:" << report.count(ImportKind::User).imported
                                  << "users," << report.count(ImportKind::Token).imported
                                  << "tokens," << report.count(ImportKind::Channel).imported
                                  << "channels.";
        });
}

} // namespace gatehouse::admin
