#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using domain::Channel;
using domain::ChannelId;
using support::AdministrationFixture;

// The groups of users: their names stand in users and channels, too.
class GroupServiceTest : public QObject
{
    Q_OBJECT

private:
    static domain::User addUser(AdministrationFixture &house, const QString &name)
    {
        const auto made = house.wait(house.administration->users.create(
            house.root(),
            {.username = name, .password = base::Secret(u"correct horse"_s), .group = "vip"}));
        if (!made)
            qFatal("%s", qPrintable(made.error().message.english()));
        return *made;
    }
    static ChannelId addChannel(AdministrationFixture &house, const QStringList &groups)
    {
        const auto made = house.wait(house.administration->channels.create(
            {Channel{.name = u"lab"_s,
                     .baseUrl = u"https://one.example"_s,
                     .keys = {{.secret = base::Secret(u"first-key-0123456789"_s)}},
                     .models = {u"m"_s},
                     .groups = groups}}));
        if (!made)
            qFatal("%s", qPrintable(made.error().message.english()));
        return made->front().id;
    }
    static bool has(AdministrationFixture &house, const QByteArray &name)
    {
        const auto groups = house.wait(house.administration->groups.list());
        return std::any_of(groups->begin(), groups->end(), [&name](const domain::Group &each) {
            return each.name == name;
        });
    }

private slots:
    void renamesWhereverItIsNamed();
    void renamesWhatIsDeleted();
    void refusesNames_data();
    void refusesNames();
    void keepsAGroupOfUsersWhoCanBeRestored();
};

void GroupServiceTest::renamesWhereverItIsNamed()
{
    AdministrationFixture house;
    house.start();
    GroupService &groups = house.administration->groups;
    QVERIFY(house.wait(groups.save({.name = "vip", .ratioMillionths = 500'000})));
    const domain::User ann = addUser(house, u"ann"_s);
    const ChannelId channel = addChannel(house, {u"default"_s, u"vip"_s, u"svip"_s});
    const ChannelId other = addChannel(house, {u"svip"_s});

    QVERIFY(house.wait(groups.rename("vip", "family")));

    QVERIFY(!has(house, "vip"));
    QVERIFY(has(house, "family"));
    const auto catalog = house.administration->publisher.catalog();
    QCOMPARE(catalog->user(ann.id)->group, QByteArray("family"));
    QCOMPARE(catalog->channel(channel)->channel.groups,
             (QStringList{u"default"_s, u"family"_s, u"svip"_s}));
    QCOMPARE(catalog->channel(other)->channel.groups, QStringList{u"svip"_s});
    const auto all = house.wait(groups.list());
    const auto family = std::find_if(
        all->begin(), all->end(), [](const domain::Group &each) { return each.name == "family"; });
    QCOMPARE(family->ratioMillionths, 500'000);
}

void GroupServiceTest::renamesWhatIsDeleted()
{
    AdministrationFixture house;
    house.start();
    const domain::User ann = addUser(house, u"ann"_s);
    const ChannelId channel = addChannel(house, {u"vip"_s});
    QVERIFY(house.wait(house.administration->users.remove(house.root(), ann.id)));
    QVERIFY(house.wait(house.administration->channels.removeAll({channel})));

    QVERIFY(house.wait(house.administration->groups.rename("vip", "family")));

    const auto restored = house.wait(house.administration->users.restore(house.root(), ann.id));
    QVERIFY(restored);
    QCOMPARE(restored->group, QByteArray("family"));
    QVERIFY(house.wait(house.administration->channels.restore({channel})));
    QCOMPARE(house.administration->publisher.catalog()->channel(channel)->channel.groups,
             QStringList{u"family"_s});
}

void GroupServiceTest::refusesNames_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("says");

    QTest::newRow("none") << QByteArray("vip") << QByteArray() << u"needs a name"_s;
    QTest::newRow("a long one") << QByteArray("vip") << QByteArray(65, 'x') << u"64 characters"_s;
    QTest::newRow("with a comma") << QByteArray("vip") << QByteArray("a,b") << u"comma"_s;
    QTest::newRow("with a blank behind") << QByteArray("vip") << QByteArray("a ") << u"ends"_s;
    QTest::newRow("with a control character")
        << QByteArray("vip") << QByteArray("a\nb") << u"cannot be seen"_s;
    QTest::newRow("that of another") << QByteArray("vip") << QByteArray("svip") << u"already"_s;
    QTest::newRow("for the usual one") << QByteArray("default") << QByteArray("x") << u"keeps"_s;
    QTest::newRow("for one that there is not")
        << QByteArray("never") << QByteArray("x") << u"does not exist"_s;
}

void GroupServiceTest::refusesNames()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, says);
    AdministrationFixture house;
    house.start();
    const domain::User ann = addUser(house, u"ann"_s);

    const auto renamed = house.wait(house.administration->groups.rename(from, to));

    QVERIFY(!renamed);
    const QString reason = renamed.error().message.english();
    QVERIFY2(reason.contains(says), qPrintable(reason));
    QVERIFY(has(house, "vip"));
    QVERIFY(has(house, "svip"));
    QCOMPARE(house.wait(house.administration->users.find(house.root(), ann.id))->group,
             QByteArray("vip"));
}

void GroupServiceTest::keepsAGroupOfUsersWhoCanBeRestored()
{
    AdministrationFixture house;
    house.start();
    GroupService &groups = house.administration->groups;
    const domain::User ann = addUser(house, u"ann"_s);
    const ChannelId channel = addChannel(house, {u"svip"_s});
    QVERIFY(house.wait(house.administration->users.remove(house.root(), ann.id)));
    QVERIFY(house.wait(house.administration->channels.removeAll({channel})));

    const auto ofUser = house.wait(groups.remove("vip"));
    QVERIFY(house.wait(groups.remove("svip")));

    QCOMPARE(ofUser.error().code, ErrorCode::Conflict);
    QVERIFY(ofUser.error().message.english().contains(u"ann"_s));
    QVERIFY(has(house, "vip"));
    QVERIFY(!has(house, "svip"));
    QVERIFY(house.wait(house.administration->channels.restore({channel})));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::GroupServiceTest)
#include "tst_groupservice.moc"
