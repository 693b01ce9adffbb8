#include "admin/import/importstore.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/trash.h"
#include "storage/repositories/userrepository.h"
#include "support/administrationfixture.h"
#include "support/foreigndatabase.h"

#include <QDir>
#include <QFileInfo>
#include <QHostAddress>
#include <QSemaphore>

#include <atomic>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using storage::Keys;
using support::AdministrationFixture;
using support::ForeignDatabase;

class ImportServiceTest : public QObject
{
    Q_OBJECT

private:
    template<typename Read>
    static auto read(AdministrationFixture &house, Read function)
    {
        return house.wait(house.storage->read(std::move(function)));
    }
    static std::vector<domain::Token> tokensOf(AdministrationFixture &house)
    {
        return *read(house, [sealer = house.sealer.get()](storage::Database &database) {
            return storage::TokenRepository(database, *sealer).all(Keys::Open);
        });
    }
    static std::optional<domain::User> userNamed(AdministrationFixture &house, const QString &name)
    {
        return *read(house, [name](storage::Database &database) {
            return storage::UserRepository(database).findByName(name);
        });
    }
    static base::Result<ImportReport> carryOut(AdministrationFixture &house, const QString &path)
    {
        return house.wait(house.administration->imports.carryOut(house.root(), path));
    }

private slots:
    void changesNothingAsAPlan();
    void storesAndPutsInForce();
    void signsInWithTheOldPassword();
    void storesAllOrNothing();
    void storesInSlices();
    void stopsBetweenSlices();
    void plansAnewWhatWasOvertaken();
    void listsOnlySoMuch();
    void bringsWhatIsNewTheSecondTime();
    void knowsPeopleAgain();
    void bringsNothingBackThatWasDeleted_data();
    void bringsNothingBackThatWasDeleted();
    void knowsChannelsAgain();
    void mapsInvitersAndOwners();
    void givesOthersTheNextNumbers();
    void makesASafetyCopy();
    void makesNoSafetyCopyOfNothing();
    void tellsWhatIsNotInForceYet();
    void endsWhenItIsCancelled();
    void endsWhenAllIsStopped();
    void heedsALateCancel_data();
    void heedsALateCancel();
    void keepsTheLastOutcome();
    void bringsAChannelOnceItsTwinIsGone();
    void looksAtAConfiguration();
    void takesWhatIsChosen();
    void takesNothingOnceCancelled();
    void takesAllThatIsNew();
    void takesCcSwitch();
    void takesAllOrNothing();
    void leavesLargeFiles();
    void isForRootAlone();
    void refusesItsOwnDatabase();
    void leavesNoCopyBehind();

private:
    // In a folder that is not the program's own.
    QString write(const QString &name, const QByteArray &text)
    {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("%s cannot be written", qPrintable(path));
        return path;
    }
    static std::vector<domain::Channel> channelsOf(AdministrationFixture &house)
    {
        return *read(house, [sealer = house.sealer.get()](storage::Database &database) {
            return storage::ChannelRepository(database, *sealer).all(Keys::Open);
        });
    }

    QTemporaryDir m_folder;
};

static const QByteArray liteLlm = R"(model_list:
  - {model_name: a, litellm_params: {model: openai/gpt-4o, api_key: os.environ/THE_KEY}}
  - {model_name: b, litellm_params: {model: anthropic/claude, api_key: sk-ant-0123456789}}
  - {model_name: c, litellm_params: {model: bedrock/claude}}
)";
static const QMap<QString, QString> withKey{{u"THE_KEY"_s, u"sk-of-the-environment"_s}};

void ImportServiceTest::looksAtAConfiguration()
{
    AdministrationFixture house(withKey);
    house.start();
    const QString path = write(u"config.yaml"_s, liteLlm);
    QCOMPARE(house.wait(house.administration->imports.look(house.root(), path))->fresh().size(),
             size_t(2));
    house.wait(house.administration->channels.create(
        {{.type = domain::provider::openAi,
          .name = u"by hand"_s,
          .keys = {{.secret = base::Secret(QByteArray("sk-of-the-environment"))}}}}));

    const auto preview = house.wait(house.administration->imports.look(house.root(), path));
    const auto plan = house.wait(house.administration->imports.plan(house.root(), path));

    QVERIFY2(preview, preview ? "" : qPrintable(preview.error().message.english()));
    QCOMPARE(preview->report.source, ImportSource::LiteLlm);
    QCOMPARE(preview->channels.size(), size_t(2));
    QCOMPARE(preview->channels[0].present, u"by hand"_s);
    QCOMPARE(preview->fresh(), std::vector<size_t>{1});
    QVERIFY(plan);
    QVERIFY(!plan->stored);
    QCOMPARE(plan->count(ImportKind::Channel), (ImportReport::Count{3, 1}));
    QCOMPARE(plan->skipped.size(), size_t(2));
    QCOMPARE(plan->skipped[0].cause, ImportNote::Cause::Unusable);
    QCOMPARE(plan->skipped[1].cause, ImportNote::Cause::Present);
    QVERIFY(plan->isPartial());
    QCOMPARE(channelsOf(house).size(), size_t(1));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), liteLlm);
}

