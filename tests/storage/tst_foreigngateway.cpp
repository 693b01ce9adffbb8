#include "storage/databasefile.h"
#include "storage/import/foreignfile.h"
#include "storage/import/foreigngateway.h"
#include "storage/import/foreigntext.h"
#include "storage/import/presententries.h"
#include "storage/import/privatecopy.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"

#include "support/foreigndatabase.h"
#include "support/temporarydatabase.h"

#include <QDir>
#include <QFileInfo>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using base::ErrorCode;
using storage::ForeignGateway;
using storage::ForeignKind;
using storage::readForeignGateway;
using support::ForeignDatabase;
using support::TemporaryDatabase;

class ForeignGatewayTest : public QObject
{
    Q_OBJECT

private slots:
    void readsOneApi();
    void readsNewApi();
    void readsCcSwitch();
    void readsTexts();
    void refusesLargeTexts();
    void tellsDatabasesFromOthers();
    void takesOddValues();
    void readsLimitsOfModels_data();
    void readsLimitsOfModels();
    void takesNothingUnreadableForNoLimit();
    void leavesNothingBehindAndTheFileAlone();
    void refusesOtherFiles_data();
    void refusesOtherFiles();
    void refusesOtherDatabases_data();
    void refusesOtherDatabases();
    void refusesItsOwnFiles();
    void refusesADamagedDatabase();
    void playsBackALeftJournal();
    void readsWhatIsInUse_data();
    void readsWhatIsInUse();
    void readsAFileWhereItLies();
    void endsWhenItIsStopped_data();
    void endsWhenItIsStopped();
    void tellsDamageOfTheFileThatWasChosen_data();
    void tellsDamageOfTheFileThatWasChosen();
    void followsALink();
    void removesCopiesOfAKilledProgram();
    void knowsTheHighestIds();
    void knowsWhichGroupsAreUsed();
};

namespace {

// Where copies are made.
QString workFolder()
{
    static QTemporaryDir folder;
    return folder.path();
}

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace

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
    QCOMPARE(channel.balanceDollars, 1.5);
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

void ForeignGatewayTest::readsTexts()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"config.yaml"_s);
    const QByteArray text = QByteArray("model_list: []\n").repeated(200'000);
    QVERIFY(write(path, text));
    std::stop_source stop;

    const auto read = storage::readForeignText(path);
    stop.request_stop();
    const auto stopped = storage::readForeignText(path, stop.get_token());

    QVERIFY(read);
    QCOMPARE(read->size(), text.size());
    QVERIFY(*read == text);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QCOMPARE(storage::readForeignText(folder.filePath(u"none"_s)).error().code,
             ErrorCode::Unavailable);
}

void ForeignGatewayTest::refusesLargeTexts()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"config.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(storage::largestForeignText + 1));
    file.close();

    const auto read = storage::readForeignText(path);

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::LimitReached);
    QVERIFY(read.error().message.english().contains(u"16 MB"_s));
}

