#include "configuration/checkup.h"

#include "admin/channels/proxywords.h"
#include "configuration/configurationcheck.h"
#include "configuration/datadirectory.h"
#include "configuration/secretsrecord.h"
#include "configuration/storedsettings.h"
#include "domain/outgoingproxies.h"
#include "domain/settings.h"
#include "gateway/gateway.h"
#include "storage/databasefile.h"
#include "upstream/trustedauthorities.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStorageInfo>
#include <QTcpServer>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using Level = Finding::Level;

namespace {

const QString directorySubject = u"data directory"_s;
const QString databaseSubject = u"database"_s;
const QString spaceSubject = u"disk space"_s;
const QString clockSubject = u"clock"_s;

QString shown(const QString &path)
{
    return QDir::toNativeSeparators(path);
}

// The directory itself, or the one above it that is there.
QString existingPart(const QString &path)
{
    QString existing = path;
    while (!QFileInfo::exists(existing) && !QDir(existing).isRoot())
        existing = QFileInfo(existing).absolutePath();
    return existing;
}

bool isSeenByOthers([[maybe_unused]] const QString &path)
{
#ifdef Q_OS_WIN
    return false;
#else
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
                            | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    return (QFile::permissions(path) & others) != 0;
#endif
}

// The names of files in the directory that other accounts can use.
QStringList seenFilesIn(const QString &path)
{
    QStringList seen;
    const QFileInfoList files = QDir(path).entryInfoList(QDir::Files | QDir::Hidden);
    for (const QFileInfo &file : files) {
        if (isSeenByOthers(file.filePath()))
            seen.append(file.fileName());
    }
    return seen;
}

bool isOnNetwork(const QString &path)
{
    static const QByteArrayList types{"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"};
    return types.contains(QStorageInfo(path).fileSystemType());
}

Finding checkAddress(const QString &text)
{
    const QString subject = u"address "_s + text;
    const auto address = gateway::listenAddressFrom(text);
    if (!address)
        return {Level::Failed, subject, address.error().message.english()};
    QTcpServer server;
    if (server.listen(address->host, address->port))
        return {Level::Ok, subject, u"can be listened on"_s};
    switch (server.serverError()) {
    case QAbstractSocket::AddressInUseError:
        return {Level::Failed,
                subject,
                u"another program uses the port; stop it, or choose another port with --listen"_s};
    case QAbstractSocket::SocketAccessError:
        return {
            Level::Failed, subject, u"this account may not use the port; choose one above 1023"_s};
    case QAbstractSocket::SocketAddressNotAvailableError:
        return {Level::Failed, subject, u"no interface of this computer has this address"_s};
    default:
        return {Level::Failed, subject, server.errorString()};
    }
}

} // namespace

QList<Finding> checkDataDirectory(const QString &path)
{
    const QFileInfo directory(path);
    if (!directory.exists()) {
        const QString above = existingPart(path);
        if (QFileInfo(above).isDir() && QFileInfo(above).isWritable())
            return {
                {Level::Ok, directorySubject, u"%1 is made at the first start"_s.arg(shown(path))}};
        return {{Level::Failed,
                 directorySubject,
                 u"%1 cannot be made: %2 cannot be written to"_s.arg(shown(path), shown(above))}};
    }
    if (!directory.isDir())
        return {{Level::Failed, directorySubject, u"%1 is no directory"_s.arg(shown(path))}};
    QList<Finding> findings;
    if (!directory.isWritable() || !directory.isReadable()) {
        findings.append({Level::Failed,
                         directorySubject,
                         u"this account may not read and write %1"_s.arg(shown(path))});
    }
    if (isSeenByOthers(path)) {
        findings.append(
            {Level::Warning,
             directorySubject,
             u"other accounts can look into %1; the next start sets its mode to 0700"_s.arg(
                 shown(path))});
    }
    if (const QStringList seen = seenFilesIn(path); !seen.isEmpty()) {
        findings.append({Level::Failed,
                         directorySubject,
                         u"other accounts may use %1 in %2; set the mode to 0600"_s.arg(
                             seen.join(u", "_s), shown(path))});
    }
    if (isOnNetwork(path)) {
        findings.append(
            {Level::Warning,
             directorySubject,
             u"%1 lies on another machine; SQLite is not safe there"_s.arg(shown(path))});
    }
    if (findings.isEmpty())
        findings.append({Level::Ok, directorySubject, u"%1 is private"_s.arg(shown(path))});
    return findings;
}

