// The `config.yaml` of LiteLLM's proxy: https://docs.litellm.ai/docs/proxy/configs.
#include "admin/configs/configfile.h"
#include "admin/import/importtexts.h"

#include <QHash>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;

namespace {

namespace provider = domain::provider;

constexpr qsizetype mostCredentials = 20'000;

struct LiteLlmProvider
{
    const char *name = "";     // before the model's, as in "openai/gpt-4o"
    int type = 0;              // 0: the address and the dialect tell
    const char *address = "";  // LiteLLM's own; empty: that of the type
    const char *variable = ""; // that LiteLLM takes the key from where none is given
    bool needsAddress = false;
};

constexpr LiteLlmProvider providers[] = {
    {.name = "openai", .variable = "OPENAI_API_KEY"},
    {.name = "text-completion-openai", .variable = "OPENAI_API_KEY"},
    {.name = "custom_openai", .needsAddress = true},
    {.name = "openai_like", .needsAddress = true},
    {.name = "hosted_vllm", .needsAddress = true},
    {.name = "litellm_proxy", .needsAddress = true},
    {.name = "llamafile", .address = "http://127.0.0.1:8080/v1"},
    {.name = "azure", .type = provider::azure, .variable = "AZURE_API_KEY", .needsAddress = true},
    {.name = "anthropic", .type = provider::anthropic, .variable = "ANTHROPIC_API_KEY"},
    {.name = "gemini", .type = provider::gemini, .variable = "GEMINI_API_KEY"},
    {.name = "openrouter", .type = provider::openRouter, .variable = "OPENROUTER_API_KEY"},
    {.name = "deepseek", .type = 36, .variable = "DEEPSEEK_API_KEY"},
    {.name = "groq", .type = 29, .variable = "GROQ_API_KEY"},
    {.name = "mistral", .type = 28, .variable = "MISTRAL_API_KEY"},
    {.name = "xai", .type = 45, .variable = "XAI_API_KEY"},
    {.name = "together_ai", .type = 39, .variable = "TOGETHERAI_API_KEY"},
    {.name = "ollama", .type = provider::ollama},
    {.name = "ollama_chat", .type = provider::ollama},
    {.name = "lm_studio", .type = provider::lmStudio},
    {.name = "moonshot",
     .type = 25,
     .address = "https://api.moonshot.ai/v1",
     .variable = "MOONSHOT_API_KEY"},
    {.name = "dashscope",
     .type = 17,
     .address = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
     .variable = "DASHSCOPE_API_KEY"},
    {.name = "volcengine", .type = 40, .variable = "VOLCENGINE_API_KEY"},
    {.name = "zai",
     .type = 16,
     .address = "https://api.z.ai/api/paas/v4",
     .variable = "ZAI_API_KEY"},
    {.name = "novita", .type = 41, .variable = "NOVITA_API_KEY"},
    {.name = "minimax", .address = "https://api.minimax.io/v1", .variable = "MINIMAX_API_KEY"},
    {.name = "fireworks_ai",
     .address = "https://api.fireworks.ai/inference/v1",
     .variable = "FIREWORKS_AI_API_KEY"},
    {.name = "perplexity",
     .address = "https://api.perplexity.ai",
     .variable = "PERPLEXITYAI_API_KEY"},
    {.name = "cerebras", .address = "https://api.cerebras.ai/v1", .variable = "CEREBRAS_API_KEY"},
    {.name = "nvidia_nim",
     .address = "https://integrate.api.nvidia.com/v1",
     .variable = "NVIDIA_NIM_API_KEY"},
    {.name = "deepinfra",
     .address = "https://api.deepinfra.com/v1/openai",
     .variable = "DEEPINFRA_API_KEY"},
    {.name = "sambanova",
     .address = "https://api.sambanova.ai/v1",
     .variable = "SAMBANOVA_API_KEY"},
};

const LiteLlmProvider *providerNamed(const QString &name)
{
    const auto found = std::find_if(
        std::begin(providers), std::end(providers), [&name](const LiteLlmProvider &one) {
            return name == QLatin1StringView(one.name);
        });
    return found == std::end(providers) ? nullptr : found;
}

// Of models that LiteLLM knows without their provider.
QString providerOfModel(const QString &model)
{
    struct Form
    {
        QStringView beginning{};
        const char *provider = "";
    };
    static const std::vector<Form> forms{{u"gpt-", "openai"},
                                         {u"chatgpt-", "openai"},
                                         {u"o1", "openai"},
                                         {u"o3", "openai"},
                                         {u"o4", "openai"},
                                         {u"text-embedding-", "openai"},
                                         {u"dall-e-", "openai"},
                                         {u"whisper-", "openai"},
                                         {u"tts-", "openai"},
                                         {u"claude-", "anthropic"}};
    for (const Form &form : forms) {
        if (model.startsWith(form.beginning))
            return QString::fromLatin1(form.provider);
    }
    return {};
}

// What stands between provider and model is how LiteLLM is to call it.
QString withoutRoute(QString model)
{
    static const QStringList routes{u"responses/"_s, u"gpt5_series/"_s, u"o_series/"_s};
    for (const QString &route : routes) {
        if (model.startsWith(route))
            model.remove(0, route.size());
    }
    return model;
}

class LiteLlmReader
{
public:
    LiteLlmReader(const QJsonObject &config,
                  const Variables &variables,
                  const std::stop_token &stop)
        : m_config(config)
        , m_variables(variables)
        , m_stop(stop)
    {
        const QJsonObject own = config.value("environment_variables"_L1).toObject();
        for (auto it = own.begin(); it != own.end(); ++it) {
            if (const QString value = it->toString(); !value.startsWith(reference))
                m_variables.insert(it.key(), value);
        }
        for (const QJsonValue &each : config.value("credential_list"_L1).toArray()) {
            if (m_credentials.size() >= mostCredentials || m_stop.stop_requested())
                break;
            const QJsonObject credential = each.toObject();
            m_credentials.insert(credential.value("credential_name"_L1).toString(),
                                 credential.value("credential_values"_L1).toObject());
        }
    }