void ForeignGatewayTest::tellsDatabasesFromOthers()
{
    ForeignDatabase source;
    const QString text = source.filePath(u"notes.txt"_s);
    QVERIFY(write(text, "SQLite format 3"));
    const QString folder = QFileInfo(source.path()).absolutePath();

    QVERIFY(*storage::ForeignFile::isDatabase(source.path(), workFolder()));
    QVERIFY(!*storage::ForeignFile::isDatabase(text, workFolder()));
    QCOMPARE(storage::ForeignFile::isDatabase(source.path(), folder).error().code,
             ErrorCode::InvalidInput); // which is its own folder
    QCOMPARE(storage::ForeignFile::isDatabase(folder, workFolder()).error().code,
             ErrorCode::InvalidInput);
    QCOMPARE(
        storage::ForeignFile::isDatabase(source.filePath(u"none"_s), workFolder()).error().code,
        ErrorCode::NotFound);
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
    QCOMPARE(read->channels.at(0).balanceDollars, 0.0);
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

void ForeignGatewayTest::leavesNothingBehindAndTheFileAlone()
{
    ForeignDatabase source;
    source.addUser(1, u"alice"_s);
    const QByteArray before = source.bytes();
    const QStringList beside = QFileInfo(source.path()).dir().entryList(QDir::Files);

    QVERIFY(readForeignGateway(source.path(), workFolder()));

    QCOMPARE(source.bytes(), before);
    QCOMPARE(QFileInfo(source.path()).dir().entryList(QDir::Files), beside);
    QVERIFY(QDir(workFolder()).isEmpty());
}

void ForeignGatewayTest::refusesOtherFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("words");

    QTest::newRow("empty") << QByteArray() << u"is empty"_s;
    QTest::newRow("text") << QByteArray(5'000, 'x') << u"no SQLite database, or it is encrypted"_s;
    QTest::newRow("a header alone")
        << QByteArray("SQLite format 3\0", 16) << u"no SQLite database"_s;
    QTest::newRow("a header and rubbish")
        << QByteArray("SQLite format 3\0", 16) + QByteArray(8'000, 'x') << u"damaged"_s;
}

void ForeignGatewayTest::refusesOtherFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, words);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"one-api.db"_s);
    QVERIFY(write(path, content));

    const auto read = readForeignGateway(path, workFolder());

    QVERIFY(!read);
    QVERIFY2(read.error().message.english().contains(words),
             qPrintable(read.error().message.english()));
    QVERIFY(QDir(workFolder()).isEmpty());
    QCOMPARE(readForeignGateway(folder.path(), workFolder()).error().code, ErrorCode::InvalidInput);
    QCOMPARE(readForeignGateway(folder.filePath(u"none"_s), workFolder()).error().code,
             ErrorCode::NotFound);
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

void ForeignGatewayTest::refusesItsOwnFiles()
{
    TemporaryDatabase own(storage::Dialect::Kind::Sqlite);
    QVERIFY(storage::execute(own.database(), u"SELECT 1"_s));
    const QString folder = QFileInfo(own.path()).absolutePath();
    QTemporaryDir elsewhere;
    const QString link = elsewhere.filePath(u"link.db"_s);
    QVERIFY(QFile::link(own.path(), link));
    const QString backup = elsewhere.filePath(u"backup.db"_s);
    QVERIFY(QFile::copy(own.path(), backup));

    for (const QString &path : {own.path(), link, QString(own.path() + u"-shm"_s)}) {
        const auto read = readForeignGateway(path, folder);
        QVERIFY(!read);
        QVERIFY2(read.error().message.english().contains(u"Gatehouse's own folder"_s),
                 qPrintable(read.error().message.english()));
    }
    const auto read = readForeignGateway(backup, folder);
    QVERIFY(!read);
    QVERIFY(read.error().message.english().contains(u"a database of Gatehouse itself"_s));
}

void ForeignGatewayTest::refusesADamagedDatabase()
{
    ForeignDatabase source;
    for (int i = 1; i < 200; ++i)
        source.addUser(i, u"user-%1"_s.arg(i), {{u"display_name"_s, QString(200, u'x')}});
    QByteArray bytes = source.bytes();
    bytes.replace(8 * 4096, bytes.size() - 8 * 4096, QByteArray(bytes.size() - 8 * 4096, '\xa5'));
    QTemporaryDir folder;
    const QString path = folder.filePath(u"damaged.db"_s);
    QVERIFY(write(path, bytes));

    const auto read = readForeignGateway(path, workFolder());

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unavailable);
    QVERIFY2(read.error().message.english().contains(u"damaged"_s),
             qPrintable(read.error().message.english()));
}

