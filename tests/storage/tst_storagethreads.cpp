#include "storage/storagethreads.h"

#include "storage/repositories/settingsrepository.h"
#include "storage/statement.h"
#include "storage/transaction.h"
#include "support/postgresqlserver.h"
#include "support/temporarydatabase.h"

#include <QtTest>

#include <future>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using base::ErrorCode;
using base::Result;
using storage::Database;
using storage::Dialect;
using storage::SettingsRepository;
using storage::StorageThreads;
using support::TemporaryDatabase;

class StorageThreadsTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void whatIsWrittenIsRead_data() { TemporaryDatabase::addRows(); }
    void whatIsWrittenIsRead();
    void aFailureUndoesAll_data() { TemporaryDatabase::addRows(); }
    void aFailureUndoesAll();
    void anExceptionIsAnError();
    void aReaderCannotWrite_data() { TemporaryDatabase::addRows(); }
    void aReaderCannotWrite();
    void aSlowReadEndsAtItsTimeout_data() { TemporaryDatabase::addRows(); }
    void aSlowReadEndsAtItsTimeout();
    void aReadCanBeCancelled();
    void longReadsLeaveAThreadFree();
    void aStopEndsReadsAndFinishesWrites();
    void afterTheStopTheFileIsWhole();
    void afterTheStopAllIsRefused();
    void tooManyAreRefused();
    void aShortLockIsWaitedFor();
    void aLastingLockIsAnErrorAfterAWhile();
    void aFullDatabaseIsAnErrorUntilThereIsRoom();
    void lostConnectionsAreMadeAnew();
    void aServerThatIsAwayIsAnError();
    void anErrorOfAStatementIsNotSwallowedByCommit_data() { TemporaryDatabase::addRows(); }
    void anErrorOfAStatementIsNotSwallowedByCommit();
};

static Result<> save(Database &database, const QString &value)
{
    return SettingsRepository(database).save(u"key"_s, value);
}

static QFuture<Result<std::optional<QString>>> load(StorageThreads &threads)
{
    return threads.read(
        [](Database &database) { return SettingsRepository(database).find(u"key"_s); });
}

// Never ends by itself within the time of a test.
static Result<qint64> countForEver(Database &database)
{
    return storage::numberOf(
        database,
        storage::execute(database,
                         u"WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1"
                         " FROM counting WHERE n < 4000000000) SELECT count(*) FROM counting"_s));
}

void StorageThreadsTest::whatIsWrittenIsRead()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind, false);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());

    const auto written = threads.write([](Database &database) { return save(database, u"v"_s); });

    QVERIFY(written.result());
    QCOMPARE(load(threads).result().value(), u"v"_s);
}

void StorageThreadsTest::aFailureUndoesAll()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());

    const auto failed = threads.write([](Database &database) -> Result<int> {
        if (!save(database, u"half"_s))
            return 1;
        return base::fail(ErrorCode::Denied, base::Message::tr("No."));
    });

    QCOMPARE(failed.result().error().code, ErrorCode::Denied);
    QVERIFY(!load(threads).result()->has_value());
}

void StorageThreadsTest::anExceptionIsAnError()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());

    const auto thrown = threads.write([](Database &database) -> Result<> {
        static_cast<void>(save(database, u"half"_s));
        throw std::runtime_error("broken");
    });

    QCOMPARE(thrown.result().error().code, ErrorCode::Internal);
    QVERIFY(!load(threads).result()->has_value());
}

void StorageThreadsTest::aReaderCannotWrite()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());

    const auto written = threads.read([](Database &database) { return save(database, u"v"_s); });

    QVERIFY(!written.result());
    QVERIFY(!load(threads).result()->has_value());
}

void StorageThreadsTest::aSlowReadEndsAtItsTimeout()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    StorageThreads threads(temporary.options(), 1);
    QVERIFY(threads.start());

    const auto slow = threads.read(countForEver, std::chrono::milliseconds(50));

    QCOMPARE(slow.result().error().code, ErrorCode::TimedOut);
    QVERIFY(load(threads).result().has_value()); // the reader goes on
}

void StorageThreadsTest::aReadCanBeCancelled()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    StorageThreads threads(temporary.options(), 1);
    QVERIFY(threads.start());
    std::promise<void> started;
    auto slow = threads.read([&](Database &database) {
        started.set_value();
        return countForEver(database);
    });
    started.get_future().wait();

    slow.cancel();

    QVERIFY(load(threads).result().has_value());
    QCOMPARE(slow.resultCount(), 0);
}

void StorageThreadsTest::longReadsLeaveAThreadFree()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    StorageThreads threads(temporary.options(), 2);
    QVERIFY(threads.start());
    std::promise<void> started;
    auto first = threads.readAtLength([&](Database &database) {
        started.set_value();
        return countForEver(database);
    });
    auto second = threads.readAtLength(countForEver);
    started.get_future().wait();

    QVERIFY(load(threads).result().has_value());

    first.cancel();
    second.cancel();
}

void StorageThreadsTest::aStopEndsReadsAndFinishesWrites()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    auto threads = std::make_unique<StorageThreads>(temporary.options(), 1);
    QVERIFY(threads->start());
    std::promise<void> started;
    const auto slow = threads->read([&](Database &database) {
        started.set_value();
        return countForEver(database);
    });
    started.get_future().wait();
    const auto waiting = load(*threads);
    QFuture<Result<>> last;
    for (int i = 0; i < 100; ++i)
        last =
            threads->write([i](Database &database) { return save(database, QString::number(i)); });

    threads.reset();

    QVERIFY(slow.resultCount() == 1 && !slow.result());
    QVERIFY(waiting.resultCount() == 1 && !waiting.result());
    QVERIFY(last.resultCount() == 1 && last.result());
    QCOMPARE(SettingsRepository(temporary.database()).find(u"key"_s)->value(), u"99"_s);
}

