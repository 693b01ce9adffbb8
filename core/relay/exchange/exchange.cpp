#include "relay/exchange/exchange.h"

#include "base/logging.h"
#include "domain/statuscodes.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using base::lcRelay;
using domain::EndReason;
using std::chrono::milliseconds;

namespace {

constexpr char ledgerUnavailable[] = "ledger_unavailable";

} // namespace

Exchange::Exchange(Context &context, std::function<void(Exchange &)> retired)
    : m_context(context)
    , m_retired(std::move(retired))
    , m_keepAlive(context.wheel, [this] { keepAlive(); })
    , m_total(context.wheel, [this] { timedOut(); })
    , m_attempt(context.client, context.wheel, *this)
{}

Exchange::~Exchange()
{
    m_attempt.abort();
    if (m_state == State::Counting) {
        // The thread ends before the count has come; what was delivered is paid all the same.
        m_line.usage = m_count->made(m_context.meter);
        settleLine();
        m_context.ledger.submit(std::move(m_line), {});
    }
    leaveChannel(0);
}

qint64 Exchange::elapsed() const
{
    return std::chrono::duration_cast<milliseconds>(m_context.clock.steadyNow() - m_startedAt)
        .count();
}

void Exchange::start(ExchangeRequest request, Downstream &downstream, quint64 ticket)
{
    m_request = std::move(request);
    m_downstream = &downstream;
    m_notes.clear();
    m_ticket = ticket;
    m_route = {};
    m_isSessionKnown = false;
    m_session.reset();
    m_failed.clear();
    m_denied.clear();
    m_lastFailure.reset();
    m_startedAt = m_context.clock.steadyNow();
    m_begunAt = m_context.clock.wallMilliseconds();
    m_firstByteMilliseconds = -1;
    m_attempts = 0;
    m_answerBegan = m_isOpened = m_headSent = m_contentBegan = m_isDocument = m_final = false;
    m_ends = 0;
    m_errorPassedOn = m_isMisplaced = m_paused = false;
    m_state = State::Attempting;
    if (m_context.captures)
        beginTap(downstream);
    beginTrace();

    if (const Admitted<> admitted = admit(); !admitted) {
        const Refusal &refusal = admitted.error();
        refuse(refusal);
        // It costs nothing, so nobody waits for its line; a ledger that is ill is not given more to do.
        if (m_context.ledger.isHealthy())
            m_context.ledger.submit(record(EndReason::Failed, refusal.status, refusal.code), {});
        retire();
        return;
    }
    const domain::Settings::Relay &relay = settings().relay;
    if (relay.totalTimeout.count() > 0)
        m_total.start(relay.totalTimeout);
    if (wantsStream())
        m_keepAlive.start(relay.keepAliveInterval);
    if (!giveKeptAnswer())
        attemptNext();
}

Admitted<> Exchange::admit()
{
    const protocol::Peek &peek = m_request.peek;
    if (const Admitted<> allowed = mayUse(m_request.caller, peek.model); !allowed)
        return allowed;
    if (!m_context.ledger.isHealthy()) {
        return tl::unexpected(Refusal{
            .status = 503,
            .code = ledgerUnavailable,
            .message = base::Message::verbatim(u"The gateway cannot store records for now, so it "
                                               "serves nothing. Its administrator sees why in "
                                               "the log."_s),
            .retryAfter = 5s,
            .worthRetrying = true});
    }
    const domain::Catalog &catalog = *m_request.catalog;
    const domain::CatalogGroup &group = *m_request.caller.token->group;
    domain::Candidates pinned;
    const domain::Candidates *candidates = group.candidates(peek.model);
    if (m_request.caller.pinnedChannel) {
        if (const auto *channel = catalog.channel(*m_request.caller.pinnedChannel))
            pinned.push_back(channel);
        candidates = &pinned;
    }
    const Estimate estimate =
        candidates ? estimateFor(catalog, group, *candidates, peek, m_begunAt) : Estimate{};
    Admitted<Reservation> reservation = m_context.admission.reserve(m_request.caller, estimate);
    if (!reservation)
        return tl::unexpected(reservation.error());
    m_reservation = std::move(*reservation);
    return {};
}

