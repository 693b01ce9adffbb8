// How an exchange gives out an answer that was kept, and has one kept.
#include "relay/exchange/exchange.h"

#include "relay/routing/suitability.h"
#include "relay/routing/targets.h"

#include <algorithm>

namespace gatehouse::relay {

using domain::CacheResult;
using domain::EndReason;

namespace {

// Beyond this the client has to take something first.
constexpr qint64 mostUnsentOfKept = 128 * 1024;
constexpr qsizetype bytesAtOnce = 64 * 1024;

} // namespace

// True: the answer was there, and the exchange is on its way to its end.
bool Exchange::giveKeptAnswer()
{
    const domain::Settings::Cache &settings = this->settings().cache;
    if (!m_context.answers || !settings.answers)
        return false;
    const protocol::Peek &peek = m_request.peek;
    const http::Headers &fields = *m_request.headers;
    const CacheLeave leave = cacheLeaveOf(settings, peek, fields, *m_request.body);
    if (leave.mayKeep) {
        m_cache.key = m_context.answers->key(
            questionOf(settings, m_request.caller, peek, fields, m_request.body->whole()));
    }
    m_cache.result = leave.mayGive ? CacheResult::Miss : CacheResult::Bypass;
    if (leave.mayGive) {
        m_cache.answer = m_context.answers->find(*m_cache.key);
        if (m_cache.answer && isOfToday(*m_cache.answer))
            m_cache.result = CacheResult::Hit;
        else
            m_cache.answer.reset();
    }
    m_context.answers->count(m_cache.result);
    if (!m_cache.answer)
        return false;
    beginKeptAnswer();
    return true;
}

// Its channel might serve the request now, and would answer in the same way.
bool Exchange::isOfToday(const KeptAnswer &answer) const
{
    const QByteArray &model = m_request.peek.model;
    const domain::CatalogChannel *channel = m_request.catalog->channel(answer.channel);
    if (!channel || !channel->channel.isEnabled())
        return false;
    // The key of the answer holds which channel was pinned.
    if (!m_request.caller.pinnedChannel) {
        const domain::Candidates *candidates = m_request.caller.token->group->candidates(model);
        if (!candidates
            || std::find(candidates->begin(), candidates->end(), channel) == candidates->end())
            return false;
    }
    return answer.origin == originOf(*channel, model)
           && unsuitability(
                  *m_request.catalog, *channel, m_request.peek.operation, model, m_begunAt)
                  .isEmpty();
}

void Exchange::beginKeptAnswer()
{
    const KeptAnswer &answer = *m_cache.answer;
    m_attempt.reset(); // what it has read was of another request
    m_keepAlive.stop();
    m_state = State::Passing;
    m_contentBegan = m_answerBegan = true;
    m_isDocument = !answer.isStream;
    // No first byte came from a provider, so that times to it are not told.
    if (m_tap) {
        const domain::CatalogChannel &channel = *m_request.catalog->channel(answer.channel);
        m_tap->keptAnswerBegan(
            channel.channel,
            m_context.targets.compiled(channel, m_request.catalog)->secretOverrides);
    }
    // It may have been kept later than this turn of the thread began.
    const auto age = std::max(
        std::chrono::seconds(0),
        std::chrono::duration_cast<std::chrono::seconds>(m_context.clock.steadyNow() - answer.at));
    http::Headers &fields = identifyingFields();
    addOwnLimits(fields);
    fields.add("Content-Type", answer.contentType);
    fields.add("Age", QByteArray::number(qint64(age.count())));
    if (answer.isStream) {
        fields.add("Cache-Control", "no-cache");
        fields.add("X-Accel-Buffering", "no");
    }
    m_downstream->begin(200, fields, answer.isStream ? -1 : answer.bytes.size());
    giveMoreOfKeptAnswer();
}

// As fast as the client takes it. The end waits for the ledger, as that of any answer does.
void Exchange::giveMoreOfKeptAnswer()
{
    const KeptAnswer &answer = *m_cache.answer;
    const QByteArrayView bytes(answer.bytes);
    while (m_cache.given < answer.heldFrom) {
        const qsizetype count = std::min(bytesAtOnce, answer.heldFrom - m_cache.given);
        m_downstream->write(bytes.sliced(m_cache.given, count));
        m_cache.given += count;
        m_downstream->flush();
        m_headSent = true;
        // A client that left may have been noticed by the writing.
        if (m_state != State::Passing || !m_downstream)
            return;
        if (m_downstream->unsent() > mostUnsentOfKept) {
            m_paused = true;
            return;
        }
    }
    m_downstream->write(bytes.sliced(m_cache.given));
    m_cache.given = bytes.size();
    end(EndReason::Completed, 200, {});
}

// Answers of other kinds than the one that was asked for are not kept, nor documents of which only the end of
// the connection tells where they end: that may be anywhere.
void Exchange::beginRecording(const http::ResponseHead &head, bool isStream, qint64 length)
{
    constexpr int ok = 200;
    if (!isStream && length < 0 && !head.chunked)
        return;
    const QByteArrayView type = head.headers.value("content-type").value_or(QByteArrayView());
    if (!m_cache.key || head.status != ok || isStream != wantsStream() || type.isEmpty()
        || m_attempt.masked(type))
        return;
    m_cache.contentType = type.toByteArray();
    m_cache.recording = std::make_unique<AnswerRecording>(
        *m_context.answers, *m_cache.key, settings().cache.answerBytes);
}

void Exchange::recordEvent(const http::Event &event, const protocol::EventFacts &facts)
{
    if (facts.role == protocol::EventRole::Error)
        m_cache.recording->giveUp();
    else if (facts.role != protocol::EventRole::Comment)
        m_cache.recording->append(event.raw);
}

// Whole answers alone; of those in words the provider has told what they consumed.
void Exchange::keepAnswer(EndReason reason)
{
    const std::unique_ptr<AnswerRecording> recording = std::move(m_cache.recording);
    const bool isStream = isStreamed();
    const bool isUsageMissing = hasOutputTokens(m_request.peek.operation) && mustCount();
    if (reason != EndReason::Completed || !recording->isWhole() || m_errorPassedOn || isUsageMissing
        || (isStream && !recording->end()))
        return;
    KeptAnswer answer{.contentType = m_cache.contentType,
                      .isStream = isStream,
                      .channel = m_route.channel->channel.id,
                      .origin = originOf(*m_route.channel, m_request.peek.model),
                      .providerModel = m_line.providerModel,
                      .finishReason = m_line.finishReason};
    answer.heldFrom =
        isStream ? *recording->end() : std::max<qsizetype>(0, recording->size() - bytesAtOnce);
    recording->keep(std::move(answer));
}

} // namespace gatehouse::relay
