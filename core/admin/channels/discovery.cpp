#include "admin/channels/discovery.h"

#include "admin/channels/channelprobe.h"
#include "secrets/tokenkey.h"

#include <QDir>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Result;

namespace {

struct EnvironmentKey
{
    const char *variable = "";
    const char *type = "";
    const char *address = ""; // the variable that says where the key belongs; empty: none is usual
};

constexpr EnvironmentKey environmentKeys[] = {
    {"OPENAI_API_KEY", "OpenAI", "OPENAI_BASE_URL"},
    {"ANTHROPIC_API_KEY", "Anthropic", "ANTHROPIC_BASE_URL"},
    {"GEMINI_API_KEY", "Google Gemini"},
    {"GOOGLE_API_KEY", "Google Gemini"},
    {"OPENROUTER_API_KEY", "OpenRouter"},
    {"DEEPSEEK_API_KEY", "DeepSeek"},
    {"GROQ_API_KEY", "Groq"},
    {"MISTRAL_API_KEY", "Mistral AI"},
    {"XAI_API_KEY", "xAI"},
    {"DASHSCOPE_API_KEY", "Alibaba DashScope"},
    {"MOONSHOT_API_KEY", "Moonshot AI"},
    {"ZHIPUAI_API_KEY", "Zhipu GLM"},
    {"SILICONFLOW_API_KEY", "SiliconFlow"}};

const domain::ProviderType *typeNamed(const char *name)
{
    for (const domain::ProviderType &type : domain::providerTypes()) {
        if (qstrcmp(type.name, name) == 0)
            return &type;
    }
    return nullptr;
}

DiscoveryPlace place(const QString &name, int type, quint16 port, const QString &path)
{
    const QString base = u"http://127.0.0.1:%1"_s.arg(port);
    return {.name = name, .url = base + path, .providerType = type, .baseUrl = base};
}

std::optional<FoundProvider> found(const DiscoveryPlace &place, const LocalAnswer &answer)
{
    if (!answer.answered)
        return std::nullopt;
    FoundProvider provider{.source = FoundProvider::Source::LocalServer, .origin = place.url};
    provider.channel.name = place.name;
    provider.channel.type = place.providerType;
    provider.channel.baseUrl = place.baseUrl;
    provider.channel.models = answer.models;
    return provider;
}

} // namespace

std::vector<DiscoveryPlace> discoveryPlaces()
{
    using namespace domain::provider;
    constexpr int compatible = custom; // whose paths begin with /v1
    return {place(u"Ollama"_s, ollama, 11434, u"/api/tags"_s),
            place(u"LM Studio"_s, lmStudio, 1234, u"/v1/models"_s),
            place(u"llama.cpp"_s, compatible, 8080, u"/v1/models"_s),
            place(u"vLLM"_s, compatible, 8000, u"/v1/models"_s),
            place(u"Jan"_s, compatible, 1337, u"/v1/models"_s),
            place(u"KoboldCpp"_s, compatible, 5001, u"/v1/models"_s),
            place(u"GPT4All"_s, compatible, 4891, u"/v1/models"_s)};
}

QStringList discoveryVariables()
{
    QStringList variables;
    for (const EnvironmentKey &known : environmentKeys)
        variables.append(QString::fromLatin1(known.variable));
    return variables;
}

QStringList discoveryFiles(const QString &home, const QMap<QString, QString> &environment)
{
    QStringList files;
    // Those of One API and of LiteLLM, which have no place of their own.
    for (const QString &variable : {u"SQLITE_PATH"_s, u"CONFIG_FILE_PATH"_s}) {
        if (const QString path = environment.value(variable); QDir::isAbsolutePath(path))
            files.append(path);
    }
    for (const QString &path : {u"one-api.db"_s,
                                u"one-api/one-api.db"_s,
                                u"one-api/data/one-api.db"_s,
                                u"new-api/one-api.db"_s,
                                u"new-api/data/one-api.db"_s,
                                u".cc-switch/cc-switch.db"_s,
                                u".cc-switch/config.json"_s,
                                u".claude-code-router/config.json"_s,
                                u"litellm_config.yaml"_s,
                                u"litellm/config.yaml"_s,
                                u"litellm/litellm_config.yaml"_s,
                                u".litellm/config.yaml"_s})
        files.append(QDir(home).filePath(path));
    files.removeDuplicates();
    return files;
}

std::vector<FoundProvider> providersIn(const QMap<QString, QString> &environment)
{
    std::vector<FoundProvider> all;
    for (const EnvironmentKey &known : environmentKeys) {
        const QString variable = QString::fromLatin1(known.variable);
        const base::Secret key(environment.value(variable).trimmed());
        const domain::ProviderType *type = typeNamed(known.type);
        const bool isKnown = std::any_of(all.cbegin(), all.cend(), [&](const FoundProvider &other) {
            return other.channel.keys.front().secret == key;
        });
        if (key.isEmpty() || !type || !type->relayable || isKnown)
            continue;
        FoundProvider provider{.source = FoundProvider::Source::Environment, .origin = variable};
        provider.maskedKey = secrets::maskedKey(key);
        provider.channel.name = QString::fromLatin1(type->name);
        provider.channel.type = type->number;
        provider.channel.keys = {domain::ChannelKey{.secret = key}};
        // Sent elsewhere, the key would be given away.
        const QString address = environment.value(QString::fromLatin1(known.address)).trimmed();
        const auto normalized = domain::normalizedBaseUrl(address, type->number);
        if (!normalized)
            continue;
        provider.channel.baseUrl = *normalized;
        all.push_back(std::move(provider));
    }
    return all;
}

Discovery::Discovery(QMap<QString, QString> environment,
                     std::vector<DiscoveryPlace> places,
                     QObject *parent)
    : QObject(parent)
    , m_environment(std::move(environment))
    , m_places(std::move(places))
{
    m_pool.setMaxThreadCount(std::max(1, static_cast<int>(m_places.size())));
}

Discovery::~Discovery()
{
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

Answer<std::vector<FoundProvider>> Discovery::scan()
{
    struct Scan
    {
        QPromise<Result<std::vector<FoundProvider>>> promise{};
        std::vector<std::optional<FoundProvider>> servers{};
        size_t left = 0;
    };
    if (m_places.empty())
        return answered<std::vector<FoundProvider>>(providersIn(m_environment));
    const auto scan = std::make_shared<Scan>();
    scan->promise.start();
    scan->servers.resize(m_places.size());
    scan->left = m_places.size();
    for (size_t i = 0; i < m_places.size(); ++i) {
        const auto probed =
            runIn(m_pool,
                  [place = m_places[i],
                   stop = m_stop.get_token()]() -> Result<std::optional<FoundProvider>> {
                      return found(place, askLocally(place.url, patience, stop));
                  });
        whenDone(
            probed, this, [this, scan, i](const Result<std::optional<FoundProvider>> &outcome) {
                if (outcome)
                    scan->servers[i] = *outcome;
                if (--scan->left > 0)
                    return;
                std::vector<FoundProvider> all = providersIn(m_environment);
                for (std::optional<FoundProvider> &server : scan->servers) {
                    if (server)
                        all.push_back(std::move(*server));
                }
                scan->promise.addResult(Result<std::vector<FoundProvider>>(std::move(all)));
                scan->promise.finish();
            });
    }
    return scan->promise.future();
}

} // namespace gatehouse::admin
