#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using base::ErrorCode;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using support::AdministrationFixture;

// What the window can take back: deletions, changes of channels, keys that were removed.
class UndoTest : public QObject
{
    Q_OBJECT

private:
    static ChannelId make(AdministrationFixture &house, const QString &name)
    {
        const auto made = house.wait(house.administration->channels.create(
            {Channel{.name = name,
                     .baseUrl = u"https://one.example"_s,
                     .keys = {ChannelKey{.secret = base::Secret(u"first-key-0123456789"_s)},
                              ChannelKey{.secret = base::Secret(u"other-key-0123456789"_s)}},
                     .models = {u"m"_s}}}));
        if (!made)
            qFatal("%s", qPrintable(made.error().message.english()));
        return made->front().id;
    }
    static const Channel *inForce(AdministrationFixture &house, ChannelId id)
    {
        const auto *found = house.administration->publisher.catalog()->channel(id);
        return found ? &found->channel : nullptr;
    }

private slots:
    void deletedChannels();
    void bulkChangesAreAllOrNone();
    void changesOfChannels();
    void replacedKeys();
    void laterChangesStay();
    void removedKeysDoNotFollowToAnotherAddress();
    void keysOfAnotherAddressAreForgotten();
    void keysOneByOne();
    void duplicatesHaveTheKeys();
    void deletedUsers();
};

void UndoTest::deletedChannels()
{
    AdministrationFixture house;
    house.start();
    const ChannelId first = make(house, u"first"_s);
    const ChannelId second = make(house, u"second"_s);
    ChannelService &channels = house.administration->channels;
    QVERIFY(house.wait(house.administration->prices.save({.model = "m", .channel = first})));

    QVERIFY(house.wait(channels.removeAll({first, second})));

    QVERIFY(!inForce(house, first));
    QVERIFY(house.wait(channels.list({}))->empty());
    QVERIFY(house.wait(house.administration->prices.edited())->empty());
    QCOMPARE(house.wait(channels.find(first)).error().code, ErrorCode::NotFound);
    QVERIFY(house.wait(channels.restore({first, second})));
    QCOMPARE(inForce(house, first)->keys.size(), 2);
    QCOMPARE(inForce(house, first)->keys[0].secret.reveal(), "first-key-0123456789");
    QCOMPARE(house.wait(house.administration->prices.edited())->size(), size_t(1));
}

void UndoTest::bulkChangesAreAllOrNone()
{
    AdministrationFixture house;
    house.start();
    const ChannelId first = make(house, u"first"_s);
    const ChannelId second = make(house, u"second"_s);
    ChannelService &channels = house.administration->channels;
    const auto edit = [](Channel &channel) -> base::Result<> {
        channel.weight = 7;
        return {};
    };

    QVERIFY(!house.wait(channels.changeAll({first, {999}}, edit)));
    QCOMPARE(inForce(house, first)->weight, 1);
    QCOMPARE(house.wait(channels.changeAll({first, second}, edit))->size(), size_t(2));
    QCOMPARE(inForce(house, second)->weight, 7);
    QVERIFY(house.wait(channels.setPriorities({{first, 20}, {second, 10}})));
    QCOMPARE(inForce(house, first)->priority, 20);
    QCOMPARE(inForce(house, second)->priority, 10);
}

void UndoTest::changesOfChannels()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = make(house, u"first"_s);
    ChannelService &channels = house.administration->channels;
    const auto changed =
        house.wait(channels.changeAll({id}, [](Channel &channel) -> base::Result<> {
            channel.name = u"renamed"_s;
            channel.keys.removeFirst();
            return {};
        }));
    QVERIFY(changed);
    QCOMPARE(inForce(house, id)->keys.size(), 1);

    QVERIFY(house.wait(channels.takeBack(*changed)));

    QCOMPARE(inForce(house, id)->name, u"first"_s);
    QCOMPARE(inForce(house, id)->keys.size(), 2);
    QCOMPARE(inForce(house, id)->keys[0].secret.reveal(), "first-key-0123456789");
}

void UndoTest::replacedKeys()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = make(house, u"first"_s);
    ChannelService &channels = house.administration->channels;
    const auto changed =
        house.wait(channels.changeAll({id}, [](Channel &channel) -> base::Result<> {
            channel.keys[0].secret = base::Secret(u"third-key-0123456789"_s);
            return {};
        }));
    QVERIFY(changed);
    QCOMPARE(inForce(house, id)->keys[0].secret.reveal(), "third-key-0123456789");

    QVERIFY(house.wait(channels.takeBack(*changed)));
    QCOMPARE(inForce(house, id)->keys.size(), 2);
    QCOMPARE(inForce(house, id)->keys[0].secret.reveal(), "first-key-0123456789");

    QVERIFY(house.wait(channels.takeBack({changed->front().reversed()})));
    QCOMPARE(inForce(house, id)->keys.size(), 2);
    QCOMPARE(inForce(house, id)->keys[0].secret.reveal(), "third-key-0123456789");
}

