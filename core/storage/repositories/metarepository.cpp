#include "storage/repositories/metarepository.h"

#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

Result<std::optional<QByteArray>> MetaRepository::find(const QString &name) const
{
    return firstRow(
        m_database,
        execute(m_database, u"SELECT value FROM meta WHERE name = :name"_s, {{u":name"_s, name}}),
        [](const QSqlQuery &row) { return row.value(0).toByteArray(); });
}

Result<> MetaRepository::save(const QString &name, const QByteArray &value)
{
    return done(execute(m_database,
                        u"INSERT INTO meta (name, value) VALUES (:name, :value)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s,
                        {{u":name"_s, name}, {u":value"_s, value}}));
}

Result<QByteArray> MetaRepository::saveFirst(const QString &name, const QByteArray &value)
{
    const Result<> tried = done(execute(m_database,
                                        u"INSERT INTO meta (name, value) VALUES (:name, :value)"
                                        " ON CONFLICT (name) DO NOTHING"_s,
                                        {{u":name"_s, name}, {u":value"_s, value}}));
    if (!tried)
        return base::fail(tried.error());
    return required(find(name), base::Message::tr("This entry does not exist."));
}

Result<> MetaRepository::remove(const QString &name)
{
    return done(
        execute(m_database, u"DELETE FROM meta WHERE name = :name"_s, {{u":name"_s, name}}));
}

} // namespace gatehouse::storage
