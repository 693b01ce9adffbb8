#pragma once

#include "base/logrecord.h"
#include "storage/ledger/ledgerwriter.h"

#include <QHash>

#include <optional>

namespace gatehouse::storage {

// Tells each request in the log once it is stored: the event "request.finished", with the names that the
// ledger has for its columns. Lines are made in the writing thread, where requests come together, and
// not on any request's way. Off at first; then it costs nothing. Lives in the main thread.
class RequestLog
{
public:
    explicit RequestLog(LedgerWriter &ledger);
    ~RequestLog();
    RequestLog(const RequestLog &) = delete;
    RequestLog &operator=(const RequestLog &) = delete;

    void setOn(bool on);

private:
    LedgerWriter &m_ledger;
    int m_observer = -1; // -1: it is off
};

// Makes the lines; of one thread.
class RequestLines
{
public:
    // Empty for what is no request, such as a top-up.
    QByteArray lineOf(const domain::UsageRecord &record, base::LogFormat format);

private:
    std::optional<base::LogRecord> recordOf(const domain::UsageRecord &record);
    const QByteArray &cleaned(const QByteArray &text);

    // What redacted() made of texts that come again and again, such as the names of models.
    QHash<QByteArray, QByteArray> m_cleaned{};
    quint64 m_revision = 0; // of redacted(), that they are by
};

} // namespace gatehouse::storage
