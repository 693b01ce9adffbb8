#pragma once

#include "base/error.h"
#include "domain/outgoingproxies.h"

#include <QByteArray>
#include <QUrl>

#include <chrono>
#include <optional>
#include <stop_token>

namespace gatehouse::admin {

// One POST of JSON to another program of the owner, as a value for a worker.
struct Posting
{
    QUrl url{};
    QByteArray fields{}; // further lines of the head, each with its line end
    QByteArray body{};
    std::chrono::milliseconds patience{10'000}; // over all
    // Bytes of the answer's body that are waited for; 0: the answer is its head.
    qsizetype mostAnswer = 0;
    domain::OutgoingProxies proxies{}; // of the environment
};

// What came of it.
struct Posted
{
    int status = 0; // 0: there was no answer
    QByteArray answer{};
    std::optional<std::chrono::seconds> retryAfter{}; // that the answer asks to wait
    base::Error error{};                              // of what was no success

    bool isSuccess() const;
};

// With that of the scheme where none is named.
quint16 portOf(const QUrl &url);

// Called in a thread of a pool, where it waits; ends early on a stop request. Redirects are not followed.
Posted post(const Posting &posting, const std::stop_token &stop);

// False: it was asked to stop meanwhile.
bool pauseFor(std::chrono::milliseconds time, const std::stop_token &stop);

} // namespace gatehouse::admin
