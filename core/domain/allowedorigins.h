#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QList>

namespace gatehouse::domain {

// The web pages, by their origins, whose browsers may let them read what the relay answers (CORS).
struct AllowedOrigins
{
    bool any = false;
    QList<QByteArray> origins{}; // as browsers write them: in lower case, without a usual port

    bool isEmpty() const { return !any && origins.isEmpty(); }
    // What Access-Control-Allow-Origin says to a request with that Origin; empty: nothing.
    QByteArrayView answerTo(QByteArrayView origin) const;
    bool operator==(const AllowedOrigins &) const = default;
};

// Reads a list separated by commas or white space: whole origins, such as https://chat.example.com or
// http://localhost:8080, or a single `*` for all.
base::Result<AllowedOrigins> allowedOriginsFrom(const QString &text);

} // namespace gatehouse::domain