void Exchange::attemptNext()
{
    const Router router(*m_request.catalog, m_context.health, m_context.load);
    const qint64 mostAttempts = settings().relay.retries + 1;
    while (m_attempts < mostAttempts) {
        const Admitted<Route> route = chooseRoute(router);
        if (!route) {
            // What the last provider said tells more than that no other one is left.
            Refusal answer = m_lastFailure ? m_lastFailure->answer : route.error();
            takeWait(answer, route.error());
            refuse(answer);
            end(EndReason::Failed, answer.status, answer.code);
            return;
        }
        if (startAttempt(*route))
            return;
    }
    refuse(m_lastFailure->answer);
    end(EndReason::Failed, m_lastFailure->answer.status, m_lastFailure->answer.code);
}

// False: it could not even be sent; the failure is noted.
bool Exchange::startAttempt(const Route &route)
{
    ++m_attempts;
    m_route = route;
    beginNote(route);
    const auto compiled = m_context.targets.compiled(*route.channel, m_request.catalog);
    if (!compiled->problem.isEmpty()) {
        couldNotSend({.code = base::ErrorCode::Unavailable, .message = compiled->problem});
        return false;
    }
    m_notes.back().tls = compiled->endpoint->tls;
    if (!rewritesInBackground(*compiled))
        return send(compiled);
    rewriteInBackground(compiled);
    return true;
}

bool Exchange::send(const std::shared_ptr<const CompiledChannel> &target)
{
    AttemptRequest request{.route = m_route,
                           .target = target,
                           .peek = &m_request.peek,
                           .body = m_request.body.get(),
                           .clientHeaders = m_request.headers,
                           .trace = forwardedTrace(),
                           .limits = &m_request.catalog->settings().relay,
                           .now = std::chrono::sys_seconds(
                               std::chrono::seconds(m_context.clock.wallMilliseconds() / 1000)),
                           .hop = m_context.hop,
                           .tap = m_tap.get()};
    if (m_rewritten && m_rewritten->channel == m_route.channel->channel.id)
        request.rewritten = m_rewritten->body;
    if (const base::Result<> started = m_attempt.start(std::move(request)); !started) {
        couldNotSend(started.error());
        return false;
    }
    m_reservation.markSent();
    return true;
}

void Exchange::couldNotSend(const base::Error &error)
{
    giveUpTrial();
    if (std::exchange(m_route.isCounted, false))
        m_context.load.takeBack(m_route.channel->channel.id);
    const AttemptFailure failure{.local = error};
    m_lastFailure = meaningOf(failure);
    m_notes.back().endedAt = m_notes.back().startedAt;
    m_notes.back().errorCode = m_lastFailure->answer.code;
    m_notes.back().message = m_lastFailure->answer.message.english().toUtf8();
    m_failed.push_back({.channel = m_route.channel->channel.id});
}

void Exchange::attemptFinished()
{
    reportHealth(HealthEvent::Success);
    noteLatency();
    noteAnswer();
    if (m_isMisplaced && m_downstream) {
        constexpr int badGateway = 502;
        const Refusal refusal{.status = badGateway,
                              .code = "provider_not_understood",
                              .message = base::Message::verbatim(
                                  u"The provider answered with a whole document where a "
                                  "stream was asked for."_s)};
        refuse(refusal);
        end(EndReason::Failed, refusal.status, refusal.code);
        return;
    }
    m_context.health.denials().note(
        m_request.caller.token->token.userId,
        m_request.peek.model,
        m_denied,
        {.channel = m_route.channel->channel.id, .key = m_route.key ? m_route.key->id : 0},
        settings().relay);
    end(EndReason::Completed, 200, {});
}

void Exchange::reportHealth(HealthEvent event, std::optional<milliseconds> rest)
{
    m_route.isTrial = false;
    m_context.health.report(m_route.channel->channel.id,
                            m_route.key ? m_route.key->id : 0,
                            event,
                            settings().relay,
                            rest);
}

// Of an attempt that ends without a word of the provider.
void Exchange::giveUpTrial()
{
    if (std::exchange(m_route.isTrial, false)) {
        m_context.health.giveUpTrial(m_route.channel->channel.id,
                                     m_route.key ? m_route.key->id : 0);
    }
}

// The attempt has ended: its place in a channel with limits is free.
void Exchange::leaveChannel(qint64 tokens)
{
    if (std::exchange(m_route.isCounted, false))
        m_context.load.end(m_route.channel->channel.id, tokens);
}

