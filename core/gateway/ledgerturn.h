#pragma once

#include "domain/usagesink.h"

namespace gatehouse::gateway {

// Collects what a gateway thread puts into the ledger and hands over several at once, which the
// ledger's thread is woken for once and stores in one commit. Lives in the gateway thread.
class LedgerTurn final : public domain::UsageSink
{
public:
    explicit LedgerTurn(domain::UsageSink &ledger)
        : m_ledger(ledger)
    {}
    ~LedgerTurn() override { handOver(); }

    bool isHealthy() const override { return m_isPatient || m_ledger.isHealthy(); }
    // For the moment in which the ledger's thread may not have run either.
    void setPatient(bool on) { m_isPatient = on; }
    void submit(domain::UsageRecord record, domain::ReceiptTicket ticket) override
    {
        m_collected.emplace_back(std::move(record), ticket);
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
    std::vector<domain::UsageSubmission> m_collected;
    qint64 m_awaited = 0;
    bool m_isPatient = false;
};

} // namespace gatehouse::gateway
