#include "configuration/secretsrecord.h"

#include "configuration/datadirectory.h"
#include "storage/repositories/metarepository.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

base::Result<secrets::SecretsRecord> secretsRecordIn(storage::Database &database)
{
    const storage::MetaRepository meta(database);
    secrets::SecretsRecord record;
    const auto source = meta.find(storage::meta::secretsSource);
    if (!source)
        return base::fail(source.error());
    const auto check = meta.find(storage::meta::masterKeyCheck);
    if (!check)
        return base::fail(check.error());
    if (*source)
        record.source = secrets::sourceFrom(QString::fromLatin1(**source));
    record.fingerprint = check->value_or(QByteArray());
    record.dataExists = !record.fingerprint.isEmpty();
    return record;
}

secrets::SecretsEnvironment secretsEnvironmentOf(const QMap<QString, QString> &environment,
                                                 const QString &dataDirectory,
                                                 const QByteArray &identity)
{
    return {.masterKeyFile = environment.value(u"GATEHOUSE_MASTER_KEY_FILE"_s),
            .credentialsDirectory = environment.value(u"CREDENTIALS_DIRECTORY"_s),
            .choice = environment.value(u"GATEHOUSE_SECRETS"_s),
            .secretsFile = DataDirectory::secretsFile(dataDirectory),
            .identity = identity};
}

} // namespace gatehouse::app
