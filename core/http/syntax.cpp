#include "http/syntax.h"

#include <algorithm>
#include <cstring>

namespace gatehouse::http::syntax {

namespace {

constexpr bool isLetterOrDigit(int byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z')
           || (byte >= 'a' && byte <= 'z');
}

constexpr bool isOneOf(int byte, const char *set)
{
    for (; *set != 0; ++set) {
        if (byte == *set)
            return true;
    }
    return false;
}

constexpr std::array<quint8, 256> classify()
{
    std::array<quint8, 256> table{};
    for (int byte = 0; byte < 256; ++byte) {
        int kinds = 0;
        if (isLetterOrDigit(byte) || (byte != 0 && isOneOf(byte, "!#$%&'*+-.^_`|~")))
            kinds |= TokenByte;
        if (byte == '\t' || (byte >= 0x20 && byte < 0x7F))
            kinds |= TextByte;
        if (byte >= 0x80)
            kinds |= HighByte;
        if (isLetterOrDigit(byte) || byte == '-' || byte == '.' || byte == '_')
            kinds |= HostByte;
        table[static_cast<size_t>(byte)] = static_cast<quint8>(kinds);
    }
    return table;
}

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

constexpr quint64 everyByte = 0x0101'0101'0101'0101;
constexpr qsizetype wordBytes = sizeof(quint64);

// Whether a byte of the word may be a control or, unless they are allowed, a high one; it is never
// overlooked. The highest bit of each byte tells.
bool mayHoldOther(const char *word, quint64 allowed)
{
    quint64 bits = 0;
    std::memcpy(&bits, word, sizeof bits);
    const quint64 controls = (bits - everyByte * 0x20) & ~bits;
    const quint64 deletes = ((bits ^ everyByte * 0x7F) - everyByte) & ~(bits ^ everyByte * 0x7F);
    return ((controls | deletes | (bits & ~allowed)) & everyByte * 0x80) != 0;
}

bool isPort(QByteArrayView text)
{
    if (text.size() > 5 || !std::all_of(text.begin(), text.end(), isDigit))
        return false;
    int port = 0;
    for (const char digit : text)
        port = port * 10 + (digit - '0');
    return port <= 65535;
}

bool isAddressByte(char byte)
{
    return isDigit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F')
           || byte == ':' || byte == '.';
}

} // namespace

constexpr std::array<quint8, 256> bytes = classify();

const char *skipText(const char *from, const char *end, bool allowsHighBytes)
{
    const quint8 kinds = allowsHighBytes ? TextByte | HighByte : TextByte;
    const quint64 allowed = allowsHighBytes ? everyByte * 0x80 : 0;
    while (true) {
        while (end - from >= wordBytes && !mayHoldOther(from, allowed))
            from += wordBytes;
        const char *const wordEnd = end - from >= wordBytes ? from + wordBytes : end;
        while (from != wordEnd && is(*from, kinds))
            ++from;
        if (from != wordEnd || from == end)
            return from;
    }
}

std::optional<qint64> contentLength(QByteArrayView value)
{
    if (value.isEmpty() || value.size() > 18 || (value.size() > 1 && value.front() == '0'))
        return std::nullopt;
    qint64 length = 0;
    for (const char digit : value) {
        if (!isDigit(digit))
            return std::nullopt;
        length = length * 10 + (digit - '0');
    }
    return length;
}

bool isHost(QByteArrayView value)
{
    if (value.isEmpty())
        return false;
    qsizetype end = 0;
    if (value.front() == '[') {
        const qsizetype bracket = value.indexOf(']');
        if (bracket < 3)
            return false;
        const QByteArrayView address = value.sliced(1, bracket - 1);
        if (!address.contains(':') || !std::all_of(address.begin(), address.end(), isAddressByte))
            return false;
        end = bracket + 1;
    } else {
        while (end < value.size() && is(value[end], HostByte))
            ++end;
        if (end == 0)
            return false;
    }
    return end == value.size() || (value[end] == ':' && isPort(value.sliced(end + 1)));
}

bool isVersion(QByteArrayView text)
{
    return text.size() == 8 && text.startsWith("HTTP/") && isDigit(text[5]) && text[6] == '.'
           && isDigit(text[7]);
}

bool isOriginForm(QByteArrayView target)
{
    return target.startsWith('/') && std::all_of(target.begin(), target.end(), [](char byte) {
               return byte > 0x20 && byte < 0x7F && byte != '#';
           });
}

} // namespace gatehouse::http::syntax