void ImportServiceTest::takesWhatIsChosen()
{
    AdministrationFixture house(withKey);
    house.start();
    const QString path = write(u"config.yaml"_s, liteLlm);
    ImportService &imports = house.administration->imports;
    const auto preview = house.wait(imports.look(house.root(), path));

    const auto report = house.wait(imports.take(house.root(), path, *preview, {1}));

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QVERIFY(report->stored);
    QCOMPARE(report->count(ImportKind::Channel), (ImportReport::Count{3, 1}));
    const auto channels = channelsOf(house);
    QCOMPARE(channels.size(), size_t(1));
    QCOMPARE(channels.front().type, domain::provider::anthropic);
    QCOMPARE(channels.front().keys.front().secret.reveal(), QByteArray("sk-ant-0123456789"));
    QCOMPARE(channels.front().modelMapping.value(u"b"_s), u"claude"_s);
    QVERIFY(channels.front().createdAt > 0);
    QVERIFY(house.administration->publisher.catalog()->channel(channels.front().id));
    QVERIFY(imports.lastOutcome());
    QCOMPARE(imports.lastOutcome()->path, path);
}

// What stores before it takes long.
void ImportServiceTest::takesNothingOnceCancelled()
{
    AdministrationFixture house(withKey);
    house.start();
    const QString path = write(u"config.yaml"_s, liteLlm);
    ImportService &imports = house.administration->imports;
    const auto preview = house.wait(imports.look(house.root(), path));
    QSemaphore gate;
    const auto before = house.storage->write([&gate](storage::Database &) {
        gate.acquire();
        return base::Result<>();
    });
    std::stop_source stop;
    const auto asked = imports.take(house.root(), path, *preview, {0, 1}, stop);

    stop.request_stop();
    gate.release();

    QVERIFY(house.wait(before));
    QCOMPARE(house.wait(asked).error().code, ErrorCode::Cancelled);
    QVERIFY(channelsOf(house).empty());
    QVERIFY(!imports.lastOutcome());
    QVERIFY(house.wait(imports.take(house.root(), path, *preview, {0, 1})));
}

void ImportServiceTest::takesAllThatIsNew()
{
    AdministrationFixture house(withKey);
    house.start();
    const QString path = write(u"config.yaml"_s, liteLlm);

    const auto first = carryOut(house, path);
    const auto second = carryOut(house, path);

    QVERIFY2(first, first ? "" : qPrintable(first.error().message.english()));
    QCOMPARE(first->count(ImportKind::Channel), (ImportReport::Count{3, 2}));
    QCOMPARE(second->count(ImportKind::Channel), (ImportReport::Count{3, 0}));
    QVERIFY(second->stored);
    QCOMPARE(channelsOf(house).size(), size_t(2));
}

void ImportServiceTest::takesCcSwitch()
{
    AdministrationFixture house;
    house.isOwnAddress = [](const QString &host, quint16 port) {
        return host == u"127.0.0.1"_s && port == 3000;
    };
    house.start();
    ForeignDatabase source(ForeignDatabase::ccSwitchSchema());
    source.addProvider(u"gemini"_s, u"Mine"_s, R"({"env":{"GEMINI_API_KEY":"AIza0123456789abc"}})");
    source.addProvider(u"claude"_s,
                       u"This gateway"_s,
                       R"({"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:3000",
                           "ANTHROPIC_AUTH_TOKEN":"sk-of-a-token-0123456789"}})");

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QCOMPARE(report->source, ImportSource::CcSwitch);
    QCOMPARE(report->count(ImportKind::Channel), (ImportReport::Count{2, 1}));
    QCOMPARE(channelsOf(house).front().name, u"Mine"_s);
    QVERIFY(report->skipped.front().text.english().contains(u"this gateway itself"_s));
}

void ImportServiceTest::takesAllOrNothing()
{
    AdministrationFixture house(withKey);
    house.start();
    const QString path = write(u"config.yaml"_s, liteLlm);
    ImportService &imports = house.administration->imports;
    auto preview = house.wait(imports.look(house.root(), path));
    preview->channels[1].channel.name.clear(); // which nobody could save

    const auto report = house.wait(imports.take(house.root(), path, *preview, {0, 1}));

    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidInput);
    QVERIFY(channelsOf(house).empty());
}

