#include "admin/traffic/trafficmatch.h"
#include "support/servedrequests.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::TrafficGroup;
using domain::TrafficGrouping;
using domain::UsageRecord;
using support::AdministrationFixture;

// Requests put together by session, token, model and channel, and the filter of those that run.
class TrafficGroupsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_fixture.reset(); }
    void sumsUpByGroup();
    void partsComeToTheWhole();
    void heedsTheFilter();
    void aGroupHasPagesOfItsOwn();
    void oddKeysAreExact_data();
    void oddKeysAreExact();
    void runningRequestsAreFiltered_data();
    void runningRequestsAreFiltered();

private:
    TrafficService &traffic() { return m_fixture->administration->traffic; }
    UsageRecord request(const QByteArray &id, const QByteArray &session) const;
    void store(std::vector<UsageRecord> records) { support::store(*m_fixture, std::move(records)); }
    static domain::FilterQuery filter(const QString &text)
    {
        return domain::filterQueryFrom(text, TrafficService::filterKeys());
    }
    template<typename T>
    T wait(Answer<T> answer)
    {
        base::Result<T> result = AdministrationFixture::wait(std::move(answer));
        return result ? std::move(*result) : T();
    }

    std::unique_ptr<AdministrationFixture> m_fixture;
};

void TrafficGroupsTest::init()
{
    m_fixture = std::make_unique<AdministrationFixture>();
    m_fixture->start();
}

UsageRecord TrafficGroupsTest::request(const QByteArray &id, const QByteArray &session) const
{
    UsageRecord record = support::servedRequest(*m_fixture, id);
    record.tokenId = {7};
    record.client = "Codex";
    record.session = session;
    return record;
}

