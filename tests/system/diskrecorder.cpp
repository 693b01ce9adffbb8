// A library to be preloaded (LD_PRELOAD, Linux): records what a program does to the files below a folder,
// in the order in which it does it, so that a test can tell what a loss of power would have left of them.
// It stands in for the C library's functions and calls the system in their place.
//
// What is done and its entry are one step under a lock of the journal (flock): who holds that lock finds
// neither without the other, even where the program is killed then.
//
// DISKRECORDER_FOLDER: the folder; DISKRECORDER_JOURNAL: the file to record to, outside of it. Each entry
// is a letter and three 64-bit numbers, then as many bytes as the last of them says:
//   n inode size path       a file was opened or got this name
//   u 0 0 path              a name was removed
//   w inode offset data     written
//   t inode size            cut or lengthened
//   s inode                 all of the above has been asked to be made lasting

// What is fortified is defined by the headers themselves.
#undef _FORTIFY_SOURCE

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

class Recorder
{
public:
    Recorder()
    {
        const char *folder = getenv("DISKRECORDER_FOLDER");
        const char *journal = getenv("DISKRECORDER_JOURNAL");
        if (!folder || !journal)
            return;
        m_folder = folder;
        m_journal = static_cast<int>(syscall(
            SYS_openat, AT_FDCWD, journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    }

    // Around each step, on one thread after the other.
    void lock()
    {
        m_mutex.lock();
        if (++m_depth == 1 && m_journal >= 0) {
            while (flock(m_journal, LOCK_EX) != 0 && errno == EINTR) {
            }
        }
    }

    void unlock()
    {
        if (--m_depth == 0 && m_journal >= 0)
            flock(m_journal, LOCK_UN);
        m_mutex.unlock();
    }

    // True of the folder itself, too: files without a name are made in it.
    bool isWithin(const char *path) const
    {
        if (m_journal < 0 || !path || std::strncmp(path, m_folder.c_str(), m_folder.size()) != 0)
            return false;
        const char end = path[m_folder.size()];
        return end == '/' || end == '\0';
    }

    // The inode of a file that is recorded, else 0.
    std::uint64_t inodeOf(int file)
    {
        struct stat found = {};
        if (m_journal < 0 || fstat(file, &found) != 0 || !S_ISREG(found.st_mode))
            return 0;
        const std::lock_guard lock(m_mutex);
        return m_inodes.contains({found.st_dev, found.st_ino}) ? found.st_ino : 0;
    }

    void opened(int file, const char *path)
    {
        struct stat found = {};
        if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode))
            return;
        const std::lock_guard lock(m_mutex);
        m_inodes.insert({found.st_dev, found.st_ino});
        add('n', found.st_ino, static_cast<std::uint64_t>(found.st_size), path, std::strlen(path));
    }

    void named(const char *path)
    {
        struct stat found = {};
        if (stat(path, &found) != 0 || !S_ISREG(found.st_mode))
            return;
        const std::lock_guard lock(m_mutex);
        m_inodes.insert({found.st_dev, found.st_ino});
        add('n', found.st_ino, static_cast<std::uint64_t>(found.st_size), path, std::strlen(path));
    }

    void removed(const char *path) { add('u', 0, 0, path, std::strlen(path)); }

    void
    add(char kind, std::uint64_t first, std::uint64_t second, const void *data, std::uint64_t size)
    {
        const std::lock_guard lock(*this);
        std::array<char, 25> head = {kind};
        std::memcpy(head.data() + 1, &first, 8);
        std::memcpy(head.data() + 9, &second, 8);
        std::memcpy(head.data() + 17, &size, 8);
        put(head.data(), head.size());
        put(data, size);
    }

private:
    void put(const void *data, std::uint64_t size) const
    {
        const char *at = static_cast<const char *>(data);
        while (size > 0) {
            const long written = syscall(SYS_write, m_journal, at, size);
            if (written <= 0)
                abort(); // without its journal the run would prove nothing
            at += written;
            size -= static_cast<std::uint64_t>(written);
        }
    }

    std::recursive_mutex m_mutex;
    int m_depth = 0;
    std::string m_folder;
    std::set<std::pair<dev_t, ino_t>> m_inodes;
    int m_journal = -1;
};

// Never destroyed: files are still written while the program ends.
Recorder &recorder()
{
    static Recorder &only = *new Recorder;
    return only;
}

int openAt(int folder, const char *path, int flags, mode_t mode)
{
    const bool recorded = recorder().isWithin(path) && (flags & O_ACCMODE) != O_RDONLY;
    std::unique_lock lock(recorder(), std::defer_lock);
    if (recorded)
        lock.lock();
    const int file = static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
    if (recorded && file >= 0)
        recorder().opened(file, (flags & O_TMPFILE) == O_TMPFILE ? "" : path);
    return file;
}

ssize_t writeAt(int file, const void *data, size_t size, off64_t offset)
{
    const std::uint64_t inode = recorder().inodeOf(file);
    if (inode == 0)
        return syscall(SYS_pwrite64, file, data, size, offset);
    const std::lock_guard lock(recorder());
    const ssize_t written = syscall(SYS_pwrite64, file, data, size, offset);
    if (written > 0) {
        recorder().add('w',
                       inode,
                       static_cast<std::uint64_t>(offset),
                       data,
                       static_cast<std::uint64_t>(written));
    }
    return written;
}

