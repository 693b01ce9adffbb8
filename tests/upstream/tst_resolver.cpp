#include "support/manualclock.h"
#include "upstream/resolver.h"

#include <QtTest>

using namespace gatehouse;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using upstream::HostAnswer;

class ResolverTest : public QObject
{
    Q_OBJECT

private slots:
    void literalsAndLocalhostAreNotLookedUp();
    void answersAreRememberedForAMinute();
    void failuresAreRememberedForFiveSeconds();
    void forgottenAnswersAreLookedUpAnew();
    void onePendingLookupServesAll();
    void destroyedAskersAreNotCalled();
    void theSystemIsAsked();
};

namespace {

const QList<QHostAddress> one{QHostAddress(u"192.0.2.1"_s)};

} // namespace

void ResolverTest::literalsAndLocalhostAreNotLookedUp()
{
    support::ManualClock clock;
    upstream::Resolver resolver(clock);
    int lookups = 0;
    resolver.setLookup([&lookups](const QByteArray &, const HostAnswer &answer) {
        ++lookups;
        answer({});
    });
    QList<QHostAddress> literal;
    QList<QHostAddress> local;

    resolver.resolve("::1", this, [&](const auto &found) { literal = found; });
    resolver.resolve("LocalHost", this, [&](const auto &found) { local = found; });

    QCOMPARE(lookups, 0);
    QCOMPARE(literal, QList{QHostAddress(u"::1"_s)});
    QCOMPARE(local, (QList{QHostAddress(u"127.0.0.1"_s), QHostAddress(u"::1"_s)}));
}

void ResolverTest::answersAreRememberedForAMinute()
{
    support::ManualClock clock;
    upstream::Resolver resolver(clock);
    int lookups = 0;
    int answers = 0;
    resolver.setLookup([&lookups](const QByteArray &, const HostAnswer &answer) {
        ++lookups;
        answer(one);
    });
    const auto count = [&answers](const QList<QHostAddress> &found) { answers += found == one; };

    resolver.resolve("a.example", this, count);
    clock.advance(59s);
    resolver.resolve("A.Example", this, count);
    QCOMPARE(lookups, 1);
    clock.advance(1s);
    resolver.resolve("a.example", this, count);

    QCOMPARE(lookups, 2);
    QCOMPARE(answers, 3);
}

void ResolverTest::failuresAreRememberedForFiveSeconds()
{
    support::ManualClock clock;
    upstream::Resolver resolver(clock);
    int lookups = 0;
    resolver.setLookup([&lookups](const QByteArray &, const HostAnswer &answer) {
        ++lookups;
        answer({});
    });
    const auto ignore = [](const auto &) {};

    resolver.resolve("a.example", this, ignore);
    clock.advance(4s);
    resolver.resolve("a.example", this, ignore);
    QCOMPARE(lookups, 1);
    clock.advance(1s);
    resolver.resolve("a.example", this, ignore);

    QCOMPARE(lookups, 2);
}

void ResolverTest::forgottenAnswersAreLookedUpAnew()
{
    support::ManualClock clock;
    upstream::Resolver resolver(clock);
    QList<HostAnswer> pending;
    int answers = 0;
    resolver.setLookup(
        [&pending](const QByteArray &, const HostAnswer &answer) { pending.append(answer); });
    const auto count = [&answers](const auto &) { ++answers; };
    resolver.resolve("a.example", this, count);
    pending.first()(one);
    resolver.resolve("b.example", this, count);

    resolver.forget();
    resolver.resolve("a.example", this, count);

    QCOMPARE(pending.size(), 3);
    pending[1](one); // who waited meanwhile is answered
    QCOMPARE(answers, 2);
}

void ResolverTest::onePendingLookupServesAll()
{
    support::ManualClock clock;
    upstream::Resolver resolver(clock);
    QList<HostAnswer> pending;
    int answers = 0;
    resolver.setLookup(
        [&pending](const QByteArray &, const HostAnswer &answer) { pending.append(answer); });
    for (int i = 0; i < 3; ++i)
        resolver.resolve("a.example", this, [&answers](const auto &) { ++answers; });
    QCOMPARE(pending.size(), 1);
    QCOMPARE(answers, 0);

    pending.first()(one);

    QCOMPARE(answers, 3);
}

void ResolverTest::destroyedAskersAreNotCalled()
{
    support::ManualClock clock;
    upstream::Resolver resolver(clock);
    HostAnswer pending;
    int answers = 0;
    resolver.setLookup(
        [&pending](const QByteArray &, const HostAnswer &answer) { pending = answer; });
    auto asker = std::make_unique<QObject>();
    resolver.resolve("a.example", asker.get(), [&answers](const auto &) { ++answers; });
    asker.reset();

    pending(one);

    QCOMPARE(answers, 0);
}

void ResolverTest::theSystemIsAsked()
{
    support::ManualClock clock;
    upstream::Resolver resolver(clock);
    std::optional<QList<QHostAddress>> answer;

    // RFC 6761: "invalid" never exists, so no network is needed for the answer.
    resolver.resolve("nothing.invalid", this, [&answer](const auto &found) { answer = found; });

    QVERIFY(!answer);
    QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 60'000);
    QVERIFY(answer->isEmpty());
}

QTEST_GUILESS_MAIN(ResolverTest)
#include "tst_resolver.moc"
