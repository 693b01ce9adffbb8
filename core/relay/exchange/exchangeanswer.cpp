// What an exchange tells its client in words of its own.
#include "relay/exchange/exchange.h"

#include "base/logging.h"
#include "protocol/errorbody.h"
#include "protocol/requestheaders.h"
#include "relay/exchange/answerdetails.h"
#include "relay/requestid.h"

#include <algorithm>

namespace gatehouse::relay {

using protocol::Operation;
using protocol::StreamForm;

http::Headers &Exchange::identifyingFields()
{
    m_fields.clear();
    m_fields.add("X-Request-Id", idForClient(m_request.requestId));
    m_fields.add("X-Oneapi-Request-Id", m_request.requestId);
    if (protocol::dialectOf(m_request.peek.operation) == domain::Dialect::Anthropic)
        m_fields.add("request-id", m_request.requestId);
    if (m_cache.result != domain::CacheResult::None)
        m_fields.add("X-Gatehouse-Cache", domain::nameOf(m_cache.result));
    return m_fields;
}

// How the answer came about.
void Exchange::addDetails(http::Headers &fields, Details which) const
{
    if (!settings().relay.answerDetails || m_notes.empty())
        return;
    const qint64 now = noted(m_context.clock.steadyNow());
    qint64 upstream = 0;
    for (const domain::AttemptNote &note : m_notes)
        upstream += std::max<qint64>(0, (note.endedAt < 0 ? now : note.endedAt) - note.startedAt);
    AnswerDetails details{.gateway = std::max<qint64>(0, now - upstream)};
    if (which == Details::BeforeAnswer) {
        addAnswerDetails(details, fields);
        return;
    }
    const QByteArray &asked = m_request.peek.model;
    const QByteArray served = m_route.channel->providerModel(asked);
    details.channel = m_route.channel->channel.id;
    details.attempts = m_attempts;
    if (m_request.peek.isModelReplaced || served != asked)
        details.model = served;
    details.upstream = upstream;
    if (which == Details::OfStream)
        details.firstByte = now;
    addAnswerDetails(details, fields);
}

// Those of the token, if it has any.
bool Exchange::addOwnLimits(http::Headers &fields) const
{
    const domain::Token &token = m_request.caller.token->token;
    if (token.requestsPerMinute <= 0 && token.tokensPerMinute <= 0)
        return false;
    const std::chrono::sys_seconds now(
        std::chrono::seconds(m_context.clock.wallMilliseconds() / 1000));
    protocol::addRateLimits(protocol::dialectOf(m_request.peek.operation),
                            m_context.admission.rateLimits(m_request.caller),
                            now,
                            fields);
    return true;
}

// A client with limits of its own would take those of an account for them.
void Exchange::addProviderFields(const http::ResponseHead &head, http::Headers &fields) const
{
    const bool hasOwn = addOwnLimits(fields);
    protocol::addReturnedFields(
        head.headers,
        fields,
        [this](QByteArrayView value) { return m_attempt.masked(value); },
        hasOwn ? protocol::ProviderLimits::Withhold : protocol::ProviderLimits::Pass);
    if (!hasOwn || !base::lcRelay().isDebugEnabled())
        return;
    for (qsizetype i = 0; i < head.headers.size(); ++i) {
        const http::Field field = head.headers.at(i);
        if (!protocol::tellsRateLimit(field.name))
            continue;
        qCDebug(base::lcRelay).noquote()
            << "request" << m_request.requestId << "through channel"
            << m_route.channel->channel.id.value << "was told" << field.name.toByteArray() << ":"
            << m_attempt.masked(field.value).value_or(field.value.toByteArray());
    }
}

// Some providers repeat the key of the channel in what they say.
QByteArray Exchange::withoutKey(QByteArray words) const
{
    return m_attempt.withoutSecrets(std::move(words));
}

// The client's own mistake is told in the provider's words: client libraries act on their wording.
void Exchange::passRefusalOn()
{
    const http::ResponseHead &head = *m_attempt.refusalHead();
    const QByteArray body = withoutKey(m_attempt.refusalBody());
    const QByteArray text = body.trimmed();
    // Google puts its errors into an array where one was asked for.
    const bool isArray = m_request.peek.form == StreamForm::Array && text.startsWith('[');
    if (!text.startsWith('{') && !isArray) {
        refuse(m_lastFailure->answer);
        return;
    }
    http::Headers &fields = identifyingFields();
    addDetails(fields, Details::OfDocument);
    addProviderFields(head, fields);
    m_answerBegan = true;
    m_downstream->begin(head.status, fields, body.size());
    m_downstream->write(body);
}

void Exchange::refuse(const Refusal &refusal)
{
    if (!m_downstream)
        return;
    if (m_answerBegan) {
        writeErrorEvent(refusal);
        m_downstream->flush();
        std::exchange(m_downstream, nullptr)->cut();
        return;
    }
    const domain::Dialect dialect = protocol::dialectOf(m_request.peek.operation);
    const QByteArray body = protocol::errorBody(dialect,
                                                {.status = refusal.status,
                                                 .code = refusal.code,
                                                 .message = refusal.message.english(),
                                                 .requestId = m_request.requestId});
    http::Headers &fields = identifyingFields();
    addDetails(fields, Details::OfDocument);
    addOwnLimits(fields);
    fields.add("Content-Type", "application/json");
    if (refusal.retryAfter)
        fields.add("Retry-After", refusal.retryAfterText());
    if (!refusal.worthRetrying)
        fields.add("X-Should-Retry", "false");
    m_answerBegan = true;
    m_downstream->begin(refusal.status, fields, body.size());
    m_downstream->write(body);
}

void Exchange::writeErrorEvent(const Refusal &refusal)
{
    const protocol::ClientError error{.status = refusal.status,
                                      .code = refusal.code,
                                      .message = refusal.message.english(),
                                      .requestId = m_request.requestId};
    const Operation operation = m_request.peek.operation;
    if (m_request.peek.form == StreamForm::Array) {
        m_downstream->write(
            protocol::streamErrorObject(protocol::dialectOf(operation), error, !m_contentBegan));
    } else {
        m_downstream->write(protocol::streamErrorEvent(operation, error));
    }
}

// A sign of life must never hide that the provider is gone: it is given only while the provider's
// end of the connection proves itself, which is looked at again soon.
void Exchange::giveSignOfLife()
{
    constexpr std::chrono::milliseconds nextLook{1'000};
    if (!m_paused && !m_attempt.isProviderAlive()) {
        m_keepAlive.start(std::min(nextLook, settings().relay.keepAliveInterval));
        return;
    }
    m_keepAlive.start(settings().relay.keepAliveInterval);
    if (m_paused)
        return;
    if (!m_answerBegan)
        beginStreamEarly();
    m_downstream->write(
        protocol::keepAlive(protocol::dialectOf(m_request.peek.operation), m_request.peek.form));
    m_downstream->flush();
    m_headSent = true;
}

void Exchange::beginStreamEarly()
{
    m_answerBegan = true;
    http::Headers &fields = identifyingFields();
    addDetails(fields, Details::BeforeAnswer);
    addOwnLimits(fields);
    const StreamForm form = m_request.peek.form;
    fields.add("Content-Type",
               form == StreamForm::Array ? "application/json; charset=UTF-8"
                                         : "text/event-stream; charset=utf-8");
    fields.add("Cache-Control", "no-cache");
    fields.add("X-Accel-Buffering", "no");
    m_downstream->begin(200, fields, -1);
    const QByteArrayView opening = protocol::streamOpening(form);
    m_downstream->write(opening);
    m_isOpened = !opening.isEmpty();
}

} // namespace gatehouse::relay