Finding checkDatabase(const Options &options)
{
    const storage::DatabaseOptions database = databaseOptionsOf(options);
    if (!database.url.isEmpty()) {
        if (const auto valid = storage::checkDatabaseUrl(database.url); !valid)
            return {Level::Failed, databaseSubject, valid.error().message.english()};
        const auto stored = storedSettings(database);
        if (!stored)
            return {Level::Failed, databaseSubject, stored.error().message.english()};
        return {Level::Ok, databaseSubject, u"%1 answers"_s.arg(database.displayName())};
    }
    if (!QFileInfo::exists(database.path))
        return {Level::Ok, databaseSubject, u"it is made at the first start"_s};
    const base::Result<int> schema = storage::inspectDatabaseFile(database.path, true);
    if (!schema)
        return {Level::Failed, databaseSubject, schema.error().message.english()};
    return {Level::Ok,
            databaseSubject,
            u"%1 is whole (schema %2)"_s.arg(shown(database.path)).arg(*schema)};
}

Finding judgeSpace(qint64 available, const QString &path)
{
    constexpr qint64 mebibyte = 1024LL * 1024;
    constexpr qint64 scarce = 1024 * mebibyte;
    constexpr qint64 tooLittle = 64 * mebibyte;
    const QString size = QLocale::c().formattedDataSize(available);
    if (available < 0)
        return {Level::Warning,
                spaceSubject,
                u"the system does not tell how much is left for %1"_s.arg(shown(path))};
    if (available < tooLittle)
        return {Level::Failed,
                spaceSubject,
                u"only %1 are left for %2; requests cannot be logged without any"_s.arg(
                    size, shown(path))};
    return {available < scarce ? Level::Warning : Level::Ok,
            spaceSubject,
            u"%1 are left for %2"_s.arg(size, shown(path))};
}

Finding checkSpace(const QString &path)
{
    const QStorageInfo storage(existingPart(path));
    return judgeSpace(storage.isValid() ? storage.bytesAvailable() : -1, path);
}

Finding judgeClock(qint64 now, qint64 written)
{
    constexpr qint64 tolerance = 5 * 60 * 1000;
    // No program of this kind was built before.
    const qint64 earliest = QDateTime(QDate(2025, 1, 1), QTime(), Qt::UTC).toMSecsSinceEpoch();
    const QString time = QDateTime::fromMSecsSinceEpoch(now, Qt::UTC).toString(Qt::ISODate);
    if (now < earliest) {
        return {Level::Failed,
                clockSubject,
                u"it shows %1, which is wrong; certificates and limits depend on it"_s.arg(time)};
    }
    if (written > now + tolerance) {
        return {Level::Warning,
                clockSubject,
                u"it shows %1, and the database was written at %2; it was or is wrong"_s.arg(
                    time, QDateTime::fromMSecsSinceEpoch(written, Qt::UTC).toString(Qt::ISODate))};
    }
    return {Level::Ok, clockSubject, u"it shows %1"_s.arg(time)};
}

Finding checkClock(const Options &options)
{
    const QFileInfo database(DataDirectory::databaseFile(options.dataDirectory));
    return judgeClock(QDateTime::currentMSecsSinceEpoch(),
                      database.exists() ? database.lastModified().toMSecsSinceEpoch() : 0);
}

QList<Finding> checkAddresses(const Options &options)
{
    const domain::Settings settings = domain::settingsFrom(
        storedSettings(databaseOptionsOf(options)).value_or(QMap<QString, QString>()),
        options.environment);
    QList<Finding> findings;
    for (const QString &text : listenAddressesOf(options, settings.server.listen))
        findings.append(checkAddress(text));
    return findings;
}

QList<Finding> checkWayOut(const QMap<QString, QString> &environment)
{
    const domain::OutgoingProxies proxies = domain::OutgoingProxies::from(environment);
    QList<Finding> findings{
        {Level::Ok, u"outgoing connections"_s, admin::proxyWords(proxies).english()}};
    const QString subject = u"certificate authorities"_s;
    QStringList problems;
    const auto authorities = upstream::authoritiesFrom(environment, &problems);
    for (const QString &problem : problems)
        findings.append({Level::Warning, subject, problem});
    if (authorities) {
        findings.append({Level::Ok,
                         subject,
                         u"SSL_CERT_FILE and SSL_CERT_DIR lead to %1 that are trusted"_s.arg(
                             authorities->size())});
    }
    return findings;
}

base::Result<secrets::SecretsRecord> recordedSecrets(const Options &options)
{
    const storage::DatabaseOptions where = databaseOptionsOf(options);
    if (where.url.isEmpty() && !QFileInfo::exists(where.path))
        return secrets::SecretsRecord{};
    const auto database = storage::Database::open(where, storage::Database::Access::ReadOnly);
    if (!database)
        return base::fail(database.error());
    return secretsRecordIn(**database);
}

} // namespace gatehouse::app
