#include "protocol/prices/builtinprices.h"

#include "protocol/prices/pricetable.h"

#include <QFile>
#include <QRegularExpression>
#include <QTimeZone>

#include <array>
#include <utility>

// A static library's resources are linked only if something names them, outside of any namespace.
static void initializePriceResource()
{
    Q_INIT_RESOURCE(prices);
}

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;

namespace {

// Who is asked for a model of an unknown provider, in this order: those who make models, then those
// who resell them. Resellers with prices of another kind (subscriptions, clouds' own names) are not
// among them.
constexpr std::array preferred{
    "openai",     "anthropic", "google",    "mistral", "deepseek",   "x-ai",     "cohere",
    "moonshotai", "zai",       "zhipuai",   "minimax", "perplexity", "voyageai", "openrouter",
    "groq",       "together",  "fireworks", "novita",  "cerebras",
};

// The vendor in "vendor/model", as OpenRouter and Hugging Face write it, and its id in the table.
constexpr std::array<std::pair<const char *, const char *>, 15> vendors{{
    {"anthropic", "anthropic"},
    {"cohere", "cohere"},
    {"coherelabs", "cohere"},
    {"deepseek", "deepseek"},
    {"deepseek-ai", "deepseek"},
    {"google", "google"},
    {"minimax", "minimax"},
    {"minimaxai", "minimax"},
    {"mistralai", "mistral"},
    {"moonshotai", "moonshotai"},
    {"openai", "openai"},
    {"perplexity", "perplexity"},
    {"x-ai", "x-ai"},
    {"xai", "x-ai"},
    {"z-ai", "zai"},
}};

// OpenRouter's variants of a model that change how it is served, not what it lists at.
// https://openrouter.ai/docs/features/model-routing
constexpr std::array variants{":nitro", ":floor", ":exacto", ":thinking", ":beta", ":extended"};

QByteArray withoutVariant(const QByteArray &name)
{
    for (const char *variant : variants) {
        if (name.endsWith(variant))
            return name.chopped(qsizetype(qstrlen(variant)));
    }
    return name;
}

QByteArray normalized(QByteArrayView model)
{
    QByteArray name = model.toByteArray().trimmed().toLower();
    if (name.startsWith("models/"))
        name.remove(0, 7);
    return name;
}

// "-20250807" as "-2025-08-07": providers write the day of a model's release both ways.
QByteArray withDashedDate(const QByteArray &name)
{
    static const QRegularExpression date(u"-(20[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])(?=[-:]|$)"_s);
    return QString::fromUtf8(name).replace(date, u"-\\1-\\2-\\3"_s).toUtf8();
}

domain::ModelPrice modelPrice(QByteArrayView model, const DatedPrice &price, QDate asOf)
{
    return {.model = model.toByteArray(),
            .tokens = price.tokens,
            .tiers = price.tiers,
            .windows = price.windows,
            .perCall = price.perCall,
            .perCharacter = price.perCharacter,
            .perImage = price.perImage,
            .source = domain::PriceSource::BuiltIn,
            .asOf = asOf.startOfDay(QTimeZone::utc()).toSecsSinceEpoch()};
}

bool isCharged(const PricedModel *model)
{
    return model
           && (model->prices.empty() || !model->prices.back().isFree()
               || !model->prices.front().isFree());
}

} // namespace

BuiltinPrices::BuiltinPrices(std::shared_ptr<const PriceTable> table)
    : m_table(std::move(table))
{}

base::Result<BuiltinPrices> BuiltinPrices::load()
{
    initializePriceResource();
    auto table = std::make_shared<PriceTable>();
    for (const QString &name : {u":/prices/prices.json"_s, u":/prices/additions.json"_s}) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly)) {
            return base::fail(base::ErrorCode::Internal,
                              base::Message::tr("The built-in price table is missing."),
                              name);
        }
        const QByteArray json = file.readAll();
        if (const base::Result<> read = readPrices(json, *table); !read)
            return base::fail(read.error());
    }
    return BuiltinPrices(std::move(table));
}

