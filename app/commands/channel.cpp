#include "domain/channel.h"
#include "admin/channels/cloudaccount.h"
#include "commands/channels.h"
#include "domain/providertype.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr qint64 largestPriority = 1'000'000'000'000;
constexpr qint64 largestWeight = 1'000'000;

const OptionRule modelOption{.name = u"--model"_s,
                             .value = u"MODEL"_s,
                             .help = u"the model to ask for; else one that the channel chooses"_s};
const OptionRule allOption{.name = u"--all"_s, .help = u"tests every channel"_s};
const OptionRule disabledOption{.name = u"--disabled"_s,
                                .help = u"it serves nothing until it is enabled"_s};

// Letters and digits alone: "openai-compatible" is "OpenAI compatible".
QString comparable(const QString &name)
{
    QString letters;
    for (const QChar character : name) {
        if (character.isLetterOrNumber())
            letters += character.toLower();
    }
    return letters;
}

// A number, the name of a provider, or how it begins where one alone begins so.
Result<int> providerFrom(const QString &text)
{
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    const QString wanted = comparable(text);
    QStringList names;
    QList<int> beginning;
    for (const domain::ProviderType &type : domain::providerTypes()) {
        const QString name = QString::fromUtf8(type.name);
        if (isNumber ? type.number == number : comparable(name) == wanted)
            return type.number;
        if (!type.relayable)
            continue;
        names.append(name);
        if (!wanted.isEmpty() && comparable(name).startsWith(wanted))
            beginning.append(type.number);
    }
    // There is an endpoint of Google's for OpenAI's dialect that begins so.
    if (wanted == "gemini"_L1)
        return domain::provider::gemini;
    if (beginning.size() == 1)
        return beginning.front();
    return fail(ErrorCode::InvalidInput,
                base::Message::verbatim(
                    u"\"%1\" is no provider. There are: %2."_s.arg(text, names.join(u", "_s))));
}

Result<> putProvider(const QString &value, QJsonObject &body)
{
    const Result<int> number = providerFrom(value);
    if (!number)
        return fail(number.error());
    body.insert(u"type"_s, *number);
    return {};
}

Result<> putMapping(const QString &value, QJsonObject &body)
{
    QJsonObject mapping = body.value(u"model_mapping"_s).toObject();
    const qsizetype equals = value.indexOf(u'=');
    const bool isEmpty = value.isEmpty();
    if (!isEmpty && (equals <= 0 || equals == value.size() - 1)) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(
                        u"\"%1\" is not of the form ASKED=PROVIDERS-NAME."_s.arg(value)));
    }
    if (!isEmpty)
        mapping.insert(value.first(equals), value.sliced(equals + 1));
    body.insert(u"model_mapping"_s, mapping);
    return {};
}

const QString membersOfChannel = u"allow_private_address api_version balance balance_currency "
                                 "balance_updated_time base_url body_overrides "
                                 "certificate_authority config created_time group "
                                 "header_overrides id key key_mode keys "
                                 "limits.concurrent_requests limits.requests_per_minute "
                                 "limits.tokens_per_minute mode channel model_mapping models "
                                 "name note organization other price_ratio priority proxy "
                                 "response_time status status_reason system_prompt tags "
                                 "test_model test_time timeouts.connect_ms "
                                 "timeouts.first_byte_ms timeouts.idle_ms timeouts.total_ms type "
                                 "type_name url used_quota verify_certificate weight"_s;

