#pragma once

#include "secrets/machinesecrets.h"
#include "secrets/secretsource.h"
#include "secrets/secretstore.h"

#include <QObject>

#include <memory>

namespace gatehouse::secrets {

// Why there are no secrets to work with.
enum class SecretsProblem {
    NoSource, // no keychain, and nothing else was chosen
    Locked,
    Denied,
    TimedOut,
    Missing,     // there is data, and its secrets are gone
    Damaged,     // the item cannot be understood
    WrongKey,    // the item belongs to other data
    NotReadable, // the source failed otherwise, or the choice makes no sense
    NotWritable, // new secrets could not be stored
};

struct SecretsFailure
{
    SecretsProblem problem = SecretsProblem::NotReadable;
    base::Error error{}; // the message says what to do
};

struct LoadedSecrets
{
    MachineSecrets secrets{};
    SecretSource source = SecretSource::Keychain; // to be recorded
    base::Message place{};                        // in words, for a message
    QByteArray fingerprint{};                     // to be recorded
    bool created = false;                         // they were made just now
};

using SecretsOutcome = tl::expected<LoadedSecrets, SecretsFailure>;

// Fetches the secrets at start. Only where there is no data yet does it make and store new ones; it
// never replaces an item. It lives in the thread of its store, for which the rules of SecretStore
// hold, and may be asked again after a failure, as after a keychain was unlocked.
class SecretsLoader final : public QObject
{
public:
    using StoreMaker = std::function<std::unique_ptr<SecretStore>(SecretSource)>;

    // With the stores of this machine.
    explicit SecretsLoader(SecretsEnvironment environment, QObject *parent = nullptr);
    // With the stores that `makeStore` gives out.
    SecretsLoader(SecretsEnvironment environment, StoreMaker makeStore, QObject *parent = nullptr);
    ~SecretsLoader() override;

    // `answer` is called once, from the event loop, unless the loader is destroyed before.
    // One load() at a time.
    void load(const SecretsRecord &record, std::function<void(const SecretsOutcome &)> answer);

private:
    void readAnswered(const StoreOutcome &outcome);
    void createAndStore();
    void verifyStored();
    void succeed(const MachineSecrets &secrets, bool created);
    void finish(SecretsOutcome outcome);

    const SecretsEnvironment m_environment;
    const StoreMaker m_makeStore;
    std::unique_ptr<SecretStore> m_store;
    SecretsRecord m_record;
    SecretSource m_source = SecretSource::Keychain;
    MachineSecrets m_created;
    std::function<void(const SecretsOutcome &)> m_answer;
};

// The decision behind SecretsLoader: what an item that was read, or its absence, means.
struct SecretsDecision
{
    enum class Step { Use, Create, Refuse };

    Step step = Step::Refuse;
    MachineSecrets secrets{}; // of Use
    SecretsFailure failure{}; // of Refuse
};

SecretsDecision decide(const SecretsEnvironment &environment,
                       const SecretsRecord &record,
                       SecretSource source,
                       const base::Message &place,
                       const StoreOutcome &outcome);

} // namespace gatehouse::secrets
