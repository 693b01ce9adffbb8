#include "storage/traffic/bookmarkrepository.h"

#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

namespace {

QByteArray idFrom(const QSqlQuery &row)
{
    return row.value(0).toString().toUtf8();
}

} // namespace

Result<QByteArrayList> BookmarkRepository::all() const
{
    return rowsOf(m_database,
                  execute(m_database, u"SELECT request_id FROM bookmarks ORDER BY request_id"_s),
                  idFrom)
        .map([](const std::vector<QByteArray> &ids) {
            return QByteArrayList(ids.begin(), ids.end());
        });
}

Result<QByteArrayList> BookmarkRepository::unmarked(const QByteArrayList &requestIds) const
{
    QByteArrayList unmarked;
    for (const QByteArray &id : requestIds) {
        const Result<std::optional<QByteArray>> row =
            firstRow(m_database,
                     execute(m_database,
                             u"SELECT request_id FROM bookmarks WHERE request_id = :request"_s,
                             {{u":request"_s, QString::fromUtf8(id)}}),
                     idFrom);
        if (!row)
            return base::fail(row.error());
        if (!*row)
            unmarked.append(id);
    }
    return unmarked;
}

// Runs `change`, which takes an id and gives the statement's rows, for all of them or for none.
template<typename Change>
Result<QByteArrayList> BookmarkRepository::forEach(const QByteArrayList &requestIds, Change change)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    QByteArrayList changed;
    for (const QByteArray &id : requestIds) {
        const Result<std::optional<QByteArray>> row =
            firstRow(m_database, change(QString::fromUtf8(id)), idFrom);
        if (!row)
            return base::fail(row.error());
        if (*row)
            changed.append(**row);
    }
    return transaction->commit().map([&changed] { return changed; });
}

Result<QByteArrayList> BookmarkRepository::add(const QByteArrayList &requestIds, qint64 now)
{
    return forEach(requestIds, [this, now](const QString &id) {
        return execute(m_database,
                       u"INSERT INTO bookmarks (request_id, created_at)"
                       " SELECT request_id, CAST(:now AS bigint) FROM usage_records"
                       " WHERE request_id = :request"
                       " ON CONFLICT DO NOTHING RETURNING request_id"_s,
                       {{u":now"_s, now}, {u":request"_s, id}});
    });
}

Result<QByteArrayList> BookmarkRepository::remove(const QByteArrayList &requestIds)
{
    return forEach(requestIds, [this](const QString &id) {
        return execute(m_database,
                       u"DELETE FROM bookmarks WHERE request_id = :request RETURNING request_id"_s,
                       {{u":request"_s, id}});
    });
}

} // namespace gatehouse::storage