std::vector<Field> channelFields()
{
    const auto text = [](const QString &option,
                         const QString &value,
                         const QString &member,
                         const QString &help,
                         Empty empty = Empty::Allowed) {
        return textField({.name = option, .value = value, .help = help}, member, empty);
    };
    const auto limit = [](const QString &option, const QString &member, const QString &help) {
        return wholeField({.name = option, .value = u"N"_s, .help = help + u"; 0: no limit"_s},
                          u"limits."_s + member,
                          0,
                          domain::Channel::largestLimit);
    };
    return {
        text(u"--name"_s, u"NAME"_s, u"name"_s, u"another name"_s, Empty::Refused),
        {{.name = u"--type"_s,
          .value = u"TYPE"_s,
          .help = u"the provider: openai, anthropic, gemini, ollama, …, or its number"_s},
         putProvider},
        text(u"--base-url"_s, u"URL"_s, u"base_url"_s, u"its address; empty: the provider's own"_s),
        text(u"--models"_s, u"MODELS"_s, u"models"_s, u"what it offers, separated by commas"_s),
        text(u"--groups"_s,
             u"GROUPS"_s,
             u"group"_s,
             u"whom it serves, separated by commas; default: default"_s),
        {{.name = u"--map"_s,
          .value = u"A=B"_s,
          .help = u"who asks for A gets the provider's B; replaces the mapping, may be\n"
                  "repeated; empty: none"_s,
          .isRepeatable = true},
         putMapping},
        wholeField({.name = u"--priority"_s,
                    .value = u"N"_s,
                    .help = u"the channel of the highest is tried first"_s},
                   u"priority"_s,
                   -largestPriority,
                   largestPriority),
        wholeField({.name = u"--weight"_s,
                    .value = u"N"_s,
                    .help = u"its share among channels of one priority"_s},
                   u"weight"_s,
                   0,
                   largestWeight),
        limit(u"--concurrency"_s, u"concurrent_requests"_s, u"requests at one time"_s),
        limit(u"--rpm"_s, u"requests_per_minute"_s, u"requests a minute"_s),
        limit(u"--tpm"_s, u"tokens_per_minute"_s, u"tokens a minute"_s),
        numberField({.name = u"--price-ratio"_s,
                     .value = u"R"_s,
                     .help = u"what its requests cost is multiplied by this"_s},
                    u"price_ratio"_s,
                    0,
                    double(domain::Channel::largestPriceRatio) / 1e6),
        yesOrNoField({.name = u"--private-address"_s,
                      .value = u"yes|no"_s,
                      .help = u"whether its address may be one of this machine or network"_s},
                     u"allow_private_address"_s),
        text(u"--organization"_s, u"ID"_s, u"organization"_s, u"OpenAI's organization"_s),
        text(u"--api-version"_s, u"VERSION"_s, u"api_version"_s, u"Azure's api-version"_s),
        text(u"--system-prompt"_s, u"TEXT"_s, u"system_prompt"_s, u"stands before all messages"_s),
        text(u"--test-model"_s, u"MODEL"_s, u"test_model"_s, u"the model that tests ask for"_s),
        text(u"--tags"_s, u"TAGS"_s, u"tags"_s, u"separated by commas"_s),
        text(u"--note"_s, u"TEXT"_s, u"note"_s, u"for people alone"_s)};
}

Result<> completeChannel(const Arguments &arguments, QJsonObject &body)
{
    if (!body.contains(u"type"_s)) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(
                        u"Say with --type which provider the channel leads to, such as openai."_s));
    }
    // However many keys were read, they are those of one channel.
    body.insert(u"key_mode"_s, u"multi"_s);
    if (arguments.has(disabledOption.name))
        body.insert(u"status"_s, 2);
    return {};
}

// The account of a cloud is a document of many lines, the other keys are lines.
QString sentKeys(const QString &text)
{
    const base::Secret account = admin::keyOfCloudAccount(text.toUtf8());
    return account.isEmpty() ? text : QString::fromUtf8(account.reveal());
}

QString textOfChannels(const Rows &channels)
{
    Table table({{u"ID"_s, Table::Align::Right},
                 {u"STATUS"_s},
                 {u"PROVIDER"_s},
                 {u"PRIORITY"_s, Table::Align::Right},
                 {u"MODELS"_s, Table::Align::Right},
                 {u"NAME"_s}});
    for (const QJsonObject &channel : channels) {
        table.add({QString::number(channel.value(u"id"_s).toInteger()),
                   enabledText(channel.value(u"status"_s).toInt()),
                   channel.value(u"type_name"_s).toString(),
                   QString::number(channel.value(u"priority"_s).toInteger()),
                   QString::number(modelsOf(channel).size()),
                   channel.value(u"name"_s).toString()});
    }
    return table.text();
}

QString keysText(const QJsonArray &keys)
{
    qsizetype enabled = 0;
    for (const QJsonValue &key : keys)
        enabled += key[u"enabled"_s].toBool() ? 1 : 0;
    return enabled == keys.size() ? QString::number(enabled)
                                  : u"%1, of which %2 are enabled"_s.arg(keys.size()).arg(enabled);
}

QString limitText(const QJsonValue &limit)
{
    return limit.toInteger() > 0 ? QString::number(limit.toInteger()) : u"no limit"_s;
}

