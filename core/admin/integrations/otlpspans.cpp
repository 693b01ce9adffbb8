#include "admin/integrations/otlpspans.h"

#include "domain/attemptnote.h"
#include "domain/spanids.h"
#include "domain/trafficsums.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::Channel;
using domain::Outcome;
using domain::UsageRecord;

namespace {

// The numbers of the protocol.
constexpr int internalKind = 1;
constexpr int serverKind = 2;
constexpr int clientKind = 3;
constexpr int errorStatus = 2;

// Of a span's flags, above those of its trace: the parent is known to be here, or elsewhere.
constexpr int parentIsKnown = 0x100;
constexpr int parentIsRemote = 0x200;

constexpr qint64 microsecondsOf(qint64 milliseconds)
{
    return milliseconds * 1'000;
}

QString spanName(const QByteArray &operation, const QString &model)
{
    const QString name = QString::fromUtf8(operation);
    return model.isEmpty() ? name : QString(name + u' ' + model);
}

void addUsage(OtlpAttributes &attributes, const UsageRecord &record)
{
    const domain::Usage &usage = record.usage;
    if (usage.source == domain::UsageSource::None)
        return;
    attributes.addNumber(u"gen_ai.usage.input_tokens"_s, usage.input);
    attributes.addNumber(u"gen_ai.usage.output_tokens"_s, usage.output);
    const auto addUnlessZero = [&attributes](const QString &key, qint64 tokens) {
        if (tokens > 0)
            attributes.addNumber(key, tokens);
    };
    addUnlessZero(u"gen_ai.usage.cache_read.input_tokens"_s, usage.cacheRead);
    addUnlessZero(u"gen_ai.usage.cache_creation.input_tokens"_s,
                  usage.cacheWrite + usage.cacheWriteLong);
    addUnlessZero(u"gen_ai.usage.reasoning.output_tokens"_s, usage.reasoning);
}

void addServer(OtlpAttributes &attributes, const Channel &channel)
{
    if (const std::optional<OtlpServer> server = otlpServerOf(channel)) {
        attributes.addText(u"server.address"_s, server->address);
        attributes.addNumber(u"server.port"_s, server->port);
    }
}

// What the client asked for beside the model.
void addParameters(OtlpAttributes &attributes, const UsageRecord &record)
{
    attributes.addTruth(u"gen_ai.request.stream"_s, record.stream);
    if (!record.trace)
        return;
    const auto addNumber = [&attributes](const QString &key, std::optional<qint64> value) {
        if (value)
            attributes.addNumber(key, *value);
    };
    const auto addFraction = [&attributes](const QString &key, std::optional<double> value) {
        if (value)
            attributes.addFraction(key, *value);
    };
    addNumber(u"gen_ai.request.max_tokens"_s, record.trace->maxOutputTokens);
    const domain::RequestParameters *parameters = record.trace->parameters.get();
    if (!parameters)
        return;
    addFraction(u"gen_ai.request.temperature"_s, parameters->temperature);
    addFraction(u"gen_ai.request.top_p"_s, parameters->topP);
    addNumber(u"gen_ai.request.top_k"_s, parameters->topK);
    addNumber(u"gen_ai.request.seed"_s, parameters->seed);
    if (parameters->choices != 1) // the conventions leave out the usual one
        addNumber(u"gen_ai.request.choice.count"_s, parameters->choices);
    attributes.addTexts(u"gen_ai.request.stop_sequences"_s, parameters->stopSequences);
}

// What the provider said of its answer.
void addAnswer(OtlpAttributes &attributes, const UsageRecord &record)
{
    attributes.addTexts(u"gen_ai.response.finish_reasons"_s, {record.finishReason});
    if (!record.trace)
        return;
    attributes.addText(u"gen_ai.response.id"_s, record.trace->responseId);
    attributes.addText(u"gen_ai.response.model"_s, record.trace->responseModel);
}

QJsonObject attemptSpan(const UsageRecord &record,
                        const AttemptNote &attempt,
                        const Channel *channel,
                        bool isLast)
{
    constexpr double microsecondsInSecond = 1'000'000;
    const QByteArray operation = conventionalOperation(record.operation);
    const QString model = sentModel(record, channel, isLast);
    OtlpAttributes attributes;
    attributes.addText(u"gen_ai.operation.name"_s, operation);
    if (channel) {
        attributes.addText(u"gen_ai.provider.name"_s, conventionalProvider(channel->type));
        addServer(attributes, *channel);
    }
    attributes.addText(u"gen_ai.request.model"_s, model);
    addParameters(attributes, record);
    attributes.addText(u"gen_ai.conversation.id"_s, record.session);
    if (attempt.status > 0)
        attributes.addNumber(u"http.response.status_code"_s, attempt.status);
    if (record.stream && attempt.begunAt >= attempt.startedAt) {
        attributes.addFraction(u"gen_ai.response.time_to_first_chunk"_s,
                               static_cast<double>(attempt.begunAt - attempt.startedAt)
                                   / microsecondsInSecond);
    }
    attributes.addNumber(u"gatehouse.channel.id"_s, attempt.channel.value);
    if (isLast) {
        addAnswer(attributes, record);
        addUsage(attributes, record);
    }
    QJsonObject status;
    if (!attempt.errorCode.isEmpty()) {
        attributes.addText(u"error.type"_s, attemptErrorType(attempt));
        status.insert(u"code"_s, errorStatus);
    }
    const qint64 begun = microsecondsOf(record.begunAt());
    return {{u"name"_s, spanName(operation, model)},
            {u"kind"_s, clientKind},
            {u"startTimeUnixNano"_s, otlpNanoseconds(begun + attempt.startedAt)},
            {u"endTimeUnixNano"_s,
             otlpNanoseconds(begun + std::max(attempt.startedAt, attempt.endedAt))},
            {u"attributes"_s, attributes.all()},
            {u"status"_s, status}};
}

QJsonObject serverSpan(const UsageRecord &record, bool withUsage)
{
    const QByteArray operation = conventionalOperation(record.operation);
    const QString model = QString::fromUtf8(record.model);
    const Outcome outcome = domain::outcomeOf(record.httpStatus, record.end);
    OtlpAttributes attributes;
    attributes.addText(u"gen_ai.operation.name"_s, operation);
    attributes.addText(u"gen_ai.request.model"_s, model);
    addParameters(attributes, record);
    attributes.addText(u"gen_ai.conversation.id"_s, record.session);
    if (record.httpStatus > 0)
        attributes.addNumber(u"http.response.status_code"_s, record.httpStatus);
    attributes.addText(u"gatehouse.request.id"_s, record.requestId);
    attributes.addText(u"error.type"_s, requestErrorType(record));
    if (withUsage)
        addUsage(attributes, record);
    QJsonObject status;
    if (outcome == Outcome::ServerError) // of a client's fault the server's span is no error
        status.insert(u"code"_s, errorStatus);
    return {{u"name"_s, spanName(operation, model)},
            {u"kind"_s, serverKind},
            {u"startTimeUnixNano"_s, otlpNanoseconds(microsecondsOf(record.begunAt()))},
            {u"endTimeUnixNano"_s, otlpNanoseconds(microsecondsOf(record.createdAt))},
            {u"attributes"_s, attributes.all()},
            {u"status"_s, status}};
}

// Where a request's spans stand.
class SpanPlace
{
public:
    explicit SpanPlace(const UsageRecord &record)
        : m_ids(record.requestId)
        , m_parent(record.trace && record.trace->parent ? &*record.trace->parent : nullptr)
    {}

