// The part of an attempt that reads an answer in one piece.
#include "relay/exchange/attempt.h"

#include "protocol/answerscanner.h"

#include <algorithm>

namespace gatehouse::relay {

namespace {

// So much of an answer is read before it is passed on, so that an error in it can still be mended by
// another attempt.
constexpr qsizetype decisionBytes = 256 * 1024;
// In which it shows whether it is a document at all.
constexpr qsizetype beginningBytes = 16 * 1024;
// No text goes on so long without a space.
constexpr qsizetype longData = 4 * 1024;

// Text has spaces, or characters that base64 has not.
bool isBase64(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
    });
}

} // namespace

void Attempt::readDocument(QByteArrayView bytes)
{
    if (m_begun) {
        m_deliveredBytes += bytes.size();
        m_members->feed(bytes);
        m_observer.attemptBytes(bytes);
        return;
    }
    const bool isLookedAt = m_collected.size() < beginningBytes;
    m_collected.append(bytes);
    if (isLookedAt && readsAsEvents())
        return;
    if (m_collected.size() <= decisionBytes)
        return;
    const qsizetype dropped = dropSignsOfLife();
    if (m_collected.size() <= decisionBytes)
        return;
    m_isLong = true;
    if (refuseLongDocument())
        return;
    m_isData = isBase64(QByteArrayView(m_collected).last(longData));
    const qint64 length = m_head->contentLength;
    begin(length < 0 ? length : length - dropped);
    if (m_ended)
        return;
    m_deliveredBytes += m_collected.size();
    m_observer.attemptBytes(m_collected);
    m_collected.clear();
}

// Some providers send the events that were asked for under another type.
bool Attempt::readsAsEvents()
{
    const protocol::Peek &peek = *m_request.peek;
    if (!peek.stream || peek.form != protocol::StreamForm::Events
        || !protocol::beginsAsEvents(m_collected).value_or(false))
        return false;
    // Whoever passes them on goes by it.
    http::ResponseHead head = *m_head;
    head.headers.clear();
    for (qsizetype i = 0; i < m_head->headers.size(); ++i) {
        const http::Field field = m_head->headers.at(i);
        if (!http::equalNames(field.name, "content-type"))
            head.headers.add(field.name, field.value);
    }
    head.headers.add("Content-Type", "text/event-stream; charset=utf-8");
    m_eventsHead = std::move(head);
    m_head = &*m_eventsHead;
    beginEvents(peek.form);
    m_events.feed(std::exchange(m_collected, {}));
    readEvents();
    return true;
}

// Errors and web pages may be long as well.
bool Attempt::refuseLongDocument()
{
    m_members.emplace(protocol::tellingMembers());
    m_members->feed(m_collected);
    std::optional<protocol::ProviderError> error =
        protocol::errorOfBeginning(m_collected, *m_members, m_request.peek->operation, secret());
    if (!error)
        return false;
    if (upstream::Stream *stream = std::exchange(m_stream, nullptr))
        stream->abort();
    fail({.provider = std::move(*error)});
    return true;
}

// Comment lines of event streams are no part of a document; a client would find no JSON. Returns how
// many bytes went.
qsizetype Attempt::dropSignsOfLife()
{
    if (!QByteArrayView(m_collected).trimmed().startsWith(':'))
        return 0;
    const qsizetype before = m_collected.size();
    m_collected = protocol::withoutSignsOfLife(m_collected).toByteArray();
    return before - m_collected.size();
}

// The figures of a long document, wherever they stood in it.
void Attempt::takeMembers()
{
    if (!m_members)
        return;
    const protocol::Operation operation = m_request.peek->operation;
    m_usage = protocol::usageOf(*m_members, operation);
    const bool isText = protocol::answersWithText(operation) && !m_isData;
    m_usageCoversOutput =
        m_usage.source == domain::UsageSource::Provider && (m_usage.output > 0 || !isText);
}

} // namespace gatehouse::relay
