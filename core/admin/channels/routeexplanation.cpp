#include "admin/channels/routeexplanation.h"

#include "admin/traffic/refusalreason.h"
#include "relay/routing.h"
#include "relay/settlement.h"
#include "relay/suitability.h"

#include <span>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

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

relay::Suitability suitabilityFor(const Catalog &catalog, const RouteQuestion &question)
{
    return [&catalog, question, operations = operationsOf(question.dialect)](
               const CatalogChannel &channel) {
        Message reason;
        for (const Operation operation : operations) {
            Message why = relay::unsuitability(catalog, channel, operation, question.model);
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

RouteCandidate
candidateOf(const Catalog &catalog, const CatalogChannel &channel, const QByteArray &model)
{
    RouteCandidate candidate{.channel = channel.channel.id,
                             .name = channel.channel.name,
                             .type = channel.channel.type,
                             .priority = channel.channel.priority,
                             .weight = channel.channel.weight,
                             .providerModel = channel.providerModel(model),
                             .isFree = channel.type->local};
    const relay::AppliedPrice applied = relay::priceFor(catalog, channel, model);
    if (!applied.unpriced && !channel.type->local)
        candidate.price = applied.price;
    return candidate;
}

// The tiers and the shares of what is left, in the order of trying.
void setShares(std::span<RouteCandidate> candidates)
{
    int tier = 0;
    for (size_t first = 0; first < candidates.size();) {
        ++tier;
        size_t end = first;
        double total = 0;
        while (end < candidates.size() && candidates[end].priority == candidates[first].priority)
            total += candidates[end++].weight;
        const auto count = double(end - first);
        for (size_t i = first; i < end; ++i) {
            candidates[i].tier = tier;
            candidates[i].sharePercent =
                total > 0 ? 100.0 * candidates[i].weight / total : 100.0 / count;
        }
        std::stable_sort(candidates.begin() + qsizetype(first),
                         candidates.begin() + qsizetype(end),
                         [](const auto &left, const auto &right) {
                             return left.sharePercent > right.sharePercent;
                         });
        first = end;
    }
}

// What is stored of a refusal is shown in the reader's language.
Message automaticReason(const domain::Channel &channel)
{
    return channel.statusReason.isEmpty()
               ? Message::tr("disabled automatically")
               : Message::tr("disabled automatically: %1").arg(shownReason(channel.statusReason));
}

// Splits the candidates of a group and adds the channels that are none.
class Explainer
{
public:
    Explainer(const Catalog &catalog,
              relay::ChannelHealth &health,
              relay::ChannelLoad &load,
              RouteQuestion question)
        : m_catalog(catalog)
        , m_health(health)
        , m_load(load)
        , m_question(std::move(question))
    {
        for (const relay::KeyHealth &key : m_health.snapshot()) {
            int &failures = m_failures[key.channel];
            failures = std::max(failures, key.failuresInARow);
        }
    }

    void explain(const CatalogGroup &group, RouteExplanation &answer) const
    {
        QSet<domain::ChannelId> seen;
        const relay::Router router(m_catalog, m_health, m_load);
        const auto options =
            router.options(group, m_question.model, suitabilityFor(m_catalog, m_question));
        for (const relay::RouteOption &option : options) {
            seen.insert(option.channel->channel.id);
            RouteCandidate candidate = candidateOf(m_catalog, *option.channel, m_question.model);
            candidate.usableKeys = static_cast<int>(option.keys.size());
            candidate.exclusion = kindOf(option.exclusion,
                                         m_failures.value(candidate.channel),
                                         m_catalog.settings().relay.breakerFailures);
            candidate.reason = reasonOf(option);
            candidate.retryAfter = option.exclusion.rest;
            const bool usable = candidate.exclusion == RouteExclusion::None;
            (usable ? answer.candidates : answer.excluded).push_back(std::move(candidate));
        }
        setShares(answer.candidates);
        for (const auto &channel : m_catalog.channels()) {
            if (!seen.contains(channel->channel.id))
                answer.excluded.push_back(stranger(*channel, group));
        }
    }

private:
    static Message reasonOf(const relay::RouteOption &option)
    {
        return option.exclusion.kind == Exclusion::Kind::DisabledAutomatically
                   ? automaticReason(option.channel->channel)
                   : option.exclusion.text;
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
    const RouteQuestion m_question;
    QHash<domain::ChannelId, int> m_failures{};
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

// What the token and its owner are refused for before any channel is asked.
void checkToken(const CatalogToken &token,
                const QByteArray &model,
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

// Best first, the disabled ones last. Tiers and shares only where every group is served alike.
void arrange(const Catalog &catalog, std::vector<RouteCandidate> &channels)
{
    const auto isOn = [](const RouteCandidate &one) {
        return one.exclusion == RouteExclusion::None;
    };
    std::stable_sort(channels.begin(),
                     channels.end(),
                     [isOn](const RouteCandidate &left, const RouteCandidate &right) {
                         return isOn(left) != isOn(right) ? isOn(left)
                                                          : left.priority > right.priority;
                     });
    const auto end = std::find_if_not(channels.begin(), channels.end(), isOn);
    const auto groupsOf = [&catalog](const RouteCandidate &one) {
        const QStringList &groups = catalog.channel(one.channel)->channel.groups;
        return QSet<QString>(groups.begin(), groups.end());
    };
    const bool alike = std::all_of(channels.begin(), end, [&](const RouteCandidate &one) {
        return groupsOf(one) == groupsOf(channels.front());
    });
    if (alike)
        setShares({channels.begin(), end});
}

std::vector<ServedModel> servedModelsOf(const Catalog &catalog,
                                        const RouteService::ContextWindow &contextWindow)
{
    QMap<QByteArray, ServedModel> models;
    for (const auto &channel : catalog.channels()) {
        const bool enabled = channel->channel.isEnabled();
        for (const QString &name : channel->channel.models) {
            const QByteArray model = name.toUtf8();
            const bool isNew = !models.contains(model);
            ServedModel &served = models[model];
            served.model = model;
            served.isPriced = served.isPriced || isNew;
            RouteCandidate candidate = candidateOf(catalog, *channel, model);
            if (!enabled) {
                const bool byPerson =
                    channel->channel.status == domain::ChannelStatus::DisabledByHand;
                candidate.exclusion = byPerson ? RouteExclusion::DisabledByPerson
                                               : RouteExclusion::DisabledAutomatically;
                candidate.reason =
                    byPerson ? Message::tr("disabled") : automaticReason(channel->channel);
            }
            served.isServed = served.isServed || enabled;
            served.isPriced =
                served.isPriced && (!enabled || candidate.isFree || candidate.price.has_value());
            if (contextWindow && served.contextTokens == 0) {
                served.contextTokens =
                    contextWindow(channel->type->priceProvider, candidate.providerModel)
                        .value_or(0);
            }
            for (const QString &group : channel->channel.groups) {
                if (!served.groups.contains(group))
                    served.groups.append(group);
            }
            served.channels.push_back(std::move(candidate));
        }
    }
    std::vector<ServedModel> all;
    for (ServedModel &served : models) {
        arrange(catalog, served.channels);
        served.groups.sort();
        all.push_back(std::move(served));
    }
    return all;
}

} // namespace

RouteService::RouteService(const Foundation &foundation,
                           ContextWindow contextWindow,
                           QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_contextWindow(std::move(contextWindow))
{
    m_pool.setMaxThreadCount(1);
}

Answer<RouteExplanation> RouteService::explain(const RouteQuestion &asked)
{
    const std::shared_ptr<const Catalog> catalog = m_base.publisher.catalog();
    if (!catalog) {
        return refused<RouteExplanation>(ErrorCode::Unavailable,
                                         Message::tr("The gateway is still starting."));
    }
    RouteQuestion question = asked;
    question.model = catalog->modelFor(asked.model);
    RouteExplanation answer;
    QByteArray groupName = question.group;
    if (question.token) {
        const CatalogToken *token = findToken(*catalog, *question.token);
        if (!token) {
            answer.refusal = RouteRefusal::UnknownToken;
            answer.text = Message::tr("This token does not exist.");
            return answered<RouteExplanation>(std::move(answer));
        }
        checkToken(*token, question.model, m_base.admission, m_base.now(), answer);
        groupName = token->group->name;
    } else if (question.user) {
        const domain::User *user = catalog->user(*question.user);
        if (!user)
            return refused<RouteExplanation>(ErrorCode::NotFound,
                                             Message::tr("This user does not exist."));
        checkUser(*user, m_base.admission, answer);
        groupName = user->group;
    }
    const CatalogGroup *group = catalog->group(groupName);
    const CatalogGroup empty{.name = groupName};
    answer.group = groupName;
    Explainer(*catalog, m_base.health, m_base.load, question)
        .explain(group ? *group : empty, answer);
    noteEmptiness(group ? *group : empty, question.model, answer);
    return answered<RouteExplanation>(std::move(answer));
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
