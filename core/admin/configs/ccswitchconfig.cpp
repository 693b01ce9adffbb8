// The providers of cc-switch, https://github.com/farion1231/cc-switch: each is what one client program keeps
// in its settings.
#include "admin/configs/configfile.h"
#include "admin/import/importtexts.h"
#include "base/json.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QStringTokenizer>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Dialect;

namespace {

struct Provider
{
    QString app{};
    QString name{};
    QString category{};
    QJsonObject settings{};
    QJsonObject meta{};
};

QString firstOf(const QJsonObject &object, const QStringList &names)
{
    for (const QString &name : names) {
        if (const QString value = object.value(name).toString().trimmed(); !value.isEmpty())
            return value;
    }
    return {};
}

void addModel(QString model, ProviderEntry &entry)
{
    // The client's own mark for a long context.
    if (model.endsWith("[1m]"_L1, Qt::CaseInsensitive))
        model.chop(4);
    if (!model.trimmed().isEmpty())
        entry.models.append({.name = model.trimmed(), .provider = model.trimmed()});
}

// The texts of a TOML document, by "table.name". Of the language there is what Codex's settings have: tables,
// and names with texts of one line; what is longer than a person writes is not looked at.
QHash<QString, QString> textsOfToml(const QString &document)
{
    static const QRegularExpression table(u"^\\[([^\\[\\]]+)\\]\\s*(?:#.*)?$"_s);
    static const QRegularExpression pair(
        u"^([A-Za-z0-9_.\\-\"]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)')\\s*(?:#.*)?$"_s);
    constexpr int mostLines = 20'000;
    constexpr qsizetype longestLine = 16 * 1024;
    QHash<QString, QString> texts;
    QString prefix;
    int lines = 0;
    for (const QStringView each : qTokenize(document, u'\n')) {
        if (++lines > mostLines)
            break;
        if (each.size() > longestLine)
            continue;
        const QString line = each.trimmed().toString();
        if (const auto head = table.match(line); head.hasMatch()) {
            prefix = head.captured(1).trimmed().remove(u'"') + u'.';
        } else if (const auto text = pair.match(line); text.hasMatch()) {
            QString value = text.captured(2) + text.captured(3);
            if (!text.captured(2).isEmpty())
                value.replace(u"\\\""_s, u"\""_s).replace(u"\\\\"_s, u"\\"_s);
            texts.insert(prefix + text.captured(1).remove(u'"'), value);
        }
    }
    return texts;
}

QString appName(const QString &app)
{
    static const QHash<QString, QString> names{{u"claude"_s, u"Claude Code"_s},
                                               {u"claude-desktop"_s, u"Claude Desktop"_s},
                                               {u"codex"_s, u"Codex"_s},
                                               {u"gemini"_s, u"Gemini CLI"_s}};
    return names.value(app, app);
}

// Claude Code's environment. The meta says where what is called speaks another dialect.
ProviderEntry claudeEntry(const Provider &provider)
{
    const QJsonObject environment = provider.settings.value("env"_L1).toObject();
    ProviderEntry entry{.dialect = Dialect::Anthropic};
    const QString format = provider.meta.value("apiFormat"_L1).toString();
    if (format.startsWith("openai"_L1))
        entry.dialect = Dialect::OpenAi;
    else if (format.startsWith("gemini"_L1))
        entry.dialect = Dialect::Gemini;
    entry.address = environment.value("ANTHROPIC_BASE_URL"_L1).toString().trimmed();
    // What Claude Code adds begins with the version, and so does what cc-switch calls in its place.
    static const QRegularExpression version(u"/v\\d+(/|$)"_s);
    if (entry.dialect == Dialect::OpenAi && !entry.address.isEmpty()
        && !provider.meta.value("isFullUrl"_L1).toBool() && !entry.address.contains(version))
        entry.address += entry.address.endsWith(u'/') ? u"v1"_s : u"/v1"_s;
    entry.key =
        base::Secret(firstOf(environment, {u"ANTHROPIC_AUTH_TOKEN"_s, u"ANTHROPIC_API_KEY"_s}));
    static const QStringList models{u"ANTHROPIC_MODEL"_s,
                                    u"ANTHROPIC_DEFAULT_OPUS_MODEL"_s,
                                    u"ANTHROPIC_DEFAULT_SONNET_MODEL"_s,
                                    u"ANTHROPIC_DEFAULT_HAIKU_MODEL"_s,
                                    u"ANTHROPIC_SMALL_FAST_MODEL"_s};
    for (const QString &name : models)
        addModel(environment.value(name).toString(), entry);
    return entry;
}

// Codex's auth.json and config.toml.
ProviderEntry codexEntry(const Provider &provider, const Variables &variables)
{
    const QHash<QString, QString> texts =
        textsOfToml(provider.settings.value("config"_L1).toString());
    const QString table = u"model_providers."_s + texts.value(u"model_provider"_s) + u'.';
    ProviderEntry entry{.address = texts.value(table + u"base_url"_s, texts.value(u"base_url"_s))};
    QString key = firstOf(provider.settings.value("auth"_L1).toObject(), {u"OPENAI_API_KEY"_s});
    if (key.isEmpty())
        key = texts.value(table + u"experimental_bearer_token"_s);
    if (const QString variable = texts.value(table + u"env_key"_s);
        key.isEmpty() && !variable.isEmpty()) {
        key = lookedUp(variable, variables).value;
        entry.missing = key.isEmpty() ? variable : QString();
    }
    entry.key = base::Secret(key);
    addModel(texts.value(u"model"_s), entry);
    return entry;
}

ProviderEntry geminiEntry(const Provider &provider)
{
    const QJsonObject environment = provider.settings.value("env"_L1).toObject();
    ProviderEntry entry{.dialect = Dialect::Gemini};
    entry.address = environment.value("GOOGLE_GEMINI_BASE_URL"_L1).toString();
    entry.key = base::Secret(firstOf(environment, {u"GEMINI_API_KEY"_s, u"GOOGLE_API_KEY"_s}));
    addModel(environment.value("GEMINI_MODEL"_L1).toString(), entry);
    return entry;
}

void take(const Provider &provider, const Variables &variables, ChannelMaker &maker)
{
    ProviderEntry entry;
    if (provider.app == "claude"_L1 || provider.app == "claude-desktop"_L1) {
        entry = claudeEntry(provider);
    } else if (provider.app == "codex"_L1) {
        entry = codexEntry(provider, variables);
    } else if (provider.app == "gemini"_L1) {
        entry = geminiEntry(provider);
    } else {
        return maker.skip(
            provider.name,
            Message::tr("Providers of %1 are not taken over.").arg(shownName(provider.app)));
    }
    if (provider.settings.isEmpty())
        return maker.skip(provider.name, Message::tr("Its settings cannot be read."));
    if (entry.key.isEmpty() && entry.missing.isEmpty()
        && (entry.address.isEmpty() || provider.category == "official"_L1
            || !provider.meta.value("providerType"_L1).toString().isEmpty())) {
        return maker.skip(
            provider.name,
            Message::tr("It is signed in to with an account; there is no key to take over."));
    }
    entry.name = provider.name;
    entry.origin = appName(provider.app);
    maker.add(entry);
}

QJsonObject objectOf(const base::Secret &text)
{
    return base::parseJsonObject(text.reveal()).value_or(QJsonObject());
}

} // namespace

