#include "storage/ledger/ledgerbatch.h"

#include "storage/ledger/portableledger.h"
#include "storage/ledger/postgresqlledger.h"
#include "storage/ledger/sqliteledger.h"

namespace gatehouse::storage {

namespace {

void mergeRows(std::vector<BalanceUpdate> &rows)
{
    if (rows.size() < 2)
        return;
    std::sort(rows.begin(), rows.end(), [](const BalanceUpdate &left, const BalanceUpdate &right) {
        return left.id < right.id;
    });
    size_t last = 0;
    for (size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].id != rows[last].id) {
            rows[++last] = rows[i];
            continue;
        }
        BalanceUpdate &sum = rows[last];
        sum.charge = std::min(sum.charge + rows[i].charge, BalanceUpdate::largest);
        sum.used = std::min(sum.used + rows[i].used, BalanceUpdate::largest);
        sum.requests += rows[i].requests;
        sum.time = std::max(sum.time, rows[i].time);
    }
    rows.resize(last + 1);
}

} // namespace

void BalanceUpdates::clear()
{
    m_users.clear();
    m_tokens.clear();
    m_channels.clear();
}

void BalanceUpdates::add(const domain::UsageRecord &record)
{
    using domain::RecordKind;
    if (record.kind != RecordKind::Consumption && record.kind != RecordKind::Failure)
        return;
    const qint64 charge = std::clamp<qint64>(record.charge.units, 0, BalanceUpdate::largest);
    const qint64 requests = record.kind == RecordKind::Consumption ? 1 : 0;
    const qint64 time = record.createdAt / 1000;
    if (!record.userId.isNull())
        m_users.push_back({record.userId.value, charge, charge, requests, time});
    if (!record.tokenId.isNull())
        m_tokens.push_back(
            {record.tokenId.value, record.tokenIsUnlimited ? 0 : charge, charge, requests, time});
    if (!record.channelId.isNull() && charge > 0)
        m_channels.push_back({record.channelId.value, 0, charge, requests, time});
}

void BalanceUpdates::merge()
{
    mergeRows(m_users);
    mergeRows(m_tokens);
    mergeRows(m_channels);
}

LedgerBatch &LedgerBatch::of(Database &database)
{
    if (!database.statements()) {
        if (database.sqliteHandle())
            database.keepStatements(std::make_unique<SqliteLedger>(database));
        else if (database.dialect().isSqlite())
            database.keepStatements(std::make_unique<PortableLedger>(database));
        else
            database.keepStatements(std::make_unique<PostgresqlLedger>(database));
    }
    return static_cast<LedgerBatch &>(*database.statements());
}

} // namespace gatehouse::storage
