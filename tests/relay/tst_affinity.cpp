#include "relay/routing/affinity.h"

#include "support/manualclock.h"

#include <QTest>

#include <array>
#include <atomic>
#include <thread>

using namespace std::chrono_literals;

namespace gatehouse::relay {

class AffinityTest : public QObject
{
    Q_OBJECT

private slots:
    void sessionsAreToldApart();
    void aHashTellsNothingElsewhere();
    void itLastsFromTheLastRequest();
    void theLastPlaceCounts();
    void theOldestIsForgotten();
    void aLowerLimitIsReachedStepByStep();
    void twoThreads();

private:
    SessionHash named(QByteArrayView name, qint64 token = 1, QByteArrayView model = "small") const
    {
        return m_affinity.hash({token}, model, std::array{name});
    }
    SessionHash numbered(int number) const { return named(QByteArray::number(number)); }

    support::ManualClock m_clock;
    Affinity m_affinity{m_clock};
};

void AffinityTest::sessionsAreToldApart()
{
    const SessionHash session = named("a");

    QVERIFY(named("a") == session);
    QVERIFY(named("b") != session);
    QVERIFY(named("a", 2) != session);
    QVERIFY(named("a", 1, "large") != session);
    QVERIFY(named("b", 1, "smal") != named("", 1, "small"));
    const std::array<QByteArrayView, 2> parts{"ab", "c"};
    const std::array<QByteArrayView, 2> otherParts{"a", "bc"};
    QVERIFY(m_affinity.hash({1}, "small", parts) != m_affinity.hash({1}, "small", otherParts));
}

void AffinityTest::aHashTellsNothingElsewhere()
{
    const Affinity other(m_clock);

    QVERIFY(other.hash({1}, "small", std::array{QByteArrayView("a")}) != named("a"));
}

void AffinityTest::itLastsFromTheLastRequest()
{
    const KeyPlace place{.channel = {3}, .key = 30};
    m_affinity.remember(named("slides"), place, 10);

    for (int i = 0; i < 3; ++i) {
        m_clock.advance(4min);
        QVERIFY(m_affinity.find(named("slides"), 5min) == place);
    }
    m_clock.advance(5min + 1ms);
    QVERIFY(!m_affinity.find(named("slides"), 5min));
    QVERIFY(!m_affinity.find(named("never seen"), 5min));
}

void AffinityTest::theLastPlaceCounts()
{
    m_affinity.remember(named("moves"), {.channel = {3}, .key = 30}, 10);
    m_affinity.remember(named("moves"), {.channel = {4}, .key = 41}, 10);

    QVERIFY(m_affinity.find(named("moves"), 5min) == (KeyPlace{.channel = {4}, .key = 41}));
}

void AffinityTest::theOldestIsForgotten()
{
    Affinity affinity(m_clock);
    const auto hash = [&](int i) {
        return affinity.hash({1}, "small", std::array{QByteArrayView(QByteArray::number(i))});
    };
    for (int i = 0; i < 100; ++i)
        affinity.remember(hash(i), {.channel = {i + 1}}, 100);

    QVERIFY(affinity.find(hash(0), 5min)); // so that it is no longer the oldest
    affinity.remember(hash(100), {.channel = {101}}, 100);

    QCOMPARE(affinity.sessions(), 100);
    QVERIFY(affinity.find(hash(0), 5min));
    QVERIFY(!affinity.find(hash(1), 5min));
    QVERIFY(affinity.find(hash(2), 5min));
    QVERIFY(affinity.find(hash(100), 5min));
}

void AffinityTest::aLowerLimitIsReachedStepByStep()
{
    Affinity affinity(m_clock);
    const auto remember = [&](int i, qint64 most) {
        affinity.remember(
            affinity.hash({1}, "small", std::array{QByteArrayView(QByteArray::number(i))}),
            {.channel = {1}},
            most);
    };
    for (int i = 0; i < 100; ++i)
        remember(i, 1'000);

    for (int i = 100; i < 150; ++i)
        remember(i, 20);

    QCOMPARE(affinity.sessions(), 20);
}

// Nothing is lost and nothing mixed up where threads remember and look up at the same time.
void AffinityTest::twoThreads()
{
    constexpr int sessions = 500;
    std::atomic<int> wrong{0};
    const auto work = [&](int first) {
        for (int round = 0; round < 20; ++round) {
            for (int i = first; i < first + sessions; ++i) {
                const SessionHash session = numbered(i);
                m_affinity.remember(session, {.channel = {i}, .key = i}, 10'000);
                const auto found = m_affinity.find(session, 5min);
                if (!found || found->channel.value != i)
                    ++wrong;
            }
        }
    };
    std::thread one(work, 1);
    std::thread other(work, 1 + sessions);
    one.join();
    other.join();

    QCOMPARE(wrong.load(), 0);
    for (int i = 1; i <= 2 * sessions; ++i)
        QCOMPARE(m_affinity.find(numbered(i), 5min)->key, i);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::AffinityTest)
#include "tst_affinity.moc"
