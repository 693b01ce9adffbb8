#pragma once

#include <QByteArrayView>

#include <array>
#include <optional>

// The small syntax rules that the strict policy adds to Beast's grammar.
namespace gatehouse::http::syntax {

// What a byte may be part of.
enum : quint8 {
    TokenByte = 1, // RFC 9110, section 5.6.2
    TextByte = 2,  // tab, space and visible ASCII
    HighByte = 4,  // obs-text: 0x80 and up
    HostByte = 8,  // a name or an IPv4 address
};

extern const std::array<quint8, 256> bytes;

inline bool is(char byte, quint8 kinds)
{
    return (bytes[static_cast<quint8>(byte)] & kinds) != 0;
}

// The first byte that may not be part of a text, or the end.
const char *skipText(const char *from, const char *end, bool allowsHighBytes);

// A Content-Length: digits alone, no needless zero, within 18 digits.
std::optional<qint64> contentLength(QByteArrayView value);

// A Host field's value: a name, an IPv4 address or an IPv6 address in brackets, with an optional
// port (RFC 9110, section 7.2). No user, no path, not empty.
bool isHost(QByteArrayView value);

// A request's target in origin form: a slash, then visible ASCII without '#'.
bool isOriginForm(QByteArrayView target);

// "HTTP/", a digit, a point and a digit.
bool isVersion(QByteArrayView text);

} // namespace gatehouse::http::syntax
