#include "scenarios/gatewayharness.h"

#include <QElapsedTimer>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;

// Another program's lock on the database.
class Lock
{
public:
    explicit Lock(const QString &path)
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"lock"_s);
        database.setDatabaseName(path);
        m_holds = database.open() && QSqlQuery(database).exec(u"BEGIN IMMEDIATE"_s);
    }
    ~Lock() { release(); }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;

    bool holds() const { return m_holds; }
    void release()
    {
        if (!std::exchange(m_holds, false))
            return;
        QSqlQuery(QSqlDatabase::database(u"lock"_s)).exec(u"ROLLBACK"_s);
        QSqlDatabase::database(u"lock"_s).close();
        QSqlDatabase::removeDatabase(u"lock"_s);
    }

private:
    bool m_holds = false;
};

// A database that cannot be written to: no free answers, and no answer without its row.
class LedgerFailureScenario : public QObject
{
    Q_OBJECT

private slots:
    void aLockForAMoment();
    void aLockForLong();
    void stoppingWhileItIsLocked();
};

void LedgerFailureScenario::aLockForAMoment()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    Lock lock(gate.databasePath());
    QVERIFY(lock.holds());
    const auto client = gate.chat();
    QTRY_COMPARE(provider.requestCount(), 1);
    QTest::qWait(300);
    // Its row is not stored, so that it is not answered.
    QVERIFY(client->received().isEmpty());

    lock.release();
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 200);
    QCOMPARE(gate.rows().size(), size_t(1));
}

void LedgerFailureScenario::aLockForLong()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        return request.body.contains("stream") ? support::sseStream(support::chatStream(2))
                                               : jsonAnswer(200, chatDocument());
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPricePerCall("small", {10});
    gate.start();
    const qint64 before = gate.balance();
    Lock lock(gate.databasePath());
    const auto document = gate.chat();
    const auto stream = gate.chat(R"(,"stream":true)");
    QTRY_COMPARE(provider.requestCount(), 2);
    QTRY_VERIFY(stream->reply().body.contains("part 1"));

    gate.clock.advance(6s);
    QTRY_VERIFY(document->isAnswered());
    QTRY_VERIFY(stream->isClosed());
    const auto refused = gate.chat();
    QTRY_VERIFY(refused->isAnswered());

    QCOMPARE(document->reply().status, 503);
    QVERIFY(!stream->reply().body.contains("[DONE]"));
    QVERIFY(stream->reply().body.contains("\"error\""));
    QVERIFY(!stream->reply().isWhole);
    QCOMPARE(refused->reply().status, 503);
    QVERIFY(refused->reply().body.contains("ledger_unavailable"));
    QCOMPARE(provider.requestCount(), 2);
    // Once it can be written to again, nothing was lost and everything is served.
    lock.release();
    QTRY_COMPARE_WITH_TIMEOUT(gate.rows().size(), size_t(2), 10'000);
    QCOMPARE(gate.storedBalance(), before - 20);
    QCOMPARE(gate.balance(), before - 20);
    const auto served = gate.chat();
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
}

void LedgerFailureScenario::stoppingWhileItIsLocked()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    Lock lock(gate.databasePath());
    const auto client = gate.chat();
    QTRY_COMPARE(provider.requestCount(), 1);
    QElapsedTimer sinceThen;
    sinceThen.start();

    gate.stop(100ms);
    while (!gate.hasStopped() && sinceThen.elapsed() < 15'000) {
        gate.clock.advance(300ms);
        QTest::qWait(50);
    }

    QVERIFY(gate.hasStopped());
    QTRY_VERIFY(client->isClosed());
    QVERIFY(client->reply().status != 200);
    lock.release();
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::LedgerFailureScenario)
#include "tst_ledgerfailure.moc"
