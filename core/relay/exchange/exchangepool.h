#pragma once

#include "relay/exchange/exchange.h"

#include <unordered_map>

namespace gatehouse::relay {

// The exchanges of one gateway thread. They are made once and used again; one that is retired is
// used again only after collect(), when nothing of it can be on the stack any more.
class ExchangePool
{
public:
    explicit ExchangePool(Context &context);
    ~ExchangePool();
    ExchangePool(const ExchangePool &) = delete;
    ExchangePool &operator=(const ExchangePool &) = delete;

    // Begins an exchange. It may have ended already when this function returns; then null.
    Exchange *start(ExchangeRequest request, Downstream &downstream);
    // Call it from the event loop, outside of any exchange.
    void collect();
    void receiptsArrived(const std::vector<quint64> &tickets);

    int running() const { return static_cast<int>(m_running.size()); }
    // Cuts off what is being served, for that reason.
    void shutDownAll(Shutdown why = Shutdown::Stop);

    std::vector<RunningRequest> snapshot() const;
    // False: no such request is being served.
    bool cancel(QByteArrayView requestId);

private:
    Context &m_context;
    quint64 m_lastTicket = 0;
    std::vector<std::unique_ptr<Exchange>> m_all;
    std::vector<Exchange *> m_free;
    std::vector<Exchange *> m_retired;
    std::unordered_map<quint64, Exchange *> m_running;
};

} // namespace gatehouse::relay
