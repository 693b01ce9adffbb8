#pragma once

#include <QtGlobal>

#include <compare>
#include <limits>

namespace gatehouse::domain {

// Adds, subtracts and multiplies whole numbers; what does not fit ends at the nearest limit.
qint64 saturatedSum(qint64 left, qint64 right);
qint64 saturatedProduct(qint64 left, qint64 right);

// An amount in One API's unit of account: 500,000 units are one US dollar. Balances may be negative.
struct Quota
{
    qint64 units = 0;

    static constexpr qint64 perDollar = 500'000;

    auto operator<=>(const Quota &) const = default;
    Quota operator+(Quota other) const { return {saturatedSum(units, other.units)}; }
    Quota operator-(Quota other) const;
    Quota operator-() const;
    Quota &operator+=(Quota other) { return *this = *this + other; }
    Quota &operator-=(Quota other) { return *this = *this - other; }
};

// An exact cost, in 1e-9 US dollars.
struct Cost
{
    qint64 nanoDollars = 0;

    auto operator<=>(const Cost &) const = default;
    // In whole units, rounded up; a cost above nothing is at least one unit.
    Quota charge() const;
};

// The price of one token, second, character, image or call, in 1e-12 US dollars.
struct UnitPrice
{
    qint64 picoDollars = 0;

    auto operator<=>(const UnitPrice &) const = default;
    static UnitPrice fromDollarsPerMillion(double dollars);
    static UnitPrice fromDollars(double dollars);
    double dollarsPerMillion() const { return static_cast<double>(picoDollars) / 1e6; }
    double dollars() const { return static_cast<double>(picoDollars) / 1e12; }
};

} // namespace gatehouse::domain
