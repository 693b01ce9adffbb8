#include "domain/modelprice.h"

namespace gatehouse::domain {

const TokenPrices &ModelPrice::tokensFor(qint64 inputTokens) const
{
    const TokenPrices *applying = &tokens;
    for (const PriceTier &tier : tiers) {
        if (inputTokens > tier.aboveInputTokens)
            applying = &tier.tokens;
    }
    return *applying;
}

UnitPrice ModelPrice::imagePrice(const QByteArray &size, const QByteArray &quality) const
{
    for (const QByteArray &name : {QByteArray(size + '/' + quality), size, QByteArray()}) {
        if (const auto found = perImage.constFind(name); found != perImage.cend())
            return *found;
    }
    return {};
}

} // namespace gatehouse::domain
