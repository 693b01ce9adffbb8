#include "storage/foreignfiles.h"
#include "storage/import/foreigngateway.h"
#include "storage/import/presententries.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"
#include "support/foreigndatabase.h"
#include "support/temporarydatabase.h"

#include <QSet>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using base::ErrorCode;
using storage::ForeignKind;
using storage::readForeignGateway;
using support::ForeignDatabase;
using support::TemporaryDatabase;
using tests::workFolder;

// What is read of the entries of other gateways.
class ForeignGatewayTest : public QObject
{
    Q_OBJECT

private slots:
    void readsOneApi();
    void readsNewApi();
    void readsCcSwitch();
    void takesOddValues();
    void readsLimitsOfModels_data();
    void readsLimitsOfModels();
    void takesNothingUnreadableForNoLimit();
    void refusesOtherDatabases_data();
    void refusesOtherDatabases();
    void knowsTheHighestIds();
    void knowsWhichGroupsAreUsed();
};

void ForeignGatewayTest::readsOneApi()
{
    ForeignDatabase source;
    source.addUser(7,
                   u"alice"_s,
                   {{u"role"_s, 10},
                    {u"status"_s, 2},
                    {u"quota"_s, -12},
                    {u"used_quota"_s, 34},
                    {u"request_count"_s, 5},
                    {u"group"_s, u"vip"_s},
                    {u"aff_code"_s, u"AbCd"_s},
                    {u"inviter_id"_s, 1},
                    {u"access_token"_s, u"0123456789abcdef0123456789abcdef"_s}});
    source.addToken(3,
                    7,
                    {{u"expired_time"_s, 1'700'000'000},
                     {u"remain_quota"_s, -1},
                     {u"unlimited_quota"_s, 1},
                     {u"models"_s, u"a,b"_s},
                     {u"subnet"_s, u"10.0.0.0/8"_s}});
    source.addChannel(9,
                      33,
                      {{u"key"_s, u"one\ntwo"_s},
                       {u"priority"_s, -4},
                       {u"balance"_s, 1.5},
                       {u"config"_s, uR"({"ak":"x"})"_s}});
    source.setOption(u"RetryTimes"_s, u"2"_s);
    source.add(u"logs"_s, {{u"user_id"_s, 7}});

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english() + read.error().detail));
    QCOMPARE(read->kind, ForeignKind::OneApi);
    QCOMPARE(read->users.size(), size_t(1));
    const storage::ForeignUser &user = read->users.front();
    QCOMPARE(user.id, 7);
    QCOMPARE(user.username, u"alice"_s);
    QCOMPARE(user.passwordHash, ForeignDatabase::oldPasswordHash.toUtf8());
    QCOMPARE(user.role, 10);
    QCOMPARE(user.status, 2);
    QCOMPARE(user.balance, -12);
    QCOMPARE(user.used, 34);
    QCOMPARE(user.requestCount, 5);
    QCOMPARE(user.group, u"vip"_s);
    QCOMPARE(user.invitationCode, u"AbCd"_s);
    QCOMPARE(user.inviter, 1);
    QCOMPARE(user.accessToken.reveal(), QByteArray("0123456789abcdef0123456789abcdef"));
    QVERIFY(!user.deleted);
    const storage::ForeignToken &token = read->tokens.at(0);
    QCOMPARE(token.key.reveal(), ForeignDatabase::keyOf(3).toUtf8());
    QCOMPARE(token.userId, 7);
    QCOMPARE(token.expiresAt, 1'700'000'000);
    QCOMPARE(token.balance, -1);
    QVERIFY(token.unlimited);
    QVERIFY(token.limitsModels);
    QCOMPARE(token.models, u"a,b"_s);
    QCOMPARE(token.addresses, u"10.0.0.0/8"_s);
    const storage::ForeignChannel &channel = read->channels.at(0);
    QCOMPARE(channel.type, 33);
    QCOMPARE(channel.key.reveal(), QByteArray("one\ntwo"));
    QCOMPARE(channel.priority, -4);
    QCOMPARE(channel.balance, 1.5);
    QCOMPARE(channel.config.reveal(), QByteArray(R"({"ak":"x"})"));
    QCOMPARE(read->options, (QMap<QString, QString>{{u"RetryTimes"_s, u"2"_s}}));
    QCOMPARE(read->logs, 1);
    QCOMPARE(read->redemptions, 0);
}

