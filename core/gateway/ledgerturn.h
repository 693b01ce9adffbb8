#pragma once

#include "domain/usagesink.h"

namespace gatehouse::gateway {

// Collects what one turn of a gateway thread's event loop puts into the ledger and hands it over at
// once: the ledger's thread is woken once, and stores it in one commit. Lives in the gateway thread.
class LedgerTurn final : public domain::UsageSink
{
public:
    explicit LedgerTurn(domain::UsageSink &ledger)
        : m_ledger(ledger)
    {}
    ~LedgerTurn() override { handOver(); }

    bool isHealthy() const override { return m_ledger.isHealthy(); }
    void submit(domain::UsageRecord record, domain::ReceiptTicket ticket) override
    {
        m_collected.push_back({std::move(record), ticket});
        // Nobody waits for this one: its client may be answered within this turn.
        if (ticket.receiver < 0)
            handOver();
    }
    // The turn is over: call it before the thread waits.
    void handOver()
    {
        if (!m_collected.empty())
            m_ledger.submitAll(m_collected);
    }

private:
    domain::UsageSink &m_ledger;
    std::vector<domain::UsageSubmission> m_collected;
};

} // namespace gatehouse::gateway