void ImportServiceTest::leavesLargeFiles()
{
    AdministrationFixture house;
    house.start();
    const QString path = write(u"config.yaml"_s, liteLlm);

    const auto preview = house.wait(house.administration->imports.look(house.root(), path, {}, 10));

    QCOMPARE(preview.error().code, ErrorCode::LimitReached);
}

void ImportServiceTest::changesNothingAsAPlan()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    source.addToken(1, 5);
    source.addChannel(3, 1);
    source.addChannel(4, 99);
    source.setOption(u"RetryTimes"_s, u"9"_s);

    const auto report = house.wait(house.administration->imports.plan(house.root(), source.path()));

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QVERIFY(!report->stored);
    QCOMPARE(report->source, ImportSource::OneApi);
    QCOMPARE(report->count(ImportKind::User), (ImportReport::Count{1, 1}));
    QCOMPARE(report->count(ImportKind::Token), (ImportReport::Count{1, 1}));
    QCOMPARE(report->count(ImportKind::Channel), (ImportReport::Count{2, 1}));
    QCOMPARE(report->count(ImportKind::Setting), (ImportReport::Count{1, 1}));
    QVERIFY(report->isPartial());
    QVERIFY(report->safetyCopy.isEmpty());
    QVERIFY(!userNamed(house, u"alice"_s));
    QVERIFY(house.wait(house.administration->channels.list({}))->empty());
    QVERIFY(house.administration->settings.current().relay.retries != 9);
    QVERIFY(house.wait(house.administration->backups.list())->empty());
}

void ImportServiceTest::storesAndPutsInForce()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5,
                   u"alice"_s,
                   {{u"quota"_s, -3},
                    {u"group"_s, u"vip"_s},
                    {u"access_token"_s, u"0123456789abcdef0123456789abcdef"_s}});
    source.addToken(8, 5, {{u"remain_quota"_s, 70}, {u"models"_s, u"m"_s}});
    source.addChannel(3, 1, {{u"key"_s, u"sk-one\nsk-two"_s}, {u"group"_s, u"default,vip"_s}});
    source.setOption(u"GroupRatio"_s, uR"({"default":1,"vip":0.5})"_s);
    source.setOption(u"RetryTimes"_s, u"9"_s);

    const auto plan = house.wait(house.administration->imports.plan(house.root(), source.path()));
    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QVERIFY(report->stored);
    QCOMPARE(report->counts, plan->counts);
    QCOMPARE(report->skipped, plan->skipped);
    QCOMPARE(report->altered, plan->altered);
    const auto catalog = house.administration->publisher.catalog();
    const domain::CatalogToken *token = catalog->tokenByHash(
        secrets::viewOf(secrets::tokenKeyHash(ForeignDatabase::keyOf(8).toUtf8())));
    QVERIFY(token);
    QCOMPARE(token->token.id, domain::TokenId{8});
    QCOMPARE(token->token.userId, domain::UserId{5});
    QCOMPARE(token->token.models, QStringList{u"m"_s});
    QCOMPARE(house.admission->userBalance({5})->units, -3);
    QCOMPARE(house.admission->tokenBalance({5}, {8})->units, 70);
    QVERIFY(catalog->channel({3}));
    QCOMPARE(catalog->channel({3})->channel.keys.size(), 2);
    QVERIFY(catalog->group("vip"));
    QCOMPARE(catalog->settings().relay.retries, 9);
    const auto groups = house.wait(house.administration->groups.list());
    const auto vip = std::find_if(
        groups->begin(), groups->end(), [](const auto &group) { return group.name == "vip"; });
    QVERIFY(vip != groups->end());
    QCOMPARE(vip->ratioMillionths, 500'000);
    // As the management API takes it.
    const auto identity = house.wait(
        house.administration->sessions.byAccessToken("0123456789abcdef0123456789abcdef"));
    QCOMPARE(identity->state, Identity::State::Known);
    QCOMPARE(identity->user.username, u"alice"_s);
    // No key stands in the file.
    QFile file(house.databasePath());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QFile log(house.databasePath() + u"-wal"_s);
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray stored = file.readAll() + log.readAll();
    QVERIFY(!stored.contains("sk-one"));
    QVERIFY(!stored.contains(ForeignDatabase::keyOf(8).toUtf8()));
}

void ImportServiceTest::signsInWithTheOldPassword()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    source.addUser(6, u"by GitHub"_s, {{u"password"_s, u""_s}});
    QVERIFY(carryOut(house, source.path()));
    SessionService &sessions = house.administration->sessions;

    const auto signedIn = house.wait(sessions.signIn(
        u"alice"_s, base::Secret(ForeignDatabase::oldPassword), QHostAddress::LocalHost));

    QCOMPARE(signedIn->state, SignIn::State::SignedIn);
    QCOMPARE(signedIn->user.id, domain::UserId{5});
    const auto hash = [&] {
        return *read(house, [](storage::Database &database) {
            return storage::UserRepository(database).passwordHash({5});
        });
    };
    QTRY_VERIFY(hash().startsWith("$argon2id$"));
    for (const QByteArray &password : {QByteArray("wrong"), QByteArray("x")}) {
        QCOMPARE(house
                     .wait(sessions.signIn(
                         u"by GitHub"_s, base::Secret(password), QHostAddress::LocalHost))
                     ->state,
                 SignIn::State::Refused);
    }
}