void ForeignGatewayTest::readsNewApi()
{
    ForeignDatabase source(ForeignDatabase::newApiSchema());
    source.addUser(2,
                   u"bob"_s,
                   {{u"deleted_at"_s, u"2025-01-01 00:00:00+00:00"_s},
                    {u"aff_quota"_s, 700},
                    {u"aff_history"_s, 900}});
    source.addToken(1,
                    2,
                    {{u"model_limits_enabled"_s, 0},
                     {u"model_limits"_s, u"left,over"_s},
                     {u"allow_ips"_s, u"10.0.0.1\n10.0.0.2"_s},
                     {u"group"_s, u"vip"_s}});
    source.addChannel(1,
                      43,
                      {{u"setting"_s, uR"({"proxy":"none"})"_s},
                       {u"header_override"_s, uR"({"X":"y"})"_s},
                       {u"tag"_s, u"fast"_s}});

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY(read);
    QCOMPARE(read->kind, ForeignKind::NewApi);
    QVERIFY(read->users.at(0).deleted);
    QCOMPARE(read->users.at(0).rewards, 700);
    QVERIFY(!read->tokens.at(0).limitsModels);
    QCOMPARE(read->tokens.at(0).addresses, u"10.0.0.1\n10.0.0.2"_s);
    QCOMPARE(read->tokens.at(0).group, u"vip"_s);
    QCOMPARE(read->channels.at(0).setting.reveal(), QByteArray(R"({"proxy":"none"})"));
    QCOMPARE(read->channels.at(0).headerOverrides.reveal(), QByteArray(R"({"X":"y"})"));
    QCOMPARE(read->channels.at(0).tag, u"fast"_s);
}

// A column of SQLite takes a value of any type.
void ForeignGatewayTest::readsCcSwitch()
{
    ForeignDatabase source(ForeignDatabase::ccSwitchSchema());
    source.addProvider(u"codex"_s, u"Relay"_s, R"({"auth":{}})");
    source.addProvider(u"claude"_s, u"Huge"_s, QByteArray(300 * 1024, ' '));
    const QByteArray before = source.bytes();

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english()));
    QCOMPARE(read->kind, ForeignKind::CcSwitch);
    QVERIFY(read->users.empty() && read->channels.empty());
    QCOMPARE(read->providers.size(), size_t(2));
    QCOMPARE(read->providers[0].name, u"Huge"_s);
    QVERIFY(read->providers[0].settings.isEmpty());
    QCOMPARE(read->providers[1].app, u"codex"_s);
    QCOMPARE(read->providers[1].settings.reveal(), QByteArray(R"({"auth":{}})"));
    QCOMPARE(read->providers[1].meta.reveal(), QByteArray("{}"));
    QCOMPARE(source.bytes(), before);
}

