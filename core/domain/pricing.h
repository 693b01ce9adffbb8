#pragma once

#include "domain/modelprice.h"
#include "domain/usage.h"

#include <vector>

namespace gatehouse::domain {

// What a picture's price depends on.
struct ImageOrder
{
    QByteArray size{};
    QByteArray quality{};
};

// What prices are multiplied by.
struct PriceFactors
{
    qint64 groupMillionths = 1'000'000;
    qint64 channelMillionths = 1'000'000;

    bool operator==(const PriceFactors &) const = default;
};

// Usage x price x factors. Each part is exact; the sum is rounded once, up. The price is that of one
// moment, as ModelPrice::at() tells it, in dollars.
Cost costOf(const Usage &usage,
            const ModelPrice &price,
            const PriceFactors &factors = {},
            const ImageOrder &image = {});

// What a part of a cost is for.
enum class CostItem {
    Call,
    Input, // neither cached nor audio
    CacheRead,
    CacheWrite,
    CacheWriteLong,
    InputAudio,
    Output, // neither reasoning nor audio
    Reasoning,
    OutputAudio,
    Images,
    Characters,
};

struct CostLine
{
    CostItem item = CostItem::Input;
    qint64 count = 0;
    UnitPrice price{}; // of one, before the factors
    Cost cost{};

    bool operator==(const CostLine &) const = default;
};

// The parts of costOf() that count something or cost something. They add up to it exactly: what the
// rounding adds stands in the lines where it arises.
std::vector<CostLine> costLines(const Usage &usage,
                                const ModelPrice &price,
                                const PriceFactors &factors = {},
                                const ImageOrder &image = {});

// `value`, which came from outside, as a count: whole, not negative, not absurd. Sets `anomalous` if
// it was changed.
qint64 clampedCount(double value, bool &anomalous);

} // namespace gatehouse::domain
