#include "admin/integrations/attemptcounters.h"

#include "domain/attemptnote.h"
#include "protocol/operation.h"

#include <iterator>

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::RecordKind;
using domain::UsageRecord;

namespace {

constexpr double secondsInMillisecond = 1e-3;
constexpr double secondsInMicrosecond = 1e-6;

// Of what would have a place too many.
const QByteArray restName("__other__");

quint64 &boundedIn(std::map<QByteArray, quint64> &counts, const QByteArray &name, size_t most)
{
    return counts[counts.size() < most || counts.contains(name) ? name : restName];
}

QByteArray protocolOf(const QByteArray &operation)
{
    const auto known = protocol::operationNamed(operation);
    if (!known)
        return {};
    switch (protocol::dialectOf(*known)) {
    case domain::Dialect::Anthropic:
        return "anthropic";
    case domain::Dialect::Gemini:
        return "gemini";
    case domain::Dialect::OpenAi:
        break;
    }
    return "openai";
}

// Whose limit keeps a request from being served; empty: none.
QByteArray limitOf(const QByteArray &code)
{
    struct Limit
    {
        QByteArrayView code{};
        QByteArrayView scope{};
    };
    constexpr std::array<Limit, 5> limits{{{"concurrency_limit_exceeded", "token_concurrency"},
                                           {"rate_limit_exceeded", "token_requests"},
                                           {"token_rate_limit_exceeded", "token_tokens"},
                                           {"channel_limit_reached", "channel"},
                                           {"provider_rate_limited", "provider"}}};
    const auto found = std::find_if(
        limits.begin(), limits.end(), [&code](const Limit &limit) { return limit.code == code; });
    return found == limits.end() ? QByteArray() : found->scope.toByteArray();
}

QByteArray attemptCode(const AttemptNote &attempt)
{
    return attempt.status > 0 ? QByteArray::number(attempt.status) : attempt.errorCode;
}

} // namespace

void AttemptCounters::count(std::span<const storage::LedgerEntry> stored)
{
    if (!m_isOn)
        return;
    const std::lock_guard lock(m_mutex);
    for (const storage::LedgerEntry &entry : stored) {
        const UsageRecord &record = entry.record;
        if (record.kind != RecordKind::Consumption && record.kind != RecordKind::Failure)
            continue;
        countAnswer(record);
        countAttempts(record);
    }
}

void AttemptCounters::countAnswer(const UsageRecord &record)
{
    AnswerTotal &total = m_answers[record.operation];
    ++total.codes[record.httpStatus];
    total.elapsed.add(double(std::max<qint64>(0, record.elapsedMilliseconds))
                      * secondsInMillisecond);
    if (const QByteArray scope = limitOf(record.errorCode); !scope.isEmpty())
        ++m_rest.rateLimited[scope];
}

void AttemptCounters::countAttempts(const UsageRecord &record)
{
    const std::vector<AttemptNote> attempts = domain::attemptsFrom(record.attemptLog);
    if (attempts.empty()) {
        if (!record.errorCode.isEmpty())
            ++boundedIn(m_rest.rejected, record.errorCode, mostReasons);
        return;
    }
    m_rest.overhead.add(double(std::max<qint64>(0, attempts.front().startedAt))
                        * secondsInMicrosecond);
    if (const auto affinity = static_cast<size_t>(attempts.back().affinity); affinity > 0)
        ++m_rest.affinity.at(affinity - 1);
    for (size_t i = 0; i < attempts.size(); ++i) {
        const AttemptNote &attempt = attempts[i];
        const bool isLast = i + 1 == attempts.size();
        AttemptTotal &total = placeOf(attempt.channel, record.model);
        ++boundedIn(total.codes, attemptCode(attempt), mostReasons);
        if (attempt.errorCode.isEmpty() && attempt.endedAt > attempt.startedAt)
            total.elapsed.add(double(attempt.endedAt - attempt.startedAt) * secondsInMicrosecond);
        if (isLast)
            continue;
        const Place place{attempt.channel.value, attemptCode(attempt)};
        const bool hasRoom = m_retries.size() < mostReasons || m_retries.contains(place);
        ++m_retries[hasRoom ? place : Place(0, restName)];
    }
    const qint64 later = record.usage.output - 1;
    const qint64 time = record.elapsedMilliseconds - record.firstByteMilliseconds;
    const bool isWhole =
        domain::outcomeOf(record.httpStatus, record.end) == domain::Outcome::Ok && record.stream;
    if (isWhole && record.firstByteMilliseconds >= 0 && later > 0 && time >= 0) {
        placeOf(record.channelId, record.model)
            .perToken.add(double(time) * secondsInMillisecond / double(later));
    }
}

AttemptTotal &AttemptCounters::placeOf(domain::ChannelId channel, const QByteArray &model)
{
    const Place place{channel.value, model};
    const bool hasRoom = m_attempts.size() < mostPlaces || m_attempts.contains(place);
    return m_attempts[hasRoom ? place : Place(0, restName)];
}

AttemptTotals AttemptCounters::totals() const
{
    const std::lock_guard lock(m_mutex);
    AttemptTotals totals = m_rest;
    for (const auto &[operation, total] : m_answers) {
        totals.answers.push_back(total);
        totals.answers.back().protocol = protocolOf(operation);
        totals.answers.back().route = operation;
    }
    for (const auto &[place, total] : m_attempts) {
        totals.attempts.push_back(total);
        totals.attempts.back().channel = {place.first};
        totals.attempts.back().model = place.second;
    }
    for (const auto &[place, count] : m_retries)
        totals.retries.push_back({{place.first}, place.second, count});
    return totals;
}

} // namespace gatehouse::admin
