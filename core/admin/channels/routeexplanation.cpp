#include "admin/channels/routeexplanation.h"

#include "admin/channels/channeljudge.h"
#include "admin/channels/channelstate.h"
#include "admin/channels/routecandidates.h"
#include "admin/channels/routerequest.h"
#include "admin/channels/routingwords.h"
#include "protocol/counting/tokencounter.h"
#include "relay/exchange/settlement.h"
#include "relay/routing/sessionplace.h"
#include "relay/routing/strategy.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Error;
using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Catalog;
using domain::CatalogChannel;
using domain::CatalogGroup;
using domain::CatalogToken;
using protocol::Operation;

namespace {

std::vector<Operation> operationsFor(const RouteQuestion &question)
{
    const std::optional<Operation> one = protocol::operationNamed(question.operation);
    return one ? std::vector{*one} : operationsOf(question.dialect);
}

// Splits the candidates of a group and adds the channels that are none.
class Explainer
{
public:
    Explainer(const Catalog &catalog,
              const Foundation &base,
              const RouteService::ContextWindow &contextWindow,
              RouteQuestion question)
        : m_catalog(catalog)
        , m_load(base.load)
        , m_judge(catalog, base)
        , m_contextWindow(contextWindow)
        , m_question(std::move(question))
    {}

    void explain(const CatalogGroup &group, RouteExplanation &answer) const
    {
        QSet<domain::ChannelId> seen;
        std::vector<relay::RouteOption> usableOptions;
        for (auto &[candidate, option] :
             m_judge.judge(group, m_question.model, operationsFor(m_question))) {
            seen.insert(candidate.channel);
            const bool usable = candidate.exclusion == RouteExclusion::None;
            if (usable && answer.request)
                candidate.doubt = doubtOf(*option.channel, *answer.request);
            if (usable)
                usableOptions.push_back(std::move(option));
            (usable ? answer.candidates : answer.excluded).push_back(std::move(candidate));
        }
        share(group, usableOptions, answer);
        for (const auto &channel : m_catalog.channels()) {
            if (!seen.contains(channel->channel.id))
                answer.excluded.push_back(stranger(*channel, group));
        }
    }

private:
    // As the next request would be served that is of no known session, or of the one that is asked about.
    void share(const CatalogGroup &group,
               const std::vector<relay::RouteOption> &options,
               RouteExplanation &answer) const
    {
        answer.routing = m_catalog.routing(m_question.model);
        answer.strategy = strategyWords(answer.routing.strategy);
        answer.affinity = affinityWords(answer.routing, m_catalog.settings().relay);
        const relay::Strategy strategy(m_catalog,
                                       m_load,
                                       group.name,
                                       m_question.model,
                                       answer.request && answer.request->stream,
                                       m_judge.now());
        setShares(answer.candidates,
                  answer.routing.strategy == domain::RoutingStrategy::RoundRobin,
                  [&](size_t first, size_t end) {
                      return strategy.leading(
                          {options.begin() + qsizetype(first), options.begin() + qsizetype(end)});
                  });
        keepSession(options, answer);
    }

    // As Router::choose() does with one that was served before.
    void keepSession(const std::vector<relay::RouteOption> &options, RouteExplanation &answer) const
    {
        if (!m_question.token || m_question.session.isEmpty() || !answer.routing.affinity)
            return;
        const relay::Affinity &affinity = m_load.affinity();
        const auto place =
            affinity.placeOf(relay::sessionHashOfName(
                                 affinity, *m_question.token, m_question.model, m_question.session),
                             m_catalog.settings().relay.affinityTtl);
        if (!place) {
            answer.session = Message::tr("Nothing is remembered of the session of this request: "
                                         "its next one is served as that of a new session.");
            return;
        }
        const auto kept = std::find_if(
            answer.candidates.begin(), answer.candidates.end(), [&](const RouteCandidate &each) {
                return each.tier == 1 && each.channel == place->channel && mayUse(options, *place);
            });
        const Message where = placeWords(*place);
        if (kept == answer.candidates.end()) {
            answer.session = Message::tr("The session of this request was served by %1 last, which "
                                         "is not to be had for it now: it moves to another.")
                                 .arg(where);
            return;
        }
        for (RouteCandidate &each : answer.candidates) {
            if (each.tier == 1)
                each.sharePercent = 0;
        }
        kept->sharePercent = 100;
        kept->keepsSession = true;
        std::rotate(answer.candidates.begin(), kept, kept + 1);
        answer.session =
            Message::tr("The session of this request keeps to %1, which served it last.")
                .arg(where);
    }

