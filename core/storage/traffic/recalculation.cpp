#include "storage/traffic/recalculation.h"

#include "storage/rowstatement.h"
#include "storage/traffic/rollup.h"
#include "storage/traffic/usagestatement.h"

#include <map>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Message;
using base::Result;

namespace {

const Message noSuchRecalculation = Message::tr("This recalculation does not exist.");

QString selectRecalculations(const QString &rest)
{
    return u"SELECT id, created_at, since, until, provider_model, records, changed, cost_before,"
           " cost_after, undone FROM recalculations "_s
           + rest;
}

// The column order is that of selectRecalculations().
StoredRecalculation recalculationFrom(const QSqlQuery &row)
{
    return {.id = row.value(0).toLongLong(),
            .createdAt = row.value(1).toLongLong(),
            .span = {.since = row.value(2).toLongLong(),
                     .until = row.value(3).toLongLong(),
                     .providerModel = row.value(4).toString().toUtf8()},
            .records = row.value(5).toLongLong(),
            .changed = row.value(6).toLongLong(),
            .before = {row.value(7).toLongLong()},
            .after = {row.value(8).toLongLong()},
            .undone = row.value(9).toBool()};
}

// The rows of the roll-ups that contain the line.
std::vector<RollUpPlace> placesOf(const domain::UsageRecord &record)
{
    std::vector<RollUpPlace> places;
    for (const RollUpLevel level : {RollUpLevel::Minute, RollUpLevel::Hour, RollUpLevel::Day}) {
        const qint64 start = startOf(level, record.createdAt);
        const auto add = [&](RollUpKind kind, const QByteArray &name) {
            places.push_back({.level = level, .kind = kind, .start = start, .name = name});
        };
        add(RollUpKind::All, {});
        add(RollUpKind::Channel, QByteArray::number(record.channelId.value));
        add(RollUpKind::Model, record.model);
        add(RollUpKind::Token, QByteArray::number(record.tokenId.value));
        add(RollUpKind::User, QByteArray::number(record.userId.value));
    }
    return places;
}

// What is added to rows of the roll-ups.
struct Change
{
    qint64 cost = 0;
    qint64 unpriced = 0;
};
using Changes = std::map<RollUpPlace, Change>;

void add(Changes &changes, const UsageCorrection &correction)
{
    const domain::UsageRecord &record = correction.line.record;
    for (const RollUpPlace &place : placesOf(record)) {
        Change &change = changes[place];
        change.cost += correction.cost.nanoDollars - record.cost.nanoDollars;
        change.unpriced += int(correction.unpriced) - int(record.unpriced);
    }
}

Result<> applyToRollUps(Database &database, const Changes &changes)
{
    Result<RowStatement> add =
        RowStatement::prepare(database,
                              u"UPDATE traffic_rollups SET cost = cost + ?, unpriced = unpriced + ?"
                              " WHERE level = ? AND kind = ? AND start = ? AND name = ?"_s);
    if (!add)
        return base::fail(std::move(add.error()));
    for (const auto &[place, change] : changes) {
        add->bind(0, change.cost);
        add->bind(1, change.unpriced);
        bindPlace(*add, 2, place);
        if (const Result<QSqlQuery *> added = add->run(); !added)
            return base::fail(added.error());
    }
    return {};
}

} // namespace

Result<std::vector<StoredUsage>>
RecalculationRepository::lines(const RecalculationSpan &span, qint64 after, qint64 limit) const
{
    const QString sql = u"SELECT id, "_s % usageColumns()
                        % u" FROM usage_records WHERE id > :after AND kind = 2"
                          " AND created_at >= :since AND created_at < :until"
                          " AND (:every OR provider_model = :model)"
                          " ORDER BY id LIMIT :limit"_s;
    return rowsOf(m_database,
                  execute(m_database,
                          sql,
                          {{u":after"_s, after},
                           {u":since"_s, span.since},
                           {u":until"_s, span.until},
                           {u":every"_s, span.providerModel.isEmpty()},
                           {u":model"_s, QString::fromUtf8(span.providerModel)},
                           {u":limit"_s, limit}}),
                  [](const QSqlQuery &row) {
                      return StoredUsage{.id = row.value(0).toLongLong(), .record = usageFrom(row)};
                  });
}

Result<qint64> RecalculationRepository::begin(const RecalculationSpan &span, qint64 now)
{
    return numberOf(m_database,
                    execute(m_database,
                            u"INSERT INTO recalculations (created_at, since, until,"
                            " provider_model, records, changed, cost_before, cost_after, undone)"
                            " VALUES (:now, :since, :until, :model, 0, 0, 0, 0, :undone)"
                            " RETURNING id"_s,
                            {{u":now"_s, now},
                             {u":since"_s, span.since},
                             {u":until"_s, span.until},
                             {u":model"_s, QString::fromUtf8(span.providerModel)},
                             {u":undone"_s, false}}));
}

// The lines, and the roll-ups as far as they contain them.
Result<> RecalculationRepository::apply(const std::vector<UsageCorrection> &corrections)
{
    const Result<qint64> summedUp = lockRollUps(m_database);
    if (!summedUp)
        return base::fail(summedUp.error());
    Result<RowStatement> change =
        RowStatement::prepare(m_database,
                              u"UPDATE usage_records SET cost = ?, charge = ?, unpriced = ?"
                              " WHERE id = ?"_s);
    if (!change)
        return base::fail(std::move(change.error()));
    Changes changes;
    bool beyond = false;
    for (const UsageCorrection &correction : corrections) {
        change->bind(0, correction.cost.nanoDollars);
        change->bind(1, correction.charge.units);
        change->bind(2, correction.unpriced);
        change->bind(3, correction.line.id);
        const Result<QSqlQuery *> changed = change->run();
        if (!changed)
            return base::fail(changed.error());
        if ((*changed)->numRowsAffected() < 1)
            continue; // it was removed since it was read
        if (correction.line.id > *summedUp)
            beyond = true;
        else
            add(changes, correction);
    }
    return applyToRollUps(m_database, changes).and_then([&] {
        return beyond ? noteCorrection(m_database) : Result<>();
    });
}

