#pragma once

#include "base/result.h"

#include <QHostAddress>
#include <QList>

namespace gatehouse::domain {

// A range of IP addresses, such as 192.168.0.0/16 or ::1/128.
struct AddressRange
{
    QHostAddress base{};
    int prefixLength = 0;

    // An IPv4 address mapped into IPv6 is judged as the IPv4 address that it is; a null
    // address is in no range.
    bool contains(const QHostAddress &address) const;
    bool operator==(const AddressRange &) const = default;
};

// Reads a list separated by commas or white space. A single address is a range of one;
// ranges of IPv4 addresses that are mapped into IPv6 become ranges of IPv4.
base::Result<QList<AddressRange>> addressRangesFrom(const QString &text);

} // namespace gatehouse::domain
