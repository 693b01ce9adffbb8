#pragma once

#include "http/headers.h"

namespace gatehouse::http {

// The head of a provider's answer, after every check of ResponseParser. Of 1xx answers none is
// shown.
struct ResponseHead
{
    int status = 0;
    int minorVersion = 1;
    Headers headers{};
    bool keepAlive = true;
    bool chunked = false;
    qint64 contentLength = -1; // -1: not told; chunked, or until the connection closes
};

// The usual words for a status, such as "Not Found".
QByteArrayView reasonPhrase(int status);

} // namespace gatehouse::http
