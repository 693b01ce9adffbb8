#pragma once

#include "domain/channel.h"
#include "domain/filterquery.h"
#include "storage/statement.h"

#include <QStringList>
#include <QTimeZone>

namespace gatehouse::storage {

// A filter of the Traffic page as a condition on usage_records.
struct TrafficCondition
{
    QString sql{}; // follows a condition: " AND (…)", or nothing
    Bindings bindings{};
    qint64 since = 0; // milliseconds since 1970, UTC; 0: from the first line
    qint64 until = 0; // exclusive; 0: to the last one
};

// The keys that are understood. Texts match as a whole, in any case of ASCII letters, unless they hold
// "*" or "?"; `channel:#3`, `tried:#3`, `token:#3` and `user:#3` mean an id; free text may occur anywhere.
// `channel:` is where a request ended, `tried:` any channel to which one of its attempts went.
QStringList trafficKeys();

// An expression of usage_records: one of several attempts went to a channel whose id is `which`, as in
// "= :id". False where there was but one, which is that of the line's own channel.
QString triedAmongSeveral(const Dialect &dialect, const QString &which);
// For LIKE: the least that the log of such a line holds.
QString logPatternOf(domain::ChannelId channel);

// The text is put together from fixed pieces, and every value of the filter is bound. `now` is in
// milliseconds since 1970, UTC; days are those of `zone`. Fails with InvalidInput and a sentence that
// names the term.
base::Result<TrafficCondition> trafficCondition(const domain::FilterQuery &filter,
                                                const Dialect &dialect,
                                                qint64 now,
                                                const QTimeZone &zone);

// The moment that a value of `since:` or `until:` means: a span before now ("90s", "30m", "24h", "7d",
// "2w"), "today", "yesterday", or a date with or without a time, "2026-01-31T14:30".
std::optional<qint64> momentFrom(const QString &value, qint64 now, const QTimeZone &zone);

} // namespace gatehouse::storage
