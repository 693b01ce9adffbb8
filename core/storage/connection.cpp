#include "storage/connection.h"

#include "base/logging.h"

namespace gatehouse::storage {

using base::Result;

Result<Database *> Connection::database()
{
    if (m_database)
        return m_database.get();
    const auto now = std::chrono::steady_clock::now();
    if (now < m_restEnds)
        return base::fail(m_error);

    Result<std::unique_ptr<Database>> opened = Database::open(m_options, m_access);
    if (opened) {
        m_database = std::move(*opened);
        m_rest = std::chrono::milliseconds(0);
        return m_database.get();
    }
    constexpr std::chrono::milliseconds shortest{100};
    constexpr std::chrono::milliseconds longest{2'000};
    m_error = opened.error();
    m_rest = std::clamp(m_rest * 2, shortest, longest);
    m_restEnds = std::chrono::steady_clock::now() + m_rest;
    qCWarning(base::lcStorage).noquote() << m_error.message.english() << m_error.detail;
    return base::fail(m_error);
}

void Connection::closeIfBroken()
{
    if (!m_database)
        return;
    switch (m_database->fault()) {
    case Fault::Unreachable:
    case Fault::ReadOnly:
    case Fault::Corrupt:
        m_database.reset();
        break;
    default:
        m_database->clearFault();
        break;
    }
}

} // namespace gatehouse::storage
