#pragma once

#include "domain/channel.h"
#include "domain/quota.h"

#include <QByteArray>
#include <QMap>

#include <chrono>
#include <optional>
#include <vector>

namespace gatehouse::domain {

// The prices of tokens. What is absent is charged as the plain input or output is.
struct TokenPrices
{
    UnitPrice input{};
    UnitPrice output{};
    std::optional<UnitPrice> cacheRead{};
    std::optional<UnitPrice> cacheWrite{};
    std::optional<UnitPrice> cacheWriteLong{};
    std::optional<UnitPrice> reasoning{};
    std::optional<UnitPrice> inputAudio{};
    std::optional<UnitPrice> outputAudio{};

    bool operator==(const TokenPrices &) const = default;
};

// Other prices for requests whose input is longer than `aboveInputTokens`.
struct PriceTier
{
    qint64 aboveInputTokens = 0;
    TokenPrices tokens{};

    bool operator==(const PriceTier &) const = default;
};

// Other prices for requests that begin within certain hours of each day, UTC: from the minute `from` of the
// day on, until before `until`, which is of the next day if it is not after `from`.
struct PriceWindow
{
    std::chrono::minutes from{}; // 0 to 1439, as `until`
    std::chrono::minutes until{};
    TokenPrices tokens{};
    std::vector<PriceTier> tiers{}; // within these hours; those of the rest of the day do not count

    bool covers(std::chrono::minutes ofDay) const;
    bool overlaps(const PriceWindow &other) const;
    // Its hours are minutes of one day, and some.
    bool isSound() const;
    bool operator==(const PriceWindow &) const = default;
};

// The minute of the UTC day in which the moment, in milliseconds since 1970, falls.
std::chrono::minutes minuteOfDay(qint64 milliseconds);

enum class PriceSource { BuiltIn, Edited, Default };

// Whether `pattern`, in which each "*" stands for any characters or none, names the model.
bool namesModel(QByteArrayView pattern, QByteArrayView model);

// What a model costs from some day on, in dollars or in another currency. A price of a channel is preferred to one of its model alone, and one of the very
// name to one of a pattern.
struct ModelPrice
{
    QByteArray model{}; // or a pattern, such as "gpt-4*"
    std::optional<ChannelId> channel{};
    TokenPrices tokens{};
    std::vector<PriceTier> tiers{};     // by rising aboveInputTokens
    std::vector<PriceWindow> windows{}; // no two overlap; outside of them the prices above apply
    UnitPrice perCall{};
    UnitPrice perCharacter{};
    // "1024x1024/hd" or "1024x1024" or "" (any) -> the price of one picture.
    QMap<QByteArray, UnitPrice> perImage{};
    PriceSource source = PriceSource::BuiltIn;
    QByteArray currency{};    // the ISO 4217 code of all prices above; empty: US dollars
    qint64 asOf = 0;          // when it was told, in seconds since 1970, UTC
    qint64 effectiveFrom = 0; // in force from that second on; 0: ever since

    bool isInDollars() const { return currency.isEmpty(); }
    // Whether it is in force at that moment, in milliseconds since 1970, unless a later one is.
    bool hasBegun(qint64 milliseconds) const { return effectiveFrom <= milliseconds / 1000; }
    bool isPattern() const { return model.contains('*'); }
    // What it is for requests that begin at that moment, in milliseconds since 1970: without windows.
    ModelPrice at(qint64 milliseconds) const;
    // The prices that apply to a request of so many input tokens, outside of the windows.
    const TokenPrices &tokensFor(qint64 inputTokens) const;
    UnitPrice imagePrice(const QByteArray &size, const QByteArray &quality) const;
    bool operator==(const ModelPrice &) const = default;
};

// How a price of a model and channel stands to the others of the same.
enum class PriceState {
    InForce,
    Future,
    Former, // a later one has taken its place
};
// `all` are the prices of any models, the price itself among them.
PriceState
stateOf(const ModelPrice &price, const std::vector<ModelPrice> &all, qint64 milliseconds);
// Those of `all` that are in force at that moment.
std::vector<ModelPrice> pricesInForce(const std::vector<ModelPrice> &all, qint64 milliseconds);

} // namespace gatehouse::domain
