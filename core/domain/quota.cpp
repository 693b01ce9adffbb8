#include "domain/quota.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gatehouse::domain {

namespace {

constexpr qint64 largest = std::numeric_limits<qint64>::max();
constexpr qint64 smallest = std::numeric_limits<qint64>::min();

qint64 roundedToWhole(double value)
{
    if (!std::isfinite(value))
        return 0;
    constexpr double limit = 9.2e18;
    return static_cast<qint64>(std::llround(std::clamp(value, -limit, limit)));
}

} // namespace

qint64 saturatedSum(qint64 left, qint64 right)
{
    if (right > 0 && left > largest - right)
        return largest;
    if (right < 0 && left < smallest - right)
        return smallest;
    return left + right;
}

qint64 saturatedProduct(qint64 left, qint64 right)
{
    if (left == 0 || right == 0)
        return 0;
    const bool negative = (left < 0) != (right < 0);
    if (left == smallest || right == smallest)
        return negative ? smallest : largest;
    const qint64 a = left < 0 ? -left : left;
    const qint64 b = right < 0 ? -right : right;
    if (a > largest / b)
        return negative ? smallest : largest;
    return left * right;
}

Quota Quota::operator-(Quota other) const
{
    return *this + -other;
}

Quota Quota::operator-() const
{
    return {units == smallest ? largest : -units};
}

Quota Cost::charge() const
{
    constexpr qint64 nanoDollarsPerUnit = 1'000'000'000 / Quota::perDollar;
    if (nanoDollars <= 0)
        return {};
    return {(nanoDollars - 1) / nanoDollarsPerUnit + 1};
}

UnitPrice UnitPrice::fromDollarsPerMillion(double dollars)
{
    return {roundedToWhole(dollars * 1e6)};
}

UnitPrice UnitPrice::fromDollars(double dollars)
{
    return {roundedToWhole(dollars * 1e12)};
}

} // namespace gatehouse::domain
