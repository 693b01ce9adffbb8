#include "configuration/configurationcheck.h"

#include "base/systemreason.h"
#include "configuration/environment.h"
#include "configuration/storedsettings.h"
#include "domain/settingcheck.h"
#include "gateway/gateway.h"
#include "secrets/keyfilestore.h"
#include "secrets/secretsource.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using Level = Finding::Level;

namespace {

// Beside those of settings.
const QStringList ownVariables{u"GATEHOUSE_DATA_DIR"_s,
                               u"GATEHOUSE_LISTEN"_s,
                               u"GATEHOUSE_PORT"_s,
                               u"GATEHOUSE_CONFIG"_s,
                               u"GATEHOUSE_LANG"_s,
                               u"GATEHOUSE_THEME"_s,
                               u"GATEHOUSE_DATABASE"_s,
                               u"GATEHOUSE_LOG_LEVEL"_s,
                               u"GATEHOUSE_LOG_FORMAT"_s,
                               u"GATEHOUSE_LOG_FILE"_s,
                               u"GATEHOUSE_MASTER_KEY_FILE"_s,
                               u"GATEHOUSE_SECRETS"_s,
                               u"GATEHOUSE_DISPATCHER"_s};

QStringList knownVariables()
{
    QStringList known = ownVariables;
    for (const QString &name : secretVariables()) {
        if (name.startsWith("GATEHOUSE_"_L1))
            known << name << name + u"_FILE"_s;
    }
    for (const domain::SettingDescriptor &setting : domain::settingDescriptors())
        known.append(domain::variableOf(setting));
    return known;
}

// How many letters have to be put in, left out or changed.
qsizetype distanceBetween(const QString &one, const QString &other)
{
    std::vector<qsizetype> row(static_cast<size_t>(other.size()) + 1);
    for (size_t i = 0; i < row.size(); ++i)
        row[i] = static_cast<qsizetype>(i);
    for (const QChar letter : one) {
        qsizetype before = std::exchange(row[0], row[0] + 1);
        for (size_t i = 1; i < row.size(); ++i) {
            const bool same = other.at(static_cast<qsizetype>(i) - 1) == letter;
            const qsizetype changed = before + (same ? 0 : 1);
            before = std::exchange(row[i], std::min({changed, row[i] + 1, row[i - 1] + 1}));
        }
    }
    return row.back();
}

void checkFiles(const Options &options, QList<Finding> &findings)
{
    for (const QString &secret : secretVariables()) {
        const QString name = secret + u"_FILE"_s;
        const QString path = options.environment.value(name);
        QFile file(path);
        if (!path.isEmpty() && !file.open(QIODevice::ReadOnly)) {
            findings.append({Level::Failed,
                             name,
                             u"The file %1 cannot be read (%2)."_s.arg(
                                 QDir::toNativeSeparators(path),
                                 base::systemReason(file.errorString()).english())});
        }
    }
}

void checkMasterKey(const Options &options, QList<Finding> &findings)
{
    const QString path = options.environment.value(u"GATEHOUSE_MASTER_KEY_FILE"_s);
    const secrets::SecretsEnvironment environment{
        .masterKeyFile = path, .choice = options.environment.value(u"GATEHOUSE_SECRETS"_s)};
    if (const auto source = secrets::chooseSource(environment, {}); !source)
        findings.append({Level::Failed, u"GATEHOUSE_SECRETS"_s, source.error().message.english()});
    if (path.isEmpty())
        return;
    const secrets::StoreOutcome outcome = secrets::KeyFileStore(path).readNow();
    if (outcome.isFound())
        return;
    const QString reason = outcome.state == secrets::StoreOutcome::State::Absent
                               ? u"there is no such file"_s
                               : outcome.text.english();
    findings.append({Level::Failed,
                     u"GATEHOUSE_MASTER_KEY_FILE"_s,
                     u"The master key cannot be taken from %1: %2."_s.arg(
                         QDir::toNativeSeparators(path), reason)});
}

void checkListening(const QStringList &addresses, QList<Finding> &findings)
{
    if (addresses.isEmpty()) {
        findings.append(
            {Level::Failed, u"server.listen"_s, u"The gateway needs an address to listen on."_s});
    }
    for (const QString &text : addresses) {
        if (const auto address = gateway::listenAddressFrom(text); !address) {
            findings.append(
                {Level::Failed, u"listening address"_s, address.error().message.english()});
        }
    }
}

void checkCertificate(const domain::Settings::Server &server, QList<Finding> &findings)
{
    if (server.tlsMode != domain::TlsMode::OwnCertificate || server.tlsCertificate.isEmpty())
        return;
    if (const auto tls = gateway::tlsConfigurationFrom(server.tlsCertificate, server.tlsKey); !tls)
        findings.append(
            {Level::Failed, u"server.tls_certificate"_s, tls.error().message.english()});
}

// The settings that are stored; none where there is no database yet.
QMap<QString, QString> readStored(const Options &options, QList<Finding> &findings)
{
    const storage::DatabaseOptions database = databaseOptionsOf(options);
    if (!database.url.isEmpty()) {
        if (const auto valid = storage::checkDatabaseUrl(database.url); !valid) {
            findings.append({Level::Failed, u"database"_s, valid.error().message.english()});
            return {};
        }
    } else if (!QFileInfo::exists(database.path)) {
        findings.append({Level::Ok,
                         u"settings"_s,
                         u"Nothing is stored in %1 yet."_s.arg(
                             QDir::toNativeSeparators(options.dataDirectory))});
        return {};
    }
    const auto stored = storedSettings(database);
    if (!stored) {
        findings.append({Level::Failed, u"settings"_s, stored.error().message.english()});
        return {};
    }
    findings.append(
        {Level::Ok, u"settings"_s, u"%1 are stored beside the defaults."_s.arg(stored->size())});
    return *stored;
}

} // namespace

