#include "support/foreignentries.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::admin;
using namespace gatehouse::support;
using namespace Qt::StringLiterals;
using domain::UserId;
using storage::ForeignChannel;
using storage::ForeignGateway;
using storage::ForeignKind;

// What becomes of another gateway as a whole, of its groups and settings.
class ImportPlanTest : public QObject
{
    Q_OBJECT

private slots:
    void keepsFreeNumbersAlone();
    void takesGroupsWithTheirFactors();
    void tellsWhoPaysOtherwise();
    void leavesSettingsThatWereChanged();
    void tellsWhatAUnitIsWorth_data();
    void tellsWhatAUnitIsWorth();
    void locksNobodyOut();
    void namesNoKeys();
};

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
    QCOMPARE(plan.channels.at(0).channel.id, domain::ChannelId{});
    QCOMPARE(plan.channels.at(1).channel.id, domain::ChannelId{11});
    QCOMPARE(plan.channels.at(2).channel.id, domain::ChannelId{});
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

void ImportPlanTest::tellsWhoPaysOtherwise()
{
    ForeignGateway source;
    source.users = {user(5, u"a"_s)};
    source.users[0].group = u"default"_s;
    source.options.insert(u"GroupRatio"_s, uR"({"default":2,"vip":-1})"_s);
    ImportGround here = ground(); // somebody is in the group default
    here.entries.usedGroups.insert("vip");
    ImportGround fresh = ground();
    fresh.entries.usedGroups.clear();

    const ImportPlan plan = planImport(source, here);
    const ImportPlan taken = planImport(source, fresh);

    QVERIFY(plan.groups.empty());
    QVERIFY(notes(plan.report.altered, ImportKind::Group, u"which stays; there it is 2"_s));
    QVERIFY(!notes(plan.report.altered, ImportKind::Group, u"it is 1 now"_s)); // vip is left out
    QVERIFY(notes(plan.report.skipped, ImportKind::Group, u"cannot be used"_s));
    QCOMPARE(taken.groups.front().name, QByteArray("default"));
    QCOMPARE(taken.groups.front().ratioMillionths, 2'000'000);
}

void ImportPlanTest::tellsWhatAUnitIsWorth_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("told");

    QTest::newRow("as here") << u"500000"_s << false;
    QTest::newRow("as here, in another form") << u"5e5"_s << false;
    QTest::newRow("less") << u"100000"_s << true;
    QTest::newRow("no number") << u"plenty"_s << true;
}

void ImportPlanTest::tellsWhatAUnitIsWorth()
{
    QFETCH(QString, value);
    QFETCH(bool, told);
    ForeignGateway source;
    source.options.insert(u"QuotaPerUnit"_s, value);

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(notes(plan.report.skipped, ImportKind::Setting, u"worth something else"_s), told);
    QCOMPARE(plan.report.count(ImportKind::Setting).found, told ? 1 : 0);
    QVERIFY(plan.settings.isEmpty());
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

// Where people sign in through another service, the way by password may be closed.
void ImportPlanTest::locksNobodyOut()
{
    ForeignGateway source;
    source.options = {{u"PasswordLoginEnabled"_s, u"false"_s}, {u"RetryTimes"_s, u"7"_s}};

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.settings, (QMap<QString, QString>{{u"relay.retries"_s, u"7"_s}}));
    QVERIFY(notes(plan.report.skipped, ImportKind::Setting, u"no other way to sign in"_s));
    source.options.insert(u"PasswordLoginEnabled"_s, u"true"_s);
    ImportGround closed = ground();
    closed.settings = {{u"sessions.password_login"_s, u"false"_s}};
    QVERIFY(!planImport(source, closed).settings.contains(u"sessions.password_login"_s));
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
