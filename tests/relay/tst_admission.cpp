#include "relay/admission/admission.h"

#include "relay/exchange/settlement.h"

#include "support/manualclock.h"
#include "support/testcatalog.h"

#include <QTest>

#include <atomic>
#include <latch>
#include <thread>

using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::Quota;
using support::TestCatalog;

// One user and one token with these balances, and the way to spend them.
class Till
{
public:
    explicit Till(Quota ofUser,
                  Quota ofToken,
                  const std::function<void(domain::Token &)> &change = {})
    {
        TestCatalog content;
        content.user().balance = ofUser;
        content.token().balance = ofToken;
        if (change)
            change(content.token());
        catalog = content.build();
        admission.publish(*catalog);
        caller.token = catalog->tokens().front().get();
    }

    Admitted<Reservation> reserve(qint64 least, qint64 most)
    {
        return admission.reserve(caller, {.least = {least}, .most = {most}});
    }
    qint64 userBalance() const { return admission.userBalance({1})->units; }
    qint64 tokenBalance() const { return admission.tokenBalance({1}, {1})->units; }

    support::ManualClock clock;
    Admission admission{clock};
    std::shared_ptr<const domain::Catalog> catalog;
    Caller caller{};
};

class AdmissionTest : public QObject
{
    Q_OBJECT

private slots:
    void settlingBooksTheChargeOnBoth();
    void releasingGivesBack();
    void oneThatWasSentAndIsLostIsBookedInFull();
    void oneThatWasNotSentGivesBack();
    void anUnlimitedTokenSpendsTheUsersBalanceAlone();
    void whatIsHeldIsNotGivenTwice();
    void aLastRequestMayOverrun();
    void onlyOneAtATimeMayOverrun_data();
    void onlyOneAtATimeMayOverrun();
    void aBalanceThatWasRaisedCoversWhatOneLacks();
    void aPoorTokenHoldsNoOtherUp_data();
    void aPoorTokenHoldsNoOtherUp();
    void refusals_data();
    void refusals();
    void askingHoldsNothing();
    void whatCostsNothingNeedsAToken();
    void publishingKeepsBalances();
    void changesOfTheManagement();
    void requestsPerMinute();
    void tokensPerMinute();
    void concurrentRequests();
    void manyThreadsNeverOversell();
    void manyThreadsOverrunByOneRequestAtMost();
    void whatCannotBeToldBefore_data();
    void whatCannotBeToldBefore();
};

