#include "domain/modelprice.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::domain {

namespace {

constexpr std::chrono::hours lengthOfDay{24};

} // namespace

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

bool PriceWindow::covers(std::chrono::minutes ofDay) const
{
    return from < until ? from <= ofDay && ofDay < until : from <= ofDay || ofDay < until;
}

bool PriceWindow::overlaps(const PriceWindow &other) const
{
    return covers(other.from) || other.covers(from);
}

bool PriceWindow::isSound() const
{
    const auto isOfDay = [](std::chrono::minutes minute) {
        return minute >= std::chrono::minutes(0) && minute < lengthOfDay;
    };
    return isOfDay(from) && isOfDay(until) && from != until;
}

std::chrono::minutes minuteOfDay(qint64 milliseconds)
{
    std::chrono::milliseconds since = std::chrono::milliseconds(milliseconds) % lengthOfDay;
    if (since.count() < 0)
        since += lengthOfDay;
    return std::chrono::duration_cast<std::chrono::minutes>(since);
}

ModelPrice ModelPrice::at(qint64 milliseconds) const
{
    ModelPrice price = *this;
    price.windows.clear();
    if (windows.empty())
        return price;
    const std::chrono::minutes minute = minuteOfDay(milliseconds);
    for (const PriceWindow &window : windows) {
        if (!window.covers(minute))
            continue;
        price.tokens = window.tokens;
        price.tiers = window.tiers;
        break;
    }
    return price;
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

PriceState stateOf(const ModelPrice &price, const std::vector<ModelPrice> &all, qint64 milliseconds)
{
    if (!price.hasBegun(milliseconds))
        return PriceState::Future;
    const bool isFormer = std::any_of(all.begin(), all.end(), [&](const ModelPrice &other) {
        return other.effectiveFrom > price.effectiveFrom && other.hasBegun(milliseconds)
               && other.model == price.model && other.channel == price.channel;
    });
    return isFormer ? PriceState::Former : PriceState::InForce;
}

std::vector<ModelPrice> pricesInForce(const std::vector<ModelPrice> &all, qint64 milliseconds)
{
    std::vector<ModelPrice> inForce;
    std::copy_if(all.begin(), all.end(), std::back_inserter(inForce), [&](const ModelPrice &price) {
        return stateOf(price, all, milliseconds) == PriceState::InForce;
    });
    return inForce;
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
