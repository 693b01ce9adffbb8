#include "admin/channels/channeltester.h"

#include "admin/channels/probebench.h"
#include "relay/routing/targets.h"
#include "support/administrationfixture.h"
#include "support/fakeupstream.h"

#include <atomic>
#include <semaphore>
#include <stdexcept>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

#ifdef __SANITIZE_ADDRESS__
// An exception that passes through GLib's loop loses what that had in its hands.
extern "C" const char *__lsan_default_suppressions()
{
    return "leak:g_malloc";
}
#endif

namespace gatehouse::admin {

using State = ChannelTestOutcome::State;
using support::AdministrationFixture;

class ChannelTesterTest : public QObject
{
    Q_OBJECT

private:
    static void prepare(AdministrationFixture &house,
                        int channels,
                        const QString &baseUrl = {},
                        domain::ChannelStatus status = domain::ChannelStatus::Enabled)
    {
        house.start();
        std::vector<domain::Channel> wanted;
        for (int i = 0; i < channels; ++i) {
            wanted.push_back({.name = u"channel"_s,
                              .status = status,
                              .baseUrl = baseUrl,
                              .keys = {domain::ChannelKey{.secret = base::Secret(u"k"_s)}},
                              .models = {u"m"_s}});
        }
        QVERIFY(house.wait(house.administration->channels.create(wanted)));
    }

private slots:
    void anExceptionIsAnOutcome();
    void anExceptionWithinACall();
    void aSecondRunIsToldOfTheFirst();
    void aStoppedRetryKeepsTheResults();
    void whatIsAskedForGoesBeforeARun();
    void anUnknownChannel();
    void scheduledRuns();
    void cancellingCallsUnderWay_data();
    void cancellingCallsUnderWay();
    void balances_data();
    void balances();
    void whatATestChanges_data();
    void whatATestChanges();
    void aTestOnItsOwnEnables_data();
    void aTestOnItsOwnEnables();
    void aListOfModelsEnablesNothing();
    void routingFollowsTests();
    void tellsTheProvidersOwnStatus_data();
    void tellsTheProvidersOwnStatus();
    void showsNoKeyThatAProviderRepeats();
};

void ChannelTesterTest::anExceptionIsAnOutcome()
{
    AdministrationFixture house;
    prepare(house, 3);
    ChannelTester tester(*house.administration, [](const ProbeOrder &order, const auto &) {
        if (order.channel.value == 2)
            throw std::runtime_error("canary-of-an-exception");
        if (order.channel.value == 3)
            throw 7;
        return ProbeReport{.outcome = {.channel = order.channel, .state = State::Answered}};
    });

    QVERIFY(house.wait(tester.startRun(TestScope::All)));
    QTRY_VERIFY(!tester.latestRun()->isRunning());

    const ChannelTestRun run = *tester.latestRun();
    QCOMPARE(run.done(), 3);
    for (const ChannelTestOutcome &outcome : run.outcomes) {
        QCOMPARE(outcome.state, outcome.channel.value == 1 ? State::Answered : State::Failed);
        QVERIFY(!outcome.text.english().contains(u"canary"_s));
    }
}

// An adapter that throws when the provider's answer arrives.
class ThrowingReceiver final : public upstream::StreamReceiver
{
public:
    void headReceived(const http::ResponseHead &) override
    {
        throw std::runtime_error("canary-of-an-exception");
    }
    void bodyReceived(QByteArrayView) override {}
    void batchEnded() override {}
    void completed() override {}
    void failed(const upstream::Failure &) override {}
};

// It comes through the client and the worker's event loop, and the worker goes on.
void ChannelTesterTest::anExceptionWithinACall()
{
    const QByteArray answer =
        R"({"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]})";
    support::FakeUpstream provider(
        [&](const support::ReceivedRequest &) { return support::jsonAnswer(200, answer); });
    AdministrationFixture house;
    prepare(house, 3, QString::fromUtf8(provider.baseUrl()));
    QVERIFY(house.wait(house.administration->settings.set(u"tests.parallel"_s, u"1"_s)));
    ChannelTester tester(
        *house.administration, [](const ProbeOrder &order, const std::stop_token &stop) {
            if (order.channel.value != 2)
                return probeChannel(order, stop);
            const auto target = relay::Targets::compile(*order.catalog->channel(order.channel), {});
            ProbeBench bench(30s, stop, [] {});
            ThrowingReceiver receiver;
            bench.client().send(
                {.endpoint = target->endpoint, .head = "GET / HTTP/1.1\r\nHost: provider\r\n\r\n"},
                receiver);
            bench.loop.exec();
            return ProbeReport{};
        });

    for (int round = 0; round < 2; ++round) {
        QVERIFY(house.wait(tester.startRun(TestScope::All)));
        QTRY_VERIFY(!tester.latestRun()->isRunning());

        const ChannelTestRun run = *tester.latestRun();
        QCOMPARE(run.done(), 3);
        for (const ChannelTestOutcome &outcome : run.outcomes) {
            const bool threw = outcome.channel.value == 2;
            QCOMPARE(outcome.state, threw ? State::Failed : State::Answered);
            QCOMPARE(outcome.stage == u"internal"_s, threw);
            QVERIFY(!outcome.text.english().contains(u"canary"_s));
        }
    }
}

