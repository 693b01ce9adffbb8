#include "storage/traffic/usagerepository.h"

#include "storage/traffic/bookmarkrepository.h"
#include "storage/traffic/usagecleanup.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::RecordKind;
using domain::UsageRecord;
using storage::Dialect;
using storage::UsageFilter;
using storage::UsageRepository;
using support::TemporaryDatabase;

class UsageRepositoryTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void whatIsInsertedIsListed_data() { TemporaryDatabase::addRows(); }
    void whatIsInsertedIsListed();
    void filters_data();
    void filters();
    void sumsByDayAndModel_data() { TemporaryDatabase::addRows(); }
    void sumsByDayAndModel();
    void removeOlderGoesOnInSlices_data() { TemporaryDatabase::addRows(); }
    void removeOlderGoesOnInSlices();
    void whatIsBookmarkedStays_data() { TemporaryDatabase::addRows(); }
    void whatIsBookmarkedStays();
    void bookmarksAreGonePastOnce_data() { TemporaryDatabase::addRows(); }
    void bookmarksAreGonePastOnce();
    void onlyTheLedgerIsBookmarked_data() { TemporaryDatabase::addRows(); }
    void onlyTheLedgerIsBookmarked();
};

static UsageRecord fullRecord(const QByteArray &requestId)
{
    UsageRecord record{.requestId = requestId,
                       .createdAt = 1'700'000'000'123,
                       .userId = {1},
                       .username = "ann",
                       .tokenId = {2},
                       .tokenName = "laptop",
                       .channelId = {3},
                       .channelKeyId = 4,
                       .model = "große",
                       .providerModel = "tiny",
                       .group = "vip",
                       .operation = "chat"};
    record.usage = {.input = 5,
                    .cacheRead = 6,
                    .cacheWrite = 7,
                    .cacheWriteLong = 8,
                    .inputAudio = 9,
                    .output = 10,
                    .reasoning = 11,
                    .outputAudio = 12,
                    .images = 13,
                    .characters = 14,
                    .source = domain::UsageSource::Counted,
                    .anomalous = true};
    record.cost = {15'000'000'000'000};
    record.charge = {16};
    record.unpriced = true;
    record.tokenIsUnlimited = true;
    record.stream = true;
    record.attempts = 3;
    record.httpStatus = 200;
    record.end = domain::EndReason::ClientGone;
    record.elapsedMilliseconds = 17;
    record.firstByteMilliseconds = 18;
    record.clientAddress = "::1";
    record.errorCode = "none";
    record.content = "50%_text";
    record.client = "Claude Code";
    record.session = "séance";
    record.attemptLog = "[[1,2,3,4,5,6,7,8,0,200]]";
    record.finishReason = "stop";
    return record;
}

// Member by member, as UsageRecord has no operator.
static bool same(const UsageRecord &a, const UsageRecord &b)
{
    const auto tied = [](const UsageRecord &r) {
        return std::tie(r.requestId,
                        r.kind,
                        r.createdAt,
                        r.userId,
                        r.username,
                        r.tokenId,
                        r.tokenName,
                        r.channelId,
                        r.channelKeyId,
                        r.model,
                        r.providerModel,
                        r.group,
                        r.operation,
                        r.usage,
                        r.cost,
                        r.charge,
                        r.unpriced,
                        r.tokenIsUnlimited,
                        r.stream,
                        r.attempts,
                        r.httpStatus,
                        r.end,
                        r.elapsedMilliseconds,
                        r.firstByteMilliseconds,
                        r.clientAddress,
                        r.errorCode,
                        r.content,
                        r.client,
                        r.session,
                        r.attemptLog,
                        r.finishReason);
    };
    return tied(a) == tied(b);
}

void UsageRepositoryTest::whatIsInsertedIsListed()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UsageRepository usage(temporary.database());
    UsageRecord management{
        .kind = RecordKind::Management, .createdAt = 1'800'000'000'000, .content = "note"};

    const auto first = usage.insert(fullRecord("r-1"));
    const auto twice = usage.insert(fullRecord("r-1"));
    QVERIFY(first && !twice);
    QVERIFY(usage.insert(management));
    QVERIFY(usage.insert(management));

    const auto all = usage.list({}, {});
    QCOMPARE(all->size(), 3u);
    QVERIFY(all->at(0).id > all->at(1).id);
    QVERIFY(same(all->at(0).record, management));
    QVERIFY(same(all->at(2).record, fullRecord("r-1")));
    QVERIFY(same((*usage.findByRequest("r-1"))->record, fullRecord("r-1")));
    QVERIFY(!usage.findByRequest("r-2")->has_value());
}

