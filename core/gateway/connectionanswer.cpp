// What a client is answered, by whom.
#include "gateway/connection.h"

#include "gateway/crossorigin.h"
#include "gateway/worker.h"
#include "http/refusals.h"
#include "protocol/errorbody.h"
#include "protocol/modelslist.h"
#include "protocol/splice.h"
#include "relay/requestid.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

using protocol::Operation;
using relay::Refusal;
using Kind = Endpoint::Kind;

namespace {

Refusal refusal(int status, QByteArray code, QString message)
{
    return {.status = status,
            .code = std::move(code),
            .message = base::Message::verbatim(std::move(message))};
}

void addIds(http::Headers &fields, const QByteArray &id, domain::Dialect dialect)
{
    fields.add("X-Request-Id", relay::idForClient(id));
    fields.add("X-Oneapi-Request-Id", id);
    if (dialect == domain::Dialect::Anthropic)
        fields.add("request-id", id);
}

// A refusal in the form of the management's answers.
QByteArray envelope(const QString &message)
{
    return QJsonDocument(QJsonObject{{u"success"_s, false}, {u"message"_s, message}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

Refusal Connection::refusalOfEndpoint() const
{
    const http::RequestHead &head = m_parser.head();
    const QString request =
        QString::fromLatin1(head.method) + u' ' + QString::fromUtf8(head.path().toByteArray());
    switch (m_endpoint.kind) {
    case Kind::WrongMethod:
        return refusal(405,
                       "method_not_allowed",
                       u"%1 is not possible here. Use: %2."_s.arg(
                           request, QString::fromLatin1(m_endpoint.allow)));
    case Kind::Unimplemented:
        return refusal(
            501, "api_not_implemented", u"%1 is not offered by this gateway."_s.arg(request));
    case Kind::Invalid:
        return refusal(400, "invalid_path", u"%1: %2"_s.arg(request, m_endpoint.problem));
    default:
        if (auto limited = refusalOfTooMany())
            return std::move(*limited);
        return refusal(
            404,
            "invalid_url",
            u"Invalid URL (%1). The relay answers below /v1 and /v1beta."_s.arg(request));
    }
}

std::optional<Refusal> Connection::refusalOfTooMany() const
{
    constexpr int tooManyRequests = 429;
    const std::chrono::seconds wait = m_worker.shared().otherPaths.take(
        clientAddress(), m_catalog->settings().http.webRequestsPerThreeMinutes);
    if (wait.count() <= 0)
        return std::nullopt;
    return Refusal{.status = tooManyRequests,
                   .code = "too_many_requests",
                   .message = base::Message::verbatim(
                       u"There were too many requests from your address for paths at which "
                       "nothing is served. Ask again in %1 seconds."_s.arg(wait.count())),
                   .retryAfter = wait,
                   .worthRetrying = true};
}

void Connection::serveRelay()
{
    if (!m_body)
        m_body = m_worker.takeBody();
    if (m_body->isInMemory()) {
        peeked(protocol::peek(m_body->whole(),
                              m_endpoint.operation,
                              m_endpoint.model,
                              m_catalog->defaultModel(),
                              m_catalog->settings().integrations.exportsTraces()));
        return;
    }
    m_worker.peekInPool(m_id,
                        m_body,
                        m_endpoint,
                        m_catalog->defaultModel(),
                        m_catalog->settings().integrations.exportsTraces());
}

void Connection::peeked(base::Result<protocol::Peek> peek)
{
    if (m_state != State::Answering)
        return;
    if (!peek) {
        refuse(refusal(400, "invalid_request", peek.error().message.english()));
        return;
    }
    peek->form = m_endpoint.form;
    startExchange(*peek);
}

void Connection::startExchange(const protocol::Peek &peek)
{
    relay::Exchange *exchange = m_worker.exchanges().start({.catalog = m_catalog,
                                                            .caller = m_caller,
                                                            .peek = peek,
                                                            .headers = &m_parser.head().headers,
                                                            .body = m_body,
                                                            .requestId = m_requestId,
                                                            .clientAddress = clientText()},
                                                           *this);
    // It may have ended already, and the connection with it.
    if (exchange && m_state == State::Answering)
        m_exchange = exchange;
}

void Connection::serveModels()
{
    const std::vector<QByteArray> served = m_caller.token->group->enabledModels();
    std::vector<QByteArray> allowed;
    for (const QByteArray &model : served) {
        if (relay::mayUse(m_caller, model))
            allowed.push_back(model);
    }
    // Under its alias, too, where the token gets it.
    const QByteArray alias = domain::defaultModelAlias.toByteArray();
    const bool isAliased =
        std::find(allowed.begin(), allowed.end(), m_catalog->defaultModel()) != allowed.end();
    const auto place = std::lower_bound(allowed.begin(), allowed.end(), alias);
    if (isAliased && (place == allowed.end() || *place != alias))
        allowed.insert(place, alias);
    if (m_endpoint.operation == Operation::ListModels) {
        const auto page = protocol::modelsPage(m_endpoint.dialect, m_parser.head().query());
        answerJson(200, protocol::modelsList(m_endpoint.dialect, allowed, page));
        return;
    }
    if (std::find(allowed.begin(), allowed.end(), m_endpoint.model) == allowed.end()) {
        refuse(refusal(404,
                       "model_not_found",
                       u"The model \"%1\" is not offered to this token."_s.arg(
                           QString::fromUtf8(m_endpoint.model))));
        return;
    }
    answerJson(200, protocol::modelAnswer(m_endpoint.dialect, m_endpoint.model));
}

ApiRequest Connection::apiRequest() const
{
    const http::RequestHead &head = m_parser.head();
    ApiRequest request{.method = head.method,
                       .path = head.path().toByteArray(),
                       .query = head.query().toByteArray(),
                       .client = clientAddress(),
                       .tls = m_isSecure,
                       .judged = m_isApiJudged,
                       .requestId = m_requestId};
    for (qsizetype i = 0; i < head.headers.size(); ++i) {
        const http::Field field = head.headers.at(i);
        request.headers.emplace_back(field.name.toByteArray(), field.value.toByteArray());
    }
    return request;
}

// By the head alone, while the body is still to come.
std::optional<ApiResponse> Connection::refusalOfApi()
{
    std::optional<ApiResponse> refused = m_worker.shared().api->refusedByHead(apiRequest());
    m_isApiJudged = !refused;
    return refused;
}

void Connection::serveApi()
{
    ApiRequest request = apiRequest();
    if (m_body)
        request.body = m_body->whole().toByteArray();
    m_worker.callApi(m_id, std::move(request));
}

void Connection::apiAnswered(const ApiResponse &response)
{
    if (m_state != State::Answering)
        return;
    http::Headers fields;
    addIds(fields, m_requestId, domain::Dialect::OpenAi);
    for (const auto &[name, value] : response.headers)
        fields.add(name, value);
    begin(response.status, fields, response.body.size());
    write(response.body);
    finish();
}

// What asks for nothing but what is known here.
void Connection::answerAtOnce()
{
    if (m_endpoint.kind == Kind::Probe)
        answerProbe();
    else
        answerOptions();
}

// Nobody is asked for a key, so nothing is told but what an answer of another kind would show as well.
void Connection::answerProbe()
{
    int status = 200;
    QByteArray body = R"({"status":"ok"})";
    http::Headers fields;
    addIds(fields, m_requestId, domain::Dialect::OpenAi);
    fields.add("Content-Type", "application/json");
    fields.add("Cache-Control", "no-store");
    if (m_endpoint.probe == Endpoint::Probe::Version) {
        body = R"({"name":"Gatehouse","version":)" + protocol::jsonString(m_worker.shared().version)
               + '}';
    } else if (m_endpoint.probe == Endpoint::Probe::Ready) {
        const QByteArrayView reason = m_worker.whyNotReady();
        constexpr int unavailable = 503;
        status = reason.isEmpty() ? 200 : unavailable;
        body = reason.isEmpty()
                   ? QByteArray(R"({"status":"ready"})")
                   : R"({"status":"not ready","reason":)" + protocol::jsonString(reason) + '}';
        if (!reason.isEmpty())
            fields.add("Retry-After", "5");
    }
    begin(status, fields, body.size());
    write(body);
    finish();
}

void Connection::answerOptions()
{
    http::Headers fields;
    addIds(fields, m_requestId, m_endpoint.dialect);
    fields.add("Allow", m_endpoint.allow);
    if (!m_worker.origins().isEmpty())
        addPreflightFields(fields, m_worker.origins(), m_parser.head().headers, m_endpoint.allow);
    constexpr int noContent = 204;
    begin(noContent, fields, 0);
    finish();
}

void Connection::answerJson(int status, const QByteArray &body)
{
    http::Headers fields;
    fields.add("Content-Type", "application/json");
    addIds(fields, m_requestId, m_endpoint.dialect);
    begin(status, fields, body.size());
    write(body);
    finish();
}

void Connection::refuse(const Refusal &refused)
{
    m_state = State::Answering;
    const bool isEnveloped =
        m_endpoint.kind == Kind::Api && m_parser.head().path().startsWith("/api");
    const QByteArray body = isEnveloped ? envelope(refused.message.english())
                                        : protocol::errorBody(m_endpoint.dialect,
                                                              {.status = refused.status,
                                                               .code = refused.code,
                                                               .message = refused.message.english(),
                                                               .requestId = m_requestId});
    http::Headers fields;
    fields.add("Content-Type", "application/json");
    addIds(fields, m_requestId, m_endpoint.dialect);
    constexpr int methodNotAllowed = 405;
    if (refused.status == methodNotAllowed)
        fields.add("Allow", m_endpoint.allow);
    constexpr int unauthorized = 401;
    if (refused.status == unauthorized)
        fields.add("WWW-Authenticate", "Bearer");
    // Client libraries try faults of a server again unless they are told not to.
    constexpr int firstServerFault = 500;
    if (refused.retryAfter)
        fields.add("Retry-After", refused.retryAfterText());
    else if (refused.status >= firstServerFault && !refused.worthRetrying)
        fields.add("X-Should-Retry", "false");
    begin(refused.status, fields, body.size());
    write(body);
    finish();
}

// A message that is not understood ends the connection: where it ends is in doubt.
void Connection::refuseMessage(const http::Refusal &refused, domain::Dialect dialect)
{
    // The client is told in the words of its own dialect, as soon as that is known: the head was
    // judged, or was understood and announces too long a body.
    if (m_state != State::Body) {
        const http::RequestHead &head = m_parser.head();
        const bool isUnderstood = refused.code == QByteArrayView(http::refusals::bodyTooLarge.code);
        const ApiHandler *api = m_worker.shared().api;
        m_catalog = m_worker.catalog();
        m_endpoint = isUnderstood ? endpointOf(head, api && api->serves(head.path()))
                                  : Endpoint{.dialect = dialect};
        m_headOnly = isUnderstood && head.method == "HEAD";
    }
    m_closeAfter = true;
    if (m_requestId.isEmpty())
        m_requestId = m_worker.ids().next();
    Refusal said = refusal(refused.status, refused.code, QString::fromUtf8(refused.message));
    // What others hold of the store ends with their requests.
    if (refused.code == QByteArrayView(http::refusals::bodyNotStored.code))
        said.retryAfter = std::chrono::seconds(1);
    refuse(said);
}

} // namespace gatehouse::gateway
