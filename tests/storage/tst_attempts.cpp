#include "domain/attemptnote.h"
#include "storage/ledger/ledgerbatch.h"
#include "storage/repositories/channelrepository.h"
#include "storage/statement.h"
#include "storage/traffic/rollupquery.h"
#include "storage/traffic/trafficcondition.h"
#include "storage/traffic/trafficlines.h"
#include "storage/traffic/trafficquery.h"
#include "storage/transaction.h"
#include "support/markingsealer.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using domain::AttemptNote;
using domain::UsageRecord;
using storage::Database;
using storage::Dialect;
using storage::RollUpKind;
using storage::RollUpLevel;
using storage::RollUpQuery;
using support::TemporaryDatabase;

// Requests that had attempts of several channels: by which they are found, and where they count.
class AttemptsTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void theyCountForTheirChannels_data() { TemporaryDatabase::addRows(); }
    void theyCountForTheirChannels();
    void slicesKeepThem_data() { TemporaryDatabase::addRows(); }
    void slicesKeepThem();
    void whatEndedElsewhereIsCounted_data() { TemporaryDatabase::addRows(); }
    void whatEndedElsewhereIsCounted();
    void theyAreFound_data();
    void theyAreFound();
    void anIndexFindsThem();
    void modelsAreToldApart_data() { TemporaryDatabase::addRows(); }
    void modelsAreToldApart();
};

namespace {

constexpr qint64 now = 1'789'948'800'000 + 5 * storage::hourLength + 90'000;

AttemptNote left(qint64 channel, const QByteArray &code, const QByteArray &message = {})
{
    return {.channel = {channel}, .status = 503, .errorCode = code, .message = message};
}

UsageRecord request(const QByteArray &id, const std::vector<AttemptNote> &attempts, qint64 age)
{
    UsageRecord record{.requestId = id,
                       .createdAt = now - age,
                       .userId = {1},
                       .tokenId = {1},
                       .channelId = attempts.back().channel,
                       .model = "small",
                       .stream = true,
                       .attempts = static_cast<int>(attempts.size()),
                       .httpStatus = 200,
                       .elapsedMilliseconds = 1'100,
                       .firstByteMilliseconds = 100,
                       .attemptLog = domain::attemptLog(attempts)};
    record.usage = {.input = 10, .output = 50};
    return record;
}

// The ids are letters. Channel 1 is called "first", 2 "second", 13 "thirteenth".
std::vector<UsageRecord> ledger()
{
    constexpr qint64 minute = storage::minuteLength;
    UsageRecord unlogged = request("f", {{.channel = {2}}}, minute);
    unlogged.attempts = 2;
    unlogged.attemptLog.clear();
    UsageRecord garbled = unlogged;
    garbled.requestId = "g";
    garbled.attemptLog = "no log [1,";
    return {request("a", {{.channel = {1}}}, 30 * storage::hourLength),
            request("b", {left(1, "provider_fault"), {.channel = {2}}}, 3 * minute),
            request("c", {left(1, "provider_rate_limited"), {.channel = {2}}}, 3 * minute),
            request("d", {left(1, "provider_denied_access"), {.channel = {13}}}, 2 * minute),
            // What a provider says may look like a part of the log.
            request("e", {left(13, "provider_fault", "[[1,2],[1,0,3]]"), {.channel = {2}}}, minute),
            unlogged,
            garbled};
}

void store(Database &database, const std::vector<UsageRecord> &records)
{
    std::vector<storage::LedgerEntry> entries;
    for (const UsageRecord &record : records)
        entries.push_back({record, {}});
    QVERIFY(storage::LedgerBatch::of(database).store(entries));
}

// Sums up all there is, in slices of about so many rows.
void rollUp(Database &database, int rowsOfSlice)
{
    bool reachesEnd = false;
    while (!reachesEnd) {
        const auto chunk = storage::readRollUpChunk(
            database, {.lines = 3, .rowsOfSlice = rowsOfSlice, .now = now});
        QVERIFY2(chunk, chunk ? "" : qPrintable(chunk.error().detail));
        for (const storage::RollUpSlice &slice : chunk->slices) {
            auto transaction = storage::Transaction::begin(database);
            QVERIFY(storage::storeRollUpSlice(database, slice).value_or(false));
            QVERIFY(transaction->commit());
        }
        reachesEnd = chunk->reachesEnd;
    }
}

domain::TrafficSums sumsOf(Database &database, const QByteArray &channel)
{
    const auto sums = RollUpQuery(database).sumsByName(
        storage::segmentsFor(now - storage::dayLength, now, now), RollUpKind::Channel);
    if (!sums || !sums->contains(channel))
        return {};
    return sums->at(channel);
}

} // namespace

