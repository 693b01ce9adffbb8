#include "admin/people/groupservice.h"

#include "admin/history/recording.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/grouprepository.h"
#include "storage/repositories/userrepository.h"

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

Result<> validate(const Group &group)
{
    const QString name = QString::fromUtf8(group.name);
    const bool usable = !name.isEmpty() && name.size() <= longestName && name == name.trimmed()
                        && !name.contains(u',')
                        && std::none_of(name.cbegin(), name.cend(), [](QChar c) {
                               return c.category() == QChar::Other_Control;
                           });
    if (!usable)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("\"%1\" is no name for a group.").arg(name.left(80)));
    if (group.ratioMillionths < 0 || group.ratioMillionths > largestRatio)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The ratio of a group must lie between 0 and 1000000."));
    return {};
}

// A few of them, as many as a person reads.
QString listed(const QStringList &names)
{
    constexpr qsizetype most = 5;
    const QString list = names.first(std::min(names.size(), most)).join(u", "_s);
    return names.size() > most ? list + u", …"_s : list;
}

// Who is in a group that there is not pays the usual price, so that a group is left before it goes.
Result<> checkUnused(Database &database, const storage::KeySealer &sealer, const QByteArray &group)
{
    const auto users = storage::UserRepository(database).all();
    if (!users)
        return fail(users.error());
    const auto channels =
        storage::ChannelRepository(database, sealer).all(storage::Keys::OpenIfPossible);
    if (!channels)
        return fail(channels.error());
    const QString name = QString::fromUtf8(group);
    QStringList members;
    for (const domain::User &user : *users) {
        if (user.group == group)
            members.append(user.username);
    }
    QStringList serving;
    for (const domain::Channel &channel : *channels) {
        if (channel.groups.contains(name))
            serving.append(channel.name);
    }
    if (!members.isEmpty()) {
        return fail(
            ErrorCode::Conflict,
            Message::tr("These users are in the group \"%1\": %2. Move them to another group "
                        "first.")
                .arg(name, listed(members)));
    }
    if (!serving.isEmpty()) {
        return fail(ErrorCode::Conflict,
                    Message::tr("These channels are in the group \"%1\": %2. Take them out of it "
                                "first.")
                        .arg(name, listed(serving)));
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
Result<>
storeGroups(Database &database, const storage::KeySealer &sealer, const std::vector<Group> &groups)
{
    GroupRepository repository(database);
    const Result<std::vector<Group>> present = repository.all();
    if (!present)
        return fail(present.error());
    for (const Group &former : *present) {
        if (groupNamed(groups, former.name))
            continue;
        const Result<> removable = checkUnused(database, sealer, former.name).and_then([&] {
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

Result<>
storeGroupRemoval(Database &database, const storage::KeySealer &sealer, const QByteArray &name)
{
    GroupRepository repository(database);
    const Result<std::vector<Group>> present = repository.all();
    if (!present)
        return fail(present.error());
    return checkUnused(database, sealer, name)
        .and_then([&] { return repository.remove(name); })
        .and_then([&] { return recordGroup(database, groupNamed(*present, name), nullptr); });
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
        [sealer = &m_base.sealer, groups = std::move(groups)](Database &database) {
            return storeGroups(database, *sealer, groups);
        });
}

Answer<> GroupService::remove(const QByteArray &name)
{
    if (name == "default")
        return refused<void>(ErrorCode::InvalidInput,
                             Message::tr("The group \"default\" must stay."));
    return m_base.publisher.change([sealer = &m_base.sealer, name](Database &database) {
        return storeGroupRemoval(database, *sealer, name);
    });
}

} // namespace gatehouse::admin
