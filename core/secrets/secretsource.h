#pragma once

#include "base/result.h"

#include <QString>

#include <optional>

namespace gatehouse::secrets {

// Where the secrets of an installation come from.
enum class SecretSource { KeyFile, Credential, File, Keychain };

// The name under which the database remembers the source.
QString sourceName(SecretSource source);
std::optional<SecretSource> sourceFrom(QStringView name);

// What the environment says of the secrets; the application fills it in.
struct SecretsEnvironment
{
    QString masterKeyFile{};        // GATEHOUSE_MASTER_KEY_FILE
    QString credentialsDirectory{}; // CREDENTIALS_DIRECTORY, which systemd sets
    QString choice{};               // GATEHOUSE_SECRETS: "file", "keychain" or empty
    QString command = QStringLiteral("gatehouse serve"); // how messages tell to start again
    QString secretsFile{}; // the file of the source File, in the data directory
    QByteArray identity{}; // see KeychainStore

    // The credential of systemd (LoadCredential=master-key:…), or nothing where there is none.
    QString credentialFile() const;
};

// What the database remembers.
struct SecretsRecord
{
    bool dataExists = false; // anything that was sealed or signed with the secrets
    std::optional<SecretSource> source{};
    QByteArray
        fingerprint{}; // masterKeyFingerprint() of the master key in use; empty: not recorded
};

// Decides which source to ask. What the environment chooses comes first, in the order key file,
// credential, GATEHOUSE_SECRETS; then the source on record; then the keychain. A source on record
// that the environment must provide and no longer does is an error that names it.
base::Result<SecretSource> chooseSource(const SecretsEnvironment &environment,
                                        const SecretsRecord &record);

} // namespace gatehouse::secrets