std::optional<domain::ModelPrice>
BuiltinPrices::find(QByteArrayView priceProvider, QByteArrayView model, QDate on) const
{
    const Answer answer = lookUpVariant(priceProvider, normalized(model));
    if (answer.isFree)
        return modelPrice(model, DatedPrice{}, m_table->asOf);
    if (!answer.model)
        return std::nullopt;
    const DatedPrice *price = answer.model->priceOn(on);
    if (!price)
        return std::nullopt;
    return modelPrice(model, *price, answer.model->asOf);
}

std::optional<domain::ModelPrice> BuiltinPrices::find(QByteArrayView priceProvider,
                                                      QByteArrayView model) const
{
    return find(priceProvider, model, QDateTime::currentDateTimeUtc().date());
}

std::vector<domain::ModelPrice> BuiltinPrices::history(QByteArrayView priceProvider,
                                                       QByteArrayView model) const
{
    const Answer answer = lookUpVariant(priceProvider, normalized(model));
    if (answer.isFree)
        return {modelPrice(model, DatedPrice{}, m_table->asOf)};
    std::vector<domain::ModelPrice> prices;
    if (!answer.model)
        return prices;
    for (const DatedPrice &dated : answer.model->prices) {
        domain::ModelPrice price = modelPrice(model, dated, answer.model->asOf);
        if (!prices.empty() && !dated.from.isNull())
            price.effectiveFrom = dated.from.startOfDay(QTimeZone::utc()).toSecsSinceEpoch();
        prices.push_back(std::move(price));
    }
    return prices;
}

std::optional<qint64> BuiltinPrices::contextWindow(QByteArrayView priceProvider,
                                                   QByteArrayView model) const
{
    const Answer answer = lookUp(priceProvider, withoutVariant(normalized(model)));
    if (!answer.model || answer.model->contextWindow == 0)
        return std::nullopt;
    return answer.model->contextWindow;
}

QByteArray BuiltinPrices::version() const
{
    return m_table->version;
}

QDate BuiltinPrices::asOf() const
{
    return m_table->asOf;
}

BuiltinPrices::Answer BuiltinPrices::lookUp(QByteArrayView priceProvider,
                                            const QByteArray &name) const
{
    if (name.isEmpty())
        return {};
    if (!priceProvider.isEmpty()) {
        if (const PricedModel *found = ofProvider(priceProvider, name))
            return {.model = found, .ownProvider = true};
    }
    return {.model = elsewhere(name)};
}

BuiltinPrices::Answer BuiltinPrices::lookUpVariant(QByteArrayView priceProvider,
                                                   const QByteArray &name) const
{
    const Answer answer = lookUp(priceProvider, name);
    if (!answer.ownProvider && name.endsWith(":free"))
        return {.isFree = true};
    return answer.model ? answer : lookUp(priceProvider, withoutVariant(name));
}

// What is free at one provider need not be so at another, and is passed over.
const PricedModel *BuiltinPrices::elsewhere(const QByteArray &name) const
{
    if (const qsizetype slash = name.indexOf('/'); slash > 0) {
        const QByteArrayView vendor = QByteArrayView(name).first(slash);
        for (const auto &[written, id] : vendors) {
            const PricedModel *found =
                vendor == written ? ofProvider(id, name.mid(slash + 1)) : nullptr;
            if (isCharged(found))
                return found;
        }
        if (const PricedModel *found = ofProvider("openrouter", name); isCharged(found))
            return found;
    }
    for (const char *id : preferred) {
        const PricedProvider *provider = m_table->provider(id);
        if (!provider || !provider->claims || !provider->claims->covers(name))
            continue;
        if (const PricedModel *found = ofProvider(id, name); isCharged(found))
            return found;
    }
    for (const char *id : preferred) {
        if (const PricedModel *found = ofProvider(id, name); isCharged(found))
            return found;
    }
    return nullptr;
}

const PricedModel *BuiltinPrices::ofProvider(QByteArrayView id, const QByteArray &name) const
{
    const PricedProvider *provider = m_table->provider(id);
    if (!provider)
        return nullptr;
    if (const PricedModel *found = m_table->model(*provider, name))
        return found;
    const QByteArray dashed = withDashedDate(name);
    return dashed == name ? nullptr : m_table->model(*provider, dashed);
}

} // namespace gatehouse::protocol
