#include "admin/import/importplan.h"
#include "domain/providertype.h"
#include "secrets/tokenkey.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::admin;
using namespace Qt::StringLiterals;
using domain::Channel;
using domain::ChannelStatus;
using domain::Role;
using domain::TokenStatus;
using domain::UserId;
using domain::UserStatus;
using storage::ForeignChannel;
using storage::ForeignGateway;
using storage::ForeignKind;
using storage::ForeignToken;
using storage::ForeignUser;
using Cause = ImportNote::Cause;

// What becomes of users, tokens, channels, groups and settings of another gateway.
class ImportPlanTest : public QObject
{
    Q_OBJECT

private slots:
    void takesUsersAsTheyAre();
    void leavesDeletedUsersOut();
    void givesNames_data();
    void givesNames();
    void makesNoSecondRoot_data();
    void makesNoSecondRoot();
    void knowsWhoIsHereAlready();
    void keepsFreeNumbersAlone();
    void keepsKeysAsTheyAre();
    void leavesTokensOut_data();
    void leavesTokensOut();
    void opensNoToken_data();
    void opensNoToken();
    void keepsStatesAndExpiries();
    void translatesTypes_data();
    void translatesTypes();
    void takesChannelsAsTheyAre();
    void readsWhatNewApiAdds();
    void copesWithBrokenTexts();
    void leavesChannelsOut_data();
    void leavesChannelsOut();
    void splitsKeys();
    void disablesAChannelWithoutItsProxy();
    void keepsAzuresVersion();
    void readsNewApisCustomAddress_data();
    void readsNewApisCustomAddress();
    void takesGroupsWithTheirFactors();
    void leavesSettingsThatWereChanged();
    void namesNoKeys();
};

namespace {

QByteArray bcrypt(char salt)
{
    return "$2a$10$" + QByteArray(53, salt);
}

ForeignUser user(qint64 id, const QString &name)
{
    return {.id = id, .username = name, .passwordHash = bcrypt(char('a' + id % 26))};
}

QByteArray key(qint64 id)
{
    return "key-of-the-token-" + QByteArray::number(id) + "-for-a-test";
}

ForeignToken token(qint64 id, qint64 owner)
{
    return {.id = id,
            .userId = owner,
            .key = base::Secret(key(id)),
            .name = u"token-%1"_s.arg(id),
            .unlimited = true};
}

ForeignChannel channel(qint64 id, qint64 type = 1)
{
    return {.id = id,
            .type = type,
            .key = base::Secret(u"sk-%1"_s.arg(id)),
            .name = u"channel-%1"_s.arg(id),
            .models = u"m"_s};
}

QByteArray hashOf(const QByteArray &plain)
{
    return secrets::viewOf(secrets::tokenKeyHash(plain)).toByteArray();
}

// A new installation, with its root.
ImportGround ground()
{
    ImportGround ground;
    ground.entries.lastUserId = 1;
    ground.entries.usernames = {u"root"_s};
    ground.entries.names = {{UserId{1}, u"root"_s}};
    ground.entries.usedGroups = {"default"};
    ground.groups = {{.name = "default"}, {.name = "vip"}, {.name = "svip"}};
    ground.now = 1'800'000'000;
    return ground;
}

bool notes(const std::vector<ImportNote> &all, ImportKind kind, const QString &words)
{
    return std::any_of(all.begin(), all.end(), [&](const ImportNote &note) {
        return note.kind == kind && note.text.english().contains(words);
    });
}

QString shown(const std::vector<ImportNote> &all)
{
    QStringList lines;
    for (const ImportNote &note : all)
        lines.append(note.name + u": "_s + note.text.english());
    return lines.join(u'\n');
}

} // namespace

void ImportPlanTest::takesUsersAsTheyAre()
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

void ImportPlanTest::leavesDeletedUsersOut()
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

void ImportPlanTest::givesNames_data()
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

void ImportPlanTest::givesNames()
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

void ImportPlanTest::makesNoSecondRoot_data()
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

void ImportPlanTest::makesNoSecondRoot()
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

void ImportPlanTest::knowsWhoIsHereAlready()
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