// What a program leaves that is killed within a transaction: changed pages, and a journal with what
// they held before.
void ForeignGatewayTest::playsBackALeftJournal()
{
    ForeignDatabase source;
    source.run(u"PRAGMA cache_size = 5"_s);
    source.run(u"BEGIN"_s);
    for (int i = 1; i <= 500; ++i)
        source.addUser(i, u"user-%1"_s.arg(i), {{u"display_name"_s, QString(500, u'x')}});
    source.run(u"COMMIT"_s);
    source.run(u"BEGIN"_s);
    source.run(u"UPDATE users SET quota = 99, display_name = 'half done'"_s);
    QTemporaryDir folder;
    const QString crashed = folder.filePath(u"one-api.db"_s);
    QVERIFY(QFile::copy(source.path(), crashed));
    QVERIFY(QFile::copy(source.path() + u"-journal"_s, crashed + u"-journal"_s));
    source.run(u"ROLLBACK"_s);
    QFile image(crashed);
    QVERIFY(image.open(QIODevice::ReadOnly));
    const QByteArray before = image.readAll();
    QVERIFY(before.contains("half done"));

    const auto read = readForeignGateway(crashed, workFolder());

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english() + read.error().detail));
    QCOMPARE(read->users.size(), size_t(500));
    for (const storage::ForeignUser &user : read->users) {
        QCOMPARE(user.balance, 0);
        QCOMPARE(user.displayName.size(), 500);
    }
    QVERIFY(image.seek(0));
    QCOMPARE(image.readAll(), before);
    QVERIFY(QFile::exists(crashed + u"-journal"_s));
}

void ForeignGatewayTest::readsWhatIsInUse_data()
{
    QTest::addColumn<QString>("mode");

    QTest::newRow("with a rollback journal") << u"DELETE"_s;
    QTest::newRow("with a write-ahead log") << u"WAL"_s;
}

void ForeignGatewayTest::readsWhatIsInUse()
{
    QFETCH(QString, mode);
    ForeignDatabase source;
    source.run(u"PRAGMA journal_mode = %1"_s.arg(mode));
    source.addUser(1, u"stored"_s);
    source.run(u"BEGIN IMMEDIATE"_s);
    source.addUser(2, u"not stored yet"_s);

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english() + read.error().detail));
    QCOMPARE(read->users.size(), size_t(1));
    QCOMPARE(read->users.front().username, u"stored"_s);
    source.run(u"COMMIT"_s);
    QCOMPARE(readForeignGateway(source.path(), workFolder())->users.size(), size_t(2));
}

// A copy would keep the other program from writing for as long as it takes.
void ForeignGatewayTest::readsAFileWhereItLies()
{
    ForeignDatabase source;
    source.addUser(1, u"alice"_s);
    for (int i = 11; i <= 20; ++i)
        source.add(u"logs"_s, {{u"id"_s, i}});
    const QString nowhere = source.filePath(u"there/is/no/such/folder"_s);

    const auto read = readForeignGateway(source.path(), nowhere);

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english()));
    QCOMPARE(read->users.size(), size_t(1));
    QCOMPARE(read->logs, 10);
    source.addUser(2, u"bob"_s); // nobody holds a lock
    source.run(u"PRAGMA journal_mode = WAL"_s);
    QVERIFY(!readForeignGateway(source.path(), nowhere));
}

void ForeignGatewayTest::endsWhenItIsStopped_data()
{
    QTest::addColumn<QString>("mode");

    QTest::newRow("reading") << u"DELETE"_s;
    QTest::newRow("copying") << u"WAL"_s;
}

void ForeignGatewayTest::endsWhenItIsStopped()
{
    QFETCH(QString, mode);
    ForeignDatabase source;
    source.run(u"PRAGMA journal_mode = %1"_s.arg(mode));
    source.run(u"BEGIN"_s);
    for (int i = 1; i <= 2'000; ++i)
        source.addUser(i, u"user-%1"_s.arg(i));
    source.run(u"COMMIT"_s);
    std::stop_source stop;
    stop.request_stop();

    const auto read = readForeignGateway(source.path(), workFolder(), stop.get_token());

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Cancelled);
    QVERIFY(QDir(workFolder()).isEmpty());
}

void ForeignGatewayTest::tellsDamageOfTheFileThatWasChosen_data()
{
    QTest::addColumn<char>("journal"); // as the header has it

    QTest::newRow("read where it lies") << char(1);
    QTest::newRow("copied") << char(2);
}

