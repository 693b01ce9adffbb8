#include "admin/traffic/traffic.h"

#include "domain/filterquery.h"
#include "protocol/operation.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

QString TrafficLine::method() const
{
    return u"POST"_s;
}

QString TrafficLine::path() const
{
    const auto operation = protocol::operationNamed(record.operation);
    return operation ? QString::fromUtf8(protocol::usualPath(*operation, record.model)) : QString();
}

std::optional<double> TrafficLine::tokensPerSecond() const
{
    const qint64 milliseconds = record.elapsedMilliseconds - record.firstByteMilliseconds;
    constexpr qint64 fewestTokens = 2;
    if (!record.stream || record.firstByteMilliseconds < 0 || milliseconds <= 0
        || record.usage.output < fewestTokens)
        return std::nullopt;
    return static_cast<double>(record.usage.output) * 1000.0 / static_cast<double>(milliseconds);
}

void TrafficTotals::add(const domain::UsageRecord &record)
{
    const domain::Outcome outcome = domain::outcomeOf(record.httpStatus, record.end);
    ++requests;
    if (outcome == domain::Outcome::ClientError || outcome == domain::Outcome::ServerError)
        ++errors;
    inputTokens += record.usage.input;
    cachedTokens += record.usage.cacheRead;
    outputTokens += record.usage.output;
    cost.nanoDollars += record.cost.nanoDollars;
}

void TrafficTotals::add(const TrafficTotals &part)
{
    requests += part.requests;
    errors += part.errors;
    inputTokens += part.inputTokens;
    cachedTokens += part.cachedTokens;
    outputTokens += part.outputTokens;
    cost.nanoDollars += part.cost.nanoDollars;
    isWhole = isWhole && part.isWhole;
}

TrafficTotals totalsOf(const std::vector<TrafficLine> &lines)
{
    TrafficTotals totals;
    for (const TrafficLine &line : lines) {
        if (!line.running)
            totals.add(line.record);
    }
    return totals;
}

} // namespace gatehouse::admin