void StorageThreadsTest::afterTheStopTheFileIsWhole()
{
    const QTemporaryDir folder;
    storage::DatabaseOptions options;
    options.path = folder.filePath(u"whole.db"_s);
    StorageThreads threads(options);
    QVERIFY(threads.start());
    QVERIFY(threads.write([](Database &database) { return save(database, u"kept"_s); }).result());
    QVERIFY(load(threads).result());

    threads.stop();

    // What is still in a journal would be lost to whoever copies the file alone.
    QVERIFY(QFileInfo(options.path + u"-wal"_s).size() == 0);
    const auto database = Database::open(options, Database::Access::ReadOnly);
    QVERIFY(database);
    QCOMPARE(SettingsRepository(**database).find(u"key"_s)->value(), u"kept"_s);
}

void StorageThreadsTest::afterTheStopAllIsRefused()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    StorageThreads threads(temporary.options());
    const auto early = load(threads);

    threads.stop();
    const auto late = threads.write([](Database &database) { return save(database, u"v"_s); });

    QCOMPARE(early.result().error().code, ErrorCode::Unavailable);
    QCOMPARE(late.result().error().code, ErrorCode::Unavailable);
}

void StorageThreadsTest::tooManyAreRefused()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    StorageThreads threads(temporary.options());
    for (size_t i = 0; i < StorageThreads::queueLimit; ++i)
        threads.write([](Database &) { return Result<>(); });

    const auto refused = threads.write([](Database &) { return Result<>(); });

    QVERIFY(refused.isFinished());
    QCOMPARE(refused.result().error().code, ErrorCode::Unavailable);
}

void StorageThreadsTest::aShortLockIsWaitedFor()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());
    auto lock = std::make_unique<storage::Transaction>(
        storage::Transaction::begin(temporary.database()).value());

    const auto written = threads.write([](Database &database) { return save(database, u"v"_s); });
    QTimer::singleShot(700, this, [&] { lock.reset(); });

    QTRY_VERIFY(written.isFinished());
    QVERIFY(!lock);
    QVERIFY(written.result());
}

void StorageThreadsTest::aLastingLockIsAnErrorAfterAWhile()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    temporary.options().busyTimeout = std::chrono::milliseconds(400);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());
    auto lock = storage::Transaction::begin(temporary.database());
    QElapsedTimer time;
    time.start();

    const auto refused = threads.write([](Database &database) { return save(database, u"v"_s); });

    QCOMPARE(refused.result().error().code, ErrorCode::Unavailable);
    QVERIFY(refused.result().error().message.english().contains("locked"_L1));
    QVERIFY(time.elapsed() >= 400 && time.elapsed() < 3'000);
    QVERIFY(load(threads).result().has_value()); // reading is not held up
    QVERIFY(lock->commit());
    QVERIFY(threads.write([](Database &database) { return save(database, u"v"_s); }).result());
}

void StorageThreadsTest::aFullDatabaseIsAnErrorUntilThereIsRoom()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());
    const auto limit = [&](const QString &pages) {
        return threads.write([pages](Database &database) {
            return storage::executeDirectly(database, u"PRAGMA max_page_count = "_s + pages);
        });
    };
    const auto fill = [&] {
        return threads.write(
            [](Database &database) { return save(database, QString(100'000, u'x')); });
    };
    QVERIFY(limit(u"1"_s).result());

    const auto full = fill().result();

    QCOMPARE(full.error().code, ErrorCode::Unavailable);
    QVERIFY(full.error().message.english().contains("no room"_L1));
    QVERIFY(limit(u"100000"_s).result());
    QVERIFY(fill().result());
}

void StorageThreadsTest::lostConnectionsAreMadeAnew()
{
    TemporaryDatabase temporary(Dialect::Kind::Postgresql);
    StorageThreads threads(temporary.options(), 1);
    QVERIFY(threads.start());
    const auto write = [&] {
        return threads.write([](Database &database) { return save(database, u"v"_s); }).result();
    };
    QVERIFY(write());
    QVERIFY(load(threads).result());

    QVERIFY(TemporaryDatabase::server().terminateConnections());

    QVERIFY(write());
    QVERIFY(load(threads).result());
}

void StorageThreadsTest::aServerThatIsAwayIsAnError()
{
    TemporaryDatabase temporary(Dialect::Kind::Postgresql);
    StorageThreads threads(temporary.options(), 1);
    QVERIFY(threads.start());
    const auto write = [&] {
        return threads.write([](Database &database) { return save(database, u"v"_s); }).result();
    };
    QVERIFY(write());
    TemporaryDatabase::server().stop();

    const auto refused = write();

    QCOMPARE(refused.error().code, ErrorCode::Unavailable);
    QVERIFY(refused.error().message.english().contains("cannot be reached"_L1));
    QVERIFY(TemporaryDatabase::server().start());
    QTRY_VERIFY(write().has_value());
}

void StorageThreadsTest::anErrorOfAStatementIsNotSwallowedByCommit()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    StorageThreads threads(temporary.options());
    QVERIFY(threads.start());

    // PostgreSQL undoes the whole, SQLite the one statement: the answer must fit what was stored.
    const auto written = threads.write([](Database &database) {
        const Result<> saved = save(database, u"v"_s);
        static_cast<void>(storage::execute(database, u"SELECT nothing FROM nowhere"_s));
        return saved;
    });

    QCOMPARE(load(threads).result()->has_value(), written.result().has_value());
}

QTEST_GUILESS_MAIN(StorageThreadsTest)
#include "tst_storagethreads.moc"
