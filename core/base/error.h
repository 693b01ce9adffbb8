#pragma once

#include "base/message.h"

namespace gatehouse::base {

enum class ErrorCode {
    InvalidInput,
    NotFound,
    Conflict,
    Denied,
    NotSignedIn,
    LimitReached,
    Unavailable,
    TimedOut,
    Cancelled,
    Internal,
};

// Why an operation failed. `message` is a whole sentence that may be shown to anyone; it never holds
// a secret, an SQL statement or a provider's reply. `detail` is for the log alone, in English.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    Message message{};
    QString detail{};

    bool operator==(const Error &) const = default;
};

} // namespace gatehouse::base
