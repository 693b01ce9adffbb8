#pragma once

#include "secrets/secretsloader.h"

// The texts that SecretsLoader answers with when there are no secrets to work with.
namespace gatehouse::secrets {

// The source in words, as the database remembers it: "the keychain".
base::Message describe(SecretSource source);

// The store did not answer with an item.
SecretsFailure unreadable(const SecretsEnvironment &environment,
                          const base::Message &place,
                          const StoreOutcome &outcome);
// There is data, but the store does not hold its secrets.
SecretsFailure missing(const SecretsEnvironment &environment,
                       const SecretsRecord &record,
                       SecretSource source,
                       const base::Message &place);
SecretsFailure damaged(const base::Message &place, const base::Error &error);
SecretsFailure
wrongKey(const SecretsRecord &record, SecretSource source, const base::Message &place);
// New secrets could not be stored.
SecretsFailure unwritable(const SecretsEnvironment &environment,
                          const base::Message &place,
                          const StoreOutcome &outcome);

} // namespace gatehouse::secrets