void TrafficGroupsTest::sumsUpByGroup()
{
    UsageRecord failed = request("b", "one");
    failed.httpStatus = 500;
    failed.end = domain::EndReason::Failed;
    store({request("a", "one"), failed, request("c", "two"), request("d", "one")});

    const TrafficGroups answer = wait(traffic().groups({}, TrafficGrouping::Session));

    QVERIFY(!answer.next);
    QCOMPARE(answer.groups.size(), 2U);
    const TrafficGroup &one = answer.groups[0]; // it has the newest line
    QCOMPARE(one.key, u"one"_s);
    QCOMPARE(one.client, u"Codex"_s);
    QCOMPARE(one.tokenName, u"laptop"_s);
    QCOMPARE(one.requests, 3);
    QCOMPARE(one.errors, 1);
    QCOMPARE(one.input, 300);
    QCOMPARE(one.cached, 90);
    QCOMPARE(one.output, 30);
    QCOMPARE(one.cost.nanoDollars, 3'000);
    QCOMPARE(one.endedAt - one.begunAt, 2'000);
    QCOMPARE(one.newest - one.oldest, 3);
    QCOMPARE(answer.groups[1].key, u"two"_s);

    const TrafficGroups tokens = wait(traffic().groups({}, TrafficGrouping::Token));
    QCOMPARE(tokens.groups.size(), 1U);
    QCOMPARE(tokens.groups[0].key, u"7"_s);
    QCOMPARE(tokens.groups[0].name, u"laptop"_s);
    const TrafficGroups channels = wait(traffic().groups({}, TrafficGrouping::Channel));
    QCOMPARE(channels.groups[0].key, u"0"_s);
    QCOMPARE(channels.groups[0].name, QString());
}

void TrafficGroupsTest::partsComeToTheWhole()
{
    TrafficGroup whole;
    whole.add(5, request("a", "one"));
    TrafficGroup part;
    part.add(3, request("b", "one"));
    part.add(4, request("c", "one"));

    whole.merge(part);

    QCOMPARE(whole.requests, 3);
    QCOMPARE(whole.newest, 5);
    QCOMPARE(whole.oldest, 3);
    QCOMPARE(whole.input, 300);
    whole.merge({});
    QCOMPARE(whole.requests, 3);
    QCOMPARE(whole.oldest, 3);
}

void TrafficGroupsTest::heedsTheFilter()
{
    UsageRecord other = request("b", "one");
    other.model = "large";
    store({request("a", "one"), other, request("c", "")});

    const TrafficGroups answer =
        wait(traffic().groups(filter(u"model:large"_s), TrafficGrouping::Session));

    QCOMPARE(answer.groups.size(), 1U);
    QCOMPARE(answer.groups[0].requests, 1);
    const auto refused = AdministrationFixture::wait(
        traffic().groups(domain::filterQueryFrom(u"nonsense:1"_s), TrafficGrouping::Session));
    QVERIFY(!refused);
}

void TrafficGroupsTest::aGroupHasPagesOfItsOwn()
{
    store({request("a", "one"), request("b", "two"), request("c", "one"), request("d", "one")});
    const TrafficGroup one = wait(traffic().groups({}, TrafficGrouping::Session)).groups[0];

    const TrafficPage first =
        wait(traffic().pageOfGroup({},
                                   TrafficGrouping::Session,
                                   one.key,
                                   {.before = one.newest + 1, .floor = one.oldest - 1},
                                   2));
    QCOMPARE(first.lines.size(), 2U);
    QCOMPARE(first.lines[0].record.requestId, QByteArray("d"));
    QCOMPARE(first.lines[1].record.requestId, QByteArray("c"));
    QVERIFY(first.next);
    const TrafficPage second =
        wait(traffic().pageOfGroup({}, TrafficGrouping::Session, one.key, *first.next, 2));

    QCOMPARE(second.lines.size(), 1U);
    QCOMPARE(second.lines[0].record.requestId, QByteArray("a"));
    QVERIFY(!second.next);
}

void TrafficGroupsTest::oddKeysAreExact_data()
{
    QTest::addColumn<QByteArray>("session");

    QTest::newRow("none") << QByteArray();
    QTest::newRow("a wildcard") << QByteArray("a*");
    QTest::newRow("a quote and a comma") << QByteArray("a',\"b");
    QTest::newRow("markup") << QByteArray("<b>a</b>");
    QTest::newRow("right to left") << QByteArray("\u05e9\u05dc\u05d5\u05dd");
    QTest::newRow("very long") << QByteArray(10'000, 'a');
}

void TrafficGroupsTest::oddKeysAreExact()
{
    QFETCH(QByteArray, session);
    store({request("x", session), request("y", "abc"), request("z", "another")});

    const TrafficGroups answer = wait(traffic().groups({}, TrafficGrouping::Session));
    QCOMPARE(answer.groups.size(), 3U);
    const TrafficGroup &odd = answer.groups[2];
    QCOMPARE(odd.key, QString::fromUtf8(session));
    const TrafficPage page =
        wait(traffic().pageOfGroup({},
                                   TrafficGrouping::Session,
                                   odd.key,
                                   {.before = odd.newest + 1, .floor = odd.oldest - 1}));

    QCOMPARE(page.lines.size(), 1U);
    QCOMPARE(page.lines[0].record.requestId, QByteArray("x"));
}

void TrafficGroupsTest::runningRequestsAreFiltered_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("shown");

    QTest::newRow("nothing") << u""_s << true;
    QTest::newRow("running") << u"status:running"_s << true;
    QTest::newRow("another status") << u"status:error"_s << false;
    QTest::newRow("not another status") << u"-status:error"_s << true;
    QTest::newRow("since") << u"since:1h"_s << true;
    QTest::newRow("until") << u"until:1h"_s << false;
    QTest::newRow("model") << u"model:SMALL"_s << true;
    QTest::newRow("a part of a model is another") << u"model:smal"_s << false;
    QTest::newRow("pattern") << u"model:sm*"_s << true;
    QTest::newRow("alternatives") << u"model:large,small"_s << true;
    QTest::newRow("served model") << u"model:tiny"_s << true;
    QTest::newRow("channel by number") << u"channel:#3"_s << true;
    QTest::newRow("another channel") << u"channel:#4"_s << false;
    QTest::newRow("channel by name") << u"channel:\"Open Router\""_s << true;
    QTest::newRow("excluded token") << u"-token:laptop"_s << false;
    QTest::newRow("number above") << u"in:>50"_s << true;
    QTest::newRow("number below") << u"in:<50"_s << false;
    QTest::newRow("cost") << u"cost:>0.01"_s << false;
    QTest::newRow("no first token yet") << u"ttft:>0"_s << false;
    QTest::newRow("flag") << u"stream:no"_s << true;
    QTest::newRow("free text") << u"router"_s << true;
    QTest::newRow("other text") << u"nowhere"_s << false;
    QTest::newRow("two terms") << u"model:small token:phone"_s << false;
}

void TrafficGroupsTest::runningRequestsAreFiltered()
{
    QFETCH(QString, text);
    QFETCH(bool, shown);
    TrafficLine line{
        .record = request("a", "one"), .channelName = u"Open Router"_s, .running = RunningState()};
    line.record.channelId = {3};

    QCOMPARE(matches(line, filter(text)), shown);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TrafficGroupsTest)
#include "tst_trafficgroups.moc"
