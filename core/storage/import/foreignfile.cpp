#include "storage/import/foreignfile.h"

#include "base/systemreason.h"
#include "storage/statement.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>

#include <filesystem>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Error;
using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

constexpr qint64 headerSize = 100;

// Under whatever name.
bool liesIn(const QString &folder, const QString &path)
{
    const std::filesystem::path file = QFileInfo(path).filesystemFilePath();
    const QDir own(folder);
    const QStringList names = own.entryList(QDir::Files | QDir::Hidden | QDir::System);
    return std::any_of(names.cbegin(), names.cend(), [&](const QString &name) {
        std::error_code problem;
        return std::filesystem::equivalent(
            file, QFileInfo(own.filePath(name)).filesystemFilePath(), problem);
    });
}

bool beginsAsDatabase(const QByteArray &header)
{
    return header.size() >= headerSize
           && header.startsWith(QByteArrayView("SQLite format 3\0", 16));
}

// What lies there is not opened: closing it again would end the locks of this process.
Result<> checkPlace(const QString &path, const QString &folder)
{
    if (!liesIn(folder, path))
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("The file %1 lies in Gatehouse's own folder. Choose the database of "
                            "One API or New API, mostly one-api.db; if it is that, copy it "
                            "elsewhere first.")
                    .arg(path));
}

// What the file begins with.
Result<QByteArray> readHeader(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorCode::NotFound, Message::tr("There is no file %1.").arg(path));
    // Opening anything else, such as a named pipe, might never end.
    if (!info.isFile()) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 is no file. Choose the database itself, mostly one-api.db.").arg(path));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::Unavailable,
                    Message::tr("The file %1 cannot be read. Check its permissions.").arg(path),
                    base::systemReason(file.errorString()).english());
    }
    return file.read(headerSize);
}

// What the file begins with, if it is one of SQLite's.
Result<QByteArray> checkedHeader(const QString &path)
{
    Result<QByteArray> header = readHeader(path);
    if (!header)
        return header;
    if (header->isEmpty()) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The file %1 is empty. Choose the database of One API or New API, "
                                "mostly one-api.db.")
                        .arg(path));
    }
    if (!beginsAsDatabase(*header)) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The file %1 is no SQLite database, or it is encrypted. Choose the "
                        "database of One API or New API, mostly one-api.db. One on MySQL or "
                        "PostgreSQL cannot be imported.")
                .arg(path));
    }
    return header;
}

// Two of the header's bytes tell the journal: https://www.sqlite.org/fileformat.html, section 1.3.3.
bool usesWriteAheadLog(const QByteArray &header)
{
    return header[18] == 2 || header[19] == 2;
}

} // namespace

ForeignFile::ForeignFile(const QString &path, const QString &folder, const std::stop_token &stop)
    : m_path(path)
    , m_folder(folder)
    , m_stop(stop)
{}

Result<bool> ForeignFile::isDatabase(const QString &path, const QString &folder)
{
    return checkPlace(path, folder)
        .and_then([&] { return readHeader(path); })
        .map([](const QByteArray &header) { return beginsAsDatabase(header); });
}

Result<std::unique_ptr<ForeignFile>>
ForeignFile::open(const QString &path, const QString &folder, const std::stop_token &stop)
{
    if (const Result<> place = checkPlace(path, folder); !place)
        return fail(place.error());
    const Result<QByteArray> header = checkedHeader(path);
    if (!header)
        return fail(header.error());
    // SQLite keeps the journal beside the file that a link leads to.
    const QString source = QFileInfo(path).canonicalFilePath();
    std::unique_ptr<ForeignFile> file(new ForeignFile(path, folder, stop));
    if (!usesWriteAheadLog(*header)) {
        if (const Result<> opened = file->openDirectly(source); !opened)
            return fail(opened.error());
    }
    if (!file->m_database) {
        if (const Result<> opened = file->openCopy(source); !opened)
            return fail(opened.error());
    }
    file->m_database->setInterruption([stop] { return stop.stop_requested(); });
    return file;
}

// Opens nothing where a crash left a journal that was not played back yet, which needs writing.
Result<> ForeignFile::openDirectly(const QString &source)
{
    DatabaseOptions options;
    options.path = source;
    Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadOnly);
    if (!database)
        return fail(database.error());
    const Result<> locked = executeDirectly(**database, u"BEGIN"_s).and_then([&] {
        return numberOf(**database, execute(**database, u"SELECT count(*) FROM sqlite_master"_s))
            .map([](qint64) {});
    });
    const Fault fault = (*database)->fault();
    const bool leavesToCopy = fault == Fault::ReadOnly || fault == Fault::Unreachable;
    if (!locked && leavesToCopy)
        return {};
    m_database = std::move(*database);
    if (locked)
        return {};
    return fail(errorFrom(locked.error()));
}

Result<> ForeignFile::openCopy(const QString &source)
{
    Result<std::unique_ptr<PrivateCopy>> copy = PrivateCopy::of(source, m_folder, m_stop);
    if (!copy)
        return fail(copy.error());
    m_copy = std::move(*copy);
    DatabaseOptions options;
    options.path = m_copy->path();
    // The copy may be written to: a journal that was left is played back in it.
    Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadWrite);
    if (!database)
        return fail(errorFrom(database.error()));
    m_database = std::move(*database);
    return {};
}

void ForeignFile::unlock()
{
    if (!m_copy)
        static_cast<void>(executeDirectly(*m_database, u"COMMIT"_s));
}

Error ForeignFile::errorFrom(const Error &error) const
{
    if (m_stop.stop_requested())
        return importStopped();
    const Fault fault = m_database ? m_database->fault() : Fault::Corrupt;
    if (fault == Fault::None || fault == Fault::Locked)
        return error;
    constexpr qint64 little = 1'000'000;
    const QStorageInfo disk(m_folder);
    if (m_copy && disk.isValid() && disk.bytesAvailable() < little) {
        return {ErrorCode::Unavailable,
                Message::tr("There is no room for reading %1 in %2. Free some space there.")
                    .arg(m_path, m_folder),
                error.detail};
    }
    if (fault == Fault::Corrupt || fault == Fault::Statement) {
        return {ErrorCode::Unavailable,
                Message::tr("The database %1 cannot be read to its end; it seems to be damaged. It "
                            "was left as it is. Import a backup of it, or what SQLite's command "
                            ".recover saves of it.")
                    .arg(m_path),
                error.detail};
    }
    return {
        ErrorCode::Unavailable,
        Message::tr("The database %1 cannot be read. Check its disk, and try again.").arg(m_path),
        error.detail};
}

} // namespace gatehouse::storage
