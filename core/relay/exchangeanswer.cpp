// What an exchange tells its client in words of its own.
#include "relay/exchange.h"

#include "protocol/errorbody.h"
#include "protocol/requestheaders.h"

namespace gatehouse::relay {

using protocol::Operation;
using protocol::StreamForm;

http::Headers &Exchange::identifyingFields()
{
    m_fields.clear();
    m_fields.add("X-Request-Id", m_request.requestId);
    m_fields.add("X-Oneapi-Request-Id", m_request.requestId);
    if (protocol::dialectOf(m_request.peek.operation) == domain::Dialect::Anthropic)
        m_fields.add("request-id", m_request.requestId);
    if (m_cache.result != domain::CacheResult::None)
        m_fields.add("X-Gatehouse-Cache", domain::nameOf(m_cache.result));
    return m_fields;
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
    protocol::addReturnedFields(
        head.headers, fields, [this](QByteArrayView value) { return m_attempt.masked(value); });
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
    fields.add("Content-Type", "application/json");
    if (refusal.retryAfter)
        fields.add("Retry-After", QByteArray::number(qint64(refusal.retryAfter->count())));
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
