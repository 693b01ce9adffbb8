#include "storage/ledger/ledgerwriter.h"

#include "storage/ledger/portableledger.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"
#include "storage/traffic/usagerepository.h"
#include "storage/transaction.h"
#include "support/markingsealer.h"
#include "support/postgresqlserver.h"
#include "support/temporarydatabase.h"

#include <QtTest>

#include <set>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::UsageRecord;
using std::chrono::milliseconds;
using storage::Database;
using storage::Dialect;
using storage::LedgerWriter;
using storage::StorageThreads;
using storage::UsageRepository;
using support::TemporaryDatabase;

class LedgerWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void aLineIsStoredAsItIs_data() { TemporaryDatabase::addRows(); }
    void aLineIsStoredAsItIs();
    void manyFromManyThreads_data() { TemporaryDatabase::addRows(); }
    void manyFromManyThreads();
    void aRequestCountsOnce_data() { TemporaryDatabase::addRows(); }
    void aRequestCountsOnce();
    void balances_data() { TemporaryDatabase::addRows(); }
    void balances();
    void lastUses_data() { TemporaryDatabase::addRows(); }
    void lastUses();
    void absurdChargesDoNotStopTheLedger_data() { TemporaryDatabase::addRows(); }
    void absurdChargesDoNotStopTheLedger();
    void aLockMakesItUnhealthyUntilItIsGone();
    void aFullDatabaseMakesItUnhealthyUntilThereIsRoom();
    void aServerThatIsAwayMakesItUnhealthyUntilItIsBack();
    void otherWritesAreNotStarved();
    void theWayByQtSqlDoesTheSame();

private:
    support::MarkingSealer m_sealer;
    base::SystemClock m_clock;
};

