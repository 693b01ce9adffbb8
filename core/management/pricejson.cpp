#include "management/pricejson.h"

#include "base/json.h"

#include <QJsonArray>
#include <QSet>
#include <QTime>

#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::ModelPrice;
using domain::TokenPrices;
using domain::UnitPrice;

namespace {

const QString inputName = u"input"_s;
const QString outputName = u"output"_s;
const QString fromName = u"from"_s;
const QString untilName = u"until"_s;
const QString timeFormat = u"HH:mm"_s;

struct OptionalPrice
{
    QString name;
    std::optional<UnitPrice> TokenPrices::*price;
};

const std::array<OptionalPrice, 6> &optionalPrices()
{
    static const std::array<OptionalPrice, 6> all{
        {{u"cache_read"_s, &TokenPrices::cacheRead},
         {u"cache_write"_s, &TokenPrices::cacheWrite},
         {u"cache_write_long"_s, &TokenPrices::cacheWriteLong},
         {u"reasoning"_s, &TokenPrices::reasoning},
         {u"input_audio"_s, &TokenPrices::inputAudio},
         {u"output_audio"_s, &TokenPrices::outputAudio}}};
    return all;
}

QJsonObject tokensJson(const TokenPrices &tokens)
{
    QJsonObject json{{inputName, tokens.input.dollarsPerMillion()},
                     {outputName, tokens.output.dollarsPerMillion()}};
    for (const OptionalPrice &each : optionalPrices()) {
        if (const auto &price = tokens.*each.price)
            json.insert(each.name, price->dollarsPerMillion());
    }
    return json;
}

QJsonArray tiersJson(const std::vector<domain::PriceTier> &tiers)
{
    QJsonArray json;
    for (const domain::PriceTier &tier : tiers) {
        json.append(QJsonObject{{u"above_input_tokens"_s, tier.aboveInputTokens},
                                {u"tokens"_s, tokensJson(tier.tokens)}});
    }
    return json;
}

QString timeText(std::chrono::minutes ofDay)
{
    return QTime(0, 0).addSecs(static_cast<int>(ofDay.count()) * 60).toString(timeFormat);
}

QJsonArray windowsJson(const std::vector<domain::PriceWindow> &windows)
{
    QJsonArray json;
    for (const domain::PriceWindow &window : windows) {
        json.append(QJsonObject{{fromName, timeText(window.from)},
                                {untilName, timeText(window.until)},
                                {u"tokens"_s, tokensJson(window.tokens)},
                                {u"tiers"_s, tiersJson(window.tiers)}});
    }
    return json;
}

Result<> checkNames(const QJsonObject &json, const QSet<QString> &known)
{
    for (const QString &name : json.keys()) {
        if (!known.contains(name)) {
            QStringList names(known.cbegin(), known.cend());
            names.sort();
            return fail(ErrorCode::InvalidInput,
                        Message::tr("\"%1\" is no part of a price. There are: %2.")
                            .arg(name.left(100), names.join(u", "_s)));
        }
    }
    return {};
}

// Nothing: it is absent.
Result<std::optional<double>> amount(const QJsonObject &json, const QString &name)
{
    const Result<std::optional<double>> number = base::JsonReader(json).number(name);
    // What is larger is no price of this world, and could not be counted.
    constexpr double most = 1e6;
    if (number && *number && !(**number >= 0 && **number <= most)) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("%1 must be a number from 0 to %2.").arg(name, most));
    }
    return number;
}

Result<TokenPrices> readTokens(const QJsonObject &json)
{
    QSet<QString> known{inputName, outputName};
    for (const OptionalPrice &each : optionalPrices())
        known.insert(each.name);
    if (Result<> sound = checkNames(json, known); !sound)
        return fail(sound.error());
    TokenPrices tokens;
    for (const QString &name : known) {
        const Result<std::optional<double>> dollars = amount(json, name);
        if (!dollars)
            return fail(dollars.error());
        if (!*dollars)
            continue;
        const UnitPrice price = UnitPrice::fromDollarsPerMillion(**dollars);
        if (name == inputName)
            tokens.input = price;
        else if (name == outputName)
            tokens.output = price;
        for (const OptionalPrice &each : optionalPrices()) {
            if (each.name == name)
                tokens.*each.price = price;
        }
    }
    return tokens;
}