    static bool mayUse(const std::vector<relay::RouteOption> &options, const relay::KeyPlace &place)
    {
        return std::any_of(
            options.begin(), options.end(), [&place](const relay::RouteOption &option) {
                return option.channel->channel.id == place.channel
                       && std::any_of(option.keys.begin(),
                                      option.keys.end(),
                                      [&place](const domain::ChannelKey *key) {
                                          return (key ? key->id : 0) == place.key;
                                      });
            });
    }

    // the channel "work" with the key …a1B2
    Message placeWords(const relay::KeyPlace &place) const
    {
        const CatalogChannel *channel = m_catalog.channel(place.channel);
        if (!channel)
            return Message::tr("a channel that is no more");
        const QString &name = channel->channel.name;
        for (const domain::ChannelKey &key : channel->channel.keys) {
            const QString ending = suffixOf(key.secret);
            if (key.id == place.key && !ending.isEmpty())
                return Message::tr("the channel \"%1\" with the key …%2").arg(name, ending);
        }
        return Message::tr("the channel \"%1\"").arg(name);
    }

    // What a provider would find and routing does not look at.
    Message doubtOf(const CatalogChannel &channel, const RouteRequest &request) const
    {
        if (!m_contextWindow || channel.type->local)
            return {};
        const qint64 window =
            m_contextWindow(channel.type->priceProvider, channel.providerModel(m_question.model))
                .value_or(0);
        if (window == 0 || request.promptTokens <= window)
            return {};
        return Message::tr("is asked, though its model takes %1 tokens and the prompt has about %2")
            .arg(window, request.promptTokens);
    }

    RouteCandidate stranger(const CatalogChannel &channel, const CatalogGroup &group) const
    {
        RouteCandidate candidate = candidateOf(m_catalog, channel, m_question.model, m_judge.now());
        const bool hasModel = channel.channel.serves(QString::fromUtf8(m_question.model));
        candidate.exclusion = hasModel ? RouteExclusion::OtherGroup : RouteExclusion::NoSuchModel;
        candidate.reason =
            hasModel
                ? Message::tr("does not serve the group \"%1\"").arg(QString::fromUtf8(group.name))
                : Message::tr("does not offer the model");
        return candidate;
    }

