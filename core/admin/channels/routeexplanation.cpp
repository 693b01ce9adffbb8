#include "admin/channels/routeexplanation.h"

#include "admin/channels/channelstate.h"
#include "admin/channels/routecandidates.h"
#include "admin/channels/routerequest.h"
#include "admin/channels/routingwords.h"
#include "protocol/counting/tokencounter.h"
#include "relay/routing.h"
#include "relay/settlement.h"
#include "relay/strategy.h"
#include "relay/suitability.h"

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
using relay::Exclusion;

namespace {

// One operation of each kind that clients of a dialect may ask for.
std::vector<Operation> operationsOf(std::optional<domain::Dialect> dialect)
{
    static const std::vector<Operation> all{Operation::ChatCompletions,
                                            Operation::Embeddings,
                                            Operation::Responses,
                                            Operation::ImageGenerations,
                                            Operation::Messages,
                                            Operation::GenerateContent,
                                            Operation::EmbedContent};
    std::vector<Operation> chosen;
    for (const Operation operation : all) {
        if (!dialect || protocol::dialectOf(operation) == *dialect)
            chosen.push_back(operation);
    }
    return chosen;
}

std::vector<Operation> operationsFor(const RouteQuestion &question)
{
    const std::optional<Operation> one = protocol::operationNamed(question.operation);
    return one ? std::vector{*one} : operationsOf(question.dialect);
}

relay::Suitability suitabilityFor(const Catalog &catalog, const RouteQuestion &question)
{
    return [&catalog, model = question.model, operations = operationsFor(question)](
               const CatalogChannel &channel) {
        Message reason;
        for (const Operation operation : operations) {
            Message why = relay::unsuitability(catalog, channel, operation, model);
            if (why.isEmpty())
                return Message();
            if (reason.isEmpty())
                reason = std::move(why);
        }
        return reason;
    };
}

RouteExclusion kindOf(const Exclusion &exclusion, int failuresInARow, qint64 breakerFailures)
{
    switch (exclusion.kind) {
    case Exclusion::Kind::None:
        return RouteExclusion::None;
    case Exclusion::Kind::DisabledByPerson:
        return RouteExclusion::DisabledByPerson;
    case Exclusion::Kind::DisabledAutomatically:
        return RouteExclusion::DisabledAutomatically;
    case Exclusion::Kind::Unsuitable:
        return RouteExclusion::NotSupported;
    case Exclusion::Kind::NoKey:
        return RouteExclusion::NoUsableKey;
    case Exclusion::Kind::AtLimit:
        return RouteExclusion::AtLimit;
    case Exclusion::Kind::FailedJustNow:
    case Exclusion::Kind::Resting:
        break;
    }
    return failuresInARow >= breakerFailures ? RouteExclusion::BreakerOpen
                                             : RouteExclusion::Resting;
}

// How many keys of a channel are in each state; the same that Channels shows.
struct KeyCounts
{
    int usable = 0;
    int resting = 0;
    int refused = 0;
    int withoutCredit = 0;
    int disabled = 0;

