#include "admin/integrations/otlpattributes.h"

#include "domain/providertype.h"
#include "domain/trafficsums.h"
#include "protocol/operation.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::EndReason;
using domain::UsageRecord;
using protocol::Operation;

namespace {

constexpr int firstErrorStatus = 400;

} // namespace

QString otlpNumber(qint64 number)
{
    return QString::number(number);
}

QString otlpNanoseconds(qint64 microseconds)
{
    constexpr qint64 nanosecondsInOne = 1'000;
    return otlpNumber(std::max<qint64>(0, microseconds) * nanosecondsInOne);
}

void OtlpAttributes::addText(const QString &key, const QString &value)
{
    if (!value.isEmpty())
        add(key, {{u"stringValue"_s, value}});
}

void OtlpAttributes::addText(const QString &key, const QByteArray &value)
{
    addText(key, QString::fromUtf8(value));
}

void OtlpAttributes::addTexts(const QString &key, const QByteArrayList &values)
{
    QJsonArray texts;
    for (const QByteArray &value : values) {
        if (!value.isEmpty())
            texts.append(QJsonObject{{u"stringValue"_s, QString::fromUtf8(value)}});
    }
    if (!texts.isEmpty())
        add(key, {{u"arrayValue"_s, QJsonObject{{u"values"_s, texts}}}});
}

void OtlpAttributes::addNumber(const QString &key, qint64 value)
{
    add(key, {{u"intValue"_s, otlpNumber(value)}});
}

void OtlpAttributes::addFraction(const QString &key, double value)
{
    add(key, {{u"doubleValue"_s, value}});
}

void OtlpAttributes::addTruth(const QString &key, bool value)
{
    add(key, {{u"boolValue"_s, value}});
}

void OtlpAttributes::add(const QString &key, const QJsonObject &value)
{
    m_all.append(QJsonObject{{u"key"_s, key}, {u"value"_s, value}});
}

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

QByteArray requestErrorType(const UsageRecord &record)
{
    if (domain::outcomeOf(record.httpStatus, record.end) == domain::Outcome::Ok)
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

QByteArray attemptErrorType(const AttemptNote &attempt)
{
    return !attempt.errorCode.isEmpty() && attempt.status >= firstErrorStatus
               ? QByteArray::number(attempt.status)
               : attempt.errorCode;
}

QString sentModel(const UsageRecord &record, const domain::Channel *channel, bool isLast)
{
    if (isLast && !record.providerModel.isEmpty())
        return QString::fromUtf8(record.providerModel);
    const QString asked = QString::fromUtf8(record.model);
    return channel ? channel->providerModel(asked) : asked;
}

std::optional<OtlpServer> otlpServerOf(const domain::Channel &channel)
{
    constexpr int httpPort = 80;
    constexpr int httpsPort = 443;
    const QUrl url(channel.effectiveBaseUrl());
    if (url.host().isEmpty())
        return std::nullopt;
    return OtlpServer{.address = url.host(),
                      .port = url.port(url.scheme() == "http"_L1 ? httpPort : httpsPort)};
}

std::optional<std::vector<std::pair<QString, QString>>> resourceAttributesFrom(const QString &text)
{
    constexpr size_t most = 64;
    std::vector<std::pair<QString, QString>> attributes;
    for (const QByteArray &part : text.toUtf8().split(',')) {
        const QByteArray pair = part.trimmed();
        if (pair.isEmpty())
            continue;
        const qsizetype sign = pair.indexOf('=');
        if (sign <= 0 || attributes.size() == most)
            return std::nullopt;
        const auto decoded = [](const QByteArray &encoded) {
            return QString::fromUtf8(QByteArray::fromPercentEncoding(encoded.trimmed()));
        };
        attributes.emplace_back(decoded(pair.left(sign)), decoded(pair.mid(sign + 1)));
    }
    return attributes;
}

OtlpResource otlpResourceOf(const domain::Settings::Integrations &settings, const QString &instance)
{
    OtlpResource resource{.serviceName = settings.otlpServiceName, .instance = instance};
    const auto told = resourceAttributesFrom(settings.openTelemetry.resourceAttributes);
    if (!told)
        return resource;
    const bool isNamed =
        !settings.otlpServiceName.isEmpty()
        && settings.otlpServiceName != domain::Settings::Integrations().otlpServiceName;
    for (const auto &[key, value] : *told) {
        if (key == "service.name"_L1 && !isNamed && !value.isEmpty())
            resource.serviceName = value;
        else if (key == "service.instance.id"_L1)
            resource.instance = value;
        else if (key != "service.name"_L1 && key != "service.version"_L1)
            resource.attributes.emplace_back(key, value);
    }
    return resource;
}

QJsonObject otlpResourceJson(const OtlpResource &resource)
{
    OtlpAttributes attributes;
    attributes.addText(u"service.name"_s,
                       resource.serviceName.isEmpty() ? u"gatehouse"_s : resource.serviceName);
    attributes.addText(u"service.version"_s, QCoreApplication::applicationVersion());
    attributes.addText(u"service.instance.id"_s, resource.instance);
    for (const auto &[key, value] : resource.attributes)
        attributes.addText(key, value);
    return {{u"attributes"_s, attributes.all()}};
}

QJsonObject otlpScopeJson()
{
    return {{u"name"_s, u"gatehouse"_s}, {u"version"_s, QCoreApplication::applicationVersion()}};
}

} // namespace gatehouse::admin
