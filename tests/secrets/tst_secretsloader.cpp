#include "secrets/memorystore.h"
#include "secrets/secretsloader.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using secrets::MachineSecrets;
using secrets::MemoryStore;
using secrets::SecretsEnvironment;
using secrets::SecretsFailure;
using secrets::SecretsLoader;
using secrets::SecretSource;
using secrets::SecretsOutcome;
using secrets::SecretsProblem;
using secrets::SecretsRecord;
using secrets::StoreAnswer;
using secrets::StoreOutcome;
using State = StoreOutcome::State;

namespace {

// Lends the test's own store to a loader.
class LentStore final : public secrets::SecretStore
{
public:
    explicit LentStore(MemoryStore &store)
        : m_store(store)
    {}

    void read(StoreAnswer answer) override { m_store.read(std::move(answer)); }
    void write(const base::Secret &item, StoreAnswer answer) override
    {
        m_store.write(item, std::move(answer));
    }
    void remove(StoreAnswer answer) override { m_store.remove(std::move(answer)); }
    base::Message place() const override { return m_store.place(); }

private:
    MemoryStore &m_store;
};

// A store that takes everything and keeps nothing.
class ForgetfulStore final : public QObject, public secrets::SecretStore
{
public:
    void read(StoreAnswer answer) override { later(std::move(answer), State::Absent); }
    void write(const base::Secret &, StoreAnswer answer) override
    {
        later(std::move(answer), State::Written);
    }
    void remove(StoreAnswer answer) override { later(std::move(answer), State::Written); }
    base::Message place() const override { return base::Message::verbatim(u"a sieve"_s); }

private:
    void later(StoreAnswer answer, State state)
    {
        QMetaObject::invokeMethod(
            this, [answer, state] { answer({.state = state}); }, Qt::QueuedConnection);
    }
};

} // namespace

Q_DECLARE_METATYPE(gatehouse::secrets::SecretsRecord)

class SecretsLoaderTest : public QObject
{
    Q_OBJECT

private slots:
    void chooses_data();
    void chooses();
    void refusesAnUnknownChoice();
    void namesTheSourceThatIsGone_data();
    void namesTheSourceThatIsGone();
    void sourceNamesRoundTrip();
    void firstStartCreates();
    void secondStartFindsTheSame();
    void neverReplacesSecretsOfData_data();
    void neverReplacesSecretsOfData();
    void troubleIsTyped_data();
    void troubleIsTyped();
    void unwritableStore_data();
    void unwritableStore();
    void damagedItemIsKept();
    void wrongKeyIsRecognised();
    void forgetfulStoreIsNotTrusted();
    void worksAfterUnlocking();
    void loaderMayBeDestroyedByItsAnswer();
    void destroyedLoaderAnswersNoMore();
    void realFileIsMadeOnce();
    void keyFileAndCredentialAgree();
    void absentKeyFileIsNamed();

private:
    SecretsOutcome load(MemoryStore &store,
                        const SecretsRecord &record,
                        const SecretsEnvironment &environment = {});
    static SecretsOutcome loadWith(SecretsLoader &loader, const SecretsRecord &record);
};

SecretsOutcome SecretsLoaderTest::loadWith(SecretsLoader &loader, const SecretsRecord &record)
{
    std::optional<SecretsOutcome> answer;
    loader.load(record, [&answer](const SecretsOutcome &outcome) { answer = outcome; });
    [&answer] {
        QVERIFY(!answer);
        QTRY_VERIFY(answer);
    }();
    return answer.value_or(tl::unexpected(SecretsFailure{}));
}

SecretsOutcome SecretsLoaderTest::load(MemoryStore &store,
                                       const SecretsRecord &record,
                                       const SecretsEnvironment &environment)
{
    SecretsLoader loader(environment,
                         [&store](SecretSource) { return std::make_unique<LentStore>(store); });
    return loadWith(loader, record);
}

void SecretsLoaderTest::chooses_data()
{
    QTest::addColumn<bool>("keyFile");
    QTest::addColumn<bool>("credential");
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("chosen");

    QTest::newRow("nothing: the keychain") << false << false << u""_s << u""_s << u"keychain"_s;
    QTest::newRow("the key file before all")
        << true << true << u"file"_s << u"keychain"_s << u"key-file"_s;
    QTest::newRow("the credential before the choice")
        << false << true << u"file"_s << u"keychain"_s << u"credential"_s;
    QTest::newRow("the choice of the file") << false << false << u"file"_s << u""_s << u"file"_s;
    QTest::newRow("the choice of the keychain before the record")
        << false << false << u"keychain"_s << u"file"_s << u"keychain"_s;
    QTest::newRow("the record of a file without the variable")
        << false << false << u""_s << u"file"_s << u"file"_s;
    QTest::newRow("the record of the keychain")
        << false << false << u""_s << u"keychain"_s << u"keychain"_s;
}

