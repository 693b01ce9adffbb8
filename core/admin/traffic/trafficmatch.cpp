#include "admin/traffic/trafficmatch.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::FilterTerm;
using Comparison = FilterTerm::Comparison;

namespace {

bool compares(double left, Comparison comparison, double right)
{
    switch (comparison) {
    case Comparison::Less:
        return left < right;
    case Comparison::LessOrEqual:
        return left <= right;
    case Comparison::Greater:
        return left > right;
    case Comparison::GreaterOrEqual:
        return left >= right;
    case Comparison::Is:
        break;
    }
    return std::abs(left - right) < 0.5;
}

// As in the ledger: a text without wildcards must be the whole.
bool isText(const QByteArray &text, const QString &value)
{
    const QString whole = QString::fromUtf8(text);
    const bool pattern = value.contains(u'*') || value.contains(u'?');
    return pattern ? domain::matchesPattern(whole, value)
                   : whole.compare(value, Qt::CaseInsensitive) == 0;
}

bool isNumbered(qint64 id, const QString &value)
{
    bool isNumber = false;
    const qint64 number = value.startsWith(u'#') ? value.sliced(1).toLongLong(&isNumber) : 0;
    return isNumber && number == id;
}

// Absent: the key has no texts.
std::optional<bool> matchesText(const TrafficLine &line, const QString &key, const QString &value)
{
    const domain::UsageRecord &record = line.record;
    if (key == "model"_L1)
        return isText(record.model, value) || isText(record.providerModel, value);
    if (key == "channel"_L1)
        return isNumbered(record.channelId.value, value)
               || isText(line.channelName.toUtf8(), value);
    if (key == "tried"_L1) {
        // Of those that are over no name is at hand.
        const std::vector<domain::AttemptNote> attempts = line.attempts();
        return isText(line.channelName.toUtf8(), value)
               || std::any_of(attempts.begin(), attempts.end(), [&](const auto &attempt) {
                      return isNumbered(attempt.channel.value, value);
                  });
    }
    if (key == "token"_L1)
        return isNumbered(record.tokenId.value, value) || isText(record.tokenName, value);
    if (key == "user"_L1)
        return isNumbered(record.userId.value, value) || isText(record.username, value);
    if (key == "client"_L1)
        return isText(record.client, value);
    if (key == "operation"_L1)
        return isText(record.operation, value);
    if (key == "session"_L1)
        return isText(record.session, value);
    if (key == "id"_L1)
        return isText(record.requestId, value);
    if (key == "ip"_L1)
        return isText(record.clientAddress, value);
    if (key == "error"_L1)
        return isText(record.errorCode, value);
    if (key == "group"_L1)
        return isText(record.group, value);
    if (key == "cache"_L1)
        return value.compare(QLatin1StringView(domain::nameOf(record.cache)), Qt::CaseInsensitive)
               == 0;
    return std::nullopt;
}

// Absent: the key has no numbers, or the value is none.
std::optional<bool>
matchesNumber(const domain::UsageRecord &record, const FilterTerm &term, const QString &value)
{
    constexpr double nanoDollars = 1e9;
    const std::optional<double> number = domain::filterNumber(value);
    if (!number)
        return std::nullopt;
    const auto holds = [&](qint64 present, double scale = 1) {
        return compares(static_cast<double>(present), term.comparison, *number * scale);
    };
    if (term.key == "cost"_L1)
        return holds(record.cost.nanoDollars, nanoDollars);
    if (term.key == "in"_L1)
        return holds(record.usage.input);
    if (term.key == "cached"_L1)
        return holds(record.usage.cacheRead);
    if (term.key == "out"_L1)
        return holds(record.usage.output);
    if (term.key == "ttft"_L1)
        return record.firstByteMilliseconds >= 0 && holds(record.firstByteMilliseconds);
    if (term.key == "duration"_L1)
        return holds(record.elapsedMilliseconds);
    if (term.key == "attempts"_L1)
        return holds(record.attempts);
    if (term.key == "key"_L1)
        return holds(record.channelKeyId);
    return std::nullopt;
}

std::optional<bool>
matchesFlag(const domain::UsageRecord &record, const QString &key, const QString &value)
{
    const QString word = value.toLower();
    const bool wanted = word == "yes"_L1 || word == "true"_L1 || word == "1"_L1;
    if (key == "stream"_L1)
        return record.stream == wanted;
    if (key == "retried"_L1)
        return (record.attempts > 1) == wanted;
    if (key == "priced"_L1)
        return !record.unpriced == wanted;
    if (key == "bookmarked"_L1)
        return !wanted; // that takes a line of the ledger
    return std::nullopt;
}

bool matchesAnywhere(const TrafficLine &line, const QString &value)
{
    const domain::UsageRecord &record = line.record;
    const QByteArrayList texts{record.model,
                               record.providerModel,
                               record.tokenName,
                               record.username,
                               record.client,
                               record.errorCode,
                               record.session,
                               record.requestId,
                               line.channelName.toUtf8()};
    return std::any_of(texts.begin(), texts.end(), [&value](const QByteArray &text) {
        return domain::matchesPattern(QString::fromUtf8(text), value);
    });
}

bool matchesValue(const TrafficLine &line, const FilterTerm &term, const QString &value)
{
    if (term.key == "status"_L1)
        return value.compare("running"_L1, Qt::CaseInsensitive) == 0;
    if (const auto text = matchesText(line, term.key, value))
        return *text;
    if (const auto number = matchesNumber(line.record, term, value))
        return *number;
    return matchesFlag(line.record, term.key, value).value_or(true);
}

bool matchesTerm(const TrafficLine &line, const FilterTerm &term)
{
    if (term.value.isEmpty() || term.key == "since"_L1)
        return true;
    if (term.key == "until"_L1)
        return false;
    if (term.key.isEmpty())
        return matchesAnywhere(line, term.value) != term.excluded;
    const QStringList values = domain::alternatives(term);
    const bool any = std::any_of(values.begin(), values.end(), [&](const QString &value) {
        return matchesValue(line, term, value);
    });
    return any != term.excluded;
}

} // namespace

bool matches(const TrafficLine &running, const domain::FilterQuery &filter)
{
    return std::all_of(filter.terms.begin(),
                       filter.terms.end(),
                       [&running](const FilterTerm &term) { return matchesTerm(running, term); });
}

} // namespace gatehouse::admin
