#include "storage/repositories/grouprepository.h"

#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::Group;

Result<std::vector<Group>> GroupRepository::all() const
{
    return rowsOf(m_database,
                  execute(m_database, u"SELECT name, ratio_millionths FROM groups ORDER BY name"_s),
                  [](const QSqlQuery &row) {
                      return Group{.name = row.value(0).toString().toUtf8(),
                                   .ratioMillionths = row.value(1).toLongLong()};
                  });
}

Result<> GroupRepository::save(const Group &group)
{
    return done(execute(
        m_database,
        u"INSERT INTO groups (name, ratio_millionths) VALUES (:name, :ratio)"
        " ON CONFLICT (name) DO UPDATE"
        " SET ratio_millionths = excluded.ratio_millionths"_s,
        {{u":name"_s, QString::fromUtf8(group.name)}, {u":ratio"_s, group.ratioMillionths}}));
}

Result<> GroupRepository::remove(const QByteArray &name)
{
    return expectChange(execute(m_database,
                                u"DELETE FROM groups WHERE name = :name"_s,
                                {{u":name"_s, QString::fromUtf8(name)}}),
                        base::Message::tr("This group does not exist."));
}

Result<> GroupRepository::replaceAll(const std::vector<Group> &groups)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    if (Result<> removed = executeDirectly(m_database, u"DELETE FROM groups"_s); !removed)
        return removed;
    for (const Group &group : groups) {
        if (Result<> saved = save(group); !saved)
            return saved;
    }
    return transaction->commit();
}

} // namespace gatehouse::storage