void SecretsLoaderTest::chooses()
{
    QFETCH(bool, keyFile);
    QFETCH(bool, credential);
    QFETCH(QString, choice);
    QFETCH(QString, recorded);
    QFETCH(QString, chosen);
    QTemporaryDir directory;
    if (credential) {
        QFile file(directory.filePath(u"master-key"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    const SecretsEnvironment environment{.masterKeyFile = keyFile ? u"/some/key"_s : QString(),
                                         .credentialsDirectory = directory.path(),
                                         .choice = choice};

    const auto source =
        secrets::chooseSource(environment, {.source = secrets::sourceFrom(recorded)});

    QVERIFY(source);
    QCOMPARE(secrets::sourceName(*source), chosen);
}

void SecretsLoaderTest::refusesAnUnknownChoice()
{
    MemoryStore store;

    const SecretsOutcome outcome = load(store, {}, {.choice = u"flie"_s});

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().problem, SecretsProblem::NotReadable);
    QVERIFY(outcome.error().error.message.english().contains(u"GATEHOUSE_SECRETS"_s));
    QCOMPARE(store.writes, 0);
}

void SecretsLoaderTest::namesTheSourceThatIsGone_data()
{
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("named");

    QTest::newRow("key file") << u"key-file"_s << u"GATEHOUSE_MASTER_KEY_FILE"_s;
    QTest::newRow("credential") << u"credential"_s << u"LoadCredential=master-key"_s;
}

void SecretsLoaderTest::namesTheSourceThatIsGone()
{
    QFETCH(QString, recorded);
    QFETCH(QString, named);
    MemoryStore store;

    const SecretsOutcome outcome = load(store, {.source = secrets::sourceFrom(recorded)});

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().problem, SecretsProblem::Missing);
    QVERIFY2(outcome.error().error.message.english().contains(named),
             qPrintable(outcome.error().error.message.english()));
    QCOMPARE(store.writes, 0);
}

void SecretsLoaderTest::sourceNamesRoundTrip()
{
    for (const SecretSource source : {SecretSource::KeyFile,
                                      SecretSource::Credential,
                                      SecretSource::File,
                                      SecretSource::Keychain})
        QVERIFY(secrets::sourceFrom(secrets::sourceName(source)) == source);
    QVERIFY(!secrets::sourceFrom(u"vault"));
    QVERIFY(!secrets::sourceFrom(u""));
}

void SecretsLoaderTest::firstStartCreates()
{
    MemoryStore store;

    const SecretsOutcome outcome = load(store, {});

    QVERIFY(outcome);
    QVERIFY(outcome->created);
    QVERIFY(outcome->source == SecretSource::Keychain);
    QCOMPARE(outcome->fingerprint, secrets::masterKeyFingerprint(outcome->secrets.masterKey));
    QCOMPARE(store.writes, 1);
    QVERIFY(store.item == outcome->secrets.serialised());
}

void SecretsLoaderTest::secondStartFindsTheSame()
{
    MemoryStore store;
    const SecretsOutcome first = load(store, {});
    QVERIFY(first);

    const SecretsOutcome second = load(
        store, {.dataExists = true, .source = first->source, .fingerprint = first->fingerprint});

    QVERIFY(second);
    QVERIFY(!second->created);
    QVERIFY(second->secrets == first->secrets);
    QCOMPARE(store.writes, 1);
}

void SecretsLoaderTest::neverReplacesSecretsOfData_data()
{
    QTest::addColumn<SecretsRecord>("record");
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QString>("named");

    QTest::newRow("there is data") << SecretsRecord{.dataExists = true} << u""_s << u"not in"_s;
    QTest::newRow("a source is on record")
        << SecretsRecord{.source = SecretSource::Keychain} << u""_s << u"not in"_s;
    QTest::newRow("a fingerprint is on record")
        << SecretsRecord{.fingerprint = "0011223344556677"} << u""_s << u"not in"_s;
    QTest::newRow("the file is chosen, the keychain is on record")
        << SecretsRecord{.dataExists = true, .source = SecretSource::Keychain} << u"file"_s
        << u"the keychain; choose that again"_s;
    QTest::newRow("the keychain is chosen, the file is on record")
        << SecretsRecord{.dataExists = true, .source = SecretSource::File} << u"keychain"_s
        << u"GATEHOUSE_SECRETS=file"_s;
}

void SecretsLoaderTest::neverReplacesSecretsOfData()
{
    QFETCH(SecretsRecord, record);
    QFETCH(QString, choice);
    QFETCH(QString, named);
    MemoryStore store;

    const SecretsOutcome outcome = load(store, record, {.choice = choice});

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().problem, SecretsProblem::Missing);
    QVERIFY2(outcome.error().error.message.english().contains(named),
             qPrintable(outcome.error().error.message.english()));
    QCOMPARE(store.writes, 0);
    QVERIFY(!store.item);
}

