#pragma once

#include "base/result.h"

#include <QObject>

#include <memory>

namespace gatehouse::app {

// What Qt does not offer: the file behind this header alone calls the system.

// Tells when the system asks the program to end, by SIGINT and SIGTERM or their like, and to read its
// settings again. One for a process; emits in the thread it was made in.
class EndSignals : public QObject
{
    Q_OBJECT

public:
    explicit EndSignals(QObject *parent = nullptr);
    ~EndSignals() override;

    // From now on SIGHUP is reloadRequested(), also one that came since holdReloads(). In a terminal it goes on to end the program, as it does
    // when that is closed; Windows has none.
    void hearReloads();

signals:
    void endRequested();
    void reloadRequested();

private:
    class Private;
    std::unique_ptr<Private> d;
};

// To be called before all else by what hears reloads: until then SIGHUP would end it. In a terminal it does
// so throughout.
void holdReloads();

// Holds a file for this process alone, for as long as it lives: the system lets go of it even after
// a crash.
class FileLock
{
public:
    // Conflict: another process holds it.
    static base::Result<FileLock> take(const QString &path);
    FileLock(FileLock &&other) noexcept;
    FileLock &operator=(FileLock &&other) = delete;
    ~FileLock();

    // Leaves a line for those who find the file locked; it goes away with the lock, though not after
    // a crash. What cannot be written is left out.
    void leaveNote(const QByteArray &line);
    // The line that the holder of the file at `path` has left; empty if there is none.
    static QByteArray noteIn(const QString &path);

private:
    class Private;
    explicit FileLock(std::unique_ptr<Private> lock);
    std::unique_ptr<Private> d;
};

// Lets a command write to the console that it was started from. Windows does not give it to a program
// that has windows; elsewhere this does nothing.
void attachConsole();

// Keeps keys out of core dumps and away from other processes of the same account, and new files
// private.
void hardenProcess();

// Gives back to the system what was freed, and code that is not running. Worth its few milliseconds
// after much was used.
void returnMemory();

} // namespace gatehouse::app