void Exchange::noteHealth(const FailureMeaning &meaning, const AttemptFailure &failure)
{
    if (failure.local) {
        giveUpTrial();
        return;
    }
    if (meaning.tellsHealth)
        reportHealth(meaning.health, meaning.rest);
    else
        giveUpTrial();
    const domain::ChannelId channel = m_route.channel->channel.id;
    const qint64 key = m_route.key ? m_route.key->id : 0;
    if (meaning.health == HealthEvent::KeyRefused && failure.provider)
        m_context.events.keyRefused({.channel = channel, .key = key, .error = *failure.provider});
    qCInfo(lcRelay).noquote() << "request" << m_request.requestId << "attempt" << m_attempts
                              << "through channel" << channel.value
                              << "failed:" << meaning.answer.code
                              << withoutRequest(failure, meaning);
    if (failure.provider) {
        qCDebug(lcRelay).noquote() << "request" << m_request.requestId << "attempt" << m_attempts
                                   << "was told:" << meaning.answer.message.english();
    }
}

void Exchange::attemptFailed(const AttemptFailure &failure)
{
    if (m_final && (failure.transport || endsWithMarker())) {
        // All had been said before.
        m_cache.recording.reset();
        attemptFinished();
        return;
    }
    FailureMeaning meaning = meaningOf(failure);
    noteHealth(meaning, failure);
    if (meaning.health == HealthEvent::RateLimited && !meaning.answer.retryAfter) {
        const KeyRest rest =
            m_context.health.restOf(m_route.channel->channel.id, m_route.key ? m_route.key->id : 0);
        meaning.answer.retryAfter = std::chrono::ceil<std::chrono::seconds>(rest.time);
    }
    const Refusal answer = meaning.answer;
    endNote(answer.code, notedWords(failure, meaning));
    if (m_contentBegan) {
        // Too late for another attempt: the client is shown that the answer is not whole.
        if (m_downstream && isStreamed() && !m_errorPassedOn)
            writeErrorEvent(answer);
        if (m_downstream) {
            m_downstream->flush();
            std::exchange(m_downstream, nullptr)->cut();
        }
        end(EndReason::Failed, answer.status, answer.code);
        return;
    }
    leaveChannel(0);
    m_failed.push_back({.channel = m_route.channel->channel.id,
                        .key = m_route.key ? m_route.key->id : 0,
                        .wholeChannel = !meaning.keyAtFault});
    if (meaning.isDenial)
        m_denied.push_back({.channel = m_failed.back().channel, .key = m_failed.back().key});
    const bool retry = triesAnother(meaning, failure);
    const bool wordForWord = meaning.clientMistake && !m_answerBegan && m_attempt.refusalHead();
    m_lastFailure = std::move(meaning);
    if (retry) {
        attemptNext();
        return;
    }
    if (wordForWord)
        passRefusalOn();
    else
        refuse(answer);
    end(EndReason::Failed, answer.status, answer.code);
}

// The status codes that an administrator chose stand above what a failure means.
bool Exchange::triesAnother(const FailureMeaning &meaning, const AttemptFailure &failure) const
{
    if (failure.provider && failure.provider->status >= domain::StatusCodes::least) {
        const auto chosen = domain::StatusCodes::from(settings().relay.retryStatuses);
        if (chosen && !chosen->isEmpty())
            return chosen->contains(failure.provider->status);
    }
    // Two who cannot tell whose fault it is make it the request's.
    return meaning.retry && !(meaning.isDoubtful && m_lastFailure && m_lastFailure->isDoubtful);
}

void Exchange::keepAlive()
{
    if (m_state == State::AwaitingReceipt) {
        receiptMissing();
        return;
    }
    if (m_final) {
        // The provider has said all and does not close.
        m_attempt.abort();
        m_cache.recording.reset();
        attemptFinished();
        return;
    }
    if (!m_downstream || !m_attempt.isRunning())
        return;
    giveSignOfLife();
}

// The row stays queued; the client must see that it does not have the whole answer.
void Exchange::receiptMissing()
{
    qCWarning(lcRelay) << "request" << m_request.requestId
                       << "is cut: its ledger row was not stored in time.";
    if (m_downstream) {
        m_downstream->discard();
        m_answerBegan = m_headSent;
        if (m_headSent && !isStreamed()) {
            std::exchange(m_downstream, nullptr)->cut();
        } else {
            refuse({.status = 503,
                    .code = ledgerUnavailable,
                    .message = base::Message::verbatim(
                        u"The record of this request could not be stored in time, so its "
                        "answer is held back."_s)});
        }
    }
    retire();
}

void Exchange::timedOut()
{
    if (m_state != State::Attempting && m_state != State::Passing)
        return;
    cutOff(EndReason::TimedOut,
           {.status = 504,
            .code = "request_timeout",
            .message = base::Message::verbatim(
                u"The request took longer than relay.total_timeout allows."_s)});
}

