#pragma once

#include "base/message.h"

#include <QByteArray>

#include <algorithm>
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

    // For the field of that name, which asks for a second at least.
    QByteArray retryAfterText() const
    {
        return QByteArray::number(std::max<qint64>(1, retryAfter ? retryAfter->count() : 0));
    }
};

template<typename T = void>
using Admitted = tl::expected<T, Refusal>;

} // namespace gatehouse::relay
