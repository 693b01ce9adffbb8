#include "admin/traffic/requestreport.h"

#include "admin/prices/recordprice.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Catalog;
using domain::CatalogChannel;
using domain::UsageRecord;

namespace {

struct ReportTexts
{
    Q_DECLARE_TR_FUNCTIONS(RequestReport)
};

struct Meaning
{
    const char *code = "";
    const char *text = "";
};

// What failures of the gateway and of providers mean.
constexpr auto meanings = std::to_array<Meaning>({
    {"provider_refused_request",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The provider refuses the request as it is. Another channel would refuse it "
                       "as well: the client must send something else.")},
    {"provider_model_not_found",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The provider does not know this model. Check the models of the channel and "
                       "their mapping.")},
    {"provider_refused_content",
     QT_TRANSLATE_NOOP("RequestReport", "The provider’s rules on content refuse this request.")},
    {"provider_rate_limited",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The provider takes no more requests for now, since a rate limit of the "
                       "account is reached.")},
    {"provider_overloaded",
     QT_TRANSLATE_NOOP("RequestReport", "The provider is overloaded. This passes by itself.")},
    {"provider_fault", QT_TRANSLATE_NOOP("RequestReport", "The provider had a fault of its own.")},
    {"provider_not_understood",
     QT_TRANSLATE_NOOP("RequestReport",
                       "What the provider answered is no answer to such a request: a web page, "
                       "nothing, or half of a document. Check the address of the channel.")},
    {"provider_timeout",
     QT_TRANSLATE_NOOP("RequestReport", "The provider did not answer in time.")},
    {"provider_unreachable",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The provider could not be reached, or the connection broke. Check its "
                       "address and the network.")},
    {"channel_key_refused",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The provider refuses the key of the channel. Enter a valid key.")},
    {"channel_out_of_credit",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The provider’s account is out of credit. Fill it, or switch the channel "
                       "off.")},
    {"channel_unusable",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The channel cannot send such a request. Nothing was sent.")},
    {"no_channel",
     QT_TRANSLATE_NOOP("RequestReport",
                       "No channel could serve the model: each is switched off, rests after "
                       "failures, or was tried already.")},
    {"channel_limit_reached",
     QT_TRANSLATE_NOOP("RequestReport",
                       "Each channel that could serve the model has as many requests or tokens as "
                       "its own limits allow. This passes by itself; the limits stand in the "
                       "channels.")},
    {"model_not_found",
     QT_TRANSLATE_NOOP("RequestReport", "No channel offers this model to the group of the token.")},
    {"request_timeout",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The request took longer than the settings allow, and was ended.")},
    {"client_gone",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The client closed the connection before the answer was "
                       "whole.")},
    {"cancelled_by_administrator",
     QT_TRANSLATE_NOOP("RequestReport", "The request was cancelled in this window.")},
    {"shutting_down",
     QT_TRANSLATE_NOOP("RequestReport", "The gateway was stopped while the request was served.")},
    {"gateway_restarted",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The gateway was restarted with other settings while the request was "
                       "served.")},
    {"ledger_unavailable",
     QT_TRANSLATE_NOOP("RequestReport",
                       "The record of the request could not be stored, so that its answer was held "
                       "back. See whether the disk is full.")},
    {"insufficient_quota",
     QT_TRANSLATE_NOOP("RequestReport", "The budget of the user or of the token is used up.")},
    {"quota_held",
     QT_TRANSLATE_NOOP("RequestReport",
                       "What is left of the budget is held by requests that are still being "
                       "served.")},
    {"rate_limit_exceeded",
     QT_TRANSLATE_NOOP("RequestReport", "The user’s limit of requests a minute is reached.")},
    {"token_rate_limit_exceeded",
     QT_TRANSLATE_NOOP("RequestReport", "The user’s limit of tokens a minute is reached.")},
    {"concurrency_limit_exceeded",
     QT_TRANSLATE_NOOP("RequestReport", "The user has too many requests open at once.")},
    {"model_not_allowed", QT_TRANSLATE_NOOP("RequestReport", "The token may not use this model.")},
});

QString endText(domain::EndReason end)
{
    switch (end) {
    case domain::EndReason::ClientGone:
        return failureText("client_gone");
    case domain::EndReason::TimedOut:
        return failureText("request_timeout");
    case domain::EndReason::ShutDown:
        return failureText("shutting_down");
    case domain::EndReason::Cancelled:
        return failureText("cancelled_by_administrator");
    case domain::EndReason::Failed:
        return ReportTexts::tr("The request failed.");
    case domain::EndReason::Completed:
        break;
    }
    return {};
}

