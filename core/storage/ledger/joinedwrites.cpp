#include "storage/ledger/joinedwrites.h"

#include <algorithm>

#include <sqlite3.h>

namespace gatehouse::storage {

namespace {

// The format of the log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log. A page follows
// each header, whose second number is zero but for the page that ends a commit.
constexpr int headerBytes = 24;
constexpr qsizetype mostHeld = 1024 * 1024;
// SQLite's files take less than 128 KiB in one call.
constexpr qsizetype mostAtOnce = 112 * 1024;

thread_local JoinedWrites *joined = nullptr;

// A write-ahead log that is open. The file of SQLite's own lies behind it in memory.
struct LogFile
{
    sqlite3_file base{};
};

sqlite3_file &realOf(sqlite3_file *file)
{
    return *reinterpret_cast<sqlite3_file *>(reinterpret_cast<LogFile *>(file) + 1);
}

// Calls a function of the real file, once nothing is held.
template<auto function, typename... Arguments>
int forward(sqlite3_file *file, Arguments... arguments)
{
    if (const int flushed = joined ? joined->flush() : SQLITE_OK; flushed != SQLITE_OK)
        return flushed;
    sqlite3_file &real = realOf(file);
    return (real.pMethods->*function)(&real, arguments...);
}

int write(sqlite3_file *file, const void *data, int length, sqlite3_int64 offset)
{
    sqlite3_file &real = realOf(file);
    if (joined)
        return joined->write(real, static_cast<const char *>(data), length, offset);
    return real.pMethods->xWrite(&real, data, length, offset);
}

constexpr sqlite3_io_methods logMethods{
    .iVersion = 1, // a log is neither mapped nor shared
    .xClose = forward<&sqlite3_io_methods::xClose>,
    .xRead = forward<&sqlite3_io_methods::xRead, void *, int, sqlite3_int64>,
    .xWrite = write,
    .xTruncate = forward<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    .xSync = forward<&sqlite3_io_methods::xSync, int>,
    .xFileSize = forward<&sqlite3_io_methods::xFileSize, sqlite3_int64 *>,
    .xLock = forward<&sqlite3_io_methods::xLock, int>,
    .xUnlock = forward<&sqlite3_io_methods::xUnlock, int>,
    .xCheckReservedLock = forward<&sqlite3_io_methods::xCheckReservedLock, int *>,
    .xFileControl = forward<&sqlite3_io_methods::xFileControl, int, void *>,
    .xSectorSize = forward<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = forward<&sqlite3_io_methods::xDeviceCharacteristics>,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

sqlite3_vfs *original = nullptr;

int open(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *openedWith)
{
    if (!(flags & SQLITE_OPEN_WAL))
        return original->xOpen(original, name, file, flags, openedWith);
    sqlite3_file &real = realOf(file);
    const int opened = original->xOpen(original, name, &real, flags, openedWith);
    // SQLite closes a file that has methods, even if it could not be opened.
    file->pMethods = real.pMethods ? &logMethods : nullptr;
    return opened;
}

} // namespace

void JoinedWrites::install()
{
    static sqlite3_vfs own{};
    static const bool isInstalled = [] {
        original = sqlite3_vfs_find(nullptr);
        if (!original)
            return false;
        own = *original;
        own.pNext = nullptr;
        own.zName = "gatehouse";
        own.szOsFile += static_cast<int>(sizeof(LogFile));
        own.xOpen = open;
        return sqlite3_vfs_register(&own, 1) == SQLITE_OK;
    }();
    Q_UNUSED(isInstalled)
}

JoinedWrites::JoinedWrites(QByteArray &buffer)
    : m_held(buffer)
{
    Q_ASSERT(!joined);
    m_held.resize(0);
    joined = this;
}

JoinedWrites::~JoinedWrites()
{
    joined = nullptr;
}

// Only what is appended header by page is held, up to the end of the commit. Anything else (pages of
// the same transaction that are written anew where they are, checksums that are renewed) goes its way.
int JoinedWrites::write(sqlite3_file &log, const char *data, int length, qint64 offset)
{
    const bool isHeader = length == headerBytes;
    const bool continues = !m_held.isEmpty() && m_log == &log && offset == m_begin + m_held.size();
    if (!continues) {
        if (const int flushed = flush(); flushed != SQLITE_OK)
            return flushed;
        if (m_isDone || !isHeader)
            return log.pMethods->xWrite(&log, data, length, offset);
        m_log = &log;
        m_begin = offset;
    }
    m_held.append(data, length);
    if (isHeader) {
        m_isLast = std::any_of(data + 4, data + 8, [](char byte) { return byte != 0; });
        return SQLITE_OK;
    }
    m_isDone = m_isLast;
    return m_isDone || m_held.size() >= mostHeld ? flush() : SQLITE_OK;
}

int JoinedWrites::flush()
{
    if (m_held.isEmpty())
        return SQLITE_OK;
    int written = SQLITE_OK;
    for (qsizetype at = 0; at < m_held.size() && written == SQLITE_OK; at += mostAtOnce) {
        const qsizetype length = std::min(mostAtOnce, m_held.size() - at);
        written = m_log->pMethods->xWrite(
            m_log, m_held.constData() + at, static_cast<int>(length), m_begin + at);
    }
    m_held.resize(0);
    return written;
}

} // namespace gatehouse::storage
