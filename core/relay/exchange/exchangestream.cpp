// How an answer passes through to the client.
#include "relay/exchange/exchange.h"

#include "protocol/errorbody.h"

using namespace std::chrono_literals;

namespace gatehouse::relay {

using protocol::EventRole;
using std::chrono::milliseconds;

namespace {

// Beyond this the provider is paused until the client has taken something.
constexpr qint64 mostUnsent = 128 * 1024;
// How long a provider may take to close a stream whose end marker has come.
constexpr milliseconds lingering = 1s;
// What may follow an end marker that is not the last event, such as Gemini's figures.
constexpr qsizetype mostBehindEnd = 64 * 1024;

} // namespace

void Exchange::attemptBegan(const http::ResponseHead &head, bool isStream, qint64 length)
{
    m_notes.back().begunAt = noted(m_context.clock.steadyNow());
    m_isMisplaced = m_answerBegan && !isStream;
    if (m_isMisplaced)
        return; // nothing of it is passed on
    m_state = State::Passing;
    beginRecording(head, isStream, length);
    m_contentBegan = true;
    m_isDocument = !isStream;
    if (m_isDocument)
        m_keepAlive.stop(); // a sign of life would be a part of it
    m_firstByteMilliseconds = elapsed();
    if (m_answerBegan)
        return; // the head went out with a sign of life
    m_answerBegan = true;
    http::Headers &fields = identifyingFields();
    addDetails(fields, isStream ? Details::OfStream : Details::OfDocument);
    addProviderFields(head, fields);
    if (isStream) {
        if (!fields.value("cache-control"))
            fields.add("Cache-Control", "no-cache");
        fields.add("X-Accel-Buffering", "no");
    }
    m_downstream->begin(head.status, fields, isStream ? -1 : length);
}

void Exchange::attemptBytes(QByteArrayView bytes)
{
    if (m_isMisplaced)
        return;
    if (m_cache.recording)
        m_cache.recording->append(bytes);
    m_downstream->write(bytes);
}

void Exchange::attemptEvent(const http::Event &event, const protocol::EventFacts &facts)
{
    if (m_final && isBehindEnd(event, facts))
        return;
    if (wantsStream() && !m_final)
        m_keepAlive.start(settings().relay.keepAliveInterval);
    if (facts.role == EventRole::UsageOnly && !m_request.peek.includeUsage
        && protocol::asksForUsage(m_request.peek.operation))
        return;
    if (facts.role == EventRole::Final && !m_final && isLastEnd()) {
        // What came before may go; the end waits for its ledger row.
        m_downstream->flush();
        m_headSent = true;
        m_final = true;
        m_bytesBehindEnd = 0;
        m_keepAlive.start(lingering);
        if (m_cache.recording)
            m_cache.recording->endBegins();
    }
    if (m_cache.recording)
        recordEvent(event, facts);
    const QByteArrayView text = withoutOpening(event.raw);
    if (facts.role == EventRole::Error) {
        m_errorPassedOn = true;
        m_downstream->write(withoutKey(text.toByteArray()));
        return;
    }
    m_downstream->write(text);
}

// The first event, if its beginning went out with a sign of life.
QByteArrayView Exchange::withoutOpening(QByteArrayView event)
{
    if (!std::exchange(m_isOpened, false))
        return event;
    const QByteArrayView opening = protocol::streamOpening(m_request.peek.form);
    const qsizetype at = event.indexOf(opening);
    return event.sliced(at < 0 ? 0 : at + opening.size());
}

bool Exchange::endsWithMarker() const
{
    return protocol::endsWithMarker(m_request.peek.operation, m_request.peek.form);
}

// Whether an end is that of the whole answer: each of several parts has one, and between them the provider
// takes its time.
bool Exchange::isLastEnd()
{
    return endsWithMarker() || ++m_ends >= m_request.peek.choices;
}

// True: the event came behind the end and is dropped. Nothing of the kind delays the end.
bool Exchange::isBehindEnd(const http::Event &event, const protocol::EventFacts &facts)
{
    if (endsWithMarker())
        return true;
    if (facts.hasContent) {
        // It was the end of a part only.
        m_downstream->flush();
        m_final = false;
        return false;
    }
    if (facts.role == EventRole::Error)
        return false;
    m_bytesBehindEnd += event.raw.size();
    return facts.role == EventRole::Comment || m_bytesBehindEnd > mostBehindEnd;
}

void Exchange::attemptBatchEnded()
{
    if (m_state != State::Passing || m_final)
        return;
    m_downstream->flush();
    m_headSent = true;
    // A client that left may have been noticed by the writing.
    if (m_downstream && m_downstream->unsent() > mostUnsent && !m_paused) {
        m_paused = true;
        m_attempt.pause();
    }
}

void Exchange::drained()
{
    if (!m_paused)
        return;
    m_paused = false;
    if (!m_cache.answer)
        m_attempt.resume();
    else if (m_state == State::Passing)
        giveMoreOfKeptAnswer();
}

} // namespace gatehouse::relay