// A database with a user, a token and a channel, and a ledger on it. The numbers of all are 1.
struct Ledger
{
    explicit Ledger(Dialect::Kind kind, const storage::KeySealer &sealer, const base::Clock &clock)
        : temporary(kind)
        , threads(temporary.options())
    {
        Database &database = temporary.database();
        const auto user = storage::UserRepository(database).insert(
            {.username = u"ann"_s, .balance = {1'000'000}}, "h");
        const auto token =
            storage::TokenRepository(database, sealer)
                .insert({.userId = {1}, .keyHash = QByteArray(32, 'k'), .balance = {500'000}});
        const auto channel = storage::ChannelRepository(database, sealer).insert({});
        if (!user || !token || !channel || !threads.start())
            qFatal("The database could not be filled.");
        writer = std::make_unique<LedgerWriter>(threads, clock);
    }

    void submit(UsageRecord record, domain::ReceiptTicket ticket = {})
    {
        writer->submit(std::move(record), ticket);
    }

    TemporaryDatabase temporary;
    StorageThreads threads;
    std::unique_ptr<LedgerWriter> writer;
};

static UsageRecord record(const QByteArray &requestId)
{
    return {.requestId = requestId,
            .createdAt = 1'700'000'000'000,
            .userId = {1},
            .tokenId = {1},
            .channelId = {1},
            .model = "small",
            .cost = {6'000},
            .charge = {3}};
}

void LedgerWriterTest::aLineIsStoredAsItIs()
{
    QFETCH(Dialect::Kind, kind);
    Ledger ledger(kind, m_sealer, m_clock);
    UsageRecord full = record("r-1");
    full.username = "Jürgen's \"\\";
    full.tokenName = QByteArray("nul\0l", 5);
    full.model = "broken \xff utf-8";
    full.providerModel = "p";
    full.group = "vip";
    full.operation = "chat";
    full.channelKeyId = 4;
    full.usage = {.input = 5,
                  .cacheRead = 6,
                  .cacheWrite = 7,
                  .cacheWriteLong = 8,
                  .inputAudio = 9,
                  .output = 10,
                  .reasoning = 11,
                  .outputAudio = 12,
                  .images = 13,
                  .characters = 14,
                  .source = domain::UsageSource::Provider,
                  .anomalous = true};
    full.cost = {9'007'199'254'740'993}; // more than a double holds
    full.unpriced = true;
    full.stream = true;
    full.attempts = 2;
    full.cache = domain::CacheResult::Bypass;
    full.httpStatus = 200;
    full.end = domain::EndReason::TimedOut;
    full.elapsedMilliseconds = 17;
    full.firstByteMilliseconds = 18;
    full.clientAddress = "::1";
    full.errorCode = "e";
    full.content = "text";
    full.client = "Codex";
    full.session = "s-1";
    full.attemptLog = "[[1]]";
    full.finishReason = "max_tokens";

    ledger.submit(full);
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));

    const UsageRecord found =
        (*UsageRepository(ledger.temporary.database()).findByRequest("r-1"))->record;
    QCOMPARE(found.username, full.username);
    QCOMPARE(found.tokenName, "null");
    QCOMPARE(found.model, QByteArray("broken \xef\xbf\xbd utf-8"));
    QCOMPARE(found.usage, full.usage);
    QCOMPARE(found.cost, full.cost);
    QCOMPARE(found.charge, full.charge);
    QCOMPARE(std::tie(found.createdAt,
                      found.userId,
                      found.tokenId,
                      found.channelId,
                      found.channelKeyId,
                      found.providerModel,
                      found.group,
                      found.operation),
             std::tie(full.createdAt,
                      full.userId,
                      full.tokenId,
                      full.channelId,
                      full.channelKeyId,
                      full.providerModel,
                      full.group,
                      full.operation));
    QCOMPARE(std::tie(found.unpriced,
                      found.tokenIsUnlimited,
                      found.stream,
                      found.attempts,
                      found.cache,
                      found.httpStatus,
                      found.end,
                      found.elapsedMilliseconds,
                      found.firstByteMilliseconds),
             std::tie(full.unpriced,
                      full.tokenIsUnlimited,
                      full.stream,
                      full.attempts,
                      full.cache,
                      full.httpStatus,
                      full.end,
                      full.elapsedMilliseconds,
                      full.firstByteMilliseconds));
    QCOMPARE(std::tie(found.clientAddress, found.errorCode, found.content),
             std::tie(full.clientAddress, full.errorCode, full.content));
    QCOMPARE(std::tie(found.client, found.session, found.attemptLog, found.finishReason),
             std::tie(full.client, full.session, full.attemptLog, full.finishReason));
}

void LedgerWriterTest::manyFromManyThreads()
{
    QFETCH(Dialect::Kind, kind);
    Ledger ledger(kind, m_sealer, m_clock);
    constexpr int threadCount = 4;
    constexpr quint64 each = 2'500;
    std::array<std::multiset<quint64>, threadCount> receipts;
    std::mutex mutex;

    std::vector<std::thread> threads;
    for (size_t number = 0; number < threadCount; ++number) {
        const int receiver = ledger.writer->registerReceiver([&, number](std::vector<quint64> of) {
            const std::lock_guard lock(mutex);
            receipts[number].insert(of.begin(), of.end());
        });
        threads.emplace_back([&ledger, receiver, number] {
            for (quint64 i = 0; i < each; ++i)
                ledger.submit(record(QByteArray::number(qint64(number)) + "-"
                                     + QByteArray::number(qint64(i))),
                              {receiver, i});
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY(ledger.writer->flush(milliseconds(60'000)));

    constexpr qint64 total = threadCount * qint64(each);
    QTRY_COMPARE(receipts[threadCount - 1].size(), each);
    ledger.writer.reset(); // from here on no receipt comes
    for (const std::multiset<quint64> &numbers : receipts) {
        QCOMPARE(numbers.size(), each);
        QCOMPARE(std::set<quint64>(numbers.begin(), numbers.end()).size(), each);
    }
    Database &database = ledger.temporary.database();
    QCOMPARE(UsageRepository(database).count({}).value(), total);
    QCOMPARE(UsageRepository(database).sums({})->charge.units, 3 * total);
    const domain::User user = storage::UserRepository(database).find({1}).value();
    QCOMPARE(user.balance.units, 1'000'000 - 3 * total);
    QCOMPARE(user.used.units, 3 * total);
    QCOMPARE(user.requestCount, total);
}

void LedgerWriterTest::aRequestCountsOnce()
{
    QFETCH(Dialect::Kind, kind);
    Ledger ledger(kind, m_sealer, m_clock);
    std::atomic<int> receipts = 0;
    const int receiver = ledger.writer->registerReceiver(
        [&](const std::vector<quint64> &numbers) { receipts += static_cast<int>(numbers.size()); });

    ledger.submit(record("same"), {receiver, 1});
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));
    ledger.submit(record("same"), {receiver, 2});
    ledger.submit(record("twice in a batch"), {receiver, 3});
    ledger.submit(record("twice in a batch"), {receiver, 4});
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));

    // Among so many that they are stored several at a time.
    std::vector<storage::LedgerEntry> crowd;
    for (quint64 i = 5; i < 45; ++i)
        crowd.push_back({record("r-" + QByteArray::number(i / 2 * 2)), {receiver, i}});
    ledger.writer->submitAll(crowd);
    QVERIFY(crowd.empty());
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));

    QTRY_COMPARE(receipts.load(), 44);
    Database &database = ledger.temporary.database();
    QCOMPARE(UsageRepository(database).count({}).value(), 23);
    QCOMPARE(storage::UserRepository(database).find({1})->used.units, 23 * 3);
}

void LedgerWriterTest::balances()
{
    QFETCH(Dialect::Kind, kind);
    Ledger ledger(kind, m_sealer, m_clock);
    UsageRecord unlimited = record("unlimited");
    unlimited.tokenIsUnlimited = true;
    UsageRecord failure = record("failure");
    failure.kind = domain::RecordKind::Failure;
    UsageRecord test = record("test");
    test.kind = domain::RecordKind::Test;
    UsageRecord management{.kind = domain::RecordKind::TopUp, .userId = {1}, .charge = {99}};
    UsageRecord ofNobody = record("of nobody");
    ofNobody.userId = {7};
    ofNobody.tokenId = {7};

    for (const UsageRecord &each :
         {record("limited"), unlimited, failure, test, management, ofNobody})
        ledger.submit(each);
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));

    Database &database = ledger.temporary.database();
    const domain::User user = storage::UserRepository(database).find({1}).value();
    QCOMPARE(user.balance.units, 1'000'000 - 9);
    QCOMPARE(user.used.units, 9);
    QCOMPARE(user.requestCount, 2);
    const domain::Token token =
        storage::TokenRepository(database, m_sealer).find({1}, {1}, storage::Keys::Leave).value();
    QCOMPARE(token.balance.units, 500'000 - 6);
    QCOMPARE(token.used.units, 9);
    QCOMPARE(token.accessedAt, 1'700'000'000);
    const domain::Channel channel =
        storage::ChannelRepository(database, m_sealer).find({1}, storage::Keys::Leave).value();
    QCOMPARE(channel.used.units, 12);
    QCOMPARE(UsageRepository(database).count({}).value(), 6);
}

// What a token's list tells of its last use, found by the time that the token itself has.
void LedgerWriterTest::lastUses()
{
    QFETCH(Dialect::Kind, kind);
    Ledger ledger(kind, m_sealer, m_clock);
    Database &database = ledger.temporary.database();
    QVERIFY(storage::TokenRepository(database, m_sealer)
                .insert({.userId = {1}, .keyHash = QByteArray(32, 'l')}));
    const auto used = [](const QByteArray &id, qint64 later, const QByteArray &client) {
        UsageRecord line = record(id);
        line.createdAt = 1'700'000'000'000 + later;
        line.client = client;
        line.clientAddress = "10.0.0." + id;
        return line;
    };
    UsageRecord test = used("4", 9'500, "a test");
    test.kind = domain::RecordKind::Test;
    UsageRecord other = used("5", 9'600, "another token");
    other.tokenId = {2};

    for (const UsageRecord &each :
         {used("1", 0, "curl"), used("2", 9'100, "Codex"), used("3", 9'900, "Claude Code"), test})
        ledger.submit(each);
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));

    auto uses = UsageRepository(database).lastUses();
    QVERIFY2(uses, qPrintable(uses ? QString() : uses.error().detail));
    QCOMPARE(uses->size(), size_t(1)); // the other one was never used
    QCOMPARE(uses->front().token.value, 1);
    QCOMPARE(uses->front().client, QByteArray("Claude Code"));
    QCOMPARE(uses->front().address, QByteArray("10.0.0.3"));

    ledger.submit(other);
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));
    QCOMPARE(UsageRepository(database).lastUses()->size(), size_t(2));
}

void LedgerWriterTest::absurdChargesDoNotStopTheLedger()
{
    QFETCH(Dialect::Kind, kind);
    Ledger ledger(kind, m_sealer, m_clock);

    for (int i = 0; i < 40; ++i) {
        UsageRecord absurd = record("r-" + QByteArray::number(i));
        absurd.charge = {std::numeric_limits<qint64>::max()};
        ledger.submit(absurd);
        if (i % 4 == 0)
            QVERIFY(ledger.writer->flush(milliseconds(10'000)));
    }
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));

    QVERIFY(ledger.writer->isHealthy());
    const domain::User user =
        storage::UserRepository(ledger.temporary.database()).find({1}).value();
    QVERIFY(user.balance.units < -4'000'000'000'000'000'000);
    QVERIFY(user.used.units > 4'000'000'000'000'000'000);
}

void LedgerWriterTest::aLockMakesItUnhealthyUntilItIsGone()
{
    Ledger ledger(Dialect::Kind::Sqlite, m_sealer, m_clock);
    auto lock = std::make_unique<storage::Transaction>(
        storage::Transaction::begin(ledger.temporary.database()).value());

    ledger.submit(record("r-1"));
    QVERIFY(!ledger.writer->flush(milliseconds(1'000)));
    QVERIFY(ledger.writer->isHealthy()); // it may be gone in a moment
    QTRY_VERIFY_WITH_TIMEOUT(!ledger.writer->isHealthy(), 5'000);
    QVERIFY(!ledger.writer->isFailing()); // it only waits too long
    QCOMPARE(ledger.writer->state().waiting, 1);
    QVERIFY(ledger.writer->state().problem.contains("locked"_L1));
    lock.reset();

    QVERIFY(ledger.writer->flush(milliseconds(5'000)));
    QVERIFY(ledger.writer->isHealthy());
    QCOMPARE(ledger.writer->state().stored, 1u);
    QCOMPARE(UsageRepository(ledger.temporary.database()).count({}).value(), 1);
}

void LedgerWriterTest::aFullDatabaseMakesItUnhealthyUntilThereIsRoom()
{
    Ledger ledger(Dialect::Kind::Sqlite, m_sealer, m_clock);
    std::atomic<int> receipts = 0;
    const int receiver = ledger.writer->registerReceiver(
        [&](const std::vector<quint64> &numbers) { receipts += static_cast<int>(numbers.size()); });
    const auto limit = [&](const QString &pages) {
        return ledger.threads
            .write([pages](Database &database) {
                return storage::executeDirectly(database, u"PRAGMA max_page_count = "_s + pages);
            })
            .result();
    };
    QVERIFY(limit(u"1"_s));

    for (quint64 i = 0; i < 200; ++i)
        ledger.submit(record("r-" + QByteArray::number(qint64(i))), {receiver, i});

    QTRY_VERIFY(!ledger.writer->isHealthy());
    QVERIFY(ledger.writer->isFailing());
    const qint64 waiting = ledger.writer->state().waiting;
    QVERIFY(waiting > 0);
    QVERIFY(ledger.writer->state().problem.contains("no room"_L1));
    QVERIFY(limit(u"100000"_s));
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));
    QVERIFY(ledger.writer->isHealthy() && !ledger.writer->isFailing());
    QTRY_COMPARE(receipts.load(), 200);
    Database &database = ledger.temporary.database();
    QCOMPARE(UsageRepository(database).count({}).value(), 200);
    QCOMPARE(storage::UserRepository(database).find({1})->used.units, 600);
}

void LedgerWriterTest::aServerThatIsAwayMakesItUnhealthyUntilItIsBack()
{
    Ledger ledger(Dialect::Kind::Postgresql, m_sealer, m_clock);
    ledger.temporary.close();
    ledger.submit(record("r-1"));
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));
    QVERIFY(TemporaryDatabase::server().terminateConnections());
    ledger.submit(record("r-2"));
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));
    TemporaryDatabase::server().stop();

    ledger.submit(record("r-3"));
    QTRY_VERIFY(!ledger.writer->isHealthy());

    QVERIFY(TemporaryDatabase::server().start());
    QVERIFY(ledger.writer->flush(milliseconds(20'000)));
    QVERIFY(ledger.writer->isHealthy());
    Database &database = ledger.temporary.database();
    QCOMPARE(UsageRepository(database).count({}).value(), 3);
    QCOMPARE(storage::UserRepository(database).find({1})->used.units, 9);
}

void LedgerWriterTest::otherWritesAreNotStarved()
{
    Ledger ledger(Dialect::Kind::Sqlite, m_sealer, m_clock);
    std::atomic<bool> done = false;
    std::atomic<qint64> number = 0;
    const int receiver = ledger.writer->registerReceiver([&](const std::vector<quint64> &numbers) {
        // Each receipt brings the next record, so that there is always one that waits.
        for (size_t i = 0; i < numbers.size() && !done; ++i)
            ledger.submit(record("r-" + QByteArray::number(++number)), {0, 1});
    });
    QCOMPARE(receiver, 0);
    for (int i = 0; i < 3; ++i)
        ledger.submit(record("r-" + QByteArray::number(++number)), {0, 1});

    const auto written = ledger.threads.write(
        [](Database &database) { return storage::UserRepository(database).setBalance({1}, {5}); });

    QTRY_VERIFY(written.isFinished());
    QVERIFY(written.result());
    done = true;
    QVERIFY(ledger.writer->flush(milliseconds(10'000)));
}

void LedgerWriterTest::theWayByQtSqlDoesTheSame()
{
    Ledger ledger(Dialect::Kind::Sqlite, m_sealer, m_clock);
    storage::PortableLedger portable(ledger.temporary.database());
    const std::vector<storage::LedgerEntry> entries{
        {record("r-1"), {}}, {record("r-1"), {}}, {record("r-2"), {}}};

    QVERIFY(portable.store(entries));
    QVERIFY(portable.store(entries));

    Database &database = ledger.temporary.database();
    QCOMPARE(UsageRepository(database).count({}).value(), 2);
    const domain::User user = storage::UserRepository(database).find({1}).value();
    QCOMPARE(user.balance.units, 1'000'000 - 6);
    QCOMPARE(user.requestCount, 2);
    const domain::Token token =
        storage::TokenRepository(database, m_sealer).find({1}, {1}, storage::Keys::Leave).value();
    QCOMPARE(token.balance.units, 500'000 - 6);
    const auto channel =
        storage::ChannelRepository(database, m_sealer).find({1}, storage::Keys::Leave);
    QCOMPARE(channel->used.units, 6);
}

QTEST_GUILESS_MAIN(LedgerWriterTest)
#include "tst_ledgerwriter.moc"
