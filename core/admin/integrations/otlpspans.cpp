#include "admin/integrations/otlpspans.h"

#include "domain/attemptnote.h"
#include "domain/providertype.h"
#include "domain/trafficsums.h"
#include "protocol/operation.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QUuid>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::Channel;
using domain::EndReason;
using domain::Outcome;
using domain::UsageRecord;
using protocol::Operation;

namespace {

// The numbers of the protocol.
constexpr int internalKind = 1;
constexpr int serverKind = 2;
constexpr int clientKind = 3;
constexpr int errorStatus = 2;

constexpr int firstErrorStatus = 400;

// Whole numbers of 64 bits are texts in the JSON of Protocol Buffers.
QString wholeNumber(qint64 number)
{
    return QString::number(number);
}

QString nanoseconds(qint64 microseconds)
{
    constexpr qint64 nanosecondsInOne = 1'000;
    return wholeNumber(std::max<qint64>(0, microseconds) * nanosecondsInOne);
}

constexpr qint64 microsecondsOf(qint64 milliseconds)
{
    return milliseconds * 1'000;
}

// The attributes of a span or of a resource. What is empty is left out.
class Attributes
{
public:
    void addText(const QString &key, const QString &value)
    {
        if (!value.isEmpty())
            add(key, {{u"stringValue"_s, value}});
    }
    void addText(const QString &key, const QByteArray &value)
    {
        addText(key, QString::fromUtf8(value));
    }
    void addTexts(const QString &key, const QByteArray &only)
    {
        if (only.isEmpty())
            return;
        const QJsonArray values{QJsonObject{{u"stringValue"_s, QString::fromUtf8(only)}}};
        add(key, {{u"arrayValue"_s, QJsonObject{{u"values"_s, values}}}});
    }
    void addNumber(const QString &key, qint64 value)
    {
        add(key, {{u"intValue"_s, wholeNumber(value)}});
    }
    void addFraction(const QString &key, double value) { add(key, {{u"doubleValue"_s, value}}); }
    void addTruth(const QString &key, bool value) { add(key, {{u"boolValue"_s, value}}); }
    const QJsonArray &all() const { return m_all; }

private:
    void add(const QString &key, const QJsonObject &value)
    {
        m_all.append(QJsonObject{{u"key"_s, key}, {u"value"_s, value}});
    }

    QJsonArray m_all{};
};

// The ids of one request's spans.
class SpanIds
{
public:
    explicit SpanIds(const QByteArray &requestId)
        : m_seed(requestId.isEmpty() ? QUuid::createUuid().toRfc4122() : requestId)
    {}

    QString trace() const { return idOf("trace", 16); }
    QString server() const { return idOf("server", 8); }
    QString attempt(size_t number) const
    {
        return idOf("attempt " + QByteArray::number(qulonglong(number)), 8);
    }

private:
    QString idOf(const QByteArray &of, qsizetype bytes) const
    {
        const QByteArray text = of + " " + m_seed;
        const QByteArray hash = QCryptographicHash::hash(text, QCryptographicHash::Sha256);
        return QString::fromLatin1(hash.first(bytes).toHex());
    }

