#include "storage/import/importedentries.h"

#include "storage/rowstatement.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::fail;
using base::Result;

Result<QHash<QByteArray, qint64>> ImportedEntries::all(ImportedKind kind) const
{
    Result<QSqlQuery> rows =
        execute(m_database,
                u"SELECT fingerprint, entry_id FROM imported_entries WHERE kind = :kind"_s,
                {{u":kind"_s, static_cast<int>(kind)}});
    if (!rows)
        return fail(rows.error());
    QHash<QByteArray, qint64> entries;
    while (true) {
        const Result<bool> row = nextRow(m_database, *rows);
        if (!row)
            return fail(row.error());
        if (!*row)
            return entries;
        entries.insert(rows->value(0).toByteArray(), rows->value(1).toLongLong());
    }
}

Result<> ImportedEntries::insertAll(std::span<const ImportedEntry> entries, Destination destination)
{
    if (entries.empty())
        return {};
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return fail(transaction.error());
    Result<RowStatement> add =
        RowStatement::prepare(m_database,
                              u"INSERT INTO %1 (kind, fingerprint, entry_id)"
                              " VALUES (?, ?, ?) ON CONFLICT DO NOTHING"_s.arg(
                                  tableAt(destination, u"imported_entries"_s)));
    if (!add)
        return fail(add.error());
    for (const ImportedEntry &entry : entries) {
        add->bind(0, static_cast<int>(entry.kind));
        add->bind(1, entry.fingerprint);
        add->bind(2, entry.id);
        if (const auto added = add->run(); !added)
            return fail(added.error());
    }
    add->finish();
    return transaction->commit();
}

} // namespace gatehouse::storage
