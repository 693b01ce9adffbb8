#include "admin/people/groupservice.h"

#include "admin/history/recording.h"
#include "storage/repositories/grouprepository.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Group;
using storage::Database;
using storage::GroupRepository;

namespace {

constexpr qsizetype longestName = 64;
constexpr qsizetype mostGroups = 500;
constexpr qint64 largestRatio = 1'000'000LL * 1'000'000;

tl::unexpected<base::Error> refusedGroup(const Message &why)
{
    return fail(ErrorCode::InvalidInput, why);
}

Result<> validateName(const QString &name)
{
    if (name.isEmpty())
        return refusedGroup(Message::tr("A group needs a name."));
    if (name.size() > longestName) {
        return refusedGroup(
            Message::tr("The name of a group has at most %1 characters.").arg(longestName));
    }
    if (name != name.trimmed())
        return refusedGroup(Message::tr("The name of a group has no space at its ends."));
    if (name.contains(u','))
        return refusedGroup(Message::tr("The name of a group holds no comma: lists of groups do."));
    const bool hasControl = std::any_of(
        name.cbegin(), name.cend(), [](QChar c) { return c.category() == QChar::Other_Control; });
    if (hasControl)
        return refusedGroup(
            Message::tr("The name of a group holds a character that cannot be seen."));
    return {};
}

Result<> validate(const Group &group)
{
    if (Result<> named = validateName(QString::fromUtf8(group.name)); !named)
        return named;
    if (group.ratioMillionths < 0 || group.ratioMillionths > largestRatio)
        return refusedGroup(
            Message::tr("The price factor of a group must lie between 0 and 1000000."));
    return {};
}

// A few of them, as many as a person reads.
QString listed(const QStringList &names)
{
    constexpr qsizetype most = 5;
    const QString list = names.first(std::min(names.size(), most)).join(u", "_s);
    return names.size() > most ? list + u", …"_s : list;
}

QStringList memberNames(const std::vector<storage::GroupMember> &members, bool deleted)
{
    QStringList names;
    for (const storage::GroupMember &member : members) {
        if (member.isDeleted == deleted)
            names.append(member.name);
    }
    return names;
}

// Who is in a group that there is not pays the usual price, so that a group is left before it goes, also by
// those who may be restored. A deleted channel harms nobody: restored, it serves the groups that there are.
Result<> checkUnused(Database &database, const QByteArray &group)
{
    const GroupRepository groups(database);
    const auto users = groups.users(group);
    if (!users)
        return fail(users.error());
    const auto channels = groups.channels(group);
    if (!channels)
        return fail(channels.error());
    const auto refused = [name = QString::fromUtf8(group)](const Message &why,
                                                           const QStringList &members) {
        return fail(ErrorCode::Conflict, why.arg(name, listed(members)));
    };
    if (const QStringList members = memberNames(*users, false); !members.isEmpty()) {
        return refused(Message::tr("These users are in the group \"%1\": %2. Move them to another "
                                   "group first."),
                       members);
    }
    if (const QStringList serving = memberNames(*channels, false); !serving.isEmpty()) {
        return refused(
            Message::tr("These channels are in the group \"%1\": %2. Take them out of it "
                        "first."),
            serving);
    }
    if (const QStringList members = memberNames(*users, true); !members.isEmpty()) {
        return refused(Message::tr("These deleted users of the group \"%1\" can be restored for 30 "
                                   "days: %2. The group goes after them, or can be renamed."),
                       members);
    }
    return {};
}

QJsonValue groupRatio(const Group &group)
{
    constexpr double million = 1'000'000;
    return static_cast<double>(group.ratioMillionths) / million;
}

const Group *groupNamed(const std::vector<Group> &groups, const QByteArray &name)
{
    const auto found = std::find_if(
        groups.begin(), groups.end(), [&name](const Group &group) { return group.name == name; });
    return found == groups.end() ? nullptr : &*found;
}

// What becomes of a group; null: there was none, or there is none any more.
Result<> recordGroup(Database &database, const Group *before, const Group *after)
{
    if (before && after && *before == *after)
        return {};
    Recorded entry{.object = domain::HistoryObject::Group,
                   .name = QString::fromUtf8((after ? after : before)->name),
                   .action = !before  ? domain::HistoryAction::Created
                             : !after ? domain::HistoryAction::Removed
                                      : domain::HistoryAction::Changed};
    entry.fields.push_back({.field = u"ratio"_s,
                            .before = before ? groupRatio(*before) : QJsonValue(),
                            .after = after ? groupRatio(*after) : QJsonValue()});
    return record(database, std::move(entry));
}

Result<> storeGroup(Database &database, const Group &group)
{
    GroupRepository repository(database);
    const Result<std::vector<Group>> present = repository.all();
    if (!present)
        return fail(present.error());
    return repository.save(group).and_then(
        [&] { return recordGroup(database, groupNamed(*present, group.name), &group); });
}

// None of those that go may be in use.
Result<> storeGroups(Database &database, const std::vector<Group> &groups)
{
    GroupRepository repository(database);
    const Result<std::vector<Group>> present = repository.all();
    if (!present)
        return fail(present.error());
    for (const Group &former : *present) {
        if (groupNamed(groups, former.name))
            continue;
        const Result<> removable = checkUnused(database, former.name).and_then([&] {
            return recordGroup(database, &former, nullptr);
        });
        if (!removable)
            return removable;
    }
    for (const Group &group : groups) {
        const Group *former = groupNamed(*present, group.name);
        if (Result<> noted = recordGroup(database, former, &group); !noted)
            return noted;
    }
    return repository.replaceAll(groups);
}

Result<> storeGroupRemoval(Database &database, const QByteArray &name)
{
    GroupRepository repository(database);
    const Result<std::vector<Group>> present = repository.all();
    if (!present)
        return fail(present.error());
    return checkUnused(database, name)
        .and_then([&] { return repository.remove(name); })
        .and_then([&] { return recordGroup(database, groupNamed(*present, name), nullptr); });
}

Result<> storeGroupName(Database &database, const QByteArray &from, const QByteArray &to)
{
    Recorded entry{.object = domain::HistoryObject::Group,
                   .name = QString::fromUtf8(to),
                   .action = domain::HistoryAction::Changed};
    entry.fields.push_back(
        {.field = u"name"_s, .before = QString::fromUtf8(from), .after = QString::fromUtf8(to)});
    return GroupRepository(database).rename(from, to).and_then(
        [&] { return record(database, std::move(entry)); });
}

} // namespace

