#include "base/decimal.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::base {

std::optional<double> decimalOf(QByteArrayView text)
{
    constexpr std::string_view allowed = "0123456789.eE+-";
    const bool isPlain = std::all_of(text.begin(), text.end(), [allowed](char c) {
        return allowed.find(c) != std::string_view::npos;
    });
    if (text.isEmpty() || text.front() == '+' || !isPlain)
        return std::nullopt;
    bool isNumber = false;
    const double value = text.toDouble(&isNumber);
    return isNumber && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

} // namespace gatehouse::base
