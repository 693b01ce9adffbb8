#include "storage/repositories/pricerepository.h"

#include "base/json.h"
#include "base/logging.h"
#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::ChannelId;
using domain::ModelPrice;
using domain::TokenPrices;
using domain::UnitPrice;

namespace {

void put(QJsonObject &object, const QString &name, std::optional<UnitPrice> price)
{
    if (price)
        object.insert(name, price->picoDollars);
}

std::optional<UnitPrice> optionalPrice(const QJsonObject &object, const QString &name)
{
    const QJsonValue value = object.value(name);
    return value.isDouble() ? std::optional(UnitPrice{value.toInteger()}) : std::nullopt;
}

UnitPrice priceIn(const QJsonObject &object, const QString &name)
{
    return optionalPrice(object, name).value_or(UnitPrice{});
}

QJsonObject jsonOf(const TokenPrices &tokens)
{
    QJsonObject object;
    put(object, u"input"_s, tokens.input);
    put(object, u"output"_s, tokens.output);
    put(object, u"cache_read"_s, tokens.cacheRead);
    put(object, u"cache_write"_s, tokens.cacheWrite);
    put(object, u"cache_write_long"_s, tokens.cacheWriteLong);
    put(object, u"reasoning"_s, tokens.reasoning);
    put(object, u"input_audio"_s, tokens.inputAudio);
    put(object, u"output_audio"_s, tokens.outputAudio);
    return object;
}

TokenPrices tokensFrom(const QJsonObject &object)
{
    return {.input = priceIn(object, u"input"_s),
            .output = priceIn(object, u"output"_s),
            .cacheRead = optionalPrice(object, u"cache_read"_s),
            .cacheWrite = optionalPrice(object, u"cache_write"_s),
            .cacheWriteLong = optionalPrice(object, u"cache_write_long"_s),
            .reasoning = optionalPrice(object, u"reasoning"_s),
            .inputAudio = optionalPrice(object, u"input_audio"_s),
            .outputAudio = optionalPrice(object, u"output_audio"_s)};
}

QJsonArray jsonOf(const std::vector<domain::PriceTier> &tiers)
{
    QJsonArray array;
    for (const domain::PriceTier &tier : tiers)
        array.append(QJsonObject{{u"above_input_tokens"_s, tier.aboveInputTokens},
                                 {u"tokens"_s, jsonOf(tier.tokens)}});
    return array;
}

std::vector<domain::PriceTier> tiersFrom(const QJsonArray &array)
{
    std::vector<domain::PriceTier> tiers;
    for (const QJsonValue &value : array) {
        const QJsonObject tier = value.toObject();
        tiers.push_back({.aboveInputTokens = tier.value("above_input_tokens"_L1).toInteger(),
                         .tokens = tokensFrom(tier.value("tokens"_L1).toObject())});
    }
    return tiers;
}

QJsonArray jsonOf(const std::vector<domain::PriceWindow> &windows)
{
    QJsonArray array;
    for (const domain::PriceWindow &window : windows)
        array.append(QJsonObject{{u"from_minute"_s, qint64(window.from.count())},
                                 {u"until_minute"_s, qint64(window.until.count())},
                                 {u"tokens"_s, jsonOf(window.tokens)},
                                 {u"tiers"_s, jsonOf(window.tiers)}});
    return array;
}

std::vector<domain::PriceWindow> windowsFrom(const QJsonArray &array)
{
    std::vector<domain::PriceWindow> windows;
    for (const QJsonValue &value : array) {
        const QJsonObject window = value.toObject();
        const auto minute = [&window](QLatin1StringView name) {
            return std::chrono::minutes(window.value(name).toInteger());
        };
        windows.push_back({.from = minute("from_minute"_L1),
                           .until = minute("until_minute"_L1),
                           .tokens = tokensFrom(window.value("tokens"_L1).toObject()),
                           .tiers = tiersFrom(window.value("tiers"_L1).toArray())});
    }
    return windows;
}

QString textOf(const ModelPrice &price)
{
    QJsonObject images;
    for (auto it = price.perImage.begin(); it != price.perImage.end(); ++it)
        images.insert(QString::fromUtf8(it.key()), it.value().picoDollars);
    QJsonObject object{{u"tokens"_s, jsonOf(price.tokens)},
                       {u"tiers"_s, jsonOf(price.tiers)},
                       {u"windows"_s, jsonOf(price.windows)},
                       {u"per_image"_s, images}};
    put(object, u"per_call"_s, price.perCall);
    put(object, u"per_character"_s, price.perCharacter);
    if (!price.isInDollars())
        object.insert(u"currency"_s, QString::fromLatin1(price.currency));
    return QString::fromUtf8(base::compactJson(object));
}

QString selectPrices(const QString &rest)
{
    return u"SELECT model, channel_id, prices, as_of, effective_from FROM model_prices "_s + rest;
}

// The column order is that of selectPrices().
ModelPrice priceFrom(const QSqlQuery &row)
{
    ModelPrice price{.model = row.value(0).toString().toUtf8(),
                     .source = domain::PriceSource::Edited,
                     .asOf = row.value(3).toLongLong(),
                     .effectiveFrom = row.value(4).toLongLong()};
    if (!row.value(1).isNull())
        price.channel = ChannelId{row.value(1).toLongLong()};
    const QJsonObject object =
        base::parseJsonObject(row.value(2).toString().toUtf8()).value_or(QJsonObject{});
    price.tokens = tokensFrom(object.value("tokens"_L1).toObject());
    price.tiers = tiersFrom(object.value("tiers"_L1).toArray());
    price.windows = windowsFrom(object.value("windows"_L1).toArray());
    const QJsonObject images = object.value("per_image"_L1).toObject();
    for (auto it = images.begin(); it != images.end(); ++it)
        price.perImage.insert(it.key().toUtf8(), {it.value().toInteger()});
    price.perCall = priceIn(object, u"per_call"_s);
    price.perCharacter = priceIn(object, u"per_character"_s);
    price.currency = object.value("currency"_L1).toString().toLatin1();
    return price;
}

QVariant channelValue(std::optional<ChannelId> channel)
{
    return channel ? QVariant(channel->value) : QVariant(QMetaType(QMetaType::LongLong));
}

} // namespace

