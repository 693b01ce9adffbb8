#include "gateway/requestids.h"

#include "support/manualclock.h"

#include <QSet>
#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse::gateway {

class RequestIdsTest : public QObject
{
    Q_OBJECT

private slots:
    void areDistinctAndOfOneForm();
    void sortByTime();
    void twoThreadsNeverGiveTheSame();
};

void RequestIdsTest::areDistinctAndOfOneForm()
{
    support::ManualClock clock;
    RequestIds ids(clock);
    QSet<QByteArray> all;

    for (int i = 0; i < 10'000; ++i)
        all.insert(ids.next());

    QCOMPARE(all.size(), 10'000);
    const QByteArray allowed("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    for (const QByteArray &id : all) {
        QCOMPARE(id.size(), 26);
        for (const char c : id)
            QVERIFY2(allowed.contains(c), id.constData());
    }
}

void RequestIdsTest::sortByTime()
{
    support::ManualClock clock;
    RequestIds ids(clock);
    QByteArray last = ids.next();

    for (int i = 0; i < 100; ++i) {
        if (i % 10 == 0)
            clock.advance(1ms);
        const QByteArray next = ids.next();
        QVERIFY(next > last);
        last = next;
    }
}

void RequestIdsTest::twoThreadsNeverGiveTheSame()
{
    support::ManualClock clock;
    RequestIds first(clock);
    RequestIds second(clock);

    for (int i = 0; i < 100; ++i)
        QVERIFY(first.next() != second.next());
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::RequestIdsTest)
#include "tst_requestids.moc"
