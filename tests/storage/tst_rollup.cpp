#include "storage/traffic/rollupquery.h"

#include "storage/ledger/ledgerbatch.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"
#include "storage/traffic/trafficquery.h"
#include "storage/traffic/uptimerepository.h"
#include "storage/traffic/usagerepository.h"
#include "storage/transaction.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::TrafficFigures;
using domain::UsageRecord;
using storage::Database;
using storage::Dialect;
using storage::RollUpFilter;
using storage::RollUpKind;
using storage::RollUpLevel;
using storage::RollUpQuery;
using storage::RollUpSegment;
using support::TemporaryDatabase;

// A Monday, at midnight.
static constexpr qint64 monday = 1'789'948'800'000;
static constexpr qint64 now = monday + 3 * storage::dayLength + 5 * storage::hourLength + 90'000;

class RollUpTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void theSumsAreThoseOfTheLedger_data();
    void theSumsAreThoseOfTheLedger();
    void goesOnWhereItStopped_data() { TemporaryDatabase::addRows(); }
    void goesOnWhereItStopped();
    void aSliceThatWasOvertakenIsRefused_data() { TemporaryDatabase::addRows(); }
    void aSliceThatWasOvertakenIsRefused();
    void nowMayHavePassedMeanwhile();
    void linesMayWait_data() { TemporaryDatabase::addRows(); }
    void linesMayWait();
    void whatIsRemovedFromTheLedgerStays_data() { TemporaryDatabase::addRows(); }
    void whatIsRemovedFromTheLedgerStays();
    void minutesArePruned_data() { TemporaryDatabase::addRows(); }
    void minutesArePruned();
    void segments_data();
    void segments();
    void sumsByName_data() { TemporaryDatabase::addRows(); }
    void sumsByName();
    void figuresOfUsersBeginOnTheHour_data() { TemporaryDatabase::addRows(); }
    void figuresOfUsersBeginOnTheHour();
    void failuresAreGrouped_data() { TemporaryDatabase::addRows(); }
    void failuresAreGrouped();
    void uptimes_data() { TemporaryDatabase::addRows(); }
    void uptimes();
};