void ForeignGatewayTest::takesOddValues()
{
    ForeignDatabase source;
    source.addUser(1,
                   u"nobody"_s,
                   {{u"quota"_s, u"many"_s},
                    {u"used_quota"_s, 1e30},
                    {u"request_count"_s, u" 12 "_s},
                    {u"role"_s, QVariant()},
                    {u"status"_s, QVariant()},
                    {u"group"_s, QVariant()},
                    {u"display_name"_s, QString(10'000, u'x')}});
    source.addToken(1,
                    1,
                    {{u"expired_time"_s, QVariant()},
                     {u"models"_s, QVariant()},
                     {u"subnet"_s, QVariant()},
                     {u"unlimited_quota"_s, u"true"_s}});
    source.addChannel(1,
                      1,
                      {{u"base_url"_s, QVariant()},
                       {u"balance"_s, u"no number"_s},
                       {u"key"_s, QByteArray("\xff\xfe raw", 6)},
                       {u"weight"_s, QVariant()}});

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY(read);
    const storage::ForeignUser &user = read->users.at(0);
    QCOMPARE(user.balance, 0);
    QVERIFY(user.used > 9'000'000'000'000'000'000);
    QCOMPARE(user.requestCount, 12);
    QCOMPARE(user.role, 1);
    QCOMPARE(user.status, 1);
    QCOMPARE(user.group, QString());
    QCOMPARE(user.displayName.size(), 10'000);
    QCOMPARE(read->tokens.at(0).expiresAt, -1);
    QVERIFY(!read->tokens.at(0).limitsModels);
    QVERIFY(read->tokens.at(0).unlimited);
    QCOMPARE(read->channels.at(0).baseUrl, QString());
    QCOMPARE(read->channels.at(0).balance, 0.0);
    QCOMPARE(read->channels.at(0).weight, 0);
}

void ForeignGatewayTest::readsLimitsOfModels_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<bool>("limits");
    QTest::addColumn<bool>("unreadable");

    QTest::newRow("one") << QVariant(1) << true << false;
    QTest::newRow("zero") << QVariant(0) << false << false;
    QTest::newRow("NULL") << QVariant() << false << false;
    QTest::newRow("true") << QVariant(u"true"_s) << true << false;
    QTest::newRow("t") << QVariant(u"t"_s) << true << false;
    QTest::newRow("f") << QVariant(u"f"_s) << false << false;
    QTest::newRow("on, as nobody writes it") << QVariant(u"on"_s) << true << true;
}

void ForeignGatewayTest::readsLimitsOfModels()
{
    QFETCH(QVariant, value);
    QFETCH(bool, limits);
    QFETCH(bool, unreadable);
    ForeignDatabase source(ForeignDatabase::newApiSchema());
    source.addUser(1, u"alice"_s);
    source.addToken(1, 1, {{u"model_limits_enabled"_s, value}, {u"model_limits"_s, u"m"_s}});

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY(read);
    QCOMPARE(read->tokens.at(0).limitsModels, limits);
    QCOMPARE(read->tokens.at(0).hasUnreadableLimit, unreadable);
}

void ForeignGatewayTest::takesNothingUnreadableForNoLimit()
{
    ForeignDatabase source;
    source.addUser(1, u"alice"_s, {{u"status"_s, u"disabled"_s}});
    source.addToken(1, 1, {{u"expired_time"_s, u"2024-01-01 00:00:00"_s}});
    source.addToken(2, 1, {{u"status"_s, u"off"_s}, {u"unlimited_quota"_s, u"maybe"_s}});
    source.addChannel(1, 1, {{u"status"_s, u"off"_s}});

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY(read);
    QCOMPARE(read->users.at(0).status, 0);
    QVERIFY(read->tokens.at(0).hasUnreadableLimit);
    QCOMPARE(read->tokens.at(0).expiresAt, 0);
    QVERIFY(!read->tokens.at(1).hasUnreadableLimit);
    QCOMPARE(read->tokens.at(1).status, 0);
    QVERIFY(!read->tokens.at(1).unlimited);
    QCOMPARE(read->channels.at(0).status, 0);
}

void ForeignGatewayTest::refusesOtherDatabases_data()
{
    QTest::addColumn<QStringList>("schema");
    QTest::addColumn<QString>("words");

    QTest::newRow("of another program") << QStringList{u"CREATE TABLE cats (name TEXT)"_s}
                                        << u"neither of One API nor of New API"_s;
    QTest::newRow("with tables of these names")
        << QStringList{u"CREATE TABLE users (id INTEGER)"_s,
                       u"CREATE TABLE tokens (id INTEGER)"_s,
                       u"CREATE TABLE channels (id INTEGER)"_s}
        << u"neither of One API nor of New API"_s;
    QTest::newRow("of another descendant")
        << ForeignDatabase::oneApiSchema()
               + QStringList{u"ALTER TABLE channels ADD COLUMN only_chat numeric"_s}
        << u"neither of One API nor of New API"_s;
    QTest::newRow("of an old One API")
        << ForeignDatabase::oneApiSchema()
               + QStringList{u"ALTER TABLE channels DROP COLUMN config"_s}
        << u"old version of One API"_s;
    QTest::newRow("with an endless view")
        << QStringList{u"CREATE VIEW users AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id"
                       " FROM n) SELECT id FROM n"_s}
        << u"neither of One API nor of New API"_s;
    for (const QString &table : {u"users"_s, u"tokens"_s, u"channels"_s, u"options"_s, u"logs"_s}) {
        // It has all columns that it should, and no end.
        QTest::addRow("with an endless view of its %s", qPrintable(table))
            << ForeignDatabase::oneApiSchema()
                   + QStringList{u"ALTER TABLE %1 RENAME TO others"_s.arg(table),
                                 u"CREATE VIEW %1 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
                                 " SELECT i FROM n) SELECT others.* FROM n LEFT JOIN others"_s.arg(
                                     table)}
            << u"neither of One API nor of New API"_s;
    }
}

void ForeignGatewayTest::refusesOtherDatabases()
{
    QFETCH(QStringList, schema);
    QFETCH(QString, words);
    ForeignDatabase source(schema);

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::InvalidInput);
    QVERIFY2(read.error().message.english().contains(words),
             qPrintable(read.error().message.english()));
}

// An id that was given out once may stand in the ledger.
void ForeignGatewayTest::knowsTheHighestIds()
{
    TemporaryDatabase own(storage::Dialect::Kind::Sqlite);
    storage::Database &database = own.database();
    QCOMPARE(storage::presentEntries(database)->lastChannelId, 0);
    QVERIFY(storage::execute(
        database,
        u"INSERT INTO channels (type, name, status, allow_private_address, created_at)"
        " VALUES (1, 'a', 1, 1, 0), (1, 'b', 1, 1, 0)"_s));
    QVERIFY(storage::execute(database, u"DELETE FROM channels WHERE id = 2"_s));

    const auto present = storage::presentEntries(database);

    QVERIFY(present);
    QCOMPARE(present->lastChannelId, 2);
    QCOMPARE(present->lastUserId, 0);
}

// The factor of a group that root alone is in may be another one.
void ForeignGatewayTest::knowsWhichGroupsAreUsed()
{
    TemporaryDatabase own(storage::Dialect::Kind::Sqlite);
    storage::UserRepository users(own.database());
    using domain::Role;
    QVERIFY(users.insert({.username = u"root"_s, .role = Role::Root, .group = "default"}, "h"));
    QVERIFY(users.insert({.username = u"ann"_s, .group = "vip"}, "h"));
    const auto gone = users.insert({.username = u"bob"_s, .group = "svip"}, "h");
    QVERIFY(gone && users.remove(*gone, 1));

    const auto present = storage::presentEntries(own.database());

    QVERIFY(present);
    QCOMPARE(present->usedGroups, QSet<QByteArray>{"vip"});
}

QTEST_GUILESS_MAIN(ForeignGatewayTest)
#include "tst_foreigngateway.moc"
