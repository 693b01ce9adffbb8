#include "storage/traffic/uptimerepository.h"

#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

Result<qint64> UptimeRepository::begin(qint64 now)
{
    return numberOf(m_database,
                    execute(m_database,
                            u"INSERT INTO uptime (started_at, ended_at) VALUES (:now, :end)"
                            " RETURNING id"_s,
                            {{u":now"_s, now}, {u":end"_s, now}}));
}

Result<> UptimeRepository::prolong(qint64 id, qint64 now)
{
    return expectChange(execute(m_database,
                                u"UPDATE uptime SET ended_at = :now WHERE id = :id"_s,
                                {{u":now"_s, now}, {u":id"_s, id}}),
                        base::Message::tr("This time of running was not noted."));
}

Result<std::vector<Uptime>> UptimeRepository::within(qint64 since, qint64 until) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT started_at, ended_at FROM uptime"
                          " WHERE ended_at >= :since AND started_at < :until"
                          " ORDER BY started_at"_s,
                          {{u":since"_s, since}, {u":until"_s, until}}),
                  [](const QSqlQuery &row) {
                      return Uptime{.since = row.value(0).toLongLong(),
                                    .until = row.value(1).toLongLong()};
                  });
}

} // namespace gatehouse::storage
