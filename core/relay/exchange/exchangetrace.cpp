// How an exchange stands in the trace of its client. While traces are off nothing of it is read.
#include "relay/exchange/exchange.h"

#include "domain/spanids.h"
#include "protocol/tracecontext.h"

namespace gatehouse::relay {

void Exchange::beginTrace()
{
    m_trace.reset();
    if (!settings().integrations.exportsTraces())
        return;
    m_trace = domain::RequestTrace{.parent = protocol::traceContextOf(*m_request.headers),
                                   .parameters = m_request.peek.parameters,
                                   .maxOutputTokens = m_request.peek.maxOutputTokens};
}

// Of the attempt that is noted last. A client without a trace gets none made for its provider.
std::optional<ForwardedTrace> Exchange::forwardedTrace() const
{
    if (!m_trace)
        return std::nullopt;
    if (!m_trace->parent)
        return ForwardedTrace{};
    const QByteArray span = domain::SpanIds(m_request.requestId).attempt(m_notes.size() - 1);
    return ForwardedTrace{.parent = protocol::traceparent(*m_trace->parent, span),
                          .state = m_trace->parent->state};
}

std::shared_ptr<const domain::RequestTrace> Exchange::toldTrace(bool wasAnswered) const
{
    if (!m_trace)
        return {};
    auto told = std::make_shared<domain::RequestTrace>(*m_trace);
    if (wasAnswered) {
        told->responseId = m_attempt.withoutSecrets(m_attempt.responseId());
        told->responseModel = m_attempt.withoutSecrets(m_attempt.responseModel());
    }
    return told;
}

} // namespace gatehouse::relay
