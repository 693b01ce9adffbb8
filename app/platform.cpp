// This file calls the system's own functions, for POSIX and for Windows.
#include "platform.h"

#include "base/systemreason.h"

#include <QFile>
#include <QSocketNotifier>

#ifdef Q_OS_WIN
#include <QLockFile>
#include <cstdio>
#include <windows.h>
#else
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif
#ifdef __GLIBC__
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

tl::unexpected<base::Error> inUse(const QString &path)
{
    return fail(
        ErrorCode::Conflict,
        base::Message::tr(
            "Another Gatehouse is using this data directory (it holds %1). Stop it first, or "
            "choose another directory with --data-dir.")
            .arg(path));
}

QByteArray firstBytes(const QString &path)
{
    constexpr qint64 most = 256;
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(most) : QByteArray();
}

} // namespace

#ifdef Q_OS_WIN

namespace {
EndSignals *theEndSignals = nullptr;

BOOL WINAPI handleConsole(DWORD)
{
    if (theEndSignals)
        QMetaObject::invokeMethod(theEndSignals, &EndSignals::endRequested, Qt::QueuedConnection);
    return TRUE;
}
} // namespace

class EndSignals::Private
{};

EndSignals::EndSignals(QObject *parent)
    : QObject(parent)
{
    theEndSignals = this;
    SetConsoleCtrlHandler(handleConsole, TRUE);
}

EndSignals::~EndSignals()
{
    SetConsoleCtrlHandler(handleConsole, FALSE);
    theEndSignals = nullptr;
}

void EndSignals::hearReloads() {}

void holdReloads() {}

class FileLock::Private
{
public:
    explicit Private(const QString &path)
        : file(path)
        , note(notePath(path))
    {}
    ~Private() { note.remove(); }

    // The lock file itself holds what Qt needs.
    static QString notePath(const QString &path) { return path + u".holder"_s; }

    QLockFile file;
    QFile note;
};

Result<FileLock> FileLock::take(const QString &path)
{
    auto lock = std::make_unique<Private>(path);
    lock->file.setStaleLockTime(0);
    if (!lock->file.tryLock(0))
        return inUse(path);
    lock->note.remove();
    return FileLock(std::move(lock));
}

void FileLock::leaveNote(const QByteArray &line)
{
    if (d->note.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
        d->note.write(line);
        d->note.close();
    }
}

QByteArray FileLock::noteIn(const QString &path)
{
    return firstBytes(Private::notePath(path));
}

void attachConsole()
{
    // What is redirected already stays so.
    const auto isOpen = [](DWORD which) {
        return GetFileType(GetStdHandle(which)) != FILE_TYPE_UNKNOWN;
    };
    const bool hasOutput = isOpen(STD_OUTPUT_HANDLE);
    const bool hasError = isOpen(STD_ERROR_HANDLE);
    const bool hasInput = isOpen(STD_INPUT_HANDLE);
    if ((hasOutput && hasError && hasInput) || !AttachConsole(ATTACH_PARENT_PROCESS))
        return;
    if (!hasOutput)
        std::freopen("CONOUT$", "w", stdout);
    if (!hasError)
        std::freopen("CONOUT$", "w", stderr);
    if (!hasInput)
        std::freopen("CONIN$", "r", stdin);
}

void hardenProcess() {}

#else

namespace {

int signalPipe[2] = {-1, -1};
volatile sig_atomic_t wasAsked = 0;
constexpr char endByte = 1;
constexpr char reloadByte = 2;

void tell(char byte)
{
    const int before = errno;
    [[maybe_unused]] const ssize_t written = ::write(signalPipe[0], &byte, 1);
    errno = before;
}

void handleReload(int)
{
    tell(reloadByte);
}

// The second signal ends the process even where the event loop no longer runs.
void handleSignal(int)
{
    constexpr int interrupted = 130;
    if (wasAsked)
        ::_exit(interrupted);
    wasAsked = 1;
    tell(endByte);
}

} // namespace

class EndSignals::Private
{
public:
    std::unique_ptr<QSocketNotifier> notifier{};
};

