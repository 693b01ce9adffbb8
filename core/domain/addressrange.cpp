#include "domain/addressrange.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

QHostAddress unmapped(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    return isV4 ? QHostAddress(v4) : address;
}

// A range of IPv4 addresses that is written as mapped into IPv6, such as ::ffff:10.0.0.0/104.
AddressRange unmapped(const AddressRange &range)
{
    constexpr int mappedLength = 96;
    constexpr quint8 mark = 0xff; // of ::ffff:0:0/96; Qt takes :: for an IPv4 address, too
    if (range.base.protocol() != QAbstractSocket::IPv6Protocol || range.prefixLength < mappedLength)
        return range;
    const Q_IPV6ADDR bytes = range.base.toIPv6Address();
    bool isV4 = false;
    const quint32 v4 = range.base.toIPv4Address(&isV4);
    return isV4 && bytes[10] == mark && bytes[11] == mark
               ? AddressRange{QHostAddress(v4), range.prefixLength - mappedLength}
               : range;
}

} // namespace

bool AddressRange::contains(const QHostAddress &address) const
{
    if (address.isNull())
        return false; // nobody's, also where a range holds everything
    return unmapped(address).isInSubnet(base, prefixLength);
}

base::Result<QList<AddressRange>> addressRangesFrom(const QString &text)
{
    static const QRegularExpression separator(u"[,\\s]+"_s);
    QList<AddressRange> ranges;
    const QStringList parts = text.split(separator, Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        const auto [address, length] = QHostAddress::parseSubnet(part);
        if (length < 0) {
            return base::fail(
                base::ErrorCode::InvalidInput,
                base::Message::tr("\"%1\" is no IP range. Write it as 192.168.1.0/24 or fd00::/8.")
                    .arg(part));
        }
        ranges.append(unmapped({address, length}));
    }
    return ranges;
}

} // namespace gatehouse::domain
