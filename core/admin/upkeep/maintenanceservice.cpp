#include "admin/upkeep/maintenanceservice.h"

#include "admin/mainthread.h"
#include "base/logging.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using storage::Database;

namespace {

// On a connection of its own, since neither can be done within the transaction of a job.
template<typename Work>
auto onOwnConnection(QThreadPool &pool,
                     const storage::DatabaseOptions &options,
                     Database::Access access,
                     Work work)
{
    using Outcome = std::invoke_result_t<Work &, Database &>;
    return inMainThread(runIn(pool, [options, access, work = std::move(work)]() mutable -> Outcome {
        const auto database = Database::open(options, access);
        if (!database)
            return base::fail(database.error());
        return work(**database);
    }));
}

template<typename T>
Answer<T> notOffered()
{
    return refused<T>(
        ErrorCode::InvalidInput,
        Message::tr("A PostgreSQL database is looked after with its own tools, such as VACUUM."));
}

Result<> checked(Database &database)
{
    const Result<QStringList> problems = storage::integrityProblems(database);
    if (!problems)
        return base::fail(problems.error());
    if (problems->isEmpty())
        return {};
    const QString detail = problems->join(u"; "_s);
    qCCritical(base::lcAdmin).noquote() << "The database is damaged:" << detail;
    return base::fail(
        ErrorCode::Unavailable,
        Message::tr("The database is damaged: %1. Restore the newest backup that is whole.")
            .arg(problems->front()),
        detail);
}

} // namespace

MaintenanceService::MaintenanceService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{
    m_pool.setMaxThreadCount(1);
}

MaintenanceService::~MaintenanceService() = default;

bool MaintenanceService::isOffered() const
{
    return m_base.storage.options().url.isEmpty();
}

Answer<DatabaseSpace> MaintenanceService::space()
{
    if (!isOffered())
        return notOffered<DatabaseSpace>();
    return inMainThread(
        m_base.storage.read([](Database &database) { return storage::spaceOf(database); }));
}

Answer<DatabaseSpace> MaintenanceService::compact()
{
    if (!isOffered())
        return notOffered<DatabaseSpace>();
    return onOwnConnection(m_pool,
                           m_base.storage.options(),
                           Database::Access::ReadWrite,
                           [](Database &database) -> Result<DatabaseSpace> {
                               if (Result<> written = storage::compact(database); !written)
                                   return base::fail(written.error());
                               return storage::spaceOf(database);
                           });
}

Answer<> MaintenanceService::check()
{
    if (!isOffered())
        return notOffered<void>();
    return onOwnConnection(m_pool, m_base.storage.options(), Database::Access::ReadOnly, checked);
}

} // namespace gatehouse::admin
