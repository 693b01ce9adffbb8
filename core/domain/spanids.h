#pragma once

#include <QByteArray>

namespace gatehouse::domain {

// The ids of one request's trace and of its spans, in hexadecimal digits. They follow from the id of the
// request, so that whoever forwards a request and whoever tells of it later say the same. Of a request
// without an id they are random.
class SpanIds
{
public:
    explicit SpanIds(const QByteArray &requestId);

    // Of a request that is in no trace of its client's.
    QByteArray trace() const;
    QByteArray server() const;
    // Counted from 0, with those that could not be sent.
    QByteArray attempt(size_t number) const;

private:
    QByteArray idOf(const QByteArray &of, qsizetype bytes) const;

    QByteArray m_seed;
};

} // namespace gatehouse::domain