void AttemptsTest::theyCountForTheirChannels()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    store(database, ledger());

    rollUp(database, 200);

    const domain::TrafficSums first = sumsOf(database, "1");
    QCOMPARE(first.requests(), 0);
    QCOMPARE(first.tries(), 3);
    QCOMPARE(first.faults(),
             2); // what the provider does not let the key do is none of the channel's
    QCOMPARE(first.channelShare(), 1.0 / 3.0);
    const domain::TrafficSums second = sumsOf(database, "2");
    QCOMPARE(second.requests(), 5);
    QCOMPARE(second.tries(), 5);
    QCOMPARE(second.channelShare(), 1.0);
    const domain::TrafficSums thirteenth = sumsOf(database, "13");
    QCOMPARE(thirteenth.tries(), 2);
    QCOMPARE(thirteenth.faults(), 1);
    const auto all =
        RollUpQuery(database).figures(storage::segmentsFor(now - storage::dayLength, now, now), {});
    QCOMPARE(all->sums.requests(), 6);
    QCOMPARE(all->sums.passedOn, 0);
    const auto minutes = RollUpQuery(database).stretchesByName(
        {RollUpLevel::Minute,
         storage::startOf(RollUpLevel::Minute, now - storage::hourLength),
         now},
        storage::minuteLength,
        RollUpKind::Channel);
    const qint64 begin = storage::startOf(RollUpLevel::Minute, now - 3 * storage::minuteLength);
    QCOMPARE(minutes->at("1").at(begin).passedOnFaults, 2);
}

void AttemptsTest::slicesKeepThem()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase one(kind);
    TemporaryDatabase another(kind);
    store(one.database(), ledger());
    store(another.database(), ledger());

    rollUp(one.database(), 1'000);
    rollUp(another.database(), 20);

    for (const char *channel : {"1", "2", "13"})
        QCOMPARE(sumsOf(another.database(), channel), sumsOf(one.database(), channel));
}

void AttemptsTest::whatEndedElsewhereIsCounted()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    store(temporary.database(), ledger());
    const storage::TrafficQuery query(temporary.database());

    const auto first = query.passedOn({1}, now - storage::dayLength);
    const auto second = query.passedOn({2}, now - storage::dayLength);
    const auto thirteenth = query.passedOn({13}, now - storage::dayLength);

    QVERIFY2(first, first ? "" : qPrintable(first.error().detail));
    QCOMPARE(first->count, 3);
    QCOMPARE(first->latest, now - 2 * storage::minuteLength);
    QCOMPARE(second->count, 0);
    QCOMPARE(second->latest, 0);
    QCOMPARE(thirteenth->count, 1);
    QCOMPARE(query.passedOn({1}, now - storage::minuteLength)->count, 0);
}

void AttemptsTest::theyAreFound_data()
{
    QTest::addColumn<Dialect::Kind>("kind");
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("letters");

    for (const Dialect::Kind kind : {Dialect::Kind::Sqlite, Dialect::Kind::Postgresql}) {
        const char *database = kind == Dialect::Kind::Sqlite ? "SQLite" : "PostgreSQL";
        const auto row = [&](const char *filter, const char *letters) {
            QTest::addRow("%s, %s", database, filter)
                << kind << QString::fromUtf8(filter) << QString::fromUtf8(letters);
        };
        row("tried:#1", "dcba");
        row("tried:#13", "ed");
        row("tried:#3", "");
        row("tried:#2", "gfecb");
        row("tried:first", "dcba");
        row("tried:FIRST", "dcba");
        row("tried:thir*", "ed");
        row("tried:*", "gfedcba");
        row("tried:nobody", "");
        row("tried:first,thirteenth", "edcba");
        row("-tried:first", "gfe");
        row("tried:#1 -channel:#1", "dcb");
        row("tried:#1 channel:second", "cb");
        row("tried:#1 since:24h", "dcb");
        row("tried:#x", "");
    }
}

