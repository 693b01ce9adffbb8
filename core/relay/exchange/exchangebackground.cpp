// What an exchange has done in another thread.
#include "relay/exchange/exchange.h"

#include "relay/background.h"

namespace gatehouse::relay {

// What the making of a body needs and gives; shared with the thread that makes it.
struct Exchange::Rewriting
{
    std::shared_ptr<http::BodySource> source{}; // holds the body
    QByteArrayView body{};
    protocol::Peek peek{};
    std::shared_ptr<const CompiledChannel> target{};
    std::shared_ptr<const domain::Catalog> catalog{}; // holds the channel
    const domain::CatalogChannel *channel = nullptr;
    base::Result<QByteArray> outcome{};
};

// A body in memory is rewritten in less time than it takes to hand it over and back.
bool Exchange::rewritesInBackground(const CompiledChannel &target) const
{
    const domain::CatalogChannel &channel = *m_route.channel;
    const bool isDone = m_rewritten && m_rewritten->channel == channel.channel.id;
    // A name that stands in many places, up to the end of the body.
    const protocol::Peek &peek = m_request.peek;
    const bool isSpread =
        !peek.nestedModels.empty()
        && (peek.isModelReplaced || channel.providerModel(peek.model) != peek.model);
    return m_context.background && !isDone && !m_request.body->isInMemory()
           && (rewritesBody(target, channel) || isSpread);
}

void Exchange::rewriteInBackground(const std::shared_ptr<const CompiledChannel> &target)
{
    m_attempt.reset(); // the one before tells nothing of this one
    auto work = std::make_shared<Rewriting>(Rewriting{.source = m_request.body,
                                                      .body = m_request.body->whole(),
                                                      .peek = m_request.peek,
                                                      .target = target,
                                                      .catalog = m_request.catalog,
                                                      .channel = m_route.channel});
    m_context.background->run(
        [work] {
            work->outcome = rewrittenBody(work->body, work->peek, *work->target, *work->channel);
        },
        [this, work, number = ++m_work] {
            if (number == m_work)
                rewritten(*work);
        });
}

void Exchange::rewritten(const Rewriting &work)
{
    if (wantsStream() && !m_keepAlive.isRunning())
        m_keepAlive.start(settings().relay.keepAliveInterval);
    if (work.outcome) {
        m_rewritten = RewrittenBody{.channel = m_route.channel->channel.id, .body = *work.outcome};
        if (send(work.target))
            return;
    } else {
        couldNotSend(work.outcome.error());
    }
    attemptNext();
}

// The client waits no longer than it must: what is not held back for the ledger goes out at once.
void Exchange::countInBackground()
{
    m_state = State::Counting;
    if (m_downstream && m_line.end != domain::EndReason::Completed)
        finishAnswer();
    const auto usage = std::make_shared<domain::Usage>();
    m_context.background->run(
        [count = *m_count, usage, &meter = m_context.meter] { *usage = count.made(meter); },
        [this, usage, number = ++m_work] {
            if (number != m_work)
                return;
            m_line.usage = *usage;
            conclude();
        });
}

} // namespace gatehouse::relay