    const Catalog &m_catalog;
    relay::ChannelLoad &m_load;
    const ChannelJudge m_judge;
    const RouteService::ContextWindow &m_contextWindow;
    const RouteQuestion m_question;
};

RouteRefusal refusalOf(const relay::Refusal &refusal)
{
    if (refusal.code == "token_disabled")
        return RouteRefusal::TokenDisabled;
    if (refusal.code == "token_expired")
        return RouteRefusal::TokenExpired;
    return refusal.code == "user_disabled" ? RouteRefusal::UserDisabled
                                           : RouteRefusal::ModelNotAllowed;
}

bool isUsedUp(std::optional<domain::Quota> balance)
{
    return balance && balance->units <= 0;
}

// What the token and its owner are refused for before any channel is asked. What a request may cost
// is not known of one of which only the model is.
void checkToken(const CatalogToken &token,
                const QByteArray &model,
                const std::optional<relay::Estimate> &estimate,
                relay::Admission &admission,
                qint64 now,
                RouteExplanation &answer)
{
    relay::Admitted<> allowed = relay::mayEnter(token, now);
    if (allowed)
        allowed = relay::mayUse({.token = &token}, model);
    const domain::UserId user = token.user->id;
    if (!allowed) {
        answer.refusal = refusalOf(allowed.error());
        answer.text = allowed.error().message;
    } else if (estimate) {
        allowed = admission.mayReserve({.token = &token}, *estimate);
        if (!allowed) {
            answer.refusal = RouteRefusal::NotAdmitted;
            answer.text = allowed.error().message;
        }
    } else if (!token.token.unlimited && isUsedUp(admission.tokenBalance(user, token.token.id))) {
        answer.refusal = RouteRefusal::TokenExhausted;
        answer.text = Message::tr("The quota of this token is used up.");
    } else if (isUsedUp(admission.userBalance(user))) {
        answer.refusal = RouteRefusal::UserExhausted;
        answer.text = Message::tr("The balance of the owner of this token is used up.");
    }
}

const CatalogToken *findToken(const Catalog &catalog, domain::TokenId id)
{
    for (const auto &token : catalog.tokens()) {
        if (token->token.id == id)
            return token.get();
    }
    return nullptr;
}

void checkUser(const domain::User &user, relay::Admission &admission, RouteExplanation &answer)
{
    if (!user.isEnabled()) {
        answer.refusal = RouteRefusal::UserDisabled;
        answer.text = Message::tr("The user \"%1\" is disabled.").arg(user.username);
    } else if (isUsedUp(admission.userBalance(user.id))) {
        answer.refusal = RouteRefusal::UserExhausted;
        answer.text = Message::tr("The balance of the user \"%1\" is used up.").arg(user.username);
    }
}

// Where no channel is left, and nothing worse was found before.
void noteEmptiness(const CatalogGroup &group, const QByteArray &model, RouteExplanation &answer)
{
    if (answer.refusal != RouteRefusal::None || !answer.candidates.empty())
        return;
    const bool known = group.candidates(model) != nullptr;
    answer.refusal = known ? RouteRefusal::NoChannel : RouteRefusal::NoModel;
    const Message text =
        known ? Message::tr("No channel can serve the model \"%1\" to the group \"%2\" now.")
              : Message::tr("No channel offers the model \"%1\" to the group \"%2\".");
    answer.text = text.arg(QString::fromUtf8(model), QString::fromUtf8(group.name));
}

Error cancelled()
{
    return {ErrorCode::Cancelled, Message::tr("The operation was cancelled."), {}};
}

// One dry run, with what it needs of the main thread's objects. Any thread may call it.
class DryRun
{
public:
    DryRun(std::shared_ptr<const Catalog> catalog,
           const Foundation &foundation,
           RouteService::ContextWindow contextWindow,
           RouteService::PromptTokens promptTokens)
        : m_catalog(std::move(catalog))
        , m_base(foundation)
        , m_now(foundation.now())
        , m_contextWindow(std::move(contextWindow))
        , m_promptTokens(std::move(promptTokens))
    {}

    // A body of the largest size takes some seconds; `stop` is looked at before each step.
    Result<RouteExplanation> operator()(RouteQuestion question,
                                        const std::stop_token &stop = {}) const
    {
        RouteExplanation answer;
        question.model = m_catalog->modelFor(question.model);
        std::optional<protocol::Peek> peek;
        if (!question.body.isEmpty()) {
            const auto read = readBody(question, stop, answer);
            if (stop.stop_requested())
                return fail(cancelled());
            if (!read) {
                answer.refusal = RouteRefusal::InvalidRequest;
                answer.text = read.error().message;
                return answer;
            }
            peek = *read;
        } else if (question.promptTokens) {
            peek =
                peekOfSize(*question.promptTokens, operationsFor(question).front(), question.model);
            answer.request = RouteRequest{.operation = question.operation,
                                          .model = peek->model,
                                          .promptTokens = *question.promptTokens};
        }
        return explain(question, peek, std::move(answer));
    }

private:
    // What it gives once it is to stop does not count.
    Result<protocol::Peek>
    readBody(RouteQuestion &question, const std::stop_token &stop, RouteExplanation &answer) const
    {
        if (stop.stop_requested())
            return fail(cancelled());
        const Operation operation =
            protocol::operationNamed(question.operation).value_or(likelyOperation(question.body));
        if (stop.stop_requested())
            return fail(cancelled());
        Result<protocol::Peek> peek = peekAt(question.body, operation, question.model, *m_catalog);
        if (!peek || stop.stop_requested())
            return peek;
        question.operation = protocol::nameOf(operation).toByteArray();
        question.model = peek->model;
        RouteRequest request{.operation = question.operation,
                             .model = peek->model,
                             .namesModel = peek->modelValue.isPresent(),
                             .stream = peek->stream,
                             .maxOutputTokens = peek->maxOutputTokens};
        if (question.promptTokens) {
            request.promptTokens = *question.promptTokens;
            peek->promptBytes = peekOfSize(request.promptTokens, operation, {}).promptBytes;
        } else {
            request.promptTokens =
                m_promptTokens ? m_promptTokens(question.body, peek->model)
                               : protocol::TokenCounter::estimateByLength(peek->promptBytes);
        }
        answer.request = request;
        return peek;
    }

