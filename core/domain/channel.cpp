#include "domain/channel.h"

#include "domain/outgoingproxies.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

constexpr qsizetype longestName = 200;
constexpr int largestWeight = 1'000'000;

bool isFieldName(const QString &name)
{
    static constexpr QStringView symbols = u"!#$%&'*+-.^_`|~";
    return !name.isEmpty() && std::all_of(name.cbegin(), name.cend(), [](QChar c) {
        return c.unicode() < 0x7f && (c.isLetterOrNumber() || symbols.contains(c));
    });
}

bool isFieldValue(const QString &value)
{
    return std::none_of(value.cbegin(), value.cend(), [](QChar c) {
        return c.unicode() < 0x20 || c.unicode() == 0x7f;
    });
}

Result<> validateLimits(const Channel &channel)
{
    const ChannelLimits &limits = channel.limits;
    for (const qint64 limit : {qint64(limits.concurrentRequests),
                               qint64(limits.requestsPerMinute),
                               limits.tokensPerMinute}) {
        if (limit < 0 || limit > Channel::largestLimit) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("A limit of a channel must lie between 0 (none) and %1.")
                            .arg(Channel::largestLimit));
        }
    }
    if (channel.priceRatioMillionths < 0
        || channel.priceRatioMillionths > Channel::largestPriceRatio) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The price multiplier of a channel must lie between 0 and %1.")
                        .arg(Channel::largestPriceRatio / 1'000'000));
    }
    return {};
}

tl::unexpected<base::Error> noHeader(const QString &name)
{
    return fail(
        ErrorCode::InvalidInput,
        Message::tr("The header \"%1\" has a character that a header cannot carry.").arg(name));
}

Result<> validateHeaders(const QMap<QString, QString> &headers)
{
    static const QStringList ours{u"host"_s,
                                  u"content-length"_s,
                                  u"transfer-encoding"_s,
                                  u"connection"_s,
                                  u"te"_s,
                                  u"upgrade"_s,
                                  u"trailer"_s};
    for (auto it = headers.cbegin(); it != headers.cend(); ++it) {
        if (!isFieldName(it.key()) || !isFieldValue(it.value()))
            return noHeader(it.key());
        if (ours.contains(it.key().toLower())) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr(
                    "The header \"%1\" is set by the gateway itself and cannot be overridden.")
                    .arg(it.key()));
        }
    }
    return {};
}

} // namespace

QString Channel::providerModel(const QString &model) const
{
    const QString mapped = modelMapping.value(model);
    return mapped.isEmpty() ? model : mapped;
}

QString Channel::effectiveBaseUrl() const
{
    if (!baseUrl.isEmpty())
        return baseUrl;
    const ProviderType *known = providerType(type);
    return known ? QString::fromLatin1(known->defaultBaseUrl) : QString();
}

namespace {

// `path` without what the gateway appends for an operation: an address is often copied whole from a
// provider's example.
QString withoutOperation(QString path, const ProviderType &type)
{
    QList<QLatin1String> operations;
    switch (type.pathRule) {
    case PathRule::AsGiven:
    case PathRule::WithoutV1:
        operations = {"/chat/completions"_L1,
                      "/completions"_L1,
                      "/embeddings"_L1,
                      "/responses"_L1,
                      "/v1/models"_L1};
        break;
    case PathRule::Anthropic:
        operations = {"/v1/messages"_L1, "/v1/models"_L1};
        break;
    case PathRule::Fixed:
        operations = {QLatin1String(type.chatPath), QLatin1String(type.embeddingsPath)};
        break;
    case PathRule::Azure:
    case PathRule::Gemini:
        return path; // their paths name a model
    }
    for (const QLatin1String operation : std::as_const(operations)) {
        if (operation.isEmpty() || !path.endsWith(operation))
            continue;
        const bool keepsVersion = operation.startsWith("/v1/"_L1);
        path.chop(operation.size() - (keepsVersion ? 3 : 0));
        break;
    }
    while (path.endsWith(u'/'))
        path.chop(1);
    return path;
}

} // namespace

