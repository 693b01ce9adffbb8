#pragma once

#include "http/headers.h"

namespace gatehouse::relay {

// The client's side of an exchange: what it is answered. Implemented by the connection; used in its
// thread alone. Bytes are collected until flush(), so that head and body leave in one piece.
class Downstream
{
public:
    Downstream() = default;
    Downstream(const Downstream &) = delete;
    Downstream &operator=(const Downstream &) = delete;
    virtual ~Downstream() = default;

    // `contentLength` -1: the length is not known; the connection chooses the framing.
    virtual void begin(int status, const http::Headers &fields, qint64 contentLength) = 0;
    virtual void write(QByteArrayView bytes) = 0;
    virtual void flush() = 0;
    // Forgets what was written since the last flush().
    virtual void discard() = 0;
    // The answer is whole. The connection may be used for the next request from here on.
    virtual void finish() = 0;
    // Ends the connection so that the client can tell that the answer is not whole.
    virtual void cut() = 0;
    // What the client has not taken yet.
    virtual qint64 unsent() const = 0;
};

} // namespace gatehouse::relay
