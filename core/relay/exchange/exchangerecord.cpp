// What an exchange writes into the ledger.
#include "relay/exchange/exchange.h"

#include "relay/admission/tokenmeter.h"

namespace gatehouse::relay {

using domain::EndReason;
using domain::Usage;
using protocol::Operation;

// What is known without counting.
Usage Exchange::toldUsage() const
{
    const protocol::Peek &peek = m_request.peek;
    Usage usage = m_attempt.usage();
    if (!protocol::isCharged(peek.operation))
        return usage;
    if (peek.operation == Operation::Speech)
        usage.characters = peek.speechCharacters;
    else if (peek.operation == Operation::ImageGenerations && usage.images == 0)
        usage.images = peek.choices;
    return usage;
}

// A stream that broke off tells its input at most, so what was delivered is counted.
bool Exchange::mustCount() const
{
    const Operation operation = m_request.peek.operation;
    if (!protocol::isCharged(operation))
        return false;
    if (operation == Operation::Speech)
        return !m_attempt.usageCoversOutput() && isMediaPaidByTokens();
    // That pictures were made is told without what they cost.
    if (operation == Operation::ImageGenerations && m_attempt.usage().output == 0
        && isMediaPaidByTokens())
        return true;
    return isInputMissing() || !isOutputTold();
}

// A figure of zero, or none: whatever was answered was read.
bool Exchange::isInputMissing() const
{
    return protocol::answersWithText(m_request.peek.operation) && m_attempt.usage().input == 0;
}

bool Exchange::isOutputTold() const
{
    const Usage &told = m_attempt.usage();
    // A completion of no tokens repeats its prompt.
    const bool wantsNone = m_request.peek.maxOutputTokens == 0;
    return m_attempt.usageCoversOutput()
           || (wantsNone && told.source == domain::UsageSource::Provider);
}

bool Exchange::isMediaPaidByTokens() const
{
    const protocol::Peek &peek = m_request.peek;
    return relay::isMediaPaidByTokens(
        priceFor(*m_request.catalog, *m_route.channel, peek.model, m_begunAt).price,
        peek.operation);
}

// Of pictures, speech, and documents that were too long to be read.
qint64 Exchange::unreadTokens() const
{
    constexpr qint64 bytesPerToken = 4;
    const protocol::Peek &peek = m_request.peek;
    if (peek.operation == Operation::Speech)
        return isMediaPaidByTokens() ? speechTokens(peek) : 0;
    if (peek.operation == Operation::ImageGenerations) {
        return isMediaPaidByTokens()
                   ? domain::saturatedProduct(pictureTokens(peek), m_line.usage.images)
                   : 0;
    }
    if (!hasOutputTokens(peek.operation))
        return 0;
    qint64 pictures = m_attempt.pictures();
    qint64 ofDocument = 0;
    if (m_attempt.isUnreadData()) {
        pictures = std::max(pictures, peek.choices);
    } else if (const qint64 bytes = m_attempt.unreadBytes(); bytes > 0) {
        ofDocument = bytes / bytesPerToken;
        // Nobody makes more than was asked for.
        if (peek.maxOutputTokens) {
            ofDocument =
                std::min(ofDocument, domain::saturatedProduct(*peek.maxOutputTokens, peek.choices));
        }
    }
    return domain::saturatedSum(domain::saturatedProduct(pictures, pictureTokens(peek)),
                                ofDocument);
}

TokenCount Exchange::missingCount() const
{
    TokenCount count{.told = m_line.usage,
                     .text = m_attempt.text(),
                     .textBytes = m_attempt.textBytes(),
                     .unreadTokens = unreadTokens(),
                     .model = m_route.channel->providerModel(m_request.peek.model)};
    if (count.told.input == 0 && m_request.body) {
        count.source = m_request.body;
        count.body = count.source->whole();
    }
    if (protocol::answersWithText(m_request.peek.operation) && isOutputTold()) {
        // Only the input is missing.
        count.text.clear();
        count.textBytes = count.unreadTokens = 0;
    }
    return count;
}

Usage TokenCount::made(const TokenMeter &meter) const
{
    Usage usage = told;
    if (usage.input == 0)
        usage.input = meter.promptTokens(body, model);
    qint64 tokens = meter.textTokens(text, model);
    if (!text.isEmpty() && textBytes > text.size())
        tokens = domain::saturatedProduct(tokens, textBytes) / text.size();
    tokens = std::min(Usage::largest, domain::saturatedSum(tokens, unreadTokens));
    usage.output = std::max(usage.output, tokens);
    usage.source = domain::UsageSource::Counted;
    return usage;
}

bool TokenCount::isLong(const TokenMeter &meter) const
{
    // A millisecond or two.
    constexpr qsizetype fewBytes = 16 * 1024;
    return body.size() + text.size() > fewBytes || !meter.isReady(model);
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
            .providerModel = m_route.channel  ? m_route.channel->providerModel(peek.model)
                             : m_cache.answer ? m_cache.answer->providerModel
                                              : QByteArray(),
            .group = token.group->name,
            .operation = QByteArray::fromRawData(operation.data(), operation.size()),
            .tokenIsUnlimited = token.token.unlimited,
            .stream = wantsStream(),
            .attempts = m_attempts,
            .cache = m_cache.result,
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
    const AppliedPrice applied =
        priceFor(*m_request.catalog, *m_route.channel, peek.model, m_begunAt);
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
    // A request that was answered, even in part, or that a provider has and works on until its client
    // leaves.
    constexpr int firstRefusal = 300;
    const bool isWorkedOn =
        m_attempt.timing().sent != base::SteadyTime{} && m_attempt.status() < firstRefusal;
    const bool wasAnswered = m_contentBegan || (left && isWorkedOn);
    line.trace = toldTrace(wasAnswered);
    if (!wasAnswered)
        return line;
    line.kind = domain::RecordKind::Consumption;
    line.usage = toldUsage();
    line.finishReason = m_cache.answer ? m_cache.answer->finishReason
                                       : m_attempt.withoutSecrets(m_attempt.finishReason());
    return line;
}

} // namespace gatehouse::relay
