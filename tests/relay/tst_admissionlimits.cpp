#include "relay/admission/admission.h"

#include "support/manualclock.h"
#include "support/testcatalog.h"

#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse::relay {

using protocol::RateLimit;
using protocol::RateLimits;

// What is told of a token's limits.
class AdmissionLimitsTest : public QObject
{
    Q_OBJECT

private slots:
    void ofATokenWithoutAny();
    void beforeTheFirstRequest();
    void whatIsLeft();
    void moreThanTheLimitLeavesNothing();
    void aBudgetSaysWhenItBeginsAnew_data();
    void aBudgetSaysWhenItBeginsAnew();

private:
    // One token, as `change` makes it.
    void open(const std::function<void(domain::Token &)> &change)
    {
        support::TestCatalog content;
        change(content.token());
        m_catalog = content.build();
        m_admission = std::make_unique<Admission>(m_clock);
        m_admission->publish(*m_catalog);
        m_caller = {.token = m_catalog->tokens().front().get()};
    }
    Admitted<Reservation> reserve()
    {
        return m_admission->reserve(m_caller, {.least = {1}, .most = {1}});
    }

    support::ManualClock m_clock;
    std::unique_ptr<Admission> m_admission;
    std::shared_ptr<const domain::Catalog> m_catalog;
    Caller m_caller{};
};

void AdmissionLimitsTest::ofATokenWithoutAny()
{
    open([](domain::Token &token) { token.concurrentRequests = 5; });
    QVERIFY(reserve());

    QCOMPARE(m_admission->rateLimits(m_caller), RateLimits());
}

void AdmissionLimitsTest::beforeTheFirstRequest()
{
    open([](domain::Token &token) {
        token.requestsPerMinute = 3;
        token.tokensPerMinute = 100;
    });

    const RateLimits limits = m_admission->rateLimits(m_caller);

    QCOMPARE(limits.requests, (RateLimit{.limit = 3, .remaining = 3, .reset = 0s}));
    QCOMPARE(limits.tokens, (RateLimit{.limit = 100, .remaining = 100, .reset = 0s}));
}

void AdmissionLimitsTest::whatIsLeft()
{
    open([](domain::Token &token) { token.requestsPerMinute = 3; });
    QVERIFY(reserve());
    m_clock.advance(10s);
    reserve()->settle({1}, 70);
    m_clock.advance(15s);

    const RateLimits limits = m_admission->rateLimits(m_caller);

    QCOMPARE(limits.requests, (RateLimit{.limit = 3, .remaining = 1, .reset = 45s}));
    QVERIFY(!limits.tokens);
    m_clock.advance(45s);
    QCOMPARE(m_admission->rateLimits(m_caller).requests,
             (RateLimit{.limit = 3, .remaining = 3, .reset = 0s}));
}

// A request is let in by what was used before it.
void AdmissionLimitsTest::moreThanTheLimitLeavesNothing()
{
    open([](domain::Token &token) { token.tokensPerMinute = 100; });
    reserve()->settle({1}, 250);

    const RateLimits limits = m_admission->rateLimits(m_caller);

    QVERIFY(!limits.requests);
    QCOMPARE(limits.tokens, (RateLimit{.limit = 100, .remaining = 0, .reset = 60s}));
}

void AdmissionLimitsTest::aBudgetSaysWhenItBeginsAnew_data()
{
    QTest::addColumn<bool>("periodic");
    QTest::addColumn<int>("ahead");
    QTest::addColumn<int>("wait"); // 0: nothing is said

    QTest::newRow("one for good") << false << 3'600 << 0;
    QTest::newRow("one of a day") << true << 3'600 << 3'600;
    QTest::newRow("one that is due") << true << -5 << 1;
}

void AdmissionLimitsTest::aBudgetSaysWhenItBeginsAnew()
{
    QFETCH(bool, periodic);
    QFETCH(int, ahead);
    QFETCH(int, wait);
    open([&](domain::Token &token) {
        token.balance = {};
        if (periodic) {
            token.budget.period = domain::BudgetPeriod::Day;
            token.budget.resetsAt = m_clock.wallMilliseconds() / 1000 + ahead;
        }
    });

    const auto refused = reserve();

    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QByteArray("insufficient_quota"));
    QCOMPARE(refused.error().retryAfter ? int(refused.error().retryAfter->count()) : 0, wait);
    QVERIFY(!refused.error().worthRetrying);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::AdmissionLimitsTest)
#include "tst_admissionlimits.moc"