using Tiers = std::vector<domain::PriceTier>;

Result<Tiers> readTiers(const QJsonArray &tiers)
{
    Tiers read;
    for (const QJsonValue &value : tiers) {
        const QJsonObject tier = value.toObject();
        if (Result<> sound = checkNames(tier, {u"above_input_tokens"_s, u"tokens"_s}); !sound)
            return fail(sound.error());
        const base::JsonReader reader(tier);
        const auto above = reader.integer(u"above_input_tokens");
        const auto prices = reader.object(u"tokens");
        if (!above || !prices)
            return fail(above ? prices.error() : above.error());
        const Result<TokenPrices> tokens = readTokens(prices->value_or(QJsonObject()));
        if (!tokens)
            return fail(tokens.error());
        if (!*above || !*prices || **above < 0
            || (!read.empty() && read.back().aboveInputTokens >= **above)) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("Each tier needs tokens, and above_input_tokens that are more "
                                    "than those of the one before."));
        }
        read.push_back({.aboveInputTokens = **above, .tokens = *tokens});
    }
    return read;
}

// "16:30" of the UTC day.
Result<std::chrono::minutes> readTime(const QJsonObject &json, const QString &name)
{
    const Result<std::optional<QString>> text = base::JsonReader(json).string(name);
    if (!text)
        return fail(text.error());
    const QTime time = QTime::fromString(text->value_or(QString()), timeFormat);
    if (!time.isValid()) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("%1 must be a time of the UTC day, such as 16:30.").arg(name));
    }
    return std::chrono::minutes(time.hour() * 60 + time.minute());
}

Result<domain::PriceWindow> readWindow(const QJsonObject &json)
{
    const base::JsonReader reader(json);
    const auto tokens = reader.object(u"tokens");
    const auto tiers = reader.array(u"tiers");
    if (!tokens || !tiers)
        return fail(tokens ? tiers.error() : tokens.error());
    if (!*tokens)
        return fail(ErrorCode::InvalidInput, Message::tr("The hours of a price need tokens."));
    domain::PriceWindow window;
    return checkNames(json, {fromName, untilName, u"tokens"_s, u"tiers"_s})
        .and_then([&] { return readTime(json, fromName); })
        .and_then([&](std::chrono::minutes from) {
            window.from = from;
            return readTime(json, untilName);
        })
        .and_then([&](std::chrono::minutes until) {
            window.until = until;
            return readTokens(**tokens);
        })
        .and_then([&](const TokenPrices &read) {
            window.tokens = read;
            return readTiers(tiers->value_or(QJsonArray()));
        })
        .map([&](Tiers read) {
            window.tiers = std::move(read);
            return window;
        });
}

Result<std::vector<domain::PriceWindow>> readWindows(const QJsonArray &windows)
{
    std::vector<domain::PriceWindow> read;
    for (const QJsonValue &value : windows) {
        Result<domain::PriceWindow> window = readWindow(value.toObject());
        if (!window)
            return fail(window.error());
        read.push_back(std::move(*window));
    }
    return read;
}

Result<> readPictures(const QJsonObject &pictures, ModelPrice &price)
{
    for (const QString &size : pictures.keys()) {
        const Result<std::optional<double>> dollars = amount(pictures, size);
        if (!dollars)
            return fail(dollars.error());
        if (!*dollars) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr("A picture of the size \"%1\" needs a price.").arg(size.left(100)));
        }
        price.perImage.insert(size.toUtf8(), UnitPrice::fromDollars(**dollars));
    }
    return {};
}

} // namespace

