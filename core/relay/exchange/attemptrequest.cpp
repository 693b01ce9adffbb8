// The part of an attempt that composes what is sent.
#include "relay/exchange/attempt.h"

#include "http/append.h"
#include "protocol/requestheaders.h"
#include "protocol/tracecontext.h"
#include "relay/exchange/hops.h"

namespace gatehouse::relay {

using base::Result;

namespace {

// Room for a body that is sent in one piece with its head.
constexpr qint64 joinedBytes = 64 * 1024;

void appendField(QByteArray &head, QByteArrayView name, QByteArrayView value)
{
    if (!http::isFieldName(name) || !http::isFieldValue(value))
        return;
    http::appendAll(head, {name, ": ", value, "\r\n"});
}

bool overrides(const CompiledChannel &target, QByteArrayView name)
{
    return std::any_of(target.headerOverrides.begin(),
                       target.headerOverrides.end(),
                       [name](const auto &item) { return http::equalNames(item.first, name); });
}

// What is changed of any body, whatever the channel.
std::vector<protocol::Edit> editsFor(const protocol::Peek &peek,
                                     const domain::CatalogChannel &channel)
{
    std::vector<protocol::Edit> edits;
    const QByteArray model = channel.providerModel(peek.model);
    if (model != peek.model || peek.isModelReplaced)
        edits = protocol::editModel(peek, model);
    if (channel.type->takesStreamOptions) {
        if (auto edit = protocol::editIncludeUsage(peek))
            edits.push_back(std::move(*edit));
    }
    return edits;
}

} // namespace

bool rewritesBody(const CompiledChannel &target, const domain::CatalogChannel &channel)
{
    return !channel.channel.bodyOverrides.isEmpty() || !target.systemPrompt.isEmpty();
}

Result<QByteArray> rewrittenBody(QByteArrayView body,
                                 const protocol::Peek &peek,
                                 const CompiledChannel &target,
                                 const domain::CatalogChannel &channel)
{
    return protocol::withOverrides(protocol::spliced(body, editsFor(peek, channel)),
                                   channel.channel.bodyOverrides,
                                   target.systemPrompt,
                                   peek.operation);
}

Result<> Attempt::composeBody(upstream::Call &call) const
{
    const domain::CatalogChannel &channel = *m_request.route.channel;
    http::BodySource &source = *m_request.body;
    if (m_request.rewritten) {
        call.body = *m_request.rewritten;
        return {};
    }
    if (rewritesBody(*m_request.target, channel)) {
        return rewrittenBody(source.whole(), *m_request.peek, *m_request.target, channel)
            .map([&call](QByteArray body) { call.body = std::move(body); });
    }
    std::vector<protocol::Edit> edits = editsFor(*m_request.peek, channel);
    if (source.isInMemory()) {
        const QByteArrayView whole = source.whole();
        call.body = edits.empty() ? QByteArray::fromRawData(whole.data(), whole.size())
                                  : protocol::spliced(whole, std::move(edits));
        return {};
    }
    // Of a long body only the part up to the last change is made anew; the rest is sent from the
    // file.
    qsizetype changedUpTo = 0;
    for (const protocol::Edit &edit : edits)
        changedUpTo = std::max(changedUpTo, edit.offset + edit.length);
    if (!edits.empty())
        call.body = protocol::spliced(source.whole().first(changedUpTo), std::move(edits));
    call.spooled = &source;
    call.spooledFrom = changedUpTo;
    return {};
}

Result<QByteArray> Attempt::composeHead(qint64 contentLength) const
{
    const CompiledChannel &target = *m_request.target;
    const domain::CatalogChannel &channel = *m_request.route.channel;
    const QByteArray model = channel.providerModel(m_request.peek->model);
    HeadCache::Place place{.operation = m_request.peek->operation,
                           .key = m_request.route.key,
                           .model = model,
                           .form = m_request.peek->form};
    if (m_request.clientHeaders)
        place.version =
            m_request.clientHeaders->value("anthropic-version").value_or(QByteArrayView());
    const QByteArray *begin = target.heads.find(place);
    if (!begin) {
        Result<QByteArray> composed = composeHeadBegin(place);
        if (!composed)
            return composed;
        begin = &target.heads.keep(place, std::move(*composed));
    }

    QByteArray head;
    constexpr qsizetype usualClientBytes = 512;
    head.reserve(begin->size() + usualClientBytes + std::min(contentLength, joinedBytes));
    head.append(*begin);
    appendField(head, "Content-Length", QByteArray::number(contentLength));
    if (m_request.clientHeaders) {
        const domain::Dialect dialect = typeFor(channel, place.operation).dialect;
        const http::Headers &client = *m_request.clientHeaders;
        for (qsizetype i = 0; i < client.size(); ++i) {
            const http::Field field = client.at(i);
            const bool ours = http::equalNames(field.name, "content-type")
                              || http::equalNames(field.name, "anthropic-version")
                              || http::equalNames(field.name, "accept-encoding")
                              || (m_request.trace && protocol::isTraceField(field.name));
            const bool passes = http::equalNames(field.name, hopField)
                                    ? target.isOwnAddress
                                    : protocol::forwardsToProvider(dialect, field.name);
            if (!ours && passes && !overrides(target, field.name))
                appendField(head, field.name, field.value);
        }
    }
    if (m_request.trace) {
        if (!m_request.trace->parent.isEmpty() && !overrides(target, "traceparent"))
            appendField(head, "traceparent", m_request.trace->parent);
        if (!m_request.trace->state.isEmpty() && !overrides(target, "tracestate"))
            appendField(head, "tracestate", m_request.trace->state);
    }
    head.append("\r\n");
    return head;
}

// What does not depend on the body, nor on what the client adds.
Result<QByteArray> Attempt::composeHeadBegin(const HeadCache::Place &place) const
{
    const CompiledChannel &target = *m_request.target;
    protocol::ProviderAccount account = target.account;
    account.base = &target.base;
    account.type = &typeFor(*m_request.route.channel, place.operation);
    static const base::Secret none;
    const base::Secret &key = place.key ? place.key->secret : none;
    const Result<protocol::ProviderTarget> where = protocol::providerTarget(
        account, place.operation, place.model, key, place.version, place.form);
    if (!where)
        return base::fail(where.error());

    QByteArray head;
    http::appendAll(head, {"POST ", where->path, " HTTP/1.1\r\n"});
    appendField(head, "Host", where->hostHeader);
    for (const auto &[name, value] : where->headers) {
        if (!overrides(target, name))
            appendField(head, name, value);
    }
    if (!overrides(target, "content-type"))
        appendField(head, "Content-Type", "application/json");
    // Bytes pass as they are: what is not compressed needs not be unpacked to be read along.
    if (!overrides(target, "accept-encoding"))
        appendField(head, "Accept-Encoding", "identity");
    if (target.isOwnAddress && !m_request.hop.isEmpty() && !overrides(target, hopField))
        appendField(head, hopField, m_request.hop);
    for (const auto &[name, value] : target.headerOverrides)
        appendField(head, name, value);
    return head;
}

} // namespace gatehouse::relay
