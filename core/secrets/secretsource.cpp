#include "secrets/secretsource.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

struct NamedSource
{
    SecretSource source;
    QStringView name;
};

constexpr std::array<NamedSource, 4> namedSources{{{SecretSource::KeyFile, u"key-file"},
                                                   {SecretSource::Credential, u"credential"},
                                                   {SecretSource::File, u"file"},
                                                   {SecretSource::Keychain, u"keychain"}}};

tl::unexpected<base::Error> recordedIsGone(const base::Message &source, const base::Message &remedy)
{
    return base::fail(
        base::ErrorCode::NotFound,
        base::Message::tr("The master key of this data came from %1, which is not there now. %2")
            .arg(source, remedy));
}

} // namespace

QString sourceName(SecretSource source)
{
    for (const NamedSource &named : namedSources) {
        if (named.source == source)
            return named.name.toString();
    }
    Q_UNREACHABLE();
}

std::optional<SecretSource> sourceFrom(QStringView name)
{
    for (const NamedSource &named : namedSources) {
        if (named.name == name)
            return named.source;
    }
    return std::nullopt;
}

QString SecretsEnvironment::credentialFile() const
{
    if (credentialsDirectory.isEmpty())
        return {};
    const QString path = QDir(credentialsDirectory).filePath(u"master-key"_s);
    return QFileInfo::exists(path) ? path : QString();
}

base::Result<SecretSource> chooseSource(const SecretsEnvironment &environment,
                                        const SecretsRecord &record)
{
    const QString &choice = environment.choice;
    if (!choice.isEmpty() && choice != u"file" && choice != u"keychain") {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::tr("GATEHOUSE_SECRETS must be \"file\" or \"keychain\"."));
    }
    if (!environment.masterKeyFile.isEmpty())
        return SecretSource::KeyFile;
    if (!environment.credentialFile().isEmpty())
        return SecretSource::Credential;
    if (!choice.isEmpty())
        return choice == u"file" ? SecretSource::File : SecretSource::Keychain;
    if (record.source == SecretSource::KeyFile) {
        return recordedIsGone(
            base::Message::tr("the file that GATEHOUSE_MASTER_KEY_FILE named"),
            base::Message::tr("Start again with: GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1")
                .arg(environment.command));
    }
    if (record.source == SecretSource::Credential) {
        return recordedIsGone(
            base::Message::tr("systemd's credential \"master-key\""),
            base::Message::tr("Put LoadCredential=master-key:/path/to/key into the systemd unit, or"
                              " start with: GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1")
                .arg(environment.command));
    }
    return record.source.value_or(SecretSource::Keychain);
}

} // namespace gatehouse::secrets
