#include "admin/integrations/otlpmeasures.h"

#include "domain/trafficsums.h"

#include <QJsonDocument>

#include <algorithm>
#include <span>
#include <tuple>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::Channel;
using domain::UsageRecord;

namespace {

constexpr double microsecondsInOneSecond = 1'000'000;
constexpr double millisecondsInOneSecond = 1'000;

// The buckets that the conventions advise, in seconds and in tokens.
constexpr std::array durationBounds{
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
constexpr std::array tokenBounds{1.0,
                                 4.0,
                                 16.0,
                                 64.0,
                                 256.0,
                                 1'024.0,
                                 4'096.0,
                                 16'384.0,
                                 65'536.0,
                                 262'144.0,
                                 1'048'576.0,
                                 4'194'304.0,
                                 16'777'216.0,
                                 67'108'864.0};
constexpr std::array firstTokenBounds{
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0};
constexpr std::array perTokenBounds{
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5};

} // namespace

struct OtlpMeasures::Description
{
    const char *name = nullptr;
    const char *unit = nullptr;
    const char *text = nullptr;
    std::span<const double> bounds{};
};

// In the order of the instruments.
const std::array<OtlpMeasures::Description, OtlpMeasures::instruments> &OtlpMeasures::descriptions()
{
    static const std::array<Description, instruments> all{{
        {"gen_ai.client.operation.duration",
         "s",
         "How long attempts at providers took.",
         durationBounds},
        {"gen_ai.client.token.usage",
         "{token}",
         "Tokens of requests that providers answered.",
         tokenBounds},
        {"gen_ai.client.operation.time_to_first_chunk",
         "s",
         "Time until the first part of a provider's stream.",
         durationBounds},
        {"gen_ai.server.request.duration",
         "s",
         "How long requests took, with all attempts.",
         durationBounds},
        {"gen_ai.server.time_to_first_token",
         "s",
         "Time until the first part of an answer, of requests that succeeded.",
         firstTokenBounds},
        {"gen_ai.server.time_per_output_token",
         "s",
         "Time for each token after the first, of streams that succeeded.",
         perTokenBounds},
    }};
    return all;
}

bool OtlpMeasures::Series::operator<(const Series &other) const
{
    const auto members = [](const Series &of) {
        return std::tie(of.isOverflow,
                        of.channel,
                        of.model,
                        of.operation,
                        of.errorType,
                        of.tokenType,
                        of.provider,
                        of.address,
                        of.port);
    };
    return members(*this) < members(other);
}

QJsonArray OtlpMeasures::Series::attributes() const
{
    OtlpAttributes all;
    if (isOverflow) {
        all.addTruth(u"otel.metric.overflow"_s, true);
        return all.all();
    }
    all.addText(u"gen_ai.operation.name"_s, operation);
    all.addText(u"gen_ai.provider.name"_s, provider);
    all.addText(u"gen_ai.request.model"_s, model);
    all.addText(u"gen_ai.token.type"_s, tokenType);
    all.addText(u"server.address"_s, address);
    if (port > 0)
        all.addNumber(u"server.port"_s, port);
    if (channel > 0)
        all.addNumber(u"gatehouse.channel.id"_s, channel);
    all.addText(u"error.type"_s, errorType);
    return all.all();
}

void OtlpMeasures::begin(qint64 now)
{
    const std::lock_guard lock(m_mutex);
    m_begunAt = now;
    for (auto &histograms : m_histograms)
        histograms.clear();
}

void OtlpMeasures::forgetChannels()
{
    const std::lock_guard lock(m_mutex);
    m_providers.clear();
}

// Of an attempt at a provider, but for the model and the error.
OtlpMeasures::Series OtlpMeasures::seriesOf(const UsageRecord &record, const Channel *channel)
{
    Series series;
    if (channel) {
        const auto [found, isNew] = m_providers.try_emplace(channel->id.value);
        if (isNew) {
            found->second.provider = conventionalProvider(channel->type);
            found->second.channel = channel->id.value;
            if (const std::optional<OtlpServer> server = otlpServerOf(*channel)) {
                found->second.address = server->address;
                found->second.port = server->port;
            }
        }
        series = found->second;
    }
    series.operation = conventionalOperation(record.operation);
    return series;
}

void OtlpMeasures::note(const UsageRecord &record, const ChannelOf &channelOf)
{
    const std::lock_guard lock(m_mutex);
    noteAttempts(record, channelOf);
    noteRequest(record, channelOf(record.channelId));
}

void OtlpMeasures::noteAttempts(const UsageRecord &record, const ChannelOf &channelOf)
{
    const std::vector<AttemptNote> attempts = domain::attemptsFrom(record.attemptLog);
    for (size_t i = 0; i < attempts.size(); ++i) {
        const AttemptNote &attempt = attempts[i];
        if (attempt.endedAt <= attempt.startedAt)
            continue; // it could not be sent
        const bool isLast = i + 1 == attempts.size();
        const Channel *channel = channelOf(attempt.channel);
        Series series = seriesOf(record, channel);
        series.model = sentModel(record, channel, isLast);
        if (record.stream && attempt.begunAt >= attempt.startedAt) {
            add(TimeToFirstChunk,
                series,
                double(attempt.begunAt - attempt.startedAt) / microsecondsInOneSecond);
        }
        if (isLast && record.usage.source != domain::UsageSource::None) {
            const auto addTokens = [&](const QByteArray &type, qint64 tokens) {
                if (tokens <= 0)
                    return;
                series.tokenType = type;
                add(TokenUsage, series, double(tokens));
            };
            addTokens("input", record.usage.input);
            addTokens("output", record.usage.output);
            series.tokenType.clear();
        }
        series.errorType = attemptErrorType(attempt);
        add(OperationDuration,
            series,
            double(attempt.endedAt - attempt.startedAt) / microsecondsInOneSecond);
    }
}

void OtlpMeasures::noteRequest(const UsageRecord &record, const Channel *channel)
{
    // What no channel was found for has whatever name its client made up.
    const Series ofChannel = seriesOf(record, channel);
    Series series{.operation = ofChannel.operation,
                  .provider = ofChannel.provider,
                  .model = record.channelId.isNull() ? QString() : QString::fromUtf8(record.model)};
    series.errorType = requestErrorType(record);
    add(RequestDuration, series, double(record.elapsedMilliseconds) / millisecondsInOneSecond);
    if (!series.errorType.isEmpty() || record.firstByteMilliseconds < 0)
        return;
    add(TimeToFirstToken, series, double(record.firstByteMilliseconds) / millisecondsInOneSecond);
    const qint64 later = record.usage.output - 1;
    if (record.stream && later > 0) {
        const qint64 time =
            std::max<qint64>(0, record.elapsedMilliseconds - record.firstByteMilliseconds);
        add(TimePerOutputToken, series, double(time) / millisecondsInOneSecond / double(later));
    }
}

void OtlpMeasures::add(Instrument instrument, const Series &series, double value)
{
    auto &histograms = m_histograms.at(instrument);
    auto found = histograms.find(series);
    if (found == histograms.end()) {
        const bool hasRoom = histograms.size() < mostSeries;
        found = histograms.try_emplace(hasRoom ? series : Series{.isOverflow = true}).first;
    }
    const std::span<const double> bounds = descriptions().at(instrument).bounds;
    Histogram &histogram = found->second;
    histogram.counts.resize(bounds.size() + 1);
    const auto bound = std::lower_bound(bounds.begin(), bounds.end(), value);
    ++histogram.counts[static_cast<size_t>(bound - bounds.begin())];
    ++histogram.count;
    histogram.sum += value;
}

QJsonArray OtlpMeasures::points(Instrument instrument,
                                const Histograms &histograms,
                                qint64 begunAt,
                                qint64 now)
{
    constexpr qint64 microsecondsInMillisecond = 1'000;
    const std::span<const double> bounds = descriptions().at(instrument).bounds;
    QJsonArray explicitBounds;
    for (const double bound : bounds)
        explicitBounds.append(bound);
    QJsonArray all;
    for (const auto &[series, histogram] : histograms) {
        QJsonArray counts;
        for (const quint64 count : histogram.counts)
            counts.append(QString::number(count));
        all.append(QJsonObject{
            {u"attributes"_s, series.attributes()},
            {u"startTimeUnixNano"_s, otlpNanoseconds(begunAt * microsecondsInMillisecond)},
            {u"timeUnixNano"_s, otlpNanoseconds(now * microsecondsInMillisecond)},
            {u"count"_s, QString::number(histogram.count)},
            {u"sum"_s, histogram.sum},
            {u"bucketCounts"_s, counts},
            {u"explicitBounds"_s, explicitBounds}});
    }
    return all;
}

QByteArray OtlpMeasures::body(const OtlpResource &resource, qint64 now) const
{
    constexpr int cumulative = 2; // the number of the protocol
    std::array<Histograms, instruments> counted;
    qint64 begunAt = 0;
    {
        const std::lock_guard lock(m_mutex);
        counted = m_histograms;
        begunAt = m_begunAt;
    }
    QJsonArray metrics;
    for (size_t i = 0; i < instruments; ++i) {
        if (counted.at(i).empty())
            continue;
        const Description &description = descriptions().at(i);
        const QJsonArray values = points(static_cast<Instrument>(i), counted.at(i), begunAt, now);
        metrics.append(QJsonObject{
            {u"name"_s, QString::fromUtf8(description.name)},
            {u"unit"_s, QString::fromUtf8(description.unit)},
            {u"description"_s, QString::fromUtf8(description.text)},
            {u"histogram"_s,
             QJsonObject{{u"aggregationTemporality"_s, cumulative}, {u"dataPoints"_s, values}}}});
    }
    if (metrics.isEmpty())
        return {};
    const QJsonObject scopeMetrics{{u"scope"_s, otlpScopeJson()}, {u"metrics"_s, metrics}};
    const QJsonObject resourceMetrics{{u"resource"_s, otlpResourceJson(resource)},
                                      {u"scopeMetrics"_s, QJsonArray{scopeMetrics}}};
    return QJsonDocument(QJsonObject{{u"resourceMetrics"_s, QJsonArray{resourceMetrics}}})
        .toJson(QJsonDocument::Compact);
}

QByteArray testMetricsBody(const OtlpResource &resource)
{
    const QJsonObject resourceMetrics{{u"resource"_s, otlpResourceJson(resource)},
                                      {u"scopeMetrics"_s, QJsonArray()}};
    return QJsonDocument(QJsonObject{{u"resourceMetrics"_s, QJsonArray{resourceMetrics}}})
        .toJson(QJsonDocument::Compact);
}

} // namespace gatehouse::admin