void UsageRepositoryTest::filters_data()
{
    QTest::addColumn<Dialect::Kind>("kind");
    QTest::addColumn<UsageFilter>("filter");
    QTest::addColumn<QByteArrayList>("requests"); // the newest first

    const QByteArrayList all{"r-4", "r-3", "r-2", "r-1"};
    const std::vector<std::tuple<const char *, UsageFilter, QByteArrayList>> cases{
        {"nothing", {}, all},
        {"kind", {.kind = RecordKind::Failure}, {"r-4"}},
        {"time", {.since = 2'000, .until = 3'001}, {"r-3", "r-2"}},
        {"user", {.user = domain::UserId{2}}, {"r-2"}},
        {"token", {.token = domain::TokenId{9}}, {"r-3"}},
        {"channel", {.channel = domain::ChannelId{8}}, {"r-1"}},
        {"name of the user", {.username = u"bob"_s}, {"r-2"}},
        {"name of the token", {.tokenName = u"phone"_s}, {"r-3"}},
        {"model", {.model = u"large"_s}, {"r-4"}},
        {"several", {.user = domain::UserId{1}, .model = u"small"_s}, {"r-3", "r-1"}},
        {"older ones", {.beforeId = 3}, {"r-2", "r-1"}},
        {"a word: beginning of a content", {.keyword = u"50%"_s}, {"r-1"}},
        {"a word: a wildcard is none", {.keyword = u"%0"_s}, {}},
        {"a word: model", {.keyword = u"lar"_s}, {"r-4"}},
        {"a word: token", {.keyword = u"pho"_s}, {"r-3"}},
        {"a word: user", {.keyword = u"bo"_s}, {"r-2"}},
        {"a word: request", {.keyword = u"r-2"_s}, {"r-2"}},
        {"a word: number of a kind", {.keyword = u"6"_s}, {"r-4"}},
    };
    for (const auto &[name, filter, requests] : cases) {
        QTest::addRow("%s, SQLite", name) << Dialect::Kind::Sqlite << filter << requests;
        QTest::addRow("%s, PostgreSQL", name) << Dialect::Kind::Postgresql << filter << requests;
    }
}

void UsageRepositoryTest::filters()
{
    QFETCH(Dialect::Kind, kind);
    QFETCH(UsageFilter, filter);
    QFETCH(QByteArrayList, requests);
    TemporaryDatabase temporary(kind);
    UsageRepository usage(temporary.database());
    UsageRecord record{.userId = {1}, .username = "ann", .tokenName = "laptop", .model = "small"};
    const auto insert = [&](const QByteArray &id, qint64 time, auto change) {
        UsageRecord changed = record;
        changed.requestId = id;
        changed.createdAt = time;
        changed.charge = {1};
        change(changed);
        QVERIFY(usage.insert(changed));
    };
    insert("r-1", 1'000, [](UsageRecord &r) {
        r.channelId = {8};
        r.content = "50%_off";
    });
    insert("r-2", 2'000, [](UsageRecord &r) {
        r.userId = {2};
        r.username = "bob";
    });
    insert("r-3", 3'000, [](UsageRecord &r) {
        r.tokenId = {9};
        r.tokenName = "phone";
    });
    insert("r-4", 4'000, [](UsageRecord &r) {
        r.kind = RecordKind::Failure;
        r.model = "large";
    });

    const auto listed = usage.list(filter, {.limit = 10});

    QVERIFY(listed);
    QByteArrayList found;
    for (const storage::StoredUsage &line : *listed)
        found.append(line.record.requestId);
    QCOMPARE(found, requests);
    QCOMPARE(usage.count(filter).value(), requests.size());
    QCOMPARE(usage.sums(filter)->charge.units, requests.size());
}

void UsageRepositoryTest::sumsByDayAndModel()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UsageRepository usage(temporary.database());
    constexpr qint64 midnight = 1'699'920'000'000; // 2023-11-14
    int number = 0;
    const auto insert = [&](qint64 time, const QByteArray &model, RecordKind recordKind) {
        UsageRecord record = fullRecord("r-" + QByteArray::number(++number));
        record.createdAt = time;
        record.model = model;
        record.kind = recordKind;
        QVERIFY(usage.insert(record));
    };
    insert(midnight - 1, "a", RecordKind::Consumption);
    insert(midnight, "b", RecordKind::Consumption);
    insert(midnight + 1, "a", RecordKind::Consumption);
    insert(midnight + 86'399'999, "a", RecordKind::Consumption);
    insert(midnight + 5, "a", RecordKind::Test);

    const auto days = usage.daily({.user = domain::UserId{1}});

    QVERIFY(days);
    QCOMPARE(days->size(), 3u);
    QCOMPARE(days->at(0).day, u"2023-11-13"_s);
    QCOMPARE(days->at(1).day, u"2023-11-14"_s);
    QCOMPARE(days->at(1).model, "a");
    QCOMPARE(days->at(1).requests, 2);
    QCOMPARE(days->at(1).charge.units, 32);
    QCOMPARE(days->at(1).cost.nanoDollars, 30'000'000'000'000);
    QCOMPARE(days->at(1).inputTokens, 10);
    QCOMPARE(days->at(1).outputTokens, 20);
    QCOMPARE(usage.daily({.user = domain::UserId{5}})->size(), 0u);
    QCOMPARE(usage.sums({.user = domain::UserId{5}})->records, 0);
}

