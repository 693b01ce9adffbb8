#include "secrets/secretsloader.h"

#include "secrets/filestore.h"
#include "secrets/keychainstore.h"
#include "secrets/keyfilestore.h"
#include "secrets/secretsmessages.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

std::unique_ptr<SecretStore> storeOf(const SecretsEnvironment &environment, SecretSource source)
{
    switch (source) {
    case SecretSource::KeyFile:
        return std::make_unique<KeyFileStore>(environment.masterKeyFile);
    case SecretSource::Credential:
        return std::make_unique<KeyFileStore>(environment.credentialFile());
    case SecretSource::File:
        return std::make_unique<FileStore>(environment.secretsFile);
    case SecretSource::Keychain:
        return std::make_unique<KeychainStore>(environment.identity);
    }
    Q_UNREACHABLE();
}

SecretsDecision refuse(SecretsFailure failure)
{
    return {.step = SecretsDecision::Step::Refuse, .failure = std::move(failure)};
}

} // namespace

SecretsDecision decide(const SecretsEnvironment &environment,
                       const SecretsRecord &record,
                       SecretSource source,
                       const base::Message &place,
                       const StoreOutcome &outcome)
{
    if (outcome.state == StoreOutcome::State::Absent) {
        const bool isFirstStart =
            !record.dataExists && !record.source && record.fingerprint.isEmpty();
        const bool isOurs = source == SecretSource::File || source == SecretSource::Keychain;
        if (isFirstStart && isOurs)
            return {.step = SecretsDecision::Step::Create};
        return refuse(missing(environment, record, source, place));
    }
    if (!outcome.isFound())
        return refuse(unreadable(environment, place, outcome));

    const auto secrets = MachineSecrets::parse(outcome.item);
    if (!secrets)
        return refuse(damaged(place, secrets.error()));
    if (!record.fingerprint.isEmpty()
        && masterKeyFingerprint(secrets->masterKey) != record.fingerprint)
        return refuse(wrongKey(record, source, place));
    return {.step = SecretsDecision::Step::Use, .secrets = *secrets};
}

SecretsLoader::SecretsLoader(SecretsEnvironment environment, QObject *parent)
    : SecretsLoader(
        environment,
        [environment](SecretSource source) { return storeOf(environment, source); },
        parent)
{}

SecretsLoader::SecretsLoader(SecretsEnvironment environment, StoreMaker makeStore, QObject *parent)
    : QObject(parent)
    , m_environment(std::move(environment))
    , m_makeStore(std::move(makeStore))
{}

SecretsLoader::~SecretsLoader() = default;

void SecretsLoader::load(const SecretsRecord &record,
                         std::function<void(const SecretsOutcome &)> answer)
{
    Q_ASSERT(!m_answer);
    m_answer = std::move(answer);
    m_record = record;
    const auto source = chooseSource(m_environment, m_record);
    if (!source) {
        const auto problem = source.error().code == base::ErrorCode::NotFound
                                 ? SecretsProblem::Missing
                                 : SecretsProblem::NotReadable;
        finish(tl::unexpected(SecretsFailure{.problem = problem, .error = source.error()}));
        return;
    }
    m_source = *source;
    m_store = m_makeStore(m_source);
    m_store->read([this](const StoreOutcome &outcome) { readAnswered(outcome); });
}

void SecretsLoader::readAnswered(const StoreOutcome &outcome)
{
    SecretsDecision decision = decide(m_environment, m_record, m_source, m_store->place(), outcome);
    switch (decision.step) {
    case SecretsDecision::Step::Use:
        succeed(decision.secrets, false);
        break;
    case SecretsDecision::Step::Create:
        createAndStore();
        break;
    case SecretsDecision::Step::Refuse:
        finish(tl::unexpected(std::move(decision.failure)));
        break;
    }
}

void SecretsLoader::createAndStore()
{
    m_created = MachineSecrets::random();
    m_store->write(m_created.serialised(), [this](const StoreOutcome &outcome) {
        if (outcome.isWritten())
            verifyStored();
        else
            finish(tl::unexpected(unwritable(m_environment, m_store->place(), outcome)));
    });
}

// A store that forgets would cost all keys at the next start, so the item is read back at once.
void SecretsLoader::verifyStored()
{
    m_store->read([this](const StoreOutcome &outcome) {
        if (outcome.isFound() && outcome.item == m_created.serialised()) {
            succeed(m_created, true);
            return;
        }
        StoreOutcome forgotten = outcome;
        if (outcome.isFound() || outcome.state == StoreOutcome::State::Absent) {
            forgotten = {.state = StoreOutcome::State::Failed,
                         .text = base::Message::tr("what was written could not be read back")};
        }
        finish(tl::unexpected(unwritable(m_environment, m_store->place(), forgotten)));
    });
}

void SecretsLoader::succeed(const MachineSecrets &secrets, bool created)
{
    finish(LoadedSecrets{.secrets = secrets,
                         .source = m_source,
                         .place = m_store->place(),
                         .fingerprint = masterKeyFingerprint(secrets.masterKey),
                         .created = created});
}

// The answer may destroy the loader and with it the store that is just answering.
void SecretsLoader::finish(SecretsOutcome outcome)
{
    m_created = {};
    QMetaObject::invokeMethod(
        this,
        [this, outcome = std::move(outcome)] { std::exchange(m_answer, nullptr)(outcome); },
        Qt::QueuedConnection);
}

} // namespace gatehouse::secrets
