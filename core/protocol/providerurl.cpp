#include "protocol/providerurl.h"

#include "http/headers.h"

#include <QUrl>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using base::ErrorCode;
using base::Message;
using base::Result;
using domain::Dialect;
using domain::PathRule;

namespace {

constexpr QByteArrayView defaultAzureVersion = "2024-10-21";
constexpr QByteArrayView defaultAnthropicVersion = "2023-06-01";
constexpr QByteArrayView defaultGeminiVersion = "v1beta";

// RFC 3986, section 3.3: what a segment may hold as it is.
QByteArray segment(QByteArrayView text)
{
    return text.toByteArray().toPercentEncoding(":@!$'()*,;=");
}

// OpenAI's path behind /v1; empty: it has none.
QByteArrayView openAiTask(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletions:
        return "/chat/completions";
    case Operation::Completions:
        return "/completions";
    case Operation::Embeddings:
        return "/embeddings";
    case Operation::Moderations:
        return "/moderations";
    case Operation::Responses:
        return "/responses";
    case Operation::ImageGenerations:
        return "/images/generations";
    case Operation::Speech:
        return "/audio/speech";
    case Operation::ListModels:
    case Operation::RetrieveModel:
        return "/models";
    default:
        return {};
    }
}

QByteArray withModelIn(QByteArray path, Operation operation, QByteArrayView model)
{
    return operation == Operation::RetrieveModel ? path + '/' + segment(model) : path;
}

// https://learn.microsoft.com/azure/ai-services/openai/reference
QByteArray azurePath(const ProviderAccount &account, Operation operation, QByteArrayView model)
{
    const ParsedBaseUrl &base = *account.base;
    const QByteArray task = openAiTask(operation).toByteArray();
    if (base.path.endsWith("/openai/v1"))
        return base.path + task;
    // Responses exist in the newer interface only, which has no versions.
    if (operation == Operation::Responses)
        return base.path + "/openai/v1" + task;
    // Azure names no deployment with the dot of OpenAI's older model.
    QByteArray deployment = model.toByteArray();
    if (deployment.startsWith("gpt-3.5"))
        deployment.replace(0, 7, "gpt-35");
    const QByteArray version =
        account.apiVersion.isEmpty() ? defaultAzureVersion.toByteArray() : account.apiVersion;
    const QByteArray folder = base.isCloudflareGateway ? "/" : "/openai/deployments/";
    return base.path + folder + segment(deployment) + task + "?api-version=" + segment(version);
}

QByteArrayView geminiAction(Operation operation)
{
    switch (operation) {
    case Operation::GenerateContent:
        return ":generateContent";
    case Operation::StreamGenerateContent:
        return ":streamGenerateContent";
    case Operation::EmbedContent:
        return ":embedContent";
    case Operation::BatchEmbedContents:
        return ":batchEmbedContents";
    case Operation::GeminiCountTokens:
        return ":countTokens";
    default:
        return {};
    }
}

// https://ai.google.dev/api
QByteArray geminiPath(const ProviderAccount &account,
                      Operation operation,
                      QByteArrayView model,
                      StreamForm form)
{
    const ParsedBaseUrl &base = *account.base;
    QByteArray path = base.path;
    if (!path.endsWith("/v1beta") && !path.endsWith("/v1") && !path.endsWith("/v1alpha")) {
        path += '/';
        path += account.apiVersion.isEmpty() ? segment(defaultGeminiVersion)
                                             : segment(account.apiVersion);
    }
    if (operation == Operation::ListModels)
        return path + "/models?pageSize=1000";
    constexpr QByteArrayView tuned = "tunedModels/";
    if (model.startsWith(tuned))
        path += "/tunedModels/" + segment(model.sliced(tuned.size()));
    else
        path += "/models/" + segment(model.startsWith("models/") ? model.sliced(7) : model);
    path += geminiAction(operation);
    if (operation == Operation::StreamGenerateContent && form == StreamForm::Events)
        path += "?alt=sse";
    return path;
}

QByteArray anthropicPath(const ParsedBaseUrl &base, Operation operation, QByteArrayView model)
{
    const QByteArray version = base.path.endsWith("/v1") ? "" : "/v1";
    switch (operation) {
    case Operation::CountTokens:
        return base.path + version + "/messages/count_tokens";
    case Operation::ListModels:
        return base.path + version + "/models?limit=1000";
    case Operation::RetrieveModel:
        return base.path + version + "/models/" + segment(model);
    default:
        return base.path + version + "/messages";
    }
}

QByteArray fixedPath(const ProviderAccount &account, Operation operation)
{
    const char *path = operation == Operation::ChatCompletions ? account.type->chatPath
                                                               : account.type->embeddingsPath;
    return account.base->path + path;
}

QByteArray pathOf(const ProviderAccount &account,
                  Operation operation,
                  QByteArrayView model,
                  StreamForm form = StreamForm::Events)
{
    const ParsedBaseUrl &base = *account.base;
    const QByteArray task = openAiTask(operation).toByteArray();
    switch (account.type->pathRule) {
    case PathRule::AsGiven:
        // The gateway's own address has a version already.
        return withModelIn(
            base.path + (base.isCloudflareGateway ? "" : "/v1") + task, operation, model);
    case PathRule::WithoutV1:
        return withModelIn(base.path + task, operation, model);
    case PathRule::Fixed:
        return fixedPath(account, operation);
    case PathRule::Azure:
        return azurePath(account, operation, model);
    case PathRule::Anthropic:
        return anthropicPath(base, operation, model);
    case PathRule::Gemini:
        return geminiPath(account, operation, model, form);
    }
    return {};
}