void ChannelTesterTest::aSecondRunIsToldOfTheFirst()
{
    AdministrationFixture house;
    prepare(house, 2);
    ChannelTester tester(*house.administration,
                         [](const ProbeOrder &order, const std::stop_token &stop) {
                             while (!stop.stop_requested())
                                 std::this_thread::yield();
                             return ProbeReport{.outcome = {.channel = order.channel}};
                         });
    const auto first = house.wait(tester.startRun(TestScope::All));
    QVERIFY(first && first->started);

    const auto second = house.wait(tester.startRun(TestScope::All));

    QVERIFY(second && !second->started);
    QCOMPARE(second->run.id, first->run.id);
    QCOMPARE(second->run.total, 2);
    QVERIFY(tester.cancelRun(first->run.id));
    QTRY_VERIFY(!tester.latestRun()->isRunning());
    QVERIFY(tester.latestRun()->cancelled);
    QVERIFY(!tester.cancelRun(first->run.id));
}

void ChannelTesterTest::aStoppedRetryKeepsTheResults()
{
    AdministrationFixture house;
    prepare(house, 2);
    std::atomic_bool waits = false;
    ChannelTester tester(*house.administration,
                         [&waits](const ProbeOrder &order, const std::stop_token &stop) {
                             while (waits && !stop.stop_requested())
                                 std::this_thread::yield();
                             const bool failed = !waits && order.channel.value == 1;
                             return ProbeReport{.outcome = {.channel = order.channel,
                                                            .state = waits    ? State::NotTested
                                                                     : failed ? State::Failed
                                                                              : State::Answered}};
                         });
    QVERIFY(house.wait(tester.startRun(TestScope::All)));
    QTRY_VERIFY(!tester.latestRun()->isRunning());

    waits = true;
    QVERIFY(tester.retryFailed());
    const std::vector<TestStep> steps = tester.latestRun()->steps;
    QVERIFY(std::all_of(
        steps.begin(), steps.end(), [](const TestStep &step) { return step.hasOutcome(); }));
    QVERIFY(tester.cancelRun(tester.latestRun()->id));
    QTRY_VERIFY(!tester.latestRun()->isRunning());

    const ChannelTestRun run = *tester.latestRun();
    QCOMPARE(run.done(), 2);
    const auto failed = std::count_if(run.outcomes.begin(),
                                      run.outcomes.end(),
                                      [](const auto &outcome) { return outcome.hasFailed(); });
    QCOMPARE(failed, 1);
    QVERIFY(tester.retryFailed()); // it can be asked for again
    tester.cancelRun(run.id);
    QTRY_VERIFY(!tester.latestRun()->isRunning());
}

