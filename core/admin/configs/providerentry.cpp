#include "admin/configs/providerentry.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

namespace provider = domain::provider;
using domain::Dialect;
using domain::PathRule;
using domain::ProviderType;

const QString chatPath = u"/chat/completions"_s;

// Without an ending, if it has it.
bool chop(QString &text, QStringView ending)
{
    if (!text.endsWith(ending))
        return false;
    text.chop(ending.size());
    return true;
}

// Scheme, host, port and path, without the name of an operation; empty: it is no web address.
QString rootOf(const QString &address)
{
    QString text = address.trimmed();
    if (!text.isEmpty() && !text.contains("://"_L1))
        text.prepend("https://"_L1);
    QUrl url(text, QUrl::StrictMode);
    const bool isWeb = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!url.isValid() || !isWeb || url.host().isEmpty() || !url.userInfo().isEmpty())
        return {};
    static const QRegularExpression operation(
        u"/(chat/completions|completions|embeddings|responses|messages|models)(/.*)?$"_s);
    QString path = url.path(QUrl::FullyEncoded);
    path.remove(operation);
    while (chop(path, u"/"))
        continue;
    url.setQuery(QString());
    url.setFragment({});
    url.setPath({});
    return url.toString(QUrl::FullyEncoded) + path;
}

// What the address that an OpenAI client has adds to the one of a channel of that type. Nothing: such a
// client could not speak to it.
std::optional<QString> clientPath(const ProviderType &type)
{
    if (!type.relayable || type.dialect != Dialect::OpenAi)
        return std::nullopt;
    QString path = QString::fromLatin1(type.chatPath);
    switch (type.pathRule) {
    case PathRule::AsGiven:
        return u"/v1"_s;
    case PathRule::WithoutV1:
        return QString();
    case PathRule::Fixed:
        return chop(path, chatPath) ? std::optional(path) : std::nullopt;
    case PathRule::Azure:
    case PathRule::Anthropic:
    case PathRule::Gemini:
        break;
    }
    return std::nullopt;
}

// Whether it is the type's own address. Providers leave the version out in examples.
bool isOwnRoot(const ProviderType &type, const QString &root)
{
    const QString own = QString::fromLatin1(type.defaultBaseUrl);
    const std::optional<QString> path = clientPath(type);
    if (own.isEmpty() || type.local || !path)
        return false;
    return root == own + *path || (type.pathRule == PathRule::AsGiven && root == own);
}

// Servers on this computer, which are known by their ports.
int localTypeOf(const QString &root)
{
    const QUrl url(root);
    static const QStringList hosts{u"localhost"_s, u"127.0.0.1"_s, u"::1"_s};
    if (!hosts.contains(url.host()))
        return 0;
    constexpr int ollamaPort = 11434;
    constexpr int lmStudioPort = 1234;
    return url.port() == ollamaPort     ? provider::ollama
           : url.port() == lmStudioPort ? provider::lmStudio
                                        : 0;
}

// Empty if it is the type's own.
ProviderPlace placeAt(int type, const QString &root)
{
    const ProviderType *known = domain::providerType(type);
    const bool isOwn = known && root == QString::fromLatin1(known->defaultBaseUrl);
    return {.type = type, .baseUrl = isOwn ? QString() : root};
}

ProviderPlace openAiPlace(QString root)
{
    for (const ProviderType &type : domain::providerTypes()) {
        if (isOwnRoot(type, root))
            return {.type = type.number};
    }
    const int local = localTypeOf(root);
    const bool bringsVersion = chop(root, u"/v1");
    if (local != 0)
        return placeAt(local, root);
    return {.type = bringsVersion ? provider::custom : provider::openAiCompatible, .baseUrl = root};
}

// What this program, or the library of its database, takes from the environment. Some systems do not tell
// small letters from large ones.
bool isOwnVariable(const QString &name)
{
    static const QStringList beginnings{u"GATEHOUSE_"_s, u"PG"_s};
    static const QStringList names{u"SQL_DSN"_s,
                                   u"INITIAL_ROOT_TOKEN"_s,
                                   u"INITIAL_ROOT_ACCESS_TOKEN"_s,
                                   u"SESSION_SECRET"_s,
                                   u"CREDENTIALS_DIRECTORY"_s};
    const QString large = name.trimmed().toUpper();
    return names.contains(large)
           || std::any_of(beginnings.begin(), beginnings.end(), [&large](const QString &one) {
                  return large.startsWith(one);
              });
}

// Of the type that the file names. Nothing: the address has another form.
std::optional<ProviderPlace> ownPlace(int type, QString root)
{
    const ProviderType *known = domain::providerType(type);
    switch (type) {
    case provider::azure:
        if (const qsizetype path = root.indexOf("/openai"_L1); path > 0)
            root.truncate(path);
        return placeAt(type, root);
    case provider::ollama:
    case provider::lmStudio:
        if (!chop(root, u"/v1"))
            chop(root, u"/api");
        return placeAt(type, root);
    default:
        break;
    }
    const auto path = known ? clientPath(*known) : std::nullopt;
    return path && chop(root, *path) ? std::optional(placeAt(type, root)) : std::nullopt;
}

} // namespace

std::optional<ProviderPlace> placeOf(const ProviderEntry &entry)
{
    if (entry.address.trimmed().isEmpty()) {
        if (entry.type != 0)
            return ProviderPlace{.type = entry.type};
        switch (entry.dialect) {
        case Dialect::OpenAi:
            return ProviderPlace{.type = provider::openAi};
        case Dialect::Anthropic:
            return ProviderPlace{.type = provider::anthropic};
        case Dialect::Gemini:
            return ProviderPlace{.type = provider::gemini};
        }
    }
    QString root = rootOf(entry.address);
    if (root.isEmpty())
        return std::nullopt;
    if (const auto own = ownPlace(entry.type, root))
        return own;
    switch (entry.dialect) {
    case Dialect::Anthropic:
        chop(root, u"/v1");
        return placeAt(provider::anthropic, root);
    case Dialect::Gemini:
        if (!chop(root, u"/v1beta"))
            chop(root, u"/v1");
        return placeAt(provider::gemini, root);
    case Dialect::OpenAi:
        break;
    }
    return openAiPlace(root);
}

Looked lookedUp(const QString &variable, const Variables &variables)
{
    Looked looked{.variable = variable};
    if (!isOwnVariable(variable))
        looked.value = variables.value(variable).trimmed();
    return looked;
}

} // namespace gatehouse::admin