    int allRefused() const { return refused + withoutCredit; }
};

KeyCounts keyCountsOf(const domain::Channel &channel, std::span<const relay::KeyHealth> health)
{
    using State = KeyOverview::State;
    KeyCounts counts;
    for (const KeyOverview &key : keysOf({.channel = channel, .keys = health})) {
        switch (key.state) {
        case State::Usable:
            ++counts.usable;
            break;
        case State::Resting:
            ++counts.resting;
            break;
        case State::Refused:
            ++counts.refused;
            break;
        case State::NoCredit:
            ++counts.withoutCredit;
            break;
        case State::Disabled:
            ++counts.disabled;
            break;
        }
    }
    return counts;
}

// "no usable key: 1 refused, 2 disabled"
Message noUsableKey(const KeyCounts &counts)
{
    Message list;
    const auto add = [&list](int count, const Message &form) {
        if (count == 0)
            return;
        const Message part = form.arg(count);
        list = list.isEmpty() ? part : Message::tr("%1, %2").arg(list, part);
    };
    add(counts.refused, Message::tr("%1 refused"));
    add(counts.withoutCredit, Message::tr("%1 out of credit"));
    add(counts.resting, Message::tr("%1 at rest"));
    add(counts.disabled, Message::tr("%1 disabled"));
    return Message::tr("no usable key: %1").arg(list);
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
        , m_health(base.health)
        , m_load(base.load)
        , m_contextWindow(contextWindow)
        , m_question(std::move(question))
    {
        for (const relay::KeyHealth &key : m_health.snapshot()) {
            int &failures = m_failures[key.channel];
            failures = std::max(failures, key.failuresInARow);
            m_keys[key.channel].push_back(key);
        }
    }

    void explain(const CatalogGroup &group, RouteExplanation &answer) const
    {
        QSet<domain::ChannelId> seen;
        std::vector<relay::RouteOption> usableOptions;
        const relay::Router router(m_catalog, m_health, m_load);
        const auto options =
            router.options(group, m_question.model, suitabilityFor(m_catalog, m_question));
        for (const relay::RouteOption &option : options) {
            seen.insert(option.channel->channel.id);
            RouteCandidate candidate = candidateOf(m_catalog, *option.channel, m_question.model);
            candidate.exclusion = kindOf(option.exclusion,
                                         m_failures.value(candidate.channel),
                                         m_catalog.settings().relay.breakerFailures);
            candidate.reason = reasonOf(option);
            candidate.retryAfter = option.exclusion.rest;
            countKeys(option, candidate);
            const bool usable = candidate.exclusion == RouteExclusion::None;
            if (usable && answer.request)
                candidate.doubt = doubtOf(*option.channel, *answer.request);
            if (usable)
                usableOptions.push_back(option);
            (usable ? answer.candidates : answer.excluded).push_back(std::move(candidate));
        }
        share(group, usableOptions, answer);
        for (const auto &channel : m_catalog.channels()) {
            if (!seen.contains(channel->channel.id))
                answer.excluded.push_back(stranger(*channel, group));
        }
    }

private:
    // As the next request would be served that is of no known session.
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
                                       answer.request && answer.request->stream);
        setShares(answer.candidates,
                  answer.routing.strategy == domain::RoutingStrategy::RoundRobin,
                  [&](size_t first, size_t end) {
                      return strategy.leading(
                          {options.begin() + qsizetype(first), options.begin() + qsizetype(end)});
                  });
    }

    static Message reasonOf(const relay::RouteOption &option)
    {
        return option.exclusion.kind == Exclusion::Kind::DisabledAutomatically
                   ? automaticReason(option.channel->channel)
                   : option.exclusion.text;
    }

    // A key that was refused is no usable one, though a request tries it when its rest is over.
    void countKeys(const relay::RouteOption &option, RouteCandidate &candidate) const
    {
        const domain::Channel &channel = option.channel->channel;
        const KeyCounts counts = keyCountsOf(channel, m_keys.value(channel.id));
        candidate.keys = static_cast<int>(channel.keys.size());
        candidate.usableKeys = counts.usable;
        candidate.refusedKeys = counts.allRefused();
        if (channel.keys.isEmpty() || counts.usable > 0)
            return;
        switch (option.exclusion.kind) {
        case Exclusion::Kind::None:
            candidate.reason =
                Message::tr("%1; the next request tries one again").arg(noUsableKey(counts));
            break;
        case Exclusion::Kind::NoKey:
            if (counts.allRefused() > 0)
                candidate.reason = noUsableKey(counts);
            break;
        case Exclusion::Kind::Resting:
            if (counts.allRefused() == 0 || counts.resting > 0)
                break;
            candidate.exclusion = RouteExclusion::NoUsableKey;
            candidate.reason =
                Message::tr("%1; tried again in %2 seconds")
                    .arg(noUsableKey(counts),
                         std::chrono::ceil<std::chrono::seconds>(option.exclusion.rest).count());
            break;
        default:
            break;
        }
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
        RouteCandidate candidate = candidateOf(m_catalog, channel, m_question.model);
        const bool hasModel = channel.channel.serves(QString::fromUtf8(m_question.model));
        candidate.exclusion = hasModel ? RouteExclusion::OtherGroup : RouteExclusion::NoSuchModel;
        candidate.reason =
            hasModel
                ? Message::tr("does not serve the group \"%1\"").arg(QString::fromUtf8(group.name))
                : Message::tr("does not offer the model");
        return candidate;
    }

    const Catalog &m_catalog;
    relay::ChannelHealth &m_health;
    relay::ChannelLoad &m_load;
    const RouteService::ContextWindow &m_contextWindow;
    const RouteQuestion m_question;
    QHash<domain::ChannelId, int> m_failures{};
    QHash<domain::ChannelId, std::vector<relay::KeyHealth>> m_keys{};
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
        const relay::Estimate estimate = relay::estimateFor(*m_catalog, group, *candidates, *peek);
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
                           QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_contextWindow(std::move(contextWindow))
    , m_promptTokens(std::move(promptTokens))
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
    // Only a body takes long.
    if (asked.body.isEmpty())
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
                 [catalog, contextWindow = m_contextWindow]() -> Result<std::vector<ServedModel>> {
                     return servedModelsOf(*catalog, contextWindow);
                 });
}

} // namespace gatehouse::admin
