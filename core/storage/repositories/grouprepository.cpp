#include "storage/repositories/grouprepository.h"

#include "storage/statement.h"
#include "storage/transaction.h"

#include <algorithm>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::Group;

namespace {

QStringList groupsFrom(const QString &stored)
{
    return stored.split(u'\n', Qt::SkipEmptyParts);
}

} // namespace

Result<std::vector<Group>> GroupRepository::all() const
{
    return rowsOf(m_database,
                  execute(m_database, u"SELECT name, ratio_millionths FROM groups ORDER BY name"_s),
                  [](const QSqlQuery &row) {
                      return Group{.name = row.value(0).toString().toUtf8(),
                                   .ratioMillionths = row.value(1).toLongLong()};
                  });
}

Result<std::vector<GroupMember>> GroupRepository::users(const QByteArray &group) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT username, former_username, deleted_at FROM users"
                          " WHERE group_name = :name AND (status <> 3 OR deleted_at <> 0)"
                          " ORDER BY id"_s,
                          {{u":name"_s, QString::fromUtf8(group)}}),
                  [](const QSqlQuery &row) {
                      const bool isDeleted = row.value(2).toLongLong() != 0;
                      return GroupMember{.name = row.value(isDeleted ? 1 : 0).toString(),
                                         .isDeleted = isDeleted};
                  });
}

Result<std::vector<GroupMember>> GroupRepository::channels(const QByteArray &group) const
{
    struct Row
    {
        GroupMember member{};
        QStringList groups{};
    };
    const Result<std::vector<Row>> all =
        rowsOf(m_database,
               execute(m_database, u"SELECT name, deleted_at, groups FROM channels ORDER BY id"_s),
               [](const QSqlQuery &row) {
                   return Row{.member = {.name = row.value(0).toString(),
                                         .isDeleted = row.value(1).toLongLong() != 0},
                              .groups = groupsFrom(row.value(2).toString())};
               });
    if (!all)
        return base::fail(all.error());
    std::vector<GroupMember> members;
    for (const Row &row : *all) {
        if (row.groups.contains(QString::fromUtf8(group)))
            members.push_back(row.member);
    }
    return members;
}

Result<> GroupRepository::rename(const QByteArray &from, const QByteArray &to)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const Result<std::vector<Group>> groups = all();
    if (!groups)
        return base::fail(groups.error());
    const bool isTaken = std::any_of(
        groups->begin(), groups->end(), [&to](const Group &each) { return each.name == to; });
    if (isTaken) {
        return base::fail(
            base::ErrorCode::Conflict,
            base::Message::tr("There is a group \"%1\" already.").arg(QString::fromUtf8(to)));
    }
    const QString former = QString::fromUtf8(from);
    const QString latter = QString::fromUtf8(to);
    const Bindings names{{u":from"_s, former}, {u":to"_s, latter}};
    const Result<> renamed =
        expectChange(
            execute(m_database, u"UPDATE groups SET name = :to WHERE name = :from"_s, names),
            base::Message::tr("This group does not exist."))
            .and_then([&] {
                return done(execute(m_database,
                                    u"UPDATE users SET group_name = :to WHERE group_name = :from"_s,
                                    names));
            })
            .and_then([&] { return renameInChannels(former, latter); });
    if (!renamed)
        return renamed;
    return transaction->commit();
}

Result<> GroupRepository::renameInChannels(const QString &from, const QString &to)
{
    struct Row
    {
        qint64 id = 0;
        QStringList groups{};
    };
    const Result<std::vector<Row>> all =
        rowsOf(m_database,
               execute(m_database, u"SELECT id, groups FROM channels"_s),
               [](const QSqlQuery &row) {
                   return Row{.id = row.value(0).toLongLong(),
                              .groups = groupsFrom(row.value(1).toString())};
               });
    if (!all)
        return base::fail(all.error());
    for (const Row &row : *all) {
        QStringList groups = row.groups;
        const qsizetype at = groups.indexOf(from);
        if (at < 0)
            continue;
        groups[at] = to;
        groups.removeDuplicates(); // a channel may name a group that there was not
        if (Result<> stored =
                done(execute(m_database,
                             u"UPDATE channels SET groups = :groups WHERE id = :id"_s,
                             {{u":groups"_s, groups.join(u'\n')}, {u":id"_s, row.id}}));
            !stored)
            return stored;
    }
    return {};
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
