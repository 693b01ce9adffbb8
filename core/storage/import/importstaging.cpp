#include "storage/import/importstaging.h"

#include "storage/repositories/channelrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"

#include <array>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::fail;
using base::Message;
using base::Result;

namespace {

struct StagedTable
{
    QString name{};
    QString columns{};
    bool hasOwnIds = false;

    QString staging() const { return tableAt(Destination::Staging, name); }
};

// In the order in which they refer to each other.
const std::array<StagedTable, 5> &stagedTables()
{
    static const std::array<StagedTable, 5> tables{
        StagedTable{.name = u"users"_s,
                    .columns = u"id, "_s + UserRepository::insertedColumns(),
                    .hasOwnIds = true},
        StagedTable{.name = u"tokens"_s,
                    .columns = u"id, "_s + TokenRepository::insertedColumns(),
                    .hasOwnIds = true},
        StagedTable{.name = u"channels"_s,
                    .columns =
                        u"id, "_s + ChannelRepository::insertedColumns()
                        + u", secrets_sealed, header_overrides, body_overrides, proxy, config"_s,
                    .hasOwnIds = true},
        StagedTable{.name = u"channel_keys"_s,
                    .columns = u"channel_id, key_sealed, enabled, disabled_reason, position"_s},
        StagedTable{.name = u"imported_entries"_s, .columns = u"kind, fingerprint, entry_id"_s}};
    return tables;
}

Result<> moveRows(Database &database, const StagedTable &table)
{
    const Result<qint64> rows =
        numberOf(database, execute(database, u"SELECT count(*) FROM %1"_s.arg(table.staging())));
    if (!rows)
        return fail(rows.error());
    if (*rows == 0)
        return {};
    const QString order =
        table.name == "channel_keys"_L1 ? u" ORDER BY channel_id, position"_s : QString();
    const QString onConflict =
        table.name == "imported_entries"_L1 ? u" ON CONFLICT DO NOTHING"_s : QString();
    // Without the condition SQLite takes the ON of a conflict for that of a join.
    const Result<> moved =
        executeDirectly(database,
                        u"INSERT INTO %1 (%2) SELECT %2 FROM %3 WHERE 1 = 1%4%5"_s.arg(
                            table.name, table.columns, table.staging(), order, onConflict));
    const QString after =
        table.hasOwnIds ? database.dialect().afterExplicitId(table.name) : QString();
    return moved.and_then(
        [&] { return after.isEmpty() ? Result<>() : executeDirectly(database, after); });
}

Result<> checkOwners(Database &database)
{
    const Result<qint64> orphans =
        numberOf(database,
                 execute(database,
                         u"SELECT count(*) FROM import_tokens WHERE NOT EXISTS (SELECT 1 FROM users"
                         " WHERE users.id = import_tokens.user_id AND users.status <> 3)"_s));
    if (!orphans)
        return fail(orphans.error());
    if (*orphans == 0)
        return {};
    return fail(base::ErrorCode::Conflict,
                Message::tr("A user who was to get tokens was deleted meanwhile."));
}

// What a user of PostgreSQL who may make none is to be told; empty for all others. Ordinary tables would be
// no substitute: they are seen by others, and outlive an import that was cut off.
Result<QString> missingGrant(Database &database)
{
    if (database.dialect().isSqlite())
        return QString();
    return firstRow(database,
                    execute(database,
                            u"SELECT CASE WHEN has_database_privilege(current_database(),"
                            " 'TEMPORARY') THEN '' ELSE 'GRANT TEMPORARY ON DATABASE '"
                            " || quote_ident(current_database()) || ' TO '"
                            " || quote_ident(current_user) END"_s),
                    [](const QSqlQuery &row) { return row.value(0).toString(); })
        .map([](std::optional<QString> grant) { return grant.value_or(QString()); });
}

} // namespace

Result<> ImportStaging::open()
{
    return close().and_then([this]() -> Result<> {
        const Result<QString> grant = missingGrant(m_database);
        if (!grant)
            return fail(grant.error());
        if (!grant->isEmpty()) {
            return fail(base::ErrorCode::Denied,
                        Message::tr("The user of the PostgreSQL database may not make the "
                                    "temporary tables that an import needs while it runs. Let its "
                                    "owner run: %1")
                            .arg(*grant));
        }
        for (const StagedTable &table : stagedTables()) {
            const Result<> made =
                executeDirectly(m_database,
                                u"CREATE TEMPORARY TABLE %1 AS SELECT %2 FROM %3 WHERE 1 = 0"_s.arg(
                                    table.staging(), table.columns, table.name));
            if (!made)
                return made;
        }
        return {};
    });
}

Result<> ImportStaging::move()
{
    for (const StagedTable &table : stagedTables()) {
        if (table.name == "tokens"_L1) {
            if (Result<> owned = checkOwners(m_database); !owned)
                return owned;
        }
        if (Result<> moved = moveRows(m_database, table); !moved)
            return moved;
    }
    return {};
}

Result<> ImportStaging::close()
{
    // Without a word for each table that is not there. Nothing else makes temporary tables.
    if (!m_database.dialect().isSqlite())
        return executeDirectly(m_database, u"DISCARD TEMP"_s);
    for (const StagedTable &table : stagedTables()) {
        const Result<> dropped =
            executeDirectly(m_database, u"DROP TABLE IF EXISTS %1"_s.arg(table.staging()));
        if (!dropped)
            return dropped;
    }
    return {};
}

} // namespace gatehouse::storage