GroupService::GroupService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{}

Answer<std::vector<Group>> GroupService::list()
{
    return m_base.storage.read([](Database &database) { return GroupRepository(database).all(); });
}

Answer<> GroupService::save(const Group &group)
{
    if (Result<> sound = validate(group); !sound)
        return refused<void>(sound.error());
    return m_base.publisher.change(
        [group](Database &database) { return storeGroup(database, group); });
}

Answer<> GroupService::replaceAll(std::vector<Group> groups)
{
    if (groups.size() > mostGroups)
        return refused<void>(ErrorCode::InvalidInput, Message::tr("There are too many groups."));
    bool hasDefault = false;
    for (const Group &group : groups) {
        if (Result<> sound = validate(group); !sound)
            return refused<void>(sound.error());
        hasDefault = hasDefault || group.name == "default";
    }
    if (!hasDefault)
        groups.push_back(Group{.name = "default"});
    return m_base.publisher.change(
        [groups = std::move(groups)](Database &database) { return storeGroups(database, groups); });
}

Answer<> GroupService::remove(const QByteArray &name)
{
    if (name == "default")
        return refused<void>(ErrorCode::InvalidInput,
                             Message::tr("The group \"default\" must stay."));
    return m_base.publisher.change(
        [name](Database &database) { return storeGroupRemoval(database, name); });
}

Answer<> GroupService::rename(const QByteArray &from, const QByteArray &to)
{
    if (from == to)
        return answered<void>({});
    if (from == "default")
        return refused<void>(ErrorCode::InvalidInput,
                             Message::tr("The group \"default\" keeps its name: new users are in "
                                         "it."));
    if (Result<> sound = validateName(QString::fromUtf8(to)); !sound)
        return refused<void>(sound.error());
    return m_base.publisher.change(
        [from, to](Database &database) { return storeGroupName(database, from, to); });
}

} // namespace gatehouse::admin
