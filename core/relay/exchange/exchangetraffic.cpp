// What an exchange tells those who look on.
#include "relay/exchange/exchange.h"

namespace gatehouse::relay {

using domain::CaptureLevel;
using domain::EndReason;
using domain::TokenCapture;

namespace {

constexpr qint64 bytesPerToken = 4;

// The request line, as the dialect's own libraries write it.
QByteArray requestLine(const protocol::Peek &peek)
{
    return "POST " + protocol::usualPath(peek.operation, peek.model);
}

} // namespace

void Exchange::beginTap(Downstream &downstream)
{
    const domain::Settings::Traffic &traffic = settings().traffic;
    const TokenCapture ofToken = m_request.caller.token->token.capture;
    const bool wanted =
        ofToken == TokenCapture::All
        || (ofToken == TokenCapture::BySetting && traffic.capture != CaptureLevel::Off);
    m_keepsTap = false;
    if (!wanted)
        return;
    m_tap = std::make_unique<Tap>(
        *m_context.captures, m_context.clock, m_startedAt, traffic.captureBodyBytes);
    m_tapped.emplace(downstream, *m_tap);
    m_downstream = &*m_tapped;
    m_tap->requestCame(requestLine(m_request.peek), *m_request.headers);
}

// Decides whether what was seen is kept. The body of the request is taken here, while it is there.
void Exchange::endTap(EndReason reason, int status)
{
    constexpr int firstError = 400;
    const bool left = reason == EndReason::ClientGone || reason == EndReason::ShutDown
                      || reason == EndReason::Cancelled;
    const bool hasFailed = !left && (reason != EndReason::Completed || status >= firstError);
    const bool keepsAll = m_request.caller.token->token.capture == TokenCapture::All
                          || settings().traffic.capture == CaptureLevel::All;
    m_keepsTap = keepsAll || hasFailed || m_attempts > 1;
    if (m_keepsTap && m_request.body)
        m_tap->requestBody(*m_request.body);
}

qint64 Exchange::microsecondsAt(base::SteadyTime time) const
{
    if (time < m_startedAt)
        return -1;
    return std::chrono::duration_cast<std::chrono::microseconds>(time - m_startedAt).count();
}

void Exchange::beginNote(const Route &route)
{
    m_notes.push_back({.channel = route.channel->channel.id,
                       .key = route.key ? route.key->id : 0,
                       // What the gateway itself took is over within one turn of its loop.
                       .startedAt = microsecondsAt(m_context.clock.exactSteadyNow()),
                       .endedAt = -1,
                       .affinity = route.affinity});
}

// In the attempt that is noted last: what happened in the turn in which it began bears the time of that
// turn, which is a little before.
qint64 Exchange::noted(base::SteadyTime time) const
{
    const qint64 at = microsecondsAt(time);
    return at < 0 ? at : std::max(at, m_notes.back().startedAt);
}

// Of an attempt that has not ended already.
void Exchange::endNote(const QByteArray &errorCode, const QString &message)
{
    if (m_notes.empty() || m_notes.back().endedAt >= 0)
        return;
    domain::AttemptNote &note = m_notes.back();
    const upstream::CallTiming &timing = m_attempt.timing();
    note.connectedAt = noted(timing.connected);
    note.sentAt = noted(timing.sent);
    note.answeredAt = noted(timing.answered);
    note.endedAt = noted(m_context.clock.steadyNow());
    note.reused = timing.reused;
    note.status = m_attempt.status();
    note.errorCode = errorCode;
    note.message = withoutKey(message.toUtf8());
}

// Of a failure for the ledger. A provider that refuses what it was sent often repeats it, which is kept
// only where bodies are.
QString Exchange::notedWords(const AttemptFailure &failure, const FailureMeaning &meaning) const
{
    constexpr qsizetype most = 200;
    if (!failure.provider || m_tap)
        return meaning.answer.message.english();
    if (meaning.clientMistake || meaning.isDenial)
        return withoutRequest(failure, meaning);
    const QString words = meaning.answer.message.english();
    return words.size() > most ? words.first(most) + u'\u2026' : words;
}

std::optional<RunningRequest> Exchange::running() const
{
    if (m_state != State::Attempting && m_state != State::Passing)
        return std::nullopt;
    RunningRequest now{
        .record = identity(), .bytes = m_attempt.deliveredBytes(), .answerBegan = m_contentBegan};
    domain::UsageRecord &line = now.record;
    line.kind = domain::RecordKind::Consumption;
    if (!m_route.channel)
        return now;
    now.channelName = m_route.channel->channel.name.toUtf8();
    line.usage = m_attempt.usageSoFar();
    now.tokensAreEstimated = line.usage.output == 0;
    if (line.usage.input == 0)
        line.usage.input = m_request.peek.promptBytes / bytesPerToken;
    line.usage.output = std::max(line.usage.output, m_attempt.textBytesSoFar() / bytesPerToken);
    addPrice(line);
    return now;
}

} // namespace gatehouse::relay
