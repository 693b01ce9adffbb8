#pragma once

#include <QByteArray>

namespace gatehouse::domain {

// A set of users who share channels and a price factor. Channels name the groups that they serve.
struct Group
{
    QByteArray name{};
    // The price of a request is multiplied by it, in millionths: 1,000,000 is the list price.
    qint64 ratioMillionths = 1'000'000;

    bool operator==(const Group &) const = default;
};

} // namespace gatehouse::domain
