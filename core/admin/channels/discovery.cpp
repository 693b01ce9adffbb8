#include "admin/channels/discovery.h"

#include "admin/channels/channelprobe.h"
#include "secrets/tokenkey.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStringTokenizer>
#include <QUrl>

#include <optional>

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

namespace {

// Adds what is not among `all` yet.
void addProvidersIn(const QMap<QString, QString> &environment,
                    const QString &profile,
                    std::vector<FoundProvider> &all)
{
    for (const EnvironmentKey &known : environmentKeys) {
        const QString variable = QString::fromLatin1(known.variable);
        const base::Secret key(environment.value(variable).trimmed());
        const domain::ProviderType *type = typeNamed(known.type);
        const bool isKnown = std::any_of(all.cbegin(), all.cend(), [&](const FoundProvider &other) {
            return other.channel.keys.front().secret == key;
        });
        if (key.isEmpty() || !type || !type->relayable || isKnown)
            continue;
        FoundProvider provider{
            .source = FoundProvider::Source::Environment, .origin = variable, .profile = profile};
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
}

bool isLookedInto(const QString &variable)
{
    return std::any_of(
        std::begin(environmentKeys), std::end(environmentKeys), [&variable](const auto &known) {
            return variable == QLatin1StringView(known.variable)
                   || (*known.address != 0 && variable == QLatin1StringView(known.address));
        });
}

// Stands for an address that a shell would have to work out. None at all would be the provider's own,
// which the key beside it is not meant for.
const QString unknownAddress = u"?"_s;

bool isAddress(const QString &variable)
{
    return std::any_of(
        std::begin(environmentKeys), std::end(environmentKeys), [&variable](const auto &known) {
            return *known.address != 0 && variable == QLatin1StringView(known.address);
        });
}

// The value of a line of a shell behind NAME=; nothing if a shell would have to work it out.
std::optional<QString> literalValue(const QString &written)
{
    static const QRegularExpression literal(
        u"^(?:'([^']*)'|\"([^\"$`\\\\]*)\"|([^\\s'\"$`\\\\;#&|<>()]*))\\s*(?:[;#].*)?$"_s);
    const QRegularExpressionMatch match = literal.match(written);
    if (!match.hasMatch())
        return std::nullopt;
    return QString(match.captured(1) + match.captured(2) + match.captured(3)).trimmed();
}

struct Profile
{
    QString name{};
    QMap<QString, QString> variables{};
};

std::vector<Profile> readProfiles(const QString &home)
{
    constexpr qint64 mostBytes = 1024 * 1024;
    std::vector<Profile> all;
    for (const QString &name : profileFiles()) {
        // No pipe or device is waited for.
        const QFileInfo info(home + name.mid(1));
        QFile file(info.filePath());
        if (info.isFile() && file.open(QIODevice::ReadOnly))
            all.push_back({.name = name, .variables = variablesOfProfile(file.read(mostBytes))});
    }
    return all;
}

} // namespace

std::vector<FoundProvider> providersIn(const QMap<QString, QString> &environment)
{
    std::vector<FoundProvider> all;
    addProvidersIn(environment, {}, all);
    return all;
}

QStringList profileFiles()
{
    return {u"~/.zshenv"_s,
            u"~/.zprofile"_s,
            u"~/.zshrc"_s,
            u"~/.bash_profile"_s,
            u"~/.bashrc"_s,
            u"~/.profile"_s,
            u"~/.config/fish/config.fish"_s,
            u"~/.gemini/.env"_s};
}

QMap<QString, QString> variablesOfProfile(const QByteArray &text)
{
    static const QRegularExpression line(
        u"^\\s*(?:(?:export|typeset\\s+-x|declare\\s+-x)\\s+)?([A-Z][A-Z0-9_]{2,80})=(.*)$"
        "|^\\s*set\\s+(?:-\\S+\\s+)+([A-Z][A-Z0-9_]{2,80})\\s+(.*)$"_s);
    QMap<QString, QString> variables;
    const QString whole = QString::fromUtf8(text);
    for (const QStringView each : qTokenize(whole, u'\n')) {
        const QRegularExpressionMatch match = line.match(each.trimmed().toString());
        const QString name = match.captured(1) + match.captured(3);
        if (!match.hasMatch() || !isLookedInto(name))
            continue;
        if (const auto value = literalValue(match.captured(2) + match.captured(4)))
            variables.insert(name, *value);
        else if (isAddress(name))
            variables.insert(name, unknownAddress);
        else
            variables.remove(name); // it is no longer what an earlier line says
    }
    return variables;
}

Discovery::Discovery(QMap<QString, QString> environment,
                     std::vector<DiscoveryPlace> places,
                     QObject *parent)
    : QObject(parent)
    , m_environment(std::move(environment))
    , m_places(std::move(places))
{
    m_pool.setMaxThreadCount(static_cast<int>(m_places.size()) + 1);
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
        std::vector<Profile> profiles{};
        size_t left = 0;
    };
    const auto scan = std::make_shared<Scan>();
    scan->promise.start();
    scan->servers.resize(m_places.size());
    scan->left = m_places.size() + 1;
    const auto endOne = [this, scan] {
        if (--scan->left > 0)
            return;
        std::vector<FoundProvider> all = providersIn(m_environment);
        for (const Profile &profile : scan->profiles) {
            m_profiles.append(profile.name);
            addProvidersIn(profile.variables, profile.name, all);
        }
        for (std::optional<FoundProvider> &server : scan->servers) {
            if (server)
                all.push_back(std::move(*server));
        }
        scan->promise.addResult(Result<std::vector<FoundProvider>>(std::move(all)));
        scan->promise.finish();
    };
    const QString home = m_environment.value(u"HOME"_s);
    const auto read = runIn(m_pool, [home]() -> Result<std::vector<Profile>> {
        return home.isEmpty() ? std::vector<Profile>() : readProfiles(home);
    });
    whenDone(read, this, [scan, endOne](const Result<std::vector<Profile>> &profiles) {
        if (profiles)
            scan->profiles = *profiles;
        endOne();
    });
    for (size_t i = 0; i < m_places.size(); ++i) {
        const auto probed =
            runIn(m_pool,
                  [place = m_places[i],
                   stop = m_stop.get_token()]() -> Result<std::optional<FoundProvider>> {
                      return found(place, askLocally(place.url, patience, stop));
                  });
        whenDone(
            probed, this, [scan, endOne, i](const Result<std::optional<FoundProvider>> &outcome) {
                if (outcome)
                    scan->servers[i] = *outcome;
                endOne();
            });
    }
    return scan->promise.future();
}

} // namespace gatehouse::admin