// A trigger stands for whatever may go wrong late.
void ImportServiceTest::storesAllOrNothing()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    source.addToken(1, 5);
    source.addChannel(3, 1);
    source.addChannel(4, 1, {{u"name"_s, u"the last straw"_s}});
    QVERIFY(house.wait(house.storage->write([](storage::Database &database) {
        return storage::executeDirectly(
            database,
            u"CREATE TRIGGER fails BEFORE INSERT ON channels WHEN new.name = 'the last straw'"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    })));

    const auto report = carryOut(house, source.path());

    QVERIFY(!report);
    QVERIFY(!userNamed(house, u"alice"_s));
    QCOMPARE(tokensOf(house).size(), size_t(0));
    QVERIFY(house.wait(house.administration->channels.list({}))->empty());
}

// Several of each kind, so that owners and inviters lie in other slices.
void ImportServiceTest::storesInSlices()
{
    constexpr int count = 2 * int(ImportStore::sliceRows) + 7;
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.run(u"BEGIN"_s);
    for (int i = 1; i <= count; ++i) {
        source.addUser(i,
                       u"user-%1"_s.arg(i),
                       {{u"password"_s, u""_s}, {u"inviter_id"_s, i == 1 ? count : 1}});
        source.addToken(i, i);
    }
    for (int i = 1; i <= 60; ++i)
        source.addChannel(i, 1, {{u"key"_s, u"sk-%1-a\nsk-%1-b"_s.arg(i)}});
    source.run(u"COMMIT"_s);

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QCOMPARE(report->count(ImportKind::User), (ImportReport::Count{count, count}));
    const auto count30 = read(house, [](storage::Database &database) {
        return storage::UserRepository(database).find({30});
    });
    QCOMPARE(count30->username, u"user-30"_s);
    // Root is user 1 here, so that the first of them got the next number.
    const std::optional<domain::User> first = userNamed(house, u"user-1"_s);
    QCOMPARE(first->id, domain::UserId{count + 1});
    QCOMPARE(first->inviter, domain::UserId{count});
    QCOMPARE(count30->inviter, first->id);
    const std::vector<domain::Token> tokens = tokensOf(house);
    QCOMPARE(tokens.size(), size_t(count));
    for (const domain::Token &token : tokens)
        QCOMPARE(token.userId.value, token.id.value == 1 ? count + 1 : token.id.value);
    const auto channels = read(house, [sealer = house.sealer.get()](storage::Database &database) {
        return storage::ChannelRepository(database, *sealer).all(Keys::Open);
    });
    QCOMPARE(channels->size(), size_t(60));
    for (const domain::Channel &channel : *channels) {
        QCOMPARE(channel.keys.size(), 2);
        QCOMPARE(channel.keys.front().secret.reveal(), u"sk-%1-a"_s.arg(channel.id.value).toUtf8());
    }
    // Nothing is left of the tables in which it was gathered.
    const auto left = house.wait(house.storage->write([](storage::Database &database) {
        return storage::numberOf(
            database, storage::execute(database, u"SELECT count(*) FROM sqlite_temp_master"_s));
    }));
    QCOMPARE(*left, 0);
}

// As soon as the first is there.
void ImportServiceTest::stopsBetweenSlices()
{
    constexpr int count = 8 * int(ImportStore::sliceRows);
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.run(u"BEGIN"_s);
    for (int i = 2; i <= count; ++i)
        source.addUser(i, u"user-%1"_s.arg(i), {{u"password"_s, u""_s}});
    source.run(u"COMMIT"_s);
    std::stop_source stop;
    const auto asked = house.administration->imports.carryOut(house.root(), source.path(), stop);
    const auto isGathering = [&house] {
        const auto rows = house.wait(house.storage->write([](storage::Database &database) {
            return storage::numberOf(
                database, storage::execute(database, u"SELECT count(*) FROM sqlite_temp_master"_s));
        }));
        return rows && *rows > 0;
    };
    while (!asked.isFinished() && !isGathering()) { // which lets events pass
    }

    stop.request_stop();

    const auto report = house.wait(asked);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Cancelled);
    const auto users = read(house, [](storage::Database &database) {
        return storage::UserRepository(database).count();
    });
    QCOMPARE(*users, 1);
    QVERIFY(!isGathering());
    QVERIFY(carryOut(house, source.path())); // with the numbers that they had there
    QCOMPARE(userNamed(house, u"user-2"_s)->id, domain::UserId{2});
}

