#include "storage/repositories/settingsrepository.h"

#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

Result<QMap<QString, QString>> SettingsRepository::all() const
{
    return rowsOf(m_database,
                  execute(m_database, u"SELECT key, value FROM settings"_s),
                  [](const QSqlQuery &row) {
                      return std::pair(row.value(0).toString(), row.value(1).toString());
                  })
        .map([](const std::vector<std::pair<QString, QString>> &rows) {
            QMap<QString, QString> settings;
            for (const auto &[key, value] : rows)
                settings.insert(key, value);
            return settings;
        });
}

Result<std::optional<QString>> SettingsRepository::find(const QString &key) const
{
    return firstRow(
        m_database,
        execute(m_database, u"SELECT value FROM settings WHERE key = :key"_s, {{u":key"_s, key}}),
        [](const QSqlQuery &row) { return row.value(0).toString(); });
}

Result<> SettingsRepository::save(const QString &key, const QString &value)
{
    return done(execute(m_database,
                        u"INSERT INTO settings (key, value) VALUES (:key, :value)"
                        " ON CONFLICT (key) DO UPDATE SET value = excluded.value"_s,
                        {{u":key"_s, key}, {u":value"_s, value}}));
}

Result<> SettingsRepository::remove(const QString &key)
{
    return done(
        execute(m_database, u"DELETE FROM settings WHERE key = :key"_s, {{u":key"_s, key}}));
}

} // namespace gatehouse::storage