void UsageRepositoryTest::removeOlderGoesOnInSlices()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::StorageThreads threads(temporary.options());
    QVERIFY(threads.start());
    const auto inserted = threads.write([](storage::Database &database) -> base::Result<> {
        for (int i = 0; i < 300; ++i) {
            if (auto line = UsageRepository(database).insert({.createdAt = i}); !line)
                return base::fail(line.error());
        }
        return {};
    });
    QVERIFY(inserted.result());

    const auto removed = storage::removeOlderUsage(threads, 290);

    QTRY_VERIFY(removed.isFinished());
    QCOMPARE(removed.result().value(), 290);
    const auto left = threads.read(
        [](storage::Database &database) { return UsageRepository(database).count({}); });
    QCOMPARE(left.result().value(), 10);
    storage::LedgerClearing clearing;
    const auto slice = threads.write([&clearing](storage::Database &database) {
        return UsageRepository(database).removeOlder(1'000, clearing, std::chrono::milliseconds(0));
    });
    QCOMPARE(slice.result().value(), 10);
    QVERIFY(clearing.isDone);
}

void UsageRepositoryTest::whatIsBookmarkedStays()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::StorageThreads threads(temporary.options());
    QVERIFY(threads.start());
    const auto inserted = threads.write([](storage::Database &database) -> base::Result<> {
        for (int i = 0; i < 100; ++i) {
            const QByteArray id = "r" + QByteArray::number(i);
            if (auto line = UsageRepository(database).insert({.requestId = id, .createdAt = i});
                !line)
                return base::fail(line.error());
        }
        QByteArrayList marked;
        for (int i = 0; i < 60; ++i) // more of the oldest than are removed at once
            marked.append("r" + QByteArray::number(i));
        const auto added = storage::BookmarkRepository(database).add(marked, 7);
        return added ? base::Result<>() : base::fail(added.error());
    });
    QVERIFY(inserted.result());

    const auto removed = storage::removeOlderUsage(threads, 90);

    QTRY_VERIFY(removed.isFinished());
    QCOMPARE(removed.result().value(), 30);
    const auto unmarked = threads.write([](storage::Database &database) {
        return storage::BookmarkRepository(database).remove({"r3", "r59", "r95"});
    });
    QCOMPARE(unmarked.result().value(), QByteArrayList({"r3", "r59"}));
    const auto again = storage::removeOlderUsage(threads, 90);
    QTRY_VERIFY(again.isFinished());
    QCOMPARE(again.result().value(), 2);
    const auto left = threads.read(
        [](storage::Database &database) { return UsageRepository(database).count({}); });
    QCOMPARE(left.result().value(), 68);
}

// However many have a bookmark, one step looks at a few lines alone, and none is looked at twice.
void UsageRepositoryTest::bookmarksAreGonePastOnce()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UsageRepository usage(temporary.database());
    QByteArrayList marked;
    for (int i = 0; i < 340; ++i) {
        const QByteArray id = "r" + QByteArray::number(i);
        QVERIFY(usage.insert({.requestId = id, .createdAt = i}));
        if (i < 310)
            marked.append(id);
    }
    QVERIFY(storage::BookmarkRepository(temporary.database()).add(marked, 7));
    storage::LedgerClearing clearing;
    QList<qint64> reached;
    qint64 removed = 0;

    while (!clearing.isDone) {
        const auto step = usage.removeOlder(1'000, clearing, std::chrono::milliseconds(0));
        QVERIFY(step);
        removed += *step;
        reached.append(clearing.from);
    }

    QCOMPARE(removed, 30);
    // Of the last forty 25 are removed, then the rest.
    QCOMPARE(reached, QList<qint64>({100, 200, 300, 334, 1'000}));
    QCOMPARE(usage.count({}).value(), 310);
}

void UsageRepositoryTest::onlyTheLedgerIsBookmarked()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    QVERIFY(UsageRepository(temporary.database()).insert({.requestId = "a", .createdAt = 1}));
    QVERIFY(UsageRepository(temporary.database()).insert({.requestId = "b", .createdAt = 2}));
    storage::BookmarkRepository bookmarks(temporary.database());

    QCOMPARE(bookmarks.add({"b", "gone", "a"}, 5).value(), QByteArrayList({"b", "a"}));

    QCOMPARE(bookmarks.add({"a"}, 6).value(), QByteArrayList());
    QCOMPARE(bookmarks.unmarked({"a", "gone", "b"}).value(), QByteArrayList({"gone"}));
    QCOMPARE(bookmarks.all().value(), QByteArrayList({"a", "b"}));
    QCOMPARE(bookmarks.remove({"a", "gone"}).value(), QByteArrayList({"a"}));
    QCOMPARE(bookmarks.all().value(), QByteArrayList({"b"}));
}

QTEST_GUILESS_MAIN(UsageRepositoryTest)
#include "tst_usagerepository.moc"
