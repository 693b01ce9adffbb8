#pragma once

#include <QHashFunctions>
#include <QtGlobal>

#include <compare>

namespace gatehouse::base {

// A database key that cannot be mistaken for the key of another table.
template<typename Tag>
struct Id
{
    qint64 value = 0;

    bool isNull() const { return value == 0; }
    auto operator<=>(const Id &) const = default;

    friend size_t qHash(const Id &id, size_t seed = 0) noexcept { return ::qHash(id.value, seed); }
};

} // namespace gatehouse::base
