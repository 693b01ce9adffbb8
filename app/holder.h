#pragma once

#include "base/result.h"

#include <optional>

namespace gatehouse::app {

// The process that uses a data directory, as it wrote itself into the lock there.
struct Holder
{
    enum class Kind {
        Serve,   // gatehouse serve
        Window,  // the desktop application
        Command, // a sub-command that ends by itself
    };

    Kind kind = Kind::Command;
    qint64 process = 0; // its id
    // When the process began, in the system's own unit: tells it from a later one with the same id.
    // 0 where the system does not say.
    qint64 began = 0;

    bool operator==(const Holder &) const = default;
};

// This process.
Holder ownHolder(Holder::Kind kind);

// Its line in the lock file, and what such a line says; nothing for anything else.
QByteArray holderLine(const Holder &holder);
std::optional<Holder> holderFrom(QByteArrayView line);

// Who uses the data directory `directory`. Nothing if nobody does, or if the lock does not tell: ask
// it after DataDirectory::open() has failed with a Conflict.
std::optional<Holder> holderOf(const QString &directory);

// Whether requestEnd() can work here.
bool canRequestEnd();

// Asks the process to end in its own time (SIGTERM). NotFound: it has ended already; Denied: it
// belongs to somebody else; Unavailable: the system has no such request (Windows).
base::Result<> requestEnd(const Holder &holder);

} // namespace gatehouse::app
