#include "gateway/forwardedaddress.h"

#include <algorithm>

namespace gatehouse::gateway {

namespace {

bool isPort(QByteArrayView text)
{
    return !text.isEmpty()
           && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Without the port that some proxies add: 192.0.2.1:443, [2001:db8::1]:443.
QByteArrayView withoutPort(QByteArrayView hop)
{
    if (hop.startsWith('[')) {
        const qsizetype end = hop.indexOf(']');
        const QByteArrayView behind = end < 0 ? QByteArrayView() : hop.sliced(end + 1);
        const bool isRead =
            end > 0 && (behind.isEmpty() || (behind.front() == ':' && isPort(behind.sliced(1))));
        return isRead ? hop.sliced(1, end - 1) : QByteArrayView();
    }
    const qsizetype colon = hop.indexOf(':');
    if (colon < 0 || colon != hop.lastIndexOf(':'))
        return hop; // more than one: an IPv6 address
    return isPort(hop.sliced(colon + 1)) ? hop.first(colon) : QByteArrayView();
}

} // namespace

QHostAddress plainAddress(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    return isV4 ? QHostAddress(v4) : address;
}

QHostAddress hopAddress(QByteArrayView hop)
{
    hop = hop.trimmed();
    if (hop.size() >= 2 && hop.startsWith('"') && hop.endsWith('"'))
        hop = hop.sliced(1, hop.size() - 2);
    const QByteArrayView address = withoutPort(hop);
    return address.isEmpty() ? QHostAddress()
                             : plainAddress(QHostAddress(QString::fromLatin1(address)));
}

QHostAddress forwardedAddress(const http::Headers &fields,
                              const QHostAddress &peer,
                              const std::function<bool(const QHostAddress &)> &trusts)
{
    // Each proxy adds to the end whom it heard; what lies before an untrusted hop anyone can write.
    QHostAddress address = peer;
    for (qsizetype i = fields.size() - 1; i >= 0; --i) {
        const http::Field field = fields.at(i);
        if (!http::equalNames(field.name, "x-forwarded-for"))
            continue;
        QByteArrayView left = field.value;
        for (bool isFirst = false; !isFirst;) {
            const qsizetype comma = left.lastIndexOf(',');
            isFirst = comma < 0;
            address = hopAddress(left.sliced(comma + 1));
            if (!trusts(address))
                return address;
            left = left.first(std::max<qsizetype>(0, comma));
        }
    }
    return address;
}

} // namespace gatehouse::gateway
