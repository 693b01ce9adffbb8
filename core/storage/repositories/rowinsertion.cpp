#include "storage/repositories/rowinsertion.h"

#include "storage/rowstatement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::fail;
using base::Result;

namespace {

QString statementOf(const RowInsertion &insertion, bool withId)
{
    QStringList placeholders;
    for (const QString &column : insertion.columns.split(u", "_s))
        placeholders.append(QString(u':' + column));
    return u"INSERT INTO %1 (%2%3) VALUES (%4%5) RETURNING id"_s.arg(
        tableAt(insertion.destination, insertion.table),
        withId ? u"id, "_s : QString(),
        insertion.columns,
        withId ? u":id, "_s : QString(),
        placeholders.join(u", "_s));
}

Result<> insertThose(Database &database,
                     const std::vector<size_t> &rows,
                     bool withId,
                     const RowInsertion &insertion,
                     std::vector<qint64> &ids)
{
    if (rows.empty())
        return {};
    Result<RowStatement> statement =
        RowStatement::prepare(database, statementOf(insertion, withId));
    if (!statement)
        return fail(statement.error());
    for (const size_t row : rows) {
        statement->bind(insertion.bindings(row));
        if (withId)
            statement->bind({{u":id"_s, insertion.idOf(row)}});
        Result<QSqlQuery *> stored = statement->run();
        if (!stored)
            return fail(stored.error());
        const Result<bool> answered = nextRow(database, **stored);
        if (!answered)
            return fail(answered.error());
        ids[row] = (*stored)->value(0).toLongLong();
    }
    statement->finish();
    const bool isLast = insertion.destination == Destination::Table && withId;
    const QString after = isLast ? database.dialect().afterExplicitId(insertion.table) : QString();
    return after.isEmpty() ? Result<>() : executeDirectly(database, after);
}

} // namespace

Result<std::vector<qint64>>
insertRows(Database &database, size_t count, const RowInsertion &insertion)
{
    std::vector<size_t> withId;
    std::vector<size_t> others;
    for (size_t row = 0; row < count; ++row)
        (insertion.idOf(row) != 0 ? withId : others).push_back(row);
    std::vector<qint64> ids(count);
    return insertThose(database, withId, true, insertion, ids)
        .and_then([&] { return insertThose(database, others, false, insertion, ids); })
        .map([&] { return std::move(ids); });
}

} // namespace gatehouse::storage
