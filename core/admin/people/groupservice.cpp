#include "admin/people/groupservice.h"

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
        [group](Database &database) { return GroupRepository(database).save(group); });
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
    return m_base.publisher.change([groups = std::move(groups)](Database &database) {
        return GroupRepository(database).replaceAll(groups);
    });
}

Answer<> GroupService::remove(const QByteArray &name)
{
    if (name == "default")
        return refused<void>(ErrorCode::InvalidInput,
                             Message::tr("The group \"default\" must stay."));
    return m_base.publisher.change([name](Database &database) -> Result<> {
        const auto users = storage::UserRepository(database).all();
        if (!users)
            return fail(users.error());
        const bool inUse = std::any_of(
            users->cbegin(), users->cend(), [&](const auto &user) { return user.group == name; });
        if (inUse) {
            return fail(ErrorCode::Conflict,
                        Message::tr("Users are in this group. Move them to another group first."));
        }
        return GroupRepository(database).remove(name);
    });
}

} // namespace gatehouse::admin
