#include "base/json.h"
#include "commands/channels.h"

#include <QMap>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

const OptionRule everyDateOption{.name = u"--all"_s,
                                 .help = u"edited prices of the past and the future, too"_s};

bool isServed(const QJsonObject &model)
{
    const QJsonArray channels = model.value(u"channels"_s).toArray();
    return std::any_of(channels.begin(), channels.end(), [](const QJsonValue &channel) {
        return channel[u"status"_s].toInt() == 1;
    });
}

// The models by their names, each with the channels that offer it.
Rows modelsFrom(const Rows &channels)
{
    QMap<QString, QJsonArray> offering;
    for (const QJsonObject &channel : channels) {
        const QStringList models = modelsOf(channel);
        for (const QString &model : models) {
            QJsonObject brief;
            for (const QString &member : {u"id"_s, u"name"_s, u"status"_s})
                brief.insert(member, channel.value(member));
            offering[model].append(brief);
        }
    }
    Rows models;
    for (auto it = offering.cbegin(); it != offering.cend(); ++it)
        models.push_back({{u"model"_s, it.key()}, {u"channels"_s, it.value()}});
    return models;
}

QString channelsText(const QJsonObject &model)
{
    QStringList names;
    const QJsonArray channels = model.value(u"channels"_s).toArray();
    for (const QJsonValue &channel : channels) {
        const int status = channel[u"status"_s].toInt();
        const QString name = channel[u"name"_s].toString();
        names.append(status == 1 ? name : QString(u"%1 (%2)"_s.arg(name, enabledText(status))));
    }
    return names.join(u", "_s);
}

QString servedText(const QJsonObject &model)
{
    return isServed(model) ? u"yes"_s : u"no"_s;
}

class ListModels final : public ResourceCommand
{
public:
    ListModels(const Options &options, bool json)
        : ResourceCommand(options, channelResource(), json)
    {}

private:
    void run() override
    {
        list([this](const Rows &channels) {
            show(modelsFrom(channels));
            finish(ExitCode::Ok);
        });
    }

    void show(const Rows &models)
    {
        if (isJson()) {
            QJsonArray array;
            for (const QJsonObject &model : models)
                array.append(model);
            printLine(QString::fromUtf8(base::compactJson(array)));
            return;
        }
        Table table({{u"MODEL"_s}, {u"SERVED"_s}, {u"CHANNELS"_s}});
        for (const QJsonObject &model : models) {
            table.add({model.value(u"model"_s).toString(), servedText(model), channelsText(model)});
        }
        printLine(table.isEmpty() ? u"No channel offers a model yet. \"gatehouse channel add\" "
                                    "makes one."_s
                                  : table.text());
    }
};

// Dollars for a million tokens, or of another currency.
QString rateText(const QJsonValue &rate)
{
    constexpr int digits = 9;
    return rate.isUndefined() ? QString() : QString::number(rate.toDouble(), 'g', digits);
}

// What is not charged by the token.
QString otherChargesText(const QJsonObject &price)
{
    QStringList charges;
    if (const QJsonValue call = price.value(u"per_call"_s); call.toDouble() > 0)
        charges.append(u"%1 a request"_s.arg(rateText(call)));
    if (const QJsonValue speech = price.value(u"per_million_characters"_s); speech.toDouble() > 0)
        charges.append(u"%1 a million characters"_s.arg(rateText(speech)));
    if (!price.value(u"per_image"_s).toObject().isEmpty())
        charges.append(u"by the picture"_s);
    if (!price.value(u"tiers"_s).toArray().isEmpty())
        charges.append(u"more for long prompts"_s);
    if (!price.value(u"windows"_s).toArray().isEmpty())
        charges.append(u"other at certain hours"_s);
    return charges.join(u", "_s);
}

QString textOfPrices(const QJsonArray &prices)
{
    Table table({{u"MODEL"_s},
                 {u"INPUT"_s, Table::Align::Right},
                 {u"OUTPUT"_s, Table::Align::Right},
                 {u"CACHE READ"_s, Table::Align::Right},
                 {u"CURRENCY"_s},
                 {u"SOURCE"_s},
                 {u"STATE"_s},
                 {u"BESIDE"_s},
                 {u"CHANNELS"_s}});
    for (const QJsonValue &each : prices) {
        const QJsonObject price = each.toObject();
        const QJsonObject tokens = price.value(u"tokens"_s).toObject();
        QStringList channels;
        const QJsonArray names = price.value(u"channels"_s).toArray();
        for (const QJsonValue &name : names)
            channels.append(name.toString());
        table.add({price.value(u"model"_s).toString(),
                   rateText(tokens.value(u"input"_s)),
                   rateText(tokens.value(u"output"_s)),
                   rateText(tokens.value(u"cache_read"_s)),
                   price.value(u"currency"_s).toString(),
                   price.value(u"source"_s).toString(),
                   price.value(u"state"_s).toString(),
                   otherChargesText(price),
                   channels.join(u", "_s)});
    }
    return table.text();
}