Result<> RecalculationRepository::store(qint64 id,
                                        const std::vector<UsageCorrection> &corrections,
                                        qint64 records)
{
    Result<RowStatement> keep =
        RowStatement::prepare(m_database,
                              u"INSERT INTO recalculated_records (recalculation_id,"
                              " record_id, cost, charge, unpriced) VALUES (?, ?, ?, ?, ?)"_s);
    if (!keep)
        return base::fail(std::move(keep.error()));
    qint64 before = 0;
    qint64 after = 0;
    for (const UsageCorrection &correction : corrections) {
        const domain::UsageRecord &record = correction.line.record;
        keep->bind(0, id);
        keep->bind(1, correction.line.id);
        keep->bind(2, record.cost.nanoDollars);
        keep->bind(3, record.charge.units);
        keep->bind(4, record.unpriced);
        if (const Result<QSqlQuery *> kept = keep->run(); !kept)
            return base::fail(kept.error());
        before = domain::saturatedSum(before, record.cost.nanoDollars);
        after = domain::saturatedSum(after, correction.cost.nanoDollars);
    }
    if (const Result<> applied = apply(corrections); !applied)
        return applied;
    return done(execute(m_database,
                        u"UPDATE recalculations SET records = records + :records,"
                        " changed = changed + :changed, cost_before = cost_before + :before,"
                        " cost_after = cost_after + :after WHERE id = :id"_s,
                        {{u":records"_s, records},
                         {u":changed"_s, qint64(corrections.size())},
                         {u":before"_s, before},
                         {u":after"_s, after},
                         {u":id"_s, id}}));
}

Result<qint64> RecalculationRepository::undoSlice(qint64 id, qint64 limit)
{
    const QString sql = u"SELECT recalculated_records.cost, recalculated_records.charge,"
                        " recalculated_records.unpriced, recalculated_records.record_id"
                        " FROM recalculated_records WHERE recalculation_id = :id"
                        " ORDER BY record_id LIMIT :limit"_s;
    const Result<std::vector<UsageCorrection>> former =
        rowsOf(m_database,
               execute(m_database, sql, {{u":id"_s, id}, {u":limit"_s, limit}}),
               [](const QSqlQuery &row) {
                   return UsageCorrection{.line = {.id = row.value(3).toLongLong()},
                                          .cost = {row.value(0).toLongLong()},
                                          .charge = {row.value(1).toLongLong()},
                                          .unpriced = row.value(2).toBool()};
               });
    if (!former)
        return base::fail(former.error());
    std::vector<UsageCorrection> present;
    for (const UsageCorrection &correction : *former) {
        // It may have been removed since, as old lines are.
        const auto line = firstRow(
            m_database,
            execute(m_database,
                    u"SELECT id, "_s % usageColumns() % u" FROM usage_records WHERE id = :id"_s,
                    {{u":id"_s, correction.line.id}}),
            usageFrom);
        if (!line)
            return base::fail(line.error());
        if (*line) {
            present.push_back(correction);
            present.back().line.record = **line;
        }
    }
    if (const Result<> applied = apply(present); !applied)
        return base::fail(applied.error());
    if (!former->empty()) {
        const Result<> forgotten =
            done(execute(m_database,
                         u"DELETE FROM recalculated_records"
                         " WHERE recalculation_id = :id AND record_id <= :last"_s,
                         {{u":id"_s, id}, {u":last"_s, former->back().line.id}}));
        if (!forgotten)
            return base::fail(forgotten.error());
        return qint64(former->size());
    }
    // Not before the last of them: what was interrupted is gone on with.
    return done(execute(m_database,
                        u"UPDATE recalculations SET undone = :undone WHERE id = :id"_s,
                        {{u":undone"_s, true}, {u":id"_s, id}}))
        .map([] { return qint64(0); });
}

Result<qint64> RecalculationRepository::forget(qint64 before)
{
    constexpr qint64 rowsAtOnce = 500;
    return execute(m_database,
                   u"DELETE FROM recalculated_records WHERE (recalculation_id, record_id) IN"
                   " (SELECT recalculation_id, record_id FROM recalculated_records"
                   " WHERE recalculation_id IN (SELECT id FROM recalculations"
                   " WHERE created_at < :before) LIMIT :rows)"_s,
                   {{u":before"_s, before}, {u":rows"_s, rowsAtOnce}})
        .map([](const QSqlQuery &done) { return qint64(done.numRowsAffected()); });
}

Result<StoredRecalculation> RecalculationRepository::find(qint64 id) const
{
    return required(
        firstRow(m_database,
                 execute(m_database, selectRecalculations(u"WHERE id = :id"_s), {{u":id"_s, id}}),
                 recalculationFrom),
        noSuchRecalculation);
}

Result<std::vector<StoredRecalculation>> RecalculationRepository::all() const
{
    return rowsOf(m_database,
                  execute(m_database, selectRecalculations(u"ORDER BY id DESC"_s)),
                  recalculationFrom);
}

} // namespace gatehouse::storage
