#pragma once

#include "domain/quota.h"

#include <QString>

#include <limits>

namespace gatehouse::storage {

// A part of a list.
struct Page
{
    qint64 offset = 0;
    qint64 limit = 0;  // 0: all that follow
    qint64 before = 0; // rows with smaller ids alone; 0: all

    // For LIMIT.
    qint64 rows() const { return limit > 0 ? limit : std::numeric_limits<qint64>::max(); }
    // No row has an id as large.
    qint64 ceiling() const { return before > 0 ? before : std::numeric_limits<qint64>::max(); }
};

// What a change did to a balance. Relay's admission is told `delta()`.
struct BalanceChange
{
    domain::Quota before{};
    domain::Quota after{};

    domain::Quota delta() const { return after - before; }
};

// A pattern for LIKE … ESCAPE '\' that matches what begins with `text`, or what contains it.
QString prefixPattern(const QString &text);
QString containsPattern(const QString &text);

} // namespace gatehouse::storage
