#include "storage/repositories/trash.h"

#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

Result<> purgeDeleted(Database &database, qint64 before)
{
    Result<Transaction> transaction = Transaction::begin(database);
    if (!transaction)
        return base::fail(transaction.error());
    const Bindings old{{u":before"_s, before}};
    const QStringList statements{
        u"DELETE FROM channel_keys WHERE deleted_at <> 0 AND deleted_at < :before"_s,
        u"DELETE FROM channels WHERE deleted_at <> 0 AND deleted_at < :before"_s,
        u"DELETE FROM tokens WHERE deleted_at <> 0 AND deleted_at < :before"_s};
    for (const QString &statement : statements) {
        if (Result<> removed = done(execute(database, statement, old)); !removed)
            return removed;
    }
    const Result<> forgotten =
        done(execute(database,
                     u"UPDATE users SET deleted_at = 0, former_username = '', email = '',"
                     " display_name = '', password_hash = :empty, access_token_hash = NULL"
                     " WHERE status = 3 AND deleted_at <> 0 AND deleted_at < :before"_s,
                     {{u":empty"_s, QByteArray("")}, {u":before"_s, before}}));
    if (!forgotten)
        return forgotten;
    return transaction->commit();
}

} // namespace gatehouse::storage
