#include "admin/channels/channeltester.h"
#include "support/administrationfixture.h"
#include "support/fakeupstream.h"

#include <semaphore>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using State = ChannelTestOutcome::State;
using support::AdministrationFixture;
using support::FakeUpstream;

// What one channel is asked on its own, and that it can be broken off.
class ChannelQuestionsTest : public QObject
{
    Q_OBJECT

private slots:
    void oneTestIsBrokenOff();
    void modelsAndBalanceAreBrokenOff();

private:
    static void prepare(AdministrationFixture &house, const QString &baseUrl = {})
    {
        house.start();
        std::vector<domain::Channel> wanted;
        for (int i = 0; i < 2; ++i) {
            wanted.push_back({.name = u"channel"_s,
                              .baseUrl = baseUrl,
                              .keys = {domain::ChannelKey{.secret = base::Secret(u"k"_s)}},
                              .models = {u"m"_s}});
        }
        QVERIFY(house.wait(house.administration->channels.create(wanted)));
    }
    static domain::ChannelId channel(const AdministrationFixture &house, size_t place)
    {
        return house.administration->publisher.catalog()->channels()[place]->channel.id;
    }
};

void ChannelQuestionsTest::oneTestIsBrokenOff()
{
    AdministrationFixture house;
    prepare(house);
    std::counting_semaphore<8> release(0);
    ChannelTester tester(
        *house.administration, [&](const ProbeOrder &order, const std::stop_token &stop) {
            const std::stop_callback wake(stop, [&release] { release.release(); });
            release.acquire();
            return ProbeReport{
                .outcome = {.channel = order.channel,
                            .state = stop.stop_requested() ? State::NotTested : State::Answered}};
        });
    auto answer = tester.test(channel(house, 0), u"m"_s);
    tester.cancelQuestion(channel(house, 1), ChannelQuestion::Test);
    tester.cancelQuestion(channel(house, 0), ChannelQuestion::Balance);
    QVERIFY(!answer.isFinished());

    tester.cancelQuestion(channel(house, 0), ChannelQuestion::Test);

    const auto outcome = house.wait(answer);
    QVERIFY(outcome);
    QCOMPARE(outcome->state, State::NotTested);
    auto again = tester.test(channel(house, 0), u"m"_s);
    release.release();
    const auto next = house.wait(again);
    QVERIFY(next);
    QCOMPARE(next->state, State::Answered);
}

void ChannelQuestionsTest::modelsAndBalanceAreBrokenOff()
{
    FakeUpstream upstream(
        [](const support::ReceivedRequest &) { return support::Script().stall(); });
    AdministrationFixture house;
    prepare(house, QString::fromLatin1(upstream.baseUrl()));
    ChannelTester tester(*house.administration);
    auto models = tester.queryModels(channel(house, 0));
    auto balance = tester.queryBalance(channel(house, 1));
    QTRY_COMPARE(upstream.requestCount(), 2);

    tester.cancelQuestion(channel(house, 0), ChannelQuestion::Models);
    tester.cancelQuestion(channel(house, 1), ChannelQuestion::Balance);

    const auto listed = house.wait(models);
    QVERIFY(!listed);
    QCOMPARE(listed.error().code, base::ErrorCode::Cancelled);
    const auto left = house.wait(balance);
    QVERIFY(!left);
    QCOMPARE(left.error().code, base::ErrorCode::Cancelled);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ChannelQuestionsTest)
#include "tst_channelquestions.moc"