void ChannelTesterTest::whatIsAskedForGoesBeforeARun()
{
    AdministrationFixture house;
    prepare(house, 3);
    QVERIFY(house.wait(house.administration->settings.set(u"tests.parallel"_s, u"1"_s)));
    std::counting_semaphore<2> release(0);
    std::atomic_bool entered = false;
    QStringList order; // one worker alone writes it
    ChannelTester tester(*house.administration, [&](const ProbeOrder &asked, const auto &) {
        order.append(asked.model.isEmpty() ? u"run"_s : asked.model);
        if (!entered.exchange(true))
            release.acquire();
        return ProbeReport{.outcome = {.channel = asked.channel, .state = State::Answered}};
    });
    const auto freed = qScopeGuard([&release] { release.release(); }); // where a check fails, too
    QVERIFY(house.wait(tester.startRun(TestScope::All)));
    QTRY_VERIFY(entered);

    const auto asked = tester.test({3}, u"asked"_s);
    // What still waits is not being tested.
    const auto &statistics = house.administration->statistics;
    const domain::ChannelId first = tester.latestRun()->steps.front().channel;
    QTRY_COMPARE(statistics.healthOf(first).health, domain::Health::Testing);
    const std::vector<TestStep> steps = tester.latestRun()->steps;
    for (const TestStep &step : steps) {
        if (step.channel != first)
            QVERIFY(statistics.healthOf(step.channel).health != domain::Health::Testing);
    }
    release.release();

    QVERIFY(house.wait(asked));
    QTRY_VERIFY(!tester.latestRun()->isRunning());
    QCOMPARE(order.size(), 4);
    QCOMPARE(order.indexOf(u"asked"_s), 1);
    for (qint64 id = 1; id <= 3; ++id)
        QVERIFY(statistics.healthOf({id}).health != domain::Health::Testing);
}

void ChannelTesterTest::anUnknownChannel()
{
    AdministrationFixture house;
    prepare(house, 1);
    ChannelTester tester(*house.administration);

    const auto outcome = house.wait(tester.test({99}, {}));

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, base::ErrorCode::NotFound);
}

static ProbeReport answeredBy(const ProbeOrder &order, const std::stop_token &)
{
    return {.outcome = {.channel = order.channel, .state = State::Answered}};
}

void ChannelTesterTest::scheduledRuns()
{
    AdministrationFixture house;
    prepare(house, 2);
    ChannelTester tester(*house.administration, answeredBy, nullptr, 10ms);
    std::vector<ChannelTestRun> runs;
    connect(&tester, &ChannelTester::runFinished, &tester, [&runs](const ChannelTestRun &run) {
        runs.push_back(run);
    });
    QVERIFY(!tester.latestRun());

    QVERIFY(house.wait(house.administration->settings.set(u"tests.interval"_s, u"2"_s)));
    QTRY_VERIFY(runs.size() >= 3);

    for (const ChannelTestRun &run : runs) {
        QCOMPARE(run.scope, TestScope::All);
        QCOMPARE(run.done(), 2);
    }
    QVERIFY(house.wait(house.administration->settings.set(u"tests.interval"_s, u"0"_s)));
    QTRY_VERIFY(!tester.latestRun()->isRunning());
    const qint64 last = tester.latestRun()->id;
    // As long as several intervals there is no further one, so that ours has the next number.
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY(timer.elapsed() > 100);
    QCOMPARE(house.wait(tester.startRun(TestScope::All))->run.id, last + 1);
    QTRY_VERIFY(!tester.latestRun()->isRunning());
}

void ChannelTesterTest::cancellingCallsUnderWay_data()
{
    QTest::addColumn<support::Script>("answer");

    QTest::newRow("before the head") << support::Script().stall();
    QTest::newRow("in the midst of the body")
        << support::Script()
               .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                     "Content-Length: 100\r\n\r\n{\"choices\"")
               .stall();
}

void ChannelTesterTest::cancellingCallsUnderWay()
{
    QFETCH(support::Script, answer);
    support::FakeUpstream provider([answer](const support::ReceivedRequest &) { return answer; });
    AdministrationFixture house;
    prepare(house, 6, QString::fromLatin1(provider.baseUrl()));
    QVERIFY(house.wait(house.administration->settings.set(u"tests.parallel"_s, u"2"_s)));
    ChannelTester tester(*house.administration);
    const auto run = house.wait(tester.startRun(TestScope::All));
    QVERIFY(run && run->started);
    QTRY_COMPARE(provider.requestCount(), 2);

    QVERIFY(tester.cancelRun(run->run.id));

    // All six have an outcome, long before the deadline of a test; four were not even begun.
    QTRY_VERIFY(!tester.latestRun()->isRunning());
    QCOMPARE(tester.latestRun()->done(), 6);
    const std::vector<ChannelTestOutcome> outcomes = tester.latestRun()->outcomes;
    for (const ChannelTestOutcome &outcome : outcomes) {
        QCOMPARE(outcome.state, State::NotTested);
        QVERIFY(outcome.text.english().contains(u"cancelled"_s));
    }
    QTRY_COMPARE(provider.openConnections(), 0);
    QCOMPARE(provider.requestCount(), 2);
    // The next run is none the worse for it.
    provider.setHandler([](const support::ReceivedRequest &) {
        return support::jsonAnswer(
            200, R"({"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]})");
    });
    QVERIFY(house.wait(tester.startRun(TestScope::All))->started);
    QTRY_VERIFY(!tester.latestRun()->isRunning());
    QVERIFY(tester.latestRun()->outcomes.front().succeeded());
}

