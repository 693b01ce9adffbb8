#include "channels/channelcommands.h"

#include "admin/administration.h"
#include "admin/outcome.h"
#include "domain/providertype.h"
#include "widgets/format.h"
#include "widgets/undostack.h"

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::outcomeOf;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelStatus;

namespace {

base::Result<qint64> wholeNumber(const QString &text, qint64 least, qint64 most)
{
    bool valid = false;
    const qint64 number = text.trimmed().toLongLong(&valid);
    if (!valid || number < least || number > most) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::verbatim(ChannelCommands::tr("Enter a whole number from %1 to %2.")
                                        .arg(Format::count(least), Format::count(most))));
    }
    return number;
}

void switchTo(Channel &channel, bool enabled)
{
    channel.status = enabled ? ChannelStatus::Enabled : ChannelStatus::DisabledByHand;
    channel.statusReason.clear();
}

QStringList listFrom(const QString &text)
{
    QStringList list;
    const QStringList parts = text.split(u',', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (const QString name = part.trimmed(); !name.isEmpty() && !list.contains(name))
            list.append(name);
    }
    return list;
}

// What a cell of that column does to a channel; an error: the value makes no sense.
base::Result<admin::ChannelEdit> cellEdit(const QString &column, const QVariant &value)
{
    const QString text = value.toString().trimmed();
    const auto refuse = [](const QString &why) {
        return base::fail(base::ErrorCode::InvalidInput, base::Message::verbatim(why));
    };
    if (column == u"enabled"_s) {
        return [enabled = value.toBool()](Channel &stored) -> base::Result<> {
            switchTo(stored, enabled);
            return {};
        };
    }
    if (column == u"name"_s) {
        if (text.isEmpty())
            return refuse(ChannelCommands::tr("A channel needs a name."));
        return [text](Channel &stored) -> base::Result<> {
            stored.name = text;
            return {};
        };
    }
    if (column == u"group"_s) {
        const QStringList groups = listFrom(text);
        if (groups.isEmpty())
            return refuse(ChannelCommands::tr("A channel serves at least one group."));
        return [groups](Channel &stored) -> base::Result<> {
            stored.groups = groups;
            return {};
        };
    }
    const bool isWeight = column == u"weight"_s;
    constexpr qint64 mostWeight = 1'000'000;
    const base::Result<qint64> number =
        isWeight
            ? wholeNumber(text, 0, mostWeight)
            : wholeNumber(text, std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    if (!number)
        return base::fail(number.error());
    return [number = *number, isWeight](Channel &stored) -> base::Result<> {
        if (isWeight)
            stored.weight = static_cast<int>(number);
        else
            stored.priority = number;
        return {};
    };
}

// Disables the keys that failed, or the channel where none would be left.
void disableKeys(Channel &channel, const QSet<qint64> &failed)
{
    // Echo is tested with a key that is made at each start, not with one that is stored.
    const bool hasOwnKeys = channel.type != domain::provider::echo;
    const auto isFailed = [&failed](const domain::ChannelKey &key) {
        return failed.contains(key.id);
    };
    const bool anyLeft = std::any_of(
        channel.keys.cbegin(), channel.keys.cend(), [&isFailed](const domain::ChannelKey &key) {
            return key.enabled && !isFailed(key);
        });
    // Its keys stay on, so that to switch the channel on again is enough.
    if (!hasOwnKeys || !anyLeft) {
        switchTo(channel, false);
        return;
    }
    for (domain::ChannelKey &key : channel.keys) {
        if (isFailed(key))
            key.enabled = false;
    }
}

LiveText disabledText(int count)
{
    return [count] {
        return count > 0 ? ChannelCommands::tr("Disabled %n channels that failed", nullptr, count)
                         : ChannelCommands::tr("Nothing was left to disable");
    };
}

LiveText changedText(const Channel &channel)
{
    return [name = channel.name] {
        return ChannelCommands::tr("Changed %1").arg(Format::quoted(name));
    };
}

} // namespace

std::vector<ChannelId> ChannelCommands::idsOf(const Channels &channels)
{
    std::vector<ChannelId> ids;
    for (const Channel &channel : channels)
        ids.push_back(channel.id);
    return ids;
}

ChannelCommands::ChannelCommands(const Services &services)
    : m_services(services)
{}

admin::ChannelService &ChannelCommands::channels() const
{
    return m_services.administration.channels;
}

admin::Answer<> ChannelCommands::push(const LiveText &text,
                                      std::function<admin::Answer<Changes>()> change,
                                      std::function<LiveText(const Changes &)> told)
{
    admin::ChannelService &service = channels();
    const auto done = std::make_shared<Changes>();
    UndoCommand command{
        .text = text,
        .redo = [change = std::move(change), done] { return outcomeOf(change(), done); },
        .undo = [&service, done] { return outcomeOf(service.takeBack(*done)); }};
    if (told)
        command.told = [told = std::move(told), done] { return told(*done); };
    return m_services.undo.push(std::move(command));
}

admin::Answer<>
ChannelCommands::edit(const LiveText &text, const Channels &channels, admin::ChannelEdit edit)
{
    return push(text, [&service = this->channels(), ids = idsOf(channels), edit = std::move(edit)] {
        return service.changeAll(ids, edit);
    });
}

