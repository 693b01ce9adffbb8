#include "storage/transaction.h"

#include "base/logging.h"
#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

base::Result<Transaction> Transaction::begin(Database &database, Purpose purpose)
{
    const int depth = database.m_depth;
    if (depth == 0)
        database.clearFault();
    const Dialect &dialect = database.dialect();
    QString sql = purpose == Purpose::Write ? dialect.beginWriting() : dialect.beginReading();
    if (depth > 0)
        sql = u"SAVEPOINT level%1"_s.arg(depth);
    if (base::Result<> begun = executeDirectly(database, sql); !begun)
        return base::fail(std::move(begun.error()));
    ++database.m_depth;
    return Transaction(database, depth);
}

Transaction::Transaction(Transaction &&other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
    , m_depth(other.m_depth)
{}

Transaction::~Transaction()
{
    if (!m_database)
        return;
    m_database->m_depth = m_depth;
    const Fault fault = m_database->fault(); // why it is undone says more than how that went
    const QString sql = m_depth > 0 ? u"ROLLBACK TO level%1"_s.arg(m_depth) : u"ROLLBACK"_s;
    if (base::Result<> undone = executeDirectly(*m_database, sql); !undone)
        // SQLite undoes by itself on some failures, and a lost connection undoes anyway.
        qCDebug(base::lcStorage) << "A transaction was over already:" << undone.error().detail;
    if (m_depth > 0)
        static_cast<void>(executeDirectly(*m_database, u"RELEASE level%1"_s.arg(m_depth)));
    m_database->m_fault = fault;
}

base::Result<> Transaction::commit()
{
    Q_ASSERT(m_database);
    // PostgreSQL answers COMMIT without an error where a failed statement had the transaction undone.
    if (m_depth == 0 && m_database->fault() != Fault::None && !m_database->dialect().isSqlite()) {
        if (base::Result<> alive = executeDirectly(*m_database, u"SELECT 1"_s); !alive)
            return alive;
    }
    const QString sql = m_depth > 0 ? u"RELEASE level%1"_s.arg(m_depth) : u"COMMIT"_s;
    if (base::Result<> done = executeDirectly(*m_database, sql); !done)
        return done;
    m_database->m_depth = m_depth;
    m_database = nullptr;
    return {};
}

} // namespace gatehouse::storage
