#pragma once

#include "domain/modelprice.h"
#include "domain/usage.h"

namespace gatehouse::domain {

// What a picture's price depends on.
struct ImageOrder
{
    QByteArray size{};
    QByteArray quality{};
};

// Usage x price x group factor. Each part is exact; the sum is rounded once, up.
Cost costOf(const Usage &usage,
            const ModelPrice &price,
            qint64 groupRatioMillionths = 1'000'000,
            const ImageOrder &image = {});

// `value`, which came from outside, as a count: whole, not negative, not absurd. Sets `anomalous` if
// it was changed.
qint64 clampedCount(double value, bool &anomalous);

} // namespace gatehouse::domain
