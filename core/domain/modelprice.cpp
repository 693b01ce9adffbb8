#include "domain/modelprice.h"

namespace gatehouse::domain {

bool namesModel(QByteArrayView pattern, QByteArrayView model)
{
    const qsizetype star = pattern.indexOf('*');
    if (star < 0)
        return pattern == model;
    if (!model.startsWith(pattern.first(star)))
        return false;
    // Each part goes to the first place that it fits; the last one must end the name.
    QByteArrayView left = model.sliced(star);
    QByteArrayView rest = pattern.sliced(star + 1);
    for (qsizetype next = rest.indexOf('*'); next >= 0; next = rest.indexOf('*')) {
        const QByteArrayView part = rest.first(next);
        const qsizetype at = left.indexOf(part);
        if (at < 0)
            return false;
        left = left.sliced(at + part.size());
        rest = rest.sliced(next + 1);
    }
    return left.endsWith(rest);
}

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
