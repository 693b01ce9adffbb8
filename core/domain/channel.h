#pragma once

#include "base/id.h"
#include "base/result.h"
#include "base/secret.h"
#include "domain/accountbalance.h"
#include "domain/providertype.h"
#include "domain/quota.h"

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QStringList>

#include <chrono>
#include <vector>

namespace gatehouse::domain {

using ChannelId = base::Id<struct ChannelTag>;

// The numbers are One API's. What a person disabled, no machine enables.
enum class ChannelStatus { Enabled = 1, DisabledByHand = 2, DisabledAutomatically = 3 };

// One of the keys of a channel. Keys are told apart by `id`, which outlives a change of the others.
struct ChannelKey
{
    qint64 id = 0;
    base::Secret secret{};
    bool enabled = true;
    QString disabledReason{}; // why a machine disabled it; empty if none did

    bool operator==(const ChannelKey &) const = default;
};

// Zero: the setting of the whole gateway.
struct ChannelTimeouts
{
    std::chrono::milliseconds connect{0};
    std::chrono::milliseconds firstByte{0};
    std::chrono::milliseconds idle{0};
    std::chrono::milliseconds total{0}; // of one call from its beginning to its end; zero: no limit

    bool operator==(const ChannelTimeouts &) const = default;
};

// How much may go through a channel on each gateway. Zero: no limit.
struct ChannelLimits
{
    int concurrentRequests = 0;
    int requestsPerMinute = 0;
    qint64 tokensPerMinute = 0;

    bool isNone() const
    {
        return concurrentRequests == 0 && requestsPerMinute == 0 && tokensPerMinute == 0;
    }
    bool operator==(const ChannelLimits &) const = default;
};

// An account with an upstream provider, through which requests may be relayed.
struct Channel
{
    ChannelId id{};
    int type = provider::openAi;
    QString name{};
    ChannelStatus status = ChannelStatus::Enabled;
    QString statusReason{}; // why a machine disabled it
    QString baseUrl{};      // normalised; empty: the type's own
    QList<ChannelKey> keys{};
    QStringList models{};
    QStringList groups{QStringLiteral("default")};
    qint64 priority = 0;                   // the highest is tried first
    int weight = 1;                        // share of the requests among channels of one priority
    QMap<QString, QString> modelMapping{}; // requested name -> the provider's
    QMap<QString, QString> headerOverrides{};
    QJsonObject bodyOverrides{}; // top-level members set in what is sent
    QString systemPrompt{};
    QString proxy{}; // http://, socks5://; "none"; empty: as the environment says
    ChannelTimeouts timeouts{};
    ChannelLimits limits{};
    qint64 priceRatioMillionths = 1'000'000; // what its requests cost is multiplied by this
    QString organization{};
    QString apiVersion{};
    QString certificateAuthority{};  // PEM; trusted for this channel instead of the system's
    bool verifyCertificate = true;   // false: whoever sits on the way can read keys and texts
    bool allowPrivateAddress = true; // may lead to this machine or the LAN
    QString testModel{};
    QStringList tags{};
    QString note{};
    QJsonObject config{}; // One API's "config", for types that need more
    qint64 createdAt = 0; // seconds since 1970, UTC

    // What the program found out about it.
    Quota used{};
    qint64 testedAt = 0;          // seconds since 1970, UTC
    int responseMilliseconds = 0; // of the last test; 0: it failed
    AccountBalance balance{};
    qint64 balanceAt = 0; // seconds since 1970, UTC; 0: not known

    static constexpr qint64 largestPriceRatio = 1'000LL * 1'000'000;
    static constexpr qint64 largestLimit = 1'000'000'000;

    bool isEnabled() const { return status == ChannelStatus::Enabled; }
    bool serves(const QString &model) const { return models.contains(model); }
    // The name that the provider knows the model by.
    QString providerModel(const QString &model) const;
    // Where calls go: `baseUrl`, else the type's.
    QString effectiveBaseUrl() const;
    bool operator==(const Channel &) const = default;
};

// Brings an address that a person typed into one form: a scheme, a host in lower case, no trailing
// slash, no query, no user name; without the path of an operation, such as /chat/completions; and for
// types whose path begins with /v1, without that ending.
base::Result<QString> normalizedBaseUrl(const QString &typed, int channelType);

// True if the value of such a header, or what stands under such a name in a body, is likely to be a
// secret.
bool isSecretHeader(const QString &name);
// What header overrides hold that nobody may be shown: the values of such headers, and of those with a
// scheme ("Bearer …") what follows it.
std::vector<base::Secret> secretsOf(const QMap<QString, QString> &headerOverrides);

// Refuses what cannot work, with a text that says what to do.
base::Result<> validate(const Channel &channel);

} // namespace gatehouse::domain
