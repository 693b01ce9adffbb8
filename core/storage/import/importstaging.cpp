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

// TEMPORARY, unless PostgreSQL allows this user only tables that stay until they are dropped.
Result<QString> kindOfTables(Database &database)
{
    const QString temporary = u"TEMPORARY"_s;
    if (database.dialect().isSqlite())
        return temporary;
    struct Rights
    {
        bool temporary = false;
        bool lasting = false;
        QString grant{};
    };
    const Result<std::optional<Rights>> rights =
        firstRow(database,
                 execute(database,
                         u"SELECT has_database_privilege(current_database(), 'TEMPORARY'),"
                         " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),"
                         " 'GRANT TEMPORARY ON DATABASE ' || quote_ident(current_database())"
                         " || ' TO ' || quote_ident(current_user)"_s),
                 [](const QSqlQuery &row) {
                     return Rights{.temporary = row.value(0).toBool(),
                                   .lasting = row.value(1).toBool(),
                                   .grant = row.value(2).toString()};
                 });
    if (!rights)
        return fail(rights.error());
    if (!*rights || (*rights)->temporary)
        return temporary;
    if ((*rights)->lasting)
        return u"UNLOGGED"_s;
    return fail(base::ErrorCode::Denied,
                Message::tr("The user of the PostgreSQL database may not make the tables that an "
                            "import needs while it runs. Let its owner run: %1")
                    .arg((*rights)->grant));
}

// Of those that are no temporary ones. To drop what is not there would be worth a word to PostgreSQL.
Result<bool> isThere(Database &database, const QString &table)
{
    return numberOf(database,
                    execute(database,
                            u"SELECT count(*) FROM pg_class WHERE oid = to_regclass(:name)"_s,
                            {{u":name"_s, table}}))
        .map([](qint64 tables) { return tables > 0; });
}

} // namespace

Result<> ImportStaging::open()
{
    return close().and_then([this]() -> Result<> {
        const Result<QString> kind = kindOfTables(m_database);
        if (!kind)
            return fail(kind.error());
        for (const StagedTable &table : stagedTables()) {
            const Result<> made =
                executeDirectly(m_database,
                                u"CREATE %1 TABLE %2 AS SELECT %3 FROM %4 WHERE 1 = 0"_s.arg(
                                    *kind, table.staging(), table.columns, table.name));
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
    const bool isSqlite = m_database.dialect().isSqlite();
    // Nothing else makes temporary tables.
    if (!isSqlite) {
        if (Result<> discarded = executeDirectly(m_database, u"DISCARD TEMP"_s); !discarded)
            return discarded;
    }
    for (const StagedTable &table : stagedTables()) {
        const Result<bool> there =
            isSqlite ? Result<bool>(true) : isThere(m_database, table.staging());
        if (!there)
            return fail(there.error());
        if (!*there)
            continue;
        const Result<> dropped =
            executeDirectly(m_database, u"DROP TABLE IF EXISTS %1"_s.arg(table.staging()));
        if (!dropped)
            return dropped;
    }
    return {};
}

} // namespace gatehouse::storage