// A user is made here while the import is being gathered, with a number that one there has.
void ImportServiceTest::plansAnewWhatWasOvertaken()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(2, u"alice"_s, {{u"password"_s, u""_s}});
    ImportPlan plan;
    const auto ground = read(house, [sealer = house.sealer.get()](storage::Database &database) {
        return importGround(database, *sealer, {}, 0);
    });
    QVERIFY(ground);
    plan.users.push_back(
        {.source = 2, .user = {.id = {2}, .username = u"alice"_s, .group = "default"}});
    ImportStore store(*house.sealer, plan, *ground);
    QVERIFY(house.wait(house.storage->write(
        [&store](storage::Database &database) { return store.gather(database); })));
    const bool isMade = house
                            .wait(house.storage->write([](storage::Database &database) {
                                return storage::UserRepository(database).insert(
                                    {.username = u"bob"_s, .group = "default"}, "hash");
                            }))
                            .has_value();
    QVERIFY(isMade);

    const auto settled = house.wait(house.storage->write(
        [&store](storage::Database &database) { return store.settle(database); }));

    QVERIFY(!settled);
    QCOMPARE(settled.error().code, ErrorCode::Conflict);
    QVERIFY(!userNamed(house, u"alice"_s));
    QVERIFY(carryOut(house, source.path()));
    QCOMPARE(userNamed(house, u"alice"_s)->id, domain::UserId{3});
}

void ImportServiceTest::listsOnlySoMuch()
{
    ImportReport report;

    for (int i = 0; i < ImportReport::mostNotes + 3; ++i)
        report.skip(ImportKind::User, u"gone"_s, ImportNote::Cause::Deleted, {});
    report.skip(ImportKind::User, u"odd"_s, ImportNote::Cause::Unusable, {});

    QCOMPARE(qint64(report.skipped.size()), ImportReport::mostNotes + 1);
    QCOMPARE(report.unlisted(ImportNote::Cause::Deleted), 3);
    QCOMPARE(report.unlisted(ImportNote::Cause::Unusable), 0);
    QVERIFY(report.isPartial());
}

void ImportServiceTest::bringsWhatIsNewTheSecondTime()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(1, u"root"_s, {{u"role"_s, 100}});
    source.addUser(5, u"alice"_s, {{u"password"_s, u""_s}});
    source.addToken(1, 1);
    source.addToken(2, 5);
    source.addChannel(3, 1);
    QVERIFY(carryOut(house, source.path()));
    source.addUser(6, u"bob"_s, {{u"password"_s, u""_s}});
    source.addToken(3, 5);
    source.addToken(4, 6);
    source.addChannel(4, 1);

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QCOMPARE(report->count(ImportKind::User), (ImportReport::Count{3, 1}));
    QCOMPARE(report->count(ImportKind::Token), (ImportReport::Count{4, 2}));
    QCOMPARE(report->count(ImportKind::Channel), (ImportReport::Count{2, 1}));
    QVERIFY(!report->isPartial());
    const std::optional<domain::User> root = userNamed(house, u"root-2"_s);
    QVERIFY(root);
    QCOMPARE(root->role, domain::Role::User);
    QVERIFY(!userNamed(house, u"root-3"_s));
    QVERIFY(!userNamed(house, u"alice-2"_s));
    for (const domain::Token &token : tokensOf(house)) {
        if (token.name == "token-3"_L1)
            QCOMPARE(token.userId, userNamed(house, u"alice"_s)->id);
    }
    QCOMPARE(house.wait(house.administration->channels.list({}))->size(), size_t(2));
}

// Whatever of them has changed meanwhile, here or there.
void ImportServiceTest::knowsPeopleAgain()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(
        5, u"by GitHub"_s, {{u"password"_s, u""_s}, {u"aff_code"_s, u"AbCd"_s}, {u"quota"_s, 900}});
    source.addUser(6, u"signs in"_s, {{u"quota"_s, 900}});
    source.addUser(7, u"named otherwise there"_s, {{u"aff_code"_s, u"EfGh"_s}});
    source.addUser(8, u"without anything"_s, {{u"password"_s, u""_s}});
    source.addUser(9, u"with another password there"_s);
    QVERIFY(carryOut(house, source.path()));
    QVERIFY(house.wait(house.storage->write([](storage::Database &database) {
        storage::UserRepository users(database);
        return users.setPasswordHash({6}, "$argon2id$v=19$renewed").and_then([&](qint64) {
            domain::User user = users.find({5}).value();
            user.username = u"renamed"_s;
            return users.update(user).and_then([&] { return users.adjustBalance({5}, {-800}); });
        });
    })));
    source.run(u"UPDATE users SET username = 'new name', password = 'x' WHERE id = 7"_s);
    source.run(u"UPDATE users SET password = 'x' WHERE id = 9"_s);
    source.addToken(1, 5);

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QCOMPARE(report->count(ImportKind::User), (ImportReport::Count{5, 0}));
    QCOMPARE(report->count(ImportKind::Token), (ImportReport::Count{1, 1}));
    QCOMPARE(tokensOf(house).front().userId, domain::UserId{5});
    QCOMPARE(userNamed(house, u"renamed"_s)->balance.units, 100);
    const auto count = read(house, [](storage::Database &database) {
        return storage::UserRepository(database).count();
    });
    QCOMPARE(*count, 6); // with root
}

