#include "admin/channels/draftprobe.h"

#include "admin/channels/channelstore.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using Check = DraftKeyReport::Check;

namespace {

// The draft with one of its keys alone, as a catalog.
ProbeOrder orderFor(const DraftTestOrder &draft, int position, const domain::Settings &settings)
{
    domain::Channel channel = draft.channel;
    channel.id = {1};
    channel.status = domain::ChannelStatus::Enabled;
    channel.keys = position < draft.channel.keys.size() ? QList{draft.channel.keys[position]}
                                                        : QList<domain::ChannelKey>();
    for (domain::ChannelKey &key : channel.keys)
        key.enabled = true;
    domain::CatalogContent content{.settings = settings};
    const domain::ChannelId id = channel.id;
    content.channels.push_back(std::move(channel));
    return {.catalog = domain::Catalog::build(std::move(content)), .channel = id};
}

void noteRefusal(DraftKeyReport &report,
                 std::optional<protocol::ErrorClass> refusal,
                 int httpStatus,
                 const base::Message &text)
{
    report.refusal = refusal;
    report.httpStatus = httpStatus;
    report.text = text;
    if (refusal == protocol::ErrorClass::Authentication
        || refusal == protocol::ErrorClass::Forbidden)
        report.authentication = Check::Failed;
}

void tryListing(DraftKeyReport &report, const ProbeOrder &order, const std::stop_token &stop)
{
    const ListingReport listing = listModels(order, stop);
    report.listing = listing.answered ? Check::Passed : Check::Failed;
    report.models = listing.models;
    report.elapsed = listing.elapsed;
    if (listing.answered)
        report.authentication = Check::Passed;
    else
        noteRefusal(report, listing.refusal, listing.httpStatus, listing.text);
}

void tryChat(DraftKeyReport &report, const ProbeOrder &order, const std::stop_token &stop)
{
    const ProbeReport chat = probeChannel(order, stop);
    const bool passed = chat.outcome.succeeded();
    report.chat = passed ? Check::Passed : Check::Failed;
    report.elapsed = chat.outcome.elapsed;
    if (passed) {
        report.authentication = Check::Passed;
        report.refusal.reset();
        report.text = {};
    } else {
        noteRefusal(report, chat.refusal, chat.outcome.httpStatus, chat.outcome.text);
    }
}

} // namespace

DraftKeyReport probeDraftKey(const DraftTestOrder &draft,
                             int position,
                             const domain::Settings &settings,
                             const std::stop_token &stop)
{
    DraftKeyReport report{.position = position};
    if (position < draft.channel.keys.size()) {
        report.keyId = draft.channel.keys[position].id;
        report.ending = keyEnding(draft.channel.keys[position].secret);
    }
    if (stop.stop_requested()) {
        report.text = base::Message::tr("The test was cancelled.");
        return report;
    }
    ProbeOrder order = orderFor(draft, position, settings);
    tryListing(report, order, stop);
    if (!draft.chat || stop.stop_requested() || report.authentication == Check::Failed)
        return report;
    order.model = draft.model;
    if (order.model.isEmpty()) {
        domain::Channel known = draft.channel;
        if (known.models.isEmpty())
            known.models = report.models;
        order.model = testModelOf(known);
    }
    // Without a list there is no model to ask; why there is none is what the person needs.
    if (order.model.isEmpty() && report.listing == Check::Failed)
        return report;
    tryChat(report, order, stop);
    return report;
}

} // namespace gatehouse::admin
