#include "gateway/endpoints.h"

#include "http/percent.h"
#include "protocol/peek.h"

#include <array>

namespace gatehouse::gateway {

using domain::Dialect;
using protocol::Operation;
using protocol::StreamForm;
using Kind = Endpoint::Kind;
using namespace Qt::StringLiterals;

namespace {

struct Fixed
{
    QByteArrayView path{};
    Operation operation = Operation::ChatCompletions;
};

// The dialects' own paths: platform.openai.com/docs/api-reference, docs.anthropic.com/en/api.
constexpr std::array<Fixed, 9> relayPaths{{
    {"/v1/chat/completions", Operation::ChatCompletions},
    {"/v1/messages", Operation::Messages},
    {"/v1/responses", Operation::Responses},
    {"/v1/embeddings", Operation::Embeddings},
    {"/v1/completions", Operation::Completions},
    {"/v1/moderations", Operation::Moderations},
    {"/v1/images/generations", Operation::ImageGenerations},
    {"/v1/audio/speech", Operation::Speech},
    {"/v1/messages/count_tokens", Operation::CountTokens},
}};

struct ProbePath
{
    QByteArrayView path{};
    Endpoint::Probe probe{};
};

constexpr std::array<ProbePath, 4> probePaths{{
    {"/healthz", Endpoint::Probe::Alive},
    {"/livez", Endpoint::Probe::Alive},
    {"/readyz", Endpoint::Probe::Ready},
    {"/version", Endpoint::Probe::Version},
}};

constexpr std::array<QByteArrayView, 14> unimplementedPaths{{
    "/v1/images/edits",
    "/v1/images/variations",
    "/v1/audio/transcriptions",
    "/v1/audio/translations",
    "/v1/files",
    "/v1/fine_tuning",
    "/v1/assistants",
    "/v1/threads",
    "/v1/batches",
    "/v1/uploads",
    "/v1/vector_stores",
    "/v1/realtime",
    "/v1/rerank",
    "/v1/videos",
}};

bool isBelow(QByteArrayView path, QByteArrayView folder)
{
    return path.startsWith(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool isRead(const http::RequestHead &head)
{
    return head.method == "GET" || head.method == "HEAD";
}

bool hasField(const http::RequestHead &head, QByteArrayView name)
{
    return head.headers.value(name).has_value();
}

// `/v1/models/{model}:{action}`: Gemini's paths below /v1, where newer client libraries ask. A model
// that is only looked up may have a colon in its name.
bool isStableGemini(const http::RequestHead &head)
{
    return head.path().startsWith("/v1/models/") && head.path().contains(':') && !isRead(head);
}

Dialect dialectOfPath(const http::RequestHead &head)
{
    const QByteArrayView path = head.path();
    if (isBelow(path, "/v1beta") || isStableGemini(head))
        return Dialect::Gemini;
    if (isBelow(path, "/v1/messages"))
        return Dialect::Anthropic;
    if (isBelow(path, "/v1/models")) {
        if (hasField(head, "anthropic-version"))
            return Dialect::Anthropic;
        if (hasField(head, "x-goog-api-key"))
            return Dialect::Gemini;
    }
    return Dialect::OpenAi;
}

Endpoint invalid(Endpoint endpoint, const QString &problem)
{
    endpoint.kind = Kind::Invalid;
    endpoint.problem = problem;
    return endpoint;
}

Endpoint withMethod(Endpoint endpoint, const http::RequestHead &head, bool reads)
{
    endpoint.allow = reads ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
    if (head.method == "OPTIONS")
        endpoint.kind = Kind::Options;
    else if (reads ? !isRead(head) : head.method != "POST")
        endpoint.kind = Kind::WrongMethod;
    return endpoint;
}

Endpoint modelsEndpoint(Endpoint endpoint, const http::RequestHead &head, QByteArrayView below)
{
    endpoint.kind = Kind::Models;
    endpoint.operation = Operation::ListModels;
    if (!below.isEmpty()) {
        endpoint.operation = Operation::RetrieveModel;
        base::Result<QByteArray> model = http::decodePercent(below.sliced(1));
        if (!model || model->isEmpty())
            return invalid(endpoint, model ? QString() : model.error().message.english());
        endpoint.model = *model;
    }
    return withMethod(endpoint, head, true);
}

// What form of a stream the query asks for; Google's own libraries write both names of the parameter,
// and some add to its value how enumerations are written. Absent: none that is known.
std::optional<StreamForm> streamFormOf(const http::RequestHead &head)
{
    const auto parameters = http::parametersFrom(head.query());
    if (!parameters)
        return std::nullopt;
    std::optional<QByteArray> alt = http::parameter(*parameters, "alt");
    if (!alt)
        alt = http::parameter(*parameters, "$alt");
    const QByteArray form = alt ? alt->split(';').front() : QByteArray("json");
    if (form == "sse")
        return StreamForm::Events;
    return form == "json" ? std::optional(StreamForm::Array) : std::nullopt;
}

Endpoint geminiEndpoint(Endpoint endpoint, const http::RequestHead &head)
{
    const QByteArrayView path = head.path();
    if (path == QByteArrayView("/v1beta/models"))
        return modelsEndpoint(endpoint, head, {});
    if (!path.contains(':')) {
        return isBelow(path, "/v1beta/models") ? modelsEndpoint(
                   endpoint, head, path.sliced(QByteArrayView("/v1beta/models").size()))
                                               : endpoint;
    }
    const base::Result<protocol::GeminiTarget> target = protocol::peekModelFromGeminiPath(path);
    if (!target)
        return invalid(endpoint, target.error().message.english());
    if (!target->operation) {
        endpoint.kind = Kind::Unimplemented;
        return endpoint;
    }
    endpoint.kind = Kind::Relay;
    endpoint.operation = *target->operation;
    endpoint.model = target->model;
    endpoint = withMethod(endpoint, head, false);
    if (endpoint.kind != Kind::Relay || endpoint.operation != Operation::StreamGenerateContent)
        return endpoint;
    const std::optional<StreamForm> form = streamFormOf(head);
    if (!form) {
        return invalid(endpoint,
                       u"This gateway streams as events (\"alt=sse\") or as one JSON array "
                       "(\"alt=json\", or without \"alt\"), and in no other form."_s);
    }
    endpoint.form = *form;
    return endpoint;
}

} // namespace

Endpoint endpointOf(const http::RequestHead &head, bool isApi)
{
    Endpoint endpoint;
    const QByteArrayView path = head.path();
    if (isApi) {
        endpoint.kind = Kind::Api;
        return endpoint;
    }
    for (const Fixed &fixed : relayPaths) {
        if (path == fixed.path) {
            endpoint.kind = Kind::Relay;
            endpoint.operation = fixed.operation;
            endpoint.dialect = protocol::dialectOf(fixed.operation);
            return withMethod(endpoint, head, false);
        }
    }
    for (const ProbePath &known : probePaths) {
        if (path == known.path) {
            endpoint.kind = Kind::Probe;
            endpoint.probe = known.probe;
            return withMethod(endpoint, head, true);
        }
    }
    endpoint.dialect = dialectOfPath(head);
    if (isStableGemini(head))
        return geminiEndpoint(endpoint, head);
    if (isBelow(path, "/v1/models"))
        return modelsEndpoint(endpoint, head, path.sliced(QByteArrayView("/v1/models").size()));
    if (isBelow(path, "/v1beta"))
        return geminiEndpoint(endpoint, head);
    if (head.target == "*") {
        endpoint.kind = Kind::Options;
        endpoint.allow = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
        return endpoint;
    }
    for (const QByteArrayView known : unimplementedPaths) {
        if (isBelow(path, known))
            endpoint.kind = Kind::Unimplemented;
    }
    return endpoint;
}

QByteArray credentialOf(const http::RequestHead &head, const Endpoint &endpoint)
{
    constexpr QByteArrayView scheme = "Bearer ";
    // Which of two is meant is nobody's guess.
    for (const QByteArrayView name : {QByteArrayView("authorization"),
                                      QByteArrayView("x-api-key"),
                                      QByteArrayView("x-goog-api-key"),
                                      QByteArrayView("api-key")}) {
        if (head.headers.count(name) > 1)
            return {};
    }
    if (const auto value = head.headers.value("authorization")) {
        if (value->size() > scheme.size() && http::equalNames(value->first(scheme.size()), scheme))
            return value->sliced(scheme.size()).trimmed().toByteArray();
        // One API's clients may send the bare key. The scheme without a key is no key.
        const bool isSchemeAlone = http::equalNames(*value, scheme.chopped(1));
        if (!value->contains(' ') && !value->isEmpty() && !isSchemeAlone)
            return value->toByteArray();
    }
    for (const QByteArrayView name : {QByteArrayView("x-api-key"),
                                      QByteArrayView("x-goog-api-key"),
                                      QByteArrayView("api-key")}) {
        const auto value = head.headers.value(name);
        if (value && !value->trimmed().isEmpty())
            return value->trimmed().toByteArray();
    }
    const bool isGeminiPath = isBelow(head.path(), "/v1beta") || isStableGemini(head);
    if (!isGeminiPath || endpoint.dialect != Dialect::Gemini)
        return {};
    const auto parameters = http::parametersFrom(head.query());
    return parameters ? http::parameter(*parameters, "key").value_or(QByteArray()) : QByteArray();
}

} // namespace gatehouse::gateway
