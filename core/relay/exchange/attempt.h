#pragma once

#include "http/bodysource.h"
#include "protocol/passingmembers.h"
#include "protocol/peek.h"
#include "protocol/splice.h"
#include "protocol/streamparser.h"
#include "protocol/streamscanner.h"
#include "relay/routing/routing.h"
#include "relay/routing/targets.h"
#include "upstream/client.h"

namespace gatehouse::relay {

class Tap;

// What a provider is told of the trace that it works in, in the place of what the client says.
struct ForwardedTrace
{
    QByteArray parent{}; // `traceparent`; empty: none is sent
    QByteArray state{};  // `tracestate`; likewise
};

// What an attempt sends, whoever asks: a client's exchange or a channel test. The pointers outlive
// the attempt.
struct AttemptRequest
{
    Route route{};
    std::shared_ptr<const CompiledChannel> target{};
    const protocol::Peek *peek = nullptr;
    http::BodySource *body = nullptr;
    std::optional<QByteArray> rewritten{};        // what rewrittenBody() has made of it already
    const http::Headers *clientHeaders = nullptr; // null: a test
    std::optional<ForwardedTrace> trace{};        // absent: the client's fields pass as they are
    const domain::Settings::Relay *limits = nullptr;
    std::chrono::sys_seconds now{};
    QByteArrayView hop{}; // see hopField; the same in all requests of a thread. Empty: a test
    Tap *tap = nullptr;   // sees what goes over the wire; null: nobody looks on
};

// True if the channel wants more of a body than another name for the model.
bool rewritesBody(const CompiledChannel &target, const domain::CatalogChannel &channel);
// What such a channel is sent: a parse and a copy of the whole. Any thread may call it.
base::Result<QByteArray> rewrittenBody(QByteArrayView body,
                                       const protocol::Peek &peek,
                                       const CompiledChannel &target,
                                       const domain::CatalogChannel &channel);

// Why an attempt failed: the provider said so, or the call did not come about or through.
struct AttemptFailure
{
    std::optional<protocol::ProviderError> provider{};
    std::optional<upstream::Failure> transport{};
    std::optional<base::Error> local{}; // the request could not be made
    // The provider streams, but not in the form that was asked for: others may be served well.
    bool isOfForm = false;
};

// Receives what an attempt brings. After attemptFinished(), attemptFailed() or abort() nothing more.
class AttemptObserver
{
public:
    AttemptObserver() = default;
    AttemptObserver(const AttemptObserver &) = delete;
    AttemptObserver &operator=(const AttemptObserver &) = delete;
    virtual ~AttemptObserver() = default;

    // The provider's answer is sound as far as it can be told; what follows is for the client.
    // `length` -1: it is not known.
    virtual void attemptBegan(const http::ResponseHead &head, bool isStream, qint64 length) = 0;
    virtual void attemptBytes(QByteArrayView bytes) = 0;
    virtual void attemptEvent(const http::Event &event, const protocol::EventFacts &facts) = 0;
    // What has arrived at once was given out, and more is to come.
    virtual void attemptBatchEnded() = 0;
    virtual void attemptFinished() = 0;
    virtual void attemptFailed(const AttemptFailure &failure) = 0;
};

// One call through one channel: it makes the request out of the client's bytes, sends it, and tells
// a sound answer from one that only looks like it before anything is passed on. What it has read
// along the way (usage, text) can be asked for at any time. Lives in one thread; can be started
// again when it has ended.
class Attempt final : public upstream::StreamReceiver
{
public:
    Attempt(upstream::Client &client, base::TimingWheel &wheel, AttemptObserver &observer);
    ~Attempt() override;

    // Nothing of the observer is called before this function has returned, unless it fails.
    base::Result<> start(AttemptRequest request);
    void abort();
    // Nothing is known any more of what was read before.
    void reset();
    // It is not used for a while. Not to be called from inside an observer's function.
    void giveMemoryBack() { m_events.reset(); }
    void pause();
    void resume();

