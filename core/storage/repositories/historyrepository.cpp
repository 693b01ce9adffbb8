#include "storage/repositories/historyrepository.h"

#include "storage/repositories/page.h"
#include "storage/statement.h"
#include "storage/traffic/trafficcondition.h"

#include <QJsonDocument>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Author;
using domain::FilterTerm;
using domain::HistoryEntry;

namespace {

// The column order is that of HistoryRepository::list(). Absent: of a kind that this version does not know.
std::optional<HistoryEntry> entryFrom(const QSqlQuery &row)
{
    const auto object = domain::historyObjectNamed(row.value(6).toString());
    const auto action = domain::historyActionNamed(row.value(9).toString());
    if (!object || !action)
        return std::nullopt;
    return HistoryEntry{.id = row.value(0).toLongLong(),
                        .at = row.value(1).toLongLong(),
                        .author = {.kind = static_cast<Author::Kind>(row.value(2).toInt()),
                                   .user = {row.value(3).toLongLong()},
                                   .name = row.value(4).toString(),
                                   .way = static_cast<Author::Way>(row.value(5).toInt())},
                        .object = *object,
                        .objectId = row.value(7).toLongLong(),
                        .objectName = row.value(8).toString(),
                        .action = *action,
                        .fields = domain::fieldsFrom(
                            QJsonDocument::fromJson(row.value(10).toString().toUtf8()).array())};
}

// The conditions of a filter and what they bind.
struct HistoryCondition
{
    QString sql{}; // follows a condition: " AND …"
    Bindings bindings{};

    QString bind(const QVariant &value)
    {
        const QString name = u":h%1"_s.arg(bindings.size());
        bindings.push_back({name, value});
        return name;
    }
};

// `*` and `?` stand for any characters; a value without them may stand anywhere in the text.
QString historyPattern(const QString &value)
{
    QString pattern = containsPattern(value);
    if (!value.contains(u'*') && !value.contains(u'?'))
        return pattern;
    pattern = pattern.sliced(1).chopped(1);
    return pattern.replace(u'*', u'%').replace(u'?', u'_');
}

QString historyColumns(const QString &key)
{
    if (key == "object"_L1 || key == "action"_L1)
        return key;
    if (key == "name"_L1)
        return u"object_name"_s;
    if (key == "by"_L1)
        return u"user_name || CASE author WHEN 1 THEN ' computer' WHEN 3 THEN ' program' ELSE '' END"_s;
    return u"object || ' ' || object_name || ' ' || action || ' ' || user_name || ' ' || fields"_s;
}

Result<>
addTerm(HistoryCondition &condition, const FilterTerm &term, qint64 now, const QTimeZone &zone)
{
    const bool isSince = term.key == "since"_L1;
    if (isSince || term.key == "until"_L1) {
        const std::optional<qint64> moment = momentFrom(term.value, now, zone);
        if (!moment) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("\"%1\" is no moment. Write a span such as 7d, or a date such "
                                    "as 2026-01-31.")
                            .arg(term.value));
        }
        condition.sql +=
            u" AND changed_at "_s % (isSince ? u">= "_s : u"< "_s) % condition.bind(*moment);
        return {};
    }
    QStringList parts;
    for (const QString &value : domain::alternatives(term)) {
        parts.append(u"lower("_s % historyColumns(term.key) % u") LIKE lower("_s
                     % condition.bind(historyPattern(value)) % u") ESCAPE '\\'"_s);
    }
    if (!parts.isEmpty()) {
        condition.sql +=
            u" AND "_s % (term.excluded ? u"NOT ("_s : u"("_s) % parts.join(u" OR "_s) % u')';
    }
    return {};
}

Result<HistoryCondition>
historyConditionOf(const HistoryFilter &filter, qint64 now, const QTimeZone &zone)
{
    HistoryCondition condition;
    if (filter.object)
        condition.sql += u" AND object = "_s % condition.bind(domain::nameOf(*filter.object));
    if (filter.object && filter.objectId != 0)
        condition.sql += u" AND object_id = "_s % condition.bind(filter.objectId);
    for (const domain::HistoryObject object : filter.without)
        condition.sql += u" AND object <> "_s % condition.bind(domain::nameOf(object));
    if (filter.before > 0)
        condition.sql += u" AND id < "_s % condition.bind(filter.before);
    for (const FilterTerm &term : filter.query.terms) {
        if (Result<> added = addTerm(condition, term, now, zone); !added)
            return fail(added.error());
    }
    return condition;
}

} // namespace

QStringList historyKeys()
{
    return {u"object"_s, u"action"_s, u"by"_s, u"name"_s, u"since"_s, u"until"_s};
}

Result<> HistoryRepository::insert(const HistoryEntry &entry)
{
    const QByteArray fields =
        QJsonDocument(domain::fieldsJson(entry.fields)).toJson(QJsonDocument::Compact);
    return done(execute(
        m_database,
        u"INSERT INTO changes (changed_at, author, user_id, user_name, way, object, object_id,"
        " object_name, action, fields) VALUES (:at, :author, :user, :name, :way, :object, :id,"
        " :object_name, :action, :fields)"_s,
        {{u":at"_s, entry.at},
         {u":author"_s, static_cast<int>(entry.author.kind)},
         {u":user"_s, entry.author.user.value},
         {u":name"_s, entry.author.name},
         {u":way"_s, static_cast<int>(entry.author.way)},
         {u":object"_s, domain::nameOf(entry.object)},
         {u":id"_s, entry.objectId},
         {u":object_name"_s, entry.objectName},
         {u":action"_s, domain::nameOf(entry.action)},
         {u":fields"_s, QString::fromUtf8(fields)}}));
}

Result<std::vector<HistoryEntry>>
HistoryRepository::list(const HistoryFilter &filter, qint64 now, const QTimeZone &zone) const
{
    Result<HistoryCondition> condition = historyConditionOf(filter, now, zone);
    if (!condition)
        return fail(condition.error());
    condition->sql += u" ORDER BY id DESC LIMIT "_s
                      % condition->bind(Page{.offset = 0, .limit = filter.limit}.rows());
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT id, changed_at, author, user_id, user_name, way, object,"
                          " object_id, object_name, action, fields FROM changes WHERE id > 0"_s
                              % condition->sql,
                          condition->bindings),
                  entryFrom)
        .map([](const std::vector<std::optional<HistoryEntry>> &rows) {
            std::vector<HistoryEntry> entries;
            for (const std::optional<HistoryEntry> &row : rows) {
                if (row)
                    entries.push_back(*row);
            }
            return entries;
        });
}

// Ids rise with the time, so that the oldest are the lowest.
Result<qint64> HistoryRepository::removeOlder(qint64 before, qint64 most)
{
    Result<QSqlQuery> removed =
        execute(m_database,
                u"DELETE FROM changes WHERE id IN (SELECT id FROM changes ORDER BY id LIMIT :most)"
                " AND changed_at < :before"_s,
                {{u":most"_s, most}, {u":before"_s, before}});
    return removed.map([](const QSqlQuery &query) { return qint64(query.numRowsAffected()); });
}

} // namespace gatehouse::storage