void AttemptsTest::theyAreFound()
{
    QFETCH(Dialect::Kind, kind);
    QFETCH(QString, filter);
    QFETCH(QString, letters);
    TemporaryDatabase temporary(kind);
    const support::MarkingSealer sealer;
    storage::ChannelRepository channels(temporary.database(), sealer);
    QVERIFY(channels.insert({.id = {1}, .name = u"first"_s}));
    QVERIFY(channels.insert({.id = {2}, .name = u"second"_s}));
    QVERIFY(channels.insert({.id = {13}, .name = u"thirteenth"_s}));
    store(temporary.database(), ledger());
    const auto condition =
        storage::trafficCondition(domain::filterQueryFrom(filter, storage::trafficKeys()),
                                  Dialect(kind),
                                  now,
                                  QTimeZone::utc());
    QVERIFY(condition);

    const auto rows =
        storage::TrafficLines(temporary.database(), *condition).newest({.before = 100}, 100, 10s);

    QVERIFY2(rows, rows ? "" : qPrintable(rows.error().detail));
    QString found;
    for (const storage::TrafficRow &row : rows->rows)
        found += QString::fromUtf8(row.stored.record.requestId);
    QCOMPARE(found, letters);
}

// A day of a busy gateway is far more than what of it went through several channels.
void AttemptsTest::anIndexFindsThem()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);

    const auto plan = storage::rowsOf(
        temporary.database(),
        storage::execute(temporary.database(),
                         u"EXPLAIN QUERY PLAN SELECT count(*) FROM usage_records"
                         " WHERE created_at >= :since AND attempts > 1 AND kind IN (2, 6)"
                         " AND channel_id <> :channel AND attempt_log LIKE :pattern"_s,
                         {{u":since"_s, now}, {u":channel"_s, 1}, {u":pattern"_s, u"%[1,%"_s}}),
        [](const QSqlQuery &row) { return row.value(3).toString(); });

    QVERIFY(plan && plan->size() == 1);
    QVERIFY2(plan->front().contains(u"usage_records_retried"_s), qPrintable(plan->front()));
}

void AttemptsTest::modelsAreToldApart()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    std::vector<UsageRecord> records;
    const QByteArrayList models{"small", "große", "third"};
    for (int i = 0; i < 12; ++i) {
        UsageRecord record = request("m" + QByteArray::number(i), {{.channel = {1}}}, i * 60'000);
        record.model = models.at(i % 3);
        record.usage.output = 20 * (1 + i % 3);
        records.push_back(record);
    }
    store(database, records);
    rollUp(database, 200);
    const qint64 begin = storage::startOf(RollUpLevel::Minute, now) - 11 * storage::minuteLength;
    const std::vector<qint64> bounds{
        begin, begin + 6 * storage::minuteLength, begin + 12 * storage::minuteLength};

    const auto series = RollUpQuery(database).seriesByName(
        bounds, RollUpLevel::Minute, RollUpKind::Model, {"große", "nobody's"});

    QVERIFY2(series, series ? "" : qPrintable(series.error().detail));
    QCOMPARE(series->size(), size_t(2)); // that one and all the others
    const auto &large = series->at("große");
    QCOMPARE(large.size(), size_t(2));
    QCOMPARE(large[0].sums.requests() + large[1].sums.requests(), 4);
    QCOMPARE(large[0].sums.outputTokens, 80);
    QVERIFY(std::abs(*large[0].speed.percentile(0.5) - 400) <= 8);
    const auto &others = series->at({});
    QCOMPARE(others[0].sums.requests() + others[1].sums.requests(), 8);
    QCOMPARE(others[1].speed.count(), 4);
}

QTEST_GUILESS_MAIN(AttemptsTest)
#include "tst_attempts.moc"
