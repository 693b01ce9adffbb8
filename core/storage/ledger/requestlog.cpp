#include "storage/ledger/requestlog.h"

#include "base/redaction.h"

#include <algorithm>
#include <utility>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

namespace {

using domain::UsageRecord;

bool isRequest(const UsageRecord &record)
{
    const bool isOfOne = record.kind == domain::RecordKind::Consumption
                         || record.kind == domain::RecordKind::Failure;
    return isOfOne && !record.requestId.isEmpty();
}

// One that was made here, and not named by a client.
bool isOwnId(const QByteArray &id)
{
    return id.size() <= 32 && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

void addUsage(base::LogRecord &line, const domain::Usage &usage)
{
    line.add("input"_L1, usage.input);
    line.add("cache_read"_L1, usage.cacheRead);
    line.add("cache_write"_L1, usage.cacheWrite);
    line.add("output"_L1, usage.output);
    line.add("reasoning"_L1, usage.reasoning);
    // What few requests have.
    const auto addRare = [&line](QLatin1StringView name, qint64 value) {
        if (value != 0)
            line.add(name, value);
    };
    addRare("cache_write_long"_L1, usage.cacheWriteLong);
    addRare("input_audio"_L1, usage.inputAudio);
    addRare("output_audio"_L1, usage.outputAudio);
    addRare("images"_L1, usage.images);
    addRare("characters"_L1, usage.characters);
}

} // namespace

RequestLog::RequestLog(LedgerWriter &ledger)
    : m_ledger(ledger)
{}

RequestLog::~RequestLog()
{
    setOn(false);
}

void RequestLog::setOn(bool on)
{
    if (on == (m_observer >= 0))
        return;
    if (!on) {
        m_ledger.removeObserver(m_observer);
        m_observer = -1;
        return;
    }
    m_observer = m_ledger.addObserver(
        [lines = std::make_shared<RequestLines>()](std::span<const LedgerEntry> stored) {
            const std::optional<base::LogFormat> format = base::installedLogFormat();
            if (!format || !base::lcRequests().isInfoEnabled())
                return;
            constexpr qsizetype mostAtOnce = 64 * 1024;
            QByteArray together;
            for (const LedgerEntry &entry : stored) {
                together += lines->lineOf(entry.record, *format);
                if (together.size() >= mostAtOnce) {
                    base::writeLogLines(together);
                    together.clear();
                }
            }
            base::writeLogLines(together);
        });
}

QByteArray RequestLines::lineOf(const UsageRecord &record, base::LogFormat format)
{
    const auto line = recordOf(record);
    return line ? line->line(format) : QByteArray();
}

std::optional<base::LogRecord> RequestLines::recordOf(const UsageRecord &record)
{
    if (!isRequest(record))
        return std::nullopt;
    base::LogRecord line(
        base::lcRequests().categoryName(), "request.finished"_L1, "A request has ended."_L1);
    if (isOwnId(record.requestId))
        line.add("request_id"_L1, record.requestId);
    else
        line.addForeign("request_id"_L1, record.requestId);
    if (record.trace && record.trace->parent)
        line.add("trace_id"_L1, record.trace->parent->traceId);
    line.add("created_at"_L1, record.createdAt);
    line.add("operation"_L1, cleaned(record.operation));
    line.add("model"_L1, cleaned(record.model));
    line.add("provider_model"_L1, cleaned(record.providerModel));
    line.add("user_id"_L1, record.userId.value);
    line.add("username"_L1, cleaned(record.username));
    line.add("token_id"_L1, record.tokenId.value);
    line.add("token_name"_L1, cleaned(record.tokenName));
    line.add("group_name"_L1, cleaned(record.group));
    line.add("channel_id"_L1, record.channelId.value);
    line.add("channel_key_id"_L1, record.channelKeyId);
    line.add("client"_L1, cleaned(record.client));
    line.add("client_address"_L1, cleaned(record.clientAddress));
    line.add("session"_L1, cleaned(record.session));
    line.addFlag("stream"_L1, record.stream);
    line.add("attempts"_L1, record.attempts);
    line.add("http_status"_L1, record.httpStatus);
    line.add("end_reason"_L1, static_cast<int>(record.end));
    line.add("error_code"_L1, record.errorCode);
    line.add("finish_reason"_L1, cleaned(record.finishReason));
    line.add("elapsed"_L1, record.elapsedMilliseconds);
    line.add("first_byte"_L1, record.firstByteMilliseconds);
    line.add("cache_result"_L1, static_cast<int>(record.cache));
    addUsage(line, record.usage);
    line.add("cost"_L1, record.cost.nanoDollars);
    line.add("charge"_L1, record.charge.units);
    line.addFlag("unpriced"_L1, record.unpriced);
    return line;
}

const QByteArray &RequestLines::cleaned(const QByteArray &text)
{
    constexpr qsizetype mostKept = 1'000;
    const quint64 revision = base::redactionRevision();
    if (std::exchange(m_revision, revision) != revision)
        m_cleaned.clear();
    const auto known = m_cleaned.constFind(text);
    if (known != m_cleaned.constEnd())
        return *known;
    if (m_cleaned.size() >= mostKept)
        m_cleaned.clear();
    return *m_cleaned.insert(text, base::redacted(QString::fromUtf8(text)).toUtf8());
}

} // namespace gatehouse::storage
