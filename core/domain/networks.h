#pragma once

#include "domain/addressrange.h"

namespace gatehouse::domain {

// Words that stand for ranges in a list of networks.
inline constexpr QLatin1StringView thisComputerWord{"local"};
inline constexpr QLatin1StringView localNetworkWord{"lan"}; // this computer included

// This computer; this computer and the usual local networks.
QList<AddressRange> thisComputerRanges();
QList<AddressRange> localNetworkRanges();

// Reads a list as addressRangesFrom() does, with those words among the ranges.
base::Result<QList<AddressRange>> networksFrom(const QString &text);

} // namespace gatehouse::domain