    Result<RouteExplanation> explain(const RouteQuestion &question,
                                     const std::optional<protocol::Peek> &peek,
                                     RouteExplanation answer) const
    {
        const CatalogToken *token = nullptr;
        QByteArray groupName = question.group;
        if (question.token) {
            token = findToken(*m_catalog, *question.token);
            if (!token) {
                answer.refusal = RouteRefusal::UnknownToken;
                answer.text = Message::tr("This token does not exist.");
                return answer;
            }
            groupName = token->group->name;
        } else if (question.user) {
            const domain::User *user = m_catalog->user(*question.user);
            if (!user)
                return fail(ErrorCode::NotFound, Message::tr("This user does not exist."));
            checkUser(*user, m_base.admission, answer);
            groupName = user->group;
        }
        const CatalogGroup empty{.name = groupName};
        const CatalogGroup *known = m_catalog->group(groupName);
        const CatalogGroup &group = known ? *known : empty;
        answer.group = groupName;
        const std::optional<relay::Estimate> estimate = estimateOf(group, peek, answer);
        if (token)
            checkToken(*token, question.model, estimate, m_base.admission, m_now, answer);
        Explainer(*m_catalog, m_base, m_contextWindow, question).explain(group, answer);
        noteEmptiness(group, question.model, answer);
        return answer;
    }

    std::optional<relay::Estimate> estimateOf(const CatalogGroup &group,
                                              const std::optional<protocol::Peek> &peek,
                                              RouteExplanation &answer) const
    {
        if (!peek)
            return std::nullopt;
        const domain::Candidates *candidates = group.candidates(peek->model);
        if (!candidates)
            return relay::Estimate{};
        const relay::Estimate estimate = relay::estimateFor(
            *m_catalog, group, *candidates, *peek, m_base.clock.wallMilliseconds());
        answer.request->least = estimate.least;
        answer.request->most = estimate.most;
        return estimate;
    }

    const std::shared_ptr<const Catalog> m_catalog;
    const Foundation m_base;
    const qint64 m_now;
    const RouteService::ContextWindow m_contextWindow;
    const RouteService::PromptTokens m_promptTokens;
};

} // namespace

RouteService::RouteService(const Foundation &foundation,
                           ContextWindow contextWindow,
                           PromptTokens promptTokens,
                           Capabilities capabilities,
                           QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_contextWindow(std::move(contextWindow))
    , m_promptTokens(std::move(promptTokens))
    , m_capabilities(std::move(capabilities))
{
    m_bodies.setMaxThreadCount(1);
    m_pool.setMaxThreadCount(1);
}

void RouteService::waitForWork()
{
    m_stop.request_stop();
    m_bodies.waitForDone();
    m_pool.waitForDone();
}

Answer<RouteExplanation> RouteService::explain(const RouteQuestion &asked)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    const std::shared_ptr<const Catalog> catalog = m_base.publisher.catalog();
    if (!catalog) {
        return refused<RouteExplanation>(ErrorCode::Unavailable,
                                         Message::tr("The gateway is still starting."));
    }
    const DryRun dryRun(catalog, m_base, m_contextWindow, m_promptTokens);
    // Only a body takes long; where the prompt is known, the table of contexts may have to be read first.
    if (asked.body.isEmpty() && !asked.promptTokens)
        return answered(dryRun(asked));
    return runIn(m_bodies,
                 [dryRun, asked, stop = m_stop.get_token()] { return dryRun(asked, stop); });
}

Answer<std::vector<ServedModel>> RouteService::servedModels()
{
    const std::shared_ptr<const Catalog> catalog = m_base.publisher.catalog();
    if (!catalog) {
        return refused<std::vector<ServedModel>>(ErrorCode::Unavailable,
                                                 Message::tr("The gateway is still starting."));
    }
    return runIn(m_pool,
                 [catalog,
                  base = m_base,
                  contextWindow = m_contextWindow,
                  capabilities = m_capabilities]() -> Result<std::vector<ServedModel>> {
                     return servedModelsOf(*catalog, base, contextWindow, capabilities);
                 });
}

} // namespace gatehouse::admin