void SecretsLoaderTest::troubleIsTyped_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("problem");
    QTest::addColumn<QString>("named");

    QTest::newRow("no keychain") << int(State::NoKeychain) << int(SecretsProblem::NoSource)
                                 << u"  GATEHOUSE_SECRETS=file gatehouse serve --data-dir /d\n"_s;
    QTest::newRow("no keychain, the other way")
        << int(State::NoKeychain) << int(SecretsProblem::NoSource)
        << u"  GATEHOUSE_MASTER_KEY_FILE=/path/to/key gatehouse serve --data-dir /d\n"_s;
    QTest::newRow("locked") << int(State::Locked) << int(SecretsProblem::Locked) << u"Unlock it"_s;
    QTest::newRow("denied") << int(State::Denied) << int(SecretsProblem::Denied)
                            << u"may not use"_s;
    QTest::newRow("slow") << int(State::TimedOut) << int(SecretsProblem::TimedOut)
                          << u"did not answer in time"_s;
    QTest::newRow("failed") << int(State::Failed) << int(SecretsProblem::NotReadable)
                            << u"what the system said"_s;
}

void SecretsLoaderTest::troubleIsTyped()
{
    QFETCH(int, state);
    QFETCH(int, problem);
    QFETCH(QString, named);
    const SecretsEnvironment environment{.command = u"gatehouse serve --data-dir /d"_s};

    for (const bool dataExists : {false, true}) {
        MemoryStore store;
        store.readTrouble =
            StoreOutcome{.state = static_cast<State>(state),
                         .text = base::Message::verbatim(u"what the system said"_s)};

        const SecretsOutcome outcome = load(store, {.dataExists = dataExists}, environment);

        QVERIFY(!outcome);
        QCOMPARE(int(outcome.error().problem), problem);
        QVERIFY2(outcome.error().error.message.english().contains(named),
                 qPrintable(outcome.error().error.message.english()));
        QCOMPARE(store.writes, 0);
    }
}

void SecretsLoaderTest::unwritableStore_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("problem");

    QTest::newRow("a keychain without a collection")
        << int(State::NoKeychain) << int(SecretsProblem::NoSource);
    QTest::newRow("locked") << int(State::Locked) << int(SecretsProblem::Locked);
    QTest::newRow("denied") << int(State::Denied) << int(SecretsProblem::Denied);
    QTest::newRow("slow") << int(State::TimedOut) << int(SecretsProblem::TimedOut);
    QTest::newRow("failed") << int(State::Failed) << int(SecretsProblem::NotWritable);
}

void SecretsLoaderTest::unwritableStore()
{
    QFETCH(int, state);
    QFETCH(int, problem);
    MemoryStore store;
    store.writeTrouble = StoreOutcome{.state = static_cast<State>(state)};

    const SecretsOutcome outcome = load(store, {});

    QVERIFY(!outcome);
    QCOMPARE(int(outcome.error().problem), problem);
    QVERIFY(!store.item);
}

void SecretsLoaderTest::damagedItemIsKept()
{
    const QByteArray good = MachineSecrets::random().serialised().reveal();
    for (const QByteArray &item : {QByteArray("wrong bytes"), good.chopped(1), QByteArray()}) {
        for (const bool dataExists : {false, true}) {
            MemoryStore store;
            store.item = base::Secret(item);

            const SecretsOutcome outcome = load(store, {.dataExists = dataExists});

            QVERIFY(!outcome);
            QCOMPARE(outcome.error().problem, SecretsProblem::Damaged);
            QVERIFY(outcome.error().error.message.english().contains(u"damaged"_s));
            QVERIFY(
                item.isEmpty()
                || !outcome.error().error.message.english().contains(QString::fromLatin1(item)));
            QCOMPARE(store.writes, 0);
            QCOMPARE(store.item->reveal(), item);
        }
    }
}