EndSignals::EndSignals(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, signalPipe) != 0)
        return;
    for (const int end : signalPipe) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    d->notifier = std::make_unique<QSocketNotifier>(signalPipe[1], QSocketNotifier::Read);
    connect(d->notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        while (::read(signalPipe[1], &byte, 1) == 1) {
            if (byte == reloadByte)
                emit reloadRequested();
            else
                emit endRequested();
        }
    });
    struct sigaction action = {};
    action.sa_handler = handleSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

void EndSignals::hearReloads()
{
    if (signalPipe[0] < 0 || ::isatty(STDIN_FILENO))
        return;
    struct sigaction action = {};
    action.sa_handler = handleReload;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGHUP, &action, nullptr);
    sigset_t reloads;
    ::sigemptyset(&reloads);
    ::sigaddset(&reloads, SIGHUP);
    ::pthread_sigmask(SIG_UNBLOCK, &reloads, nullptr);
}

void holdReloads()
{
    if (::isatty(STDIN_FILENO))
        return;
    sigset_t reloads;
    ::sigemptyset(&reloads);
    ::sigaddset(&reloads, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &reloads, nullptr);
}

EndSignals::~EndSignals()
{
    ::signal(SIGHUP, SIG_DFL);
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    d.reset();
    for (int &end : signalPipe) {
        ::close(end);
        end = -1;
    }
}

class FileLock::Private
{
public:
    int descriptor = -1;
    bool isHeld = false;
    Private() = default;
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;
    ~Private()
    {
        if (descriptor < 0)
            return;
        if (isHeld)
            write({});
        ::close(descriptor);
    }

    void write(const QByteArray &text) const
    {
        if (::ftruncate(descriptor, 0) != 0)
            return;
        [[maybe_unused]] const ssize_t written =
            ::pwrite(descriptor, text.constData(), static_cast<size_t>(text.size()), 0);
    }
};

Result<FileLock> FileLock::take(const QString &path)
{
    auto lock = std::make_unique<Private>();
    constexpr mode_t ownerOnly = S_IRUSR | S_IWUSR;
    lock->descriptor =
        ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, ownerOnly);
    if (lock->descriptor < 0) {
        return fail(
            ErrorCode::Denied,
            base::Message::tr(
                "The file %1 cannot be made (%2). Check the permissions of the data directory.")
                .arg(path, base::systemReason(errno)));
    }
    if (::flock(lock->descriptor, LOCK_EX | LOCK_NB) != 0)
        return inUse(path);
    lock->isHeld = true;
    lock->write({}); // what one that crashed has left
    return FileLock(std::move(lock));
}

void FileLock::leaveNote(const QByteArray &line)
{
    d->write(line);
}

QByteArray FileLock::noteIn(const QString &path)
{
    return firstBytes(path);
}

void attachConsole() {}

void hardenProcess()
{
    ::umask(S_IRWXG | S_IRWXO);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if defined(Q_OS_LINUX) && !defined(__SANITIZE_ADDRESS__)
    // A leak checker must be able to look at its own process.
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

#endif

FileLock::FileLock(std::unique_ptr<Private> lock)
    : d(std::move(lock))
{}

FileLock::FileLock(FileLock &&other) noexcept = default;
FileLock::~FileLock() = default;

#ifdef __GLIBC__

namespace {

// The code of a program or library. It is never written to, so that what is needed of it comes back from
// its file by itself; most of it belongs to the window.
int giveUpCode(dl_phdr_info *object, size_t, void *)
{
    const auto pageSize = static_cast<ElfW(Addr)>(::sysconf(_SC_PAGESIZE));
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const ElfW(Phdr) &part = object->dlpi_phdr[i];
        if (part.p_type != PT_LOAD || !(part.p_flags & PF_X) || (part.p_flags & PF_W))
            continue;
        const ElfW(Addr) begin = (object->dlpi_addr + part.p_vaddr) & ~(pageSize - 1);
        const ElfW(Addr) end = object->dlpi_addr + part.p_vaddr + part.p_memsz;
        ::madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
    }
    return 0;
}

} // namespace

void returnMemory()
{
    malloc_trim(0);
    dl_iterate_phdr(giveUpCode, nullptr);
}

#else

void returnMemory() {}

#endif

} // namespace gatehouse::app