void AdmissionTest::settlingBooksTheChargeOnBoth()
{
    Till till({1'000}, {500});

    auto reservation = till.reserve(10, 100);
    QVERIFY(reservation.has_value());
    QCOMPARE(reservation->amount().units, 100);
    QCOMPARE(till.userBalance(), 1'000);
    reservation->settle({30}, 5);

    QVERIFY(!reservation->isOpen());
    QCOMPARE(till.userBalance(), 970);
    QCOMPARE(till.tokenBalance(), 470);
    // Only once.
    reservation->settle({30}, 5);
    QCOMPARE(till.userBalance(), 970);
    QVERIFY(till.reserve(470, 470).has_value());
}

void AdmissionTest::releasingGivesBack()
{
    Till till({100}, {100});

    auto reservation = till.reserve(100, 100);
    QVERIFY(!till.reserve(1, 1));
    reservation->release();

    QCOMPARE(till.userBalance(), 100);
    QCOMPARE(till.tokenBalance(), 100);
    QVERIFY(till.reserve(100, 100).has_value());
}

void AdmissionTest::oneThatWasSentAndIsLostIsBookedInFull()
{
    Till till({1'000}, {500});
    QTest::ignoreMessage(QtCriticalMsg,
                         "A request ended without a settlement; its reservation of 100 units is "
                         "booked in full.");

    {
        auto reservation = till.reserve(10, 100);
        reservation->markSent();
        const Reservation moved = std::move(*reservation);
    }

    QCOMPARE(till.userBalance(), 900);
    QCOMPARE(till.tokenBalance(), 400);
}

void AdmissionTest::oneThatWasNotSentGivesBack()
{
    Till till({1'000}, {500});

    {
        auto reservation = till.reserve(10, 500);
        Reservation moved;
        moved = std::move(*reservation);
        QVERIFY(!reservation->isOpen());
        QVERIFY(moved.isOpen());
    }

    QCOMPARE(till.userBalance(), 1'000);
    QVERIFY(till.reserve(500, 500).has_value());
}

void AdmissionTest::anUnlimitedTokenSpendsTheUsersBalanceAlone()
{
    Till till({1'000}, {0}, [](domain::Token &token) { token.unlimited = true; });

    auto reservation = till.reserve(10, 600);
    QVERIFY(reservation.has_value());
    QVERIFY(!till.reserve(500, 500));
    reservation->settle({600}, 0);

    QCOMPARE(till.userBalance(), 400);
    QCOMPARE(till.tokenBalance(), 0);
}

void AdmissionTest::whatIsHeldIsNotGivenTwice()
{
    Till till({1'000'000}, {100});
    auto first = till.reserve(10, 100);
    QVERIFY(first.has_value());

    const auto second = till.reserve(10, 100);

    QVERIFY(!second);
    QCOMPARE(second.error().status, 429);
    QCOMPARE(second.error().code, QByteArray("quota_held"));
    QVERIFY(second.error().worthRetrying);
    QCOMPARE(second.error().retryAfter, 1s);
    QVERIFY2(second.error().message.english().contains(QStringLiteral("token")),
             qPrintable(second.error().message.english()));
    first->settle({20}, 0);
    QCOMPARE(till.reserve(10, 100)->amount().units, 80);
}

void AdmissionTest::aLastRequestMayOverrun()
{
    Till till({1'000'000}, {100});

    // It got less than it asked for, and costs more than it got.
    auto last = till.reserve(10, 5'000);
    QCOMPARE(last->amount().units, 100);
    last->settle({450}, 0);

    QCOMPARE(till.tokenBalance(), -350);
    const auto next = till.reserve(1, 1);
    QVERIFY(!next);
    QCOMPARE(next.error().code, QByteArray("insufficient_quota"));
}

void AdmissionTest::onlyOneAtATimeMayOverrun_data()
{
    QTest::addColumn<qint64>("ofUser");
    QTest::addColumn<qint64>("ofToken");
    QTest::newRow("of the token") << qint64(1'000'000) << qint64(100);
    QTest::newRow("of the user") << qint64(100) << qint64(1'000'000);
}

void AdmissionTest::onlyOneAtATimeMayOverrun()
{
    QFETCH(const qint64, ofUser);
    QFETCH(const qint64, ofToken);
    Till till({ofUser}, {ofToken});
    auto whole = till.reserve(1, 90);
    auto shortOne = till.reserve(1, 90);
    QCOMPARE(shortOne->amount().units, 10);
    whole->settle({30}, 0);

    // Sixty are free: enough for what costs no more, but not for a second one that may overrun.
    const auto second = till.reserve(1, 90);
    auto third = till.reserve(1, 50);

    QVERIFY(!second);
    QCOMPARE(second.error().code, QByteArray("quota_held"));
    QVERIFY(second.error().worthRetrying);
    QCOMPARE(third->amount().units, 50);
    shortOne->settle({90}, 0);
    third->settle({50}, 0);
    QCOMPARE(std::min(till.userBalance(), till.tokenBalance()), 100 - 30 - 90 - 50);

    till.admission.adjustUser({1}, {500});
    till.admission.adjustToken({1}, {1}, {500});
    QVERIFY(till.reserve(1, 5'000).has_value());
}

void AdmissionTest::aBalanceThatWasRaisedCoversWhatOneLacks()
{
    Till till({1'000'000}, {100});
    auto first = till.reserve(1, 1'000);
    QCOMPARE(first->amount().units, 100);
    till.admission.adjustToken({1}, {1}, {900});
    QVERIFY(!till.reserve(1, 1'000));
    till.admission.adjustToken({1}, {1}, {200});

    // What the first may still cost is set aside, and what is left is for a second.
    auto second = till.reserve(1, 2'000);
    QCOMPARE(second->amount().units, 200);
    QVERIFY(!till.reserve(1, 1));
    first->settle({300}, 0);
    QCOMPARE(till.reserve(1, 700)->amount().units, 700);
    second->settle({1'000}, 0);

    QCOMPARE(till.tokenBalance(), 100 + 900 + 200 - 300 - 1'000);
    till.admission.adjustToken({1}, {1}, {600});
    QCOMPARE(till.reserve(1, 500)->amount().units, 500);
}

void AdmissionTest::aPoorTokenHoldsNoOtherUp_data()
{
    QTest::addColumn<qint64>("most");
    QTest::newRow("what it lacks its user has") << qint64(1'000);
    QTest::newRow("nobody has that much") << qint64(1'000'000'000);
}

void AdmissionTest::aPoorTokenHoldsNoOtherUp()
{
    QFETCH(const qint64, most);
    TestCatalog content;
    content.user().balance = {100'000};
    content.token().balance = {10};
    domain::Token other = content.token();
    other.id = {2};
    other.balance = {1'000};
    other.keyHash = "another";
    content.content.tokens.push_back(other);
    const auto catalog = content.build();
    support::ManualClock clock;
    Admission admission(clock);
    admission.publish(*catalog);

    const auto reserve = [&](int index, qint64 cost) {
        return admission.reserve({.token = catalog->tokens()[static_cast<size_t>(index)].get()},
                                 {.least = {1}, .most = {cost}});
    };
    const int poor = catalog->tokens()[0]->token.id.value == 1 ? 0 : 1;

    const auto first = reserve(poor, most);
    const auto second = reserve(1 - poor, 1'000);

    QVERIFY(first.has_value());
    QCOMPARE(first->amount().units, 10);
    QVERIFY(second.has_value());
    QCOMPARE(second->amount().units, 1'000);
}

void AdmissionTest::refusals_data()
{
    QTest::addColumn<qint64>("ofUser");
    QTest::addColumn<qint64>("ofToken");
    QTest::addColumn<qint64>("least");
    QTest::addColumn<QString>("whose"); // empty: admitted

    const QString none;
    const QString user = QStringLiteral("of this user");
    const QString token = QStringLiteral("of this token");
    QTest::newRow("enough") << qint64(100) << qint64(100) << qint64(100) << none;
    QTest::newRow("the token has too little") << qint64(1000) << qint64(99) << qint64(100) << token;
    QTest::newRow("the token has nothing") << qint64(1000) << qint64(0) << qint64(0) << token;
    QTest::newRow("the token owes") << qint64(1000) << qint64(-5) << qint64(0) << token;
    QTest::newRow("the user has too little") << qint64(99) << qint64(1000) << qint64(100) << user;
    QTest::newRow("the user has nothing") << qint64(0) << qint64(1000) << qint64(0) << user;
    QTest::newRow("the user owes") << qint64(-7) << qint64(1000) << qint64(0) << user;
}

void AdmissionTest::refusals()
{
    QFETCH(qint64, ofUser);
    QFETCH(qint64, ofToken);
    QFETCH(qint64, least);
    QFETCH(QString, whose);
    Till till({ofUser}, {ofToken});

    const auto asked = till.admission.mayReserve(till.caller, {.least = {least}, .most = {100}});
    const auto reservation = till.reserve(least, 100);

    QCOMPARE(reservation.has_value(), whose.isEmpty());
    QCOMPARE(asked.has_value(), whose.isEmpty());
    if (reservation)
        return;
    QCOMPARE(reservation.error().status, 429);
    QCOMPARE(reservation.error().code, QByteArray("insufficient_quota"));
    QVERIFY(!reservation.error().worthRetrying);
    QVERIFY2(reservation.error().message.english().contains(whose),
             qPrintable(reservation.error().message.english()));
}

void AdmissionTest::askingHoldsNothing()
{
    Till till({1'000}, {1'000}, [](domain::Token &token) {
        token.requestsPerMinute = 1;
        token.concurrentRequests = 1;
    });
    const Estimate estimate{.least = {600}, .most = {600}};

    QVERIFY(till.admission.mayReserve(till.caller, estimate));
    QVERIFY(till.admission.mayReserve(till.caller, estimate));
    QCOMPARE(till.admission.running(), 0);
    auto reservation = till.reserve(600, 600);
    QVERIFY(reservation);
    const auto refusal = till.admission.mayReserve(till.caller, estimate);
    QVERIFY(!refusal);
    QCOMPARE(refusal.error().code, QByteArray("concurrency_limit_exceeded"));
}

void AdmissionTest::whatCostsNothingNeedsAToken()
{
    Till till({0}, {1});

    auto first = till.reserve(0, 0);
    auto second = till.reserve(0, 0);

    QVERIFY(first && second);
    QCOMPARE(first->amount().units, 0);
}

void AdmissionTest::publishingKeepsBalances()
{
    Till till({1'000}, {500});
    auto reservation = till.reserve(10, 100);
    reservation->settle({100}, 0);

    // The catalog of the moment it was read still has the former balances.
    TestCatalog newer;
    newer.content.users.push_back({.id = {2}, .balance = {7}});
    newer.content.tokens.push_back({.id = {2}, .userId = {1}, .keyHash = "other", .balance = {8}});
    till.admission.publish(*newer.build());

    QCOMPARE(till.userBalance(), 900);
    QCOMPARE(till.tokenBalance(), 400);
    QCOMPARE(till.admission.userBalance({2})->units, 7);
    QCOMPARE(till.admission.tokenBalance({1}, {2})->units, 8);
    QVERIFY(!till.admission.userBalance({3}));
    QVERIFY(!till.admission.tokenBalance({2}, {2}));
}

void AdmissionTest::changesOfTheManagement()
{
    Till till({100}, {100});
    auto reservation = till.reserve(100, 100);

    till.admission.adjustUser({1}, {50});
    till.admission.adjustToken({1}, {1}, {-30});
    till.admission.adjustUser({99}, {1});
    till.admission.adjustToken({1}, {99}, {1});

    QCOMPARE(till.userBalance(), 150);
    QCOMPARE(till.tokenBalance(), 70);
    QVERIFY(!till.admission.userBalance({99}));
    reservation->settle({60}, 0);
    QCOMPARE(till.tokenBalance(), 10);
    QVERIFY(till.reserve(10, 10).has_value());
}

void AdmissionTest::requestsPerMinute()
{
    Till till({1'000}, {1'000}, [](domain::Token &token) { token.requestsPerMinute = 3; });
    for (int i = 0; i < 3; ++i) {
        QVERIFY(till.reserve(0, 1).has_value());
        till.clock.advance(10s);
    }

    const auto refused = till.reserve(0, 1);

    QVERIFY(!refused);
    QCOMPARE(refused.error().status, 429);
    QCOMPARE(refused.error().code, QByteArray("rate_limit_exceeded"));
    QCOMPARE(refused.error().retryAfter, 30s);
    till.clock.advance(29s);
    QVERIFY(!till.reserve(0, 1));
    till.clock.advance(1s);
    QVERIFY(till.reserve(0, 1).has_value());
}

void AdmissionTest::tokensPerMinute()
{
    Till till({1'000}, {1'000}, [](domain::Token &token) { token.tokensPerMinute = 100; });
    till.reserve(0, 1)->settle({1}, 99);
    till.reserve(0, 1)->settle({1}, 50);

    const auto refused = till.reserve(0, 1);

    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QByteArray("token_rate_limit_exceeded"));
    QCOMPARE(refused.error().retryAfter, 60s);
    till.clock.advance(60s);
    QVERIFY(till.reserve(0, 1).has_value());
}

void AdmissionTest::concurrentRequests()
{
    Till till({1'000}, {1'000}, [](domain::Token &token) { token.concurrentRequests = 2; });
    auto first = till.reserve(0, 1);
    auto second = till.reserve(0, 1);

    const auto refused = till.reserve(0, 1);

    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QByteArray("concurrency_limit_exceeded"));
    QVERIFY(refused.error().worthRetrying);
    second->settle({1}, 1);
    QVERIFY(till.reserve(0, 1).has_value());
}

// Calls `spend` in eight threads at once.
static void inEightThreads(const std::function<void()> &spend)
{
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back(spend);
    for (std::thread &thread : threads)
        thread.join();
}

void AdmissionTest::manyThreadsNeverOversell()
{
    // Enough for exactly a thousand requests of ten units each, of 8,000 that are tried.
    Till till({1'000'000}, {10'000});
    std::atomic<int> admitted{0};

    inEightThreads([&] {
        for (int i = 0; i < 1'000; ++i) {
            auto reservation = till.reserve(10, 10);
            if (!reservation)
                continue;
            reservation->markSent();
            ++admitted;
            reservation->settle({10}, 1);
        }
    });

    QCOMPARE(admitted.load(), 1'000);
    QCOMPARE(till.tokenBalance(), 0);
    QCOMPARE(till.userBalance(), 990'000);
}

void AdmissionTest::manyThreadsOverrunByOneRequestAtMost()
{
    // Each costs up to 90 units and cannot know it before.
    Till till({1'000'000}, {10'000});
    std::atomic<qint64> charged{0};

    inEightThreads([&] {
        for (int i = 0; i < 1'000; ++i) {
            auto reservation = till.reserve(1, 90);
            if (!reservation)
                continue;
            const qint64 charge = 30 + (i * 7) % 61;
            charged += charge;
            reservation->settle({charge}, 1);
        }
    });

    QVERIFY2(till.tokenBalance() > -90, QByteArray::number(till.tokenBalance()).constData());
    QVERIFY(till.tokenBalance() <= 0);
    QCOMPARE(charged.load(), 10'000 - till.tokenBalance());
    QCOMPARE(till.userBalance(), 1'000'000 - charged.load());
}

void AdmissionTest::whatCannotBeToldBefore_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<qint64>("balance");
    QTest::addColumn<int>("atOnce");

    const QByteArray address = R"({"image_url":{"url":"https://example.com/a.png"}})";
    const QByteArray file = R"({"file":{"file_id":"file-1"}})";
    const QByteArray picture =
        R"({"image_url":{"url":"data:image/png;base64,)" + QByteArray(60'000, 'A') + "\"}}";
    QTest::newRow("an address, nearly empty") << address << qint64(1'500) << 1;
    QTest::newRow("an address, rich") << address << qint64(10'000'000) << 8;
    QTest::newRow("a file, nearly empty") << file << qint64(1'500) << 1;
    QTest::newRow("a file, rich") << file << qint64(10'000'000) << 8;
    QTest::newRow("a picture, nearly empty") << picture << qint64(7'000) << 1;
    QTest::newRow("a picture, rich") << picture << qint64(10'000'000) << 8;
    QTest::newRow("text, nearly empty") << QByteArray(R"({"text":"hi"})") << qint64(1'500) << 8;
}

// Each costs more than its text would.
void AdmissionTest::whatCannotBeToldBefore()
{
    QFETCH(QByteArray, content);
    QFETCH(qint64, balance);
    QFETCH(int, atOnce);
    TestCatalog priced;
    priced.addChannel(1);
    priced.setPrice("small", 2, 2); // one unit a token
    const auto catalog = priced.build();
    QByteArray body =
        R"({"model":"small","max_tokens":10,"messages":[{"content":[)" + content + "]}]}";
    body.reserve(body.size() + protocol::peekPadding);
    const auto peek = protocol::peek(body, protocol::Operation::ChatCompletions);
    QVERIFY(peek);
    Till till({100'000'000}, {balance});
    const domain::CatalogGroup &group = *catalog->tokens().front()->group;
    const Estimate estimate = estimateFor(*catalog, group, *group.candidates("small"), *peek, 0);
    const qint64 charge = atOnce == 1 ? balance - 100 : 20;
    std::atomic<int> admitted{0};
    std::latch tried(8);

    inEightThreads([&] {
        auto reservation = till.admission.reserve(till.caller, estimate);
        tried.arrive_and_wait();
        if (!reservation)
            return;
        ++admitted;
        reservation->settle({charge}, 1);
    });

    QCOMPARE(admitted.load(), atOnce);
    QVERIFY(till.tokenBalance() >= 0);
    // The next one has its turn.
    QVERIFY(till.admission.reserve(till.caller, {.least = {1}, .most = estimate.most}));
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::AdmissionTest)
#include "tst_admission.moc"
