#include "storage/repositories/channelfindings.h"

#include "storage/statement.h"

using namespace Qt::StringLiterals;

namespace gatehouse::storage {

using base::Result;
using domain::ChannelFindings;
using domain::ChannelId;

Result<std::map<ChannelId, ChannelFindings>> channelFindings(Database &database)
{
    using Found = std::pair<ChannelId, ChannelFindings>;
    const Result<std::vector<Found>> rows =
        rowsOf(database,
               execute(database,
                       u"SELECT id, used, tested_at, response_milliseconds, balance,"
                       " balance_currency, balance_at FROM channels WHERE deleted_at = 0"_s),
               [](const QSqlQuery &row) {
                   return Found{{row.value(0).toLongLong()},
                                {.used = {row.value(1).toLongLong()},
                                 .testedAt = row.value(2).toLongLong(),
                                 .responseMilliseconds = row.value(3).toInt(),
                                 .balance = {.amount = row.value(4).toDouble(),
                                             .currency = row.value(5).toString().toLatin1()},
                                 .balanceAt = row.value(6).toLongLong()}};
               });
    return rows.map([](const std::vector<Found> &all) {
        return std::map<ChannelId, ChannelFindings>(all.begin(), all.end());
    });
}

} // namespace gatehouse::storage
