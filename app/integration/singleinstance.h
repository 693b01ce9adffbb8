#pragma once

#include "base/result.h"

#include <QLocalServer>
#include <QStringList>

#include <chrono>

namespace gatehouse::app {

// Where the window that uses a data directory can be spoken to: a socket in the runtime directory, or
// a named pipe, called after the account and the data directory. Empty if there is no such directory.
QString windowSocketName(const QString &dataDirectory);

// What became of an attempt to hand the command line over to the window that is open.
enum class HandOver {
    Delivered,   // it took the arguments; this process has nothing more to do
    NobodyThere, // no window uses the data directory
    Refused, // somebody is there, and is of another version, of another account or does not answer
};

// Hands `arguments` over to the window that uses `dataDirectory` and lets it come to the foreground.
// Waits up to `limit` for its answer: to be called before there is an event loop and a window.
HandOver handOver(const QString &dataDirectory,
                  const QStringList &arguments,
                  std::chrono::milliseconds limit = std::chrono::seconds(3));

// Listens for further starts of the program on the same data directory. Lives in the main thread.
class SingleInstance final : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(QObject *parent = nullptr);

    // To be called by whoever holds the data directory's lock, so that a socket that is still there is
    // one that a crash has left behind.
    base::Result<> listen(const QString &dataDirectory);

signals:
    // The program was started again. `activationToken` is what the desktop gave the other process to
    // raise a window with (XDG_ACTIVATION_TOKEN); often empty.
    void activated(const QStringList &arguments, const QByteArray &activationToken);

private:
    class Caller;

    void accept();

    QLocalServer m_server;
};

} // namespace gatehouse::app
