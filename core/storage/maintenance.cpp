#include "storage/maintenance.h"

#include "storage/statement.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::storage {

using base::ErrorCode;
using base::Message;
using base::Result;

Result<DatabaseSpace> spaceOf(Database &database)
{
    const Result<qint64> unused =
        numberOf(database,
                 execute(database,
                         u"SELECT freelist_count * page_size"
                         " FROM pragma_freelist_count, pragma_page_size"_s));
    if (!unused)
        return base::fail(unused.error());
    const QString path = database.options().path;
    return DatabaseSpace{.whole = QFileInfo(path).size() + QFileInfo(path + u"-wal"_s).size(),
                         .unused = *unused};
}

Result<> compact(Database &database)
{
    // The new copy of all of it lies in a file meanwhile, not in memory as small helpers do.
    Result<> written = executeDirectly(database, u"PRAGMA temp_store = FILE"_s).and_then([&] {
        return executeDirectly(database, u"VACUUM"_s);
    });
    if (!written) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr(
                "The database was not compacted; it is as it was. There must be twice as "
                "much free space as it takes, and nobody else may be writing to it. Try again "
                "at a quieter time."),
            written.error().detail);
    }
    // What was written lies in the journal; readers may keep some of it there for a while.
    return done(execute(database, u"PRAGMA wal_checkpoint(TRUNCATE)"_s));
}

Result<QStringList> integrityProblems(Database &database)
{
    const auto lines = rowsOf(database,
                              execute(database, u"PRAGMA integrity_check(5)"_s),
                              [](const QSqlQuery &row) { return row.value(0).toString(); });
    if (!lines)
        return base::fail(lines.error());
    QStringList problems(lines->begin(), lines->end());
    problems.removeAll(u"ok"_s);
    return problems;
}

} // namespace gatehouse::storage
