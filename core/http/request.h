#pragma once

#include "http/headers.h"

namespace gatehouse::http {

// The head of a request, after every check of RequestParser.
struct RequestHead
{
    QByteArray method{};  // as sent; methods are case-sensitive
    QByteArray target{};  // origin form: begins with '/'; or "*" for OPTIONS
    int minorVersion = 1; // HTTP/1.0 or HTTP/1.1
    Headers headers{};
    bool keepAlive = true;
    bool expectsContinue = false;
    bool chunked = false;
    qint64 contentLength = 0; // of what is not chunked

    bool hasBody() const { return chunked || contentLength > 0; }
    // The target up to '?', and what follows it.
    QByteArrayView path() const;
    QByteArrayView query() const;
};

} // namespace gatehouse::http