static UsageRecord request(qint64 number, qint64 at)
{
    static const QByteArrayList models{"small", "große", "a 'quoted' name"};
    UsageRecord record{.requestId = "r-" + QByteArray::number(number),
                       .createdAt = at,
                       .userId = {1 + number % 2},
                       .tokenId = {1 + number % 4},
                       .channelId = {1 + number % 3},
                       .model = models[number % 3],
                       .stream = true,
                       .attempts = 1 + static_cast<int>(number % 2),
                       .httpStatus = number % 7 == 0 ? 502 : 200,
                       .elapsedMilliseconds = 100 + number % 900,
                       .firstByteMilliseconds = 50 + number % 90};
    record.usage = {.input = 100 + number, .cacheRead = number % 50, .output = 30};
    record.cost = {1'000 * number};
    if (record.httpStatus == 502) {
        record.kind = domain::RecordKind::Failure;
        record.end = domain::EndReason::Failed;
        record.errorCode = "provider_fault";
    }
    return record;
}

static void store(Database &database, const std::vector<UsageRecord> &records)
{
    std::vector<storage::LedgerEntry> entries;
    for (const UsageRecord &record : records)
        entries.push_back({record, {}});
    QVERIFY(storage::LedgerBatch::of(database).store(entries));
}

// One in `step` milliseconds, the last just before `now`.
static std::vector<UsageRecord> requests(qint64 count, qint64 step, qint64 first = 1)
{
    std::vector<UsageRecord> records;
    for (qint64 i = 0; i < count; ++i)
        records.push_back(request(first + i, now - (count - i) * step));
    return records;
}

static domain::Cost half(const UsageRecord &record)
{
    return {record.usage.cacheRead / 2};
}

static storage::RollUpOrder order()
{
    return {.lines = 170, .rowsOfSlice = 40, .now = now, .saved = half};
}

static bool storeSlice(Database &database, const storage::RollUpSlice &slice)
{
    auto transaction = storage::Transaction::begin(database);
    const auto stored = storage::storeRollUpSlice(database, slice);
    return transaction && stored && *stored && transaction->commit();
}

// Sums up all there is; gives the number of slices.
static int rollUp(Database &database)
{
    int slices = 0;
    while (true) {
        const auto chunk = storage::readRollUpChunk(database, order());
        if (!chunk)
            return -1;
        for (const storage::RollUpSlice &slice : chunk->slices) {
            if (!storeSlice(database, slice))
                return -1;
            ++slices;
        }
        if (chunk->reachesEnd)
            return slices;
    }
}

static TrafficFigures figuresOf(const std::vector<UsageRecord> &records,
                                const std::function<bool(const UsageRecord &)> &counts)
{
    TrafficFigures figures;
    for (const UsageRecord &record : records) {
        if (counts(record))
            figures.add(record, half(record));
    }
    return figures;
}

void RollUpTest::theSumsAreThoseOfTheLedger_data()
{
    QTest::addColumn<Dialect::Kind>("kind");
    QTest::addColumn<int>("dimension");
    QTest::addColumn<QByteArray>("name");

    for (const Dialect::Kind kind : {Dialect::Kind::Sqlite, Dialect::Kind::Postgresql}) {
        const char *database = kind == Dialect::Kind::Sqlite ? "SQLite" : "PostgreSQL";
        const auto row = [&](const char *what, RollUpKind dimension, const QByteArray &name) {
            QTest::addRow("%s, %s", database, what) << kind << static_cast<int>(dimension) << name;
        };
        row("all", RollUpKind::All, {});
        row("a channel", RollUpKind::Channel, "2");
        row("a model", RollUpKind::Model, "große");
        row("a model with quotes", RollUpKind::Model, "a 'quoted' name");
        row("a token", RollUpKind::Token, "4");
        row("a user", RollUpKind::User, "1");
        row("an unknown model", RollUpKind::Model, "none");
    }
}

void RollUpTest::theSumsAreThoseOfTheLedger()
{
    QFETCH(Dialect::Kind, kind);
    QFETCH(int, dimension);
    QFETCH(QByteArray, name);
    const auto of = static_cast<RollUpKind>(dimension);
    TemporaryDatabase temporary(kind);
    // Over three days, so that minutes, hours and days take part.
    const std::vector<UsageRecord> records = requests(400, 11 * 60'000 + 77);
    store(temporary.database(), records);

    QVERIFY(rollUp(temporary.database()) > 5);

    const auto belongs = [&](const UsageRecord &record) {
        switch (of) {
        case RollUpKind::All:
            return true;
        case RollUpKind::Channel:
            return QByteArray::number(record.channelId.value) == name;
        case RollUpKind::Model:
            return record.model == name;
        case RollUpKind::Token:
            return QByteArray::number(record.tokenId.value) == name;
        case RollUpKind::User:
            return QByteArray::number(record.userId.value) == name;
        }
        return false;
    };
    const RollUpQuery query(temporary.database());
    for (const qint64 since : {monday,
                               monday + 7 * storage::hourLength,
                               now - 40 * storage::hourLength,
                               storage::startOf(RollUpLevel::Minute, now - 3 * 60'000)}) {
        const auto figures = query.figures(storage::segmentsFor(since, now, now), {of, name});
        const qint64 begin = storage::segmentsFor(since, now, now).front().since;
        const TrafficFigures expected = figuresOf(records, [&](const UsageRecord &record) {
            return record.createdAt >= begin && belongs(record);
        });
        QVERIFY(figures);
        QCOMPARE(figures->sums, expected.sums);
        QVERIFY(*figures == expected);
    }
}

void RollUpTest::nowMayHavePassedMeanwhile()
{
    const auto asked = storage::segmentsFor(monday, now, now);

    QCOMPARE(storage::segmentsFor(monday, now, now + 7).back().until, asked.back().until);
    QVERIFY(asked.back().until > now);
    const qint64 earlier = now - 5 * storage::minuteLength;
    QVERIFY(storage::segmentsFor(monday, earlier, now).back().until <= earlier);
}

void RollUpTest::goesOnWhereItStopped()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    const std::vector<UsageRecord> all = requests(300, 1'000);
    std::vector<UsageRecord> records(all.begin(), all.begin() + 100);
    store(database, records);
    // Some slices of a chunk only, as when the program ends in the middle.
    const auto chunk = storage::readRollUpChunk(database, order());
    QVERIFY(chunk && chunk->slices.size() > 1);
    QVERIFY(storeSlice(database, chunk->slices.front()));

    store(database, {all.begin() + 100, all.end()});
    QVERIFY(rollUp(database) > 0);

    const auto figures = RollUpQuery(database).figures(storage::segmentsFor(monday, now, now), {});
    QVERIFY(*figures == figuresOf(all, [](const UsageRecord &) { return true; }));
    const auto state = storage::rollUpState(database);
    QVERIFY(state && state->last == state->newest);
    QCOMPARE(rollUp(database), 0);
}

void RollUpTest::aSliceThatWasOvertakenIsRefused()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    store(database, requests(10, 1'000));
    const auto chunk = storage::readRollUpChunk(database, order());
    QVERIFY(chunk && !chunk->slices.empty());
    QVERIFY(rollUp(database) > 0);

    const auto again = storage::storeRollUpSlice(database, chunk->slices.front());

    QVERIFY(again && !*again);
    const auto figures = RollUpQuery(database).figures(storage::segmentsFor(monday, now, now), {});
    QCOMPARE(figures->sums.requests(), 10);
}

void RollUpTest::linesMayWait()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    store(database, requests(5, 1'000)); // the last one is a second old

    storage::RollUpOrder patient = order();
    patient.settling = 2'500;
    const auto chunk = storage::readRollUpChunk(database, patient);
    QVERIFY(chunk && chunk->reachesEnd && chunk->slices.size() == 1);
    QVERIFY(storeSlice(database, chunk->slices.front()));

    const auto state = storage::rollUpState(database);
    QCOMPARE(state->newest - state->last, 2);
}

void RollUpTest::whatIsRemovedFromTheLedgerStays()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    store(database, requests(50, 1'000));
    QVERIFY(rollUp(database) > 0);

    storage::LedgerClearing clearing;
    while (!clearing.isDone)
        QVERIFY(storage::UsageRepository(database).removeOlder(now, clearing));
    QCOMPARE(rollUp(database), 0);

    QCOMPARE(storage::UsageRepository(database).count({}).value_or(-1), 0);
    const auto figures = RollUpQuery(database).figures(storage::segmentsFor(monday, now, now), {});
    QCOMPARE(figures->sums.requests(), 50);
}

void RollUpTest::minutesArePruned()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    store(database, requests(60, 60'000));
    QVERIFY(rollUp(database) > 0);
    const qint64 later = now - 30 * storage::minuteLength + storage::minutesKept;

    qint64 slices = 0;
    while (storage::pruneRollUps(database, later).value_or(0) > 0)
        ++slices;

    QVERIFY(slices > 5); // it does not remove all at once
    const auto left = storage::numberOf(
        database,
        storage::execute(database,
                         u"SELECT count(*) FROM traffic_rollups WHERE level = 1 AND kind = 0"_s));
    QVERIFY(left.value_or(0) >= 30 && left.value_or(0) <= 32);
    const auto figures =
        RollUpQuery(database).figures(storage::segmentsFor(monday, later, later), {});
    QCOMPARE(figures->sums.requests(), 60);
}

void RollUpTest::segments_data()
{
    QTest::addColumn<qint64>("since");
    QTest::addColumn<qint64>("until");
    QTest::addColumn<QList<qint64>>("expected"); // level, since, until, …

    constexpr qint64 minute = storage::minuteLength;
    constexpr qint64 hour = storage::hourLength;
    constexpr qint64 day = storage::dayLength;
    constexpr qint64 today = monday + 3 * day;
    QTest::newRow("nothing") << now << now - 1 << QList<qint64>{};
    QTest::newRow("some minutes") << now - 10 * minute << now - 5 * minute
                                  << QList<qint64>{1,
                                                   today + 4 * hour + 51 * minute,
                                                   today + 4 * hour + 56 * minute};
    QTest::newRow("until now, across an hour") << now - 10 * minute << now
                                               << QList<qint64>{1,
                                                                today + 4 * hour + 51 * minute,
                                                                today + 5 * hour,
                                                                2,
                                                                today + 5 * hour,
                                                                today + day};
    QTest::newRow("days, hours and minutes") << today - 25 * hour - minute << now - 90'000
                                             << QList<qint64>{1,
                                                              today - 25 * hour - minute,
                                                              today - 25 * hour,
                                                              2,
                                                              today - 25 * hour,
                                                              today - 24 * hour,
                                                              3,
                                                              today - day,
                                                              today,
                                                              2,
                                                              today,
                                                              today + 5 * hour};
    QTest::newRow("where there are no minutes any more")
        << monday - day + 90 * minute << monday - 2 * hour - minute
        << QList<qint64>{2, monday - day + hour, monday - 3 * hour};
    QTest::newRow("long ago until now")
        << monday - 10 * day << now + 1 << QList<qint64>{3, monday - 10 * day, today + day};
}

void RollUpTest::segments()
{
    QFETCH(qint64, since);
    QFETCH(qint64, until);
    QFETCH(QList<qint64>, expected);

    QList<qint64> found;
    for (const RollUpSegment &segment : storage::segmentsFor(since, until, now))
        found << static_cast<qint64>(segment.level) << segment.since << segment.until;

    QCOMPARE(found, expected);
}

void RollUpTest::sumsByName()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    const std::vector<UsageRecord> records = requests(200, 20 * 60'000);
    store(database, records);
    QVERIFY(rollUp(database) > 0);
    const RollUpQuery query(database);

    const auto sums = query.sumsByName(storage::segmentsFor(monday, now, now), RollUpKind::Model);
    const auto figures =
        query.figuresByName(storage::segmentsFor(monday, now, now), RollUpKind::Channel);
    const qint64 minute = storage::startOf(RollUpLevel::Minute, now);
    const storage::RollUpSegment hour{
        RollUpLevel::Minute, minute - storage::hourLength, minute + 1};
    const auto minutes = query.stretchesByName(hour, storage::minuteLength, RollUpKind::Channel);
    const auto halves =
        query.stretchesByName(hour, 30 * storage::minuteLength, RollUpKind::Channel);

    QVERIFY(sums && figures && minutes && halves);
    QCOMPARE(sums->size(), 3u);
    QCOMPARE(figures->size(), 3u);
    const TrafficFigures expected = figuresOf(records, [](const UsageRecord &record) {
        return record.createdAt >= monday && record.model == "große";
    });
    QCOMPARE(sums->at("große"), expected.sums);
    qint64 inMinutes = 0;
    for (const auto &[name, of] : *minutes) {
        for (const auto &[start, one] : of)
            inMinutes += one.requests();
    }
    QCOMPARE(inMinutes, 3);
    // The same in longer stretches.
    std::map<qint64, qint64> inHalves;
    for (const auto &[name, of] : *minutes) {
        for (const auto &[start, one] : of)
            inHalves[hour.since
                     + (start - hour.since) / (30 * storage::minuteLength)
                           * (30 * storage::minuteLength)] += one.requests();
    }
    for (const auto &[name, of] : *halves) {
        for (const auto &[start, one] : of)
            inHalves[start] -= one.requests();
    }
    QVERIFY(inHalves.size() >= 2u);
    QVERIFY(std::all_of(
        inHalves.begin(), inHalves.end(), [](const auto &each) { return each.second == 0; }));
}

// What was spent earlier on the first day does not count.
void RollUpTest::figuresOfUsersBeginOnTheHour()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    storage::UserRepository users(database);
    const domain::UserId id = users.insert({.username = u"ann"_s, .group = "default"}, "x").value();
    const qint64 since = monday + 5 * storage::hourLength + 600'000;
    std::vector<UsageRecord> records;
    // An hour too early; in the hour in which it begins; on the same day; on the next one.
    for (const qint64 at : {since - storage::hourLength,
                            since,
                            since + 2 * storage::hourLength,
                            since + storage::dayLength}) {
        UsageRecord record = request(1 + qint64(records.size()), at);
        record.userId = id;
        record.cost = {2'000};
        records.push_back(record);
    }
    store(database, records);
    const auto before = users.figures(since);
    rollUp(database);

    const auto figures = users.figures(since);

    QVERIFY2(figures, figures ? "" : qPrintable(figures.error().detail));
    QCOMPARE(figures->size(), size_t(1));
    QCOMPARE(figures->front().charge, domain::Cost{6'000}.charge());
    QCOMPARE(before->front().charge, figures->front().charge);
}

void RollUpTest::failuresAreGrouped()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    std::vector<UsageRecord> records;
    for (qint64 i = 1; i <= 9; ++i) {
        UsageRecord record = request(7 * i, now - i * 1'000);
        record.channelId = {5};
        record.channelKeyId = 3;
        if (i > 6)
            record.errorCode = "provider_overloaded";
        records.push_back(record);
    }
    records.push_back(request(700, now - 500)); // of another channel
    store(database, records);

    const auto groups = storage::TrafficQuery(database).failures({5}, now - 60'000, 10);

    QVERIFY(groups);
    QCOMPARE(groups->size(), 2u);
    QCOMPARE(groups->front().errorCode, "provider_fault");
    QCOMPARE(groups->front().count, 6);
    QCOMPARE(groups->front().latest, now - 1'000);
    QCOMPARE(groups->front().key, 3);
    QCOMPARE(groups->front().httpStatus, 502);
    QCOMPARE(groups->back().count, 3);
}

void RollUpTest::uptimes()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::UptimeRepository uptime(temporary.database());

    const auto first = uptime.begin(1'000);
    QVERIFY(first && uptime.prolong(*first, 5'000));
    const auto second = uptime.begin(9'000);
    QVERIFY(second && *second != *first);

    const auto early = uptime.within(4'000, 9'000);
    QVERIFY(early && early->size() == 1);
    QCOMPARE(early->front().since, 1'000);
    QCOMPARE(early->front().until, 5'000);
    QCOMPARE(uptime.within(0, 10'000)->size(), 2u);
    QVERIFY(uptime.within(6'000, 8'000)->empty());
    QVERIFY(!uptime.prolong(99, 1));
}

QTEST_GUILESS_MAIN(RollUpTest)
#include "tst_rollup.moc"
