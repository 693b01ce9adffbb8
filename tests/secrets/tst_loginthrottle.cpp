#include "secrets/loginthrottle.h"
#include "support/manualclock.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace gatehouse;
using namespace std::chrono_literals;
using secrets::LoginThrottle;
using support::ManualClock;

class LoginThrottleTest : public QObject
{
    Q_OBJECT

private slots:
    void delaysDouble();
    void refusedAttemptsAreNotCounted();
    void successForgetsTheAccount();
    void accountsAreApart();
    void addressIsSlowedOverManyAccounts();
    void ownAccountDoesNotClearTheAddress();
    void ipv6NetworkCountsAsOne();
    void mappedAddressIsTheSame();
    void localSocketHasNoAddress();
    void forgetsWithTime();
    void longDelayIsNotForgotten();
    void tablesAreBounded();
    void floodDoesNotFreeTheAccount();
    void parallelAttemptsGainNothing();
    void limitsCanChange();

private:
    const QHostAddress m_address{QStringLiteral("192.0.2.1")};
    const LoginThrottle::Limits m_limits{.attemptsBeforeDelay = 3,
                                         .addressAttemptsBeforeDelay = 1000,
                                         .firstDelay = 1s,
                                         .longestDelay = 10s,
                                         .memory = 60s,
                                         .entries = 100};
};

void LoginThrottleTest::delaysDouble()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    const QList<std::chrono::milliseconds> expected{0s, 0s, 1s, 2s, 4s, 8s, 10s, 10s};

    for (const std::chrono::milliseconds wait : expected) {
        QVERIFY(throttle.begin("root", m_address) == 0ms);
        QVERIFY(throttle.remainingWait("root", m_address) == wait);
        clock.advance(wait);
    }
}

void LoginThrottleTest::refusedAttemptsAreNotCounted()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);

    for (int i = 0; i < 50; ++i)
        QVERIFY(throttle.begin("root", m_address) == 1s);

    clock.advance(400ms);
    QVERIFY(throttle.begin("root", m_address) == 600ms);
    clock.advance(600ms);
    QVERIFY(throttle.begin("root", m_address) == 0ms);
    QVERIFY(throttle.remainingWait("root", m_address) == 2s);
}

void LoginThrottleTest::successForgetsTheAccount()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);
    clock.advance(1s);
    QVERIFY(throttle.begin("root", m_address) == 0ms);

    throttle.succeeded("root", m_address);

    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);
    QVERIFY(throttle.begin("root", m_address) == 1s);
}

void LoginThrottleTest::accountsAreApart()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);

    QVERIFY(throttle.begin("root", m_address) > 0ms);
    QVERIFY(throttle.begin("root", QHostAddress(QStringLiteral("192.0.2.9"))) > 0ms);
    QVERIFY(throttle.begin("alice", m_address) == 0ms);
    QVERIFY(throttle.begin("", m_address) == 0ms);
}

void LoginThrottleTest::addressIsSlowedOverManyAccounts()
{
    ManualClock clock;
    LoginThrottle::Limits limits = m_limits;
    limits.addressAttemptsBeforeDelay = 10;
    LoginThrottle throttle(clock, limits);

    for (int i = 0; i < 10; ++i)
        QVERIFY(throttle.begin(QByteArray::number(i), m_address) == 0ms);

    QVERIFY(throttle.begin("another", m_address) == 1s);
    QVERIFY(throttle.begin("another", QHostAddress(QStringLiteral("192.0.2.2"))) == 0ms);
}

void LoginThrottleTest::ownAccountDoesNotClearTheAddress()
{
    ManualClock clock;
    LoginThrottle::Limits limits = m_limits;
    limits.addressAttemptsBeforeDelay = 10;
    LoginThrottle throttle(clock, limits);

    for (int i = 0; i < 9; ++i) {
        QVERIFY(throttle.begin(QByteArray::number(i), m_address) == 0ms);
        QVERIFY(throttle.begin("mine", m_address) == 0ms);
        throttle.succeeded("mine", m_address);
    }

    QVERIFY(throttle.begin("mine", m_address) == 0ms);
    throttle.succeeded("mine", m_address);
    QVERIFY(throttle.remainingWait("mine", m_address) == 0ms);
    QVERIFY(throttle.begin("the tenth", m_address) == 0ms);
    QVERIFY(throttle.begin("mine", m_address) == 1s);
}

