#include "domain/pricing.h"

#include <cmath>

namespace gatehouse::domain {

namespace {

qint64 priceOf(qint64 count, UnitPrice price)
{
    return saturatedProduct(count, price.picoDollars);
}

// pico x millionths / 1e6 in two steps, so that it neither overflows nor loses the remainder.
qint64 scaled(qint64 pico, qint64 millionths)
{
    constexpr qint64 million = 1'000'000;
    if (millionths == million)
        return pico;
    const qint64 whole = saturatedProduct(pico / million, millionths);
    const qint64 rest = saturatedProduct(pico % million, millionths);
    return saturatedSum(whole, rest / million + (rest % million ? 1 : 0));
}

} // namespace

Cost costOf(const Usage &usage,
            const ModelPrice &price,
            qint64 groupRatioMillionths,
            const ImageOrder &image)
{
    const TokenPrices &tokens = price.tokensFor(usage.input);
    const UnitPrice write = tokens.cacheWrite.value_or(tokens.input);
    const qint64 plainInput = std::max<qint64>(0,
                                               usage.input - usage.cacheRead - usage.cacheWrite
                                                   - usage.cacheWriteLong - usage.inputAudio);
    const qint64 plainOutput =
        std::max<qint64>(0, usage.output - usage.reasoning - usage.outputAudio);

    qint64 pico = price.perCall.picoDollars;
    const auto add = [&pico](qint64 count, UnitPrice unit) {
        pico = saturatedSum(pico, priceOf(count, unit));
    };
    add(plainInput, tokens.input);
    add(usage.cacheRead, tokens.cacheRead.value_or(tokens.input));
    add(usage.cacheWrite, write);
    add(usage.cacheWriteLong, tokens.cacheWriteLong.value_or(write));
    add(usage.inputAudio, tokens.inputAudio.value_or(tokens.input));
    add(plainOutput, tokens.output);
    add(usage.reasoning, tokens.reasoning.value_or(tokens.output));
    add(usage.outputAudio, tokens.outputAudio.value_or(tokens.output));
    add(usage.images, price.imagePrice(image.size, image.quality));
    add(usage.characters, price.perCharacter);

    pico = scaled(pico, groupRatioMillionths);
    constexpr qint64 picoPerNano = 1000;
    return {pico <= 0 ? 0 : (pico - 1) / picoPerNano + 1};
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