void ImportServiceTest::bringsNothingBackThatWasDeleted_data()
{
    QTest::addColumn<bool>("purged");

    QTest::newRow("just now") << false;
    QTest::newRow("long ago") << true;
}

void ImportServiceTest::bringsNothingBackThatWasDeleted()
{
    QFETCH(bool, purged);
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    source.addUser(6, u"bob"_s);
    source.addToken(1, 5, {{u"name"_s, u"revoked"_s}});
    source.addToken(2, 5, {{u"name"_s, u"rotated"_s}});
    source.addToken(3, 6, {{u"name"_s, u"of bob"_s}});
    source.addChannel(3, 1);
    QVERIFY(carryOut(house, source.path()));
    QVERIFY(house.wait(house.storage->write(
        [purged, sealer = house.sealer.get()](storage::Database &database) -> base::Result<> {
            storage::TokenRepository tokens(database, *sealer);
            const QByteArray key = "a-key-of-this-gateway-alone-and-no-other";
            domain::Token rotated = tokens.findOfAnyone({2}, Keys::Open).value();
            rotated.key = base::Secret(key);
            rotated.keyHash = secrets::viewOf(secrets::tokenKeyHash(key)).toByteArray();
            return tokens.remove({5}, {1}, 1'000)
                .and_then([&] { return tokens.rotate(rotated, {}, 0); })
                .and_then([&] { return storage::UserRepository(database).remove({6}, 1'000); })
                .and_then([&] {
                    return storage::ChannelRepository(database, *sealer).remove({3}, 1'000);
                })
                .and_then([&] {
                    return purged ? storage::purgeDeleted(database, 2'000) : base::Result<>();
                });
        })));

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    for (const ImportKind kind : {ImportKind::User, ImportKind::Token, ImportKind::Channel})
        QCOMPARE(report->count(kind).imported, 0);
    QVERIFY(!report->isPartial());
    QMap<QString, ImportNote::Cause> causes;
    for (const ImportNote &note : report->skipped)
        causes.insert(note.name, note.cause);
    using Cause = ImportNote::Cause;
    QCOMPARE(causes,
             (QMap<QString, Cause>{{u"alice"_s, Cause::Present},
                                   {u"bob"_s, Cause::Deleted},
                                   {u"revoked"_s, Cause::Deleted},
                                   {u"rotated"_s, Cause::Present},
                                   {u"of bob"_s, Cause::Deleted},
                                   {u"channel-3"_s, Cause::Deleted}}));
    QCOMPARE(tokensOf(house).size(), size_t(1));
    QVERIFY(!userNamed(house, u"bob"_s));
    QVERIFY(house.wait(house.administration->channels.list({}))->empty());
}

void ImportServiceTest::knowsChannelsAgain()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addChannel(3, 1, {{u"created_time"_s, 1'700'000'000}});
    source.addChannel(4, 1, {{u"key"_s, u""_s}, {u"name"_s, u"local"_s}});
    QVERIFY(carryOut(house, source.path()));
    QVERIFY(
        house.wait(house.storage->write([sealer = house.sealer.get()](storage::Database &database) {
            storage::ChannelRepository channels(database, *sealer);
            domain::Channel channel = channels.find({3}, Keys::Open).value();
            channel.baseUrl = u"https://elsewhere.example"_s;
            channel.keys = {{.secret = base::Secret(u"sk-new-here"_s)}};
            return channels.update(channel);
        })));
    source.run(u"UPDATE channels SET key = 'sk-new-there' WHERE id = 3"_s);
    source.addChannel(5, 1);

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QCOMPARE(report->count(ImportKind::Channel), (ImportReport::Count{3, 1}));
    QCOMPARE(house.wait(house.administration->channels.list({}))->size(), size_t(3));
}

void ImportServiceTest::mapsInvitersAndOwners()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(1, u"first"_s, {{u"inviter_id"_s, 2}}); // its number is taken here
    source.addUser(2, u"second"_s, {{u"inviter_id"_s, 1}});
    source.addUser(3, u"third"_s, {{u"inviter_id"_s, 4711}});
    source.addToken(1, 1);

    QVERIFY(carryOut(house, source.path()));

    const auto first = userNamed(house, u"first"_s);
    QVERIFY(first->id != domain::UserId{1});
    QCOMPARE(first->inviter, domain::UserId{2});
    QCOMPARE(userNamed(house, u"second"_s)->id, domain::UserId{2});
    QCOMPARE(userNamed(house, u"second"_s)->inviter, first->id);
    QCOMPARE(userNamed(house, u"third"_s)->inviter, domain::UserId{});
    QCOMPARE(tokensOf(house).front().userId, first->id);
}

void ImportServiceTest::givesOthersTheNextNumbers()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(1, u"first"_s);
    source.addUser(40, u"fortieth"_s);

    QVERIFY(carryOut(house, source.path()));

    QCOMPARE(userNamed(house, u"first"_s)->id, domain::UserId{41});
    const auto made = house.wait(house.administration->users.create(
        house.root(), {.username = u"later"_s, .password = base::Secret(u"a long one"_s)}));
    QVERIFY2(made, made ? "" : qPrintable(made.error().message.english()));
    QCOMPARE(userNamed(house, u"later"_s)->id, domain::UserId{42});
}

void ImportServiceTest::makesASafetyCopy()
{
    AdministrationFixture house;
    house.start();
    QTemporaryDir folder;
    QVERIFY(house.wait(
        house.administration->settings.set(u"storage.backup_directory"_s, folder.path())));
    QSignalSpy changed(&house.administration->backups, &BackupService::changed);
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);

    const auto report = carryOut(house, source.path());

    QVERIFY(report);
    QVERIFY2(report->safetyCopy.startsWith(folder.path()), qPrintable(report->safetyCopy));
    QCOMPARE(house.wait(house.administration->backups.list())->front().reason, u"before-import"_s);
    QCOMPARE(house.wait(house.administration->backups.inspect(report->safetyCopy))->users, 1);
    QCOMPARE(changed.size(), 1);
}

void ImportServiceTest::makesNoSafetyCopyOfNothing()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    QVERIFY(carryOut(house, source.path()));

    const auto report = carryOut(house, source.path());

    QVERIFY(report);
    QVERIFY(report->stored);
    QVERIFY(report->safetyCopy.isEmpty());
    QCOMPARE(house.wait(house.administration->backups.list())->size(), size_t(1));
}

// Of what is stored there is a report, whatever comes after.
void ImportServiceTest::tellsWhatIsNotInForceYet()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    const auto rename = [&](const QString &sql) {
        return house.wait(house.storage->write([sql](storage::Database &database) {
            return storage::executeDirectly(database, sql);
        }));
    };
    QVERIFY(rename(u"ALTER TABLE model_prices RENAME TO hidden"_s));

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QVERIFY(report->stored);
    QCOMPARE(report->count(ImportKind::User).imported, 1);
    QVERIFY(report->pending.english().contains(u"not in force yet"_s));
    QVERIFY(userNamed(house, u"alice"_s));
    QVERIFY(rename(u"ALTER TABLE hidden RENAME TO model_prices"_s));
    QTRY_VERIFY(house.administration->publisher.catalog()->user({5}));
}

// The other program is in the middle of writing, so that there is something to wait for.
void ImportServiceTest::endsWhenItIsCancelled()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    source.run(u"BEGIN EXCLUSIVE"_s);
    ImportService &imports = house.administration->imports;
    std::stop_source stop;
    const auto asked = imports.carryOut(house.root(), source.path(), stop);
    const auto askedByAnother = imports.carryOut(house.root(), source.path());

    stop.request_stop();

    const auto report = house.wait(asked);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Cancelled);
    QVERIFY(!userNamed(house, u"alice"_s));
    source.run(u"ROLLBACK"_s);
    QVERIFY(house.wait(askedByAnother));
    QVERIFY(userNamed(house, u"alice"_s));
}

void ImportServiceTest::endsWhenAllIsStopped()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    source.run(u"BEGIN EXCLUSIVE"_s);
    ImportService &imports = house.administration->imports;
    const auto planned = imports.plan(house.root(), source.path());
    const auto asked = imports.carryOut(house.root(), source.path());

    imports.stopAll();

    QCOMPARE(house.wait(planned).error().code, ErrorCode::Cancelled);
    QCOMPARE(house.wait(asked).error().code, ErrorCode::Cancelled);
    source.run(u"ROLLBACK"_s);
    QVERIFY(carryOut(house, source.path())); // what is asked later goes on
}