    const QByteArray m_seed;
};

// In the words of the conventions, where they have one.
QByteArray conventionalOperation(const QByteArray &name)
{
    const auto operation = protocol::operationNamed(name);
    if (!operation)
        return name;
    switch (*operation) {
    case Operation::ChatCompletions:
    case Operation::Responses:
    case Operation::Messages:
        return "chat";
    case Operation::Completions:
        return "text_completion";
    case Operation::Embeddings:
    case Operation::EmbedContent:
    case Operation::BatchEmbedContents:
        return "embeddings";
    case Operation::GenerateContent:
    case Operation::StreamGenerateContent:
        return "generate_content";
    default:
        return name;
    }
}

// In the words of the conventions; of a provider that they do not know, the name in their spelling.
QString conventionalProvider(int channelType)
{
    constexpr int mistral = 28;
    constexpr int geminiByOpenAi = 51;
    constexpr int moonshot = 25;
    constexpr int xAi = 45;
    switch (channelType) {
    case domain::provider::azure:
        return u"azure.ai.openai"_s;
    case domain::provider::gemini:
    case geminiByOpenAi:
        return u"gcp.gemini"_s;
    case moonshot:
        return u"moonshot_ai"_s;
    case mistral:
        return u"mistral_ai"_s;
    case xAi:
        return u"x_ai"_s;
    default:
        break;
    }
    const domain::ProviderType *type = domain::providerType(channelType);
    QString name;
    for (const QChar c : QString::fromUtf8(type ? type->name : "")) {
        if (c.isLetterOrNumber())
            name.append(c.toLower());
        else if (!name.isEmpty() && !name.endsWith(u'_'))
            name.append(u'_');
    }
    return name.endsWith(u'_') ? name.chopped(1) : name;
}

QString spanName(const QByteArray &operation, const QString &model)
{
    const QString name = QString::fromUtf8(operation);
    return model.isEmpty() ? name : QString(name + u' ' + model);
}

// Why the request failed; empty: it did not.
QByteArray errorTypeOf(const UsageRecord &record, Outcome outcome)
{
    if (outcome == Outcome::Ok)
        return {};
    if (!record.errorCode.isEmpty())
        return record.errorCode;
    switch (record.end) {
    case EndReason::ClientGone:
        return "client_gone";
    case EndReason::TimedOut:
        return "timeout";
    case EndReason::ShutDown:
        return "shut_down";
    case EndReason::Cancelled:
        return "cancelled";
    case EndReason::Completed:
    case EndReason::Failed:
        break;
    }
    return record.httpStatus >= firstErrorStatus ? QByteArray::number(record.httpStatus) : "_OTHER";
}

void addUsage(Attributes &attributes, const UsageRecord &record)
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

void addServer(Attributes &attributes, const Channel &channel)
{
    constexpr int httpPort = 80;
    constexpr int httpsPort = 443;
    const QUrl url(channel.effectiveBaseUrl());
    if (url.host().isEmpty())
        return;
    attributes.addText(u"server.address"_s, url.host());
    attributes.addNumber(u"server.port"_s,
                         url.port(url.scheme() == "http"_L1 ? httpPort : httpsPort));
}

// What went to the provider, and what it knew the model as.
QString modelOf(const UsageRecord &record, const Channel *channel, bool isLast)
{
    if (isLast && !record.providerModel.isEmpty())
        return QString::fromUtf8(record.providerModel);
    const QString asked = QString::fromUtf8(record.model);
    return channel ? channel->providerModel(asked) : asked;
}

QJsonObject attemptSpan(const UsageRecord &record,
                        const AttemptNote &attempt,
                        const Channel *channel,
                        bool isLast)
{
    constexpr double microsecondsInSecond = 1'000'000;
    const QByteArray operation = conventionalOperation(record.operation);
    const QString model = modelOf(record, channel, isLast);
    Attributes attributes;
    attributes.addText(u"gen_ai.operation.name"_s, operation);
    if (channel) {
        attributes.addText(u"gen_ai.provider.name"_s, conventionalProvider(channel->type));
        addServer(attributes, *channel);
    }
    attributes.addText(u"gen_ai.request.model"_s, model);
    attributes.addTruth(u"gen_ai.request.stream"_s, record.stream);
    if (attempt.status > 0)
        attributes.addNumber(u"http.response.status_code"_s, attempt.status);
    if (record.stream && attempt.begunAt >= attempt.startedAt) {
        attributes.addFraction(u"gen_ai.response.time_to_first_chunk"_s,
                               static_cast<double>(attempt.begunAt - attempt.startedAt)
                                   / microsecondsInSecond);
    }
    attributes.addNumber(u"gatehouse.channel.id"_s, attempt.channel.value);
    if (isLast) {
        attributes.addTexts(u"gen_ai.response.finish_reasons"_s, record.finishReason);
        addUsage(attributes, record);
    }
    QJsonObject status;
    if (!attempt.errorCode.isEmpty()) {
        attributes.addText(u"error.type"_s,
                           attempt.status >= firstErrorStatus ? QByteArray::number(attempt.status)
                                                              : attempt.errorCode);
        status.insert(u"code"_s, errorStatus);
    }
    const qint64 begun = microsecondsOf(record.begunAt());
    return {
        {u"name"_s, spanName(operation, model)},
        {u"kind"_s, clientKind},
        {u"startTimeUnixNano"_s, nanoseconds(begun + attempt.startedAt)},
        {u"endTimeUnixNano"_s, nanoseconds(begun + std::max(attempt.startedAt, attempt.endedAt))},
        {u"attributes"_s, attributes.all()},
        {u"status"_s, status}};
}

QJsonObject serverSpan(const UsageRecord &record, bool withUsage)
{
    const QByteArray operation = conventionalOperation(record.operation);
    const QString model = QString::fromUtf8(record.model);
    const Outcome outcome = domain::outcomeOf(record.httpStatus, record.end);
    Attributes attributes;
    attributes.addText(u"gen_ai.operation.name"_s, operation);
    attributes.addText(u"gen_ai.request.model"_s, model);
    attributes.addTruth(u"gen_ai.request.stream"_s, record.stream);
    attributes.addText(u"gen_ai.conversation.id"_s, record.session);
    if (record.httpStatus > 0)
        attributes.addNumber(u"http.response.status_code"_s, record.httpStatus);
    attributes.addText(u"gatehouse.request.id"_s, record.requestId);
    attributes.addText(u"error.type"_s, errorTypeOf(record, outcome));
    if (withUsage)
        addUsage(attributes, record);
    QJsonObject status;
    if (outcome == Outcome::ServerError) // of a client's fault the server's span is no error
        status.insert(u"code"_s, errorStatus);
    return {{u"name"_s, spanName(operation, model)},
            {u"kind"_s, serverKind},
            {u"startTimeUnixNano"_s, nanoseconds(microsecondsOf(record.begunAt()))},
            {u"endTimeUnixNano"_s, nanoseconds(microsecondsOf(record.createdAt))},
            {u"attributes"_s, attributes.all()},
            {u"status"_s, status}};
}

QByteArray exportOf(const QJsonArray &spans, const QString &serviceName)
{
    const QString version = QCoreApplication::applicationVersion();
    Attributes resource;
    resource.addText(u"service.name"_s, serviceName.isEmpty() ? u"gatehouse"_s : serviceName);
    resource.addText(u"service.version"_s, version);
    const QJsonObject scope{{u"name"_s, u"gatehouse"_s}, {u"version"_s, version}};
    const QJsonObject scopeSpans{{u"scope"_s, scope}, {u"spans"_s, spans}};
    const QJsonObject resourceSpans{{u"resource"_s, QJsonObject{{u"attributes"_s, resource.all()}}},
                                    {u"scopeSpans"_s, QJsonArray{scopeSpans}}};
    return QJsonDocument(QJsonObject{{u"resourceSpans"_s, QJsonArray{resourceSpans}}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

bool isTraced(const UsageRecord &record)
{
    return record.kind == domain::RecordKind::Consumption
           || record.kind == domain::RecordKind::Failure;
}

QJsonArray spansOf(const UsageRecord &record, const ChannelOf &channelOf)
{
    const SpanIds ids(record.requestId);
    const QString trace = ids.trace();
    const std::vector<AttemptNote> attempts = domain::attemptsFrom(record.attemptLog);
    QJsonObject server = serverSpan(record, attempts.empty());
    server.insert(u"traceId"_s, trace);
    server.insert(u"spanId"_s, ids.server());
    QJsonArray spans{server};
    for (size_t i = 0; i < attempts.size(); ++i) {
        const AttemptNote &attempt = attempts[i];
        QJsonObject span =
            attemptSpan(record, attempt, channelOf(attempt.channel), i + 1 == attempts.size());
        span.insert(u"traceId"_s, trace);
        span.insert(u"spanId"_s, ids.attempt(i));
        span.insert(u"parentSpanId"_s, ids.server());
        spans.append(span);
    }
    return spans;
}

QByteArray tracesBody(std::span<const UsageRecord> records,
                      const ChannelOf &channelOf,
                      const QString &serviceName)
{
    QJsonArray spans;
    for (const UsageRecord &record : records) {
        for (const QJsonValue span : spansOf(record, channelOf))
            spans.append(span);
    }
    return exportOf(spans, serviceName);
}

QByteArray testTracesBody(const QString &serviceName, qint64 now)
{
    const SpanIds ids{QByteArray()};
    const QString time = nanoseconds(microsecondsOf(now));
    const QJsonObject span{{u"traceId"_s, ids.trace()},
                           {u"spanId"_s, ids.server()},
                           {u"name"_s, u"gatehouse test"_s},
                           {u"kind"_s, internalKind},
                           {u"startTimeUnixNano"_s, time},
                           {u"endTimeUnixNano"_s, time},
                           {u"attributes"_s, QJsonArray()},
                           {u"status"_s, QJsonObject()}};
    return exportOf({span}, serviceName);
}

} // namespace gatehouse::admin