void ImportPlanTest::keepsFreeNumbersAlone()
{
    ForeignGateway source;
    source.users = {user(5, u"a"_s), user(11, u"b"_s), user(-3, u"c"_s)};
    source.users.push_back(user(std::numeric_limits<qint64>::max(), u"d"_s));
    source.tokens = {token(5, 11), token(11, 11)};
    source.channels = {channel(5), channel(11), channel(12), channel(12)};
    ImportGround here = ground();
    here.entries.lastUserId = 10;
    here.entries.lastTokenId = 10;
    here.entries.lastChannelId = 10;

    const ImportPlan plan = planImport(source, here);

    QCOMPARE(plan.users.at(0).user.id, UserId{});
    QCOMPARE(plan.users.at(1).user.id, UserId{11});
    QCOMPARE(plan.users.at(2).user.id, UserId{});
    QCOMPARE(plan.users.at(3).user.id, UserId{});
    QCOMPARE(plan.tokens.at(0).token.id, domain::TokenId{});
    QCOMPARE(plan.tokens.at(1).token.id, domain::TokenId{11});
    QCOMPARE(plan.channels.at(0).id, domain::ChannelId{});
    QCOMPARE(plan.channels.at(1).id, domain::ChannelId{11});
    QCOMPARE(plan.channels.at(2).id, domain::ChannelId{});
}

void ImportPlanTest::keepsKeysAsTheyAre()
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

void ImportPlanTest::leavesTokensOut_data()
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

void ImportPlanTest::leavesTokensOut()
{
    QFETCH(QByteArray, key);
    QFETCH(Cause, cause);
    ForeignGateway source;
    source.users = {user(5, u"a"_s)};
    ForeignToken one = token(3, 5);
    one.key = base::Secret(key);
    source.tokens = {token(99, 5), one};
    ImportGround here = ground();
    here.entries.owners.insert(hashOf(::key(98)), UserId{1});

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

void ImportPlanTest::opensNoToken_data()
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
    QTest::newRow("no network at all") << QString() << u"the office"_s << TokenStatus::Disabled;
    QTest::newRow("one of two networks")
        << QString() << u"10.0.0.0/8,10.0.0.0/99"_s << TokenStatus::Disabled;
}

void ImportPlanTest::opensNoToken()
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

void ImportPlanTest::keepsStatesAndExpiries()
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
    QCOMPARE(plan.tokens.at(5).token.name.size(), domain::Token::longestName);
}

void ImportPlanTest::translatesTypes_data()
{
    QTest::addColumn<ForeignKind>("kind");
    QTest::addColumn<qint64>("number");
    QTest::addColumn<int>("expected"); // 0: none

    const auto one = ForeignKind::OneApi;
    const auto next = ForeignKind::NewApi;
    QTest::newRow("One API, OpenAI") << one << qint64(1) << 1;
    QTest::newRow("One API, the last") << one << qint64(51) << 51;
    QTest::newRow("One API, not served here") << one << qint64(33) << 33;
    QTest::newRow("One API, unknown") << one << qint64(52) << 0;
    QTest::newRow("One API, zero") << one << qint64(0) << 0;
    QTest::newRow("One API, negative") << one << qint64(-1) << 0;
    QTest::newRow("One API, a number of our own") << one << qint64(1000) << 0;
    QTest::newRow("One API, beyond an int") << one << (qint64(1) << 40) << 0;
    QTest::newRow("New API, OpenAI") << next << qint64(1) << 1;
    QTest::newRow("New API, Midjourney") << next << qint64(2) << 0;
    QTest::newRow("New API, Ollama") << next << qint64(4) << 30;
    QTest::newRow("New API, Anthropic") << next << qint64(14) << 14;
    QTest::newRow("New API, Gemini") << next << qint64(24) << 24;
    QTest::newRow("New API, Zhipu") << next << qint64(26) << 16;
    QTest::newRow("New API, Perplexity") << next << qint64(27) << 50;
    QTest::newRow("New API, unused") << next << qint64(28) << 0;
    QTest::newRow("New API, MiniMax") << next << qint64(35) << 27;
    QTest::newRow("New API, SiliconFlow") << next << qint64(40) << 44;
    QTest::newRow("New API, Vertex AI") << next << qint64(41) << 42;
    QTest::newRow("New API, Mistral") << next << qint64(42) << 28;
    QTest::newRow("New API, DeepSeek") << next << qint64(43) << 36;
    QTest::newRow("New API, xAI") << next << qint64(48) << 45;
    QTest::newRow("New API, a video service") << next << qint64(50) << 0;
}