    ConfigContent read()
    {
        for (const QJsonValue &each : m_config.value("model_list"_L1).toArray()) {
            if (m_stop.stop_requested() || !m_maker.hasRoom(u"model_list"_s))
                break;
            take(each.toObject());
        }
        for (const QJsonValue &file : m_config.value("include"_L1).toArray()) {
            if (m_stop.stop_requested())
                break;
            m_maker.skip(file.toString(), Message::tr("It is another file. Import it by itself."));
        }
        return m_maker.take();
    }

private:
    void take(const QJsonObject &item)
    {
        const QString asked = item.value("model_name"_L1).toString().trimmed();
        QJsonObject given = item.value("litellm_params"_L1).toObject();
        addCredential(given);
        QString model = given.value("model"_L1).toString().trimmed();
        QString named = given.value("custom_llm_provider"_L1).toString().trimmed();
        const qsizetype slash = model.indexOf(u'/');
        if (named.isEmpty() && slash > 0)
            named = model.left(slash);
        if (named.isEmpty())
            named = providerOfModel(model);
        else if (model.startsWith(QString(named + u'/')))
            model.remove(0, named.size() + 1);
        if (asked.isEmpty() || model.isEmpty())
            return m_maker.skip(asked, Message::tr("It names no model."));
        if (named.isEmpty()) {
            return m_maker.skip(asked,
                                Message::tr("Its provider is not named: write it before the model, "
                                            "as in openai/%1.")
                                    .arg(shownName(model)));
        }
        const LiteLlmProvider *known = providerNamed(named);
        if (!known) {
            return m_maker.skip(asked,
                                Message::tr("The provider %1 is not served by this gateway.")
                                    .arg(shownName(named)));
        }
        ProviderEntry entry = entryOf(*known, given);
        const Looked address = text(given, u"api_base"_s, u"base_url"_s);
        // A variable that holds something else, such as a key, would be shown and called as a host.
        if (!address.variable.isEmpty() && !address.isMissing()
            && !address.value.contains("://"_L1)) {
            return m_maker.skip(
                asked,
                Message::tr("Its base URL cannot be used here. Make it anew with another one."));
        }
        if (address.isMissing()) {
            return m_maker.skip(asked,
                                Message::tr("The variable %1 with its address is not set here.")
                                    .arg(shownName(address.variable)));
        }
        if (entry.address.isEmpty() && known->needsAddress)
            return m_maker.skip(asked, Message::tr("It has no address (api_base)."));
        addModel(asked, withoutRoute(model), entry);
        m_maker.add(entry);
    }

