#include "relay/exchange/settlement.h"

namespace gatehouse::relay {

using domain::ModelPrice;
using domain::Usage;
using protocol::Operation;

namespace {

// A token of text has seldom more than six bytes, and seldom fewer than two.
constexpr qint64 mostBytesPerToken = 6;
constexpr qint64 leastBytesPerToken = 2;
// What a model may read of an address or a file that it is only told the name of.
constexpr qint64 largeContext = 200'000;
// Pictures and sounds cost less than their base64 would as a text, but how much is not known; no
// context in use is larger.
constexpr qint64 largestContext = 1'000'000;

bool isMedia(Operation operation)
{
    return operation == Operation::ImageGenerations || operation == Operation::Speech;
}

Usage leastUsage(const protocol::Peek &peek)
{
    Usage usage{.input = peek.promptBytes / mostBytesPerToken};
    if (peek.operation == Operation::ImageGenerations)
        usage.images = peek.choices;
    usage.characters = peek.speechCharacters;
    return usage;
}

Usage mostUsage(const protocol::Peek &peek, qint64 assumedOutput)
{
    Usage usage = leastUsage(peek);
    usage.input = std::min(Usage::largest,
                           peek.promptBytes / leastBytesPerToken + 1
                               + std::min(largestContext, peek.dataBytes / leastBytesPerToken)
                               + (peek.hasReferences ? largeContext : 0));
    if (hasOutputTokens(peek.operation) && !isMedia(peek.operation)) {
        usage.output = std::min(
            Usage::largest,
            domain::saturatedProduct(peek.maxOutputTokens.value_or(assumedOutput), peek.choices));
    }
    return usage;
}

// Counts all of `whole` as that part of it which is dearest, if one may be in it that is dearer than what
// is plain.
struct Part
{
    qint64 Usage::*count = nullptr;
    std::optional<domain::UnitPrice> price{};
    bool isPossible = false;
};
void countAsDearest(Usage &usage,
                    qint64 whole,
                    domain::UnitPrice plain,
                    std::initializer_list<Part> parts)
{
    qint64 Usage::*dearest = nullptr;
    qint64 most = plain.picoDollars;
    for (const Part &part : parts) {
        if (part.isPossible && part.price && part.price->picoDollars > most) {
            most = part.price->picoDollars;
            dearest = part.count;
        }
    }
    if (dearest)
        usage.*dearest = whole;
}

// How much of it is cached, thought or heard is known only afterwards.
Usage atDearest(Usage usage, const protocol::Peek &peek, const ModelPrice &price)
{
    const domain::TokenPrices &tokens = price.tokensFor(usage.input);
    const protocol::PriceHints &hints = peek.hints;
    countAsDearest(usage,
                   usage.input,
                   tokens.input,
                   {{&Usage::cacheWrite, tokens.cacheWrite, hints.writesCache},
                    {&Usage::cacheWriteLong, tokens.cacheWriteLong, hints.writesLongCache},
                    {&Usage::inputAudio, tokens.inputAudio, hints.hasSound}});
    countAsDearest(usage,
                   usage.output,
                   tokens.output,
                   {{&Usage::reasoning, tokens.reasoning, !isMedia(peek.operation)},
                    {&Usage::outputAudio,
                     tokens.outputAudio,
                     hints.wantsSound || peek.operation == Operation::Speech}});
    return usage;
}

// A request may be in any tier up to that of so long an input, and a lower one may be the dearer one.
domain::Quota dearestCharge(const Usage &most,
                            const protocol::Peek &peek,
                            const ModelPrice &price,
                            const domain::PriceFactors &factors,
                            const domain::ImageOrder &image)
{
    const auto charge = [&](const Usage &usage) {
        return domain::costOf(atDearest(usage, peek, price), price, factors, image).charge();
    };
    domain::Quota dearest = charge(most);
    for (const domain::PriceTier &tier : price.tiers) {
        if (tier.aboveInputTokens >= most.input)
            break;
        Usage shorter = most;
        shorter.input = tier.aboveInputTokens;
        dearest = std::max(dearest, charge(shorter));
    }
    return dearest;
}

// The output of pictures and of speech at that price.
qint64 mostMediaOutput(const protocol::Peek &peek, const ModelPrice &price)
{
    if (!isMediaPaidByTokens(price, peek.operation))
        return 0;
    // Slow speech is twice as long as usual.
    const qint64 most = peek.operation == Operation::Speech
                            ? domain::saturatedProduct(speechTokens(peek), 2)
                            : domain::saturatedProduct(pictureTokens(peek), peek.choices);
    return std::min(Usage::largest, most);
}

// What a person set for this channel goes before what holds everywhere, and a name before a pattern.
int precedence(const ModelPrice &price)
{
    const bool isOwn = price.channel && price.source == domain::PriceSource::Edited;
    return (isOwn ? 2 : 0) + (price.isPattern() ? 0 : 1);
}

} // namespace

domain::PriceFactors factorsFor(const domain::CatalogGroup &group,
                                const domain::CatalogChannel &channel)
{
    return {.groupMillionths = group.ratioMillionths,
            .channelMillionths = channel.channel.priceRatioMillionths};
}

qint64 pictureTokens(const protocol::Peek &peek)
{
    // OpenAI's pictures of the usual sizes have some 400, 1,600 and 6,200 tokens by quality, and a few
    // hundred more for those that are shown before they are done.
    constexpr qint64 low = 1'000;
    constexpr qint64 medium = 2'500;
    constexpr qint64 high = 8'000;
    // Gemini's largest, and what other models draw within a chat.
    constexpr qint64 withinChat = 2'600;
    switch (peek.operation) {
    case Operation::ImageGenerations:
        if (peek.imageQuality == "low")
            return low;
        return peek.imageQuality == "medium" ? medium : high;
    case Operation::Responses:
        return high;
    default:
        return withinChat;
    }
}

qint64 speechTokens(const protocol::Peek &peek)
{
    // A minute has some 1,250 tokens, and is read from 900 bytes of English or 800 of Chinese.
    return std::min(Usage::largest, peek.speechBytes + peek.speechBytes / 2 + 1);
}

bool isMediaPaidByTokens(const ModelPrice &price, Operation operation)
{
    if (price.tokens.output.picoDollars == 0)
        return false;
    return operation == Operation::Speech
               ? price.perCharacter.picoDollars == 0
               : operation == Operation::ImageGenerations && price.perImage.isEmpty();
}

bool hasOutputTokens(Operation operation)
{
    switch (operation) {
    case Operation::Embeddings:
    case Operation::Moderations:
    case Operation::EmbedContent:
    case Operation::BatchEmbedContents:
        return false;
    default:
        return true;
    }
}

AppliedPrice priceFor(const domain::Catalog &catalog,
                      const domain::CatalogChannel &channel,
                      const QByteArray &model,
                      qint64 begunAt)
{
    return priceFor(catalog, channel, model, channel.providerModel(model), begunAt);
}

const ModelPrice *listedPrice(const domain::Catalog &catalog,
                              const domain::CatalogChannel &channel,
                              const QByteArray &model,
                              const QByteArray &providerModel,
                              qint64 at)
{
    const domain::ChannelId id = channel.channel.id;
    const ModelPrice *price = catalog.price(id, providerModel, at);
    if (model != providerModel) {
        const ModelPrice *requested = catalog.price(id, model, at);
        if (requested && (!price || precedence(*requested) > precedence(*price)))
            price = requested;
    }
    return price;
}

AppliedPrice priceFor(const domain::Catalog &catalog,
                      const domain::CatalogChannel &channel,
                      const QByteArray &model,
                      const QByteArray &providerModel,
                      qint64 begunAt)
{
    const ModelPrice *price = listedPrice(catalog, channel, model, providerModel, begunAt);
    if (price && price->isInDollars())
        return {.price = price->at(begunAt)};
    // One that cannot be told in dollars is none, but was given for a reason.
    if (!price && channel.type->local)
        return {};
    const domain::Settings::Accounting &settings = catalog.settings().accounting;
    AppliedPrice applied{.unpriced = true};
    switch (settings.unpriced) {
    case domain::UnpricedPolicy::ServeFree:
        break;
    case domain::UnpricedPolicy::Refuse:
        applied.refused = true;
        break;
    case domain::UnpricedPolicy::ChargeDefault:
        applied.price.tokens.input =
            domain::UnitPrice::fromDollarsPerMillion(settings.defaultInputPrice);
        applied.price.tokens.output =
            domain::UnitPrice::fromDollarsPerMillion(settings.defaultOutputPrice);
        applied.price.source = domain::PriceSource::Default;
        break;
    }
    return applied;
}

Estimate estimateFor(const domain::Catalog &catalog,
                     const domain::CatalogGroup &group,
                     const domain::Candidates &candidates,
                     const protocol::Peek &peek,
                     qint64 begunAt)
{
    Estimate estimate;
    if (!protocol::isCharged(peek.operation))
        return estimate;
    const Usage least = leastUsage(peek);
    Usage most = mostUsage(peek, catalog.settings().accounting.reservedOutputTokens);
    const domain::ImageOrder image{.size = peek.imageSize, .quality = peek.imageQuality};
    for (const domain::CatalogChannel *channel : candidates) {
        if (!channel->channel.isEnabled())
            continue;
        const ModelPrice price = priceFor(catalog, *channel, peek.model, begunAt).price;
        const domain::PriceFactors factors = factorsFor(group, *channel);
        if (isMedia(peek.operation))
            most.output = mostMediaOutput(peek, price);
        estimate.least =
            std::max(estimate.least, domain::costOf(least, price, factors, image).charge());
        estimate.most = std::max(estimate.most, dearestCharge(most, peek, price, factors, image));
    }
    return estimate;
}

} // namespace gatehouse::relay
