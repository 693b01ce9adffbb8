#include "domain/lostsecrets.h"
#include "storage/repositories/metarepository.h"
#include "support/administrationfixture.h"

#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;
using domain::ChannelStatus;
using protocol::ErrorClass;
using support::AdministrationFixture;

namespace {

relay::KeyRefusal refusal(qint64 key, ErrorClass kind)
{
    return {.channel = {1},
            .key = key,
            .error = {.status = 401, .code = "invalid_api_key", .kind = kind}};
}

} // namespace

class TestChannelService : public QObject
{
    Q_OBJECT

private:
    // A channel with two keys, and automatic disabling as wished.
    void prepare(AdministrationFixture &house, bool automatic)
    {
        house.start();
        QVERIFY(house.wait(house.administration->settings.set(u"relay.disable_automatically"_s,
                                                              automatic ? u"true"_s : u"false"_s)));
        const auto made = house.wait(house.administration->channels.create(
            {Channel{.name = u"two"_s,
                     .keys = {ChannelKey{.secret = base::Secret(u"k1"_s)},
                              ChannelKey{.secret = base::Secret(u"k2"_s)}},
                     .models = {u"gpt-4o"_s}}}));
        QVERIFY(made);
        QCOMPARE(made->front().keys.size(), 2);
        QVERIFY(made->front().keys.at(0).secret.isEmpty());
    }
    static void settle(AdministrationFixture &house)
    {
        const QFuture<void> settled = house.administration->publisher.settled();
        QTRY_VERIFY(settled.isFinished());
    }
    static Channel channel(AdministrationFixture &house)
    {
        return *house.wait(house.administration->channels.find({1}));
    }

private slots:
    void disablesRefusedKeys();
    void onlyIfWished();
    void onlyTypedRefusals_data();
    void onlyTypedRefusals();
    void leavesThePersonsChoice();
    void personsForgive();
    void forgetsHealthOnlyWhereItIsInDoubt_data();
    void forgetsHealthOnlyWhereItIsInDoubt();
    void bringsHealthBackWithWhatWasSwitchedOff();
    void staysOffWithoutTheKeyThatARestoreLost_data();
    void staysOffWithoutTheKeyThatARestoreLost();
    void reportsEachOnce();
    void knowsDestinations_data();
    void knowsDestinations();
};

void TestChannelService::disablesRefusedKeys()
{
    AdministrationFixture house;
    prepare(house, true);
    ChannelService &channels = house.administration->channels;

    channels.keyRefused(refusal(1, ErrorClass::Authentication));
    settle(house);
    Channel known = channel(house);
    QCOMPARE(known.status, ChannelStatus::Enabled);
    QVERIFY(!known.keys.at(0).enabled && known.keys.at(1).enabled);
    QVERIFY(known.keys.at(0).disabledReason.contains(u"401"));

    channels.keyRefused(refusal(2, ErrorClass::OutOfCredit));
    settle(house);
    known = channel(house);
    QCOMPARE(known.status, ChannelStatus::DisabledAutomatically);
    QVERIFY(known.statusReason.contains(u"credit"));
    QVERIFY(!house.administration->publisher.catalog()->channel({1})->channel.isEnabled());

    // A test that succeeds enables what a machine disabled, with its keys.
    const auto enabled = house.wait(channels.setEnabledAutomatically({1}, true));
    QVERIFY(enabled && *enabled);
    known = channel(house);
    QCOMPARE(known.status, ChannelStatus::Enabled);
    QVERIFY(known.keys.at(0).enabled && known.keys.at(1).enabled);
}

void TestChannelService::onlyIfWished()
{
    AdministrationFixture house;
    prepare(house, false);

    house.administration->channels.keyRefused(refusal(1, ErrorClass::Authentication));
    settle(house);

    QVERIFY(channel(house).keys.at(0).enabled);
}

void TestChannelService::onlyTypedRefusals_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("rate limit") << int(ErrorClass::RateLimited);
    QTest::newRow("fault") << int(ErrorClass::ServerFault);
    QTest::newRow("client's mistake") << int(ErrorClass::ClientMistake);
    QTest::newRow("no answer at all") << int(ErrorClass::NotUnderstood);
}

void TestChannelService::onlyTypedRefusals()
{
    QFETCH(int, kind);
    AdministrationFixture house;
    prepare(house, true);

    house.administration->channels.keyRefused(refusal(1, static_cast<ErrorClass>(kind)));
    settle(house);

    QVERIFY(channel(house).keys.at(0).enabled);
}

void TestChannelService::leavesThePersonsChoice()
{
    AdministrationFixture house;
    prepare(house, true);
    ChannelService &channels = house.administration->channels;
    QVERIFY(house.wait(channels.change({1}, [](Channel &edited) -> base::Result<> {
        edited.status = ChannelStatus::DisabledByHand;
        return {};
    })));

    channels.keyRefused(refusal(1, ErrorClass::Authentication));
    channels.keyRefused(refusal(2, ErrorClass::Authentication));
    settle(house);

    QCOMPARE(channel(house).status, ChannelStatus::DisabledByHand);
    QVERIFY(!*house.wait(channels.setEnabledAutomatically({1}, true)));
    QCOMPARE(channel(house).status, ChannelStatus::DisabledByHand);
}

