#include "storage/preparedrestore.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/metarepository.h"
#include "support/administrationfixture.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Secret;
using domain::Channel;
using domain::ChannelKey;
using support::AdministrationFixture;

namespace {

const QByteArray providerKey = "the-key-at-the-provider";
const QByteArray webhookSecret = "what-signs-messages";
const QByteArray otlpHeaders = "x-api-key=of-the-collector";

// An installation with a master key of its own, which it has recorded as the program does.
class House : public AdministrationFixture
{
public:
    explicit House(char key)
    {
        masterKey = Secret(QByteArray(32, key));
        start();
        record(secrets::masterKeyFingerprint(masterKey), "keychain");
    }

    void record(const QByteArray &check, const QByteArray &source)
    {
        QVERIFY(wait(storage->write([check, source](storage::Database &database) {
            storage::MetaRepository meta(database);
            return meta.save(storage::meta::masterKeyCheck, check).and_then([&] {
                return meta.save(storage::meta::secretsSource, source);
            });
        })));
    }
    std::optional<QByteArray> recorded(const QString &name)
    {
        return wait(storage->read([name](storage::Database &database) {
                   return storage::MetaRepository(database).find(name);
               }))
            .value_or(std::nullopt);
    }
    BackupService &backups() { return administration->backups; }
    // A channel with a key and a secret header, and a token; gives the token.
    domain::Token fill()
    {
        Channel channel{.name = u"provider"_s,
                        .keys = {ChannelKey{.secret = Secret(providerKey)}},
                        .models = {u"m"_s}};
        channel.headerOverrides.insert(u"x-account"_s, u"hidden"_s);
        [&] {
            QVERIFY(wait(administration->channels.create({channel})));
            QVERIFY(wait(administration->integrationSecrets.store(IntegrationSecret::WebhookSecret,
                                                                  Secret(webhookSecret))));
            QVERIFY(wait(administration->integrationSecrets.store(IntegrationSecret::OtlpHeaders,
                                                                  Secret(otlpHeaders))));
        }();
        return wait(administration->tokens.create(root(), {.name = u"t"_s, .unlimited = true}))
            .value_or(domain::Token());
    }
    // As the next start of the program does.
    void restart()
    {
        const storage::DatabaseOptions options = storage->options();
        stop();
        const auto restored = storage::applyPreparedRestore(options);
        QVERIFY(restored && *restored);
        start();
    }
    // With its keys.
    Channel onlyChannel()
    {
        const auto channels = wait(storage->read([this](storage::Database &database) {
            return storage::ChannelRepository(database, *sealer).all(storage::Keys::Open);
        }));
        return channels && channels->size() == 1 ? channels->front() : Channel();
    }
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

// Backups that another computer can open, and those that it cannot.
class BackupSecretsTest : public QObject
{
    Q_OBJECT

private slots:
    void opensOnAnotherComputer();
    void aWrongPassphraseChangesNothing();
    void damagedSecretsAreRefused_data();
    void damagedSecretsAreRefused();
    void withoutSecretsTheRestCanBeHad();
    void tellsWhatIsLost();
    void theOwnOneNeedsNoPassphrase();
    void noneIsMadeWithoutAPassphrase();
    void aCancelledOneLeavesNothing();

private:
    const Secret m_passphrase{QByteArray("correct horse battery")};
};

void BackupSecretsTest::opensOnAnotherComputer()
{
    House old('o');
    House next('n');
    next.record(secrets::masterKeyFingerprint(next.masterKey), "file");
    const domain::Token token = old.fill();
    QTemporaryDir disk;
    const QString path = disk.filePath(u"copy.db"_s);
    QVERIFY(old.wait(old.backups().exportTo(path, m_passphrase)));
    QCOMPARE(QDir(disk.path()).entryList(QDir::Files), QStringList{u"copy.db"_s});
    QVERIFY(!contentOf(path).contains(m_passphrase.reveal()));
    QVERIFY(!contentOf(path).contains(old.masterKey.reveal()));
    QCOMPARE(old.recorded(storage::meta::backupSecrets), std::nullopt); // of the copy alone
    const auto content = next.wait(next.backups().inspect(path));
    QVERIFY(content);
    QCOMPARE(content->secrets, BackupSecrets::ByPassphrase);
    QCOMPARE(next.wait(next.backups().prepareRestore(path)).error().code, ErrorCode::InvalidInput);

    const auto prepared =
        next.wait(next.backups().prepareRestore(path, {.passphrase = m_passphrase}));

    QVERIFY2(prepared, prepared ? "" : qPrintable(prepared.error().message.english()));
    // All of it lies in the one file that takes the place of the database: see SQLite's file format.
    QCOMPARE(contentOf(next.storage->options().path + u".to-restore"_s).at(18), char(1));
    next.restart();
    const Channel channel = next.onlyChannel();
    QCOMPARE(channel.keys.size(), 1);
    QCOMPARE(channel.keys.front().secret.reveal(), providerKey);
    QCOMPARE(channel.headerOverrides.value(u"x-account"_s), u"hidden"_s);
    QVERIFY(channel.isEnabled());
    QVERIFY(next.wait(next.administration->integrationSecrets.load()));
    QCOMPARE(
        next.administration->integrationSecrets.value(IntegrationSecret::WebhookSecret).reveal(),
        webhookSecret);
    QCOMPARE(next.administration->integrationSecrets.value(IntegrationSecret::OtlpHeaders).reveal(),
             otlpHeaders);
    QCOMPARE(next.wait(next.administration->tokenManager.reveal(next.root(), token.id))->reveal(),
             "sk-" + token.key.reveal());
    QCOMPARE(next.recorded(storage::meta::masterKeyCheck),
             secrets::masterKeyFingerprint(next.masterKey));
    QCOMPARE(next.recorded(storage::meta::secretsSource), "file");
    QCOMPARE(next.recorded(storage::meta::backupSecrets), std::nullopt);
}

void BackupSecretsTest::aWrongPassphraseChangesNothing()
{
    House old('o');
    House next('n');
    old.fill();
    const auto made = old.wait(old.backups().createWithSecrets(m_passphrase));
    QVERIFY(made);
    QCOMPARE(made->reason, u"manual-with-secrets"_s);

    const auto prepared = next.wait(next.backups().prepareRestore(
        made->path, {.passphrase = Secret(QByteArray("correct horse batterz"))}));

    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, ErrorCode::Denied);
    QVERIFY(!prepared.error().message.english().contains(u"batterz"_s));
    QVERIFY(!next.backups().isRestorePrepared());
    QVERIFY(next.wait(next.backups().list())->empty()); // not even a safety copy
}

void BackupSecretsTest::damagedSecretsAreRefused_data()
{
    QTest::addColumn<QByteArray>("envelope"); // empty: a truncated one
    QTest::newRow("truncated") << QByteArray();
    QTest::newRow("of another form") << QByteArray("nothing");
    QTest::newRow("of a newer version") << QByteArray("gatehouse-passphrase-2:m=8,t=1,p=1:a:b");
}

void BackupSecretsTest::damagedSecretsAreRefused()
{
    QFETCH(QByteArray, envelope);
    House old('o');
    House next('n');
    const auto made = old.wait(old.backups().createWithSecrets(m_passphrase));
    QVERIFY(made);
    {
        storage::DatabaseOptions options;
        options.path = made->path;
        const auto copy = storage::Database::open(options, storage::Database::Access::ReadWrite);
        QVERIFY(copy);
        storage::MetaRepository meta(**copy);
        const QByteArray whole = meta.find(storage::meta::backupSecrets)->value();
        QVERIFY(meta.save(storage::meta::backupSecrets,
                          envelope.isEmpty() ? whole.chopped(5) : envelope));
    }

    const auto prepared =
        next.wait(next.backups().prepareRestore(made->path, {.passphrase = m_passphrase}));

    QVERIFY(!prepared);
    QVERIFY(!next.backups().isRestorePrepared());
}

void BackupSecretsTest::withoutSecretsTheRestCanBeHad()
{
    House old('o');
    House next('n');
    const domain::Token token = old.fill();
    const auto made = old.wait(old.backups().create());
    QVERIFY(made);
    QCOMPARE(next.wait(next.backups().inspect(made->path))->secrets, BackupSecrets::Lost);
    QVERIFY(!next.wait(next.backups().prepareRestore(made->path, {.passphrase = m_passphrase})));

    const auto prepared =
        next.wait(next.backups().prepareRestore(made->path, {.withoutSecrets = true}));

    QVERIFY2(prepared, prepared ? "" : qPrintable(prepared.error().message.english()));
    next.restart();
    const Channel channel = next.onlyChannel();
    QCOMPARE(channel.name, u"provider"_s);
    QVERIFY(channel.keys.isEmpty());
    QVERIFY(channel.headerOverrides.isEmpty());
    QCOMPARE(channel.status, domain::ChannelStatus::DisabledByHand);
    // Clients go on with their keys, which nobody can show any more.
    QVERIFY(next.wait(next.administration->tokenManager.find(next.root(), token.id)));
    QCOMPARE(
        next.wait(next.administration->tokenManager.reveal(next.root(), token.id)).error().code,
        ErrorCode::NotFound);
    QCOMPARE(next.recorded(storage::meta::masterKeyCheck),
             secrets::masterKeyFingerprint(next.masterKey));
}

// The next start knows what has to be entered again, until it was.
void BackupSecretsTest::tellsWhatIsLost()
{
    House old('o');
    House next('n');
    old.fill();
    QVERIFY(old.wait(
        old.administration->settings.set(u"integrations.webhook_url"_s, u"https://a.example"_s)));
    const auto made = old.wait(old.backups().create());
    QVERIFY(made);
    QVERIFY(next.wait(next.backups().prepareRestore(made->path, {.withoutSecrets = true})));

    next.restart();
    Administration &administration = *next.administration;
    RestoreLosses &losses = administration.losses;
    QVERIFY(next.wait(administration.integrationSecrets.load()));
    QVERIFY(next.wait(losses.load()));

    const domain::ChannelId channel = next.onlyChannel().id;
    QCOMPARE(losses.missing(),
             (domain::LostSecrets{.channels = {channel}, .tokens = 1, .webhookSecret = true}));
    QVERIFY(next.wait(losses.noteTold()));
    QVERIFY(next.wait(losses.load())); // as after another start
    QCOMPARE(losses.missing(),
             (domain::LostSecrets{.channels = {channel}, .webhookSecret = true, .isTold = true}));
    QVERIFY(next.wait(administration.integrationSecrets.store(IntegrationSecret::WebhookSecret,
                                                              Secret(webhookSecret))));
    QVERIFY(!losses.missing().webhookSecret);
    QVERIFY(next.wait(administration.channels.addKeys(channel, {Secret(providerKey)})));
    QVERIFY(losses.missing().isEmpty());
}

void BackupSecretsTest::theOwnOneNeedsNoPassphrase()
{
    House house('h');
    house.fill();
    const auto made = house.wait(house.backups().createWithSecrets(m_passphrase));
    QVERIFY(made);
    QCOMPARE(house.wait(house.backups().inspect(made->path))->secrets, BackupSecrets::OpenHere);

    QVERIFY(house.wait(house.backups().prepareRestore(made->path)));

    house.restart();
    QCOMPARE(house.onlyChannel().keys.value(0).secret.reveal(), providerKey);
    QCOMPARE(house.recorded(storage::meta::backupSecrets), std::nullopt);
}

void BackupSecretsTest::noneIsMadeWithoutAPassphrase()
{
    House house('h');

    const auto made = house.wait(house.backups().createWithSecrets({}));

    QCOMPARE(made.error().code, ErrorCode::InvalidInput);
    QVERIFY(house.wait(house.backups().list())->empty());
}

void BackupSecretsTest::aCancelledOneLeavesNothing()
{
    House house('h');

    const auto making = house.backups().createWithSecrets(m_passphrase);
    house.backups().cancel();

    QCOMPARE(house.wait(making).error().code, ErrorCode::Cancelled);
    QVERIFY(house.wait(house.backups().list())->empty());
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::BackupSecretsTest)
#include "tst_backupsecrets.moc"
