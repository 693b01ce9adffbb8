#pragma once

#include "domain/usagesink.h"
#include "gateway/turnclock.h"

namespace gatehouse::gateway {

// Collects what a gateway thread puts into the ledger and hands over several at once, which the
// ledger's thread is woken for once and stores in one commit. Lives in the gateway thread.
class LedgerTurn final : public domain::UsageSink
{
public:
    LedgerTurn(domain::UsageSink &ledger, const TurnClock &clock)
        : m_ledger(ledger)
        , m_clock(clock)
    {}
    ~LedgerTurn() override { handOver(); }

    // After a pause what waited all the while is no sign that nothing can be stored: the ledger's
    // thread stood still as well. That it failed to store something is.
    bool isHealthy() const override
    {
        return m_ledger.isHealthy() || (m_clock.hasPaused() && !m_ledger.isFailing());
    }
    bool isFailing() const override { return m_ledger.isFailing(); }
    void submit(domain::UsageRecord record, domain::ReceiptTicket ticket) override
    {
        m_collected.push_back({std::move(record), ticket});
        // Nobody waits for this one: its client may be answered within this turn.
        if (ticket.receiver < 0)
            handOver();
        else
            ++m_awaited;
    }
    bool isEmpty() const { return m_collected.empty(); }
    void handOver()
    {
        if (!m_collected.empty())
            m_ledger.submitAll(m_collected);
    }

    // How many receipts have not come yet.
    qint64 awaited() const { return m_awaited; }
    void receiptsArrived(size_t count) { m_awaited -= static_cast<qint64>(count); }

private:
    domain::UsageSink &m_ledger;
    const TurnClock &m_clock;
    std::vector<domain::UsageSubmission> m_collected;
    qint64 m_awaited = 0;
};

} // namespace gatehouse::gateway
