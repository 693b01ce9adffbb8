#pragma once

#include <QByteArray>

namespace gatehouse::domain {

// What a provider says is left on an account, in the currency that it counts in.
struct AccountBalance
{
    double amount = 0;
    // An ISO 4217 code; empty: the provider counts in points of its own, which are no money.
    QByteArray currency{};

    bool operator==(const AccountBalance &) const = default;
};

} // namespace gatehouse::domain