void LoginThrottleTest::ipv6NetworkCountsAsOne()
{
    ManualClock clock;
    LoginThrottle::Limits limits = m_limits;
    limits.addressAttemptsBeforeDelay = 2;
    LoginThrottle throttle(clock, limits);
    QVERIFY(throttle.begin("a", QHostAddress(QStringLiteral("2001:db8:1:2::1"))) == 0ms);
    QVERIFY(throttle.begin("b", QHostAddress(QStringLiteral("2001:db8:1:2:ffff::9"))) == 0ms);

    QVERIFY(throttle.begin("c", QHostAddress(QStringLiteral("2001:db8:1:2:3::1"))) > 0ms);
    QVERIFY(throttle.begin("c", QHostAddress(QStringLiteral("2001:db8:1:3::1"))) == 0ms);
}

void LoginThrottleTest::mappedAddressIsTheSame()
{
    ManualClock clock;
    LoginThrottle::Limits limits = m_limits;
    limits.addressAttemptsBeforeDelay = 2;
    LoginThrottle throttle(clock, limits);
    QVERIFY(throttle.begin("a", m_address) == 0ms);
    QVERIFY(throttle.begin("b", QHostAddress(QStringLiteral("::ffff:192.0.2.1"))) == 0ms);

    QVERIFY(throttle.begin("c", m_address) > 0ms);
}

void LoginThrottleTest::localSocketHasNoAddress()
{
    ManualClock clock;
    LoginThrottle::Limits limits = m_limits;
    limits.addressAttemptsBeforeDelay = 1;
    LoginThrottle throttle(clock, limits);

    for (int i = 0; i < 20; ++i)
        QVERIFY(throttle.begin(QByteArray::number(i), QHostAddress()) == 0ms);
}

void LoginThrottleTest::forgetsWithTime()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);

    clock.advance(60s);

    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);
    QVERIFY(throttle.begin("root", m_address) == 1s);
}

void LoginThrottleTest::longDelayIsNotForgotten()
{
    ManualClock clock;
    LoginThrottle::Limits limits = m_limits;
    limits.firstDelay = 100s;
    limits.longestDelay = 100s;
    LoginThrottle throttle(clock, limits);
    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);

    clock.advance(61s);

    QVERIFY(throttle.begin("root", m_address) == 39s);
}

void LoginThrottleTest::tablesAreBounded()
{
    ManualClock clock;
    LoginThrottle::Limits limits = m_limits;
    limits.attemptsBeforeDelay = 1;
    LoginThrottle throttle(clock, limits);
    QVERIFY(throttle.begin("first", {}) == 0ms);

    for (int i = 0; i < 100; ++i) {
        clock.advance(1ms);
        QVERIFY(throttle.begin(QByteArray::number(i), {}) == 0ms);
    }

    // The oldest of equals made room, the later ones are still known.
    QVERIFY(throttle.remainingWait("first", {}) == 0ms);
    for (int i = 0; i < 100; ++i)
        QVERIFY(throttle.remainingWait(QByteArray::number(i), {}) > 0ms);
}

void LoginThrottleTest::floodDoesNotFreeTheAccount()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle.begin("root", m_address) == 0ms);

    for (int i = 0; i < 500; ++i)
        throttle.begin(QByteArray::number(i), QHostAddress(quint32(i + 1)));

    QVERIFY(throttle.begin("root", m_address) == 1s);
}

void LoginThrottleTest::parallelAttemptsGainNothing()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    std::atomic<int> allowed{0};

    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int attempt = 0; attempt < 200; ++attempt) {
                if (throttle.begin("root", m_address) == 0ms)
                    ++allowed;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();

    QCOMPARE(allowed.load(), 3);
}

void LoginThrottleTest::limitsCanChange()
{
    ManualClock clock;
    LoginThrottle throttle(clock, m_limits);
    LoginThrottle::Limits limits = m_limits;
    limits.attemptsBeforeDelay = 1;

    throttle.setLimits(limits);

    QVERIFY(throttle.begin("root", m_address) == 0ms);
    QVERIFY(throttle.begin("root", m_address) == 1s);
}

QTEST_GUILESS_MAIN(LoginThrottleTest)
#include "tst_loginthrottle.moc"
