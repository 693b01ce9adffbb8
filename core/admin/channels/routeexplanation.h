#pragma once

#include "admin/foundation.h"
#include "domain/modelcapabilities.h"

#include <QObject>
#include <QThreadPool>

#include <stop_token>

namespace gatehouse::admin {

// Of whom a route is asked: a token, else a user, else a group. And of what: of any request for the
// model, or of one of which more is known.
struct RouteQuestion
{
    std::optional<domain::TokenId> token{};
    std::optional<domain::UserId> user{};
    QByteArray group = "default";
    QByteArray model{};
    std::optional<domain::Dialect> dialect{}; // that the client speaks; absent: any
    QByteArray operation{};               // by its short name; empty: any, or what the body is like
    QByteArray body{};                    // as a client sends it; empty: not known
    std::optional<qint64> promptTokens{}; // absent: those of the body
    QByteArray session{}; // as the client calls it; empty: of none. Only with a token
};

// Why a channel would not serve the request.
enum class RouteExclusion {
    None,
    DisabledByPerson,
    DisabledAutomatically,
    OtherGroup,
    NoSuchModel,
    NotSupported, // no client of the dialect can be served by providers of the type, or has no price
    NoUsableKey,  // all keys are disabled or were refused, or there is none
    BreakerOpen,  // after failures in a row
    Resting,      // the provider asked for a rest
    AtLimit,      // the channel's own, of requests or tokens
};

// One channel as routing sees it.
struct RouteCandidate
{
    domain::ChannelId channel{};
    QString name{};
    int type = 0;
    qint64 priority = 0;
    int weight = 0;
    int tier = 0;            // 1: tried first; in one tier the strategy decides; 0: excluded
    double sharePercent = 0; // of the requests that reach its tier, as the strategy decides now
    int keys = 0;
    int usableKeys = 0;         // as Channels counts them: enabled, neither resting nor refused
    int refusedKeys = 0;        // also for want of credit
    int restingKeys = 0;        // that are usable again by themselves
    qint64 restUntil = 0;       // of the first of them, milliseconds since 1970; 0: not known
    bool keepsSession = false;  // served the session that is asked about, and goes on to
    QByteArray providerModel{}; // after the channel's mapping
    QString proxy{};            // that it is reached through, without access to it; empty: none
    std::optional<domain::ModelPrice> price{};
    bool isFree = false; // on the owner's machine, and without a price
    RouteExclusion exclusion = RouteExclusion::None;
    base::Message reason{}; // of an exclusion; of a candidate, why it is tried without a usable key
    std::chrono::milliseconds retryAfter{0}; // of BreakerOpen, Resting and AtLimit
    base::Message doubt{}; // why a provider that is asked may refuse; routing does not heed it
    // Of the provider's model, only where all served models are asked about; absent: nothing is known.
    std::optional<domain::ModelCapabilities> capabilities{};
};

// Why the request would be refused whatever the channels are.
enum class RouteRefusal {
    None,
    UnknownToken,
    TokenDisabled,
    TokenExpired,
    TokenExhausted,
    UserDisabled,
    UserExhausted,
    ModelNotAllowed, // to the token
    InvalidRequest,  // its body cannot be taken
    NotAdmitted,     // the balances or the limits of the token do not allow it now
    NoModel,         // no channel of the group has it
    NoChannel,       // all that have it are excluded
};

// What the gateway reads in a request that is only asked about.
struct RouteRequest
{
    QByteArray operation{};
    QByteArray model{};                      // that it is served with
    bool namesModel = false;                 // whatever was chosen
    bool stream = false;                     // the answer is to come in parts
    qint64 promptTokens = 0;                 // about
    std::optional<qint64> maxOutputTokens{}; // the client's own limit
    domain::Quota least{};                   // what must be there for it to begin
    domain::Quota most{};                    // what is held back while it runs
};

struct RouteExplanation
{
    RouteRefusal refusal = RouteRefusal::None;
    base::Message text{}; // of a refusal: what the client would be told
    QByteArray group{};
    domain::AppliedRouting routing{};
    base::Message strategy{};              // how one of a tier is chosen
    base::Message affinity{};              // whether sessions keep to their channel and key
    base::Message session{};               // where the one that is asked about goes; empty: none is
    std::optional<RouteRequest> request{}; // where more than the model was asked about
    std::vector<RouteCandidate> candidates{}; // in the order of trying
    std::vector<RouteCandidate> excluded{};   // all other channels, each with its reason
};

// A public model with the channels that serve it, in the order of trying.
struct ServedModel
{
    QByteArray model{};
    std::vector<QByteArray> aliases{};      // other names of the same models of the same channels
    std::vector<RouteCandidate> channels{}; // those that take requests now first
    QStringList groups{};
    domain::ModelRouting ownRouting{}; // what was chosen for it
    domain::AppliedRouting routing{};  // with what is so for all
    qint64 contextTokens = 0;          // 0: not known
    bool isServed = false;  // by a channel that takes requests now, or again after a while
    bool isResting = false; // all of those are left out for that while
    bool isPriced = false;  // by all of those that are not free
};

// Dry runs of the relay's routing on the catalog in force. Nothing is sent and no channel's health
// changes. Lives in the main thread.
class RouteService : public QObject
{
    Q_OBJECT

public:
    // `contextWindow` looks up the tokens that a model takes, `capabilities` what it can do, both by the
    // provider's id in the table of prices and its name of the model; `promptTokens` counts those of
    // a body for a model. All are called in any thread and may be empty.
    using ContextWindow = std::function<std::optional<qint64>(QByteArrayView, QByteArrayView)>;
    using PromptTokens = std::function<qint64(QByteArrayView, QByteArrayView)>;
    using Capabilities =
        std::function<std::optional<domain::ModelCapabilities>(QByteArrayView, QByteArrayView)>;
    RouteService(const Foundation &foundation,
                 ContextWindow contextWindow,
                 PromptTokens promptTokens,
                 Capabilities capabilities = {},
                 QObject *parent = nullptr);
    // Until nothing of this runs in another thread. What is asked about a body is given up.
    void waitForWork();

    // The alias `default` is answered as the model that it stands for. Whoever asks again no longer
    // wants to know what was asked before: that ends as Cancelled if its body is still being read.
    Answer<RouteExplanation> explain(const RouteQuestion &asked);
    // Sorted by name.
    Answer<std::vector<ServedModel>> servedModels();

private:
    const Foundation m_base;
    const ContextWindow m_contextWindow;
    const PromptTokens m_promptTokens;
    const Capabilities m_capabilities;
    std::stop_source m_stop{}; // of the last question
    QThreadPool m_bodies;      // reads those of questions
    QThreadPool m_pool;        // lists the models, which does not wait for a body
};

} // namespace gatehouse::admin