QList<Finding> unknownVariables(const QMap<QString, QString> &environment)
{
    constexpr qsizetype typingErrors = 4;
    const QStringList known = knownVariables();
    QList<Finding> findings;
    for (auto it = environment.cbegin(); it != environment.cend(); ++it) {
        const QString &name = it.key();
        if (!name.startsWith("GATEHOUSE_"_L1) || known.contains(name))
            continue;
        const auto closest =
            std::min_element(known.begin(), known.end(), [&](const QString &a, const QString &b) {
                return distanceBetween(name, a) < distanceBetween(name, b);
            });
        const bool isMeant = distanceBetween(name, *closest) <= typingErrors;
        findings.append({Level::Failed,
                         name,
                         isMeant
                             ? u"Gatehouse knows no such variable; %1 may be meant."_s.arg(*closest)
                             : u"Gatehouse knows no such variable."_s});
    }
    return findings;
}

QStringList listenAddressesOf(const Options &options, const QString &setting)
{
    return options.listen.isEmpty() ? setting.simplified().split(u' ', Qt::SkipEmptyParts)
                                    : options.listen;
}

QList<Finding> checkConfiguration(const Options &options)
{
    QList<Finding> findings = unknownVariables(options.environment);
    if (!options.configurationFile.isEmpty()) {
        findings.append(
            {Level::Ok,
             u"configuration file"_s,
             u"%1 decides on %2 values."_s.arg(QDir::toNativeSeparators(options.configurationFile),
                                               QString::number(options.fromConfiguration.size()))});
    }
    checkMasterKey(options, findings);
    checkFiles(options, findings);
    const QMap<QString, QString> stored = readStored(options, findings);
    QStringList ignored;
    const domain::Settings settings = domain::settingsFrom(stored, options.environment, &ignored);
    for (const QString &problem : ignored) {
        const qsizetype colon = problem.indexOf(u": "_s);
        findings.append({Level::Failed, problem.left(colon), problem.mid(colon + 2)});
    }
    checkListening(listenAddressesOf(options, settings.server.listen), findings);
    checkCertificate(settings.server, findings);
    return findings;
}

} // namespace gatehouse::app
