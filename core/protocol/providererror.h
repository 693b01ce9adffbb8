#pragma once

#include "base/message.h"
#include "domain/providertype.h"
#include "http/headers.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <optional>

namespace gatehouse::protocol {

// What a provider answered instead of what was asked for.
struct ProviderError
{
    enum class Class {
        ClientMistake,  // another channel would refuse it as well
        Authentication, // of the channel's key
        Forbidden,      // to this key or this request: which of them is not told
        OutOfCredit,    // of the channel's account
        RateLimited,
        Overloaded,
        ServerFault,
        ModelNotFound,
        ContentRefused, // by the provider's own rules
        NotUnderstood,  // no answer in this dialect: a web page, nothing, half a document
    };

    int status = 0;    // HTTP's, or the one that the body names
    QByteArray type{}; // the provider's own words, at most 100 bytes each
    QByteArray code{};
    base::Message
        message{}; // at most 500 characters, without control characters and without the key
    Class kind = Class::ServerFault;
    std::optional<std::chrono::seconds> retryAfter{}; // at most a day

    bool operator==(const ProviderError &) const = default;
};

using ErrorClass = ProviderError::Class;

// A stable name of the class, such as "rate_limited", for logs and records.
QByteArrayView nameOf(ErrorClass kind);

// What classify() reads.
struct ErrorReply
{
    int status = 0;
    const http::Headers *headers = nullptr; // null: within a stream
    QByteArrayView body{};
    domain::Dialect dialect = domain::Dialect::OpenAi;
    std::chrono::sys_seconds now{}; // for a Retry-After that is a date
    QByteArrayView secret{};        // the key that was sent; replaced by *** in the message
};

// Types an error by its status and by the dialect's own types and codes, never by a word in a text.
ProviderError classify(const ErrorReply &reply);

inline ProviderError classify(int status,
                              const http::Headers &headers,
                              QByteArrayView body,
                              domain::Dialect dialect,
                              std::chrono::sys_seconds now = {},
                              QByteArrayView secret = {})
{
    return classify({.status = status,
                     .headers = &headers,
                     .body = body,
                     .dialect = dialect,
                     .now = now,
                     .secret = secret});
}

// How long the fields `retry-after-ms` and `retry-after` (seconds or a date, RFC 9110, section
// 10.2.3) ask to wait; at most a day.
std::optional<std::chrono::seconds> retryAfter(const http::Headers &headers,
                                               std::chrono::sys_seconds now);

// A text from outside, fit to be shown: valid, without control characters, cut to `most` characters,
// the secret masked.
QString presentable(QByteArrayView text, QByteArrayView secret = {}, qsizetype most = 500);

} // namespace gatehouse::protocol
