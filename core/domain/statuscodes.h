#pragma once

#include "base/result.h"

#include <QList>

namespace gatehouse::domain {

// A range of HTTP's status codes for errors, such as 500-599.
struct StatusRange
{
    int first = 0;
    int last = 0; // included

    bool operator==(const StatusRange &) const = default;
};

// Which status codes of errors are meant.
class StatusCodes
{
public:
    static constexpr int least = 400;
    static constexpr int most = 599;

    // Reads a list such as "429, 500-599".
    static base::Result<StatusCodes> from(const QString &text);

    bool isEmpty() const { return m_ranges.isEmpty(); }
    bool contains(int status) const;
    const QList<StatusRange> &ranges() const { return m_ranges; }

private:
    QList<StatusRange> m_ranges{};
};

} // namespace gatehouse::domain
