#pragma once

#include "protocol/operation.h"

#include <QByteArray>
#include <QString>

namespace gatehouse::protocol {

// An error as a client of the gateway is told it.
struct ClientError
{
    int status = 500;
    QByteArray code{}; // ours and stable, such as "no_channel"
    QByteArray type{}; // empty: the dialect's usual one for the status
    QString message{}; // a whole sentence
    QByteArray requestId{};

    bool operator==(const ClientError &) const = default;
};

// The body of an answer with that status, in the words of the dialect.
QByteArray errorBody(domain::Dialect dialect, const ClientError &error);

// The type that the dialect has for a status: "invalid_request_error", "RESOURCE_EXHAUSTED", …
QByteArrayView errorType(domain::Dialect dialect, int status);

// An error within a stream that has begun, as the bytes of its events. After it the stream ends,
// without the dialect's end marker. `sequenceNumber` is that of the next event of a response.
QByteArray
streamErrorEvent(Operation operation, const ClientError &error, qint64 sequenceNumber = 0);

// The same within an array, as an object of it. `isFirst`: none has gone before.
QByteArray streamErrorObject(domain::Dialect dialect, const ClientError &error, bool isFirst);

// What goes in front of the first event or object.
QByteArrayView streamOpening(StreamForm form);

// A sign of life within a stream, as the bytes of one event, or white space between two objects.
QByteArrayView keepAlive(domain::Dialect dialect, StreamForm form = StreamForm::Events);

} // namespace gatehouse::protocol