void ImportPlanTest::translatesTypes()
{
    QFETCH(ForeignKind, kind);
    QFETCH(qint64, number);
    QFETCH(int, expected);

    const auto type = importedType(kind, number);

    QCOMPARE(type ? type->number : 0, expected);
    QVERIFY(!type || domain::providerType(type->number));
}

void ImportPlanTest::takesChannelsAsTheyAre()
{
    ForeignGateway source;
    ForeignChannel one = channel(4, 20);
    one.status = 3;
    one.baseUrl = u"https://relay.example.org/v1/"_s;
    one.models = u"a, b,,a"_s;
    one.groups = u"default,vip"_s;
    one.modelMapping = uR"({"a":"provider/a"})"_s;
    one.priority = -5;
    one.weight = 7;
    one.systemPrompt = u"Be brief."_s;
    one.used = 12;
    one.createdAt = 1'600'000'000;
    one.testedAt = 1'700'000'000;
    one.responseMilliseconds = 321;
    one.balanceDollars = 4.5;
    one.balanceAt = 1'700'000'001;
    source.channels = {one};

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    const Channel &planned = plan.channels.front();
    QCOMPARE(planned.id, domain::ChannelId{4});
    QCOMPARE(planned.type, 20);
    QCOMPARE(planned.name, u"channel-4"_s);
    QCOMPARE(planned.status, ChannelStatus::DisabledAutomatically);
    QVERIFY(!planned.statusReason.isEmpty());
    QCOMPARE(planned.baseUrl, u"https://relay.example.org"_s);
    QCOMPARE(planned.keys.size(), 1);
    QCOMPARE(planned.keys[0].secret.reveal(), QByteArray("sk-4"));
    QCOMPARE(planned.models, (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(planned.groups, (QStringList{u"default"_s, u"vip"_s}));
    QCOMPARE(planned.modelMapping, (QMap<QString, QString>{{u"a"_s, u"provider/a"_s}}));
    QCOMPARE(planned.priority, -5);
    QCOMPARE(planned.weight, 7);
    QCOMPARE(planned.systemPrompt, u"Be brief."_s);
    QCOMPARE(planned.used.units, 12);
    QCOMPARE(planned.createdAt, 1'600'000'000);
    QCOMPARE(planned.testedAt, 1'700'000'000);
    QCOMPARE(planned.responseMilliseconds, 321);
    QCOMPARE(planned.balanceDollars, 4.5);
    QVERIFY2(plan.report.altered.empty(), qPrintable(shown(plan.report.altered)));
}

void ImportPlanTest::readsWhatNewApiAdds()
{
    ForeignGateway source{.kind = ForeignKind::NewApi};
    ForeignChannel one = channel(4);
    one.key = base::Secret(QByteArray("sk-a\nsk-b\nsk-c"));
    one.keyStates =
        base::Secret(QByteArray(R"({"is_multi_key":true,"multi_key_status_list":{"1":3,"2":2}})"));
    one.setting = base::Secret(
        QByteArray(R"({"proxy":"socks5://user:pass@p.example:1080","system_prompt":"Be kind."})"));
    one.bodyOverrides = base::Secret(QByteArray(R"({"temperature":0,"stop":["x"]})"));
    one.headerOverrides = base::Secret(
        QByteArray(R"({"X-Team":"blue","Host":"evil","X-Key":"{api_key}","Bad Name":"x"})"));
    one.organization = u"org-1"_s;
    one.testModel = u"m"_s;
    one.tag = u"fast"_s;
    one.remark = u"from the shop"_s;
    source.channels = {one};

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    const Channel &planned = plan.channels.front();
    QCOMPARE(planned.keys.size(), 3);
    QVERIFY(planned.keys[0].enabled);
    QVERIFY(!planned.keys[1].enabled && !planned.keys[1].disabledReason.isEmpty());
    QVERIFY(!planned.keys[2].enabled && planned.keys[2].disabledReason.isEmpty());
    QCOMPARE(planned.proxy, u"socks5://user:pass@p.example:1080"_s);
    QCOMPARE(planned.systemPrompt, u"Be kind."_s);
    QCOMPARE(planned.bodyOverrides,
             (QJsonObject{{u"temperature"_s, 0}, {u"stop"_s, QJsonArray{u"x"_s}}}));
    QCOMPARE(planned.headerOverrides, (QMap<QString, QString>{{u"X-Team"_s, u"blue"_s}}));
    QCOMPARE(planned.organization, u"org-1"_s);
    QCOMPARE(planned.testModel, u"m"_s);
    QCOMPARE(planned.tags, QStringList{u"fast"_s});
    QCOMPARE(planned.note, u"from the shop"_s);
    QVERIFY(notes(plan.report.altered, ImportKind::Channel, u"Header overrides"_s));
    QCOMPARE(plan.report.altered.size(), size_t(1));
}

void ImportPlanTest::copesWithBrokenTexts()
{
    ForeignGateway source{.kind = ForeignKind::NewApi};
    ForeignChannel one = channel(4);
    one.modelMapping = u"{\"a\":"_s;
    one.config = base::Secret(QByteArray("[1,2"));
    one.bodyOverrides = base::Secret(QByteArray(R"({"operations":[{"mode":"set"}]})"));
    one.headerOverrides = base::Secret(QByteArray("not JSON"));
    one.keyStates = base::Secret(QByteArray("[]"));
    one.models = QString(10'000, u'x') + u",m"_s;
    one.groups = u"a\tb,vip"_s;
    one.name = QString(10'000, u'n');
    one.status = 0;
    one.weight = -3;
    one.priority = std::numeric_limits<qint64>::min();
    one.responseMilliseconds = std::numeric_limits<qint64>::max();
    source.channels = {one};

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    const Channel &planned = plan.channels.front();
    QVERIFY(planned.modelMapping.isEmpty() && planned.bodyOverrides.isEmpty()
            && planned.headerOverrides.isEmpty());
    QCOMPARE(planned.models, QStringList{u"m"_s});
    QCOMPARE(planned.groups, QStringList{u"vip"_s});
    QCOMPARE(planned.name.size(), 200);
    QCOMPARE(planned.status, ChannelStatus::DisabledByHand);
    QCOMPARE(planned.weight, 1);
    QVERIFY(planned.priority < 0 && planned.priority >= -1'000'000'000'000);
    QVERIFY(domain::validate(planned));
    for (const QString &words : {u"model mapping"_s,
                                 u"provider settings"_s,
                                 u"body overrides"_s,
                                 u"Header overrides"_s,
                                 u"Models with"_s,
                                 u"Groups with"_s,
                                 u"is named"_s,
                                 u"state"_s}) {
        QVERIFY2(notes(plan.report.altered, ImportKind::Channel, words), qPrintable(words));
    }
}

void ImportPlanTest::leavesChannelsOut_data()
{
    QTest::addColumn<qint64>("type");
    QTest::addColumn<QString>("baseUrl");
    QTest::addColumn<QString>("words");

    QTest::newRow("an unknown type") << qint64(99) << QString() << u"type 99"_s;
    QTest::newRow("no address") << qint64(1) << u"nonsense://x"_s << u"base URL"_s;
    QTest::newRow("a password in the address")
        << qint64(1) << u"https://u:hunter2@host"_s << u"base URL"_s;
    QTest::newRow("none where one is needed") << qint64(3) << QString() << u"needs a base URL"_s;
    QTest::newRow("this gateway itself")
        << qint64(8) << u"http://localhost:3000"_s << u"this gateway itself"_s;
    QTest::newRow("here already") << qint64(1) << u"https://here.example"_s << u"here already"_s;
}

void ImportPlanTest::leavesChannelsOut()
{
    QFETCH(qint64, type);
    QFETCH(QString, baseUrl);
    QFETCH(QString, words);
    ForeignGateway source;
    ForeignChannel one = channel(4, type);
    one.baseUrl = baseUrl;
    source.channels = {one};
    ImportGround here = ground();
    here.isOwnAddress = [](const QString &host, quint16 port) {
        return host == "localhost"_L1 && port == 3000;
    };
    here.channels = {Channel{
        .name = u"mine"_s,
        .baseUrl = u"https://here.example"_s,
        .keys = {{.secret = base::Secret(u"other"_s)}, {.secret = base::Secret(u"sk-4"_s)}}}};

    const ImportPlan plan = planImport(source, here);

    QVERIFY(plan.channels.empty());
    QVERIFY2(notes(plan.report.skipped, ImportKind::Channel, words),
             qPrintable(shown(plan.report.skipped)));
    QVERIFY(!shown(plan.report.skipped).contains(u"hunter2"_s));
}

void ImportPlanTest::splitsKeys()
{
    ForeignGateway source;
    source.channels = {channel(1), channel(2, 42), channel(3, 33)};
    source.channels[0].key = base::Secret(QByteArray("sk-a\r\n\n sk-b \nsk-a\nwith a blank\n"));
    source.channels[1].key = base::Secret(QByteArray("{\n  \"type\": \"service_account\"\n}"));
    source.channels[2].config = base::Secret(QByteArray(R"({"ak":"A","sk":"S","user_id":""})"));

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 3, qPrintable(shown(plan.report.skipped)));
    QCOMPARE(plan.channels[0].keys.size(), 2);
    QCOMPARE(plan.channels[0].keys[0].secret.reveal(), QByteArray("sk-a"));
    QCOMPARE(plan.channels[0].keys[1].secret.reveal(), QByteArray("sk-b"));
    QVERIFY(notes(plan.report.altered, ImportKind::Channel, u"A key with a blank"_s));
    QVERIFY(plan.channels[1].keys.isEmpty());
    QVERIFY(plan.channels[1]
                .config.value(u"vertex_ai_adc"_s)
                .toString()
                .contains(u"service_account"_s));
    QCOMPARE(plan.channels[2].config, (QJsonObject{{u"ak"_s, u"A"_s}, {u"sk"_s, u"S"_s}}));
    QVERIFY(notes(plan.report.altered, ImportKind::Channel, u"are not served"_s));
}

void ImportPlanTest::disablesAChannelWithoutItsProxy()
{
    ForeignGateway source{.kind = ForeignKind::NewApi};
    source.channels = {channel(1), channel(2)};
    source.channels[0].setting = base::Secret(QByteArray(R"({"proxy":"ftp://p:21"})"));
    source.channels[1].setting = base::Secret(QByteArray("{broken"));

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.channels.at(0).status, ChannelStatus::DisabledByHand);
    QCOMPARE(plan.channels.at(1).status, ChannelStatus::DisabledByHand);
    QCOMPARE(plan.report.altered.size(), size_t(2));
}

void ImportPlanTest::keepsAzuresVersion()
{
    ForeignGateway source;
    source.channels = {channel(1, 3), channel(2, 3), channel(3, 17)};
    for (ForeignChannel &one : source.channels)
        one.baseUrl = u"https://r%1.openai.azure.com"_s.arg(one.id);
    source.channels[0].other = u"2023-05-15"_s;
    source.channels[1].other = u"2023-05-15"_s;
    source.channels[1].config = base::Secret(QByteArray(R"({"api_version":"2024-06-01"})"));
    source.channels[2].other = u"search"_s;

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.channels.at(0).apiVersion, u"2023-05-15"_s);
    QCOMPARE(plan.channels.at(1).apiVersion, u"2024-06-01"_s);
    QVERIFY(plan.channels.at(1).config.isEmpty());
    QCOMPARE(plan.channels.at(2).config.value(u"plugin"_s).toString(), u"search"_s);
}

void ImportPlanTest::readsNewApisCustomAddress_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("type"); // 0: it is left out
    QTest::addColumn<QString>("expected");

    QTest::newRow("the operation")
        << u"https://a.example/v1/chat/completions"_s << 8 << u"https://a.example"_s;
    QTest::newRow("another version")
        << u"https://a.example/v4/chat/completions"_s << 50 << u"https://a.example/v4"_s;
    QTest::newRow("the host") << u"https://a.example"_s << 8 << u"https://a.example"_s;
    QTest::newRow("the model in it") << u"https://a.example/{model}/chat"_s << 0 << QString();
}

void ImportPlanTest::readsNewApisCustomAddress()
{
    QFETCH(QString, address);
    QFETCH(int, type);
    QFETCH(QString, expected);
    ForeignGateway source{.kind = ForeignKind::NewApi};
    source.channels = {channel(1, 8)};
    source.channels[0].baseUrl = address;

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.channels.empty(), type == 0);
    if (type != 0) {
        QCOMPARE(plan.channels[0].type, type);
        QCOMPARE(plan.channels[0].baseUrl, expected);
    }
}

void ImportPlanTest::takesGroupsWithTheirFactors()
{
    ForeignGateway source;
    source.users = {user(5, u"a"_s)};
    source.users[0].group = u"team"_s;
    source.channels = {channel(1)};
    source.channels[0].groups = u"default,lab"_s;
    source.options.insert(
        u"GroupRatio"_s,
        uR"({"default":2,"vip":0.8,"svip":1,"free":0,"bad":-1,"text":"x","a,b":1})"_s);

    const ImportPlan plan = planImport(source, ground());

    QMap<QByteArray, qint64> factors;
    for (const domain::Group &group : plan.groups)
        factors.insert(group.name, group.ratioMillionths);
    QCOMPARE(factors,
             (QMap<QByteArray, qint64>{{"vip", 800'000},
                                       {"free", 0},
                                       {"bad", 1'000'000},
                                       {"text", 1'000'000},
                                       {"team", 1'000'000},
                                       {"lab", 1'000'000}}));
    QVERIFY(
        notes(plan.report.skipped, ImportKind::Group, u"factor 1, which stays; there it is 2"_s));
    QVERIFY(notes(plan.report.skipped, ImportKind::Group, u"no name for a group"_s));
    QVERIFY(notes(plan.report.altered, ImportKind::Group, u"factor cannot be used"_s));

    source.options.insert(u"GroupRatio"_s, u"{broken"_s);
    QVERIFY(notes(
        planImport(source, ground()).report.skipped, ImportKind::Setting, u"no JSON object"_s));
}

void ImportPlanTest::leavesSettingsThatWereChanged()
{
    ForeignGateway source;
    source.options = {{u"RetryTimes"_s, u"7"_s},
                      {u"Notice"_s, u"Hello"_s},
                      {u"About"_s, u"About us"_s},
                      {u"QuotaForNewUser"_s, u"plenty"_s},
                      {u"ServerAddress"_s, u"https://one-api.example"_s},
                      {u"LogConsumeEnabled"_s, u"true"_s}, // as it is here
                      {u"SMTPToken"_s, u"hunter2"_s},
                      {u"ModelRatio"_s, u"{}"_s}};
    ImportGround here = ground();
    here.settings = {{u"texts.about"_s, u"Mine"_s}};

    const ImportPlan plan = planImport(source, here);

    QCOMPARE(
        plan.settings,
        (QMap<QString, QString>{{u"relay.retries"_s, u"7"_s}, {u"texts.notice"_s, u"Hello"_s}}));
    QVERIFY(notes(plan.report.skipped, ImportKind::Setting, u"was changed here"_s));
    QVERIFY(notes(plan.report.skipped, ImportKind::Setting, u"cannot be used"_s));
    QVERIFY(notes(plan.report.skipped, ImportKind::Setting, u"address of the other program"_s));
    QCOMPARE(plan.report.skipped.size(), size_t(3));
    QVERIFY(plan.report.prices);
}

void ImportPlanTest::namesNoKeys()
{
    const QByteArray secret = "hunter2-hunter2-hunter2";
    ForeignGateway source{.kind = ForeignKind::NewApi};
    source.users = {user(5, u"a"_s)};
    source.tokens = {token(1, 5)};
    source.tokens[0].key = base::Secret(secret + " blank");
    source.channels = {channel(1), channel(2, 999), channel(3)};
    for (ForeignChannel &one : source.channels) {
        one.key = base::Secret(secret + " blank");
        one.setting = base::Secret("{\"proxy\":\"ftp://u:" + secret + "@p\"}");
        one.headerOverrides = base::Secret("{\"Host\":\"" + secret + "\"}");
        one.bodyOverrides = base::Secret("{broken " + secret);
        one.config = base::Secret("{broken " + secret);
    }
    source.channels[2].baseUrl = u"https://u:%1@host"_s.arg(QString::fromLatin1(secret));

    const ImportPlan plan = planImport(source, ground());

    const QString all = shown(plan.report.skipped) + shown(plan.report.altered);
    QVERIFY(!all.isEmpty());
    QVERIFY2(!all.contains(u"hunter2"_s), qPrintable(all));
}

QTEST_GUILESS_MAIN(ImportPlanTest)
#include "tst_importplan.moc"
