#pragma once

#include "http/refusal.h"

#include <QByteArrayView>

#include <boost/beast/http/field.hpp>

namespace gatehouse::http {

// The fields of a head that decide where the message and the connection end, judged alike for
// requests and answers (RFC 9112, sections 6 and 9.3).
struct FramingFields
{
    int lengths = 0;    // Content-Length fields
    int encodings = 0;  // Transfer-Encoding fields
    qint64 length = -1; // -1: none
    bool close = false; // Connection: close
    bool keep = false;  // Connection: keep-alive

    // Null: the field is none of these, or is in order.
    const Refusal *take(boost::beast::http::field field, QByteArrayView value);
    // At the end of the head. Null: the fields agree.
    const Refusal *check(int minorVersion) const;
    // Whether the connection outlives the message, by what it says itself.
    bool keepAlive(int minorVersion) const { return !close && (minorVersion == 1 || keep); }
};

} // namespace gatehouse::http