void ChannelTesterTest::balances_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<double>("balance"); // -1: an error

    QTest::newRow("told") << 200 << QByteArray(R"({"hard_limit_usd":20,"total_usage":500})")
                          << 15.0;
    QTest::newRow("nothing of the kind") << 200 << QByteArray(R"({"ok":true})") << -1.0;
    QTest::newRow("no JSON") << 200 << QByteArray("<html>") << -1.0;
    QTest::newRow("refused") << 401 << QByteArray(R"({"error":"canary-of-a-key k"})") << -1.0;
}

void ChannelTesterTest::balances()
{
    QFETCH(int, status);
    QFETCH(QByteArray, answer);
    QFETCH(double, balance);
    support::FakeUpstream provider([status, answer](const support::ReceivedRequest &) {
        return support::jsonAnswer(status, answer);
    });
    AdministrationFixture house;
    // The version at the end of the address is not written twice.
    prepare(house, 1, QString::fromLatin1(provider.baseUrl()) + u"/v1"_s);
    ChannelTester tester(*house.administration);

    const auto told = house.wait(tester.queryBalance({1}));

    QCOMPARE(told.has_value(), balance >= 0);
    QCOMPARE(provider.lastRequest().header("Authorization"), QByteArray("Bearer k"));
    const auto channel = house.wait(house.administration->channels.find({1}));
    QCOMPARE(channel->balance.amount, std::max(balance, 0.0));
    QCOMPARE(channel->balanceAt > 0, balance >= 0);
    if (told) {
        QCOMPARE(*told, (domain::AccountBalance{balance, "USD"}));
        QCOMPARE(channel->balance, *told);
        QVERIFY(provider.lastRequest().target.startsWith("/v1/dashboard/billing/usage?"));
    } else {
        QVERIFY(!told.error().message.english().contains(u"canary"_s));
    }
    QVERIFY(!house.wait(tester.queryBalance({99})));
}

void ChannelTesterTest::whatATestChanges_data()
{
    using domain::ChannelStatus;
    using protocol::ErrorClass;
    QTest::addColumn<ChannelStatus>("before");
    QTest::addColumn<bool>("automatic"); // both settings
    QTest::addColumn<std::optional<ErrorClass>>("refusal");
    QTest::addColumn<ChannelStatus>("after");

    const std::optional<ErrorClass> none;
    const auto on = ChannelStatus::Enabled;
    const auto byMachine = ChannelStatus::DisabledAutomatically;
    const auto byHand = ChannelStatus::DisabledByHand;
    QTest::newRow("an answer of one that a machine disabled") << byMachine << true << none << on;
    QTest::newRow("the same, without the setting") << byMachine << false << none << byMachine;
    QTest::newRow("an answer of one that a person disabled") << byHand << true << none << byHand;
    QTest::newRow("a refused key")
        << on << true << std::optional(ErrorClass::Authentication) << byMachine;
    QTest::newRow("the same, without the setting")
        << on << false << std::optional(ErrorClass::Authentication) << on;
    QTest::newRow("no credit left")
        << on << true << std::optional(ErrorClass::OutOfCredit) << byMachine;
    QTest::newRow("a fault of the provider")
        << on << true << std::optional(ErrorClass::ServerFault) << on;
    QTest::newRow("a rate limit") << on << true << std::optional(ErrorClass::RateLimited) << on;
    QTest::newRow("a refusal of one that a person disabled")
        << byHand << true << std::optional(ErrorClass::Authentication) << byHand;
}

