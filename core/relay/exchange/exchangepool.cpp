#include "relay/exchange/exchangepool.h"

namespace gatehouse::relay {

ExchangePool::ExchangePool(Context &context)
    : m_context(context)
{}

ExchangePool::~ExchangePool() = default;

Exchange *ExchangePool::start(ExchangeRequest request, Downstream &downstream)
{
    if (m_free.empty()) {
        m_all.push_back(std::make_unique<Exchange>(m_context, [this](Exchange &exchange) {
            m_running.erase(exchange.ticket());
            m_retired.push_back(&exchange);
        }));
        m_free.push_back(m_all.back().get());
    }
    Exchange *exchange = m_free.back();
    m_free.pop_back();
    const quint64 ticket = ++m_lastTicket;
    m_running.emplace(ticket, exchange);
    exchange->start(std::move(request), downstream, ticket);
    return m_running.contains(ticket) ? exchange : nullptr;
}

void ExchangePool::collect()
{
    for (Exchange *exchange : m_retired)
        exchange->giveMemoryBack();
    m_free.insert(m_free.end(), m_retired.begin(), m_retired.end());
    m_retired.clear();
}

void ExchangePool::receiptsArrived(const std::vector<quint64> &tickets)
{
    for (const quint64 ticket : tickets) {
        if (const auto found = m_running.find(ticket); found != m_running.end())
            found->second->receiptArrived();
    }
}

std::vector<RunningRequest> ExchangePool::snapshot() const
{
    std::vector<RunningRequest> all;
    for (const auto &[ticket, exchange] : m_running) {
        if (std::optional<RunningRequest> running = exchange->running())
            all.push_back(std::move(*running));
    }
    return all;
}

bool ExchangePool::cancel(QByteArrayView requestId)
{
    for (const auto &[ticket, exchange] : m_running) {
        if (exchange->requestId() != requestId)
            continue;
        const bool isRunning = exchange->running().has_value();
        exchange->cancel(); // takes it out of the list
        return isRunning;
    }
    return false;
}

void ExchangePool::shutDownAll(Shutdown why)
{
    std::vector<Exchange *> running;
    running.reserve(m_running.size());
    for (const auto &[ticket, exchange] : m_running)
        running.push_back(exchange);
    for (Exchange *exchange : running)
        exchange->shutDown(why);
}

} // namespace gatehouse::relay
