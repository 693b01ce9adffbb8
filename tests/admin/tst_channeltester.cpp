#include "admin/channeltester.h"
#include "support/administrationfixture.h"

#include <stdexcept>
#include <thread>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using State = ChannelTestOutcome::State;
using support::AdministrationFixture;

class ChannelTesterTest : public QObject
{
    Q_OBJECT

private:
    static void prepare(AdministrationFixture &house, int channels)
    {
        house.start();
        std::vector<domain::Channel> wanted;
        for (int i = 0; i < channels; ++i) {
            wanted.push_back({.name = u"channel"_s,
                              .keys = {domain::ChannelKey{.secret = base::Secret(u"k"_s)}},
                              .models = {u"m"_s}});
        }
        QVERIFY(house.wait(house.administration->channels.create(wanted)));
    }

private slots:
    void anExceptionIsAnOutcome();
    void aSecondRunIsToldOfTheFirst();
    void anUnknownChannel();
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
        QVERIFY(!outcome.text.contains(u"canary"_s));
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

void ChannelTesterTest::anUnknownChannel()
{
    AdministrationFixture house;
    prepare(house, 1);
    ChannelTester tester(*house.administration);

    const auto outcome = house.wait(tester.test({99}, {}));

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, base::ErrorCode::NotFound);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ChannelTesterTest)
#include "tst_channeltester.moc"