void ImportServiceTest::heedsALateCancel_data()
{
    QTest::addColumn<bool>("asPlan");
    QTest::addColumn<bool>("isNew"); // there is something to import

    QTest::newRow("a plan") << true << true;
    QTest::newRow("what is to be stored") << false << true;
    QTest::newRow("nothing to store") << false << false;
}

// The file was read already; what is here is being looked at.
void ImportServiceTest::heedsALateCancel()
{
    QFETCH(bool, asPlan);
    QFETCH(bool, isNew);
    std::stop_source stop;
    std::atomic<bool> isAsked = false;
    AdministrationFixture house;
    house.isOwnAddress = [&](const QString &, quint16) {
        if (isAsked)
            stop.request_stop();
        return false;
    };
    house.start();
    ForeignDatabase source;
    source.addChannel(3, 1, {{u"key"_s, u"sk-3"_s}});
    if (!isNew) {
        domain::Channel same;
        same.name = u"by hand"_s;
        same.keys = {{.secret = base::Secret(u"sk-3"_s)}};
        same.models = {u"m"_s};
        QVERIFY(house.wait(house.administration->channels.create({same})));
    }
    isAsked = true;
    ImportService &imports = house.administration->imports;

    const auto report = house.wait(asPlan ? imports.plan(house.root(), source.path(), stop)
                                          : imports.carryOut(house.root(), source.path(), stop));

    QVERIFY(stop.stop_requested());
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Cancelled);
    QVERIFY(house.wait(house.administration->backups.list())->empty());
    QVERIFY(!imports.lastOutcome());
}

