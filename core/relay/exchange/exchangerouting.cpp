// Which channel and key an exchange asks, and what later ones learn from it.
#include "relay/exchange/exchange.h"

#include "relay/routing/sessionplace.h"
#include "relay/routing/suitability.h"

#include <QRandomGenerator>

namespace gatehouse::relay {

// What keeps denying this user the model comes last.
Admitted<Route> Exchange::chooseRoute(const Router &router)
{
    const RouteWish wish{.draw = QRandomGenerator::global()->generateDouble(),
                         .stream = wantsStream(),
                         .begunAt = m_begunAt,
                         .session = [this] { return session(); }};
    const auto choose = [&](const std::vector<Router::Failed> &failed) {
        return router.choose(
            m_request.caller,
            m_request.peek.model,
            [this](const domain::CatalogChannel &channel) {
                return unsuitability(*m_request.catalog,
                                     channel,
                                     m_request.peek.operation,
                                     m_request.peek.model,
                                     m_begunAt);
            },
            failed,
            wish);
    };
    const std::vector<KeyPlace> denying =
        m_context.health.denials().of(m_request.caller.token->token.userId, m_request.peek.model);
    if (!denying.empty()) {
        std::vector<Router::Failed> avoided = m_failed;
        for (const KeyPlace &place : denying) {
            avoided.push_back(
                {.channel = place.channel, .key = place.key, .wholeChannel = place.key == 0});
        }
        if (Admitted<Route> route = choose(avoided))
            return route;
    }
    return choose(m_failed);
}

// Looked for once, and only where it is asked for.
std::optional<SessionHash> Exchange::session()
{
    if (!std::exchange(m_isSessionKnown, true)) {
        m_session = sessionHashOf(m_context.load.affinity(),
                                  {.token = m_request.caller.token->token.id,
                                   .fields = *m_request.headers,
                                   .peek = m_request.peek,
                                   .body = m_request.body.get()});
    }
    return m_session;
}

// For the strategy that wants to know it.
void Exchange::noteLatency()
{
    const QByteArray &model = m_request.peek.model;
    const upstream::CallTiming &timing = m_attempt.timing();
    if (m_request.catalog->routing(model).strategy != domain::RoutingStrategy::LowestLatency
        || timing.sent == base::SteadyTime{} || timing.answered < timing.sent)
        return;
    m_context.load.pace().note(
        {.channel = m_route.channel->channel.id, .model = model, .stream = wantsStream()},
        std::chrono::duration_cast<std::chrono::microseconds>(timing.answered - timing.sent));
}

// A request that goes on with this answer finds it with the account that gave it.
void Exchange::noteAnswer()
{
    const QByteArray &answer = m_attempt.responseId();
    if (m_route.affinity == domain::AffinityOutcome::None || answer.isEmpty()
        || m_request.peek.operation != protocol::Operation::Responses)
        return;
    Affinity &affinity = m_context.load.affinity();
    affinity.remember(
        sessionHashOfAnswer(
            affinity, m_request.caller.token->token.id, m_request.peek.model, answer),
        {.channel = m_route.channel->channel.id, .key = m_route.key ? m_route.key->id : 0},
        settings().relay.affinityEntries);
}

} // namespace gatehouse::relay