Result<QString> normalizedBaseUrl(const QString &typed, int channelType)
{
    QString text = typed.trimmed();
    if (text.isEmpty())
        return QString();
    if (!text.contains(u"://"_s))
        text.prepend(u"https://"_s);
    QUrl url(text, QUrl::StrictMode);
    const QString scheme = url.scheme().toLower();
    if (!url.isValid() || url.host().isEmpty() || (scheme != u"http"_s && scheme != u"https"_s)) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("\"%1\" is no base URL. Write it as https://host or https://host/path.")
                .arg(typed.left(longestName)));
    }
    if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment()) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr(
                "A base URL has no user name, query or fragment. Put the key into the key field."));
    }
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    const ProviderType *type = providerType(channelType);
    if (type)
        path = withoutOperation(path, *type);
    const bool pathBringsVersion =
        type && (type->pathRule == PathRule::AsGiven || type->pathRule == PathRule::Anthropic);
    if (pathBringsVersion && path.endsWith(u"/v1"_s))
        path.chop(3);
    if (type && type->pathRule == PathRule::Gemini && path.endsWith(u"/v1beta"_s))
        path.chop(7);
    QString result = scheme + u"://"_s + url.host(QUrl::FullyEncoded).toLower();
    if (url.host().contains(u':'))
        result = scheme + u"://["_s + url.host().toLower() + u']';
    const int defaultPort = scheme == u"https"_s ? 443 : 80;
    if (url.port() > 0 && url.port() != defaultPort)
        result += u':' + QString::number(url.port());
    return QString(result + path);
}

bool isSecretHeader(const QString &name)
{
    static const QStringList parts{
        u"auth"_s, u"key"_s, u"token"_s, u"secret"_s, u"cookie"_s, u"password"_s, u"credential"_s};
    return std::any_of(parts.cbegin(), parts.cend(), [&name](const QString &part) {
        return name.contains(part, Qt::CaseInsensitive);
    });
}

std::vector<base::Secret> secretsOf(const QMap<QString, QString> &headerOverrides)
{
    // Shorter ones are words that occur anywhere.
    constexpr qsizetype shortest = 8;
    std::vector<base::Secret> secrets;
    for (auto it = headerOverrides.cbegin(); it != headerOverrides.cend(); ++it) {
        if (!isSecretHeader(it.key()))
            continue;
        const QString value = it.value().trimmed();
        const QString bare = value.section(u' ', 1).trimmed();
        for (const QString &secret : {value, bare}) {
            if (secret.size() >= shortest)
                secrets.emplace_back(secret.toUtf8());
        }
    }
    return secrets;
}

Result<> validate(const Channel &channel)
{
    const ProviderType *type = providerType(channel.type);
    if (!type) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("There is no channel type %1.").arg(channel.type));
    }
    if (channel.name.trimmed().isEmpty() || channel.name.size() > longestName) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("A channel needs a name of at most %1 characters.").arg(longestName));
    }
    if (type->number != provider::echo && channel.effectiveBaseUrl().isEmpty()) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A channel of the type \"%1\" needs a base URL.")
                        .arg(QString::fromLatin1(type->name)));
    }
    if (channel.weight < 0 || channel.weight > largestWeight) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The weight must lie between 0 and %1.").arg(largestWeight));
    }
    for (const QString &model : channel.models) {
        if (!isFieldValue(model) || model.size() > longestName)
            return fail(ErrorCode::InvalidInput,
                        Message::tr("A model name holds a control character or is too long."));
    }
    if (!channel.proxy.isEmpty() && channel.proxy != noProxy) {
        const QUrl proxy(channel.proxy, QUrl::StrictMode);
        static const QStringList schemes{u"http"_s, u"socks5"_s, u"socks5h"_s};
        if (!proxy.isValid() || proxy.host().isEmpty() || !schemes.contains(proxy.scheme())) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr(
                    "The proxy must be written as http://host:port or socks5://host:port."));
        }
    }
    for (const ChannelKey &key : channel.keys) {
        const QByteArray &text = key.secret.reveal();
        if (std::any_of(text.cbegin(), text.cend(), [](char c) {
                return static_cast<unsigned char>(c) < 0x21 || c == 0x7f;
            })) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr("A key holds a space or a control character. Enter one key a line."));
        }
    }
    if (!isFieldValue(channel.organization))
        return noHeader(u"OpenAI-Organization"_s);
    return validateLimits(channel).and_then(
        [&] { return validateHeaders(channel.headerOverrides); });
}

} // namespace gatehouse::domain
