#include "support/foreignentries.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::admin;
using namespace gatehouse::support;
using namespace Qt::StringLiterals;
using domain::Role;
using domain::TokenStatus;
using domain::UserId;
using domain::UserStatus;
using storage::ForeignGateway;
using storage::ForeignToken;
using storage::ForeignUser;
using Cause = ImportNote::Cause;

// What becomes of users and tokens of another gateway.
class ImportedPeopleTest : public QObject
{
    Q_OBJECT

private slots:
    void takesUsersAsTheyAre();
    void leavesDeletedUsersOut();
    void givesNames_data();
    void givesNames();
    void makesNoSecondRoot_data();
    void makesNoSecondRoot();
    void letsOneAloneHaveAnAddress();
    void knowsWhoIsHereAlready();
    void knowsNobodyOfAnotherGateway();
    void knowsNobodyByTheKeyOfAChannel();
    void tellsOfRewardsThatAreLost();
    void keepsKeysAsTheyAre();
    void leavesTokensOut_data();
    void leavesTokensOut();
    void opensNoToken_data();
    void opensNoToken();
    void keepsStatesAndExpiries();
};

void ImportedPeopleTest::takesUsersAsTheyAre()
{
    ForeignGateway source;
    ForeignUser alice = user(7, u"alice"_s);
    alice.displayName = u"Alice"_s;
    alice.email = u"alice@example.org"_s;
    alice.role = 10;
    alice.status = 2;
    alice.group = u"vip"_s;
    alice.balance = -1200;
    alice.used = 34;
    alice.requestCount = 5;
    alice.invitationCode = u"AbCd"_s;
    alice.inviter = 9;
    alice.accessToken = base::Secret(QByteArray("0123456789abcdef0123456789abcdef"));
    source.users = {alice, user(9, u"bob"_s)};

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.users.size(), size_t(2));
    const ImportPlan::User &planned = plan.users.front();
    QCOMPARE(planned.user.id, UserId{7});
    QCOMPARE(planned.user.username, u"alice"_s);
    QCOMPARE(planned.user.displayName, u"Alice"_s);
    QCOMPARE(planned.user.email, u"alice@example.org"_s);
    QCOMPARE(planned.user.role, Role::Administrator);
    QCOMPARE(planned.user.status, UserStatus::Disabled);
    QCOMPARE(planned.user.group, QByteArray("vip"));
    QCOMPARE(planned.user.balance.units, -1200);
    QCOMPARE(planned.user.used.units, 34);
    QCOMPARE(planned.user.requestCount, 5);
    QCOMPARE(planned.user.invitationCode, u"AbCd"_s);
    QCOMPARE(planned.user.createdAt, 1'800'000'000);
    QCOMPARE(planned.passwordHash, alice.passwordHash);
    QCOMPARE(planned.accessTokenHash, hashOf("0123456789abcdef0123456789abcdef"));
    QCOMPARE(planned.inviter, 9);
    QCOMPARE(plan.report.count(ImportKind::User), (ImportReport::Count{2, 2}));
    QVERIFY2(plan.report.altered.empty(), qPrintable(shown(plan.report.altered)));
    QVERIFY(plan.report.skipped.empty());
    QVERIFY(!plan.report.stored);
}

void ImportedPeopleTest::leavesDeletedUsersOut()
{
    ForeignGateway source;
    ForeignUser gone = user(2, u"deleted_0123456789abcdef0123456789abcdef"_s);
    gone.status = 3;
    ForeignUser hidden = user(3, u"hidden"_s);
    hidden.deleted = true;
    source.users = {gone, hidden};
    source.tokens = {token(1, 2), token(2, 4711)};

    const ImportPlan plan = planImport(source, ground());

    QVERIFY(plan.users.empty());
    QVERIFY(plan.tokens.empty());
    QCOMPARE(plan.report.skipped.size(), size_t(4));
    QVERIFY(!plan.report.isPartial());
}