void ChannelTesterTest::whatATestChanges()
{
    using domain::ChannelStatus;
    QFETCH(ChannelStatus, before);
    QFETCH(bool, automatic);
    QFETCH(std::optional<protocol::ErrorClass>, refusal);
    AdministrationFixture house;
    prepare(house, 1, {}, before);
    const QString value = automatic ? u"true"_s : u"false"_s;
    SettingsService &settings = house.administration->settings;
    QVERIFY(house.wait(settings.set(u"relay.enable_automatically"_s, value)));
    QVERIFY(house.wait(settings.set(u"relay.disable_automatically"_s, value)));
    ChannelTester tester(*house.administration, [refusal](const ProbeOrder &order, const auto &) {
        return ProbeReport{.outcome = {.channel = order.channel,
                                       .state = refusal ? State::Refused : State::Answered},
                           .refusal = refusal};
    });

    QVERIFY(house.wait(tester.startRun(TestScope::All)));
    QTRY_VERIFY(!tester.latestRun()->isRunning());

    // What the test has set off is done when the next change is.
    QVERIFY(house.wait(settings.set(u"texts.notice"_s, u"later"_s)));
    QVERIFY(house.wait(settings.set(u"texts.notice"_s, u"later still"_s)));
    QTEST(house.wait(house.administration->channels.find({1}))->status, "after");
    const auto catalog = house.administration->publisher.catalog();
    QTEST(catalog->channel({1})->channel.status, "after");
    // A key that put its channel out of use does not count as a usable one.
    if (before == ChannelStatus::Enabled
        && catalog->channel({1})->channel.status == ChannelStatus::DisabledAutomatically)
        QCOMPARE(house.administration->statistics.healthOf({1}).usableKeys, 0);
}

void ChannelTesterTest::aTestOnItsOwnEnables_data()
{
    using domain::ChannelStatus;
    QTest::addColumn<ChannelStatus>("before");
    QTest::addColumn<bool>("automatic");
    QTest::addColumn<bool>("isAnswered");
    QTest::addColumn<ChannelStatus>("after");

    const auto on = ChannelStatus::Enabled;
    const auto byMachine = ChannelStatus::DisabledAutomatically;
    const auto byHand = ChannelStatus::DisabledByHand;
    QTest::newRow("one that a machine disabled") << byMachine << true << true << on;
    QTest::newRow("without the setting") << byMachine << false << true << byMachine;
    QTest::newRow("one that a person disabled") << byHand << true << true << byHand;
    QTest::newRow("a refusal disables nothing") << on << true << false << on;
}

void ChannelTesterTest::aTestOnItsOwnEnables()
{
    using domain::ChannelStatus;
    QFETCH(ChannelStatus, before);
    QFETCH(bool, automatic);
    QFETCH(bool, isAnswered);
    AdministrationFixture house;
    prepare(house, 1, {}, before);
    const QString value = automatic ? u"true"_s : u"false"_s;
    SettingsService &settings = house.administration->settings;
    QVERIFY(house.wait(settings.set(u"relay.enable_automatically"_s, value)));
    QVERIFY(house.wait(settings.set(u"relay.disable_automatically"_s, value)));
    ChannelTester tester(
        *house.administration, [isAnswered](const ProbeOrder &order, const auto &) {
            ProbeReport report{.outcome = {.channel = order.channel, .state = State::Answered}};
            if (!isAnswered) {
                report.outcome.state = State::Refused;
                report.refusal = protocol::ErrorClass::Forbidden;
            }
            return report;
        });

    QVERIFY(house.wait(tester.test({1}, {})));

    // What the test has set off is done when the next change is.
    QVERIFY(house.wait(settings.set(u"texts.notice"_s, u"later"_s)));
    QVERIFY(house.wait(settings.set(u"texts.notice"_s, u"later still"_s)));
    QTEST(house.wait(house.administration->channels.find({1}))->status, "after");
}

// Providers list their models to accounts without credit, too.
void ChannelTesterTest::aListOfModelsEnablesNothing()
{
    using domain::ChannelStatus;
    AdministrationFixture house;
    prepare(house, 1, {}, ChannelStatus::DisabledAutomatically);
    SettingsService &settings = house.administration->settings;
    QVERIFY(house.wait(settings.set(u"relay.enable_automatically"_s, u"true"_s)));
    ChannelTester tester(*house.administration, [](const ProbeOrder &order, const auto &) {
        return ProbeReport{.outcome = {.channel = order.channel, .state = State::Answered}};
    });

    QVERIFY(house.wait(
        tester.startRun(TestPlan{.scope = TestScope::All, .subject = TestSubject::Listing})));
    QTRY_VERIFY(!tester.latestRun()->isRunning());

    QCOMPARE(tester.latestRun()->total, 1);
    QVERIFY(house.wait(settings.set(u"texts.notice"_s, u"later"_s)));
    QCOMPARE(house.wait(house.administration->channels.find({1}))->status,
             ChannelStatus::DisabledAutomatically);
}