void ForeignGatewayTest::tellsDamageOfTheFileThatWasChosen()
{
    QFETCH(char, journal);
    ForeignDatabase source;
    source.addUser(1, u"alice"_s);
    QByteArray bytes = source.bytes();
    bytes[18] = journal;
    bytes[19] = journal;
    bytes.replace(100, 2'000, QByteArray(2'000, '\xa5'));
    QTemporaryDir folder;
    const QString path = folder.filePath(u"damaged.db"_s);
    QVERIFY(write(path, bytes));

    const auto read = readForeignGateway(path, workFolder());

    QVERIFY(!read);
    const QString words = read.error().message.english();
    QVERIFY2(words.contains(path) && words.contains(u"damaged"_s), qPrintable(words));
    QVERIFY2(!words.contains(u"copy.db"_s), qPrintable(words));
    QVERIFY2(words.contains(u".recover"_s), qPrintable(words));
}

void ForeignGatewayTest::followsALink()
{
    ForeignDatabase source;
    source.run(u"PRAGMA journal_mode = WAL"_s);
    source.addUser(1, u"alice"_s); // stands in the log beside the file alone
    QTemporaryDir folder;
    const QString link = folder.filePath(u"link.db"_s);
    QVERIFY(QFile::link(source.path(), link));

    const auto read = readForeignGateway(link, workFolder());

    QVERIFY(read);
    QCOMPARE(read->users.size(), size_t(1));
}

void ForeignGatewayTest::removesCopiesOfAKilledProgram()
{
    QTemporaryDir folder;
    const QDir place(folder.path());
    const auto fill = [&place](const QString &name, const QStringList &files) {
        QVERIFY(place.mkpath(name));
        for (const QString &file : files)
            QVERIFY(write(place.filePath(name + u'/' + file), "keys in plain text"));
    };
    const QStringList parts{u"copy.db"_s, u"copy.db-wal"_s, u"copy.db-shm"_s};
    fill(u".gatehouse-imports/aBcDeF"_s, parts);
    fill(u".gatehouse-imports/gHiJkL"_s, {}); // it was killed before the first byte
    fill(u".gatehouse-imports/oneapi"_s, {u"copy.db"_s, u"notes.txt"_s});
    // Somebody's own, though they look alike.
    fill(u".gatehouse-import-aBcDeF"_s, parts);
    fill(u"import-aBcDeF"_s, parts);
    fill(u"aBcDeF"_s, parts);
    QTemporaryDir elsewhere;
    QVERIFY(QDir(elsewhere.path()).mkpath(u"other/aBcDeF"_s));
    QVERIFY(write(elsewhere.filePath(u"other/aBcDeF/copy.db"_s), "theirs"));
    QVERIFY(
        QFile::link(elsewhere.filePath(u"other"_s), elsewhere.filePath(u".gatehouse-imports"_s)));
    QVERIFY(write(place.filePath(u"gatehouse.db"_s), "x"));

    storage::removeLeftCopies(folder.path());
    storage::removeLeftCopies(elsewhere.path());

    const auto all = QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot;
    QCOMPARE(place.entryList(all, QDir::Name),
             (QStringList{u".gatehouse-import-aBcDeF"_s,
                          u".gatehouse-imports"_s,
                          u"aBcDeF"_s,
                          u"gatehouse.db"_s,
                          u"import-aBcDeF"_s}));
    QCOMPARE(QDir(place.filePath(u".gatehouse-imports"_s)).entryList(all),
             QStringList(u"oneapi"_s));
    QVERIFY(place.exists(u".gatehouse-imports/oneapi/notes.txt"_s));
    QVERIFY(QFile::exists(elsewhere.filePath(u"other/aBcDeF/copy.db"_s)));
    QVERIFY(QDir(place.filePath(u".gatehouse-imports/oneapi"_s)).removeRecursively());
    storage::removeLeftCopies(folder.path());
    QVERIFY(!place.exists(u".gatehouse-imports"_s));
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
