#pragma once

#include "http/refusal.h"

// Every reason for which a message is refused. The status is what the sender of a request is told;
// for a provider's answer ResponseParser replaces it by 502. The codes are an interface.
namespace gatehouse::http::refusals {

// The bytes of a head.
inline constexpr Refusal bareCarriageReturn{400, "bare_cr", "A CR is not followed by LF."};
inline constexpr Refusal bareLineFeed{400, "bare_lf", "A line ends with LF alone."};
inline constexpr Refusal controlByte{400, "control_byte", "The head holds a control character."};
inline constexpr Refusal highByte{400, "non_ascii_byte", "The head holds a byte outside of ASCII."};
inline constexpr Refusal foldedField{
    400, "folded_field", "A header field goes on in a second line."};
inline constexpr Refusal emptyLines{
    400, "empty_lines", "More than one empty line precedes the message."};
inline constexpr Refusal headTooLarge{431, "head_too_large", "The header is too large."};
inline constexpr Refusal tooManyFields{431, "too_many_fields", "There are too many header fields."};
inline constexpr Refusal targetTooLong{414, "target_too_long", "The address is too long."};

// The first line.
inline constexpr Refusal badRequestLine{
    400, "bad_request_line", "The first line is no HTTP request."};
inline constexpr Refusal badMethod{400, "bad_method", "The method is malformed."};
inline constexpr Refusal badTarget{
    400, "bad_target", "The address must be a path that begins with a slash."};
inline constexpr Refusal connectRefused{501, "connect_refused", "CONNECT is not offered here."};
inline constexpr Refusal badVersion{505, "bad_version", "Only HTTP/1.1 and HTTP/1.0 are spoken."};
inline constexpr Refusal badStatusLine{
    502, "bad_status_line", "The first line is no HTTP status line."};
inline constexpr Refusal badStatus{502, "bad_status", "The status is not between 100 and 599."};

// The fields.
inline constexpr Refusal badField{400, "bad_field", "A header field is malformed."};
inline constexpr Refusal badConnection{400, "bad_connection", "The Connection field is malformed."};
inline constexpr Refusal badHost{
    400, "bad_host", "The Host field is missing, doubled or malformed."};
inline constexpr Refusal badContentLength{
    400, "bad_content_length", "The Content-Length is malformed or doubled."};
inline constexpr Refusal badTransferEncoding{
    400, "bad_transfer_encoding", "The only Transfer-Encoding is chunked, once."};
inline constexpr Refusal lengthTwice{
    400, "length_twice", "Content-Length and Transfer-Encoding exclude each other."};
inline constexpr Refusal chunkedInOldVersion{
    400, "chunked_in_http_1_0", "HTTP/1.0 has no Transfer-Encoding."};
inline constexpr Refusal badExpectation{
    417, "bad_expectation", "Nothing but 100-continue can be expected."};

// The body.
inline constexpr Refusal bodyTooLarge{413, "body_too_large", "The body is too large."};
inline constexpr Refusal bodyNotStored{
    503, "body_not_stored", "There is no room to store the body at the moment."};
inline constexpr Refusal badChunk{400, "bad_chunk", "The chunked body is malformed."};
inline constexpr Refusal chunkLineTooLong{
    400, "chunk_line_too_long", "A line between two chunks is too long."};
inline constexpr Refusal badTrailer{
    400, "bad_trailer", "A field behind the chunked body is malformed."};
inline constexpr Refusal trailersTooLarge{
    400, "trailers_too_large", "The fields behind the chunked body are too large."};

// Answers.
inline constexpr Refusal tooManyInterim{
    502, "too_many_interim_answers", "There were too many interim answers."};
inline constexpr Refusal badInterim{
    502, "bad_interim_answer", "An interim answer announces a body."};
inline constexpr Refusal switchedProtocols{
    502, "protocol_switched", "The other side switched protocols without being asked."};
inline constexpr Refusal bodyForbidden{
    502, "body_forbidden", "The answer announces a body that its status forbids."};
inline constexpr Refusal cutOff{502, "cut_off", "The connection ended before the answer did."};

} // namespace gatehouse::http::refusals
