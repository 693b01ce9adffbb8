#pragma once

#include "http/request.h"

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::http {

// How the receiver of an answer learns where its body ends.
enum class BodyEnd {
    None,       // 204 and 304: there is no body, and no field speaks of one
    Length,     // Content-Length
    Chunked,    // HTTP/1.1 alone
    Connection, // the connection closes: HTTP/1.0
};

// Appends the head of an answer to bytes that are to be sent: the status line at once, then a field
// for each call, then the framing. It owns what frames the message: such fields cannot be added.
class HeadWriter
{
public:
    // `out` must outlive it.
    HeadWriter(QByteArray &out, int status);

    // False: nothing was written, since a CR, LF or the like would have got into the head, or since
    // the field is Content-Length, Transfer-Encoding or one of the connection's.
    bool field(QByteArrayView name, QByteArrayView value);
    bool field(QByteArrayView name, qint64 value);

    // Ends the head. `length` counts for BodyEnd::Length. `request` says what its sender can read and
    // whether it wants to keep the connection; with `keepAlive` false it is closed in any case.
    void end(const RequestHead &request, bool keepAlive, BodyEnd bodyEnd, qint64 length = 0);

private:
    QByteArray &m_out;
};

// How a body of unknown length ends for the sender of that request.
BodyEnd endOfStream(const RequestHead &request);

// Whether the connection stays open after an answer that HeadWriter::end() ended with these.
bool staysOpen(const RequestHead &request, bool keepAlive, BodyEnd bodyEnd);

// The parts of a chunked body (RFC 9112, section 7.1). A chunk of no bytes would end it, so none is
// written.
void appendChunk(QByteArray &out, QByteArrayView bytes);
// For a chunk of `size` > 0 bytes that are appended by the caller in between.
void beginChunk(QByteArray &out, qint64 size);
void endChunk(QByteArray &out);
void appendLastChunk(QByteArray &out);

// The interim answer to `Expect: 100-continue`.
QByteArrayView continueAnswer();

} // namespace gatehouse::http
