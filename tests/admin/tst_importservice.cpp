#include "admin/importhouse.h"
#include "storage/repositories/channelrepository.h"
#include "support/foreigndatabase.h"

#include <QDir>
#include <QFileInfo>
#include <QSemaphore>

#include <atomic>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using storage::Keys;
using support::AdministrationFixture;
using support::ForeignDatabase;

// What is asked of the service: looks, plans, imports that are refused, cancelled or stopped.
class ImportServiceTest : public QObject
{
    Q_OBJECT

private slots:
    void changesNothingAsAPlan();
    void listsOnlySoMuch();
    void makesASafetyCopy();
    void makesNoSafetyCopyOfNothing();
    void tellsWhatIsNotInForceYet();
    void endsWhenItIsCancelled();
    void endsWhenAllIsStopped();
    void heedsALateCancel_data();
    void heedsALateCancel();
    void keepsTheLastOutcome();
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
