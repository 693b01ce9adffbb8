#pragma once

#include "admin/channels/channelservice.h"
#include "admin/channels/testplan.h"
#include "channeleditor/bulkchange.h"
#include "widgets/livetext.h"
#include "widgets/services.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// What a person does to channels, each as one command that can be taken back. The futures tell how it
// went. Lives as long as whoever made it; what it began ends without it.
class ChannelCommands
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ChannelCommands)

public:
    using Channels = QList<domain::Channel>;

    static std::vector<domain::ChannelId> idsOf(const Channels &channels);

    explicit ChannelCommands(const Services &services);

    // By one edit that is given to each of them.
    admin::Answer<> edit(const LiveText &text, const Channels &channels, admin::ChannelEdit edit);
    admin::Answer<> setEnabled(const Channels &channels, bool enabled);
    admin::Answer<> setPriority(const Channels &channels, qint64 priority);
    admin::Answer<> change(const Channels &channels, const BulkChange &change);
    // Another order; see reordered().
    admin::Answer<> setPriorities(const std::vector<admin::ChannelPriority> &priorities);
    // What was typed into a cell: the column's key and the value.
    admin::Answer<>
    setCell(const domain::Channel &channel, const QString &column, const QVariant &value);
    admin::Answer<> remove(const Channels &channels);
    admin::Answer<> duplicate(const Channels &channels);
    // Switches off the keys that failed in these tests, and the channels of which no key is left.
    admin::Answer<> disableFailed(const std::vector<admin::TestStep> &steps);

    // What a dialog has stored already; it can be taken back from now on, if it can at all.
    void noteAdded(const domain::Channel &added);
    void noteEdited(const domain::Channel &before, const domain::Channel &after);

private:
    using Changes = std::vector<admin::ChangedChannel>;

    admin::ChannelService &channels() const;
    // Does it, each time anew, and takes back what that changed. `told` says it in place of `text`
    // where only what was changed tells.
    admin::Answer<> push(const LiveText &text,
                         std::function<admin::Answer<Changes>()> change,
                         std::function<LiveText(const Changes &)> told = {});

    const Services m_services;
};

} // namespace gatehouse::ui