QJsonObject priceJson(const ModelPrice &price)
{
    QJsonObject pictures;
    for (auto it = price.perImage.begin(); it != price.perImage.end(); ++it)
        pictures.insert(QString::fromUtf8(it.key()), it.value().dollars());
    // Built-in ones hold for all channels of their type.
    const bool isOwn = price.channel && price.source == domain::PriceSource::Edited;
    return {
        {u"model"_s, QString::fromUtf8(price.model)},
        {u"channel_id"_s, isOwn ? QJsonValue(price.channel->value) : QJsonValue()},
        {u"tokens"_s, tokensJson(price.tokens)},
        {u"tiers"_s, tiersJson(price.tiers)},
        {u"windows"_s, windowsJson(price.windows)},
        {u"per_call"_s, price.perCall.dollars()},
        {u"per_million_characters"_s, price.perCharacter.dollarsPerMillion()},
        {u"per_image"_s, pictures},
        {u"source"_s, price.source == domain::PriceSource::Edited ? u"edited"_s : u"built-in"_s},
        {u"currency"_s, price.isInDollars() ? u"USD"_s : QString::fromLatin1(price.currency)},
        {u"as_of"_s, price.asOf},
        {u"effective_from"_s, price.effectiveFrom}};
}

Result<ModelPrice> readPrice(const QJsonObject &json, qint64 now)
{
    static const QSet<QString> known{u"model"_s,
                                     u"channel_id"_s,
                                     u"tokens"_s,
                                     u"tiers"_s,
                                     u"windows"_s,
                                     u"per_call"_s,
                                     u"per_million_characters"_s,
                                     u"per_image"_s,
                                     u"source"_s,
                                     u"as_of"_s,
                                     u"effective_from"_s,
                                     u"state"_s,
                                     u"currency"_s,
                                     u"lacks_rate"_s,
                                     u"channels"_s};
    if (Result<> sound = checkNames(json, known); !sound)
        return fail(sound.error());
    const base::JsonReader reader(json);
    const auto model = reader.string(u"model");
    const auto channel = reader.integer(u"channel_id");
    const auto from = reader.integer(u"effective_from");
    const auto currency = reader.string(u"currency");
    const auto tokens = reader.object(u"tokens");
    const auto tiers = reader.array(u"tiers");
    const auto windows = reader.array(u"windows");
    const auto pictures = reader.object(u"per_image");
    const auto perCall = amount(json, u"per_call"_s);
    const auto perCharacter = amount(json, u"per_million_characters"_s);
    for (const base::Error *error : {model ? nullptr : &model.error(),
                                     channel ? nullptr : &channel.error(),
                                     from ? nullptr : &from.error(),
                                     currency ? nullptr : &currency.error(),
                                     tokens ? nullptr : &tokens.error(),
                                     tiers ? nullptr : &tiers.error(),
                                     windows ? nullptr : &windows.error(),
                                     pictures ? nullptr : &pictures.error(),
                                     perCall ? nullptr : &perCall.error(),
                                     perCharacter ? nullptr : &perCharacter.error()}) {
        if (error)
            return fail(*error);
    }
    ModelPrice price{.model = model->value_or(QString()).trimmed().toUtf8()};
    price.effectiveFrom = from->value_or(now);
    price.currency = currency->value_or(QString()).toUtf8();
    if (price.currency == "USD")
        price.currency.clear();
    if (*channel)
        price.channel = domain::ChannelId{**channel};
    price.perCall = UnitPrice::fromDollars(perCall->value_or(0));
    price.perCharacter = UnitPrice::fromDollarsPerMillion(perCharacter->value_or(0));
    return readTokens(tokens->value_or(QJsonObject()))
        .and_then([&](const TokenPrices &read) {
            price.tokens = read;
            return readTiers(tiers->value_or(QJsonArray()));
        })
        .and_then([&](Tiers read) {
            price.tiers = std::move(read);
            return readWindows(windows->value_or(QJsonArray()));
        })
        .and_then([&](std::vector<domain::PriceWindow> read) {
            price.windows = std::move(read);
            return readPictures(pictures->value_or(QJsonObject()), price);
        })
        .map([&] { return price; });
}

} // namespace gatehouse::management