void ImportedPeopleTest::givesNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("altered");

    QTest::newRow("free") << u"alice"_s << u"alice"_s << false;
    QTest::newRow("in Chinese") << u"爱丽丝"_s << u"爱丽丝"_s << false;
    QTest::newRow("taken") << u"root"_s << u"root-2"_s << true;
    QTest::newRow("empty") << QString() << u"user-5"_s << true;
    QTest::newRow("blanks alone") << u" \n\t"_s << u"user-5"_s << true;
    QTest::newRow("blanks at the ends") << u" alice "_s << u"alice"_s << true;
    QTest::newRow("a line feed in it") << u"al\nice"_s << u"alice"_s << true;
    QTest::newRow("ten thousand characters") << QString(10'000, u'x') << QString(50, u'x') << true;
    QTest::newRow("cut within a character")
        << QString(QString(49, u'x') + u"😀😀"_s) << QString(49, u'x') << true;
}

void ImportedPeopleTest::givesNames()
{
    QFETCH(QString, name);
    QFETCH(QString, expected);
    QFETCH(bool, altered);
    ForeignGateway source;
    source.users = {user(5, name), user(6, name)};

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.users.size(), size_t(2));
    QCOMPARE(plan.users[0].user.username, expected);
    QVERIFY(plan.users[1].user.username != expected);
    QVERIFY(plan.users[1].user.username.size() <= 50);
    QVERIFY(!plan.users[1].user.username.isEmpty());
    const bool noted = std::any_of(
        plan.report.altered.begin(), plan.report.altered.end(), [&](const ImportNote &note) {
            return note.text.english().endsWith(u"signs in as %1."_s.arg(expected));
        });
    QCOMPARE(noted, altered);
}

void ImportedPeopleTest::makesNoSecondRoot_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("role");
    QTest::addColumn<Role>("expected");

    QTest::newRow("root of another name") << u"chief"_s << 100 << Role::Administrator;
    QTest::newRow("root, whose name is taken") << u"root"_s << 100 << Role::User;
    QTest::newRow("an administrator") << u"chief"_s << 10 << Role::Administrator;
    QTest::newRow("a guest") << u"chief"_s << 0 << Role::User;
    QTest::newRow("beyond root") << u"chief"_s << 1'000 << Role::User;
    QTest::newRow("negative") << u"chief"_s << -1 << Role::User;
}

void ImportedPeopleTest::makesNoSecondRoot()
{
    QFETCH(QString, name);
    QFETCH(int, role);
    QFETCH(Role, expected);
    ForeignGateway source;
    ForeignUser one = user(5, name);
    one.role = role;
    source.users = {one};

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.users.at(0).user.role, expected);
}

// At sign-in, an address that two users share is nobody's.
void ImportedPeopleTest::letsOneAloneHaveAnAddress()
{
    ForeignGateway source;
    source.users = {
        user(5, u"alice"_s), user(6, u"bob"_s), user(7, u"carol"_s), user(8, u"dave"_s)};
    source.users[0].email = u"family@example.org"_s;
    source.users[1].email = u" family@example.org"_s;
    source.users[2].email = u"root@example.org"_s;
    ImportGround here = ground();
    here.entries.emails = {u"root@example.org"_s};

    const ImportPlan plan = planImport(source, here);

    QCOMPARE(plan.users.size(), size_t(4));
    QCOMPARE(plan.users[0].user.email, u"family@example.org"_s);
    for (size_t i = 1; i < plan.users.size(); ++i)
        QVERIFY(plan.users[i].user.email.isEmpty());
    QCOMPARE(plan.report.altered.size(), size_t(2)); // none for who had no address
    QCOMPARE(plan.report.altered.front().name, u"bob"_s);
    QVERIFY(plan.report.altered.front().text.english().contains(u"e-mail address"_s));
}

