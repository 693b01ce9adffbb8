// The `config.json` of Claude Code Router: https://github.com/musistudio/claude-code-router.
#include "admin/configs/configfile.h"
#include "admin/import/importtexts.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Dialect;

namespace {

QString member(const QJsonObject &object, const QStringList &names)
{
    for (const QString &name : names) {
        if (const QString value = object.value(name).toString().trimmed(); !value.isEmpty())
            return value;
    }
    return {};
}

// "$NAME" and "${NAME}" stand for variables.
Looked lookedUpKey(const QString &text, const Variables &variables)
{
    static const QRegularExpression form(u"^\\$\\{?([A-Za-z_][A-Za-z0-9_]*)\\}?$"_s);
    const QRegularExpressionMatch match = form.match(text);
    return match.hasMatch() ? lookedUp(match.captured(1), variables) : Looked{.value = text};
}

// The names of what translates for all models of the provider.
QStringList transformers(const QJsonObject &provider)
{
    constexpr qsizetype mostNames = 100;
    QStringList names;
    for (const QJsonValue &each : provider.value("transformer"_L1)["use"_L1].toArray()) {
        if (names.size() >= mostNames)
            break;
        names.append((each.isArray() ? each[0] : each).toString().toLower());
    }
    return names;
}

// Newer versions name the protocol of a provider, older ones what translates for it.
Dialect dialectOf(const QStringList &translators, const QString &protocol, const QString &address)
{
    if (protocol.startsWith("gemini"_L1) || translators.contains(u"gemini"_s))
        return Dialect::Gemini;
    const bool isAnthropic = protocol.startsWith("anthropic"_L1)
                             || translators.contains(u"anthropic"_s)
                             || address.endsWith("/messages"_L1);
    return isAnthropic ? Dialect::Anthropic : Dialect::OpenAi;
}

} // namespace

ConfigContent readClaudeCodeRouter(const QJsonObject &config,
                                   const Variables &variables,
                                   const std::stop_token &stop)
{
    ChannelMaker maker(ImportSource::ClaudeCodeRouter);
    const QString list = config.contains("Providers"_L1) ? u"Providers"_s : u"providers"_s;
    for (const QJsonValue &each : config.value(list).toArray()) {
        if (stop.stop_requested() || !maker.hasRoom(list))
            break;
        const QJsonObject provider = each.toObject();
        ProviderEntry entry{.name = member(provider, {u"name"_s, u"id"_s}), .origin = list};
        entry.address =
            member(provider,
                   {u"api_base_url"_s, u"apiBaseUrl"_s, u"baseurl"_s, u"baseUrl"_s, u"base_url"_s});
        const QStringList translators = transformers(provider);
        entry.dialect = dialectOf(translators, provider.value("type"_L1).toString(), entry.address);
        const bool isCloud =
            std::any_of(translators.begin(), translators.end(), [](const QString &name) {
                return name.startsWith("vertex"_L1);
            });
        if (isCloud) {
            maker.skip(
                entry.name,
                Message::tr("The provider %1 is not served by this gateway.").arg(u"Vertex AI"_s));
            continue;
        }
        if (entry.address.isEmpty()) {
            maker.skip(entry.name, Message::tr("It has no address (api_base_url)."));
            continue;
        }
        const Looked key =
            lookedUpKey(member(provider, {u"api_key"_s, u"apikey"_s, u"apiKey"_s}), variables);
        entry.key = base::Secret(key.value);
        entry.missing = key.isMissing() ? key.variable : QString();
        for (const QJsonValue &model : provider.value("models"_L1).toArray()) {
            if (entry.models.size() >= ChannelMaker::mostModels)
                break;
            const QString name = (model.isObject() ? model["name"_L1] : model).toString().trimmed();
            entry.models.append({.name = name, .provider = name});
        }
        maker.add(entry);
    }
    return maker.take();
}

} // namespace gatehouse::admin
