#include "upstream/addressfilter.h"

#include <array>

namespace gatehouse::upstream {

namespace {

struct Range4
{
    quint32 base;
    int length;
};

constexpr quint32 ip(quint32 a, quint32 b, quint32 c, quint32 d)
{
    return (a << 24) | (b << 16) | (c << 8) | d;
}

// IANA IPv4 Special-Purpose Address Registry.
constexpr std::array never4{
    Range4{ip(0, 0, 0, 0), 8},          // "this network"
    Range4{ip(169, 254, 0, 0), 16},     // link-local, and the metadata of most clouds
    Range4{ip(224, 0, 0, 0), 4},        // multicast
    Range4{ip(240, 0, 0, 0), 4},        // reserved, broadcast
    Range4{ip(100, 100, 100, 200), 32}, // metadata of Alibaba Cloud
    Range4{ip(192, 0, 0, 192), 32},     // metadata of Oracle Cloud
    Range4{ip(168, 63, 129, 16), 32},   // the host of an Azure machine
};

constexpr std::array private4{
    Range4{ip(10, 0, 0, 0), 8},
    Range4{ip(100, 64, 0, 0), 10}, // carrier-grade NAT
    Range4{ip(127, 0, 0, 0), 8},
    Range4{ip(172, 16, 0, 0), 12},
    Range4{ip(192, 0, 0, 0), 24},
    Range4{ip(192, 168, 0, 0), 16},
    Range4{ip(198, 18, 0, 0), 15}, // benchmarks
};

template<size_t N>
bool isIn(const std::array<Range4, N> &ranges, quint32 address)
{
    return std::any_of(ranges.begin(), ranges.end(), [address](const Range4 &range) {
        return ((address ^ range.base) >> (32 - range.length)) == 0;
    });
}

bool mayConnect4(quint32 address, bool allowPrivate)
{
    return !isIn(never4, address) && (allowPrivate || !isIn(private4, address));
}

bool isIn6(const QHostAddress &address, const char *base, int length)
{
    return address.isInSubnet(QHostAddress(QLatin1StringView(base)), length);
}

quint32 fourBytes(const Q_IPV6ADDR &address, int from)
{
    return ip(address[from], address[from + 1], address[from + 2], address[from + 3]);
}

// The IPv4 address inside an IPv6 one.
std::optional<quint32> embedded4(const QHostAddress &address)
{
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    if (isIn6(address, "::ffff:0:0", 96) || isIn6(address, "64:ff9b::", 96)
        || isIn6(address, "64:ff9b:1::", 48))
        return fourBytes(bytes, 12);
    if (isIn6(address, "2002::", 16))
        return fourBytes(bytes, 2);
    // RFC 4291, section 2.5.5.1; "::" and "::1" are no such addresses.
    if (isIn6(address, "::", 96) && fourBytes(bytes, 12) > 1)
        return fourBytes(bytes, 12);
    return {};
}

// A part of an IPv4 address as inet_aton() reads it: decimal, octal with a leading 0, or
// hexadecimal with a leading 0x.
std::optional<quint64> numberFrom(QByteArrayView text)
{
    if (text.isEmpty())
        return {};
    int base = 10;
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text = text.sliced(2);
    } else if (text.size() > 1 && text[0] == '0') {
        base = 8;
    }
    if (!std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        }))
        return {};
    bool ok = false;
    const quint64 number = text.toULongLong(&ok, base);
    return ok ? std::optional(number) : std::nullopt;
}

std::optional<quint32> address4From(QByteArrayView host)
{
    QList<quint64> parts;
    while (true) {
        const qsizetype dot = host.indexOf('.');
        const auto number = numberFrom(dot < 0 ? host : host.first(dot));
        if (!number || parts.size() == 4)
            return {};
        parts.append(*number);
        if (dot < 0)
            break;
        host = host.sliced(dot + 1);
    }
    // The last part fills all bytes that the others leave.
    const qsizetype before = parts.size() - 1;
    quint64 address = parts.last();
    if (address >= (1ULL << (8 * (4 - before))))
        return {};
    for (qsizetype i = 0; i < before; ++i) {
        if (parts.at(i) > 255)
            return {};
        address |= parts.at(i) << (8 * (3 - i));
    }
    return static_cast<quint32>(address);
}

} // namespace

bool mayConnect(const QHostAddress &address, bool allowPrivate)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return mayConnect4(address.toIPv4Address(), allowPrivate);
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return false;
    QHostAddress bare = address;
    bare.setScopeId({});
    if (const auto inside = embedded4(bare))
        return mayConnect4(*inside, allowPrivate);
    if (isIn6(bare, "::", 128) || isIn6(bare, "fe80::", 10) || isIn6(bare, "ff00::", 8)
        || isIn6(bare, "fd00:ec2::254", 128) || isIn6(bare, "fd20:ce::254", 128))
        return false;
    return allowPrivate
           || !(isIn6(bare, "::1", 128) || isIn6(bare, "fc00::", 7) || isIn6(bare, "fec0::", 10));
}

std::optional<QHostAddress> literalAddress(const QByteArray &host)
{
    QByteArrayView text = host;
    if (text.endsWith('.'))
        text.chop(1);
    if (text.contains(':')) {
        QHostAddress address;
        if (address.setAddress(QString::fromLatin1(text)))
            return address;
        return {};
    }
    if (const auto address = address4From(text))
        return QHostAddress(*address);
    return {};
}

bool isLocalhost(const QByteArray &host)
{
    QByteArray name = host.toLower();
    if (name.endsWith('.'))
        name.chop(1);
    return name == "localhost" || name.endsWith(".localhost");
}

} // namespace gatehouse::upstream