    // What the entry itself says goes before what the credential that it names does.
    void addCredential(QJsonObject &given) const
    {
        static const QStringList parts{u"model"_s,
                                       u"custom_llm_provider"_s,
                                       u"api_key"_s,
                                       u"api_base"_s,
                                       u"base_url"_s,
                                       u"organization"_s,
                                       u"api_version"_s,
                                       u"headers"_s,
                                       u"extra_headers"_s};
        const QString name = given.value("litellm_credential_name"_L1).toString();
        if (name.isEmpty())
            return;
        const QJsonObject credential = m_credentials.value(name);
        for (const QString &part : parts) {
            if (!given.contains(part) && credential.contains(part))
                given.insert(part, credential.value(part));
        }
    }

    // What may be shown to people is not looked up: the variable could hold a key.
    static QString plainText(const QJsonObject &given, const QString &name, ProviderEntry &entry)
    {
        const QString value = given.value(name).toString().trimmed();
        if (!value.startsWith(reference))
            return value;
        entry.notes.push_back(
            Message::tr("Its %1 stands in a variable and is not taken over. Enter it in the "
                        "channel's dialog.")
                .arg(name));
        return {};
    }

    ProviderEntry entryOf(const LiteLlmProvider &known, const QJsonObject &given)
    {
        ProviderEntry entry{.origin = u"model_list"_s, .type = known.type};
        if (const domain::ProviderType *type = domain::providerType(known.type))
            entry.dialect = type->dialect;
        entry.address = text(given, u"api_base"_s, u"base_url"_s).value;
        entry.organization = plainText(given, u"organization"_s, entry);
        entry.apiVersion = plainText(given, u"api_version"_s, entry);
        Looked key = text(given, u"api_key"_s);
        // Sent elsewhere, a key that the file does not name would be given away.
        if (key.value.isEmpty() && key.variable.isEmpty() && entry.address.isEmpty()
            && *known.variable != '\0')
            key = lookedUp(QString::fromLatin1(known.variable), m_variables);
        if (entry.address.isEmpty())
            entry.address = QString::fromLatin1(known.address);
        entry.key = base::Secret(key.value);
        entry.missing = key.isMissing() ? key.variable : QString();
        static const QStringList limits{u"rpm"_s, u"tpm"_s, u"max_parallel_requests"_s};
        if (std::any_of(limits.begin(), limits.end(), [&given](const QString &name) {
                return given.contains(name);
            })) {
            entry.notes.push_back(
                Message::tr("Limits of single models (rpm, tpm) are not taken over."));
        }
        if (given.contains("extra_headers"_L1) || given.contains("headers"_L1))
            entry.notes.push_back(Message::tr("Headers of its own are not taken over."));
        return entry;
    }

    static void addModel(const QString &asked, const QString &model, ProviderEntry &entry)
    {
        if (!model.contains(u'*') && !asked.contains(u'*')) {
            entry.models.append({.name = asked, .provider = model});
            return;
        }
        entry.notes.push_back(Message::tr(
            "There it serves whatever model is asked for; here each is named. Fetch the provider's "
            "list in the channel's dialog."));
    }

    // Of a key or an address, the value of the variable that it names.
    Looked text(const QJsonObject &object, const QString &name, const QString &other = {}) const
    {
        QString value = object.value(name).toString().trimmed();
        if (value.isEmpty() && !other.isEmpty())
            value = object.value(other).toString().trimmed();
        if (!value.startsWith(reference))
            return {.value = value};
        return lookedUp(value.mid(reference.size()), m_variables);
    }

    static constexpr QLatin1StringView reference = "os.environ/"_L1;

    const QJsonObject m_config;
    Variables m_variables;
    const std::stop_token m_stop;
    QHash<QString, QJsonObject> m_credentials{};
    ChannelMaker m_maker{ImportSource::LiteLlm};
};

} // namespace

ConfigContent
readLiteLlm(const QJsonObject &config, const Variables &variables, const std::stop_token &stop)
{
    return LiteLlmReader(config, variables, stop).read();
}

} // namespace gatehouse::admin