void ImportServiceTest::keepsTheLastOutcome()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    ImportService &imports = house.administration->imports;
    QVERIFY(house.wait(imports.plan(house.root(), source.path())));
    QVERIFY(!imports.lastOutcome());

    const auto report = carryOut(house, source.path());

    QVERIFY(report && imports.lastOutcome());
    QCOMPARE(imports.lastOutcome()->path, source.path());
    QCOMPARE(imports.lastOutcome()->report.value(), *report);
    QVERIFY(!carryOut(house, source.filePath(u"none"_s)));
    QCOMPARE(imports.lastOutcome()->report.error().code, ErrorCode::NotFound);
}

// It was left out because its key was here, not imported.
void ImportServiceTest::bringsAChannelOnceItsTwinIsGone()
{
    AdministrationFixture house;
    house.start();
    domain::Channel twin;
    twin.name = u"by hand"_s;
    twin.keys = {{.secret = base::Secret(u"sk-3"_s)}};
    twin.models = {u"m"_s};
    const auto made = house.wait(house.administration->channels.create({twin}));
    QVERIFY(made);
    ForeignDatabase source;
    source.addChannel(3, 1, {{u"key"_s, u"sk-3"_s}});
    const auto first = carryOut(house, source.path());
    QVERIFY(first);
    QCOMPARE(first->count(ImportKind::Channel), (ImportReport::Count{1, 0}));
    QVERIFY(house.wait(house.storage->write(
        [id = made->front().id, sealer = house.sealer.get()](storage::Database &database) {
            return storage::ChannelRepository(database, *sealer).remove(id, 1'000);
        })));

    const auto report = carryOut(house, source.path());

    QVERIFY2(report, report ? "" : qPrintable(report.error().message.english()));
    QCOMPARE(report->count(ImportKind::Channel), (ImportReport::Count{1, 1}));
}

void ImportServiceTest::isForRootAlone()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    Actor administrator = house.root();
    administrator.role = domain::Role::Administrator;

    const auto report =
        house.wait(house.administration->imports.carryOut(administrator, source.path()));

    QCOMPARE(report.error().code, ErrorCode::Denied);
    QCOMPARE(house.wait(house.administration->imports.take(administrator, source.path(), {}, {}))
                 .error()
                 .code,
             ErrorCode::Denied);
    QCOMPARE(
        house.wait(house.administration->imports.plan(administrator, source.path())).error().code,
        ErrorCode::Denied);
    QVERIFY(!userNamed(house, u"alice"_s));
}

void ImportServiceTest::refusesItsOwnDatabase()
{
    AdministrationFixture house;
    house.start();

    const auto report = carryOut(house, house.databasePath());

    QVERIFY(!report);
    QVERIFY(report.error().message.english().contains(u"Gatehouse's own folder"_s));
    // It goes on working, with its locks.
    QVERIFY(house.wait(house.administration->settings.set(u"relay.retries"_s, u"4"_s)));
}

void ImportServiceTest::leavesNoCopyBehind()
{
    AdministrationFixture house;
    house.start();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    const QDir folder = QFileInfo(house.databasePath()).dir();

    QVERIFY(house.wait(house.administration->imports.plan(house.root(), source.path())));

    QVERIFY(!folder.exists(u".gatehouse-imports"_s));
    house.stop();
    QVERIFY(folder.mkpath(u".gatehouse-imports/aBcDeF"_s)); // of a program that was killed
    house.start();
    QTRY_VERIFY(!folder.exists(u".gatehouse-imports"_s));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ImportServiceTest)
#include "tst_importservice.moc"