QString explanationOf(const UsageRecord &record)
{
    constexpr int firstError = 400;
    const QString known = failureText(record.errorCode);
    if (!known.isEmpty())
        return known;
    const QString end = endText(record.end);
    if (!end.isEmpty() || record.httpStatus < firstError)
        return end;
    return ReportTexts::tr("The request was answered with the status %1.").arg(record.httpStatus);
}

AttemptReport attemptReport(domain::AttemptNote note, const Catalog *catalog)
{
    AttemptReport report{.note = std::move(note)};
    if (!report.note.errorCode.isEmpty()) {
        report.reason = failureText(report.note.errorCode);
        if (report.reason.isEmpty())
            report.reason = QString::fromUtf8(report.note.errorCode);
    }
    const CatalogChannel *channel = catalog ? catalog->channel(report.note.channel) : nullptr;
    if (!channel)
        return report;
    report.channelName = channel->channel.name;
    report.keyEnding = keyEndingOf(catalog, report.note.channel, report.note.key);
    return report;
}

// One that was given afterwards is what the cost is made of only where there is one.
relay::AppliedPrice priceThen(const UsageRecord &record,
                              const Catalog &catalog,
                              const CatalogChannel &channel,
                              qint64 now)
{
    const bool hasCost = !record.unpriced && record.cost.nanoDollars != 0;
    return priceOfRecord(catalog, channel, record, hasCost ? now : 0);
}

CostReport costReport(const UsageRecord &record, const Catalog *catalog, qint64 now)
{
    CostReport report;
    const CatalogChannel *channel = catalog ? catalog->channel(record.channelId) : nullptr;
    const domain::CatalogGroup *group = catalog ? catalog->group(record.group) : nullptr;
    domain::ModelPrice price;
    if (channel) {
        const relay::AppliedPrice applied = priceThen(record, *catalog, *channel, now);
        report.isPriced = !applied.unpriced || applied.price.source == domain::PriceSource::Default;
        price = applied.price;
        report.factors.channelMillionths = channel->channel.priceRatioMillionths;
    }
    if (group)
        report.factors.groupMillionths = group->ratioMillionths;
    report.lines = domain::costLines(record.usage, price, report.factors);
    qint64 sum = 0;
    for (const domain::CostLine &line : report.lines)
        sum = domain::saturatedSum(sum, line.cost.nanoDollars);
    domain::Usage plain = record.usage;
    plain.cacheRead = 0;
    const auto costOf = [&](const domain::Usage &usage) {
        return domain::costOf(usage, price, report.factors).nanoDollars;
    };
    report.savedByCache = {std::max<qint64>(0, costOf(plain) - costOf(record.usage))};
    report.difference = {domain::saturatedSum(record.cost.nanoDollars, -sum)};
    return report;
}

} // namespace

QString failureText(const QByteArray &errorCode)
{
    for (const Meaning &meaning : meanings) {
        if (errorCode == meaning.code)
            return ReportTexts::tr(meaning.text);
    }
    return {};
}

QString keyEndingOf(const Catalog *catalog, domain::ChannelId channelId, qint64 keyId)
{
    const CatalogChannel *channel = catalog ? catalog->channel(channelId) : nullptr;
    if (!channel || channel->channel.type == domain::provider::echo)
        return {}; // Echo asks nobody, with whatever key
    for (const domain::ChannelKey &key : channel->channel.keys) {
        constexpr qsizetype shown = 4;
        constexpr qsizetype fewest = 12; // of a shorter one the ending would tell too much
        if (key.id != keyId)
            continue;
        const QByteArray secret = key.secret.reveal();
        return secret.size() >= fewest ? QString::fromUtf8(secret.last(shown)) : QString();
    }
    return {};
}

RequestReport requestReport(TrafficLine line, const Catalog *catalog, qint64 now)
{
    RequestReport report{.line = std::move(line)};
    for (domain::AttemptNote &note : report.line.attempts())
        report.attempts.push_back(attemptReport(std::move(note), catalog));
    const UsageRecord &record = report.line.record;
    report.cost = costReport(record, catalog, now);
    if (report.line.running)
        return report;
    report.explanation = explanationOf(record);
    if (!report.explanation.isEmpty() && !report.attempts.empty())
        report.providerText = QString::fromUtf8(report.attempts.back().note.message);
    return report;
}

} // namespace gatehouse::admin
