// What an exchange writes into the ledger.
#include "relay/exchange.h"

#include "relay/tokenmeter.h"

namespace gatehouse::relay {

using domain::EndReason;
using domain::Usage;
using protocol::Operation;

Usage Exchange::billedUsage() const
{
    const protocol::Peek &peek = m_request.peek;
    Usage usage = m_attempt.usage();
    if (!protocol::isCharged(peek.operation))
        return usage;
    if (peek.operation == Operation::Speech) {
        usage.characters = peek.speechCharacters;
        return usage;
    }
    if (peek.operation == Operation::ImageGenerations && usage.images == 0)
        usage.images = peek.choices;
    const QByteArray model = m_route.channel->providerModel(peek.model);
    // A stream that broke off tells its input at most, so what was delivered is counted.
    if (m_attempt.usageCoversOutput())
        return usage;
    if (usage.input == 0) {
        const QByteArrayView body =
            m_downstream || m_request.body ? m_request.body->whole() : QByteArrayView();
        usage.input = m_context.meter.promptTokens(body, model);
    }
    usage.output = std::max(usage.output, m_context.meter.textTokens(m_attempt.text(), model));
    usage.source = domain::UsageSource::Counted;
    return usage;
}

// What is known from the beginning, and what has happened by now.
domain::UsageRecord Exchange::identity() const
{
    const domain::CatalogToken &token = *m_request.caller.token;
    const protocol::Peek &peek = m_request.peek;
    const http::Headers &fields = *m_request.headers;
    const QByteArrayView operation = protocol::nameOf(peek.operation); // a literal
    return {.requestId = m_request.requestId,
            .kind = domain::RecordKind::Failure,
            .createdAt = m_context.clock.wallMilliseconds(),
            .userId = token.user->id,
            .username = token.username,
            .tokenId = token.token.id,
            .tokenName = token.name,
            .channelId = m_route.channel ? m_route.channel->channel.id : domain::ChannelId{},
            .channelKeyId = m_route.key ? m_route.key->id : 0,
            .model = peek.model,
            .providerModel =
                m_route.channel ? m_route.channel->providerModel(peek.model) : QByteArray(),
            .group = token.group->name,
            .operation = QByteArray::fromRawData(operation.data(), operation.size()),
            .tokenIsUnlimited = token.token.unlimited,
            .stream = wantsStream(),
            .attempts = m_attempts,
            .elapsedMilliseconds = elapsed(),
            .firstByteMilliseconds = m_firstByteMilliseconds,
            .clientAddress = m_request.clientAddress,
            .client = m_context.clients.of(fields.value("user-agent").value_or(QByteArrayView())),
            .session = sessionOf(fields, peek.session),
            .attemptLog = domain::attemptLog(m_notes)};
}

void Exchange::addPrice(domain::UsageRecord &line) const
{
    const protocol::Peek &peek = m_request.peek;
    if (!protocol::isCharged(peek.operation))
        return;
    const AppliedPrice applied = priceFor(*m_request.catalog, *m_route.channel, peek.model);
    line.unpriced = applied.unpriced;
    line.cost = domain::costOf(line.usage,
                               applied.price,
                               factorsFor(*m_request.caller.token->group, *m_route.channel),
                               {.size = peek.imageSize, .quality = peek.imageQuality});
    line.charge = line.cost.charge();
}

domain::UsageRecord Exchange::record(EndReason reason, int status, QByteArray errorCode) const
{
    domain::UsageRecord line = identity();
    line.httpStatus = status;
    line.end = reason;
    line.errorCode = std::move(errorCode);
    const bool left = reason == EndReason::ClientGone || reason == EndReason::ShutDown
                      || reason == EndReason::Cancelled;
    // A request that was answered, even in part, or that a provider worked on until its client left.
    if (!m_contentBegan && !(left && m_sent))
        return line;
    line.kind = domain::RecordKind::Consumption;
    line.usage = billedUsage();
    line.finishReason = m_attempt.finishReason();
    addPrice(line);
    return line;
}

} // namespace gatehouse::relay