// What the change did not touch is not its business.
void UndoTest::laterChangesStay()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = make(house, u"first"_s);
    ChannelService &channels = house.administration->channels;
    const auto changed =
        house.wait(channels.changeAll({id}, [](Channel &channel) -> base::Result<> {
            channel.name = u"renamed"_s;
            channel.keys[1].enabled = false;
            return {};
        }));
    QVERIFY(changed);
    const qint64 first = changed->front().after.keys[0].id;
    QVERIFY(house.wait(channels.setKeyEnabled(id, first, false)));
    QVERIFY(house.wait(channels.setPriorities({{id, 9}})));
    QVERIFY(house.wait(channels.addKeys(id, {base::Secret(u"a-third-key-with-ABCD"_s)})));

    QVERIFY(house.wait(channels.takeBack(*changed)));

    const Channel *present = inForce(house, id);
    QCOMPARE(present->name, u"first"_s);
    QCOMPARE(present->priority, 9);
    QCOMPARE(present->keys.size(), 3);
    QVERIFY(!present->keys[0].enabled);
    QVERIFY(present->keys[1].enabled);
}

void UndoTest::removedKeysDoNotFollowToAnotherAddress()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = make(house, u"first"_s);
    ChannelService &channels = house.administration->channels;
    const qint64 hidden = inForce(house, id)->keys[0].id;
    QVERIFY(house.wait(channels.removeKey(id, hidden)));
    QVERIFY(house.wait(channels.change(id, [](Channel &channel) -> base::Result<> {
        channel.baseUrl = u"https://two.example"_s;
        channel.keys = {ChannelKey{.secret = base::Secret(u"key-of-two"_s)}};
        return {};
    })));

    const auto returned =
        house.wait(channels.change(id, [hidden](Channel &channel) -> base::Result<> {
            channel.keys.append(ChannelKey{.id = hidden});
            return {};
        }));

    QVERIFY(!returned);
    QCOMPARE(inForce(house, id)->keys.size(), 1);
}

// Nor those that the change of the address itself took away.
void UndoTest::keysOfAnotherAddressAreForgotten()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = make(house, u"first"_s);
    ChannelService &channels = house.administration->channels;
    const qint64 former = inForce(house, id)->keys[0].id;
    QVERIFY(house.wait(channels.change(id, [](Channel &channel) -> base::Result<> {
        channel.baseUrl = u"https://two.example"_s;
        channel.keys = {ChannelKey{.secret = base::Secret(u"key-of-two"_s)}};
        return {};
    })));

    QVERIFY(!house.wait(channels.change(id, [former](Channel &channel) -> base::Result<> {
        channel.keys.append(ChannelKey{.id = former});
        return {};
    })));

    QCOMPARE(inForce(house, id)->keys.size(), 1);
}

void UndoTest::keysOneByOne()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = make(house, u"first"_s);
    ChannelService &channels = house.administration->channels;

    auto keys = house.wait(channels.keys(id));
    QCOMPARE(keys->size(), size_t(2));
    QCOMPARE(keys->at(0).ending, u"6789"_s);
    QVERIFY(house.wait(channels.addKeys(id, {base::Secret(u"a-third-key-with-ABCD"_s)})));
    QVERIFY(house.wait(
        channels.replaceKey(id, keys->at(0).id, base::Secret(u"a-new-key-ending-in-WXYZ"_s))));
    QVERIFY(house.wait(channels.removeKey(id, keys->at(1).id)));
    QCOMPARE(house.wait(channels.removeKey(id, 999)).error().code, ErrorCode::NotFound);

    keys = house.wait(channels.keys(id));
    QCOMPARE(keys->size(), size_t(2));
    QCOMPARE(keys->at(0).ending, u"WXYZ"_s); // in the place of the one that it replaced
    QCOMPARE(keys->at(1).ending, u"ABCD"_s);
}

void UndoTest::duplicatesHaveTheKeys()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = make(house, u"first"_s);

    const auto copy = house.wait(house.administration->channels.duplicate(id));

    QVERIFY(copy);
    QVERIFY(copy->id != id);
    QVERIFY(copy->keys[0].secret.isEmpty());
    QCOMPARE(copy->status, domain::ChannelStatus::DisabledByHand);
    QCOMPARE(inForce(house, copy->id)->keys[1].secret.reveal(), "other-key-0123456789");
    QVERIFY(inForce(house, copy->id)->keys[1].id != inForce(house, id)->keys[1].id);
}

void UndoTest::deletedUsers()
{
    AdministrationFixture house;
    house.start();
    UserService &users = house.administration->users;
    TokenManager &tokens = house.administration->tokenManager;
    const auto ann = house.wait(users.create(
        house.root(), {.username = u"ann"_s, .password = base::Secret(u"correct horse"_s)}));
    QVERIFY(ann);
    const auto extra = house.wait(tokens.create(house.root(), ann->id, {.name = u"old"_s}));
    QVERIFY(house.wait(tokens.remove(house.root(), {extra->id})));
    house.clock.advance(10s);
    const auto before = house.wait(users.listings(house.root()));
    QCOMPARE(before->size(), size_t(2));
    QCOMPARE(before->at(0).user.username, u"ann"_s);
    QCOMPARE(before->at(0).tokens, 1);
    QCOMPARE(before->at(0).lastSeen, 0);

    QVERIFY(house.wait(users.remove(house.root(), ann->id)));

    QCOMPARE(house.wait(users.listings(house.root()))->size(), size_t(1));
    QVERIFY(!house.administration->publisher.catalog()->user(ann->id));
    const Actor nobody{.id = {5}, .username = u"bob"_s, .role = domain::Role::User};
    QCOMPARE(house.wait(users.restore(nobody, ann->id)).error().code, ErrorCode::Denied);
    const auto restored = house.wait(users.restore(house.root(), ann->id));
    QVERIFY(restored);
    QCOMPARE(restored->username, u"ann"_s);
    QCOMPARE(house.wait(users.listings(house.root()))->at(0).tokens, 1);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::UndoTest)
#include "tst_undo.moc"
