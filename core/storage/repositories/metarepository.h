#pragma once

#include "storage/database.h"

#include <optional>

namespace gatehouse::storage {

// What the program must remember of itself: small values by name.
namespace meta {
inline const QString secretsSource = QStringLiteral("secrets_source");
inline const QString sealedSessionSecret = QStringLiteral("session_secret_sealed");
inline const QString masterKeyCheck = QStringLiteral("master_key_check");
inline const QString localAuthority = QStringLiteral("local_authority_certificate");
inline const QString sealedLocalAuthorityKey = QStringLiteral("local_authority_key_sealed");
inline const QString sealedMetricsToken = QStringLiteral("metrics_token_sealed");
inline const QString sealedWebhookSecret = QStringLiteral("webhook_secret_sealed");
inline const QString sealedOtlpHeaders = QStringLiteral("otlp_headers_sealed");
// Of a backup alone: the secrets of the installation it is of, sealed by a passphrase.
inline const QString backupSecrets = QStringLiteral("backup_secrets");
// What a restore without secrets lost; see domain/lostsecrets.h.
inline const QString lostSecrets = QStringLiteral("lost_secrets");
inline const QString createdAt = QStringLiteral("created_at");
} // namespace meta

class MetaRepository
{
public:
    explicit MetaRepository(Database &database)
        : m_database(database)
    {}

    base::Result<std::optional<QByteArray>> find(const QString &name) const;
    base::Result<> save(const QString &name, const QByteArray &value);
    // Stores `value` unless there is one; gives what is stored then. For what several nodes agree on.
    base::Result<QByteArray> saveFirst(const QString &name, const QByteArray &value);
    base::Result<> remove(const QString &name);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