class ShowModel final : public ResourceCommand
{
public:
    ShowModel(const Options &options, const Arguments &arguments)
        : ResourceCommand(options, channelResource(), arguments.has(jsonOption))
        , m_name(arguments.operands().front())
    {}

private:
    void run() override
    {
        list([this](const Rows &channels) {
            for (const QJsonObject &model : modelsFrom(channels)) {
                if (model.value(u"model"_s).toString() == m_name) {
                    askPrices(model);
                    return;
                }
            }
            giveUp(ExitCode::NotFound,
                   u"No channel offers \"%1\". \"gatehouse model list\" shows the models."_s.arg(
                       m_name));
        });
    }

    void askPrices(const QJsonObject &model)
    {
        ask("GET", "/api/price", {}, [this, model](const QJsonValue &data) {
            QJsonArray prices;
            const QJsonArray all = data.toArray();
            for (const QJsonValue &price : all) {
                if (price[u"model"_s].toString() == m_name)
                    prices.append(price);
            }
            show(model, prices);
            finish(ExitCode::Ok);
        });
    }

    void show(QJsonObject model, const QJsonArray &prices)
    {
        if (isJson()) {
            model.insert(u"prices"_s, prices);
            printLine(QString::fromUtf8(base::compactJson(model)));
            return;
        }
        printLine(factsText({{u"Model"_s, m_name},
                             {u"Served"_s, servedText(model)},
                             {u"Channels"_s, channelsText(model)}}));
        if (!prices.isEmpty())
            printLine(u'\n' + textOfPrices(prices));
    }

    const QString m_name;
};

class ListPrices final : public ResourceCommand
{
public:
    ListPrices(const Options &options, const Arguments &arguments)
        : ResourceCommand(options, channelResource(), arguments.has(jsonOption))
        , m_isEveryDate(arguments.has(everyDateOption.name))
    {}

private:
    void run() override
    {
        const QByteArray target = m_isEveryDate ? "/api/price?all=true" : "/api/price";
        ask("GET", target, {}, [this](const QJsonValue &data) {
            const QJsonArray prices = data.toArray();
            if (isJson())
                printLine(QString::fromUtf8(base::compactJson(prices)));
            else if (prices.isEmpty())
                printLine(u"There are no prices, since no channel offers a model yet."_s);
            else
                printLine(textOfPrices(prices));
            finish(ExitCode::Ok);
        });
    }

    const bool m_isEveryDate;
};

Action testModelAction()
{
    return {.name = u"test"_s,
            .operands = u"MODEL"_s,
            .help = u"asks for it through each enabled channel that offers it"_s,
            .fewest = 1,
            .most = 1,
            .make = [](const Options &options,
                       const Arguments &arguments) -> Result<std::unique_ptr<Command>> {
                return makeChannelTest(
                    options,
                    {.isServingModelOnly = true, .model = arguments.operands().front()},
                    arguments.has(jsonOption));
            }};
}

} // namespace

CommandDescription modelCommand()
{
    const Action listAction{
        .name = u"list"_s,
        .otherNames = {u"ls"_s},
        .help = u"all models that channels offer, and which channels do"_s,
        .make = [](const Options &options,
                   const Arguments &arguments) -> Result<std::unique_ptr<Command>> {
            return std::make_unique<ListModels>(options, arguments.has(jsonOption));
        }};
    const Action showAction{.name = u"show"_s,
                            .operands = u"MODEL"_s,
                            .help = u"the channels and the prices of one"_s,
                            .fewest = 1,
                            .most = 1,
                            .make = [](const Options &options, const Arguments &arguments)
                                -> Result<std::unique_ptr<Command>> {
                                return std::make_unique<ShowModel>(options, arguments);
                            }};
    return commandOf(
        u"model"_s,
        u"what is served, and by which channels"_s,
        {listAction, showAction, testModelAction()},
        u"What a channel offers is changed by \"gatehouse channel edit CHANNEL --models\".\n\n"_s
            + workersHelp(u",\n8 some of the channels failed"_s));
}

CommandDescription priceCommand()
{
    const Action listAction{.name = u"list"_s,
                            .otherNames = {u"ls"_s},
                            .help = u"the prices in force of all models that channels offer"_s,
                            .options = {everyDateOption},
                            .make = [](const Options &options, const Arguments &arguments)
                                -> Result<std::unique_ptr<Command>> {
                                return std::make_unique<ListPrices>(options, arguments);
                            }};
    return commandOf(u"price"_s,
                     u"what models cost"_s,
                     {listAction},
                     u"For a million tokens. Prices are changed in the window or through the\n"
                     "management API.\n\n"_s
                         + workersHelp(QString()));
}

} // namespace gatehouse::app