// Ends it from this side: the client is told why, or sees that its answer is not whole.
void Exchange::cutOff(EndReason reason, const Refusal &refusal)
{
    m_attempt.abort();
    m_cache.recording.reset();
    if (m_final) {
        attemptFinished();
        return;
    }
    if (m_contentBegan && !isStreamed()) {
        if (m_downstream)
            std::exchange(m_downstream, nullptr)->cut();
    } else {
        refuse(refusal);
    }
    end(reason, refusal.status, refusal.code);
}

void Exchange::cancel()
{
    if (m_state != State::Attempting && m_state != State::Passing)
        return;
    constexpr int cancelled = 499;
    cutOff(EndReason::Cancelled,
           {.status = cancelled,
            .code = "cancelled_by_administrator",
            .message = base::Message::verbatim(
                u"The administrator of this gateway has ended this request."_s)});
}

void Exchange::clientGone()
{
    m_downstream = nullptr;
    if (m_state != State::Attempting && m_state != State::Passing)
        return;
    constexpr int clientClosedRequest = 499;
    m_attempt.abort();
    end(EndReason::ClientGone, clientClosedRequest, "client_gone");
}

void Exchange::shutDown(Shutdown why)
{
    if (m_state != State::Attempting && m_state != State::Passing)
        return;
    const bool isRestart = why == Shutdown::Restart;
    const QString text = isRestart ? u"The gateway is being restarted with other settings. Ask "
                                     "again."_s
                                   : u"The gateway is being stopped. Ask again in a moment."_s;
    cutOff(EndReason::ShutDown,
           {.status = 503,
            .code = isRestart ? "gateway_restarted" : "shutting_down",
            .message = base::Message::verbatim(text),
            .retryAfter = 5s,
            .worthRetrying = true});
}

// The one end of every exchange that was admitted.
void Exchange::end(EndReason reason, int status, QByteArray errorCode)
{
    m_total.stop();
    m_keepAlive.stop();
    giveUpTrial();
    endNote(errorCode, {});
    m_line = record(reason, status, std::move(errorCode));
    ++m_work; // what is still being made for an attempt is of no use any more
    if (m_tap)
        endTap(reason, status);
    if (m_cache.recording)
        keepAnswer(reason);
    if (m_line.kind == domain::RecordKind::Consumption && !m_cache.answer && mustCount()) {
        m_count = missingCount();
        if (m_context.background && m_count->isLong(m_context.meter)) {
            countInBackground();
            return;
        }
        m_line.usage = m_count->made(m_context.meter);
    }
    conclude();
}

// All that the line tells is known.
void Exchange::settleLine()
{
    // What was kept has been paid for.
    if (m_line.kind == domain::RecordKind::Consumption && !m_cache.answer)
        addPrice(m_line);
    const qint64 tokens = m_line.usage.input + m_line.usage.output;
    m_reservation.settle(m_line.charge, tokens);
    leaveChannel(tokens);
}

void Exchange::conclude()
{
    m_count.reset();
    settleLine();
    // Whoever stops the gateway has waited long enough.
    const bool waits = m_line.end != EndReason::ShutDown && m_downstream;
    if (!waits) {
        m_context.ledger.submit(std::move(m_line), {});
        if (m_downstream)
            finishAnswer();
        retire();
        return;
    }
    m_state = State::AwaitingReceipt;
    m_keepAlive.start(settings().relay.receiptTimeout);
    m_context.ledger.submit(std::move(m_line),
                            {.receiver = m_context.receiver, .number = m_ticket});
}

void Exchange::receiptArrived()
{
    if (m_state != State::AwaitingReceipt)
        return;
    if (m_downstream)
        finishAnswer();
    retire();
}

void Exchange::finishAnswer()
{
    m_request.body.reset(); // so that the connection can use it again
    std::exchange(m_downstream, nullptr)->finish();
}

void Exchange::retire()
{
    m_keepAlive.stop();
    m_total.stop();
    if (m_downstream)
        finishAnswer();
    if (m_tap && m_keepsTap) {
        m_tap->submit(m_request.requestId,
                      m_request.caller.token->token.id,
                      m_context.clock.wallMilliseconds());
    }
    m_tapped.reset();
    m_tap.reset();
    m_reservation.release();
    m_state = State::Idle;
    m_request.catalog.reset();
    m_request.headers = nullptr;
    m_request.body.reset();
    m_rewritten.reset();
    if (m_cache.result != domain::CacheResult::None)
        m_cache = {};
    m_count.reset();
    m_retired(*this);
}

} // namespace gatehouse::relay