// What a test says of a key is what routing and Channels know of it.
void ChannelTesterTest::routingFollowsTests()
{
    using protocol::ErrorClass;
    AdministrationFixture house;
    prepare(house, 1);
    std::atomic<bool> refuses = true;
    ChannelTester tester(*house.administration, [&refuses](const ProbeOrder &order, const auto &) {
        ProbeReport report{.outcome = {.channel = order.channel, .state = State::Answered}};
        if (refuses) {
            report.outcome.state = State::Refused;
            report.outcome.httpStatus = 401;
            report.refusal = ErrorClass::Authentication;
        }
        return report;
    });
    const auto health = [&house] { return house.administration->statistics.healthOf({1}).health; };
    const qint64 key =
        house.administration->publisher.catalog()->channel({1})->channel.keys.front().id;

    QVERIFY(house.wait(tester.test({1}, {})));

    QVERIFY(house.health->restOf({1}, key).time > 0ms);
    QCOMPARE(health(), domain::Health::AuthenticationFailed);
    refuses = false;
    // That a list is given says nothing of requests.
    QVERIFY(house.wait(
        tester.startRun(TestPlan{.scope = TestScope::All, .subject = TestSubject::Listing})));
    QTRY_VERIFY(!tester.latestRun()->isRunning());
    QCOMPARE(health(), domain::Health::AuthenticationFailed);
    QVERIFY(house.wait(tester.test({1}, {})));
    QCOMPARE(house.health->restOf({1}, key).time, 0ms);
    QCOMPARE(health(), domain::Health::Healthy);
}

void ChannelTesterTest::tellsTheProvidersOwnStatus_data()
{
    QTest::addColumn<support::Script>("script");
    QTest::addColumn<int>("status");
    QTest::addColumn<TestVerdict>("verdict");

    QTest::newRow("a redirect") << support::Script().send(
        support::answerHead(302, {"Location: /login", "Content-Length: 0"}))
                                << 302 << TestVerdict::NotUnderstood;
    QTest::newRow("nothing") << support::jsonAnswer(200, "") << 200 << TestVerdict::NotUnderstood;
    QTest::newRow("a web page") << support::jsonAnswer(200, "<html></html>") << 200
                                << TestVerdict::NotUnderstood;
    QTest::newRow("a refusal") << support::jsonAnswer(401, R"({"error":{"message":"no"}})") << 401
                               << TestVerdict::KeyRefused;
    QTest::newRow("a reset") << support::Script().reset() << 0 << TestVerdict::NotReached;
}

void ChannelTesterTest::tellsTheProvidersOwnStatus()
{
    QFETCH(support::Script, script);
    support::FakeUpstream provider([script](const auto &) { return script; });
    AdministrationFixture house;
    prepare(house, 1, QString::fromUtf8(provider.baseUrl()));
    ChannelTester tester(*house.administration);

    const auto outcome = house.wait(tester.test({1}, {}));

    QVERIFY(outcome);
    QTEST(outcome->httpStatus, "status");
    QTEST(outcome->verdict, "verdict");
}

void ChannelTesterTest::showsNoKeyThatAProviderRepeats()
{
    support::FakeUpstream provider([](const auto &) {
        return support::jsonAnswer(
            401, R"({"error":{"message":"no such key: sk-abcdef1234567890abcdefgh"}})");
    });
    AdministrationFixture house;
    prepare(house, 1, QString::fromUtf8(provider.baseUrl()));
    ChannelTester tester(*house.administration);

    const auto outcome = house.wait(tester.test({1}, {}));

    QVERIFY(outcome);
    QVERIFY(outcome->text.english().contains(u"no such key"_s));
    QVERIFY(!outcome->text.english().contains(u"abcdef"_s));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ChannelTesterTest)
#include "tst_channeltester.moc"