void ImportedPeopleTest::knowsWhoIsHereAlready()
{
    ForeignGateway source;
    ForeignUser byPassword = user(5, u"alice"_s);
    source.users = {byPassword, user(6, u"bob"_s), user(7, u"carol"_s)};
    source.users[2].passwordHash = byPassword.passwordHash; // copied by somebody
    source.tokens = {token(1, 5), token(2, 6), token(3, 6)};
    ImportGround here = ground();
    here.entries.names.insert(UserId{20}, u"alice-2"_s);
    here.entries.names.insert(UserId{21}, u"somebody"_s);
    here.entries.passwords.insert(byPassword.passwordHash, UserId{20});
    here.entries.owners.insert(hashOf(key(2)), UserId{21});

    const ImportPlan plan = planImport(source, here);

    QCOMPARE(plan.presentUsers, (QHash<qint64, UserId>{{5, {20}}, {6, {21}}}));
    QCOMPARE(plan.users.size(), size_t(1));
    QCOMPARE(plan.users[0].user.username, u"carol"_s);
    QCOMPARE(plan.tokens.size(), size_t(2)); // the new ones of users who are here
    QVERIFY(notes(plan.report.skipped, ImportKind::User, u"already, as alice-2"_s));
    QVERIFY(notes(plan.report.skipped, ImportKind::User, u"already, as somebody"_s));
    QVERIFY(notes(plan.report.skipped, ImportKind::Token, u"key is here already"_s));
    QVERIFY(!plan.report.isPartial());
}

// Of two databases, both have a root with the number 1.
void ImportedPeopleTest::knowsNobodyOfAnotherGateway()
{
    ForeignGateway first;
    first.users = {user(1, u"chief"_s), user(2, u"nobody"_s)};
    first.users[1].passwordHash.clear();
    ForeignGateway other = first;
    other.users[0].passwordHash = bcrypt('z');
    ImportGround here = ground();
    const ImportPlan imported = planImport(first, here);
    for (const ImportPlan::User &planned : imported.users) {
        for (const QByteArray &print : planned.fingerprints)
            here.entries.importedUsers.insert(print, UserId{planned.source + 20});
        here.entries.names.insert(UserId{planned.source + 20}, planned.user.username);
        here.entries.usernames.insert(planned.user.username);
    }

    const ImportPlan plan = planImport(other, here);
    other.users[1].invitationCode = u"AbCd"_s;
    const ImportPlan unknown = planImport(other, here);
    ForeignGateway later = first;
    later.users[0].passwordHash = bcrypt('y');
    later.tokens = {token(1, 1)};
    here.entries.importedTokens.insert(hashOf(key(1)), domain::TokenId{4});
    const ImportPlan again = planImport(later, here);

    QCOMPARE(plan.users.size(), size_t(1));
    QCOMPARE(plan.users[0].user.username, u"chief-2"_s);
    QCOMPARE(plan.presentUsers, (QHash<qint64, UserId>{{2, {22}}})); // has nothing of its own
    QCOMPARE(unknown.users.size(), size_t(2));
    QCOMPARE(again.presentUsers, (QHash<qint64, UserId>{{1, {21}}, {2, {22}}}));
    // By the new password it is known the next time.
    QCOMPARE(again.fingerprints.size(), size_t(1));
    QCOMPARE(again.fingerprints[0].id, 21);
}

// People give one key of a provider to several gateways.
void ImportedPeopleTest::knowsNobodyByTheKeyOfAChannel()
{
    ForeignGateway first;
    first.users = {user(2, u"test"_s)};
    first.channels = {channel(3)};
    ForeignGateway other = first;
    other.users[0].passwordHash = bcrypt('z');
    other.users[0].balance = 900;
    other.tokens = {token(1, 2)};
    ImportGround here = ground();
    const ImportPlan imported = planImport(first, here);
    for (const QByteArray &print : imported.users.at(0).fingerprints)
        here.entries.importedUsers.insert(print, UserId{22});
    for (const QByteArray &print : imported.channels.at(0).fingerprints)
        here.entries.importedChannels.insert(print, domain::ChannelId{3});
    here.entries.names.insert(UserId{22}, u"test"_s);
    here.entries.usernames.insert(u"test"_s);

    const ImportPlan plan = planImport(other, here);

    QVERIFY(plan.presentUsers.isEmpty());
    QCOMPARE(plan.users.size(), size_t(1));
    QCOMPARE(plan.users[0].user.username, u"test-2"_s);
    QCOMPARE(plan.users[0].user.balance.units, 900);
    QCOMPARE(plan.tokens.at(0).owner, 2);
}