    bool isRunning() const { return m_stream != nullptr; }
    // See upstream::Stream.
    bool isProviderAlive() const { return m_stream && m_stream->isProvenAlive(); }
    bool hasBegun() const { return m_begun; }
    const domain::Usage &usage() const { return m_usage; }
    // While it runs: what the provider has told by now, and how many bytes of text have come.
    domain::Usage usageSoFar() const;
    qint64 textBytesSoFar() const;
    const upstream::CallTiming &timing() const { return m_timing; }
    // That the provider answered with; 0: it did not.
    int status() const { return m_status; }
    // False: the provider has told nothing yet, or only what it read (Anthropic tells that first), or
    // that it wrote nothing, though there is text.
    bool usageCoversOutput() const { return m_usageCoversOutput; }
    // What was delivered, so that it can be counted: the beginning of the text, how long all of it is,
    // and pictures within it.
    const QByteArray &text() const { return m_text; }
    qint64 textBytes() const { return m_textBytes; }
    qint64 pictures() const { return m_pictures; }
    // The length of a document that was too long to be read; 0: it was none.
    qint64 unreadBytes() const
    {
        return m_kind == Body::Document && m_isLong ? m_deliveredBytes : 0;
    }
    // It is a picture or the like, in base64.
    bool isUnreadData() const { return m_isData; }
    qint64 deliveredBytes() const { return m_deliveredBytes; }
    const QByteArray &finishReason() const { return m_finishReason; }
    const QByteArray &responseId() const { return m_responseId; }
    // As the provider names it; empty: it did not, or nobody traces the request.
    const QByteArray &responseModel() const { return m_responseModel; }
    // After a refusal by status: the provider's head, and its body. Null: there was none, or its body
    // did not come as a whole.
    const http::ResponseHead *refusalHead() const;
    const QByteArray &refusalBody() const { return m_collected; }
    // Some providers repeat what they were sent: the key and secret overrides are masked.
    QByteArray withoutSecrets(QByteArray words) const;
    // The same; nothing: there is no need to.
    std::optional<QByteArray> masked(QByteArrayView words) const;

    void headReceived(const http::ResponseHead &head) override;
    void bodyReceived(QByteArrayView bytes) override;
    void batchEnded() override;
    void completed() override;
    void failed(const upstream::Failure &failure) override;

private:
    // What kind of body is being read.
    enum class Body { Refused, Events, Document, Opaque };

    base::Result<QByteArray> composeHead(qint64 contentLength) const;
    base::Result<QByteArray> composeHeadBegin(const HeadCache::Place &place) const;
    base::Result<> composeBody(upstream::Call &call) const;
    void beginEvents(protocol::StreamForm form);
    void readEvents();
    void readEvent(const http::Event &event);
    void endOnFault();
    void readDocument(QByteArrayView bytes);
    bool readsAsEvents();
    bool refuseLongDocument();
    qsizetype dropSignsOfLife();
    bool isEventStream() const;
    void begin(qint64 length);
    void readRefusal(QByteArrayView bytes);
    void endRefusal();
    protocol::ProviderError refusal() const;
    void finishEvents();
    void finishDocument();
    void takeMembers();
    void takeScan();
    void fail(AttemptFailure failure);
    void end();
    QByteArrayView secret() const;

    upstream::Client &m_client;
    AttemptObserver &m_observer;
    base::Deadline m_refusalTime; // how long the body of a refusal is waited for
    AttemptRequest m_request{};
    upstream::Stream *m_stream = nullptr;
    const http::ResponseHead *m_head = nullptr;
    std::optional<http::ResponseHead> m_eventsHead; // of events that came under another type
    upstream::CallTiming m_timing{};
    int m_status = 0;
    Body m_kind = Body::Document;
    quint64 m_run = 0; // counts the starts, so that a callback sees that it was started anew
    bool m_begun = false;
    bool m_ended = true;
    bool m_isWholeRefusal = false;
    bool m_isLong = false; // the document passes on unread
    bool m_isData = false;
    QByteArray m_collected;                            // what is held until the answer proves sound
    std::optional<protocol::PassingMembers> m_members; // of a long document
    qint64 m_deliveredBytes = 0;
    protocol::StreamParser m_events;
    std::optional<protocol::StreamScanner> m_scanner;
    domain::Usage m_usage{};
    bool m_usageCoversOutput = false;
    QByteArray m_text;
    qint64 m_textBytes = 0;
    qint64 m_pictures = 0;
    QByteArray m_finishReason;
    QByteArray m_responseId;
    QByteArray m_responseModel;
};

} // namespace gatehouse::relay