int resize(int file, off64_t size)
{
    const std::uint64_t inode = recorder().inodeOf(file);
    const std::lock_guard lock(recorder());
    const int result = static_cast<int>(syscall(SYS_ftruncate, file, size));
    if (result == 0 && inode != 0)
        recorder().add('t', inode, static_cast<std::uint64_t>(size), nullptr, 0);
    return result;
}

int lengthen(int file, off64_t offset, off64_t size)
{
    struct stat found = {};
    if (recorder().inodeOf(file) == 0)
        return static_cast<int>(syscall(SYS_fallocate, file, 0, offset, size));
    if (fstat(file, &found) != 0)
        return -1;
    return found.st_size >= offset + size ? 0 : resize(file, offset + size);
}

int synchronize(int file, long call)
{
    const std::uint64_t inode = recorder().inodeOf(file);
    if (inode == 0)
        return static_cast<int>(syscall(call, file));
    recorder().add('s', inode, 0, nullptr, 0);
    return 0; // no need to wait for the disk
}

int renameAt(int fromFolder, const char *from, int toFolder, const char *to, unsigned int flags)
{
    const std::lock_guard lock(recorder());
    const int result =
        static_cast<int>(syscall(SYS_renameat2, fromFolder, from, toFolder, to, flags));
    if (result == 0 && recorder().isWithin(from))
        recorder().removed(from);
    if (result == 0 && recorder().isWithin(to))
        recorder().named(to);
    return result;
}

int linkAt(int fromFolder, const char *from, int toFolder, const char *to, int flags)
{
    const std::lock_guard lock(recorder());
    const int result = static_cast<int>(syscall(SYS_linkat, fromFolder, from, toFolder, to, flags));
    if (result == 0 && recorder().isWithin(to))
        recorder().named(to);
    return result;
}

int unlinkAt(int folder, const char *path, int flags)
{
    const std::lock_guard lock(recorder());
    const int result = static_cast<int>(syscall(SYS_unlinkat, folder, path, flags));
    if (result == 0 && (flags & AT_REMOVEDIR) == 0 && recorder().isWithin(path))
        recorder().removed(path);
    return result;
}

mode_t modeFrom(int flags, va_list list)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, mode_t) : 0;
}

} // namespace

extern "C" {

int open(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeFrom(flags, list);
    va_end(list);
    return openAt(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeFrom(flags, list);
    va_end(list);
    return openAt(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeFrom(flags, list);
    va_end(list);
    return openAt(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeFrom(flags, list);
    va_end(list);
    return openAt(folder, path, flags, mode);
}

ssize_t write(int file, const void *data, size_t size)
{
    const std::uint64_t inode = recorder().inodeOf(file);
    if (inode == 0)
        return syscall(SYS_write, file, data, size);
    const std::lock_guard lock(recorder());
    const ssize_t written = syscall(SYS_write, file, data, size);
    if (written > 0) {
        const off64_t end = lseek64(file, 0, SEEK_CUR);
        recorder().add('w',
                       inode,
                       static_cast<std::uint64_t>(end - written),
                       data,
                       static_cast<std::uint64_t>(written));
    }
    return written;
}

ssize_t writev(int file, const iovec *parts, int count)
{
    if (recorder().inodeOf(file) == 0)
        return syscall(SYS_writev, file, parts, count);
    return count > 0 ? write(file, parts->iov_base, parts->iov_len) : 0;
}

ssize_t pwrite(int file, const void *data, size_t size, off_t offset)
{
    return writeAt(file, data, size, offset);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t offset)
{
    return writeAt(file, data, size, offset);
}

int ftruncate(int file, off_t size) noexcept
{
    return resize(file, size);
}

int ftruncate64(int file, off64_t size) noexcept
{
    return resize(file, size);
}

int fallocate(int file, int mode, off_t offset, off_t size)
{
    return mode == 0 ? lengthen(file, offset, size)
                     : static_cast<int>(syscall(SYS_fallocate, file, mode, offset, size));
}

int fallocate64(int file, int mode, off64_t offset, off64_t size)
{
    return fallocate(file, mode, offset, size);
}

int posix_fallocate(int file, off_t offset, off_t size)
{
    return lengthen(file, offset, size) == 0 ? 0 : errno;
}

int posix_fallocate64(int file, off64_t offset, off64_t size)
{
    return posix_fallocate(file, offset, size);
}

int fsync(int file)
{
    return synchronize(file, SYS_fsync);
}

int fdatasync(int file)
{
    return synchronize(file, SYS_fdatasync);
}

int rename(const char *from, const char *to) noexcept
{
    return renameAt(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int fromFolder, const char *from, int toFolder, const char *to) noexcept
{
    return renameAt(fromFolder, from, toFolder, to, 0);
}

int renameat2(
    int fromFolder, const char *from, int toFolder, const char *to, unsigned int flags) noexcept
{
    return renameAt(fromFolder, from, toFolder, to, flags);
}

int link(const char *from, const char *to) noexcept
{
    return linkAt(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int fromFolder, const char *from, int toFolder, const char *to, int flags) noexcept
{
    return linkAt(fromFolder, from, toFolder, to, flags);
}

int unlink(const char *path) noexcept
{
    return unlinkAt(AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags) noexcept
{
    return unlinkAt(folder, path, flags);
}

} // extern "C"