    void putServer(QJsonObject &span) const
    {
        put(span, m_parent ? parentIsRemote : 0);
        span.insert(u"spanId"_s, QString::fromLatin1(m_ids.server()));
        if (m_parent)
            span.insert(u"parentSpanId"_s, QString::fromLatin1(m_parent->parentId));
    }
    void putAttempt(QJsonObject &span, size_t number) const
    {
        put(span, 0);
        span.insert(u"spanId"_s, QString::fromLatin1(m_ids.attempt(number)));
        span.insert(u"parentSpanId"_s, QString::fromLatin1(m_ids.server()));
    }

private:
    void put(QJsonObject &span, int further) const
    {
        const int ofTrace = m_parent ? m_parent->flags : int(domain::TraceContext::sampledFlag);
        span.insert(u"traceId"_s,
                    QString::fromLatin1(m_parent ? m_parent->traceId : m_ids.trace()));
        span.insert(u"flags"_s, ofTrace | parentIsKnown | further);
        if (m_parent && !m_parent->state.isEmpty())
            span.insert(u"traceState"_s, QString::fromLatin1(m_parent->state));
    }

    const domain::SpanIds m_ids;
    const domain::TraceContext *const m_parent; // null: the request begins its trace
};

QByteArray exportOf(const QJsonArray &spans, const OtlpResource &resource)
{
    const QJsonObject scopeSpans{{u"scope"_s, otlpScopeJson()}, {u"spans"_s, spans}};
    const QJsonObject resourceSpans{{u"resource"_s, otlpResourceJson(resource)},
                                    {u"scopeSpans"_s, QJsonArray{scopeSpans}}};
    return QJsonDocument(QJsonObject{{u"resourceSpans"_s, QJsonArray{resourceSpans}}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

bool isMeasured(const UsageRecord &record)
{
    return record.kind == domain::RecordKind::Consumption
           || record.kind == domain::RecordKind::Failure;
}

bool isTraced(const UsageRecord &record)
{
    const bool isLeftOut =
        record.trace && record.trace->parent && !record.trace->parent->isSampled();
    return isMeasured(record) && !isLeftOut;
}

QJsonArray spansOf(const UsageRecord &record, const ChannelOf &channelOf)
{
    const SpanPlace place(record);
    const std::vector<AttemptNote> attempts = domain::attemptsFrom(record.attemptLog);
    QJsonObject server = serverSpan(record, attempts.empty());
    place.putServer(server);
    QJsonArray spans{server};
    for (size_t i = 0; i < attempts.size(); ++i) {
        const AttemptNote &attempt = attempts[i];
        QJsonObject span =
            attemptSpan(record, attempt, channelOf(attempt.channel), i + 1 == attempts.size());
        place.putAttempt(span, i);
        spans.append(span);
    }
    return spans;
}

QByteArray tracesBody(std::span<const UsageRecord> records,
                      const ChannelOf &channelOf,
                      const OtlpResource &resource)
{
    QJsonArray spans;
    for (const UsageRecord &record : records) {
        for (const QJsonValue span : spansOf(record, channelOf))
            spans.append(span);
    }
    return exportOf(spans, resource);
}

QByteArray testTracesBody(const OtlpResource &resource, qint64 now)
{
    const domain::SpanIds ids{QByteArray()};
    const QString time = otlpNanoseconds(microsecondsOf(now));
    const QJsonObject span{{u"traceId"_s, QString::fromLatin1(ids.trace())},
                           {u"spanId"_s, QString::fromLatin1(ids.server())},
                           {u"name"_s, u"gatehouse test"_s},
                           {u"kind"_s, internalKind},
                           {u"startTimeUnixNano"_s, time},
                           {u"endTimeUnixNano"_s, time},
                           {u"attributes"_s, QJsonArray()},
                           {u"status"_s, QJsonObject()}};
    return exportOf({span}, resource);
}

} // namespace gatehouse::admin
