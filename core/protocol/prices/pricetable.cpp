#include "protocol/prices/pricetable.h"

#include <simdjson.h>

#include <algorithm>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using namespace simdjson;

namespace {

QByteArray byteArray(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

// Members and elements that are missing or of another type are reported by simdjson's exception,
// which readPrices() catches.
QDate dateOf(dom::element text)
{
    return QDate::fromString(QString::fromLatin1(byteArray(text.get_string())), Qt::ISODate);
}

NameRule::Kind kindOf(std::string_view sign)
{
    switch (sign.at(0)) {
    case '^':
        return NameRule::Kind::StartsWith;
    case '$':
        return NameRule::Kind::EndsWith;
    case '*':
        return NameRule::Kind::Contains;
    case '~':
        return NameRule::Kind::Matches;
    case '|':
        return NameRule::Kind::Any;
    case '&':
        return NameRule::Kind::All;
    default:
        return NameRule::Kind::Equals;
    }
}

NameRule readRule(dom::array list)
{
    NameRule rule{.kind = kindOf(list.at(0).get_string())};
    if (rule.kind == NameRule::Kind::Any || rule.kind == NameRule::Kind::All) {
        for (size_t index = 1; index < list.size(); ++index)
            rule.parts.push_back(readRule(list.at(index).get_array()));
        return rule;
    }
    rule.text = byteArray(list.at(1).get_string());
    if (rule.kind == NameRule::Kind::Matches) {
        rule.pattern = std::make_shared<const QRegularExpression>(QString::fromUtf8(rule.text));
        rule.text.clear();
    }
    return rule;
}

std::optional<domain::UnitPrice> optionalPrice(dom::object object, std::string_view name)
{
    auto found = object.at_key(name);
    if (found.error() == NO_SUCH_FIELD)
        return std::nullopt;
    return domain::UnitPrice{found.get_int64()};
}

domain::TokenPrices readTokens(dom::object object)
{
    return {.input = optionalPrice(object, "input").value_or(domain::UnitPrice{}),
            .output = optionalPrice(object, "output").value_or(domain::UnitPrice{}),
            .cacheRead = optionalPrice(object, "cacheRead"),
            .cacheWrite = optionalPrice(object, "cacheWrite"),
            .cacheWriteLong = optionalPrice(object, "cacheWriteLong"),
            .reasoning = optionalPrice(object, "reasoning"),
            .inputAudio = optionalPrice(object, "inputAudio"),
            .outputAudio = optionalPrice(object, "outputAudio")};
}

std::vector<domain::PriceTier> readTiers(dom::object object)
{
    std::vector<domain::PriceTier> read;
    auto tiers = object.at_key("tiers");
    if (tiers.error())
        return read;
    const dom::array list = tiers.get_array();
    for (const dom::object tier : list)
        read.push_back(
            {.aboveInputTokens = tier.at_key("above").get_int64(), .tokens = readTokens(tier)});
    return read;
}

domain::PriceWindow readWindow(dom::object object)
{
    const auto minute = [object](std::string_view name) {
        return std::chrono::minutes(object.at_key(name).get_int64().value());
    };
    return {.from = minute("from"),
            .until = minute("until"),
            .tokens = readTokens(object),
            .tiers = readTiers(object)};
}

DatedPrice readDated(dom::object object)
{
    DatedPrice price{.tokens = readTokens(object), .tiers = readTiers(object)};
    if (auto from = object.at_key("from"); !from.error())
        price.from = dateOf(from.value());
    price.perCall = optionalPrice(object, "perCall").value_or(domain::UnitPrice{});
    price.perCharacter = optionalPrice(object, "perCharacter").value_or(domain::UnitPrice{});
    if (auto images = object.at_key("perImage"); !images.error()) {
        const dom::object sizes = images.get_object();
        for (const auto &[size, amount] : sizes)
            price.perImage.insert(byteArray(size), domain::UnitPrice{amount.get_int64()});
    }
    if (auto windows = object.at_key("windows"); !windows.error()) {
        const dom::array list = windows.get_array();
        for (const dom::object window : list)
            price.windows.push_back(readWindow(window));
    }
    return price;
}

PricedModel readModel(dom::object object, QDate asOf)
{
    PricedModel model{.names = readRule(object.at_key("match").get_array()), .asOf = asOf};
    if (auto window = object.at_key("context"); !window.error())
        model.contextWindow = window.get_int64();
    const dom::array prices = object.at_key("prices").get_array();
    for (const dom::object price : prices)
        model.prices.push_back(readDated(price));
    return model;
}

void readProvider(dom::object object, QDate asOf, PriceTable &table)
{
    const QByteArray id = byteArray(object.at_key("id").get_string());
    auto provider = std::find_if(table.providers.begin(),
                                 table.providers.end(),
                                 [&id](const PricedProvider &each) { return each.id == id; });
    if (provider == table.providers.end())
        provider = table.providers.insert(provider, PricedProvider{.id = id});
    if (auto claims = object.at_key("claims"); !claims.error())
        provider->claims = readRule(claims.get_array());
    if (auto fallbacks = object.at_key("fallback"); !fallbacks.error()) {
        const dom::array list = fallbacks.get_array();
        for (const std::string_view each : list)
            provider->fallbacks.push_back(byteArray(each));
    }
    const dom::array models = object.at_key("models").get_array();
    for (const dom::object model : models)
        provider->models.push_back(readModel(model, asOf));
}

} // namespace

bool NameRule::covers(QByteArrayView name) const
{
    const auto meant = [name](const NameRule &rule) { return rule.covers(name); };
    switch (kind) {
    case Kind::Equals:
        return name == text;
    case Kind::StartsWith:
        return name.startsWith(text);
    case Kind::EndsWith:
        return name.endsWith(text);
    case Kind::Contains:
        return name.contains(text);
    case Kind::Matches:
        return pattern->match(QString::fromUtf8(name)).hasMatch();
    case Kind::Any:
        return std::any_of(parts.begin(), parts.end(), meant);
    case Kind::All:
        return std::all_of(parts.begin(), parts.end(), meant);
    }
    return false;
}

bool DatedPrice::isFree() const
{
    return tokens == domain::TokenPrices{} && tiers.empty() && windows.empty() && perImage.isEmpty()
           && perCall == domain::UnitPrice{} && perCharacter == domain::UnitPrice{};
}

const DatedPrice *PricedModel::priceOn(QDate day) const
{
    const DatedPrice *chosen = prices.empty() ? nullptr : &prices.front();
    for (const DatedPrice &price : prices) {
        if (price.from.isNull() || price.from <= day)
            chosen = &price;
    }
    return chosen;
}

const PricedModel *PricedProvider::model(QByteArrayView name) const
{
    const auto found = std::find_if(models.begin(), models.end(), [name](const PricedModel &each) {
        return each.names.covers(name);
    });
    return found == models.end() ? nullptr : &*found;
}

const PricedProvider *PriceTable::provider(QByteArrayView id) const
{
    const auto found = std::find_if(
        providers.begin(), providers.end(), [id](const auto &each) { return each.id == id; });
    return found == providers.end() ? nullptr : &*found;
}

const PricedModel *PriceTable::model(const PricedProvider &from, QByteArrayView name) const
{
    if (const PricedModel *found = from.model(name))
        return found;
    for (const QByteArray &id : from.fallbacks) {
        const PricedProvider *other = provider(id);
        if (const PricedModel *found = other ? other->model(name) : nullptr)
            return found;
    }
    return nullptr;
}

base::Result<> readPrices(QByteArrayView json, PriceTable &table)
{
    try {
        if (json.isEmpty())
            throw simdjson_error(EMPTY);
        dom::parser parser;
        const dom::object root = parser.parse(json.data(), size_t(json.size())).get_object();
        const QDate asOf = dateOf(root.at_key("asOf").value());
        if (table.asOf.isNull()) {
            table.asOf = asOf;
            table.version = byteArray(root.at_key("version").get_string());
        }
        const dom::array providers = root.at_key("providers").get_array();
        for (const dom::object provider : providers)
            readProvider(provider, asOf, table);
        return {};
    } catch (const std::exception &exception) {
        return base::fail(base::ErrorCode::Internal,
                          base::Message::tr("The built-in price table cannot be read."),
                          QString::fromLatin1(exception.what()));
    }
}

} // namespace gatehouse::protocol
