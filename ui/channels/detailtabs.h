#pragma once

#include "admin/channels/routeexplanation.h"
#include "admin/history/historyservice.h"
#include "channels/channelcolumns.h"
#include "widgets/factgrid.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// What the tabs of a channel's detail pane say.
class DetailTabs
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::DetailTabs)

public:
    static QList<Fact> overview(const ChannelRow &row);
    static QList<Fact> failures(const admin::ChannelDetail &detail,
                                const admin::ChannelOverview &overview);
    // Whether what failed here was made good by other channels: the requests are theirs in the ledger.
    // The filter of the requests of 24 hours that it had an attempt of, and that ended elsewhere.
    static QString passedOnTerms(domain::ChannelId channel);
    static bool failedForOthers(const admin::ChannelOverview &overview);
    static QList<Fact> keys(const admin::ChannelDetail &detail, const ChannelRow &row);
    static QList<Fact> models(const domain::Channel &channel);
    // In which place each model of the channel is tried here.
    static QList<Fact> routing(const domain::Channel &channel,
                               const std::vector<admin::ServedModel> &served);
    static QList<Fact> advanced(const domain::Channel &channel);
    static QList<Fact> history(const ChannelRow &row);
    // Who changed it, and what the program did to it, the newest first.
    static QList<Fact> changes(const admin::HistoryPage &page);
};

} // namespace gatehouse::ui
