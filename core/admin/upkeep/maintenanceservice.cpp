#include "admin/upkeep/maintenanceservice.h"

#include "base/logging.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using storage::Database;

namespace {

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
{}

MaintenanceService::~MaintenanceService() = default;

bool MaintenanceService::isOffered() const
{
    return m_base.storage.options().url.isEmpty();
}

Answer<DatabaseSpace> MaintenanceService::space()
{
    if (!isOffered())
        return notOffered<DatabaseSpace>();
    return m_base.storage.read([](Database &database) { return storage::spaceOf(database); });
}

Answer<DatabaseSpace> MaintenanceService::compact()
{
    if (!isOffered())
        return notOffered<DatabaseSpace>();
    return m_work.run(
        m_base.storage.options(),
        Database::Access::ReadWrite,
        [](Database &database) -> Result<DatabaseSpace> {
            if (Result<> written = storage::compact(database); !written)
                return base::fail(written.error());
            return storage::spaceOf(database);
        },
        m_cancel);
}

Answer<> MaintenanceService::check()
{
    if (!isOffered())
        return notOffered<void>();
    return m_work.run(m_base.storage.options(), Database::Access::ReadOnly, checked, m_cancel);
}

void MaintenanceService::cancel()
{
    std::exchange(m_cancel, std::stop_source()).request_stop();
}

} // namespace gatehouse::admin