void ImportedPeopleTest::tellsOfRewardsThatAreLost()
{
    ForeignGateway source{.kind = storage::ForeignKind::NewApi};
    source.users = {user(5, u"a"_s), user(6, u"b"_s)};
    source.users[0].balance = 100;
    source.users[0].rewards = 4'000;

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.users.at(0).user.balance.units, 100);
    QCOMPARE(plan.report.altered.size(), size_t(1));
    QCOMPARE(plan.report.altered[0].name, u"a"_s);
    QVERIFY(notes(plan.report.altered, ImportKind::User, u"left behind: 4000 units"_s));
}

void ImportedPeopleTest::keepsKeysAsTheyAre()
{
    ForeignGateway source;
    source.users = {user(5, u"a"_s)};
    ForeignToken one = token(3, 5);
    const QByteArray plain = "aB3dEfGh1jKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKl";
    one.key = base::Secret(plain + "   "); // a column of a fixed length
    one.models = u" a, b,a,, c "_s;
    one.limitsModels = true;
    one.addresses = u"10.0.0.0/8, ::1"_s;
    one.unlimited = false;
    one.balance = -7;
    one.used = 8;
    source.tokens = {one};

    const ImportPlan plan = planImport(source, ground());

    const domain::Token &planned = plan.tokens.at(0).token;
    QCOMPARE(planned.key.reveal(), plain);
    QCOMPARE(planned.keyHash, hashOf(plain));
    QCOMPARE(planned.id, domain::TokenId{3});
    QCOMPARE(plan.tokens[0].owner, 5);
    QCOMPARE(planned.models, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    QCOMPARE(planned.addressRanges.size(), 2);
    QVERIFY(planned.addressRanges[0].contains(QHostAddress(u"10.1.2.3"_s)));
    QCOMPARE(planned.balance.units, -7);
    QCOMPARE(planned.used.units, 8);
    QVERIFY(!planned.unlimited);
    QVERIFY(plan.report.altered.empty());
}

void ImportedPeopleTest::leavesTokensOut_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<Cause>("cause");

    QTest::newRow("no key") << QByteArray() << Cause::Unusable;
    QTest::newRow("easily guessed") << QByteArray("123456") << Cause::Unusable;
    QTest::newRow("too long") << QByteArray(5'000, 'k') << Cause::Unusable;
    QTest::newRow("a blank in it") << QByteArray("0123456789 0123456789") << Cause::Unusable;
    QTest::newRow("ends like the number of a channel")
        << QByteArray("0123456789abcdefgh-17") << Cause::Unusable;
    QTest::newRow("of another token") << key(99) << Cause::Present;
    QTest::newRow("here already") << key(98) << Cause::Present;
}

void ImportedPeopleTest::leavesTokensOut()
{
    QFETCH(QByteArray, key);
    QFETCH(Cause, cause);
    ForeignGateway source;
    source.users = {user(5, u"a"_s)};
    ForeignToken one = token(3, 5);
    one.key = base::Secret(key);
    source.tokens = {token(99, 5), one};
    ImportGround here = ground();
    here.entries.owners.insert(hashOf(support::key(98)), UserId{1});

    const ImportPlan plan = planImport(source, here);

    // Of which the owner is recognised, there is no user to be made.
    QCOMPARE(plan.tokens.size(), size_t(1));
    const auto left =
        std::find_if(plan.report.skipped.begin(),
                     plan.report.skipped.end(),
                     [](const ImportNote &note) { return note.kind == ImportKind::Token; });
    QVERIFY(left != plan.report.skipped.end());
    QCOMPARE(left->cause, cause);
    QCOMPARE(left->name, u"token-3"_s);
    QCOMPARE(plan.report.isPartial(), cause == Cause::Unusable);
}

void ImportedPeopleTest::opensNoToken_data()
{
    QTest::addColumn<QString>("models");
    QTest::addColumn<QString>("addresses");
    QTest::addColumn<TokenStatus>("status");

    QTest::newRow("no limit") << QString() << QString() << TokenStatus::Enabled;
    QTest::newRow("models") << u"a"_s << QString() << TokenStatus::Enabled;
    QTest::newRow("models without a name") << u" , ,"_s << QString() << TokenStatus::Disabled;
    QTest::newRow("a model with a name beyond all bounds")
        << QString(10'000, u'm') << QString() << TokenStatus::Disabled;
    QTest::newRow("networks") << QString() << u"10.0.0.0/8,192.168.1.1"_s << TokenStatus::Enabled;
    QTest::newRow("nothing but separators") << QString() << u" , ,"_s << TokenStatus::Disabled;
    QTest::newRow("nothing but blanks") << QString() << u" "_s << TokenStatus::Disabled;
    QTest::newRow("no network at all") << QString() << u"the office"_s << TokenStatus::Disabled;
    QTest::newRow("one of two networks")
        << QString() << u"10.0.0.0/8,10.0.0.0/99"_s << TokenStatus::Disabled;
}

void ImportedPeopleTest::opensNoToken()
{
    QFETCH(QString, models);
    QFETCH(QString, addresses);
    QFETCH(TokenStatus, status);
    ForeignGateway source;
    source.users = {user(5, u"a"_s)};
    ForeignToken one = token(3, 5);
    one.models = models;
    one.limitsModels = !models.isEmpty();
    one.addresses = addresses;
    source.tokens = {one};

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.tokens.at(0).token.status, status);
    QCOMPARE(plan.report.altered.empty(), status == TokenStatus::Enabled);
}

void ImportedPeopleTest::keepsStatesAndExpiries()
{
    ForeignGateway source;
    source.users = {user(5, u"a"_s)};
    for (int i = 1; i <= 6; ++i)
        source.tokens.push_back(token(i, 5));
    source.tokens[0].status = 2;
    source.tokens[0].expiresAt = 0;
    source.tokens[1].status = 3;
    source.tokens[1].expiresAt = 1'700'000'000;
    source.tokens[2].status = 4;
    source.tokens[2].expiresAt = -1;
    source.tokens[3].status = 77;
    source.tokens[3].expiresAt = -5;
    source.tokens[4].balance = -1;
    source.tokens[5].name = QString(10'000, u'n');
    source.tokens[5].expiresAt = 1'900'000'000'000; // in milliseconds
    source.tokens[4].hasUnreadableLimit = true;

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.tokens.at(0).token.status, TokenStatus::Disabled);
    QCOMPARE(plan.tokens.at(0).token.expiresAt, 0); // which has passed, there as here
    QCOMPARE(plan.tokens.at(1).token.status, TokenStatus::Expired);
    QCOMPARE(plan.tokens.at(1).token.expiresAt, 1'700'000'000);
    QCOMPARE(plan.tokens.at(2).token.status, TokenStatus::Exhausted);
    QCOMPARE(plan.tokens.at(2).token.expiresAt, -1);
    QCOMPARE(plan.tokens.at(3).token.status, TokenStatus::Disabled);
    QCOMPARE(plan.tokens.at(3).token.expiresAt, 0);
    QCOMPARE(plan.tokens.at(4).token.balance.units, 0); // it has no limit
    QCOMPARE(plan.tokens.at(4).token.status, TokenStatus::Disabled);
    QVERIFY(notes(plan.report.altered, ImportKind::Token, u"cannot be read; it is disabled"_s));
    QCOMPARE(plan.tokens.at(5).token.name.size(), domain::Token::longestName);
    QCOMPARE(plan.tokens.at(5).token.expiresAt, 253'402'300'799);
    QVERIFY(notes(plan.report.altered, ImportKind::Token, u"at the end of the year 9999"_s));
}

QTEST_GUILESS_MAIN(ImportedPeopleTest)
#include "tst_importedpeople.moc"
