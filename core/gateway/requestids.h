#pragma once

#include "base/clock.h"

#include <QByteArray>

namespace gatehouse::gateway {

// Makes the ids of one thread's requests: 26 characters that sort by time and are never given out
// twice, neither by two threads nor by two runs of the program. They are always ours: the ledger
// knows a request by its id, so that a client must not choose it.
class RequestIds
{
public:
    explicit RequestIds(const base::Clock &clock);
    QByteArray next();

private:
    const base::Clock &m_clock;
    quint64 m_random = 0;
    quint64 m_count = 0;
};

} // namespace gatehouse::gateway
