#pragma once

#include "base/error.h"

#include <tl/expected.hpp>

#include <utility>

namespace gatehouse::base {

// The outcome of an operation that can fail: its value, or the Error that prevented it. Result<>
// has no value to carry.
template<typename T = void>
using Result = tl::expected<T, Error>;

// What a function returns that failed.
[[nodiscard]] inline tl::unexpected<Error>
fail(ErrorCode code, Message message, QString detail = {})
{
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail)});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace gatehouse::base
