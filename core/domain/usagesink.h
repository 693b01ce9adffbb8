#pragma once

#include "domain/usagerecord.h"

#include <vector>

namespace gatehouse::domain {

// Identifies the one who waits for a record to be stored.
struct ReceiptTicket
{
    int receiver = -1;  // as given out when the receiver registered; -1: nobody waits
    quint64 number = 0; // the receiver's own
};

// A record on its way into the ledger.
struct UsageSubmission
{
    UsageRecord record{};
    ReceiptTicket ticket{};
};

// Where the gateway threads put the ledger's records. submit() may be called from any thread and
// never waits. It refuses with false when the ledger cannot take records for now: then nothing may
// be served.
class UsageSink
{
public:
    UsageSink() = default;
    UsageSink(const UsageSink &) = delete;
    UsageSink &operator=(const UsageSink &) = delete;
    virtual ~UsageSink() = default;

    // True while records are being stored. A false answer refuses new requests (503).
    virtual bool isHealthy() const = 0;
    // True while records cannot be stored, of the reasons not to be healthy the one that is more than
    // a long wait. A sink that cannot tell these apart says so of both.
    virtual bool isFailing() const { return !isHealthy(); }
    // Takes the record in any case; it stays queued until it can be stored.
    virtual void submit(UsageRecord record, ReceiptTicket ticket) = 0;
    // Takes several in their order, and leaves the list empty.
    virtual void submitAll(std::vector<UsageSubmission> &submissions)
    {
        for (UsageSubmission &submission : submissions)
            submit(std::move(submission.record), submission.ticket);
        submissions.clear();
    }
};

} // namespace gatehouse::domain
