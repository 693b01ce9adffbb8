#include "exitcode.h"

namespace gatehouse::app {

ExitCode exitCodeOf(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::InvalidInput:
        return ExitCode::Configuration;
    case base::ErrorCode::NotFound:
        return ExitCode::NotFound;
    case base::ErrorCode::Conflict:
        return ExitCode::Conflict;
    case base::ErrorCode::Denied:
    case base::ErrorCode::NotSignedIn:
        return ExitCode::Denied;
    case base::ErrorCode::Unavailable:
    case base::ErrorCode::TimedOut:
        return ExitCode::Unavailable;
    default:
        return ExitCode::Failure;
    }
}

} // namespace gatehouse::app
