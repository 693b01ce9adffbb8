#include "domain/pricing.h"

#include <cmath>

namespace gatehouse::domain {

namespace {

qint64 priceOf(qint64 count, UnitPrice price)
{
    return saturatedProduct(count, price.picoDollars);
}

constexpr qint64 million = 1'000'000;

// A whole number and so many millionths of one.
struct Scaled
{
    qint64 whole = 0;
    qint64 millionths = 0; // below a million
};

// value x millionths / 1e6 in two steps, so that it neither overflows nor loses the remainder.
Scaled scaled(qint64 value, qint64 millionths)
{
    if (millionths == million)
        return {.whole = value};
    const qint64 whole = saturatedProduct(value / million, millionths);
    const qint64 rest = saturatedProduct(value % million, millionths);
    return {.whole = saturatedSum(whole, rest / million), .millionths = rest % million};
}

// Multiplied by both factors exactly, then rounded up.
qint64 multiplied(qint64 pico, const PriceFactors &factors)
{
    const Scaled once = scaled(pico, factors.groupMillionths);
    // (whole + part / 1e6) x f / 1e6: the whole one's remainder and the part's product meet.
    const Scaled twice = scaled(once.whole, factors.channelMillionths);
    const Scaled part = scaled(once.millionths, factors.channelMillionths);
    const qint64 rest = saturatedSum(twice.millionths, part.whole);
    const bool isMore = rest % million != 0 || part.millionths != 0;
    return saturatedSum(twice.whole, rest / million + (isMore ? 1 : 0));
}

// Up to whole nano-dollars.
Cost roundedUp(qint64 pico)
{
    constexpr qint64 picoPerNano = 1000;
    return {pico <= 0 ? 0 : (pico - 1) / picoPerNano + 1};
}

// Calls `visit(item, count, price of one)` for everything that a request may be charged for.
template<typename Visit>
void visitParts(const Usage &usage, const ModelPrice &price, const ImageOrder &image, Visit visit)
{
    Q_ASSERT(price.windows.empty() && price.isInDollars());
    const TokenPrices &tokens = price.tokensFor(usage.input);
    const UnitPrice write = tokens.cacheWrite.value_or(tokens.input);
    const qint64 plainInput = std::max<qint64>(0,
                                               usage.input - usage.cacheRead - usage.cacheWrite
                                                   - usage.cacheWriteLong - usage.inputAudio);
    const qint64 plainOutput =
        std::max<qint64>(0, usage.output - usage.reasoning - usage.outputAudio);

    visit(CostItem::Call, 1, price.perCall);
    visit(CostItem::Input, plainInput, tokens.input);
    visit(CostItem::CacheRead, usage.cacheRead, tokens.cacheRead.value_or(tokens.input));
    visit(CostItem::CacheWrite, usage.cacheWrite, write);
    visit(CostItem::CacheWriteLong, usage.cacheWriteLong, tokens.cacheWriteLong.value_or(write));
    visit(CostItem::InputAudio, usage.inputAudio, tokens.inputAudio.value_or(tokens.input));
    visit(CostItem::Output, plainOutput, tokens.output);
    visit(CostItem::Reasoning, usage.reasoning, tokens.reasoning.value_or(tokens.output));
    visit(CostItem::OutputAudio, usage.outputAudio, tokens.outputAudio.value_or(tokens.output));
    visit(CostItem::Images,
          usage.images,
          usage.images > 0 ? price.imagePrice(image.size, image.quality) : UnitPrice{});
    visit(CostItem::Characters, usage.characters, price.perCharacter);
}

} // namespace

Cost costOf(const Usage &usage,
            const ModelPrice &price,
            const PriceFactors &factors,
            const ImageOrder &image)
{
    qint64 pico = 0;
    visitParts(usage, price, image, [&pico](CostItem, qint64 count, UnitPrice unit) {
        pico = saturatedSum(pico, priceOf(count, unit));
    });
    return roundedUp(multiplied(pico, factors));
}

std::vector<CostLine> costLines(const Usage &usage,
                                const ModelPrice &price,
                                const PriceFactors &factors,
                                const ImageOrder &image)
{
    std::vector<CostLine> lines;
    qint64 pico = 0;
    Cost before{};
    visitParts(usage, price, image, [&](CostItem item, qint64 count, UnitPrice unit) {
        const bool isMeant = item == CostItem::Call ? unit.picoDollars != 0 : count != 0;
        if (!isMeant)
            return;
        pico = saturatedSum(pico, priceOf(count, unit));
        const Cost sum = roundedUp(multiplied(pico, factors));
        lines.push_back({.item = item,
                         .count = count,
                         .price = unit,
                         .cost = {sum.nanoDollars - before.nanoDollars}});
        before = sum;
    });
    return lines;
}

qint64 clampedCount(double value, bool &anomalous)
{
    if (!std::isfinite(value) || value < 0) {
        anomalous = true;
        return 0;
    }
    if (value > double(Usage::largest)) {
        anomalous = true;
        return Usage::largest;
    }
    const double whole = std::trunc(value);
    if (whole != value)
        anomalous = true;
    return static_cast<qint64>(whole);
}

} // namespace gatehouse::domain