QString joinedText(const QJsonArray &texts)
{
    QStringList list;
    for (const QJsonValue &text : texts)
        list.append(text.toString());
    return list.join(u", "_s);
}

Facts factsOfChannel(const QJsonObject &channel)
{
    const auto text = [&](const QString &member) { return channel.value(member).toString(); };
    const QJsonObject limits = channel.value(u"limits"_s).toObject();
    const qint64 testedAt = channel.value(u"test_time"_s).toInteger();
    const QString tested = testedAt > 0
                               ? QString(u"%1, %2 ms"_s.arg(momentText(testedAt))
                                             .arg(channel.value(u"response_time"_s).toInteger()))
                               : u"never"_s;
    return {{u"ID"_s, QString::number(channel.value(u"id"_s).toInteger())},
            {u"Name"_s, text(u"name"_s)},
            {u"Status"_s, enabledText(channel.value(u"status"_s).toInt())},
            {u"Reason"_s, text(u"status_reason"_s)},
            {u"Provider"_s, text(u"type_name"_s)},
            {u"Address"_s, text(u"url"_s)},
            {u"Keys"_s, keysText(channel.value(u"keys"_s).toArray())},
            {u"Models"_s, modelsOf(channel).join(u", "_s)},
            {u"Mapping"_s, text(u"model_mapping"_s)},
            {u"Groups"_s, text(u"group"_s)},
            {u"Priority"_s, QString::number(channel.value(u"priority"_s).toInteger())},
            {u"Weight"_s, QString::number(channel.value(u"weight"_s).toInteger())},
            {u"Requests at one time"_s, limitText(limits.value(u"concurrent_requests"_s))},
            {u"Requests a minute"_s, limitText(limits.value(u"requests_per_minute"_s))},
            {u"Tokens a minute"_s, limitText(limits.value(u"tokens_per_minute"_s))},
            {u"Price ratio"_s, QString::number(channel.value(u"price_ratio"_s).toDouble())},
            {u"Spent through it"_s, dollarsText({channel.value(u"used_quota"_s).toInteger()})},
            {u"Tested"_s, tested},
            {u"Made"_s, momentText(channel.value(u"created_time"_s).toInteger())},
            {u"Tags"_s, joinedText(channel.value(u"tags"_s).toArray())},
            {u"Note"_s, text(u"note"_s)}};
}

Action testAction()
{
    return {.name = u"test"_s,
            .operands = u"CHANNEL…"_s,
            .help = u"sends one small request through each channel, or through --all"_s,
            .most = Action::anyNumber,
            .options = {allOption, modelOption},
            .make = [](const Options &options,
                       const Arguments &arguments) -> Result<std::unique_ptr<Command>> {
                if (arguments.operands().isEmpty() != arguments.has(allOption.name)) {
                    return fail(ErrorCode::InvalidInput,
                                base::Message::verbatim(u"Write: gatehouse channel test CHANNEL…, "
                                                        "or gatehouse channel test --all"_s));
                }
                return makeChannelTest(
                    options,
                    {.references = arguments.operands(),
                     .model = arguments.value(modelOption.name).value_or(QString())},
                    arguments.has(jsonOption));
            }};
}

} // namespace

QStringList modelsOf(const QJsonObject &channel)
{
    return channel.value(u"models"_s).toString().split(u',', Qt::SkipEmptyParts);
}

const Resource &channelResource()
{
    static const Resource resource{
        .noun = u"channel"_s,
        .path = "/api/channel",
        .fields = channelFields(),
        .members = membersOfChannel.split(u' '),
        .groups = u"group"_s,
        .secret =
            SecretRule{.stem = u"--key"_s, .member = u"key"_s, .what = u"keys"_s, .sent = sentKeys},
        .newOptions = {disabledOption},
        .complete = completeChannel,
        .table = textOfChannels,
        .facts = factsOfChannel};
    return resource;
}

CommandDescription channelCommand()
{
    std::vector<Action> actions = actionsOf(channelResource());
    actions.push_back(testAction());
    return commandOf(
        u"channel"_s,
        u"the accounts with providers"_s,
        actions,
        u"A CHANNEL is named by its ID or its name, or by id:5 or name:5 where 5 is both. Keys\n"
        "are read one a line, or as the document of a cloud's account, and take the place of\n"
        "those that were there. They never come out again. What is not among the options is changed by --from-json.\n\n"_s
            + workersHelp(u",\n8 some of several failed"_s));
}

} // namespace gatehouse::app
