#include "admin/import/importedsettings.h"

#include "admin/import/importtexts.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Channel;
using storage::ForeignChannel;
using storage::ForeignKind;

namespace {

constexpr qsizetype longestText = 64 * 1024;
constexpr qsizetype longestVersion = 100;

// One API's numbers of types.
constexpr int xunfei = 18;
constexpr int ali = 17;
constexpr int library = 21;
constexpr int cloudflare = 37;
constexpr int vertex = 42;

// What was in "other" before there was "config", and still is in New API.
void applyOther(const QString &text, Channel &channel)
{
    const QString other = text.trimmed();
    if (other.isEmpty())
        return;
    const auto add = [&](const QString &name) {
        if (!channel.config.contains(name))
            channel.config.insert(name, other);
    };
    switch (channel.type) {
    case domain::provider::azure:
    case domain::provider::gemini:
    case xunfei:
        if (channel.apiVersion.isEmpty())
            channel.apiVersion = cleanText(other, longestVersion);
        break;
    case ali:
        add(u"plugin"_s);
        break;
    case library:
        add(u"library_id"_s);
        break;
    case cloudflare:
        add(u"user_id"_s);
        break;
    case vertex:
        add(u"region"_s);
        break;
    default:
        break;
    }
}

void applyConfig(const QJsonObject &config, Channel &channel)
{
    for (auto it = config.constBegin(); it != config.constEnd(); ++it) {
        if (it->isString() && it->toString().isEmpty())
            continue;
        if (it.key() == "api_version"_L1 && it->isString())
            channel.apiVersion = cleanText(it->toString(), longestVersion);
        else
            channel.config.insert(it.key(), *it);
    }
}

// As a channel without anything else would be judged.
bool isSound(const Channel &part)
{
    Channel trial = part;
    trial.type = domain::provider::openAi;
    trial.name = u"trial"_s;
    return domain::validate(trial).has_value();
}

// False: a part was left out.
bool applyHeaders(const QJsonObject &headers, Channel &channel)
{
    bool isWhole = true;
    for (auto it = headers.constBegin(); it != headers.constEnd(); ++it) {
        // What is in braces is filled in there for each request.
        const QMap<QString, QString> one{{it.key(), it->toString()}};
        const bool isUsable = it->isString() && !it->toString().contains(u'{')
                              && isSound(Channel{.headerOverrides = one});
        if (isUsable)
            channel.headerOverrides.insert(one);
        isWhole = isWhole && isUsable;
    }
    return isWhole;
}

// New API's later form is a list of operations.
bool applyBody(const QJsonObject &body, Channel &channel)
{
    if (body.contains(u"operations"_s))
        return false;
    channel.bodyOverrides = body;
    return true;
}

bool applySetting(const QJsonObject &setting, Channel &channel)
{
    if (channel.systemPrompt.isEmpty())
        channel.systemPrompt = setting.value(u"system_prompt"_s).toString().left(longestText);
    const QString proxy = setting.value(u"proxy"_s).toString().trimmed();
    if (proxy.isEmpty())
        return true;
    if (!isSound(Channel{.proxy = proxy}))
        return false;
    channel.proxy = proxy;
    return true;
}

} // namespace

std::vector<Message> applySettings(const ForeignChannel &source, ForeignKind kind, Channel &channel)
{
    std::vector<Message> notes;
    const auto config = objectFrom(source.config.reveal());
    const auto setting = objectFrom(source.setting.reveal());
    const auto body = objectFrom(source.bodyOverrides.reveal());
    const auto headers = objectFrom(source.headerOverrides.reveal());
    if (config)
        applyConfig(*config, channel);
    else
        notes.push_back(Message::tr("Its provider settings cannot be read and were left out."));
    // A text of JSON would be a map of regions, which is for providers that are not served.
    applyOther(source.other, channel);
    if (kind != ForeignKind::NewApi)
        return notes;
    if (!setting || !applySetting(*setting, channel)) {
        // Without it, the provider would see where this gateway is.
        channel.status = domain::ChannelStatus::DisabledByHand;
        notes.push_back(
            Message::tr("Its proxy cannot be used here; the channel is disabled. Look at "
                        "it before you enable the channel."));
    }
    if (!body || !applyBody(*body, channel))
        notes.push_back(Message::tr("Its body overrides are of a form that is not known here; they "
                                    "were left out."));
    if (!headers || !applyHeaders(*headers, channel))
        notes.push_back(Message::tr("Header overrides that cannot be used here were left out."));
    return notes;
}

QHash<int, KeyState> keyStates(const base::Secret &channelInfo)
{
    constexpr int enabled = 1;
    constexpr int byMachine = 3;
    QHash<int, KeyState> states;
    const QJsonObject info = objectFrom(channelInfo.reveal()).value_or(QJsonObject());
    const QJsonObject list = info.value(u"multi_key_status_list"_s).toObject();
    for (auto it = list.constBegin(); it != list.constEnd(); ++it) {
        bool isNumber = false;
        const int line = it.key().toInt(&isNumber);
        if (isNumber && it->toInt(enabled) != enabled)
            states.insert(line, {.enabled = false, .byMachine = it->toInt() == byMachine});
    }
    return states;
}

} // namespace gatehouse::admin