void TestChannelService::personsForgive()
{
    AdministrationFixture house;
    prepare(house, true);
    ChannelService &channels = house.administration->channels;
    QVERIFY(house.wait(channels.setKeyEnabled({1}, 2, false)));
    channels.keyRefused(refusal(1, ErrorClass::Authentication));
    settle(house);
    QCOMPARE(channel(house).status, ChannelStatus::DisabledAutomatically);

    QVERIFY(house.wait(channels.change({1}, [](Channel &edited) -> base::Result<> {
        edited.status = ChannelStatus::Enabled;
        return {};
    })));

    const Channel known = channel(house);
    QCOMPARE(known.status, ChannelStatus::Enabled);
    QVERIFY(known.statusReason.isEmpty());
    QVERIFY(known.keys.at(0).enabled);
    // The other key was switched off by a person.
    QVERIFY(!known.keys.at(1).enabled);
}

void TestChannelService::forgetsHealthOnlyWhereItIsInDoubt_data()
{
    using Edit = std::function<void(Channel &)>;
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<bool>("forgets");

    const auto row = [](const char *name, const Edit &edit, bool forgets) {
        QTest::newRow(name) << edit << forgets;
    };
    row(
        "name", [](Channel &one) { one.name = u"other"_s; }, false);
    row(
        "note", [](Channel &one) { one.note = u"other"_s; }, false);
    row(
        "tags", [](Channel &one) { one.tags = {u"other"_s}; }, false);
    row(
        "priority", [](Channel &one) { one.priority = 9; }, false);
    row(
        "weight", [](Channel &one) { one.weight = 9; }, false);
    row(
        "groups", [](Channel &one) { one.groups.append(u"other"_s); }, false);
    row(
        "type", [](Channel &one) { one.type = 36; }, true);
    row(
        "status", [](Channel &one) { one.status = ChannelStatus::DisabledByHand; }, false);
    row(
        "key", [](Channel &one) { one.keys.removeLast(); }, true);
    row(
        "new key", [](Channel &one) { one.keys[0].secret = base::Secret(u"k3"_s); }, true);
    row(
        "key switched off", [](Channel &one) { one.keys[0].enabled = false; }, false);
    row(
        "proxy", [](Channel &one) { one.proxy = u"http://127.0.0.1:9"_s; }, true);
    row(
        "timeouts", [](Channel &one) { one.timeouts.idle = std::chrono::seconds(9); }, true);
    row(
        "headers", [](Channel &one) { one.headerOverrides.insert(u"X-A"_s, u"b"_s); }, true);
    row(
        "organization", [](Channel &one) { one.organization = u"other"_s; }, true);
}

void TestChannelService::forgetsHealthOnlyWhereItIsInDoubt()
{
    QFETCH(std::function<void(Channel &)>, edit);
    QFETCH(bool, forgets);
    AdministrationFixture house;
    prepare(house, true);
    house.health->report({1}, 1, relay::HealthEvent::RateLimited, {}, std::chrono::minutes(5));
    QCOMPARE(house.health->snapshot().size(), 1u);

    const auto changed = house.wait(
        house.administration->channels.change({1}, [edit](Channel &channel) -> base::Result<> {
            edit(channel);
            // Neither a type nor a proxy may lead kept keys elsewhere.
            if (channel.type != domain::provider::openAi || !channel.proxy.isEmpty())
                channel.keys = {ChannelKey{.secret = base::Secret(u"anew"_s)}};
            return {};
        }));

    QVERIFY2(changed, changed ? "" : qPrintable(changed.error().message.english()));
    QCOMPARE(house.health->snapshot().empty(), forgets);
}

void TestChannelService::bringsHealthBackWithWhatWasSwitchedOff()
{
    AdministrationFixture house;
    prepare(house, true);
    ChannelService &channels = house.administration->channels;
    const auto switchTo = [&](ChannelStatus status) {
        return house.wait(channels.changeAll({{1}}, [status](Channel &channel) -> base::Result<> {
            channel.status = status;
            return {};
        }));
    };
    house.health->report({1}, 1, relay::HealthEvent::KeyRefused, {});

    const auto off = switchTo(ChannelStatus::DisabledByHand);
    QVERIFY(off);
    QVERIFY(house.wait(channels.takeBack(*off)));
    QCOMPARE(house.health->snapshot().size(), 1u);

    // By a person's own decision it gets a new chance.
    QVERIFY(switchTo(ChannelStatus::DisabledByHand));
    QVERIFY(switchTo(ChannelStatus::Enabled));
    QVERIFY(house.health->snapshot().empty());
}

