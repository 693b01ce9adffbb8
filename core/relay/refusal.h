#pragma once

#include "base/message.h"

#include <QByteArray>

#include <chrono>
#include <optional>

#include <tl/expected.hpp>

namespace gatehouse::relay {

// Why a request of a client is not served. `code` is stable, for programs; `message` is a sentence
// that says what to do. Written in the caller's dialect by protocol::errorBody().
struct Refusal
{
    int status = 500;
    QByteArray code = "internal_error";
    base::Message message{};
    std::optional<std::chrono::seconds> retryAfter{};
    // False: asking again without a change cannot help, and client libraries are told so.
    bool worthRetrying = false;
};

template<typename T = void>
using Admitted = tl::expected<T, Refusal>;

} // namespace gatehouse::relay