admin::Answer<> ChannelCommands::setEnabled(const Channels &channels, bool enabled)
{
    const auto count = static_cast<int>(channels.size());
    const auto text = [enabled, count] {
        return enabled ? tr("Enabled %n channels", nullptr, count)
                       : tr("Disabled %n channels", nullptr, count);
    };
    return edit(text, channels, [enabled](Channel &channel) -> base::Result<> {
        switchTo(channel, enabled);
        return {};
    });
}

admin::Answer<> ChannelCommands::setPriority(const Channels &channels, qint64 priority)
{
    const auto count = static_cast<int>(channels.size());
    return edit(
        [count, priority] {
            return tr("Moved %n channels to priority %1", nullptr, count).arg(priority);
        },
        channels,
        [priority](Channel &channel) -> base::Result<> {
            channel.priority = priority;
            return {};
        });
}

admin::Answer<> ChannelCommands::change(const Channels &channels, const BulkChange &change)
{
    const auto count = static_cast<int>(channels.size());
    return edit([count] { return tr("Changed %n channels", nullptr, count); },
                channels,
                [change](Channel &channel) -> base::Result<> {
                    change.applyTo(channel);
                    return {};
                });
}

admin::Answer<>
ChannelCommands::setPriorities(const std::vector<admin::ChannelPriority> &priorities)
{
    return push([] { return tr("Changed the order of channels"); },
                [&service = channels(), priorities] { return service.setPriorities(priorities); });
}

admin::Answer<>
ChannelCommands::setCell(const Channel &channel, const QString &column, const QVariant &value)
{
    const base::Result<admin::ChannelEdit> wanted = cellEdit(column, value);
    if (!wanted)
        return admin::refused<void>(wanted.error());
    // A cell that was left as it is makes no command.
    Channel changed = channel;
    if ((*wanted)(changed) && changed == channel)
        return admin::answered<void>({});
    return edit(changedText(channel), {channel}, *wanted);
}

admin::Answer<> ChannelCommands::remove(const Channels &channels)
{
    admin::ChannelService &service = this->channels();
    const std::vector<ChannelId> ids = idsOf(channels);
    const auto text = [count = static_cast<int>(channels.size()), name = channels.value(0).name] {
        return count == 1 ? tr("Deleted %1").arg(Format::quoted(name))
                          : tr("Deleted %n channels", nullptr, count);
    };
    return m_services.undo.push({.text = text,
                                 .redo = [&service, ids] { return service.removeAll(ids); },
                                 .undo = [&service, ids] { return service.restore(ids); }});
}

// Redoing brings the same copies back.
admin::Answer<> ChannelCommands::duplicate(const Channels &channels)
{
    admin::ChannelService &service = this->channels();
    const auto made = std::make_shared<std::vector<ChannelId>>();
    const auto makeNext = [&service, made](ChannelId source) {
        return service.duplicate(source).then(
            [made](const base::Result<Channel> &copy) -> base::Result<> {
                if (!copy)
                    return base::fail(copy.error());
                made->push_back(copy->id);
                return {};
            });
    };
    const auto text = [count = static_cast<int>(channels.size()), name = channels.value(0).name] {
        return count == 1
                   ? tr("Duplicated %1; the copy is switched off").arg(Format::quoted(name))
                   : tr("Duplicated %n channels; the copies are switched off", nullptr, count);
    };
    return m_services.undo.push(
        {.text = text,
         .redo = [&service, made, makeNext, ids = idsOf(channels)]() -> admin::Answer<> {
             if (!made->empty())
                 return service.restore(*made);
             admin::Answer<> last = admin::answered<void>({});
             for (const ChannelId id : ids) {
                 last = admin::onSuccess(last, &service, [makeNext, id] { return makeNext(id); });
             }
             return last;
         },
         .undo = [&service, made] { return service.removeAll(*made); }});
}

admin::Answer<> ChannelCommands::disableFailed(const std::vector<admin::TestStep> &steps)
{
    const QHash<ChannelId, QSet<qint64>> keys = admin::failedKeys(steps);
    std::vector<ChannelId> ids;
    for (auto it = keys.cbegin(); it != keys.cend(); ++it)
        ids.push_back(it.key());
    const admin::ChannelEdit disable = [keys](Channel &channel) -> base::Result<> {
        disableKeys(channel, keys.value(channel.id));
        return {};
    };
    return push(
        disabledText(static_cast<int>(ids.size())),
        [&service = channels(), ids, disable] { return service.changeAll(ids, disable); },
        [](const Changes &done) {
            const auto changed = std::count_if(
                done.begin(), done.end(), [](const auto &one) { return one.before != one.after; });
            return disabledText(static_cast<int>(changed));
        });
}

void ChannelCommands::noteAdded(const Channel &added)
{
    admin::ChannelService &service = channels();
    m_services.undo.pushDone(
        {.text = [name = added.name] { return tr("Added %1").arg(Format::quoted(name)); },
         .redo = [&service, id = added.id] { return service.restore({id}); },
         .undo = [&service, id = added.id] { return service.remove(id); }});
}

void ChannelCommands::noteEdited(const Channel &before, const Channel &after)
{
    const admin::ChangedChannel change{.before = before, .after = after};
    if (!admin::canBeTakenBack(change))
        return;
    admin::ChannelService &service = channels();
    m_services.undo.pushDone(
        {.text = changedText(after),
         .redo = [&service, change] { return outcomeOf(service.takeBack({change.reversed()})); },
         .undo = [&service, change] { return outcomeOf(service.takeBack({change})); }});
}

} // namespace gatehouse::ui
