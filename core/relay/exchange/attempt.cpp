#include "relay/exchange/attempt.h"

#include "domain/secretspelling.h"
#include "protocol/answerscanner.h"
#include "relay/exchange/tap.h"

namespace gatehouse::relay {

using base::Result;
using protocol::EventRole;
using protocol::Operation;
using protocol::StreamForm;
using Fault = protocol::StreamParser::Fault;

namespace {

// A refusal says what it means in its first words; what does not end is not waited for.
constexpr qsizetype refusalBytes = 64 * 1024;
constexpr std::chrono::milliseconds refusalTime{2'000};

bool isSuccess(int status)
{
    return status >= 200 && status < 300;
}

bool startsWith(QByteArrayView text, QByteArrayView beginning)
{
    return text.size() >= beginning.size()
           && http::equalNames(text.first(beginning.size()), beginning);
}

} // namespace

Attempt::Attempt(upstream::Client &client, base::TimingWheel &wheel, AttemptObserver &observer)
    : m_client(client)
    , m_observer(observer)
    , m_refusalTime(wheel, [this] { endRefusal(); })
{}

Attempt::~Attempt()
{
    m_members.reset(); // whoever asked may be gone, and with it what was asked
    abort();
}

QByteArrayView Attempt::secret() const
{
    return m_request.route.key ? QByteArrayView(m_request.route.key->secret.reveal())
                               : QByteArrayView();
}

// Most words hold none, which has to be cheap.
std::optional<QByteArray> Attempt::masked(QByteArrayView words) const
{
    // Shorter ones are words that occur anywhere.
    constexpr qsizetype shortestSecret = 4;
    std::optional<QByteArray> result;
    const auto mask = [&](const QByteArray &known) {
        if (known.size() < shortestSecret || !domain::maySpell(words, known))
            return;
        if (!result)
            result = words.toByteArray();
        domain::maskSpelled(*result, known);
    };
    if (m_request.route.key)
        mask(m_request.route.key->secret.reveal());
    if (m_request.target) {
        for (const base::Secret &known : m_request.target->secretOverrides)
            mask(known.reveal());
    }
    return result;
}

QByteArray Attempt::withoutSecrets(QByteArray words) const
{
    std::optional<QByteArray> others = masked(words);
    return others ? std::move(*others) : words;
}

void Attempt::reset()
{
    abort();
    ++m_run;
    m_head = nullptr;
    m_eventsHead.reset();
    m_timing = {};
    m_status = 0;
    m_begun = false;
    m_isWholeRefusal = m_isLong = m_isData = false;
    m_collected.resize(0);
    m_members.reset();
    m_deliveredBytes = 0;
    m_usage = {};
    m_usageCoversOutput = false;
    m_text.clear();
    m_textBytes = 0;
    m_pictures = 0;
    m_finishReason.clear();
    m_responseId.clear();
    m_responseModel.clear();
    m_scanner.reset();
}

Result<> Attempt::start(AttemptRequest request)
{
    reset();
    m_request = std::move(request);
    m_ended = false;

    const domain::Settings::Relay &limits = *m_request.limits;
    const domain::ChannelTimeouts &own = m_request.route.channel->channel.timeouts;
    const auto either = [](std::chrono::milliseconds first, std::chrono::milliseconds second) {
        return first.count() > 0 ? first : second;
    };
    upstream::Call call;
    call.endpoint = m_request.target->endpoint;
    call.timing = &m_timing;
    call.connectTimeout = either(own.connect, limits.connectTimeout);
    call.firstByteTimeout = either(own.firstByte, limits.firstByteTimeout);
    call.stallTimeout = either(own.idle, limits.stallTimeout);
    call.totalTimeout = own.total;
    call.maxResponseBytes = limits.maxResponseBytes;
    if (const Result<> composed = composeBody(call); !composed)
        return composed;
    qint64 length = call.body.size();
    if (call.spooled)
        length += call.spooled->size() - call.spooledFrom;
    Result<QByteArray> head = composeHead(length);
    if (!head)
        return base::fail(head.error());
    call.head = std::move(*head);
    if (m_request.tap)
        m_request.tap->attemptSent(m_request.route, call, m_request.target->secretOverrides);
    m_stream = m_client.send(std::move(call), *this);
    return {};
}

void Attempt::abort()
{
    if (!m_ended)
        end();
    if (upstream::Stream *stream = std::exchange(m_stream, nullptr))
        stream->abort();
}

void Attempt::pause()
{
    if (m_stream)
        m_stream->pause();
}

void Attempt::resume()
{
    if (m_stream)
        m_stream->resume();
}

void Attempt::headReceived(const http::ResponseHead &head)
{
    m_head = &head;
    m_status = head.status;
    if (m_request.tap)
        m_request.tap->providerAnswered(head);
    const QByteArrayView type = head.headers.value("content-type").value_or(QByteArrayView());
    if (!isSuccess(head.status)) {
        m_kind = Body::Refused;
        m_refusalTime.start(refusalTime);
    } else if (m_request.peek->form == StreamForm::Array || isEventStream()) {
        beginEvents(m_request.peek->form);
    } else if (m_request.peek->operation == Operation::Speech
               && !startsWith(type, "application/json") && !startsWith(type, "text/")) {
        m_kind = Body::Opaque;
        begin(head.contentLength);
    } else {
        m_kind = Body::Document;
    }
}

void Attempt::bodyReceived(QByteArrayView bytes)
{
    if (m_request.tap)
        m_request.tap->providerBytes(bytes);
    switch (m_kind) {
    case Body::Refused:
        readRefusal(bytes);
        break;
    case Body::Events:
        m_events.feed(bytes);
        readEvents();
        break;
    case Body::Opaque:
        m_deliveredBytes += bytes.size();
        m_observer.attemptBytes(bytes);
        break;
    case Body::Document:
        readDocument(bytes);
        break;
    }
}

bool Attempt::isEventStream() const
{
    return startsWith(m_head->headers.value("content-type").value_or(QByteArrayView()),
                      "text/event-stream");
}

void Attempt::beginEvents(StreamForm form)
{
    m_kind = Body::Events;
    m_events = protocol::StreamParser(form, m_request.limits->maxEventBytes);
    m_scanner.emplace(m_request.peek->operation, secret(), form);
    if (m_request.trace)
        m_scanner->readResponseModel();
}

void Attempt::begin(qint64 length)
{
    m_begun = true;
    m_observer.attemptBegan(*m_head, m_kind == Body::Events, length);
}

const http::ResponseHead *Attempt::refusalHead() const
{
    return m_kind == Body::Refused && m_isWholeRefusal ? m_head : nullptr;
}

void Attempt::readRefusal(QByteArrayView bytes)
{
    const qsizetype room = refusalBytes - m_collected.size();
    m_collected.append(bytes.first(std::min(bytes.size(), room)));
    if (bytes.size() > room)
        endRefusal();
}

// The rest of its body is not waited for.
void Attempt::endRefusal()
{
    upstream::Stream *stream = std::exchange(m_stream, nullptr);
    if (!stream || m_ended)
        return;
    // The head lives as long as the call does.
    fail({.provider = refusal()});
    stream->abort();
}

protocol::ProviderError Attempt::refusal() const
{
    return protocol::classify({.status = m_head->status,
                               .headers = &m_head->headers,
                               .body = m_collected,
                               .dialect = protocol::dialectOf(m_request.peek->operation),
                               .now = m_request.now,
                               .secret = secret()});
}

void Attempt::readEvents()
{
    const quint64 run = m_run;
    http::Event event;
    while (m_run == run && !m_ended && m_events.next(event))
        readEvent(event);
    if (m_run == run && !m_ended && m_events.fault() != Fault::None)
        endOnFault();
}

// Of an array that is none before its first object: a document takes its place, such as an error.
void Attempt::endOnFault()
{
    const bool isTooLong = m_events.fault() == Fault::TooLong;
    if (!isTooLong && !m_begun && !isEventStream()) {
        m_kind = Body::Document;
        m_scanner.reset();
        const QByteArray all = m_events.rest().toByteArray();
        m_events.reset();
        readDocument(all);
        return;
    }
    if (upstream::Stream *stream = std::exchange(m_stream, nullptr))
        stream->abort();
    if (isTooLong) {
        fail({.transport = upstream::Failure{
                  .kind = upstream::FailureKind::TooLarge,
                  .message = base::Message::tr(
                      "The provider sent an event longer than relay.max_event_bytes."),
                  .answered = true}});
        return;
    }
    fail({.provider =
              protocol::ProviderError{.status = 502,
                                      .message = base::Message::tr(
                                          "The provider's stream is not a JSON array of objects."),
                                      .kind = protocol::ErrorClass::NotUnderstood},
          .isOfForm = isEventStream()});
}

void Attempt::readEvent(const http::Event &event)
{
    const protocol::EventFacts facts = m_scanner->read(event);
    if (!m_begun) {
        // A sign of life of one that has not begun decides nothing, nor does an empty array.
        const bool isEmpty = facts.role == EventRole::Final && m_events.form() == StreamForm::Array;
        if (facts.role == EventRole::Comment || isEmpty)
            return;
        if (facts.role == EventRole::Error) {
            if (upstream::Stream *stream = std::exchange(m_stream, nullptr))
                stream->abort();
            protocol::ProviderError error = m_scanner->error().value_or(protocol::ProviderError{});
            fail({.provider = std::move(error)});
            return;
        }
        begin(-1);
        if (m_ended)
            return;
    }
    m_deliveredBytes += event.raw.size();
    const quint64 run = m_run;
    m_observer.attemptEvent(event, facts);
    if (m_run != run || m_ended || facts.role != EventRole::Error)
        return;
    // The error has reached the client as the provider's own event.
    if (upstream::Stream *stream = std::exchange(m_stream, nullptr))
        stream->abort();
    fail({.provider = m_scanner->error().value_or(protocol::ProviderError{})});
}

void Attempt::batchEnded()
{
    m_observer.attemptBatchEnded();
}

void Attempt::completed()
{
    m_stream = nullptr;
    switch (m_kind) {
    case Body::Refused:
        m_isWholeRefusal = true;
        fail({.provider = refusal()});
        break;
    case Body::Events:
        finishEvents();
        break;
    case Body::Opaque:
        end();
        m_observer.attemptFinished();
        break;
    case Body::Document:
        finishDocument();
        break;
    }
}

void Attempt::finishEvents()
{
    const quint64 run = m_run;
    http::Event event;
    if (m_events.takeRest(event))
        readEvent(event);
    if (m_run != run || m_ended)
        return;
    if (!m_begun) {
        fail(
            {.provider = protocol::ProviderError{
                 .status = 502,
                 .message = base::Message::tr("The provider ended its stream before it had begun."),
                 .kind = protocol::ErrorClass::NotUnderstood}});
        return;
    }
    // Of an array nobody can read what lacks its bracket.
    const bool isWhole =
        m_scanner->isFinished()
        || (m_events.form() == StreamForm::Events && !m_scanner->finishReason().isEmpty());
    if (!isWhole) {
        fail({.transport = upstream::Failure{
                  .kind = upstream::FailureKind::Closed,
                  .message = base::Message::tr(
                      "The provider ended its stream before the answer was whole."),
                  .answered = true}});
        return;
    }
    end();
    m_observer.attemptFinished();
}

void Attempt::finishDocument()
{
    if (m_begun) {
        end();
        m_observer.attemptFinished();
        return;
    }
    dropSignsOfLife();
    const QByteArrayView type = m_head->headers.value("content-type").value_or(QByteArrayView());
    protocol::AnswerFacts facts =
        protocol::scanAnswer(m_collected, m_request.peek->operation, type, secret());
    if (!facts.isSuccess()) {
        fail({.provider = facts.error.value_or(protocol::ProviderError{})});
        return;
    }
    m_usage = facts.usage;
    m_usageCoversOutput = m_usage.source == domain::UsageSource::Provider
                          && (m_usage.output > 0 || facts.text.isEmpty());
    m_text = std::move(facts.text);
    m_textBytes = m_text.size();
    m_pictures = facts.pictures;
    m_finishReason = std::move(facts.finishReason);
    m_responseId = std::move(facts.responseId);
    if (m_request.trace)
        m_responseModel = std::move(facts.model);
    begin(m_collected.size());
    if (m_ended)
        return;
    m_deliveredBytes = m_collected.size();
    m_observer.attemptBytes(m_collected);
    if (m_ended)
        return;
    end();
    m_observer.attemptFinished();
}

void Attempt::failed(const upstream::Failure &failure)
{
    m_stream = nullptr;
    // A refusal that broke off is one all the same.
    if (m_head && m_kind == Body::Refused)
        fail({.provider = refusal()});
    else
        fail({.transport = failure});
}

void Attempt::takeScan()
{
    takeMembers();
    if (!m_scanner)
        return;
    m_usage = m_scanner->usage();
    m_usageCoversOutput = m_scanner->coversOutput();
    m_text = m_scanner->deliveredText();
    m_textBytes = m_scanner->deliveredBytes();
    m_pictures = m_scanner->deliveredPictures();
    m_finishReason = m_scanner->finishReason();
    m_responseId = m_scanner->responseId();
    m_responseModel = m_scanner->responseModel();
}

domain::Usage Attempt::usageSoFar() const
{
    return m_scanner && !m_ended ? m_scanner->usage() : m_usage;
}

qint64 Attempt::textBytesSoFar() const
{
    return m_scanner && !m_ended ? m_scanner->deliveredBytes() : m_textBytes;
}

void Attempt::end()
{
    m_ended = true;
    m_refusalTime.stop();
    takeScan();
}

void Attempt::fail(AttemptFailure failure)
{
    end();
    if (failure.provider) {
        protocol::ProviderError &error = *failure.provider;
        error.type = withoutSecrets(std::move(error.type));
        error.code = withoutSecrets(std::move(error.code));
        const QByteArray told = error.message.english().toUtf8();
        if (const QByteArray masked = withoutSecrets(told); masked != told)
            error.message = base::Message::verbatim(QString::fromUtf8(masked));
    }
    m_observer.attemptFailed(failure);
}

} // namespace gatehouse::relay