Result<std::vector<ModelPrice>> PriceRepository::all() const
{
    return rowsOf(
        m_database,
        execute(m_database,
                selectPrices(u"WHERE channel_id IS NULL OR channel_id IN"
                             " (SELECT id FROM channels WHERE deleted_at = 0)"
                             " ORDER BY model, coalesce(channel_id, 0), effective_from DESC"_s)),
        priceFrom);
}

Result<std::optional<ModelPrice>> PriceRepository::find(const QByteArray &model,
                                                        std::optional<ChannelId> channel) const
{
    return firstRow(m_database,
                    execute(m_database,
                            selectPrices(u"WHERE model = :model"
                                         " AND coalesce(channel_id, 0) = :channel"
                                         " ORDER BY effective_from DESC LIMIT 1"_s),
                            {{u":model"_s, QString::fromUtf8(model)},
                             {u":channel"_s, channel.value_or(ChannelId{}).value}}),
                    priceFrom);
}

Result<> PriceRepository::save(const ModelPrice &price)
{
    return done(
        execute(m_database,
                u"INSERT INTO model_prices (model, channel_id, prices, as_of, effective_from)"
                " VALUES (:model, :channel, :prices, :as_of, :effective_from)"
                " ON CONFLICT (model, coalesce(channel_id, 0), effective_from) DO UPDATE"
                " SET prices = excluded.prices, as_of = excluded.as_of"_s,
                {{u":model"_s, QString::fromUtf8(price.model)},
                 {u":channel"_s, channelValue(price.channel)},
                 {u":prices"_s, textOf(price)},
                 {u":as_of"_s, price.asOf},
                 {u":effective_from"_s, price.effectiveFrom}}));
}

Result<> PriceRepository::remove(const QByteArray &model, std::optional<ChannelId> channel)
{
    return expectChange(execute(m_database,
                                u"DELETE FROM model_prices WHERE model = :model"
                                " AND coalesce(channel_id, 0) = :channel"_s,
                                {{u":model"_s, QString::fromUtf8(model)},
                                 {u":channel"_s, channel.value_or(ChannelId{}).value}}),
                        base::Message::tr("This price was not edited."));
}

Result<> PriceRepository::remove(const QByteArray &model,
                                 std::optional<ChannelId> channel,
                                 qint64 effectiveFrom)
{
    return expectChange(execute(m_database,
                                u"DELETE FROM model_prices WHERE model = :model"
                                " AND coalesce(channel_id, 0) = :channel"
                                " AND effective_from = :effective_from"_s,
                                {{u":model"_s, QString::fromUtf8(model)},
                                 {u":channel"_s, channel.value_or(ChannelId{}).value},
                                 {u":effective_from"_s, effectiveFrom}}),
                        base::Message::tr("This price was not edited."));
}

} // namespace gatehouse::storage