void TestChannelService::staysOffWithoutTheKeyThatARestoreLost_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<bool>("isLost");
    QTest::addColumn<QString>("header");
    QTest::addColumn<bool>("entersKey");
    QTest::addColumn<bool>("isSwitchedOn");

    using namespace domain::provider;
    QTest::newRow("without a key") << anthropic << true << QString() << false << false;
    QTest::newRow("with a header") << anthropic << true << u"x-team"_s << false << false;
    QTest::newRow("with a header for the key")
        << anthropic << true << u"x-api-key"_s << false << true;
    QTest::newRow("with a key in the same step") << anthropic << true << QString() << true << true;
    QTest::newRow("of one's own machine") << ollama << true << QString() << false << true;
    QTest::newRow("that never had a key") << anthropic << false << QString() << false << true;
}

void TestChannelService::staysOffWithoutTheKeyThatARestoreLost()
{
    QFETCH(int, type);
    QFETCH(bool, isLost);
    QFETCH(QString, header);
    QFETCH(bool, entersKey);
    QFETCH(bool, isSwitchedOn);
    AdministrationFixture house;
    house.start();
    Channel wanted{.type = type,
                   .name = u"restored"_s,
                   .status = ChannelStatus::DisabledByHand,
                   .models = {u"m"_s}};
    if (!header.isEmpty())
        wanted.headerOverrides.insert(header, u"of-the-provider"_s);
    ChannelService &channels = house.administration->channels;
    QVERIFY(house.wait(channels.create({wanted})));
    const domain::LostSecrets lost{.channels = {domain::ChannelId{isLost ? 1 : 2}}};
    QVERIFY(house.wait(house.storage->write([lost](storage::Database &database) {
        return storage::MetaRepository(database).save(storage::meta::lostSecrets,
                                                      domain::lostSecretsJson(lost));
    })));

    const auto changed =
        house.wait(channels.change({1}, [entersKey](Channel &stored) -> base::Result<> {
            stored.status = ChannelStatus::Enabled;
            if (entersKey)
                stored.keys.append(ChannelKey{.secret = base::Secret(u"k"_s)});
            return {};
        }));

    QCOMPARE(changed.has_value(), isSwitchedOn);
    QCOMPARE(channel(house).isEnabled(), isSwitchedOn);
    if (!changed) {
        QCOMPARE(changed.error().code, base::ErrorCode::InvalidInput);
        QCOMPARE(changed.error().message.english(),
                 u"Enter its key first; it could not be opened when the backup was restored."_s);
    }
}

void TestChannelService::reportsEachOnce()
{
    AdministrationFixture house;
    prepare(house, true);
    ChannelService &channels = house.administration->channels;
    QSignalSpy spy(&channels, &ChannelService::disabledAutomatically);

    for (int i = 0; i < 100; ++i)
        channels.keyRefused(refusal(1, ErrorClass::Authentication));
    settle(house);
    channels.keyRefused(refusal(1, ErrorClass::Authentication));
    channels.keyRefused({.channel = {55}, .key = 5, .error = {.kind = ErrorClass::Authentication}});
    settle(house);

    QCOMPARE(spy.size(), 1);
}

void TestChannelService::knowsDestinations_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("proxy");
    QTest::addColumn<QString>("destination");
    QTest::newRow("the type's own") << QString() << QString() << u"https://api.openai.com:443"_s;
    QTest::newRow("TLS through a proxy")
        << u"https://a.example/x"_s << u"http://p:1"_s << u"https://a.example:443"_s;
    QTest::newRow("plain through a proxy")
        << u"http://a.example"_s << u"http://p:1"_s << u"http://a.example:80 through p:1"_s;
}

void TestChannelService::knowsDestinations()
{
    QFETCH(QString, url);
    QFETCH(QString, proxy);
    QFETCH(QString, destination);

    QCOMPARE(keyDestination({.baseUrl = url, .proxy = proxy}).english(), destination);
    // A proxy reads along where its certificate would be accepted.
    const QString through = proxy.isEmpty() ? QString() : u" through p:1"_s;
    const QString read = destination.contains(through) ? destination : destination + through;
    QCOMPARE(keyDestination({.baseUrl = url, .proxy = proxy, .verifyCertificate = false}).english(),
             read);
    QCOMPARE(
        keyDestination({.baseUrl = url, .proxy = proxy, .certificateAuthority = u"x"_s}).english(),
        read);
    // What makes a channel safer asks for no key again.
    const domain::Channel lax{.baseUrl = url, .proxy = proxy, .verifyCertificate = false};
    QVERIFY(keysMayGo(lax, {.baseUrl = url}));
    QCOMPARE(keysMayGo({.baseUrl = url}, lax), proxy.isEmpty());
    QVERIFY(!keysMayGo(lax, {.baseUrl = u"https://b.example"_s}));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TestChannelService)
#include "tst_channelservice.moc"