ConfigContent readCcSwitch(const std::vector<storage::ForeignProvider> &providers,
                           const Variables &variables,
                           const std::stop_token &stop)
{
    ChannelMaker maker(ImportSource::CcSwitch);
    for (const storage::ForeignProvider &one : providers) {
        if (stop.stop_requested() || !maker.hasRoom(u"providers"_s))
            break;
        take({.app = one.app,
              .name = one.name,
              .category = one.category,
              .settings = objectOf(one.settings),
              .meta = objectOf(one.meta)},
             variables,
             maker);
    }
    return maker.take();
}

// By program since its second version; the first knew Claude Code alone.
ConfigContent
readCcSwitch(const QJsonObject &config, const Variables &variables, const std::stop_token &stop)
{
    ChannelMaker maker(ImportSource::CcSwitch);
    QJsonObject apps = config;
    if (config.value("providers"_L1).isObject())
        apps = {{u"claude"_s, config}};
    for (auto app = apps.begin(); app != apps.end(); ++app) {
        const QJsonObject providers = app->toObject().value("providers"_L1).toObject();
        for (const QJsonValue &each : providers) {
            if (stop.stop_requested() || !maker.hasRoom(u"providers"_s))
                return maker.take();
            const QJsonObject one = each.toObject();
            take({.app = app.key(),
                  .name = one.value("name"_L1).toString(),
                  .category = one.value("category"_L1).toString(),
                  .settings = one.value("settingsConfig"_L1).toObject(),
                  .meta = one.value("meta"_L1).toObject()},
                 variables,
                 maker);
        }
    }
    return maker.take();
}

} // namespace gatehouse::admin