Result<> addKey(ProviderTarget &target, domain::KeyHeader form, const base::Secret &key)
{
    if (key.isEmpty())
        return {};
    if (!http::isFieldValue(key.reveal())) {
        return base::fail(
            ErrorCode::InvalidInput,
            Message::tr("The channel's key holds a character that no key can have, such as a "
                        "line break."));
    }
    switch (form) {
    case domain::KeyHeader::Bearer:
        target.headers.emplace_back("Authorization", "Bearer " + key.reveal());
        break;
    case domain::KeyHeader::ApiKey:
        target.headers.emplace_back("api-key", key.reveal());
        break;
    case domain::KeyHeader::XApiKey:
        target.headers.emplace_back("x-api-key", key.reveal());
        break;
    case domain::KeyHeader::XGoogApiKey:
        target.headers.emplace_back("x-goog-api-key", key.reveal());
        break;
    }
    return {};
}

void addDialectFields(ProviderTarget &target,
                      const ProviderAccount &account,
                      QByteArrayView clientAnthropicVersion)
{
    if (account.type->dialect == Dialect::Anthropic) {
        QByteArray version = account.apiVersion;
        if (!clientAnthropicVersion.isEmpty() && http::isFieldValue(clientAnthropicVersion))
            version = clientAnthropicVersion.toByteArray();
        if (version.isEmpty() || !http::isFieldValue(version))
            version = defaultAnthropicVersion.toByteArray();
        target.headers.emplace_back("anthropic-version", version);
    }
    if (account.type->dialect == Dialect::OpenAi && !account.organization.isEmpty()
        && http::isFieldValue(account.organization)) {
        target.headers.emplace_back("OpenAI-Organization", account.organization);
    }
}

bool isModelList(Operation operation)
{
    return operation == Operation::ListModels || operation == Operation::RetrieveModel;
}

} // namespace

Result<ParsedBaseUrl> parseBaseUrl(QByteArrayView baseUrl)
{
    const QUrl url = QUrl::fromEncoded(baseUrl.toByteArray(), QUrl::StrictMode);
    const bool tls = url.scheme() == u"https"_s;
    if (!url.isValid() || url.host().isEmpty() || (!tls && url.scheme() != u"http"_s)) {
        return base::fail(
            ErrorCode::InvalidInput,
            Message::tr("The base URL must begin with http:// or https:// and name a host."));
    }
    constexpr int usualPlain = 80;
    constexpr int usualTls = 443;
    ParsedBaseUrl parsed;
    parsed.tls = tls;
    parsed.host = url.host(QUrl::FullyEncoded).toLatin1();
    if (parsed.host.startsWith('['))
        parsed.host = parsed.host.sliced(1, parsed.host.size() - 2);
    const int usual = tls ? usualTls : usualPlain;
    parsed.port = static_cast<quint16>(url.port(usual));
    parsed.hostHeader = parsed.host.contains(':') ? '[' + parsed.host + ']' : parsed.host;
    if (parsed.port != usual)
        parsed.hostHeader += ':' + QByteArray::number(parsed.port);
    parsed.path = url.path(QUrl::FullyEncoded).toLatin1();
    while (parsed.path.endsWith('/'))
        parsed.path.chop(1);
    parsed.isCloudflareGateway = parsed.host == "gateway.ai.cloudflare.com";
    return parsed;
}

bool offers(const domain::ProviderType &type, Operation operation)
{
    if (!type.relayable || (!isModelList(operation) && dialectOf(operation) != type.dialect))
        return false;
    switch (type.pathRule) {
    case PathRule::Fixed:
        return (operation == Operation::ChatCompletions && type.chatPath[0] != '\0')
               || (operation == Operation::Embeddings && type.embeddingsPath[0] != '\0');
    case PathRule::Azure:
        return !isModelList(operation) && operation != Operation::Moderations;
    default:
        return true;
    }
}

Result<ProviderTarget> providerTarget(const ProviderAccount &account,
                                      Operation operation,
                                      QByteArrayView model,
                                      const base::Secret &key,
                                      QByteArrayView clientAnthropicVersion,
                                      StreamForm form)
{
    Q_ASSERT(account.type && account.base);
    if (!offers(*account.type, operation)) {
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("%1 does not offer this operation (%2).")
                              .arg(QString::fromUtf8(account.type->name),
                                   QString::fromLatin1(nameOf(operation))));
    }
    ProviderTarget target{.tls = account.base->tls,
                          .host = account.base->host,
                          .port = account.base->port,
                          .hostHeader = account.base->hostHeader,
                          .path = pathOf(account, operation, model, form)};
    if (auto added = addKey(target, account.type->keyHeader, key); !added)
        return base::fail(added.error());
    addDialectFields(target, account, clientAnthropicVersion);
    return target;
}

QString
displayUrl(const domain::ProviderType &type, QByteArrayView baseUrl, const QString &apiVersion)
{
    const auto parsed = parseBaseUrl(baseUrl);
    if (!parsed)
        return QString::fromUtf8(baseUrl);
    Operation operation = Operation::ChatCompletions;
    if (type.dialect == Dialect::Anthropic)
        operation = Operation::Messages;
    else if (type.dialect == Dialect::Gemini)
        operation = Operation::GenerateContent;
    const ProviderAccount account{
        .type = &type, .base = &*parsed, .apiVersion = apiVersion.toUtf8()};
    QByteArray path = pathOf(account, operation, "{model}");
    path.replace("%7Bmodel%7D", "{model}");
    return QString::fromLatin1(parsed->tls ? "https://" : "http://")
           + QString::fromLatin1(parsed->hostHeader) + QString::fromLatin1(path);
}

} // namespace gatehouse::protocol
