#include "admin/channels/routeexplanation.h"
#include "relay/routing/sessionplace.h"
#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;
using support::AdministrationFixture;

// What a person is told of the keys of a channel, and of a session that keeps to one of them.
class RouteSessionsTest : public QObject
{
    Q_OBJECT

private:
    // Of the same priority, with two keys each.
    static Channel channel(const QString &name, qint64 priority = 0)
    {
        const auto key = [&name](const QString &ending) {
            return ChannelKey{.secret = base::Secret(QString(u"long-key-of-"_s % name % ending))};
        };
        return {.name = name,
                .keys = {key(u"-0001"_s), key(u"-0002"_s)},
                .models = {u"gpt-4o"_s},
                .priority = priority};
    }
    void create(const std::vector<Channel> &channels)
    {
        m_house = std::make_unique<AdministrationFixture>();
        m_house->start();
        QVERIFY(m_house->wait(m_house->administration->channels.create(channels)));
        const auto token = m_house->wait(m_house->administration->tokenManager.create(
            m_house->root(), m_house->root().id, {.name = u"t"_s, .unlimited = true}));
        QVERIFY(token);
        m_token = token->id;
        QVERIFY(m_house->wait(m_house->administration->users.change(
            m_house->root(), m_house->root().id, {.balance = domain::Quota{1'000'000}})));
    }
    const Channel &named(const QString &name) const
    {
        for (const auto &each : m_house->administration->publisher.catalog()->channels()) {
            if (each->channel.name == name)
                return each->channel;
        }
        qFatal("There is no such channel.");
    }
    // With its second key.
    void serveBy(const QString &name, const QByteArray &session)
    {
        const Channel &channel = named(name);
        relay::Affinity &affinity = m_house->load->affinity();
        affinity.remember(relay::sessionHashOfName(affinity, m_token, "gpt-4o", session),
                          {.channel = channel.id, .key = channel.keys.at(1).id},
                          100);
    }
    RouteExplanation explain(const QByteArray &session) const
    {
        const auto answer = m_house->wait(m_house->administration->routes.explain(
            {.token = m_token, .model = "gpt-4o", .session = session}));
        if (!answer)
            qFatal("%s", qPrintable(answer.error().message.english()));
        return *answer;
    }

    std::unique_ptr<AdministrationFixture> m_house{};
    domain::TokenId m_token{};

private slots:
    void aSessionKeepsToItsPlace();
    void aSessionWhoseKeyRestsMoves();
    void anUnknownSessionIsANewOne();
    void askingDoesNotKeepASessionAlive();
    void keysThatRestAreTold();
};

void RouteSessionsTest::aSessionKeepsToItsPlace()
{
    create({channel(u"one"_s), channel(u"two"_s), channel(u"reserve"_s, -1)});
    serveBy(u"two"_s, "mine");

    const RouteExplanation answer = explain("mine");

    QCOMPARE(answer.candidates.size(), size_t(3));
    QCOMPARE(answer.candidates[0].name, u"two"_s);
    QVERIFY(answer.candidates[0].keepsSession);
    QCOMPARE(answer.candidates[0].sharePercent, 100.0);
    QCOMPARE(answer.candidates[1].sharePercent, 0.0);
    QVERIFY(!answer.candidates[1].keepsSession && !answer.candidates[2].keepsSession);
    QVERIFY(answer.session.english().contains(u"\"two\" with the key …0002"_s));
}

void RouteSessionsTest::aSessionWhoseKeyRestsMoves()
{
    create({channel(u"one"_s), channel(u"two"_s)});
    serveBy(u"two"_s, "mine");
    const Channel &two = named(u"two"_s);
    m_house->health->report(two.id,
                            two.keys.at(1).id,
                            relay::HealthEvent::RateLimited,
                            m_house->administration->publisher.catalog()->settings().relay,
                            20s);

    const RouteExplanation answer = explain("mine");

    QCOMPARE(answer.candidates.size(), size_t(2));
    QVERIFY(!answer.candidates[0].keepsSession && !answer.candidates[1].keepsSession);
    QVERIFY(answer.session.english().contains("moves to another"_L1));
}

void RouteSessionsTest::anUnknownSessionIsANewOne()
{
    create({channel(u"one"_s), channel(u"two"_s)});
    serveBy(u"two"_s, "mine");

    const RouteExplanation other = explain("another");
    const RouteExplanation none = explain({});

    QVERIFY(other.session.english().startsWith("Nothing is remembered"_L1));
    QVERIFY(!other.candidates[0].keepsSession && !other.candidates[1].keepsSession);
    QVERIFY(none.session.isEmpty());
}

void RouteSessionsTest::askingDoesNotKeepASessionAlive()
{
    create({channel(u"one"_s), channel(u"two"_s)});
    serveBy(u"two"_s, "mine");
    const std::chrono::milliseconds lasts =
        m_house->administration->publisher.catalog()->settings().relay.affinityTtl;

    m_house->clock.advance(lasts - 1s);
    QVERIFY(explain("mine").candidates[0].keepsSession);
    m_house->clock.advance(2s);

    QVERIFY(explain("mine").session.english().startsWith("Nothing is remembered"_L1));
}

void RouteSessionsTest::keysThatRestAreTold()
{
    create({channel(u"one"_s)});
    const Channel &one = named(u"one"_s);
    m_house->health->report(one.id,
                            one.keys.front().id,
                            relay::HealthEvent::RateLimited,
                            m_house->administration->publisher.catalog()->settings().relay,
                            20s);

    const RouteExplanation answer = explain({});

    QCOMPARE(answer.candidates.size(), size_t(1));
    QCOMPARE(answer.candidates[0].usableKeys, 1);
    QCOMPARE(answer.candidates[0].restingKeys, 1);
    QCOMPARE(answer.candidates[0].restUntil, m_house->clock.wallMilliseconds() + 20'000);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::RouteSessionsTest)
#include "tst_routesessions.moc"
