#pragma once

#include "admin/traffic/traffic.h"
#include "domain/catalog.h"
#include "domain/pricing.h"

namespace gatehouse::admin {

// One attempt of a request, with what people call its parts.
struct AttemptReport
{
    domain::AttemptNote note{};
    QString channelName{}; // empty: the channel is no more
    QString keyEnding{};   // the last characters of its key; empty: it has none, or it is no more
    QString reason{};      // why it was left, as a sentence; empty: it served
};

// What a request cost, line by line; with `difference` they add up to the recorded cost exactly.
struct CostReport
{
    std::vector<domain::CostLine> lines{};
    domain::PriceFactors factors{}; // what prices are multiplied by
    // What the record has beyond the lines, since their prices were corrected after it, or exchange rates have
    // changed; may be negative.
    domain::Cost difference{};
    bool isPriced = false; // false: there is no price to tell of
    // What the reads from the provider's cache would have cost more as plain input.
    domain::Cost savedByCache{};
};

// Everything that the ledger and the catalog tell of one request.
struct RequestReport
{
    TrafficLine line{};
    std::vector<AttemptReport> attempts{};
    CostReport cost{};
    QString explanation{}; // why it failed, as sentences for anyone; empty: it did not
    QString
        providerText{}; // what the provider said to it, as it was; cut to some hundred characters

    // Before the first attempt began, in microseconds; -1: not known.
    qint64 gatewayMicroseconds() const
    {
        return attempts.empty() ? -1 : attempts.front().note.startedAt;
    }
};

// `catalog` tells names and keys of now, and the prices of all times; null: they are not known. A request
// that was priced after it was served is told by the prices of `now`, in milliseconds since 1970.
RequestReport requestReport(TrafficLine line, const domain::Catalog *catalog, qint64 now = 0);

// The last characters of that key of the channel; empty: it has none, or it is no more, or it is too
// short to tell of.
QString keyEndingOf(const domain::Catalog *catalog, domain::ChannelId channel, qint64 key);

// What a stable code of a failure means and what can be done; empty: the code says nothing.
QString failureText(const QByteArray &errorCode);

} // namespace gatehouse::admin