void SecretsLoaderTest::wrongKeyIsRecognised()
{
    MemoryStore store;
    store.item = MachineSecrets::random().serialised();
    const SecretsRecord record{
        .dataExists = true,
        .source = SecretSource::File,
        .fingerprint = secrets::masterKeyFingerprint(MachineSecrets::random().masterKey)};

    const SecretsOutcome outcome = load(store, record, {.choice = u"keychain"_s});

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().problem, SecretsProblem::WrongKey);
    QVERIFY(outcome.error().error.message.english().contains(u"wrong key"_s));
    QVERIFY(outcome.error().error.message.english().contains(u"GATEHOUSE_SECRETS=file"_s));
    QCOMPARE(store.writes, 0);
}

void SecretsLoaderTest::forgetfulStoreIsNotTrusted()
{
    SecretsLoader loader({}, [](SecretSource) { return std::make_unique<ForgetfulStore>(); });

    const SecretsOutcome outcome = loadWith(loader, {});

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().problem, SecretsProblem::NotWritable);
    QVERIFY(outcome.error().error.message.english().contains(u"a sieve"_s));
}

void SecretsLoaderTest::worksAfterUnlocking()
{
    MemoryStore store;
    store.item = MachineSecrets::random().serialised();
    store.readTrouble = StoreOutcome{.state = State::Locked};
    SecretsLoader loader({}, [&](SecretSource) { return std::make_unique<LentStore>(store); });
    QVERIFY(!loadWith(loader, {.dataExists = true}));

    store.readTrouble.reset();

    QVERIFY(loadWith(loader, {.dataExists = true}));
}

void SecretsLoaderTest::loaderMayBeDestroyedByItsAnswer()
{
    bool answered = false;
    auto loader = std::make_unique<SecretsLoader>(
        SecretsEnvironment{}, [](SecretSource) { return std::make_unique<MemoryStore>(); });

    loader->load({}, [&](const SecretsOutcome &outcome) {
        answered = outcome.has_value();
        loader.reset();
    });

    QTRY_VERIFY(answered);
    QVERIFY(!loader);
}

void SecretsLoaderTest::destroyedLoaderAnswersNoMore()
{
    int answers = 0;
    auto loader = std::make_unique<SecretsLoader>(
        SecretsEnvironment{}, [](SecretSource) { return std::make_unique<MemoryStore>(); });
    loader->load({}, [&answers](const SecretsOutcome &) { ++answers; });

    loader.reset();

    MemoryStore witness;
    QVERIFY(load(witness, {}));
    QCOMPARE(answers, 0);
}

void SecretsLoaderTest::realFileIsMadeOnce()
{
    QTemporaryDir directory;
    const SecretsEnvironment environment{.choice = u"file"_s,
                                         .secretsFile = directory.filePath(u"secrets"_s)};
    SecretsLoader loader(environment);

    const SecretsOutcome first = loadWith(loader, {});

    QVERIFY(first);
    QVERIFY(first->created);
    QVERIFY(first->source == SecretSource::File);
    QVERIFY(first->place.english().contains(environment.secretsFile));
    const SecretsRecord record{
        .dataExists = true, .source = first->source, .fingerprint = first->fingerprint};
    const SecretsOutcome second = loadWith(loader, record);
    QVERIFY(second && !second->created && second->secrets == first->secrets);
    QVERIFY(QFile::remove(environment.secretsFile));
    const SecretsOutcome third = loadWith(loader, record);
    QVERIFY(!third);
    QCOMPARE(third.error().problem, SecretsProblem::Missing);
    QVERIFY(!QFile::exists(environment.secretsFile));
}

void SecretsLoaderTest::keyFileAndCredentialAgree()
{
    QTemporaryDir directory;
    const QString path = directory.filePath(u"master-key"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("0123456789abcdef0123456789abcdef\n");
    file.close();
    SecretsLoader fromFile(SecretsEnvironment{.masterKeyFile = path});
    SecretsLoader fromCredential(SecretsEnvironment{.credentialsDirectory = directory.path()});

    const SecretsOutcome first = loadWith(fromFile, {});
    const SecretsOutcome second = loadWith(fromCredential, {});

    QVERIFY(first && second);
    QVERIFY(first->source == SecretSource::KeyFile);
    QVERIFY(second->source == SecretSource::Credential);
    QVERIFY(!first->created);
    QVERIFY(first->secrets == second->secrets);
}

void SecretsLoaderTest::absentKeyFileIsNamed()
{
    SecretsLoader loader(SecretsEnvironment{.masterKeyFile = u"/no/such/key"_s});

    const SecretsOutcome outcome = loadWith(loader, {});

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().problem, SecretsProblem::Missing);
    QVERIFY(outcome.error().error.message.english().contains(u"/no/such/key"_s));
}

QTEST_GUILESS_MAIN(SecretsLoaderTest)
#include "tst_secretsloader.moc"
