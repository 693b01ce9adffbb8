#include "gateway/ledgerturn.h"

#include "support/manualclock.h"

#include <QTest>

#include <optional>

using namespace std::chrono_literals;

namespace gatehouse::gateway {

using domain::ReceiptTicket;
using domain::UsageRecord;
using domain::UsageSubmission;

namespace {

// Notes which records came in one call.
class NotingLedger final : public domain::UsageSink
{
public:
    bool isHealthy() const override { return healthy; }
    bool isFailing() const override { return failing; }
    void submit(UsageRecord record, ReceiptTicket) override
    {
        crowds.append(QByteArrayList{record.requestId});
    }
    void submitAll(std::vector<UsageSubmission> &submissions) override
    {
        QByteArrayList crowd;
        for (const UsageSubmission &submission : submissions)
            crowd.append(submission.record.requestId);
        crowds.append(crowd);
        submissions.clear();
    }

    bool healthy = true;
    bool failing = false;
    QList<QByteArrayList> crowds{};
};

UsageRecord record(const QByteArray &id)
{
    return {.requestId = id};
}

} // namespace

class LedgerTurnTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_turnClock.emplace(m_clock); }
    void handsOverWhatWasCollectedAtOnce();
    void doesNotKeepWhatNobodyWaitsFor();
    void countsTheReceiptsThatAreToCome();
    void losesNothingAtTheEnd();
    void isAsHealthyAsTheLedger();
    void isPatientAfterAPause();
    void aFailureIsNoMatterOfPatience();
    void isNotPatientWhereEachTurnIsLate();

private:
    support::ManualClock m_clock{};
    std::optional<TurnClock> m_turnClock{}; // anew for each test
};

void LedgerTurnTest::handsOverWhatWasCollectedAtOnce()
{
    NotingLedger ledger;
    LedgerTurn turn(ledger, *m_turnClock);
    turn.submit(record("a"), {.receiver = 1, .number = 1});
    turn.submit(record("b"), {.receiver = 1, .number = 2});
    QVERIFY(ledger.crowds.isEmpty());
    QVERIFY(!turn.isEmpty());

    turn.handOver();

    QCOMPARE(ledger.crowds, (QList<QByteArrayList>{{"a", "b"}}));
    QVERIFY(turn.isEmpty());
    turn.handOver(); // of nothing
    QCOMPARE(ledger.crowds.size(), 1);
}

void LedgerTurnTest::doesNotKeepWhatNobodyWaitsFor()
{
    NotingLedger ledger;
    LedgerTurn turn(ledger, *m_turnClock);
    turn.submit(record("a"), {.receiver = 1, .number = 1});

    turn.submit(record("b"), {});

    QCOMPARE(ledger.crowds, (QList<QByteArrayList>{{"a", "b"}}));
    QCOMPARE(turn.awaited(), 1);
}

void LedgerTurnTest::countsTheReceiptsThatAreToCome()
{
    NotingLedger ledger;
    LedgerTurn turn(ledger, *m_turnClock);
    for (quint64 number = 1; number <= 3; ++number)
        turn.submit(record("a"), {.receiver = 1, .number = number});
    turn.handOver();
    QCOMPARE(turn.awaited(), 3);

    turn.receiptsArrived(2);

    QCOMPARE(turn.awaited(), 1);
}

void LedgerTurnTest::losesNothingAtTheEnd()
{
    NotingLedger ledger;
    {
        LedgerTurn turn(ledger, *m_turnClock);
        turn.submit(record("a"), {.receiver = 1, .number = 1});
    }
    QCOMPARE(ledger.crowds, (QList<QByteArrayList>{{"a"}}));
}

void LedgerTurnTest::isAsHealthyAsTheLedger()
{
    NotingLedger ledger;
    const LedgerTurn turn(ledger, *m_turnClock);
    QVERIFY(turn.isHealthy());
    ledger.healthy = false;
    QVERIFY(!turn.isHealthy());
}

void LedgerTurnTest::isPatientAfterAPause()
{
    NotingLedger ledger;
    const LedgerTurn turn(ledger, *m_turnClock);
    ledger.healthy = false;
    m_turnClock->turn();

    m_clock.advance(5s);
    QVERIFY(turn.isHealthy());
    m_turnClock->caughtUp();

    QVERIFY(!turn.isHealthy());
}

void LedgerTurnTest::aFailureIsNoMatterOfPatience()
{
    NotingLedger ledger;
    const LedgerTurn turn(ledger, *m_turnClock);
    m_turnClock->turn();
    m_clock.advance(5s);
    QVERIFY(m_turnClock->hasPaused());
    QVERIFY(turn.isHealthy());

    ledger.healthy = false;
    ledger.failing = true;

    QVERIFY(!turn.isHealthy());
    QVERIFY(turn.isFailing());
}

void LedgerTurnTest::isNotPatientWhereEachTurnIsLate()
{
    NotingLedger ledger;
    const LedgerTurn turn(ledger, *m_turnClock);
    ledger.healthy = false;
    m_turnClock->turn();
    m_clock.advance(1200ms);
    QVERIFY(turn.isHealthy());
    m_turnClock->caughtUp();

    m_turnClock->turn();
    m_clock.advance(1200ms);

    QVERIFY(!turn.isHealthy());
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::LedgerTurnTest)
#include "tst_ledgerturn.moc"
