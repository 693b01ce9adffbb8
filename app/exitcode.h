#pragma once

#include "base/error.h"

namespace gatehouse::app {

// What the program ends with, for scripts and service managers.
enum class ExitCode {
    Ok = 0,
    Failure = 1,
    Usage = 2,
    Unreachable = 3,
    NotFound = 4,
    Denied = 5,
    Conflict = 6, // the data directory is in use, an address is taken
    Configuration = 7,
    PartialFailure = 8, // some of several things failed
    Unavailable = 69,   // EX_UNAVAILABLE: what it needs is missing
    Interrupted = 130,  // by SIGINT or SIGTERM, before the command was carried out
};

ExitCode exitCodeOf(base::ErrorCode code);

} // namespace gatehouse::app
